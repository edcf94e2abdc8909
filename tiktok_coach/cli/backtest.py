"""backtest: whether the coach's own numbers ranked this creator's posts as reality did."""

from __future__ import annotations

from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import ON_EXPORTS, Request, takes


@takes(..., *ON_EXPORTS, *opt.ACCOUNTS)
def backtest(
    request: Request,
    pool: Annotated[bool, typer.Option("--pool", help="Of several accounts, test on all of them together.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intervals; the same seed gives the same bytes.")] = 7,
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
        result = study.backtest(
            request.analysis(), pool=request.accounts.or_pooled(pool=pool), seed=seed, progress=progress
        )
    request.show_pages(result, key="backtests", page=backtest_page, json=backtest_json, csv=backtest_csv)
