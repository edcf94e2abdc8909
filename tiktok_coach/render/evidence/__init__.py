"""What works for an account, a file a format."""
