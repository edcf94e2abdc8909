"""tips: whether the nine tips hold, by what others measured, on public accounts and on the user's own."""

from __future__ import annotations

from pathlib import Path

from tiktok_coach.cli.options import ON_EXPORTS, Shared, argument, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.translation import _


class Exports(Shared):
    """What the command reads."""

    inputs: list[Path] = argument(None, "EXPORT", "Exports of your account, to see what your own posts show.")


@takes(*ON_EXPORTS, formats=("text", "json", "markdown"), shared=Exports)
def tips(request: Request) -> None:
    """Show whether the nine tips work, for others and for you.

    \b
    Examples:
      tiktok-coach tips
      tiktok-coach tips bakery
      tiktok-coach tips exports/ --select T4 --select T8
      tiktok-coach tips exports/ -o tips.json
      tiktok-coach tips -o tips.md

    For each tip: what it says, what others measured, what posts of public accounts show, and with an export your own.
    """
    from tiktok_coach.analysis.tips import review_tips
    from tiktok_coach.render.tips import tips_json, tips_page

    with request.reading() as progress:
        result = review_tips(request.analysis(), progress)
    request.show(result, result.notices, page=tips_page, json=tips_json)
    if result.accounts > 1 and result.account is not None:
        text = _(
            "of {count} accounts this is @{account} alone; --account names another",
            count=result.accounts,
            account=result.account.handle,
        )
        request.confirm(text)
