"""Any table of texts with a row a post: columns of the posts table from its mapped columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.admission import row_role
from tiktok_coach.io.columns.inference import COUNTS, ColumnMapping, as_options
from tiktok_coach.io.columns.names import BARE, WEAK, meanings
from tiktok_coach.io.columns.rows import is_of_accounts
from tiktok_coach.io.columns.units import UNIT_NAMES
from tiktok_coach.io.dates.parse import are_times
from tiktok_coach.io.dates.zone_names import zone_of_heading
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.fill import fill, identify
from tiktok_coach.io.parse import missing
from tiktok_coach.io.reading import ReadOptions

# What no table of accounts counts, and how many headings make one.
_OF_POSTS, LEAST_OF_ACCOUNTS = {"link", "duration_s", "views", "comments", "shares", "saves"}, 2
# Python's patterns have no classes of Unicode properties; \w holds letters, digits and the joining line.
_TAG = re.compile(r"[\w\u0300-\u036f\u200c\u200d]+")


def is_sheet_of_posts(facts: Collection[str]) -> bool:
    """Whether these facts make a sheet of posts: ids or links beside others, or captions beside counts and days."""
    counts = sum(fact in facts for fact in COUNTS)
    if "post_id" in facts or "link" in facts:
        return bool(counts) or any(fact in facts for fact in ("caption", "posted_at", "duration_s", "hashtags"))
    return "caption" in facts and counts >= 1 and (counts >= 2 or "posted_at" in facts)


def refuse_unclear(mapping: ColumnMapping, where: str) -> None:
    """Raise CoachError where headings stand over other values, or where two columns are as likely to be one fact."""
    if mapping.misplaced:
        hint = _("say what is what with --column FACT=HEADING")
        if mapping.proposal:
            hint = _("if this order fits, say: {options}", options=as_options(mapping.proposal))
        problem = plural(
            "headings do not go with their values: {named} stands over values that it cannot be",
            "headings do not go with their values: {named} stand over values that they cannot be",
            len(mapping.misplaced),
            named=", ".join(repr(name) for name in mapping.misplaced),
        )
        raise CoachError(problem, where=where, hint=hint)
    if mapping.questions:
        problem, _colon, hint = mapping.questions[0].partition(": ")
        if len(mapping.questions) > 1:
            problem += _(" (and {count} more such columns)", count=len(mapping.questions) - 1)
        raise CoachError(problem, where=where, hint=hint)


def refuse_accounts(table: Table, mapping: ColumnMapping, where: str) -> None:
    """Raise CoachError for a table of accounts, whose ids look like those of posts."""
    if not mapping.headings.keys().isdisjoint(_OF_POSTS):
        return
    names = [name for name in table.cells.columns if is_of_accounts(name)]
    if len(names) >= LEAST_OF_ACCOUNTS:
        named = ", ".join(map(repr, names))
        problem = _("is a table of accounts, not of posts (it has {named})", named=named)
        raise CoachError(problem, where=where, hint=_("leave it out, and give the posts of the account"))


def fill_posts(
    table: Table, mapping: ColumnMapping, where: str, options: ReadOptions
) -> tuple[pd.DataFrame, list[Notice]]:
    """Columns of the posts table from a sheet, with ids, handles and upload times from ids and links."""
    cells, headings = table.cells.copy(), mapping.headings
    for fact, others in mapping.alternatives.items():
        for name in others:
            texts = cells[name]
            if COLUMNS[fact].kind == "time" and (zone := zone_of_heading(name)) != zone_of_heading(headings[fact]):
                # Beside other times a time says in which timezone it is.
                texts = texts.mask(
                    texts.fillna("").str.contains(":"), texts + f" ({zone or options.timezone or 'UTC'})"
                )
            cells[headings[fact]] = cells[headings[fact]].mask(missing(cells[headings[fact]]), texts)
    if mapping.clock:
        days, clocks = (cells[name].fillna("") for name in (headings["posted_at"], mapping.clock))
        cells[headings["posted_at"]] = (days + " " + clocks).str.strip()
    if "account" in headings:
        texts = cells[headings["account"]]
        handles = texts.str.extract(r"(?i)tiktok\.com/@([\w.]+)", expand=False)
        cells[headings["account"]] = handles.fillna(texts.str.strip())
    units = {fact: mapping.units[name] for fact, name in headings.items() if name in mapping.units}
    posts, notices = fill(replace(table, cells=cells), headings, where, options, timezone=options.timezone, units=units)
    if "hashtags" in headings:
        posts["hashtags"] = _tags(cells[headings["hashtags"]])
    posts, id_notices = identify(posts, where, table.line)
    return posts, [*notices, *id_notices, *_mapping_notices(mapping, where)]


def _tags(texts: pd.Series) -> pd.Series:
    """Hashtags however they are listed (`a, b`, `['a', 'b']`, `#a #b`), as `#a #b`; missing where there are none."""
    distinct = {text: " ".join(f"#{tag}" for tag in _TAG.findall(text)) or None for text in texts.dropna().unique()}
    return texts.map(distinct).astype("str")


def _mapping_notices(mapping: ColumnMapping, where: str) -> Iterator[Notice]:
    origins = ", ".join(_("{fact} from {name!r}", fact=fact, name=name) for fact, name in mapping.headings.items())
    text = _("its columns are told by their names and values: {value}", value=origins)
    unread = [column.heading for column in mapping.columns if column.fact is None and not row_role(column.heading)]
    if left := ", ".join(map(repr, unread)):
        text += _("; left out: {left}", left=left)
    yield Notice(where, _("{text}; `tiktok-coach columns` shows them", text=text), level="info")
    for column in mapping.columns:
        if column.fact is not None and WEAK < column.confidence < BARE:
            text = N_("{heading!r} is taken for {fact} by a likeness of names; --column {fact}=NAME settles it")
            yield Notice(where, _(text, heading=column.heading, fact=column.fact))
    for column in mapping.columns:
        if column.heading in mapping.implausible:
            yield Notice(where, _("{heading!r} is {why}; left out", heading=column.heading, why=_(column.why)))
    yield from _lost_days(mapping, where)
    for fact, name in mapping.headings.items():
        if (unit := mapping.units.get(name)) is not None:
            yield Notice(where, _("{name} is read in {unit}", name=fact, unit=_(UNIT_NAMES[unit])), level="info")


def _lost_days(mapping: ColumnMapping, where: str) -> Iterator[Notice]:
    """Warnings of columns that may say when posts went out, where none that does is read."""
    if "posted_at" in mapping.headings:
        return
    for column in mapping.columns:
        facts = {meaning.fact for meaning in meanings(column.heading)}
        is_left = column.fact is None and column.samples and column.heading not in mapping.implausible
        first = column.samples[0][:40] if column.samples else ""
        if is_left and "posted_at" in facts:
            text = N_("{heading!r} holds no times that can be read ({first!r}); when the posts went out is unknown")
            yield Notice(where, _(text, heading=column.heading, first=first))
        elif is_left and not facts and all(are_times(column.samples)):
            text = N_("{heading!r} holds times ({first!r}) and is left out; say what they are: --column posted_at=NAME")
            yield Notice(where, _(text, heading=column.heading, first=first))
