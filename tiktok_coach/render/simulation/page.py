"""The simulation as people read it: what posts got against the usual, their simulated scores, and what these assume."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.text import Text

from tiktok_coach.analysis.simulate import Simulation
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.ranking.baseline import ENOUGH_POSTS
from tiktok_coach.ranking.catalogue import CONSENSUS, Catalogue
from tiktok_coach.ranking.feed.reach import CHECKED, CLOSE, SHARE, VIEWS
from tiktok_coach.ranking.outlook import GROWS, OVER, USUAL
from tiktok_coach.ranking.scoring import LEAST_KNOWN
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.labels import coverage_text, label_of
from tiktok_coach.render.output import RenderOptions
from tiktok_coach.render.pages.page import ByMedium, Column, Inline, Page, Part, Table, TextColumn, Words, line
from tiktok_coach.render.simulation.data import by_rank, compared_with_usual, post_of, would_tell_more
from tiktok_coach.render.values import between, share, views_text
from tiktok_coach.stats.views_model import DAYS

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
# A post gets so many characters at the least.
POST = 30
# How wide the scale from 0 to 100 is drawn.
SCALE = 20
BAR_COLUMN = N_("0       of 100      ")
# What a plain list counts, by action: its head says what was counted.
PLAIN = {"like": N_("likes"), "comment": N_("comments"), "share": N_("shares"), "save": N_("saves")}
SCORE = N_("score")
# Columns of the ranking, and how wide a terminal each needs; those of 1 also go where a post would get too little room.
COLUMNS = (
    Column(N_("rank")),
    *(Column(head, needs=1) for head in PLAIN.values()),
    Column(SCORE),
    TextColumn(BAR_COLUMN, needs=100, is_chart=True, only="terminal"),
    TextColumn(N_("signals"), needs=150, is_chart=True, only="terminal"),
    Column(N_("views")),
    Column(N_("better than"), only="markdown"),
    Column(N_("keeps\nplace"), needs=130, only="terminal"),
    Column(N_("keeps place"), only="markdown"),
    Column(N_("known"), needs=110),
    Column(N_("still\ngrowing?"), needs=90, only="terminal"),
    Column(N_("still growing?"), only="markdown"),
    Column(N_("simulated\nreach"), needs=100, only="terminal"),
    Column(N_("90%\nof reach"), needs=150, only="terminal"),
    Column(N_("wider\naudiences"), needs=130, only="terminal"),
    Column(N_("simulated reach"), only="markdown"),
    TextColumn(N_("post"), least=POST, cut=70),
)
# What is plain goes first; so much wider a terminal must then be for what rests on more.
PLAIN_NEEDS = 30
CHANCES = "▁▂▃▄▅▆▇█"
ARROWS = {GROWS: "↗", USUAL: "→", OVER: "·"}
LEGENDS = {
    "rank": N_("rank: posts whose brackets overlap share their ranks"),
    "signals": N_(
        "█ watched  ▓ liked or shared  ▒ comments  ░ favourites  · not interested, reported; left of │ lowers"
    ),
    "keeps\nplace": N_("keeps place: how often a post keeps its place by score when the signals weigh otherwise"),
    "still\ngrowing?": N_("still growing?: ↗ grows on, → as usual for its age, · done; × views in {days} days"),
    "wider\naudiences": N_("wider audiences: a bar for each, as high as the chance to reach it"),
}
SCORE_LEGEND = N_("score: 50 is usual; in brackets where it could be if everything were known")
NO_RANKS = N_("No post scores clearly above another: they are too close to call.")
BEST = N_("Best by simulated score: {post}, clearly better than {share} of the others.")
NO_BEST = N_("Some posts score clearly below others; the best are too close to call.")
NO_SCORE = N_("No score where less than {least:.0%} of what the signals weigh is known.")
EXPECTED_LEGEND = N_("≈ views expected {days} days after posting")
OWN_USUAL = N_("{names}: how many times your usual")
ASSUMED_USUAL = N_("{names}: how many times those of a usual post with as many views")
ASSUMED = N_("Scores are simulated: what TikTok's signals weigh is not public (`simulate -v`).")
UNDECIDED = N_(
    "Cannot tell yet whether these would help: {codes}. Posts that do and posts that don't follow them would."
)
IN_VIEWS = N_(
    "Reach is in views{at}: each wider audience stands for a part of the account's own posts; that the signals decide "
    "which post gets there is assumed, and how far it gets is simulated."
)
IN_SHARES = N_(
    "With fewer than {enough_posts} published posts of known views, or with stages from a file, reach is a share of "
    "the simulated viewers."
)
NOT_CLOSE = N_(
    "For {far} of {count} accounts the feed does not give the views that its posts had; read its reach with care."
)


def simulation_page(simulation: Simulation, options: RenderOptions) -> Page:
    """Whether a post is clearly best, the `options.top` posts by score, suggestions, and what is assumed."""
    rows, file = by_rank(simulation, options.top), would_tell_more(simulation)
    plain = [action for action in PLAIN if file and action in simulation.ratios.measured()]
    cells = [_cells(simulation, row, plain) for row in rows]
    columns = _columns(bool(plain))
    heads = [column for column in columns if not cells or any(column.head in row for row in cells)]
    ranking = Table("", heads, [[row.get(column.head, "–") for column in heads] for row in cells])
    parts: list[Part] = [*map(line, _answers(simulation)), ranking, *_legends(simulation, heads, plain)]
    if (rest := len(simulation.posts) - options.top) > 0:
        more = _("and {rest:,} more; --top {count} lists them all", rest=rest, count=len(simulation.posts))
        parts.append(Words(more, faint=True, tight=True, only="terminal"))
    if simulation.suggestions:
        if any(s.low > 0 for s in simulation.suggestions):
            parts.append(_suggestions(simulation))
        parts.append(line(undecided_text(simulation)))
    if simulation.scored.any():
        parts.append(line(basis_text(simulation) if options.verbose else _(ASSUMED), "dim"))
        limits = simulation.catalogue.limits_of(simulation.account.country) if options.verbose else []
        parts += [line(_(limit), "dim") for limit in limits]
    if options.verbose:
        if simulation.reach is not None:
            parts.append(line(feed_text(simulation), "dim"))
        parts += [Words(line, faint=True, tight=True, only="terminal") for line in checks_text(simulation)]
    if file:
        parts.append(line(_("What would tell more: {file}.", file=file)))
    whose = f", @{simulation.account.handle}" if simulation.account.handle else ""
    return Page(_("Simulated scores") + whose, parts)


def _answers(simulation: Simulation) -> Iterator[str]:
    """Which post is clearly best, if any is, and how many would never be recommended."""
    if not simulation.scored.any():
        yield _(NO_SCORE, least=LEAST_KNOWN)
    elif is_ranked(simulation):
        [first] = by_rank(simulation, 1)
        better = simulation.table["better_than"].iloc[first]
        post = one_line(label_of(simulation.posts, first), POST)
        yield _(BEST, post=post, share=share(better)) if better > 0 else _(NO_BEST)
    elif simulation.table["rank_low"].notna().sum() > 1:
        yield _(NO_RANKS)
    if never := int((~simulation.table["eligible"].to_numpy(dtype=bool)).sum()):
        yield plural("{count} post would never be recommended.", "{count} posts would never be recommended.", never)


def _columns(shows_plain: bool) -> list[Column]:  # noqa: FBT001 - private
    """The columns, those that rest on more for wider terminals where plain counts stand before them."""
    more = PLAIN_NEEDS if shows_plain else 0
    return [replace(c, needs=c.needs + more) if c.needs and c.head != BAR_COLUMN else c for c in COLUMNS]


def _legends(simulation: Simulation, shown: Sequence[Column], plain: Sequence[str]) -> Iterator[Words]:
    """How to read the columns that are `shown`, on a terminal as wide as each needs; `plain` ones count actions."""
    if plain:
        names = ", ".join(_(PLAIN[action]) for action in plain)
        yield line(_(OWN_USUAL if simulation.has_usual else ASSUMED_USUAL, names=names), "dim")
    if simulation.scored.any():
        if not simulation.scored.all():
            yield line(_(NO_SCORE, least=LEAST_KNOWN), "dim")
        yield line(_(SCORE_LEGEND), "dim")
    for one in shown:
        if text := LEGENDS.get(one.head):
            yield line(_(text, days=simulation.outlook.horizon), "dim", needs=one.needs, only=one.only)
    if simulation.expected["views"].notna().any():
        yield line(_(EXPECTED_LEGEND, days=DAYS), "dim", only="terminal")


def is_ranked(simulation: Simulation) -> bool:
    """Whether any post lies clearly above another."""
    return bool((simulation.table["rank_low"] > 1).any())


def basis_text(simulation: Simulation) -> str:
    """What the scores rest on, in a sentence or two."""
    fitted = [a for a, c in simulation.baseline.of_account(simulation.account.handle).items() if c.posts]
    curves = _("too few posts to tell what is usual, so that assumed curves hold")
    if fitted:
        names = ", ".join(map(_, fitted))
        curves = _("what is usual was fitted on the account's own posts for {names}", names=names)
    return _(
        "The score is simulated. 50 is what is usual at a post's reach, length and age; {curves}. TikTok publishes "
        "which signals there are, not what they weigh: {values}.",
        curves=curves,
        values=_values_text(simulation),
    )


def _values_text(simulation: Simulation) -> str:
    """What the values rest on: `they are a consensus of assumed weights and those of X, another platform`."""
    catalogue = simulation.catalogue
    profiles = {profile.name: profile for profile in catalogue.signal_profiles}
    if catalogue.weights == CONSENSUS:
        others = [p for p in map(profiles.__getitem__, catalogue.consensus) if p.platform]
        terms = {"platform": others[0].platform, "dates": ", ".join(p.source.as_of for p in others)}
        text = _("they lie between assumed ones and those of another platform, {platform} ({dates})", **terms)
    elif (profile := profiles[catalogue.weights]).platform:
        published = profile.source.as_of
        text = _("they are those of another platform, {platform} ({date})", platform=profile.platform, date=published)
    elif profile.values:
        text = _("some are fitted to how public posts grew, all others are assumed")
    else:
        text = _("all of them are assumed")
    if given := sorted(map(_, catalogue.own_values)):
        own = plural(
            "the weight of {names} is your own",
            "the weights of {names} are your own",
            len(given),
            names=", ".join(given),
        )
        text = f"{text}; {own}"
    return text


def score_text(post: Mapping[str, Any]) -> str:
    """A post's score with the band in which it could lie: `38 (16–74)`."""
    if post["signal_score"] is None:
        return "–"
    (least, most), points = post["possible"], post["signal_score"]
    return fill("{points:.0f} ({least:.0f}–{most:.0f})", points=points, least=least, most=most)


