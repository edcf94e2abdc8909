"""The options of commands: those that several take are declared once, and `takes` gives them to a command."""

from __future__ import annotations

import datetime as dt
import functools
import inspect
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import EllipsisType
from typing import Any, get_type_hints

import typer

from tiktok_coach.cli import completion
from tiktok_coach.cli.request import Request
from tiktok_coach.core.account import GOALS
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.standard_streams import DASH
from tiktok_coach.core.translation import _

FORMATS = ("text", "json", "markdown", "csv")
# What the ending of a file says of its format.
ENDINGS = {
    ".txt": "text",
    ".json": "json",
    ".jsonl": "jsonl",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".csv": "csv",
    ".parquet": "parquet",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".ics": "ics",
    ".png": "png",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
}
# A result that goes to stdout, where a file is asked for; a redirected stdout is a file that must not be replaced.
STDOUT = DASH
STDOUTS = frozenset({STDOUT, Path("/dev/stdout"), Path("/dev/fd/1"), Path("/proc/self/fd/1")})
# How severe a finding must be for exit code 1.
LEVELS = ("error", "warning", "info", "never")
# What several accounts are sorted by.
SORTS = ("gain", "score", "views", "posts", "name")
Paths = list[Path] | None
Texts = list[str] | None


def option(default: Any, text: str, *names: str, choices: tuple[str, ...] = (), **more: Any) -> Any:
    """An option as the default of a parameter, with its help; `names` where they are not those of the parameter.

    One with `choices` refuses any other value by a CoachError, and completes them; `more` is as Typer has it. One
    without `rich_help_panel` is common: it is in the short help too.
    """

    def check(parameter: typer.CallbackParam, value: Any) -> Any:
        for one in value if isinstance(value, list) else [value]:
            one_of(one, choices, parameter.opts[0])
        return value

    if choices:
        more = {"metavar": "|".join(choices), "callback": check, "autocompletion": completion.of(choices), **more}
    return typer.Option(default, *names, help=text, **more)


def cut_seconds(text: str | None, post: str | None) -> tuple[int, int] | None:
    """The seconds that `--cut` names. Raises CoachError for other texts, and typer.BadParameter without a post."""
    if text is None:
        return None
    if post is None:
        raise typer.BadParameter(_("is of one post; name it with --post"), param_hint="--cut")
    from tiktok_coach.stats.what_if_cut import parse_seconds

    return parse_seconds(text)


def argument(default: Any, metavar: str, text: str, **more: Any) -> Any:
    """An argument as the default of a parameter, with its help; `more` is as Typer has it."""
    return typer.Argument(default, metavar=metavar, help=text, show_default=False, **more)


def day_option(text: str, name: str, **more: Any) -> Any:
    """An option that is a day. Raises CoachError for what is none."""

    def parse(value: str) -> dt.date:
        from tiktok_coach.io.dates.parse import parse_day

        return parse_day(value, name)

    return option(None, text, name, parser=parse, metavar="YYYY-MM-DD", **more)


def seed_option(text: str, **more: Any) -> Any:
    """The seed of what is random in an answer."""
    return output_option(7, text, min=0, **more)


def goal_option(**more: Any) -> Any:
    """What the account is after; `more` is as Typer has it."""
    complete = completion.of(tuple(GOALS))
    text = "What the account is after, most important first."
    return option(None, text, "--goal", metavar="GOAL", autocompletion=complete, **more)


inputs_option = functools.partial(option, rich_help_panel="Inputs")
rules_option = functools.partial(option, rich_help_panel="Rules")
output_option = functools.partial(option, rich_help_panel="Output")


