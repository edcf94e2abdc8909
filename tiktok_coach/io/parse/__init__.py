"""Texts as numbers, shares, flags and ids, whatever the language and the habit. Nothing here opens a file."""
