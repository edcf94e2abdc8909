"""The rules: load, compile, evaluate, and the findings and scores that follow. Nothing here knows where posts came from or how findings are shown."""
