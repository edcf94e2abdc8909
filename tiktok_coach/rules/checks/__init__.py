"""The kinds of checks, one file each; none knows another, and none loops over posts."""
