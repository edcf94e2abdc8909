"""The options that several commands take, each declared once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import typer

from tiktok_coach.core.translation import _

INPUTS = "Inputs"
RULES = "Rules"
OUTPUT = "Output"
FORMATS = ("rich", "json", "markdown", "csv")
# What several accounts are sorted by.
SORTS = ("gain", "score", "views", "posts", "name")
Paths = list[Path] | None
Texts = list[str] | None


inputs_option = partial(typer.Option, rich_help_panel=INPUTS)
rules_option = partial(typer.Option, rich_help_panel=RULES)
output_option = partial(typer.Option, rich_help_panel=OUTPUT)

# Every option that several commands take, declared once: its type, and its default with its help.
SHARED: dict[str, tuple[Any, Any]] = {
    "exports": (
        list[Path],
        typer.Argument(
            ...,
            metavar="EXPORT",
            help="Exports: files, folders or ZIPs of TikTok Studio, Business Suite, Metricool, an account "
            "archive, yt-dlp, a scraper, "
            "TikTok's APIs, `convert`, or any sheet with a row a post; sidecar and trends files beside them.",
            show_default=False,
        ),
    ),
    "trends": (Paths, inputs_option(None, "--trends", help="Trends file (YAML or CSV). May be given several times.")),
    "media": (
        Paths,
        inputs_option(
            None,
            "--media",
            metavar="DIR",
            help="Videos of the posts, or a folder of them; what they show is measured (extra `media`). May be "
            "given several times.",
        ),
    ),
    "timezone": (str | None, inputs_option(None, help="IANA timezone of the account, such as Europe/Copenhagen.")),
    "language": (
        str | None,
        inputs_option(None, help="Language of the days in a Studio export, where two would read them differently."),
    ),
    "export_date": (str | None, inputs_option(None, metavar="YYYY-MM-DD", help="Day on which the exports were taken.")),
    "date_order": (
        str | None,
        inputs_option(None, metavar="dmy|mdy|ymd", help="Order of day and month where a whole column does not tell."),
    ),
    "account": (str | None, inputs_option(None, "--account", help="Only the posts of this account.")),
    "today": (str | None, inputs_option(None, metavar="YYYY-MM-DD", help="The day to take for today.")),
    "column": (
        Texts,
        inputs_option(
            None,
            "--column",
            metavar="FACT=HEADING",
            help="Say which column of a sheet is which fact: views=visninger. May be given several times.",
        ),
    ),
    "strict": (
        bool,
        inputs_option(
            False, "--strict", help="End with an error where any file cannot be read, rather than leave it out."
        ),
    ),
    "config": (
        Path | None,
        rules_option(
            None, "--config", help="Config file; else tiktok-coach.yaml or pyproject.toml is looked for upwards."
        ),
    ),
    "rules": (Paths, rules_option(None, "--rules", help="Folder of further rule files. May be given several times.")),
    "select": (
        Texts,
        rules_option(None, help="Codes or prefixes of the rules to run (T4, T401). May be given several times."),
    ),
    "ignore": (
        Texts,
        rules_option(None, help="Codes or prefixes of the rules to leave out. May be given several times."),
    ),
    "output_format": (str, output_option("rich", metavar="|".join(FORMATS), help="How to show the result.")),
    "output_file": (
        Path | None,
        output_option(None, "--output-file", help="Write the result to this file instead of stdout."),
    ),
    "quiet": (bool, output_option(False, "--quiet", "-q", help="No notices on stderr.")),
    "verbose": (bool, output_option(False, "--verbose", "-v", help="All notices, also of what was merely chosen.")),
    "no_progress": (bool, output_option(False, "--no-progress", help="No progress on stderr.")),
    "by": (
        str | None,
        output_option(None, metavar="account", help="Show each of several accounts, one after the other."),
    ),
    "sort": (str, output_option("gain", metavar="|".join(SORTS), help="What several accounts are sorted by.")),
    "accounts": (int, output_option(25, min=0, help="How many of several accounts to list.")),
}
# Those that go together, in the order in which the help lists them.
READ = ("timezone", "language", "export_date", "date_order", "account", "today", "column", "strict")
RULE_CHOICE = ("config", "rules", "select", "ignore")
SHOW = ("output_format", "output_file")
NOTICES = ("quiet", "verbose", "no_progress")
ACCOUNTS = ("by", "sort", "accounts")

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


def hours_of(text: str) -> list[int]:
    """Hours of the day from a text such as 18,20. Raises CoachError for others."""
    from tiktok_coach.core.errors import CoachError

    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() and int(part) < 24 for part in parts):
        raise CoachError(_("--hours {text!r} are no hours", text=text), hint=_("write them as 18,20, from 0 to 23"))
    return list(dict.fromkeys(map(int, parts)))
