"""start: from a folder of downloads to the first audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli.options import argument, option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError, NothingReadError
from tiktok_coach.core.translation import N_, _, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tiktok_coach.analysis.start import Download, Guess, Start

KINDS = (N_("personal"), N_("creator"), N_("business"))


@takes(..., "timezone", "language", "today", "no_progress")
def start(
    request: Request,
    folder: Path = argument(Path(), "DIR", "Folder with what you downloaded."),
    handle: str | None = option(None, "Handle of the account."),
    kind: str | None = option(None, "Type of the account.", "--type", choices=KINDS),
    country: str | None = option(None, "Country of the account, as ISO 3166 has it.", metavar="CC"),
    yes: bool = option(False, "Ask nothing; take what is guessed. So it is where there is no terminal.", "--yes", "-y"),
) -> None:
    """Find the exports in a folder, say what to download still, write the config, run the first audit, and name \
    what comes next.

    \b
    Examples:
      tiktok-coach start
      tiktok-coach start ~/Downloads/tiktok --timezone Europe/Copenhagen
      tiktok-coach start exports --handle mybakery --type business --yes

    A config file that is there is left as it is.
    """
    import sys
    from dataclasses import replace

    from tiktok_coach.analysis import start as study
    from tiktok_coach.analysis.audit import audit
    from tiktok_coach.render.audit import audit_page
    from tiktok_coach.render.output import RenderOptions, console_to, write_pieces
    from tiktok_coach.render.pages.show import print_page

    options = request.analysis()
    account = {"handle": handle, "type": kind, "country": country}
    account |= {name: request[name] for name in ("timezone", "language")}
    try:
        with request.reading() as progress:
            result = study.start(options, folder, {k: v for k, v in account.items() if v}, progress)
    except NothingReadError:
        typer.echo(_("Nothing here is an export yet. What you can get:"))
        _say_downloads(study.DOWNLOADS)
        typer.echo("")
        raise
    request.say(result.export.all_notices, verbose=False)
    _say_files(result)
    if result.config is None:
        interactive = not yes and sys.stdin.isatty() and sys.stdout.isatty()
        guesses = _ask(result) if interactive else dict(result.guesses)
        target = folder / study.CONFIG
        write_pieces([study.config_text(guesses)], target)
        typer.echo("\n" + _("Wrote {target}, which says who the account is:", target=target))
        for name, guess in guesses.items():
            typer.echo(f"  {name:<9} {guess.value}  ({_(guess.because)})")
        typer.echo("  " + _("Change what is wrong in it: every later command reads it.") + "\n")
    else:
        typer.echo("\n" + _("The account is as {config} says.", config=result.config) + "\n")
    audited = audit(replace(options, inputs=(folder,)))
    with console_to(None) as console:
        print_page(audit_page(audited.answer, RenderOptions(top=3)), console)
    name = str(result.folder)
    name = f'"{name}"' if " " in name else name
    lacks_pages = "what Studio's pages show" in {one.name for one in result.missing}
    second = "tiktok-coach capture guide" if lacks_pages else f"tiktok-coach evidence {name}"
    typer.echo("\n" + _("Next:") + f"\n  tiktok-coach report {name} -o report.html\n  {second}")


def _say_files(result: Start) -> None:
    from tiktok_coach.render.escaping import one_line

    posts = len(result.export.posts)
    typer.echo(plural("Found {count:,} post in:", "Found {count:,} posts in:", posts))
    files: dict[str, list[str]] = {}
    for source in result.export.sources:
        if source.state == "read":
            files.setdefault(source.format, []).append(one_line(source.name))
    for kind, names in files.items():
        more = _(", and {count} more", count=len(names) - 1) if len(names) > 1 else ""
        typer.echo(f"  {_(kind):<22} {names[0]}{more}")
    if result.missing:
        typer.echo("\n" + _("Would tell more:"))
        _say_downloads(result.missing)


def _say_downloads(downloads: Sequence[Download]) -> None:
    for one in downloads:
        typer.echo(f"  {_(one.name)}: {_(one.tells)}\n    {_(one.where)}")


def _ask(result: Start) -> dict[str, Guess]:
    from tiktok_coach.analysis import start as study
    from tiktok_coach.io.dates.parse import parse_timezone

    def is_zone(text: str) -> str:
        try:
            return parse_timezone(text.strip()).key
        except CoachError as error:
            raise typer.BadParameter(str(error)) from error

    def is_kind(text: str) -> str:
        if text.strip() not in {"", *KINDS}:
            raise typer.BadParameter(_("{text!r} is none of {names}", text=text, names=", ".join(KINDS)))
        return text.strip()

    guesses = dict(result.guesses)
    typer.echo("\n" + _("Two questions; Enter takes what is in brackets."))
    for name, question, check in (
        ("timezone", _("Timezone of the account"), is_zone),
        ("type", _("Type of the account ({names}; empty if you do not know)", names=", ".join(KINDS)), is_kind),
    ):
        guess = guesses.get(name)
        if guess is not None and guess.because == study.OPTION:
            continue
        answer = typer.prompt(question, default=guess.value if guess else "", value_proc=check).strip()
        if answer and (guess is None or answer != guess.value):
            guesses[name] = study.Guess(answer, study.OPTION)
    return guesses
