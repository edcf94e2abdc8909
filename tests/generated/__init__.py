"""Sheets and calendars drawn from a seed, each with what it truly says, and a judge of what is read from them."""
