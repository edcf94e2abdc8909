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
from tiktok_coach.analysis.settings import Settings, resolve_settings
from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.schema import column, conform
from tiktok_coach.io.export import Export
from tiktok_coach.ranking.baseline import Baseline, account_codes, fit_baseline
from tiktok_coach.ranking.catalogue import Catalogue, load_signals
from tiktok_coach.ranking.changes import Suggestion, apply_changes, change_shifts, suggestions
from tiktok_coach.ranking.eligibility import exclusions
from tiktok_coach.ranking.feed.reach import Reach
from tiktok_coach.ranking.feed.settings import AudienceSettings, read_audience
from tiktok_coach.ranking.feed.stages import FeedPosts, simulate_reach
from tiktok_coach.ranking.lifts import RuleEffects, add_shifts, estimate_rule_effects, planned_shifts
from tiktok_coach.ranking.outlook import Forecast, forecast, load_outlook
from tiktok_coach.ranking.planned import Move, moves
from tiktok_coach.ranking.posterior import Ratios
from tiktok_coach.ranking.ranks import rank_posts
from tiktok_coach.ranking.scoring import score
from tiktok_coach.ranking.sensitivity import rank_stability
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.subjects import Context
from tiktok_coach.stats.planned import expected_views

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
    settings = resolve_settings(options)
    export = load_export(options.inputs, settings, progress)
    given = load_export(options.history, settings, progress) if options.history else None
    # Accounts that are drawn towards each other are history to each other.
    history = _both(export, given) if question.pool and len(export.accounts) > 1 else given

    def ask(part: Export) -> Simulation:
        return simulated(part, settings, question, history, running)

    return by_account(export, settings.rules, ask)


def simulated(
    export: Export,
    settings: Settings,
    question: Question,
    history: Export | None = None,
    running: Callable[[], AbstractContextManager[Callable[[int], None]]] = silent,
) -> Simulation:
    """A simulation of one account by a user's settings."""
    rng = np.random.default_rng(question.seed)
    found = scored(
        export,
        # A rule that an audit leaves out may still be how a signal or an exclusion is measured.
        settings.every_rule,
        load_signals(rulebook(), settings.config.signal_values),
        rng,
        history=history,
        what_if=question.what_if,
        suggest=question.suggest,
        pool=question.pool,
        horizon=question.horizon,
    )
    if not question.viewers:
        return found
    viewers = read_audience(question.audience) if question.audience else AudienceSettings()
    with running() as done:
        return replace(found, reach=_reach(found, viewers, rng, question, done))


def _both(export: Export, history: Export | None) -> Export:
    """An export with the posts and audiences of a history beside its own."""
    if history is None:
        return export
    posts, _shown = _with_history(export, history)
    return replace(export, posts=posts, audiences={**history.audiences, **export.audiences})


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


def scored(
    export: Export,
    rules: Sequence[CompiledRule],
    catalogue: Catalogue,
    rng: np.random.Generator,
    *,
    history: Export | None = None,
    what_if: Mapping[str, object] | None = None,
    suggest: bool = False,
    pool: bool = False,
    horizon: int = 14,
) -> Simulation:
    """The posts of `export` scored against what is usual for the account, which its own posts and `history` tell.

    `what_if` changes every post; `suggest` asks which single changes would raise scores most; `pool` draws accounts towards what
    is usual for all of them; `horizon` is for how many days the outlook speaks.
    """
    posts, shown = _with_history(export, history)
    account, names = account_codes(posts)
    posts = posts.assign(account=pd.Series(np.array(names, dtype=object)[account], index=posts.index, dtype="str"))
    accounts = export.accounts if history is None or export.accounts[0].handle else history.accounts
    audiences = {**(history.audiences if history else {}), **export.audiences}
    trends = export.trends or (history.trends if history else None)
    context = Context(accounts, audiences, trends)
    planned = (column(posts, "status").fillna("published") == "planned").to_numpy(dtype=bool)
    out = ~planned
    baseline = fit_baseline(posts if out.all() else posts[out], catalogue, pool=pool)
    # What tips do is asked only where something hangs on it.
    moved = bool(planned.any() or what_if or suggest)
    relevant = _relevant(rules, catalogue, lifts=moved)
    before = evaluate(relevant, posts, context)
    known = _effects(posts, before, account, out, catalogue, baseline) if moved else {}
    shifts = planned_shifts(known, account, before, planned)
    excluded = exclusions(catalogue, before)
    # The answers of many posts weigh as much as the posts, and go where nothing more is asked of them.
    before = before if moved else []
    scores = score(posts, catalogue, baseline, excluded, shifts, whole=bool(what_if))
    published = FeedPosts(posts, scores.ratios, out & scores.table["eligible"].to_numpy(dtype=bool), account)
    now, answered = posts, before
    table = scores.table
    if what_if:
        now = conform(apply_changes(posts, what_if))
        answered = evaluate(relevant, now, context)
        shifts = add_shifts(shifts, change_shifts(known, account, before, answered))
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
    found = (
        suggestions(posts, answered, known, account, catalogue, baseline, shifts, eligible & shown) if suggest else []
    )
    main = names.index(accounts[0].handle) if accounts[0].handle in names else 0
    return Simulation(
        export,
        _shown(now, shown),
        pd.concat([_shown(table, shown), ranked, stable], axis=1),
        _shown(scores.contributions, shown),
        catalogue,
        baseline,
        known.get(main, {}),
        tuple(found),
        int(out.sum()),
        _part(scores.ratios, shown),
        accounts[0],
        context.audience(accounts[0].handle),
        forecast(_shown(now, shown), export.snapshots, load_outlook(rulebook()), horizon, account[rows]),
        main,
        expected_views(now, context, account, planned, shown),
        moves(known, account, answered, (planned & shown).nonzero()[0]),
        published,
        names,
        account[rows],
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


def _with_history(export: Export, history: Export | None) -> tuple[pd.DataFrame, np.ndarray]:
    """The posts and those of the history that are not among them, and which of all are to be shown."""
    posts = export.posts
    if history is None:
        return posts.reset_index(drop=True), np.ones(len(posts), dtype=bool)
    earlier = history.posts[~history.posts["post_id"].isin(posts["post_id"])]
    together = conform(pd.concat([posts, earlier], ignore_index=True))
    return together, np.arange(len(together)) < len(posts)


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
