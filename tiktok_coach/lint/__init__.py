"""Lints a content calendar: rules over planned posts, each finding at its place, with what silences and what mends it."""
