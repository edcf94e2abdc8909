"""What the studies found, as text: a folder a study, a file a format. Nothing here computes what it shows."""
