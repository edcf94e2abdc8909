"""Which rows of a table are posts on TikTok, and which of these are out; all others are left, counted and named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import PurePath

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from tiktok_coach.core.captions import arrow_text
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.schema import COLUMNS, METRICS, column, numbers
from tiktok_coach.core.translation import _, plurals
from tiktok_coach.io.columns.names import WEAK, WITHIN, meanings
from tiktok_coach.io.columns.rows import (
    PLATFORMS,
    SUM_WORDS,
    TIKTOK,
    is_doubtful_platform,
    is_sum,
    platform_in_name,
    platform_of,
    site_of,
    status_of,
)
from tiktok_coach.io.files.decoding import FALSE, MISSING, TRUE
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.io.parse import upload_times
from tiktok_coach.io.row_notices import row_notices

# Links of TikTok's own, and those to a post that tell no id.
TIKTOK_LINK = r"(?i)^\s*(?:https?:)?(?://)?(?:[\w-]+\.)*tiktokv?\.com(?:[/:?#]|$)"
SHORT_LINK = r"(?i)(?:\bv[mt]\.tiktok\.com/|tiktok\.com/(?:t/|share/))\w"
# Ids as YouTube and Instagram write them, and numbers as long as TikTok's.
FOREIGN_ID, FOREIGN_PARTS, NUMERIC_ID = r"[\w-]{11}", ("[a-z]", "[A-Z]", r"[\d_-]"), r"\d{15,20}"
SAMPLE, LONGEST_SUM = 400, 40
# A table of so few columns has no titles of sections, since each of its rows may hold one text.
NARROW = 2
# Headings of rows' own names, under which the word of a sum stands.
NAMING = {"caption", "title", "posted_at", "post_id", "link", "account"}
COUNTS = tuple(name for name in METRICS if COLUMNS[name].kind == "count" and name != "followers")
# So many digits must agree before a row is taken for the sum of its neighbours; with a day of its own, it is likelier a
# post. Rounded counts agree where they are as near as this.
DIGITS, DIGITS_OF_DATED, NEAR = 3.0, 5.0, 0.005

# What is said of rows that are no posts, or none yet.
_HEADINGS = plurals(
    "{count} row says the headings again; left out{also}", "{count} rows say the headings again; left out{also}"
)
_SUM = plurals(
    "{count} row ({first}) sums up others; left out{also}",
    "{count} rows (the first: {first}) sum up others; left out{also}",
)
_ELSEWHERE = plurals(
    "{count} row is of another platform ({names}); left out{also}",
    "{count} rows are of other platforms ({names}); left out{also}",
)
_OFF = plurals(
    "{count} row ({first}) is called off; left out{also}",
    "{count} rows (the first: {first}) are called off; left out{also}",
)
_TOTAL = plurals(
    "{count} row ({first}) is the sum or the mean of other rows in every count, and not a post; left out{also}",
    "{count} rows (the first: {first}) are sums or means of others in every count, and not posts; left out{also}",
)
_NO_POST = plurals(
    "{count} row ({first}) is not a post: no id, link, or caption with a day or a count; left out{also}",
    "{count} rows (the first: {first}) are not posts: no id, link, or caption with a day or a count; left out{also}",
)
_PLANNED = plurals(
    "{count} row ({first}) is not out yet, and counts as a planned post{also}",
    "{count} rows (the first: {first}) are not out yet, and count as planned posts{also}",
)
_EARLY = plurals(
    "{count} row ({first}) is only planned by its status, but has counts or a link; read as published{also}",
    "{count} rows (the first: {first}) are only planned by their status, but have counts or links; read as "
    "published{also}",
)


def of_tiktok(table: Table, where: str) -> Table:
    """The table without headings that stand again, titles, sums and rows of other platforms, of which its `left` tells.

    Without another sign of a platform that counts after which the file, or its tab, is named. Where rows of other
    platforms are all that there are, `elsewhere` names these. Rows keep their labels.
    """
    if table.is_of_tiktok:
        return table
    table = _without(table, where, _headings_again(table.cells), _HEADINGS)
    table = _without(table, where, _titles(table.cells), _NO_POST)
    table = _without(table, where, _worded_sums(table.cells), _SUM)
    platforms = _platforms(table.cells)
    file, tab = part_tab(where)
    named = platform_in_name(tab or PurePath(file).stem)
    names = set() if platforms is None else {*platforms.tolist()} - {""}
    if named and not names and not _has_id(table.cells).any():
        platforms, names = np.full(len(table.cells), named, dtype=object), {named}
    names -= {TIKTOK}
    other = np.zeros(len(table.cells), dtype=bool)
    if platforms is not None and names:
        other = np.isin(platforms, sorted(names))
    left = _without(table, where, other, _ELSEWHERE, names=", ".join(sorted(names)))
    return replace(left, elsewhere=tuple(sorted(names)) if not len(left.cells) else (), is_of_tiktok=True)


def with_plain_status(table: Table, where: str) -> Table:
    """A table whose column `status` is in the words of the posts table, without posts that are called off."""
    table = _without(table, where, _statuses(table.cells) == "called off", _OFF)
    statuses = pd.Series(_statuses(table.cells), index=table.cells.index)
    plain = statuses.replace({"idea": "planned", "draft": "planned"}).astype("str")
    status = table.cells["status"].mask(statuses != "", plain)
    return replace(table, cells=table.cells.assign(status=status))


def refuse_elsewhere(table: Table, where: str) -> None:
    """Raise CoachError for a table whose rows are all of other platforms."""
    if table.elsewhere:
        names = ", ".join(table.elsewhere)
        problem = _("has only posts of {names}, and none of TikTok", names=names)
        raise CoachError(problem, where=where, hint=_("leave it out"))


def admit(posts: pd.DataFrame, table: Table, where: str, today: dt.date) -> tuple[pd.DataFrame, list[Notice]]:
    """Those rows of `posts` that are posts, with their `status`, and a notice of each kind of the others.

    A post has an id, a link, a time of upload, or two of a caption, a day and a count. One that is not out by its
    status, or is dated after `today` and has no counts, is planned. `posts` has the rows of `table`, with its labels.
    """
    names = [name for name in COUNTS if name in posts.columns]
    counts = np.array([numbers(posts, name) for name in names]).reshape(len(names), len(posts))
    has_count, has_views = ~np.isnan(counts).all(axis=0), (np.nan_to_num(counts) > 0).any(axis=0)
    posted = column(posts, "posted_at")
    has_day = posted.notna().to_numpy()
    has_caption = _match(column(posts, "caption"), r"\S")
    links = column(posts, "link").fillna("").astype("str")
    is_certain = column(posts, "uploaded_at").notna().to_numpy() | _match(links, SHORT_LINK)
    stages = _statuses(table.cells)
    is_out = is_certain | has_views
    is_off = (stages == "called off") & ~is_out
    is_early = (stages == "idea") | (stages == "draft") | (stages == "planned")
    midnight = pd.Timestamp(today + dt.timedelta(days=1), tz="UTC")
    planned = (is_early & ~is_out) | ((posted >= midnight).to_numpy(dtype=bool) & ~has_views)
    planned = planned & ~is_off
    is_post = is_certain | (has_caption & (has_day | has_count | is_early)) | (has_day & has_count)
    is_total = is_post & ~is_certain & ~planned & ~is_off
    is_rounded = bool(column(posts, "counts_rounded").any())
    is_total &= _arithmetic_sums(counts, is_total, has_day, is_rounded=is_rounded)
    kinds = (
        (is_off, _OFF, "info"),
        (is_total, _TOTAL, "warning"),
        (~is_post & ~is_off, _NO_POST, "warning"),
        (is_post & planned, _PLANNED, "info"),
        (is_early & is_out & ~planned, _EARLY, "warning"),
    )
    notices = [n for mask, text, level in kinds for n in _notices(table, mask, where, text, level)]
    status = pd.Series("published", index=posts.index, dtype="str")
    if planned.any():
        status = status.mask(planned, "planned")
        posts = posts.assign(**{name: posts[name].mask(planned) for name in METRICS if name in posts.columns})
    keep = is_post & ~is_off & ~is_total
    posts = posts.assign(status=status)
    return (posts if keep.all() else posts[keep]), notices


def _without(table: Table, where: str, mask: np.ndarray, text: tuple[str, str], **terms: str) -> Table:
    if not mask.any():
        return table
    notices = _notices(table, mask, where, text, "info", **terms)
    lines = [line for line, is_left in zip(table.line, mask.tolist(), strict=True) if not is_left]
    return replace(table, cells=table.cells[~mask], line=lines, left=(*table.left, *notices))


def _notices(
    table: Table, mask: np.ndarray, where: str, text: tuple[str, str], level: str, **terms: str
) -> list[Notice]:
    """The notice of the rows for which a mask holds, which shows what stands `first` in the first of them."""
    first = repr(_first_text(table.cells, int(mask.argmax()))[:LONGEST_SUM]) if mask.any() else ""
    return row_notices(where, table.line, mask, text, level=level, first=first, **terms)


def _first_text(cells: pd.DataFrame, place: int) -> str:
    """What stands first in a row, by its position."""
    texts = (str(text).strip() for text in cells.iloc[place] if not pd.isna(text))
    return next((text for text in texts if text), "")


@cache
def _facts(heading: str) -> frozenset[str]:
    return frozenset(m.fact for m in meanings(heading) if m.fact and m.confidence >= WEAK)


@cache
def row_role(heading: str) -> str | None:
    """`platform`, `doubtful platform` or `status`, where a heading speaks of one."""
    # What `convert` writes names files, which may be called anything.
    if heading == "sources":
        return None
    if is_doubtful_platform(heading):
        return "doubtful platform"
    known = {m.fact for m in meanings(heading, of_plans=True) if m.confidence >= WITHIN}
    return next((role for role in ("platform", "status") if role in known), None)


def _of_fact(cells: pd.DataFrame, fact: str) -> Iterator[str]:
    return (name for name in cells.columns if fact in _facts(name))


def _has_id(cells: pd.DataFrame) -> np.ndarray:
    """Where a row has an id of TikTok's."""
    known = [upload_times(cells[name].str.strip()).notna().to_numpy() for name in _of_fact(cells, "post_id")]
    return np.asarray(np.logical_or.reduce([np.zeros(len(cells), dtype=bool), *known]))


