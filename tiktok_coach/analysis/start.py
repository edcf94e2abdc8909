"""A start: what a folder of downloads holds, what else can be downloaded, and whose account it seems to be."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from tiktok_coach.analysis.exports import load_export, of_account
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.core.account import GOALS, Account
from tiktok_coach.core.config import find_config, parse_config
from tiktok_coach.core.errors import CoachError, NothingReadError
from tiktok_coach.core.notices import PROVENANCE, input_names, source_path
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import N_, _, read_rows
from tiktok_coach.io.files.discovery import discover
from tiktok_coach.io.files.source_files import STDIN
from tiktok_coach.io.reading import Export

CONFIG = "tiktok-coach.yaml"
OPTION = N_("as you say")
# What CLDR calls the territory of a timezone that is of no country, such as UTC.
NOWHERE = ("001", "ZZ")
FACTS = ("handle", "type", "goal", "timezone", "country", "language")
# A line of the config file, as `config_text` writes it: the fact, and what it is based on.
WRITTEN = re.compile(r"^  (\w+): .*  # (.*)$", re.M)


@dataclass(frozen=True)
class Guess:
    """A likely fact of the account, and what it is based on."""

    value: str
    because: str


@dataclass(frozen=True)
class Download:
    """A file that a creator can get: what it is, where in TikTok's menus, its facts, and its kind for readers."""

    name: str
    where: str
    tells: str
    kind: str


DOWNLOADS = tuple(Download(**row) for row in read_rows(Path(__file__).with_name("downloads.csv")))


@dataclass(frozen=True)
class Start:
    """The export of the `inputs`, the accounts to set up with what the user says of them, and the config that holds.

    `accounts` are all of the export or those that the user chose, and the `facts` are of these alone. `folder` is the
    one that has all inputs, `others` is how many files there were left out, and `skipped` how many folders. `folders`
    are those of several accounts by handle, as far as each has one of its own.
    """

    folder: Path
    inputs: tuple[Path, ...]
    others: int
    export: Export
    config: Path | None
    accounts: tuple[Account, ...]
    facts: Mapping[str, str]
    folders: Mapping[str, Path]
    skipped: int = 0

    @cached_property
    def guesses(self) -> dict[str | None, dict[str, Guess]]:
        """The guesses on each account, chosen or not, by its handle."""
        zone, chosen = local_zone(), {account.handle for account in self.accounts}
        return {
            account.handle: guess_account(
                account, self.facts if account.handle in chosen else {}, zone, self._earlier(account.handle)
            )
            for account in self.export.accounts
        }

    def _earlier(self, handle: str | None) -> dict[str, Guess]:
        """What config files say already of an account, that of its own folder first."""
        of_all = config_facts(self.config) if self.config is not None else {}
        if "handle" in of_all and of_all["handle"].value != handle:
            of_all = {}
        if (own := self.folders.get(handle or "")) is not None and (own / CONFIG).is_file():
            of_all |= config_facts(own / CONFIG)
        return of_all

    @property
    def is_of_all(self) -> bool:
        """Whether all accounts are set up, and not some that the user chose."""
        return len(self.accounts) == len(self.export.accounts)

    @property
    def shared(self) -> dict[str, Guess]:
        """The guesses that are the same on all accounts, or those on a single one that has no folder of its own."""
        if len(self.accounts) == 1 and not self.folders:
            return self.guesses[self.accounts[0].handle]
        first, *others = self.guesses.values()
        same = {name: guess for name, guess in first.items() if all(guess == other.get(name) for other in others)}
        if self.config is None or not others:
            return same
        # What is said already of all stays so, also where the config of one account says otherwise.
        facts = {name: Guess(value, OPTION) for name, value in self.facts.items()}
        return _with_consequences(_with_earlier(facts, config_facts(self.config))) | same


def start(options: AnalysisOptions, folder: Path, facts: Mapping[str, str], progress: Progress | None = None) -> Start:
    """What a folder holds, beside the `facts` that the user says. Raises CoachError where nothing can be read.

    Of a folder that holds much else only the exports are read.
    """
    if folder == STDIN:
        raise CoachError(_("start needs a folder, not stdin"), hint=_("name the folder with your downloads"))
    settings = resolve_settings(replace(options, inputs=(folder,)))
    discovery = discover(folder, settings.read_options, progress)
    inputs = (folder,) if discovery is None else discovery.exports
    if not inputs:
        hint = _("`tiktok-coach audit --help` lists the formats")
        raise NothingReadError(_("has no export that I can read{why}", why=""), where=str(folder), hint=hint)
    folder = folder if folder.is_dir() else folder.parent
    place = folder if discovery is None else Path(os.path.commonpath([path.parent for path in inputs]))
    settings = resolve_settings(replace(options, inputs=inputs))
    export = load_export(inputs, settings, progress)
    accounts = export.accounts
    if len(accounts) > 1 and (handle := facts.get("handle")) is not None:
        accounts = of_account(export, handle).accounts
    folders = account_folders(export, inputs, place) if len(export.accounts) > 1 else {}
    own = {account.handle: folders[account.handle] for account in accounts if account.handle in folders}
    if "handle" not in facts:
        # Those that were there and got no config were not chosen.
        own = {h: place for h, place in own.items() if h not in settings.remembered or (place / CONFIG).exists()}
    others, skipped = (0, 0) if discovery is None else (discovery.others, discovery.folders)
    return Start(place, inputs, others, export, find_config(place), accounts, facts, own, skipped)


