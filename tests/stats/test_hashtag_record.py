"""A hashtag's own record: how often it is used, and the views of posts with it beside like posts without it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.analyses import analysis_of
from tests.stats.worlds import World, posts_of
from tiktok_coach.core.account import Account
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.hashtag_record import HashtagRecord, hashtag_record
from tiktok_coach.stats.outcomes import VIEWS
from tiktok_coach.stats.public_record import load_public_record


def tagged(tag: str, share: float, factor: float = 1.0, posts: int = 120, seed: int = 1) -> tuple[pd.DataFrame, int]:
    """Posts of which a share has a hashtag and `factor` times the views; and how many have it."""
    rng = np.random.default_rng(seed)
    table = posts_of(rng, World(posts=posts, spread=0.4), "a")
    has = rng.permutation(len(table)) < share * len(table)
    captions = np.where(has, table["caption"] + f" #{tag.upper()}", table["caption"])
    views = (table["views"].astype(float) * np.where(has, factor, 1.0)).round().astype("int64")
    return table.assign(caption=captions, views=views), int(has.sum())


def record_of(posts: pd.DataFrame, tag: str) -> HashtagRecord:
    one = analysis_of(Export(posts, pd.DataFrame(), (Account(handle="a", timezone="UTC"),)))
    return hashtag_record(one.posts, one.outcome(VIEWS), tag, load_public_record(rulebook()), one.catalogue)


def test_it_counts_the_posts_that_carry_it() -> None:
    posts, count = tagged("rye", 0.3)
    record = record_of(posts, "rye")
    assert (record.posts, record.of) == (count, len(posts))
    assert record.last is not None
    assert record.typical is not None
    assert record.typical_others is not None


def test_a_hashtag_that_doubles_views_is_seen_to() -> None:
    record = record_of(tagged("rye", 0.4, 2.0)[0], "rye")
    assert record.effect is not None
    effect, low, high = record.effect
    assert low > 1.2
    assert low < effect < high
    assert 1.4 < effect < 2.2


@pytest.mark.parametrize("seed", range(4))
def test_a_hashtag_that_does_nothing_is_not_called_clear(seed: int) -> None:
    record = record_of(tagged("rye", 0.4, seed=seed)[0], "rye")
    assert record.effect is not None
    _effect, low, high = record.effect
    assert low < 1.1
    assert high > 0.9


@pytest.mark.parametrize("share", [7 / 120, 113 / 120])
def test_few_posts_on_one_side_compare_nothing(share: float) -> None:
    record = record_of(tagged("rye", share)[0], "rye")
    assert record.posts
    assert record.effect is None


def test_a_hashtag_of_no_post_has_no_record() -> None:
    posts = tagged("rye", 0.3)[0]
    assert record_of(posts, "spelt") == HashtagRecord("spelt", 0, len(posts))
