"""compare: two periods, or two inputs, side by side, and what is different beyond chance."""

from __future__ import annotations

from typing import Annotated

import typer

from tiktok_coach.cli.shared_options import ON_EXPORTS, Request, takes


@takes(..., *ON_EXPORTS)
def compare(
    request: Request,
    before: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD",
            help="Day on the account's clock that parts the posts; without it, two inputs are compared.",
        ),
    ] = None,
) -> None:
    """Set two periods of one account, or two inputs, side by side: tips, scores, reach, times, and which \
    differences are more than chance.

    \b
    Examples:
      tiktok-coach compare bakery --before 2026-06-01
      tiktok-coach compare exports/ours exports/theirs
      tiktok-coach compare exports/ --before 2026-06-01 --output-format json > change.json
    """
    from tiktok_coach.analysis import compare as study
    from tiktok_coach.io.dates.parse import parse_day
    from tiktok_coach.render.compare import compare_csv, compare_json, compare_page

    with request.reading() as progress:
        result = study.compare(
            request.analysis(), before=parse_day(before, "--before") if before else None, progress=progress
        )
    request.show(
        [notice for export in result.exports for notice in export.all_notices],
        page=lambda: compare_page(result),
        json=lambda: compare_json(result),
        csv=lambda: compare_csv(result),
    )
