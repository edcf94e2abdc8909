"""When posts went out and counts were taken, for files that print days without a year. Nothing here reads a file."""
