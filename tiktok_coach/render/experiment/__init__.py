"""Experiments: how large, the plan of one, and what came of it, a file a format."""
