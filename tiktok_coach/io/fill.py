"""Fills columns of the posts table from a table of texts, and names every cell and row that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.choices import meant_choice
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice, more_lines
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import BY_READING, CELL_KINDS, COLUMNS, Column, column, out_of_range, units_of
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.admission import admit, of_tiktok, refuse_elsewhere, row_role
from tiktok_coach.io.columns.inference import CORE, COUNTS, EMPTY, ColumnMapping, infer_columns
from tiktok_coach.io.columns.names import BARE, WEAK, meanings, words
from tiktok_coach.io.columns.profile import profile_column
from tiktok_coach.io.columns.sheet import refuse_strangers, refuse_unclear
from tiktok_coach.io.columns.units import UNIT_NAMES
from tiktok_coach.io.dates.by_upload import Placement, name_of_zone, place_by_upload, without_midnights
from tiktok_coach.io.dates.parse import Times, are_times, infer_order, parse_times
from tiktok_coach.io.dates.zone_names import zone_of_heading
from tiktok_coach.io.files.decoding import records, text_of
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.marks import Doubt, Languages, languages_of
from tiktok_coach.io.parse import (
    HANDLE,
    LINK,
    damaged_ids,
    is_coarse,
    looks_rounded,
    missing,
    parse_column,
    rounds,
    upload_times,
)
from tiktok_coach.io.reading import Reading, ReadOptions
from tiktok_coach.io.row_notices import row_notices

# A heading, or several of which the first counts and the others fill its gaps.
Headings = str | Sequence[str]
NOTHING_KNOWN: Mapping[str, str] = {}
NOTHING_OWN: Mapping[str, str | None] = {}
# So many of the columns that are left out are named.
MOST_LEFT = 8
# Python's patterns have no classes of Unicode properties; \w holds letters, digits and the joining line.
_TAG = re.compile(r"[\w\u0300-\u036f\u200c\u200d]+")
_PLURALS = {
    "count": N_("counts"),
    "number": N_("numbers"),
    "share": N_("percentages"),
    "flag": N_("yes or no"),
    "time": N_("times"),
}


def table_of(records: Sequence[Mapping[str, Any]]) -> Table:
    """JSON records as a table of texts, a list as hashtags, which it most often holds; lines are positions, from 1."""
    names = list(dict.fromkeys(key for record in records for key in record))
    if len(records) == 1:
        # Of one record with hundreds of facts, an array for each would cost more than all that is read from it.
        texts = pd.array([_cell_of(records[0].get(name)) for name in names], dtype="str")
        cells = pd.DataFrame({name: texts[at : at + 1] for at, name in enumerate(names)}, index=range(1), copy=False)
    else:
        columns = {name: [_cell_of(record.get(name)) for record in records] for name in names}
        cells = pd.DataFrame(columns, index=range(len(records)), dtype="str")
    return Table(names, cells, list(range(1, len(records) + 1)))


def _cell_of(value: Any) -> str | None:
    return hashtags_of(value) if isinstance(value, list) else text_of(value)


def count_headings(file: SourceFile, *tables: tuple[str, ...], aliases: Mapping[str, str] | None = None) -> int:
    """How many headings the widest of some tables has of which a sheet holds all; 0 where it holds none of them."""
    sheet = file.sheet
    return max((len(t) for t in tables if sheet and sheet.header_row(t, aliases) is not None), default=0)


def table_under(file: SourceFile, required: Collection[str], aliases: Mapping[str, str] | None = None) -> Table:
    """The table below the headings by which a file was recognised."""
    assert file.sheet is not None
    table = file.sheet.under(required, aliases)
    assert table is not None
    return table


def format_table(table: Table, mapping: Mapping[str, Headings], own: Mapping[str, str | None] = NOTHING_OWN) -> Table:
    """The table of a known format with the headings that fill its facts, as the file spells them.

    `mapping` takes facts to the headings, or JSON keys, that may hold them, however these are cased and joined
    (`authorMeta.name`, `authorMeta_name`); `own` is as Table has it.
    """
    spelt: dict[str, list[str]] = {}
    for name in table.headings:
        spelt.setdefault("".join(words(name)), []).append(name)
    known: dict[str, tuple[str, ...]] = {}
    for fact, names in mapping.items():
        wanted = (names,) if isinstance(names, str) else names
        headings = [spelling for name in wanted for spelling in spelt.get("".join(words(name)), ())]
        if headings:
            known[fact] = tuple(dict.fromkeys(headings))
    return replace(table, known=known, own={name: fact for name, fact in own.items() if name in table.headings})


def named_by_schema(table: Table) -> Table:
    """A table whose headings are the schema's names of columns, and others that are kept as they are."""
    known = {name: (name,) for name in table.headings if name in COLUMNS and name not in BY_READING}
    return replace(table, known=known, own=dict.fromkeys(name for name in table.headings if name not in known))


