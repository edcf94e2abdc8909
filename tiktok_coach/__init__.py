"""Audit TikTok posts against the nine tips on the algorithm, from the analytics a creator can export."""

__version__ = "0.1.0"
