"""What a planned post may say, and one file of planned posts, read: the place of every fact, and what is wrong.

A post's own columns may stand at its top or, as in the examples, under `video`, `sound` and `engagement`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cache, lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np

from tiktok_coach.core.account import Account
from tiktok_coach.core.arrays import text_array
from tiktok_coach.core.choices import meant_choice, plain_choice
from tiktok_coach.core.documents.document import with_schema_id
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.facts import TIME, Array, Facts, facts_from_columns, frame_from_facts
from tiktok_coach.core.file_lists import FILE_NAME
from tiktok_coach.core.notices import Notice, more_lines
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import CELL_KINDS, COLUMNS, NONE_IS_KNOWN, Column
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.dates.parse import UndecidedOrderError, read_coming_times
from tiktok_coach.io.files.decoding import FALSE, MISSING, TRUE, text_of, texts_of
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans.places import DocumentPlaces, Place, Places

if TYPE_CHECKING:
    import pandas as pd

NO_ZONE = N_(
    "local times, and no timezone to place them in: their hours are not known; say account.timezone, or --timezone"
)
# Of days without a year, those so long ago are not yet of the next year: posts that went out a while ago stand on.
PAST = dt.timedelta(days=60)
# Why rows of a calendar are left out.
OF_OTHERS, OVER = N_("for other platforms"), N_("out already, or called off")
UNTITLED = N_("without both caption and day")
PLAIN = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?")
# Whole numbers above this are not all held by a float, and no fact of a post comes near it.
LARGEST = 2**53
CHANGES = {"gap": "gap", "overlap": "overlap", "local": "none", "offset": "none"}
REPLY = "video_reply_to"
# Free words for people, of which no rule speaks.
NOTES = frozenset({"notes", "script"})
LISTS = frozenset({"hashtags", "effects", "keywords", "watermark", "photo_files"})
_RENAMED = {"id": "post_id", "publish_at": "posted_at", "video.file": "video_file", "sound.name": "sound"}
_RENAMED |= {f"sound.{name}": f"sound_{name}" for name in ("artist", "original", "trending", "commercial_licence")}
_RENAMED |= {f"engagement.{name}": f"allow_{name}" for name in ("duet", "stitch", "comments")}
_RENAMED["engagement.reply_to_comments"] = "reply_to_comments"
_RENAMED |= {"video.transcript": "transcript_file", "transcript": "transcript_file"}
# Keys that the guides write at the top of a post, though their columns are of a group.
_AT_TOP = {"kind", "photos", "photo_files", "opening_text", "qr_code", "watermark", "content_credentials"}
_AT_TOP |= {"transcript_file", "spoken_hook", "speech_starts_s", "spoken_language"}
_AT_TOP |= {"ai_generated", "ad", "as_draft", "privacy"}
# What parts words for a search, of which none holds a comma.
_BETWEEN_WORDS = re.compile(r"\s*[;,；，、\n]\s*")
# What the tool works out itself, or what only a published post has.
_NOT_PLANNED = {"post_id", "posted_at", "uploaded_at", "posted_at_precision", "clock_change", "status", "sources"}
_NOT_PLANNED |= {"link", "flagged_spam", "photo_formats", "photo_sizes_mb", "photo_short_sides"}
_GROUPS = {"video": "video", "sound": "sound", "engagement": "permissions"}


@dataclass(frozen=True)
class Plan:
    """One file of planned posts. `text` is the file's, empty for a workbook; `account` is what holds for it.

    `columns` takes what the columns of a calendar say to their headings.
    """

    name: str
    format: str
    text: str
    posts: Facts
    places: Places
    account: Account | None = None
    problems: tuple[CoachError, ...] = ()
    notices: tuple[Notice, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)

    def frame(self) -> pd.DataFrame:
        """The posts as a posts table."""
        return frame_from_facts(self.posts)


@lru_cache(maxsize=4096)
def is_over(status: str) -> bool:
    """Whether a status says that a post is out, or never will be."""
    if not status:
        return False
    from tiktok_coach.io.columns.rows import status_of

    return status_of(status) in {"published", "called off"}


def left_out(where: str, lines: Sequence[int], why: str) -> list[Notice]:
    """A notice of posts that are left out, where there are any, with their lines; `why` is one of the reasons above."""
    if not lines:
        return []
    text = plural(
        "{count} row is {why}; left out{also}",
        "{count} rows are {why}; left out{also}",
        len(lines),
        why=_(why),
        also=more_lines([*lines]),
    )
    return [Notice(where, text, lines[0], level="info")]


def typed(
    facts: Mapping[str, Sequence[Any]], count: int, places: Places, where: str, options: ReadOptions
) -> tuple[Facts, list[CoachError], list[Notice]]:
    """`count` planned posts as typed columns, from what is written of each, None where nothing is.

    A fact that cannot be read is left missing and is a problem at its place. Local times need a timezone in the
    options; without one only their day is known.
    """
    columns: dict[str, Array] = {}
    problems: list[CoachError] = []
    notices: list[Notice] = []

    def refuse(wrong: Sequence[int], name: str, what: str, hint: str | None = None) -> None:
        for row in wrong:
            place, text = places.of(row, name), str(facts[name][row])
            hint = meant_choice(COLUMNS[name], text_of(facts[name][row]) or "") if COLUMNS[name].choices else hint
            problem = f"{key_of(name)} {text[:40]!r}{'…' if len(text) > 40 else ''} {what}"
            problems.append(CoachError(problem, where=place.file, line=place.line, column=place.column, hint=hint))

    for name, raw in facts.items():
        spec = COLUMNS[name]
        if name == "posted_at":
            try:
                timed, wrong, more = _times(raw, where, options)
            except UndecidedOrderError as error:
                place = places.of(_row_of_text(raw, error.text), name)
                # A plan has few dates, and each can be written so; of a calendar an option tells all.
                is_plan = isinstance(places, DocumentPlaces)
                hint = _("write the year first, such as 2026-12-31 18:30") if is_plan else error.hint
                raise replace(error, where=place.file, line=place.line, column=place.column, hint=hint) from error
            columns |= timed
            notices += more
        else:
            if name == "region":
                raw, refused = _country_codes(raw)
                problems += [replace(error, **_place(places.of(row, name))) for row, error in refused]
            read = {"flag": _flags, "count": _numbers, "number": _numbers, "share": _numbers}.get(spec.kind, _texts)
            columns[name], wrong = read(raw, spec)
        cell_kind = CELL_KINDS.get(spec.kind)
        what = _(cell_kind) if cell_kind else _("one of {names}", names=", ".join(spec.choices))
        hint = _("write seconds, such as 12.5") if spec.unit == "s" else None
        hint = _("write their files, such as [a.jpg, b.jpg], or how many they are") if name == "photos" else hint
        refuse(wrong, name, _("is not {what}", what=what), hint)
        if spec.kind in {"count", "number", "share"}:
            values = columns[name]
            odd = (values < (-np.inf if spec.low is None else spec.low)) | (values > (spec.high or np.inf))
            text = _("is outside {low:g}-{high:g}", low=spec.low or 0, high=spec.high or float("inf"))
            refuse(odd.nonzero()[0].tolist(), name, text)
            zero = (values == 0) & spec.zero_is_missing
            refuse(zero.nonzero()[0].tolist(), name, _("says nothing; leave it out where it is not known"))
            columns[name] = np.where(odd | zero, np.nan, values)
    columns["status"] = text_array(["planned"] * count)
    # A post that has no id is named after its file, and its tab.
    ids = columns["post_id"].tolist() if "post_id" in columns else [None] * count
    file, tab = part_tab(where)
    stem = PurePosixPath(file).stem + (f"-{tab}" if tab else "")
    new_ids = [stem] if count == 1 else [f"{stem}-{n}" for n in range(1, count + 1)]
    columns["post_id"] = text_array(own or new for own, new in zip(ids, new_ids, strict=True))
    return facts_from_columns(columns, count), problems, notices


def _place(place: Place) -> dict[str, Any]:
    return {"where": place.file, "line": place.line, "column": place.column}


def _country_codes(raw: Sequence[Any]) -> tuple[list[str | None], list[tuple[int, CoachError]]]:
    """Countries as ISO 3166 codes, by code or name; None with its row and an error for what is neither."""
    from tiktok_coach.core.countries import country_code

    codes: list[str | None] = []
    refused = []
    for row, text in enumerate(texts_of(raw)):
        codes.append(None)
        if text is not None and text.strip().casefold() not in MISSING:
            try:
                codes[row] = country_code(text)
            except CoachError as error:
                refused.append((row, replace(error, problem=f"region: {error.problem}")))
    return codes, refused


def _row_of_text(raw: Sequence[Any], text: str) -> int:
    """The first row of which a text is written."""
    return next((row for row, value in enumerate(texts_of(raw)) if value is not None and value.strip() == text), 0)


def _numbers(raw: Sequence[Any], spec: Column) -> tuple[Array, list[int]]:
    """Numbers as YAML types them or as people write them; any other writing is read as an export's is."""
    texts = {value: _number(value) for value in set(raw) if isinstance(value, str)}
    values = np.array([texts[v] if isinstance(v, str) else _number(v) for v in raw], dtype="float64")
    odd = np.isinf(values)
    strange = odd.nonzero()[0].tolist()
    values[odd] = np.nan
    if not any(isinstance(raw[row], str) for row in strange):
        is_fraction = (values != np.round(values)) & ~np.isnan(values) & (spec.kind == "count")
        values[is_fraction] = np.nan
        return values, sorted([*strange, *is_fraction.nonzero()[0].tolist()])
    import pandas as pd

    from tiktok_coach.io.parse import parse_column

    parsed = parse_column(pd.Series([text_of(value) for value in raw], dtype="str"), spec)
    if parsed.doubt is not None:
        return np.full(len(raw), np.nan), [row for row, value in enumerate(raw) if isinstance(value, str)]
    return parsed.values.to_numpy(dtype="float64", na_value=np.nan), parsed.bad.to_numpy().nonzero()[0].tolist()


