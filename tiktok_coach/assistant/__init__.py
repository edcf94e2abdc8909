"""The tools of an assistant: what the coach knows, read-only, over one folder."""
