"""The simulation as people read it: a ranked table, what would raise scores, and what all of it assumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from rich.text import Text

from tiktok_coach.analysis.simulate import Simulation
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.ranking.outlook import GROWS, OVER, USUAL
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.labels import coverage_text, label_of
from tiktok_coach.render.options import RenderOptions
from tiktok_coach.render.pages.page import ByMedium, Column, Inline, Page, Part, Table, Words, columns
from tiktok_coach.render.simulation.data import by_rank, outlook_of, post_of
from tiktok_coach.render.simulation.reach import amount, checks_text, feed_text, reach_text

HALF_BAR = 6
PER_BLOCK = 4.0
# Groups of signals that posts measure, and the glyph of each in a bar.
GROUPS = {"█": ("S108",), "▓": ("S104",), "▒": ("S103",), "░": ("S105",), "·": ("S106", "S107")}
LEGEND = N_("█ watched  ▓ liked or shared  ▒ comments  ░ favourites  · not interested, reported; left of │ lowers")
# How wide the scale from 0 to 100 is drawn.
SCALE = 20
BAR_COLUMN = N_("0       of 100      ")
# Columns of the ranking on a terminal, and how wide a one each needs.
COLUMNS = (
    Column(N_("rank")),
    Column(N_("90%\nof rank"), needs=110),
    Column(N_("score")),
    Column(BAR_COLUMN, is_text=True, needs=72),
    Column(N_("signals"), is_text=True, needs=120),
    Column(N_("keeps\nplace"), needs=110),
    Column(N_("known"), needs=90),
    Column(N_("outlook"), needs=60),
    Column(N_("simulated\nreach"), needs=80),
    Column(N_("90%\nof reach"), needs=120),
    Column(N_("passes\npools"), needs=80),
    Column(N_("post"), is_text=True, fills=True),
)
CHANCES = "▁▂▃▄▅▆▇█"
ARROWS = {GROWS: "↗", USUAL: "→", OVER: "·"}
OUTLOOK_LEGEND = N_(
    "outlook: ↗ grows on, → as usual for its age, · done; × views in {days} days, a forecast from public posts and "
    "not TikTok's own weighting"
)
POOLS_LEGEND = N_("passes pools: a bar for each pool, as high as the chance of going beyond it")
BAR_LEGEND = N_(
    "━ 90% of the score by the signals that are known, ─ where it could lie if all were known; ≈ cannot be told "
    "from the one above"
)


def simulation_page(simulation: Simulation, options: RenderOptions, *, several: bool = False) -> Page:
    """The `options.top` posts by rank, the suggestions, and what all of it assumes; of `several` accounts it says whose
    posts they are.
    """
    rows = by_rank(simulation, options.top)
    parts: list[Part] = [_ranking(simulation, rows), _markdown_ranking(simulation, rows), *_legends(simulation)]
    rest = len(simulation.posts) - options.top
    if rest > 0:
        more = _("and {rest:,} more; --top {count} lists them all", rest=rest, count=len(simulation.posts))
        parts.append(Words(more, faint=True, tight=True, only="terminal"))
    if simulation.suggestions:
        if any(s.certain for s in simulation.suggestions):
            parts.append(_suggestions(simulation))
        parts.append(Words(Text(undecided_text(simulation)), tight=True))
    parts += [Words("", tight=True, only="terminal"), Words(Text(basis_text(simulation), style="dim"), tight=True)]
    if simulation.reach is not None:
        parts.append(Words(Text(feed_text(simulation), style="dim"), tight=True))
    if options.verbose:
        parts += [Words(line, faint=True, tight=True, only="terminal") for line in checks_text(simulation)]
    title = title_text(simulation)
    return Page(ByMedium(title if several else "", title if several else _("Simulated ranking")), parts)


def _legends(simulation: Simulation) -> Iterator[Words]:
    """How to read the columns that a terminal shows."""

    def legend(text: str, needs: int = 0) -> Words:
        return Words(Text(text, style="dim"), tight=True, only="terminal", needs=needs)

    needs = {column.head: column.needs for column in COLUMNS}
    yield legend(_(BAR_LEGEND))
    if simulation.outlook.table["growth"].notna().any():
        yield legend(_(OUTLOOK_LEGEND, days=simulation.outlook.horizon))
    yield legend(_(LEGEND), needs["signals"])
    if simulation.reach is not None:
        yield legend(_(POOLS_LEGEND), needs["passes\npools"])


def title_text(simulation: Simulation) -> str:
    """What a simulation is called, and whose posts it ranks."""
    whose = f"@{simulation.account.handle}" if simulation.account.handle else _("posts of no account")
    return _("Simulated ranking, {account}", account=whose)


def basis_text(simulation: Simulation) -> str:
    """What the scores rest on, in a sentence or two."""
    fitted = [a for a, c in simulation.baseline.of_account(simulation.account.handle).items() if c.posts]
    curves = (
        _("what is usual was fitted on the account's own posts for {names}", names=", ".join(_(a) for a in fitted))
        if fitted
        else _("too few posts to tell what is usual, so that assumed curves hold")
    )
    return _(
        "A score of 50 is what is usual at a post's reach, length and age; {curves}. TikTok publishes which signals "
        "there are, not what they weigh: the {values}, and 'keeps place' is the share of plausible weightings under "
        "which a post keeps its rank.",
        curves=curves,
        values=_values_text(simulation),
    )


def _values_text(simulation: Simulation) -> str:
    """What the values stand on: `values of like and save were fitted to outcomes, all others are assumed`."""
    kinds: dict[str, list[str]] = {"fitted": [], "given": []}
    for action in simulation.catalogue.actions():
        kinds.setdefault(action.evidence, []).append(action.action)
    texts = (
        [
            _(
                "values of {names} were fitted to what became of public posts",
                names=", ".join(_(a) for a in kinds["fitted"]),
            )
        ]
        if kinds["fitted"]
        else []
    )
    if kinds["given"]:
        names, count = ", ".join(_(a) for a in kinds["given"]), len(kinds["given"])
        texts.append(
            plural("{names} is your own", "{names} are your own", count, names=names)
            if texts
            else plural("values of {names} is your own", "values of {names} are your own", count, names=names)
        )
    return ", ".join([*texts, _("all others are assumed")])


def _ranking(simulation: Simulation, rows: list[int]) -> Table:
    cells = [{**_cells(simulation, row), "post": Text(label_of(simulation.posts, row))} for row in rows]
    heads = [column for column in COLUMNS if not cells or column.head in cells[0]]
    return Table("", heads, [[row[column.head] for column in heads] for row in cells], only="terminal")


def _cells(simulation: Simulation, row: int) -> dict[str, Text]:
    """A post's cells by column; those on the feed only where it was run."""
    scores = simulation.table.iloc[row]
    stable, points = scores["rank_stability"], float(scores["signal_score"])
    score = format_value(points, ".0f") + (
        fill(" ({points:+.1f})", points=points - scores["before"]) if "before" in simulation.table.columns else ""
    )
    cells = {
        "rank": Text("–"),
        "90%\nof rank": Text(""),
        "score": Text(score, style="bold"),
        BAR_COLUMN: Text(_("never: {reasons}", reasons=scores["reasons"]), style="red"),
        "signals": Text(str(scores["reasons"]), style="red"),
        "keeps\nplace": Text(format_value(stable, ".0%") if stable == stable else "–"),
        "known": Text(coverage_text(float(scores["coverage"]))),
    }
    if scores["eligible"]:
        cells |= {
            "rank": Text(f"{'≈' if scores['like_previous'] else ''}{scores['rank']}"),
            "90%\nof rank": Text(f"{scores['rank_low']}-{scores['rank_high']}"),
            BAR_COLUMN: _scale(scores),
            "signals": bar(dict(simulation.contributions.iloc[row])),
        }
    outlook = outlook_of(simulation, row)
    if outlook is not None:
        cells["outlook"] = Text(
            fill("{arrows} ×{growth:.2f}", arrows=ARROWS[outlook["word"]], growth=outlook["growth"])
        )
    elif row in simulation.moves and not np.isnan(simulation.expected["views"].loc[row]):
        cells["outlook"] = Text(_("{views:,.0f} views", views=simulation.expected["views"].loc[row]))
    else:
        cells["outlook"] = Text("–")
    if simulation.reach is not None:
        reach, stages = simulation.reach.table.iloc[row], simulation.reach.stages.to_numpy()[row]
        cells["simulated\nreach"] = Text(amount(reach["median"], reach["unit"]))
        cells["90%\nof reach"] = Text(f"{amount(reach['low'], reach['unit'])}-{amount(reach['high'], reach['unit'])}")
        cells["passes\npools"] = Text("".join(CHANCES[round(p * (len(CHANCES) - 1))] for p in stages))
    return cells


