"""A simulated For You feed: an audience, a ranker and a response model, each in a room of its own."""
