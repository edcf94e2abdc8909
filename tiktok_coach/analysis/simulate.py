"""A simulation: the posts of an export or a plan, scored by the published ranking signals. What the reports show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from tiktok_coach.analysis.expected_curves import PostCurves, post_curves
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import conform, planned_mask
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking import lifts
from tiktok_coach.ranking.baseline import Baseline, fit_baseline
from tiktok_coach.ranking.catalogue import CONSENSUS, Catalogue, load_signals
from tiktok_coach.ranking.feed.reach import FeedPosts, Reach, simulate_reach
from tiktok_coach.ranking.feed.simulation import AudienceSettings, read_audience
from tiktok_coach.ranking.outlook import Forecast, forecast
from tiktok_coach.ranking.ranks import rank_posts, rank_stability
from tiktok_coach.ranking.scoring import Ratios, exclusions, score
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account import posts_of
from tiktok_coach.stats.views_model import expected_views

SCHEMA_VERSION = "2"


@dataclass(frozen=True)
class Simulation:
    """The result of a simulation; `posts`, `table` and `contributions` go row by row.

    The `table` has signal_score, low, high, possible_low, possible_high (NaN where too little is known), coverage,
    eligible, reasons, rank, rank_low, rank_high, like_previous, better_than and rank_stability; with a what-if `before`
    too, and then all scores are of every signal that is expected. `names` are the accounts, `account_numbers` the
    position of each post's own among them, and `main` that of the account with most posts. `expected` has views, low,
    high and posts for each planned post, by its row; `moves`, by row, which rules change what is expected. `published`
    are all posts before any change, of which those that have a score and are eligible are out. `curves` foretells how
    long viewers stay, where videos are named.
    """

    export: Export
    posts: pd.DataFrame
    table: pd.DataFrame
    contributions: pd.DataFrame
    catalogue: Catalogue
    baseline: Baseline
    effects: Mapping[str, lifts.RuleEffects]
    suggestions: tuple[lifts.Suggestion, ...]
    history_posts: int
    ratios: Ratios
    account: Account
    audience: Audience
    outlook: Forecast
    main: int
    expected: pd.DataFrame
    moves: Mapping[int, Sequence[lifts.Move]]
    published: FeedPosts
    names: Sequence[str]
    account_numbers: np.ndarray
    reach: Reach | None = None
    curves: PostCurves | None = None

    @cached_property
    def scored(self) -> np.ndarray:
        """Which posts have a score; what is never recommended has one of 0."""
        return self.table["signal_score"].notna().to_numpy()

    @cached_property
    def has_reach(self) -> np.ndarray:
        """Which posts the feed is for: those with a score, but none whose views the account's own posts let expect."""
        shown = self.scored.copy()
        shown[self.expected.index[self.expected["views"].notna()]] = False
        return shown

    @cached_property
    def has_usual(self) -> bool:
        """Whether the account's own posts say what is usual of every action that is measured."""
        curves = self.baseline.of_account(self.account.handle)
        return all(curves[action].posts for action in self.ratios.measured())


@dataclass(frozen=True)
class Question:
    """What is asked of a simulation.

    `what_if` changes facts of every post, `suggest` names changes that would help; `viewers` and `runs` are the size of
    the feed (no viewers: scores alone), and `audience` is a file on its viewers and stages. `pool` shrinks accounts
    towards each other; the outlook is for `horizon` days. `weights` is the profile of values.
    """

    what_if: Mapping[str, object] = field(default_factory=dict)
    suggest: bool = False
    viewers: int = 2000
    runs: int = 40
    seed: int = 7
    audience: Path | None = None
    pool: bool = False
    horizon: int = 14
    weights: str = CONSENSUS


def simulate(options: AnalysisOptions, question: Question, progress: Progress | None = None) -> Accounts[Simulation]:
    """Score the posts that a user names by the published signals, account by account, and run them through a feed."""
    analysis = open_analysis(options, progress, with_planned=True)
    settings = analysis.settings
    history = load_export(options.history, settings, progress) if options.history else None
    # Accounts that are shrunk towards each other are history to each other.
    if question.pool and len(analysis.export.accounts) > 1:
        history = _both(analysis.export, history)
    return by_account(analysis, lambda one: simulate_account(one, question, history, progress))


def simulate_account(
    analysis: Analysis, question: Question, history: Export | None = None, progress: Progress | None = None
) -> Simulation:
    """One account's posts scored, and with viewers shown in a simulated feed; `history` are further published posts."""
    rng = np.random.default_rng(question.seed)
    curves = post_curves(analysis, history)
    result = replace(_score_posts(analysis, question, history, rng), curves=curves)
    if not question.viewers or not result.has_reach.any():
        return result
    viewers = read_audience(question.audience) if question.audience else AudienceSettings()
    eligible = result.table["eligible"].to_numpy(dtype=bool)
    own = FeedPosts(result.posts, result.ratios, eligible, result.account_numbers)
    about = result.published, result.names, result.catalogue, viewers, result.account, result.audience, rng

    def say(done: int) -> None:
        if progress is not None:
            progress(_("simulating: run {done:,} of {total:,}", done=done, total=question.runs))

    reach = simulate_reach(own, *about, count=question.viewers, runs=question.runs, progress=say)
    return replace(result, reach=reach)


def _both(export: Export, history: Export | None) -> Export:
    """An export with the posts and audiences of a history beside its own."""
    if history is None:
        return export
    earlier = history.posts[~history.posts["post_id"].isin(export.posts["post_id"])]
    posts = conform(pd.concat([export.posts, earlier], ignore_index=True))
    return replace(
        export,
        posts=posts,
        accounts=export.accounts if export.accounts[0].handle else history.accounts,
        audiences={**history.audiences, **export.audiences},
        trends=export.trends or history.trends,
    )


