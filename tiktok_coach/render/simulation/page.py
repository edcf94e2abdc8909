"""The simulation as people read it: a ranked table, what would raise scores, and what all of it assumes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from rich.text import Text

from tiktok_coach.analysis.simulate import Simulation
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.ranking.baseline import ENOUGH_POSTS
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.feed.reach import CHECKED, CLOSE, SHARE, VIEWS
from tiktok_coach.ranking.outlook import GROWS, OVER, USUAL
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.labels import coverage_text, label_of
from tiktok_coach.render.output import RenderOptions
from tiktok_coach.render.pages.page import ByMedium, Column, Inline, Page, Part, Table, TextColumn, Words, line
from tiktok_coach.render.simulation.data import by_rank, post_of
from tiktok_coach.render.values import between, share, views_text

HALF_BAR = 6
PER_BLOCK = 4.0
# The glyph of each group of signals that posts measure in a bar, by what viewers do.
GLYPHS = {
    "█": {"completion", "playtime"},
    "▓": {"like", "share"},
    "▒": {"comment"},
    "░": {"save"},
    "·": {"not_interested", "report"},
}
LEGEND = N_("█ watched  ▓ liked or shared  ▒ comments  ░ favourites  · not interested, reported; left of │ lowers")
# How wide the scale from 0 to 100 is drawn.
SCALE = 20
BAR_COLUMN = N_("0       of 100      ")
# Columns of the ranking, and how wide a terminal each needs.
COLUMNS = (
    Column(N_("rank")),
    Column(N_("90%\nof rank"), needs=110, only="terminal"),
    Column(N_("90% of rank"), only="markdown"),
    Column(N_("score")),
    TextColumn(BAR_COLUMN, needs=72, only="terminal"),
    TextColumn(N_("signals"), needs=120, only="terminal"),
    Column(N_("90%"), only="markdown"),
    Column(N_("if all were known"), only="markdown"),
    Column(N_("beats"), only="markdown"),
    Column(N_("keeps\nplace"), needs=110, only="terminal"),
    Column(N_("keeps place"), only="markdown"),
    Column(N_("known"), needs=90),
    Column(N_("outlook"), needs=60),
    Column(N_("simulated\nreach"), needs=80, only="terminal"),
    Column(N_("90%\nof reach"), needs=120, only="terminal"),
    Column(N_("passes\npools"), needs=80, only="terminal"),
    Column(N_("simulated reach"), only="markdown"),
    TextColumn(N_("post"), fills=True, cut=70),
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
UNDECIDED = N_(
    "This data cannot tell whether these would help: {named}. More posts that do and do not follow them, with "
    "completion and watch time (`tiktok-coach capture guide`), would."
)
IN_VIEWS = N_(
    "Reach is in views{at}: the pools are parts of the account's own posts; that the signals decide which post passes "
    "them is assumed, and how far it gets in one is drawn."
)
IN_SHARES = N_(
    "With fewer than {enough_posts} published posts of known views, or with stages from a file, reach is a share of "
    "the simulated viewers."
)
NOT_CLOSE = N_(
    "For {far} of {count} accounts the feed does not give the views that its posts had; read its reach with care."
)


def simulation_page(simulation: Simulation, options: RenderOptions, *, several: bool = False) -> Page:
    """The `options.top` posts by rank, suggestions and assumptions; of `several` accounts it says whose posts."""
    rows = by_rank(simulation, options.top)
    cells = [_cells(simulation, row) for row in rows]
    heads = [column for column in COLUMNS if not cells or column.head in cells[0]]
    ranking = Table("", heads, [[row[column.head] for column in heads] for row in cells])
    parts: list[Part] = [ranking, *_legends(simulation)]
    if (rest := len(simulation.posts) - options.top) > 0:
        more = _("and {rest:,} more; --top {count} lists them all", rest=rest, count=len(simulation.posts))
        parts.append(Words(more, faint=True, tight=True, only="terminal"))
    if simulation.suggestions:
        if any(s.low > 0 for s in simulation.suggestions):
            parts.append(_suggestions(simulation))
        parts.append(line(undecided_text(simulation)))
    parts += [line("", only="terminal"), line(basis_text(simulation), "dim")]
    if simulation.reach is not None:
        parts.append(line(feed_text(simulation), "dim"))
    if options.verbose:
        parts += [Words(line, faint=True, tight=True, only="terminal") for line in checks_text(simulation)]
    if not several:
        return Page(ByMedium("", _("Simulated ranking")), parts)
    whose = f"@{simulation.account.handle}" if simulation.account.handle else _("posts of no account")
    return Page(_("Simulated ranking, {account}", account=whose), parts)


def _legends(simulation: Simulation) -> Iterator[Words]:
    """How to read the columns that a terminal shows."""
    legend = partial(line, style="dim", only="terminal")
    needs = {column.head: column.needs for column in COLUMNS}
    yield legend(_(BAR_LEGEND))
    if simulation.outlook.table["growth"].notna().any():
        yield legend(_(OUTLOOK_LEGEND, days=simulation.outlook.horizon))
    yield legend(_(LEGEND), needs=needs["signals"])
    if simulation.reach is not None:
        yield legend(_(POOLS_LEGEND), needs=needs["passes\npools"])


def basis_text(simulation: Simulation) -> str:
    """What the scores rest on, in a sentence or two."""
    fitted = [a for a, c in simulation.baseline.of_account(simulation.account.handle).items() if c.posts]
    curves = _("too few posts to tell what is usual, so that assumed curves hold")
    if fitted:
        names = ", ".join(map(_, fitted))
        curves = _("what is usual was fitted on the account's own posts for {names}", names=names)
    return _(
        "A score of 50 is what is usual at a post's reach, length and age; {curves}. TikTok publishes which signals "
        "there are, not what they weigh: the {values}, and 'keeps place' is the share of plausible weightings under "
        "which a post keeps its rank.",
        curves=curves,
        values=_values_text(simulation),
    )


def _values_text(simulation: Simulation) -> str:
    """What the values stand on: `values of like and save were fitted to outcomes, all others are assumed`."""
    names: dict[str, list[str]] = {"fitted": [], "given": []}
    for action in simulation.catalogue.actions():
        names.setdefault(action.evidence, []).append(_(action.action))
    texts = []
    if fitted := ", ".join(names["fitted"]):
        texts.append(_("values of {names} were fitted to what became of public posts", names=fitted))
    if names["given"]:
        given, count = ", ".join(names["given"]), len(names["given"])
        texts.append(
            plural("{names} is your own", "{names} are your own", count, names=given)
            if texts
            else plural("values of {names} is your own", "values of {names} are your own", count, names=given)
        )
    return ", ".join([*texts, _("all others are assumed")])


def _cells(simulation: Simulation, row: int) -> dict[str, Inline]:
    """A post's cells by column; those on the feed only where it was run."""
    post, label = post_of(simulation, row), label_of(simulation.posts, row)
    (low, high), (least, most), ranks = post["interval"], post["possible"], post["rank_interval"]
    eligible, reasons = post["eligible"], "; ".join(post["reasons"])
    points = post["signal_score"]
    score = format_value(points, ".0f")
    change = fill(" ({points:+.1f})", points=points - post["before"]) if "before" in post else ""
    beats, stable = share(post["better_than"]), share(post["rank_stability"])
    cells: dict[str, Inline] = {
        "rank": ("≈" if post["like_previous"] else "") + str(post["rank"] or "–"),
        "90%\nof rank": f"{ranks[0]}-{ranks[1]}" if ranks else "",
        "90% of rank": f"{ranks[0]}–{ranks[1]}" if ranks else "–",
        "score": ByMedium(Text(score + change, style="bold"), Text(score)),
        BAR_COLUMN: _scale(post) if eligible else Text(_("never: {reasons}", reasons=reasons), style="red"),
        "signals": bar(post["contributions"], simulation.catalogue) if eligible else Text(reasons, style="red"),
        "90%": fill("{low:.0f}–{high:.0f}", low=low, high=high) if eligible else ", ".join(post["reasons"]),
        "if all were known": fill("{least:.0f}–{most:.0f}", least=least, most=most) if eligible else "–",
        "beats": beats,
        "keeps\nplace": stable,
        "keeps place": stable,
        "known": coverage_text(post["coverage"]),
        "outlook": _outlook(post),
        "post": ByMedium(Text(label), label),
    }
    if reach := post.get("reach"):
        median, low, high = (amount(size, reach["unit"]) for size in (reach["median"], *reach["interval"]))
        cells |= {
            "simulated\nreach": median,
            "90%\nof reach": f"{low}-{high}",
            "passes\npools": "".join(CHANCES[round(p * (len(CHANCES) - 1))] for p in reach["beyond_stage"]),
            "simulated reach": f"{median} ({low}–{high})",
        }
    # A language may write a number with spaces that do not break, which a styled text keeps.
    return {head: Text(cell) if isinstance(cell, str) else cell for head, cell in cells.items()}


