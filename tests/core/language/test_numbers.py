"""A number stands before a word of its own number: "1 note", "2 notes", in every text that a user may see."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tiktok_coach
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.phrases import fill_text

PACKAGE = Path(tiktok_coach.__file__).parent
# Places that hold numbers, by name; and any that has the format of one.
NUMBERS = (
    "accounts|after|agreeing|all|between|columns|count|days|done|enough_posts|examples|failed|far|files|fewest"
    "|fewest_pairs|hours|kept|known|least|left|levels|lost|min_posts|missing|more|most|nameless|number|origins|pairs"
    "|planned|posts|rest|rows|rules|used|views|watched|weeks|without_id|wrong"
)
PLURAL = re.compile(
    r"\{(?:(?:" + NUMBERS + r")(?:,?:[^{}]*)?|\w+:,?(?:\.\df)?g?)\} (?:more |own )?"
    r"(?:(?!of\b|is\b|in\b|to\b|and\b|or\b|from\b)[a-z-]+ ){0,2}?"
    # Words that end so and are no nouns.
    r"(?!as\b|is\b|was\b|has\b|its\b|this\b|lists\b|holds\b|takes\b|tells\b|does\b|needs\b|less\b|others\b)[a-z]+s\b"
)
# Where the number is never 1: it is a constant of the code, or what is said is said of several alone.
NEVER_ONE = (
    "Your usual post got {views:,.0f} views",
    "none of the {count} videos that the plan names",
    "{posts} of {count:,} accounts",
    "Of {count} accounts this is {account} alone",
    "holds more than {files:,} files",
    "holds more than {count:,} files and folders",
    "{length} of {most} characters, hashtags included",
    "none of the post's {count} photos",
    "none of the {count} files of subtitles",
    "None of your {known:,} posts does",
    "before each of {origins} days",
    "It takes {count:,} posts",
    "Not feasible: to find {effect}",
    "With {per_day} posts a day",
    "{done} of {planned} pairs are done",
    "Compared with {posts} public posts",
    "{worth} expected in {days} days",
    "{views} expected after {days} days",
    "more views expected within {days} days",
    "{times:.1f} times your usual",
    "{count} accounts on TikTok",
    "It takes {fewest} posts with hour and views",
    "For {far} of {count} accounts",
    "of {count} accounts this is",
    "Of the {count} accounts below",
    "has {count} accounts",
    "its workers have up to {count} threads",
    "in any of {count} timezones",
    "{rows} rows share an id",
    "a text of {count:,} characters",
    "the YAML is nested more than {levels} levels",
    "has {widest:,} columns, more than",
    "the sheet spans {rows:,} rows",
    "the archive has more than {most:,} files",
    "{option} {post!r} fits {count} posts",
    "the running median of {count} posts",
    "Not enough data",
    "Views: not enough data",
    "To find {factor} the views",
    "More than {largest:,} pairs",
    "With fewer than {enough_posts} published posts",
    "{agreeing} of {known} posts went out at",
    "rank: how well the order of the posts was foretold",
    "Beside {posts} public posts",
    "Public accounts: {posts} posts",
    "still growing?",
    "views expected {days} days after",
    "Engagement: {counts} times",
    "×{effect:.2f} views",
    "example {number} gives",
    "{growth} more views within {days} days",
    "{views} in {days} days",
    "{views} after {days} days",
    "its age is outside the",
    "it has fewer than the",
    "none of the {count} videos that the plan names",
    "none of the post's {count} photos",
    "none of the {count} files of subtitles",
    "the pages of at least {min_posts} posts",
    "; {posts} of the account's own posts",
    "of hours that lie",
    # Shown where some of the posts of a page are, and some are not.
    "{count} of {all} posts",
    "{count} posts",
)


def texts() -> Iterator[tuple[str, str]]:
    """Every text that is looked up in the catalogues alone, without a form for one, and where it stands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "N_"}):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                yield f"{path.name}:{node.lineno}", str(node.args[0].value)
    for path in sorted((PACKAGE / "render" / "site" / "parts").iterdir()):
        for text in re.findall(r'\b_\("([^"]+)"', path.read_text("utf-8")):
            yield path.name, text


def test_what_a_number_counts_has_a_form_for_one() -> None:
    faults = [f"{where}: {text}" for where, text in texts() if PLURAL.search(text)]
    faults = [fault for fault in faults if not any(start in fault for start in NEVER_ONE)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "text",
    [
        "{count} notes on how the files were read",
        "{rest:,} more failures; {file} has them all",
        "{count} entries are not posts",
        "{used} posts tell an hour",
    ],
)
def test_a_text_without_a_form_for_one_would_be_seen(text: str) -> None:
    assert PLURAL.search(text)


def test_what_a_rule_counts_has_a_form_for_one() -> None:
    place = re.compile(r"\{(?:value|over|min_hours|max_days|within)\} [a-z-]+s\b")
    # What is no count, or is so long that it is not 1.
    other = re.compile(r"\{value\} is |has \{value\} characters; |\{value\} beats a minute")
    for compiled in load_rules([rulebook()]):
        rule = compiled.rule
        for text in (rule.message, rule.passed, rule.fix, rule.advice or ""):
            assert not place.search(other.sub("", text)), f"{rule.code}: {text}"


@pytest.mark.parametrize(
    ("value", "filled"), [(1, "repeats 1 hashtag"), (1.0, "repeats 1 hashtag"), (2, "repeats 2 hashtags")]
)
def test_a_rules_text_counts_with_words_for_one_and_for_many(value: float, filled: str) -> None:
    assert fill_text("repeats {value:hashtag|hashtags}", {"value": value}) == filled


@pytest.mark.parametrize(
    ("value", "filled"), [(999, "999"), (3168, "3,168"), (10000.0, "10,000"), (12345.6, "12,346"), (13.75, "13.75")]
)
def test_a_rules_text_sets_thousands_apart(value: float, filled: str) -> None:
    assert fill_text("{value}", {"value": value}) == filled


def test_a_rules_text_counts_what_is_not_known_as_many() -> None:
    assert fill_text("Cut {over:character|characters}.", {}) == "Cut … characters."
