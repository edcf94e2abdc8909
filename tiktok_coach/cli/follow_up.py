"""follow-up: which posts followed earlier advice, and whether it worked."""

from __future__ import annotations

from pathlib import Path

from tiktok_coach.cli.options import ON_EXPORTS, PERIOD, argument, takes
from tiktok_coach.cli.request import Request

FOLLOW_UP = tuple(name for name in ON_EXPORTS if name not in {"select", "ignore", *PERIOD})


@takes(..., *FOLLOW_UP, formats=("text", "json", "markdown"))
def follow_up(
    request: Request,
    earlier: Path = argument(
        ..., "EARLIER", "An earlier audit as JSON, or the file that `audit --remember` keeps beside the config file."
    ),
) -> None:
    """See whether the advice of an earlier audit worked.

    \b
    Examples:
      tiktok-coach audit exports/ -o june.json
      tiktok-coach follow-up june.json exports/
      tiktok-coach follow-up .tiktok-coach-advice.json exports/ -o follow-up.md

    It shows which posts since followed the advice, how they did beside the others, and what to keep, drop or try as \
    an experiment.
    """
    from tiktok_coach.analysis import follow_up as study
    from tiktok_coach.render.follow_up import follow_up_json, follow_up_page

    with request.reading() as progress:
        result = study.follow_up(request.analysis(), earlier, progress)
    request.show(result, result.export.all_notices, page=follow_up_page, json=follow_up_json)
