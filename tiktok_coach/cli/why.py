"""why: what happened to a post, or to the newest ones."""

from __future__ import annotations

from tiktok_coach.cli.options import ON_EXPORTS, inputs_option, option, takes
from tiktok_coach.cli.request import Request

WHY = tuple(name for name in ON_EXPORTS if name not in {"select", "ignore"})


@takes(..., *WHY, "media", formats=("rich", "json", "markdown"))
def why(
    request: Request,
    post: str | None = option(
        None, "Explain this post; the end of its id, its day, or how its caption begins.", metavar="POST"
    ),
    account: str | None = inputs_option(None, "Speak of this account alone; the others are still compared with it."),
) -> None:
    """Find out what happened to a post: its views beside those expected, whether all posts moved, and whether \
    anything points to a shadowban.

    \b
    Examples:
      tiktok-coach why exports/
      tiktok-coach why exports/ studio.har --post 2402
      tiktok-coach why exports/ --post 2026-10-30
      tiktok-coach why clients/ --account mybakery --output-format markdown > why.md

    Without --post it looks at the newest posts, and names those that did clearly worse or better.
    """
    from tiktok_coach.analysis import why as study
    from tiktok_coach.render.why import why_json, why_page

    with request.reading() as progress:
        result = study.why(request.analysis(account=None), post=post, account=account, progress=progress)
    request.show(result, result.export.all_notices, page=why_page, json=why_json)
