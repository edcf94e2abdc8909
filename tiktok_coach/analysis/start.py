"""A start: from a folder of downloads to a first audit. What is there, what may be downloaded still, and who the account seems to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.settings import resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.config import find_config
from tiktok_coach.core.notices import Download as DownloadKind
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.export import Export

CONFIG = "tiktok-coach.yaml"
OPTION = N_("as you say")
# What CLDR calls the territory of a timezone that is of no country, such as UTC.
NOWHERE = ("001", "ZZ")


@dataclass(frozen=True)
class Guess:
    """What is taken for a fact of the account, and why."""

    value: str
    because: str


@dataclass(frozen=True)
class Download:
    """A file that a creator can get: what it is, the way to it in TikTok's menus, what it tells, and what readers call it."""

    name: str
    where: str
    tells: str
    kind: DownloadKind


DOWNLOADS = (
    Download(
        N_("the list of your posts"),
        N_("tiktok.com/tiktokstudio → Analytics → Content → Download data"),
        N_("captions, days, views, likes, comments, shares"),
        "posts",
    ),
    Download(
        N_("your followers"),
        N_("tiktok.com/tiktokstudio → Analytics → Followers → Download data"),
        N_("the hours at which they are active, their countries, the growth"),
        "followers",
    ),
    Download(
        N_("the overview"),
        N_("tiktok.com/tiktokstudio → Analytics → Overview → Download data"),
        N_("views and interactions day by day"),
        "overview",
    ),
    Download(
        N_("the account archive"),
        N_("TikTok app → Profile → ☰ → Settings and privacy → Account → Download your data → JSON"),
        N_("sounds, whether comments, Duet and Stitch are allowed, the second of every post"),
        "archive",
    ),
    Download(
        N_("what Studio's pages show"),
        N_("tiktok-coach capture guide tells how your browser saves it"),
        N_("watch time, completion, retention, traffic, saves, lengths: the heaviest signals, which no download holds"),
        "studio pages",
    ),
)


@dataclass(frozen=True)
class Start:
    """The export that a folder holds, what of DOWNLOADS is not in it, the guesses by name, and the config file that is there already."""

    folder: Path
    export: Export
    missing: tuple[Download, ...]
    guesses: Mapping[str, Guess]
    config: Path | None


def start(options: AnalysisOptions, folder: Path, given: Mapping[str, str], progress: Progress | None = None) -> Start:
    """What a folder holds. `given` are facts of the account that the user says. Raises CoachError where nothing can be read."""
    options = replace(options, inputs=(folder,))
    export = load_export(options.inputs, resolve_settings(options), progress)
    kinds = {source.download for source in export.sources if source.state == "read"}
    missing = tuple(one for one in DOWNLOADS if one.kind not in kinds)
    return Start(folder, export, missing, guessed(export.accounts[0], given, local_zone()), find_config(folder))


def guessed(account: Account, given: Mapping[str, str], zone: str | None) -> dict[str, Guess]:
    """Who the account seems to be: what the user says, then what the files say, then this computer's timezone, and the country and language that go with it."""
    from babel import Locale
    from babel.core import get_global
    from babel.languages import get_official_languages

    found: dict[str, Guess] = {}

    def take(name: str, value: str | None, because: str) -> None:
        if value and name not in found:
            found[name] = Guess(value, because)

    for name, value in given.items():
        take(name, value, OPTION)
    for name in ("handle", "type", "timezone", "country", "language"):
        take(name, getattr(account, name), N_("the files say so"))
    take("timezone", zone, N_("it is this computer's"))
    if "timezone" in found:
        territory = get_global("zone_territories").get(found["timezone"].value)
        take(
            "country", None if territory in NOWHERE else territory, _("{value} is there", value=found["timezone"].value)
        )
    if "country" in found:
        spoken = get_official_languages(found["country"].value, de_facto=True)
        named = Locale("en").territories.get(found["country"].value, found["country"].value)
        take("language", spoken[0].split("_")[0] if spoken else None, _("it is spoken in {named}", named=named))
    return found


def local_zone() -> str | None:
    """The IANA name of this computer's timezone; None where it has none."""
    from tzlocal import get_localzone_name

    try:
        return get_localzone_name() or None
    except (LookupError, OSError, ValueError):
        return None


def config_text(guesses: Mapping[str, Guess]) -> str:
    """The config file, with a word on where each fact comes from."""
    import yaml

    lines = [
        _(
            "# Who the account is; `tiktok-coach` finds this file beside the exports. `tiktok-coach schema config` lists "
            "every key."
        ),
        "account:",
    ]
    for name, guess in guesses.items():
        said = yaml.safe_dump(
            guess.value, allow_unicode=True, width=10_000, default_style='"' if name == "handle" else None
        )
        lines.append(f"  {name}: {said.splitlines()[0]}  # {_(guess.because)}")
    lines.append(_("  # subcultures: [foodtok]   # the communities whose hashtags you use: tip 2 needs them"))
    return "\n".join(lines) + "\n"
