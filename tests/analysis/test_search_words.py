"""What people search for, beside what an account's posts say."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.analyses import analysis_of
from tests.writing import read
from tiktok_coach.analysis.search_words import SearchWords, search_words
from tiktok_coach.core.account import Account, Trends
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.render.search_words import search_facts, search_texts


def of(posts: list[dict[str, object]], trends: Trends | None = None, country: str | None = None) -> SearchWords | None:
    table = conform(pd.DataFrame(posts).assign(post_id=[f"p{n}" for n in range(len(posts))], account="baker"))
    return search_words(analysis_of(Export(table, table.iloc[:0], (Account("baker", country=country),), trends=trends)))


def topics(*rows: tuple[str, float | None, str, str | None]) -> Trends:
    table = pd.DataFrame(rows, columns=["name", "popularity", "as_of", "region"])
    table["as_of"] = pd.to_datetime(table["as_of"], utc=True)
    return Trends(table.assign(kind="search", window_days=7))


def test_searches_are_put_together_with_the_posts_that_say_them() -> None:
    result = of(
        [
            {"caption": "Rye bread", "search_terms": "rye bread 20%; buns 10%; baker 40%; cake 2%"},
            {"caption": "New", "search_terms": "Rye Bread 30%"},
            {"caption": "Old #RyeBread"},
        ]
    )
    assert result is not None
    rye, buns = result.searches
    assert (rye.words, rye.share, rye.posts, rye.saying, rye.is_said) == ("rye bread", 0.25, 2, 1, True)
    assert (buns.words, buns.posts, buns.saying, buns.is_said) == ("buns", 1, 0, False)
    assert result.posts == 2
    [(heading, lines)] = search_texts(result)
    assert heading == "People find your posts by words that few or none of them say"
    assert lines[0] == "“buns”: led to 1 post, 10% of their searches; no post says it"


def test_a_caption_that_is_not_known_may_say_it() -> None:
    posts: list[dict[str, object]] = [{"caption": "New", "search_terms": "buns 10%"}, {"caption": "Old"}, {"views": 5}]
    result = of(posts, topics(("rye", None, "2026-10-20", None)))
    assert result is not None
    (_heading, searches), (heading, listed) = search_texts(result)
    assert searches == ["“buns”: led to 1 post, 10% of their searches; none of the 2 captions that are known says it"]
    assert heading == "Search topics of 2026-10-20: 1 of 1 is in none of the captions that are known"
    assert listed == ["“rye”: none of the 2 captions that are known says it"]


def test_the_first_second_says_words_too() -> None:
    result = of([{"caption": "New", "opening_text": "RYE BREAD", "search_terms": "rye bread 20%"}])
    assert result is not None
    assert result.unsaid == ()
    assert [heading for heading, _ in search_texts(result)] == [
        "Your posts say what people search for before they find them"
    ]


def test_the_newest_list_of_the_country_is_held_against_all_posts() -> None:
    lists = topics(
        ("rye bread", 0.3, "2026-10-20", None),
        ("buns", 0.66, "2026-10-20", "DK"),
        ("bagels", 0.9, "2026-10-20", "US"),
        ("cake", 0.9, "2026-10-01", "DK"),
        ("later", 0.9, "2026-12-01", "DK"),
    )
    result = of([{"caption": "Our #ryebread"}], lists, country="DK")
    assert result is not None
    assert [(one.words, one.is_said) for one in result.topics] == [("buns", False), ("rye bread", True)]
    [(heading, lines)] = search_texts(result)
    assert heading == "Search topics of 2026-10-20: 1 of 2 is in none of your posts"
    assert lines == ["“buns” (66%): no post says it"]


@pytest.mark.parametrize("posts", [[{"caption": "Rye"}], [{"search_terms": "rye 20%"}]])
def test_without_searches_or_captions_nothing_is_said(posts: list[dict[str, object]]) -> None:
    assert of(posts) is None
    assert search_facts(None) is None


def test_what_nobody_said_in_the_bakery_is_told_from_its_pages(bakery: Path) -> None:
    result = search_words(analysis_of(read(bakery, timezone="Europe/Copenhagen")))
    assert result is not None
    assert [one.words for one in result.unsaid] == ["brød uden gær"]
    assert result.unsaid[0].share == pytest.approx(0.21)
    assert result.posts > 150
    facts = search_facts(result)
    assert facts is not None
    assert facts["topics_of"] == "2026-10-21T00:00:00Z"
