"""How a command shows its answer for several accounts: their table first, then the one with most posts, or each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from pathlib import Path

    from tiktok_coach.analysis.accounts import Accounts
    from tiktok_coach.render.pages.page import Page

Answer = TypeVar("Answer")
# The accounts as JSON has them, where there are several.
Facts = Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True)
class AccountSelection:
    """Whether to show each of several accounts, in which order, and how many to list."""

    by: str | None = None
    sort: str = "gain"
    limit: int = 25

    def __post_init__(self) -> None:
        opt.one_of(self.by, ("account",), "--by")
        opt.one_of(self.sort, opt.SORTS, "--sort")

    def or_pooled(self, *, pool: bool) -> bool:
        """Whether all accounts are asked together. Raises typer.BadParameter where each is wanted too."""
        if pool and self.by:
            raise typer.BadParameter(_("shows all accounts together; leave out --by"), param_hint="--pool")
        return pool


def show_accounts(
    result: Accounts[Answer],
    selection: AccountSelection,
    output_format: str,
    output_file: Path | None,
    *,
    key: str,
    page: Callable[[Answer], Page],
    json: Callable[[Answer, Facts], Iterator[str]],
    csv: Callable[..., Iterator[str]] | None = None,
    quiet: bool,
) -> None:
    """Show a result on stdout or in a file: the accounts where there are several, then the answer for one or for each.

    Parameters
    ----------
    key
        The name in JSON of the list of answers for each account.
    csv
        Gives all answers as one table, with a column of accounts where there are `several`.
    quiet
        Whether not to say on stderr that the table is of one account of several.
    """
    from tiktok_coach.render.accounts import accounts_page, each_as_json, in_order, summary_facts
    from tiktok_coach.render.output import write_pages, write_pieces

    accounts = in_order(result.summaries, selection.sort)
    answers = result.answers(accounts) if selection.by else iter([result.answer])
    if output_format == "json":
        write_pieces(
            each_as_json(key, accounts, (json(one, None) for one in answers))
            if selection.by
            else json(result.answer, [summary_facts(one) for one in accounts] if accounts else None),
            output_file,
        )
    elif output_format == "csv" and csv is not None:
        write_pieces(csv(answers, several=bool(accounts and selection.by)), output_file)
        if accounts and not selection.by and not result.is_pooled and not quiet:
            text = _(
                "of {count} accounts this is @{account} alone; --by account gives each",
                count=len(accounts),
                account=result.export.accounts[0].handle,
            )
            typer.echo(text, err=True)
    else:
        table = [accounts_page(accounts, most=selection.limit)] if accounts else []
        write_pages(chain(table, map(page, answers)), output_format, output_file)
