"""What the user says of how the values in files are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ReadOptions:
    """What the user says of the inputs.

    `today` bounds what a day without a year can mean. `columns` takes columns of the posts table to the headings that
    are to fill them, of which those `required` must be in some input.
    """

    today: dt.date
    timezone: str | None = None
    language: str | None = None
    export_date: dt.date | None = None
    date_order: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
