"""compare: two periods, or two inputs, side by side, and what is different beyond chance."""

from __future__ import annotations

import datetime as dt

from tiktok_coach.cli.options import ON_EXPORTS, day_option, takes
from tiktok_coach.cli.request import Request


@takes(..., *ON_EXPORTS)
def compare(
    request: Request,
    before: dt.date | None = day_option(
        "Day on the account's clock that parts the posts; without it, two inputs are compared.", "--before"
    ),
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
    from tiktok_coach.render.compare import compare_csv, compare_json, compare_page

    with request.reading() as progress:
        result = study.compare(request.analysis(), before=before, progress=progress)
    notices = [notice for export in result.exports for notice in export.all_notices]
    request.show(result, notices, page=compare_page, json=compare_json, csv=compare_csv)
