"""The values that may stand at the cursor of a plan: choices, times, hashtags, sounds, places and files beside it."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.resources import files
from itertools import count, islice
from pathlib import Path

from tiktok_coach.core.account import GOALS
from tiktok_coach.core.translation import N_, _, language, plural
from tiktok_coach.editor.completion_request import ENUM, EVENT, FILE, KEYWORD, VALUE, Item, Request, value_item
from tiktok_coach.editor.hashtag_items import explain_record, hashtags, hashtags_in_caption, record_of
from tiktok_coach.editor.key_help import Key
from tiktok_coach.media.file_names import PHOTOS, SUBTITLES, VIDEOS
from tiktok_coach.rules.lint_codes import TITLES

# Days ahead, and hours of the first of them, that are offered for a post.
DAYS, HOURS = 7, 3
# A post that is further ahead was mistyped, and the others need not come after it.
FURTHEST = dt.timedelta(days=730)
# Of the folder of a plan, and of those so deep below it, so many names are looked at.
DEEPEST, MOST_NAMES, MOST_FILES, MOST_HANDLES = 3, 2_000, 200, 50
_TIME = re.compile(r"""\bpublish_at["']?[ \t]*:[ \t]*["']?(\d{4}-\d{2}-\d{2})""")
_SUFFIXES = {"file": VIDEOS, "video": VIDEOS, "video_file": VIDEOS, "photos": PHOTOS, "photo_files": PHOTOS}
_SUFFIXES |= {"transcript": SUBTITLES, "transcript_file": SUBTITLES}
_SOUND_TRENDS = {"sound", "audience_sound"}
KINDS = {
    "video_reply": N_("answers a comment"),
    "photo": N_("a carousel of photos"),
    "duet": N_("beside another's video"),
    "stitch": N_("begins with a part of another's video"),
    "original": N_("a video of your own"),
}


def rule_codes(request: Request, typed: str) -> Iterator[Item]:
    """The codes that a comment may silence."""
    titles = {rule.code: rule.rule.title for rule in request.rules if "planned" in rule.rule.applies_to} | TITLES
    for code in sorted(titles):
        edit = request.edit(request.offset - len(typed), request.offset, code)
        yield {"label": code, "kind": ENUM, "detail": _(titles[code]), "textEdit": edit, "filterText": code}


def values(request: Request, key: Key) -> Iterator[Item]:
    """What may be the value of a key, or in its list."""
    name = key.column.name if key.column is not None else key.name
    if name in _BY_NAME:
        yield from _BY_NAME[name](request)
    elif key.name in _SUFFIXES:
        yield from _files(request, _SUFFIXES[key.name])
    elif key.is_flag:
        for word in ("true", "false"):
            yield value_item(request, word, KEYWORD, is_text=False)
    for choice in key.choices:
        detail = GOALS.get(choice) if name == "goal" else KINDS.get(choice) if name == "kind" else None
        yield value_item(request, choice, ENUM, detail=_(detail) if detail not in {None, choice} else "")


def _handles(request: Request) -> Iterator[Item]:
    for handle in request.words.handles[:MOST_HANDLES] if request.words is not None else ():
        yield value_item(request, f"@{handle}", VALUE)


def _sounds(request: Request) -> Iterator[Item]:
    words = request.words
    known = set()
    for use in words.sounds if words is not None else ():
        known.add(use.name.casefold())
        by = _("by {artist}", artist=use.artist) if use.artist else ""
        yield value_item(
            request,
            use.name,
            VALUE,
            detail=" · ".join(filter(None, (by, record_of(use, request)))),
            documentation=explain_record(use),
        )
    for name in request.trends(_SOUND_TRENDS):
        if name not in known:
            yield value_item(request, name, VALUE, detail=_("trending now"))


def _artists(request: Request) -> Iterator[Item]:
    sounds = request.words.sounds if request.words is not None else ()
    name = request.cursor.keys.get("name", "").casefold()
    fitting = [use for use in sounds if use.name.casefold() == name] or sounds
    for artist in dict.fromkeys(use.artist for use in fitting if use.artist):
        yield value_item(request, artist, VALUE)


def _times(request: Request) -> Iterator[Item]:
    """The next days on which no post goes out, in good hours of the account where its posts show any."""
    text, cursor, words = request.file.text, request.cursor, request.words
    if request.today is None:
        return
    # The day that is being typed is free.
    others = [day[1] for day in _TIME.finditer(text) if not cursor.start <= day.start(1) <= cursor.end]
    latest = request.today + FURTHEST
    first = max([request.today, *(day for day in map(_as_day, set(others)) if day is not None and day < latest)])
    after = (first + dt.timedelta(days=ahead) for ahead in count(1))
    days = list(islice((day for day in after if day not in request.other_days), DAYS))
    hours = words.hours.hours if words is not None else ()
    if not hours:
        for day in days:
            yield value_item(request, f"{day}", EVENT, detail=_("{day:%a}, a free day", day=day))
        return
    assert words is not None
    basis = words.hours.basis
    pairs = [(days[0], hour) for hour in hours[:HOURS]] + [(day, hours[0]) for day in days[1:]]
    for day, hour in pairs:
        posts = words.hour_posts[hour]
        detail = plural(
            "{day:%a}; {count} of your posts went out in this hour",
            "{day:%a}; {count} of your posts went out in this hour",
            posts,
            day=day,
        )
        more = _("Why this hour: {basis}. No other planned post is on this day.", basis=basis)
        yield value_item(request, f"{day} {hour:02d}:00", EVENT, detail=detail, documentation=more)


def _as_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _places(request: Request, name: str) -> Iterator[Item]:
    """Codes of languages or countries with their names, the account's own first."""
    account = request.account
    is_country = name in {"region", "country"}
    own = account.country if is_country else account.language
    for code, label in sorted(_codes(language(), is_country=is_country), key=lambda pair: pair[0] != own):
        item = value_item(request, code, ENUM, detail=label)
        yield item | {"filterText": f"{item['filterText']} {label}"}


@cache
def _codes(spoken: str, *, is_country: bool) -> tuple[tuple[str, str], ...]:
    """Codes of two letters with their names in a language, by name."""
    from babel import Locale

    locale = Locale.parse(spoken)
    names = locale.territories if is_country else locale.languages
    none = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    pairs = ((code, str(label)) for code, label in names.items() if len(code) == 2 and code.isalpha())
    return tuple(sorted((pair for pair in pairs if pair[0] not in none), key=lambda pair: pair[1]))


def _timezones(request: Request) -> Iterator[Item]:
    """Timezones by their names, that of the account and those of its country first."""
    account, country = request.account, request.cursor.keys.get("country", "").upper()
    country = country or account.country or ""
    zones = sorted(_zones(), key=lambda zone: (zone[1] != account.timezone, country not in zone[0].split(","), zone[1]))
    for _country, zone in zones:
        yield value_item(request, zone, ENUM)


@cache
def _zones() -> tuple[tuple[str, str], ...]:
    """The countries and the name of each timezone."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((row[0], row[2]) for row in rows)


def _files(request: Request, suffixes: frozenset[str]) -> Iterator[Item]:
    """The names of files in the folder of the plan and below it, the newest first."""
    names = sorted(_names_below(request.file.path.parent, suffixes), reverse=True)
    for _changed, name in names[:MOST_FILES]:
        yield value_item(request, name, FILE)


def _names_below(folder: Path, suffixes: frozenset[str]) -> Iterator[tuple[float, str]]:
    left, waiting = MOST_NAMES, [("", 0)]
    while waiting and left > 0:
        below, depth = waiting.pop(0)
        try:
            entries = list(os.scandir(folder / below))
        except OSError:
            continue
        for entry in entries:
            left -= 1
            if left < 0:
                return
            name = f"{below}{entry.name}"
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir() and depth < DEEPEST:
                waiting.append((f"{name}/", depth + 1))
            elif Path(name).suffix.lower() in suffixes and entry.is_file():
                yield entry.stat().st_mtime, name


_BY_NAME: dict[str, Callable[[Request], Iterator[Item]]] = {
    "caption": hashtags_in_caption,
    "posted_at": _times,
    "hashtags": hashtags,
    "subcultures": partial(hashtags, is_own=True),
    "sound": _sounds,
    "sound_artist": _artists,
    "timezone": _timezones,
    "handle": _handles,
    "account": _handles,
    **{name: partial(_places, name=name) for name in ("language", "spoken_language", "region", "country")},
}
