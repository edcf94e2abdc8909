"""Why viewers leave, on the page: what goes along with it, and curves of posts with what their videos have below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tiktok_coach.analysis.retention import PostRetention, Retention
from tiktok_coach.core.schema import numbers
from tiktok_coach.core.translation import _, format_value
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.labels import label_of
from tiktok_coach.render.moments import leaving_sentence
from tiktok_coach.render.pages.charts import second_marks
from tiktok_coach.render.retention import CAVEAT, COMPARED, clear_effects, effect_do, worth_texts
from tiktok_coach.render.retention_post import band_of, fall_text, legend_text, summary_text
from tiktok_coach.render.retention_rows import Row, rows_of

# So much of a post's label stands above its curve.
LABEL = 80
# So many effects and posts are shown, and so many seconds below a curve.
EFFECTS, POSTS, MARKS = 5, 3, 6
# The addresses of pictures of moments, by row of a post, each with its place among the post's falls.
Moments = Mapping[int, Sequence[tuple[int, str]]]


def posts_shown(result: Retention) -> list[PostRetention]:
    """The posts in which a second cost most viewers, before others those that have a video."""
    views = numbers(result.export.posts, "views")

    def lost(post: PostRetention) -> tuple[bool, float, float]:
        cost = post.falls[0].cost
        return not post.has_video, -cost * float(np.nan_to_num(views[post.row])), -cost

    return sorted((post for post in result.posts if post.falls), key=lost)[:POSTS]


def retention_content(result: Retention, moments: Moments) -> dict[str, Any] | None:
    """What the section says; None where no curve is known, or nothing of any."""
    clear, posts = clear_effects(result), posts_shown(result)
    if not (clear or posts):
        return None
    return {
        "effects": [
            {"do": effect_do(one), "says": " ".join([leaving_sentence(one), *worth_texts(result, one)])}
            for one in clear[:EFFECTS]
        ],
        "caveat": f"{_(CAVEAT)} {_(COMPARED)}" if clear else "",
        "posts": [_post(result, post, moments.get(post.row, ())) for post in posts],
        "legend": legend_text(
            [row for post in posts for row in rows_of(result, post)],
            has_band=any(len(band_of(result, post)) > 1 for post in posts),
        ),
    }


def _post(result: Retention, post: PostRetention, moments: Sequence[tuple[int, str]]) -> dict[str, Any]:
    """A post's curve and rows; places are 0-100 from the left and from the top."""
    seconds, shares = len(post.watching.left), post.watching.shares

    def at(second: float) -> float:
        return round(100 * second / seconds, 2)

    def down(share: float) -> float:
        return round(100 - 100 * min(max(share, 0.0), 1.0), 2)

    def path(values: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{at(second)},{down(share)}" for second, share in values)

    band = band_of(result, post)
    within = [(float(second), low, high) for second, low, high in band.itertuples() if second <= seconds]
    edge = [(second, high) for second, _low, high in within] + [(second, low) for second, low, _high in within[::-1]]
    falls = [
        {
            "number": format_value(number, "d"),
            "x": at(fall.second + 0.5),
            "y": down(float(shares[fall.second : fall.second + 2].mean())),
            "line": path([(second, float(shares[second])) for second in (fall.second, fall.second + 1)]),
            "says": fall_text(fall),
        }
        for number, fall in enumerate(post.falls, 1)
    ]
    return {
        "id": post.post_id,
        "label": one_line(label_of(result.export.posts, post.row), LABEL),
        "says": summary_text(post),
        "curve": path([(second, float(share)) for second, share in enumerate(shares)]),
        "band": path(edge) if len(within) > 1 else "",
        "falls": falls,
        "seconds": [(at(s), format_value(s, "d") + (" s" if s == 0 else "")) for s in second_marks(seconds, MARKS)],
        "levels": [(down(share), format_value(share, ".0%")) for share in (1.0, 0.5, 0.0)],
        "rows": [_row(row, seconds) for row in rows_of(result, post)],
        "pictures": [{"number": format_value(place + 1, "d"), "address": address} for place, address in moments],
    }


def _row(row: Row, seconds: int) -> dict[str, Any]:
    """A row: where its ticks are, and from where how far its bars reach, in percent."""
    return {
        "name": row.name,
        "verdict": row.verdict,
        "ticks": [round(100 * at / seconds, 2) for at in row.ticks],
        "bars": [
            (round(100 * start / seconds, 2), round(100 * (end - start) / seconds, 2)) for start, end in row.spans
        ],
    }
