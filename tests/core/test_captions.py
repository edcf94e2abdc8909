"""What follows from a caption alone."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tiktok_coach
from tiktok_coach.core import captions
from tiktok_coach.core.schema import escape_formulas, unescape_formulas


def column(*texts: str | None) -> pd.Series:
    return pd.Series(list(texts), dtype="str")


@pytest.mark.parametrize(
    "name",
    [m.name for m in pkgutil.walk_packages(tiktok_coach.__path__, "tiktok_coach.") if not m.name.endswith("__main__")],
)
def test_the_examples_in_docstrings_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1))
def test_utf16_length_is_what_utf16_encoding_takes(texts: list[str]) -> None:
    assert captions.utf16_length(column(*texts)).tolist() == [len(t.encode("utf-16-le")) / 2 for t in texts]


@pytest.mark.parametrize(
    ("caption", "asks"),
    [
        ("Can you?", True),
        ("Can you", False),
        ("何でしょう？", True),
        ("ما هذا؟", True),
        ("Τι είναι;", True),
        ("rye; bread", False),
        ("Ինչ՞", True),
        ("", False),
    ],
)
def test_questions_in_any_script(caption: str, asks: bool) -> None:
    assert captions.asks_question(column(caption)).tolist() == [asks]


def test_derived_columns() -> None:
    posts = pd.DataFrame({"caption": column("Hej @mor.dk #a#b?", None, ""), "hashtags": column("#b #c", None, None)})
    table = captions.derived_columns(posts)
    assert table["hashtags"].tolist()[0] == "#a #b #c"
    assert table["hashtag_count"].tolist() == [3, pd.NA, 0]
    assert table["mention_count"].tolist() == [1, pd.NA, 0]
    assert table["asks_question"].tolist() == [True, pd.NA, False]
    assert table["caption_utf16"].tolist()[0] == 20.0


def test_no_hashtags_at_all() -> None:
    assert captions.post_hashtags(pd.DataFrame({"views": [1]})) == [[]]
    assert captions.hashtags_in(column("none", "# none")).by_post(2) == [[], []]
    assert captions.derived_columns(pd.DataFrame({"caption": column("none")}))["hashtag_count"].tolist() == [0]


@given(st.lists(st.text(alphabet=st.sampled_from("'=+-@a \t\r")), min_size=1))
def test_what_is_made_safe_for_a_spreadsheet_comes_back_and_is_safe(texts: list[str]) -> None:
    safe = escape_formulas(column(*texts))
    assert unescape_formulas(safe).tolist() == texts
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in safe)
