"""What the columns of a sheet hold, by their headings and by the values under them. Nothing here reads a file."""
