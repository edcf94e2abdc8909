"""Experiments: how many posts it takes to know, a randomised calendar, and what came of it. What the reports show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tiktok_coach.analysis.exports import load_export, of_account
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.settings import resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _
from tiktok_coach.io.export import Export
from tiktok_coach.ranking.ageing import ENOUGH_POSTS, ages
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.findings import general_advice
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.outcome import FAIL, PASS
from tiktok_coach.rules.subjects import Context
from tiktok_coach.stats.account import Posts, posts_of
from tiktok_coach.stats.covariates import covariate_columns
from tiktok_coach.stats.effects import residuals
from tiktok_coach.stats.multiple_testing import robust_spread
from tiktok_coach.stats.outcomes import VIEWS, numbers, outcome_of, published_mask
from tiktok_coach.stats.posting_times import by_hour, week_of
from tiktok_coach.stats.trials import (
    FOLLOW,
    LEAVE,
    SampleSize,
    Slot,
    TrialResult,
    analyze_trial,
    calendar,
    match_posts,
    sample_size,
)
from tiktok_coach.stats.views_model import AGE_SLOPE, fit_views_model, post_features

SCHEMA_VERSION = "1"
# A post that went out within so many hours of its time is the one that was planned.
NEAR_HOURS = 12.0


@dataclass(frozen=True)
class Design:
    """An experiment before it begins: about which `rule`, how large, on how many `posts` its spread rests, and its `slots`."""

    export: Export
    account: Account
    rule: CompiledRule
    advice: str
    size: SampleSize
    posts: int
    slots: tuple[Slot, ...]
    hours: tuple[int, ...]


@dataclass(frozen=True)
class Reading:
    """An experiment read: `result` is None while too few pairs are done. `pairs` has a row a pair: when each post went out, their views,
    whether each did what it was to, and why a pair is left out; `followed` is the share of the posts that are told to have done so, None
    where none is told.
    """

    export: Export
    rule: CompiledRule
    effect: float
    spread: float
    planned: int
    pairs: pd.DataFrame
    result: TrialResult | None
    followed: float | None

    @property
    def excluded(self) -> int:
        """How many pairs are left out."""
        return int((self.pairs["why"] != "").sum())


def design(
    options: AnalysisOptions,
    *,
    rule: str,
    effect: float,
    power: float,
    alpha: float,
    per_day: int,
    hours: Sequence[int] | None,
    start: dt.date | None,
    seed: int,
    progress: Progress | None = None,
) -> Design:
    """An experiment on one rule, sized by how far the account's own posts lie apart. Raises CoachError for a rule that no experiment can be
    made of, and where too few posts tell their spread.
    """
    settings = resolve_settings(options)
    compiled = _rule(settings.every_rule, rule)
    if compiled.rule.field == "posted_at":
        raise CoachError(
            _("{rule} is about when posts go out, which the pairs of an experiment share", rule=rule),
            hint=_("`times` tells of hours; choose a rule on the post itself"),
        )
    export = load_export(options.inputs, settings, progress)
    account = export.accounts[0]
    timezone = account.timezone
    if timezone is None:
        raise CoachError(_("the account's timezone is not known"), hint=_("say --timezone, such as Europe/Copenhagen"))
    posts = posts_of(export.posts, export.accounts, export.audiences)
    rows = posts.of(account.handle)
    outcome = outcome_of(VIEWS, export.posts, posts.account).rows(rows)
    at = posts.at.rows(rows)
    told = np.isfinite(outcome.value)
    if told.sum() < ENOUGH_POSTS:
        raise CoachError(
            _(
                "only {count} published posts have views; it takes {enough_posts} to tell how far they lie apart",
                count=int(told.sum()),
                enough_posts=ENOUGH_POSTS,
            ),
            hint=_("add exports with more posts"),
        )
    held, _names = covariate_columns(at.rows(told.nonzero()[0]), reach=False)
    left = residuals(outcome.value[told], held)
    spread = robust_spread(left) * float(np.sqrt(len(left) / max(len(left) - held.shape[1] - 1, 1)))
    if spread < 1e-6:
        raise CoachError(
            _("all posts have the same views, so that their spread is not known"), hint=_("add exports with more posts")
        )
    size = sample_size(effect, spread, power=power, alpha=alpha)
    rng = np.random.default_rng(seed)
    chosen = list(hours) if hours is not None else _hours(posts, account, per_day, rng)
    zone = ZoneInfo(timezone)
    first = max(start or settings.read_options.today + dt.timedelta(days=1), settings.now.astimezone(zone).date())
    if any(dt.datetime.combine(first, dt.time(hour), zone) <= settings.now for hour in chosen[:per_day]):
        first += dt.timedelta(days=1)
    slots = calendar(size.pairs, chosen, per_day, first, timezone, rng)
    return Design(
        export,
        account,
        compiled,
        general_advice(compiled.rule, compiled.params),
        size,
        int(told.sum()),
        tuple(slots),
        tuple(sorted(chosen[:per_day])),
    )


def _rule(rules: Sequence[CompiledRule], code: str) -> CompiledRule:
    possible = [r.code for r in rules if r.is_cause and r.rule.field != "posted_at"]
    found = next((r for r in rules if r.code == code), None)
    if found is None or not found.is_cause:
        why = _("no rule") if found is None else _("no choice of the creator, or not of a post")
        raise CoachError(
            _("--rule {code!r} is {why}", code=code, why=why),
            hint=_("such as {names}; `tiktok-coach rules` lists them", names=", ".join(possible[:6])),
        )
    return found


def _hours(posts: Posts, account: Account, per_day: int, rng: np.random.Generator) -> list[int]:
    """Good hours, three apart: by the results and the activity, else by the activity, else the evening."""
    slots, active = week_of(posts, account, rng)
    level = np.log(slots.effect) if slots is not None else active
    of_day = by_hour(np.nan_to_num(level, nan=-9.0))
    order = np.argsort(-of_day, kind="stable").tolist() if np.isfinite(level).any() else [18, 12, 8, 21]
    chosen: list[int] = []
    for hour in order:
        if all(min((hour - other) % 24, (other - hour) % 24) >= 3 for other in chosen):
            chosen.append(int(hour))
    return chosen[:per_day]


def experiment_read(
    options: AnalysisOptions, plan: AnalysisOptions, *, seed: int, progress: Progress | None = None
) -> Reading:
    """What came of an experiment: the plan that it was drawn as, and exports of what was published since. Raises CoachError for a plan that is
    no experiment.
    """
    settings = resolve_settings(options)
    plan_export = load_export(plan.inputs, resolve_settings(replace(plan, config=options.config)), progress)
    plan_posts = plan_export.posts
    if not {"trial_rule", "trial_arm", "trial_pair", "trial_effect", "trial_spread"} <= set(plan_posts.columns):
        raise CoachError(
            _("is no plan of an experiment"),
            where=str(plan.inputs[0]),
            hint=_("`tiktok-coach experiment design` draws one"),
        )
    plan_posts = plan_posts.dropna(
        subset=["trial_rule", "trial_arm", "trial_pair", "trial_effect", "trial_spread"]
    ).reset_index(drop=True)
    codes = plan_posts["trial_rule"].unique().tolist()
    if len(codes) != 1:
        raise CoachError(
            _("holds experiments on {codes}", codes=", ".join(map(str, codes)) or _("no rule")),
            where=str(plan.inputs[0]),
            hint=_("read one plan at a time"),
        )
    compiled = _rule(settings.every_rule, str(codes[0]))
    export = _posts_of_plan(plan_export.accounts[0].handle, load_export(options.inputs, settings, progress), plan)
    return reading(plan_posts, export, compiled, np.random.default_rng(seed))


def _posts_of_plan(handle: str | None, export: Export, plan: AnalysisOptions) -> Export:
    """The posts of the plan's account. Raises CoachError where the exports hold none of it, or several and the plan names none."""
    handles = [account.handle for account in export.accounts]
    if handle is None and len(handles) > 1:
        raise CoachError(
            _("the plan names no account, and the exports hold several"),
            where=str(plan.inputs[0]),
            hint=_("write account: {{handle: ...}} into it, one of {names}", names=", ".join(filter(None, handles))),
        )
    # Many downloads name no account: a single one is then the plan's.
    return export if handle is None or handles == [None] else of_account(export, handle)


