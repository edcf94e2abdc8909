"""The commands of the application, each imported and built when it is asked for: all of them take longer than most of
them run.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer

from tiktok_coach.cli.translation import Command, Group

# In the order of the help page. Each is the function, or the group of them, of its own name in the module of its own
# name.
STUDIES = ("start", "audit", "lint", "simulate", "evidence", "times", "compare", "backtest", "report", "probe")
TOOLS = ("convert", "columns", "rules", "rule", "schema", "init", "demo")
NAMES = (*STUDIES, *TOOLS, "experiment", "fleet", "plan", "capture", "cache")


def _declaration(name: str) -> Any:
    """The function of a command, or the Typer application of a group."""
    return getattr(import_module(f"tiktok_coach.cli.{name}"), name)


def _command(name: str) -> Any:
    """The command as the parser of arguments has it, with its parameters."""
    parent = typer.Typer(add_completion=False, rich_markup_mode="rich")
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
    return Command(name=name, help=text, rich_markup_mode="rich")


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
        page = copy.copy(self)
        page.commands = {name: _summary(name) for name in NAMES}
        super(Application, page).format_help(ctx, formatter)
