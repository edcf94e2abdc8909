"""simulate: how the published ranking signals would score each post, and how far a simulated feed would carry it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.request import Request

if TYPE_CHECKING:
    from tiktok_coach.analysis.session import Accounts
    from tiktok_coach.analysis.simulate import Simulation
    from tiktok_coach.stats.expected_curve import Cut

feed_option = partial(opt.option, rich_help_panel="Feed")


class OnPlans(opt.Shared):
    """What goes into the settings as it is."""

    inputs: list[Path] = opt.argument(
        ..., "EXPORT|PLAN", "Exports as for audit, or plans (YAML with posts: that have publish_at or caption)."
    )
    history: opt.Paths = opt.inputs_option(
        None, "Exports that show what is usual for the account; their posts are not listed. May be given several times."
    )
    goal: opt.Texts = opt.goal_option(rich_help_panel="Rules")


AFTER = ("post", "cut", *opt.SHOW, "top", *opt.ACCOUNTS, "trends", "media")
LAST = (*opt.PERIOD, *opt.READ, "goal", "config", "packs", *opt.NOTICES)


@opt.takes("inputs", "history", ..., *AFTER, *LAST, shared=OnPlans)
def simulate(
    request: Request,
    what_if: opt.Texts = opt.option(
        None,
        "Change a fact of every post and show what that does: duration_s=14. May be given several times.",
        metavar="FACT=VALUE",
    ),
    suggest: bool = opt.option(False, "Name the changes that would raise scores most.", "--suggest"),
    pool: bool = opt.option(
        False,
        "Pull accounts towards what is usual for all of them; else each is scored by its own posts alone.",
        "--pool",
    ),
    weights: str = opt.option(
        "consensus",
        "What the signals weigh: consensus, assumed, x-2026, x-2023 or fitted. x-2026 and x-2023 were published by X, "
        "another platform; fitted is to how public posts grew.",
        metavar="PROFILE",
    ),
    horizon: int = opt.option(14, "For how many days to forecast growth, 8 to 22.", min=8, max=22, metavar="DAYS"),
    viewers: int = feed_option(2000, "Viewers of the simulated feed; 0 scores without it.", min=0, max=5_000_000),
    runs: int = feed_option(40, "How often the feed runs.", min=1, max=10_000),
    seed: int = opt.seed_option("Seed of everything random; the same seed gives the same bytes."),
    audience: Path | None = feed_option(None, "YAML file on the audience and the staged test.", metavar="FILE"),
    top: int = opt.option(10, "How many posts to list.", min=1),
) -> None:
    """Score posts by the published ranking signals.

    \b
    Examples:
      tiktok-coach simulate bakery
      tiktok-coach simulate bakery --viewers 0 --suggest
      tiktok-coach simulate bakery --what-if duration_s=14 --what-if hook_s=1
      tiktok-coach simulate plan.yaml --history bakery --json
      tiktok-coach simulate bakery --post 3792402
      tiktok-coach simulate plan.yaml --history bakery --media videos/ --post rye --cut 3-5

    TikTok publishes which signals it uses and not what they weigh: weights are assumed, or those that another \
    platform published, and the result says how far it rests on them.

    Posts are scored, and run through a simulated feed.
    """
    from tiktok_coach.analysis import simulate as study
    from tiktok_coach.ranking.lifts import parse_changes
    from tiktok_coach.render.output import RenderOptions
    from tiktok_coach.render.simulation.data import simulation_csv, simulation_json
    from tiktok_coach.render.simulation.explanation import explanation_page
    from tiktok_coach.render.simulation.page import simulation_page

    seconds = opt.cut_seconds(request["cut"], request["post"])
    question = study.Question(
        what_if=parse_changes(what_if or []),
        suggest=suggest,
        viewers=viewers,
        runs=runs,
        seed=seed,
        audience=audience,
        pool=pool,
        horizon=horizon,
        weights=weights,
    )
    with request.reading() as progress:
        result = study.simulate(request.analysis(), question, progress)
    change = None if seconds is None else _cut(request, result, seconds)
    if request["post"] is not None and request["output_format"] == "text":
        request.say(result.export.all_notices)
        request.show_post(result, request["post"], "--post", partial(explanation_page, cut=change and change[1]))
        return
    options = RenderOptions(top=top, verbose=request["verbose"])
    request.show_accounts(
        result,
        key="simulations",
        page=lambda one: simulation_page(one, options),
        json=partial(simulation_json, cut=change),
        csv=simulation_csv,
        with_period=True,
    )


def _cut(request: Request, result: Accounts[Simulation], seconds: tuple[int, int]) -> tuple[str, Cut]:
    """The id of the post that is chosen, and what cutting seconds out of its video would change."""
    from tiktok_coach.analysis.exports import row_of

    row = row_of(result.analysis.posts, request["post"], "--post")
    answer, post_id = result.for_post(row), str(result.export.posts["post_id"].iloc[row])
    assert answer.curves is not None
    return post_id, answer.curves.cut(answer.posts["post_id"].astype("str").tolist().index(post_id), seconds)
