"""A simulation, a file a format."""
