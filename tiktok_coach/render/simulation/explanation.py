"""One post explained on a terminal: its waterfall, what is expected of it, its views' sources, its retention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from tiktok_coach.analysis.simulate import Simulation
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.ranking.catalogue import Signal
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.expected_curve import expected_curve_parts
from tiktok_coach.render.labels import coverage_text, label_of
from tiktok_coach.render.pages.charts import retention_picture
from tiktok_coach.render.pages.page import Column, Inline, Page, Part, Table, TextColumn, line
from tiktok_coach.render.simulation.data import curve_of, expected_of, outlook_of, post_of, would_tell_more
from tiktok_coach.render.simulation.page import ARROWS, ASSUMED, amount, bar, plain_text
from tiktok_coach.render.values import views_change, views_text
from tiktok_coach.stats.expected_curve import Cut

# Sources of fewer views are not named.
SEEN = 0.005
# Signals that move a score by less are not shown unless they are measured.
SHOWN = 0.05
# How long a title is at the most, and how wide a terminal shows sources.
TITLE, SOURCES = 78, 110


def explanation_page(simulation: Simulation, row: int, cut: Cut | None = None) -> Page:
    """One post's engagement and its score as a waterfall, each signal with its source; what a `cut` would change."""
    post, has_score = post_of(simulation, row), simulation.scored[row]
    lines = list(filter(None, [plain_text(simulation, row)]))
    is_planned = row in simulation.moves
    if has_score and post["eligible"]:
        (least, most), (low, high) = post["possible"], post["interval"]
        terms = {"score": post["signal_score"], "least": least, "most": most, "low": low, "high": high}
        measured = N_("Score {score:.0f} (50 is usual); could be {least:.0f}–{most:.0f} if everything were known.")
        expected = N_("Expected score {score:.0f} (50 is usual); could be {low:.0f}–{high:.0f}.")
        lines.insert(0, _(expected if is_planned else measured, **terms))
    elif not has_score:
        known = coverage_text(post["coverage"])
        lines.append(_("No score: only {known} of what the signals weigh is known.", known=known))
    if views := post["views"]:
        lines.append(views_text(views))
    if post["rank_interval"] is not None:
        (best, worst), better = post["rank_interval"], post["better_than"]
        ranks = str(best) if best == worst else f"{best}–{worst}"
        place = _("Rank {ranks} of {count}", ranks=ranks, count=int(simulation.table["rank_low"].notna().sum()))
        if better is not None:
            none = _("clearly better than none of your other posts")
            some = _("clearly better than {share:.0%} of your other posts", share=better)
            place += "; " + (some if better > 0 else none)
        lines.append(place)
    if file := would_tell_more(simulation):
        lines.append(_("What would tell more: {file}.", file=file))
    below = [_carried_text(reach)] if (reach := post.get("reach")) else []
    below.append(expected_text(simulation, row) if is_planned else outlook_text(simulation, row))
    if observed := post.get("observed"):
        shares = ", ".join(f"{format_value(s, '.0%')} {_(name)}" for name, s in observed.items() if s >= SEEN)
        below.append(_("Views came from: {value}", value=shares))
    parts: list[Part] = [*map(line, lines)]
    if not post["eligible"]:
        reasons = _("never recommended: {names}", names=", ".join(post["reasons"]))
        parts.append(line(reasons, "red"))
    parts += [*([_waterfall(simulation, post, row)] if has_score else []), *map(line, below)]
    parts += retention_picture(simulation.posts, simulation.export.retention, row)
    parts += expected_curve_parts(curve_of(simulation, row), cut)
    if has_score:
        parts.append(line(_(ASSUMED), "dim"))
    return Page(Text(one_line(label_of(simulation.posts, row), TITLE), style="bold"), parts)


