"""Finds the one post that a user names."""

from __future__ import annotations

import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _


def row_of(posts: pd.DataFrame, post: str, option: str) -> int:
    """Position of the post with this id, or the end of it. Raises CoachError where none or several fit."""
    ids = posts["post_id"].astype("str")
    fitting = [row for row, post_id in enumerate(ids) if post_id == post] or [
        row for row, post_id in enumerate(ids) if post_id.endswith(post)
    ]
    if len(fitting) != 1:
        problem = (
            _("{option} {post!r} is the id of {count} posts", option=option, post=post, count=len(fitting))
            if fitting
            else _("{option} {post!r} is the id of no posts", option=option, post=post)
        )
        raise CoachError(problem, hint=_("give the whole id of one"))
    return fitting[0]
