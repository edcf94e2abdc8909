"""The command line in the user's language: help texts, and what the parser of arguments says of a wrong one.

Typer looks few of its sentences up with gettext, its errors none, and those once when it is imported; hence the
patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from tiktok_coach.cli.help import command_help, group_help
from tiktok_coach.cli.options import one_of
from tiktok_coach.core.translation import ENGLISH, N_, _, language, languages, set_language

LANG = ("--lang", "--ui-language")
# Typer has the class of which its errors are, and no name for it.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
# The exit code of what Ctrl-C ends: 128 and the number of the signal.
STOPPED = 130
HELP, USAGE = N_("Show this message and exit."), N_("Usage: ")
# The parser's messages, as it writes them.
MESSAGES = (
    N_("Missing argument {name}."),
    N_("Missing option {name}."),
    N_("Missing command."),
    N_("No such command {name}. Did you mean {close}?"),
    N_("No such command {name}."),
    N_("No such option: {name} (Possible options: {close})"),
    N_("No such option: {name} Did you mean {close}?"),
    N_("No such option: {name}"),
    N_("Invalid value for {name}: {problem}"),
    N_("Invalid value: {problem}"),
    N_("Option {name} requires an argument."),
    N_("Option {name} does not take a value."),
    N_("Got unexpected extra argument ({names})"),
    N_("Got unexpected extra arguments ({names})"),
    N_("Got unexpected extra argument(s) ({names})"),
    N_("Value {value} is not a valid {kind}."),
    N_("{value} is not a valid {kind}."),
    N_("{value} is not in the range {range}."),
    N_("{value} is not one of {names}."),
)


class TranslatedMixin:
    """What commands and groups of them say, in the user's language."""

    def get_usage(self, ctx: Any) -> str:
        """The line of usage."""
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return usage.replace(USAGE, _(USAGE), 1).replace("{", "").replace("}", "")

    def get_help_option(self, ctx: Any) -> Any:
        """The option --help."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None and option.help == HELP:
            option.help = _(HELP)
        return option


class Command(TranslatedMixin, TyperCommand):
    """A command that speaks the user's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help page."""
        formatter.write("\n".join(command_help(self, ctx)))


class Group(TranslatedMixin, TyperGroup):
    """A group of commands that speaks the user's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help page."""
        commands = [self.get_command(ctx, name) for name in self.list_commands(ctx)]
        formatter.write("\n".join(group_help(self, ctx, {N_("Commands"): commands})))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, in the language that is spoken, or None."""
        command = super().get_command(ctx, cmd_name)
        return command if command is None else in_words(command)


def with_language(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--lang`, which may stand anywhere; its language, or the environment's, is spoken from now
    on.

    Raises CoachError for a language without a catalogue.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    others: list[str] = []
    code: str | None = None
    rest = iter(arguments[:end])
    for argument in rest:
        name, equals, value = argument.partition("=")
        if name in LANG:
            code = value if equals else next(rest, "")
        else:
            others.append(argument)
    set_language(None)
    if code is not None:
        set_language(one_of(code, languages(), LANG[0]))
    return [*others, *arguments[end:]]


def in_words(command: Any) -> Any:
    """The command with its own help in the user's language; that of a command below it follows when it is asked for."""
    if language() != ENGLISH:
        for holder, attribute, text in _own_texts(command):
            setattr(holder, attribute, _(text))
    return command


def texts_of(command: Any) -> Iterator[tuple[Any, str, str]]:
    """Every text of a command's help and of those below it: what holds it, under which name, and the text."""
    yield from _own_texts(command)
    for below in getattr(command, "commands", {}).values():
        yield from texts_of(below)


def _own_texts(command: Any) -> Iterator[tuple[Any, str, str]]:
    for holder in (command, *command.params):
        for name in ("help", "short_help", "epilog", "rich_help_panel"):
            text = getattr(holder, name, None)
            if isinstance(text, str) and text:
                yield holder, name, text


def show_usage_error(error: Any) -> int:
    """Show on stderr what the parser refuses, in the user's language; gives the exit code."""
    if error.ctx is not None and error.message == error.ctx.get_help():
        typer.echo(error.message)
        return 0
    message = translated(error.format_message())
    path = error.ctx.command_path if error.ctx is not None else "tiktok-coach"
    text = _("error: {problem}; `{command} --help` shows how", problem=message.rstrip("."), command=path)
    typer.echo(" ".join(text.split()), err=True)
    code: int = error.exit_code
    return code


def show_aborted() -> int:
    """Show on stderr that the user stopped at a question; gives the exit code."""
    typer.echo(_("Stopped; nothing was changed."), err=True)
    return STOPPED


def show_stopped() -> int:
    """Show on stderr that the user stopped the run; gives the exit code."""
    typer.echo(_("Stopped."), err=True)
    return STOPPED


def translated(message: str) -> str:
    """A message of the parser in the user's language; one that is not known stays as it is.

    >>> translated("No such option: --foo")
    'No such option: --foo'
    """
    for known in MESSAGES:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(known))
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return _(known, **{name: translated(text) for name, text in match.groupdict().items()})
    return message