def _number(value: Any) -> float:
    """A number as it is typed or plainly written; NaN where nothing is, infinite for any other writing."""
    if isinstance(value, str):
        plain = value.strip()
        return float(plain) if PLAIN.fullmatch(plain) else np.nan if plain.casefold() in MISSING else np.inf
    if value is None:
        return np.nan
    is_plain = isinstance(value, (int, float)) and not isinstance(value, bool) and -LARGEST < value < LARGEST
    return value if is_plain else np.inf


def _flags(raw: Sequence[Any], spec: Column) -> tuple[Array, list[int]]:  # noqa: ARG001 - one signature for all readers
    """Yes as 1, no as 0 and nothing as NaN; anything else is wrong."""
    values = dict.fromkeys(MISSING, np.nan) | dict.fromkeys(FALSE, 0.0) | dict.fromkeys(TRUE, 1.0)
    texts = [text or "" for text in texts_of(raw)]
    known = {text: values.get(text.strip().casefold(), np.inf) for text in set(texts)}
    read = np.array([known[text] for text in texts], dtype="float64")
    wrong = np.isinf(read)
    return np.where(wrong, np.nan, read), wrong.nonzero()[0].tolist()


def _texts(raw: Sequence[Any], spec: Column) -> tuple[Array, list[int]]:
    texts = texts_of(raw)
    if spec.name in {"caption", "title"}:
        return text_array(texts), []
    absent = MISSING - {"none"} if spec.name in NONE_IS_KNOWN or "none" in spec.choices else MISSING
    if spec.name == "hashtags":
        # An empty list says that there are none.
        absent = MISSING - {""}
    known: dict[str | None, str]
    known = {t: t.strip() for t in dict.fromkeys(texts) if t is not None and t.strip().casefold() not in absent}
    if spec.name == "keywords":
        known = {t: "; ".join(filter(None, _BETWEEN_WORDS.split(plain))) for t, plain in known.items()}
    if spec.name in NONE_IS_KNOWN:
        # `watermark: no` says that there is none.
        known = {text: "none" if plain.casefold() in FALSE else plain for text, plain in known.items()}
    if not spec.choices:
        return text_array(map(known.get, texts)), []
    choices: dict[str | None, str]
    choices = {t: plain_choice(plain) for t, plain in known.items()}
    values = [choices.get(t) for t in texts]
    wrong = [row for row, value in enumerate(values) if value is not None and value not in spec.choices]
    return text_array(value if value in spec.choices else None for value in values), wrong


