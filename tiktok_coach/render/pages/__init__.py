"""Reports made of words, tables and pictures, said once and shown on a terminal, as Markdown or as CSV."""
