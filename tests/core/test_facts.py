"""Columns as rules read them: the same from a pandas table as from plain values, and clocks as pandas tells them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_coach.core import arrays
from tiktok_coach.core.arrays import (
    as_bool,
    as_float64,
    as_int64,
    astral_counts,
    factorize,
    first_and_last,
    has_any,
    is_in,
    mask_array,
    maybe_duplicated,
    rows_with,
    tails_after,
    take,
    text_array,
    text_codes,
    valid_mask,
)
from tiktok_coach.core.captions import Hashtags, asks_question, hashtags_in, merge_hashtags, utf16_length
from tiktok_coach.core.facts import concat_facts, facts_from_columns, facts_from_frame, known_mask
from tiktok_coach.rules.subjects import local_time

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
TEXTS = st.lists(TEXT | st.none(), max_size=12)


@given(TEXTS)
def test_texts_go_into_arrow_and_come_back(texts: list[str | None]) -> None:
    array = text_array(texts)
    assert array.to_pylist() == texts
    array.validate(full=True)
    assert valid_mask(array).tolist() == [t is not None for t in texts]
    assert as_int64(pc.utf8_length(array), nothing=-1).tolist() == [-1 if t is None else len(t) for t in texts]
    number, words = factorize(array)
    assert [None if n < 0 else words[n] for n in number.tolist()] == texts
    assert (text_codes(array) == number).all()
    assert is_in(array, ["a", ""]).tolist() == [t in {"a", ""} for t in texts]


@given(TEXTS, st.data())
def test_rows_are_taken_and_sliced_as_lists_are(texts: list[str | None], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=8)) if texts else []
    assert take(text_array(texts), np.array(rows, dtype=np.int64)).to_pylist() == [texts[row] for row in rows]
    mask = np.array([bool(n % 2) for n in range(len(texts))], dtype=bool)
    assert text_array(texts).filter(mask_array(mask)).to_pylist() == texts[1::2]
    part = pc.utf8_length(text_array(texts)).slice(1)
    assert as_int64(part, nothing=-1).tolist() == [-1 if t is None else len(t) for t in texts[1:]]


def test_missing_values_stay_missing() -> None:
    flags = pa.array([True, None, False])
    assert as_bool(flags).tolist() == [True, False, False]
    assert np.isnan(as_float64(flags)).tolist() == [False, True, False]
    assert as_float64(flags)[[0, 2]].tolist() == [1.0, 0.0]


def moments() -> st.SearchStrategy[dt.datetime]:
    """Moments of decades, and many of the days on which the clocks of the zones below change."""
    changes = [(2026, 3, 29), (2026, 10, 25), (2026, 11, 1), (2026, 4, 4), (2011, 12, 30), (2026, 2, 15)]
    days = [dt.datetime(*day) for day in changes]  # noqa: DTZ001
    near = st.builds(
        lambda day, seconds: day + dt.timedelta(seconds=seconds), st.sampled_from(days), st.integers(-90_000, 90_000)
    )
    return near | st.datetimes(dt.datetime(1999, 1, 1), dt.datetime(2037, 12, 31))  # noqa: DTZ001


@given(
    st.lists(moments(), min_size=1, max_size=20),
    st.sampled_from(
        [
            "Europe/Copenhagen",
            "America/New_York",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Africa/Casablanca",
            "Asia/Kathmandu",
            "UTC",
        ]
    ),
)
def test_clocks_are_those_of_pandas(moments: list[dt.datetime], zone: str) -> None:
    times = np.array(moments, dtype="datetime64[us]")
    expected = pd.Series(times).dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
    assert (local_time(times, zone) == expected.to_numpy()).all()
    nothing = np.array(["NaT"], dtype="datetime64[us]")
    assert np.isnat(local_time(nothing, zone)).all()
    assert (local_time(np.r_[nothing, times], zone)[1:] == expected.to_numpy()).all()


@given(
    st.lists(
        st.none()
        | st.text("abæ🍞 ", max_size=30)
        | st.sampled_from(["the same words again", "the same words", "sand"]),
        max_size=40,
    )
)
def test_no_text_that_is_repeated_is_passed_over(texts: list[str | None]) -> None:
    maybe = maybe_duplicated(text_array(texts))
    assert all(maybe[row] for row, text in enumerate(texts) if text is not None and texts.count(text) > 1)
    # Of a part of an array too, which lies somewhere in the buffers of the whole.
    assert (maybe_duplicated(text_array(["in front", *texts])[1:]) == maybe).all()


@given(st.lists(st.none() | st.text("aé？?#؟", max_size=6), max_size=8))
def test_characters_are_looked_for_by_their_bytes(texts: list[str | None]) -> None:
    # A part of an array, which lies somewhere in the buffers of the whole.
    array = text_array(["?#é", *texts])[1:]
    assert rows_with(array, "?？é").tolist() == [row for row, text in enumerate(texts) if set(text or "") & set("?？é")]
    assert has_any(array, "？", "é") == any(set(text or "") & set("？é") for text in texts)
    rows, tails = tails_after(array, "#")
    expected = [(row, f"#{tail}") for row, text in enumerate(texts) for tail in (text or "").split("#")[1:]]
    assert list(zip(rows.tolist(), tails.to_pylist(), strict=True)) == expected


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2)), max_size=12))
def test_the_first_and_the_last_of_a_group_are_those_of_sorting_it(pairs: list[tuple[int, int]]) -> None:
    groups, keys = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    own = [sorted(((key, row) for row, (of, key) in enumerate(pairs) if of == group)) for group in range(4)]
    first, last = first_and_last(groups, keys, 4)
    assert first.tolist() == [rows[0][1] if rows else -1 for rows in own]
    assert last.tolist() == [rows[-1][1] if rows else -1 for rows in own]


@given(st.lists(st.none() | st.text(max_size=12), max_size=20))
def test_utf16_is_counted_as_python_encodes_it(texts: list[str | None]) -> None:
    clean = [None if text is None else text.encode("utf-8", "replace").decode() for text in texts]
    expected = [np.nan if text is None else len(text.encode("utf-16-le")) / 2 for text in clean]
    assert np.array_equal(utf16_length(clean), expected, equal_nan=True)
    assert np.array_equal(utf16_length(text_array(["🍞", *clean])[1:]), expected, equal_nan=True)


@given(st.lists(st.none() | st.text("aæ🍞?#＃ ", max_size=6), max_size=8), st.integers(1, 9))
def test_texts_looked_at_part_by_part_tell_what_they_tell_as_a_whole(texts: list[str | None], at_once: int) -> None:
    def part_results() -> list[list[float] | list[tuple[int, str]]]:
        matches = hashtags_in(texts)
        tags = [
            (row, matches.words[code]) for row, code in zip(matches.row.tolist(), matches.code.tolist(), strict=True)
        ]
        known = [np.nan_to_num(of(texts), nan=-1).tolist() for of in (utf16_length, asks_question)]
        return [tags, maybe_duplicated(text_array(texts)).tolist(), *known]

    whole = part_results()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "TEXTS_AT_ONCE", at_once)
        assert part_results() == whole
    assert astral_counts(text_array(texts)).tolist() == [(text or "").count("🍞") for text in texts]


def test_a_pandas_table_gives_the_same_columns_as_plain_values() -> None:
    frame = pd.DataFrame(
        {
            "caption": pd.Series(["a", None], dtype="str"),
            "views": pd.Series([3, None], dtype="Int64"),
            "intro": pd.Series([None, True], dtype="boolean"),
            "posted_at": pd.to_datetime(["2026-12-01T10:00:00Z", None]),
            "sources": pd.Series(["x", None], dtype="category"),
        }
    )
    facts = facts_from_frame(frame)
    assert [known_mask(facts.column_or_null(name)).tolist() for name in frame.columns] == [
        [True, False],
        [True, False],
        [False, True],
        [True, False],
        [True, False],
    ]
    assert facts.column_or_null("posted_at")[0] == np.datetime64("2026-12-01T10:00:00")
    plain = facts_from_columns({"caption": text_array(["b"]), "sources": text_array(["y"])}, 1)
    both = concat_facts([facts, plain])
    assert both.column_or_null("caption").to_pylist() == ["a", None, "b"]
    assert both.column_or_null("sources").to_pylist() == ["x", None, "y"]
    assert known_mask(both.column_or_null("views")).tolist() == [True, False, False]
    assert both.take(np.array([2, 0])).column_or_null("caption").to_pylist() == ["b", "a"]
    assert both.column("no such") is None
    assert not known_mask(both.column_or_null("bpm")).any()


TAGS = st.lists(st.sampled_from(["#a", "#b", "#c", "#A", "word", "#d#a"]), max_size=5).map(" ".join)


@given(st.lists(TAGS, min_size=1, max_size=8), st.lists(TAGS, min_size=8, max_size=8))
def test_hashtags_of_posts_are_sets_of_words(captions: list[str], beside: list[str]) -> None:
    def words(table: Hashtags, row: int) -> list[str]:
        return [table.words[code] for code in table.code[table.row == row]]

    first, second = hashtags_in(captions), hashtags_in(beside[: len(captions)])
    both = merge_hashtags(first, second)
    for row in range(len(captions)):
        assert words(both, row) == list(dict.fromkeys(words(first, row) + words(second, row)))
    assert first.repeats.sum() == sum(len(words(first, r)) - len(set(words(first, r))) for r in range(len(captions)))
    ids = both.set_ids(len(captions)).tolist()
    sets = [frozenset(words(both, row)) for row in range(len(captions))]
    assert [n == 0 for n in ids] == [not s for s in sets]
    assert [[a == b for a in ids] for b in ids] == [[a == b for a in sets] for b in sets]