def _times(raw: Sequence[Any], where: str, options: ReadOptions) -> tuple[dict[str, Array], list[int], list[Notice]]:
    texts = texts_of(raw)
    rows = [row for row, t in enumerate(texts) if t is not None and t.strip().casefold() not in MISSING]
    written, timezone = [str(texts[row]) for row in rows], options.timezone or "UTC"
    cells: list[list[Any]] = [[None] * len(raw) for _column in range(3)]
    times, precision, change = cells
    wrong, floating = [], False
    after, order = options.today - PAST, options.date_order
    moments, without_year = read_coming_times(
        written, where, after=after, order=order, timezone=timezone, languages=options.languages
    )
    for row, moment in zip(rows, moments, strict=True):
        if moment is None:
            wrong.append(row)
            continue
        time, has_hour, clock = moment
        times[row] = time.replace(tzinfo=None)
        precision[row] = "second" if has_hour else "day"
        if clock is not None and clock != "offset" and options.timezone is None:
            floating, precision[row] = True, "day"
            times[row] = dt.datetime(time.year, time.month, time.day)  # noqa: DTZ001 - all are in UTC
        elif clock is not None:
            change[row] = CHANGES[clock]
    columns = {"posted_at_precision": text_array(precision), "clock_change": text_array(change)}
    columns["posted_at"] = np.array(times, dtype=TIME)
    notices = [Notice(where, _(NO_ZONE))] if floating else []
    if without_year:
        text = plural(
            "{count} day has no year ({text!r}), and is read as the next one after {after}",
            "{count} days have no year ({text!r}), and are read as the next ones after {after}",
            len(without_year),
            text=without_year[0],
            after=after,
        )
        notices.append(Notice(where, text))
    return columns, wrong, notices


