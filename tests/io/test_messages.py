"""What an error says of a file that cannot be read: what it is, what it lacks, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writing import link, put, read, said, video_id, zipped
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.registry import unrecognised

POST = link(video_id("2026-06-13T16:42:48"), "ovnkrogen")


def refusal(path: Path) -> str:
    with pytest.raises(CoachError) as caught:
        read(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("notes.pdf", b"%PDF-1.7\n%\xe2", "is a PDF; export what it shows as CSV or Excel"),
        ("views.csv", b"\x89PNG\r\n\x1a\n\0\0", "is a picture; export what it shows"),
        ("rye.csv", b"\0\0\0\x18ftypmp42", "is a video; put it into a folder and name that with --media"),
        ("posts.csv", b"\x1f\x8b\x08\0\0", "is packed; unpack it first"),
        ("posts.xls", b"<html><body><table><tr><td>Views</td></tr></table>", "is a web page (HTML); open it"),
        ("posts.xls", b'<?xml version="1.0"?>\n<Workbook xmlns="urn:x">', "is a workbook in Excel's XML of 2003; open"),
        (
            "t.docx",
            zipped({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}),
            "is a document and no workbook",
        ),
        ("p.numbers", zipped({"Index/Document.iwa": b"x"}), "is a document of Apple Numbers; open it there and export"),
        ("pictures.zip", zipped({"a.png": b"x"}), "is a ZIP without any file that can be read"),
        (
            "old.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
            "but is not a whole one; open it in a spreadsheet program",
        ),
    ],
)
def test_files_of_other_kinds_say_what_they_are(name: str, body: bytes, message: str, tmp_path: Path) -> None:
    assert message in refusal(put(tmp_path / name, body))


def test_a_zip_without_exports_in_a_folder_is_named(tmp_path: Path) -> None:
    put(tmp_path / "e" / "posts.csv", f"Link,Views\n{POST},3\n")
    put(tmp_path / "e" / "pictures.zip", zipped({"a.png": b"x"}))
    assert "warning e/pictures.zip: is a ZIP without any file that can be read; left out" in said(read(tmp_path / "e"))


@pytest.mark.parametrize("row", ["7650921463263792402;bager;Rye #bread", f"{POST};12;3", f'x;"{POST}?lang=da"'])
def test_a_sheet_without_a_header_row_says_so(row: str, tmp_path: Path) -> None:
    message = refusal(put(tmp_path / "posts.csv", f"{row}\n{row}\n"))
    assert "has no header row: its first row is a post already; add a row above the first that names" in message


def test_a_tab_without_a_header_row_is_a_warning_and_no_note(tmp_path: Path) -> None:
    from tests.io.test_workbooks import HEADER, JUNE, book

    export = read(put(tmp_path / "b.xlsx", book({"June": [HEADER, JUNE], "July": [(POST, "Rye")]})))
    assert "warning b.xlsx:July: has no header row" in said(export)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("followers_daily.csv", "date,followers,month,,month\n2026-04-21,6,4,,4\n"),
        ("posts_by_month.csv", "date,posts,month\n2026-06-01,9,6\n"),
        ("Posts.csv", "Date,Link\n2026-06-01,https://example.com/a\n"),
        ("creators.csv", "name,url,fans\na,https://example.com/a,3\n"),
    ],
)
def test_a_sheet_that_shares_a_few_common_words_is_not_said_to_be_an_export(
    name: str, body: str, tmp_path: Path
) -> None:
    message = refusal(put(tmp_path / name, body))
    titles = ", ".join(repr(title) for title in dict.fromkeys(body.partition("\n")[0].split(",")) if title)
    assert f"its columns ({titles}) are not those of posts" in message
    assert "looks like" not in message


def test_a_sheet_that_lacks_one_column_of_an_export_names_it(tmp_path: Path) -> None:
    body = "Date,Total Viewers,New Viewers\nJune 1,9,3\n"
    assert "looks like studio daily, but has no column 'returning viewers'" in refusal(put(tmp_path / "v.csv", body))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(["date", "followers", "likes", "link", "", "Week", "title", "3"]), min_size=1, max_size=8)
)
def test_no_list_of_columns_holds_an_empty_name(titles: list[str]) -> None:
    file = SourceFile("posts.csv", content=(",".join(titles) + "\n" + "x," * len(titles) + "\n").encode())
    message = str(unrecognised(file))
    assert "column ;" not in message
    assert "''" not in message
    assert "()" not in message


@pytest.mark.parametrize("videos", [None, []])
def test_an_archive_without_posts_says_how_to_get_them(videos: Any, tmp_path: Path) -> None:
    archive = {"Post": {"Posts": {"VideoList": videos}}, "Profile": {"Profile Info": {"ProfileMap": {}}}}
    message = refusal(put(tmp_path / "user_data_tiktok.json", archive))
    assert "has no posts; ask TikTok for the archive again, as JSON and with your posts in it" in message


def test_a_list_without_posts_asks_for_one_with_posts(tmp_path: Path) -> None:
    message = refusal(put(tmp_path / "posts.csv", "Link,Caption,Views,Likes\n"))
    assert "add an export that lists posts" in message
