"""Plans as tables: the calendars of schedulers, the tool's own, and those that people keep by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from tiktok_coach.core.account import Account, normalize_handle
from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.documents.document import line_column, line_starts
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.file_lists import file_names
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import COLUMNS, SECONDS
from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.columns.names import is_name, words
from tiktok_coach.io.columns.rows import TIKTOK, platform_of
from tiktok_coach.io.dates.parse import has_year, infer_order, read_times
from tiktok_coach.io.dates.zone_names import zone_of, zone_of_heading
from tiktok_coach.io.files.decoding import MISSING
from tiktok_coach.io.files.sheets import PREAMBLE_ROWS, Row, Sheet, heading
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans import columns as calendars
from tiktok_coach.plans.columns import CalendarColumns
from tiktok_coach.plans.places import SheetPlaces, field_spans
from tiktok_coach.plans.plan import OF_OTHERS, OVER, PLAIN, UNTITLED, Plan, columns_by_key, is_over, left_out, typed

# Of a calendar these first rows are looked at to tell what its columns are.
SAMPLE = 400
# Rows that may be the header, the likeliest first, of which no more are tried.
TRIED_HEADERS = 3
_LONGEST_HEADING = 80
_PROFILE = re.compile(r"(?i)^\S*tiktok\.com/@([^/?#\s]+).*")
_ATTACHED = re.compile(r"(?<=\S) \(https?://[^)]*\).*")
_HOOTSUITE = ("Date", "Message", "Link", "Media")
_DIGIT = re.compile(r"\d")
_HAS_CLOCK = re.compile(r"\d{1,2}[:h]\d{2}|\d\s*[ap]\.?m\b", re.IGNORECASE)


@dataclass(frozen=True)
class Calendar:
    """A sheet as a calendar: the position of its header, its columns, and of each row below where it belongs.

    `planned`, `elsewhere` (for other platforms), `out` (out already, or called off) and `untitled` (neither a caption
    nor a day, such as titles of sections) hold positions of rows; `has_results` says whether some are known to be out
    by counts or links.
    """

    header: int
    columns: CalendarColumns
    planned: Sequence[int]
    elsewhere: Sequence[int]
    out: Sequence[int]
    untitled: Sequence[int]
    ragged: Sequence[int]
    has_results: bool

    @property
    def is_export(self) -> bool:
        """Whether every post is out."""
        return self.has_results and not self.planned


def calendar_of(sheet: Sheet, by_hand: Mapping[str, Sequence[str]] | None = None) -> Calendar | None:
    """The sheet as a calendar; None where it is none. `by_hand` takes facts to headings that the user names."""
    by_hand = by_hand or {}
    for header in range(min(PREAMBLE_ROWS, len(sheet.rows))):
        if (columns := calendars.scheduler_columns(sheet.rows[header].cells)) is not None:
            return _parted(sheet, header, calendars.with_key_columns(columns, *_sample(sheet, header)))
    inferred = ((header, _infer(sheet, header, by_hand)) for header in _headers(sheet, by_hand)[:TRIED_HEADERS])
    header_and_columns = next(((h, c) for h, c in inferred if c.is_certain or not c.lacks), None)
    return _parted(sheet, *header_and_columns) if header_and_columns is not None else None


def with_header(sheet: Sheet) -> Sheet:
    """The sheet, with a header where it holds nothing but times, messages and links, as Hootsuite takes them."""
    rows = [row.cells for row in sheet.rows[:SAMPLE] if any(map(str.strip, row.cells))]
    if not rows or not 2 <= max(map(len, rows)) <= len(_HOOTSUITE):
        return sheet
    is_bulk = all(len(row) > 1 and _HAS_CLOCK.search(row[0]) and has_year(row[0].strip()) for row in rows)
    header = Row(0, [*_HOOTSUITE[: max(map(len, rows))]])
    return replace(sheet, rows=[header, *sheet.rows]) if is_bulk else sheet


def why_no_calendar(sheet: Sheet, by_hand: Mapping[str, Sequence[str]]) -> CoachError | None:
    """What a sheet lacks to be a calendar of posts that are to come; None where it has no table."""
    calendar = calendar_of(sheet, by_hand)
    if calendar is not None and calendar.is_export:
        problem = _("is an export: its posts are out already, with their results")
        return CoachError(problem, where=sheet.where, hint=_("`tiktok-coach audit` reads it"))
    wide = (at for at, row in enumerate(sheet.rows[:PREAMBLE_ROWS]) if sum(map(bool, map(str.strip, row.cells))) > 1)
    header = next(iter(_headers(sheet, by_hand)), next(wide, None))
    if header is None:
        return None
    columns = _infer(sheet, header, by_hand)
    headings, texts = _sample(sheet, header)
    return calendars.what_lacks(headings, texts, columns.lacks, sheet.where)


def _headers(sheet: Sheet, by_hand: Mapping[str, Sequence[str]]) -> list[int]:
    """The positions of rows that may be the header: the plans' own, then those with most names that are known."""
    named = {heading(name) for names in by_hand.values() for name in names}
    counts: dict[int, int] = {}
    for position, row in enumerate(sheet.rows[:PREAMBLE_ROWS]):
        names = sheet.headings(position)
        if "publish_at" in names:
            return [position]
        cells = [cell for cell in row.cells if 0 < len(cell) <= _LONGEST_HEADING and any(map(str.isalpha, cell))]
        known = sum(is_name(cell, of_plans=True) for cell in cells)
        if not counts and not named and known > 1 and known * 2 >= len(cells):
            return [position]
        counts[position] = known + 2 * len(named.intersection(names))
    return sorted((position for position, count in counts.items() if count), key=lambda p: (-counts[p], p))


