"""What the video files hold, a file a format."""
