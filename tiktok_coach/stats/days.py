"""How many posts a day: what one more on the same day does to the views of each, and of all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tiktok_coach.stats.covariates import Covariates, covariate_columns
from tiktok_coach.stats.effects import estimate_effects, posterior
from tiktok_coach.stats.outcomes import Outcome
from tiktok_coach.stats.questions import NO_NUMBER

MOST = 4


def per_day(outcome: Outcome, at: Covariates, published: np.ndarray) -> pd.DataFrame:
    """For 2, 3 and `MOST` or more `posts` a day, against one: the effect on the views of each, with its 90% interval.

    `total` is the effect on the views of the day, `days` how many days that rests on; NaN where there is too little
    data.
    """
    day = np.floor(at.posted)
    counted = published & np.isfinite(day)
    number = np.full(len(day), np.nan)
    _, where, counts = np.unique(day[counted], return_inverse=True, return_counts=True)
    number[counted] = np.minimum(counts[where], MOST)
    rows = (np.isfinite(outcome.value) & np.isfinite(number)).nonzero()[0]
    table = pd.DataFrame({"posts": range(2, MOST + 1)})
    days = np.bincount(np.minimum(counts, MOST), minlength=MOST + 1) if len(counts) else np.zeros(MOST + 1, dtype=int)
    table["days"] = days[2:]
    for name in ("effect", "low", "high", "total"):
        table[name] = np.nan
    if not len(rows):
        return table
    covariates, groups = covariate_columns(at.rows(rows), reach=False)
    posts_of_day = number[rows]
    answers = np.column_stack(
        [np.where(posts_of_day == n, 1.0, np.where(posts_of_day == 1, 0.0, np.nan)) for n in table["posts"]]
    )
    effects = estimate_effects(
        outcome.value[rows], np.ones(len(rows)), covariates, groups, answers, [""] * len(table), np.arange(len(table))
    )
    nothing, doubt = np.zeros(len(table)), np.full(len(table), NO_NUMBER)
    middle, low, high = posterior(effects.log, effects.se, effects.freedom, nothing, doubt)
    table["effect"], table["low"], table["high"] = np.exp(middle), np.exp(low), np.exp(high)
    return table.assign(total=table["posts"] * table["effect"])
