"""A simulated For You feed: viewers, ranker, response, stages. Nothing here knows of terminals."""
