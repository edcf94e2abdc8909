"""A draw of each kind from a seed."""

from __future__ import annotations

import random
from zoneinfo import ZoneInfo

from tests.generated import columns, exports, files, plans, rows
from tests.generated.draw import ZONES, Draw, draw_posts, draw_rows, no_counts_yet, odd_captions
from tests.io.sheets import HEADINGS


def draw_sheet(seed: str) -> Draw:
    """The sheet or calendar of a seed, files and truth."""
    r = random.Random(seed)
    language = r.choice(["en"] * 8 + ["da"] * 2 + [*HEADINGS])
    draw = Draw(r, seed, language, ZoneInfo(r.choice(ZONES)))
    draw.kinds.add(f"language {language}")
    if draw.chance(0.2):
        plans.draw_plan(draw)
        return draw
    draw_posts(draw)
    if draw.chance(0.2):
        r.choice(exports.FORMATS)(draw)
        return draw
    for feature, share in ((odd_captions, 0.1), (no_counts_yet, 0.1)):
        if draw.chance(share):
            feature(draw)
    draw.looks_at_columns = draw.chance(0.12)
    columns.draw_columns(draw)
    draw_rows(draw)
    rows.add_rows(draw)
    r.choice(files.FORMATS)(draw)
    if draw.chance(0.06):
        files.zipped(draw)
    return draw
