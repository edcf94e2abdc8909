"""What a command makes of its options: inputs and settings, what is said on stderr, and how an answer is shown."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _, plural

if TYPE_CHECKING:
    from pathlib import Path

    from tiktok_coach.analysis.audit import Audit
    from tiktok_coach.analysis.session import Accounts
    from tiktok_coach.analysis.settings import AnalysisOptions
    from tiktok_coach.analysis.simulate import Simulation
    from tiktok_coach.core.notices import Notice
    from tiktok_coach.render.pages.page import Medium, Page
    from tiktok_coach.stats.account_summaries import AccountSummary

Answer = TypeVar("Answer")
PostsAnswer = TypeVar("PostsAnswer", "Audit", "Simulation")
# The accounts as JSON has them, where there are several.
Facts = Sequence[Mapping[str, Any]] | None
MOST_WARNINGS = 5
# Characters of the line of progress, which is to stay one line.
MOST_PROGRESS = 76


@dataclass(frozen=True)
class Request:
    """The options of a command by name, its own too, as Typer gives them."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def analysis(self, **changes: Any) -> AnalysisOptions:
        """Inputs and settings, with `changes` by AnalysisOptions' names. Raises CoachError for what cannot be used."""
        from tiktok_coach.analysis.settings import AnalysisOptions

        known = {field.name: self.values.get(field.name) for field in fields(AnalysisOptions)} | changes
        known["use_cache"] = self.values.get("no_cache") is False
        options: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in known.items() if v is not None}
        return AnalysisOptions(**{"now": dt.datetime.now(dt.UTC), **options})

    def require_replaceable(self, path: Path | None) -> None:
        """Raises CoachError for a file that is there, unless this tool wrote it or the user wants it replaced."""
        from tiktok_coach.render.written import require_replaceable

        require_replaceable(path, force=self.values.get("force", False))

    def pooled(self, *, pool: bool) -> bool:
        """Whether all accounts are asked together. Raises typer.BadParameter where each is wanted too."""
        if pool and self["each_account"]:
            raise typer.BadParameter(_("shows all accounts together; leave out --each-account"), param_hint="--pool")
        return pool

    @contextmanager
    def reading(self) -> Iterator[Callable[[str], None] | None]:
        """What is called with each stage, and with how far it is, to show it where stderr is a terminal."""
        if self["no_progress"] or not sys.stderr.isatty():
            yield None
            return
        from rich.console import Console
        from rich.text import Text

        from tiktok_coach.render.escaping import one_line

        with Console(stderr=True).status(_("reading")) as status:
            yield lambda stage: status.update(Text(one_line(stage, MOST_PROGRESS)))

    def say(self, notices: Sequence[Notice], *, verbose: bool | None = None) -> None:
        """Say notices on stderr, warnings first; unless they are all asked for, only warnings, and no more than can be
        read.
        """
        from tiktok_coach.render.escaping import one_line

        if self.values.get("quiet"):
            return
        verbose = self.values.get("verbose", True) if verbose is None else verbose
        visible = [n for n in notices if verbose or n.level == "warning"]
        listed = visible if verbose else visible[:MOST_WARNINGS]
        for notice in listed:
            text, is_note = f"{one_line(notice.where)}: {one_line(notice.text)}", notice.level == "info"
            typer.echo(_("note: {text}", text=text) if is_note else _("warning: {text}", text=text), err=True)
        if len(visible) > len(listed):
            more = plural(
                "and {count} more warning; --verbose shows it",
                "and {count} more warnings; --verbose shows them",
                len(visible) - len(listed),
            )
            typer.echo(more, err=True)
        if hidden := len(notices) - len(visible):
            notes = plural(
                "{count} note on how the files were read; --verbose shows it",
                "{count} notes on how the files were read; --verbose shows them",
                hidden,
            )
            typer.echo(notes, err=True)

    def confirm(self, text: str) -> None:
        """Say on stderr what was done, unless the user wants quiet."""
        if not self["quiet"]:
            typer.echo(text, err=True)

    def show(
        self,
        result: Answer,
        notices: Sequence[Notice],
        page: Callable[[Answer], Page],
        **formats: Callable[[Answer], Iterable[str]],
    ) -> None:
        """Say the notices, and show one result on stdout or in a file: in one of the `formats`, else as a page."""
        from tiktok_coach.render.output import write_pages, write_pieces

        self.say(notices)
        output_format, output_file = self["output_format"], self["output_file"]
        if output_format in formats:
            write_pieces(formats[output_format](result), output_file)
        else:
            write_pages([page(result)], output_format, output_file)

    def show_accounts(
        self,
        result: Accounts[Answer],
        *,
        key: str,
        page: Callable[[Answer], Page],
        json: Callable[[Answer, Facts], Iterator[str]],
        csv: Callable[..., Iterator[str]] | None = None,
        several: Callable[[Sequence[AccountSummary]], Page] | None = None,
        with_period: bool = False,
    ) -> None:
        """Say the notices, and show the accounts where there are several, then the answer for one or for each.

        Parameters
        ----------
        key
            The name in JSON of the list of answers for each account.
        csv
            Gives all answers as one table, with a column of accounts where there are `several`.
        several
            Shows several accounts on a screen of their own, in place of a table and the answer for one.
        with_period
            Whether pages and JSON say which period was chosen, beside the one before.
        """
        from tiktok_coach.render.accounts import accounts_page, each_as_json, in_order, summary_facts
        from tiktok_coach.render.output import write_pages, write_pieces
        from tiktok_coach.render.period import json_with_period, page_with_period

        self.say(result.export.all_notices)
        output_format, output_file, each = self["output_format"], self["output_file"], self["each_account"]
        accounts = in_order(result.summaries, self["sort"])
        answers = result.answers(accounts) if each else iter([result.answer])
        overviews = result.overviews(accounts if each else ()) if with_period else repeat(None)
        if output_format == "json":
            facts = None if each else [summary_facts(one) for one in accounts] or None
            pairs = zip(answers, overviews, strict=False)
            objects = (json_with_period(json(one, facts), numbers) for one, numbers in pairs)
            write_pieces(each_as_json(key, accounts, objects) if each else next(objects), output_file)
        elif output_format == "csv" and csv is not None:
            write_pieces(csv(answers, several=bool(accounts and each)), output_file)
            if accounts and not each and not result.is_pooled:
                text = _(
                    "of {count} accounts this is @{account} alone; --each-account gives each",
                    count=len(accounts),
                    account=result.export.accounts[0].handle,
                )
                self.confirm(text)
        else:
            if several is not None and accounts and not each:
                write_pages([several(accounts)], output_format, output_file)
                return
            medium: Medium = "markdown" if output_format == "markdown" else "terminal"
            table = [accounts_page(accounts, medium, most=self["limit"])] if accounts else []
            pages = (page_with_period(page(one), numbers) for one, numbers in zip(answers, overviews, strict=False))
            write_pages(chain(table, pages), output_format, output_file)

    def show_post(
        self, result: Accounts[PostsAnswer], post: str, option: str, page: Callable[[PostsAnswer, int], Page]
    ) -> None:
        """Show the page of one post, which `option` names, by the answer for its account and its row there."""
        from tiktok_coach.analysis.exports import row_of
        from tiktok_coach.render.output import console_to
        from tiktok_coach.render.pages.show import print_page

        row = row_of(result.analysis.posts, post, option)
        answer, post_id = result.for_post(row), result.export.posts["post_id"].iloc[row]
        with console_to(self["output_file"]) as console:
            print_page(page(answer, answer.posts["post_id"].tolist().index(post_id)), console)
