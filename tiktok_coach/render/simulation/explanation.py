"""One post explained on a terminal: its waterfall, what is expected of it, its views' sources, its retention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from rich.text import Text

from tiktok_coach.analysis.simulate import Simulation
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.ranking.catalogue import Signal
from tiktok_coach.render.labels import coverage_text, label_of
from tiktok_coach.render.pages.charts import retention_picture
from tiktok_coach.render.pages.page import Column, Inline, Page, Part, Table, line
from tiktok_coach.render.simulation.data import expected_of, outlook_of, own_posts, post_of, would_tell_more
from tiktok_coach.render.simulation.page import ARROWS, amount, bar, basis_text, feed_text, plain_text
from tiktok_coach.render.values import views_text

# Sources of fewer views are not named.
SEEN = 0.005
# Terms of the outlook that move it less are not named.
MOVED = 0.05


def explanation_page(simulation: Simulation, row: int) -> Page:
    """One post's engagement and its score as a waterfall, each signal with its source."""
    post, has_score = post_of(simulation, row), simulation.scored[row]
    known, lines = coverage_text(post["coverage"]), list(filter(None, [plain_text(simulation, row)]))
    is_planned = row in simulation.moves
    if has_score and post["eligible"]:
        (least, most), (low, high) = post["possible"], post["interval"]
        terms = {"score": post["signal_score"], "least": least, "most": most, "low": low, "high": high, "known": known}
        template = N_(
            "score {score:.0f}; could be {least:.0f}–{most:.0f} if everything were known, {low:.0f}–{high:.0f} by the "
            "{known} of the weights that are known"
        )
        expected = N_("expected score {score:.0f}; could be {low:.0f}–{high:.0f}")
        lines.append(_(expected if is_planned else template, **terms))
    elif not has_score:
        lines.append(_("no score: {known} of what the signals weigh is known", known=known))
    if views := post["views"]:
        lines.append(views_text(views))
    if post["rank_interval"] is not None:
        (best, worst), better = post["rank_interval"], post["better_than"]
        ranks = str(best) if best == worst else f"{best}–{worst}"
        place = _("rank {ranks} of {count}", ranks=ranks, count=int(simulation.table["rank_low"].notna().sum()))
        if better is not None:
            none = _("clearly better than none of your other posts")
            some = _("clearly better than {share:.0%} of your other posts", share=better)
            place += "; " + (some if better > 0 else none)
        lines.append(place)
    if file := would_tell_more(simulation):
        lines.append(_("One file would tell more: {file}.", file=file))
    below = [_carried_text(reach)] if (reach := post.get("reach")) else []
    below.append(expected_text(simulation, row) if is_planned else outlook_text(simulation, row))
    if observed := post.get("observed"):
        shares = ", ".join(f"{format_value(s, '.0%')} {_(name)}" for name, s in observed.items() if s >= SEEN)
        below.append(_("observed: views came from {value}", value=shares))
    parts: list[Part] = [*map(line, lines)]
    if not post["eligible"]:
        reasons = _("never recommended: {names}", names=", ".join(post["reasons"]))
        parts.append(line(reasons, "red"))
    parts += [*([_waterfall(simulation, post, row)] if has_score else []), *map(line, below)]
    parts += retention_picture(simulation.posts, simulation.export.retention, row)
    if has_score:
        parts.append(line(f"{basis_text(simulation)} {feed_text(simulation)}", "dim"))
    return Page(Text(label_of(simulation.posts, row), style="bold"), parts)


def _waterfall(simulation: Simulation, post: Mapping[str, Any], row: int) -> Table:
    names = (N_("signal"), N_("points"), "", N_("seen"), N_("source"))
    heads = [Column(name, is_text=name != "points", wraps=True) for name in names]
    signals = {s.code: s for s in simulation.catalogue.signals}
    rows: list[list[Inline]] = []
    for code, points in post["contributions"].items():
        signal = signals.get(code)
        if signal is None:
            usual = _("what is usual at its reach, length and age")
            rows.append([_("usual"), format_value(points, ".1f"), "", "", usual])
        elif signal.direction != "excludes" or points:
            name = Text(f"{code} {_(signal.name.replace('-', ' '))}")
            glyphs, seen = bar({code: points}, simulation.catalogue), Text(_seen(simulation, signal, row))
            source = Text(f"{_(signal.claim)} ({signal.source.name}, {signal.source.as_of})", style="dim")
            rows.append([name, format_value(points, "+.1f"), glyphs, seen, source])
    rows.append([_("score"), format_value(sum(post["contributions"].values()), ".1f"), "", "", ""])
    return Table("", heads, rows, total=True)


def outlook_text(simulation: Simulation, row: int) -> str:
    """A post's outlook in words, with what moves it, or why there is none."""
    foreseen = simulation.outlook
    outlook = outlook_of(simulation, row)
    if outlook is None:
        return _("still growing? Not known, since {why}", why=foreseen.why(row))
    terms = zip(foreseen.parts.columns, foreseen.parts.loc[row].to_numpy(), strict=True)
    own_terms = [(name, value) for name, value in terms if name != "horizon" and abs(value) >= MOVED]
    moved = ", ".join(f"{_(str(name))} {format_value(np.exp(value), '.2f')}x" for name, value in own_terms)
    fit, own = own_posts(simulation), ""
    if fit["posts"]:
        template = N_("; {posts} of the account's own posts, counted twice, moved it by {factor:.2f}x")
        own = _(template, posts=fit["posts"], factor=np.exp(fit["shift"]))
    (low, high), word = outlook["interval"], outlook["word"]
    return _(
        "still growing? {arrow} {word}: views ×{growth:.2f} ({low:.2f}–{high:.2f}) in {days} days; against a usual "
        "post by {moved}{own}. A forecast from public posts, not TikTok's own",
        arrow=ARROWS[word],
        word=_(word),
        growth=outlook["growth"],
        low=low,
        high=high,
        days=outlook["horizon_days"],
        moved=moved or _("nothing much"),
        own=own,
    )


def expected_text(simulation: Simulation, row: int) -> str:
    """What the account's history lets expect of a planned post, in words."""
    expected = expected_of(simulation, row)
    posts = plural("{count} published post", "{count} published posts", expected["posts"])
    if expected["views"] is None:
        views = _("views are not to be told from {posts} with age and views", posts=posts)
    else:
        low, high = expected["interval"]
        views = _(
            "{views} after {days} days ({low:,.0f}-{high:,.0f}), from {posts}",
            views=views_text(expected["views"]),
            days=expected["days"],
            low=low,
            high=high,
            posts=posts,
        )
    moved = []
    for mover in expected["moved_by"]:
        answer, action = _("passed") if mover["passes"] else _("failed"), mover["action"]
        moved.append(f"{mover['code']} {answer}: {_(action)} {format_value(mover['factor'], '.2f')}x")
    return _(
        "expected: {views}; its score is moved by {moved}",
        views=views,
        moved=", ".join(moved) or _("nothing that the plan says"),
    )


def _carried_text(reach: Mapping[str, Any]) -> str:
    share = reach["for_you_share"]
    median, low, high = (amount(size, reach["unit"]) for size in (reach["median"], *reach["interval"]))
    numbers, unit = f"{median} ({low}–{high})", reach["unit"]
    return _(
        "simulated reach {reach} {unit}{feeds}; chance to reach each wider audience: {chances}; {why}",
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
            known = "" if simulation.ratios.known[row, place] else _(" (not measured)")
            mean = fill("{mean:.2f}x", mean=simulation.ratios.mean[row, place])
            parts.append(f"{_(action.action)} {mean}{known}")
    return ", ".join(parts)
