"""The posts table: the one schema that every reader fills and every later stage reads, and how videos fill it.

A post is a row. Every column may be absent or hold missing values, and a missing value is never 0. `columns.csv` lists
the columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import N_, _, read_rows

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

DTYPES = {
    "text": "str",
    "count": "Int64",
    "number": "float64",
    "share": "float64",
    "flag": "boolean",
    "time": "datetime64[us, UTC]",
    "label": "category",
}
# What a cell of a column of each kind holds, as messages say it.
CELL_KINDS = {
    "count": N_("a count"),
    "number": N_("a number"),
    "share": N_("a share"),
    "flag": N_("yes or no"),
    "time": N_("a time"),
}
CONFIDENCES = (N_("low"), N_("medium"), N_("high"))
# What a sheet may hold a column in: lengths in these units or as clocks, shares as such or in percent, counts by these.
SECONDS = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0}
CLOCKS = ("m:ss", "h:mm:ss")
SHARE_UNITS = ("%", "share")
COUNTED_IN = {"1": 1.0, "K": 1e3, "M": 1e6}
_RISKY = r"^'*(?:[=+\-@\t\r]|$)"
_MARKED = r"^''*(?:[=+\-@\t\r]|$)"


@dataclass(frozen=True)
class Column:
    """One column of the posts table; `kind` is a key of DTYPES, `supplied_by` what a creator can add to fill it.

    A sensible value is from `low` to `high`, in `unit`; where `zero_is_missing`, a 0 stands for what is not known, such
    as the length of a photo post.
    """

    name: str
    kind: str
    group: str
    meaning: str
    supplied_by: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    zero_is_missing: bool = False

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column."""
        return DTYPES[self.kind]


def _limit(text: str) -> float | None:
    return None if not text else float(text) if "." in text else int(text)


SCHEMA: tuple[Column, ...] = tuple(
    Column(
        **{key: row[key] for key in ("name", "kind", "group", "meaning", "supplied_by", "unit")},
        low=_limit(row["low"]),
        high=_limit(row["high"]),
        choices=tuple(row["choices"].split()),
        zero_is_missing=row["zero"] == "missing",
    )
    for row in read_rows(Path(__file__).with_name("columns.csv"))
)
COLUMNS: dict[str, Column] = {column.name: column for column in SCHEMA}
# What reading says of a post by itself.
BY_READING = frozenset({"sources", "status", "posted_at_precision"})
# Columns that follow from the caption: written for readers of the table, and computed afresh when it is read.
DERIVED = frozenset({"caption_utf16", "hashtag_count", "mention_count", "asks_question"})
# Columns of free words in which `none` is an answer, and not a gap, and in which `no` stands for it.
NONE_IS_KNOWN = frozenset({"effects", "opening_text", "spoken_hook", "watermark"})
METRICS: tuple[str, ...] = tuple(
    c.name for c in SCHEMA if c.group == "metrics" and c.name not in {"metrics_at", "counts_rounded"}
)


def units_of(spec: Column) -> tuple[str, ...]:
    """The units in which a sheet may hold a column, of which it is converted to its own."""
    if spec.kind in {"share", "count"}:
        return SHARE_UNITS if spec.kind == "share" else tuple(COUNTED_IN)
    return (*SECONDS, *CLOCKS) if spec.unit == "s" else ()


# The share of viewers that still watch, as a table of its own: a row a post and second.
RETENTION_COLUMNS: tuple[str, ...] = ("post_id", "account", "second", "share", "metrics_at", "source")
SNAPSHOT_COLUMNS: tuple[str, ...] = ("post_id", "account", "metrics_at", *METRICS, "source")


def schema_order(names: Iterable[str]) -> list[str]:
    """`names` in the order of the schema, unknown ones last as they come."""
    columns = dict.fromkeys(names)
    return [c for c in COLUMNS if c in columns] + [c for c in columns if c not in COLUMNS]


def column(posts: pd.DataFrame, name: str) -> pd.Series:
    """Column `name` of `posts`, wholly missing where the table does not hold it."""
    if name in posts.columns:
        return posts[name]
    import pandas as pd

    kind, dtype = COLUMNS[name].kind, COLUMNS[name].dtype
    missing = pd.NaT if kind == "time" else pd.NA if dtype in {"Int64", "boolean"} else None
    if dtype == "category":
        return pd.Series(pd.Categorical([None] * len(posts)), index=posts.index, name=name)
    return pd.Series(missing, index=posts.index, name=name, dtype=dtype)


