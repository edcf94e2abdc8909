"""listed: a post's hashtags, sound or effects hold one of a list: names in the rule, the account's, or what trends."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from tiktok_coach.rules.kind import CheckKind, Params
from tiktok_coach.rules.outcome import FAIL, PASS, UNKNOWN, Outcome, all_unknown
from tiktok_coach.rules.subjects import Subjects
from tiktok_coach.trends import MAX_AGE_DAYS

TRENDS_FILE = "a trends file of the post's time (--trends)"


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
            raise ValueError("name one of names, subculture or trends")
        return self


def evaluate(subjects: Subjects, field: str, params: Listed) -> Outcome:
    """Pass where a post holds a listed name, fail where it holds none, unknown where names or list are missing."""
    if params.trends:
        return _trending(subjects, field, params)
    if params.subcultures:
        names = subjects.column("account.subcultures")
        if names is None:
            return all_unknown(len(subjects), "`account.subcultures` in the config file")
        wanted = {tag for tags in names.dropna() for tag in tags}
        return _outcome(subjects, field, wanted, np.asarray(names.notna(), dtype=bool))
    return _outcome(
        subjects, field, {n.casefold().lstrip("#") for n in params.names}, np.ones(len(subjects), dtype=bool)
    )


def _outcome(subjects: Subjects, field: str, wanted: set[str], speaks: np.ndarray) -> Outcome:
    held, known = _held(subjects, field)
    if held is None:
        return all_unknown(len(subjects))
    rows = held.loc[held["tag"].isin(wanted), "row"].unique()
    status = np.full(len(subjects), FAIL, dtype=np.int8)
    status[rows] = PASS
    status[~(known & speaks)] = UNKNOWN
    return Outcome(status, terms={"list": _some(wanted)})


def _some(names: set[str]) -> str:
    ordered = sorted(names)
    return ", ".join(ordered[:5]) + (", …" if len(ordered) > 5 else "")


def _held(subjects: Subjects, field: str) -> tuple[pd.DataFrame | None, np.ndarray]:
    """What each post holds in `field`, as columns row and tag, and of which posts that is known."""
    if field == "hashtags":
        counts = subjects.column("hashtag_count")
        if counts is None:
            return None, np.zeros(len(subjects), dtype=bool)
        return subjects.hashtags(), counts.notna().to_numpy()
    texts = subjects.column(field)
    if texts is None:
        return None, np.zeros(len(subjects), dtype=bool)
    parts = (
        texts.str.casefold().str.split(r"\s*;\s*", regex=True)
        if field == "effects"
        else texts.str.casefold().str.strip()
    )
    table = parts.reset_index(drop=True).explode().dropna().rename("tag").rename_axis("row").reset_index()
    return table, texts.notna().to_numpy()


def _trending(subjects: Subjects, field: str, params: Listed) -> Outcome:
    trends = subjects.context.trends
    posted = subjects.column("posted_at")
    if trends is None or posted is None:
        return all_unknown(len(subjects), TRENDS_FILE if trends is None else None)
    table = trends.table[trends.table["kind"].isin(params.trends)]
    if params.regional:
        countries = subjects.column("account.country")
        if countries is None:
            return all_unknown(len(subjects), "`account.country` in the config file")
        table = table[table["region"].isin({str(c).upper() for c in countries.dropna()})]
    held, known = _held(subjects, field)
    if held is None or not len(table):
        return all_unknown(len(subjects), TRENDS_FILE if held is not None else None)
    moments = posted.reset_index(drop=True)
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    for as_of, window in table[["as_of", "window_days"]].drop_duplicates().itertuples(index=False):
        entries = table[(table["as_of"] == as_of) & (table["window_days"] == window)]
        spoken = _spoken_for(moments, pd.Timestamp(as_of), int(window), params.max_age_days) & known
        status[spoken & (status == UNKNOWN)] = FAIL
        rows = held.loc[held["tag"].isin(set(entries["name"])), "row"].unique()
        hit = np.zeros(len(subjects), dtype=bool)
        hit[rows] = True
        status[spoken & hit] = PASS
    return Outcome(status, terms={"list": _some(set(table["name"]))}, lacking=TRENDS_FILE)


def _spoken_for(moments: pd.Series, as_of: pd.Timestamp, window: int, max_age: int) -> np.ndarray:
    start, end = as_of - pd.Timedelta(days=window), as_of + pd.Timedelta(days=max_age + 1)
    return ((moments >= start) & (moments < end)).fillna(value=False).to_numpy(dtype=bool)


KIND = CheckKind("listed", Listed, evaluate, frozenset({"list"}))