def _sample(sheet: Sheet, header: int) -> tuple[list[str], list[list[str]]]:
    """The headings of a table, and below each the texts of its first rows that hold something."""
    headings = [cell.replace("\ufeff", "").strip() for cell in sheet.rows[header].cells]
    below = sheet.rows[header + 1 : header + 1 + SAMPLE]
    rows = [row.cells for row in below if not _is_ragged(row, len(headings)) and row.cells != sheet.rows[header].cells]
    columns = [calendars.non_empty(column) for column in zip_longest(*rows, fillvalue="")][: len(headings)]
    return headings, columns + [[] for _heading in headings[len(columns) :]]


def _infer(sheet: Sheet, header: int, by_hand: Mapping[str, Sequence[str]]) -> CalendarColumns:
    return calendars.infer_calendar(*_sample(sheet, header), by_hand)


def read_calendar(sheet: Sheet, calendar: Calendar, text: str, options: ReadOptions, account: Account | None) -> Plan:
    """The posts of a calendar in a sheet; `text` is the file's own, empty for a workbook.

    Raises CoachError where several columns may be one fact.
    """
    columns, width = calendar.columns, len(sheet.rows[calendar.header].cells)
    refuse_doubtful(calendar, sheet.where)
    options = replace(options, date_order=options.date_order or date_order(sheet, calendar))
    problems = [_ragged(sheet, sheet.rows[i], width) for i in calendar.ragged]
    starts = line_starts(text) if text else []
    problems += _unclosed(sheet, text, starts, sorted([*calendar.planned, *calendar.elsewhere, *calendar.out]))
    facts = texts_by_fact(sheet, calendar, options)
    firsts = {fact: positions[0] for fact, positions in columns.facts.items()}
    firsts |= {"photo_files": firsts["photos"]} if "photos" in firsts else {}
    places = SheetPlaces(sheet, calendar.planned, firsts, sheet.where, text, starts)
    posts, more, notices = typed(facts, len(calendar.planned), places, sheet.where, options)
    notices = [*notices_of(sheet, calendar), *notices]
    problems += more
    headings = columns.named(sheet.rows[calendar.header].cells)
    return Plan(sheet.where, columns.name, text, posts, places, account, tuple(problems), tuple(notices), headings)


def _cell(row: Row, position: int | None) -> str:
    return row.cells[position].strip() if position is not None and position < len(row.cells) else ""


def _is_ragged(row: Row, width: int) -> bool:
    """More fields than the header, or one alone: shorter rows are how spreadsheets leave out empty cells."""
    count = len(row.cells)
    return (count > width and any(map(str.strip, row.cells[width:]))) or (width > 2 and count == 1)


def _ragged(sheet: Sheet, row: Row, width: int) -> CoachError:
    count, hint = len(row.cells), _("look for a quotation mark or a comma")
    problem = plural(
        "{count} field where the header has {width}", "{count} fields where the header has {width}", count, width=width
    )
    return CoachError(problem, where=sheet.where, line=row.line, column=1, hint=hint)


