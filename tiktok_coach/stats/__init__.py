"""Statistics of an account's results: effects of tips, posting times, trials, expected views, backtests."""
