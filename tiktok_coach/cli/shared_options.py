"""How a command takes shared options beside its own, and what it makes of them: one request."""

from __future__ import annotations

import copy
import functools
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import EllipsisType
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.account_selection import AccountSelection, Answer, Facts, show_accounts

if TYPE_CHECKING:
    from tiktok_coach.analysis.accounts import Accounts
    from tiktok_coach.analysis.audit import Audit
    from tiktok_coach.analysis.options import AnalysisOptions
    from tiktok_coach.analysis.simulate import Simulation
    from tiktok_coach.core.notices import Notice
    from tiktok_coach.render.options import RenderOptions
    from tiktok_coach.render.pages.page import Page

PostsAnswer = TypeVar("PostsAnswer", "Audit", "Simulation")
# Options that AnalysisOptions calls by another name.
FIELDS = {"exports": "inputs", "files": "inputs", "column": "columns", "rules": "packs"}
DAYS = {"today": "--today", "export_date": "--export-date"}
# What every command that asks something of exports takes.
ON_EXPORTS = ("exports", *opt.SHOW, "trends", *opt.READ, *opt.RULE_CHOICE, *opt.NOTICES)


@dataclass(frozen=True)
class Request:
    """The options of a command by name, its own too, as Typer gives them."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def analysis(self, **changes: Any) -> AnalysisOptions:
        """Inputs and settings, with `changes` by AnalysisOptions' names. Raises CoachError for what cannot be used."""
        import datetime as dt
        from dataclasses import fields

        from tiktok_coach.analysis.options import AnalysisOptions
        from tiktok_coach.io.dates.parse import parse_day

        opt.one_of(self.values.get("date_order"), ("dmy", "mdy", "ymd"), "--date-order")
        values = {FIELDS.get(name, name): value for name, value in self.values.items()} | changes
        for name, option in DAYS.items():
            if values.get(name):
                values[name] = parse_day(values[name], option)
        known = {field.name: values.get(field.name) for field in fields(AnalysisOptions)}
        options: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in known.items() if v is not None}
        return AnalysisOptions(now=dt.datetime.now(dt.UTC), **options)

    def render(self, **changes: Any) -> RenderOptions:
        """How a result is shown, with `changes` by the names of RenderOptions."""
        from tiktok_coach.render.options import RenderOptions

        options = {name: self[name] for name in ("output_file", "sort", "accounts", "quiet", "verbose")}
        options |= {"format": self["output_format"], "by_account": self["by"] is not None}
        return RenderOptions(**{**options, "progress": not self["no_progress"], **changes})

    @property
    def accounts(self) -> AccountSelection:
        """How several accounts are shown. Raises CoachError for what cannot be used."""
        return AccountSelection(self["by"], self["sort"], self["accounts"])

    def reading(self) -> AbstractContextManager[Callable[[str], None] | None]:
        """What is called with each file's name as it is read."""
        from tiktok_coach.cli.progress import reading

        return reading(enabled=not self["no_progress"])

    def say(self, notices: Sequence[Notice]) -> None:
        """Say the notices on stderr, as far as the user wants to hear them."""
        from tiktok_coach.cli.progress import say_notices

        say_notices(notices, quiet=self["quiet"], verbose=self.values.get("verbose", True))

    def confirm(self, text: str) -> None:
        """Say on stderr what was done, unless the user wants quiet."""
        if not self["quiet"]:
            typer.echo(text, err=True)

    def show_pages(
        self,
        result: Accounts[Answer],
        *,
        key: str,
        page: Callable[[Answer], Page],
        json: Callable[[Answer, Facts], Iterator[str]],
        csv: Callable[..., Iterator[str]] | None = None,
    ) -> None:
        """Say the notices, and show the answer for one account or several as a page, JSON or CSV."""
        self.say(result.export.all_notices)
        show_accounts(
            result,
            self.accounts,
            self["output_format"],
            self["output_file"],
            key=key,
            page=page,
            json=json,
            csv=csv,
            quiet=self["quiet"],
        )

    def show_post(
        self, result: Accounts[PostsAnswer], post: str, option: str, page: Callable[[PostsAnswer, int], Page]
    ) -> None:
        """Show the page of one post, which `option` names, by the answer for its account and its row there."""
        from tiktok_coach.render.output import console_to
        from tiktok_coach.render.pages.show import print_page
        from tiktok_coach.render.post_selection import row_of

        answer = result.for_post(row_of(result.export.posts, post, option))
        with console_to(self["output_file"]) as console:
            print_page(page(answer, row_of(answer.posts, post, option)), console)

    def show(
        self,
        notices: Sequence[Notice],
        *,
        page: Callable[[], Page],
        json: Callable[[], Iterator[str]],
        csv: Callable[[], Iterator[str]],
    ) -> None:
        """Say the notices and show one result in the wanted format, on stdout or in a file."""
        from tiktok_coach.render.output import write_pages, write_pieces

        self.say(notices)
        output_format, output_file = self["output_format"], self["output_file"]
        if data := {"json": json, "csv": csv}.get(output_format):
            write_pieces(data(), output_file)
        else:
            write_pages([page()], output_format, output_file)


def takes(
    *names: str | EllipsisType,
    formats: tuple[str, ...] = opt.FORMATS,
    more: Mapping[str, tuple[Any, Any]] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command shared options beside its own.

    Parameters
    ----------
    *names
        The shared options, in the order of the help; `...` stands for the command's own, but those that are named
        elsewhere among them. An option that the command declares itself outweighs a shared one.
    formats
        What --output-format may be, where it is shared.
    more
        Further shared options, of a group of commands.

    Returns
    -------
    A decorator of a function that takes a Request, and its own options by their names.
    """
    options = {**opt.SHARED, **(more or {})}
    metavar = "|".join(formats)

    def parameter_of(name: str) -> inspect.Parameter:
        kind, default = options[name]
        if name == "output_format":
            default = copy.copy(default)
            default.metavar = metavar
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        # A help text is not wrapped: where its docstring breaks a line by a backslash, the indentation goes too.
        command.__doc__ = re.sub(r"(?<=\S) {2,}", " ", command.__doc__ or "")
        signature = inspect.signature(command, eval_str=True).parameters
        own = {n: p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for n, p in signature.items() if n != "request"}
        rest = [name for name in own if name not in names]
        order = [one for name in names for one in (rest if name is ... else [name])]
        parameters = [own[name] if name in own else parameter_of(name) for name in order]
        checks_format = "output_format" in order and "output_format" not in own

        @functools.wraps(command)
        def run(**values: Any) -> None:
            if checks_format:
                opt.one_of(values["output_format"], formats, "--output-format")
            command(Request(values), **{name: values[name] for name in own})

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        return run

    return decorate
