"""What a post is: the one schema of the posts table, its columns as rules read them, captions, the account and its
audience, what was trending. Nothing here knows of files, rules or terminals.
"""