def own_columns(table: Table, facts: Mapping[str, str]) -> dict[str, str | None]:
    """Every heading of a table of days as its reader's own, with its fact where `facts` takes one to it."""
    return dict.fromkeys(table.headings) | {"date": "date"} | {title: fact for fact, title in facts.items()}


def map_columns(table: Table, where: str, options: ReadOptions) -> ColumnMapping:
    """Which columns of a table are which facts, as the user, its format, or names and values say.

    Headings are as the file spells them. Raises CoachError where the values of a column cannot be what the user says.
    """
    written = table.as_written
    by_hand = {fact: [written.get(name, name) for name in names] for fact, names in options.columns.items()}
    known = {fact: [written.get(name, name) for name in names] for fact, names in (table.known or {}).items()}
    own = {written.get(name, name): fact for name, fact in table.own.items()}
    cells = _written_cells(table)
    known_or_none = None if table.known is None else known
    spoken = languages_of_table(table, options)
    return infer_columns(cells, by_hand, where, options.units, known=known_or_none, own=own, languages=spoken)


def languages_of_table(table: Table, options: ReadOptions) -> Callable[[], Languages]:
    """The languages that a table can be in, to be asked for where a number needs them."""
    return partial(languages_of, tuple(table.headings), options.language, options.account_language)


def _written_cells(table: Table) -> pd.DataFrame:
    """The cells of a table below its headings as the file spells them."""
    return table.cells.rename(columns=dict(table.as_written)) if table.as_written else table.cells


def read_table(
    declared: Reading,
    table: Table,
    options: ReadOptions,
    *,
    timezone: str | None = "UTC",
    units: Mapping[str, str] = NOTHING_KNOWN,
) -> Reading:
    """What a reader declares, with the contents of a table that has a row a published post.

    Columns that its format does not know are read by their names and values, or named as left. `timezone` and `units`
    are those of `fill`; `declared` has the notices of what was left out of the table. The posts keep the labels of the
    table's rows, of which some may be no posts. Raises CoachError for a sheet of no format in which it is not clear
    what is what.
    """
    where = declared.source
    table = of_tiktok(table, where)
    refuse_elsewhere(table, where)
    mapping, written = map_columns(table, where, options), table.as_written
    if table.known is None:
        refuse_strangers(table, mapping, where)
        refuse_unclear(mapping, where)
    spelt = replace(table, cells=_prepare(_written_cells(table), mapping))
    filled = {fact: mapping.columns_of(fact) for fact in mapping.headings}
    # What a format says of its own times says nothing of a column that it does not know.
    foreign = [] if table.known is None else [one.heading for one in mapping.columns if not one.is_of_format]
    zones = dict.fromkeys(foreign, options.timezone)
    posts, cell_notices = fill(
        spelt, filled, where, options, timezone=timezone, zones=zones, units={**mapping.units, **units}
    )
    for name in COUNTS:
        if name in posts.columns and looks_rounded(posts[name]):
            posts["counts_rounded"] = _either(posts.get("counts_rounded"), is_coarse(posts[name]))
    posts, id_notices = identify(posts, where, table.line)
    posts, row_kinds = admit(posts, spelt, where, options.today)
    days = spelt.cells.get(mapping.headings.get("posted_at", ""))
    own = {written.get(name, name) for name, fact in table.own.items() if fact}
    used = {*own, *(one.heading for one in mapping.columns if one.fact)}
    return replace(
        declared,
        rows=len(table.cells) + len(table.ragged),
        posts=posts,
        notices=(
            *cell_notices,
            *declared.notices,
            *id_notices,
            *row_kinds,
            *mapping_notices(mapping, spelt.cells, where),
        ),
        date_order=infer_order(list(days.fillna(""))) if days is not None else None,
        supplies=declared.supplies or tuple(mapping.headings),
        headings=frozenset(used | {name for name in table.headings if written.get(name, name) in used}),
    )


