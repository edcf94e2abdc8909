"""Two periods or two accounts as people read them: what is different beyond chance first, then what is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.evidence.chance import FALSE_SHARE
from tiktok_coach.evidence.differences import FACTOR, POINTS, SHARE
from tiktok_coach.report.pages.numbers import between
from tiktok_coach.report.pages.page import Page, Picture, Table, Words
from tiktok_coach.report.pages.pictures import distribution, spark
from tiktok_coach.studies.compare import Comparison, Side

READING = (
    "before and after: means, and medians of views, completion and engagement; the difference of these is a factor, at like age of the posts (of rates at like views too). 90% intervals. "
    "Beyond chance: at most {false:.0%} of what is called so is expected to be chance (Benjamini-Hochberg). What differs between two periods need not come from what you changed."
)
SPARKS = 60
WHOLE = "whole"


def compare_page(found: Comparison) -> Page:
    """The report."""
    table = found.differences
    parts: list[Words | Table | Picture] = [Words(f"{_side(found.before)}; {_side(found.after)}.")]
    beyond = table["beyond_chance"].to_numpy(dtype=bool)
    told = table["p"].notna().to_numpy()
    if beyond.any():
        parts.append(_table("Different beyond chance", table[beyond]))
    else:
        parts.append(Words("Nothing is different beyond chance."))
    if (told & ~beyond).any():
        parts.append(_table("Not told from chance", table[told & ~beyond]))
    silent = table.loc[~told, "what"].tolist()
    if silent:
        parts.append(Words(f"Not enough data, or all alike: {', '.join(map(str, silent))}."))
    for side, views in zip((found.before, found.after), found.views, strict=True):
        lines = distribution(views, "views")
        if lines:
            parts.append(Picture(f"Views of the posts, {side.name}", lines))
    score = found.scores[np.isfinite(found.scores)]
    if len(score) >= 2:
        chunks = np.array_split(score, min(SPARKS, len(score)))
        parts.append(Picture("Score of the signals, oldest to newest", [spark([float(c.mean()) for c in chunks])]))
    parts.append(Words(READING.format(false=FALSE_SHARE), faint=True))
    return Page("What changed", parts)


def _side(side: Side) -> str:
    posts = f"{side.name}: {side.posts:,} post{'' if side.posts == 1 else 's'}"
    return (
        posts
        if side.first is None or side.last is None
        else f"{posts} of {side.first:%Y-%m-%d} to {side.last:%Y-%m-%d}"
    )


def _table(title: str, table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        kind = str(row["kind"])
        gap, low, high = (float(row[name]) for name in ("difference", "low", "high"))
        shown = f"×{gap:.2f}" if kind == FACTOR else _amount(gap, kind, sign=True)
        band = (
            between(low, high)
            if kind == FACTOR
            else f"{_amount(low, kind, sign=True)} to {_amount(high, kind, sign=True)}"
        )
        plain = WHOLE if row["what"] in ("views", "people reached") else SHARE if kind == FACTOR else kind
        what = f"{row['what']}, {row['unit']}" if row["unit"] else str(row["what"])
        rows.append([what, _amount(row["before"], plain), _amount(row["after"], plain), shown, band])
    return Table(title, ("what", "before", "after", "difference", "90%"), rows, frozenset({"what"}))


def _amount(value: Any, kind: str, *, sign: bool = False) -> str:
    held = float(value)
    if not np.isfinite(held):
        return "–"
    plus = "+" if sign else ""
    if kind == SHARE:
        return f"{held:{plus}.1%}"
    if kind == WHOLE:
        return f"{held:,.0f}"
    return f"{held:{plus}.0f}" if kind == POINTS else f"{held:{plus}.1f}"
