"""YAML written by people: plain values, the line of each, and nothing that could hang or swell."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from tiktok_coach.core.documents.document import MAX_BYTES, Document, read_yaml, validate
from tiktok_coach.core.errors import CoachError

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(8)
)


def test_words_that_yaml_1_1_would_turn_into_something_else_stay_texts() -> None:
    value = read_yaml(
        "language: no\ncountry: NO\non: 2026-01-02\nyes: 12:30\nflag: true\nnothing:\nid: 007\nn: -5\nf: 1e3\ng: .5\n",
        "f",
    ).value
    assert value == {
        "language": "no",
        "country": "NO",
        "on": "2026-01-02",
        "yes": "12:30",
        "flag": True,
        "nothing": None,
        "id": "007",
        "n": -5,
        "f": 1000.0,
        "g": 0.5,
    }


def test_the_line_of_a_value_or_of_its_nearest_parent() -> None:
    document = read_yaml("a:\n  - b: 1\n    c: 2\n  - d: 3\n", "f")
    assert document.line_of(("a", 0, "c")) == 3
    assert document.line_of(("a", 1)) == 4
    assert document.line_of(("a", 0, "z")) == 2
    assert Document({}, "f").line_of(("a",)) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\n", r"f:2: not valid YAML"),
        ("a: 1\na: 2\n", r"f:2: not valid YAML: the key 'a' comes twice"),
        ("\ta: 1\n", r"f:1: not valid YAML"),
        ("[" * 100 + "]" * 100, "nested more than 60 levels deep"),
        (BOMB, "aliases expand to too many values"),
        ("a: !!python/object:os.system x\n", "not valid YAML"),
        ("a: 1\n---\nb: 2\n", "not valid YAML"),
        ("x" * (MAX_BYTES + 1), "larger than 32 MB"),
        ("? [a]\n: 1\n", "not valid YAML"),
        ("a: &x [*x]\n", "aliases expand to too many values"),
    ],
)
def test_what_is_not_well_formed_is_one_line(text: str, message: str) -> None:
    with pytest.raises(CoachError, match=message):
        read_yaml(text, "f")


class Shop(BaseModel):
    model_config = {"extra": "forbid"}
    name: str
    size: int


def test_faults_are_named_with_their_line_and_counted() -> None:
    with pytest.raises(CoachError, match=r"f:2: size: Input should be a valid integer.*"):
        validate(Shop, read_yaml("name: x\nsize: big\n", "f"))
    with pytest.raises(CoachError, match=r"f:2: unknown key sizes \(and 1 more\)"):
        validate(Shop, read_yaml("name: x\nsizes: 3\n", "f"))
    with pytest.raises(CoachError, match="f: the file: Input should be a valid dictionary"):
        validate(Shop, Document([], "f"))
