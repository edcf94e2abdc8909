"""What TikTok Studio's own pages received, as a browser saved it; of such a file only two kinds of answers are read."""
