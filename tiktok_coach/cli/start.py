"""start: from a folder of downloads to the first audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli.options import argument, option, shell_text, takes
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
    """Set up an account from a folder of downloads.

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
    from tiktok_coach.render.output import RenderOptions, console_to, write_pieces
    from tiktok_coach.render.pages.show import print_page
    from tiktok_coach.render.screen import LINES, accounts_screen, audit_screen, wrapped

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
    request.say([one for one in result.export.all_notices if one.level == "warning"], verbose=False)
    said = [found_text(result)]
    if result.config is None:
        interactive = not yes and sys.stdin.isatty() and sys.stdout.isatty()
        guesses = _ask(result) if interactive else dict(result.guesses)
        target = folder / study.CONFIG
        write_pieces([study.config_text(guesses)], target)
        facts = ", ".join(guess.value for guess in guesses.values())
        text = N_("Wrote {target} ({facts}); change there what is wrong.") if facts else N_("Wrote {target}.")
        said += [_(text, target=target, facts=facts)]
    else:
        said += [_("The account is as {config} says.", config=result.config)]
    result_of_audit = audit(replace(options, inputs=(folder,)))
    with console_to(None) as console:
        heading = wrapped(" ".join(said), console.width, 3)
        console.print(*heading, "", sep="\n")
        shown = RenderOptions(top=3, inputs=shell_text([result.folder]))
        if result_of_audit.summaries:
            page = accounts_screen(result_of_audit.summaries, shown)
        else:
            page = audit_screen(result_of_audit.answer, shown, LINES - len(heading) - 1)
        print_page(page, console)


def found_text(result: Start) -> str:
    """How many posts there are, and in how many files."""
    posts = plural("{count:,} post", "{count:,} posts", len(result.export.posts))
    count = sum(one.state == "read" for one in result.export.sources)
    return _("Found {posts} in {files}.", posts=posts, files=plural("{count} file", "{count} files", count))


def _say_downloads(downloads: Sequence[Download]) -> None:
    for one in downloads:
        typer.echo(f"  {_(one.name)}: {_(one.tells)}\n    {_(one.where)}")


def _ask(result: Start) -> dict[str, Guess]:
    from tiktok_coach.analysis import start as study
    from tiktok_coach.core.timezones import parse_timezone

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
