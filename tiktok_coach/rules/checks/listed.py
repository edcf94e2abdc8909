"""listed: a post's hashtags, sound or effects hold one of a list: names in the rule, the account's, or what trends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tiktok_coach.core.account import MAX_AGE_DAYS, Account
from tiktok_coach.core.arrays import as_int64, factorize
from tiktok_coach.core.captions import Hashtags
from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import FAIL, PASS, TEXTS, UNKNOWN, CheckKind, Outcome, Params, Subjects, all_unknown

if TYPE_CHECKING:
    import pandas as pd

TRENDS_FILE = N_("a trends file of the post's time (--trends)")
EVERYBODY = "everybody"


class Listed(Params):
    """`names`, or the account's `subcultures`, or entries of `trends` of any of the kinds named.

    With `regional`, only entries of the account's own country count. A list of trends speaks for posts from its
    window before as_of to `max_age_days` after it; of any other post it says nothing. `expect` says whether a listed
    name passes.
    """

    names: list[str] = []
    subcultures: bool = False
    trends: list[Literal["hashtag", "sound", "challenge", "search", "effect", "small_business", "audience_sound"]] = []
    regional: bool = False
    max_age_days: int = Field(MAX_AGE_DAYS, ge=0)
    expect: Literal["match", "no_match"] = "match"

    @model_validator(mode="after")
    def _one_list(self) -> Listed:
        if sum(map(bool, (self.names, self.subcultures, self.trends))) != 1:
            raise ValueError(_("name one of names, subcultures or trends"))
        if self.expect == "no_match" and (not self.trends or self.regional):
            raise ValueError(_("expect: no_match is for lists of trends of every region"))
        return self

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.expect == "no_match":
            return N_("{field} may be on no list of trends at that time ({trends})")
        if self.names:
            return N_("{field} must have one of {names}")
        if self.subcultures:
            return N_("{field} must have the name of one of your communities")
        if self.regional:
            return N_("{field} must be on a list of trends in your country at that time ({trends})")
        return N_("{field} must be on a list of trends at that time ({trends})")


def evaluate(subjects: Subjects, field: str, params: Listed) -> Outcome:
    """Pass where a post holds a listed name, fail where it holds none, unknown where names or list are missing."""
    words, is_known = _words(subjects, field)
    trends, posted = subjects.context.trends if params.trends else None, subjects.column("posted_at")
    if words is None or (params.trends and (trends is None or posted is None)):
        return all_unknown(len(subjects))
    index = subjects.account_index()
    keys = [_key(account, params) for account in subjects.context.accounts]
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    lists: dict[Any, str] = {}
    sign = "#" if field == "hashtags" else ""
    for key in dict.fromkeys(key for key in keys if key is not None):
        # Accounts with the same list are judged together; a list of names or of all trends is everybody's.
        own = is_known & (np.isin(index, [n for n, k in enumerate(keys) if k == key]) if key != EVERYBODY else True)
        if trends is not None and posted is not None:
            table = trends.table[trends.table["kind"].isin(params.trends)]
            table = table[table["region"] == key] if params.regional else table
            if field == "hashtags":
                # People search for words with spaces between them, which no hashtag has.
                table = table.assign(name=["".join(name.split()) for name in table["name"]])
            if "popularity" in table:
                table = table.sort_values("popularity", ascending=False, kind="stable")
            is_ranked = "popularity" in table and bool(table["popularity"].notna().any())
            lists[key] = _some([*table["name"]] if is_ranked else sorted({*table["name"]}), sign)
            _judge_by_trends(status, own, words, posted, table, params.max_age_days)
        else:
            names = {name.casefold().lstrip("#") for name in params.names} or set(key)
            lists[key] = _some(sorted(names), sign)
            status[own] = FAIL
            status[_having(words, names, own)] = PASS
    if params.expect == "no_match":
        status = np.array([FAIL, PASS, UNKNOWN], dtype=np.int8)[status]
    return Outcome(status, terms={"list": lambda row: lists.get(keys[max(int(index[row]), 0)], "")})


def missing_input(subjects: Subjects, field: str, params: Listed) -> str | None:
    """The list, where it is the list that is missing."""
    if params.subcultures:
        is_known = subjects.column("account.subcultures") is not None
        return None if is_known else N_("`account.subcultures` in the config file")
    if params.trends and subjects.context.trends is None:
        return TRENDS_FILE
    if not params.trends or subjects.column("posted_at") is None:
        return None
    if params.regional and subjects.column("account.country") is None:
        return N_("`account.country` in the config file")
    return None if _words(subjects, field)[0] is None else TRENDS_FILE


def _key(account: Account, params: Listed) -> Any:
    """What accounts with the same list have in common; None where the list of an account is not known."""
    if params.subcultures:
        return account.subcultures or None
    if params.regional:
        return account.country.upper() if account.country else None
    return EVERYBODY


def _having(words: Hashtags, names: Iterable[str], own: np.ndarray) -> np.ndarray:
    """Which of the `own` posts have one of some names."""
    having = np.zeros(len(own), dtype=bool)
    having[words.rows_with(names)] = True
    return np.asarray(having & own)


def _some(names: Iterable[str], sign: str) -> str:
    ordered = [sign + name for name in dict.fromkeys(names)]
    return ", ".join(ordered[:5]) + (", …" if len(ordered) > 5 else "")


def _words(subjects: Subjects, field: str) -> tuple[Hashtags | None, np.ndarray]:
    """What each post holds in `field`, and of which posts that is known."""
    texts = subjects.column("hashtag_count" if field == "hashtags" else field)
    if texts is None:
        return None, np.zeros(len(subjects), dtype=bool)
    if field == "hashtags":
        return subjects.hashtags(), known_mask(texts)
    plain = pc.utf8_trim_whitespace(pc.utf8_lower(texts))
    parts = pc.split_pattern_regex(plain, r"\s*;\s*") if field == "effects" else pc.split_pattern(plain, "\0")
    code, words = factorize(pc.list_flatten(parts))
    return Hashtags(as_int64(pc.list_parent_indices(parts), nothing=0), code, words), known_mask(texts)


def _judge_by_trends(
    status: np.ndarray, own: np.ndarray, words: Hashtags, posted: np.ndarray, table: pd.DataFrame, max_age_days: int
) -> None:
    """Writes the statuses of the `own` posts for whose time a list of trends speaks."""
    names: dict[tuple[np.datetime64, int], list[str]] = {}
    days = table["as_of"].dt.tz_localize(None).to_numpy("datetime64[us]")
    for day, window, name in zip(days, table["window_days"].tolist(), table["name"].tolist(), strict=True):
        names.setdefault((day, int(window)), []).append(name)
    for (day, window), listed in names.items():
        within = (posted >= day - np.timedelta64(window, "D")) & (posted < day + np.timedelta64(max_age_days + 1, "D"))
        within &= own
        if within.any():
            status[within & (status == UNKNOWN)] = FAIL
            status[_having(words, listed, within)] = PASS


KIND = CheckKind(
    "listed", Listed, evaluate, fields=TEXTS, terms={"list"}, needs_field=False, missing_input=missing_input
)
