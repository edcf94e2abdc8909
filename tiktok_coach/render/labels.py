"""Words and choices that the reports of audits share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tiktok_coach.analysis.audit import Audit
from tiktok_coach.analysis.overview import Overview
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.values import views_change
from tiktok_coach.rules.findings import finding_of
from tiktok_coach.rules.kind import FAIL
from tiktok_coach.rules.load import rulebook
from tiktok_coach.rules.model import Claim, Rule
from tiktok_coach.stats.account_effects import Change
from tiktok_coach.stats.benchmarks import RatePlace, load_benchmarks

WELL_COVERED = 0.1
RATES = {
    "likes": N_("Likes per view"),
    "comments": N_("Comments per view"),
    "shares": N_("Shares per view"),
    "saves": N_("Saves per view"),
}
# Shares of public posts are said in steps of 5%; rates below this one have two decimals.
STEPS, SMALL_RATE = 20, 0.01
# What formats are called, for the catalogue; readers make some of these names from that of a table.
FORMATS = (
    *(N_("studio content"), N_("studio daily"), N_("studio overview"), N_("studio viewers"), N_("studio followers")),
    *(N_("studio activity"), N_("studio gender"), N_("studio territories"), N_("studio page")),
    *(N_("studio page in part"), N_("business suite"), N_("business suite videos"), N_("business suite overview")),
    *(N_("business suite audience"), N_("account archive"), N_("metricool posts"), N_("hand-kept sheet")),
    *(N_("TikTok API"), N_("scraper"), N_("yt-dlp"), N_("sidecar"), N_("trends"), N_("sheet"), N_("plan")),
    N_("canonical"),
)
# Of a file: read, a header without rows, or unreadable.
STATES = (N_("read"), N_("header only"), N_("unreadable"))


def coverage_text(coverage: float) -> str:
    """A coverage in whole percent, never 100% or 0% by rounding alone."""
    if 0 < coverage * 100 < 1:
        return "<" + format_value(0.01, ".0%")
    return ">" + format_value(0.99, ".0%") if 99 < coverage * 100 < 100 else format_value(coverage, ".0%")


def period_text(audit: Audit) -> str:
    """How many posts are out, from when to when, measured when, and how many are planned."""
    count = int(audit.is_out.sum())
    parts = [plural("{count:,} post", "{count:,} posts", count)]
    if period := audit.period():
        parts.append(_("from {first:%Y-%m-%d} to {last:%Y-%m-%d}", first=period[0], last=period[1]))
    measured = column(audit.posts, "metrics_at").dropna()
    if len(measured):
        parts.append(_("metrics of {value:%Y-%m-%d}", value=measured.max()))
    if planned := len(audit.posts) - count:
        parts.append(_("and {planned:,} planned", planned=planned))
    return ", ".join(parts)


def rate_texts(rates: Sequence[RatePlace]) -> list[str]:
    """A line for each rate per view: than how many public posts of like reach it is more or less."""
    lines = []
    for place in rates:
        value = format_value(place.value, ".1%" if place.value >= SMALL_RATE else ".2%")
        is_more, share = public_share(place)
        more = N_("{rate} {value}: more than {share} of similar public posts")
        less = N_("{rate} {value}: less than {share} of similar public posts")
        terms = {"rate": _(RATES[place.rate]), "value": value, "share": format_value(share, ".0%")}
        lines.append(_(more if is_more else less, **terms))
    return lines


def likes_text(numbers: Overview) -> str:
    """Likes per view of a period, their change in percentage points, and their place among public posts where known."""
    figure = numbers.likes
    value = figure.value or 0.0
    decimals = 1 if value >= SMALL_RATE else 2
    text = _("{value} likes per view", value=format_value(value, f".{decimals}%"))
    if figure.before is not None and not figure.has_too_few:
        difference = round((value - figure.before) * 100, decimals)
        points = format_value(difference, f"+.{decimals}f")
        # What is shown as +0.0 is no change.
        change = N_("{number} ({points} pp)") if figure.is_clear and difference else N_("{number} (no clear change)")
        text = _(change, number=text, points=points)
    if numbers.likes_place is None:
        return text
    is_more, share = public_share(numbers.likes_place)
    more = N_("{rate}, more than {share} of similar public posts")
    less = N_("{rate}, less than {share} of similar public posts")
    return _(more if is_more else less, rate=text, share=format_value(share, ".0%"))


def public_share(place: RatePlace) -> tuple[bool, float]:
    """Whether a rate is above half of the similar public posts, and than what share of these it is more, or else less.

    The share is in steps of 5%, never 0 or 1.
    """
    steps = min(max(round(place.above * STEPS), 1), STEPS - 1)
    is_more = 2 * steps >= STEPS
    return is_more, (steps if is_more else STEPS - steps) / STEPS


def nothing_to_change(audit: Audit) -> str:
    """What is said where there is no advice."""
    fails = any(tip.counts["fail"] for tip in audit.tips)
    nothing = N_("Nothing that fails is expected to bring more views.") if fails else N_("Nothing that is known fails.")
    return _(nothing)


def limits_texts(account: Account) -> list[str]:
    """Why what was measured on public posts may not hold in an account's country; empty where nothing says so."""
    return [_(limit) for limit in load_signals(rulebook()).limits_of(account.country)]


