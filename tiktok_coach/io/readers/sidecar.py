"""The sidecar: what no export holds (hook, opening emotion, tempo, answered comments …), by post id or link.

CSV with a column `post_id` or `link` and columns of the posts table, or YAML with a list `posts:` of the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.errors import CoachError, did_you_mean
from tiktok_coach.core.file_lists import file_names
from tiktok_coach.core.schema import COLUMNS, DERIVED
from tiktok_coach.core.translation import _, plurals
from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import fill, identify, named_by_schema, table_of, table_under
from tiktok_coach.io.parse import missing
from tiktok_coach.io.reading import Reader, Reading, ReadOptions
from tiktok_coach.io.row_notices import row_notices

KEYS = {"post_id", "link"}
# Facts that only a creator can add; a table without any of them is no sidecar.
OWN = {column.name for column in COLUMNS.values() if "your own notes" in column.supplied_by}


def _named(value: Any) -> list[dict[str, Any]] | None:
    posts = value.get("posts") if isinstance(value, dict) else None
    if not isinstance(posts, list) or not all(isinstance(p, dict) for p in posts):
        return None
    return posts if any(KEYS & set(p) for p in posts) else None


def _recognise(file: SourceFile) -> int:
    if (sheet := file.sheet) is not None:
        headings = {cell.strip() for cell in sheet.rows[0].cells} if sheet.rows else set()
        is_one = headings & KEYS and headings & OWN and not {"caption", "views"} <= headings
        return 1 + len(headings & OWN) if is_one else 0
    return 10 if file.document is not None and _named(file.document.value) is not None else 0


def _table(file: SourceFile, _options: ReadOptions) -> Table:
    if file.sheet is not None:
        first = file.sheet.rows[0]
        table = table_under(file, {next(cell.strip() for cell in first.cells if cell.strip() in KEYS)})
        _refuse_unknown(file.name, [(first.line, dict.fromkeys(name for name in table.headings if name))])
    else:
        document = file.document
        assert document is not None
        rows = _named(document.value) or []
        lines = [document.line_of(("posts", i)) or 1 for i in range(len(rows))]
        _refuse_unknown(file.name, list(zip(lines, rows, strict=True)))
        table = table_of([_texts(row) for row in rows])
        table = replace(table, line=lines)
    table = named_by_schema(table)
    return replace(table, cells=_with_photo_files(table.cells)) if "photos" in table.cells.columns else table


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    table = _table(file, options)
    known = {name: name for name in COLUMNS if name in table.cells.columns}
    posts, notices = fill(table, known, file.name, options, timezone=options.timezone)
    posts, ids = identify(posts, file.name, table.line)
    lost = posts["post_id"].isna()
    text = plurals(
        "{count} row names no post by id or full link; left out",
        "{count} rows name no post by id or full link; left out",
    )
    notices += row_notices(file.name, table.line, lost, text)
    # What the id and the link tell is no fact that the sidecar adds.
    facts = ["post_id", *(name for name in posts.columns if name in known and name not in KEYS)]
    return Reading(
        file.name,
        "sidecar",
        rows=len(table.cells) + len(table.ragged),
        posts=posts.loc[~lost, facts].reset_index(drop=True),
        notices=(*notices, *ids),
        trust=90,
        time_trust=2,
        is_sidecar=True,
        lists_every_post=False,
        supplies=tuple(n for n in known if n not in KEYS),
        headings=frozenset(known),
    )


def _with_photo_files(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with photos that are named (`a.jpg, b.jpg`) as the names of their files, and how many these are."""
    names = [file_names(text) if isinstance(text, str) else [] for text in cells["photos"].tolist()]
    if not any(names):
        return cells
    cells = cells.copy()
    facts = {
        "photo_files": ["; ".join(files) or None for files in names],
        "photos": [str(len(files)) if files else None for files in names],
        "kind": ["photo" if files else None for files in names],
    }
    for name, values in facts.items():
        said = pd.Series(values, index=cells.index, dtype="str")
        before = cells[name] if name in cells.columns else said
        cells[name] = said.fillna(before) if name == "photos" else before.where(~missing(before), said)
    return cells


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    """The facts of a post with lists as the texts that a sheet would hold."""
    lists = {name: value for name, value in row.items() if isinstance(value, list)}
    texts = {name: join_tags(v) if name == "hashtags" else "; ".join(map(str, v)) for name, v in lists.items()}
    if "photos" in lists:
        texts |= {"photo_files": texts["photos"], "photos": str(len(lists["photos"])), "kind": row.get("kind", "photo")}
    return {**row, **texts}


def _refuse_unknown(where: str, rows: list[tuple[int, dict[str, Any]]]) -> None:
    for line, row in rows:
        for name in row:
            if name not in COLUMNS or name in DERIVED:
                hint = did_you_mean(str(name), COLUMNS) or _("see `tiktok-coach convert --columns`")
                text = _("the posts table has no column {name!r}", name=name)
                raise CoachError(text, where=where, line=line, hint=hint)


READER = Reader("sidecar", _recognise, _read, table=_table)
