"""Features of columns: how counts, lengths, shares and times are written, and which columns stand beside them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal

from tests.generated.draw import COUNTS, Draw, Post, Says

LOCALES = {"no": "nb"}
# From which spreadsheets count days.
EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001
NOTHING = ("", "-", "—", "N/A", "undefined", "--", "n/a")
Saying = Callable[[Post], Says]


def locale(draw: Draw) -> str:
    """Babel's name of the sheet's language."""
    return LOCALES.get(draw.language, draw.language)


# Identity


def identity(draw: Draw) -> None:
    """Ids, links, both or neither, the account and the captions."""
    which = draw.random.choice(["id", "link", "link", "both", "both", "none"])
    if which == "both" and draw.chance(0.12):
        # As a spreadsheet shows them that has taken them for numbers; the links still tell.
        draw.add("post_id", draw.heading("post_id"), lambda p: Says(f"{int(p.post_id):.5E}", p.post_id), "ruined ids")
    elif which in {"id", "both"}:
        draw.add("post_id", draw.heading("post_id"), lambda post: Says(post.post_id, post.post_id))
    if which in {"link", "both"}:
        draw.add("link", draw.heading("link"), lambda post: Says(post.link, post.link))
    if which == "none":
        draw.kinds.add("no ids")
    if which == "none" or draw.chance(0.85):
        draw.add("caption", draw.heading("caption"), lambda post: Says(post.caption, post.caption))
    if draw.chance(0.4):
        mark = draw.random.choice(["", "@", ""])
        draw.add("account", draw.heading("account"), lambda post: Says(mark + post.handle, post.handle))
    if draw.chance(0.15):
        tags = draw.random.choice(["rye, bread", "#rye #bread", "['rye', 'bread']"])
        heading = draw.heading("hashtags") if draw.language == "en" else "Hashtags"
        draw.add("hashtags", heading, lambda _: Says(tags, "#rye #bread"))
    if draw.chance(0.25):
        draw.add("sound", draw.heading("sound"), lambda post: Says(post.sound, post.sound))


# Counts


def _plain(number: int, _locale: str) -> Says:
    return Says(number, number)


def _text(number: int, _locale: str) -> Says:
    return Says(str(number), number)


def _grouped(number: int, at: str) -> Says:
    return Says(format_decimal(number, locale=at), number)


def _compact(number: int, at: str) -> Says:
    def written(value: int) -> str:
        return format_compact_decimal(value, format_type="short", locale=at, fraction_digits=1)

    text = written(number)
    if number < 1000:
        return Says(text, number)
    units = [u for u in (10**k for k in range(9)) if written(round(number / u) * u) == text]
    value = round(number / units[-1]) * units[-1] if units else number
    return Says(text, value, 0.5, is_rounded=any(c.isalpha() for c in text))


def _english_k(number: int, _locale: str) -> Says:
    for factor, mark in ((1_000_000, "M"), (1000, "K")):
        if number >= factor:
            return Says(f"{number / factor:.1f}{mark}", round(round(number / factor, 1) * factor), 0.5, is_rounded=True)
    return Says(str(number), number)


def _marked(mark: str) -> Callable[[int, str], Says]:
    return lambda number, _locale: Says(f"{number:,}".replace(",", mark), number)


def _arabic(number: int, _locale: str) -> Says:
    return Says(str(number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), number)


COUNT_STYLES: dict[str, Callable[[int, str], Says]] = {
    "counts plain": _plain,
    "counts as text": _text,
    "counts grouped": _grouped,
    "counts compact": _compact,
    "counts with K and M": _english_k,
    "counts with ’": _marked("’"),
    "counts with a thin space": _marked("\u202f"),
    "counts with a comma": _marked(","),
    "counts with a word": lambda number, _locale: Says(f"{number:,} views", number),
}


def counts(draw: Draw) -> None:
    """Views and some other counts, mostly in one style; some cells are empty, or say that they are."""
    r = draw.random
    names = ["views", *r.sample(COUNTS[1:], k=r.randint(1, 4))]
    names += [n for n in ("reach", "new_followers", "followers") if draw.chance(0.15)]
    kind = r.choice([*COUNT_STYLES, "counts plain", "counts as text", "counts compact"])
    if draw.language == "ar" and draw.chance(0.3):
        kind = "counts in Arabic digits"
    gaps = 0.12 if draw.chance(0.2) else 0.0
    for name in names:
        own = r.choice([*COUNT_STYLES]) if draw.chance(0.1) else kind

        def say(post: Post, name: str = name, own: str = own) -> Says:
            if name != "views" and r.random() < gaps:
                return Says(r.choice(NOTHING))
            if own == "counts with a word" and name != "views":
                return _marked(",")(int(post.facts[name]), "")
            write = _arabic if "Arabic" in own else COUNT_STYLES[own]
            return write(int(post.facts[name]), locale(draw))

        draw.add(name, draw.heading(name), say, own)


def rounded_beside_exact(draw: Draw) -> None:
    """Views once rounded and once exact, in columns one after the other."""
    if any(c.fact == "views" and "plain" in c.kind for c in draw.columns) and draw.language == "en":
        heading = draw.random.choice(["Plays", "view_count", "Total views"])
        draw.add("views", heading, lambda p: _english_k(int(p.facts["views"]), "en"), "rounded beside exact")
        draw.columns.insert(draw.random.randint(0, len(draw.columns) - 1), draw.columns.pop())


def overflow(draw: Draw) -> None:
    """One count is negative, as programs write one that is too large for them."""
    post = draw.random.choice(draw.posts)
    for position, column in enumerate(draw.columns):
        if column.fact == "views":

            def say(other: Post, column=column) -> Says:
                return Says(-2_094_967_296) if other.caption == post.caption else column.say(other)

            draw.columns[position] = type(column)("views", column.heading, say, "overflow")


def fraction(draw: Draw) -> None:
    """A heading of a count over fractions, as a share of something has."""
    r = draw.random
    if not any(c.fact == "saves" for c in draw.columns):
        draw.add("saves", "Saves", lambda _: Says(f"0.{r.randint(11, 99)}"), "fractions for counts")


# Lengths

SECONDS = {
    "en": "seconds",
    "da": "sek.",
    "de": "Sek.",
    "fr": "secondes",
    "es": "segundos",
    "sv": "sek",
    "pt": "segundos",
}
MINUTES = {
    "en": "minutes",
    "da": "minutter",
    "de": "Minuten",
    "fr": "minutes",
    "es": "minutos",
    "sv": "minuter",
    "pt": "minutos",
}


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _minutes(seconds: float) -> Says:
    return Says(f"{seconds / 60:.2f}", round(seconds / 60, 2) * 60, 0.31)


LENGTH_STYLES: dict[str, tuple[str, Callable[[float], Says]]] = {
    "length in s": ("", lambda s: Says(s, s)),
    "length in s, said": ("s", lambda s: Says(s, s)),
    "length with its unit": ("", lambda s: Says(f"{s} s", s)),
    "length in ms": ("ms", lambda s: Says(int(s * 1000), s)),
    "length in min": ("min", _minutes),
    "length as clock": ("", lambda s: Says(_clock(s), s)),
    "length as long clock": ("", lambda s: Says(f"0:{int(s) // 60:02}:{int(s) % 60:02}", s)),
    "length in ISO 8601": ("", lambda s: Says(f"PT{int(s) // 60}M{int(s) % 60}S" if s >= 60 else f"PT{int(s)}S", s)),
    "length typed as hours": ("", lambda s: Says(dt.timedelta(minutes=s), s)),
    "length with milliseconds": ("", lambda s: Says(f"00:{int(s) // 60:02}:{int(s) % 60:02}.000", s)),
    "length in words": ("", lambda s: Says(f"{int(s) // 60}m {int(s) % 60}s", s)),
}


def _with_unit(draw: Draw, heading: str, unit: str) -> str:
    words = {
        "s": ["s", "sec", SECONDS.get(draw.language, "s")],
        "ms": ["ms", "milliseconds", "ms"],
        "min": ["min", "min.", MINUTES.get(draw.language, "min")],
    }
    if not unit:
        return heading
    word, plain = draw.random.choice(words[unit]), re.sub(r"\(.*", "", heading).strip().rstrip(":")
    return draw.random.choice([f"{plain} ({word})", f"{plain}_{word.rstrip('.').lower()}", f"{plain} [{word}]"])


def lengths(draw: Draw) -> None:
    """The length of the video, in one of the units; 0 where the program did not know it."""
    r = draw.random
    kind = r.choice([*LENGTH_STYLES])
    unit, write = LENGTH_STYLES[kind]
    zeros = {post.caption for post in draw.posts if draw.chance(0.3)} if draw.chance(0.15) else set()
    if len(zeros) > len(draw.posts) // 2:
        zeros = set()

    def say(post: Post) -> Says:
        if post.caption in zeros:
            return Says(write(0).cell)
        return write(post.facts["duration_s"])

    draw.add("duration_s", _with_unit(draw, draw.heading("duration_s"), unit), say, "length of 0" if zeros else kind)


def watch_time(draw: Draw) -> None:
    """The average watch time, in seconds with a fraction."""
    mark = draw.random.choice([".", ","])

    def say(post: Post) -> Says:
        value = post.facts["average_watch_time_s"]
        return Says(f"{value:.1f}".replace(".", mark) + unit, value, 0.06)

    unit = draw.random.choice(["", "s", " s"])
    draw.add("average_watch_time_s", draw.heading("average_watch_time_s"), say, "watch time")


# Shares

SHARE_STYLES: dict[str, tuple[str, Callable[[float], str]]] = {
    "share with %": ("", lambda v: f"{v * 100:.2f}%"),
    "share with , and %": ("", lambda v: f"{v * 100:.1f} %".replace(".", ",")),
    "share in percent, said": (" (%)", lambda v: f"{v * 100:.2f}"),
    "share in percent": ("", lambda v: f"{v * 100:.2f}"),
    "share of 1": ("", lambda v: f"{v:.4f}"),
    "share of 1, with loops": ("", lambda v: f"{v + 0.04:.4f}"),
}


def shares(draw: Draw) -> None:
    """How many watched to the end, in percent or as a share of 1, which loops may exceed."""
    kind = draw.random.choice([*SHARE_STYLES])
    suffix, write = SHARE_STYLES[kind]
    more = 0.04 if "loops" in kind else 0.0

    def say(post: Post) -> Says:
        value = post.facts["completion_rate"] + more
        return Says(write(post.facts["completion_rate"]), value, 0.0006)

    draw.add("completion_rate", draw.heading("completion_rate").rstrip(": ") + suffix, say, kind)


# Times

CLOCKS = {"en": "Time of day", "da": "Tidspunkt", "de": "Uhrzeit", "fr": "Heure", "es": "Hora", "pt": "Hora"}
FORMS: dict[str, tuple[str, float]] = {
    "iso": ("%Y-%m-%d %H:%M:%S", 1),
    "iso T": ("%Y-%m-%dT%H:%M:%S", 1),
    "iso minutes": ("%Y-%m-%d %H:%M", 60),
    "day first": ("%d/%m/%Y %H:%M", 60),
    "dotted": ("%d.%m.%Y %H:%M", 60),
    "dashed": ("%d-%m-%Y %H:%M:%S", 1),
    "month first": ("%m/%d/%Y %I:%M %p", 60),
    "year first": ("%Y/%m/%d %H:%M:%S", 1),
    "in English words": ("%B %d, %Y %I:%M %p", 60),
    "short English words": ("%d %b %Y %H:%M", 60),
    "two-figure year": ("%d/%m/%y %H:%M", 60),
    "with weekday": ("%a, %d %b %Y %H:%M:%S", 1),
    "with at": ("%B %d, %Y at %I:%M %p", 60),
    "with comma": ("%d/%m/%Y, %H:%M:%S", 1),
    "compact": ("%Y%m%dT%H%M%S", 1),
    "with milliseconds": ("%Y-%m-%dT%H:%M:%S.000", 1),
}
DAYS = {
    "day iso": "%Y-%m-%d",
    "day compact": "%Y%m%d",
    "day first day": "%d/%m/%Y",
    "day dotted": "%d.%m.%Y",
    "day month first": "%m/%d/%Y",
}


def _moment(post: Post, cell: object, within: float) -> Says:
    return Says(cell, post.at.timestamp(), within)


def _zone_stated(draw: Draw, form: str) -> tuple[ZoneInfo | dt.timezone, str, Callable[[dt.datetime], str], str]:
    """The zone that times are written in, what the heading and a cell say of it, and the kind."""
    has_ids = any(c.fact in {"post_id", "link"} for c in draw.columns)
    ways = ["offset", "UTC in the heading", "by option", "nothing"]
    if has_ids and "scheduled" not in draw.kinds and len(draw.posts) >= 5:
        ways += ["by ids", "by ids", "heading is wrong"]
    way = draw.random.choice(ways)
    if way == "offset" and form in {"iso", "iso T", "iso minutes", "with milliseconds"}:
        utc = draw.chance(0.4)
        return (
            (dt.UTC if utc else draw.zone),
            "",
            lambda at: "Z" if utc else f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:],
            "zone: offset",
        )
    if way == "UTC in the heading":
        return dt.UTC, draw.random.choice([" (UTC)", " UTC", "_utc", " (GMT)", " [UTC]"]), lambda _: "", "zone: heading"
    if way == "nothing" and (not has_ids or "scheduled" in draw.kinds):
        return draw.zone, "", lambda _: "", "zone: nothing"
    if way == "by ids":
        return draw.zone, "", lambda _: "", "zone: ids"
    if way == "heading is wrong":
        return draw.zone, " (UTC)", lambda _: "", "zone: wrong heading"
    draw.timezone = draw.zone.key
    return draw.zone, "", lambda _: "", "zone: option"


def times(draw: Draw) -> None:
    """When posts went out, to the second or minute, with what says the zone."""
    form = draw.random.choice([*FORMS])
    pattern, within = FORMS[form]
    zone, suffix, offset, kind = _zone_stated(draw, form)

    def say(post: Post) -> Says:
        at = post.at.astimezone(zone)
        return _moment(post, f"{at:{pattern}}{offset(at)}", within)

    draw.kinds.add(kind)
    draw.add("posted_at", draw.heading("posted_at").rstrip(": ") + suffix, say, f"times {form}")


def times_in_words(draw: Draw) -> None:
    """Times as the language of the sheet writes them."""
    length = draw.random.choice(["medium", "long"])
    zone, suffix, _offset, kind = _zone_stated(draw, "words")

    def say(post: Post) -> Says:
        at = post.at.astimezone(zone).replace(tzinfo=None)
        pattern = {"medium": "medium", "long": "long"}[length]
        text = f"{format_date(at, pattern, locale=locale(draw))} {at:%H:%M}"
        return _moment(post, text, 60)

    draw.kinds.add(kind)
    draw.add("posted_at", draw.heading("posted_at").rstrip(": ") + suffix, say, "times in words")


def times_of_locale(draw: Draw) -> None:
    """Times in the short form of the language."""
    zone, suffix, _offset, kind = _zone_stated(draw, "short")

    def say(post: Post) -> Says:
        at = post.at.astimezone(zone).replace(tzinfo=None)
        return _moment(post, format_datetime(at, "short", locale=locale(draw)), 60)

    draw.kinds.add(kind)
    draw.add("posted_at", draw.heading("posted_at").rstrip(": ") + suffix, say, "times of the locale")


def unix(draw: Draw) -> None:
    """Times in seconds or milliseconds of Unix."""
    factor = draw.random.choice([1, 1000])
    draw.add(
        "posted_at", draw.heading("posted_at"), lambda p: _moment(p, int(p.at.timestamp()) * factor, 1), "unix times"
    )


def serial(draw: Draw) -> None:
    """Days since 1900, as a spreadsheet counts them, where a column has lost its format."""
    draw.timezone = draw.zone.key

    def say(post: Post) -> Says:
        at = post.at.astimezone(draw.zone).replace(tzinfo=None)
        return _moment(post, round((at - EPOCH).total_seconds() / 86_400, 6), 2)

    draw.add("posted_at", draw.heading("posted_at"), say, "serial days")


def native(draw: Draw) -> None:
    """Times as a spreadsheet or a table of data holds them, without a zone."""
    zone, suffix, _offset, kind = _zone_stated(draw, "native")

    def say(post: Post) -> Says:
        return _moment(post, post.at.astimezone(zone).replace(tzinfo=None, microsecond=0), 1)

    draw.kinds.add(kind)
    draw.add("posted_at", draw.heading("posted_at").rstrip(": ") + suffix, say, "native times")


def _day(draw: Draw, post: Post, cell: object) -> Says:
    return Says(cell, post.at.timestamp(), 86_400, day=post.at.astimezone(draw.zone).date())


def days(draw: Draw) -> None:
    """Days alone, in numbers or words."""
    form = draw.random.choice([*DAYS, "day in words"])

    def say(post: Post) -> Says:
        at = post.at.astimezone(draw.zone)
        if form == "day in words":
            return _day(draw, post, format_date(at, "long", locale=locale(draw)))
        return _day(draw, post, f"{at:{DAYS[form]}}")

    draw.add("posted_at", draw.heading("posted_at"), say, form)


def days_without_year(draw: Draw) -> None:
    """Days as Studio prints them, without a year."""
    if not any(c.fact in {"post_id", "link"} for c in draw.columns):
        days(draw)
        return

    def say(post: Post) -> Says:
        at = post.at.astimezone(draw.zone)
        return _day(draw, post, format_skeleton("MMMMd", at, locale=locale(draw)))

    draw.add("posted_at", draw.heading("posted_at"), say, "days without a year")


def days_and_clocks(draw: Draw) -> None:
    """A column of days and one of times of day, or of hours."""
    draw.timezone = draw.zone.key
    is_hour = draw.language == "en" and draw.chance(0.4)
    pattern = draw.random.choice(["%H:%M", "%H:%M:%S"] + (["%I:%M %p"] if draw.language == "en" else []))

    def say_day(post: Post) -> Says:
        at = post.at.astimezone(draw.zone)
        return _day(draw, post, f"{at:%Y-%m-%d}")

    def say_clock(post: Post) -> Says:
        at = post.at.astimezone(draw.zone)
        return _moment(post, at.hour if is_hour else f"{at:{pattern}}", 3600 if is_hour else 60)

    kind = "day and hour" if is_hour else "day and clock"
    draw.add("posted_at", "Upload date" if is_hour else draw.heading("posted_at"), say_day, kind)
    draw.add("posted_at", "Upload hour" if is_hour else CLOCKS.get(draw.language, "Time"), say_clock, kind)


def day_beside_second(draw: Draw) -> None:
    """A column of days and another with their seconds, in either order."""
    draw.timezone = draw.zone.key
    zone = draw.zone
    headings = ["Upload_Date", "Upload_DateTime"]
    say_day = lambda p: _day(draw, p, f"{p.at.astimezone(zone):%Y-%m-%d}")  # noqa: E731
    gaps = {p.caption for p in draw.posts if draw.chance(0.2)} if draw.chance(0.3) else set()

    def say_second(post: Post) -> Says:
        if post.caption in gaps:
            return Says("")
        return _moment(post, f"{post.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", 1)

    kind = "day beside second, with gaps" if gaps else "day beside second"
    pairs = [(headings[0], say_day), (headings[1], say_second)]
    for heading, say in pairs[:: draw.random.choice([1, -1])]:
        draw.add("posted_at", heading, say, kind)


# Other columns

PRIVATE = ("Email", "Phone", "IP address", "Contact", "Login", "Notes", "Customer", "DM text")


def private(draw: Draw) -> None:
    """Columns of things that are nobody's business."""
    for heading in draw.random.sample(PRIVATE, k=2):
        secret = f"zq-{draw.random.randint(10**8, 10**9)}"
        draw.secrets.append(secret)
        draw.add(None, heading, lambda _, secret=secret: Says(f"{secret}@example.org"), "private columns")


