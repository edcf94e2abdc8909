"""A simulation: the posts of an export or a plan, scored by the published ranking signals. What the reports show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tiktok_coach.analysis.accounts import Accounts, by_account
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.session import Analysis, open_analysis
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.schema import column, conform
from tiktok_coach.io.export import Export
from tiktok_coach.ranking.baseline import Baseline, fit_baseline
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.changes import Suggestion, apply_changes, change_shifts, suggestions
from tiktok_coach.ranking.eligibility import exclusions
from tiktok_coach.ranking.feed.reach import Reach
from tiktok_coach.ranking.feed.settings import AudienceSettings, read_audience
from tiktok_coach.ranking.feed.stages import FeedPosts, simulate_reach
from tiktok_coach.ranking.lifts import RuleEffects, add_shifts, estimate_rule_effects, planned_shifts
from tiktok_coach.ranking.outlook import Forecast, forecast
from tiktok_coach.ranking.planned import Move, moves
from tiktok_coach.ranking.posterior import Ratios
from tiktok_coach.ranking.ranks import rank_posts
from tiktok_coach.ranking.scoring import score
from tiktok_coach.ranking.sensitivity import rank_stability
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.stats.account import posts_of
from tiktok_coach.stats.views_model import expected_views

SCHEMA_VERSION = "1"


def silent() -> AbstractContextManager[Callable[[int], None]]:
    """Says nothing while the feed runs."""
    return nullcontext(lambda _: None)


@dataclass(frozen=True)
class Simulation:
    """Everything a simulation found. `posts`, `table` and `contributions` go row by row.

    `expected` has what is expected of planned posts (views, low, high, posts; a row a planned post, by its row), `moves` by row which rules move that; `main` is the number of the account with most posts in the outlook. `published` are all posts before any change, of which those that
    are eligible are out; `names` are the accounts and `mine` the number of each post's. `table` has signal_score, low, high, possible_low, possible_high, coverage, eligible, reasons, rank, rank_low, rank_high,
    like_previous, better_than, rank_stability, and with a what-if `before`, for which all scores are of every signal that is expected.
    """

    export: Export
    posts: pd.DataFrame
    table: pd.DataFrame
    contributions: pd.DataFrame
    catalogue: Catalogue
    baseline: Baseline
    effects: Mapping[str, RuleEffects]
    suggestions: tuple[Suggestion, ...]
    history_posts: int
    ratios: Ratios
    account: Account
    audience: Audience
    outlook: Forecast
    main: int
    expected: pd.DataFrame
    moves: Mapping[int, Sequence[Move]]
    published: FeedPosts
    names: Sequence[str]
    mine: np.ndarray
    reach: Reach | None = None


@dataclass(frozen=True)
class Question:
    """What is asked of a simulation: changes of every post, whether to name changes that would help, and the feed's size.

    `viewers` is 0 for scores without a feed; `audience` a file on the viewers and the stages; `pool` draws accounts towards each
    other; `horizon` is for how many days the outlook speaks.
    """

    what_if: Mapping[str, object] = field(default_factory=dict)
    suggest: bool = False
    viewers: int = 2000
    runs: int = 40
    seed: int = 7
    audience: Path | None = None
    pool: bool = False
    horizon: int = 14


def simulate(
    options: AnalysisOptions,
    question: Question,
    progress: Progress | None = None,
    running: Callable[[], AbstractContextManager[Callable[[int], None]]] = silent,
) -> Accounts[Simulation]:
    """Score the posts that a user names by the published signals, account by account, and run them through a simulated feed.

    `running` gives, while the feed runs for an account, what is called with the number of runs that are done.
    """
    analysis = open_analysis(options, progress)
    settings = analysis.settings
    given = load_export(options.history, settings, progress) if options.history else None
    # Accounts that are drawn towards each other are history to each other.
    several = len(analysis.export.accounts) > 1
    history = _both(analysis.export, given) if question.pool and several else given
    return by_account(analysis, lambda one: simulate_account(one, question, history, running))


def simulate_account(
    analysis: Analysis,
    question: Question,
    history: Export | None = None,
    running: Callable[[], AbstractContextManager[Callable[[int], None]]] = silent,
) -> Simulation:
    """One account's posts scored, and with viewers shown in a simulated feed; `history` are further published posts."""
    rng = np.random.default_rng(question.seed)
    result = _scored(analysis, question, history, rng)
    if not question.viewers:
        return result
    viewers = read_audience(question.audience) if question.audience else AudienceSettings()
    with running() as done:
        return replace(result, reach=_reach(result, viewers, rng, question, done))


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


def _reach(
    found: Simulation,
    settings: AudienceSettings,
    rng: np.random.Generator,
    question: Question,
    done: Callable[[int], None],
) -> Reach:
    showing = FeedPosts(found.posts, found.ratios, found.table["eligible"].to_numpy(dtype=bool), found.mine)
    parts = (showing, found.published, found.names, found.catalogue, settings, found.account, found.audience, rng)
    return simulate_reach(*parts, count=question.viewers, runs=question.runs, progress=done)


