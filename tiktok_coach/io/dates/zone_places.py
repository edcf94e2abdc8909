"""Timezones by the places that people name: a city or a country, in any language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale

from tiktok_coach.core.countries import languages, plain_name
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.timezones import zone_names
from tiktok_coach.core.translation import _

# So many cities are named where a country has several clocks.
MOST_CITIES = 8
# Of places with one name the lists have the lesser alone, or a country's code.
NAMESAKES = {
    "cordoba": ("Europe/Madrid", "America/Argentina/Cordoba"),
    "georgia": ("Asia/Tbilisi", "America/New_York"),
    "granada": ("Europe/Madrid", "America/Grenada"),
    "la": ("America/Los_Angeles", "Asia/Vientiane"),
    "merida": ("America/Merida", "Europe/Madrid", "America/Caracas"),
    "san juan": ("America/Puerto_Rico", "America/Argentina/San_Juan"),
    "san luis": ("America/Argentina/San_Luis", "America/Mexico_City"),
}


def zone_of_place(text: str) -> str:
    """The timezone of a city or a country, or of an IANA name. Raises CoachError for other texts, for a country with
    several clocks, and for the name of several places.

    >>> [zone_of_place(text) for text in ("København", "Denmark", "Japon", "europe/copenhagen")]
    ['Europe/Copenhagen', 'Europe/Copenhagen', 'Asia/Tokyo', 'Europe/Copenhagen']
    """
    if (namesakes := NAMESAKES.get(plain_name(text))) is not None:
        hint = _("name the timezone: {zones}", zones=", ".join(namesakes))
        raise CoachError(_("{text!r} is the name of several places", text=text), hint=hint)
    zones = next((names[plain_name(text)] for names in _vocabularies() if plain_name(text) in names), ())
    if not zones:
        hint = _("name the nearest large city, such as Copenhagen, or the country")
        raise CoachError(_("{text!r} is no city or country that I know", text=text), hint=hint)
    if len(zones) > 1:
        cities = ", ".join(zone.rsplit("/", 1)[-1].replace("_", " ") for zone in zones[:MOST_CITIES])
        raise CoachError(_("{text!r} has several clocks", text=text), hint=_("name a city: {cities}", cities=cities))
    return zones[0]


def _vocabularies() -> Iterator[dict[str, tuple[str, ...]]]:
    """Timezones by name: of the list of timezones, then in the user's language, in English, and in all others."""
    yield _listed()
    yield from map(_names_in, languages())


@cache
def _listed() -> dict[str, tuple[str, ...]]:
    cities = {plain_name(zone.rsplit("/", 1)[-1]): (zone,) for zones in _by_country().values() for zone in zones}
    countries = {code.casefold(): _clocks(zones) for code, zones in _by_country().items()}
    # Others are old names of countries, whose timezones have names of their own.
    names = [zone for zone in zone_names().values() if "/" in zone or zone == "UTC"]
    return countries | cities | {plain_name(zone): (zone,) for zone in names}


@cache
def _names_in(name: str) -> dict[str, tuple[str, ...]]:
    locale = Locale.parse(name)
    countries = {
        plain_name(locale.territories[c]): _clocks(z) for c, z in _by_country().items() if c in locale.territories
    }
    # The list of names has one for a place that is not known, too.
    zones = {zone: facts for zone, facts in locale.time_zones.items() if zone.casefold() in zone_names()}
    cities = {plain_name(facts["city"]): (zone,) for zone, facts in zones.items() if "city" in facts}
    return countries | cities


@cache
def _by_country() -> dict[str, tuple[str, ...]]:
    """The timezones of each country by its code, in the order of the time zone database."""
    table: dict[str, tuple[str, ...]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _place, zone, *_comment = line.split("\t")
            table[country] = (*table.get(country, ()), zone)
    return table


@cache
def _clocks(zones: Sequence[str]) -> tuple[str, ...]:
    """The first of the timezones whose clocks agree, in summer as in winter."""
    year = dt.datetime.now(dt.UTC).year
    first: dict[tuple[dt.timedelta | None, ...], str] = {}
    for zone in zones:
        offsets = tuple(dt.datetime(year, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))
        first.setdefault(offsets, zone)
    return tuple(first.values())