def strangers(draw: Draw) -> None:
    """Columns that are no fact of a post, or look like one."""
    r = draw.random
    every: dict[str, Saying] = {
        "Engagement rate": lambda _: Says(f"{r.uniform(0, 9):.2f}%"),
        "Row": lambda p: Says(draw.posts.index(p) + 1 if p in draw.posts else 0),
        "Display name": lambda _: Says("Rye & Co"),
        "Likes per view": lambda _: Says(f"{r.uniform(0, 0.2):.3f}"),
        "Views growth": lambda _: Says(f"{r.randint(-50, 50)}%"),
        "Thumbnail": lambda p: Says(f"https://cdn.example.com/{p.post_id[-6:]}.jpg"),
        "Profile views": lambda _: Says(r.randint(10, 900)),
        "Average views": lambda _: Says(r.randint(1000, 9000)),
        "Followers %": lambda _: Says(f"{r.randint(2, 40)}%"),
        "Views last 7 days": lambda _: Says(r.randint(10, 900)),
        "Instagram views": lambda _: Says(r.randint(10, 900)),
        "YouTube likes": lambda _: Says(r.randint(10, 90)),
        "Previous views": lambda _: Says(r.randint(10, 900)),
        "Views goal": lambda _: Says(10_000),
        "Views (%)": lambda _: Says(f"{r.uniform(0, 9):.1f}"),
        "Paid views": lambda _: Says(r.randint(0, 90)),
        "Comment rate": lambda _: Says(f"{r.uniform(0, 2):.2f}%"),
        "Edited at": lambda _: Says("2026-10-01 12:00"),
        "Caption length": lambda p: Says(len(p.caption)),
        "Hashtag count": lambda _: Says(r.randint(0, 8)),
    }
    for heading in r.sample([*every], k=3):
        draw.add(None, heading, every[heading], "strangers")


