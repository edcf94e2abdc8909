"""Options that several commands take, and how they become settings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from tiktok_coach.analysis.options import AnalysisOptions

INPUTS = "Inputs"
RULES = "Rules"
OUTPUT = "Output"

Exports = Annotated[
    list[Path],
    typer.Argument(
        metavar="EXPORT",
        help="Exports: files, folders or ZIPs of TikTok Studio, Business Suite, Metricool, an account archive, yt-dlp, a scraper, "
        "TikTok's APIs, `convert`, or any sheet with a row a post; sidecar and trends files beside them.",
        show_default=False,
    ),
]
TrendFiles = Annotated[
    list[Path] | None,
    typer.Option("--trends", help="Trends file (YAML or CSV). May be given several times.", rich_help_panel=INPUTS),
]
Media = Annotated[
    list[Path] | None,
    typer.Option(
        "--media",
        metavar="DIR",
        help="Videos of the posts, or a folder of them; what they show is measured (extra `media`). May be given several times.",
        rich_help_panel=INPUTS,
    ),
]
Timezone = Annotated[
    str | None, typer.Option(help="IANA timezone of the account, such as Europe/Copenhagen.", rich_help_panel=INPUTS)
]
Language = Annotated[
    str | None,
    typer.Option(
        help="Language of the days in a Studio export, where two would read them differently.", rich_help_panel=INPUTS
    ),
]
ExportDate = Annotated[
    str | None, typer.Option(metavar="YYYY-MM-DD", help="Day on which the exports were taken.", rich_help_panel=INPUTS)
]
DateOrder = Annotated[
    str | None,
    typer.Option(
        metavar="dmy|mdy|ymd", help="Order of day and month where a whole column does not tell.", rich_help_panel=INPUTS
    ),
]
Today = Annotated[
    str | None, typer.Option(metavar="YYYY-MM-DD", help="The day to take for today.", rich_help_panel=INPUTS)
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="End with an error where any file cannot be read, rather than leave it out.",
        rich_help_panel=INPUTS,
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FACT=HEADING",
        help="Say which column of a sheet is which fact: views=visninger. May be given several times.",
        rich_help_panel=INPUTS,
    ),
]
AccountHandle = Annotated[
    str | None, typer.Option("--account", help="Only the posts of this account.", rich_help_panel=INPUTS)
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        help="Config file; else tiktok-coach.yaml or pyproject.toml is looked for upwards.",
        rich_help_panel=RULES,
    ),
]
RulePacks = Annotated[
    list[Path] | None,
    typer.Option("--rules", help="Folder of further rule files. May be given several times.", rich_help_panel=RULES),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        help="Codes or prefixes of the rules to run (T4, T401). May be given several times.", rich_help_panel=RULES
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        help="Codes or prefixes of the rules to leave out. May be given several times.", rich_help_panel=RULES
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notices on stderr.", rich_help_panel=OUTPUT)]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="All notices, also of what was merely chosen.", rich_help_panel=OUTPUT)
]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="No progress on stderr.", rich_help_panel=OUTPUT)]
OutputFile = Annotated[
    Path | None,
    typer.Option("--output-file", help="Write the result to this file instead of stdout.", rich_help_panel=OUTPUT),
]

# What several accounts are sorted by.
SORTS = ("gain", "score", "views", "posts", "name")
By = Annotated[
    str | None,
    typer.Option(metavar="account", help="Show each of several accounts, one after the other.", rich_help_panel=OUTPUT),
]
Sort = Annotated[
    str, typer.Option(metavar="|".join(SORTS), help="What several accounts are sorted by.", rich_help_panel=OUTPUT)
]
AccountsListed = Annotated[
    int, typer.Option(min=0, help="How many of several accounts to list.", rich_help_panel=OUTPUT)
]

# How severe a finding must be for exit code 1.
LEVELS = ("error", "warning", "info", "never")


def at_least(level: str) -> tuple[str, ...]:
    """The severities from one of LEVELS up.

    >>> at_least("warning")
    ('error', 'warning')
    """
    return () if level == "never" else LEVELS[: LEVELS.index(level) + 1]


def one_of(value: str | None, allowed: tuple[str, ...], option: str) -> str | None:
    """`value` where it is allowed. Raises CoachError that names what is."""
    from tiktok_coach.core.errors import CoachError

    if value is not None and value not in allowed:
        raise CoachError(
            _("{option} {value!r} is not known", option=option, value=value),
            hint=_("use one of {names}", names=", ".join(allowed)),
        )
    return value


def asked(**said: Any) -> AnalysisOptions:
    """What the user asks, from options as Typer gives them: lists become tuples, days dates; unsaid ones are left out.

    Raises CoachError for an option that cannot be used.
    """
    from tiktok_coach.analysis.options import AnalysisOptions
    from tiktok_coach.io.dates.parse import parse_day

    one_of(said.get("date_order"), ("dmy", "mdy", "ymd"), "--date-order")
    for name in ("today", "export_date"):
        if said.get(name):
            said[name] = parse_day(said[name], f"--{name.replace('_', '-')}")
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return AnalysisOptions(
        now=dt.datetime.now(dt.UTC), **{name: value for name, value in given.items() if value is not None}
    )


def hours_of(text: str) -> list[int]:
    """Hours of the day from a text such as 18,20. Raises CoachError for others."""
    from tiktok_coach.core.errors import CoachError

    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() and int(part) < 24 for part in parts):
        raise CoachError(_("--hours {text!r} are no hours", text=text), hint=_("write them as 18,20, from 0 to 23"))
    return list(dict.fromkeys(map(int, parts)))
