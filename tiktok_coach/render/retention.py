"""Retention curves drawn with the dots of braille: who still watches, second by second, with what is usual for the account behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from plotille import Canvas
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _, format_value
from tiktok_coach.rules.checks.drop import WINDOW_S, in_words

# So many posts of the account tell where half of its posts lie at a second.
ENOUGH = 8
HEIGHT, SMALL = 8, 3
LABEL = 6
# Dots of braille to a character, across.
ACROSS = 2


@dataclass(frozen=True)
class Watched:
    """One post's curve: seconds and shares (0-1) in order of time."""

    at: np.ndarray
    held: np.ndarray


def watched(retention: pd.DataFrame | None, post_id: str) -> Watched | None:
    """The curve of a post; None where no capture holds one."""
    if retention is None or not len(retention):
        return None
    rows = retention[retention["post_id"] == post_id]
    if len(rows) < 2:
        return None
    return Watched(rows["second"].to_numpy(dtype="float64"), rows["share"].to_numpy(dtype="float64"))


def usual(retention: pd.DataFrame, account: str | None, post_id: str) -> pd.DataFrame:
    """By second, between which shares half of the account's other posts lie (low, high); only seconds that enough of them reach."""
    others = retention[retention["post_id"] != post_id]
    if account is not None:
        others = others[others["account"] == account]
    seconds = others.groupby(others["second"].round().astype("int64"))["share"]
    table = pd.DataFrame({"low": seconds.quantile(0.25), "high": seconds.quantile(0.75)})
    return table[seconds.size() >= ENOUGH]


def curve(one: Watched, band: pd.DataFrame, fall: tuple[float, float] | None, width: int) -> Iterator[Text]:
    """The lines of a picture no wider than `width`: the curve, where half of the account's posts lie (dotted), seconds below, and the
    steepest `fall`: the second at which it begins, and the share of those watching then who leave.
    """
    across = max(width - LABEL, 20)
    last = float(one.at[-1]) or 1.0
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
    if fall is not None:
        start, lost = fall
        place = min(round((start + WINDOW_S / 2) / last * (across - 1)), across - 1)
        said = _(
            "{part} of those watching leave between second {start:.0f} and {end:.0f}",
            part=in_words(lost),
            start=start,
            end=start + WINDOW_S,
        )
        room = LABEL - 1 + place
        yield Text(
            f"{' ' * room}▲ {said}" if room + 2 + len(said) <= width else f"{said} ▲".rjust(room + 1), style="yellow"
        )
    if len(band):
        yield Text(_("dotted: where half of the account's other posts lie at that second"), style="dim")


def _line(canvas: Canvas, one: Watched) -> None:
    for here in range(len(one.at) - 1):
        canvas.line(one.at[here], one.held[here], one.at[here + 1], one.held[here + 1])


def _seconds(last: float, across: int) -> str:
    """Round seconds below their places, as many as fit."""
    step = next((s for s in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600) if last / s <= across / 8), 3600)
    line = [" "] * (across + 4)
    for second in np.arange(0, last + 0.01, step):
        place = round(second / last * (across - 1))
        for offset, letter in enumerate(format_value(second, ".0f") + (" s" if second == 0 else "")):
            line[place + offset] = letter
    return "".join(line).rstrip()[: across + 1]


def small_multiples(title: str, curves: Sequence[tuple[str, Watched]], width: int) -> RenderableType:
    """Small curves side by side, each over its own length, with a word below."""
    across = max((width - 2) // max(len(curves), 1) - 2, 10)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.title, table.title_justify, table.title_style = title, "left", "bold"
    for _curve in curves:
        table.add_column(width=across, no_wrap=True, overflow="ellipsis")
    drawn = []
    for _label, one in curves:
        canvas = Canvas(across, SMALL, 0, 0, float(one.at[-1]) or 1.0, 1)
        _line(canvas, one)
        drawn.append(canvas.plot())
    table.add_row(*(Text(picture) for picture in drawn))
    table.add_row(
        *(
            Text(
                _(
                    "{held:.0%} at half of {seconds:.0f} s",
                    held=np.interp(one.at[-1] / 2, one.at, one.held),
                    seconds=one.at[-1],
                ),
                style="dim",
            )
            for _label, one in curves
        )
    )
    table.add_row(*(Text(label, style="dim") for label, _curve in curves))
    return table


def picture(posts: pd.DataFrame, retention: pd.DataFrame | None, row: int, width: int) -> list[Text]:
    """How long viewers stay with the post at a position, as lines; none where no capture holds it."""
    post = posts.iloc[row]
    one = watched(retention, str(post["post_id"]))
    if one is None or retention is None:
        return []
    account = post.get("account")
    band = usual(retention, account if isinstance(account, str) else None, str(post["post_id"]))
    start, lost = column(posts, "largest_drop_s").iloc[row], column(posts, "largest_drop").iloc[row]
    fall = None if pd.isna(start) or pd.isna(lost) else (float(start), float(lost))
    return [Text(_("How long viewers stay"), style="bold"), *curve(one, band, fall, width)]
