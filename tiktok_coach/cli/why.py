"""why: what happened to a post, or to the newest ones."""

from __future__ import annotations

from tiktok_coach.cli import completion
from tiktok_coach.cli.options import ON_EXPORTS, option, takes
from tiktok_coach.cli.request import Request

WHY = tuple(name for name in ON_EXPORTS if name not in {"select", "ignore"})


@takes(..., "post", *WHY, "media", formats=("text", "json", "markdown"))
def why(
    request: Request,
    account: str | None = option(
        None,
        "Speak of this account; the others are compared with it.",
        metavar="HANDLE",
        autocompletion=completion.accounts,
    ),
) -> None:
    """Find out what happened to a post, or to the newest ones.

    \b
    Examples:
      tiktok-coach why exports/
      tiktok-coach why exports/ studio.har --post 2402
      tiktok-coach why exports/ --post 2026-10-30
      tiktok-coach why clients/ --account mybakery -o why.md

    Without --post it looks at the newest posts, and names those that did clearly worse or better.

    It holds views beside those expected, says whether all posts moved, and whether anything points to a shadowban.
    """
    from tiktok_coach.analysis import why as study
    from tiktok_coach.render.why import why_json, why_page

    with request.reading() as progress:
        result = study.why(request.analysis(account=None), post=request["post"], account=account, progress=progress)
    request.show(result, result.export.all_notices, page=why_page, json=why_json)
