"""Commands that ask something of exports and show a page: the options that all of them take, and how they show what they found."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer
from typer.models import ArgumentInfo

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.account_selection import Among, Answer, Facts, Ways, show_accounts

if TYPE_CHECKING:
    from pathlib import Path

    from tiktok_coach.analysis.accounts import Accounts
    from tiktok_coach.analysis.options import AnalysisOptions
    from tiktok_coach.core.notices import Notice
    from tiktok_coach.render.pages.page import Page

FORMATS = ("rich", "json", "markdown", "csv")
OutputFormat = Annotated[
    str, typer.Option(metavar="|".join(FORMATS), help="How to show the result.", rich_help_panel=opt.OUTPUT)
]
# In the order in which the help lists them, with their defaults.
SHARED: dict[str, tuple[Any, Any]] = {
    "output_format": (OutputFormat, "rich"),
    "output_file": (opt.OutputFile, None),
    "trends": (opt.TrendFiles, None),
    "timezone": (opt.Timezone, None),
    "language": (opt.Language, None),
    "export_date": (opt.ExportDate, None),
    "date_order": (opt.DateOrder, None),
    "account": (opt.AccountHandle, None),
    "today": (opt.Today, None),
    "column": (opt.Columns, None),
    "strict": (opt.Strict, False),
    "config": (opt.ConfigFile, None),
    "rules": (opt.RulePacks, None),
    "select": (opt.Select, None),
    "ignore": (opt.Ignore, None),
    "quiet": (opt.Quiet, False),
    "verbose": (opt.Verbose, False),
    "no_progress": (opt.NoProgress, False),
}
# Options of commands that answer for each of several accounts.
SEVERAL: dict[str, tuple[Any, Any]] = {
    "by": (opt.By, None),
    "sort": (opt.Sort, "gain"),
    "accounts": (opt.AccountsListed, 25),
}
# What a request calls by another name than its option.
NAMES = {"exports": "inputs", "column": "columns", "rules": "packs"}
SHOWING = ("output_format", "output_file", "quiet", "verbose", "no_progress", *SEVERAL)


@dataclass(frozen=True)
class Request:
    """What a user asks by the shared options, `said` as Typer gives them, and how the answer is to be shown."""

    said: dict[str, Any]

    @property
    def asked(self) -> AnalysisOptions:
        """The inputs and settings. Raises CoachError for an option that cannot be used."""
        if "output_format" in self.said:
            opt.one_of(self.said["output_format"], FORMATS, "--output-format")
        return opt.asked(**{NAMES.get(name, name): value for name, value in self.said.items() if name not in SHOWING})

    @property
    def among(self) -> Among:
        """What the user says of several accounts. Raises CoachError for what cannot be used."""
        return Among(self.said["by"], self.said["sort"], self.said["accounts"])

    def reading(self) -> AbstractContextManager[Callable[[str], None] | None]:
        """What is called with each file's name as it is read."""
        from tiktok_coach.cli.progress import reading

        return reading(shown=not self.said["no_progress"])

    def say(self, notices: Sequence[Notice]) -> None:
        """Say the notices, as far as the user wants to hear them."""
        from tiktok_coach.cli.progress import say_notices

        say_notices(notices, quiet=self.said["quiet"], verbose=self.said["verbose"])

    def tell(self, words: str) -> None:
        """Say what was done, where the user does not want quiet."""
        if not self.said["quiet"]:
            typer.echo(words, err=True)

    def show_accounts(
        self,
        found: Accounts[Answer],
        *,
        named: str,
        page: Callable[[Answer], Page],
        json: Callable[[Answer, Facts], Iterator[str]],
        csv: Callable[[Iterable[Answer], bool], Iterator[str]],
    ) -> None:
        """Say the notices and show what was found of one account or several in the wanted format; only what is asked for is made."""
        from tiktok_coach.render.pages.show import page_markdown, print_page

        self.say(found.export.said)
        ways = Ways(
            named,
            rich=lambda one, console: print_page(page(one), console),
            markdown=lambda one: page_markdown(page(one)),
            json=json,
            csv=csv,
        )
        show_accounts(
            found, ways, self.among, self.said["output_format"], self.said["output_file"], quiet=self.said["quiet"]
        )

    def show(
        self,
        notices: Sequence[Notice],
        *,
        page: Callable[[], Page],
        json: Callable[[], Iterator[str]],
        csv: Callable[[], Iterator[str]],
    ) -> None:
        """Say the notices and show the result in the wanted format, on stdout or in a file; only what is asked for is made."""
        self.say(notices)
        show(self.said["output_format"], self.said["output_file"], page=page, json=json, csv=csv)


def show(
    output_format: str,
    output_file: Path | None,
    *,
    page: Callable[[], Page],
    json: Callable[[], Iterator[str]],
    csv: Callable[[], Iterator[str]],
) -> None:
    """Show a result in one of FORMATS, on stdout or in a file; only what is asked for is made."""
    from tiktok_coach.render.output import console_to, write_pieces
    from tiktok_coach.render.pages.show import page_markdown, print_page

    if output_format == "rich":
        with console_to(output_file) as console:
            print_page(page(), console)
    else:
        write_pieces(
            page_markdown(page()) if output_format == "markdown" else json() if output_format == "json" else csv(),
            output_file,
        )


def on_exports(
    *, choose_rules: bool = True, shows: bool = True, several: bool = False, one: bool = True
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Makes a function of a Request and options of its own a command that takes the shared options too; without `choose_rules` it takes
    neither --select nor --ignore, and where it `shows` nothing neither --output-format nor --output-file; `several` accounts have options of their own; without `one` no account can be named.
    """

    def made(command: Callable[..., None]) -> Callable[..., None]:
        left_out = (
            *(() if choose_rules else ("select", "ignore")),
            *(() if shows else ("output_format", "output_file")),
            *(() if one else ("account",)),
        )
        every = {**SHARED, **(SEVERAL if several else {})}
        shared = {name: held for name, held in every.items() if name not in left_out}
        own = [p for p in inspect.signature(command, eval_str=True).parameters.values() if p.name != "request"]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            said = {name: given.pop(name) for name in ("exports", *shared)}
            command(Request(said), **given)

        keyword = inspect.Parameter.KEYWORD_ONLY
        arguments = [p for p in own if any(isinstance(held, ArgumentInfo) for held in get_args(p.annotation))]
        options = [p for p in own if p not in arguments]
        parameters = [
            *(p.replace(kind=keyword) for p in arguments),
            inspect.Parameter("exports", keyword, annotation=opt.Exports),
            *(p.replace(kind=keyword) for p in options),
            *(
                inspect.Parameter(name, keyword, default=default, annotation=kind)
                for name, (kind, default) in shared.items()
            ),
        ]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        return run

    return made
