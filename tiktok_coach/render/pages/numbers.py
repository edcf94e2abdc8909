"""Numbers as words, a dash where they are not known."""

from __future__ import annotations

from typing import Any

import numpy as np

from tiktok_coach.core.translation import fill, format_value


def factor(value: Any) -> str:
    """A factor as people read it.

    >>> factor(1.318), factor(float("nan"))
    ('×1.32', '–')
    """
    return fill("×{value:.2f}", value=float(value)) if np.isfinite(float(value)) else "–"


def between(low: Any, high: Any) -> str:
    """An interval of factors.

    >>> between(1.05, 1.66)
    '1.05–1.66'
    """
    return (
        fill("{low:.2f}–{high:.2f}", low=float(low), high=float(high))
        if np.isfinite([float(low), float(high)]).all()
        else "–"
    )


def share(value: Any) -> str:
    """A share in whole percent."""
    return format_value(float(value), ".0%") if np.isfinite(float(value)) else "–"
