"""What JSON and CSV share: numbers rounded to what they are worth, null where they are not known, rows a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.core.documents.spreadsheets import escape_formulas
from tiktok_coach.render.escaping import json_text


def json_object(head: Mapping[str, Any], **lists: Iterable[Any]) -> Iterator[str]:
    """A JSON object in pieces, `head` and then lists with an item a line, so that long ones are never whole in
    memory.
    """
    yield json_text(head, indent=1)[:-2]
    for name, items in lists.items():
        yield f',\n "{name}": [\n'
        for place, item in enumerate(items):
            yield (",\n  " if place else "  ") + json_text(item)
        yield "\n ]"
    yield "\n}\n"


def number(value: Any) -> float | None:
    """A number to five digits; None where it is missing or infinite."""
    known = float("nan") if value is None else float(value)
    return float(f"{known:.5g}") if np.isfinite(known) else None


def pair(low: Any, high: Any) -> list[float | None] | None:
    """An interval; None where neither end is known."""
    ends = [number(low), number(high)]
    return None if ends == [None, None] else ends


def json_cell(value: Any) -> Any:
    """A table's cell as JSON: missing is null, times are ISO in UTC, whole numbers are whole."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (str, bool, int)):
        return value
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def rows_csv(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Rows as CSV: an interval in two columns, `..._low` and `..._high`; a text that a spreadsheet would take for a
    formula stands behind an apostrophe.
    """
    records = list(rows)
    cells: dict[str, list[Any]] = {}
    for name in names:
        values = [row.get(name) for row in records]
        if name.endswith("interval"):
            stem = name.removesuffix("interval")
            cells[f"{stem}low"], cells[f"{stem}high"] = (
                [None if v is None else v[end] for v in values] for end in (0, 1)
            )
        else:
            cells[name] = [str(v).lower() if isinstance(v, bool) else v for v in values]
    table = pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in cells.items()})
    for name in table.columns:
        texts = table[name].map(lambda value: isinstance(value, str))
        if texts.any():
            table.loc[texts, name] = escape_formulas(table.loc[texts, name].astype("str")).astype("object")
    yield str(table.to_csv(index=False, lineterminator="\n"))
