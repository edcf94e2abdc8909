"""Content.csv: the day is printed without a year, the id holds the second of the upload."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.writing import (
    CONTENT_HEADER,
    content,
    content_row,
    link,
    month_day,
    put,
    quoted,
    read,
    said,
    video_id,
    workbook,
    zipped,
)
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.registry import readers

LANGUAGES = [
    "el",
    "da",
    "ja",
    "vi",
    "pt",
    "de",
    "fr",
    "es",
    "ar",
    "th",
    "id",
    "pl",
    "ru",
    "ko",
    "zh",
    "hu",
    "fi",
    "he",
    "fa",
    "hi",
]
VIETNAMESE = {"June": "tháng Sáu", "July": "tháng Bảy", "May": "tháng Năm"}


def test_a_post_published_at_once_keeps_the_second_of_its_upload(tmp_path: Path) -> None:
    file = put(tmp_path / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    posts = read(file, timezone="UTC").posts
    assert posts["posted_at"].astype(str).tolist() == ["2026-06-13 16:42:48+00:00"]
    assert posts["posted_at_precision"].tolist() == ["second"]
    assert posts["metrics_at"].astype(str).tolist() == ["2026-06-30 00:00:00+00:00"]
    assert posts[["views", "likes", "comments", "shares"]].values.tolist() == [[300, 10, 2, 1]]
    assert posts["account"].tolist() == ["baker"]


def test_a_scheduled_post_keeps_its_printed_day_and_has_no_hour(tmp_path: Path) -> None:
    batch = [
        content_row("2026-02-19T10:00:00", f"2026-02-{day}", "2026-03-01", low=day) for day in (19, 19, 20, 21, 23, 24)
    ]
    batch[1] = content_row("2026-02-19T10:05:00", "2026-02-19", "2026-03-01", low=7)
    posts = read(put(tmp_path / "Content.csv", content(batch)), timezone="Europe/Copenhagen").posts
    days = posts["posted_at"].dt.strftime("%d").tolist()
    assert sorted(days) == ["19", "19", "20", "21", "23", "24"]
    assert posts["posted_at_precision"].value_counts().to_dict() == {"day": 4, "second": 2}
    assert (posts["uploaded_at"].dt.strftime("%Y-%m-%d") == "2026-02-19").all()


def test_the_year_puts_the_printed_day_nearest_on_or_after_the_upload(tmp_path: Path) -> None:
    rows = [
        content_row("2023-04-11T08:00:00", "2023-04-11", "2026-02-01", low=1),
        content_row("2025-12-30T08:00:00", "2026-01-03", "2026-02-01", low=2),
        content_row("2024-02-29T08:00:00", "2024-02-29", "2026-02-01", low=3),
    ]
    posts = read(put(tmp_path / "Content.csv", content(rows)), timezone="UTC").posts
    assert posts["posted_at"].dt.strftime("%Y-%m-%d").tolist() == ["2023-04-11", "2026-01-03", "2024-02-29"]
    assert posts["posted_at_precision"].tolist() == ["second", "day", "second"]


def test_the_timezone_is_the_one_in_which_most_posts_print_their_uploads_day(tmp_path: Path) -> None:
    rows = [
        content_row("2026-06-01T22:30:00", "2026-06-02", "2026-07-01", low=1),
        content_row("2026-06-03T23:10:00", "2026-06-04", "2026-07-01", low=2),
        content_row("2026-06-05T10:00:00", "2026-06-05", "2026-07-01", low=3),
        content_row("2026-06-05T10:00:00", "2026-06-09", "2026-07-01", low=4),
    ]
    export = read(put(tmp_path / "Content.csv", content(rows)))
    assert export.posts["posted_at_precision"].tolist() == ["second", "second", "second", "day"]
    assert "3 of 4 posts print the day of their upload in any of" in said(export)


def test_an_hour_on_which_the_possible_timezones_differ_is_not_known(tmp_path: Path) -> None:
    # One post needs a clock ahead of UTC, the other one behind it: neither is surer than the other.
    rows = [
        content_row("2026-06-01T23:30:00", "2026-06-02", "2026-07-01", low=1),
        content_row("2026-06-03T00:30:00", "2026-06-02", "2026-07-01", low=2),
    ]
    posts = read(put(tmp_path / "Content.csv", content(rows))).posts
    assert posts["posted_at_precision"].tolist() == ["day", "day"]


def test_few_posts_that_print_their_uploads_day_prove_no_timezone(tmp_path: Path) -> None:
    scheduled = [content_row("2026-06-01T12:00:00", f"2026-06-0{day}", "2026-07-01", low=day) for day in range(3, 8)]
    by_chance = content_row("2026-06-01T15:20:00", "2026-06-02", "2026-07-01", low=1)
    posts = read(put(tmp_path / "Content.csv", content([by_chance, *scheduled]))).posts
    assert set(posts["posted_at_precision"]) == {"day"}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_same_export_in_another_language_gives_the_same_table(tmp_path: Path, locale: str) -> None:
    def export(language: str) -> pd.DataFrame:
        rows = [
            content_row("2026-03-25T08:00:00", "2026-03-25", "2026-06-30", low=1, locale=language),
            content_row("2025-12-30T08:00:00", "2026-01-01", "2026-06-30", low=2, locale=language),
            content_row("2026-05-18T08:00:00", "2026-05-18", "2026-06-30", low=3, locale=language),
        ]
        return read(put(tmp_path / language / "Content.csv", content(rows)), timezone="UTC").posts

    pd.testing.assert_frame_equal(export(locale).drop(columns="provenance"), export("en").drop(columns="provenance"))


def test_vietnamese_months_in_words(tmp_path: Path) -> None:
    body = content([content_row("2026-06-18T08:00:00", "2026-06-18", "2026-07-05")]).decode()
    body = body.replace('"June 18"', '"18 tháng Sáu"').replace('"July 5"', '"5 tháng Bảy"')
    posts = read(put(tmp_path / "Content.csv", body), timezone="UTC").posts
    assert posts["posted_at"].astype(str).tolist() == ["2026-06-18 08:00:00+00:00"]
    assert posts["metrics_at"].dt.strftime("%Y-%m-%d").tolist() == ["2026-07-05"]


def test_undefined_is_missing_and_never_zero(tmp_path: Path) -> None:
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", counts=("undefined", "0", "undefined", "5"))
    posts = read(put(tmp_path / "Content.csv", content([row]))).posts
    assert posts["comments"].tolist() == [0]
    assert posts["views"].tolist() == [5]
    assert "likes" not in posts.columns
    assert "shares" not in posts.columns


def test_captions_with_line_breaks_commas_and_doubled_quotes(tmp_path: Path) -> None:
    caption = 'One, "two",\nthree 🍞 #brød#κέικ'
    rows = [
        content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", caption),
        content_row("2026-06-14T16:42:48", "2026-06-14", "2026-06-30"),
    ]
    export = read(put(tmp_path / "Content.csv", content(rows)))
    assert export.posts["caption"].tolist()[0] == caption
    assert "repaired" not in said(export)


def test_rows_shifted_by_unescaped_quotes_are_repaired_from_their_link_and_named(tmp_path: Path) -> None:
    plain = content(
        [
            content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", "TITLE", low=1),
            content_row("2026-06-14T16:42:48", "2026-06-14", "2026-06-30", "after", low=2),
        ]
    ).decode()
    for title in ('she said "rye, please", and left', '"rye", he said', 'say "rye"', '5" loaf', 'a "b\n"c", d'):
        file = put(tmp_path / str(abs(hash(title))) / "Content.csv", plain.replace("TITLE", title))
        export = read(file, timezone="UTC")
        assert export.posts["caption"].tolist() == [title, "after"], title
        assert export.posts["views"].tolist() == [300, 300]
        assert "Content.csv:2: quotation marks in the title are not escaped; the row was repaired" in said(export)


def test_a_row_that_cannot_be_read_is_counted_and_named(tmp_path: Path) -> None:
    body = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]) + b'\n"June 30","half a row"'
    export = read(put(tmp_path / "Content.csv", body))
    assert len(export.posts) == 1
    assert "Content.csv:3: 1 row cannot be read: 2 fields where the header has 8" in said(export)
    assert export.sources[0].rows == 2


def test_a_link_without_an_id_leaves_the_year_unknown(tmp_path: Path) -> None:
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")
    short = [*row[:2], "https://vm.tiktok.com/ZMabc/", *row[3:]]
    export = read(put(tmp_path / "Content.csv", content([row, short])))
    assert len(export.posts) == 2
    assert int(export.posts["posted_at"].isna().sum()) == 1
    assert "1 post of 2 has a link without an id" in said(export)


def test_a_day_that_contradicts_the_id_is_left_unknown(tmp_path: Path) -> None:
    export = read(
        put(tmp_path / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-09-13", "2026-09-30")]))
    )
    assert "posted_at" not in export.posts.columns
    assert "do not go" not in said(export)
    assert "1 post of 1 prints a day that does not go with the upload time in its id" in said(export)


def test_a_day_that_is_none_is_named(tmp_path: Path) -> None:
    rows = [content_row(f"2026-06-1{n}T10:00:00", f"2026-06-1{n}", "2026-06-30", low=n) for n in range(5)]
    rows[2][3] = "someday"
    export = read(put(tmp_path / "Content.csv", content(rows)))
    assert "Content.csv:4: Post time 'someday' is not a day" in said(export)
    assert int(export.posts["posted_at"].isna().sum()) == 1


def test_photo_posts_are_known_by_their_link(tmp_path: Path) -> None:
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", "")
    row[2] = link(video_id("2026-06-13T16:42:48"), kind="photo")
    posts = read(put(tmp_path / "Content.csv", content([row]))).posts
    assert posts["kind"].tolist() == ["photo"]
    assert posts["caption"].tolist() == [""]


def test_xlsx_with_text_cells_reads_like_the_csv(tmp_path: Path) -> None:
    rows = [content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", "Rye, bread\n#baking")]
    sheet = read(put(tmp_path / "Content.xlsx", workbook([CONTENT_HEADER, *rows]))).posts
    text = read(put(tmp_path / "Content.csv", content(rows))).posts
    pd.testing.assert_frame_equal(sheet.drop(columns="provenance"), text.drop(columns="provenance"))


def test_translated_headings_and_any_order_of_columns(tmp_path: Path) -> None:
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", locale="pt")
    header = (
        "Hora",
        "Título do vídeo",
        "Link do vídeo",
        "Hora da publicação",
        "Total de curtidas",
        "Total de comentários",
        "Total de compartilhamentos",
        "Total de visualizações",
    )
    shuffled = [row[i] for i in (7, 6, 5, 4, 3, 2, 1, 0)]
    posts = read(put(tmp_path / "Content.csv", quoted(header[::-1], [shuffled])), timezone="UTC").posts
    assert posts[["views", "likes", "comments", "shares"]].values.tolist() == [[300, 10, 2, 1]]
    assert posts["posted_at"].astype(str).tolist() == ["2026-06-13 16:42:48+00:00"]


def test_overlapping_lists_and_copies_merge_by_id(tmp_path: Path) -> None:
    first = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", low=1)
    second = content_row("2026-06-14T16:42:48", "2026-06-14", "2026-06-30", low=2)
    put(tmp_path / "e" / "Content.csv", content([first]))
    put(tmp_path / "e" / "Content (1).csv", content([first]))
    put(tmp_path / "e" / "Content 2.csv", content([first, second]))
    export = read(tmp_path / "e")
    assert len(export.posts) == 2
    assert "has the same rows as" in said(export)


def test_two_downloads_of_different_days_keep_both_snapshots_and_the_newest_wins(tmp_path: Path) -> None:
    early = content_row("2026-05-13T16:42:48", "2026-05-13", "2026-05-20", counts=(1, 1, 1, 100))
    late = content_row("2026-05-13T16:42:48", "2026-05-13", "2026-06-30", counts=(5, 2, 3, 900))
    put(tmp_path / "e" / "a" / "Content.csv", content([late]))
    put(tmp_path / "e" / "b" / "Content.csv", content([early]))
    export = read(tmp_path / "e")
    assert export.posts["views"].tolist() == [900]
    assert export.snapshots["views"].tolist() == [100, 900]
    assert export.snapshots["metrics_at"].dt.strftime("%m-%d").tolist() == ["05-20", "06-30"]


def test_a_zip_and_a_folder_of_zips(tmp_path: Path) -> None:
    body = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])
    inner = zipped({"Content.csv": body})
    put(tmp_path / "e" / "Content_baker.zip", inner)
    assert len(read(tmp_path / "e").posts) == 1
    outer = put(
        tmp_path / "all.zip", zipped({"Content_baker.zip": inner, "__MACOSX/._Content.csv": b"x", "notes.docx": b"x"})
    )
    export = read(outer)
    assert export.sources[0].name == "all.zip:Content_baker.zip:Content.csv"


def test_header_only_content_is_no_export_of_posts(tmp_path: Path) -> None:
    with pytest.raises(CoachError, match=r"Content\.csv: has no posts"):
        read(put(tmp_path / "Content.csv", content([])))


def test_an_unrelated_content_csv_is_refused_by_what_it_lacks(tmp_path: Path) -> None:
    file = put(tmp_path / "Content.csv", "Video title,Video publish time,Views\nA,1,2\n")
    with pytest.raises(CoachError, match="has no column 'video link'"):
        read(file)


def test_a_meta_export_with_the_same_name_is_left_out_of_a_folder(tmp_path: Path) -> None:
    put(
        tmp_path / "e" / "Viewers.csv",
        'sep=,\n"Viewers"\n"Date","Primary"\n"2025-01-01T00:00:00","5"\n'.encode("utf-16"),
    )
    put(tmp_path / "e" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    export = read(tmp_path / "e")
    assert len(export.posts) == 1
    assert "e/Viewers.csv: isn't a format I can read; left out" in said(export) or "looks like" in said(export)


def test_a_day_that_two_languages_read_differently_is_asked_for(tmp_path: Path) -> None:
    row = content_row("2026-10-25T08:00:00", "2026-10-25", "2026-10-30")
    row[0] = row[3] = "25 listopada"
    file = put(tmp_path / "Content.csv", content([row]))
    posts = read(file, language="hr", timezone="UTC")
    assert posts.posts["posted_at_precision"].tolist() == ["second"]


def test_one_language_reads_the_days_of_the_posts_and_that_of_the_export(tmp_path: Path) -> None:
    """`3. april` is written so in five languages, `1. maj` in two, and `1. marts` in others than `3. april` first."""
    for posted, exported in (("2026-02-03", "2026-03-01"), ("2026-04-03", "2026-05-01"), ("2026-09-03", "2026-12-01")):
        row = content_row(f"{posted}T08:00:00", posted, exported, locale="da")
        export = read(put(tmp_path / exported / "Content.csv", content([row])), timezone="UTC")
        assert export.posts["metrics_at"].dt.strftime("%Y-%m-%d").tolist() == [exported]
        assert "cannot be read" not in said(export)


def test_the_accounts_language_decides_between_two_that_read_its_days(tmp_path: Path) -> None:
    row = content_row("2026-10-25T08:00:00", "2026-10-25", "2026-10-30")
    row[0] = row[3] = "25. listopada"
    file = put(tmp_path / "Content.csv", content([row]))
    assert read(file, account_language="hr", timezone="UTC").posts["posted_at_precision"].tolist() == ["second"]
    english = put(
        tmp_path / "en" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])
    )
    assert len(read(english, account_language="hr", timezone="UTC").posts) == 1


def test_a_language_that_nobody_named_is_said(tmp_path: Path) -> None:
    row = content_row("2026-05-03T08:00:00", "2026-05-03", "2026-05-30", locale="fr")
    assert "its days are read in the language fr" in said(read(put(tmp_path / "Content.csv", content([row]))))


def test_a_language_that_is_none_is_an_error(tmp_path: Path) -> None:
    file = put(tmp_path / "Content.csv", content([content_row("2026-10-25T08:00:00", "2026-10-25", "2026-10-30")]))
    with pytest.raises(CoachError, match="not a known language code"):
        read(file, language="klingon")


@pytest.mark.parametrize(
    ("locale", "written", "exported"),
    [("en", "25-Mar", "30-Jun"), ("da", "25-mar", "30-jun"), ("es", "25-mar", "30-jun")],
)
def test_days_that_a_spreadsheet_has_taken_for_dates(tmp_path: Path, locale: str, written: str, exported: str) -> None:
    row = content_row("2026-03-25T08:00:00", "2026-03-25", "2026-06-30", locale=locale)
    row[0], row[3] = exported, written
    body = content([row]).decode().replace('","', '";"')
    posts = read(put(tmp_path / "Content.csv", body), timezone="UTC").posts
    assert posts["posted_at"].astype(str).tolist() == ["2026-03-25 08:00:00+00:00"]
    assert posts["metrics_at"].dt.strftime("%Y-%m-%d").tolist() == ["2026-06-30"]


def test_month_day_prints_what_studio_prints() -> None:
    assert [month_day("2026-03-25", c) for c in ("en", "da", "ja", "el")] == [
        "March 25",
        "25. marts",
        "3月25日",
        "25 Μαρτίου",
    ]


def test_the_first_line_alone_tells_the_list_and_what_counts_traits_agrees() -> None:
    file = SourceFile("Content.csv", content=content([content_row("October 2", "2026-10-02", "2026-11-01", "Bread")]))
    glancing = [reader.format for reader in readers() if reader.glance is not None and reader.glance(file)]
    assert glancing == ["studio content"]
    assert max(readers(), key=lambda reader: reader.recognise(file)).format == "studio content"
