"""How the published ranking signals would score posts. Nothing here knows of severities or terminals."""