def _prepare(cells: pd.DataFrame, mapping: ColumnMapping) -> pd.DataFrame:
    """The cells of a table with times of day beside their days, handles for addresses, and hashtags as `#a #b`."""
    changed = {}
    if mapping.clock:
        clocks = cells[mapping.clock].fillna("")
        for name in mapping.columns_of("posted_at"):
            days = cells[name].fillna("")
            changed[name] = days.where(days.str.contains(":", regex=False), days + " " + clocks).str.strip()
    for name in mapping.columns_of("account"):
        handles = cells[name].str.extract(r"(?i)tiktok\.com/@([\w.]+)", expand=False)
        changed[name] = handles.fillna(cells[name].str.strip())
    changed |= {name: _tags(cells[name]) for name in mapping.columns_of("hashtags")}
    # A copy of hundreds of columns costs more than to see that none has changed.
    changed = {name: texts for name, texts in changed.items() if not texts.equals(cells[name])}
    return cells.assign(**changed) if changed else cells


def _tags(texts: pd.Series) -> pd.Series:
    """Hashtags however they are listed (`a, b`, `['a', 'b']`, `#a #b`), as `#a #b`; missing where there are none."""

    def tags(text: str) -> str | None:
        if (parts := text.split()) and all(part.startswith("#") for part in parts):
            return " ".join(parts)
        return " ".join(f"#{tag}" for tag in _TAG.findall(text)) or None

    return texts.map({text: tags(text) for text in texts.dropna().unique()}).astype("str")


def mapping_notices(mapping: ColumnMapping, cells: pd.DataFrame, where: str) -> Iterator[Notice]:
    """What a user should know of how columns were understood; of those that the format knows, nothing."""
    inferred = [one for one in mapping.columns if one.fact is not None and not one.is_of_format]
    left = [
        one.heading for one in mapping.columns if one.fact is None and one.why != EMPTY and not row_role(one.heading)
    ]
    parts = []
    if inferred:
        origins = (_("{fact} from {name!r}", fact=one.fact, name=one.heading) for one in inferred)
        parts.append(_("its columns are recognised by their names and values: {value}", value=", ".join(origins)))
    if left:
        names = ", ".join(map(repr, left[:MOST_LEFT]))
        more = _(" and {count} more", count=len(left) - MOST_LEFT) if len(left) > MOST_LEFT else ""
        parts.append(_("left out: {left}{more}", left=names, more=more))
    if parts:
        text = _("{text}; `tiktok-coach columns` shows them", text="; ".join(parts))
        yield Notice(where, text, level="info")
    for one in inferred:
        if WEAK < one.confidence < BARE:
            text = N_("{heading!r} is read as {fact}, since the names are alike; --column {fact}=NAME decides it")
            yield Notice(where, _(text, heading=one.heading, fact=one.fact))
    for one in mapping.columns:
        if one.heading in mapping.implausible:
            yield Notice(where, _("{heading!r} is {why}; left out", heading=one.heading, why=_(one.why)))
    yield from (Notice(where, doubt) for doubt in mapping.doubts)
    yield from _lost_days(mapping, cells, where)
    for fact, name in mapping.headings.items():
        if (unit := mapping.units.get(name)) is not None:
            yield Notice(where, _("{name} is read in {unit}", name=fact, unit=_(UNIT_NAMES[unit])), level="info")


def _lost_days(mapping: ColumnMapping, cells: pd.DataFrame, where: str) -> Iterator[Notice]:
    """Warnings of columns that may say when posts went out, where none that does is read."""
    if any(column.fact == "posted_at" for column in mapping.columns):
        return
    left = [one.heading for one in mapping.columns if one.fact is None and one.heading not in mapping.implausible]
    for heading in left:
        facts = {meaning.fact for meaning in meanings(heading)}
        profile = profile_column(cells[heading])
        if (facts and "posted_at" not in facts) or not (samples := profile.samples):
            continue
        if "posted_at" in facts:
            text = N_(
                "{heading!r} has no times that I can read ({first!r}), so it is not known when the posts went out"
            )
            if profile.some_times:
                text = N_(
                    "{heading!r} has other things than times ({first!r}) and is left out; "
                    "--column posted_at=NAME reads the times in it"
                )
            yield Notice(where, _(text, heading=heading, first=_first_unread(profile.texts)[:40]))
        elif all(are_times(samples)):
            text = N_("{heading!r} has times ({first!r}) and is left out; say what they are: --column posted_at=NAME")
            yield Notice(where, _(text, heading=heading, first=samples[0][:40]))


