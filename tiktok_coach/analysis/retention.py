"""Why viewers leave: how long they watch each post, and what stands in the seconds in which many leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from tiktok_coach.analysis.pictures import videos_of
from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.core.account import Account
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import numbers
from tiktok_coach.io.reading import Export
from tiktok_coach.media.facts import ProbeResult
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account_effects import HURTS
from tiktok_coach.stats.event_tips import leaving_prior, load_event_tips
from tiktok_coach.stats.hazard import Watching, watching_of
from tiktok_coach.stats.leaving import EventEffect, LeavingModel, fit_leaving
from tiktok_coach.stats.leaving_worth import Worth, worth_of
from tiktok_coach.stats.moments import EVENTS, compared, events_of, intro_of
from tiktok_coach.stats.retention_advice import RetentionAdvice, advise_on_watching

SCHEMA_VERSION = "1"
# Of a post so many falls are named. In one leave so many times as many as usual, and this share of all viewers; one
# that costs less than so much beyond the usual is named only where it is the costliest.
MOST_FALLS, STEEP, LEAST_LEFT, LEAST_COST = 3, 1.25, 0.01, 0.02
# Where no model can be fitted, a second is compared with those so near to it.
NEAR_S = 3


@dataclass(frozen=True)
class Fall:
    """A second in which many leave: the share of all viewers that does, the share that would usually, and the events.

    The usual share is that of the account's other posts at that second, at the level of the post itself. `hurting` are
    those of its events in which the account's viewers clearly leave: of the others nothing says that they are why.
    """

    second: int
    left: float
    usual: float
    events: tuple[str, ...]
    hurting: tuple[str, ...] = ()

    @property
    def cost(self) -> float:
        """The share of all viewers that leaves beyond the usual."""
        return self.left - self.usual


@dataclass(frozen=True)
class PostRetention:
    """How long viewers watch the post at a `row` of the export.

    `watching` has its curve and events, of which nothing is known without the video, whose measures and path are in
    `measured`. `falls` cost most viewers, the costliest first.
    """

    row: int
    post_id: str
    watching: Watching
    falls: tuple[Fall, ...]
    measured: ProbeResult | None = None

    @property
    def path(self) -> Path | None:
        """Where its video is."""
        return None if self.measured is None else self.measured.path

    @property
    def cuts(self) -> tuple[float, ...]:
        """The times of its cuts, as far as they are known."""
        video = None if self.measured is None else self.measured.video
        return () if video is None else video.cuts or ()

    @property
    def has_video(self) -> bool:
        """Whether what stands in its seconds is known."""
        return bool(np.isfinite(self.watching.events).any())


@dataclass(frozen=True)
class Retention:
    """Why an account's viewers leave.

    `posts` are those with a curve, the newest first; `model` is None where they are too few. `worth` by event is what
    more or less of it is worth, of events that go along with leaving or with staying.
    """

    export: Export
    account: Account
    posts: tuple[PostRetention, ...]
    model: LeavingModel | None

    @property
    def with_video(self) -> int:
        """Of how many posts the video is known."""
        return sum(post.has_video for post in self.posts)

    @property
    def effects(self) -> tuple[EventEffect, ...]:
        """What goes along with leaving, of each of EVENTS; empty without a model."""
        return self.model.effects if self.model is not None else ()

    @cached_property
    def worth(self) -> Mapping[str, Worth]:
        """What more or less of each event that helps or hurts is worth, by event, the most worth first."""
        if self.model is None:
            return {}
        values = [one for effect in self.effects if (one := worth_of(self.model, effect)) is not None]
        return {one.event: one for one in sorted(values, key=lambda one: -one.watch_time_gain[0])}

    @cached_property
    def advice(self) -> tuple[RetentionAdvice, ...]:
        """What to change in the videos, the most worth first; see `advise_on_watching`."""
        return tuple(advise_on_watching(load_event_tips(rulebook()), self.effects, self.worth)) if self.effects else ()

    def of_row(self, row: int) -> PostRetention | None:
        """The post at a row of the export; None where no capture holds its curve."""
        return next((post for post in self.posts if post.row == row), None)


def retention(options: AnalysisOptions, progress: Progress | None = None) -> Accounts[Retention]:
    """Why viewers leave the posts of each account of the exports that a user names."""
    return by_account(open_analysis(options, progress), lambda analysis: analysis.retention)


def retention_of_account(analysis: Analysis) -> Retention:
    """Why viewers leave the posts of one account; its model is learned from all posts up to the period's end."""
    watched = list(_watched(analysis))
    learned = analysis.history.retention.model if analysis.history is not analysis else None
    model = learned or fit_leaving([watching for _row, watching, _measured in watched], leaving_prior(rulebook()))
    ids = analysis.export.posts["post_id"].astype("str").tolist()
    posts = [
        PostRetention(row, ids[row], watching, tuple(falls_of(watching, model)), measured)
        for row, watching, measured in watched
    ]
    return Retention(analysis.export, analysis.account, tuple(posts), model)


