"""times: when to post, by the followers' activity and by the account's own results."""

from __future__ import annotations

from tiktok_coach.cli.options import ACCOUNTS, ON_EXPORTS, inputs_option, option, seed_option, takes
from tiktok_coach.cli.request import Request


@takes(..., *ON_EXPORTS, *ACCOUNTS)
def times(
    request: Request,
    activity_timezone: str | None = inputs_option(
        None,
        "IANA timezone in which FollowerActivity's hours are written; TikTok does not state it, and the account's "
        "is taken.",
    ),
    top: int = option(5, "How many hours to name.", min=1, max=168),
    full: bool = option(
        False, "Show what the answer rests on too: followers' hours, own hours, posts a day.", "--full"
    ),
    seed: int = seed_option("Seed of the chance of each hour to be the best."),
) -> None:
    """Find the hours at which your posts do better.

    \b
    Examples:
      tiktok-coach times bakery
      tiktok-coach times exports/ --timezone Europe/Copenhagen --activity-timezone UTC
      tiktok-coach times exports/ -o times.json
      tiktok-coach times exports/ -o heatmap.csv
      tiktok-coach times clients/ --each-account -o times.md

    Hours are named only where they are clearly better than the account's usual post: by what own posts got, adjusted \
    towards the average where they are few, and by when followers are active.
    """
    from tiktok_coach.analysis import times as study
    from tiktok_coach.render.times import times_csv, times_json, times_page

    with request.reading() as progress:
        result = study.times(request.analysis(), activity_timezone=activity_timezone, seed=seed, progress=progress)
    request.show_accounts(
        result,
        key="times",
        page=lambda one: times_page(one, top=top, full=full),
        json=lambda one, accounts: times_json(one, accounts, top=top),
        csv=times_csv,
        with_period=True,
    )