def _match(texts: pd.Series, pattern: str) -> np.ndarray:
    matches = pc.match_substring_regex(arrow_text(texts), pattern)
    return np.asarray(pc.fill_null(matches, fill_value=False).to_numpy(zero_copy_only=False), dtype=bool)


def _are_numbers(texts: pd.Series) -> np.ndarray:
    """Where a text is digits alone, with white space around them at most."""
    are_digits = pc.fill_null(pc.ascii_is_decimal(arrow_text(texts)), fill_value=False)
    result = np.array(are_digits.to_numpy(zero_copy_only=False), dtype=bool)
    # A pattern takes seven times as long, and few texts need it.
    rows = np.flatnonzero(~result)
    result[rows] = _match(texts.iloc[rows], r"^\s*\d+\s*$")
    return result


def _platforms(cells: pd.DataFrame) -> np.ndarray | None:
    """The platform of each row, empty where nothing tells: by a column that names it, else by where its links lead.

    None where nothing tells of any, as of a table without such columns.
    """
    roles = {name: row_role(name) for name in cells.columns}
    columns = {name: role for name, role in roles.items() if role in {"platform", "doubtful platform"}}
    links = [name for name in _of_fact(cells, "link") if platform_of(name) in {None, TIKTOK}]
    platforms = None
    if columns or links:
        platforms, (linked, is_ours) = np.full(len(cells), "", dtype=object), _linked(cells, links)
        for name, role in columns.items():
            # `Source` may say where the views came from, and a link to TikTok is of TikTok's.
            is_open = (platforms == "") & ((role == "platform") | ~is_ours)
            platforms = np.where(is_open, _named(cells[name], role), platforms)
        platforms = np.where(platforms == "", linked, platforms) if _are_named(platforms) else linked
    if (platforms is None or not _are_named(platforms)) and (names := _by_ids(cells)):
        return np.full(len(cells), names, dtype=object)
    return platforms


