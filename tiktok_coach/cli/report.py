"""report: one page that shows everything, made to be sent to someone who never opens a terminal."""

from __future__ import annotations

from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli.options import ACCOUNTS, ON_EXPORTS, SHOW, Paths, format_of, option, seed_option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tiktok_coach.analysis.session import Accounts
    from tiktok_coach.render.site.report import Branding, Studies

FORMATS = ("html", "markdown", "pdf")


@takes(..., *(name for name in ON_EXPORTS if name not in {*SHOW} - {"force"}), "media", *ACCOUNTS)
def report(
    request: Request,
    output_file: Path = option(
        ..., "Where to write: .html, .md, or .pdf where Chromium is installed.", "--output", "-o", metavar="FILE"
    ),
    plan: Paths = option(
        None, "Planned posts too, with lint's findings and expected views. May be given several times.", metavar="PLAN"
    ),
    compare: Paths = option(
        None, "What changed since an earlier export. May be given several times.", metavar="EXPORT"
    ),
    title: str | None = option(None, "What the report is called."),
    logo: Path | None = option(None, "A picture at the top: PNG, JPEG, GIF or WebP.", metavar="FILE"),
    open_it: bool = option(False, "Open it when it is written.", "--open"),
    seed: int = seed_option("Seed of the intervals; the same seed gives the same bytes."),
) -> None:
    """Write one page to send to a client.

    \b
    Examples:
      tiktok-coach report bakery -o report.html
      tiktok-coach report exports/ -o report.html --plan plans/ --title "Spring at the bakery" --logo logo.png
      tiktok-coach report exports/october -o report.pdf --compare exports/september
      tiktok-coach report exports/ -o report.html --media videos/
      tiktok-coach report exports/ -o report.md
      tiktok-coach report clients/ -o clients.html --each-account
      tiktok-coach report clients/ -o june.html --each-account --last 1m --until 2026-06-30

    Of several accounts a table comes first, then the one with most posts; --account shows one alone. With \
    --each-account FILE holds the table, and each account has a page of its own beside it, in which no other is named.

    The page holds all it needs: it opens offline, asks nothing of any other place, and runs no script but its own.

    It says how the account does, what to do next, what works, and shows every post.
    """
    import datetime as dt

    from tiktok_coach.render.site.pdf import needed
    from tiktok_coach.render.site.report import Branding, data_address, run_studies

    kind = format_of(output_file, FORMATS)
    # What cannot be is said before anything is read.
    address = data_address(logo) if logo else None
    if kind == "pdf":
        needed()
    if plan and request["each_account"]:
        raise typer.BadParameter(
            _("is of one account; choose it with --account, or leave out --each-account"), param_hint="--plan"
        )
    with request.reading() as progress:
        options = request.analysis()
        result = run_studies(options, plans=plan or (), earlier=compare or (), seed=seed, progress=progress)
    now = dt.datetime.combine(options.today, dt.time(), dt.UTC) if options.today else options.now
    request.say(result.export.all_notices)
    for path in _write_report(result, output_file, Branding(title, address, now), request):
        request.confirm(_("wrote {output_file}", output_file=path))
    if open_it:
        typer.launch(str(output_file))


def _write_report(result: Accounts[Studies], path: Path, branding: Branding, request: Request) -> Iterator[Path]:
    """Writes the report, or the table of accounts and a report for each; gives the files as they are written."""
    from tiktok_coach.render.accounts import accounts_page, in_order
    from tiktok_coach.render.pages.show import page_markdown
    from tiktok_coach.render.site.report import index_html, report_html, report_markdown

    summaries = in_order(result.summaries, request["sort"])
    if not (request["each_account"] and summaries):
        table = chain(page_markdown(accounts_page(summaries, "markdown")), "\n") if summaries else ()
        html = partial(report_html, result.answer, branding, summaries)
        _write(path, chain(table, report_markdown(result.answer)), html)
        yield path
        return
    pages = page_names(path, [one.account.handle for one in summaries])
    for page in pages.values():
        request.require_replaceable(page)
    html = partial(index_html, summaries, branding, {handle: page.name for handle, page in pages.items()})
    _write(path, page_markdown(accounts_page(summaries, "markdown")), html)
    yield path
    for one, answer in zip(summaries, result.answers(summaries), strict=True):
        page = pages[one.account.handle]
        _write(page, report_markdown(answer), partial(report_html, answer, branding))
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


def _write(path: Path, markdown: Iterable[str], html: Callable[[], str]) -> None:
    from tiktok_coach.render.output import write_pieces

    kind = format_of(path, FORMATS)
    if kind == "markdown":
        write_pieces(markdown, path)
    elif kind == "pdf":
        from tiktok_coach.render.site.pdf import print_pdf

        print_pdf(html(), path)
    else:
        write_pieces([html()], path)
