"""Large numbers as languages shorten them: read by the sheet's own language, and asked about where two would differ."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from babel import Locale, localedata
from babel.numbers import format_compact_decimal, format_decimal
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.writing import link, put, read, video_id
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.marks import CONTESTED, EVERYWHERE, LANGUAGES, Languages, bare, languages_of
from tiktok_coach.io.parse import parse_counts


def column(*texts: str) -> pd.Series:
    return pd.Series(list(texts), dtype="str")


def sheet_in(*headings: str, by_hand: str | None = None) -> Callable[[], Languages]:
    return partial(languages_of, headings, by_hand)


TURKISH = sheet_in("Başlık", "Görüntülenme", "Beğeniler")
ENGLISH = sheet_in("Title", "Views", "Likes")


@pytest.mark.parametrize(
    ("texts", "languages", "values"),
    [
        (["48,2 B", "1,7 Mn"], TURKISH, [48_200, 1_700_000]),
        (["48.2B", "1.7M"], ENGLISH, [48_200_000_000, 1_700_000]),
        (["48,2 B"], sheet_in("Views", by_hand="tr"), [48_200]),
        (["7,5 t", "2 mio."], sheet_in("Billedtekst", "Visninger"), [7500, 2_000_000]),
        (["7,5 тыс.", "2 млн"], sheet_in("Просмотры"), [7500, 2_000_000]),
        (["7,5 mil", "2 mi"], sheet_in("Legenda", "Curtidas"), [7500, 2_000_000]),
        (["7,5 mil", "2 mil."], sheet_in("Popis", "Zhlédnutí"), [7_500_000, 2_000_000]),
        (["7,5 tys.", "2 mln"], sheet_in("Wyświetlenia", "Opis"), [7500, 2_000_000]),
        (["7.5 lakh", "2 Cr", "12,34,567"], ENGLISH, [750_000, 20_000_000, 1_234_567]),
        (["7,5 rb", "2 jt", "1,2 M"], sheet_in("Tayangan", "Suka"), [7500, 2_000_000, 1_200_000_000]),
        (["7.5千", "2萬", "1.2億"], sheet_in("觀看次數"), [7500, 20_000, 120_000_000]),
        (["7.5천", "2만"], sheet_in("조회수"), [7500, 20_000]),
        (["٧٫٥ ألف", "١٬٢٣٤", "١٢"], sheet_in("المشاهدات"), [7500, 1234, 12]),
        (["۷٫۵ هزار", "۱۲"], sheet_in("بازدید", "پسندها"), [7500, 12]),
        (
            ["1’234’567", "1'234", "1\u2009234", "1\u202f234", "1\u00a0234"],
            ENGLISH,
            [1_234_567, 1234, 1234, 1234, 1234],
        ),
        (["１，２３４", "５６"], ENGLISH, [1234, 56]),
        (["1.0E+06", "2,5e3"], ENGLISH, [1_000_000, 2500]),
    ],
)
def test_marks_mean_what_they_mean_in_the_sheet_s_language(
    texts: list[str], languages: Callable[[], Languages], values: list[int]
) -> None:
    parsed = parse_counts(column(*texts), languages=languages)
    assert parsed.values.tolist() == values
    assert parsed.doubt is None


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("48,2 B", ENGLISH),
        ("7,5 mil", ENGLISH),
        ("7,5 t", ENGLISH),
        ("1,2 M", sheet_in("Tayangan", "Suka")),
        ("48.2B", TURKISH),
    ],
)
def test_a_mark_of_two_meanings_is_asked_about(text: str, languages: Callable[[], Languages]) -> None:
    doubt = parse_counts(column(text), languages=languages).doubt
    assert doubt is not None
    assert "--file-language" in doubt.hint


def test_an_ambiguous_sheet_is_one_error_that_says_what_to_say(tmp_path: Path) -> None:
    address = link(video_id("2026-03-01T10:00:00", 1), "firin")
    file = put(tmp_path / "posts.csv", f"Video link;Caption;Views\n{address};Ekmek;12,5 B\n")
    with pytest.raises(CoachError, match=r"'B' may mean .*--file-language tr"):
        read(file)
    assert read(file, language="tr").posts["views"].tolist() == [12_500]


@pytest.mark.parametrize("text", ["12 30", "1,2,3", "0.71", "10³", "12%", "1.234,567.8"])
def test_what_is_no_count_is_bad_and_never_rounded(text: str) -> None:
    assert parse_counts(column(text, "5")).bad.tolist() == [True, False]


def test_fractions_behind_points_and_commas_in_one_column_are_asked_about() -> None:
    assert parse_counts(column("1,50", "2.50")).doubt is not None


def test_the_marks_that_languages_contest_are_those_that_cldr_says_they_contest() -> None:
    contested: dict[str, set[str]] = {}
    for code in LANGUAGES:
        formats = Locale.parse(code).compact_decimal_formats
        for width in ("short", "long"):
            for forms in formats[width].values():
                for magnitude, form in forms.items():
                    mark, zeros = bare(form.pattern), form.pattern.count("0")
                    factor = int(magnitude) / 10 ** max(0, zeros - 1)
                    mark = mark.replace("0", "")
                    if EVERYWHERE.get(mark, factor) != factor:
                        contested.setdefault(mark, set()).add(code)
    assert contested == CONTESTED


LOCALES = st.sampled_from(sorted(localedata.locale_identifiers()))


@settings(max_examples=60)
@given(LOCALES, st.integers(0, 10**9))
def test_any_count_as_a_language_writes_it_reads_back(locale: str, value: int) -> None:
    system = Locale.parse(locale).default_numbering_system
    try:
        written = format_decimal(value, locale=locale, numbering_system=system)
    except Exception:  # noqa: BLE001 - Babel knows no marks for this system
        return
    parsed = parse_counts(column(written, format_decimal(1_234_567, locale=locale, numbering_system=system)))
    assert parsed.values[0] == value or parsed.bad[0]


@settings(max_examples=60)
@given(LOCALES, st.integers(1000, 10**9), st.sampled_from(["short", "long"]))
def test_any_count_as_a_language_shortens_it_reads_back_rounded_or_is_named(
    locale: str, value: int, width: str
) -> None:
    # Babel itself writes ten times as much where a pattern has a form for negative numbers.
    assume(locale.split("_")[0] != "sw")
    written = format_compact_decimal(value, format_type=width, locale=locale, fraction_digits=1)
    parsed = parse_counts(column(written), languages=partial(languages_of, (), locale))
    assert parsed.doubt is not None or parsed.bad[0] or abs(parsed.values[0] - value) <= 0.06 * value
    assert parsed.bad[0] or parsed.doubt is not None or parsed.rounded[0] or parsed.values[0] == value


def test_the_account_s_language_counts_below_headings_that_do_not_tell(tmp_path: Path) -> None:
    address = link(video_id("2026-03-01T10:00:00", 1), "bageren")
    file = put(tmp_path / "posts.csv", f"Video link;Caption;Views\n{address};Rug;12,5 t\n")
    assert read(file, account_language="da").posts["views"].tolist() == [12_500]
    with pytest.raises(CoachError, match="'T' may mean"):
        read(file)
