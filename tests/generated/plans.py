"""Calendars of planned posts, and a judge of how they are read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from babel.dates import format_date

from tests.generated.columns import CLOCKS, locale
from tests.generated.draw import TODAY, Draw, Post, Row, Says
from tests.generated.files import delimited, json_list, open_document, workbook
from tests.generated.rows import STATES
from tests.generated.verdicts import Verdict, is_a_question, kinds_of, names_heading
from tiktok_coach.core.account import Account
from tiktok_coach.core.facts import value_at
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans.load import ContentCalendar, load_calendar

# What people write over the captions and days of a calendar, by language.
CAPTIONS = {
    "en": (
        "Caption",
        "Post text",
        "Post copy",
        "Copy",
        "Message",
        "Content",
        "Caption (EN)",
        "Description",
        "text",
        "Text",
    ),
    "da": ("Billedtekst", "Opslagstekst", "Tekst"),
    "de": ("Text", "Beschreibung", "Bildunterschrift"),
    "fr": ("Texte", "Légende", "Caption (FR)"),
    "es": ("Texto", "Copy", "Descripción"),
    "pt": ("Legenda", "Texto"),
    "it": ("Testo", "Didascalia"),
    "nl": ("Tekst", "Bijschrift"),
    "sv": ("Text", "Bildtext"),
}
DATES = {
    "en": (
        "Date",
        "Publish date",
        "Post Date",
        "Schedule Date",
        "Scheduled At",
        "scheduled_date",
        "due_date",
        "Day",
        "When",
        "Posting Date",
    ),
    "da": ("Dato", "Publiceringsdato", "Udgivelsesdato"),
    "de": ("Datum", "Erscheinungsdatum", "Veröffentlichungsdatum"),
    "fr": ("Date", "Date de publication"),
    "es": ("Fecha", "Fecha de publicación"),
    "pt": ("Data", "Data de publicação"),
    "it": ("Data", "Data di pubblicazione"),
    "nl": ("Datum", "Publicatiedatum"),
    "sv": ("Datum", "Publiceringsdatum"),
}
FORMS = {
    "plan iso": "%Y-%m-%d %H:%M",
    "plan iso T": "%Y-%m-%dT%H:%M:%S",
    "plan dotted": "%d.%m.%Y %H:%M",
    "plan day first": "%d/%m/%Y %H:%M",
    "plan without a year": "%d %B, %H:%M",
    "plan in English words": "%B %d, %Y %I:%M %p",
    "plan of Notion": "%B %d, %Y %I:%M %p",
    "plan range of times": "%Y-%m-%d %H:%M",
}


def _posts(draw: Draw) -> None:
    r = draw.random
    handles = ["ovnkrogen"] if draw.chance(0.7) else ["ovnkrogen", "brodhaus_24"]
    for number in range(r.randint(3, 9)):
        at = dt.datetime(
            2026, 12, 1 + 3 * number, r.randint(6, 20), r.choice([0, 15, 30]), tzinfo=draw.zone
        ).astimezone(dt.UTC)
        draw.posts.append(
            Post("", r.choice(handles), f"Can you hear it, nr {number}? #bagedag", at, {}, status="planned")
        )


def _dates(draw: Draw, heading: str) -> None:
    ways = ["one column", "one column", "day and clock", "day alone", "day in words"]
    way = draw.random.choice(ways)
    if way == "one column":
        form = draw.random.choice([*FORMS])

        def say(post: Post) -> Says:
            at = post.at.astimezone(draw.zone)
            text = f"{at:{FORMS[form]}}"
            if form == "plan of Notion":
                hours = int(at.utcoffset().total_seconds() // 60)  # type: ignore[union-attr]
                text += f" (GMT{hours // 60:+d}{f':{hours % 60:02}' if hours % 60 else ''})"
            if form == "plan range of times":
                text += f"-{at + dt.timedelta(minutes=30):%H:%M}"
            return Says(text, post.at.timestamp(), 60)

        draw.add("posted_at", heading, say, form)
        return

    def say_day(post: Post) -> Says:
        at = post.at.astimezone(draw.zone)
        text = format_date(at, "long", locale=locale(draw)) if way == "day in words" else f"{at:%Y-%m-%d}"
        return Says(text, post.at.timestamp(), 86_400, day=at.date())

    draw.add("posted_at", heading, say_day, f"plan {way}")
    if way == "day and clock":
        draw.add(
            "posted_at",
            CLOCKS.get(draw.language, "Time").removesuffix(" of day"),
            lambda p: Says(f"{p.at.astimezone(draw.zone):%H:%M}", p.at.timestamp(), 60),
            f"plan {way}",
        )


def _platforms(draw: Draw) -> None:
    """A column of platforms, of which a post may be for several, and a post for another one."""
    both = draw.random.choice(["TikTok", "TikTok, Instagram", "IG + TikTok"])
    heading = draw.random.choice(["Platform", "Network", "Channel", "Platforms"])
    draw.add(None, heading, lambda p: Says(both if p.platform == "TikTok" else p.platform), "plan platforms")
    post = replace(draw.posts[0], platform="Instagram", caption="For another place")
    draw.rows.append(Row({}, post, "a plan for another platform", "platform"))


def _states(draw: Draw) -> None:
    """A column of states, and a post that is out."""
    words = STATES[draw.language]
    state = {"planned": words[1], "published": words[0]}
    draw.add(None, "Status", lambda p: Says(state[p.status]), "plan states")
    at = draw.posts[0].at - dt.timedelta(days=90)
    post = replace(draw.posts[0], status="published", caption="Out long ago", at=at)
    draw.rows.append(Row({}, post, "a plan that is out", "out already|published|called off"))


def _empty_results(draw: Draw) -> None:
    """Columns for results that are still to come."""
    for heading in ("Views", "Likes"):
        draw.add(None, heading, lambda _: Says(""), "plan with empty results")


def _hashtags(draw: Draw) -> None:
    draw.add("hashtags", "Hashtags", lambda _: Says("#fyp #rye", "#fyp #rye"), "plan hashtags")


def _strangers(draw: Draw) -> None:
    heading = draw.random.choice(["Notes", "Pillar", "Hook", "Assignee", "CTA"])
    draw.add(None, heading, lambda _: Says("bake more"), "plan strangers")


def _weeks(draw: Draw) -> None:
    """Columns of weeks and weekdays, which are no days."""
    week = lambda post: Says(f"Week {post.at.isocalendar().week}")  # noqa: E731
    draw.add(None, "Week", week, "plan weeks")
    draw.add(None, "Weekday", lambda post: Says(f"{post.at.astimezone(draw.zone):%A}"), "plan weeks")


def _titles(draw: Draw) -> None:
    """A name of the post beside its caption."""
    heading = draw.random.choice(["Title", "Name", "Idea", "Topic", "Theme"])
    draw.add(
        None, heading, lambda post: Says(f"Teaser {draw.posts.index(post) if post in draw.posts else 9}"), "plan titles"
    )


# Each with the share of the calendars that have it.
FEATURES = (
    (_platforms, 0.4),
    (_states, 0.4),
    (_empty_results, 0.25),
    (_hashtags, 0.3),
    (_strangers, 0.3),
    (_weeks, 0.2),
    (_titles, 0.25),
)


def draw_plan(draw: Draw) -> None:
    """A calendar: captions and days, with platforms, states and results that are still empty beside them."""
    r = draw.random
    draw.is_plan, draw.timezone = True, draw.zone.key
    if draw.language not in CAPTIONS:
        draw.language = "en"
    draw.kinds = {"calendar", f"language {draw.language}"}
    _posts(draw)
    _dates(draw, r.choice(DATES[draw.language]))
    draw.add("caption", r.choice(CAPTIONS[draw.language]), lambda p: Says(p.caption, p.caption), "plan captions")
    if len({post.handle for post in draw.posts}) > 1:
        heading = r.choice(["Account", "Client", "TikTok account"])
        draw.add("account", heading, lambda p: Says(p.handle, p.handle), "plan accounts")
    for feature, share in FEATURES:
        if draw.chance(share):
            feature(draw)
    if draw.chance(0.4):
        r.shuffle(draw.columns)
    others = [replace(_row(draw, row.post), post=None, kind=row.kind, words=row.words) for row in draw.rows if row.post]
    draw.rows = [*others, *(_row(draw, post) for post in draw.posts)]
    if draw.chance(0.15):
        heading = next(c.heading for c in draw.columns if c.fact == "posted_at")
        draw.rows.insert(
            len(others), Row({heading: "DECEMBER"}, kind="a title of a section", words="without|no post|not a post|row")
        )
    r.choice([delimited, delimited, workbook, open_document, json_list])(draw)


def _row(draw: Draw, post: Post) -> Row:
    said = [(column, column.say(post)) for column in draw.columns]
    says: dict[str, Says] = {}
    for column, one in said:
        if column.fact and (column.fact not in says or one.within < says[column.fact].within):
            says[column.fact] = one
    return Row({column.heading: one.cell for column, one in said}, post, says=says)


def judge_plan(draw: Draw, folder: Path, said: list[str]) -> list[Verdict]:
    """The verdicts of a calendar; adds to what is `said` of it."""
    calendar = load_calendar(
        [folder / name for name in draw.files], ReadOptions(today=TODAY, timezone=draw.timezone), known=Account()
    )
    said += [f"{n.level}: {n.where}: {n.text}" for n in calendar.notices] + [f"error: {p}" for p in calendar.problems]
    posts = calendar.posts
    captions = [value_at(posts.column_or_null("caption"), row) for row in range(len(posts))]
    verdicts = [verdict for row in draw.rows for verdict in _judge_row(draw, row, calendar, captions)]
    extra = len(posts) - sum(row.post is not None for row in draw.rows)
    if extra > 0 and not any(v.outcome == "wrong" for v in verdicts):
        verdicts.append(Verdict("wrong", frozenset({"a plan too many"}), f"{extra} plans too many: {captions}"))
    return verdicts


def _judge_row(draw: Draw, row: Row, calendar: ContentCalendar, captions: list[str | None]) -> Iterator[Verdict]:
    questions = [p for p in calendar.problems if is_a_question(draw, str(p)) or p.line]
    if row.post is None:
        kinds = frozenset({row.kind})
        named = any(re.search(row.words, n.text.casefold()) for n in calendar.notices)
        if not captions:
            yield Verdict("asked" if questions else "wrong", kinds, f"{row.kind}: nothing is read")
        elif next(row.cells.get(c.heading) for c in draw.columns if c.fact == "caption") in captions:
            yield Verdict("wrong", kinds, f"{row.kind} is linted as a plan")
        else:
            yield Verdict("right" if named else "wrong", kinds, f"{row.kind} is dropped in silence")
        return
    place = captions.index(row.post.caption) if row.post.caption in captions else None
    for fact, says in row.says.items():
        if place is None:
            why = f"the plan {row.post.caption!r} is lost: {[str(p) for p in calendar.problems][:1]}"
            yield Verdict("asked" if questions else "wrong", kinds_of(draw, fact), why)
            continue
        value = value_at(calendar.posts.column_or_null(fact), place)
        precision = value_at(calendar.posts.column_or_null("posted_at_precision"), place)
        if value is None or pd.isna(value):
            named = any(names_heading(calendar.notices, c.heading) for c in draw.columns if c.fact == fact)
            outcome = "asked" if questions else "left" if named else "wrong"
            yield Verdict(outcome, kinds_of(draw, fact), f"{fact} {says.cell!r} is dropped in silence")
        else:
            good = _is_right(draw, says, value, precision)
            yield Verdict(
                "right" if good else "wrong", kinds_of(draw, fact), f"{fact} {says.cell!r} is read as {value}"
            )


def _is_right(draw: Draw, says: Says, value: Any, precision: str | None) -> bool:
    if isinstance(says.value, str):
        return bool(value == says.value)
    read = pd.Timestamp(value, tz="UTC")
    if says.day is None:
        return abs(read.timestamp() - says.value) <= says.within
    return (read if precision == "day" else read.tz_convert(draw.zone)).date() == says.day
