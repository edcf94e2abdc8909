"""The options of commands: those that several take are declared once, and `takes` gives them to a command."""

from __future__ import annotations

import datetime as dt
import functools
import inspect
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import EllipsisType
from typing import Any, get_type_hints

import typer

from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

FORMATS = ("rich", "json", "markdown", "csv")
# How severe a finding must be for exit code 1.
LEVELS = ("error", "warning", "info", "never")
# What several accounts are sorted by.
SORTS = ("gain", "score", "views", "posts", "name")
Paths = list[Path] | None
Texts = list[str] | None


def option(default: Any, text: str, *names: str, choices: tuple[str, ...] = (), **more: Any) -> Any:
    """An option as the default of a parameter, with its help; `names` where they are not those of the parameter.

    One with `choices` refuses any other value by a CoachError; `more` is as Typer has it.
    """

    def check(parameter: typer.CallbackParam, value: Any) -> Any:
        for one in value if isinstance(value, list) else [value]:
            one_of(one, choices, parameter.opts[0])
        return value

    if choices:
        more = {"metavar": "|".join(choices), "callback": check, **more}
    return typer.Option(default, *names, help=text, **more)


def argument(default: Any, metavar: str, text: str) -> Any:
    """An argument as the default of a parameter, with its help."""
    return typer.Argument(default, metavar=metavar, help=text, show_default=False)


def day_option(text: str, name: str, **more: Any) -> Any:
    """An option that is a day. Raises CoachError for what is none."""

    def parse(value: str) -> dt.date:
        from tiktok_coach.io.dates.parse import parse_day

        return parse_day(value, name)

    return option(None, text, name, parser=parse, metavar="YYYY-MM-DD", **more)


def seed_option(text: str, **more: Any) -> Any:
    """The seed of what is random in an answer."""
    return option(7, text, min=0, **more)


inputs_option = functools.partial(option, rich_help_panel="Inputs")
rules_option = functools.partial(option, rich_help_panel="Rules")
output_option = functools.partial(option, rich_help_panel="Output")


class Shared:
    """The options that several commands take; a command or a group of them adds its own in a class below this."""

    inputs: list[Path] = argument(
        ...,
        "EXPORT",
        "Exports: files, folders or ZIPs of TikTok Studio, Business Suite, Metricool, an account archive, yt-dlp, a "
        "scraper, TikTok's APIs, `convert`, or any sheet with a row a post; sidecar and trends files beside them.",
    )
    trends: Paths = inputs_option(None, "Trends file (YAML or CSV). May be given several times.")
    media: Paths = inputs_option(
        None,
        "Videos of the posts, or a folder of them; what they show is measured (extra `media`). May be given several "
        "times.",
        metavar="DIR",
    )
    timezone: str | None = inputs_option(None, "IANA timezone of the account, such as Europe/Copenhagen.")
    language: str | None = inputs_option(
        None, "Language of the days in a Studio export, where two would read them differently."
    )
    export_date: dt.date | None = day_option(
        "Day on which the exports were taken.", "--export-date", rich_help_panel="Inputs"
    )
    date_order: str | None = inputs_option(
        None, "Order of day and month where a whole column does not tell.", choices=("dmy", "mdy", "ymd")
    )
    account: str | None = inputs_option(None, "Only the posts of this account.")
    today: dt.date | None = day_option("The day to take for today.", "--today", rich_help_panel="Inputs")
    since: dt.date | None = day_option(
        "Look only at posts from this day on, the account's own day.", "--since", rich_help_panel="Inputs"
    )
    until: dt.date | None = day_option(
        "Look only at posts up to this day, and learn from no later one.", "--until", rich_help_panel="Inputs"
    )
    last: str | None = inputs_option(
        None,
        "Look only at the last 28d, 4w, 3m or 1y, counted back from --until or the newest day of the data.",
        metavar="SPAN",
    )
    columns: Texts = inputs_option(
        None,
        "Say which column of a sheet is which fact: views=visninger, or duration_s[min]=Length with its unit. May be "
        "given several times.",
        "--column",
        metavar="FACT=HEADING",
    )
    strict: bool = inputs_option(
        False, "End with an error where any file cannot be read, rather than leave it out.", "--strict"
    )
    no_cache: bool = inputs_option(False, "Read every file anew, and keep nothing of it in the cache.", "--no-cache")
    config: Path | None = rules_option(
        None, "Config file; else tiktok-coach.yaml or pyproject.toml is looked for upwards."
    )
    packs: Paths = rules_option(None, "Folder of further rule files. May be given several times.", "--rules")
    select: Texts = rules_option(None, "Codes or prefixes of the rules to run (T4, T401). May be given several times.")
    ignore: Texts = rules_option(None, "Codes or prefixes of the rules to leave out. May be given several times.")
    output_format: str = output_option("rich", "How to show the result.", choices=FORMATS)
    output_file: Path | None = output_option(None, "Write the result to this file instead of stdout.")
    quiet: bool = output_option(False, "No notices on stderr.", "--quiet", "-q")
    verbose: bool = output_option(False, "All notices, also of what was merely chosen.", "--verbose", "-v")
    no_progress: bool = output_option(False, "No progress on stderr.", "--no-progress")
    by: str | None = output_option(None, "Show each of several accounts, one after the other.", choices=("account",))
    sort: str = output_option("gain", "What several accounts are sorted by.", choices=SORTS)
    accounts: int = output_option(20, "How many of several accounts to list.", min=0)


