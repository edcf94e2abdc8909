"""What rules need beside the posts: the facts of the account, its audience, and the trends of its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from tiktok_coach.core.errors import did_you_mean
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

KINDS = ("hashtag", "sound", "challenge", "search", "effect", "small_business", "audience_sound")
# A trends file lists names of these kinds under these keys.
_KEYS = ("hashtags", "sounds", "challenges", "searches", "effects", "small_business", "audience_sounds")
LISTS = dict(zip(_KEYS, KINDS, strict=True))
MAX_AGE_DAYS = 14
# What an account, or a post, is to bring, and what people call it.
Goal: TypeAlias = Literal["reach", "followers", "community", "search", "rewards", "sales"]
GOALS: dict[str, str] = {
    "reach": N_("reach"),
    "followers": N_("more followers"),
    "community": N_("community"),
    "search": N_("search"),
    "rewards": N_("Creator Rewards"),
    "sales": N_("sales"),
}


def parse_goals(texts: Iterable[str]) -> tuple[str, ...]:
    """The goals that texts name, in order and each once; a text may name several, with commas.

    Raises ValueError for a word that is none.
    """
    words = dict.fromkeys(word for text in texts for word in map(str.strip, text.casefold().split(",")) if word)
    for word in words:
        if word not in GOALS:
            hint = did_you_mean(word, GOALS)
            problem = _("{word!r} is no goal: use {names}", word=word, names=", ".join(GOALS))
            raise ValueError(f"{problem}; {hint}" if hint else problem)
    return tuple(words)


def goal_names(goals: Iterable[str]) -> str:
    """The goals as people call them, with commas."""
    return ", ".join(_(GOALS[goal]) for goal in goals)


def normalize_handle(handle: str | None) -> str | None:
    """A handle without @ and in lower case, as TikTok compares them; None for none.

    A name of several words, such as a client's in a calendar, is no handle and stays as it is.
    """
    name = (handle or "").strip()
    return name if " " in name else name.removeprefix("@").lower() or None


@dataclass(frozen=True)
class Account:
    """One TikTok account; its handle is normalized. None, or an empty tuple, means that it is not known.

    `timezone` is an IANA name (`Europe/Copenhagen`), `language` an ISO 639 code, `country` an ISO 3166 code. `goals`
    are some of GOALS, the most important first.
    """

    handle: str | None = None
    type: str | None = None
    category: str | None = None
    timezone: str | None = None
    timezone_source: str | None = None
    language: str | None = None
    country: str | None = None
    subcultures: tuple[str, ...] = ()
    small_business: bool | None = None
    comments_on_others: bool | None = None
    owner_age: int | None = None
    max_video_s: float | None = None
    goals: tuple[str, ...] = ()

    @property
    def is_timezone_given(self) -> bool:
        """Whether the timezone is that of this run's option, rather than of a file or the computer that wrote it."""
        return self.timezone_source == "--timezone"

    @property
    def goal(self) -> str | None:
        """The goals as a config file has them: words with commas; None for none."""
        return ", ".join(self.goals) or None

    def __post_init__(self) -> None:
        object.__setattr__(self, "handle", normalize_handle(self.handle))

    def fill_from(self, other: Account) -> Account:
        """This account, with what it does not know taken from `other`."""
        known = {name: value for name, value in vars(self).items() if value not in (None, ())}
        return Account(**{**vars(other), **known})


@dataclass(frozen=True)
class Audience:
    """What an export says of the account as a whole, a table a file; None where no file gave it.

    overview    date, views, profile_views, likes, comments, shares (counts per day; corrections may be negative)
    viewers     date, viewers, new_viewers, returning_viewers
    followers   date, followers, change
    activity    date, hour (0-23, in the export's own timezone), active_followers
    gender      gender, share (0-1)
    territories territory (ISO 3166), share (0-1) of the followers
    viewer_territories  the same of those who watched
    """

    overview: pd.DataFrame | None = None
    viewers: pd.DataFrame | None = None
    followers: pd.DataFrame | None = None
    activity: pd.DataFrame | None = None
    gender: pd.DataFrame | None = None
    territories: pd.DataFrame | None = None
    viewer_territories: pd.DataFrame | None = None


@dataclass(frozen=True)
class Trends:
    """`table` has a row an entry.

    Its columns are kind (of KINDS), name (lower case), region (ISO 3166, or None), as_of (a day, UTC midnight),
    window_days before as_of, and popularity: a share of 1 or less or a count, NaN or no column where it is not known.
    """

    table: pd.DataFrame

    def merge(self, other: Trends) -> Trends:
        """Both lists as one."""
        import pandas as pd

        return Trends(pd.concat([self.table, other.table], ignore_index=True).drop_duplicates(ignore_index=True))
