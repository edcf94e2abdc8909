"""Retention curves drawn with the dots of braille: who still watches, second by second, with what is usual for the
account behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from plotille import Canvas
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.render.pages.page import Picture
from tiktok_coach.rules.checks.drop import WINDOW_S, in_words

# So many posts of the account tell where half of its posts lie at a second.
ENOUGH = 8
HEIGHT, SMALL = 8, 3
LABEL = 6
# Dots of braille to a character, across.
ACROSS = 2


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
    """By second, between which shares half of the account's other posts lie (low, high); only seconds that enough of
    them reach.
    """
    others = retention[retention["post_id"] != post_id]
    if account is not None:
        others = others[others["account"] == account]
    seconds = others.groupby(others["second"].round().astype("int64"))["share"]
    table = pd.DataFrame({"low": seconds.quantile(0.25), "high": seconds.quantile(0.75)})
    return table[seconds.size() >= ENOUGH]


def _curve(one: Retention, band: pd.DataFrame, drop: tuple[float, float] | None, width: int) -> Iterator[Text]:
    """The lines of a picture no wider than `width`: the curve, where half of the account's posts lie (dotted), seconds
    below, and the steepest `drop`: the second at which it begins, and the share of those watching then who leave.
    """
    across = max(width - LABEL, 20)
    last = float(one.seconds[-1]) or 1.0
    canvas = Canvas(across, HEIGHT, 0, 0, last, 1)
    for number, (second, low, high) in enumerate(band.itertuples()):
        if second <= last:
            for share in np.arange(low, high, 1 / (HEIGHT * 4 / 2)) + (number % 2) / (HEIGHT * 4):
                canvas.point(second, min(float(share), 1.0))
    _line(canvas, one)
    marks = {0: "100%", HEIGHT // 2: "50%", HEIGHT - 1: "0%"}
    for number, line in enumerate(canvas.plot().split("\n")):
        yield Text(f"{marks.get(number, ''):>{LABEL - 2}} │", style="dim") + Text(line)
    yield Text(" " * (LABEL - 2) + "└" + "─" * across, style="dim")
    yield Text(" " * (LABEL - 1) + _seconds(last, across), style="dim")
    if drop is not None:
        start, lost = drop
        place = min(round((start + WINDOW_S / 2) / last * (across - 1)), across - 1)
        template = N_("{part} of those watching leave between second {start:.0f} and {end:.0f}")
        text, room = _(template, part=in_words(lost), start=start, end=start + WINDOW_S), LABEL - 1 + place
        fits = room + 2 + len(text) <= width
        yield Text(f"{' ' * room}▲ {text}" if fits else f"{text} ▲".rjust(room + 1), style="yellow")
    if len(band):
        yield Text(_("dotted: where half of the account's other posts lie at that second"), style="dim")


def _line(canvas: Canvas, one: Retention) -> None:
    for here in range(len(one.seconds) - 1):
        canvas.line(one.seconds[here], one.shares[here], one.seconds[here + 1], one.shares[here + 1])


def _seconds(last: float, across: int) -> str:
    """Round seconds below their places, as many as fit."""
    step = next((s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600) if last / s <= across / 8), 3600)
    line = [" "] * (across + 4)
    for second in np.arange(0, last + 0.01, step):
        place = round(second / last * (across - 1))
        for offset, letter in enumerate(format_value(second, ".0f") + (" s" if second == 0 else "")):
            line[place + offset] = letter
    return "".join(line).rstrip()[: across + 1]


def small_multiples(title: str, curves: Sequence[tuple[str, Retention]], width: int) -> list[RenderableType]:
    """Small curves side by side, each over its own length, with a word below."""
    across = max((width - 2) // max(len(curves), 1) - 2, 10)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.title, table.title_justify, table.title_style = title, "left", "bold"
    pictures, halves, labels = [], [], []
    for label, one in curves:
        table.add_column(width=across, no_wrap=True, overflow="ellipsis")
        last = float(one.seconds[-1])
        canvas = Canvas(across, SMALL, 0, 0, last or 1.0, 1)
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
