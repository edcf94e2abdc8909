"""Any table of texts with a row a post: from its understood columns to columns of the posts table."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.columns.inference import Understanding
from tiktok_coach.io.columns.order import as_options
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.fill import fill, identify
from tiktok_coach.io.options import ReadOptions
from tiktok_coach.io.parse.numbers import missing

COUNTS = ("views", "likes", "comments", "shares", "saves")
_ADDRESS = r"(?i)tiktok\.com/@([\w.]+)"
# Python's patterns have no classes of Unicode properties; \w holds letters, digits and the joining line.
_TAG = re.compile(r"[\w\u0300-\u036f\u200c\u200d]+")


def tells_posts(facts: frozenset[str]) -> bool:
    """Whether columns of these facts make a sheet of posts: named by id or link, or by caption with their counts and days."""
    counted = len(facts & set(COUNTS))
    if facts & {"post_id", "link"}:
        return bool(counted or facts & {"caption", "posted_at", "duration_s", "hashtags"})
    return "caption" in facts and counted >= 1 and (counted >= 2 or "posted_at" in facts)


def refuse_unclear(found: Understanding, where: str) -> None:
    """Raises CoachError where headings stand over other values, or where two columns are equally likely to be one fact."""
    if found.wrong:
        named = ", ".join(repr(name) for name in found.wrong)
        hint = (
            _("if this order fits, say: {options}", options=as_options(found.proposed))
            if found.proposed
            else _("say what is what with --column FACT=HEADING")
        )
        problem = plural(
            "headings do not go with their values: {named} stands over values that it cannot be",
            "headings do not go with their values: {named} stand over values that they cannot be",
            len(found.wrong),
            named=named,
        )
        raise CoachError(problem, where=where, hint=hint)
    if found.questions:
        more = _(" (and {count} more such columns)", count=len(found.questions) - 1) if len(found.questions) > 1 else ""
        problem, _colon, hint = found.questions[0].partition(": ")
        raise CoachError(problem + more, where=where, hint=hint)


def filled(table: Table, found: Understanding, where: str, options: ReadOptions) -> tuple[pd.DataFrame, list[Notice]]:
    """Columns of the posts table from an understood table, with ids, handles and upload times from ids and links."""
    cells = table.cells.copy()
    mapping = dict(found.mapping)
    for fact, others in found.also.items():
        for name in others:
            cells[mapping[fact]] = cells[mapping[fact]].where(~missing(cells[mapping[fact]]), cells[name])
    if "posted_at" in mapping and found.clock:
        cells[mapping["posted_at"]] = (
            cells[mapping["posted_at"]].fillna("") + " " + cells[found.clock].fillna("")
        ).str.strip()
    for fact in found.milliseconds:
        cells[mapping[fact]] = _seconds(cells[mapping[fact]])
    if "account" in mapping:
        texts = cells[mapping["account"]]
        cells[mapping["account"]] = texts.str.extract(_ADDRESS, expand=False).fillna(texts.str.strip())
    known = replace(table, cells=cells)
    posts, notices = fill(known, mapping, where, options, timezone=options.timezone or "UTC")
    if "hashtags" in mapping:
        posts["hashtags"] = _tags(cells[mapping["hashtags"]])
    posts, ids = identify(posts, where, table.line)
    return posts, [*notices, *ids, *_said(found, where)]


def _seconds(texts: pd.Series) -> pd.Series:
    """Lengths in milliseconds, as texts in seconds."""
    values = pd.to_numeric(texts, errors="coerce") / 1000
    return values.map("{:.3f}".format).where(values.notna(), texts).astype("str")


def _tags(texts: pd.Series) -> pd.Series:
    """Hashtags however they are listed (`a, b`, `['a', 'b']`, `#a #b`), as `#a #b`; missing where there are none."""
    distinct = {text: " ".join(f"#{tag}" for tag in _TAG.findall(text)) or None for text in texts.dropna().unique()}
    return texts.map(distinct).astype("str")


def _said(found: Understanding, where: str) -> list[Notice]:
    taken = ", ".join(_("{fact} from {name!r}", fact=fact, name=name) for fact, name in found.mapping.items())
    left = ", ".join(repr(c.heading) for c in found.left)
    text = _("its columns are told by their names and values: {taken}", taken=taken) + (
        _("; left out: {left}", left=left) if left else ""
    )
    notices = [Notice(where, _("{text}; `tiktok-coach columns` shows them", text=text), level="info")]
    for column in found.unsure:
        text = _(
            "{heading!r} is taken for {fact} by a likeness of names; --column {fact}=NAME settles it",
            heading=column.heading,
            fact=column.fact,
        )
        notices.append(Notice(where, text))
    doubted = (column for column in found.columns if column.heading in found.doubted)
    notices += [
        Notice(where, _("{heading!r} is {why}; left out", heading=column.heading, why=_(column.why)))
        for column in doubted
    ]
    told = (_("{name} is read in milliseconds", name=COLUMNS[fact].name) for fact in sorted(found.milliseconds))
    return [*notices, *(Notice(where, text, level="info") for text in told)]
