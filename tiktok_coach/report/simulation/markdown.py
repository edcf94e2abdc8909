"""The simulation as Markdown: the ranked table, and what would raise scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tiktok_coach.report.audit.wording import coverage_text, label_of
from tiktok_coach.report.escaping import markdown
from tiktok_coach.report.simulation.data import by_rank, post_of
from tiktok_coach.report.simulation.text import ARROWS, basis_text, feed_text, reach_text, undecided_text
from tiktok_coach.studies.simulate import Simulation


def simulation_markdown(simulation: Simulation, *, top: int) -> Iterator[str]:
    """The ranked table and the suggestions as pieces of one Markdown text."""
    yield "# Simulated ranking\n\n"
    reached = simulation.reach is not None
    yield "| rank | 90% of rank | score | 90% | if all were known | beats | keeps place | known | outlook |" + (" simulated reach |" if reached else "") + " post |\n"  # fmt: skip
    yield (
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |" + (" ---: |" if reached else "") + " --- |\n"
    )
    for row in by_rank(simulation, top):
        post = post_of(simulation, row)
        low, high = post["interval"]
        stable = "–" if post["rank_stability"] is None else f"{post['rank_stability']:.0%}"
        least, most = post["possible"]
        ranks = post["rank_interval"]
        cells = [
            ("≈" if post["like_previous"] else "") + str(post["rank"] or "–"),
            f"{ranks[0]}–{ranks[1]}" if ranks else "–",
            f"{post['signal_score']:.0f}",
            f"{low:.0f}–{high:.0f}" if post["eligible"] else ", ".join(post["reasons"]),
            f"{least:.0f}–{most:.0f}" if post["eligible"] else "–",
            "–" if post["better_than"] is None else f"{post['better_than']:.0%}",
            stable,
            coverage_text(post["coverage"]),
            _outlook(post),
        ]
        if reach := post.get("reach"):
            cells.append(reach_text(reach))
        yield f"| {' | '.join(cells)} | {markdown(label_of(simulation.posts, row), 70)} |\n"
    certain = [s for s in simulation.suggestions if s.certain]
    if certain:
        yield "\n## Single changes that would raise scores\n\n| rule | posts | points each | 90% | own posts that tell | change |\n| --- | ---: | ---: | ---: | ---: | --- |\n"
        for found in certain:
            yield f"| {found.code} | {found.posts} | {found.gain:+.1f} | {found.low:+.1f} to {found.high:+.1f} | {found.evidence} | {markdown(found.fix)} |\n"
    if simulation.suggestions:
        yield f"\n{markdown(undecided_text(simulation))}\n"
    yield f"\n{markdown(basis_text(simulation))}\n"
    if reached:
        yield f"\n{markdown(feed_text(simulation))}\n"


def _outlook(post: Mapping[str, Any]) -> str:
    """How a published post is to grow, or which views a planned one lets expect; a dash where neither is known."""
    if told := post["outlook"]:
        return f"{ARROWS[told['word']]} ×{told['growth']:.2f} ({told['interval'][0]:.2f}–{told['interval'][1]:.2f})"
    due = post.get("expected")
    if due and due["views"] is not None:
        return f"{due['views']:,.0f} views in {due['days']} days ({due['interval'][0]:,.0f}–{due['interval'][1]:,.0f})"
    return "–"
