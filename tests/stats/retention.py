"""What an account's viewers do while they watch, with planted causes, as an analysis has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd

from tests.stats.viewers import draw_account
from tiktok_coach.analysis.retention import Retention
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.event_tips import leaving_prior
from tiktok_coach.stats.leaving import LeavingModel, fit_leaving

EMPTY = Export(conform(pd.DataFrame({"post_id": ["p"]})), pd.DataFrame(), (Account(handle="a"),))


@cache
def _model(causes: tuple[tuple[str, float], ...], posts: int, seed: int) -> LeavingModel | None:
    rng = np.random.default_rng(seed)
    return fit_leaving(draw_account(rng, dict(causes), posts), leaving_prior(rulebook()))


def retention_of(causes: Mapping[str, float], posts: int = 40, seed: int = 1) -> Retention:
    """The retention of a drawn account, whose export holds no post."""
    return Retention(EMPTY, EMPTY.accounts[0], (), _model(tuple(causes.items()), posts, seed))
