"""What the videos of planned posts tell of them; what the plan says itself holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tiktok_coach.media.facts import columns_of
from tiktok_coach.media.looking import differs, tied
from tiktok_coach.media.probing import Found
from tiktok_coach.notices import Notice
from tiktok_coach.plans.loading import ContentCalendar
from tiktok_coach.posts.arrays import text_array
from tiktok_coach.posts.facts import Array, known
from tiktok_coach.posts.schema import COLUMNS
from tiktok_coach.request.media import against, notices


def with_measured(calendar: ContentCalendar, found: Sequence[Found]) -> ContentCalendar:
    """The calendar with what its videos tell where the plans say nothing; such a fact stands where the plan names the file."""
    posts = calendar.posts
    ids, files = (posts.filled(name).to_pylist() for name in ("post_id", "video_file"))
    videos, apart = tied(found, ids, files)
    facts = {row: columns_of(video) for row, video in videos.items()}
    columns: dict[str, Array] = {}
    measured: dict[str, np.ndarray] = {}
    wrong: list[Notice] = []
    for name in dict.fromkeys(column for told in facts.values() for column in told):
        own = known(posts.filled(name))
        free = np.array([row in facts and name in facts[row] for row in range(len(posts))], dtype=bool) & ~own
        if COLUMNS[name].kind == "text":
            texts = posts.filled(name).to_pylist()
            columns[name] = text_array(str(facts[row][name]) if free[row] else texts[row] for row in range(len(posts)))
        else:
            said = np.array(posts.filled(name), dtype="float64")
            wrong += [
                against(str(files[row]), name, float(said[row]), facts[row][name])
                for row in facts
                if own[row] and name in facts[row] and differs(name, said[row], float(facts[row][name]))
            ]
            columns[name] = np.array([float(facts[row][name]) if free[row] else said[row] for row in range(len(posts))])
        measured[name] = free
    odd = (*calendar.notices, *wrong, *notices(found, videos, apart))
    return replace(calendar, posts=posts.with_columns(columns), measured=measured, notices=odd)
