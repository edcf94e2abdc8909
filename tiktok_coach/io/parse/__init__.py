"""Texts as numbers, shares, times, days and ids, whatever the language and the habit. Nothing here opens a file or
knows a format.
"""
