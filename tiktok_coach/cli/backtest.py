"""backtest: whether the tool's own forecasts ranked this creator's posts as reality did."""

from __future__ import annotations

from tiktok_coach.cli.options import ACCOUNTS, ON_EXPORTS, option, seed_option, takes
from tiktok_coach.cli.request import Request


@takes(..., *ON_EXPORTS, *ACCOUNTS)
def backtest(
    request: Request,
    pool: bool = option(False, "Of several accounts, test on all of them together.", "--pool"),
    full: bool = option(False, "Show every simple guess, and how far the forecasts are above the best.", "--full"),
    seed: int = seed_option("Seed of the intervals; the same seed gives the same bytes."),
) -> None:
    """Check how good the forecasts were on your own posts.

    \b
    Examples:
      tiktok-coach backtest bakery
      tiktok-coach backtest exports/october exports/november
      tiktok-coach backtest accounts.parquet --pool -o backtest.json

    It learns on the past and forecasts the next posts. A forecast that is no better than a simple guess is said to be \
    none.
    """
    from tiktok_coach.analysis import backtest as study
    from tiktok_coach.render.backtest import backtest_csv, backtest_json, backtest_page

    with request.reading() as progress:
        result = study.backtest(request.analysis(), pool=request.pooled(pool=pool), seed=seed, progress=progress)
    request.show_accounts(
        result,
        key="backtests",
        page=lambda one: backtest_page(one, full=full),
        json=backtest_json,
        csv=backtest_csv,
        with_period=True,
    )
