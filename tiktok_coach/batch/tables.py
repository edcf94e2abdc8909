"""The tables of a fleet as Parquet, a file for each group of accounts in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tiktok_coach.render.output import replaced

Rows = dict[str, list[dict[str, Any]]]
TEXT, WHOLE, NUMBER, FLAG, TIME = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.timestamp("us", tz="UTC")
_ACCOUNT = {
    "account": TEXT,
    "input": TEXT,
    "handle": TEXT,
    "posts": WHOLE,
    "first": TIME,
    "last": TIME,
    "median_views": NUMBER,
}

# The columns of each table of each command.
SCHEMAS: dict[str, dict[str, pa.Schema]] = {
    command: {name: pa.schema(list(columns.items())) for name, columns in tables.items()}
    for command, tables in {
        "audit": {
            "accounts": {
                **_ACCOUNT,
                "scored": WHOLE,
                "score": NUMBER,
                "squares": NUMBER,
                "coverage": NUMBER,
                "to_gain": NUMBER,
                "first_change": TEXT,
            },
            "tips": {
                "account": TEXT,
                "tip": TEXT,
                "title": TEXT,
                "score": NUMBER,
                "coverage": NUMBER,
                "pass": WHOLE,
                "fail": WHOLE,
                "unknown": WHOLE,
                "not_applicable": WHOLE,
            },
            "findings": {
                "account": TEXT,
                "code": TEXT,
                "post_id": TEXT,
                "subject": TEXT,
                "severity": TEXT,
                "confidence": TEXT,
                "value": TEXT,
                "message": TEXT,
                "fix": TEXT,
            },
            "scores": {
                "account": TEXT,
                "post_id": TEXT,
                "posted_at": TIME,
                "views": NUMBER,
                "score": NUMBER,
                "coverage": NUMBER,
                "failed": WHOLE,
            },
            "effects": {
                "account": TEXT,
                "code": TEXT,
                "basis": TEXT,
                "outcome": TEXT,
                "effect": NUMBER,
                "low": NUMBER,
                "high": NUMBER,
                "gain": NUMBER,
                "failing": WHOLE,
                "known": WHOLE,
                "own_posts": WHOLE,
                "verdict": TEXT,
            },
        },
        "simulate": {
            "accounts": {**_ACCOUNT, "median_signal_score": NUMBER, "never_recommended": WHOLE, "grow_on": WHOLE},
            "scores": {
                "account": TEXT,
                "post_id": TEXT,
                "rank": WHOLE,
                "rank_low": WHOLE,
                "rank_high": WHOLE,
                "signal_score": NUMBER,
                "low": NUMBER,
                "high": NUMBER,
                "coverage": NUMBER,
                "eligible": FLAG,
                "reasons": TEXT,
                "growth": NUMBER,
                "growth_low": NUMBER,
                "growth_high": NUMBER,
            },
        },
        "evidence": {
            "accounts": {**_ACCOUNT, "left_out": WHOLE, "helps": WHOLE, "hurts": WHOLE},
            "effects": {
                "account": TEXT,
                "outcome": TEXT,
                "code": TEXT,
                "effect": NUMBER,
                "low": NUMBER,
                "high": NUMBER,
                "estimate": NUMBER,
                "followed": NUMBER,
                "posts": WHOLE,
                "verdict": TEXT,
                "prior": NUMBER,
                "p": NUMBER,
                "q": NUMBER,
                "tip": FLAG,
            },
        },
    }.items()
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
        with replaced(path) as partial:
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