def _named(texts: pd.Series, role: str) -> np.ndarray:
    """What a column of platforms says of each row; what a doubtful heading stands over must mostly be platforms."""
    codes, distinct = pd.factorize(texts.str.strip())
    nowhere = np.full(len(texts), "", dtype=object)
    plain = [str(text) for text in distinct]
    sample = [text for text in plain[:SAMPLE] if text.casefold() not in MISSING]
    known = [platform_of(text) for text in sample]
    share = sum(name is not None for name in known) / max(1, len(sample))
    # A handle may be as short as the name of a platform: `x`.
    is_spelt = any(name is not None and len(text) > 2 for text, name in zip(sample, known, strict=True))
    if not share or (role != "platform" and (share < 0.5 or not is_spelt)):
        return nowhere
    names = [platform_of(text) or ("" if text.casefold() in MISSING else text[:LONGEST_SUM]) for text in plain]
    return np.array([*names, ""], dtype=object)[codes]


def _are_named(platforms: np.ndarray) -> bool:
    # Far faster of a million than to compare each, since they are few texts.
    return not {""}.issuperset(platforms.tolist())


def _linked(cells: pd.DataFrame, links: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The platform of each row by its columns of links and its ids, and whether one of the links leads to TikTok.

    Other sites count only beside links to TikTok.
    """
    ours, platforms = np.zeros(len(cells), dtype=bool), np.full(len(cells), "", dtype=object)
    for name in links:
        is_ours = _match(cells[name], TIKTOK_LINK)
        ours = ours | is_ours
        rest = (~is_ours & cells[name].notna().to_numpy()).nonzero()[0]
        codes, distinct = pd.factorize(cells[name].iloc[rest])
        sites = [site_of(str(text)) for text in distinct]
        names = [site if site in PLATFORMS or (site and is_ours.any()) else "" for site in sites]
        platforms[rest] = np.array([*names, ""], dtype=object)[codes]
    platforms[ours] = TIKTOK
    if _are_named(platforms) and not ours.all():
        platforms[_has_id(cells)] = TIKTOK
    return platforms, ours


def _by_ids(cells: pd.DataFrame) -> str | None:
    """The platforms whose ids a column holds, in a table without any of TikTok's."""
    if _has_id(cells.head(SAMPLE)).any():
        return None
    for name in cells.columns:
        if (platforms := _of_foreign_ids(name, cells[name])) is not None:
            return None if _has_id(cells).any() else platforms
    return None


def _of_foreign_ids(heading: str, column: pd.Series) -> str | None:
    """The platforms whose ids a column may hold, by a sample of it."""
    texts = column.dropna().head(SAMPLE).str.strip()
    texts = texts[texts != ""]
    if len(texts) < 3 or not texts.is_unique:
        return None
    if "post_id" in _facts(heading) and texts.str.fullmatch(NUMERIC_ID).mean() >= 0.9:
        return "Instagram / X"
    if texts.str.fullmatch(FOREIGN_ID).mean() < 0.9:
        return None
    mixed = np.logical_and.reduce([texts.str.contains(part, regex=True) for part in FOREIGN_PARTS])
    return "YouTube / Instagram" if mixed.mean() >= 0.5 else None


def _headings_again(cells: pd.DataFrame) -> np.ndarray:
    """Where a row holds the headings, as pages of a print and files put together have them."""
    places = np.arange(len(cells) if len(cells.columns) > 1 else 0)
    for name in cells.columns:
        if not len(places):
            break
        places = places[_match(cells[name].iloc[places], rf"(?i)^\s*{re.escape(str(name).strip())}\s*$")]
    again = np.zeros(len(cells), dtype=bool)
    again[places] = True
    return again


def _titles(cells: pd.DataFrame) -> np.ndarray:
    """Where a row holds one text alone, which is no id and no link: the title of a section, or a note."""
    places, filled = np.arange(len(cells)), np.zeros(len(cells), dtype=np.int64)
    if len(cells.columns) <= NARROW:
        return np.zeros(len(cells), dtype=bool)
    for name in cells.columns:
        # Most rows are out after two columns.
        filled[places] += _has_text(cells[name].iloc[places])
        places = places[filled[places] < 2]
        if not len(places):
            break
    titles: np.ndarray = np.asarray(filled == 1)
    if not titles.any() or not _is_wide(cells):
        return np.zeros(len(cells), dtype=bool)
    for name in _of_fact(cells, "post_id"):
        titles = titles & ~_match(cells[name], r"^\S+$")
    for place in titles.nonzero()[0].tolist():
        titles[place] = not re.search(r"[/.]\w+/|\d{15}", _first_text(cells, place))
    return titles


def _is_wide(cells: pd.DataFrame) -> bool:
    """Whether any row has more than NARROW texts."""
    filled = np.zeros(len(cells), dtype=np.int64)
    for name in cells.columns:
        filled += _has_text(cells[name])
    return bool(filled.max(initial=0) > NARROW)


def _has_text(texts: pd.Series) -> np.ndarray:
    return np.asarray(pc.fill_null(pc.not_equal(arrow_text(texts), ""), fill_value=False), dtype=bool)


def _worded_sums(cells: pd.DataFrame) -> np.ndarray:
    """Where a row without id and link is named by the word of a sum."""
    sums, maybe = np.zeros(len(cells), dtype=bool), np.ones(len(cells), dtype=bool)
    # What has a link or a number for its id is out before any text is searched for words.
    for name in _of_fact(cells, "link"):
        maybe = maybe & ~_match(cells[name], r"[/.]\w+/")
    for name in _of_fact(cells, "post_id"):
        maybe = maybe & ~_are_numbers(cells[name])
    places = maybe.nonzero()[0]
    for position, name in enumerate(cells.columns if len(places) else ()):
        if not position or not NAMING.isdisjoint(_facts(name)):
            texts = cells[name].iloc[places]
            short = pc.less_equal(pc.utf8_length(arrow_text(texts)), LONGEST_SUM)
            named = _match(texts, SUM_WORDS) & np.asarray(pc.fill_null(short, fill_value=False), dtype=bool)
            sums[places[named]] |= np.array([is_sum(text) for text in texts[named]], dtype=bool)
    for name in _of_fact(cells, "post_id") if sums.any() else ():
        places = sums.nonzero()[0]
        sums[places] = [not text.strip() or is_sum(text) for text in cells[name].iloc[places].fillna("")]
    return sums


def _statuses(cells: pd.DataFrame) -> np.ndarray:
    """How far each row has come, as `status_of` says it, empty where nothing tells.

    A column whose heading is itself a status may hold yes and no.
    """
    statuses = np.full(len(cells), "", dtype=object)
    for name in cells.columns:
        own = status_of(name)
        if own is None and row_role(name) != "status":
            continue
        codes, distinct = pd.factorize(cells[name].str.strip())
        plain = [str(text).casefold() for text in distinct]
        filled = [text for text in plain[:SAMPLE] if text not in MISSING]
        if own is None:
            known: list[str] = [status_of(text) or "" for text in plain]
        else:
            no = "planned" if own == "published" else ""
            known = [own if text in TRUE else no if text in FALSE else "" for text in plain]
            filled = filled if all(text in TRUE | FALSE for text in filled) else []
        if filled and sum(map(bool, known[:SAMPLE])) * 2 >= len(filled):
            said = np.array([*known, ""], dtype=object)[codes]
            statuses = np.where(statuses == "", said, statuses)
    return statuses


def _arithmetic_sums(counts: np.ndarray, maybe: np.ndarray, dated: np.ndarray, *, is_rounded: bool) -> np.ndarray:
    """Which of the rows that `maybe` are sums have in every count the sum of the rows next to them, or the mean of all.

    `counts` has a row a column and a column a row of the table; where it `is_rounded`, near is the same.
    """
    sums = np.zeros(len(maybe), dtype=bool)
    if not maybe.any() or not len(counts):
        return sums
    for is_same in (_is_sum_of_block, _is_sum_of_block, _is_mean):
        rows = (~sums).nonzero()[0]
        known, values = ~np.isnan(counts[:, rows]), np.nan_to_num(counts[:, rows])
        if len(rows) < 3:
            break
        tolerance = NEAR * values if is_rounded else np.zeros_like(values)
        digits = np.minimum(np.log10(1 + values), -np.log10(NEAR) if is_rounded else np.inf).sum(axis=0)
        least = np.where(dated[rows], DIGITS_OF_DATED, DIGITS) + np.log10(len(rows))
        sums[rows] |= maybe[rows] & (digits >= least) & is_same(values, known, tolerance)
    return sums


def _is_sum_of_block(values: np.ndarray, known: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    below = _is_sum_of_rows_above(values[:, ::-1], known[:, ::-1], tolerance[:, ::-1])[::-1]
    return np.asarray(_is_sum_of_rows_above(values, known, tolerance) | below)


def _is_sum_of_rows_above(values: np.ndarray, known: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """Where a row has the sum of two or more rows right above it in every count that is known of it."""
    at, largest = np.arange(values.shape[1]), int(values.sum(axis=1).argmax())
    until = np.concatenate([np.zeros((len(values), 1)), values.cumsum(axis=1)], axis=1)
    start = until[largest, :-1] - values[largest]
    first = np.minimum(np.searchsorted(until[largest], start - tolerance[largest]), at)
    totals = until[:, at] - until[:, first]
    return np.asarray(((np.abs(totals - values) <= tolerance) | ~known).all(axis=0) & (at - first >= 2))


def _is_mean(values: np.ndarray, known: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """Where a row has the mean of all others, which differ, in every count that is known of it."""
    others = known.sum(axis=1, keepdims=True) - known
    means = (values.sum(axis=1, keepdims=True) - values) / np.maximum(others, 1)
    fits = (np.abs(means - values) <= np.maximum(0.5, tolerance)) | ~known
    varies = bool(np.ptp(values, axis=1).any())
    return np.asarray(fits.all(axis=0) & (others >= 3).any(axis=0) & varies)
