"""Facts of posts in bands that advice may ask for, or advise against, whether or not a tip speaks of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, StringConstraints, model_validator

from tiktok_coach.core.arrays import is_in
from tiktok_coach.core.documents.document import read_yaml, validate
from tiktok_coach.core.facts import known_mask
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.rules.model import Code, Strict
from tiktok_coach.stats.account import Posts, Questions
from tiktok_coach.stats.public_record import NOT_TESTED, PublicEffect, load_public_record

FILE = "facts.yaml"
HOUR = np.timedelta64(1, "h")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$|^hashtag:\S+$")]


class Band(Strict):
    """A fact of a post: a `field` from `min` to `max` (or below `below`), or one that is `any_of` some texts."""

    id: Name
    field: str
    min: float | None = None
    max: float | None = None
    below: float | None = None
    any_of: tuple[str, ...] = ()
    do: str
    instead: str | None = None
    tip: int | None = Field(None, ge=1, le=9)
    code: Code | None = None
    opposite: bool = Field(default=False, description="whether the rule asks for the opposite")

    @model_validator(mode="after")
    def _has_bounds(self) -> Band:
        if not self.any_of and self.min is None and self.max is None and self.below is None:
            raise ValueError("a band has a bound")
        return self


class BandFile(Strict):
    """The file of facts that come with the rules."""

    facts: tuple[Band, ...] = Field(min_length=1)


@cache
def load_bands(folder: Path) -> tuple[Band, ...]:
    """The facts in a folder of rules."""
    path = folder / FILE
    return validate(BandFile, read_yaml(path.read_text("utf-8"), str(path))).facts


@cache
def public_effects(folder: Path, outcome: str) -> dict[str, PublicEffect]:
    """By code of a rule or tip, or id of a band, what enough public accounts show of its effect on an outcome."""
    record, bands = load_public_record(folder), load_bands(folder)
    subjects = [*(one.subject for one in record.effects), *(band.code for band in bands if band.code is not None)]
    effects = {subject: record.rule_effect(subject, outcome, bands) for subject in subjects}
    return {subject: one for subject, one in effects.items() if one is not None and one.grade != NOT_TESTED}


def rule_action(code: str, bands: Sequence[Band]) -> str | None:
    """What to do to follow a rule, as the band with its code says it, in English; None where none carries the code."""
    return next((band.instead if band.opposite else band.do for band in bands if band.code == code), None)


def hashtag_band(tag: str) -> Band:
    """The fact that a post carries a hashtag."""
    return Band(
        id=f"hashtag:{tag}", field="hashtags", any_of=(tag,), do=f"Use #{tag}", instead=f"Leave out #{tag}", tip=8
    )


def band_answers(posts: Posts, bands: Sequence[Band]) -> np.ndarray:
    """Which posts lie in which bands (posts x bands): 1 in it, 0 outside, NaN where the fact is not known."""
    return np.column_stack([_answer(posts, band) for band in bands]) if bands else np.zeros((len(posts.table), 0))


def band_questions(posts: Posts, bands: Sequence[Band], catalogue: Catalogue) -> Questions:
    """What the bands ask of these posts, each by itself."""
    codes, names, fields = (tuple(getattr(band, name) for band in bands) for name in ("id", "do", "field"))
    is_tip = np.zeros(len(bands), dtype=bool)
    return Questions(codes, names, fields, is_tip, band_answers(posts, bands), catalogue, is_separate=True)


def _answer(posts: Posts, band: Band) -> np.ndarray:
    if band.field == "hashtags":
        tags, answer = posts.subjects.hashtags(), np.zeros(len(posts.table))
        answer[tags.rows_with(band.any_of)] = 1.0
        return np.where(np.isnan(posts.values["hashtag_count"]), np.nan, answer)
    if band.any_of:
        texts = posts.subjects.column_or_null(band.field)
        return np.where(known_mask(texts), is_in(texts, band.any_of), np.nan)
    value = _values(posts, band.field)
    with np.errstate(invalid="ignore"):
        inside = np.ones(len(value), dtype=bool)
        for bound, holds in ((band.min, np.greater_equal), (band.max, np.less_equal), (band.below, np.less)):
            if bound is not None:
                inside &= holds(value, bound)
    return np.where(np.isnan(value), np.nan, inside)


def _values(posts: Posts, field: str) -> np.ndarray:
    if field in posts.values:
        return posts.values[field]
    if field == "weekday":
        return posts.at.weekday
    if field == "hours_since_post":
        return hours_since_post(posts)
    return np.asarray(posts.subjects.column_or_null(field), dtype="float64")


def hours_since_post(posts: Posts) -> np.ndarray:
    """Hours (n) since the account's post before, NaN for its first and where a time is not known to the second."""
    times = posts.subjects.column_or_null("posted_at")
    has_hour = is_in(posts.subjects.column_or_null("posted_at_precision"), ["second"])
    rows = (known_mask(times) & has_hour).nonzero()[0]
    order = rows[np.lexsort((times[rows], posts.account[rows]))]
    gaps = np.full(len(times), np.nan)
    same = posts.account[order[1:]] == posts.account[order[:-1]]
    gaps[order[1:]] = np.where(same, (times[order[1:]] - times[order[:-1]]) / HOUR, np.nan)
    return gaps