def _unclosed(sheet: Sheet, text: str, starts: list[int], body: Sequence[int]) -> list[CoachError]:
    """An open quotation mark makes one field of all that follows, so that it can only be in the last row."""
    if not text or not body:
        return []
    row = sheet.rows[body[-1]]
    spans = field_spans(text, starts[row.line - 1], len(text), sheet.separator)
    start, end = spans[-1]
    if text[start : start + 1] != '"' or (end - start > 1 and text[end - 1] == '"'):
        return []
    line, column = line_column(starts, start)
    problem = _("a quotation mark is not closed, so that all that follows is one field")
    return [CoachError(problem, where=sheet.where, line=line, column=column, hint=_("close it"))]


def refuse_doubtful(calendar: Calendar, where: str) -> None:
    """Raise CoachError where several columns may be a fact that a plan needs."""
    if calendar.columns.questions:
        raise calendars.ask(calendar.columns, where)


def texts_by_fact(sheet: Sheet, calendar: Calendar, options: ReadOptions) -> dict[str, list[str | None]]:
    """What the columns of each fact say of the planned posts, None where they say nothing."""
    columns, header = calendar.columns, sheet.rows[calendar.header].cells
    rows = [sheet.rows[i].cells for i in calendar.planned]
    cells = list(zip_longest(*rows, fillvalue=""))
    cells += [("",) * len(rows)] * (len(header) - len(cells))
    facts = {}
    for fact, (first, *others) in columns.facts.items():
        texts = list(cells[first])
        for other in others:
            texts = [own if own.strip() else more for own, more in zip(texts, cells[other], strict=True)]
        if fact == "posted_at":
            texts = _times(texts, cells, columns, header, options)
        elif COLUMNS[fact].unit == "s" and (unit := _unit(header[first], options)):
            texts = [_in_seconds(text, SECONDS[unit]) for text in texts]
        facts[fact] = _written(fact, texts)
    facts |= _carousels(facts)
    return {fact: texts for fact, texts in facts.items() if any(text is not None for text in texts)}


def _carousels(facts: Mapping[str, list[str | None]]) -> dict[str, list[str | None]]:
    """Where photos are named, their files, their number, and that the post is one of photos."""
    photos = facts.get("photos", [])
    names = [file_names(text or "") for text in photos]
    if not any(names):
        return {}
    kinds = facts.get("kind", [None] * len(names))
    return {
        "photo_files": ["; ".join(files) or None for files in names],
        "photos": [str(len(files)) if files else text for files, text in zip(names, photos, strict=True)],
        "kind": [kind or ("photo" if files else None) for kind, files in zip(kinds, names, strict=True)],
    }


def _unit(name: str, options: ReadOptions) -> str | None:
    """The unit of the lengths below a heading, by hand or by its last word; None where it says none."""
    if (by_hand := options.units.get(name.strip())) is not None:
        return by_hand
    # The plans' own keys are in seconds, and most headings are names that speak of these or of no unit: both are
    # cheaper to know than words for units.
    is_known = heading(name) in columns_by_key() or is_name(name, of_plans=True)
    if is_known or len(parts := words(name)) < 2:
        return None
    from tiktok_coach.io.parse import unit_of_word

    return unit_of_word("lengths", parts[-1])


def _in_seconds(text: str, factor: float) -> str:
    """A bare number of some unit in seconds; any other text as it stands."""
    number = text.strip().replace(",", ".")
    return f"{float(number) * factor:g}" if PLAIN.fullmatch(number) else text


def date_order(sheet: Sheet, calendar: Calendar) -> str | None:
    """The order of day and month that the days of all rows show, also of those that are left out."""
    days = calendar.columns.facts.get("posted_at", ())[:1]
    left = [*calendar.elsewhere, *calendar.out]
    return infer_order([_cell(sheet.rows[i], at) for i in [*left, *calendar.planned] for at in days]) if left else None


def _written(fact: str, texts: Sequence[str]) -> list[str | None]:
    """What the texts of a fact say, None for nothing."""
    if fact == "hashtags":
        tags = {t: t if "#" in t else join_tags(t.replace(",", " ").replace(";", " ").split()) for t in set(texts)}
        texts = [tags[text] for text in texts]
    elif fact == "video_file":
        # Airtable writes `clip.mp4 (https://...)`.
        texts = [_ATTACHED.sub("", text) for text in texts]
    elif fact == "account":
        handles = (_PROFILE.sub(r"\1", text.strip()) for text in texts)
        texts = [normalize_handle(handle) or "" for handle in handles]
    distinct = set(texts)
    absent = {t for t in distinct if not t.strip()}
    if COLUMNS[fact].zero_is_missing:
        # `0:00` is what sheets hold of photo posts.
        absent |= {t for t in distinct if not t.strip(" 0:.,")}
    if COLUMNS[fact].kind != "text":
        absent |= {t for t in distinct if t.strip().casefold() in MISSING}
    return [None if text in absent else text for text in texts]


