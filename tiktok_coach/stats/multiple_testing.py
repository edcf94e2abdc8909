"""Corrections for many tests, and a robust standard deviation.

SciPy has both functions in scipy.stats, whose import takes longer than an audit of a small export; the tests hold these
against it.
"""

from __future__ import annotations

import numpy as np

# Of what is called a finding, so much may be expected to be chance.
FALSE_SHARE = 0.10
# The standard deviation of a normal variable over its median absolute deviation.
NORMAL_MAD = 1.482602218505602


def false_discovery(p: np.ndarray) -> np.ndarray:
    """q-values of Benjamini and Hochberg (1995): of findings with q up to FALSE_SHARE, that share may be false.

    >>> false_discovery(np.array([0.01, 0.04, 0.5])).round(3).tolist()
    [0.03, 0.06, 0.5]
    """
    order = np.argsort(p, kind="stable")
    stepped = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return q


def robust_spread(values: np.ndarray) -> float:
    """The standard deviation by the median absolute deviation, which outliers do not move."""
    return float(np.median(np.abs(values - np.median(values)))) * NORMAL_MAD
