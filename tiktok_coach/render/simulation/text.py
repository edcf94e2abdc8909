"""The simulation on a terminal: a ranked table, one post explained, and what would raise scores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tiktok_coach.analysis.simulate import Simulation
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.ranking.outlook import GROWS, OVER, USUAL
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.labels import coverage_text, label_of
from tiktok_coach.render.simulation.data import by_rank, outlook_of
from tiktok_coach.render.simulation.reach import amount, checks_text, feed_text

HALF_BAR = 6
PER_BLOCK = 4.0
# Groups of signals that posts measure, and the glyph of each in a bar.
GROUPS = {"█": ("S108",), "▓": ("S104",), "▒": ("S103",), "░": ("S105",), "·": ("S106", "S107")}
LEGEND = N_("█ watched  ▓ liked or shared  ▒ comments  ░ favourites  · not interested, reported; left of │ lowers")
# How wide the scale from 0 to 100 is drawn.
SCALE = 20
BAR_COLUMN = N_("0       of 100      ")
# Columns of the ranking, and how wide a terminal each needs.
COLUMNS = {
    N_("rank"): 0,
    N_("90%\nof rank"): 110,
    N_("score"): 0,
    BAR_COLUMN: 72,
    N_("signals"): 120,
    N_("keeps\nplace"): 110,
    N_("known"): 90,
    N_("outlook"): 60,
    N_("simulated\nreach"): 80,
    N_("90%\nof reach"): 120,
    N_("passes\npools"): 80,
}
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


def print_simulation(
    simulation: Simulation, console: Console, *, top: int, named: bool = False, verbose: bool = False
) -> None:
    """Print the ranked table, the suggestions, and what all of it assumes; `named` says whose posts they are."""
    if named:
        console.print(Text(one_line(title_text(simulation)), style="bold"))
    console.print(_ranking(simulation, top, console.width))
    for legend in _legends(simulation, console.width):
        console.print(Text(legend, style="dim"))
    rest = len(simulation.posts) - top
    if rest > 0:
        console.print(
            Text(
                _("and {rest:,} more; --top {count} lists them all", rest=rest, count=len(simulation.posts)),
                style="dim",
            )
        )
    if simulation.suggestions:
        if any(s.certain for s in simulation.suggestions):
            console.print(_suggestions(simulation))
        console.print(Text(undecided_text(simulation)))
    console.print(Padding(Text(basis_text(simulation), style="dim"), (1, 0, 0, 0)))
    if simulation.reach is not None:
        console.print(Text(feed_text(simulation), style="dim"))
    if verbose:
        for line in checks_text(simulation):
            console.print(Text(line, style="dim"))


def _legends(simulation: Simulation, width: int) -> Iterator[str]:
    """How to read the columns that a terminal of this width shows."""
    yield _(BAR_LEGEND)
    if simulation.outlook.table["growth"].notna().any():
        yield _(OUTLOOK_LEGEND, days=simulation.outlook.horizon)
    if width >= COLUMNS["signals"]:
        yield _(LEGEND)
    if simulation.reach is not None and width >= COLUMNS["passes\npools"]:
        yield _(POOLS_LEGEND)


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
    told = (
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
        named, count = ", ".join(_(a) for a in kinds["given"]), len(kinds["given"])
        told.append(
            plural("{names} is your own", "{names} are your own", count, names=named)
            if told
            else plural("values of {names} is your own", "values of {names} are your own", count, names=named)
        )
    return ", ".join([*told, _("all others are assumed")])


def _ranking(simulation: Simulation, top: int, width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    rows = by_rank(simulation, top)
    cells = [_cells(simulation, row) for row in rows]
    names = [n for n, least in COLUMNS.items() if width >= least and (not cells or n in cells[0])]
    for name in names:
        table.add_column(_(name), justify="left" if name in {"signals", BAR_COLUMN} else "right", no_wrap=True)
    table.add_column(_("post"), ratio=1, no_wrap=True, overflow="ellipsis")
    for row, held in zip(rows, cells, strict=True):
        table.add_row(*(held[name] for name in names), Text(label_of(simulation.posts, row)))
    return table


def _cells(simulation: Simulation, row: int) -> dict[str, Text]:
    """A post's cells by column; those on the feed only where it was run."""
    held = simulation.table.iloc[row]
    stable, points = held["rank_stability"], float(held["signal_score"])
    score = format_value(points, ".0f") + (
        fill(" ({points:+.1f})", points=points - held["before"]) if "before" in simulation.table.columns else ""
    )
    cells = {
        "rank": Text("–"),
        "90%\nof rank": Text(""),
        "score": Text(score, style="bold"),
        BAR_COLUMN: Text(_("never: {reasons}", reasons=held["reasons"]), style="red"),
        "signals": Text(str(held["reasons"]), style="red"),
        "keeps\nplace": Text(format_value(stable, ".0%") if stable == stable else "–"),
        "known": Text(coverage_text(float(held["coverage"]))),
    }
    if held["eligible"]:
        cells |= {
            "rank": Text(f"{'≈' if held['like_previous'] else ''}{held['rank']}"),
            "90%\nof rank": Text(f"{held['rank_low']}-{held['rank_high']}"),
            BAR_COLUMN: _scale(held),
            "signals": bar(dict(simulation.contributions.iloc[row])),
        }
    told = outlook_of(simulation, row)
    if told is not None:
        cells["outlook"] = Text(fill("{arrows} ×{growth:.2f}", arrows=ARROWS[told["word"]], growth=told["growth"]))
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


