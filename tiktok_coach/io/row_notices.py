"""Notices that count the rows of a file of which something is said, and name their lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.core.notices import Notice, more_lines
from tiktok_coach.core.translation import plural


def lines_where(mask: pd.Series | np.ndarray, lines: Sequence[int]) -> list[int]:
    """The lines of the rows for which a mask holds."""
    return [lines[place] for place in np.asarray(mask).nonzero()[0].tolist()]


def row_notices(
    where: str,
    lines: Sequence[int],
    mask: pd.Series | np.ndarray,
    text: str | tuple[str, str],
    *,
    level: str = "warning",
    **terms: Any,
) -> list[Notice]:
    """A notice of the rows for which a mask holds, at the line of the first; none where it holds for none.

    `text` may name their `count` (then there are two, see `plurals`), the lines of the others (`also`), and `terms`, of
    which a column is shown by what it holds in the first row.
    """
    places = lines_where(mask, lines)
    if not places:
        return []
    shown = {name: term[mask].iloc[0] if isinstance(term, pd.Series) else term for name, term in terms.items()}
    one, many = (text, text) if isinstance(text, str) else text
    return [Notice(where, plural(one, many, len(places), also=more_lines(places), **shown), places[0], level=level)]