def _first_unread(texts: pd.Series) -> str:
    """The first of the values of a column that is no time."""
    distinct: list[str] = texts.drop_duplicates().tolist()
    return next((text for text, is_time in zip(distinct, are_times(distinct), strict=True) if not is_time), distinct[0])


def fill(
    table: Table,
    mapping: Mapping[str, Headings],
    where: str,
    options: ReadOptions,
    *,
    timezone: str | None = "UTC",
    zones: Mapping[str, str | None] = NOTHING_OWN,
    units: Mapping[str, str] = NOTHING_KNOWN,
    is_own: bool = False,
) -> tuple[pd.DataFrame, list[Notice]]:
    """Posts columns from a table: `mapping` takes a column of the schema to its heading, or to several.

    Of several, each fills what those before it leave empty or hold in a form that cannot be, and an exact count wins
    over one that is a rounded form of it. Times without an offset are in the timezone that their heading names, else in
    the one that `zones` has for it, else in `timezone` (None where none is known, which is UTC), unless ids prove
    another; those of a table that `is_own` were held against ids before. A heading that the table lacks is passed over.
    A cell that cannot be read becomes missing and is named; a column in which most cells cannot be read raises
    CoachError, since its heading then stands over other values. The unit of each column is what the user says, else
    what `units` says of its heading or fact, else what is usual.
    """
    filled: dict[str, pd.Series] = {}
    notices = ragged_notices(table, where)
    languages = languages_of_table(table, options)
    # Times last, since ids and links tell when posts were uploaded.
    for name, headings in sorted(mapping.items(), key=lambda pair: COLUMNS[pair[0]].kind == "time"):
        titles = [t for t in ((headings,) if isinstance(headings, str) else headings) if t in table.cells.columns]
        if not titles:
            continue
        read: list[_Cells] = []
        for title in titles:
            if COLUMNS[name].kind == "time":
                is_posting = name == "posted_at" and not is_own
                texts = table.cells[title]
                spoken = [*options.languages, *(codes if len(codes := languages().codes) == 1 else ())]
                zone = zones.get(title, timezone)
                uploaded = _upload_times(filled, texts.index) if is_posting else None
                times, more = _times(texts, uploaded, table.line, where, options, zone, languages=spoken)
                notices += more
                read.append(_Cells(times.at, times.bad, has_hour=times.has_hour))
                continue
            unit = options.units.get(title, units.get(title, units.get(name)))
            read.append(_read_column(table.cells[title], COLUMNS[name], unit, languages, where))
        first = read[0]
        for other in read[1:]:
            first = _merge(first, other)
        filled[name] = first.values
        if first.has_hour is not None and name == "posted_at":
            precision = first.has_hour.map({True: "second", False: "day"}).astype("str")
            filled["posted_at_precision"] = precision.where(first.values.notna())
        if first.rounded is not None and first.rounded.any():
            filled["counts_rounded"] = _either(filled.get("counts_rounded"), first.rounded)
        for title, one in zip(titles, read, strict=True):
            notices += _losses(table, title, one, first.values.isna(), COLUMNS[name], where)
    return pd.DataFrame(filled, index=table.cells.index, copy=False), notices


def _losses(table: Table, title: str, cells: _Cells, lost: pd.Series, spec: Column, where: str) -> list[Notice]:
    """Notices of what of a column cannot be read: where nothing is known of the row, since another may tell it."""
    notices = []
    if cells.doubt is not None:
        problem, hint = cells.doubt
        notices.append(Notice(where, _("{doubt}; left out: {hint}", doubt=problem, hint=hint)))
    if cells.bad.any():
        notices += _bad_notices(table.cells[title], cells.bad & lost, title, spec, table.line, where)
    if cells.odd is not None and cells.odd.notna().any():
        text = N_("{name} {value:g} is outside {low:g}-{high:g}; left empty{also}")
        low, high, is_lost = spec.low or 0, spec.high or float("inf"), cells.odd.notna() & lost
        notices += row_notices(where, table.line, is_lost, text, name=spec.name, value=cells.odd, low=low, high=high)
    return notices