class Shared:
    """The options that several commands take; a command or a group of them adds its own in a class below this."""

    inputs: list[Path] = argument(
        ...,
        "EXPORT",
        "Exports: files, folders or ZIPs; - is stdin. They are of TikTok Studio, Business Suite, Metricool, an account "
        "archive, yt-dlp, a scraper, TikTok's APIs, `convert`, or any sheet with a row a post; sidecar and trends "
        "files may lie beside them.",
    )
    trends: Paths = inputs_option(None, "Trends file (YAML or CSV). May be given several times.")
    media: Paths = inputs_option(
        None,
        "Videos of the posts (for lint photos too), or a folder of them; what they show is measured (extra "
        "`media`), and their subtitles are read. May be given several times.",
        metavar="DIR",
    )
    timezone: str | None = option(None, "The account's timezone, such as Europe/Copenhagen.", metavar="ZONE")
    language: str | None = inputs_option(
        None, "Language of the days in a Studio export, where two would read them differently.", "--file-language"
    )
    export_date: dt.date | None = day_option(
        "Day on which the exports were taken.", "--export-date", rich_help_panel="Inputs"
    )
    date_order: str | None = inputs_option(
        None, "Order of day and month where a whole column does not tell.", choices=("dmy", "mdy", "ymd")
    )
    account: str | None = option(
        None, "Only the posts of this account.", metavar="HANDLE", autocompletion=completion.accounts
    )
    today: dt.date | None = day_option("The day to take for today.", "--today", rich_help_panel="Inputs")
    since: dt.date | None = day_option("Only posts from this day on.", "--since")
    until: dt.date | None = day_option(
        "Only posts up to this day, and what was known on it.", "--until", rich_help_panel="Inputs"
    )
    last: str | None = option(None, "Only the last 28d, 4w, 3m or 1y, to the newest day or --until.", metavar="SPAN")
    columns: Texts = inputs_option(
        None,
        "Say which column of a sheet is which fact: views=visninger, or duration_s[min]=Length with its unit. May be "
        "given several times.",
        "--column",
        metavar="FACT=HEADING",
        autocompletion=completion.columns,
    )
    strict: bool = inputs_option(
        False, "End with an error where any file cannot be read, rather than leave it out.", "--strict"
    )
    no_cache: bool = inputs_option(False, "Read every file anew, and keep nothing of it in the cache.", "--no-cache")
    config: Path | None = rules_option(
        None, "Config file; else tiktok-coach.yaml or pyproject.toml is looked for upwards."
    )
    packs: Paths = rules_option(None, "Folder of further rule files. May be given several times.", "--rules")
    select: Texts = option(
        None, "Only these rules: codes or prefixes (T4,T401).", metavar="CODE", autocompletion=completion.codes
    )
    ignore: Texts = option(None, "All rules but these.", metavar="CODE", autocompletion=completion.codes)
    goal: Texts = goal_option()
    output_file: Path | None = option(
        None, "Write to this file; its ending says in which format.", "--output", "-o", metavar="FILE"
    )
    output_format: str | None = option(None, "How to show the result.", "--format", choices=FORMATS)
    as_json: bool = option(False, "Short for --format json.", "--json")
    force: bool = output_option(False, "Replace a file that is there and is not this tool's.", "--force")
    quiet: bool = output_option(False, "No notices on stderr.", "--quiet", "-q")
    verbose: bool = output_option(False, "All notices, also of what was merely chosen.", "--verbose", "-v")
    no_progress: bool = output_option(False, "No progress on stderr.", "--no-progress")
    post: str | None = option(None, "Only this post: its id, day, or how its caption begins.", metavar="POST")
    cut: str | None = option(
        None,
        "With --post and --media: how viewers would stay without these seconds of the video, such as 3-5.",
        metavar="FROM-TO",
        rich_help_panel="Inputs",
    )
    each_account: bool = option(False, "Of several accounts show each, one after the other.", "--each-account")
    sort: str = output_option("gain", "What several accounts are sorted by.", choices=SORTS)
    limit: int = output_option(20, "How many of several accounts to list.", min=0)


