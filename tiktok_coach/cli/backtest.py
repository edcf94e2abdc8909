"""backtest: whether the coach's own numbers ranked this creator's posts as reality did."""

from __future__ import annotations

from typing import Annotated

import typer

from tiktok_coach.cli.showing import Request, on_exports


@on_exports()
def backtest(
    request: Request,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intervals; the same seed gives the same bytes.")] = 7,
) -> None:
    """Hold the coach's score, outlook and expected views against what became of posts, beside plain baselines.

    \b
    Examples:
      tiktok-coach backtest bakery
      tiktok-coach backtest exports/october exports/november
      tiktok-coach backtest accounts.parquet --output-format json > backtest.json

    It learns on the past and foretells the next posts. A number that is no better than a baseline is said to be none.
    """
    from tiktok_coach.report.backtest.data import backtest_csv, backtest_json
    from tiktok_coach.report.backtest.page import backtest_page
    from tiktok_coach.studies import backtest as study

    with request.reading() as progress:
        found = study.backtest(request.asked, seed=seed, progress=progress)
    request.show(
        found.export.said,
        page=lambda: backtest_page(found),
        json=lambda: backtest_json(found),
        csv=lambda: backtest_csv(found),
    )
