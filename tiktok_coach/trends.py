"""What was trending and searched for, as the user's own file says it, with the date for which it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("hashtag", "sound", "challenge", "search", "effect", "small_business", "audience_sound")
MAX_AGE_DAYS = 14


@dataclass(frozen=True)
class Trends:
    """`table` has a row an entry: kind (one of KINDS), name (lower case), region (ISO 3166, or None), as_of (a day, UTC
    midnight) and window_days (how many days before as_of the list speaks for).
    """

    table: pd.DataFrame

    def merged(self, other: Trends) -> Trends:
        """Both lists as one."""
        import pandas as pd

        return Trends(pd.concat([self.table, other.table], ignore_index=True).drop_duplicates(ignore_index=True))