def _markdown_ranking(simulation: Simulation, rows: list[int]) -> Table:
    heads = [
        N_("rank"),
        N_("90% of rank"),
        N_("score"),
        N_("90%"),
        N_("if all were known"),
        N_("beats"),
        N_("keeps place"),
        N_("known"),
        N_("outlook"),
        *([N_("simulated reach")] if simulation.reach is not None else []),
    ]
    cells: list[list[Inline]] = []
    for row in rows:
        post = post_of(simulation, row)
        (low, high), (least, most), ranks = post["interval"], post["possible"], post["rank_interval"]
        eligible = post["eligible"]
        texts = [
            ("≈" if post["like_previous"] else "") + str(post["rank"] or "–"),
            f"{ranks[0]}–{ranks[1]}" if ranks else "–",
            format_value(post["signal_score"], ".0f"),
            fill("{low:.0f}–{high:.0f}", low=low, high=high) if eligible else ", ".join(post["reasons"]),
            fill("{least:.0f}–{most:.0f}", least=least, most=most) if eligible else "–",
            "–" if post["better_than"] is None else format_value(post["better_than"], ".0%"),
            "–" if post["rank_stability"] is None else format_value(post["rank_stability"], ".0%"),
            coverage_text(post["coverage"]),
            _outlook(post),
            *([reach_text(post["reach"])] if "reach" in post else []),
        ]
        cells.append([*map(Text, texts), label_of(simulation.posts, row)])
    return Table("", columns(*heads, Column(N_("post"), is_text=True, cut=70)), cells, only="markdown")


