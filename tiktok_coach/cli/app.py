"""The application: its commands, what holds for all of them, and how errors are shown."""

from __future__ import annotations

import sys

import typer

from tiktok_coach import __version__
from tiktok_coach.cli.lazy_commands import Application
from tiktok_coach.cli.options import option
from tiktok_coach.cli.translation import UsageError, in_words, show_aborted, show_usage_error, with_language
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

DEBUG = "--debug"
EPILOG = (
    "Start with your downloads: tiktok-coach start DIR; or with an example: tiktok-coach demo bakery, then "
    "tiktok-coach audit bakery. Exit codes: 0 fine, 1 findings at or above --fail-on, "
    "2 the input or the arguments cannot be used. Nothing leaves this machine."
)

app = typer.Typer(
    cls=Application,
    name="tiktok-coach",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
    help="What should I change, and how sure are we? Audits TikTok posts against nine tips on the algorithm.",
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
    """Run the application and give its exit code; every error is one line on stderr."""
    debug = DEBUG in arguments
    arguments = [a for a in arguments if a != DEBUG]
    try:
        arguments = with_language(arguments)
        command = in_words(typer.main.get_command(app))
        return command(arguments, prog_name="tiktok-coach", standalone_mode=False) or 0
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 0
    except typer.Abort:
        return show_aborted()
    except UsageError as error:
        return show_usage_error(error)
    except CoachError as error:
        if debug:
            raise
        text = _("error: {error}", error=error)
    except Exception as error:
        if debug:
            raise
        name = type(error).__name__
        text = _("error: {name}: {error}; this is a fault of tiktok-coach, --debug shows where", name=name, error=error)
    from tiktok_coach.render.escaping import one_line

    print(one_line(text), file=sys.stderr)  # noqa: T201 - the one place that speaks of errors
    return 2
