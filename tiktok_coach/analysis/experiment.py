"""Experiments: how many posts it takes to know, a randomised calendar, and what came of it. What the reports show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tiktok_coach.analysis.exports import of_account
from tiktok_coach.analysis.good_hours import good_hours, hours_apart
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.analysis.treatments import Treatment, find_treatment
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.baseline import ENOUGH_POSTS, ages
from tiktok_coach.rules.kind import FAIL, PASS
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats import trials
from tiktok_coach.stats.effects import residuals, robust_spread
from tiktok_coach.stats.leaving_worth import Worth
from tiktok_coach.stats.outcomes import COMPLETION, OUTCOMES, VIEWS, counts_whole, covariate_columns
from tiktok_coach.stats.views_model import AGE_SLOPE, FEATURES, fit_views_model, load_views_record, views_design

SCHEMA_VERSION = "1"
# A post that went out within so many hours of its time is the one that was planned.
NEAR_HOURS = 12.0
# So far apart go out the posts of a day.
HOURS_APART = 3
NOT_KNOWN = {
    VIEWS: N_("a post is younger than a day, or its views or age are not known"),
    COMPLETION: N_("a post is younger than a day, or how long it was watched is not known"),
}
MISSING = {trials.FOLLOW: N_("the post with the tip was not found"), trials.LEAVE: N_("the post without was not found")}
# The effect that is looked for where nothing says how large it may be.
EFFECT = 1.3
# TikTok recommends no more posts a day.
MOST_PER_DAY = 4
TRIAL_COLUMNS = ["trial_rule", "trial_arm", "trial_pair", "trial_effect", "trial_spread"]


@dataclass(frozen=True)
class Design:
    """An experiment on one `treatment` before it begins.

    Its size is based on how far the `outcome` of `posts` posts lies apart, and `effect` is a factor on that. With a tip
    on an event of videos, `worth` is what the account's own curves let expect of it, and `expected` that as a factor;
    `has_media` says whether the user named videos.
    """

    export: Export
    account: Account
    treatment: Treatment
    outcome: str
    effect: float
    spread: float
    power: float
    alpha: float
    pairs: int
    posts: int
    per_day: int
    slots: tuple[trials.Slot, ...]
    hours: tuple[int, ...]
    worth: Worth | None = None
    expected: float | None = None
    has_media: bool = False

    @property
    def weeks(self) -> int:
        """How many weeks it takes."""
        return trials.weeks_of(self.pairs, self.per_day)

    @property
    def is_feasible(self) -> bool:
        """Whether it takes no more than half a year."""
        return self.weeks <= trials.MOST_WEEKS

    @property
    def feasible_per_day(self) -> int | None:
        """The fewest posts a day with which it would take no more than half a year; None if even four do not do."""
        ways = range(self.per_day, MOST_PER_DAY + 1)
        return next((n for n in ways if trials.weeks_of(self.pairs, n) <= trials.MOST_WEEKS), None)

    @property
    def feasible_effect(self) -> float:
        """The smallest effect, as a factor on the outcome, that half a year with as many posts a day would find."""
        most = trials.smallest_effect(self.spread, per_day=self.per_day, power=self.power, alpha=self.alpha)
        return most if self.effect > 1 else round(1 / most, 2)


@dataclass(frozen=True)
class Trial:
    """An experiment with its results; `result` is None while too few pairs are done.

    `pairs` has a row a pair: when each post went out, their views, whether each did what it was to, and why a pair is
    excluded. `followed` is the share of the posts that did, where that is known.
    """

    export: Export
    treatment: Treatment
    outcome: str
    effect: float
    spread: float
    planned: int
    pairs: pd.DataFrame
    result: trials.TrialResult | None
    followed: float | None

    @property
    def excluded(self) -> int:
        """How many pairs are excluded."""
        return int((self.pairs["why"] != "").sum())


def design(
    options: AnalysisOptions,
    *,
    rule: str,
    effect: float | None,
    power: float,
    alpha: float,
    per_day: int,
    hours: Sequence[int] | None,
    start: dt.date | None,
    seed: int,
    progress: Progress | None = None,
) -> Design:
    """An experiment on a rule, or on an event of videos (`not-pause`), sized by the spread of the account's posts.

    Without an `effect` it is that which the account's own curves let expect of an event, else EFFECT. Raises CoachError
    where there is none.
    """
    settings = resolve_settings(options)
    treatment = find_treatment(settings.every_rule, rule)
    if any(compiled.rule.field == "posted_at" for compiled in treatment.rules):
        problem = _("{rule} is about when posts go out, which the pairs of an experiment share", rule=rule)
        raise CoachError(problem, hint=_("`tiktok-coach times` is about hours; choose a rule on the post itself"))
    whole = Analysis.load(options.inputs, settings, progress)
    account = whole.account
    if account.timezone is None:
        raise CoachError(_("the account's timezone is not known"), hint=_("say --timezone, such as Europe/Copenhagen"))
    analysis = whole.for_account(account.handle)
    outcome = treatment.outcome(analysis)
    values = analysis.outcome(outcome).value
    rows = np.isfinite(values).nonzero()[0]
    if len(rows) < ENOUGH_POSTS:
        problem = plural(
            "only {count} published post has views; it takes {enough_posts} to know how much they differ",
            "only {count} published posts have views; it takes {enough_posts} to know how much they differ",
            len(rows),
            enough_posts=ENOUGH_POSTS,
        )
        raise CoachError(problem, hint=_("add exports with more posts"))
    covariates, _names = covariate_columns(analysis.posts.at.rows(rows), reach=False)
    noise = residuals(values[rows], covariates)
    spread = robust_spread(noise) * float(np.sqrt(len(noise) / max(len(noise) - covariates.shape[1] - 1, 1)))
    if spread < 1e-6:
        problem = _("all posts did equally well, so that their spread is not known")
        raise CoachError(problem, hint=_("add exports with more posts"))
    worth = treatment.worth(analysis)
    expected = _expected(analysis, outcome, worth)
    effect = effect or expected or EFFECT
    pairs = trials.sample_size(effect, spread, power=power, alpha=alpha)
    rng = np.random.default_rng(seed)
    hours = list(hours) if hours is not None else hours_apart(good_hours(analysis).hours, per_day, HOURS_APART)
    if len(set(hours)) < per_day:
        terms = {"hours": ",".join(map(str, hours)), "per_day": per_day}
        problem = _("--hours {hours} is too few for --per-day {per_day}", **terms)
        raise CoachError(problem, hint=_("name as many hours as posts a day"))
    zone = ZoneInfo(account.timezone)
    first = max(start or settings.read_options.today + dt.timedelta(days=1), settings.now.astimezone(zone).date())
    if any(dt.datetime.combine(first, dt.time(hour), zone) <= settings.now for hour in hours[:per_day]):
        first += dt.timedelta(days=1)
    slots = tuple(trials.calendar(pairs, hours, per_day, first, account.timezone, rng))
    return Design(
        export=whole.export,
        account=account,
        treatment=treatment,
        outcome=outcome,
        effect=effect,
        spread=spread,
        power=power,
        alpha=alpha,
        pairs=pairs,
        posts=len(rows),
        per_day=per_day,
        slots=slots,
        hours=tuple(sorted(hours[:per_day])),
        worth=worth,
        expected=expected,
        has_media=bool(options.media),
    )


def _expected(analysis: Analysis, outcome: str, worth: Worth | None) -> float | None:
    """What is expected of the posts with a tip beside those without, as a factor on the outcome; None if not known."""
    if worth is None or outcome != COMPLETION:
        return None
    is_whole = bool(counts_whole(analysis.posts.table, np.zeros(len(analysis.posts.table), dtype=int)).all())
    factor = round(worth.completion_factor if is_whole else worth.watch_time_factor, 2)
    return factor if factor > 1 else None


def read_experiment(
    options: AnalysisOptions, plan: AnalysisOptions, *, seed: int, progress: Progress | None = None
) -> Trial:
    """The results of an experiment, by its plan and exports since. Raises CoachError for what is no such plan."""
    settings = resolve_settings(options)
    plan_settings = resolve_settings(replace(plan, config=options.config))
    planned = Analysis.load(plan.inputs, plan_settings, progress, with_planned=True).export
    where = str(plan.inputs[0])
    if not set(TRIAL_COLUMNS) <= set(planned.posts.columns):
        problem = _("is no plan of an experiment")
        raise CoachError(problem, where=where, hint=_("`tiktok-coach experiment design` writes one"))
    plan_posts = planned.posts.dropna(subset=TRIAL_COLUMNS).reset_index(drop=True)
    codes = plan_posts["trial_rule"].unique().tolist()
    if len(codes) != 1:
        problem = _("has experiments on {codes}", codes=", ".join(map(str, codes)) or _("no rule"))
        raise CoachError(problem, where=where, hint=_("read one plan at a time"))
    treatment = find_treatment(settings.every_rule, str(codes[0]))
    analysis = Analysis.load(options.inputs, settings, progress)
    handle, handles = planned.accounts[0].handle, [account.handle for account in analysis.export.accounts]
    if handle is None and len(handles) > 1:
        hint = _("write account: {{handle: ...}} into it, one of {names}", names=", ".join(filter(None, handles)))
        raise CoachError(_("the plan names no account, and the exports hold several"), where=where, hint=hint)
    # Many downloads name no account: a single one is then the plan's.
    if handle is not None and handles != [None]:
        analysis = Analysis(of_account(analysis.export, handle), settings)
    return analyze_experiment(plan_posts, analysis, treatment, np.random.default_rng(seed))


def analyze_experiment(
    plan_posts: pd.DataFrame, analysis: Analysis, treatment: Treatment, rng: np.random.Generator
) -> Trial:
    """The results of the planned posts, a row each with TRIAL_COLUMNS, among the posts of one account's analysis."""
    posts = analysis.posts
    place = trials.match_posts(plan_posts, posts.table, NEAR_HOURS)
    outcome = _planned_outcome(plan_posts)
    views, level, status = numbers(posts.table, "views"), _levels(analysis, outcome), treatment.status(analysis)
    rows = []
    for number, pair in plan_posts.groupby("trial_pair", sort=True):
        arms = {str(arm): int(at) for arm, at in zip(pair["trial_arm"], place[pair.index], strict=True)}
        rows.append(_pair(int(str(number)), arms, posts.table, level, views, status, _(NOT_KNOWN[outcome])))
    pairs = pd.DataFrame(rows).sort_values(["done", "pair"], kind="stable", na_position="last").reset_index(drop=True)
    complete = pairs[pairs["why"] == ""]
    effect, spread = float(plan_posts["trial_effect"].iloc[0]), float(plan_posts["trial_spread"].iloc[0])
    did = pd.concat([complete["follow_did"], complete["leave_did"]]).dropna()
    followed = float(did.astype("float64").mean()) if len(did) else None
    result = trials.analyze_trial(complete["difference"].to_numpy(dtype="float64"), effect, spread, rng)
    return Trial(analysis.export, treatment, outcome, effect, spread, len(pairs), pairs, result, followed)


