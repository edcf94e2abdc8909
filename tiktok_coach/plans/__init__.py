"""Posts that are still to go out: find their files, read them with the place of every fact."""
