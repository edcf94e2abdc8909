"""The charts of the page as numbers, which the template draws as SVG: that prints, scales and needs no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import format_value, short_number
from tiktok_coach.render.values import views_text

# Shades of a heatmap; 0 is for what nothing tells.
SHADES = 5
# So many months are named below a chart: more would run into each other on a phone.
MONTHS, LAST = 4, 85


def shades(values: np.ndarray) -> np.ndarray:
    """The shade of each value by its place between the least and the greatest; 0 where there is none."""
    known_mask = np.isfinite(values)
    shade = np.zeros(values.shape, dtype=int)
    if known_mask.any():
        low, high = values[known_mask].min(), values[known_mask].max()
        share = np.ones(values.shape) if high == low else (values - low) / (high - low)
        shade[known_mask] = np.clip(np.floor(share[known_mask] * SHADES).astype(int) + 1, 1, SHADES)
    return shade


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis from `low` to `high`, with marks at even numbers."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value stands, from 0 to 100; what lies beyond the ends stands at them."""
        share = np.log(max(value, 1e-12) / self.low) / np.log(self.high / self.low)
        return round(float(np.clip(100 * share, 0, 100)), 2)

    def marks(self) -> Iterator[tuple[float, str]]:
        """Where each mark stands, and its number."""
        for power in range(int(np.floor(np.log10(self.low))), int(np.ceil(np.log10(self.high))) + 1):
            for step in (1, 2, 5) if self.high / self.low < 300 else (1,):
                value = step * 10.0**power
                if self.low <= value <= self.high:
                    yield self.at(value), short_number(value)


def timeline(posted: pd.Series, views: pd.Series, ids: Sequence[str], labels: Sequence[str]) -> dict[str, Any] | None:
    """The posts that have a time and views, with the running median `over` so many; None where fewer than two do.

    Its path, `middle`, is empty where there are too few posts to have one.

    Places are 0-100 from the left and from the bottom; months begin at `days`.
    """
    known_mask = (posted.notna() & (views.fillna(0) > 0)).to_numpy(dtype=bool)
    rows = known_mask.nonzero()[0][np.argsort(posted[known_mask].to_numpy(), kind="stable")]
    if len(rows) < 2:
        return None
    seconds = posted.iloc[rows].to_numpy(dtype="datetime64[s]").astype("int64").astype(float)
    counts = views.iloc[rows].to_numpy(dtype="float64")
    # The axis holds all counts with some room at both ends.
    least, most = counts.min(), counts.max()
    room = max(most / least, 1.5) ** 0.06
    axis = Axis(least / room, most * room)
    first, last = seconds[0], max(seconds[-1], seconds[0] + 1)
    across = [round(float(100 * (s - first) / (last - first)), 2) for s in seconds]
    points = []
    for x, count, row in zip(across, counts.tolist(), rows.tolist(), strict=True):
        says = f"{labels[row]}: {views_text(count)}"
        points.append({"x": x, "y": axis.at(count), "post_id": ids[row], "says": says})
    over = max(5, len(rows) // 20)
    median = pd.Series(counts).rolling(over, center=True, min_periods=max(over // 2, 1)).median().tolist()
    path = " ".join(f"{x},{100 - axis.at(m):.2f}" for x, m in zip(across, median, strict=True) if m == m)
    if len(rows) < 2 * over:
        # It would be one number for most of the posts.
        path = ""
    months = pd.date_range(pd.Timestamp(first, unit="s"), pd.Timestamp(last, unit="s"), freq="MS")
    shown = months[:: -(-len(months) // MONTHS)] if len(months) else months
    days = [
        (round(100 * (month.timestamp() - first) / (last - first), 2), format_value(month.date(), "%Y-%m"))
        for month in shown
    ]
    # A name that begins at the right end would be cut.
    days = [(at, name) for at, name in days if at <= LAST]
    return {"points": points, "middle": path, "over": over, "axis": axis, "days": days}
