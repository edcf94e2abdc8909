"""What only the video file can tell, measured with FFmpeg's libraries; imported only with the extra `media`."""
