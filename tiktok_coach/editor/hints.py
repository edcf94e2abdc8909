"""What an editor shows within the lines of a plan: characters that are left of a caption, and views to expect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tiktok_coach.analysis.planned_views import PlannedViews
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.editor.fact_hover import caption_lines, caption_size
from tiktok_coach.editor.keys import own_place
from tiktok_coach.editor.markdown import lines, markup
from tiktok_coach.editor.own_posts import expected_views
from tiktok_coach.editor.project import Linted, OpenFile, Project
from tiktok_coach.stats.views_model import DAYS

BASIS = N_("From the level of your {posts}; hour, length, caption and hashtags move it a little.")
HOW_SURE = N_("Nine posts in ten land in the range: what is known before a post is out says little more.")


def inlay_hints(linted: Linted, project: Project, file: OpenFile, start: int, end: int) -> list[dict[str, Any]]:
    """The hints between two offsets of a file's text, as the protocol writes them; one at each place."""
    if file.name not in linted.plans:
        return []
    plan, first = linted.plans[file.name]
    hints: dict[int, dict[str, Any]] = {}
    for row in range(len(plan.posts)):
        post = plan.places.of(row, None)
        caption, time = (own_place(plan, row, column) for column in ("caption", "posted_at"))
        makers = ((caption, _caption_hint), (time or post, _views_hint))
        for place, make in makers:
            at = None if place is None else place.end
            if at is None or not start <= at <= end or at in hints:
                continue
            if (hint := make(linted, project, first + row)) is not None:
                label, tooltip = hint
                position = file.positions.position(at)
                hints[at] = {"position": position, "label": label, "tooltip": markup(tooltip), "paddingLeft": True}
    return [hints[at] for at in sorted(hints)]


def _caption_hint(linted: Linted, project: Project, row: int) -> tuple[str, str] | None:  # noqa: ARG001 - as all hints
    """How many characters of a caption are left, or how many it has too many; None where its rule is left out."""
    size = caption_size(linted, row)
    if size is None:
        return None
    count, most, _caption = size
    over = count - most
    label = plural("{count} over", "{count} over", over) if over > 0 else plural("{count} left", "{count} left", -over)
    return label, lines(caption_lines(linted, row))


def _views_hint(linted: Linted, project: Project, row: int) -> tuple[str, str] | None:
    """The views expected of a post; None where too few published posts tell."""
    expected = expected_views(linted, project).get(row)
    if expected is None:
        return None
    views, ends = _terms(expected)
    label = plural("about {count:,} view ({low:,}–{high:,})", "about {count:,} views ({low:,}–{high:,})", views, **ends)
    return label, lines(views_lines(linted, project, row))


def views_lines(linted: Linted, project: Project, row: int) -> Iterator[str]:
    """The views that a post lets expect, from what, and how sure that is; nothing where too few posts tell."""
    expected = expected_views(linted, project).get(row)
    if expected is None:
        return
    views, ends = _terms(expected)
    yield plural(
        "About {count:,} view expected after {days} days ({low:,}–{high:,})",
        "About {count:,} views expected after {days} days ({low:,}–{high:,})",
        views,
        days=DAYS,
        **ends,
    )
    count = plural("{count} published post", "{count} published posts", expected.posts)
    yield f"{_(BASIS, posts=count)} {_(HOW_SURE)}"


def _terms(expected: PlannedViews) -> tuple[int, dict[str, int]]:
    """The views that are expected, and the ends of their range."""
    return _rounded(expected.views), {"low": _rounded(expected.low), "high": _rounded(expected.high)}


def _rounded(value: float) -> int:
    """A number with two digits of its own, as no more of them is known.

    >>> _rounded(3079.2), _rounded(83.4)
    (3100, 83)
    """
    whole = round(value)
    return round(whole, 2 - len(str(whole)))
