"""What small functions give that everything else stands on, one example each."""

from __future__ import annotations

import pandas as pd
import pyarrow.compute as pc

from tiktok_coach.core.account import normalize_handle
from tiktok_coach.core.arrays import as_int64, astral_counts, maybe_duplicated, text_array
from tiktok_coach.core.documents.document import line_column, line_starts
from tiktok_coach.core.errors import CoachError, access_error, closest, did_you_mean
from tiktok_coach.core.schema import schema_order
from tiktok_coach.core.translation import format_value, short_number, use_language, weekday_names
from tiktok_coach.io.files.decoding import flatten
from tiktok_coach.io.join import plain_title
from tiktok_coach.io.parse import upload_times
from tiktok_coach.linter.fixes import changed, needless_spaces, one_word, repeated_hashtags
from tiktok_coach.plans.places import Place
from tiktok_coach.render.lint.text import cell_name


def test_texts_become_arrays_and_numbers() -> None:
    assert text_array(["æble", None, ""]).to_pylist() == ["æble", None, ""]
    assert as_int64(pc.utf8_length(text_array(["ab", None])), nothing=-1).tolist() == [2, -1]
    assert astral_counts(text_array(["æble", "🍞🍞", None])).tolist() == [0, 2, 0]
    texts = text_array(["the same text", "another text, long", "the same text", "ab", None])
    assert maybe_duplicated(texts).tolist() == [True, False, True, True, True]


def test_an_error_is_one_line_with_its_place_and_what_to_do() -> None:
    error = CoachError("has no posts", where="Content.csv", line=3, hint="download it again")
    assert str(error) == "Content.csv:3: has no posts; download it again"
    with use_language("en"):
        denied = access_error("written", PermissionError(13, "Permission denied"), "posts.csv", "name another")
        assert str(denied) == "posts.csv: cannot be written (Permission denied); name another"
        assert did_you_mean("hock_s", ["views", "hook_s"]) == "did you mean hook_s?"
    assert closest("hock_s", ["views"]) == []
    assert line_column(line_starts("a: 1\nb: 2\n"), 8) == (2, 4)


def test_names_are_told_and_ordered() -> None:
    assert normalize_handle("@MyBakery") == "mybakery"
    assert schema_order(["mine", "views", "post_id"]) == ["post_id", "views", "mine"]
    assert flatten({"stats": {"playCount": 5}, "tags": [1]}) == {"stats.playCount": 5, "tags": [1]}
    assert plain_title(pd.Series([" Rye  BREAD\n#baking "])).tolist() == ["rye bread #baking"]
    assert cell_name(Place("plan.xlsx", 7, 28, 7, 29)) == "AB7"


def test_ids_tell_when_a_video_was_uploaded() -> None:
    times = upload_times(pd.Series(["7650921463263792402", "at-1"]))
    assert times.iloc[0] == pd.Timestamp("2026-06-13T16:42:48Z")
    assert pd.isna(times.iloc[1])


def test_numbers_are_written_as_the_language_does() -> None:
    with use_language("en"):
        assert format_value(1234.5, ",.1f") == "1,234.5"
        assert weekday_names()[0] == "Mon"
        assert [short_number(n) for n in (20_000_000, 5_000, 100, 0.5)] == ["20M", "5k", "100", "0.5"]
    with use_language("da"):
        assert format_value(1234.5, ",.1f") == "1.234,5"


def test_texts_are_mended() -> None:
    tags = "Rye #bread #rye #Bread"
    assert changed(tags, repeated_hashtags(tags)) == "Rye #bread #rye"
    assert changed(" Rye  bread ", needless_spaces(" Rye  bread ")) == "Rye bread"
    assert one_word("#cottage core") == "cottagecore"