def _outlook(post: Mapping[str, Any]) -> Inline:
    """How a published post is to grow, or which views a planned one lets expect; a dash where neither is known."""
    if outlook := post["outlook"]:
        growth = fill("{arrow} ×{growth:.2f}", arrow=ARROWS[outlook["word"]], growth=outlook["growth"])
        return ByMedium(Text(growth), Text(f"{growth} ({between(*outlook['interval'])})"))
    due = post.get("expected")
    if not due or due["views"] is None:
        return "–"
    views, (low, high) = views_text(due["views"]), due["interval"]
    long = _("{views} in {days} days ({low:,.0f}–{high:,.0f})", views=views, days=due["days"], low=low, high=high)
    return ByMedium(Text(views), Text(long))


def _scale(post: Mapping[str, Any]) -> Text:
    """A score from 0 to 100 as a point, its interval as a bar, and where it could lie as a fainter one."""
    values = (post["signal_score"], *post["interval"], *post["possible"])
    point, low, high, least, most = (min(int(value / 100 * SCALE), SCALE - 1) for value in values)
    scale = Text()
    for cell in range(SCALE):
        if cell == point:
            scale.append("●", style="bold")
        elif low <= cell <= high:
            scale.append("━")
        elif least <= cell <= most:
            scale.append("─", style="dim")
        else:
            scale.append(" ")
    return scale


