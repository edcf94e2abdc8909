"""The language server: what `lint` knows of plans, while they are written."""
