"""The tool's own numbers held against reality, a file a format."""
