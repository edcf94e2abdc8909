"""An audit: an export held against rules, with the scores that follow. What the reports show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd

from tiktok_coach.analysis.follow_up import AccountFollowUp, follow_up_remembered
from tiktok_coach.analysis.overview import Overview
from tiktok_coach.analysis.rewards import Rewards, rewards
from tiktok_coach.analysis.search_words import SearchWords, search_words
from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.core.account import Account
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers, planned_mask
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.findings import MissingInput, TipScore, missing_inputs, opportunities, tip_scores
from tiktok_coach.rules.kind import FAIL, PASS
from tiktok_coach.stats.account_effects import (
    MEASURED,
    NO_GAIN,
    OWN_AND_PUBLIC,
    Change,
    effects_by_account,
    order_changes,
)
from tiktok_coach.stats.advice import NO_HASHTAGS, Advice, split_alike
from tiktok_coach.stats.benchmarks import RatePlace
from tiktok_coach.stats.goals import REACH, deciding_rules, goal_place, rules_out, served_goal
from tiktok_coach.stats.outcomes import HOUR
from tiktok_coach.stats.retention_advice import GOALS, AnyAdvice, RetentionAdvice

SCHEMA_VERSION = "1"
# So many posts are an account's best by views; of these, and of posts in general, advice has examples.
BEST = 3
# Account facts that say what was downloaded rather than what the account does.
DATA_FACTS = frozenset({"audience_known", "activity_known", "metrics_known"})


@dataclass(frozen=True)
class Audit:
    """Everything that an audit found, before anyone has decided how to show it.

    `advice` is what to change, that first which is expected to be worth most to this account, on what viewers do while
    they watch too where curves and videos are known; `changes` are the rules
    that fail alone. Rules that `hurting` and `contradicted` hold fail too and are no advice: see `Changes`.
    `follow_up` is what became of the advice that an earlier audit kept. `best` are the positions of the published
    posts with most views, and `shared` is the advice that all of these follow, where it is more than chance on this
    account. `examples` gives by the id of advice the position of the most viewed post that follows it. `as_of` is when
    the posts were counted, or the end of the last day that the user names if that is earlier; None where not known.
    `search_of` and `rewards_of` give what few ask for: see `search` and `rewards`.
    """

    export: Export
    evaluations: tuple[Evaluation, ...]
    tips: tuple[TipScore, ...]
    advice: tuple[AnyAdvice, ...]
    changes: tuple[Change, ...]
    hurting: tuple[Change, ...]
    contradicted: tuple[Change, ...]
    scores: pd.DataFrame
    missing: tuple[MissingInput, ...]
    rates: tuple[RatePlace, ...]
    overview: Overview
    best: tuple[int, ...] = ()
    shared: Advice | None = None
    examples: Mapping[str, int] = field(default_factory=dict)
    follow_up: AccountFollowUp | None = None
    as_of: pd.Timestamp | None = None
    search_of: Callable[[], SearchWords | None] = lambda: None
    rewards_of: Callable[[], Rewards | None] = lambda: None

    @cached_property
    def search(self) -> SearchWords | None:
        """What people search for beside what the posts say."""
        return self.search_of()

    @cached_property
    def rewards(self) -> Rewards | None:
        """How far the Creator Rewards Program is."""
        return self.rewards_of()

    @property
    def posts(self) -> pd.DataFrame:
        """The posts, a row each, in the order of `scores`."""
        return self.export.posts

    @property
    def account(self) -> Account:
        """The account with most posts."""
        return self.export.accounts[0]

    @cached_property
    def is_out(self) -> np.ndarray:
        """Which of the posts (n, bool) are published, rather than planned."""
        return ~planned_mask(self.posts)

    def period(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """First and last time a post went out; None where no time is known."""
        posted = column(self.posts, "posted_at")[self.is_out].dropna()
        return (posted.min(), posted.max()) if len(posted) else None


def audit(options: AnalysisOptions, progress: Progress | None = None) -> Accounts[Audit]:
    """How the exports that a user names do by the rules that are chosen, account by account."""
    return by_account(open_analysis(options, progress), audit_account)


def audit_account(analysis: Analysis) -> Audit:
    """How one account does by the rules that are chosen."""
    own = next(iter(effects_by_account(analysis.history.view_effects).values()), {})
    evaluations = analysis.evaluations
    failing = [one for one in opportunities(evaluations) if not is_about_data(one.evaluation)]
    changes = order_changes(failing, own, analysis.catalogue, analysis.account.goals)
    tips, missing = tuple(tip_scores(evaluations)), missing_inputs(evaluations)
    [rates] = analysis.rate_places
    best = most_viewed(analysis.export.posts, BEST)
    shared, examples = _shown_by_posts(analysis, best)
    return Audit(
        analysis.export,
        evaluations,
        tips,
        merge_advice(
            analysis.advice,
            changes.first,
            {} if analysis.is_sampled else analysis.advice_followed,
            evaluations,
            analysis.account.goals,
            _on_watching(analysis),
        ),
        changes.first,
        changes.hurting,
        changes.contradicted,
        analysis.scores,
        missing,
        rates,
        analysis.overview,
        best,
        shared,
        examples,
        follow_up_remembered(analysis.history),
        _as_of(analysis),
        partial(search_words, analysis),
        partial(rewards, analysis),
    )


def _on_watching(analysis: Analysis) -> Sequence[RetentionAdvice]:
    """What to change in the videos; nothing is worked out without curves, or without videos."""
    if not analysis.settings.options.media or analysis.export.retention is None:
        return ()
    return analysis.retention.advice


def _as_of(analysis: Analysis) -> pd.Timestamp | None:
    posts = analysis.export.posts
    newest = posts["metrics_at"].max() if "metrics_at" in posts.columns else pd.NaT
    if pd.isna(newest):
        return None
    counted: pd.Timestamp = newest
    # With a last day, nothing later than its end is known.
    settings = analysis.settings
    return counted if settings.options.until is None else min(counted, pd.Timestamp(settings.now).tz_convert("UTC"))


def is_about_data(evaluation: Evaluation) -> bool:
    """Whether a rule asks for a file, which is nothing that an account does otherwise."""
    rule = evaluation.compiled.rule
    return rule.scope == "account" and rule.field in DATA_FACTS


def most_viewed(posts: pd.DataFrame, count: int) -> tuple[int, ...]:
    """Positions of up to `count` published posts with most views."""
    views = np.where(planned_mask(posts), np.nan, numbers(posts, "views"))
    known = pd.Series(views).dropna()
    return tuple(int(row) for row in known.nlargest(count, keep="first").index)


def _shown_by_posts(analysis: Analysis, best: Sequence[int]) -> tuple[Advice | None, dict[str, int]]:
    """What the best posts share of the advice that this account's own posts bear out, and an example of each advice."""
    # To ask very many posts what they follow takes as long as all else.
    if analysis.is_sampled or not best:
        return None, {}
    answers = analysis.advice_followed
    views = np.where(planned_mask(analysis.export.posts), np.nan, numbers(analysis.export.posts, "views"))
    usual = np.nanmedian(views)
    shared = [
        one
        for one in analysis.advice
        if one.basis == OWN_AND_PUBLIC
        and one.low > 1
        and len(best) == BEST
        and (answers[one.id][list(best)] == 1).all()
    ]
    examples = {}
    for one in analysis.advice:
        seen = np.where(answers[one.id] == 1, views, np.nan)
        if np.max(seen, where=np.isfinite(seen), initial=-np.inf) > usual:
            examples[one.id] = int(np.nanargmax(seen))
    return next(iter(shared), None), examples