def _watched(analysis: Analysis) -> Iterator[tuple[int, Watching, ProbeResult | None]]:
    """The posts with a curve by row, the newest first, and what is measured of each one's video."""
    curves = analysis.export.retention
    if curves is None or not len(curves):
        return
    posts = analysis.export.posts
    lengths, videos = numbers(posts, "duration_s"), videos_of(analysis)
    by_post = {str(post_id): rows for post_id, rows in curves.groupby("post_id", sort=False)}
    newest_first = posts["posted_at"].reset_index(drop=True).sort_values(ascending=False, na_position="last").index
    for row in newest_first.tolist():
        curve = by_post.get(str(posts["post_id"].iloc[row]))
        if curve is None:
            continue
        result = videos.get(row)
        video = None if result is None else result.video
        length = video.duration_s if video is not None and video.duration_s else float(lengths[row])
        watching = watching_of(curve["second"].to_numpy("float64"), curve["share"].to_numpy("float64"), length)
        if watching is not None:
            seconds = len(watching.left)
            events = np.full((seconds, len(EVENTS)), np.nan) if video is None else events_of(video, seconds)
            intro_s = 0.0 if video is None else intro_of(video)
            yield row, watching.with_events(events, intro_s), result


def falls_of(watching: Watching, model: LeavingModel | None) -> Iterator[Fall]:
    """The seconds of a post in which most viewers leave beyond the usual, the costliest first."""
    left, usual = watching.left, usual_leaving(watching, model)
    cost = left - usual
    clear = {effect.event for effect in model.effects if effect.verdict == HURTS} if model is not None else set()
    # The last second is the end, where all leave.
    for place, second in enumerate(np.argsort(-cost[:-1], kind="stable")[:MOST_FALLS].tolist()):
        is_steep = left[second] >= max(STEEP * usual[second], LEAST_LEFT)
        if is_steep and (place == 0 or cost[second] >= LEAST_COST):
            events = events_at(watching.events, second)
            hurting = tuple(event for event in events if event in clear)
            yield Fall(second, float(left[second]), float(usual[second]), events, hurting)


def events_at(events: np.ndarray, second: int) -> tuple[str, ...]:
    """The events in a second that tell it from others: none that is in all of them, or goes with another."""
    has = events == 1
    tells = has[second] & (compared(events)[second] == 1) & ~has.all(axis=0)
    return tuple(event for event, is_own in zip(EVENTS, tells, strict=True) if is_own)


def usual_leaving(watching: Watching, model: LeavingModel | None) -> np.ndarray:
    """The share of all viewers (seconds) that would usually leave in each second, at the post's own level.

    By the model, of a video in which nothing stands; without one, by the seconds about each.
    """
    share, left = np.maximum(watching.shares[:-1], 1e-9), watching.left
    if model is None:
        rate, seconds = left / share, range(len(left))
        near = [np.median(rate[max(second - NEAR_S, 0) : second + NEAR_S + 1]) for second in seconds]
        return np.asarray(share * near)
    at_risk = share * np.exp(model.usual_exponent(len(left), watching.length_s))
    return np.asarray(at_risk * max(float(left.sum()), 0.0) / at_risk.sum())
