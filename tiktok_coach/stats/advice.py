"""What an account should change: the expected effect of each fact on views, by the public record and its own posts.

A new account's effect is expected to lie as those of the public accounts do (their mean and spread); its own posts
update that. Advice goes both ways: to have a fact, or not to have it, whatever a tip says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tiktok_coach.core.account import Account
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.special_functions import ndtr
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.rules.model import Rule
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.account_effects import (
    CLEAR,
    LEAST_CHANCE,
    LEAST_EFFECT,
    OWN_AND_PUBLIC,
    PUBLIC,
    fit_effects,
    shown_effect,
    thin,
)
from tiktok_coach.stats.bands import Band, hashtag_band
from tiktok_coach.stats.candidates import band_answers, band_questions
from tiktok_coach.stats.effects import Estimates, posterior
from tiktok_coach.stats.outcomes import VIEWS, Outcome
from tiktok_coach.stats.public_record import PublicEffect, PublicRecord

# So many posts tell what a fact does.
ENOUGH = 4000
# Advice asks something of this share of posts.
LEAST_LACKING = 0.1
# The account's own hashtags that are candidates: on this share of its posts, on so many, and no more than so many.
TAG_SHARE, FEWEST_TAGGED, MOST_TAGS = (0.1, 0.9), 6, 12
# Hashtags that come on the same posts are one candidate, or with a rule on hashtags one piece of advice.
ALIKE = 0.9
HASHTAGS, NO_HASHTAGS = {"hashtags", "hashtag_count"}, "not-any-hashtag"


@dataclass(frozen=True)
class Advice:
    """One thing to change: to have the fact of a `band`, or with `has` False not to have it.

    `effect` is the factor expected on the views of a post, with its 90% interval from `low` to `high`, and `chance` the
    probability that it is above 1. `failing` of `known` posts do otherwise now. `public` is what public accounts show
    of following it, and `goal` the most important of the account's goals that it serves.
    """

    band: Band
    has: bool
    basis: str
    effect: float
    low: float
    high: float
    chance: float
    failing: int
    known: int
    public: PublicEffect | None = None
    goal: str | None = None

    @property
    def id(self) -> str:
        """The name of the advice, the same from audit to audit."""
        return self.band.id if self.has else f"not-{self.band.id}"

    def rule_of(self, rules: Mapping[str, Rule]) -> Rule | None:
        """The rule that asks for the same, of rules by code; None where none does, or one asks for the opposite."""
        asks_same = self.has != self.band.opposite
        return rules.get(self.band.code) if self.band.code is not None and asks_same else None

    @property
    def worth(self) -> float:
        """What following it is expected to add to the account's views: a share of them."""
        return (self.effect - 1) * self.failing / max(self.known, 1)

    @property
    def shown(self) -> tuple[float, float, float]:
        """The factor on views to show with its 90% interval; see `shown_effect`."""
        return shown_effect(self.basis, self.effect, self.low, self.high, self.public)

    @property
    def is_clear(self) -> bool:
        """Whether all of the interval that is shown is a gain."""
        return self.shown[1] >= CLEAR


@dataclass(frozen=True)
class Prior:
    """What is expected of each candidate before the account's posts are looked at: mean and sd of the log effect."""

    mean: np.ndarray
    sd: np.ndarray


def record_prior(record: PublicRecord, bands: Sequence[Band]) -> Prior:
    """The prior of each band from the record; NaN for one that nobody measured."""
    effects = [_band_effect(record, band) for band in bands]
    mean, sd = (np.array([_part(one, part) for one in effects]) for part in ("log", "doubt"))
    return Prior(mean, sd)


def public_effect(record: PublicRecord, advice: Advice) -> PublicEffect | None:
    """What public accounts show of following advice."""
    band = advice.band
    # Where a rule asks the same, its number is shown everywhere.
    rule = record.effect(band.code, VIEWS) if band.code is not None else None
    effect = _band_effect(record, band) if rule is None else rule.inverse if band.opposite else rule
    return effect if effect is None or advice.has else effect.inverse


def _band_effect(record: PublicRecord, band: Band) -> PublicEffect | None:
    return record.own_hashtags if is_own_hashtag(band) else record.effect(band.id, VIEWS)


def _part(effect: PublicEffect | None, name: str) -> float:
    return float("nan") if effect is None else float(getattr(effect, name))


def is_own_hashtag(band: Band) -> bool:
    """Whether a band is a hashtag that the account itself uses."""
    return band.id.startswith("hashtag:")


