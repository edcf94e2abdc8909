"""Posts as rules read them: a column at a time, as an array, from a pandas table or from a plan.

A text column is an Arrow array with nulls; a number, a count or a share is float64 with NaN; a flag is 1.0, 0.0 or
NaN; a time is datetime64[us] in UTC with NaT. So a small plan needs no pandas, whose import takes longer than its lint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_coach.core.arrays import TEXT, take, valid_mask
from tiktok_coach.core.captions import arrow_text
from tiktok_coach.core.schema import COLUMNS, conform

if TYPE_CHECKING:
    import pandas as pd

# A column of texts, and a column of any kind: Arrow for texts, NumPy for the rest.
TextArray: TypeAlias = pa.Array
Array: TypeAlias = TextArray | np.ndarray
TIME = "datetime64[us]"


def known_mask(array: Array) -> np.ndarray:
    """Where a column holds a value, as a boolean mask."""
    if isinstance(array, pa.Array):
        return valid_mask(array)
    return np.asarray(~(np.isnat(array) if array.dtype.kind == "M" else np.isnan(array)), dtype=bool)


def null_column(name: str, count: int) -> Array:
    """A wholly missing column of the schema, held once and not to be written to."""
    kind = COLUMNS[name].kind if name in COLUMNS else "number"
    if kind in {"text", "label"}:
        return pa.nulls(count, TEXT)
    return np.broadcast_to(np.datetime64("NaT", "us") if kind == "time" else np.float64("nan"), count)


def text_at(array: pa.Array, row: int) -> str | None:
    """One text of a text column."""
    value: str | None = array[row].as_py()
    return value


def value_at(array: Array, row: int) -> Any:
    """One value of a column, as a Python object."""
    return text_at(array, row) if isinstance(array, pa.Array) else array[row].item()


def take_rows(array: Array, rows: np.ndarray) -> Array:
    """The values of a column at these positions."""
    return take(array, rows) if isinstance(array, pa.Array) else array[rows]


class Facts:
    """`count` posts with columns of `names`, each of which `make` gives when it is first read."""

    def __init__(self, count: int, names: Iterable[str], make: Callable[[str], Array]) -> None:
        self.names = tuple(names)
        self._count = count
        self._make = cache(make)

    def __len__(self) -> int:
        return self._count

    def column(self, name: str) -> Array | None:
        """A column; None where the posts have none of that name."""
        return self._make(name) if name in self.names else None

    def column_or_null(self, name: str) -> Array:
        """A column, wholly missing where the posts have none of that name."""
        column = self.column(name)
        return null_column(name, len(self)) if column is None else column

    def with_columns(self, columns: Mapping[str, Array]) -> Facts:
        """The posts with these columns added, or in place of their own."""
        names = dict.fromkeys([*self.names, *columns])
        return Facts(len(self), names, lambda name: columns[name] if name in columns else self._make(name))

    def take(self, rows: np.ndarray) -> Facts:
        """The posts at these positions."""
        return Facts(len(rows), self.names, lambda name: take_rows(self._make(name), rows))


def facts_from_columns(columns: Mapping[str, Array], count: int) -> Facts:
    """Posts from columns in the forms that rules read."""
    return Facts(count, columns, lambda name: columns[name])


def facts_from_frame(posts: pd.DataFrame) -> Facts:
    """The posts of a pandas table."""
    return Facts(len(posts), posts.columns, lambda name: _array_from_series(posts[name]))


def frame_from_facts(facts: Facts) -> pd.DataFrame:
    """Posts as a posts table."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for name in facts.names:
        array, kind = facts.column_or_null(name), COLUMNS[name].kind
        if kind in {"text", "label"}:
            columns[name] = pd.Series(array.tolist(), dtype="str")
        elif kind == "time":
            columns[name] = pd.to_datetime(pd.Series(array), utc=True)
        else:
            columns[name] = pd.Series(array, dtype="float64").astype(COLUMNS[name].dtype)  # type: ignore[call-overload]
    return conform(pd.DataFrame(columns, index=range(len(facts))))


def _array_from_series(series: pd.Series) -> Array:
    kind = str(series.dtype)
    if kind.startswith("datetime64"):
        # What has a timezone is held in UTC, and is given so without a copy.
        return series.to_numpy(dtype=TIME)
    if kind == "category":
        # Long texts that many rows share stay coded.
        codes, texts = series.cat.codes.to_numpy(), arrow_text(series.cat.categories.astype("str"))
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), texts)
    if kind in {"boolean", "bool", "float64", "float32"} or kind.lower().startswith(("int", "uint")):
        return series.to_numpy(dtype="float64", na_value=np.nan)
    return arrow_text(series)


def concat_facts(parts: Iterable[Facts]) -> Facts:
    """Posts one below the other; a column that one part lacks is missing there."""
    tables = list(parts)
    names = dict.fromkeys(name for table in tables for name in table.names)

    def join(name: str) -> Array:
        columns = [table.column_or_null(name) for table in tables]
        if isinstance(columns[0], pa.Array):
            return pa.concat_arrays([pc.cast(column, TEXT) for column in columns])
        return np.concatenate(columns)

    return Facts(sum(map(len, tables)), names, join)
