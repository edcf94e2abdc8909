"""From exports to one table of posts: recognise, read, date, join, merge. Nothing here knows of rules, scores or
terminals.
"""