def own_hashtag_bands(posts: Posts) -> list[Band]:
    """A band for each hashtag that an account's published posts carry now and then, the most used first."""
    tags, count = posts.subjects.hashtags(), int(posts.out.sum())
    pairs = np.unique(np.column_stack([tags.code, tags.row])[posts.out[tags.row]], axis=0)
    used = np.bincount(pairs[:, 0], minlength=len(tags.words)) if len(pairs) else np.zeros(0, dtype=np.int64)
    low, high = (share * count for share in TAG_SHARE)
    usable = [code for code in np.argsort(-used, kind="stable") if max(low, FEWEST_TAGGED) <= used[code] <= high]
    chosen: list[int] = []
    columns: list[np.ndarray] = []
    for code in usable:
        column = np.zeros(len(posts.table))
        column[pairs[pairs[:, 0] == code, 1]] = 1.0
        if not any(split_alike(column[posts.out], other[posts.out]) for other in columns):
            chosen.append(int(code))
            columns.append(column)
        if len(chosen) == MOST_TAGS:
            break
    return [hashtag_band(tags.words[code]) for code in chosen]


def split_alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two answers of posts (1 or 0, NaN where not known) are almost the same, and not all one."""
    known = np.isfinite(one) & np.isfinite(other)
    one, other = one[known], other[known]
    if not len(one) or np.ptp(one) == 0 or np.ptp(other) == 0:
        return False
    return float(np.corrcoef(one, other)[0, 1]) > ALIKE


def advise(posts: Posts, outcome: Outcome, bands: Sequence[Band], prior: Prior, catalogue: Catalogue) -> list[Advice]:
    """What one account should change, the most worth first.

    `outcome` holds the logarithm of each post's views, `prior` what is expected of each of the `bands`.
    """
    questions = band_questions(posts, bands, catalogue)
    whose = np.zeros(len(posts.table), dtype=np.int64)
    rows = thin(whose, ENOUGH)
    [fit] = fit_effects(outcome.rows(rows), posts.at.rows(rows), questions.rows(rows), whose[rows], 1)
    mean, sd = posterior_of(fit, prior)
    answers = questions.answers[posts.out]
    known = (~np.isnan(answers)).sum(axis=0)
    having = np.nansum(answers, axis=0)
    advice = []
    for place in np.flatnonzero(np.isfinite(mean) & (known * 2 > len(answers))).tolist():
        has = bool(mean[place] > 0)
        if not _is_possible(bands[place], posts.context.accounts, has=has):
            continue
        failing = int(known[place] - having[place] if has else having[place])
        log, step = abs(float(mean[place])), NORMAL_90 * float(sd[place])
        one = Advice(
            bands[place],
            has,
            OWN_AND_PUBLIC if np.isfinite(fit.log[place]) else PUBLIC,
            effect=math.exp(log),
            low=math.exp(log - step),
            high=math.exp(log + step),
            chance=float(ndtr(log / sd[place])),
            failing=failing,
            known=int(known[place]),
        )
        if one.chance >= LEAST_CHANCE and one.effect >= LEAST_EFFECT and failing >= LEAST_LACKING * known[place]:
            advice.append(one)
    return one_a_field(sorted(advice, key=lambda one: -one.worth))


def count_again(advice: Sequence[Advice], posts: Posts) -> list[Advice]:
    """Advice that was learned from more posts, with how many of these posts do otherwise; none that all follow."""
    counted = []
    for one in advice:
        answer = followed(posts, one.band, has=one.has)[posts.out]
        again = replace(one, failing=int((answer == 0).sum()), known=int(np.isfinite(answer).sum()))
        if again.failing >= max(1, LEAST_LACKING * again.known):
            counted.append(again)
    return sorted(counted, key=lambda one: -one.worth)


def _is_possible(band: Band, accounts: Sequence[Account], *, has: bool) -> bool:
    """Whether posts can be without the fact, and the hashtag of the account or its community is none to leave out."""
    own = {name for account in accounts for name in (account.handle, *account.subcultures)}
    return has or (band.instead is not None and not (is_own_hashtag(band) and own & set(band.any_of)))


def posterior_of(fit: Estimates, prior: Prior) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each log effect: the prior, updated where the account's own posts tell."""
    middle, low, high = posterior(fit.log, fit.se, fit.freedom, prior.mean, prior.sd)
    own = np.isfinite(middle)
    return np.where(own, middle, prior.mean), np.where(own, (high - low) / (2 * NORMAL_90), prior.sd)


def one_a_field(advice: Sequence[Advice]) -> list[Advice]:
    """Of advice on one fact the first: a video is of one length, and who posts without hashtags uses none of them."""
    first: list[Advice] = []
    for one in advice:
        if not any(_on_one_fact(one, other) for other in first):
            first.append(one)
    return first


def _on_one_fact(one: Advice, other: Advice) -> bool:
    if NO_HASHTAGS in {one.id, other.id} and {one.band.field, other.band.field} <= HASHTAGS:
        return True
    values = set(one.band.any_of)
    return one.band.field == other.band.field and (not values or bool(values & set(other.band.any_of)))


def followed(posts: Posts, band: Band, *, has: bool) -> np.ndarray:
    """Which posts (n) follow the advice to have the fact of a band, or not to: 1 or 0, NaN where that is not known."""
    answer = band_answers(posts, [band])[:, 0]
    return answer if has else 1 - answer