def reading(plan_posts: pd.DataFrame, export: Export, compiled: CompiledRule, rng: np.random.Generator) -> Reading:
    """The posts of an experiment's plan held against those of an export."""
    posts = export.posts
    place = match_posts(plan_posts, posts, NEAR_HOURS)
    context = Context(export.accounts, export.audiences, export.trends)
    [answer] = evaluate([compiled], posts, context)
    usable, age, views = published_mask(posts), ages(posts), numbers(posts, "views")
    slope = _slope(posts, context)
    rows = []
    for number, pair in plan_posts.groupby("trial_pair", sort=True):
        told = {str(arm): int(at) for arm, at in zip(pair["trial_arm"], place[pair.index], strict=True)}
        rows.append(_pair(int(str(number)), told, posts, usable, age, views, answer.status, slope))
    pairs = pd.DataFrame(rows).sort_values(["done", "pair"], kind="stable", na_position="last").reset_index(drop=True)
    kept = pairs[pairs["why"] == ""]
    effect, spread = float(plan_posts["trial_effect"].iloc[0]), float(plan_posts["trial_spread"].iloc[0])
    result = analyze_trial(kept["difference"].to_numpy(dtype="float64"), effect, spread, rng)
    did = pd.concat([kept["follow_did"], kept["leave_did"]]).dropna()
    return Reading(
        export,
        compiled,
        effect,
        spread,
        len(pairs),
        pairs,
        result,
        float(did.astype("float64").mean()) if len(did) else None,
    )


