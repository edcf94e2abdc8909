"""The command line in the language that is spoken: help texts, and what the parser of arguments says of a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.languages import ENGLISH, language, languages, set_language
from tiktok_coach.core.translation import N_, _

LANG = "--lang"
# Typer has the class of which its errors are, and no name for it.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
# The fixed words of the help page, by the name under which Typer keeps them.
FIXED = {
    "DEFAULT_STRING": N_("[default: {}]"),
    "REQUIRED_LONG_STRING": N_("[required]"),
    "ARGUMENTS_PANEL_TITLE": N_("Arguments"),
    "OPTIONS_PANEL_TITLE": N_("Options"),
    "COMMANDS_PANEL_TITLE": N_("Commands"),
    "ERRORS_PANEL_TITLE": N_("Error"),
    "ABORTED_TEXT": N_("Aborted."),
    "RICH_HELP": N_("Try [blue]'{command_path} {help_option}'[/] for help."),
}
HELP, USAGE = N_("Show this message and exit."), N_("Usage: ")
# What the parser says, as it says it: it has no catalogue of its own.
SAID = (
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


class _Spoken:
    """What commands and groups of them say in the language that is spoken."""

    def get_usage(self, ctx: Any) -> str:
        said: str = super().get_usage(ctx)  # type: ignore[misc]
        return said.replace(USAGE, _(USAGE), 1)

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None and option.help == HELP:
            option.help = _(HELP)
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _fixed_words()
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def make_context(self, *arguments: Any, **named: Any) -> Any:
        with _said():
            return super().make_context(*arguments, **named)  # type: ignore[misc]

    def invoke(self, ctx: Any) -> Any:
        with _said():
            return super().invoke(ctx)  # type: ignore[misc]


class Command(_Spoken, TyperCommand):
    """A command that speaks the user's language."""


class Group(_Spoken, TyperGroup):
    """A group of commands that speaks the user's language."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, in the language that is spoken, or None."""
        command = super().get_command(ctx, cmd_name)
        return command if command is None else in_words(command)


def with_language(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--lang`, which may stand anywhere; its language, or the environment's, is spoken from now on.

    Raises CoachError for a language without a catalogue.
    """
    left: list[str] = []
    wanted: str | None = None
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            left += [argument, *rest]
        elif argument == LANG:
            wanted = next(rest, "")
        elif argument.startswith(f"{LANG}="):
            wanted = argument.removeprefix(f"{LANG}=")
        else:
            left.append(argument)
    set_language(None)
    if wanted is not None:
        if wanted not in languages():
            problem = _("{option} {value!r} is not known", option=LANG, value=wanted)
            raise CoachError(problem, hint=_("use one of {names}", names=", ".join(languages())))
        set_language(wanted)
    return left


def in_words(command: Any) -> Any:
    """The command with its own help in the language that is spoken; that of a command below it follows when it is asked for."""
    if language() != ENGLISH:
        for holder, attribute, text in _own_texts(command):
            setattr(holder, attribute, _(text))
    return command


def _fixed_words() -> None:
    # Within: the help page of Typer loads Rich's Markdown, a third of a short command's time, which most runs do not need.
    from typer import rich_utils

    for name, text in FIXED.items():
        setattr(rich_utils, name, _(text))


def texts_of(command: Any) -> Iterator[tuple[Any, str, str]]:
    """Every text of a command's help and of those below it: what holds it, under which name, and the text."""
    yield from _own_texts(command)
    for below in getattr(command, "commands", {}).values():
        yield from texts_of(below)


def _own_texts(command: Any) -> Iterator[tuple[Any, str, str]]:
    for name in ("help", "short_help", "epilog", "rich_help_panel"):
        yield from _text(command, name)
    for parameter in command.params:
        for name in ("help", "rich_help_panel"):
            yield from _text(parameter, name)


def _text(holder: Any, name: str) -> Iterator[tuple[Any, str, str]]:
    text = getattr(holder, name, None)
    if isinstance(text, str) and text:
        yield holder, name, text


@contextmanager
def _said() -> Iterator[None]:
    """Within it, what the parser refuses is refused in the language that is spoken."""
    try:
        yield
    except (KeyboardInterrupt, EOFError, typer.Abort):
        _fixed_words()
        raise
    except UsageError as error:
        _fixed_words()
        if language() != ENGLISH:
            message = translated(error.format_message())  # type: ignore[attr-defined]
            error.format_message = lambda: message  # type: ignore[attr-defined]
        raise


def translated(message: str) -> str:
    """A message of the parser in the language that is spoken; one that is not known stays as it is.

    >>> translated("No such option: --foo")
    'No such option: --foo'
    """
    for known in SAID:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(known))
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return _(known, **{name: translated(held) for name, held in found.groupdict().items()})
    return message
