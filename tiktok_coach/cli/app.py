"""The application: its commands, each imported and built when it is asked for, and how errors are shown."""

from __future__ import annotations

import errno
import inspect
import os
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import typer

from tiktok_coach import __version__
from tiktok_coach.cli import translation
from tiktok_coach.cli.arguments import with_current_names, with_help_options
from tiktok_coach.cli.help import ALL, group_help
from tiktok_coach.cli.options import option
from tiktok_coach.cli.translation import Command, Group, UsageError, in_words
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.translation import N_, _, plural

DEBUG = "--debug"
# By it a shell asks for completions.
COMPLETE = "_TIKTOK_COACH_COMPLETE"
EPILOG = (
    "Exit codes: 0 fine, 1 findings at or above --fail-on, 2 the input or the arguments cannot be used, 130 stopped. "
    "Nothing leaves this machine."
)
FIRST_WORDS = (
    N_("What should I change, and how sure are we? Checks TikTok posts against nine tips on the algorithm."),
    N_("Begin: tiktok-coach start DIR, with your downloads in DIR. An example: tiktok-coach demo bakery"),
    N_("All commands: tiktok-coach help"),
)
# In the order of the help page. Each is the function, or the group of them, of its own name in the module of its own
# name, with _ for a hyphen.
GROUPS = {
    N_("Start"): ("start", "demo", "init"),
    N_("Understand"): (
        *("audit", "why", "retention", "evidence", "times", "tips", "compare", "follow-up", "simulate", "backtest"),
    ),
    N_("Plan"): ("plan", "lint", "server", "experiment", "probe"),
    N_("Share"): ("report", "fleet", "mcp"),
    N_("Data"): ("convert", "columns", "capture", "cache"),
    N_("Developers"): ("rules", "schema"),
}
# Why the system takes no more of an output.
FULL = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO})
# Of a file with more faults, so many are named.
MOST_ERRORS = 20
NAMES = tuple(name for names in GROUPS.values() for name in names)


def _declaration(name: str) -> Any:
    """The function of a command, or the Typer application of a group."""
    module = name.replace("-", "_")
    return getattr(import_module(f"tiktok_coach.cli.{module}"), module)


def _command(name: str) -> Any:
    """The command as the parser of arguments has it, with its parameters."""
    parent = typer.Typer(add_completion=False, rich_markup_mode=None)
    declaration = _declaration(name)
    if isinstance(declaration, typer.Typer):
        parent.add_typer(declaration, name=name)
    else:
        parent.command(name, cls=Command)(declaration)
    return typer.main.get_group(parent).commands[name]


def _summary(name: str) -> Any:
    """The command with no more than a list of commands shows of it."""
    declaration = _declaration(name)
    text = declaration.info.help if isinstance(declaration, typer.Typer) else inspect.getdoc(declaration)
    return Command(name=name, help=text, rich_markup_mode=None)


class Commands(Mapping[str, Any]):
    """Commands by name, built once, when they are asked for."""

    def __init__(self) -> None:
        self._commands: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in NAMES:
            raise KeyError(name)
        if name not in self._commands:
            self._commands[name] = _command(name)
        return self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


class Application(Group):
    """The group of all commands, which builds the one that is asked for and lists all without building any."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = Commands()  # type: ignore[assignment]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help page, with the first words of each command."""
        panels = {panel: [in_words(_summary(name)) for name in names] for panel, names in GROUPS.items()}
        formatter.write("\n".join(group_help(self, ctx, panels)))


app = typer.Typer(
    cls=Application,
    name="tiktok-coach",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
    help=FIRST_WORDS[0],
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"tiktok-coach {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: bool = option(
        False, "Show the version and leave.", "--version", "-V", callback=_show_version, is_eager=True
    ),
    debug: bool = option(False, "Show the traceback of an error.", DEBUG),
    lang: str | None = option(
        None,
        "Language to speak; may stand anywhere. Else that of the config file (lang), else of the environment, else "
        "English.",
        metavar="da|en",
    ),
) -> None:
    pass


def run(arguments: list[str]) -> int:
    """Run the application and give its exit code; every error is a line on stderr."""
    debug = DEBUG in arguments
    arguments = [a for a in arguments if a != DEBUG]
    try:
        arguments = translation.with_language(arguments)
        arguments, renamed = with_current_names(arguments)
        for before, now in renamed.items():
            typer.echo(_("note: {before} is called {now} now", before=before, now=now), err=True)
        if not arguments and COMPLETE not in os.environ:
            typer.echo("\n".join(map(_, FIRST_WORDS)))
            return 0
        arguments, is_whole = with_help_options(arguments)
        command = in_words(typer.main.get_command(app))
        page = ALL if is_whole else None
        code: int = command(arguments, prog_name="tiktok-coach", standalone_mode=False, obj=page) or 0
        return translation.show_stopped() if code == translation.STOPPED else code
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0
    except typer.Abort:
        return translation.show_aborted()
    except UsageError as error:
        return translation.show_usage_error(error)
    except CoachError as error:
        if debug:
            raise
        return _show_errors(error.lines)
    except Exception as error:
        if debug:
            raise
        return _show_errors([_unexpected(error)])


def _unexpected(error: Exception) -> str:
    """What is said of an error that nothing before has put into words."""
    if isinstance(error, OSError) and error.errno in FULL:
        return str(access_error("written", error, error.filename or _("the output")))
    name = type(error).__name__
    return _("{name}: {error}; this is a fault of tiktok-coach, --debug shows where", name=name, error=error)


def _show_errors(lines: Sequence[str]) -> int:
    """Show errors on stderr, a line each; gives the exit code."""
    from tiktok_coach.render.escaping import one_line

    for line in lines[:MOST_ERRORS]:
        typer.echo(one_line(_("error: {error}", error=line)), err=True)
    if more := len(lines[MOST_ERRORS:]):
        typer.echo(plural("and {count} more error", "and {count:,} more errors", more), err=True)
    return 2
