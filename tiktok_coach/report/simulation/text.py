"""The simulation on a terminal: a ranked table, one post explained, and what would raise scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tiktok_coach.feed.calibrating import CHECKED, CLOSE
from tiktok_coach.feed.reach import SHARE, VIEWS
from tiktok_coach.report.audit.wording import coverage_text, label_of
from tiktok_coach.report.escaping import one_line
from tiktok_coach.report.simulation.data import by_rank, outlook_of
from tiktok_coach.signals.ageing import ENOUGH_POSTS
from tiktok_coach.signals.outlook import GROWS, OVER, USUAL
from tiktok_coach.studies.simulate import Simulation

HALF_BAR = 6
PER_BLOCK = 4.0
# Groups of signals that posts measure, and the glyph of each in a bar.
GROUPS = {"█": ("S108",), "▓": ("S104",), "▒": ("S103",), "░": ("S105",), "·": ("S106", "S107")}
LEGEND = "█ watched  ▓ liked or shared  ▒ comments  ░ favourites  · not interested, reported; left of │ lowers"
# How wide the scale from 0 to 100 is drawn.
SCALE = 20
BAR_COLUMN = "0       of 100      "
# Columns of the ranking, and how wide a terminal each needs.
COLUMNS = {
    "rank": 0, "90%\nof rank": 110, "score": 0, BAR_COLUMN: 72, "signals": 120, "keeps\nplace": 110, "known": 90, "outlook": 60,
    "simulated\nreach": 80, "90%\nof reach": 120, "passes\npools": 80,
}  # fmt: skip
CHANCES = "▁▂▃▄▅▆▇█"
ARROWS = {GROWS: "↗", USUAL: "→", OVER: "·"}
OUTLOOK_LEGEND = "outlook: ↗ grows on, → as usual for its age, · done; × views in {days} days, a forecast from public posts and not TikTok's own weighting"
POOLS_LEGEND = "passes pools: a bar for each pool, as high as the chance of going beyond it"
BAR_LEGEND = "━ 90% of the score by the signals that are known, ─ where it could lie if all were known; ≈ cannot be told from the one above"


def print_simulation(simulation: Simulation, console: Console, *, top: int, verbose: bool = False) -> None:
    """Print the ranked table, the suggestions, and what all of it assumes."""
    console.print(_ranking(simulation, top, console.width))
    console.print(Text(BAR_LEGEND, style="dim"))
    if simulation.outlook.table["growth"].notna().any():
        console.print(Text(OUTLOOK_LEGEND.format(days=simulation.outlook.horizon), style="dim"))
    if console.width >= COLUMNS["signals"]:
        console.print(Text(LEGEND, style="dim"))
    if simulation.reach is not None and console.width >= COLUMNS["passes\npools"]:
        console.print(Text(POOLS_LEGEND, style="dim"))
    rest = len(simulation.posts) - top
    if rest > 0:
        console.print(Text(f"and {rest:,} more; --top {len(simulation.posts)} lists them all", style="dim"))
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


def basis_text(simulation: Simulation) -> str:
    """What the scores rest on, in a sentence or two."""
    fitted = [a for a, c in simulation.baseline.of_account(simulation.account.handle).items() if c.posts]
    curves = (
        f"what is usual was fitted on the account's own posts for {', '.join(fitted)}"
        if fitted
        else "too few posts to tell what is usual, so that assumed curves hold"
    )
    return (
        f"A score of 50 is what is usual at a post's reach, length and age; {curves}. TikTok publishes which signals there are, not what they weigh: the "
        f"{_values_text(simulation)}, and 'keeps place' is the share of plausible weightings under which a post keeps its rank."
    )


def _values_text(simulation: Simulation) -> str:
    """What the values stand on: `values of like and save were fitted to outcomes, all others are assumed`."""
    kinds: dict[str, list[str]] = {"fitted": [], "given": []}
    for action in simulation.catalogue.actions():
        kinds.setdefault(action.evidence, []).append(action.action)
    told = (
        [f"values of {', '.join(kinds['fitted'])} were fitted to what became of public posts"]
        if kinds["fitted"]
        else []
    )
    told += (
        [
            f"{'' if told else 'values of '}{', '.join(kinds['given'])} {'are' if len(kinds['given']) > 1 else 'is'} your own"
        ]
        if kinds["given"]
        else []
    )
    return ", ".join([*told, "all others are assumed"])


def _ranking(simulation: Simulation, top: int, width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    rows = by_rank(simulation, top)
    cells = [_cells(simulation, row) for row in rows]
    names = [n for n, least in COLUMNS.items() if width >= least and (not cells or n in cells[0])]
    for name in names:
        table.add_column(name, justify="left" if name in {"signals", BAR_COLUMN} else "right", no_wrap=True)
    table.add_column("post", ratio=1, no_wrap=True, overflow="ellipsis")
    for row, held in zip(rows, cells, strict=True):
        table.add_row(*(held[name] for name in names), Text(label_of(simulation.posts, row)))
    return table


def _cells(simulation: Simulation, row: int) -> dict[str, Text]:
    """A post's cells by column; those on the feed only where it was run."""
    held = simulation.table.iloc[row]
    stable, points = held["rank_stability"], float(held["signal_score"])
    score = f"{points:.0f}" + (f" ({points - held['before']:+.1f})" if "before" in simulation.table.columns else "")
    cells = {
        "rank": Text("–"),
        "90%\nof rank": Text(""),
        "score": Text(score, style="bold"),
        BAR_COLUMN: Text(f"never: {held['reasons']}", style="red"),
        "signals": Text(str(held["reasons"]), style="red"),
        "keeps\nplace": Text(f"{stable:.0%}" if stable == stable else "–"),
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
        cells["outlook"] = Text(f"{ARROWS[told['word']]} ×{told['growth']:.2f}")
    elif row in simulation.moves and not np.isnan(simulation.expected["views"].loc[row]):
        cells["outlook"] = Text(f"{simulation.expected['views'].loc[row]:,.0f} views")
    else:
        cells["outlook"] = Text("–")
    if simulation.reach is not None:
        reach, stages = simulation.reach.table.iloc[row], simulation.reach.stages.to_numpy()[row]
        cells["simulated\nreach"] = Text(_amount(reach["median"], reach["unit"]))
        cells["90%\nof reach"] = Text(f"{_amount(reach['low'], reach['unit'])}-{_amount(reach['high'], reach['unit'])}")
        cells["passes\npools"] = Text("".join(CHANCES[round(p * (len(CHANCES) - 1))] for p in stages))
    return cells


def _amount(amount: float, unit: str) -> str:
    return f"{amount:,.0f}" if unit == VIEWS else f"{amount:.1%}"


def reach_text(reach: Mapping[str, Any]) -> str:
    """A post's reach with its interval, in views or as a share of the simulated viewers."""
    low, high = reach["interval"]
    return f"{_amount(reach['median'], reach['unit'])} ({_amount(low, reach['unit'])}–{_amount(high, reach['unit'])})"


def feed_text(simulation: Simulation) -> str:
    """What a simulated reach is, and how far the feed gives the views that the account's own posts had."""
    if simulation.reach is None:
        return ""
    said = []
    units = set(simulation.reach.table["unit"])
    checks = simulation.reach.checks
    if VIEWS in units:
        at = next((f" at {c.days:.0f} days of age" for c in checks if c.account == simulation.account.handle and c.days), "")  # fmt: skip
        said.append(
            f"Reach is in views{at}: the pools are parts of the account's own posts; that the signals decide which post passes them is assumed, and how far it gets in one is drawn."
        )
    if SHARE in units:
        said.append(
            f"With fewer than {ENOUGH_POSTS} published posts of known views, or with stages from a file, reach is a share of the simulated viewers."
        )
    far = [c for c in checks if not c.close]
    if far:
        said.append(
            f"For {len(far)} of {len(checks)} accounts the feed does not give the views that its posts had; read its reach with care."
        )
    return " ".join(said)


def checks_text(simulation: Simulation) -> Iterator[str]:
    """The feed held against each account's own views, a line each."""
    for c in simulation.reach.checks if simulation.reach else ():
        pairs = ", ".join(f"{at:.0%} {own:,.0f} / {came:,.0f}" for at, own, came in zip(CHECKED, c.own, c.simulated, strict=True))  # fmt: skip
        verdict = f"{'each' if c.close else 'not all'} within ×/÷ {CLOSE}"
        yield f"feed held against {c.posts} own posts{f' of {c.account}' if c.account else ''}, own / simulated views: {pairs} ({verdict})"


def _scale(held: Any) -> Text:
    """A score from 0 to 100 as a point, its interval as a bar, and where it could lie as a fainter one."""
    place = {name: min(int(float(held[name]) / 100 * SCALE), SCALE - 1) for name in ("signal_score", "low", "high", "possible_low", "possible_high")}  # fmt: skip
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
        title="Single changes that would raise scores",
        title_justify="left",
        title_style="bold",
    )
    for name in ("rule", "change", "posts", "points each", "90%", "own posts that tell"):
        table.add_column(name, justify="left" if name in {"rule", "change"} else "right")
    for found in (s for s in simulation.suggestions if s.certain):
        table.add_row(
            found.code,
            Text(f"{found.name.replace('-', ' ')}: {one_line(found.fix)}"),
            f"{found.posts:,}",
            f"{found.gain:+.1f}",
            f"{found.low:+.1f} to {found.high:+.1f}",
            f"{found.evidence:,}",
        )
    return table


def undecided_text(simulation: Simulation) -> str:
    """The changes of which this data cannot tell whether they help, and what would tell."""
    open_ = [s for s in simulation.suggestions if s.low <= 0 <= s.high]
    if not open_:
        return ""
    named = ", ".join(f"{s.code} {s.name.replace('-', ' ')}" for s in open_)
    return (
        f"This data cannot tell whether these would help: {named}. More posts that do and do not follow them, with completion and watch "
        "time (`tiktok-coach capture guide`), would."
    )
