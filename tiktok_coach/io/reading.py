"""What a reader of one format takes and gives, the same for every format, and what all files come to in the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from tiktok_coach.core.account import Account, Audience, Trends
from tiktok_coach.core.notices import Download, Notice, Provenance, Source, is_within
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    import pandas as pd

    from tiktok_coach.io.files.bounds import Bounds
    from tiktok_coach.io.files.sheets import Table
    from tiktok_coach.io.files.source_files import SourceFile


@dataclass(frozen=True)
class DayTable:
    """A table with a row a day or hour, whose `month` and `day` columns still lack their year."""

    name: str
    rows: pd.DataFrame


@dataclass(frozen=True)
class Reading:
    """What one file gave, and what its reader declares about it.

    - `posts` are columns of the posts table; where the file prints the days of posts apart from their times also
      `printed_on` (the day, as midnight UTC).
    - `trust` orders sources of one fact at one time: the higher wins. `time_trust` orders sources of posted_at: 2 for
      when the post went out, 1 for the upload beside a printed day, 0 for when the video was created.
    - `is_sidecar`: it only adds facts to posts that other files list: it makes no post, and tells nothing of when it
      was exported.
    - `matches_titles`: its rows may be matched with other files' posts by title and day, since they need not hold ids.
    - `lists_every_post`: no post of the period is left out, so that a day without one was a day without a post.
    - `lists_most_viewed`: a selection by views: comparing its posts with each other says little of the others.
    - `download`: which of the downloads that `start` asks for it is; None for none of them.
    - `exported_on`: the (month, day) on which a Studio list was downloaded.
    - `date_order`: in which order its dates show day and month by themselves (`dmy`, `mdy` or `ymd`).
    - `headings` are those of the columns that were read, as the file and as its format spell them.
    - `problem`: why nothing of the file can be used after all.
    - `retention`: the share that still watches: post_id, second, share, metrics_at.
    - `history`: counts at earlier moments, in the form of snapshots.
    - `provenance`: where a table that was merged before has its posts from; `posts` then holds its column.
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
    time_trust: int = 0
    is_sidecar: bool = False
    matches_titles: bool = False
    lists_every_post: bool = True
    lists_most_viewed: bool = False
    download: Download | None = None
    exported_on: tuple[int, int] | None = None
    supplies: tuple[str, ...] = ()
    problem: str | None = None
    date_order: str | None = None
    headings: frozenset[str] = frozenset()
    retention: pd.DataFrame | None = None
    history: pd.DataFrame | None = None
    provenance: Provenance | None = None

    def with_columns(self, **columns: pd.Series) -> Reading:
        """The reading with more columns of its posts, or others in their place."""
        assert self.posts is not None
        return replace(self, posts=self.posts.assign(**columns))


@dataclass(frozen=True)
class Reader:
    """One export format.

    `recognise` counts the traits of the format that a file shows, 0 for none: the reader that counts most reads it.
    `headings` are those that its tables must hold, to say what a file lacks that is almost one. An `is_fallback` is
    tried only where no other is sure; `glance` says by the head of a file alone that no other can be meant. `table`
    gives the table that `read` reads, and nothing beside it; a reader without one reads no columns that a user may
    name. Headings that the user names change which columns an `is_sure` one takes, and not that it
    reads the file.
    """

    format: str
    recognise: Callable[[SourceFile], int]
    read: Callable[[SourceFile, ReadOptions], Reading]
    headings: tuple[tuple[str, ...], ...] = ()
    is_fallback: bool = False
    is_sure: bool = False
    glance: Callable[[SourceFile], bool] | None = None
    table: Callable[[SourceFile, ReadOptions], Table | None] | None = None


@dataclass(frozen=True)
class ReadOptions:
    """What the user says of the inputs.

    `today` bounds what a day without a year can mean. `zones` has timezones of files by the input or folder that they
    are in, the deepest first; `timezone` is that of the others. `language` is the files' own, `account_language` that
    of the account, in which its files may be written. `columns` takes columns of the posts table to the headings that
    are to fill them, of which those `required` must be in some input; `units` takes such headings to the units that the
    user says they are in. Files outside `bounds` are not read.
    """

    today: dt.date
    timezone: str | None = None
    language: str | None = None
    export_date: dt.date | None = None
    date_order: str | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    account_language: str | None = None
    zones: Mapping[str, str] = field(default_factory=dict)
    bounds: Bounds | None = None

    def at(self, name: str) -> ReadOptions:
        """The options for the file of this name, with its own timezone."""
        zone = next((zone for place, zone in self.zones.items() if is_within(name, place)), None)
        return self if zone is None else replace(self, timezone=zone)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which days are read before others are tried."""
        return tuple(dict.fromkeys(name for name in (self.language, self.account_language) if name))


def language_notices(where: str, language: str | None, options: ReadOptions) -> list[Notice]:
    """A notice of the language that a file's days turned out to be in, where it is not English and nobody named it."""
    if language in {None, "en", *options.languages}:
        return []
    text = _("its days are read in the language {language}; --file-language says it outright", language=language)
    return [Notice(where, text, level="info")]


@dataclass(frozen=True)
class Export:
    """Everything the inputs hold.

    `posts` has a row a post, `snapshots` one a post and time of measuring, `retention` one a post and second, with
    the share that still watches; `audiences` are by handle.
    """

    posts: pd.DataFrame
    snapshots: pd.DataFrame
    accounts: tuple[Account, ...]
    audiences: dict[str, Audience] = field(default_factory=dict)
    trends: Trends | None = None
    notices: tuple[Notice, ...] = ()
    sources: tuple[Source, ...] = ()
    retention: pd.DataFrame | None = None
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def header_only(self) -> list[str]:
        """The names of the files that hold a header and nothing else."""
        return [source.name for source in self.sources if source.state == "header only"]

    @property
    def warnings(self) -> list[Notice]:
        """The notices of something wrong, without those of what was chosen."""
        return [notice for notice in self.notices if notice.level == "warning"]

    @property
    def all_notices(self) -> list[Notice]:
        """Every notice, with one that names each file without rows."""
        text = _("has a header and no rows")
        return [*self.notices, *(Notice(name, text, level="info") for name in self.header_only)]
