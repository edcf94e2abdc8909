"""backtest: whether the coach's own numbers ranked this creator's posts as reality did."""

from __future__ import annotations

from tiktok_coach.cli.options import ACCOUNTS, ON_EXPORTS, option, seed_option, takes
from tiktok_coach.cli.request import Request


@takes(..., *ON_EXPORTS, *ACCOUNTS)
def backtest(
    request: Request,
    pool: bool = option(False, "Of several accounts, test on all of them together.", "--pool"),
    seed: int = seed_option("Seed of the intervals; the same seed gives the same bytes."),
) -> None:
    """Hold the coach's score, outlook and expected views against what became of posts, beside plain baselines.

    \b
    Examples:
      tiktok-coach backtest bakery
      tiktok-coach backtest exports/october exports/november
      tiktok-coach backtest accounts.parquet --pool --output-format json > backtest.json

    It learns on the past and foretells the next posts. A number that is no better than a baseline is said to be none.
    """
    from tiktok_coach.analysis import backtest as study
    from tiktok_coach.render.backtest import backtest_csv, backtest_json, backtest_page

    with request.reading() as progress:
        result = study.backtest(request.analysis(), pool=request.pooled(pool=pool), seed=seed, progress=progress)
    request.show_accounts(result, key="backtests", page=backtest_page, json=backtest_json, csv=backtest_csv)
