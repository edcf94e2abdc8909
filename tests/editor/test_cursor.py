"""Where a cursor stands, in plans whole and half written; `|` is the cursor."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.editor.calendar import calendar
from tiktok_coach.core.documents.document import ListMarks, MapMarks, read_yaml, unpacked
from tiktok_coach.editor.cursor import cursor_at
from tiktok_coach.editor.cursor_context import ITEM, Cursor
from tiktok_coach.plans.documents import read_front_matter, read_json_document

POST = ("posts", ITEM)
# A cursor stands in each of these mappings, at a key.
AT_KEYS = {
    "|": (),
    "acc|": (),
    "cap|\nprivacy: public": (),
    "account: {handle: '@a'}\n|": (),
    "account: {han|": ("account",),
    "account:\n  handle: a\n  ti|": ("account",),
    "defaults:\n  vi|deo: {fps: 30}": ("defaults",),
    "posts:\n  - caption: a\n    |": POST,
    "posts:\n- caption: a\n  |": POST,
    "posts:\n  - caption: a\n    vid|\n    sound: {name: x}\n": POST,
    "posts:\n  - caption: a\n    |video: {fps: 30}": POST,
    "posts:\n  - caption: a: b\n    |": POST,
    "posts:\n  - caption: a\n  - |caption: b": POST,
    "posts:\n  - caption: |\n".replace("|", ">") + "      folded\n      text: yes\n    |": POST,
    "posts:\n  - caption: 'two\n      lines'\n    |": POST,
    'posts:\n  - caption: "never closed\n    |\n    sound: {name: x}': POST,
    "posts:\n  - video: {fps: 30\n    |": POST,
    "posts:\n  - video: {fps: 30, hei|": (*POST, "video"),
    "posts:\n  - video: {fps: 30, hei|\n    sound: {name: x}": (*POST, "video"),
    "posts:\n  - video: {\n      fps: 30,\n      |\n    }": (*POST, "video"),
    "posts:\n  - video:\n      fps: 30\n      |": (*POST, "video"),
    "posts: [{caption: x, vi|}]": POST,
    "posts:\n  - {caption: x, |}": POST,
    "posts:\r\n  - caption: a\r\n    |\r\n": POST,
    "---\nposts:\n  # the first\n  - caption: a\n    |": POST,
    "  posts:\n    - caption: a\n      |": POST,
    "posts:\n  - caption: 🍞 æ\n    v|": POST,
}
AT_VALUES = {
    "privacy: |": ((), "privacy"),
    "privacy:|": ((), "privacy"),
    "posts:\n  - privacy: pub|lic # as ever": (POST, "privacy"),
    "posts:\n  - privacy: |\n    video: {fps: 30}": (POST, "privacy"),
    "posts:\n  - sound: {original:|}": ((*POST, "sound"), "original"),
    "posts:\n  - sound: {original: |}": ((*POST, "sound"), "original"),
    "posts:\n  - sound: {original: |\n    video: {fps: 30}": ((*POST, "sound"), "original"),
    'posts:\n  - caption: "half #sur|\n    sound: {name: x}': (POST, "caption"),
    "posts:\n  - caption: 'it''s #sur|'": (POST, "caption"),
    "posts:\n  - caption: >\n      half\n\n      #sur|\n    sound: x": (POST, "caption"),
    "posts:\n  - caption: one\n      two|": (POST, "caption"),
    "posts:\n  - video:\n      |": (POST, "video"),
    "account: {timezone: Eur|": (("account",), "timezone"),
    "account:\n  timezone: Eur|\nposts: []": (("account",), "timezone"),
}


def at(marked: str, suffix: str = ".yaml") -> Cursor:
    """What stands at the `|` of a text."""
    cursor = maybe_at(marked, suffix)
    assert cursor is not None
    return cursor


def maybe_at(marked: str, suffix: str = ".yaml") -> Cursor | None:
    offset = marked.index("|")
    return cursor_at(marked[:offset] + marked[offset + 1 :], offset, suffix)


@pytest.mark.parametrize(("text", "path"), AT_KEYS.items())
def test_a_key_is_to_stand_in_the_mapping_around_the_cursor(text: str, path: tuple[str, ...]) -> None:
    cursor = at(text)
    assert (cursor.site, cursor.path) == ("key", path)


@pytest.mark.parametrize(("text", "where"), AT_VALUES.items())
def test_a_value_is_to_stand_after_its_key(text: str, where: tuple[tuple[str, ...], str]) -> None:
    cursor = at(text)
    assert (cursor.site, cursor.path, cursor.key) == ("value", *where)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("posts:\n  - |", ("posts",)),
        ("posts:\n  - cap|", ("posts",)),
        ("posts:\n  -|", ("posts",)),
        ("posts:\n  - hashtags: [a, b|]", (*POST, "hashtags")),
        ("posts:\n  - hashtags:\n      - a\n      - '#b|'", (*POST, "hashtags")),
        ("account: {subcultures: [|", ("account", "subcultures")),
    ],
)
def test_an_item_is_to_stand_in_the_list_around_the_cursor(text: str, path: tuple[str, ...]) -> None:
    cursor = at(text)
    assert (cursor.site, cursor.path) == ("item", path)


def test_the_other_keys_of_a_mapping_are_those_before_and_after_the_cursor() -> None:
    assert at("posts:\n  - caption: a\n    vid|\n    kind: photo\n  - title: b").keys == {
        "caption": "a",
        "kind": "photo",
    }
    assert at("posts:\n  - |\n    caption: a").keys == {"caption": "a"}
    assert at("posts:\n  - video:\n      |\n      fps: 30\n    kind: photo").keys == {"fps": "30"}
    assert at("posts:\n  - sound: {name: Levain, |, original: true}").keys == {"name": "Levain", "original": "true"}
    assert set(at("account: {}\nposts:\n  - caption: a\n|\ndefaults: {}").keys) == {"account", "posts", "defaults"}
    assert at('{"posts": [{"caption": "a", |}]}', ".json").keys == {"caption": "a"}


def test_what_is_typed_is_known_with_its_span_and_its_quotes() -> None:
    cursor = at('posts:\n  - privacy: "pub|lic"')
    assert (cursor.start, cursor.end, cursor.prefix, cursor.quote) == (20, 28, '"pub', '"')
    cursor = at("posts:\n  - privacy: pub|lic # c")
    assert (cursor.start, cursor.end, cursor.prefix, cursor.quote) == (20, 26, "pub", "")
    cursor = at("posts:\n  - privacy:|")
    assert (cursor.start, cursor.end, cursor.lead) == (19, 19, " ")
    assert at("posts:\n  - vid|eo: {}").has_colon
    assert at('posts:\n  - caption: "done"|').is_closed


def test_a_comment_is_no_text_of_the_plan() -> None:
    assert at("posts:\n  - caption: a # coach: ignore[T4|]").site == "comment"
    assert at("# a plan|").site == "comment"
    assert at("posts:\n  - video: { # of |\n      fps: 30}").site == "comment"
    lost = at("posts:\n  - caption: Rye #bread|")
    assert (lost.site, lost.key, lost.prefix) == ("comment", "caption", "#bread")


def test_front_matter_alone_is_a_plan_of_markdown() -> None:
    assert at("---\ncap|\n---\nbody", ".md").site == "key"
    assert at("---\nvideo: {|\n", ".md").path == ("video",)
    assert maybe_at("---\ncaption: a\n---\nbo|dy", ".md") is None
    assert maybe_at("# A ti|tle", ".md") is None


def test_within_an_indent_nothing_is_to_stand() -> None:
    assert maybe_at("posts:\n | - caption: a") is None


def places(
    value: Any, marks: Any, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str | None, int, int]]:
    """The path, the key, the start and the end of every key and every value of a document; for keys no key."""
    if isinstance(marks, MapMarks):
        for name, mark in marks.items():
            start = unpacked(mark)[0]
            if start >= 0:
                yield path, None, start, start + len(name)
            if isinstance(mark, MapMarks | ListMarks):
                yield from places(value[name], mark, (*path, name))
            else:
                yield path, name, *unpacked(mark)[1:]
    elif isinstance(marks, ListMarks):
        for inner, mark in zip(value, marks, strict=True):
            if isinstance(mark, MapMarks | ListMarks):
                yield from places(inner, mark, (*path, ITEM))
            else:
                yield path, ITEM, *unpacked(mark)[1:]


def check_places(text: str, suffix: str, found: list[tuple[tuple[str, ...], str | None, int, int]]) -> None:
    for path, key, start, end in found:
        # Behind a closing quote stands nothing of the text.
        is_quoted = text[start : start + 1] in "\"'"
        for offset in {start + is_quoted, (start + end) // 2, end - is_quoted}:
            if not start + is_quoted <= offset <= end or not text[start:end].strip():
                continue
            before = text[text.rfind("\n", 0, offset) + 1 : offset]
            if offset > start and not before.strip():
                # In the indent of a line on which a text goes on.
                continue
            cursor = cursor_at(text, offset, suffix)
            assert cursor is not None
            assert cursor.path == path, (text[start:end], offset)
            site = "key" if key is None else "item" if key == ITEM else "value"
            assert cursor.site == site, (text[start:end], offset)
            if site == "value":
                assert cursor.key == key


WORDS = st.sampled_from(
    ["Rye", "bread: rises?", "#surdej", "it's", 'a "b"', "🍞 æøå", "- dash", "{x}", "18:30", "x, y", "# not"]
)
CAPTIONS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
FACTS = st.fixed_dictionaries(
    {"caption": CAPTIONS},
    optional={
        "video": st.fixed_dictionaries({}, optional={"duration_s": st.integers(1, 60), "opening_text": CAPTIONS}),
        "hashtags": st.lists(st.sampled_from(["bread", "rye", "#kage"]), max_size=3),
        "privacy": st.sampled_from(["public", "friends"]),
        "sound": st.fixed_dictionaries({"name": CAPTIONS}, optional={"original": st.booleans()}),
    },
)
PLANS = st.fixed_dictionaries(
    {"posts": st.lists(FACTS, min_size=1, max_size=3)},
    optional={"account": st.fixed_dictionaries({"handle": st.just("@a"), "subcultures": st.just(["foodtok"])})},
)


@given(PLANS, st.booleans() | st.none(), st.integers(20, 200))
@settings(max_examples=60, deadline=None)
def test_the_path_is_that_of_the_parsed_plan_at_every_place(plan: Any, flow: bool | None, width: int) -> None:
    import yaml

    text = yaml.safe_dump(plan, allow_unicode=True, default_flow_style=flow, width=width, sort_keys=False)
    document = read_yaml(text, "plan.yaml")
    check_places(text, ".yaml", list(places(document.value, document.marks)))


@given(PLANS, st.sampled_from([None, 2, 4]))
@settings(max_examples=60, deadline=None)
def test_the_path_in_json_is_that_of_the_parsed_plan(plan: Any, indent: int | None) -> None:
    text = json.dumps(plan, ensure_ascii=False, indent=indent)
    document = read_json_document(text, "plan.json")
    check_places(text, ".json", list(places(document.value, document.marks)))


@given(FACTS)
@settings(max_examples=30, deadline=None)
def test_the_path_in_front_matter_is_that_of_the_parsed_post(post: Any) -> None:
    import yaml

    text = f"---\n{yaml.safe_dump(post, allow_unicode=True, sort_keys=False)}---\nThe story: of a loaf\n"
    document = read_front_matter(text, "post.md")
    assert document is not None
    check_places(text, ".md", list(places(document.value, document.marks)))


@given(st.integers(1, 12), st.integers(0, 5), st.data())
@settings(max_examples=200, deadline=None)
def test_no_cut_or_torn_calendar_stops_the_scanner(count: int, seed: int, data: st.DataObject) -> None:
    text = calendar(count, seed)
    start = data.draw(st.integers(0, len(text)))
    text = (
        text[:start]
        + data.draw(st.text("ab \n:-{}[]\"'#|>,&*!\t🍞\r", max_size=6))
        + text[data.draw(st.integers(start, len(text))) :]
    )
    offset = data.draw(st.integers(0, len(text)))
    for suffix in (".yaml", ".md", ".json"):
        cursor = cursor_at(text, offset, suffix)
        assert cursor is None or 0 <= cursor.start <= offset <= cursor.end <= len(text)


def test_a_calendar_cut_anywhere_is_told_as_before_the_cut() -> None:
    text = calendar(3)
    offset = text.index("duration_s", text.index("bake-1")) + 3
    cursor = cursor_at(text[:offset], offset, ".yaml")
    assert cursor is not None
    assert (cursor.site, cursor.path, cursor.prefix) == ("key", (*POST, "video"), "dur")


def long_text(style: str) -> str:
    """A calendar of 2,000 posts."""
    posts = {"posts": [{"caption": f"No. {n} #a", "video": {"fps": 30}} for n in range(2_000)]}
    if style == "block":
        return calendar(2_000)
    if style == "brackets":
        return (
            "account: {}\nposts: [" + ", ".join(f"{{caption: No. {n}, video: {{fps: 30}}}}" for n in range(2_000)) + "]"
        )
    return json.dumps(posts, indent=2 if style == "indented" else None)


@pytest.mark.parametrize(
    ("style", "suffix"), [("block", ".yaml"), ("brackets", ".yaml"), ("indented", ".json"), ("a line", ".json")]
)
def test_a_long_calendar_is_scanned_from_near_the_cursor(style: str, suffix: str) -> None:
    text = long_text(style)
    offset = text.rindex("video") + 2
    cursor = cursor_at(text, offset, suffix)
    assert cursor is not None
    assert (cursor.site, cursor.path) == ("key", POST)
    # Of half a million characters it looks at those of the post, each in a few steps.
    assert steps(text, offset, suffix) < 20_000


def test_brackets_without_end_are_followed_once() -> None:
    assert steps("{" * 20_000, 20_000, ".json") < 40 * 20_000


def steps(text: str, offset: int, suffix: str) -> int:
    """How many lines of code are run, which is the same on every machine."""
    count = 0

    def trace(_frame: object, _event: str, _argument: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        cursor_at(text, offset, suffix)
    finally:
        sys.settrace(before)
    return count
