"""When to post, a file a format."""
