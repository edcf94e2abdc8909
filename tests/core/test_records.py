"""Frozen dataclasses of the package are what Python's own are, of which each test makes the same."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from functools import cached_property, partial
from typing import Any

import pytest

from tiktok_coach.core import records

Decorator = Callable[..., Any]


def make(dataclass: Decorator) -> Any:
    @dataclass(frozen=True)
    class Post:
        """A post; `values` and `name` are names that its methods might use themselves."""

        values: tuple[int, ...]
        name: str = "rye"
        tags: list[str] = field(default_factory=list, compare=False)
        secret: int = field(default=0, repr=False)
        views: int = field(default=3, kw_only=True)

        @cached_property
        def twice(self) -> int:
            return 2 * self.views

    return Post


def make_below(dataclass: Decorator) -> Any:
    @dataclass(frozen=True)
    class Video(make(dataclass)):  # type: ignore[misc]
        """A post with a length, which is not negative."""

        length: float = 1.0

        def __post_init__(self) -> None:
            if self.length < 0:
                object.__setattr__(self, "length", 0.0)

        def __repr__(self) -> str:
            return "a video"

    return Video


BOTH = pytest.mark.parametrize("dataclass", [records.dataclass, dataclasses.dataclass], ids=["own", "Python's"])


@BOTH
def test_fields_come_by_place_and_by_name_with_their_defaults(dataclass: Decorator) -> None:
    one = make(dataclass)((1,), "bun", views=4)
    assert vars(one) == {"values": (1,), "name": "bun", "tags": [], "secret": 0, "views": 4}
    assert one.tags is not make(dataclass)((1,)).tags
    for wrong in ({}, {"values": (1,), "other": 1}):
        with pytest.raises(TypeError):
            make(dataclass)(**wrong)
    with pytest.raises(TypeError):
        make(dataclass)((1,), "bun", [], 0, 4)


@BOTH
def test_those_of_one_class_with_the_same_values_are_equal(dataclass: Decorator) -> None:
    post, video = make(dataclass), make_below(dataclass)
    assert post((1,), tags=["a"]) == post((1,), tags=["b"])
    assert post((1,)) != post((2,))
    assert post((1,)) != video((1,))
    assert len({post((1,)), post((1,)), post((2,))}) == 2


@BOTH
def test_a_text_shows_the_fields_that_are_to_be_shown(dataclass: Decorator) -> None:
    assert repr(make(dataclass)((1,))).endswith("Post(values=(1,), name='rye', tags=[], views=3)")
    assert repr(make_below(dataclass)((1,))) == "a video"


@BOTH
def test_nothing_can_be_set_or_deleted_but_what_is_cached(dataclass: Decorator) -> None:
    one = make(dataclass)((1,))
    for change in (
        partial(setattr, one, "name", "bun"),
        partial(setattr, one, "other", 1),
        partial(delattr, one, "name"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()
    assert one.twice == 6
    assert one.name == "rye"


@BOTH
def test_fields_of_the_class_above_come_first_and_what_comes_after_is_done(dataclass: Decorator) -> None:
    video = make_below(dataclass)((1,), length=-2.0)
    assert [one.name for one in dataclasses.fields(video)] == ["values", "name", "tags", "secret", "views", "length"]
    assert video.length == 0.0


@BOTH
def test_python_s_own_functions_know_it(dataclass: Decorator) -> None:
    one: Any = make_below(dataclass)((1,), "bun", views=4)
    assert dataclasses.replace(one, name="rye").name == "rye"
    assert dataclasses.asdict(one)["views"] == 4
    assert copy.deepcopy(one) == one
    assert dataclasses.is_dataclass(one)


def test_those_of_the_package_can_be_pickled_and_matched() -> None:
    from tiktok_coach.plans.places import Place

    place = Place("plan.yaml", 1, 2, 1, 5)
    assert pickle.loads(pickle.dumps(place)) == place
    match place:
        case Place("plan.yaml", line):
            assert line == 1
        case _:
            raise AssertionError


def test_other_dataclasses_are_left_to_python() -> None:
    @records.dataclass
    class Counter:
        count: int = 0

    counter = Counter()
    counter.count += 1
    assert counter == Counter(1)