def _times(
    texts: pd.Series,
    uploaded: pd.Series | None,
    lines: Sequence[int],
    where: str,
    options: ReadOptions,
    timezone: str | None,
    *,
    languages: Sequence[str],
) -> tuple[Times, list[Notice]]:
    """The times of a column: in the timezone that its heading or its format states, unless ids prove another.

    Where they are when posts went out, they are held against the times of their uploads.
    """
    heading = str(texts.name)
    of_heading = zone_of_heading(heading)
    stated = of_heading or ZoneInfo(timezone or "UTC")
    times = parse_times(texts, where, order=options.date_order, timezone=stated, languages=languages, uploaded=uploaded)
    text = N_("{heading}: {value!r} has no year, and no id of a post gives it; left empty{also}")
    notices = row_notices(where, lines, times.undated, text, heading=heading, value=texts.str[:60])
    if uploaded is None:
        return times, notices
    times = without_midnights(times, stated)
    placed = place_by_upload(times, uploaded, stated, [ZoneInfo(zone) for zone in ("UTC", options.timezone) if zone])
    text = N_(
        "{heading}: {value!r} cannot be when the post went out: by its id it was uploaded at "
        "{upload:%Y-%m-%d %H:%M} UTC; left empty{also}"
    )
    odd = placed.contradictions
    notices += row_notices(where, lines, odd, text, heading=heading, value=texts.str[:60], upload=uploaded)
    is_stated = of_heading is not None or timezone is not None
    return placed.times, notices + _zone_notices(placed, stated, heading, where, options, is_stated=is_stated)


def _upload_times(filled: Mapping[str, pd.Series], rows: pd.Index) -> pd.Series:
    """When the posts of a table were uploaded, by their ids, else by those in their links."""
    ids = filled.get("post_id", pd.Series(index=rows, dtype="str"))
    if "link" in filled and not (are_ids := ids.str.fullmatch(r"\d{15,20}").fillna(value=False).astype(bool)).all():
        ids = ids.where(are_ids, filled["link"].str.extract(LINK, expand=False))
    return upload_times(ids)


def _zone_notices(
    placed: Placement, stated: tzinfo, heading: str, where: str, options: ReadOptions, *, is_stated: bool
) -> list[Notice]:
    """What the timezone of a column rests on, where that is not what the user says."""
    is_local = placed.times.has_hour & (placed.times.clock != "offset") & placed.times.at.notna()
    if not (placed.days_late or placed.is_proven or is_local.any()):
        return []
    zone = name_of_zone(placed.zone, placed.times.at)
    counts = {"heading": heading, "zone": zone, "agreeing": placed.agreeing, "known": placed.known}
    if placed.days_late:
        text = plural(
            "{heading}: its times are moved forward by {count} day, since most are that far before their upload by id",
            "{heading}: its times are moved forward by {count} days, since most are that far before their upload by id",
            placed.days_late,
            heading=heading,
        )
        return [Notice(where, text)]
    if placed.is_proven:
        text = N_(
            "{heading}: read in {zone}, in which {agreeing} of {known} posts went out at their upload by their ids"
        )
        if not is_stated:
            return [Notice(where, _(text, **counts), level="info")]
        text = N_(
            "{heading}: read in {zone} rather than {stated}: by their ids {agreeing} of {known} posts went out at "
            "their upload in the one, {others} in the other"
        )
        return [Notice(where, _(text, stated=str(stated), others=placed.stated_agreeing, **counts))]
    if not is_stated and placed.agreeing * 4 <= placed.known:
        text = N_("{heading}: its times state no timezone, and are read in UTC; say theirs with --timezone")
        return [Notice(where, _(text, heading=heading))]
    if options.timezone and is_stated and placed.zone != ZoneInfo(options.timezone) and zone_of_heading(heading):
        text = N_("{heading}: read in {zone}, which its heading names, and not in {timezone}")
        return [Notice(where, _(text, timezone=options.timezone, **counts), level="info")]
    return []


def _either(known: pd.Series | None, rounded: pd.Series) -> pd.Series:
    """Where some count of a post is rounded, with those of one more column."""
    return rounded.astype("boolean") if known is None else known | rounded


@dataclass(frozen=True)
class _Cells:
    """A column as it was read: `bad` are texts of another kind, `odd` values that cannot be."""

    values: pd.Series
    bad: pd.Series
    odd: pd.Series | None = None
    rounded: pd.Series | None = None
    has_hour: pd.Series | None = None
    doubt: Doubt | None = None


