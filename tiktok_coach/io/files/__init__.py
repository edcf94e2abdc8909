"""From paths to texts, rows and values: open, unpack, decode, part into cells, within bounds. Nothing here knows what a column means."""
