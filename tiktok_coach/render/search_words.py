"""What people search for and what posts say of it, as lines of a report and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tiktok_coach.analysis.search_words import Search, SearchWords, Topic
from tiktok_coach.core.translation import N_, _, format_value, plural, plurals
from tiktok_coach.render.escaping import markdown, one_line
from tiktok_coach.render.pages.page import Facts, Part, Words
from tiktok_coach.render.values import facts_of, json_cell

# So many searches, and so many topics of a list, are shown.
SHOWN = 5


def search_parts(result: SearchWords | None) -> Iterator[Part]:
    """What people searched for and topics of a list, each with whether posts say it; nothing where not known."""
    if result is None:
        return
    for heading, lines in search_texts(result):
        yield Facts(heading, [[line] for line in lines], list(map(markdown, lines))) if lines else Words(heading)


def search_texts(result: SearchWords) -> Iterator[tuple[str, list[str]]]:
    """A heading that says what is so, and a line for each of the most frequent words, those that no post says first.

    Of a list of topics only those are named that no post says.
    """
    if searches := sorted(result.searches, key=lambda one: one.is_said)[:SHOWN]:
        nothing = _("Your posts say what people search for before they find them")
        some = _("People find your posts by words that few or none of them say")
        yield (some if result.unsaid else nothing), [_search_text(one, result) for one in searches]
    if result.topics and result.topics_of is not None:
        topics = [one for one in result.topics if not one.is_said][:SHOWN]
        count = sum(not one.is_said for one in result.topics)
        terms = {"day": result.topics_of, "all": len(result.topics)}
        one, many = plurals(
            "Search topics of {day:%Y-%m-%d}: {count} of {all} is in none of your posts",
            "Search topics of {day:%Y-%m-%d}: {count} of {all} are in none of your posts",
        )
        nothing = _("Search topics of {day:%Y-%m-%d}: your posts say all {all}", **terms)
        if result.unknown_captions:
            one, many = plurals(
                "Search topics of {day:%Y-%m-%d}: {count} of {all} is in none of the captions that are known",
                "Search topics of {day:%Y-%m-%d}: {count} of {all} are in none of the captions that are known",
            )
        heading = plural(one, many, count, **terms) if count else nothing
        yield heading, [_topic_text(topic, result) for topic in topics]


def _search_text(one: Search, result: SearchWords) -> str:
    posts = plural("{count:,} post", "{count:,} posts", one.posts)
    terms = {"words": one_line(one.words), "posts": posts, "saying": one.saying}
    if one.share is not None:
        terms["share"] = format_value(one.share, ".0%")
    if not one.is_said:
        text = N_("“{words}”: led to {posts}, {share} of their searches; {nobody}")
        text = text if one.share is not None else N_("“{words}”: led to {posts}; {nobody}")
        return _(text, **terms, nobody=_nobody_says(result))
    text = N_("“{words}”: led to {posts}, {share} of their searches; said in {saying} of them")
    return _(text if one.share is not None else N_("“{words}”: led to {posts}; said in {saying} of them"), **terms)


def _nobody_says(result: SearchWords) -> str:
    """That no post says something, as far as the captions are known."""
    if not result.unknown_captions:
        return _("no post says it")
    return plural(
        "the {count:,} caption that is known does not say it",
        "none of the {count:,} captions that are known says it",
        result.captions,
    )


def _topic_text(one: Topic, result: SearchWords) -> str:
    words = f"“{one_line(one.words)}”"
    if one.popularity is not None:
        words += f" ({format_value(one.popularity, '.0%' if one.popularity <= 1 else ',.0f')})"
    return f"{words}: {_nobody_says(result)}"


def search_facts(result: SearchWords | None) -> dict[str, Any] | None:
    """The same for JSON, with all words; None where nothing is known."""
    if result is None:
        return None
    return {
        "posts": result.posts,
        "captions": result.captions,
        "unknown_captions": result.unknown_captions,
        "searches": [facts_of(one, "words share posts saying is_said") for one in result.searches],
        "topics_of": json_cell(result.topics_of),
        "topics": [facts_of(one, "words popularity is_said") for one in result.topics],
    }
