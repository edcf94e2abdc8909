"""What every reader's file comes to in the end: one table of posts, and what is known beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.notices import Notice, Source
from tiktok_coach.core.provenance import Provenance
from tiktok_coach.core.translation import _
from tiktok_coach.core.trends import Trends

if TYPE_CHECKING:
    import pandas as pd


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
        text = _("holds a header and no rows")
        return [*self.notices, *(Notice(name, text, level="info") for name in self.header_only)]
