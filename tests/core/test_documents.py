"""YAML written by people: plain values, the line of each, and nothing that could hang or swell."""

from __future__ import annotations

import itertools
import re

import pytest
from pydantic import BaseModel

from tiktok_coach.core.config import AccountSettings, Config, LintSettings, RuleSettings
from tiktok_coach.core.documents.document import MAX_BYTES, Document, read_yaml, validate
from tiktok_coach.core.errors import CoachError
from tiktok_coach.ranking.feed.simulation import AudienceSettings
from tiktok_coach.rules.kind import built_in_kinds
from tiktok_coach.rules.model import Claim, Examples, Origin, Rule, RuleFile

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


class Owner(BaseModel):
    model_config = {"extra": "forbid"}
    name: str


class Shop(BaseModel):
    model_config = {"extra": "forbid"}
    name: str
    size: int
    owners: list[Owner] = []
    by_town: dict[str, Owner] = {}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("name: x\nsize: big\n", ["f:2: size must be a whole number, not 'big'"]),
        ("name: x\nsizes: 3\n", ["f:2: unknown key sizes; did you mean size?", "f:1: size is missing"]),
        (
            "size: 2.5\nname: 3\n",
            ["f:1: size must be a whole number, not 2.5", "f:2: name must be a text, not 3; put it in quotes"],
        ),
        ("- x\n", ["f:1: the file must be keys with values such as a: b"]),
        (
            "name: x\nsize: 1\nowners: [{nam: y}]\n",
            ["f:3: unknown key owners.0.nam; did you mean name?", "f:3: owners.0.name is missing"],
        ),
        (
            "name: x\nsize: 1\nby_town: {Ribe: {colour: y, name: z}}\n",
            ["f:3: unknown key by_town.Ribe.colour; use one of name"],
        ),
    ],
)
def test_every_fault_is_a_line_with_its_place_and_the_key_that_was_meant(text: str, lines: list[str]) -> None:
    with pytest.raises(CoachError) as caught:
        validate(Shop, read_yaml(text, "f"))
    assert str(caught.value).splitlines() == lines


# Of every kind, too large, too small, too long, and nothing.
VALUES = [None, "", "x" * 200, -(10**9), 10**9, 2.5, float("nan"), True, [], ["x"], [1], {}, {"x": "x"}, {"x": [1]}]
VALUES += [[{}], {"x": {}}, [[], [1, 2, 3, 4]]]


MODELS = [
    Config,
    AccountSettings,
    RuleSettings,
    LintSettings,
    RuleFile,
    Rule,
    Claim,
    Origin,
    Examples,
    AudienceSettings,
]
MODELS += [kind.params for kind in built_in_kinds().values()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nothing_that_pydantic_says_comes_through(model: type[BaseModel]) -> None:
    names = ["no_such_key", *(field.alias or name for name, field in model.model_fields.items())]
    said: list[str] = []
    for name, value in itertools.product(names, VALUES):
        try:
            validate(model, Document({name: value}, "f"))
        except CoachError as error:
            said += error.lines
    assert said
    assert [line for line in said if re.search(r"Input|should|[Vv]alid|String|Value error|instance", line)] == []
