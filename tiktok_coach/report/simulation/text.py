"""The simulation on a terminal and as Markdown: a ranked table, one post explained, and what would raise scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tiktok_coach.report.audit.wording import coverage_text, label_of
from tiktok_coach.report.escaping import markdown, one_line
from tiktok_coach.report.simulation.data import by_rank, post_of
from tiktok_coach.report.watching import picture
from tiktok_coach.signals.catalogue import Signal
from tiktok_coach.studies.simulate import Simulation

HALF_BAR = 6
# Sources of fewer views are not named.
SEEN = 0.005
PER_BLOCK = 4.0
# Groups of signals that posts measure, and the glyph of each in a bar.
GROUPS = {"█": ("S108",), "▓": ("S104",), "▒": ("S103",), "░": ("S105",), "·": ("S106", "S107")}
LEGEND = "█ watched  ▓ liked or shared  ▒ comments  ░ favourites  · not interested, reported; left of │ lowers"
# Columns of the ranking, and how wide a terminal each needs.
COLUMNS = {
    "rank": 0, "score": 0, "90%": 0, "signals": 100, "keeps\nplace": 0, "known": 0, "simulated\nreach": 72,
    "90%\nof reach": 100, "goes\nwide": 72,
}  # fmt: skip


def print_simulation(simulation: Simulation, console: Console, *, top: int) -> None:
    """Print the ranked table, the suggestions, and what all of it assumes."""
    console.print(_ranking(simulation, top, console.width))
    if console.width >= COLUMNS["signals"]:
        console.print(Text(LEGEND, style="dim"))
    rest = len(simulation.posts) - top
    if rest > 0:
        console.print(Text(f"and {rest:,} more; --top {len(simulation.posts)} lists them all", style="dim"))
    if simulation.suggestions:
        console.print(_suggestions(simulation))
    console.print(Padding(Text(basis_text(simulation), style="dim"), (1, 0, 0, 0)))


def basis_text(simulation: Simulation) -> str:
    """What the scores rest on, in a sentence or two."""
    fitted = [a for a, c in simulation.baseline.of_account(simulation.account.handle).items() if c.posts]
    curves = (
        f"what is usual was fitted on the account's own posts for {', '.join(fitted)}"
        if fitted
        else "too few posts to tell what is usual, so that assumed curves hold"
    )
    return (
        f"A score of 50 is what is usual at a post's reach, length and age; {curves}. TikTok publishes which signals there are, not what they weigh: every "
        "value is an assumption, and 'keeps place' is the share of plausible weightings under which a post keeps its rank."
    )


def _ranking(simulation: Simulation, top: int, width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    rows = by_rank(simulation)[:top]
    cells = [_cells(simulation, row) for row in rows]
    names = [n for n, least in COLUMNS.items() if width >= least and (not cells or n in cells[0])]
    for name in names:
        table.add_column(name, justify="left" if name == "signals" else "right", no_wrap=True)
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
        "score": Text(score, style="bold"),
        "90%": Text("never", style="red"),
        "signals": Text(str(held["reasons"]), style="red"),
        "keeps\nplace": Text(f"{stable:.0%}" if stable == stable else "–"),
        "known": Text(coverage_text(float(held["coverage"]))),
    }
    if held["eligible"]:
        interval = Text(f"{held['low']:.0f}-{held['high']:.0f}")
        cells |= {
            "rank": Text(str(held["rank"])),
            "90%": interval,
            "signals": _bar(dict(simulation.contributions.iloc[row])),
        }
    if simulation.reach is not None:
        reach, stages = simulation.reach.table.iloc[row], simulation.reach.stages.to_numpy()[row]
        cells["simulated\nreach"] = Text(f"{reach['median']:,.0f}")
        cells["90%\nof reach"] = Text(f"{reach['low']:,.0f}-{reach['high']:,.0f}")
        cells["goes\nwide"] = Text(f"{stages[-2] if len(stages) > 1 else stages[-1]:.0%}")
    return cells


def _bar(points: dict[str, float]) -> Text:
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
    for found in simulation.suggestions:
        table.add_row(
            found.code,
            Text(f"{found.name.replace('-', ' ')}: {one_line(found.fix)}"),
            f"{found.posts:,}",
            f"{found.gain:+.1f}",
            f"{found.low:+.1f} to {found.high:+.1f}",
            f"{found.evidence:,}",
        )
    return table


def print_explanation(simulation: Simulation, console: Console, row: int) -> None:
    """Print one post's score as a waterfall, each signal with its source and its assumption."""
    post = post_of(simulation, row)
    console.print(Text(label_of(simulation.posts, row), style="bold"))
    low, high = post["interval"]
    console.print(
        f"score {post['signal_score']:.1f}, 90% interval {low:.1f}-{high:.1f}, coverage {coverage_text(post['coverage'])}"
    )
    if not post["eligible"]:
        console.print(Text(f"never recommended: {', '.join(post['reasons'])}", style="red"))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("signal", "points", "", "seen", "source"):
        table.add_column(name, justify="right" if name == "points" else "left")
    signals = {s.code: s for s in simulation.catalogue.signals}
    running = 0.0
    for code, points in post["contributions"].items():
        running += points
        signal = signals.get(code)
        if signal is not None and signal.direction == "excludes" and not points:
            continue
        if signal is None:
            table.add_row("usual", f"{points:.1f}", "", "", "what is usual at its reach, length and age")
            continue
        table.add_row(
            Text(f"{code} {signal.name.replace('-', ' ')}"),
            f"{points:+.1f}",
            _bar({code: points}),
            Text(_seen(simulation, signal, row)),
            Text(f"{signal.claim} ({signal.source.name}, {signal.source.as_of})", style="dim"),
        )
    table.add_section()
    table.add_row("score", f"{running:.1f}", "", "", "")
    console.print(table)
    if reach := post.get("reach"):
        console.print(Text(_reach_text(reach)))
    if observed := post.get("observed"):
        told = ", ".join(f"{share:.0%} {name}" for name, share in observed.items() if share >= SEEN)
        console.print(Text(f"observed: views came from {told}"))
    for line in picture(simulation.posts, simulation.export.retention, row, console.width):
        console.print(line)
    console.print(Text(basis_text(simulation), style="dim"))


