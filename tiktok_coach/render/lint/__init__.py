"""A linted calendar, a file a format."""
