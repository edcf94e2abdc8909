"""The ranking signals that TikTok has published, as data."""
