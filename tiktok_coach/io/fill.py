"""Fills columns of the posts table from a table of texts, and names every cell and row that cannot be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice, more_lines
from tiktok_coach.core.schema import CELL_KINDS, COLUMNS, Column, column, out_of_range, units_of
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.admission import admit, of_tiktok, refuse_elsewhere
from tiktok_coach.io.dates.by_upload import Placement, name_of_zone, place_by_upload, without_midnights
from tiktok_coach.io.dates.parse import Times, infer_order, parse_times
from tiktok_coach.io.dates.zone_names import zone_of_heading
from tiktok_coach.io.files.decoding import records, text_of
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.marks import languages_of
from tiktok_coach.io.parse import HANDLE, LINK, damaged_ids, missing, parse_column, upload_times
from tiktok_coach.io.reading import Reading, ReadOptions

NOTHING_KNOWN: Mapping[str, str] = {}
_PLURALS = {
    "count": N_("counts"),
    "number": N_("numbers"),
    "share": N_("shares"),
    "flag": N_("yes or no"),
    "time": N_("times"),
}


def table_of(records: Sequence[Mapping[str, Any]]) -> Table:
    """JSON records as a table of texts; lines are positions in the list, from 1."""
    names = list(dict.fromkeys(key for record in records for key in record))
    cells = {name: [text_of(record.get(name)) for record in records] for name in names}
    return Table(names, pd.DataFrame(cells, index=range(len(records)), dtype="str"), list(range(1, len(records) + 1)))


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


def read_table(
    declared: Reading,
    table: Table,
    mapping: Mapping[str, str],
    options: ReadOptions,
    *,
    timezone: str | None = "UTC",
    units: Mapping[str, str] = NOTHING_KNOWN,
) -> Reading:
    """What a reader declares, with the contents of a table that has a row a published post.

    `timezone` and `units` are those of `fill`; `declared` has the notices of what was left out of the table. The posts
    keep the labels of the table's rows, of which some may be no posts.
    """
    where = declared.source
    table = of_tiktok(table, where)
    refuse_elsewhere(table, where)
    posts, cell_notices = fill(table, mapping, where, options, timezone=timezone, units=units)
    posts, id_notices = identify(posts, where, table.line)
    posts, row_kinds = admit(posts, table, where, options.today)
    days = table.cells.get(mapping.get("posted_at", ""))
    return replace(
        declared,
        rows=len(table.cells) + len(table.ragged),
        posts=posts,
        notices=(*cell_notices, *declared.notices, *id_notices, *row_kinds),
        date_order=infer_order(list(days.fillna(""))) if days is not None else None,
        supplies=declared.supplies or tuple(mapping),
        columns=mapping,
    )


def fill(
    table: Table,
    mapping: Mapping[str, str],
    where: str,
    options: ReadOptions,
    *,
    timezone: str | None = "UTC",
    units: Mapping[str, str] = NOTHING_KNOWN,
    is_own: bool = False,
) -> tuple[pd.DataFrame, list[Notice]]:
    """Posts columns from a table: `mapping` takes a column of the schema to its heading.

    Times without an offset are in the timezone that their heading names, else in `timezone` (None where none is known,
    which is UTC), unless ids prove another; those of a table that `is_own` were held against ids before. A heading that
    the table lacks is passed over. A cell that cannot be read becomes missing and is named; a column in which most
    cells cannot be read raises CoachError, since its heading then stands over other values. The unit of each column is
    what the user says, else what `units` says of the fact, else what the column tells by itself.
    """
    posts = pd.DataFrame(index=table.cells.index)
    notices = ragged_notices(table, where)
    languages = partial(languages_of, tuple(table.headings), options.language)
    # Times last, since ids and links tell when posts were uploaded.
    for name, title in sorted(mapping.items(), key=lambda pair: COLUMNS[pair[0]].kind == "time"):
        if title not in table.cells.columns:
            continue
        texts, spec = table.cells[title], COLUMNS[name]
        if spec.kind == "time":
            times, time_notices = _times(
                texts,
                posts,
                table.line,
                where,
                options,
                timezone,
                languages=[*options.languages, *(codes if len(codes := languages().codes) == 1 else ())],
                is_posting=name == "posted_at" and not is_own,
            )
            notices += time_notices
            posts[name], bad = times.at, times.bad
            if name == "posted_at":
                precision = times.has_hour.map({True: "second", False: "day"}).astype("str")
                posts["posted_at_precision"] = precision.where(times.at.notna())
        else:
            unit = options.units.get(title, units.get(name))
            parsed = parse_column(texts, spec, unit if unit in units_of(spec) else None, languages)
            if parsed.doubt is not None:
                raise CoachError(f"{title}: {parsed.doubt.problem}", where=where, hint=parsed.doubt.hint)
            posts[name], bad = parsed.values, parsed.bad
            if parsed.rounded is not None and parsed.rounded.any():
                known = posts.get("counts_rounded", pd.Series(data=False, index=posts.index, dtype="boolean"))
                posts["counts_rounded"] = known | parsed.rounded
        notices += _bad_notices(texts, bad, title, spec, table.line, where)
        if spec.kind in {"count", "number", "share"} and (odd := out_of_range(posts[name])).any():
            # Negative counts are corrections, no counts of a post.
            text = N_("{name} {value:g} is outside {low:g}-{high:g}; left empty{also}")
            low, high = spec.low or 0, spec.high or float("inf")
            notices += row_notices(where, table.line, odd, text, name=name, value=posts[name], low=low, high=high)
            posts[name] = posts[name].mask(odd)
    return posts, notices


def _times(
    texts: pd.Series,
    posts: pd.DataFrame,
    lines: Sequence[int],
    where: str,
    options: ReadOptions,
    timezone: str | None,
    *,
    languages: Sequence[str],
    is_posting: bool,
) -> tuple[Times, list[Notice]]:
    """The times of a column: in the timezone that its heading or its format states, unless ids prove another.

    Where they are when posts went out (`is_posting`), ids are held against them.
    """
    heading = str(texts.name)
    of_heading = zone_of_heading(heading)
    stated = of_heading or ZoneInfo(timezone or "UTC")
    uploaded = _upload_times(posts) if is_posting else None
    times = parse_times(texts, where, order=options.date_order, timezone=stated, languages=languages, uploaded=uploaded)
    text = N_("{heading}: {value!r} states no year, and no id of a post tells it; left empty{also}")
    notices = row_notices(where, lines, times.undated, text, heading=heading, value=texts.str[:60])
    if uploaded is None:
        return times, notices
    times = without_midnights(times, stated)
    placed = place_by_upload(times, uploaded, stated, [ZoneInfo(zone) for zone in ("UTC", options.timezone) if zone])
    text = N_(
        "{heading}: {value!r} does not go with the upload of the post, {upload:%Y-%m-%d %H:%M} UTC by its id; "
        "left empty{also}"
    )
    odd = placed.contradictions
    notices += row_notices(where, lines, odd, text, heading=heading, value=texts.str[:60], upload=uploaded)
    is_stated = of_heading is not None or timezone is not None
    return placed.times, notices + _zone_notices(placed, stated, heading, where, options, is_stated=is_stated)


def _upload_times(posts: pd.DataFrame) -> pd.Series:
    """When the posts of a table were uploaded, by their ids, else by those in their links."""
    ids = column(posts, "post_id")
    if "link" in posts.columns:
        ids = ids.where(ids.fillna("").str.fullmatch(r"\d{15,20}"), posts["link"].str.extract(LINK, expand=False))
    return upload_times(ids.astype("str"))


def _zone_notices(
    placed: Placement, stated: tzinfo, heading: str, where: str, options: ReadOptions, *, is_stated: bool
) -> list[Notice]:
    """What the timezone of a column rests on, where that is not what the user says."""
    is_local = placed.times.has_hour & (placed.times.clock != "offset") & placed.times.at.notna()
    zone = name_of_zone(placed.zone, placed.times.at)
    counts = {"heading": heading, "zone": zone, "agreeing": placed.agreeing, "known": placed.known}
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
    if not is_local.any():
        return []
    if not is_stated and not placed.agreeing:
        text = N_("{heading}: its times state no timezone, and are read in UTC; say theirs with --timezone")
        return [Notice(where, _(text, heading=heading))]
    if options.timezone and is_stated and placed.zone != ZoneInfo(options.timezone) and zone_of_heading(heading):
        text = N_("{heading}: read in {zone}, which its heading names, and not in {timezone}")
        return [Notice(where, _(text, timezone=options.timezone, **counts), level="info")]
    return []


def _bad_notices(
    texts: pd.Series, bad: pd.Series, title: str, spec: Column, lines: list[int], where: str
) -> list[Notice]:
    if not bad.any():
        return []
    first = str(texts[bad].iloc[0])[:60]
    filled_count = int((~missing(texts)).sum())
    if filled_count > 3 and bad.sum() > filled_count / 2 and spec.kind != "text":
        kind = _(_PLURALS[spec.kind])
        text = _("the column {title!r} holds no {kind} ({first!r})", title=title, kind=kind, first=first)
        raise CoachError(text, where=where, hint=_("check that the header stands over the right columns"))
    what = _(CELL_KINDS[spec.kind]) if spec.kind in CELL_KINDS else _("one of {names}", names=", ".join(spec.choices))
    text = N_("{title}: {first!r} is not {what}; left empty{also}")
    return row_notices(where, lines, bad, text, title=title, first=first, what=what)


def lines_where(mask: pd.Series, lines: Sequence[int]) -> list[int]:
    """The lines of the rows for which a mask holds."""
    return [lines[int(i)] for i in mask.to_numpy().nonzero()[0]]


def row_notices(where: str, lines: Sequence[int], mask: pd.Series, text: str, **terms: Any) -> list[Notice]:
    """A notice of the rows for which a mask holds, at the line of the first; none where it holds for none.

    `text` may name their `count`, the lines of the others (`also`), and `terms`, of which a column is shown by what it
    holds in the first row.
    """
    places = lines_where(mask, lines)
    if not places:
        return []
    shown = {name: term[mask].iloc[0] if isinstance(term, pd.Series) else term for name, term in terms.items()}
    return [Notice(where, _(text, count=len(places), also=more_lines(places), **shown), places[0])]


def ragged_notices(table: Table, where: str) -> list[Notice]:
    """Notices that count and name the rows left out, those above the header, and those not as wide as it."""
    notices = [*table.left]
    if table.before:
        places = [row.line for row in table.before]
        text = plural(
            "{count} row stands above the header, and cannot be read{also}",
            "{count} rows stand above the header, and cannot be read{also}",
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
        posts["account"] = posts.get("account", handles).fillna(handles)
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
    mapping: Mapping[str, Sequence[str]],
    where: str,
    options: ReadOptions,
    *,
    name: str,
    trust: int,
    tags: Sequence[str] = (),
) -> tuple[Reading, list[dict[str, Any]]]:
    """A reading of JSON posts, and the flattened records it came from.

    `mapping` takes a column of the schema to the keys that may hold it, the first present in any record counting;
    `tags` are keys of lists of hashtags, texts or objects with a name, of which a record's first counts.
    """
    objects, others = records(rows)
    declared = Reading(where, name, trust=trust, notices=odd_entries(others, where))
    reading = read_first(declared, table_of(objects), mapping, options)
    if tags:
        values = ([record.get(key) for key in tags] for record in objects)
        hashtags = [hashtags_of(next((v for v in own if isinstance(v, list)), ())) for own in values]
        reading = reading.with_columns(hashtags=pd.Series(hashtags, dtype="str"))
    return replace(reading, rows=len(rows)), objects


def read_first(declared: Reading, table: Table, mapping: Mapping[str, Sequence[str]], options: ReadOptions) -> Reading:
    """As `read_table`, with several headings for a column, of which the first that is there counts.

    The table's times are those when posts were created, which fill uploaded_at and posted_at alike.
    """
    headings = {name: next((k for k in keys if k in table.cells), keys[0]) for name, keys in mapping.items()}
    reading = read_table(declared, table, headings, options)
    posts = reading.posts
    if posts is not None and "posted_at" in posts.columns:
        posts["uploaded_at"] = column(posts, "uploaded_at").fillna(posts["posted_at"])
    return replace(reading, columns={name: key for name, key in headings.items() if key in table.cells})


def odd_entries(positions: Sequence[int], where: str) -> tuple[Notice, ...]:
    """A notice of the entries of a list, by their positions, that are no objects."""
    if not positions:
        return ()
    text = _("{count} entries are no posts (the first is number {number})", count=len(positions), number=positions[0])
    return (Notice(where, text),)


def hashtags_of(items: Sequence[Any]) -> str | None:
    """The words of a list, or the names of its objects, as hashtags; None where it holds none."""
    words = [i.get("name") or i.get("title") if isinstance(i, dict) else i for i in items if isinstance(i, (str, dict))]
    return join_tags(text for word in words if word and (text := text_of(word))) or None