def _scored(analysis: Analysis, question: Question, history: Export | None, rng: np.random.Generator) -> Simulation:
    """The posts scored against what is usual for the account, which its own posts and `history` tell."""
    export, catalogue, what_if = analysis.export, analysis.catalogue, question.what_if
    # What is worked out from the posts alone is that of the analysis; beside a history they are others.
    whole = analysis if history is None else Analysis(_both(export, history), analysis.settings)
    account, names = whole.posts.account, whole.posts.names
    posts = whole.export.posts.reset_index(drop=True)
    posts = posts.assign(account=pd.Series(np.array(names, dtype=object)[account], index=posts.index, dtype="str"))
    accounts, context = whole.export.accounts, whole.posts.context
    shown = np.arange(len(posts)) < len(export.posts)
    planned = (column(posts, "status").fillna("published") == "planned").to_numpy(dtype=bool)
    out = ~planned
    baseline = fit_baseline(posts[out], catalogue, pool=True) if question.pool else whole.baseline
    # What tips do is asked only where something hangs on it.
    moved = bool(planned.any() or what_if or question.suggest)
    # A rule that an audit leaves out may still be how a signal or an exclusion is measured.
    relevant = _relevant(analysis.settings.every_rule, catalogue, lifts=moved)
    before = whole.evaluate(relevant)
    effects_by_account = _effects(posts, before, account, out, catalogue, baseline) if moved else {}
    shifts = planned_shifts(effects_by_account, account, before, planned)
    excluded = exclusions(catalogue, before)
    scores = score(posts, catalogue, baseline, excluded, shifts, whole=bool(what_if))
    published = FeedPosts(posts, scores.ratios, out & scores.table["eligible"].to_numpy(dtype=bool), account)
    now, answered, table, of_posts = posts, before, scores.table, whole.posts
    if what_if:
        now = conform(apply_changes(posts, what_if))
        of_posts = posts_of(now, accounts, context.audiences, context.trends)
        answered = evaluate(relevant, of_posts.subjects)
        shifts = add_shifts(shifts, change_shifts(effects_by_account, account, before, answered))
        # Each post is asked about by itself: that the same change makes two of them alike is no copy.
        alone = {code: mask for code, mask in excluded.items() if _compares(code, catalogue, relevant)}
        after = score(posts, catalogue, baseline, {**exclusions(catalogue, answered), **alone}, shifts, whole=True)
        table = after.table.assign(before=scores.table["signal_score"])
        scores = after
    table = table.reset_index(drop=True)
    eligible = table["eligible"].to_numpy(dtype=bool)
    rows = shown.nonzero()[0]
    ranked = rank_posts(scores.value[rows], scores.doubt[rows], account[rows], eligible[rows])
    stable = rank_stability(_part(scores.ratios, shown), eligible[shown], catalogue, rng, whole=bool(what_if))
    changes = (
        suggestions(posts, answered, effects_by_account, account, catalogue, baseline, shifts, eligible & shown)
        if question.suggest
        else []
    )
    main = names.index(accounts[0].handle) if accounts[0].handle in names else 0
    return Simulation(
        export=export,
        posts=_shown(now, shown),
        table=pd.concat([_shown(table, shown), ranked, stable], axis=1),
        contributions=_shown(scores.contributions, shown),
        catalogue=catalogue,
        baseline=baseline,
        effects=effects_by_account.get(main, {}),
        suggestions=tuple(changes),
        history_posts=int(out.sum()),
        ratios=_part(scores.ratios, shown),
        account=accounts[0],
        audience=context.audience(accounts[0].handle),
        outlook=analysis.forecast(question.horizon)
        if now is posts and history is None
        else forecast(_shown(now, shown), export.snapshots, analysis.outlook, question.horizon, account[rows]),
        main=main,
        expected=expected_views(of_posts, planned, shown),
        moves=moves(effects_by_account, account, answered, (planned & shown).nonzero()[0]),
        published=published,
        names=names,
        mine=account[rows],
    )


def _effects(
    posts: pd.DataFrame,
    evaluations: Sequence[Evaluation],
    account: np.ndarray,
    out: np.ndarray,
    catalogue: Catalogue,
    baseline: Baseline,
) -> dict[int, Mapping[str, RuleEffects]]:
    """What tips do for each account, from its own published posts."""
    found: dict[int, Mapping[str, RuleEffects]] = {}
    for number in np.unique(account).tolist():
        rows = out & (account == number)
        found[number] = estimate_rule_effects(posts[rows], _rows(evaluations, rows), catalogue, baseline)
    return found


def _relevant(rules: Sequence[CompiledRule], catalogue: Catalogue, *, lifts: bool) -> list[CompiledRule]:
    """The rules by which exclusions are measured, and `lifts`."""
    needed = {code for s in catalogue.signals for code in s.rules}
    needed |= {lift.rule for lift in catalogue.lifts} if lifts else set()
    return [rule for rule in rules if rule.code in needed]


def _compares(code: str, catalogue: Catalogue, rules: Sequence[CompiledRule]) -> bool:
    """Whether an exclusion is measured by holding posts against each other."""
    measuring = next(s.rules for s in catalogue.signals if s.code == code)
    return any(r.kind.compares for r in rules if r.code in measuring)


def _rows(evaluations: Sequence[Evaluation], kept: np.ndarray) -> list[Evaluation]:
    """Evaluations of posts, of the kept ones alone."""
    return [replace(e, outcome=replace(e.outcome, status=e.outcome.status[kept])) for e in evaluations]


def _part(ratios: Ratios, kept: np.ndarray) -> Ratios:
    return ratios if kept.all() else ratios.rows(kept)


def _shown(table: pd.DataFrame, shown: np.ndarray) -> pd.DataFrame:
    """The rows that are to be shown, numbered anew."""
    return table if shown.all() else table[shown].reset_index(drop=True)
