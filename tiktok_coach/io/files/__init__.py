"""From paths to texts, rows and values, within bounds. Nothing here knows what a column means."""