def _slope(posts: pd.DataFrame, context: Context) -> float:
    """How views go with age here: the two of a pair are a week apart."""
    held = posts_of(posts, context.accounts[:1], context.audiences)
    taught = fit_views_model(held, post_features(held), np.arange(len(posts)))
    return AGE_SLOPE if taught is None else float(taught.slopes[0])


def _pair(
    number: int,
    told: dict[str, int],
    posts: pd.DataFrame,
    usable: np.ndarray,
    age: np.ndarray,
    views: np.ndarray,
    status: np.ndarray,
    slope: float,
) -> dict[str, object]:
    found: dict[str, object] = {"pair": number, "why": "", "difference": float("nan"), "done": pd.NaT}
    level: dict[str, float] = {}
    for arm, wanted in ((FOLLOW, PASS), (LEAVE, FAIL)):
        at = told.get(arm, -1)
        known = at >= 0 and status[at] in (PASS, FAIL)
        found[f"{arm}_post"] = str(posts["post_id"].iloc[at]) if at >= 0 else None
        found[f"{arm}_views"] = float(views[at]) if at >= 0 else float("nan")
        found[f"{arm}_did"] = bool(status[at] == wanted) if known else None
        if at < 0:
            found["why"] = (
                _("no post found that was to follow") if arm == FOLLOW else _("no post found that was to leave")
            )
        elif not usable[at] or np.isnan(views[at]) or np.isnan(age[at]):
            found["why"] = found["why"] or _("a post is younger than a day, or its views or age are not known")
        else:
            level[arm] = float(np.log1p(views[at]) - slope * np.log1p(age[at]))
            moment = column(posts, "posted_at").iloc[at]
            found["done"] = moment if pd.isna(found["done"]) else max(found["done"], moment)  # type: ignore[call-overload]
    if len(level) == 2:
        found["difference"] = level[FOLLOW] - level[LEAVE]
    return found
