"""What a planned post may say: its keys, the column of the posts table that each fills, and their JSON Schema.

A post's own columns may stand at its top or, as in the examples, under `video`, `sound` and `engagement`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from tiktok_coach.core.documents.document import with_schema_id
from tiktok_coach.core.schema import COLUMNS, Column

REPLY = "video_reply_to"
# Free words for people, of which no rule speaks.
NOTES = frozenset({"notes", "script"})
LISTS = frozenset({"hashtags", "effects"})
_RENAMED = {"id": "post_id", "publish_at": "posted_at", "video.file": "video_file", "sound.name": "sound"}
_RENAMED |= {f"sound.{name}": f"sound_{name}" for name in ("artist", "original", "trending")}
_RENAMED |= {f"engagement.{name}": f"allow_{name}" for name in ("duet", "stitch", "comments")}
_RENAMED["engagement.reply_to_comments"] = "reply_to_comments"
# What the tool works out itself, or what only a published post has.
_NOT_PLANNED = {"post_id", "posted_at", "uploaded_at", "posted_at_precision", "clock_change", "status", "sources"}
_NOT_PLANNED |= {"link", "flagged_spam"}
_GROUPS = {"video": "video", "sound": "sound", "engagement": "permissions"}


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
    return {spec.name: key for key, spec in columns_by_key().items()}.get(column, column)


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a plan: one file with `posts:`, or one post."""
    from tiktok_coach.core.config import AccountSettings

    post = {"$ref": "#/$defs/post"}
    properties = {
        "account": {"$ref": "#/$defs/account"},
        "defaults": {**post, "description": "facts of every post that does not say its own"},
        "posts": {"type": "array", "items": post},
    }
    schema = {
        "title": "A plan of TikTok posts",
        "anyOf": [{"type": "object", "properties": properties, "additionalProperties": False}, post],
        "$defs": {"account": AccountSettings.model_json_schema(), "post": _post_schema()},
    }
    return with_schema_id("plan", schema)


def _post_schema() -> dict[str, Any]:
    top = {key: _value_schema(c) for key, c in columns_by_key().items() if "." not in key and key != "sound"}
    for name, inner in groups().items():
        properties = {key: _value_schema(column) for key, column in inner.items()}
        if name == "engagement":
            reply = {"description": "the comment, or its post, that the video answers"}
            properties[REPLY] = {"type": ["string", "integer", "null"], **reply}
        top[name] = {"type": "object", "properties": properties, "additionalProperties": False}
    top["sound"] = {"anyOf": [top["sound"], _value_schema(COLUMNS["sound"])]}
    top |= {name: {"type": "string", "description": "words for people; no rule reads them"} for name in sorted(NOTES)}
    return {"type": "object", "properties": top, "additionalProperties": False}


def _value_schema(column: Column) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": column.meaning + (f", in {column.unit}" if column.unit else "")}
    if column.name in LISTS:
        items = {"type": "array", "items": {"type": ["string", "integer"]}}
        return {"anyOf": [items, {"type": ["string", "null"]}], **schema}
    if column.choices:
        return {"enum": [*column.choices, None], **schema}
    if column.kind in {"number", "count"}:
        number: dict[str, Any] = {"type": "number" if column.kind == "number" else "integer"}
        number |= {"minimum": column.low} if column.low is not None else {}
        number |= {"maximum": column.high} if column.high is not None else {}
        # A length may be written as a clock shows it: "0:45".
        return {"anyOf": [number, {"type": ["string", "null"]}], **schema}
    kinds = {"flag": ["boolean", "null"], "time": ["string", "integer", "null"]}
    return {"type": kinds.get(column.kind, ["string", "integer", "number", "null"]), **schema}
