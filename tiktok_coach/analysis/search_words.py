"""What people search for, beside what the posts of one account say: in captions, hashtags and the first second."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import planned_mask
from tiktok_coach.core.search_words import MOST_POSTS, SaidWords, pool_searches

# Words that less of the searches were for, in each post, are left out.
LEAST_SHARE = 0.05


@dataclass(frozen=True)
class Search:
    """Words that people searched for before they found `posts` posts of the account.

    `share` is their mean share of the searches that led to those posts, None where not known; `saying` is how many of
    those posts say the words, and `is_said` whether any post of the account does.
    """

    words: str
    share: float | None
    posts: int
    saying: int
    is_said: bool


@dataclass(frozen=True)
class Topic:
    """Words of a list of search topics, their popularity as the list has it, and whether any post says them."""

    words: str
    popularity: float | None
    is_said: bool


@dataclass(frozen=True)
class SearchWords:
    """The searches that led to the account's posts, and the newest list of search topics, the most frequent first.

    `posts` is of how many posts the searches are known, `captions` of how many the caption is, and `unknown_captions`
    of how many it is not; `topics_of` is the day of the list.
    """

    searches: tuple[Search, ...]
    topics: tuple[Topic, ...]
    posts: int
    captions: int
    unknown_captions: int
    topics_of: pd.Timestamp | None = None

    @property
    def unsaid(self) -> tuple[Search, ...]:
        """The searches whose words no post says."""
        return tuple(one for one in self.searches if not one.is_said)


def search_words(analysis: Analysis) -> SearchWords | None:
    """What people search for and what one account's published posts say of it.

    None where no searches and no list of search topics are known, where no caption is, and for very many posts.
    """
    subjects = analysis.posts.subjects
    rows = np.flatnonzero(~planned_mask(analysis.export.posts))
    searches, topics = subjects.column("search_terms"), _newest_topics(analysis)
    is_known = subjects.known("shown_caption")[rows]
    if (searches is None and topics is None) or not is_known.any() or len(rows) > MOST_POSTS:
        return None
    unknown, rows = int((~is_known).sum()), rows[is_known]

    said = {row: subjects.said_words(row) for row in rows.tolist()}
    every = SaidWords.together(said.values())

    def is_said(words: str) -> bool:
        return every.says(words) and any(one.says(words) for one in said.values())

    def of_posts() -> Iterator[Search]:
        if searches is None:
            return
        texts = [(row, text_at(searches, row)) for row in rows[known_mask(searches)[rows]].tolist()]
        for one in pool_searches(texts, analysis.account.handle):
            if one.share is None or one.share >= LEAST_SHARE:
                saying = sum(said[row].says(one.words) for row in one.rows)
                yield Search(one.words, one.share, len(one.rows), saying, saying > 0 or is_said(one.words))

    count = 0 if searches is None else int(known_mask(searches)[rows].sum())
    if topics is None:
        return SearchWords(tuple(of_posts()), (), count, len(rows), unknown)
    amounts = topics["popularity"] if "popularity" in topics else pd.Series(np.nan, index=topics.index)
    listed = tuple(
        Topic(words, None if pd.isna(amount) else float(amount), is_said(words))
        for words, amount in zip(topics["name"], amounts, strict=True)
    )
    return SearchWords(tuple(of_posts()), listed, count, len(rows), unknown, topics["as_of"].max())


def _newest_topics(analysis: Analysis) -> pd.DataFrame | None:
    """The newest list of search topics of the account's country or of no country, the most popular first."""
    trends = analysis.export.trends
    if trends is None:
        return None
    table, country = trends.table, analysis.account.country
    is_usable = (table["kind"] == "search") & (table["as_of"] <= pd.Timestamp(analysis.settings.now))
    if country:
        is_usable &= table["region"].isna() | (table["region"] == country.upper())
    table = table[is_usable]
    if not len(table):
        return None
    newest: pd.DataFrame = table[table["as_of"] == table["as_of"].max()].drop_duplicates("name")
    return newest.sort_values("popularity", ascending=False, kind="stable") if "popularity" in newest else newest