def planned_mask(posts: pd.DataFrame) -> np.ndarray:
    """Which posts (n, bool) are planned, rather than published; those without a status are published."""
    import numpy as np

    if "status" not in posts.columns:
        return np.zeros(len(posts), dtype=bool)
    return (posts["status"] == "planned").to_numpy(dtype=bool)


def numbers(posts: pd.DataFrame, name: str) -> np.ndarray:
    """A column as numbers (float64), NaN where it is missing."""
    return column(posts, name).to_numpy(dtype="float64", na_value=float("nan"))


def conform(posts: pd.DataFrame) -> pd.DataFrame:
    """`posts` with the schema's columns in its order and dtypes, without wholly missing ones, and the others behind.

    A 0 that means missing is missing.
    Raises ValueError or TypeError where a column cannot take its dtype.
    """
    typed: dict[str, pd.Series] = {}
    for name in schema_order(posts.columns):
        series = posts[name]
        dtype = COLUMNS[name].dtype if name in COLUMNS else None
        if dtype is not None and str(series.dtype) != dtype:
            series = series.astype(dtype)  # type: ignore[call-overload]
        if dtype is not None and COLUMNS[name].zero_is_missing and (zeros := (series == 0).fillna(value=False)).any():
            series = series.mask(zeros)
        if dtype is None or name == "post_id" or not series.array.isna().all():
            typed[name] = series
    import pandas as pd

    # A copy would be made for nothing: pandas makes one of a column that is written to.
    return pd.DataFrame(typed, index=posts.index, copy=False)


def out_of_range(series: pd.Series) -> pd.Series:
    """Where a column of the schema holds a value outside its sensible range: a boolean mask, missing is False."""
    spec = COLUMNS[str(series.name)]
    if spec.choices:
        return series.notna() & ~series.isin(spec.choices)
    import pandas as pd

    if spec.low is None and spec.high is None:
        return pd.Series(data=False, index=series.index)
    values = series.to_numpy(dtype="float64", na_value=float("nan"))
    low = float("-inf") if spec.low is None else spec.low
    high = float("inf") if spec.high is None else spec.high
    return pd.Series((values < low) | (values > high), index=series.index)


@dataclass(frozen=True)
class Measure:
    """`how` a column is measured, how close to the truth on clips where that is known, and the `confidence` in it."""

    how: str
    within: str
    confidence: str

    def as_dict(self) -> dict[str, str]:
        """The measure by name."""
        return {"how": _(self.how), "within": _(self.within), "confidence": self.confidence}


def describe(measure: Measure) -> str:
    """A measure as findings say it: how, and its confidence where that is not high."""
    if measure.confidence == "high":
        return _("measured: {how}", how=_(measure.how))
    return _("measured: {how}; {confidence} confidence", how=_(measure.how), confidence=_(measure.confidence))


@cache
def _measures() -> dict[str, Measure]:
    rows = read_rows(Path(__file__).with_name("measures.csv"))
    return {row["column"]: Measure(row["how"], row["within"], row["confidence"]) for row in rows}


def measure_of(column: str, measured: str | None) -> Measure | None:
    """How a column was measured, where it is among those that `measured` lists; None where it was not."""
    return _measures().get(column) if column in (measured or "").replace(" ", "").split(";") else None


def escape_formulas(texts: pd.Series) -> pd.Series:
    """Texts that no spreadsheet takes for a formula: one that begins like one, or is empty, gets an apostrophe.

    That tells an empty text from a missing one too, which CSV cannot.

    >>> import pandas as pd
    >>> escape_formulas(pd.Series(["=1+1", "rye", ""])).tolist()
    ["'=1+1", 'rye', "'"]
    """
    return texts.mask(_contains(texts, _RISKY), "'" + texts)


def unescape_formulas(texts: pd.Series) -> pd.Series:
    """The texts that `escape_formulas` took."""
    return texts.mask(_contains(texts, _MARKED), texts.str[1:])


def _contains(texts: pd.Series, pattern: str) -> pd.Series:
    return texts.str.contains(pattern, regex=True).fillna(value=False).astype(bool)