def bar(points: Mapping[str, float], catalogue: Catalogue) -> Text:
    """What raises a score above the usual to the right of the middle, what lowers it to the left, a glyph a group."""
    lower: list[tuple[str, float]] = []
    raising: list[tuple[str, float]] = []
    for glyph, actions in GLYPHS.items():
        signals = (s for s in catalogue.signals if any(action.action in actions for action in s.actions))
        total = sum(points.get(signal.code, 0.0) for signal in signals)
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
    heads = (
        TextColumn(N_("rule"), wraps=True),
        TextColumn(N_("change"), wraps=True, only="terminal"),
        *(Column(name, wraps=True) for name in (N_("posts"), N_("points each"), N_("90%"), N_("own posts that tell"))),
        TextColumn(N_("change"), only="markdown"),
    )
    rows: list[list[Inline]] = [
        [
            one.code,
            Text(f"{_(one.name.replace('-', ' '))}: {one_line(one.fix)}"),
            one.posts,
            format_value(one.gain, "+.1f"),
            _("{low:+.1f} to {high:+.1f}", low=one.low, high=one.high),
            one.evidence,
            one.fix,
        ]
        for one in simulation.suggestions
        if one.low > 0
    ]
    return Table(_("Single changes that would raise scores"), heads, rows)


def undecided_text(simulation: Simulation) -> str:
    """The changes of which this data cannot tell whether they help, and what would tell."""
    undecided = [s for s in simulation.suggestions if s.low <= 0 <= s.high]
    names = ", ".join(f"{s.code} {_(s.name.replace('-', ' '))}" for s in undecided)
    return _(UNDECIDED, named=names) if names else ""


def amount(size: float, unit: str) -> str:
    """A reach in views, or as a share of the simulated viewers."""
    return format_value(size, ",.0f") if unit == VIEWS else format_value(size, ".1%")


def feed_text(simulation: Simulation) -> str:
    """What a simulated reach is, and how far the feed gives the views that the account's own posts had."""
    if simulation.reach is None:
        return ""
    texts, checks = [], simulation.reach.checks
    units = set(simulation.reach.table["unit"])
    if VIEWS in units:
        days = [c.days for c in checks if c.account == simulation.account.handle and c.days]
        texts.append(
            _(IN_VIEWS, at=plural(" at {count} day of age", " at {count} days of age", round(days[0])) if days else "")
        )
    if SHARE in units:
        texts.append(_(IN_SHARES, enough_posts=ENOUGH_POSTS))
    if far := sum(not c.close for c in checks):
        texts.append(_(NOT_CLOSE, far=far, count=len(checks)))
    return " ".join(texts)


def checks_text(simulation: Simulation) -> Iterator[str]:
    """The feed held against each account's own views, a line each."""
    for c in simulation.reach.checks if simulation.reach else ():
        views = zip(CHECKED, c.own, c.simulated, strict=True)
        pairs = (fill("{at:.0%} {own:,.0f} / {came:,.0f}", at=at, own=own, came=came) for at, own, came in views)
        verdict = _(N_("each within ×/÷ {factor}") if c.close else N_("not all within ×/÷ {factor}"), factor=CLOSE)
        whose = _(" of {account}", account=c.account) if c.account else ""
        yield _(
            "feed held against {posts}{whose}, own / simulated views: {pairs} ({verdict})",
            posts=plural("{count} own post", "{count} own posts", c.posts),
            whose=whose,
            pairs=", ".join(pairs),
            verdict=verdict,
        )
