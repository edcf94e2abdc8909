"""The first moments of videos on a terminal, two rows of pixels to a line, with how loud they are beneath; and as a
picture file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.style import Style
from rich.text import Text

from tiktok_coach.core.translation import _
from tiktok_coach.media.strip import EVERY_S, LONGEST_S, PICTURES, Strip, png, sheet
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.output import atomic_file

# Of a picture on a terminal, and of one in a file.
CHARACTERS, PIXELS = 11, 180
BARS = " ▁▂▃▄▅▆▇█"


def print_strips(strips: Iterable[Strip], console: Console) -> None:
    """Print each strip under the name of its file."""
    for strip in strips:
        console.print(
            Text(_("The first {seconds:g} s of {file}", seconds=LONGEST_S, file=one_line(strip.file)), style="bold"),
            overflow="ellipsis",
            no_wrap=True,
        )
        marks = "".join(f"{place * EVERY_S:<{CHARACTERS + 1}g}" for place in range(len(strip.pictures)))
        console.print(Text(marks, style="dim"))
        for line in _lines(strip.pictures):
            console.print(line, no_wrap=True, overflow="crop")
        console.print(Text(_bars(strip), style="cyan"))
        console.print()


def write_strips(strips: Iterable[Strip], path: Path) -> None:
    """Write strips beneath one another as a PNG file."""
    body = png(sheet(list(strips)))
    with atomic_file(path) as partial:
        partial.write_bytes(body)


def _lines(pictures: np.ndarray) -> Iterable[Text]:
    for row in range(0, pictures.shape[1] - 1, 2):
        line = Text()
        for picture in pictures:
            for upper, lower in zip(picture[row].tolist(), picture[row + 1].tolist(), strict=True):
                line.append("▀", Style(color=_colour(upper), bgcolor=_colour(lower)))
            line.append(" ")
        yield line


def _colour(pixel: list[int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*pixel)


def _bars(strip: Strip) -> str:
    levels = strip.levels_over(PICTURES * (CHARACTERS + 1))
    if levels is None:
        return _("no sound")
    return "".join(BARS[round(level * (len(BARS) - 1))] for level in levels)
