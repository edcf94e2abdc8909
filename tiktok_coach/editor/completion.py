"""What may stand at the cursor of a plan, as an editor lists it while one types: keys, values and hashtags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.editor import value_items
from tiktok_coach.editor.completion_request import PROPERTY, SNIPPET, Item, Request, Sources
from tiktok_coach.editor.cursor import cursor_at
from tiktok_coach.editor.cursor_context import ITEM, Cursor
from tiktok_coach.editor.hashtag_items import hashtags_lost
from tiktok_coach.editor.key_help import (
    ACCOUNT,
    LIST,
    MAPPING,
    PLAN,
    POST,
    TEXT,
    Key,
    documentation,
    key_named,
    keys_in,
    parts_at,
)
from tiktok_coach.editor.project import OpenFile, Project
from tiktok_coach.plans.load import SHEETS
from tiktok_coach.plans.plan import groups

TRIGGERS = (":", " ", "#", "-", ",", "{", "[", '"')
MOST = 500
_HANDLE = re.compile(r"""\bhandle["']?[ \t]*:[ \t]*["']?@?([\w.]+)""")
_IGNORED = re.compile(r"#[ \t]*coach:[ \t]*ignore(?:-file)?[ \t]*\[(?:[^\]]*,[ \t]*)?(\w*)\Z")


def handle_in(text: str) -> str | None:
    """The handle of the account that a plan names."""
    match = _HANDLE.search(text)
    return match[1].lower() if match is not None else None


def complete(file: OpenFile, project: Project, offset: int, sources: Sources, *, has_snippets: bool) -> list[Item]:
    """What may stand at an offset of an open file; nothing where it is no plan, or anything may stand."""
    if file.path.suffix.lower() in SHEETS:
        return []
    cursor = cursor_at(file.text, offset, file.path.suffix.lower())
    if cursor is None or cursor.is_closed:
        return []
    request = Request(file, project, cursor, offset, sources, has_snippets)
    # What is put in replaces a part of one line.
    if "\n" in file.text[cursor.start : offset] and cursor.key != "caption":
        return []
    items = list(_items(request))
    for rank, item in enumerate(items):
        item["sortText"] = f"{rank:04}"
    return items


def _items(request: Request) -> Iterator[Item]:
    cursor = request.cursor
    if cursor.site == "comment":
        if (code := _IGNORED.search(cursor.prefix)) is not None:
            yield from value_items.rule_codes(request, code[1])
        elif (part := _part_of_value(request)) is not None:
            yield from hashtags_lost(request, part)
        return
    if cursor.site == "key":
        yield from _keys(request, cursor.path, "")
    elif cursor.site == "item" and cursor.path in {("posts",), ()}:
        yield from _keys(request, (*cursor.path, ITEM), "")
    elif cursor.is_alone and not cursor.quote and (inner := _inner_path(cursor)) is not None:
        yield from _keys(request, inner, "- " if inner[-1] == ITEM else "")
    elif (part := _part_of_value(request)) is not None:
        yield from value_items.values(request, part)


def _inner_path(cursor: Cursor) -> tuple[str, ...] | None:
    """The mapping that what stands on a line below a key is to begin; None where a value alone can stand there."""
    key = (cursor.key or "").casefold()
    if not cursor.path and key == "posts":
        return ("posts", ITEM)
    begins = {"account", "defaults"} if not cursor.path else set()
    return (*cursor.path, key) if key in begins | set(groups()) else None


def _part_of_value(request: Request) -> Key | None:
    """The key whose value, or an item of whose list, is at the cursor; None where that is no plan's."""
    cursor = request.cursor
    path, name = cursor.path, cursor.key
    if cursor.site != "value" and name is None and path and path[-1] != ITEM:
        path, name = path[:-1], path[-1]
    if name is None:
        return None
    parts = _parts(request, path)
    return next((key for part in parts if (key := key_named(part, name)) is not None), None)


def _parts(request: Request, path: Sequence[str]) -> tuple[str, ...]:
    """The parts of a plan that the mapping at a path may be."""
    own = [request.cursor.key] if request.cursor.key is not None and not path else []
    if request.file.path.name in CONFIG_NAMES:
        return (ACCOUNT,) if tuple(path) == ("account",) else ()
    if path and not _is_plan(request, path):
        return ()
    return parts_at(path, [*request.cursor.keys, *own], request.file.path)


def _is_plan(request: Request, path: Sequence[str]) -> bool:
    """Whether the file is a plan and not another program's, where the path alone does not say so."""
    if path[0].casefold() in {"posts", "account", "defaults"}:
        return True
    keys = {key.casefold() for key in request.cursor.keys}
    if path[0] == ITEM:
        return len(path) > 1 or bool(keys & keys_in(POST).keys())
    return (
        re.search(r"""^["' \t{]*(?:caption|publish_at|posts)["']?[ \t]*:""", request.file.text, re.M | re.I) is not None
    )


def _keys(request: Request, path: Sequence[str], dash: str) -> Iterator[Item]:
    """The keys that may stand in the mapping at a path and do not yet."""
    present = {key.casefold() for key in request.cursor.keys}
    for part in _parts(request, path):
        for key in keys_in(part).values():
            if key.name not in present and not (
                part == PLAN and key.name == "posts" and present - {"account", "defaults"}
            ):
                yield _key_item(request, part, key, dash)


def _key_item(request: Request, part: str, key: Key, dash: str) -> Item:
    cursor = request.cursor
    name = json.dumps(key.name) if cursor.is_json or cursor.quote == '"' else key.name
    name = f"'{name}'" if cursor.quote == "'" else name
    text, is_snippet = name, False
    if not cursor.has_colon:
        before, after = _beginning(request, part, key)
        is_snippet = request.has_snippets and bool(after)
        text = f"{name}:{before}$1{after}" if is_snippet else f"{name}:{before if after == '' else ' '}"
    item: Item = {
        "label": key.name,
        "kind": PROPERTY,
        "documentation": {"kind": "markdown", "value": documentation(key)},
        "textEdit": request.edit(cursor.start, cursor.end, cursor.lead + dash + text),
        "filterText": name,
    }
    if values := key.values:
        item["detail"] = values
    if is_snippet:
        item["insertTextFormat"] = SNIPPET
    return item


def _beginning(request: Request, part: str, key: Key) -> tuple[str, str]:
    """What comes between the colon of a key and its value, and what after that."""
    cursor = request.cursor
    is_block = not cursor.is_flow and not cursor.is_json
    if part == PLAN and is_block and key.name in {"posts", "defaults"}:
        return ("\n  - " if key.begins == LIST else "\n  "), ""
    if key.begins == LIST and part == PLAN:
        return " [{", "}]"
    around = {LIST: (" [", "]"), MAPPING: (" {", "}"), TEXT: (' "', '"')}
    if key.begins in around:
        return around[key.begins]
    is_text = key.column is not None and (key.column.kind in {"text", "time"}) and not key.choices
    return around[TEXT] if cursor.is_json and is_text else (" ", "")


def cut(items: Iterable[Item]) -> tuple[list[Item], bool]:
    """As many items as an editor shows, and whether there are more."""
    listed = list(items)
    return listed[:MOST], len(listed) > MOST