def _times(
    texts: Sequence[str],
    cells: Sequence[Sequence[str]],
    columns: CalendarColumns,
    header: Sequence[str],
    options: ReadOptions,
) -> list[str]:
    """Days with the times of day beside them, in the zone that each row names, or else their heading."""
    times = [text.strip().removesuffix(" 00:00:00") for text in texts]
    if columns.clock is not None:
        hours = [calendars.SHEET_DAY_0.sub("", hour.strip()) for hour in cells[columns.clock]]
        is_bare = [bool(day) and not _HAS_CLOCK.search(day) for day in times]
        pairs = zip(times, hours, is_bare, strict=True)
        times = [f"{day} {hour}" if bare and hour.casefold() not in MISSING else day for day, hour, bare in pairs]
    headings = [header[at] for at in (columns.clock, columns.facts["posted_at"][0]) if at is not None]
    of_heading = next((zone for name in headings if (zone := zone_of_heading(name)) is not None), None)
    if columns.timezone is None and of_heading is None:
        return times
    named = cells[columns.timezone] if columns.timezone is not None else [""] * len(times)
    zones = {text: zone_of(text) or of_heading for text in dict.fromkeys(named)}
    for text, zone in zones.items():
        rows = [i for i, time in enumerate(times) if named[i] == text and _HAS_CLOCK.search(time)]
        if zone is None:
            moved = [f"{times[i]} {text}".strip() for i in rows]
        else:
            read = read_times([times[i] for i in rows], "", order=options.date_order, timezone=zone)
            pairs_read = zip(rows, read, strict=True)
            moved = [moment[0].isoformat() if moment and moment[1] else times[i] for i, moment in pairs_read]
        for i, time in zip(rows, moved, strict=True):
            times[i] = time
    return times


def notices_of(sheet: Sheet, calendar: Calendar) -> Iterator[Notice]:
    """What was left out of a calendar kept by hand, and what is doubtful in it."""
    columns = calendar.columns
    for doubt in columns.doubts:
        yield Notice(sheet.where, doubt)
    if columns.unread:
        text = _("columns that no rule reads: {named}", named=", ".join(map(repr, columns.unread)))
        yield Notice(sheet.where, text, level="info")
    reasons = ((calendar.elsewhere, OF_OTHERS), (calendar.out, OVER), (calendar.untitled, UNTITLED))
    for positions, why in reasons:
        yield from left_out(sheet.where, [sheet.rows[i].line for i in positions], why)


def _parted(sheet: Sheet, header: int, columns: CalendarColumns) -> Calendar:
    """The calendar below a header, its rows parted by where they belong."""
    titles = sheet.rows[header].cells
    width = len(titles)
    below = range(header + 1, len(sheet.rows))

    def where(positions: Sequence[int], fits: Callable[[str], object]) -> set[int]:
        return {row for at in positions for row in below if fits(_cell(sheet.rows[row], at))}

    captioned = where(columns.facts.get("caption", ()), bool)
    # A word alone where days stand is the title of what follows: `DECEMBER`.
    dated = where(columns.facts.get("posted_at", ()), _DIGIT.search)
    with_results = where(columns.results, calendars.is_result)
    parts: dict[str, list[int]] = {name: [] for name in ("planned", "elsewhere", "out", "untitled", "ragged")}
    has_results = False
    for position in below:
        row = sheet.rows[position]
        if not any(map(str.strip, row.cells)):
            continue
        if _is_ragged(row, width):
            parts["ragged"].append(position)
            continue
        is_out = position in with_results
        has_results |= is_out
        platform = _cell(row, columns.platform)
        if not is_out and (row.cells == titles or not (position in dated or position in captioned)):
            parts["untitled"].append(position)
        elif (platform and platform_of(platform) != TIKTOK) or not _is_ticked(row, columns.ticked, otherwise=True):
            parts["elsewhere"].append(position)
        elif is_out or _is_ticked(row, columns.published) or is_over(_cell(row, columns.status)):
            parts["out"].append(position)
        else:
            parts["planned"].append(position)
    return Calendar(header, columns, **parts, has_results=has_results)


def _is_ticked(row: Row, position: int | None, *, otherwise: bool = False) -> bool:
    return otherwise if position is None else _cell(row, position).casefold() in calendars.TICKED
