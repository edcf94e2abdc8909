"""A simulated For You feed: viewers, ranker, response, stages, and the reach of many runs."""
