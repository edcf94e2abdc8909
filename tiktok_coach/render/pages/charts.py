"""Small pictures of characters, readable at 80 columns and without colour: intervals, heatmaps, curves, retention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, fill, format_value
from tiktok_coach.render.pages.page import Column, Picture, TextColumn
from tiktok_coach.render.values import between, factor
from tiktok_coach.rules.checks.drop import WINDOW_S, in_words

if TYPE_CHECKING:
    from plotille import Canvas

SPARKS = "▁▂▃▄▅▆▇█"
SHADES = " ·░▒▓█"
# An effect is drawn between this factor down and up.
REACH = 2.5
PLOT = 25
ACROSS, HEIGHT = 60, 7
# So many posts of the account tell where half of its posts lie at a second.
ENOUGH_POSTS = 8
TALL, SMALL = 8, 3
LABEL = 6


def _canvas(width: int, height: int, left: float, bottom: float, right: float, top: float) -> Canvas:
    """An empty picture of dots, which spans these values; most audits draw none."""
    from plotille import Canvas

    return Canvas(width, height, left, bottom, right, top)


def effect_bar(effect: float, low: float, high: float) -> str:
    """An effect as a point on its interval, on a logarithmic scale round no effect (│); arrows at what lies outside."""
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


def effect_columns() -> tuple[str | Column, ...]:
    """The columns of an effect: its factor, its interval, and both as a bar under its scale."""
    least, most = (fill(sign + "{reach:g}", reach=REACH) for sign in "÷×")
    scale = f"{least:<{PLOT // 2}}1{most:>{PLOT // 2}}"
    return N_("effect"), N_("90%"), TextColumn(scale, is_chart=True)


def effect_cells(effect: Any, low: Any, high: Any) -> tuple[str, ...]:
    """An effect as `effect_columns` show it."""
    return factor(effect), between(low, high), effect_bar(float(effect), float(low), float(high))


def spark(values: Sequence[float]) -> str:
    """Values as bars of one character, a dot where one is missing."""
    known = [value for value in values if np.isfinite(value)]
    if not known:
        return "·" * len(values)
    low, wide = min(known), (max(known) - min(known)) or 1.0
    return "".join("·" if not np.isfinite(v) else SPARKS[round((v - low) / wide * (len(SPARKS) - 1))] for v in values)


def heatmap(rows: Sequence[str], values: np.ndarray, marked: np.ndarray | None = None, width: int = 80) -> list[str]:
    """Values of 24 hours in rows as shades of two characters, `?` where one is not known, the highest the darkest.

    The `marked` ones stand as [ ]. On a small `width` hours stand without a space between them.
    """
    known = values[np.isfinite(values)]
    low, wide = (float(known.min()), float(np.ptp(known)) or 1.0) if len(known) else (0.0, 1.0)
    label = max(map(len, rows))
    gap = " " if width > label + 3 * 24 else ""
    step = 1 if gap else 2
    lines = [" " * label + " " + "".join(f"{f'{hour:02d}':<{step * (2 + len(gap))}}" for hour in range(0, 24, step))]
    for place, name in enumerate(rows):
        cells = []
        for hour, value in enumerate(values[place]):
            is_known = np.isfinite(value)
            shade = SHADES[min(int((value - low) / wide * len(SHADES)), len(SHADES) - 1)] if is_known else "?"
            is_marked = marked is not None and marked[place, hour]
            cells.append((f"[{shade}]" if gap else "[]") if is_marked else f"{shade * 2}{gap}")
        lines.append(f"{name:<{label}} {''.join(cells)}".rstrip())
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
    canvas = _canvas(ACROSS, HEIGHT, float(across[0]), bottom, float(across[-1]), top)
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
    first, second, last = (format_value(value, ".3g") for value in (x[0], middle_x, x[-1]))
    ends = f"{first:<{ACROSS // 2 - 2}}{second:<{ACROSS // 2 - 4}}{last} {unit}"
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
    lines = []
    for start, length, count in zip(edges[:-1].tolist(), bars.tolist(), counts.tolist(), strict=True):
        bar = "█" * length or ("▏" if count else "")
        lines.append(f"{format_value(2.0**start, '>12,.0f')}+ {name} {bar} {format_value(count, ',')}")
    return lines


@dataclass(frozen=True)
class Retention:
    """One post's curve: seconds and shares of viewers (0-1) in order of time."""

    seconds: np.ndarray
    shares: np.ndarray


def retention_of(retention: pd.DataFrame | None, post_id: str) -> Retention | None:
    """The curve of a post; None where no capture holds one."""
    if retention is None or not len(retention):
        return None
    rows = retention[retention["post_id"] == post_id]
    if len(rows) < 2:
        return None
    return Retention(rows["second"].to_numpy(dtype="float64"), rows["share"].to_numpy(dtype="float64"))