def _read_column(
    texts: pd.Series, spec: Column, unit: str | None, languages: Callable[[], Languages], where: str
) -> _Cells:
    parsed = parse_column(texts, spec, unit if unit in units_of(spec) else None, languages)
    if parsed.doubt is not None:
        problem = _("{fact} cannot be read for sure, since {problem}", fact=spec.name, problem=parsed.doubt.problem)
        if spec.name in CORE:
            raise CoachError(problem, where=where, hint=parsed.doubt.hint)
        nothing = parsed.values.mask(parsed.values.notna())
        return _Cells(nothing, parsed.bad & False, doubt=Doubt(problem, parsed.doubt.hint))
    values, rounded = parsed.values, parsed.rounded
    if spec.kind not in {"count", "number", "share"}:
        return _Cells(values, parsed.bad)
    if spec.zero_is_missing:
        values = values.mask(values == 0)
    # Negative counts are corrections, no counts of a post.
    odd = out_of_range(values.rename(spec.name))
    if not odd.any():
        return _Cells(values, parsed.bad, rounded=rounded)
    return _Cells(values.mask(odd), parsed.bad, values.where(odd), None if rounded is None else rounded & ~odd)


def _merge(first: _Cells, other: _Cells) -> _Cells:
    """What two columns say of one fact: the first, the other where that says nothing, and of two counts the exact."""
    is_text = pd.api.types.is_string_dtype(first.values)
    takes = first.values.isna() | (missing(first.values) & other.values.notna() if is_text else False)
    rounded, has_hour = first.rounded, first.has_hour
    if rounded is not None and other.rounded is not None:
        is_rounded = rounds(first.values, other.values, rounded)
        is_exact = rounds(other.values, first.values, other.rounded)
        takes |= is_rounded
        # A column that rounds another where both are known does so elsewhere too.
        rounded = rounded | (is_coarse(first.values) & bool(is_rounded.any()))
        rounded = rounded.where(~takes, other.rounded | (is_coarse(other.values) & bool(is_exact.any())))
    if has_hour is not None and other.has_hour is not None:
        has_hour = has_hour.where(~takes, other.has_hour)
    return _Cells(first.values.where(~takes, other.values), first.bad, first.odd, rounded, has_hour)


def _bad_notices(
    texts: pd.Series, bad: pd.Series, title: str, spec: Column, lines: Sequence[int], where: str
) -> list[Notice]:
    if not bad.any():
        return []
    first = str(texts[bad].iloc[0])[:60]
    filled_count = int((~missing(texts)).sum())
    if filled_count > 3 and bad.sum() > filled_count / 2 and spec.kind != "text":
        kind = _(_PLURALS[spec.kind])
        text = _("the column {title!r} has no {kind} ({first!r})", title=title, kind=kind, first=first)
        raise CoachError(text, where=where, hint=_("check that the header is above the right columns"))
    what = _(CELL_KINDS[spec.kind]) if spec.kind in CELL_KINDS else _("one of {names}", names=", ".join(spec.choices))
    if spec.choices and (hint := meant_choice(spec, first)):
        what = f"{what} ({hint})"
    text = N_("{title}: {first!r} is not {what}; left empty{also}")
    return row_notices(where, lines, bad, text, title=title, first=first, what=what)


def ragged_notices(table: Table, where: str) -> list[Notice]:
    """Notices that count and name the rows left out, those above the header, and those not as wide as it."""
    notices = [*table.left]
    if table.before:
        places = [row.line for row in table.before]
        text = plural(
            "{count} row is above the header, and cannot be read{also}",
            "{count} rows are above the header, and cannot be read{also}",
            len(places),
            also=more_lines(places),
        )
        notices.append(Notice(where, text, line=places[0]))
    if table.ragged:
        places = [row.line for row in table.ragged]
        text = plural(
            "{count} row cannot be read: {got} fields where the header has {width}{also}",
            "{count} rows cannot be read: {got} fields where the header has {width}{also}",
            len(places),
            got=len(table.ragged[0].cells),
            width=len(table.headings),
            also=more_lines(places),
        )
        notices.append(Notice(where, text, line=places[0]))
    return notices


