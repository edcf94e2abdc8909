"""Timezones as people name them."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import tzdata

from tiktok_coach.core.errors import CoachError, closest
from tiktok_coach.core.translation import _

# How like another name must be to be meant: there are hundreds.
LIKENESS = 80


def parse_timezone(name: str) -> ZoneInfo:
    """The timezone of an IANA name in any case. Raises CoachError for another text, with the name that was meant.

    >>> parse_timezone("america/new york").key
    'America/New_York'
    """
    # Most are as they should be, and to list all takes longer than to read a small export. Some systems find a file
    # whatever the case of its name.
    if name != name.casefold():
        with suppress(KeyError, ValueError, OSError):
            return ZoneInfo(name)
    key = zone_names().get(name.strip().replace(" ", "_").casefold())
    if key is None:
        raise CoachError(_("{name!r} is not a timezone", name=name), hint=_hint(name))
    return ZoneInfo(key)


@cache
def zone_names() -> dict[str, str]:
    """Every IANA name by itself in small letters."""
    # The package that has them all lists them, which is read sooner than the system's folders are walked.
    names = Path(tzdata.__file__).with_name("zones").read_text("utf-8").split()
    return {name.casefold(): name for name in sorted(names)}


def _hint(name: str) -> str:
    cities = {key.rpartition("/")[2]: zone for key, zone in zone_names().items()}
    matches = closest(name.replace(" ", "_"), [*zone_names(), *cities], least=LIKENESS)
    if not matches:
        return _("use an IANA name such as Europe/Copenhagen")
    match = matches[0][0]
    return _("did you mean {close}?", close=zone_names().get(match) or cities[match])