def _score_posts(
    analysis: Analysis, question: Question, history: Export | None, rng: np.random.Generator
) -> Simulation:
    """The posts scored against what is usual for the account, which its own posts and `history` tell."""
    export, catalogue, what_if = analysis.export, analysis.catalogue, question.what_if
    if analysis.history is not analysis:
        history = _both(analysis.history.export, history)
    if question.weights != catalogue.weights:
        catalogue = load_signals(rulebook(), catalogue.own_values, question.weights)
    # What is worked out from the posts alone is that of the analysis; beside a history they are others.
    whole = analysis if history is None else Analysis(_both(export, history), analysis.settings)
    account, names = whole.posts.account, whole.posts.names
    posts = whole.export.posts.reset_index(drop=True)
    posts = posts.assign(account=pd.Series(np.array(names, dtype=object)[account], index=posts.index, dtype="str"))
    accounts, context = whole.export.accounts, whole.posts.context
    # The posts of the export are the first of them, before those of the history.
    count = len(export.posts)
    is_own = np.arange(len(posts)) < count
    planned = planned_mask(posts)
    out = ~planned
    baseline = fit_baseline(posts[out], catalogue, pool=True) if question.pool else whole.baseline
    # What tips do is asked only where something hangs on it.
    moved = bool(planned.any() or what_if or question.suggest)
    # A rule that an audit leaves out may still be how a signal or an exclusion is measured.
    needed = {code for s in catalogue.signals for code in s.rules} | {lift.rule for lift in catalogue.lifts if moved}
    relevant = [rule for rule in analysis.settings.every_rule if rule.code in needed]
    before = whole.evaluate(relevant)
    effects_by_account = _effects(posts, whole, before, out, baseline) if moved else {}
    shifts = lifts.rule_shifts(effects_by_account, np.where(planned, account, -1), before)
    excluded = exclusions(catalogue, before)
    scores = score(posts, catalogue, baseline, excluded, shifts, whole=bool(what_if))
    recommended = (scores.table["eligible"] & scores.table["signal_score"].notna()).to_numpy(dtype=bool)
    published = FeedPosts(posts, scores.ratios, out & recommended, account)
    now, answered, table, of_posts = posts, before, scores.table, whole.posts
    if what_if:
        now = conform(lifts.apply_changes(posts, what_if))
        of_posts = posts_of(now, accounts, context.audiences, context.trends, context.best_hours)
        answered = evaluate(relevant, of_posts.subjects)
        shifts = lifts.add_shifts(shifts, lifts.rule_shifts(effects_by_account, account, answered, before))
        # Each post is asked about by itself: that the same change makes two of them alike is no copy.
        comparing = {rule.code for rule in relevant if rule.kind.compares}
        alone = {s.code: excluded[s.code] for s in catalogue.signals if s.code in excluded and comparing & {*s.rules}}
        after = score(posts, catalogue, baseline, {**exclusions(catalogue, answered), **alone}, shifts, whole=True)
        table = after.table.assign(before=scores.table["signal_score"])
        scores = after
    table = table.reset_index(drop=True)
    eligible = table["eligible"].to_numpy(dtype=bool)
    ranked = eligible & table["signal_score"].notna().to_numpy()
    own_accounts, own_ranked = account[:count], ranked[:count]
    ratios = scores.ratios if is_own.all() else scores.ratios.rows(is_own)
    places = rank_posts(table.iloc[:count], own_accounts, own_ranked)
    stable = rank_stability(ratios, own_ranked, catalogue, rng, whole=bool(what_if))
    changes = []
    if question.suggest:
        changes = lifts.suggestions(
            posts, answered, effects_by_account, account, catalogue, baseline, shifts, ranked & is_own
        )
    if now is posts and history is None:
        growth = analysis.forecast(question.horizon)
    else:
        growth = forecast(now.iloc[:count], export.snapshots, analysis.outlook, question.horizon, own_accounts)
    main = names.index(accounts[0].handle) if accounts[0].handle in names else 0
    full = pd.concat([table.iloc[:count], places, stable], axis=1)
    return Simulation(
        export=export,
        posts=now.iloc[:count],
        table=full,
        contributions=scores.contributions.iloc[:count],
        catalogue=catalogue,
        baseline=baseline,
        effects=effects_by_account.get(main, {}),
        suggestions=tuple(changes),
        history_posts=int(out.sum()),
        ratios=ratios,
        account=accounts[0],
        audience=context.audience(accounts[0].handle),
        outlook=growth,
        main=main,
        expected=expected_views(of_posts, planned, is_own),
        moves=lifts.moves(effects_by_account, account, answered, (planned & is_own).nonzero()[0]),
        published=published,
        names=names,
        account_numbers=own_accounts,
    )


def _effects(
    posts: pd.DataFrame, whole: Analysis, evaluations: Sequence[Evaluation], out: np.ndarray, baseline: Baseline
) -> dict[int, Mapping[str, lifts.RuleEffects]]:
    """By account, the effects of rules on signals, from its own published posts (`out`)."""
    account = whole.posts.account
    by_account = rows_by_code(np.where(out, account, -1), int(account.max(initial=-1)) + 1)
    # A lift is what a post gains; a rule about the account has none.
    evaluations = [e for e in evaluations if e.compiled.rule.scope == "post"]
    return {
        number: lifts.estimate_rule_effects(
            posts.iloc[rows], [e.at(rows) for e in evaluations], whole.catalogue, baseline
        )
        for number in np.unique(account).tolist()
        for rows in [by_account[number]]
    }