def _reach_text(reach: Mapping[str, Any]) -> str:
    low, high = reach["interval"]
    chances = ", ".join(f"pool {n}: {p:.0%}" for n, p in enumerate(reach["beyond_stage"], 1))
    share = reach["for_you_share"]
    feeds = "" if share is None else f", {share:.0%} of it in For You and the rest in Following"
    return (
        f"simulated reach {reach['median']:,.0f} ({low:,.0f}-{high:,.0f}){feeds}; goes beyond {chances}; {reach['why']}"
    )


def _seen(simulation: Simulation, signal: Signal, row: int) -> str:
    """How a post's actions lie to the usual: `like 1.4x (known)`."""
    parts = []
    for action in signal.actions:
        if action.action in simulation.ratios.actions:
            place = simulation.ratios.actions.index(action.action)
            known = "" if simulation.ratios.known[row, place] else " (not measured)"
            parts.append(f"{action.action} {simulation.ratios.mean[row, place]:.2f}x{known}")
    return ", ".join(parts)


def simulation_markdown(simulation: Simulation, *, top: int) -> Iterator[str]:
    """The ranked table and the suggestions as pieces of one Markdown text."""
    yield "# Simulated ranking\n\n"
    reached = simulation.reach is not None
    yield "| rank | score | 90% | keeps place | known |" + (" simulated reach |" if reached else "") + " post |\n"
    yield "| ---: | ---: | ---: | ---: | ---: |" + (" ---: |" if reached else "") + " --- |\n"
    for row in by_rank(simulation)[:top]:
        post = post_of(simulation, row)
        low, high = post["interval"]
        stable = "–" if post["rank_stability"] is None else f"{post['rank_stability']:.0%}"
        cells = [
            str(post["rank"] or "–"),
            f"{post['signal_score']:.0f}",
            f"{low:.0f}–{high:.0f}" if post["eligible"] else ", ".join(post["reasons"]),
            stable,
            coverage_text(post["coverage"]),
        ]
        if reach := post.get("reach"):
            cells.append(f"{reach['median']:,.0f} ({reach['interval'][0]:,.0f}–{reach['interval'][1]:,.0f})")
        yield f"| {' | '.join(cells)} | {markdown(label_of(simulation.posts, row), 70)} |\n"
    if simulation.suggestions:
        yield "\n## Single changes that would raise scores\n\n| rule | posts | points each | 90% | own posts that tell | change |\n| --- | ---: | ---: | ---: | ---: | --- |\n"
        for found in simulation.suggestions:
            yield f"| {found.code} | {found.posts} | {found.gain:+.1f} | {found.low:+.1f} to {found.high:+.1f} | {found.evidence} | {markdown(found.fix)} |\n"
    yield f"\n{markdown(basis_text(simulation))}\n"
