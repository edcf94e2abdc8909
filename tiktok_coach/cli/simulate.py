"""simulate: how the published ranking signals would score each post, and how far a simulated feed would carry it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import Request, takes
from tiktok_coach.core.translation import _

FEED = "Feed"
INPUTS = {
    "exports": (
        list[Path],
        typer.Argument(
            ...,
            metavar="EXPORT|PLAN",
            help="Exports as for audit, or plans (YAML with posts: that have publish_at or caption).",
            show_default=False,
        ),
    ),
    "history": (
        opt.Paths,
        opt.inputs_option(
            None,
            help="Exports that tell what is usual for the account; their posts are not listed. May be given several "
            "times.",
        ),
    ),
}


@takes(
    "exports",
    "history",
    ...,
    *opt.SHOW,
    "top",
    *opt.ACCOUNTS,
    "trends",
    "media",
    *opt.READ,
    "config",
    "rules",
    *opt.NOTICES,
    more=INPUTS,
)
def simulate(
    request: Request,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="FACT=VALUE",
            help="Change a fact of every post and show what that does: duration_s=14. May be given several times.",
        ),
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Name the single changes that would raise scores most.")
    ] = False,
    pool: Annotated[
        bool,
        typer.Option(
            "--pool",
            help="Draw accounts towards what is usual for all of them; else each is scored by its own posts alone.",
        ),
    ] = False,
    horizon: Annotated[
        int, typer.Option(min=8, max=22, metavar="DAYS", help="For how many days the outlook speaks, 8 to 22.")
    ] = 14,
    explain: Annotated[
        str | None,
        typer.Option(metavar="POST", help="Explain one post's score, signal by signal; its id, or the end of it."),
    ] = None,
    viewers: Annotated[
        int,
        typer.Option(
            min=0, max=5_000_000, help="Viewers of the simulated feed; 0 scores without it.", rich_help_panel=FEED
        ),
    ] = 2000,
    runs: Annotated[int, typer.Option(min=1, max=10_000, help="How often the feed runs.", rich_help_panel=FEED)] = 40,
    seed: Annotated[
        int,
        typer.Option(
            min=0, help="Seed of everything random; the same seed gives the same bytes.", rich_help_panel=FEED
        ),
    ] = 7,
    audience: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YAML file on the audience and the staged test.", rich_help_panel=FEED),
    ] = None,
    top: Annotated[int, opt.output_option(min=1, help="How many posts to list.")] = 20,
) -> None:
    """Score posts by the published ranking signals, and run them through a simulated feed.

    \b
    Examples:
      tiktok-coach simulate bakery
      tiktok-coach simulate bakery --viewers 0 --suggest
      tiktok-coach simulate bakery --what-if duration_s=14 --what-if hook_s=1
      tiktok-coach simulate plan.yaml --history bakery --output-format json
      tiktok-coach simulate bakery --explain 3792402

    TikTok publishes which signals it uses and not what they weigh: every value is fitted to outcomes or assumed, \
    and the result says how far it rests on them.
    """
    from tiktok_coach.analysis import simulate as study
    from tiktok_coach.cli.progress import running
    from tiktok_coach.ranking.lifts import parse_changes
    from tiktok_coach.render.options import RenderOptions
    from tiktok_coach.render.simulation.data import simulation_csv, simulation_json
    from tiktok_coach.render.simulation.explanation import explanation_page
    from tiktok_coach.render.simulation.page import simulation_page

    question = study.Question(
        what_if=parse_changes(what_if or []),
        suggest=suggest,
        viewers=viewers,
        runs=runs,
        seed=seed,
        audience=audience,
        pool=pool,
        horizon=horizon,
    )
    with request.reading() as progress:
        result = study.simulate(
            request.analysis(),
            question,
            progress,
            lambda: running(_("running the feed"), runs, enabled=not request["no_progress"]),
        )
    if explain is not None and request["output_format"] == "rich":
        request.say(result.export.all_notices)
        request.show_post(result, explain, "--explain", explanation_page)
        return
    options = RenderOptions(top=top, verbose=request["verbose"])
    request.show_pages(
        result,
        key="simulations",
        page=lambda one: simulation_page(one, options, several=bool(result.summaries)),
        json=simulation_json,
        csv=simulation_csv,
    )
