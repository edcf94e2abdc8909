"""listed: a post's hashtags, sound or effects hold one of a list: names in the rule, the account's, or what trends."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tiktok_coach.core.arrays import as_int64, factorize
from tiktok_coach.core.captions import Hashtags
from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.translation import N_, _
from tiktok_coach.core.trends import MAX_AGE_DAYS
from tiktok_coach.rules.kind import CheckKind, Params
from tiktok_coach.rules.outcome import FAIL, PASS, UNKNOWN, Outcome, all_unknown
from tiktok_coach.rules.subjects import Subjects

TRENDS_FILE = N_("a trends file of the post's time (--trends)")


class Listed(Params):
    """`names`, or the account's `subcultures`, or entries of `trends` of any of the kinds named.

    With `regional`, only entries of the account's own country count. A list of trends speaks for posts from its
    window before as_of to `max_age_days` after it; of any other post it says nothing.
    """

    names: list[str] = []
    subcultures: bool = False
    trends: list[Literal["hashtag", "sound", "challenge", "search", "effect", "small_business", "audience_sound"]] = []
    regional: bool = False
    max_age_days: int = Field(MAX_AGE_DAYS, ge=0)

    @model_validator(mode="after")
    def _one_list(self) -> Listed:
        if sum(map(bool, (self.names, self.subcultures, self.trends))) != 1:
            raise ValueError(_("name one of names, subculture or trends"))
        return self


def evaluate(subjects: Subjects, field: str, params: Listed) -> Outcome:
    """Pass where a post holds a listed name, fail where it holds none, unknown where names or list are missing."""
    if params.trends:
        return _trending(subjects, field, params)
    if params.subcultures:
        communities = subjects.column("account.subcultures")
        if communities is None:
            return all_unknown(len(subjects), N_("`account.subcultures` in the config file"))
        wanted = {tag for account in subjects.context.accounts for tag in account.subcultures}
        return _outcome(subjects, field, wanted, known_mask(communities))
    return _outcome(
        subjects, field, {n.casefold().lstrip("#") for n in params.names}, np.ones(len(subjects), dtype=bool)
    )


def _outcome(subjects: Subjects, field: str, wanted: set[str], speaks: np.ndarray) -> Outcome:
    held, told = _held(subjects, field)
    if held is None:
        return all_unknown(len(subjects))
    status = np.full(len(subjects), FAIL, dtype=np.int8)
    status[held.rows_with(wanted)] = PASS
    status[~(told & speaks)] = UNKNOWN
    return Outcome(status, terms={"list": _some(wanted)})


def _some(names: set[str]) -> str:
    ordered = sorted(names)
    return ", ".join(ordered[:5]) + (", …" if len(ordered) > 5 else "")


def _held(subjects: Subjects, field: str) -> tuple[Hashtags | None, np.ndarray]:
    """What each post holds in `field`, and of which posts that is known."""
    if field == "hashtags":
        counts = subjects.column("hashtag_count")
        if counts is None:
            return None, np.zeros(len(subjects), dtype=bool)
        return subjects.hashtags(), known_mask(counts)
    texts = subjects.column(field)
    if texts is None:
        return None, np.zeros(len(subjects), dtype=bool)
    plain = pc.utf8_trim_whitespace(pc.utf8_lower(texts))
    parts = pc.split_pattern_regex(plain, r"\s*;\s*") if field == "effects" else pc.split_pattern(plain, "\0")
    code, words = factorize(pc.list_flatten(parts))
    return Hashtags(as_int64(pc.list_parent_indices(parts), nothing=0), code, words), known_mask(texts)


def _trending(subjects: Subjects, field: str, params: Listed) -> Outcome:
    trends = subjects.context.trends
    posted = subjects.column("posted_at")
    if trends is None or posted is None:
        return all_unknown(len(subjects), TRENDS_FILE if trends is None else None)
    table = trends.table[trends.table["kind"].isin(params.trends)]
    if params.regional:
        if subjects.column("account.country") is None:
            return all_unknown(len(subjects), N_("`account.country` in the config file"))
        table = table[table["region"].isin({str(a.country).upper() for a in subjects.context.accounts if a.country})]
    held, told = _held(subjects, field)
    if held is None or not len(table):
        return all_unknown(len(subjects), TRENDS_FILE if held is not None else None)
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    for as_of, window in table[["as_of", "window_days"]].drop_duplicates().itertuples(index=False):
        entries = table[(table["as_of"] == as_of) & (table["window_days"] == window)]
        day = np.datetime64(as_of.tz_localize(None), "us")
        start, end = day - np.timedelta64(int(window), "D"), day + np.timedelta64(params.max_age_days + 1, "D")
        spoken = (posted >= start) & (posted < end) & told
        status[spoken & (status == UNKNOWN)] = FAIL
        hit = np.zeros(len(subjects), dtype=bool)
        hit[held.rows_with(entries["name"])] = True
        status[spoken & hit] = PASS
    return Outcome(status, terms={"list": _some(set(table["name"]))}, missing_input=TRENDS_FILE)


KIND = CheckKind("listed", Listed, evaluate, frozenset({"list"}))