def merge_advice(
    facts: Sequence[Advice],
    changes: Sequence[Change],
    followed: Mapping[str, np.ndarray],
    evaluations: Sequence[Evaluation] = (),
    goals: Sequence[str] = (),
    watching: Sequence[RetentionAdvice] = (),
) -> tuple[AnyAdvice, ...]:
    """Advice on facts and rules that fail in one order: what is clear by its worth, then what may help, then the rest.

    Between these comes that on `watching`, which no gain in views is measured of, but which is clear by itself.

    What serves the account's `goals` comes before all else, in their order, and no advice asks for what a rule of the
    first goal rules out. Of a rule and advice on the same fact, or on hashtags that the same posts have, the first is
    left, and no rule that was measured without a gain and serves no goal. `followed` says by the id of advice which
    posts follow it: 1 or 0, NaN where not known.
    """
    by_code, deciding = {one.code: one.compiled.rule for one in evaluations}, deciding_rules(evaluations, goals)
    facts = [one for one in facts if not any(rules_out(rule, one.band, has=one.has) for rule in deciding)]
    facts = [replace(one, goal=served_goal(one.rule_of(by_code), goals, is_measured=True)) for one in facts]
    codes = {one.band.code for one in facts}
    rules = [c for c in changes if c.goal or (c.expected.rank < NO_GAIN and c.evaluation.code not in codes)]
    measured: list[Advice | Change] = [*facts, *(change for change in rules if change.expected.rank == MEASURED)]
    measured.sort(key=lambda one: (not one.is_clear, -one.worth))
    clear = sum(one.is_clear for one in measured)
    watching = [replace(one, goal=next((goal for goal in goals if goal in GOALS), None)) for one in watching]
    ordered = [*measured[:clear], *watching, *measured[clear:], *(c for c in rules if c.expected.rank > MEASURED)]

    def place(one: AnyAdvice) -> tuple[int, bool]:
        # Without what Creator Rewards ask for no view is paid, however long it lasts.
        is_later = isinstance(one, RetentionAdvice) and one.goal not in (None, REACH)
        return goal_place(one.goal, goals), is_later

    first: list[AnyAdvice] = []
    for one in sorted(ordered, key=place):
        if not any(_are_alike(one, other, followed) for other in first):
            first.append(one)
    return tuple(first)


def _are_alike(one: AnyAdvice, other: AnyAdvice, followed: Mapping[str, np.ndarray]) -> bool:
    """Whether a rule and advice are on the same fact, or on hashtags that the same posts have."""
    if isinstance(one, RetentionAdvice) or isinstance(other, RetentionAdvice):
        codes = {_code(one), _code(other)}
        return len(codes) == 1 and None not in codes
    if isinstance(one, Change):
        return isinstance(other, Advice) and _are_alike(other, one, followed)
    if isinstance(other, Advice):
        return False
    evaluation, rule = other.evaluation, other.evaluation.compiled.rule
    if _fact(one) == _fact(other) or one.band.code == evaluation.code:
        return True
    if one.id not in followed or rule.scope != "post" or rule.field != one.band.field:
        return False
    passed = np.select([evaluation.status == PASS, evaluation.status == FAIL], [1.0, 0.0], np.nan)
    return split_alike(followed[one.id], passed)


def _code(one: AnyAdvice) -> str | None:
    """The rule that it is, or that speaks of the same."""
    if isinstance(one, RetentionAdvice):
        return None if one.tip.rule is None else one.tip.rule.code
    return one.evaluation.code if isinstance(one, Change) else one.band.code


def _fact(one: Advice | Change) -> str:
    """What of a post it is about; each hashtag is a fact of its own."""
    if isinstance(one, Change):
        field = one.evaluation.compiled.rule.field
        return HOUR if field == "posted_at" else field
    return one.id if one.band.any_of else one.band.field if one.id != NO_HASHTAGS else "hashtags"
