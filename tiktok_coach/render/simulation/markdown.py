"""The simulation as Markdown: the ranked table, and what would raise scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tiktok_coach.analysis.simulate import Simulation
from tiktok_coach.core.translation import _, fill, format_value
from tiktok_coach.render.escaping import markdown
from tiktok_coach.render.labels import coverage_text, label_of
from tiktok_coach.render.simulation.data import by_rank, post_of
from tiktok_coach.render.simulation.reach import feed_text, reach_text
from tiktok_coach.render.simulation.text import ARROWS, basis_text, title_text, undecided_text


def simulation_markdown(simulation: Simulation, *, top: int, named: bool = False) -> Iterator[str]:
    """The ranked table and the suggestions as pieces of one Markdown text; `named` says whose posts they are."""
    yield "# " + (markdown(title_text(simulation)) if named else _("Simulated ranking")) + "\n\n"
    reached = simulation.reach is not None
    heads = [
        _("rank"),
        _("90% of rank"),
        _("score"),
        _("90%"),
        _("if all were known"),
        _("beats"),
        _("keeps place"),
        _("known"),
        _("outlook"),
    ]
    post_head = _("post")
    heads += [_("simulated reach")] if reached else []
    yield f"| {' | '.join([*heads, post_head])} |\n|{' ---: |' * len(heads)} --- |\n"
    for row in by_rank(simulation, top):
        post = post_of(simulation, row)
        low, high = post["interval"]
        stable = "–" if post["rank_stability"] is None else format_value(post["rank_stability"], ".0%")
        least, most = post["possible"]
        ranks = post["rank_interval"]
        cells = [
            ("≈" if post["like_previous"] else "") + str(post["rank"] or "–"),
            f"{ranks[0]}–{ranks[1]}" if ranks else "–",
            format_value(post["signal_score"], ".0f"),
            fill("{low:.0f}–{high:.0f}", low=low, high=high) if post["eligible"] else ", ".join(post["reasons"]),
            fill("{least:.0f}–{most:.0f}", least=least, most=most) if post["eligible"] else "–",
            "–" if post["better_than"] is None else format_value(post["better_than"], ".0%"),
            stable,
            coverage_text(post["coverage"]),
            _outlook(post),
        ]
        if reach := post.get("reach"):
            cells.append(reach_text(reach))
        yield f"| {' | '.join(cells)} | {markdown(label_of(simulation.posts, row), 70)} |\n"
    certain = [s for s in simulation.suggestions if s.certain]
    if certain:
        heads = [_("rule"), _("posts"), _("points each"), _("90%"), _("own posts that tell"), _("change")]
        yield "\n## " + _("Single changes that would raise scores") + "\n\n"
        yield f"| {' | '.join(heads)} |\n| --- | ---: | ---: | ---: | ---: | --- |\n"
        for found in certain:
            yield fill(
                "| {code} | {posts} | {gain:+.1f} | {interval} | {evidence} | {change} |\n",
                code=found.code,
                posts=found.posts,
                gain=found.gain,
                interval=_("{low:+.1f} to {high:+.1f}", low=found.low, high=found.high),
                evidence=found.evidence,
                change=markdown(found.fix),
            )
    if simulation.suggestions:
        yield f"\n{markdown(undecided_text(simulation))}\n"
    yield f"\n{markdown(basis_text(simulation))}\n"
    if reached:
        yield f"\n{markdown(feed_text(simulation))}\n"


def _outlook(post: Mapping[str, Any]) -> str:
    """How a published post is to grow, or which views a planned one lets expect; a dash where neither is known."""
    if told := post["outlook"]:
        return fill(
            "{arrow} ×{growth:.2f} ({low:.2f}–{high:.2f})",
            arrow=ARROWS[told["word"]],
            growth=told["growth"],
            low=told["interval"][0],
            high=told["interval"][1],
        )
    due = post.get("expected")
    if due and due["views"] is not None:
        low, high = due["interval"]
        return _(
            "{views:,.0f} views in {days} days ({low:,.0f}–{high:,.0f})",
            views=due["views"],
            days=due["days"],
            low=low,
            high=high,
        )
    return "–"
