"""Two periods or two accounts side by side, a file a format."""
