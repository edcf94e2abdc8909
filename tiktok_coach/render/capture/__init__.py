"""What a capture holds and how to make one, a file a form."""