def public_posts_text() -> str:
    """Of how many public posts the benchmarks are, and what these allow for."""
    sets = load_benchmarks(rulebook()).sets
    text = N_(
        "Compared with {posts} public posts of {accounts} accounts, many well known; year, length and followers are "
        "allowed for."
    )
    posts, accounts = (format_value(sum(getattr(s, name) for s in sets), ",") for name in ("posts", "accounts"))
    return _(text, posts=posts, accounts=accounts)


def hurting_text(audit: Audit) -> str:
    """The rules that fail and that this account does better without; empty where there are none."""
    rules = []
    for change in audit.hurting:
        rule, one = change.evaluation.compiled.rule, change.expected
        views = views_change(one.effect or 1.0, one.low or 1.0, one.high or 1.0)
        rules.append(f"{rule.do} ({views}; {rule.code})")
    return (
        _("Left out, since your posts that do this got fewer views: {value}.", value="; ".join(rules)) if rules else ""
    )


def sources_text(rule: Rule) -> str:
    """A rule's sources with their dates, but for the studies, which `tips` and `rule` show; then what it assumes."""
    return claims_text(rule.statements, rule.assumption)


def claims_text(claims: Sequence[Claim], assumption: str | None) -> str:
    """Claims with their sources and dates, then what is assumed beyond them."""
    texts = "; ".join(map(_statement, claims))
    return texts + (_("; it assumes {assumption}", assumption=assumption) if assumption else "")


def _statement(claim: Claim) -> str:
    """A claim with its source; one that speaks against another is told apart by a `but`."""
    terms = {"claim": claim.claim, "name": claim.name, "date": claim.as_of}
    if claim.contradicts is not None:
        return _("but {claim} ({name}, {date})", **terms)
    return fill("{claim} ({name}, {date})", **terms)


def example_posts(audit: Audit, change: Change, count: int) -> list[tuple[str, str]]:
    """Up to `count` subjects that fail, those with most views first, each with what the rule says of it.

    Of posts that bear the same name, such as one that went out twice in a day, the first alone is named.
    """
    evaluation = change.evaluation
    examples: dict[str, str] = {}
    for row in worst_rows(audit, change):
        if len(examples) == count:
            break
        finding = finding_of(evaluation, row)
        label = label_of(audit.posts, row) if evaluation.compiled.rule.scope == "post" else str(finding["subject"])
        examples.setdefault(label, str(finding["message"]))
    return list(examples.items())


def worst_rows(audit: Audit, change: Change) -> list[int]:
    """Up to 20 positions of subjects that fail, posts with most views first, but none that did better than most."""
    rows = (change.evaluation.status == FAIL).nonzero()[0]
    if change.evaluation.compiled.rule.scope != "post" or "views" not in audit.posts.columns:
        return [int(r) for r in rows[:20]]
    all_views = audit.posts["views"].astype("float64")
    views = all_views.iloc[rows].reset_index(drop=True)
    order = [*views[views <= all_views.median()].nlargest(20, keep="first").index, *views.index[views.isna()][:20]]
    return [int(rows[i]) for i in order[:20]]


def label_of(posts: pd.DataFrame, row: int) -> str:
    """A post as people know it: its day and the start of its caption, else its id."""
    caption = column(posts, "caption").iloc[row]
    posted = column(posts, "posted_at").iloc[row]
    has_words = isinstance(caption, str) and caption.strip()
    words = one_line(str(caption if has_words else posts["post_id"].iloc[row]))
    return fill("{posted:%Y-%m-%d} {words}", posted=posted, words=words) if not pd.isna(posted) else words


def ranked_posts(audit: Audit, count: int = 5) -> tuple[list[int], list[int]]:
    """Positions of the best and the worst posts by score, then by coverage, of which enough is known."""
    scores = audit.scores
    known = scores["score"].notna() & (scores["coverage"] >= min(WELL_COVERED, scores["coverage"].max()))
    ranked = scores[known].assign(row=known.to_numpy().nonzero()[0])
    head = ranked.nlargest(count, ["score", "coverage"], keep="first")["row"].tolist()
    tail = ranked.nsmallest(count, ["score"], keep="first")["row"].tolist()
    return head, [row for row in tail if row not in head]


def posts_by_views(audit: Audit, count: int = 5) -> tuple[list[int], list[int]]:
    """Positions of the published posts with most and with least views; by score where no views are known."""
    views = column(audit.posts, "views").astype("float64").where(pd.Series(audit.is_out, audit.posts.index))
    known = views.reset_index(drop=True).dropna()
    if known.empty:
        return ranked_posts(audit, count)
    best = known.nlargest(count, keep="first").index.tolist()
    return best, [row for row in known.nsmallest(count, keep="first").index.tolist() if row not in best]