# Those that go together, in the order in which the help lists them.
READ = ("timezone", "language", "export_date", "date_order", "account", "today", "columns", "strict", "no_cache")
RULE_CHOICE = ("goal", "config", "packs", "select", "ignore")
SHOW = ("output_file", "output_format", "as_json", "force")
NOTICES = ("quiet", "verbose", "no_progress")
ACCOUNTS = ("each_account", "sort", "limit")
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
        What --format may be, where it is shared; the first is taken where neither it nor the ending of --output says
        another.
    shared
        Where the shared options are declared.
    """
    options = dict(_parameters(shared))  # type: ignore[arg-type]
    if formats != FORMATS:
        shown = option(None, "How to show the result.", "--format", choices=formats)
        options["output_format"] = _parameter("output_format", str | None, shown)
    if "json" not in formats:
        names = tuple(name for name in names if name != "as_json")

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
            if "output_format" in values and "output_format" not in own:
                values |= _with_format(values, formats)
            if values.get("output_file") is not None:
                # Before anything is read, which may take a while.
                Request(values).require_replaceable(values["output_file"])
            command(Request(values), **{name: values[name] for name in own})

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        return run

    return decorate


def _with_format(values: Mapping[str, Any], formats: tuple[str, ...]) -> dict[str, Any]:
    """The file to write to, None for stdout, and its format: as asked for, else by the file's ending, else the first.

    Raises CoachError for a file whose format is not known.
    """
    file: Path | None = values.get("output_file")
    file = None if file in STDOUTS else file
    chosen = values["output_format"]
    if values.get("as_json"):
        if chosen not in {None, "json"}:
            raise CoachError(_("--json and --format {name} are two formats", name=chosen), hint=_("choose one"))
        chosen = "json"
    # A device, and a name without an ending, say nothing.
    if chosen is None and file is not None and file.suffix and (file.is_file() or not file.exists()):
        chosen = format_of(file, formats)
    return {"output_file": file, "output_format": chosen or formats[0]}


def format_of(file: Path, formats: Sequence[str]) -> str:
    """The format of a file by its ending. Raises CoachError where it is none of `formats`.

    >>> format_of(Path("june.MD"), FORMATS)
    'markdown'
    """
    known = ENDINGS.get(file.suffix.lower())
    if known is None or known not in formats:
        endings = ", ".join(ending for ending, name in ENDINGS.items() if name in formats)
        hint = _("end the name in {names}", names=endings)
        raise CoachError(
            _("its ending names no format that can be written here"),
            where=str(file),
            hint=_("`tiktok-coach report` writes pages") if known == "html" else hint,
        )
    return known


@functools.cache
def _parameters(shared: type[Shared]) -> dict[str, inspect.Parameter]:
    return {name: _parameter(name, kind, getattr(shared, name)) for name, kind in get_type_hints(shared).items()}


def _parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def selection_text(request: Request) -> str:
    """The account and the period as the user typed them, for a next command."""
    words = ((f"--{name}", str(request[name])) for name in ("account", *PERIOD) if request[name] is not None)
    return shell_text([word for pair in words for word in pair])


def media_text(request: Request) -> str:
    """The videos as the user typed them, for a next command; empty where none were."""
    return shell_text([word for path in request["media"] or () for word in ("--media", path)])


def shell_text(paths: Sequence[Path | str]) -> str:
    r"""Paths, and other words, as they can be pasted into a shell of any system.

    >>> shell_text([Path("exports"), Path("my files")])
    'exports "my files"'
    >>> shell_text(["$HOME's"])
    '\'$HOME\'"\'"\'s\''
    """
    return " ".join(map(_quoted, map(str, paths)))


def _quoted(text: str) -> str:
    if re.fullmatch(r"[\w@%+=:,./\\~-]+", text):
        return text
    # Double quotes are understood everywhere, and in a Unix shell do not hide all that it would replace.
    return f'"{text}"' if not set(text) & set('"$`\\!') else shlex.quote(text)


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
