"""The columns of sheets as they were understood, a file a format."""
