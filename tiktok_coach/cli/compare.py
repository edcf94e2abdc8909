"""compare: two periods, or two inputs, side by side, and what is clearly different."""

from __future__ import annotations

import datetime as dt
from functools import partial

from tiktok_coach.cli.options import ON_EXPORTS, day_option, option, takes
from tiktok_coach.cli.request import Request


@takes(..., *ON_EXPORTS)
def compare(
    request: Request,
    before: dt.date | None = day_option(
        "Compare the posts before this day with those from it on, in place of two inputs or of --last.", "--before"
    ),
    full: bool = option(False, "Show what does not clearly differ too, and how views spread.", "--full"),
) -> None:
    """Compare two periods, or two inputs.

    \b
    Examples:
      tiktok-coach compare bakery --before 2026-06-01
      tiktok-coach compare bakery --last 28d
      tiktok-coach compare exports/ours exports/theirs
      tiktok-coach compare exports/ --before 2026-06-01 -o change.json

    It compares a period with the one before it, the time before and after a day, or two inputs: views, how posts \
    follow the tips, when they went out, and what is clearly different.
    """
    from tiktok_coach.analysis import compare as study
    from tiktok_coach.render.compare import compare_csv, compare_json, compare_page

    with request.reading() as progress:
        result = study.compare(request.analysis(), before=before, progress=progress)
    notices = [notice for export in result.exports for notice in export.all_notices]
    request.show(result, notices, page=partial(compare_page, full=full), json=compare_json, csv=compare_csv)
