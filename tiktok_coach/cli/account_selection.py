"""How a command shows its answer for several accounts: the table of them first, then the one with most posts, or each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from tiktok_coach.analysis.accounts import Accounts

Answer = TypeVar("Answer")
# The accounts as JSON has them, where there are several.
Facts = Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True)
class Among:
    """What the user says of several accounts: whether to show each, in which order, and how many to list."""

    by: str | None = None
    sort: str = "gain"
    most: int = 25

    def __post_init__(self) -> None:
        opt.one_of(self.by, ("account",), "--by")
        opt.one_of(self.sort, opt.SORTS, "--sort")

    def or_pooled(self, *, pool: bool) -> bool:
        """Whether all accounts are asked together. Raises typer.BadParameter where each is wanted too."""
        if pool and self.by:
            raise typer.BadParameter(_("shows all accounts together; leave out --by"), param_hint="--pool")
        return pool


@dataclass(frozen=True)
class Ways(Generic[Answer]):
    """How the answer for one account is shown in each format; `named` is the key of the answers for each in JSON, and CSV has all
    answers in one table, with a column of accounts where it is told that there are several.
    """

    named: str
    rich: Callable[[Answer, Console], None]
    markdown: Callable[[Answer], Iterable[str]]
    json: Callable[[Answer, Facts], Iterator[str]]
    csv: Callable[[Iterable[Answer], bool], Iterator[str]] | None = None


def show_accounts(
    found: Accounts[Answer],
    ways: Ways[Answer],
    among: Among,
    output_format: str,
    output_file: Path | None,
    *,
    quiet: bool,
) -> None:
    """Show what was found in a format, on stdout or in a file: the accounts where there are several, then the answer for one or for each.

    Accounts of which the result says nothing are spoken of on stderr, unless `quiet`.
    """
    from tiktok_coach.render.accounts import accounts_markdown, each_as_json, in_order, print_accounts, standing_facts
    from tiktok_coach.render.output import console_to, write_pieces

    standings = in_order(found.standings, among.sort)
    answers = found.each(standings) if among.by else iter([found.answer])
    if output_format == "json":
        write_pieces(
            each_as_json(ways.named, standings, (ways.json(one, None) for one in answers))
            if among.by
            else ways.json(found.answer, [standing_facts(one) for one in standings] if standings else None),
            output_file,
        )
    elif output_format == "csv" and ways.csv is not None:
        write_pieces(ways.csv(answers, bool(standings and among.by)), output_file)
        if standings and not among.by and not found.together and not quiet:
            shown = found.export.accounts[0].handle
            told = _(
                "of {count} accounts this is @{account} alone; --by account gives each",
                count=len(standings),
                account=shown,
            )
            typer.echo(told, err=True)
    elif output_format == "markdown":
        table = accounts_markdown(standings) if standings else ()
        write_pieces(chain(table, (piece for one in answers for piece in ways.markdown(one))), output_file)
    else:
        with console_to(output_file) as console:
            if standings:
                print_accounts(standings, console, most=among.most)
            for one in answers:
                ways.rich(one, console)
