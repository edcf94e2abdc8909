"""One file for each question a user asks: its steps, in order. Nothing here reads arguments or shows results."""
