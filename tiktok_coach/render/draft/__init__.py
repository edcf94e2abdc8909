"""A drafted calendar, as files that other tools and people go on with."""
