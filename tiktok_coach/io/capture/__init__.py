"""What TikTok Studio's own pages received, as a browser saved it: two kinds of answers are read from such a file, and
nothing else of it is kept or shown.
"""
