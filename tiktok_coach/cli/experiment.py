"""experiment: the honest way to know whether a tip helps: let chance decide, and read what came."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.request import Request
from tiktok_coach.cli.translation import Command, Group
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

ON_TRIALS = tuple(name for name in opt.ON_EXPORTS if name not in {"select", "ignore", *opt.PERIOD})

experiment = typer.Typer(cls=Group, no_args_is_help=True, help="Find out whether a tip helps, by an experiment.")


@experiment.command(cls=Command)
@opt.takes(..., "inputs", "media", *(name for name in ON_TRIALS if name != "inputs"))
def design(
    request: Request,
    rule: str = opt.option(
        ..., "Code of the rule to try, such as T301, or of advice on videos, such as not-pause.", show_default=False
    ),
    effect: float | None = opt.option(
        None,
        "The smallest effect worth finding, as a factor on views or completion; 1.3, or with --media what your own "
        "curves let expect.",
        min=0.1,
        max=20,
    ),
    power: float = opt.option(0.8, "How likely such an effect is to be found.", min=0.5, max=0.99),
    alpha: float = opt.option(0.05, "How likely chance alone is to be taken for one.", min=0.001, max=0.5),
    per_day: int = opt.option(1, "Posts of the experiment a day.", min=1, max=4),
    hours: str | None = opt.option(
        None, "Hours to use (0-23, the account's own time); else good ones are taken.", metavar="H,H"
    ),
    start: dt.date | None = opt.day_option("First day; tomorrow by default.", "--start"),
    write_plan: Path | None = opt.option(None, "Write the calendar as a plan (YAML) to fill in.", metavar="FILE"),
    seed: int = opt.seed_option("Seed of the random choice; the same seed gives the same calendar."),
) -> None:
    """Say how many posts it takes to know whether a tip helps you, and plan them: chance decides which follow it.

    \b
    Examples:
      tiktok-coach experiment design bakery --rule T301 --effect 1.5
      tiktok-coach experiment design exports/ --rule T403 --effect 1.3 --per-day 2 --write-plan plans/question.yaml
      tiktok-coach experiment design exports/ --rule not-pause --media videos/ --write-plan plans/pauses.yaml

    What is in the seconds of videos is tried by how long viewers watch, where your exports say so.
    """
    from tiktok_coach.analysis import experiment as study
    from tiktok_coach.render.experiment import as_plan, design_csv, design_json, design_page
    from tiktok_coach.render.output import write_pieces

    if effect == 1:
        raise CoachError(_("--effect 1 means no effect"), hint=_("such as 1.3: 13 views where there were 10"))
    if write_plan is not None:
        opt.format_of(write_plan, ("yaml",))
    request.require_replaceable(write_plan)
    with request.reading() as progress:
        result = study.design(
            request.analysis(),
            rule=rule,
            effect=effect,
            power=power,
            alpha=alpha,
            per_day=per_day,
            hours=opt.hours_of(hours),
            start=start,
            seed=seed,
            progress=progress,
        )
    if write_plan is not None:
        write_pieces(as_plan(result), write_plan)
    request.show(result, result.export.all_notices, page=design_page, json=design_json, csv=design_csv)


@experiment.command(cls=Command)
@opt.takes(..., "inputs", "media", *(name for name in ON_TRIALS if name != "inputs"))
def read(
    request: Request,
    plan: Path = opt.argument(..., "PLAN", "The plan that `experiment design` wrote."),
    seed: int = opt.seed_option("Seed of the exact test of many pairs."),
) -> None:
    """Read the result of an experiment: whether the tip helps, how sure that is, and which posts were not as planned.

    \b
    Examples:
      tiktok-coach experiment read plans/question.yaml exports/
      tiktok-coach experiment read plans/question.yaml exports/ --json

    Posts are found by the id that you write into the plan, else by their caption, else by the time at which they \
    went out. With --media the videos tell whether they were as planned.
    """
    from tiktok_coach.analysis import experiment as study
    from tiktok_coach.render.experiment import reading_csv, reading_json, reading_page

    trial = Request({name: request[name] for name in ("timezone", "today")}).analysis(inputs=[plan])
    with request.reading() as progress:
        result = study.read_experiment(request.analysis(), trial, seed=seed, progress=progress)
    request.show(result, result.export.all_notices, page=reading_page, json=reading_json, csv=reading_csv)
