"""Documents written by people, as values with their places, and tables and schemas written for other programs. Nothing here knows what a post is."""
