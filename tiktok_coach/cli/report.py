"""report: one page that shows everything, made to be sent to someone who never opens a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.showing import Request, on_exports
from tiktok_coach.language.words import _

if TYPE_CHECKING:
    import datetime as dt

    from tiktok_coach.report.site.gathering import Gathered

ENDINGS = (".html", ".htm", ".md", ".pdf")


@on_exports(shows=False)
def report(
    request: Request,
    output_file: Annotated[
        Path,
        typer.Option(
            "--output-file",
            "-o",
            metavar="FILE",
            help="Where to write: .html, .md, or .pdf where Chromium is installed.",
            rich_help_panel=opt.OUTPUT,
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
    title: Annotated[str | None, typer.Option(help="What the report is called.", rich_help_panel=opt.OUTPUT)] = None,
    logo: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A picture at the top: PNG, JPEG, GIF or WebP.", rich_help_panel=opt.OUTPUT),
    ] = None,
    open_it: Annotated[
        bool, typer.Option("--open", help="Open it when it is written.", rich_help_panel=opt.OUTPUT)
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intervals; the same seed gives the same bytes.")] = 7,
) -> None:
    """Write one page to send to a client: tips, changes, times, evidence, every post with its signals, sources and caveats.

    \b
    Examples:
      tiktok-coach report bakery -o report.html
      tiktok-coach report exports/ -o report.html --plan plans/ --title "Spring at the bakery" --logo logo.png
      tiktok-coach report exports/october -o report.pdf --compare exports/september
      tiktok-coach report exports/ -o report.md

    The page holds all it needs: it opens offline, asks nothing of any other place, and runs no script but its own.
    """
    import datetime as dt

    from tiktok_coach.errors import CoachError
    from tiktok_coach.report.site.gathering import gathered
    from tiktok_coach.report.site.html import data_address
    from tiktok_coach.report.site.printing import needed

    if output_file.suffix.lower() not in ENDINGS:
        raise CoachError(
            _("--output-file {output_file} is of no known kind", output_file=output_file),
            hint=_("end it in {names}", names=", ".join(ENDINGS)),
        )
    # What cannot be is said before anything is read.
    address = data_address(logo) if logo else None
    if output_file.suffix.lower() == ".pdf":
        needed()
    with request.reading() as progress:
        asked = request.asked
        found = gathered(asked, plans=plan or (), earlier=compare or (), seed=seed, progress=progress)
    now = dt.datetime.combine(asked.today, dt.time(), dt.UTC) if asked.today else asked.now
    request.say(found.audit.export.said)
    _write(found, output_file, title, address, now)
    request.tell(_("wrote {output_file}", output_file=output_file))
    if open_it:
        typer.launch(str(output_file))


def _write(found: Gathered, path: Path, title: str | None, logo: str | None, now: dt.datetime) -> None:
    from tiktok_coach.report.writing import write_pieces

    kind = path.suffix.lower()
    if kind == ".md":
        from tiktok_coach.report.site.markdown import report_markdown

        write_pieces(report_markdown(found), path)
        return
    from tiktok_coach.report.site.html import report_html

    page = report_html(found, title=title, logo=logo, now=now)
    if kind == ".pdf":
        from tiktok_coach.report.site.printing import print_pdf

        print_pdf(page, path)
    else:
        write_pieces([page], path)
