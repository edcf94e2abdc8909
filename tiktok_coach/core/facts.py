"""Posts as rules read them: a column at a time, as an array, from a pandas table or from a plan.

A text column is an Arrow array with nulls; a number, a count or a share is float64 and NaN where it is missing; a flag is 1.0, 0.0
or NaN; a time is datetime64[us] in UTC, NaT where it is missing. So a plan of thirty posts needs no pandas, whose import takes
longer than all the rest of a lint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from tiktok_coach.core.arrays import TEXT, take, valid_mask
from tiktok_coach.core.captions import arrow_text
from tiktok_coach.core.schema import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

# Arrow for texts, NumPy for the rest.
Array = Any
TIME = "datetime64[us]"


def known_mask(array: Array) -> np.ndarray:
    """Where an array holds a value.

    >>> known_mask(np.array([1.0, float("nan")])).tolist()
    [True, False]
    """
    if isinstance(array, pa.Array):
        return valid_mask(array)
    return np.asarray(~(np.isnat(array) if array.dtype.kind == "M" else np.isnan(array)), dtype=bool)


def null_column(name: str, count: int) -> Array:
    """A wholly missing column of the schema."""
    kind = COLUMNS[name].kind if name in COLUMNS else "number"
    if kind in {"text", "label"}:
        return pa.nulls(count, TEXT)
    return np.full(count, np.datetime64("NaT", "us") if kind == "time" else np.nan)


def text_at(array: pa.Array, row: int) -> str | None:
    """One text of a text column."""
    value: str | None = array[row].as_py()
    return value


def value_at(array: Array, row: int) -> Any:
    """One value of a column, as Python has it."""
    return text_at(array, row) if isinstance(array, pa.Array) else array[row].item()


def take_rows(array: Array, rows: np.ndarray) -> Array:
    """The values of a column at these positions."""
    return take(array, rows) if isinstance(array, pa.Array) else array[rows]


class Facts:
    """Rows with columns that are made when they are first asked for."""

    def __init__(self, count: int, names: Iterable[str], make: Callable[[str], Array]) -> None:
        self.names = tuple(names)
        self._count = count
        self._make = make
        self._made: dict[str, Array] = {}

    def __len__(self) -> int:
        return self._count

    def column(self, name: str) -> Array | None:
        """A column; None where the rows have none of that name."""
        if name not in self._made:
            if name not in self.names:
                return None
            self._made[name] = self._make(name)
        return self._made[name]

    def column_or_null(self, name: str) -> Array:
        """A column, wholly missing where the rows have none of that name."""
        held = self.column(name)
        return null_column(name, len(self)) if held is None else held

    def with_columns(self, columns: Mapping[str, Array]) -> Facts:
        """The rows with these columns beside or instead of their own."""
        names = dict.fromkeys([*self.names, *columns])
        return Facts(len(self), names, lambda name: columns[name] if name in columns else self.column(name))

    def take(self, rows: np.ndarray) -> Facts:
        """The rows at these positions."""
        return Facts(len(rows), self.names, lambda name: take_rows(self.column_or_null(name), rows))


def facts_from_columns(columns: Mapping[str, Array], count: int) -> Facts:
    """Rows from columns of the forms that rules read."""
    return Facts(count, columns, lambda name: columns[name])


def facts_from_frame(posts: pd.DataFrame) -> Facts:
    """The rows of a pandas table."""
    return Facts(len(posts), posts.columns, lambda name: _of_series(posts[name]))


def _of_series(series: pd.Series) -> Array:
    kind = str(series.dtype)
    if kind.startswith("datetime64"):
        plain = series.dt.tz_convert("UTC").dt.tz_localize(None) if getattr(series.dt, "tz", None) else series
        return plain.to_numpy(dtype=TIME)
    if kind == "category":
        # Long texts that many rows share stay numbers.
        numbers = series.cat.codes.to_numpy()
        return pa.DictionaryArray.from_arrays(
            pa.array(numbers, mask=numbers < 0), arrow_text(series.cat.categories.astype("str"))
        )
    if kind in {"boolean", "bool", "float64", "float32"} or kind.lower().startswith(("int", "uint")):
        return series.to_numpy(dtype="float64", na_value=np.nan)
    return arrow_text(series)


def concat_facts(parts: Iterable[Facts]) -> Facts:
    """Rows one below the other; what one part lacks is missing there."""
    held = list(parts)
    names = dict.fromkeys(name for part in held for name in part.names)

    def join(name: str) -> Array:
        columns = [part.column_or_null(name) for part in held]
        if isinstance(columns[0], pa.Array):
            return pa.concat_arrays([column.cast(TEXT) for column in columns])
        return np.concatenate(columns)

    return Facts(sum(map(len, held)), names, join)
