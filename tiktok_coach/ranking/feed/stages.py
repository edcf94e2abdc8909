"""Sets the feed up for an export's posts: topics, traits, and an audience that the account's files describe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tiktok_coach.core.account import Account, Audience
from tiktok_coach.core.captions import post_hashtags
from tiktok_coach.core.schema import column
from tiktok_coach.ranking.catalogue import Catalogue
from tiktok_coach.ranking.feed.audience import CATEGORIES, AudienceSettings, Viewers, viewers
from tiktok_coach.ranking.feed.reach import Reach, account_batches, calibrate, default_levels, own_views, run_feed
from tiktok_coach.ranking.feed.simulation import Feed, PostTraits, rates, topic_matrix
from tiktok_coach.ranking.scoring import Ratios, weights

MOST_TOPICS = 48


def with_territories(settings: AudienceSettings, audience: Audience) -> AudienceSettings:
    """The settings with the countries of an export's viewers, else followers, where the file names none."""
    watching = audience.viewer_territories
    territories = watching if watching is not None and len(watching) else audience.territories
    if settings.countries or territories is None or not len(territories):
        return settings
    known = territories.dropna()
    countries = dict(zip(known["territory"], known["share"].astype(float), strict=True))
    return settings.model_copy(update={"countries": countries})


def active_hours(audience: Audience) -> np.ndarray | None:
    """The weights of the 24 hours from the followers' activity; None where no export tells."""
    activity = audience.activity
    if activity is None or not len(activity):
        return None
    mean = activity.groupby("hour")["active_followers"].mean().reindex(range(24)).fillna(0.0)
    return mean.to_numpy(dtype="float64")


def topics_of(posts: pd.DataFrame) -> tuple[list[list[str]], list[str]]:
    """Each post's hashtags, sound and effects, and the most used of them, which are the topics of the feed."""
    tags = post_hashtags(posts)
    for row, sound in enumerate(column(posts, "sound")):
        if isinstance(sound, str):
            tags[row].append(f"sound: {sound.casefold()}")
    for row, effects in enumerate(column(posts, "effects")):
        if isinstance(effects, str) and effects.casefold() != "none":
            tags[row] += [f"effect: {e.strip().casefold()}" for e in effects.split(";")]
    counts = pd.Series([tag for tags_of_post in tags for tag in tags_of_post], dtype="str").value_counts()
    ordered = sorted(counts.index, key=lambda tag: (-counts[tag], tag))
    return tags, ordered[:MOST_TOPICS] or ["none"]


def traits_of(
    posts: pd.DataFrame, ratios: Ratios, catalogue: Catalogue, timezone: str | None
) -> tuple[PostTraits, list[str]]:
    """The traits of posts, and the topics of the feed."""
    tags, topics = topics_of(posts)
    table = topic_matrix(tags, topics)
    share = weights(catalogue)
    quality = np.log(np.maximum(1 + (ratios.mean - 1) @ share / share.sum(), 0.05))
    posted, precision = column(posts, "posted_at"), column(posts, "posted_at_precision")
    hour = np.full(len(posts), -1)
    if timezone:
        exact = (precision == "second").to_numpy(dtype=bool) & posted.notna().to_numpy()
        hour[exact] = posted[exact].dt.tz_convert(timezone).dt.hour
    return PostTraits(table, quality, table.argmax(axis=1) % CATEGORIES, hour), topics


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
    levels = default_levels(known, len(names))
    for part in account_batches(own):
        some = published.rows(np.concatenate([views.rows for views in part.values()]))
        calibrate(levels, feed(some), part, some.account, names, rng)
    return run_feed(feed(showing), runs, showing.eligible, showing.account, levels, rng, progress)
