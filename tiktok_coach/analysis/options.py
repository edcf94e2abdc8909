"""What a user asks of a study, as arguments and options say it, before anything is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# Called with the name of each file as it is read.
Progress = Callable[[str], None]


@dataclass(frozen=True)
class AnalysisOptions:
    """Inputs and options; None, or an empty tuple, where the user says nothing.

    `inputs` are what the study is about, `history` exports of published posts beside them, `media` videos of the posts.
    `packs` are folders of further rules; `select`, `ignore` and `extend_select` are codes of rules or prefixes. `now`
    is this moment, `today` the day the user wants taken for today instead;
    `strict` wants every file to be read; `columns` are texts `FACT=HEADING`.
    """

    now: dt.datetime
    inputs: tuple[Path, ...] = ()
    history: tuple[Path, ...] = ()
    trends: tuple[Path, ...] = ()
    media: tuple[Path, ...] = ()
    account: str | None = None
    timezone: str | None = None
    language: str | None = None
    export_date: dt.date | None = None
    date_order: str | None = None
    today: dt.date | None = None
    config: Path | None = None
    packs: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    strict: bool = False
    columns: tuple[str, ...] = ()
