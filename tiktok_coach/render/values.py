"""Values as people read them, as JSON and as CSV: rounded to what they are worth, a dash or null where not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from tiktok_coach.core.schema import escape_formulas
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.render.escaping import json_text

# A smaller difference is shown as 0%.
ROUNDING = 0.005


def json_object(head: Mapping[str, Any], **lists: Iterable[Any]) -> Iterator[str]:
    """A JSON object in pieces: `head`, then lists with an item a line, so that none is whole in memory."""
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


def facts_of(row: Any, names: str) -> dict[str, Any]:
    """A row's values as JSON has them, by names with spaces between; `interval` is what `low` and `high` span."""

    def fact(name: str) -> Any:
        if name == "interval":
            return pair(row.low, row.high)
        value = getattr(row, name)
        return number(value) if isinstance(value, float) else value

    return {name: fact(name) for name in names.split()}


def json_cell(value: Any) -> Any:
    """A table's cell as JSON: missing is null, times are ISO in UTC, whole numbers are whole."""
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (str, bool, int)):
        return value
    if hasattr(value, "item"):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def rows_csv(names: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Rows as CSV, their columns by names with spaces between: an interval in two, `..._low` and `..._high`; a text
    that a spreadsheet would take for a formula stands behind an apostrophe.
    """
    import pandas as pd

    records = list(rows)
    cells: dict[str, list[Any]] = {}
    for name in names.split():
        values = [row.get(name) for row in records]
        if name.endswith("interval"):
            stem = name.removesuffix("interval")
            for end, bound in enumerate(("low", "high")):
                cells[stem + bound] = [None if value is None else value[end] for value in values]
        else:
            cells[name] = [str(v).lower() if isinstance(v, bool) else v for v in values]
    table = pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in cells.items()})
    for name in table.columns:
        texts = table[name].map(lambda value: isinstance(value, str))
        if texts.any():
            table.loc[texts, name] = escape_formulas(table.loc[texts, name].astype("str")).astype("object")
    yield str(table.to_csv(index=False, lineterminator="\n"))


def factor(value: Any) -> str:
    """A factor as people read it.

    >>> factor(1.318), factor(float("nan"))
    ('×1.32', '–')
    """
    return fill("×{value:.2f}", value=float(value)) if np.isfinite(float(value)) else "–"


def views_change(effect: float, low: float, high: float) -> str:
    """A factor on views in words, with its interval.

    >>> views_change(1.06, 1.02, 1.1), views_change(0.82, 0.74, 0.92), views_change(3.0, 2.0, 4.5)
    ('6% more views (2–10%)', '18% fewer views (8–26%)', '3 times the views (2–4.5)')
    >>> views_change(1.06, 0.98, 1.15)
    '6% more views (from 2% fewer to 15% more)'
    >>> views_change(1.16, 0.998, 1.35)
    '16% more views (0–35%)'
    """
    if 0.5 < effect < 2 and low <= 1 - ROUNDING and high >= 1 + ROUNDING:
        terms = {"share": abs(effect - 1), "fewer": 1 - low, "more": high - 1}
        if effect < 1:
            return _("{share:.0%} fewer views (from {fewer:.0%} fewer to {more:.0%} more)", **terms)
        return _("{share:.0%} more views (from {fewer:.0%} fewer to {more:.0%} more)", **terms)
    if not 0.5 < effect < 2:
        return _("{effect:.2g} times the views ({low:.2g}–{high:.2g})", effect=effect, low=low, high=high)
    least, most = sorted((abs(low - 1), abs(high - 1)))
    terms = {"share": abs(effect - 1), "least": 100 * least, "most": most}
    if effect < 1:
        return _("{share:.0%} fewer views ({least:.0f}–{most:.0%})", **terms)
    return _("{share:.0%} more views ({least:.0f}–{most:.0%})", **terms)


def change(effect: float, low: float, high: float) -> str:
    """A factor in words, with its interval.

    >>> change(1.06, 1.02, 1.1), change(0.82, 0.74, 0.92), change(3.0, 2.0, 4.5)
    ('6% more (2–10%)', '18% less (8–26%)', '3 times as much (2–4.5)')
    >>> change(1.06, 0.98, 1.15)
    '6% more (from 2% less to 15% more)'
    """
    if not 0.5 < effect < 2:
        return _("{effect:.2g} times as much ({low:.2g}–{high:.2g})", effect=effect, low=low, high=high)
    if low < 1 < high:
        more = N_("{share:.0%} more (from {less:.0%} less to {more:.0%} more)")
        less = N_("{share:.0%} less (from {less:.0%} less to {more:.0%} more)")
        return _(more if effect >= 1 else less, share=abs(effect - 1), less=1 - low, more=high - 1)
    least, most = sorted((abs(low - 1), abs(high - 1)))
    template = (
        N_("{share:.0%} more ({least:.0f}–{most:.0%})")
        if effect >= 1
        else N_("{share:.0%} less ({least:.0f}–{most:.0%})")
    )
    return _(template, share=abs(effect - 1), least=100 * least, most=most)


def effect_text(effect: float) -> str:
    """A factor on views in words.

    >>> effect_text(1.3), effect_text(0.8), effect_text(2.5)
    ('30% more views', '20% fewer views', '2.5 times the views')
    """
    if not 0.5 < effect < 2:
        return _("{effect:.2g} times the views", effect=effect)
    more = N_("{share:.0%} more views") if effect > 1 else N_("{share:.0%} fewer views")
    return _(more, share=abs(effect - 1))


def views_text(views: float) -> str:
    """A number of views in words."""
    return plural("{count:,} view", "{count:,} views", round(views))


def between(low: Any, high: Any) -> str:
    """An interval of factors.

    >>> between(1.05, 1.66)
    '1.05–1.66'
    """
    known = np.isfinite([float(low), float(high)]).all()
    return fill("{low:.2f}–{high:.2f}", low=float(low), high=float(high)) if known else "–"


def upper_first(text: str) -> str:
    """A text with a capital at its beginning, and nothing else changed."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A text with a small letter at its beginning, and nothing else changed."""
    return text[:1].lower() + text[1:]


def share(value: Any) -> str:
    """A share in whole percent."""
    return format_value(float(value), ".0%") if value is not None and np.isfinite(float(value)) else "–"
