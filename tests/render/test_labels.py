"""How posts and findings are named."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tiktok_coach.render.labels import example_posts
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.examples import example_posts as posts_of
from tiktok_coach.rules.load import load_rules, rulebook

[HAS_HASHTAGS] = [rule for rule in load_rules([rulebook()]) if rule.code == "T806"]


def test_a_post_that_went_out_twice_in_a_day_is_named_once() -> None:
    times = ("2026-10-08T08:00:00Z", "2026-10-08T18:00:00Z", "2026-10-09T18:00:00Z")
    posts = posts_of([{"caption": "Rye bread", "posted_at": time, "views": 300} for time in times])
    [evaluation] = evaluate([HAS_HASHTAGS], posts)
    audit: Any = SimpleNamespace(posts=posts)
    change: Any = SimpleNamespace(evaluation=evaluation)
    assert example_posts(audit, change, 3) == [
        ("2026-10-08 Rye bread", "has no hashtags"),
        ("2026-10-09 Rye bread", "has no hashtags"),
    ]
