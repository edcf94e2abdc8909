"""What lint found, in the formats that people and their tools read: one file a format."""
