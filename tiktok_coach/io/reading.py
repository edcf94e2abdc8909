"""What a reader of one format takes and gives; the same for every format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tiktok_coach.core.account import Account
from tiktok_coach.core.notices import Notice
from tiktok_coach.io.options import Options

if TYPE_CHECKING:
    import pandas as pd

    from tiktok_coach.core.trends import Trends
    from tiktok_coach.io.files.source_files import SourceFile


@dataclass(frozen=True)
class DayTable:
    """A table with a row a day or hour, whose `month` and `day` columns still lack their year."""

    name: str
    rows: pd.DataFrame


@dataclass(frozen=True)
class Reading:
    """What one file gave.

    `posts` holds columns of the posts table, and where the file prints days of posts apart from their times,
    `printed_on` (the day, as midnight UTC). `exported_on` is the (month, day) a Studio list was downloaded.
    `trust` orders sources that tell the same fact at the same time, the higher winning; `sure_times` says that
    posted_at is when the post went out rather than when its video was created. `problem` says why nothing of a
    file can be used after all; `date_order` is the order in which its dates show day and
    month by themselves; `columns` takes columns of the posts table to the headings that fill them. `retention` has the share that
    still watches (post_id, second, share, metrics_at), `history` counts as they stood at earlier moments, in the form of snapshots.
    """

    source: str
    format: str
    rows: int = 0
    posts: pd.DataFrame | None = None
    days: DayTable | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    account: Account | None = None
    trends: Trends | None = None
    notices: tuple[Notice, ...] = ()
    trust: int = 50
    sure_times: bool = False
    exported_on: tuple[int, int] | None = None
    joins: str = "id"
    supplies: tuple[str, ...] = ()
    problem: str | None = None
    date_order: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    retention: pd.DataFrame | None = None
    history: pd.DataFrame | None = None


@dataclass(frozen=True)
class Reader:
    """One export format.

    `recognise` gives how many traits of the format a file shows, 0 for none: the reader that sees most reads it.
    `headings` are those its tables must hold, to say of a file that is almost one what it lacks.
    One that comes `last` is asked only where no other is sure; `glance` tells from the head of a file
    alone that no other can be meant.
    """

    format: str
    recognise: Callable[[SourceFile], int]
    read: Callable[[SourceFile, Options], Reading]
    headings: tuple[tuple[str, ...], ...] = ()
    last: bool = False
    glance: Callable[[SourceFile], bool] | None = None
