"""What the user says of how the values in files are written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What the user says of the inputs. `today` bounds what a day without a year can mean."""

    today: dt.date
    timezone: str | None = None
    language: str | None = None
    export_date: dt.date | None = None
    date_order: str | None = None
