"""What was trending and searched for, as the user's own file says it, with the date for which it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# A trends file lists names under these keys.
LISTS = {
    "hashtags": "hashtag",
    "sounds": "sound",
    "challenges": "challenge",
    "searches": "search",
    "effects": "effect",
    "small_business": "small_business",
    "audience_sounds": "audience_sound",
}
KINDS = tuple(LISTS.values())
MAX_AGE_DAYS = 14


@dataclass(frozen=True)
class Trends:
    """`table` has a row an entry.

    Its columns are kind (one of KINDS), name (lower case), region (ISO 3166, or None), as_of (a day, UTC midnight) and
    window_days (how many days before as_of the list speaks for).
    """

    table: pd.DataFrame

    def merge(self, other: Trends) -> Trends:
        """Both lists as one."""
        import pandas as pd

        return Trends(pd.concat([self.table, other.table], ignore_index=True).drop_duplicates(ignore_index=True))
