"""The reach of posts over many runs of a feed: a distribution, not a forecast.

What the stages ask is set by an account's own posts: each stage is to be the last for as many of them as any other.
With four stages, a post that passes the third is among the quarter with most views; how far it gets in it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field

import numpy as np
import pandas as pd

from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.arrays import rows_by_code
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import numbers
from tiktok_coach.core.translation import N_, _
from tiktok_coach.ranking.baseline import ENOUGH_POSTS, YOUNGEST_DAYS, age_adjusted_views, ages
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.feed.simulation import AudienceSettings, Feed, Viewers, rates, traits_of, viewers
from tiktok_coach.ranking.scoring import Ratios

VIEWS, SHARE = "views", N_("share of viewers")
# Of how many posts of an account the stages are set, in how many runs; in as many more the result is held against its
# views. What is not known of a post is drawn so often in each, as it decides more than who the viewers are.
MOST_POSTS, RUNS, DRAWS = 60, 15, 12
# Posts whose runs are held together, so that memory stays bounded.
TOGETHER = 2_000
PERCENTS = np.linspace(0, 1, 101)
CHECKED = (0.1, 0.5, 0.9)
CLOSE = 1.25


@dataclass(frozen=True)
class Reach:
    """Reach of each post over all runs.

    `table` has median, low and high (90%), their unit (views, or the share of viewers where an account has too few
    posts) and for_you_share; `stages` the chance to pass each stage; `why` says what ended it.
    """

    table: pd.DataFrame
    stages: pd.DataFrame
    why: list[str]
    checks: tuple[Check, ...] = ()


def _run_feed(
    feed: Feed, showing: FeedPosts, levels: Levels, rng: np.random.Generator, runs: int, progress: Callable[[int], None]
) -> Reach:
    """Run the feed `runs` times; posts that are not eligible reach followers alone."""
    eligible, account = showing.eligible, showing.account
    reached, followers, views = np.zeros((3, runs, len(eligible)))
    passed = np.zeros((len(eligible), levels.holds.shape[1]))
    for number in range(runs):
        run = next(feed.runs(rng))
        passed_in_run = run.passed(levels.holds[account], eligible)
        reached[number] = run.viewer_count(passed_in_run, eligible)
        followers[number] = run.followers
        # Views are NaN where an account has too few posts, and those in Following where a post is not recommended.
        recommended = _views(levels.log_views[account], ended_in(passed_in_run), passed.shape[1], rng)
        in_following = run.followers * levels.views_each[account]
        views[number] = np.where(~eligible | (run.size[:, 0] == 0), in_following, recommended)
        passed += passed_in_run
        progress(number + 1)
    everyone, passed = reached + followers, passed / runs
    counted = ~np.isnan(views).any(axis=0)
    # Who sees a post in both feeds is one viewer.
    shares = np.minimum(everyone / feed.count, 1.0)
    low, median, high = np.quantile(np.where(counted, views, shares), [0.05, 0.5, 0.95], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(everyone.sum(axis=0) > 0, reached.sum(axis=0) / everyone.sum(axis=0), np.nan)
    table = pd.DataFrame({"median": median, "low": low, "high": high, "for_you_share": share})
    table["unit"] = np.where(counted, VIEWS, SHARE)
    stages = pd.DataFrame(passed, columns=[f"beyond_{n}" for n in range(1, passed.shape[1] + 1)])
    return Reach(table, stages, list(map(_why, passed, eligible.tolist())), tuple(levels.checks))


def _why(passed: np.ndarray, eligible: bool) -> str:  # noqa: FBT001 - said of one post
    """Where most runs end, in words."""
    if not eligible:
        return _("never recommended: seen in Following alone")
    stopped = -np.diff(np.concatenate([[1.0], passed[:-1], [0.0]]))
    stage = int(np.argmax(stopped)) + 1
    if stage == len(passed):
        return _("reached every wider audience in {stopped:.0%} of runs", stopped=stopped[-1])
    terms = {"stopped": stopped[stage - 1], "stage": stage}
    return _("most often ({stopped:.0%} of runs) it ended with audience {stage}", **terms)


def summary(reach: Reach, row: int) -> Mapping[str, object]:
    """One post's reach as JSON shows it."""
    unit, median, low, high, share = reach.table[["unit", "median", "low", "high", "for_you_share"]].iloc[row].tolist()
    return {
        "unit": unit,
        "median": median,
        "interval": [low, high],
        "for_you_share": None if np.isnan(share) else share,
        "beyond_stage": reach.stages.iloc[row].tolist(),
        "why": reach.why[row],
    }


