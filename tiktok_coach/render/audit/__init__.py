"""An audit, a file a format."""
