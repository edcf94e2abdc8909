"""What posts of many public accounts say of rules, whole tips and facts: the effects that a new account lets expect.

The record is fitted by benchmarks/public.py and ships with the rules as public.yaml. It holds aggregates alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from tiktok_coach.core.documents.document import read_model
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.model import Date, Origin, Strict

if TYPE_CHECKING:
    from tiktok_coach.stats.bands import Band

FILE = "public.yaml"
# The outcome by which a rule is graded.
GRADED_BY = "views"
# With fewer accounts a question counts as not tested.
FEWEST_ACCOUNTS = 10
# Where the mean is clear, so large a share of new accounts must lie on its side for the grade to be that of all.
MOST_ACCOUNTS = 0.7
# A mean effect within 3% of none (0.97 to 1.03) is too small to be one, however surely it is known.
NEGLIGIBLE = 0.0305
# Accounts differ where effects usually lie this far apart, as the standard deviation of the logarithm.
DIFFERENT = 0.1

Grade = Literal["supported", "no effect seen", "contradicted", "differs between accounts", "not tested"]
SUPPORTED, NO_EFFECT, CONTRADICTED = N_("supported"), N_("no effect seen"), N_("contradicted")
DIFFERS, NOT_TESTED = N_("differs between accounts"), N_("not tested")
# What is said of a whole tip besides.
PARTLY_SUPPORTED, PARTLY_CONTRADICTED, MIXED = N_("supported in part"), N_("contradicted in part"), N_("mixed")


class SetOfPosts(Strict):
    """One set of public posts: how many, from when, and how its accounts were picked."""

    name: str
    accounts: int
    posts: int
    years: tuple[int, int]
    selection: str


class Moderator(Strict):
    """What changes an effect between accounts: the factor on it for `per` more, with its 90% interval."""

    by: str
    per: str
    factor: float
    interval: tuple[float, float]


class PublicEffect(Strict):
    """The mean effect over accounts of following a rule, a tip or a fact on an outcome: a factor with its 90% interval.

    `spread` is the standard deviation of the logarithm of accounts' own effects. `sets_agree` is None where fewer than
    two sets tell.
    """

    subject: str
    outcome: str
    effect: float = Field(gt=0)
    interval: tuple[float, float]
    spread: float = Field(ge=0)
    accounts: int
    posts: int
    years: tuple[int, int]
    sets: int
    sets_agree: bool | None = None
    moderators: tuple[Moderator, ...] = ()

    @property
    def log(self) -> float:
        """The logarithm of the mean effect."""
        return math.log(self.effect)

    @property
    def error(self) -> float:
        """The standard error of the logarithm of the mean effect."""
        return (math.log(self.interval[1]) - math.log(self.interval[0])) / (2 * NormalDist().inv_cdf(0.95))

    @property
    def doubt(self) -> float:
        """The standard deviation of the logarithm of the effect on one more account."""
        return math.hypot(self.error, self.spread)

    @property
    def helped_share(self) -> float:
        """Of more accounts, the share (0-1) whose effect is above 1."""
        return NormalDist().cdf(self.log / max(self.doubt, 1e-9))

    @property
    def account_range(self) -> tuple[float, float]:
        """Where the effects of nine of ten more accounts lie: factors."""
        step = NormalDist().inv_cdf(0.95) * self.doubt
        return math.exp(self.log - step), math.exp(self.log + step)

    @property
    def inverse(self) -> PublicEffect:
        """The effect of not following, by the same posts."""
        low, high = self.interval
        moderators = tuple(
            one.model_copy(update={"factor": 1 / one.factor, "interval": (1 / one.interval[1], 1 / one.interval[0])})
            for one in self.moderators
        )
        changes = {"effect": 1 / self.effect, "interval": (1 / high, 1 / low), "moderators": moderators}
        return self.model_copy(update=changes)

    @property
    def grade(self) -> Grade:
        """What the record says of the claim that this helps."""
        if self.accounts < FEWEST_ACCOUNTS:
            return "not tested"
        (low, high), matters = self.interval, abs(self.log) > NEGLIGIBLE
        if matters and low > 1 and self.helped_share >= MOST_ACCOUNTS:
            return "supported"
        if matters and high < 1 and self.helped_share <= 1 - MOST_ACCOUNTS:
            return "contradicted"
        return "differs between accounts" if self.spread >= DIFFERENT else "no effect seen"


class Bin(Strict):
    """Posts whose fact lies from `low` to below `high` (None: no bound), against the account's usual post."""

    low: float | None
    high: float | None
    effect: float
    interval: tuple[float, float]
    posts: int


class PublicCurve(Strict):
    """An outcome along a fact of many values, by bins."""

    fact: str
    outcome: str
    accounts: int
    bins: tuple[Bin, ...]


class Combination(Strict):
    """Two facts that together do more, or less, than each by itself: the factor beside both, beyond chance."""

    facts: tuple[str, str]
    outcome: str
    factor: float
    interval: tuple[float, float]
    accounts: int


class PublicRecord(Strict):
    """All that was fitted, from which sets, on which day, and what still could confound it."""

    source: Origin
    fitted: Date
    sets: tuple[SetOfPosts, ...]
    covariates: tuple[str, ...]
    confounding: str
    limits: str
    effects: tuple[PublicEffect, ...]
    own_hashtags: PublicEffect
    curves: tuple[PublicCurve, ...] = ()
    combinations: tuple[Combination, ...] = ()

    @cached_property
    def by_subject(self) -> dict[tuple[str, str], PublicEffect]:
        """Each effect by its subject and outcome."""
        return {(one.subject, one.outcome): one for one in self.effects}

    def effect(self, subject: str, outcome: str) -> PublicEffect | None:
        """The effect of a rule, tip (T3) or fact on an outcome; None where nobody could tell."""
        return self.by_subject.get((subject, outcome))

    def rule_effect(self, code: str, outcome: str, bands: Sequence[Band]) -> PublicEffect | None:
        """The effect of following a rule: its own, or else that of the band which carries its code."""
        if (own := self.effect(code, outcome)) is not None:
            return own
        for band in bands:
            if band.code == code and (effect := self.effect(band.id, outcome)) is not None:
                return effect.inverse if band.opposite else effect
        return None

    def grade(self, code: str, outcome: str, bands: Sequence[Band]) -> Grade:
        """What the record says of the claim that following a rule helps."""
        effect = self.rule_effect(code, outcome, bands)
        return "not tested" if effect is None else effect.grade


def tip_grade(rules: Sequence[str]) -> str:
    """The grade of a whole tip by those of its rules.

    Supported where all rules are, in part where some are and none is contradicted, and likewise contradicted; mixed
    where there are both. Of what is neither, that accounts differ outweighs that no effect is seen, and both outweigh
    that nothing is tested.

    >>> tip_grade(["not tested", "supported"]), tip_grade(["no effect seen", "not tested"]), tip_grade([])
    ('supported in part', 'no effect seen', 'not tested')
    """
    if SUPPORTED in rules and CONTRADICTED in rules:
        return MIXED
    for whole, part in ((SUPPORTED, PARTLY_SUPPORTED), (CONTRADICTED, PARTLY_CONTRADICTED)):
        if whole in rules:
            return whole if set(rules) == {whole} else part
    return next((grade for grade in (DIFFERS, NO_EFFECT) if grade in rules), NOT_TESTED)


@cache
def load_public_record(folder: Path) -> PublicRecord:
    """The record in a folder of rules."""
    return read_model(PublicRecord, folder / FILE)
