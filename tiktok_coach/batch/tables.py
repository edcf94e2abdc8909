"""The tables of a fleet as Parquet, a file for each group of accounts in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tiktok_coach.render.output import atomic_file

Rows = dict[str, list[dict[str, Any]]]
TEXT = pa.string()
TYPES = {
    "text": TEXT,
    "whole": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "time": pa.timestamp("us", tz="UTC"),
}
ACCOUNT = "account:text input:text handle:text posts:whole first:time last:time median_views:number"


def _schema(columns: str) -> pa.Schema:
    """A schema from columns as `name:type`, the types by the names of TYPES."""
    return pa.schema([(name, TYPES[kind]) for name, kind in (column.split(":") for column in columns.split())])


# The columns of each table of each command.
SCHEMAS: dict[str, dict[str, pa.Schema]] = {
    "audit": {
        "accounts": _schema(
            f"{ACCOUNT} scored:whole score:number squares:number coverage:number to_gain:number first_change:text"
        ),
        "tips": _schema(
            "account:text tip:text title:text score:number coverage:number pass:whole fail:whole "
            "unknown:whole not_applicable:whole"
        ),
        "findings": _schema(
            "account:text code:text post_id:text subject:text severity:text confidence:text value:text "
            "message:text fix:text"
        ),
        "scores": _schema(
            "account:text post_id:text posted_at:time views:number score:number coverage:number failed:whole"
        ),
        "effects": _schema(
            "account:text code:text basis:text outcome:text effect:number low:number high:number gain:number "
            "failing:whole known:whole own_posts:whole verdict:text"
        ),
    },
    "simulate": {
        "accounts": _schema(f"{ACCOUNT} median_signal_score:number never_recommended:whole grow_on:whole"),
        "scores": _schema(
            "account:text post_id:text rank:whole rank_low:whole rank_high:whole signal_score:number "
            "low:number high:number coverage:number eligible:flag reasons:text growth:number "
            "growth_low:number growth_high:number"
        ),
    },
    "evidence": {
        "accounts": _schema(f"{ACCOUNT} left_out:whole helps:whole hurts:whole"),
        "effects": _schema(
            "account:text outcome:text code:text effect:number low:number high:number estimate:number "
            "followed:number posts:whole verdict:text prior:number p:number q:number tip:flag"
        ),
    },
}


def table_path(folder: Path, table: str, group: str) -> Path:
    """Where the rows of a group stand in a table."""
    return folder / table / f"group={group}" / "part.parquet"


def write_rows(folder: Path, command: str, group: str, rows: Rows, unchanged: Sequence[str]) -> None:
    """Write the new rows of a group beside those of its unchanged accounts; each file is replaced whole."""
    for name, schema in SCHEMAS[command].items():
        path = table_path(folder, name, group)
        table = pa.Table.from_pylist(rows.get(name, []), schema=schema)
        if unchanged and path.exists():
            before = pq.ParquetFile(path).read()
            is_unchanged = pc.is_in(before["account"], pa.array(unchanged, TEXT))
            table = pa.concat_tables([before.filter(is_unchanged), table])
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(path) as partial:
            pq.write_table(table.sort_by("account"), partial, compression="zstd")


def read_accounts(folder: Path, command: str) -> pa.Table:
    """The table of accounts, of all groups."""
    files = sorted((folder / "accounts").glob("group=*/part.parquet"))
    parts = [pq.ParquetFile(path).read() for path in files]
    return pa.concat_tables(parts) if parts else SCHEMAS[command]["accounts"].empty_table()


def text_of(value: Any) -> str | None:
    """A value of a finding as the table holds it."""
    return None if value is None else str(value)


def null_if_nan(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in which a number that is not known is missing."""
    return {name: None if isinstance(value, float) and value != value else value for name, value in row.items()}