@dataclass(frozen=True)
class OwnViews:
    """The views of one account's published posts at like age (`days`): the log percentiles (0th to 100th).

    `rows` are the posts by which the stages are set.
    """

    log_views: np.ndarray
    posts: int
    days: float | None
    rows: np.ndarray


@dataclass(frozen=True)
class Check:
    """The 10th, 50th and 90th percentile of an account's views at like age, beside those of other runs."""

    account: str
    posts: int
    days: float | None
    own: tuple[float, ...]
    simulated: tuple[float, ...]

    @property
    def close(self) -> bool:
        """Whether each is within a factor of 1.25."""
        return all(1 / CLOSE <= s / o <= CLOSE for s, o in zip(self.simulated, self.own, strict=True))


@dataclass(frozen=True)
class Levels:
    """By account (row) what each stage asks (column), percentiles of log views, and views for a viewer in Following.

    The last two are NaN for an account with too few posts; `checks` are of the others.
    """

    holds: np.ndarray
    log_views: np.ndarray
    views_each: np.ndarray
    checks: list[Check] = field(default_factory=list)


def own_views(posts: pd.DataFrame, account: np.ndarray, usable: np.ndarray) -> dict[int, OwnViews]:
    """The views of each account with enough `usable` posts, but those known to be younger than a day."""
    views, age = numbers(posts, "views"), ages(posts)
    with np.errstate(invalid="ignore"):
        usable_rows = usable & (views > 0) & ~(age < YOUNGEST_DAYS)
    result = {}
    each = np.bincount(account[usable_rows], minlength=1)
    by_account = rows_by_code(np.where(usable_rows, account, -1), len(each))
    for number in (each >= ENOUGH_POSTS).nonzero()[0].tolist():
        rows = by_account[number]
        at_age, days = age_adjusted_views(age[rows], views[rows])
        # Evenly over all that were more and less seen, so that few stand for many.
        order = rows[np.argsort(at_age, kind="stable")]
        some = order[np.linspace(0, len(order) - 1, min(len(order), MOST_POSTS)).round().astype(np.int64)]
        result[number] = OwnViews(np.quantile(np.log(at_age), PERCENTS), len(rows), days, np.sort(some))
    return result


def account_batches(own: Mapping[int, OwnViews]) -> Iterator[dict[int, OwnViews]]:
    """Some accounts after the other, each time so few that their runs can be held together."""
    part: dict[int, OwnViews] = {}
    for number, views in own.items():
        if sum(len(other.rows) for other in [*part.values(), views]) > TOGETHER and part:
            yield part
            part = {}
        part[number] = views
    if part:
        yield part


def calibrate(
    levels: Levels, feed: Feed, own: Mapping[int, OwnViews], names: Sequence[str], rng: np.random.Generator
) -> None:
    """Set in `levels` what the stages ask of each account's posts; `feed` is of its `rows`, account after account."""
    account = np.repeat(list(own), [len(views.rows) for views in own.values()])
    setting = [run for _ in range(RUNS) for run in feed.runs(rng, DRAWS)]
    checking = [run for _ in range(RUNS) for run in feed.runs(rng, DRAWS)]
    defaults = np.array([stage.hold for stage in feed.settings.stages])
    for number, views in own.items():
        own_posts = account == number
        everyone = np.ones(int(own_posts.sum()), dtype=bool)
        first, later = ([run.of(own_posts) for run in runs] for runs in (setting, checking))
        holds = _holds(np.stack([run.brought for run in first], axis=-1), defaults)
        people = [run.viewer_count(run.passed(holds, everyone), everyone) + run.followers for run in first]
        last_stage = np.concatenate([ended_in(run.passed(holds, everyone)) for run in later])
        log_views = np.broadcast_to(views.log_views, (len(last_stage), len(PERCENTS)))
        simulated = np.quantile(_views(log_views, last_stage, len(defaults), rng), CHECKED).tolist()
        actual = tuple(float(np.exp(views.log_views[round(100 * at)])) for at in CHECKED)
        levels.holds[number], levels.log_views[number] = holds, views.log_views
        levels.views_each[number] = float(np.exp(views.log_views[50])) / max(float(np.median(people)), 1.0)
        levels.checks.append(Check(names[number], views.posts, views.days, actual, tuple(simulated)))


