"""Words and choices that the readable reports share."""

from __future__ import annotations

import pandas as pd

from tiktok_coach.evidence.changes import DOCUMENTED, OWN, Change
from tiktok_coach.posts.schema import column
from tiktok_coach.report.escaping import one_line
from tiktok_coach.rules.findings import finding_of
from tiktok_coach.rules.model import Rule
from tiktok_coach.rules.outcome import FAIL
from tiktok_coach.rules.scores import TipScore
from tiktok_coach.studies.audit import Audit

WELL_COVERED = 0.1


def score_text(tip: TipScore) -> str:
    """A score as a whole number; where nothing is known, that."""
    return "not known" if tip.score is None else f"{tip.score:.0f}"


def coverage_text(coverage: float) -> str:
    """A coverage in whole percent, never 100% or 0% by rounding alone."""
    percent = coverage * 100
    if 0 < percent < 1:
        return "<1%"
    return ">99%" if 99 < percent < 100 else f"{percent:.0f}%"


def period_text(audit: Audit) -> str:
    """How many posts, from when to when, measured when."""
    count = len(audit.posts)
    parts = [f"{count:,} post{'s' if count != 1 else ''}"]
    if period := audit.period():
        parts.append(f"from {period[0]:%Y-%m-%d} to {period[1]:%Y-%m-%d}")
    taken = column(audit.posts, "metrics_at").dropna()
    if len(taken):
        parts.append(f"metrics of {taken.max():%Y-%m-%d}")
    return ", ".join(parts)


def change_heading(change: Change) -> str:
    """A change in one line: what to do, of how many, and what it would add to the tip's score."""
    compiled = change.evaluation.compiled
    what = {"post": "post", "day": "day", "account": "account"}[compiled.rule.scope]
    plural = "s" if change.known != 1 else ""
    verb = "fails" if change.failing == 1 else "fail"
    name = compiled.rule.name.replace("-", " ")
    return f"{name}: {change.failing} of {change.known:,} {what}{plural} {verb}, +{change.gain:.0f} points for {compiled.group}"


def expected_text(change: Change) -> str:
    """What mending is expected to do and on what that rests: the account's own posts, a documented lift, or nothing but the rules' weight."""
    held = change.expected
    own = f"; {held.posts} own posts: {held.verdict}" if held.posts else ""
    if held.effect is None or held.low is None or held.high is None:
        return f"expected: no number; placed by the weight of the rule{own}"
    told = f"×{held.effect:.2f} {held.outcome} a post that follows (90% {held.low:.2f}–{held.high:.2f})"
    if held.basis == OWN:
        return f"expected: {told}, from {held.posts} own posts: {held.verdict}"
    if held.basis == DOCUMENTED:
        return f"expected: {told}, a documented lift{own}"
    return f"{held.posts} own posts: {held.verdict} on {held.outcome}, ×{held.effect:.2f} ({held.low:.2f}–{held.high:.2f}); placed by the weight of the rule"


def hurting_text(audit: Audit) -> str:
    """The rules that fail and that this account does better without; empty where there are none."""
    if not audit.hurting:
        return ""
    told = "; ".join(
        f"{c.evaluation.code} {c.evaluation.compiled.rule.name.replace('-', ' ')} (×{c.expected.effect:.2f} views, 90% {c.expected.low:.2f}–{c.expected.high:.2f})"
        for c in audit.hurting
    )
    return f"Not among the changes, since this account's posts that follow do worse: {told}."


def sources_text(rule: Rule) -> str:
    """A rule's sources, with their dates, then what it assumes."""
    told = "; ".join(f"{c.claim} ({c.name}, {c.as_of})" for c in rule.sources)
    return told + (f"; assumes {rule.assumption}" if rule.assumption else "")


def example_posts(audit: Audit, change: Change, count: int) -> list[tuple[str, str]]:
    """Up to `count` subjects that fail, those with most views first, each with what the rule says of it."""
    evaluation = change.evaluation
    found = []
    for row in worst_rows(audit, change)[:count]:
        finding = finding_of(evaluation, row)
        label = post_label(audit, row) if evaluation.compiled.rule.scope == "post" else str(finding["subject"])
        found.append((label, str(finding["message"])))
    return found


def worst_rows(audit: Audit, change: Change) -> list[int]:
    """Up to 20 positions of subjects that fail, posts with most views first."""
    rows = (change.evaluation.status == FAIL).nonzero()[0]
    if change.evaluation.compiled.rule.scope != "post" or "views" not in audit.posts.columns:
        return [int(r) for r in rows[:20]]
    views = audit.posts["views"].iloc[rows].astype("float64").reset_index(drop=True)
    order = views.sort_values(ascending=False, kind="stable", na_position="last").index
    return [int(rows[i]) for i in order[:20]]


def post_label(audit: Audit, row: int) -> str:
    """A post of an audit as people know it."""
    return label_of(audit.posts, row)


def label_of(posts: pd.DataFrame, row: int) -> str:
    """A post as people know it: its day and the start of its caption, else its id."""
    caption = column(posts, "caption").iloc[row]
    posted = column(posts, "posted_at").iloc[row]
    words = (
        one_line(str(caption))
        if isinstance(caption, str) and caption.strip()
        else one_line(str(posts["post_id"].iloc[row]))
    )
    return f"{posted:%Y-%m-%d} {words}" if not pd.isna(posted) else words


def ranked_posts(audit: Audit, count: int = 5) -> tuple[list[int], list[int]]:
    """Positions of the best and the worst posts by score (then by coverage), among posts of which something is known."""
    scores = audit.scores
    known = scores["score"].notna() & (scores["coverage"] >= min(WELL_COVERED, scores["coverage"].max()))
    ranked = scores[known].assign(row=known.to_numpy().nonzero()[0])
    head = ranked.nlargest(count, ["score", "coverage"], keep="first")["row"].tolist()
    tail = ranked.nsmallest(count, ["score"], keep="first")["row"].tolist()
    return head, [row for row in tail if row not in head]


def views_text(audit: Audit, row: int, *, grouped: bool) -> str:
    """The views of a post, or a dash where they are not known."""
    views = column(audit.posts, "views").iloc[row]
    return "–" if pd.isna(views) else f"{views:,}" if grouped else str(views)