def _planned_outcome(plan_posts: pd.DataFrame) -> str:
    """What the plan compares: views, where it says nothing else."""
    named = column(plan_posts, "trial_outcome").dropna()
    return next((outcome for outcome in OUTCOMES if outcome in set(named)), VIEWS)


def _levels(analysis: Analysis, outcome: str) -> np.ndarray:
    """The logarithm of each post's outcome, of views at one age; NaN where not known."""
    posts = analysis.posts
    if outcome != VIEWS:
        return analysis.outcome(outcome).value
    views, age = numbers(posts.table, "views"), ages(posts.table)
    views_model = fit_views_model(
        views_design(posts, age, posts.out), np.arange(len(posts.table)), load_views_record(rulebook())
    )
    # The two posts of a pair are a week apart: their views are compared at one age.
    slope = AGE_SLOPE + float(views_model.slopes[0, FEATURES.index("age")])
    return np.where(posts.out, np.log1p(views) - slope * np.log1p(age), np.nan)


def _pair(
    number: int,
    arms: dict[str, int],
    posts: pd.DataFrame,
    level: np.ndarray,
    views: np.ndarray,
    status: np.ndarray,
    not_known: str,
) -> dict[str, object]:
    """A row of `Trial.pairs`; `arms` has the position of each arm's post, -1 where there is none.

    `not_known` says why a pair is excluded whose `level` is not known.
    """
    row: dict[str, object] = {"pair": number, "why": "", "difference": float("nan"), "done": pd.NaT}
    done: list[pd.Timestamp] = []
    at = {arm: arms.get(arm, -1) for arm in (trials.FOLLOW, trials.LEAVE)}
    for arm, post in at.items():
        is_missing = post < 0
        known = not is_missing and status[post] in (PASS, FAIL)
        row[f"{arm}_post"] = None if is_missing else str(posts["post_id"].iloc[post])
        row[f"{arm}_views"] = float("nan") if is_missing else float(views[post])
        row[f"{arm}_did"] = bool(status[post] == (PASS if arm == trials.FOLLOW else FAIL)) if known else None
        if is_missing:
            row["why"] = _(MISSING[arm])
        elif np.isnan(level[post]):
            row["why"] = row["why"] or not_known
        else:
            done.append(column(posts, "posted_at").iloc[post])
    if len(done) == len(at):
        row["difference"] = float(level[at[trials.FOLLOW]] - level[at[trials.LEAVE]])
    return row | ({"done": max(done)} if done else {})
