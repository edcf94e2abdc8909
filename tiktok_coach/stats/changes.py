"""What to change first: by what an account's posts show, then by what is documented, then by the rules' weight."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tiktok_coach.core.translation import N_
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.scoring import NORMAL_90
from tiktok_coach.rules.findings import Opportunity
from tiktok_coach.stats.account_effects import HELPS, HURTS, NOT_ENOUGH
from tiktok_coach.stats.outcomes import VIEWS

OWN, DOCUMENTED, WEIGHT = N_("own posts"), N_("documented lift"), N_("weight of the rule")
# So many posts of an account tell what tips do; more make an audit slow and the answer no other.
ENOUGH = 20_000


@dataclass(frozen=True)
class Expected:
    """What a change is expected to do to `outcome` of a post that fails: a factor with its 90% interval.

    `total` is the factor for all the account's posts together; `verdict` is that of the account's own posts.
    """

    basis: str
    outcome: str | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    total: float | None = None
    posts: int = 0
    verdict: str = NOT_ENOUGH


@dataclass(frozen=True)
class Change(Opportunity):
    """A rule that fails, and what is to be expected of mending that."""

    expected: Expected


def thin(account: np.ndarray, most: int = ENOUGH) -> np.ndarray:
    """Row numbers of evenly so many posts of each account with more than `most`, and of all others.

    >>> thin(np.array([0, 0, 0, 0, 1]), 2).tolist()
    [0, 3, 4]
    """
    counts = np.bincount(account, minlength=1)
    if counts.max(initial=0) <= most:
        return np.arange(len(account))
    order = np.argsort(account, kind="stable")
    parts = np.split(order, np.cumsum(counts)[:-1])
    even = [p[np.linspace(0, len(p) - 1, most).astype(np.int64)] if len(p) > most else p for p in parts]
    return np.sort(np.concatenate(even))


def ordered(
    opportunities: Sequence[Opportunity], effects: Mapping[str, Mapping[Hashable, Any]], catalogue: Catalogue
) -> tuple[list[Change], list[Change]]:
    """The changes that are worth making, the first first, and those that demonstrably hurt this account.

    First come those that its own posts show to help, by what mending all that fail would do to views; then those with a
    documented lift, likewise; then the rest as the rules weigh them. `effects` holds by code what the account's own
    posts tell of a rule's effect on views: a row of the table of effects.
    """
    changes = []
    for one in opportunities:
        expected = _expected(one, effects.get(one.evaluation.code, {}), catalogue)
        changes.append(Change(one.evaluation, one.gain, one.failing, one.known, expected))
    hurting = [change for change in changes if change.expected.verdict == HURTS]
    rank = {OWN: 0, DOCUMENTED: 1, WEIGHT: 2}
    # The order of the opportunities, which is that of their weight, is kept among equals.
    helpful = [change for change in changes if change.expected.verdict != HURTS]
    return sorted(helpful, key=lambda c: (rank[c.expected.basis], -(c.expected.total or 0.0))), hurting


def _expected(one: Opportunity, own: Mapping[Hashable, Any], catalogue: Catalogue) -> Expected:
    code = one.evaluation.code
    share = one.failing / max(one.known, 1)
    verdict, posts = str(own.get("verdict", NOT_ENOUGH)), int(own.get("posts", 0))
    effect, low, high = (float(own.get(name, np.nan)) for name in ("effect", "low", "high"))
    if verdict in (HELPS, HURTS):
        return Expected(OWN, VIEWS, effect, low, high, 1 + share * (effect - 1), posts, verdict)
    lift = next((lift for lift in catalogue.lifts if lift.rule == code and lift.factor > 1), None)
    if lift is not None:
        factor, wide = lift.factor, float(np.exp(NORMAL_90 * lift.doubt))
        total = 1 + share * (factor - 1)
        return Expected(DOCUMENTED, lift.action, factor, factor / wide, factor * wide, total, posts, verdict)
    if verdict == NOT_ENOUGH:
        return Expected(WEIGHT, posts=posts, verdict=verdict)
    return Expected(WEIGHT, VIEWS, effect, low, high, None, posts, verdict)