def _outlook(post: Mapping[str, Any]) -> str:
    """How a published post is to grow, or which views a planned one lets expect; a dash where neither is known."""
    if outlook := post["outlook"]:
        return fill(
            "{arrow} ×{growth:.2f} ({low:.2f}–{high:.2f})",
            arrow=ARROWS[outlook["word"]],
            growth=outlook["growth"],
            low=outlook["interval"][0],
            high=outlook["interval"][1],
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


def _scale(scores: Any) -> Text:
    """A score from 0 to 100 as a point, its interval as a bar, and where it could lie as a fainter one."""
    place = {
        name: min(int(float(scores[name]) / 100 * SCALE), SCALE - 1)
        for name in ("signal_score", "low", "high", "possible_low", "possible_high")
    }
    scale = Text()
    for cell in range(SCALE):
        if cell == place["signal_score"]:
            scale.append("●", style="bold")
        elif place["low"] <= cell <= place["high"]:
            scale.append("━")
        elif place["possible_low"] <= cell <= place["possible_high"]:
            scale.append("─", style="dim")
        else:
            scale.append(" ")
    return scale


def bar(points: dict[str, float]) -> Text:
    """What raises a score above the usual to the right of the middle, what lowers it to the left, a glyph a group."""
    lower: list[tuple[str, float]] = []
    raising: list[tuple[str, float]] = []
    for glyph, codes in GROUPS.items():
        total = sum(points.get(code, 0.0) for code in codes)
        (raising if total >= 0 else lower).append((glyph, abs(total)))
    above, below = _blocks(raising), _blocks(lower)
    return Text(" " * (HALF_BAR - len(below))) + Text(below[::-1], style="red") + Text("│") + Text(above, style="green")


def _blocks(parts: list[tuple[str, float]]) -> str:
    """The glyphs of the parts in a row, each as long as its points; small parts are counted into the next."""
    glyphs, total = "", 0.0
    for glyph, points in parts:
        total += points
        glyphs += glyph * (min(HALF_BAR, round(total / PER_BLOCK)) - len(glyphs))
    return glyphs


def _suggestions(simulation: Simulation) -> Table:
    names = (N_("points each"), N_("90%"), N_("own posts that tell"))
    heads = (
        Column(N_("rule"), is_text=True, wraps=True),
        Column(N_("change"), is_text=True, wraps=True, only="terminal"),
        Column(N_("posts"), wraps=True),
        *(Column(name, wraps=True) for name in names),
        Column(N_("change"), is_text=True, only="markdown"),
    )
    rows: list[list[Inline]] = [
        [
            one.code,
            Text(f"{_(one.name.replace('-', ' '))}: {one_line(one.fix)}"),
            ByMedium(format_value(one.posts, ","), fill("{posts}", posts=one.posts)),
            format_value(one.gain, "+.1f"),
            _("{low:+.1f} to {high:+.1f}", low=one.low, high=one.high),
            ByMedium(format_value(one.evidence, ","), fill("{evidence}", evidence=one.evidence)),
            one.fix,
        ]
        for one in simulation.suggestions
        if one.certain
    ]
    return Table(_("Single changes that would raise scores"), heads, rows)


def undecided_text(simulation: Simulation) -> str:
    """The changes of which this data cannot tell whether they help, and what would tell."""
    open_ = [s for s in simulation.suggestions if s.low <= 0 <= s.high]
    if not open_:
        return ""
    names = ", ".join(f"{s.code} {_(s.name.replace('-', ' '))}" for s in open_)
    return _(
        "This data cannot tell whether these would help: {named}. More posts that do and do not follow them, with "
        "completion and watch time (`tiktok-coach capture guide`), would.",
        named=names,
    )