def _waterfall(simulation: Simulation, post: Mapping[str, Any], row: int) -> Table:
    heads = (
        TextColumn(N_("signal"), wraps=True),
        Column(N_("points")),
        TextColumn("", is_chart=True),
        TextColumn(N_("seen"), wraps=True),
        TextColumn(N_("source"), wraps=True, needs=SOURCES),
    )
    signals = {s.code: s for s in simulation.catalogue.signals}
    rows: list[list[Inline]] = []
    for code, points in post["contributions"].items():
        signal = signals.get(code)
        if signal is None:
            usual = _("what is usual at its reach, length and age")
            rows.append([_("usual"), format_value(points, ".1f"), "", "", usual])
        elif abs(points) >= SHOWN or _is_measured(simulation, signal, row):
            name = Text(f"{_(signal.name.replace('-', ' '))} ({code})")
            glyphs, seen = bar({code: points}, simulation.catalogue), Text(_seen(simulation, signal, row))
            source = Text(f"{_(signal.claim)} ({signal.source.name}, {signal.source.as_of})", style="dim")
            rows.append([name, format_value(points, "+.1f"), glyphs, seen, source])
    rows.append([_("score"), format_value(sum(post["contributions"].values()), ".1f"), "", "", ""])
    return Table("", heads, rows, total=True)


def _is_measured(simulation: Simulation, signal: Signal, row: int) -> bool:
    """Whether what the signal counts is known of the post."""
    actions, known = simulation.ratios.actions, simulation.ratios.known[row]
    return any(one.action in actions and known[actions.index(one.action)] for one in signal.actions)


def outlook_text(simulation: Simulation, row: int) -> str:
    """A post's outlook in words, with what moves it, or why there is none."""
    foreseen = simulation.outlook
    outlook = outlook_of(simulation, row)
    if outlook is None:
        return _("Still growing? Not known: {why}.", why=foreseen.why(row))
    growth, (low, high) = outlook["growth"], outlook["interval"]
    terms = foreseen.parts.loc[row].drop("horizon", errors="ignore")
    template = N_("Still growing? {arrow} {worth} expected in {days} days; what moves that most: {name}.")
    worth, name = views_change(growth, low, high), _(str(terms.abs().idxmax()))
    return _(template, arrow=ARROWS[outlook["word"]], worth=worth, days=outlook["horizon_days"], name=name)


def expected_text(simulation: Simulation, row: int) -> str:
    """What the account's history lets expect of a planned post, in words, and what moves its score."""
    expected = expected_of(simulation, row)
    text = expected_views_text(expected)
    moved = []
    for mover in expected["moved_by"]:
        answer, action = _("passed") if mover["passes"] else _("failed"), mover["action"]
        moved.append(f"{mover['code']} {answer}: {_(action)} {format_value(mover['factor'], '.2f')}x")
    return text + " " + _("What moves its score: {moved}.", moved=", ".join(moved)) if moved else text


def expected_views_text(expected: Mapping[str, Any]) -> str:
    """The views that `expected_of` a planned post gives, in words."""
    posts = plural("{count} published post", "{count} published posts", expected["posts"])
    if expected["views"] is None:
        return _("Views: not known, from {posts} with age and views.", posts=posts)
    low, high = expected["interval"]
    return _(
        "{views} expected after {days} days ({low:,.0f}–{high:,.0f}), from {posts}.",
        views=views_text(expected["views"]),
        days=expected["days"],
        low=low,
        high=high,
        posts=posts,
    )


def _carried_text(reach: Mapping[str, Any]) -> str:
    share = reach["for_you_share"]
    median, low, high = (amount(size, reach["unit"]) for size in (reach["median"], *reach["interval"]))
    numbers, unit = f"{median} ({low}–{high})", reach["unit"]
    return _(
        "Simulated reach: {reach} {unit}{feeds}; chance to reach each wider audience: {chances}; {why}.",
        reach=numbers,
        unit=_(unit),
        feeds="" if share is None else _(", {share:.0%} of it in For You and the rest in Following", share=share),
        chances=", ".join(fill("{chance:.0%}", chance=chance) for chance in reach["beyond_stage"]),
        why=reach["why"],
    )


def _seen(simulation: Simulation, signal: Signal, row: int) -> str:
    """How a post's actions lie to the usual: `like 1.4x (known)`."""
    parts = []
    for action in signal.actions:
        if action.action in simulation.ratios.actions:
            place = simulation.ratios.actions.index(action.action)
            is_known = simulation.ratios.known[row, place] or row in simulation.moves
            known = "" if is_known else _(" (not measured)")
            mean = fill("{mean:.2f}x", mean=simulation.ratios.mean[row, place])
            parts.append(f"{_(action.action)} {mean}{known}")
    return ", ".join(parts)