def side_doubt(draw: Draw) -> None:
    """Two columns that may be the artist of the sound, and differ."""
    if not any(c.heading.lower().startswith(("artist", "music author")) for c in draw.columns):
        draw.add(None, "artist", lambda _: Says("Baker Boys"), "side fact in doubt")
        draw.add(None, "music author", lambda p: Says(p.handle), "side fact in doubt")


TIME_FEATURES = (
    times,
    times,
    times,
    times_in_words,
    times_of_locale,
    unix,
    serial,
    native,
    days,
    days_without_year,
    days_and_clocks,
    day_beside_second,
)
# Each with the share of the sheets that have it.
FEATURES = (
    (lengths, 0.6),
    (watch_time, 0.2),
    (shares, 0.3),
    (rounded_beside_exact, 0.3),
    (overflow, 0.06),
    (fraction, 0.04),
    (private, 0.15),
    (strangers, 0.4),
    (side_doubt, 0.1),
)


def draw_columns(draw: Draw) -> None:
    """Columns in any order."""
    identity(draw)
    if draw.chance(0.92) or "no ids" in draw.kinds:
        draw.random.choice(TIME_FEATURES)(draw)
    counts(draw)
    for feature, share in FEATURES:
        if draw.chance(share):
            feature(draw)
    if draw.chance(0.5):
        # Columns of one fact keep their order: a day, then its clock.
        order = draw.random.sample(range(100), 100)
        draw.columns.sort(key=lambda column: order[sum(map(ord, column.fact or column.heading)) % 100])
