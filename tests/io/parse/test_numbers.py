"""Numbers as people and exports write them; what one cell cannot tell, the column decides."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_coach.io.parse import parse_counts, parse_durations, parse_flags, parse_numbers, parse_shares


def column(*texts: str | None) -> pd.Series:
    return pd.Series(list(texts), dtype="str")


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1,234", "12"], [1234, 12]),
        (["1.234", "12"], [1234, 12]),
        (["1 234", "1\u202f234", "1'234"], [1234, 1234, 1234]),
        (["1.2K", "1,2 K", "304.9K", "1.4M"], [1200, 1200, 304900, 1_400_000]),
        (["1.234.567", "1.234"], [1_234_567, 1234]),
        (["1,234,567"], [1_234_567]),
        (["1.234,0", "1.234"], [1234, 1234]),
        (["-9"], [-9]),
        (["3万", "1億"], [30_000, 100_000_000]),
    ],
)
def test_counts(texts: list[str], values: list[float]) -> None:
    parsed = parse_counts(column(*texts))
    assert parsed.values.tolist() == values
    assert not parsed.bad.any()


def test_counts_with_k_or_m_are_known_to_be_rounded() -> None:
    assert parse_counts(column("1.2K", "1200")).rounded.tolist() == [True, False]


@pytest.mark.parametrize("text", ["", "-", "—", "N/A", "undefined", "--", "NAN", "null", None])
def test_missing_is_neither_zero_nor_bad(text: str | None) -> None:
    for parse in (parse_counts, parse_numbers, parse_durations, parse_shares):
        parsed = parse(column(text, "3"))
        assert math.isnan(parsed.values[0])
        assert not parsed.bad.any()


@pytest.mark.parametrize("text", ["rye", "1.2.3K", "12:30x", "#5", "9" * 400, "99999999999999999M"])
def test_what_is_no_number_is_bad(text: str) -> None:
    assert parse_counts(column(text)).bad.tolist() == [True]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0h:04m:38s", 278),
        ("04m:38s", 278),
        ("3.4s", 3.4),
        ("0:07", 7),
        ("01:05", 65),
        ("1:02:03", 3723),
        ("12.5", 12.5),
        ("12,5 s", 12.5),
        ("00:45", 45),
        ("1e2", 100),
        ("PT45S", 45),
        ("PT1M5.5S", 65.5),
        ("P0DT0H0M15S", 15),
        ("2m 5s", 125),
        ("1 min 5 s", 65),
        ("58″", 58),
        ("1′05″", 65),
        ("58 sek.", 58),
        ("2 minutes, 5 seconds", 125),
        ("1 dakika 5 saniye", 65),
        ("٥٨ ثانية", 58),
        ("2分5秒", 125),
        ("600 ms", 0.6),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_durations(column(text)).values.tolist() == [pytest.approx(seconds)]


@pytest.mark.parametrize("text", ["soon", "1.2.3", ":", "s", "PT", "5 s 1 min", "2 weeks"])
def test_what_is_no_duration_is_bad(text: str) -> None:
    assert parse_durations(column(text)).bad.tolist() == [True]


@pytest.mark.parametrize(
    ("texts", "shares"),
    [
        (["38%", "0.3%"], [0.38, 0.003]),
        (["38", "0.3"], [0.38, 0.003]),
        (["0.38", "0.3"], [0.38, 0.3]),
        (["46,13%"], [0.4613]),
        (["12,5 %", "100 %"], [0.125, 1.0]),
    ],
)
def test_shares_are_decided_by_the_column(texts: list[str], shares: list[float]) -> None:
    assert parse_shares(column(*texts)).values.tolist() == pytest.approx(shares)


def test_numbers_with_a_decimal_comma() -> None:
    assert parse_numbers(column("12,5", "1.234,5")).values.tolist() == [12.5, 1234.5]
    assert parse_numbers(column("29.970")).values.tolist() == [29.97]
    assert parse_numbers(column("12 fps")).bad.tolist() == [True]


def test_numbers_in_scientific_writing_keep_their_sign() -> None:
    assert parse_numbers(column("-1e5", "2.5E-3", "1e5")).values.tolist() == [-100_000.0, 0.0025, 100_000.0]


def test_flags_in_several_languages() -> None:
    flags, bad = parse_flags(column("Yes", "nej", "1", "maybe", ""))
    assert flags.tolist() == [True, False, True, pd.NA, pd.NA]
    assert bad.tolist() == [False, False, False, True, False]


@given(st.integers(0, 10**12), st.sampled_from([",", ".", "\u202f"]))
def test_any_count_grouped_any_way_reads_back(value: int, mark: str) -> None:
    written = f"{value:,}".replace(",", mark)
    # A column tells what a cell cannot: another number shows that the mark groups.
    parsed = parse_counts(column(written, f"{1234567:,}".replace(",", mark)))
    assert parsed.values[0] == value


@given(st.floats(0, 86_000, allow_nan=False))
def test_any_duration_written_by_python_reads_back(seconds: float) -> None:
    assert parse_durations(column(repr(seconds))).values[0] == seconds
