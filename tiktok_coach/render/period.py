"""The period of a study beside the one before it, on a line and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tiktok_coach.analysis.overview import Figure, Overview
from tiktok_coach.core.translation import _, format_value, plural
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.pages.page import Page, Words
from tiktok_coach.render.values import facts_of


def period_line(overview: Overview) -> str:
    """Which days, how many posts went out, and what a usual one got, each beside the period before."""
    has_before = overview.posts.before is not None or overview.views.before is not None
    return f"{span_text(overview, with_before=has_before)}: " + ", ".join(post_figures(overview)) + "."


def span_text(overview: Overview, *, with_before: bool) -> str:
    """The days of the period, and those that they are set beside."""
    terms = {"since": overview.period.since, "until": overview.period.until}
    if not with_before:
        return _("{since:%Y-%m-%d} to {until:%Y-%m-%d}", **terms)
    before = days_before(overview.before.days)
    return _("{since:%Y-%m-%d} to {until:%Y-%m-%d}, beside {before}", before=before, **terms)


def post_figures(overview: Overview) -> Iterator[str]:
    """How many posts went out, and what a usual one got where that is known, each beside the period before."""
    posts = plural("{count:,} post", "{count:,} posts", round(overview.posts.value or 0))
    yield with_before(posts, overview.posts)
    if overview.views.value is not None:
        views = plural("{count:,} view a post", "{count:,} views a post", round(overview.views.value))
        yield with_before(views, overview.views)


def days_before(days: int) -> str:
    """The period before, in words."""
    return plural("the day before", "the {count} days before", days)


def with_before(text: str, figure: Figure) -> str:
    """A number with that of the period before, or of a sample with its change, where that is known."""
    if figure.before is None or figure.change is None:
        return text
    if not figure.is_sample:
        return _("{number} ({before:,.0f} before)", number=text, before=figure.before)
    if figure.has_too_few:
        return _("{number} (too few posts to compare)", number=text)
    if not figure.is_clear:
        return _("{number} (no clear change)", number=text)
    return f"{text} ({format_value(figure.change, '+.0%')})"


def page_with_period(page: Page, overview: Overview | None) -> Page:
    """A page that begins with its period, where one is chosen."""
    if overview is None:
        return page
    return replace(page, parts=[Words(period_line(overview), tight=True), *page.parts])


def json_with_period(pieces: Iterator[str], overview: Overview | None) -> Iterator[str]:
    """A JSON object in pieces, with its `period` before all else, where one is chosen."""
    if overview is not None:
        # An object opens with its first piece.
        yield '{"period": ' + json_text(period_facts(overview)) + "," + next(pieces)[1:]
    yield from pieces


def period_facts(overview: Overview) -> dict[str, Any]:
    """The period and the one before as JSON has them, with their posts and the views of a usual one."""
    figures = {name: facts_of(getattr(overview, name), "value before change interval") for name in ("posts", "views")}
    days = {name: str(getattr(overview.period, name)) for name in ("since", "until")}
    return {**days, "before": [str(overview.before.since), str(overview.before.until)], **figures}