def identify(posts: pd.DataFrame, where: str, lines: Sequence[int]) -> tuple[pd.DataFrame, list[Notice]]:
    """Ids, handles and upload times from links and ids; an id that a spreadsheet has ruined is named and dropped."""
    notices: list[Notice] = []
    posts = posts.copy()
    if "post_id" in posts.columns:
        ruined = damaged_ids(posts["post_id"])
        rescue = _("taken from the link instead") if "link" in posts.columns else _("lost")
        text = N_("the id {first!r} was ruined by a spreadsheet; {rescue}{also}")
        notices += row_notices(where, lines, ruined, text, first=posts["post_id"], rescue=rescue)
        if ruined.any():
            posts["post_id"] = posts["post_id"].mask(ruined)
    if "link" in posts.columns:
        link_ids = posts["link"].str.extract(LINK, expand=False).astype("str")
        if "post_id" in posts.columns:
            # What TikTok does not give, such as `[]` in every row.
            ids = posts["post_id"]
            foreign = ids.notna() & link_ids.notna() & ~ids.fillna("").str.fullmatch(r"\d{15,20}")
            text = N_("the id {value!r} is none of TikTok's; taken from the link instead{also}")
            notices += row_notices(where, lines, foreign, text, value=ids.str[:40])
            posts["post_id"] = ids.mask(foreign).fillna(link_ids)
        else:
            posts["post_id"] = link_ids
        handles = posts["link"].str.extract(HANDLE, expand=False).astype("str")
        names = posts.get("account", handles).str.strip().str.removeprefix("@").str.lower()
        both = names.notna() & handles.notna()
        if both.any() and (names[both] == handles[both].str.lower()).mean() < 0.5:
            # A column of names, such as those of posts in Notion, is none of accounts.
            text = N_("the account {value!r} is another than that of the link; taken from the links{also}")
            notices += row_notices(where, lines, both & (names != handles.str.lower()), text, value=names.str[:40])
            names = handles
        posts["account"] = names.fillna(handles)
        photo = posts["link"].fillna("").str.contains("/photo/", regex=False)
        if photo.any():
            kind = posts.get("kind", pd.Series(None, index=posts.index, dtype="str"))
            posts["kind"] = kind.mask(photo & kind.isna(), "photo")
    if "account" in posts.columns:
        posts["account"] = posts["account"].str.strip().str.removeprefix("@").str.lower()
    if "post_id" in posts.columns:
        uploaded = upload_times(posts["post_id"])
        posts["uploaded_at"] = posts.get("uploaded_at", uploaded).fillna(uploaded)
    return posts, notices


def read_posts(
    rows: Sequence[Any],
    mapping: Mapping[str, Headings],
    where: str,
    options: ReadOptions,
    *,
    name: str,
    trust: int,
    own: Mapping[str, str | None] = NOTHING_OWN,
) -> tuple[Reading, list[dict[str, Any]]]:
    """A reading of JSON posts, and the flattened records it came from; `mapping` and `own` are as `format_table` takes
    them.
    """
    objects, others = records(rows)
    declared = Reading(where, name, trust=trust, notices=odd_entries(others, where))
    return replace(read_created(declared, posts_table(objects, mapping, own), options), rows=len(rows)), objects


def read_created(declared: Reading, table: Table, options: ReadOptions) -> Reading:
    """As `read_table`, of a table whose times are those when posts were created: posted_at and uploaded_at alike."""
    reading = read_table(declared, table, options)
    posts = reading.posts
    if posts is not None and "posted_at" in posts.columns:
        posts["uploaded_at"] = column(posts, "uploaded_at").fillna(posts["posted_at"])
    return reading


def posts_table(
    objects: Sequence[Mapping[str, Any]], mapping: Mapping[str, Headings], own: Mapping[str, str | None] = NOTHING_OWN
) -> Table:
    """Flattened records of a known format as its table, in which lists are taken for ones of hashtags."""
    return format_table(table_of(objects), mapping, own)


def odd_entries(positions: Sequence[int], where: str) -> tuple[Notice, ...]:
    """A notice of the entries of a list, by their positions, that are no objects."""
    if not positions:
        return ()
    text = plural(
        "{count} entry is not a post (number {number})",
        "{count} entries are not posts (the first is number {number})",
        len(positions),
        number=positions[0],
    )
    return (Notice(where, text),)


def hashtags_of(items: Sequence[Any]) -> str | None:
    """The words of a list, or the names of its objects, as hashtags; None where it holds none."""
    words = [i.get("name") or i.get("title") if isinstance(i, dict) else i for i in items if isinstance(i, (str, dict))]
    return join_tags(text for word in words if word and (text := text_of(word))) or None
