"""A start: what a folder of downloads holds, what else can be downloaded, and whose account it seems to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.config import find_config
from tiktok_coach.core.translation import N_, _, read_rows
from tiktok_coach.io.reading import Export

CONFIG = "tiktok-coach.yaml"
OPTION = N_("as you say")
# What CLDR calls the territory of a timezone that is of no country, such as UTC.
NOWHERE = ("001", "ZZ")


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
    """The export in a folder, which DOWNLOADS are missing, the guesses by name, and the config file if there is one."""

    folder: Path
    export: Export
    missing: tuple[Download, ...]
    guesses: Mapping[str, Guess]
    config: Path | None


def start(
    options: AnalysisOptions, folder: Path, account_options: Mapping[str, str], progress: Progress | None = None
) -> Start:
    """What a folder holds, guesses beside `account_options` too. Raises CoachError where nothing can be read."""
    options = replace(options, inputs=(folder,))
    export = load_export(options.inputs, resolve_settings(options), progress)
    kinds = {source.download for source in export.sources if source.state == "read"}
    missing = tuple(one for one in DOWNLOADS if one.kind not in kinds)
    guesses = guess_account(export.accounts[0], account_options, local_zone())
    return Start(folder, export, missing, guesses, find_config(folder))


def guess_account(account: Account, account_options: Mapping[str, str], zone: str | None) -> dict[str, Guess]:
    """Facts of the account by options, files and this computer's timezone, with its country and that one's language."""
    from babel import Locale
    from babel.core import get_global
    from babel.languages import get_official_languages

    guesses = {name: Guess(value, OPTION) for name, value in account_options.items()}

    def guess(name: str, value: str | None, because: str) -> None:
        if value and name not in guesses:
            guesses[name] = Guess(value, because)

    for name in ("handle", "type", "timezone", "country", "language"):
        guess(name, getattr(account, name), N_("the files say so"))
    guess("timezone", zone, N_("it is this computer's"))
    if "timezone" in guesses:
        zone = guesses["timezone"].value
        territory = get_global("zone_territories").get(zone)
        guess("country", None if territory in NOWHERE else territory, _("{value} is there", value=zone))
    if "country" in guesses:
        country = guesses["country"].value
        languages = get_official_languages(country, de_facto=True)
        because = _("it is spoken in {named}", named=Locale("en").territories.get(country, country))
        guess("language", languages[0].split("_")[0] if languages else None, because)
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
    lines.append(_("  # subcultures: [foodtok]   # the communities whose hashtags you use: tip 2 needs them"))
    return "\n".join(lines) + "\n"
