"""What the page opens with: a sentence that sums up, and the account's numbers beside the period before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.overview import LEAST, Figure, Overview
from tiktok_coach.core.translation import N_, _, fill, format_value, plural, plurals
from tiktok_coach.render.period import days_before, span_text

# So many numbers stand beside each other.
MOST = 5
# The views of fewer posts are those of no usual one.
FEW = 3


def summary_text(overview: Overview, posts: int, usual: float) -> str:
    """How the account does, in a sentence or two.

    Where the views of the period are not known, it is what all `posts` got: their `usual` views, NaN for none known.
    """
    views, before = overview.views, days_before(overview.before.days)
    if views.value is None and np.isnan(usual):
        return plural("{count:,} post went out.", "{count:,} posts went out.", posts)
    if views.value is not None and (overview.posts.value or 0) < FEW and np.isfinite(usual):
        few = plurals(
            "{count:,} post in this period; your usual post got {views:,.0f} views.",
            "{count:,} posts in this period; your usual post got {views:,.0f} views.",
        )
        text = plural(*few, round(overview.posts.value or 0), views=usual)
    elif views.value is None or views.change is None:
        text = _("Your usual post got {views:,.0f} views.", views=usual if views.value is None else views.value)
    elif views.has_too_few:
        text = _(
            "Your usual post got {views:,.0f} views; there are too few posts to compare with {before}.",
            views=views.value,
            before=before,
        )
    elif not views.is_clear:
        text = _("Your posts got about as many views as in {before}.", before=before)
    else:
        more, fewer = (
            N_("Your posts got {share:.0%} more views than in {before}."),
            N_("Your posts got {share:.0%} fewer views than in {before}."),
        )
        text = _(more if views.change > 0 else fewer, share=abs(views.change), before=before)
    if won := overview.new_followers or 0:
        gain = plurals("You have {count:,} more follower.", "You have {count:,} more followers.")
        loss = plurals("You have {count:,} fewer follower.", "You have {count:,} fewer followers.")
        text += " " + plural(*(gain if won > 0 else loss), abs(won))
    return text


def period_text(overview: Overview) -> str:
    """The days that the numbers are of, and those they are set beside."""
    return span_text(overview, with_before=_has_before(overview))


def _has_before(overview: Overview) -> bool:
    """Whether anything is known of the period before."""
    return any(one.before is not None for one in (overview.posts, overview.views, overview.followers))


def figures(overview: Overview) -> Iterator[dict[str, Any]]:
    """The numbers that are known, `MOST` of them: each in words, with its change and a sparkline."""
    shown: tuple[tuple[str, Figure, str], ...] = (
        (_("Posts"), overview.posts, ",.0f"),
        (_("Views of a usual post"), overview.views, ",.0f"),
        (_("Likes per view"), overview.likes, ".1%"),
        (_("Followers"), overview.followers, ",.0f"),
        (_("Viewers a day"), overview.daily_viewers, ",.0f"),
        (_("Views a day"), overview.daily_views, ",.0f"),
        (_("Profile views a day"), overview.daily_profile_views, ",.0f"),
    )
    known = [one for one in shown if one[1].value is not None][:MOST]
    first = 0 if _has_before(overview) else overview.before.days
    counted = {id(overview.posts), id(overview.followers)}
    for name, figure, spec in known:
        change, trend = _change(figure, is_count=id(figure) in counted, is_share=figure is overview.likes)
        daily = _weekly(figure.daily) if figure is overview.posts else figure.daily
        yield {
            "name": name,
            "value": format_value(figure.value, spec),
            "change": change,
            "trend": trend,
            "line": sparkline(daily[first:], overview.before.days - first),
        }


def _change(figure: Figure, *, is_count: bool, is_share: bool) -> tuple[str, str]:
    """The change in words, of a share in percentage points, and whether it is `up`, `down` or neither."""
    if figure.value is None or figure.before is None:
        return "", ""
    if figure.has_too_few:
        return _("too few posts to compare"), ""
    if figure.is_sample and not figure.is_clear:
        return _("no clear change"), ""
    difference, change = figure.value - figure.before, figure.change
    trend = "up" if difference > 0 else "down"
    if is_count and difference:
        return fill("{difference:+,.0f}", difference=difference), trend
    if change is None or abs(change) < LEAST:
        return _("as before"), ""
    if is_share:
        return format_value(100 * difference, "+.1f") + _(" pp"), trend
    return fill("{change:+.0%}", change=change), trend


def _weekly(daily: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Of each day the sum of the seven days to it: posts come on some days and not on others."""
    sums = pd.Series(daily, dtype="float64").rolling(7, min_periods=1).sum()
    return tuple(sums.tolist())


def sparkline(daily: tuple[float | None, ...], before: int) -> dict[str, str] | None:
    """Points of the days before and of the period itself, 0-100 from the left and from the top; None for too few."""
    values = np.array([np.nan if value is None else value for value in daily])
    days = np.flatnonzero(np.isfinite(values))
    if len(days) < 2:
        return None
    low, high = values[days].min(), values[days].max()
    across = 100 * days / (len(values) - 1)
    down = 96 - 92 * (values[days] - low) / (high - low if high > low else 1)
    points = [f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True)]
    # The period's line begins where the one before ends.
    begin = max(int(np.searchsorted(days, before)) - 1, 0)
    return {"before": " ".join(points[: begin + 1]), "now": " ".join(points[begin:])}
