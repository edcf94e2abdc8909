"""What is never recommended: the posts that fail a rule by which an exclusion is measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.outcome import FAIL


def exclusions(catalogue: Catalogue, evaluations: Sequence[Evaluation]) -> dict[str, np.ndarray]:
    """For each exclusion's code, whether it holds for each post. What is not known excludes nothing."""
    by_code = {e.code: e.status for e in evaluations}
    excluded: dict[str, np.ndarray] = {}
    for signal in catalogue.signals:
        statuses = [by_code[code] for code in signal.rules if code in by_code]
        if signal.direction == "excludes" and statuses:
            excluded[signal.code] = np.logical_or.reduce([status == FAIL for status in statuses])
    return excluded