def plain_text(simulation: Simulation, row: int) -> str:
    """A post's engagement in words: `likes 1.0, comments 0.1, shares 0.3 times`."""
    known = compared_with_usual(simulation, row)
    counts = [fill("{name} {times:.1f}", name=_(head), times=known[a]) for a, head in PLAIN.items() if a in known]
    if not counts:
        return ""
    usual = N_("Engagement: {counts} times your usual.")
    return _(
        usual if simulation.has_usual else N_("Engagement: {counts} times that of a usual post."),
        counts=", ".join(counts),
    )


def _cells(simulation: Simulation, row: int, plain: Sequence[str]) -> dict[str, Inline]:
    """A post's cells by column, the `plain` counts as times the usual; what is not known of it has none."""
    post, label = post_of(simulation, row), label_of(simulation.posts, row)
    views, outlook = _views(post), _outlook(post)
    cells: dict[str, Inline] = {"post": ByMedium(Text(label), label), "views": views} if views else {"post": label}
    cells |= {PLAIN[a]: fill("{times:.1f}", times=t) for a, t in post["compared_with_usual"].items() if a in plain}
    if outlook:
        cells |= {"still\ngrowing?": outlook, "still growing?": outlook}
    if not post["eligible"]:
        never = Text(_("never: {reasons}", reasons="; ".join(post["reasons"])), style="red")
        cells |= {SCORE: never}
    elif post["signal_score"] is not None:
        score, before = score_text(post), post.get("before")
        change = "" if before is None else fill(" {points:+.1f}", points=post["signal_score"] - before)
        stable = share(post["rank_stability"])
        cells |= {
            SCORE: Text(score + change, style="bold"),
            BAR_COLUMN: _scale(post),
            "signals": bar(post["contributions"], simulation.catalogue),
            "keeps\nplace": stable,
            "keeps place": stable,
        }
        if is_ranked(simulation):
            best, worst = post["rank_interval"]
            cells["rank"] = str(best) if best == worst else f"{best}–{worst}"
            cells["better than"] = share(post["better_than"])
        if post["compared_with_usual"]:
            cells["known"] = coverage_text(post["coverage"])
    if reach := post.get("reach"):
        median, low, high = (amount(size, reach["unit"]) for size in (reach["median"], *reach["interval"]))
        cells |= {
            "simulated\nreach": median,
            "90%\nof reach": f"{low}-{high}",
            "wider\naudiences": "".join(CHANCES[round(p * (len(CHANCES) - 1))] for p in reach["beyond_stage"]),
            "simulated reach": f"{median} ({low}–{high})",
        }
    # A language may write a number with spaces that do not break, which a styled text keeps.
    return {head: Text(cell) if isinstance(cell, str) else cell for head, cell in cells.items()}


