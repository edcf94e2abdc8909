"""From exports to one table of posts: recognise, read, date, join, merge."""