# Those that go together, in the order in which the help lists them.
READ = ("timezone", "language", "export_date", "date_order", "account", "today", "columns", "strict", "no_cache")
RULE_CHOICE = ("config", "packs", "select", "ignore")
SHOW = ("output_format", "output_file")
NOTICES = ("quiet", "verbose", "no_progress")
ACCOUNTS = ("by", "sort", "accounts")
PERIOD = ("since", "until", "last")
# What every command that asks something of exports takes.
ON_EXPORTS = ("inputs", *SHOW, "trends", *PERIOD, *READ, *RULE_CHOICE, *NOTICES)


def takes(
    *names: str | EllipsisType, formats: tuple[str, ...] = FORMATS, shared: type[Shared] = Shared
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a function that takes a Request, and its own options by their names, shared options beside them.

    Parameters
    ----------
    *names
        The shared options, in the order of the help; `...` stands for the command's own, but those that are named
        elsewhere among them. An option that the command declares itself outweighs a shared one.
    formats
        What --output-format may be, where it is shared.
    shared
        Where the shared options are declared.
    """
    options = dict(_parameters(shared))  # type: ignore[arg-type]
    if formats != FORMATS:
        text = options["output_format"].default.help
        options["output_format"] = _parameter("output_format", str, output_option("rich", text, choices=formats))

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        # A help text is not wrapped: where its docstring breaks a line by a backslash, the indentation goes too.
        command.__doc__ = re.sub(r"(?<=\S) {2,}", " ", command.__doc__ or "")
        signature = inspect.signature(command, eval_str=True).parameters
        own = {n: _parameter(n, p.annotation, p.default) for n, p in signature.items() if n != "request"}
        rest = [name for name in own if name not in names]
        order = [one for name in names for one in (rest if name is ... else [name])]
        parameters = [own[name] if name in own else options[name] for name in order]

        @functools.wraps(command)
        def run(**values: Any) -> None:
            command(Request(values), **{name: values[name] for name in own})

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        return run

    return decorate


@functools.cache
def _parameters(shared: type[Shared]) -> dict[str, inspect.Parameter]:
    return {name: _parameter(name, kind, getattr(shared, name)) for name, kind in get_type_hints(shared).items()}


def _parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def choice_words(request: Request) -> list[str]:
    """The account and the period as the user typed them, for a next command."""
    words = ((f"--{name}", str(request[name])) for name in ("account", *PERIOD) if request[name] is not None)
    return [word for pair in words for word in pair]


def shell_text(paths: Sequence[Path | str]) -> str:
    r"""Paths, and other words, as they can be pasted into a shell of any system.

    >>> shell_text([Path("exports"), Path("my files")])
    'exports "my files"'
    """
    return " ".join(f'"{path}"' if " " in str(path) else str(path) for path in paths)


def at_least(level: str) -> tuple[str, ...]:
    """The severities from one of LEVELS up.

    >>> at_least("warning")
    ('error', 'warning')
    """
    return () if level == "never" else LEVELS[: LEVELS.index(level) + 1]


def one_of(value: str | None, allowed: tuple[str, ...], name: str) -> str | None:
    """`value` where it is allowed. Raises CoachError that names what is."""
    if value is not None and value not in allowed:
        raise CoachError(
            _("{option} {value!r} is not known", option=name, value=value),
            hint=_("use one of {names}", names=", ".join(allowed)),
        )
    return value


def hours_of(text: str | None) -> list[int] | None:
    """Hours of the day from a text such as 18,20. Raises CoachError for others."""
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() and int(part) < 24 for part in parts):
        raise CoachError(_("--hours {text!r} are no hours", text=text), hint=_("write them as 18,20, from 0 to 23"))
    return list(dict.fromkeys(map(int, parts)))
