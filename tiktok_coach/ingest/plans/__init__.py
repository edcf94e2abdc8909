"""Planned posts: what people write into YAML, Markdown, JSON and calendars, with the place of every fact."""
