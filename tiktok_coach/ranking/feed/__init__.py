"""A simulated For You feed: viewers, ranker, response, stages, and the reach of many runs, in views where an account tells them. Nothing here knows of terminals."""
