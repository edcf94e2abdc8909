"""What only the video file can tell: its facts, measured with FFmpeg's libraries. Knows no rule; nothing here is
imported without the extra.
"""