def _outlook(post: Mapping[str, Any]) -> Inline | None:
    """How a published post is to grow; None where that is not known."""
    if outlook := post["outlook"]:
        growth = fill("{arrow} ×{growth:.2f}", arrow=ARROWS[outlook["word"]], growth=outlook["growth"])
        return ByMedium(Text(growth), Text(f"{growth} ({between(*outlook['interval'])})"))
    return None


def _views(post: Mapping[str, Any]) -> Inline | None:
    """The views of a published post, or those that a planned one lets expect; None where neither is known."""
    if post["views"] is not None:
        return format_value(post["views"], ",.0f")
    due = post.get("expected")
    if not due or due["views"] is None:
        return None
    views, (low, high) = due["views"], due["interval"]
    numbers = {"views": views_text(views), "low": low, "high": high}
    long = _("{views} in {days} days ({low:,.0f}–{high:,.0f})", days=due["days"], **numbers)
    return ByMedium(Text(fill("≈{views:,.0f}", views=views)), Text(long))


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
        TextColumn(N_("change"), wraps=True, least=24),
        *(Column(name) for name in (N_("posts"), N_("points each"))),
        Column(N_("90%"), needs=76),
        Column(N_("own posts"), needs=90),
        TextColumn(N_("how"), only="markdown"),
    )
    rows: list[list[Inline]] = [
        [
            f"{one.do} ({one.code})",
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
    codes = ", ".join(one.code for one in simulation.suggestions if one.low <= 0 <= one.high)
    return _(UNDECIDED, codes=codes) if codes else ""


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
