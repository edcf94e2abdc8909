"""Documents written by people, as values with their places, and tables and schemas for other programs."""
