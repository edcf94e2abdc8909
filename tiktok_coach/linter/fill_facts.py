"""What files tell of planned posts, put where the plans say nothing; what the plan says itself holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from tiktok_coach.core.arrays import text_array
from tiktok_coach.core.facts import Array, known_mask
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.media.probe import contradicts
from tiktok_coach.plans.load import ContentCalendar, Contradiction


def fill_facts(
    calendar: ContentCalendar, facts: Mapping[int, Mapping[str, Any]], files: Mapping[int, str]
) -> ContentCalendar:
    """The calendar with facts of some posts, by position, where the plans say nothing; `files` are what tell them."""
    posts = calendar.posts
    columns: dict[str, Array] = {}
    measured: dict[str, np.ndarray] = {}
    wrong: list[Contradiction] = []
    for name in dict.fromkeys(column for facts_of_video in facts.values() for column in facts_of_video):
        own = known_mask(posts.column_or_null(name))
        free = np.array([row in facts and name in facts[row] for row in range(len(posts))], dtype=bool) & ~own
        if COLUMNS[name].kind == "text":
            texts = posts.column_or_null(name).tolist()
            columns[name] = text_array(str(facts[row][name]) if free[row] else texts[row] for row in range(len(posts)))
        else:
            stated = np.array(posts.column_or_null(name), dtype="float64")
            values = {row: float(of_video[name]) for row, of_video in facts.items() if name in of_video}
            wrong += [
                Contradiction(row, name, float(stated[row]), value, files[row])
                for row, value in values.items()
                if own[row] and contradicts(name, float(stated[row]), value)
            ]
            columns[name] = np.array([values[row] if free[row] else stated[row] for row in range(len(posts))])
        measured[name] = free
    if measured:
        texts = posts.column_or_null("measured").tolist()
        new = ["; ".join(name for name in measured if measured[name][row]) for row in range(len(posts))]
        pairs = zip(texts, new, strict=True)
        columns["measured"] = text_array("; ".join(filter(None, pair)) or None for pair in pairs)
    return replace(
        calendar,
        posts=posts.with_columns(columns),
        measured={**calendar.measured, **measured},
        contradicted=(*calendar.contradicted, *wrong),
    )
