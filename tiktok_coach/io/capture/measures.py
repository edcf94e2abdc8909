"""Takes the values of insights out of their wrappers: a number only where its status says that it is one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

WRAPPERS = 4
MOST = 10**13


def bare(part: Any) -> Any:
    """A value without its wrappers, of which there may be several; None where a status says that it is not known.

    >>> bare({"is_after_7d": False, "value": {"status": 0, "value": 16.6}}), bare({"status": 2, "value": 0})
    (16.6, None)
    """
    for _ in range(WRAPPERS):
        if not isinstance(part, dict):
            return part
        status = part.get("status")
        if status is not None and str(status) not in {"0", "0.0"}:
            return None
        if "value" not in part:
            return part
        part = part["value"]
    return None


def number(part: Any, high: float = MOST) -> float | None:
    """A number from 0 to `high`, also where it is written as a text; None where it is not known."""
    value = bare(part)
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= high else None


def count(part: Any) -> int | None:
    """A count; None where it is not known, or is no whole number."""
    value = number(part)
    return int(value) if value is not None and value.is_integer() else None


def share(part: Any) -> float | None:
    """A share, 0-1; None where it is not known."""
    return number(part, 1.0)


def shares(part: Any) -> dict[str, float]:
    """Shares by their keys (`{"For You": 0.84}`); those that are not known are left out."""
    entries = [entry for entry in listed(part) if isinstance(entry, dict) and isinstance(entry.get("key"), str)]
    return {entry["key"]: value for entry in entries if (value := share(entry)) is not None}


def first(values: Iterable[int | None]) -> int | None:
    """The first value that is known."""
    return next((value for value in values if value is not None), None)


def inner(part: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object of this name within another; empty where there is none."""
    value = part.get(name)
    return value if isinstance(value, dict) else {}


def listed(part: Any) -> Sequence[Any]:
    """The list within a value; empty where there is none."""
    value = bare(part)
    if isinstance(value, dict):
        value = value.get("list", value.get("country_percent_list"))
    return value if isinstance(value, list) else ()


def points(part: Any) -> Iterator[tuple[float, float]]:
    """Timestamps, in the file's own unit, with their shares."""
    for entry in listed(part):
        at, value = (number(entry.get("timestamp")), share(entry)) if isinstance(entry, dict) else (None, None)
        if at is not None and value is not None:
            yield at, value
