"""start: from a folder of downloads to the first audit."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli.options import argument, option, shell_text, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.account import normalize_handle
from tiktok_coach.core.errors import CoachError, NothingReadError
from tiktok_coach.core.translation import N_, _, plural, plurals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tiktok_coach.analysis.session import Analysis
    from tiktok_coach.analysis.start import Download, Start

# So many facts, accounts or files are named in the heading of the screen.
NAMED = 5
# Lines of a screen of several accounts beside those of the accounts.
AROUND = 11
KINDS = (N_("personal"), N_("creator"), N_("business"))


@takes(..., "goal", "timezone", "language", "today", "no_progress")
def start(
    request: Request,
    folder: Path = argument(Path(), "DIR", "Folder with what you downloaded."),
    handle: str | None = option(None, "Handle of the account."),
    kind: str | None = option(None, "Type of the account.", "--type", choices=KINDS),
    country: str | None = option(None, "Country of the account: its name or code.", metavar="COUNTRY"),
    timezone: str | None = option(None, "City or country where the account is.", metavar="PLACE"),
    yes: bool = option(False, "Ask nothing; take what is guessed. So it is where there is no terminal.", "--yes", "-y"),
) -> None:
    """Set up accounts from a folder of downloads.

    \b
    Examples:
      tiktok-coach start
      tiktok-coach start ~/Downloads/tiktok --timezone Copenhagen
      tiktok-coach start exports --handle mybakery --type business --yes
      tiktok-coach start exports --goal rewards,reach
      tiktok-coach start clients

    Of several accounts, each with a folder of its own, each gets a config file. One that you changed is left as it is.
    """
    from dataclasses import replace

    from tiktok_coach.analysis import start as study
    from tiktok_coach.analysis.audit import audit
    from tiktok_coach.core.countries import country_code
    from tiktok_coach.io.dates.zone_places import zone_of_place
    from tiktok_coach.render.accounts import in_order
    from tiktok_coach.render.follow_up import remember_start
    from tiktok_coach.render.output import RenderOptions, console_to
    from tiktok_coach.render.pages.show import print_page
    from tiktok_coach.render.screen import LINES, accounts_screen, audit_screen, wrapped
    from tiktok_coach.render.written import is_as_written

    zone = zone_of_place(timezone) if timezone else None
    country = country_code(country) if country else None
    options = request.analysis(timezone=zone)
    account = {"handle": handle, "type": kind, "goal": ", ".join(options.goal), "country": country, "timezone": zone}
    account["language"] = request["language"]
    given = {name: value for name, value in account.items() if value}
    try:
        with request.reading() as progress:
            result = study.start(options, folder, given, progress)
    except NothingReadError:
        typer.echo(_("Nothing here is an export yet. What you can get:"))
        _say_downloads(study.DOWNLOADS)
        typer.echo("")
        raise
    request.say([one for one in result.export.all_notices if one.level == "warning"], verbose=False)
    can_ask = not yes and is_interactive()
    if can_ask and result.config is None:
        result = _ask(result)
    is_kept_out = result.config is None and result.folder.resolve() == Path.home() and not (can_ask and _confirm())
    written = _("Wrote no config file into your home folder.") if is_kept_out else _write_configs(result, given)
    result_of_audit = audit(replace(options, inputs=result.inputs))
    said = [" ".join(filter(None, (found_text(result), new_text(result_of_audit.analysis), written)))]
    if result.others or is_kept_out:
        said.append(_("Move your downloads to a folder of their own: other commands read all of it."))
    remember_start(result_of_audit)
    command = shell_text(["tiktok-coach", "start", folder])
    if not is_kept_out and any(one.timezone is None for one in result_of_audit.export.accounts):
        is_theirs = result.config is not None and not is_as_written(result.config)
        text = N_("Without your timezone no hour is known; set it: {command} --timezone CITY")
        text = N_("Without your timezone no hour is known; write it into {config}.") if is_theirs else text
        said.append(_(text, command=command, config=result.config))
    with console_to(None) as console:
        heading = [line for text in said for line in wrapped(text, console.width, 3)]
        console.print(*heading, "", sep="\n")
        inputs = shell_text(result.inputs if len(result.inputs) <= NAMED else [result.folder])
        shown = RenderOptions(top=3, inputs=inputs, accounts=LINES - len(heading) - AROUND)
        if result_of_audit.summaries:
            page = accounts_screen(in_order(result_of_audit.summaries, "gain"), shown)
        else:
            page = audit_screen(result_of_audit.answer, shown, LINES - len(heading) - 1)
        print_page(page, console)


def found_text(result: Start) -> str:
    """How many posts there are, of how many accounts, in how many files, and how many others there were."""
    posts = plural("{count:,} post", "{count:,} posts", len(result.export.posts))
    count = sum(one.state == "read" for one in result.export.sources)
    files = plural("{count} file", "{count} files", count)
    text = _("Found {posts} in {files}.", posts=posts, files=files)
    if len(result.export.accounts) > 1:
        accounts = plural("{count} account", "{count:,} accounts", len(result.export.accounts))
        text = _("Found {posts} of {accounts} in {files}.", posts=posts, accounts=accounts, files=files)
    if result.others:
        one, many = plurals("{count:,} other file is left out.", "{count:,} other files are left out.")
        text += " " + plural(one, many, result.others)
    if result.skipped:
        one, many = plurals("{count:,} folder is not looked into.", "{count:,} folders are not looked into.")
        text += " " + plural(one, many, result.skipped)
    return text


def new_text(analysis: Analysis) -> str | None:
    """How many posts are new since the last time; None the first time."""
    from tiktok_coach.analysis.follow_up import posts_since

    if (new := posts_since(analysis.export, analysis.settings.remembered)) is None:
        return None
    one, many = plurals(
        "{count:,} post is new since {since:%Y-%m-%d}.", "{count:,} posts are new since {since:%Y-%m-%d}."
    )
    count, since = new
    return plural(one, many, count, since=since) if count else _("No post is newer than {since:%Y-%m-%d}.", since=since)


def _write_configs(result: Start, given: Mapping[str, str]) -> str:
    """Write the config file of each account that has none, or whose own is as this tool wrote it and something else is
    `given` now; gives the words for it.
    """
    from tiktok_coach.analysis import start as study
    from tiktok_coach.render.output import write_pieces
    from tiktok_coach.render.written import is_as_written

    shared = result.folder / study.CONFIG
    # What is said of the accounts that are chosen holds for no other, and must not go into a file that is of all.
    is_kept = not result.is_of_all and shared.exists()
    configs = {} if is_kept else {shared: result.shared}
    configs |= {place / study.CONFIG: result.guesses[handle] for handle, place in result.folders.items()}
    if result.config is not None and result.config != result.folder.resolve() / study.CONFIG:
        return _("The account is as {config} says.", config=result.config)
    if not configs:
        return _("Wrote nothing: {config} is of all accounts, and this one has no folder of its own.", config=shared)
    written, kept = [], []
    for path, guesses in configs.items():
        if path.exists() and not (given and is_as_written(path)):
            kept.append(path)
            continue
        write_pieces([study.config_text(guesses)], path)
        written.append(path)
    if not written:
        text = N_("The account is as {config} says; you changed that file, so change it there.")
        return _(text if given else N_("The account is as {config} says."), config=kept[0])
    if len(written) > 1:
        count = plural("{count} config file", "{count} config files", len(written))
        return _("Wrote {files}, {first} and the like; change there what is wrong.", files=count, first=written[-1])
    facts = ", ".join(guess.value for guess in configs[written[0]].values())
    text = N_("Wrote {target} ({facts}); change there what is wrong.") if facts else N_("Wrote {target}.")
    return _(text, target=written[0], facts=facts)


def _say_downloads(downloads: Sequence[Download]) -> None:
    for one in downloads:
        typer.echo(f"  {_(one.name)}: {_(one.tells)}\n    {_(one.where)}")


def is_interactive() -> bool:
    """Whether somebody can be asked."""
    import sys

    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(result: Start) -> Start:
    """The start with what the user answers: which of several accounts to set up, where they are, and their type."""
    from dataclasses import replace

    folders, shared, accounts = result.folders, result.shared, [*result.accounts]
    typer.echo("\n" + _("Enter takes what is in brackets."))
    if len(folders) > 1:
        listed = ", ".join([*list(folders)[:NAMED], "…"] if len(folders) > NAMED else folders)
        question = _("Which accounts to set up, with commas ({names}; empty for all)", names=listed)
        folders = typer.prompt(question, default="", show_default=False, value_proc=partial(_chosen, folders))
        accounts = accounts if folders == result.folders else [one for one in accounts if one.handle in folders]
    questions = [("timezone", _("City or country of the account (empty if you do not know)"), _zone)]
    if len(result.accounts) == 1:
        names = ", ".join(KINDS)
        questions.append(("type", _("Type of the account ({names}; empty if you do not know)", names=names), _kind))
    facts = dict(result.facts)
    for name, question, check in questions:
        guess = shared.get(name)
        if name in facts:
            continue
        answer = typer.prompt(
            question, default=guess.value if guess else "", show_default=guess is not None, value_proc=check
        )
        if answer and (guess is None or answer != guess.value):
            facts[name] = answer
    return replace(result, folders=folders, accounts=tuple(accounts), facts=facts)


def _confirm() -> bool:
    return typer.confirm(_("This is your home folder. Write the config file here?"), default=False)


def _chosen(folders: Mapping[str, Path], text: str) -> dict[str, Path]:
    names = [normalize_handle(name) for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in folders]:
        raise typer.BadParameter(_("{text!r} is none of {names}", text=unknown[0], names=", ".join(folders)))
    return {handle: place for handle, place in folders.items() if not names or handle in names}


def _zone(text: str) -> str:
    from tiktok_coach.io.dates.zone_places import zone_of_place

    try:
        return zone_of_place(text) if text.strip() else ""
    except CoachError as error:
        raise typer.BadParameter(str(error)) from error


def _kind(text: str) -> str:
    if text.strip() not in {"", *KINDS}:
        raise typer.BadParameter(_("{text!r} is none of {names}", text=text, names=", ".join(KINDS)))
    return text.strip()
