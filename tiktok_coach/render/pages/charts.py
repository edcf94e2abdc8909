"""Small pictures of characters, readable at 80 columns and without colour: intervals, heatmaps, curves, sparks,
distributions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from plotille import Canvas

from tiktok_coach.core.translation import fill, format_value

SPARKS = "▁▂▃▄▅▆▇█"
SHADES = " ·░▒▓█"
# An effect is drawn between this factor down and up.
REACH = 2.5
PLOT = 25
ACROSS, HEIGHT = 60, 7


def effect_bar(effect: float, low: float, high: float) -> str:
    """An effect as a point on its interval, on a logarithmic scale round no effect (│); arrows where it reaches
    further.
    """
    if not np.isfinite([effect, low, high]).all():
        return " " * (PLOT // 2) + "│" + " " * (PLOT // 2)
    least, middle, most = (float(np.log(value) / np.log(REACH)) for value in (low, effect, high))
    return interval_bar(least, middle, most, PLOT)


def interval_bar(low: float, middle: float, high: float, width: int) -> str:
    """A point on its interval, on a scale from -1 to 1 round 0 (│); arrows where it reaches further."""
    places = [round((value + 1) / 2 * (width - 1)) for value in (low, middle, high)]
    first, at, last = (min(max(place, 0), width - 1) for place in places)
    cells = [" "] * width
    cells[width // 2] = "│"
    for place in range(first, last + 1):
        cells[place] = "┿" if place == width // 2 else "━"
    if places[0] < 0:
        cells[0] = "◂"
    if places[2] > width - 1:
        cells[-1] = "▸"
    cells[at] = "●"
    return "".join(cells)


def effect_scale() -> str:
    """The heading of a column of effect bars."""
    half = PLOT // 2
    return fill("÷{reach:g}", reach=REACH).ljust(half) + "1" + fill("×{reach:g}", reach=REACH).rjust(half)


def spark(values: Sequence[float]) -> str:
    """Values as bars of one character, a dot where one is missing."""
    known = [value for value in values if np.isfinite(value)]
    if not known:
        return "·" * len(values)
    low, wide = min(known), (max(known) - min(known)) or 1.0
    return "".join("·" if not np.isfinite(v) else SPARKS[round((v - low) / wide * (len(SPARKS) - 1))] for v in values)


def heatmap(rows: Sequence[str], values: np.ndarray, marked: np.ndarray | None = None) -> list[str]:
    """Values of 24 hours in rows as shades of two characters, `?` where one is not known.

    The highest is darkest; `marked` ones stand as [ ].
    """
    known = values[np.isfinite(values)]
    low, wide = (float(known.min()), float(np.ptp(known)) or 1.0) if len(known) else (0.0, 1.0)
    label = max(map(len, rows))
    lines = [" " * label + " " + "".join(f"{hour:02d} " for hour in range(24))]
    for name, row, place in zip(rows, values, range(len(rows)), strict=True):
        cells = []
        for hour, value in enumerate(row):
            level = min(int((value - low) / wide * len(SHADES)), len(SHADES) - 1) if np.isfinite(value) else None
            shade = "?" if level is None else SHADES[level]
            is_marked = marked is not None and bool(marked[place, hour])
            cells.append(f"[{shade}]" if is_marked else f"{shade * 2} ")
        lines.append(f"{name:<{label}} " + "".join(cells))
    return lines


def curve_lines(
    x: np.ndarray, middle: np.ndarray, low: np.ndarray, high: np.ndarray, unit: str, *, log: bool
) -> list[str]:
    """A curve in dots with its band, a factor against the usual on the left, the fact's values below."""
    if len(x) < 2:
        return []
    across = np.log1p(x) if log else x
    y = np.log(np.vstack([middle, low, high]))
    bottom, top = min(float(y.min()), -0.1), max(float(y.max()), 0.1)
    bottom, top = max(bottom, np.log(0.2)), min(top, np.log(5.0))
    canvas = Canvas(ACROSS, HEIGHT, float(across[0]), bottom, float(across[-1]), top)
    y = np.clip(y, bottom, top)
    for here in range(len(x) - 1):
        canvas.line(across[here], y[0, here], across[here + 1], y[0, here + 1])
    for place in range(0, len(x), max(len(x) // 24, 1)):
        for bound in y[1:, place]:
            canvas.point(float(across[place]), float(bound))
    marks = {0: fill("×{factor:.2f}", factor=np.exp(top)), HEIGHT - 1: fill("×{factor:.2f}", factor=np.exp(bottom))}
    if bottom < 0 < top:
        marks.setdefault(round((top / (top - bottom)) * (HEIGHT - 1)), "×1")
    lines = [f"{marks.get(number, ''):>6} │{line}" for number, line in enumerate(canvas.plot().split("\n"))]
    middle_x = float(np.expm1((across[0] + across[-1]) / 2)) if log else float((x[0] + x[-1]) / 2)
    ends = (
        format_value(x[0], ".3g").ljust(ACROSS // 2 - 2)
        + format_value(middle_x, ".3g").ljust(ACROSS // 2 - 4)
        + fill("{last:.3g} {unit}", last=x[-1], unit=unit)
    )
    return [*lines, " " * 7 + "└" + "─" * ACROSS, " " * 8 + ends]


def distribution(values: np.ndarray, name: str) -> list[str]:
    """How values above 0 are spread, in classes that double, a bar each."""
    values = values[np.isfinite(values) & (values > 0)]
    if not len(values):
        return []
    low, high = int(np.floor(np.log2(values.min()))), int(np.floor(np.log2(values.max())))
    step = max((high - low) // 12 + 1, 1)
    edges = np.arange(low, high + step + 1, step)
    counts = np.histogram(np.log2(values), edges)[0]
    bars = np.round(counts / counts.max() * 40).astype(int)
    return [
        fill(
            "{least:>12,.0f}+ {name} {bar}{trace} {count:,}",
            least=2.0**start,
            name=name,
            bar="█" * bar,
            trace="▏" if count and not bar else "",
            count=count,
        )
        for start, bar, count in zip(edges[:-1].tolist(), bars.tolist(), counts.tolist(), strict=True)
    ]