def ended_in(passed: np.ndarray) -> np.ndarray:
    """The stage (from 0) in which each post ends."""
    return np.asarray(passed[:, :-1].sum(axis=1))


def _holds(brought: np.ndarray, defaults: np.ndarray) -> np.ndarray:
    """What each stage asks so that as many end in each; `brought` is posts x stages x runs."""
    holds, count = defaults.copy(), brought.shape[1]
    going = np.ones((brought.shape[0], brought.shape[2]), dtype=bool)
    for stage in range(count - 1):
        if not going.any():
            break
        holds[stage] = np.quantile(brought[:, stage][going], 1 / (count - stage))
        going &= brought[:, stage] >= holds[stage]
    return holds


def _views(log_views: np.ndarray, stage: np.ndarray, stages: int, rng: np.random.Generator) -> np.ndarray:
    """The views of posts (rows of percentiles) that end in a stage (from 0); how far they get in it is drawn."""
    place = (stage + rng.random(len(stage))) / stages * (len(PERCENTS) - 1)
    below = np.minimum(place.astype(np.int64), len(PERCENTS) - 2)
    share, rows = place - below, np.arange(len(stage))
    return np.asarray(np.exp(log_views[rows, below] * (1 - share) + log_views[rows, below + 1] * share))


def with_territories(settings: AudienceSettings, audience: Audience) -> AudienceSettings:
    """The settings with the countries of an export's viewers, else followers, where the file names none."""
    watching = audience.viewer_territories
    territories = watching if watching is not None and len(watching) else audience.territories
    if settings.countries or territories is None or not len(territories):
        return settings
    known = territories.dropna().set_index("territory")["share"].astype(float)
    return settings.model_copy(update={"countries": known.to_dict()})


def active_hours(audience: Audience) -> np.ndarray | None:
    """The weights of the 24 hours from the followers' activity; None where no export tells."""
    activity = audience.activity
    if activity is None or not len(activity):
        return None
    mean = activity.groupby("hour")["active_followers"].mean().reindex(range(24)).fillna(0.0)
    return mean.to_numpy(dtype="float64")


@dataclass(frozen=True)
class FeedPosts:
    """Posts as they go into the feed: their ratios, whether each may be recommended, and the number of its account."""

    posts: pd.DataFrame
    ratios: Ratios
    eligible: np.ndarray
    account: np.ndarray

    def rows(self, rows: np.ndarray) -> FeedPosts:
        """Some of them."""
        posts = self.posts.iloc[rows].reset_index(drop=True)
        return FeedPosts(posts, self.ratios.rows(rows), self.eligible[rows], self.account[rows])


def simulate_reach(
    showing: FeedPosts,
    published: FeedPosts,
    names: Sequence[str],
    catalogue: Catalogue,
    settings: AudienceSettings,
    account: Account,
    audience: Audience,
    rng: np.random.Generator,
    *,
    count: int,
    runs: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Reach:
    """The reach of posts over `runs` runs of a feed of `count` viewers, in views as the `published` posts tell.

    Stages that a file sets stay as they are, and reach is then a share of the viewers.
    """
    known = with_territories(settings, audience)
    hours = active_hours(audience)

    def feed(of: FeedPosts) -> Feed:
        traits, topics = traits_of(of.posts, of.ratios, catalogue, account.timezone)

        def crowd(size: int, draws: np.random.Generator) -> Viewers:
            return viewers(size, topics, known, draws, country=account.country, language=account.language, hours=hours)

        return Feed(crowd, count, traits, rates(of.ratios, catalogue), catalogue, known)

    has_own_stages = "stages" in settings.model_fields_set
    own = {} if has_own_stages else own_views(published.posts, published.account, published.eligible)
    holds = np.tile([stage.hold for stage in known.stages], (len(names), 1))
    levels = Levels(holds, np.full((len(names), len(PERCENTS)), np.nan), np.full(len(names), np.nan))
    for part in account_batches(own):
        some = published.rows(np.concatenate([views.rows for views in part.values()]))
        calibrate(levels, feed(some), part, names, rng)
    return _run_feed(feed(showing), showing, levels, rng, runs, progress)
