"""Shows what was found; one file per output format."""