def _scale(held: Any) -> Text:
    """A score from 0 to 100 as a point, its interval as a bar, and where it could lie as a fainter one."""
    place = {
        name: min(int(float(held[name]) / 100 * SCALE), SCALE - 1)
        for name in ("signal_score", "low", "high", "possible_low", "possible_high")
    }
    drawn = Text()
    for cell in range(SCALE):
        if cell == place["signal_score"]:
            drawn.append("●", style="bold")
        elif place["low"] <= cell <= place["high"]:
            drawn.append("━")
        elif place["possible_low"] <= cell <= place["possible_high"]:
            drawn.append("─", style="dim")
        else:
            drawn.append(" ")
    return drawn


def bar(points: dict[str, float]) -> Text:
    """What raises a score above the usual to the right of the middle, what lowers it to the left, a glyph a group."""
    lower: list[tuple[str, float]] = []
    raising: list[tuple[str, float]] = []
    for glyph, codes in GROUPS.items():
        total = sum(points.get(code, 0.0) for code in codes)
        (raising if total >= 0 else lower).append((glyph, abs(total)))
    right, left = _blocks(raising), _blocks(lower)
    return Text(" " * (HALF_BAR - len(left))) + Text(left[::-1], style="red") + Text("│") + Text(right, style="green")


def _blocks(parts: list[tuple[str, float]]) -> str:
    """The glyphs of the parts one after the other, each as long as its points; small parts are counted into the next."""
    drawn, total = "", 0.0
    for glyph, points in parts:
        total += points
        drawn += glyph * (min(HALF_BAR, round(total / PER_BLOCK)) - len(drawn))
    return drawn


def _suggestions(simulation: Simulation) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        title=_("Single changes that would raise scores"),
        title_justify="left",
        title_style="bold",
    )
    for name in (N_("rule"), N_("change"), N_("posts"), N_("points each"), N_("90%"), N_("own posts that tell")):
        table.add_column(_(name), justify="left" if name in {"rule", "change"} else "right")
    for found in (s for s in simulation.suggestions if s.certain):
        table.add_row(
            found.code,
            Text(f"{_(found.name.replace('-', ' '))}: {one_line(found.fix)}"),
            format_value(found.posts, ","),
            format_value(found.gain, "+.1f"),
            _("{low:+.1f} to {high:+.1f}", low=found.low, high=found.high),
            format_value(found.evidence, ","),
        )
    return table


def undecided_text(simulation: Simulation) -> str:
    """The changes of which this data cannot tell whether they help, and what would tell."""
    open_ = [s for s in simulation.suggestions if s.low <= 0 <= s.high]
    if not open_:
        return ""
    named = ", ".join(f"{s.code} {_(s.name.replace('-', ' '))}" for s in open_)
    return _(
        "This data cannot tell whether these would help: {named}. More posts that do and do not follow them, with "
        "completion and watch time (`tiktok-coach capture guide`), would.",
        named=named,
    )
