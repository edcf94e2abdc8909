"""Rules: load, compile, evaluate, and the findings and scores that follow, wherever posts come from."""