def usual_band(retention: pd.DataFrame, account: str | None, post_id: str) -> pd.DataFrame:
    """By second between which shares half of the account's other posts lie (low, high), where enough of them reach."""
    others = retention[retention["post_id"] != post_id]
    if account is not None:
        others = others[others["account"] == account]
    seconds = others.groupby(others["second"].round().astype("int64"))["share"]
    table = pd.DataFrame({"low": seconds.quantile(0.25), "high": seconds.quantile(0.75)})
    return table[seconds.size() >= ENOUGH_POSTS]


def curve_on_axis(one: Retention, band: pd.DataFrame, width: int, label: int = LABEL) -> Iterator[Text]:
    """The lines of a picture no wider than `width`: the curve, where half of the account's posts lie (dotted), and
    seconds below; `label` characters stand to the left of the first second.
    """
    across = across_of(width, label)
    last = float(one.seconds[-1]) or 1.0
    canvas = _canvas(across, TALL, 0, 0, last, 1)
    for number, (second, low, high) in enumerate(band.itertuples()):
        if second <= last:
            for share in np.arange(low, high, 1 / (TALL * 4 / 2)) + (number % 2) / (TALL * 4):
                canvas.point(second, min(float(share), 1.0))
    _line(canvas, one)
    marks = {0: "100%", TALL // 2: "50%", TALL - 1: "0%"}
    for number, line in enumerate(canvas.plot().split("\n")):
        yield Text(f"{marks.get(number, ''):>{label - 2}} │", style="dim") + Text(line)
    yield Text(" " * (label - 2) + " └" + "─" * across, style="dim")
    yield Text(" " * label + _seconds(last, across), style="dim")


def across_of(width: int, label: int = LABEL) -> int:
    """How many characters of a curve stand beside `label` of them on a terminal of a width."""
    return max(width - label, 20)


def _curve(one: Retention, band: pd.DataFrame, drop: tuple[float, float] | None, width: int) -> Iterator[Text]:
    """The lines of a picture no wider than `width`: a curve on its axis, and the steepest `drop`: the second at which
    it begins, and the share of those watching then who leave.
    """
    across, last = across_of(width), float(one.seconds[-1]) or 1.0
    yield from curve_on_axis(one, band, width)
    if drop is not None:
        start, lost = drop
        place = min(round((start + WINDOW_S / 2) / last * (across - 1)), across - 1)
        template = N_("{part} of those watching leave between second {start:.0f} and {end:.0f}")
        text, room = _(template, part=in_words(lost), start=start, end=start + WINDOW_S), LABEL + place
        fits = room + 2 + len(text) <= width
        yield Text(f"{' ' * room}▲ {text}" if fits else f"{text} ▲".rjust(room + 1), style="yellow")
    if len(band):
        yield Text(_("dotted: where half of the account's other posts lie at that second"), style="dim")


def _line(canvas: Canvas, one: Retention) -> None:
    for here in range(len(one.seconds) - 1):
        canvas.line(one.seconds[here], one.shares[here], one.seconds[here + 1], one.shares[here + 1])


def _seconds(last: float, across: int) -> str:
    """Round seconds below their places, as many as fit."""
    line = [" "] * across
    for second in second_marks(last, across / 8):
        label = format_value(second, "d") + (" s" if second == 0 else "")
        place = min(round(second / last * (across - 1)), across - len(label))
        line[place : place + len(label)] = label
    return "".join(line).rstrip()


def second_marks(last: float, most: float) -> range:
    """Round seconds up to the last, no more than so many beside the first."""
    step = next((s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600) if last / s <= most), 3600)
    return range(0, int(last + 0.01) + 1, step)


def small_multiples(title: str, curves: Sequence[tuple[str, Retention]], width: int) -> list[RenderableType]:
    """Small curves side by side, each over its own length, with a word below."""
    across = max((width - 2) // max(len(curves), 1) - 2, 10)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.title, table.title_justify, table.title_style = title, "left", "bold"
    pictures, halves, labels = [], [], []
    for label, one in curves:
        table.add_column(width=across, no_wrap=True, overflow="ellipsis")
        last = float(one.seconds[-1])
        canvas = _canvas(across, SMALL, 0, 0, last or 1.0, 1)
        _line(canvas, one)
        pictures.append(Text(canvas.plot()))
        half = np.interp(last / 2, one.seconds, one.shares)
        halves.append(Text(_("{value:.0%} at half of {seconds:.0f} s", value=half, seconds=last), style="dim"))
        labels.append(Text(label, style="dim"))
    for row in (pictures, halves, labels):
        table.add_row(*row)
    return [table]


def retention_picture(posts: pd.DataFrame, retention: pd.DataFrame | None, row: int) -> list[Picture]:
    """How long viewers stay with the post at a position; nothing where no capture holds it."""
    post = posts.iloc[row]
    one = retention_of(retention, str(post["post_id"]))
    if one is None or retention is None:
        return []
    account = post.get("account")
    band = usual_band(retention, account if isinstance(account, str) else None, str(post["post_id"]))
    start, share = column(posts, "largest_drop_s").iloc[row], column(posts, "largest_drop").iloc[row]
    drop = None if pd.isna(start) or pd.isna(share) else (float(start), float(share))
    return [Picture(_("How long viewers stay"), partial(_curve, one, band, drop), tight=True, only="terminal")]
