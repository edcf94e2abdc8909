"""The posts of a plan as an editor's outline lists them."""

from __future__ import annotations

from typing import Any

import numpy as np

from tiktok_coach.core.documents.document import unpacked
from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.translation import _
from tiktok_coach.editor.project import Linted, OpenFile
from tiktok_coach.plans.places import DocumentPlaces
from tiktok_coach.plans.plan import Plan

# An event, as the protocol numbers kinds of symbols.
EVENT = 24
MOST_CAPTION = 60


def symbols_of(linted: Linted, file: OpenFile) -> list[dict[str, Any]]:
    """Each post of a plan, by its caption, with when it goes out; none where the text cannot be read."""
    if file.name not in linted.plans:
        return []
    plan, _first = linted.plans[file.name]
    return [_symbol(plan, row, file) for row in range(len(plan.posts))]


def _symbol(plan: Plan, row: int, file: OpenFile) -> dict[str, Any]:
    place = plan.places.of(row, None)
    start, end = place.start or 0, place.end or 0
    if isinstance(plan.places, DocumentPlaces):
        end = unpacked(plan.places.rows[row])[2]
        # What follows a block belongs to nothing.
        end = max(start + len(file.text[start:end].rstrip()), place.end or 0)
    first_line = file.positions.of(place)
    return {
        "name": title_of(plan, row),
        "detail": time_of(plan, row),
        "kind": EVENT,
        "range": file.positions.range(start, end),
        "selectionRange": first_line,
    }


def title_of(plan: Plan, row: int) -> str:
    """A post by the beginning of its caption, else by its id."""
    caption = " ".join((text_at(plan.posts.column_or_null("caption"), row) or "").split())
    if not caption:
        return text_at(plan.posts.column_or_null("post_id"), row) or _("a post")
    return caption if len(caption) <= MOST_CAPTION else f"{caption[: MOST_CAPTION - 1]}…"


def time_of(plan: Plan, row: int) -> str:
    """When a post goes out, as its plan says it; empty where it does not."""
    times = plan.posts.column_or_null("posted_at")
    if not bool(np.asarray(known_mask(times))[row]) or not plan.text:
        return ""
    place = plan.places.of(row, "posted_at")
    if place.file != plan.name or not plan.places.holds(row, "posted_at"):
        return ""
    return " ".join(plan.text[place.start : place.end].strip("\"'").split())
