"""report: one page that shows everything, made to be sent to someone who never opens a terminal."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import ON_EXPORTS, Request, takes
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tiktok_coach.analysis.accounts import Accounts
    from tiktok_coach.cli.account_selection import AccountSelection
    from tiktok_coach.render.site.gather import Studies
    from tiktok_coach.render.site.html import Branding

ENDINGS = (".html", ".htm", ".md", ".pdf")


@takes(..., *(name for name in ON_EXPORTS if name not in opt.SHOW), *opt.ACCOUNTS)
def report(
    request: Request,
    output_file: Annotated[
        Path,
        opt.output_option(
            "--output-file",
            "-o",
            metavar="FILE",
            help="Where to write: .html, .md, or .pdf where Chromium is installed.",
        ),
    ],
    plan: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PLAN",
            help="Planned posts too, with lint's findings and expected views. May be given several times.",
        ),
    ] = None,
    compare: Annotated[
        list[Path] | None,
        typer.Option(metavar="EXPORT", help="What changed since an earlier export. May be given several times."),
    ] = None,
    title: Annotated[str | None, opt.output_option(help="What the report is called.")] = None,
    logo: Annotated[
        Path | None, opt.output_option(metavar="FILE", help="A picture at the top: PNG, JPEG, GIF or WebP.")
    ] = None,
    open_it: Annotated[bool, opt.output_option("--open", help="Open it when it is written.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intervals; the same seed gives the same bytes.")] = 7,
) -> None:
    """Write one page to send to a client: tips, changes, times, evidence, every post with its signals, sources and \
    caveats.

    \b
    Examples:
      tiktok-coach report bakery -o report.html
      tiktok-coach report exports/ -o report.html --plan plans/ --title "Spring at the bakery" --logo logo.png
      tiktok-coach report exports/october -o report.pdf --compare exports/september
      tiktok-coach report exports/ -o report.md
      tiktok-coach report clients/ -o clients.html --by account

    Of several accounts a table comes first, then the one with most posts; --account shows one alone. With --by \
    account FILE holds the table, and each account has a
    page of its own beside it, in which no other is named.

    The page holds all it needs: it opens offline, asks nothing of any other place, and runs no script but its own.
    """
    import datetime as dt

    from tiktok_coach.core.errors import CoachError
    from tiktok_coach.render.site.gather import run_studies
    from tiktok_coach.render.site.html import Branding, data_address
    from tiktok_coach.render.site.pdf import needed

    if output_file.suffix.lower() not in ENDINGS:
        raise CoachError(
            _("--output-file {output_file} is of no known kind", output_file=output_file),
            hint=_("end it in {names}", names=", ".join(ENDINGS)),
        )
    # What cannot be is said before anything is read.
    address = data_address(logo) if logo else None
    if output_file.suffix.lower() == ".pdf":
        needed()
    if plan and request.accounts.by:
        raise typer.BadParameter(
            _("is of one account; choose it with --account, or leave out --by"), param_hint="--plan"
        )
    with request.reading() as progress:
        options = request.analysis()
        result = run_studies(options, plans=plan or (), earlier=compare or (), seed=seed, progress=progress)
    now = dt.datetime.combine(options.today, dt.time(), dt.UTC) if options.today else options.now
    request.say(result.export.all_notices)
    for path in _write_report(result, output_file, Branding(title, address, now), request.accounts):
        request.confirm(_("wrote {output_file}", output_file=path))
    if open_it:
        typer.launch(str(output_file))


def _write_report(
    result: Accounts[Studies], path: Path, branding: Branding, selection: AccountSelection
) -> Iterator[Path]:
    """Writes the report, or the table of accounts and a report for each; gives the files as they are written."""
    from tiktok_coach.render.accounts import accounts_page, in_order
    from tiktok_coach.render.pages.show import page_markdown
    from tiktok_coach.render.site.html import index_html, report_html
    from tiktok_coach.render.site.markdown import report_markdown

    summaries = in_order(result.summaries, selection.sort)
    if not (selection.by and summaries):
        table = [*page_markdown(accounts_page(summaries)), "\n"] if summaries else []
        _write(
            path,
            lambda: [*table, *report_markdown(result.answer)],
            lambda: report_html(result.answer, branding, summaries),
        )
        yield path
        return
    pages = page_names(path, [one.account.handle for one in summaries])
    _write(
        path,
        lambda: page_markdown(accounts_page(summaries)),
        lambda: index_html(summaries, branding, {h: p.name for h, p in pages.items()}),
    )
    yield path
    for one, answer in zip(summaries, result.answers(summaries), strict=True):
        page = pages[one.account.handle]
        _write(page, partial(report_markdown, answer), partial(report_html, answer, branding))
        yield page


def page_names(path: Path, handles: Sequence[str | None]) -> dict[str | None, Path]:
    """A file beside `path` for each account, named after it in letters that every system takes, and no two alike.

    >>> [p.name for p in page_names(Path("a.html"), ["ovn.krogen", "Ovn/Krogen", None]).values()]
    ['a-ovn.krogen.html', 'a-ovn-krogen.html', 'a-unnamed.html']
    """
    import re

    used: set[str] = set()
    names: dict[str | None, Path] = {}
    for handle in handles:
        plain = re.sub(r"[^a-z0-9._]+", "-", (handle or "unnamed").casefold()).strip("-.") or "account"
        number, name = 1, plain
        while name in used:
            number, name = number + 1, f"{plain}-{number + 1}"
        used.add(name)
        names[handle] = path.with_name(f"{path.stem}-{name}{path.suffix}")
    return names


def _write(path: Path, markdown: Callable[[], Iterable[str]], html: Callable[[], str]) -> None:
    from tiktok_coach.render.output import write_pieces

    kind = path.suffix.lower()
    if kind == ".md":
        write_pieces(markdown(), path)
    elif kind == ".pdf":
        from tiktok_coach.render.site.pdf import print_pdf

        print_pdf(html(), path)
    else:
        write_pieces([html()], path)