@cache
def columns_by_key() -> dict[str, Column]:
    """Every key of a planned post, groups dotted (`video.duration_s`), with the column that it fills."""
    own = [c for c in COLUMNS.values() if c.group != "metrics" and c.name not in _NOT_PLANNED]
    keys = {column.name: column for column in own}
    for group, of_columns in _GROUPS.items():
        keys |= {f"{group}.{column.name}": column for column in own if column.group == of_columns}
    return keys | {key: COLUMNS[name] for key, name in _RENAMED.items()}


@cache
def groups() -> dict[str, dict[str, Column]]:
    """The keys of each group, without its name."""
    by_group: dict[str, dict[str, Column]] = {name: {} for name in _GROUPS}
    for key, column in columns_by_key().items():
        group, _, name = key.partition(".")
        if name:
            by_group[group][name] = column
    return by_group


@cache
def key_of(column: str) -> str:
    """The key under which a plan says a column, as messages name it."""
    keys = {c.name: key for key, c in columns_by_key().items() if "." not in key or c.name not in _AT_TOP}
    return keys.get(column, column)


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a plan: one file with `posts:`, or one post."""
    from tiktok_coach.core.config import AccountSettings

    post = {"$ref": "#/$defs/post"}
    defaults = {**post, "description": "facts of every post that does not say its own"}
    posts = {"type": ["array", "null"], "items": post}
    properties = {"account": {"$ref": "#/$defs/account"}, "defaults": defaults, "posts": posts}
    file = {"type": "object", "properties": properties, "additionalProperties": False}
    definitions = {"account": AccountSettings.model_json_schema(), "post": _post_schema()}
    return with_schema_id("plan", {"title": "A plan of TikTok posts", "anyOf": [file, post], "$defs": definitions})


def _post_schema() -> dict[str, Any]:
    top = {key: _value_schema(c) for key, c in columns_by_key().items() if "." not in key and key != "sound"}
    for name, inner in groups().items():
        properties = {key: _value_schema(column) for key, column in inner.items()}
        if name == "engagement":
            reply = {"description": "the comment, or its post, that the video answers"}
            properties[REPLY] = {"type": ["string", "integer", "null"], **reply}
        top[name] = {"type": "object", "properties": properties, "additionalProperties": False}
    # Of these two the name alone may stand for the group.
    for name, column in (("sound", "sound"), ("video", "video_file")):
        top[name] = {"anyOf": [top[name], _value_schema(COLUMNS[column])]}
    top |= {name: {"type": "string", "description": "words for people; no rule reads them"} for name in sorted(NOTES)}
    return {"type": "object", "properties": top, "additionalProperties": False}


def _value_schema(column: Column) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": column.meaning + (f", in {column.unit}" if column.unit else "")}
    if column.name == "photos":
        files = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        about = {"description": "the files of a carousel's photos in their order, or how many there are"}
        file = {"type": "string", "pattern": FILE_NAME.pattern}
        return {"anyOf": [files, file, {"type": ["integer", "null"], "minimum": 1}], **schema, **about}
    if column.name in LISTS:
        items = {"type": "array", "items": {"type": ["string", "integer"]}}
        return {"anyOf": [items, {"type": ["string", "null"]}], **schema}
    if column.choices:
        return {"enum": [*column.choices, None], **schema}
    if column.kind in {"number", "count"}:
        limits = (("exclusiveMinimum" if column.zero_is_missing else "minimum", column.low), ("maximum", column.high))
        bounds = {name: limit for name, limit in limits if limit is not None}
        number = {"type": "number" if column.kind == "number" else "integer", **bounds}
        # A length may be written as a clock shows it: "0:45".
        return {"anyOf": [number, {"type": ["string", "null"]}], **schema}
    kinds = {"flag": ["boolean", "null"], "time": ["string", "integer", "null"]}
    return {"type": kinds.get(column.kind, ["string", "integer", "number", "null"]), **schema}