def account_folders(export: Export, inputs: Sequence[Path], folder: Path) -> dict[str, Path]:
    """By handle the topmost folder below `folder` that has files of this account and of no other."""
    paths = dict(zip(input_names(inputs), inputs, strict=True))
    handles: dict[Path, set[str]] = {}
    for name, of_source in _accounts_by_source(export).items():
        if (path := source_path(name, paths)) is not None:
            for place in path.relative_to(folder).parents[:-1]:
                handles.setdefault(folder / place, set()).update(of_source)
    result: dict[str, Path] = {}
    for place, of_place in sorted(handles.items(), key=lambda pair: len(pair[0].parts)):
        # An archive may hold folders of its own.
        if len(of_place) == 1 and place.is_dir():
            result.setdefault(next(iter(of_place)), place)
    return result


def _accounts_by_source(export: Export) -> dict[str, set[str]]:
    """The handles in each file that names any, by the file's name."""
    main = {source.name: source.account for source in export.sources if source.account}
    result = {name: {handle} for name, handle in main.items()}
    sources, patterns = export.provenance.sources, export.provenance.patterns
    for code, handle in export.posts[[PROVENANCE, "account"]].dropna().drop_duplicates().itertuples(index=False):
        names = {sources[source].name for source, _columns in (patterns[code] if code >= 0 else ())} & main.keys()
        # A post that another account's file has too is of the file that is mostly of its own.
        if handle not in {main[name] for name in names}:
            for name in names:
                result[name].add(handle)
    return result


def config_facts(path: Path) -> dict[str, Guess]:
    """What a config file says of the account, with what its comments say that it is based on."""
    account = parse_config(path).account.account()
    comments = dict(WRITTEN.findall(path.read_text("utf-8")))
    values = {name: getattr(account, name) for name in FACTS}
    because = N_("the config file says so")
    return {name: Guess(value, comments.get(name, because)) for name, value in values.items() if value}


def guess_account(
    account: Account, account_options: Mapping[str, str], zone: str | None, earlier: Mapping[str, Guess] | None = None
) -> dict[str, Guess]:
    """Facts of the account by options, config files (`earlier`), files and this computer's timezone, and what follows.

    What followed from something that an option changes follows from that now.
    """
    options = {name: Guess(value, OPTION) for name, value in account_options.items()}
    guesses = _with_earlier(options, earlier or {})
    for name in FACTS:
        # The account has what the config says, too.
        if name not in {*guesses, *(earlier or {})} and (value := getattr(account, name)):
            guesses[name] = Guess(value, N_("the files say so"))
    if zone and "timezone" not in guesses:
        guesses["timezone"] = Guess(zone, N_("it is this computer's"))
    return _with_consequences(guesses)


def _with_earlier(options: Mapping[str, Guess], earlier: Mapping[str, Guess]) -> dict[str, Guess]:
    """The options, and of what was known before all that did not merely follow from something else."""
    guesses = dict(options)
    for name, guess in earlier.items():
        others = {other: known for other, known in earlier.items() if other != name}
        if _with_consequences(others).get(name) != guess:
            guesses.setdefault(name, guess)
    return guesses


def _with_consequences(facts: Mapping[str, Guess]) -> dict[str, Guess]:
    """Facts with the country that the timezone is in and the language that is spoken there, where they are unknown."""
    from babel import Locale
    from babel.core import get_global
    from babel.languages import get_official_languages

    guesses = dict(facts)
    if "timezone" in guesses and "country" not in guesses:
        zone = guesses["timezone"].value
        territory = get_global("zone_territories").get(zone)
        if territory and territory not in NOWHERE:
            guesses["country"] = Guess(territory, _("{value} is there", value=zone))
    if "country" in guesses and "language" not in guesses:
        country = guesses["country"].value
        if languages := get_official_languages(country, de_facto=True):
            because = _("it is spoken in {named}", named=Locale("en").territories.get(country, country))
            guesses["language"] = Guess(languages[0].split("_")[0], because)
    return guesses


def local_zone() -> str | None:
    """The IANA name of this computer's timezone; None where it has none, and for UTC, in which nobody lives."""
    from babel.core import get_global
    from tzlocal import get_localzone_name

    try:
        zone = get_localzone_name()
    except (LookupError, OSError, ValueError):
        return None
    return zone if get_global("zone_territories").get(zone, NOWHERE[0]) not in NOWHERE else None


def config_text(guesses: Mapping[str, Guess]) -> str:
    """The text of the config file, with a comment on where each fact comes from."""
    import yaml

    lines = [
        _(
            "# Who the account is; `tiktok-coach` finds this file beside the exports. `tiktok-coach schema config` "
            "lists every key."
        ),
        "account:",
    ]
    for name, guess in guesses.items():
        style = '"' if name == "handle" else None
        value = yaml.safe_dump(guess.value, allow_unicode=True, width=10_000, default_style=style).splitlines()[0]
        lines.append(f"  {name}: {value}  # {_(guess.because)}")
    if "timezone" not in guesses:
        lines.append(_("  timezone:  # such as Europe/Copenhagen; without it no hour is known"))
    if "goal" not in guesses:
        first, *others = GOALS
        about = _("or {names}: what is advised follows it", names=", ".join(others))
        lines.append(f"  # goal: {first}   # {about}")
    lines.append(_("  # subcultures: [foodtok]   # the communities whose hashtags you use: tip 2 needs them"))
    return "\n".join(lines) + "\n"
