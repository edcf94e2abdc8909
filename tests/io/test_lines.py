"""Where lines end: breaks within texts are none, and old Macs, Windows and mixtures of all are read alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writing import content, content_row, link, put, read, said, video_id
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.files.decoding import read_json
from tiktok_coach.io.files.sheets import read_delimited, separator_of

# What str.splitlines takes for the end of a line, beside those that are.
BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
IDS = [video_id(f"2026-06-{day}T10:00:00") for day in (11, 12, 13)]


def lines_of(separator: str) -> list[str]:
    rows = [separator.join((link(post), f'"rye{BREAKS}bread"', str(100 + n), "4")) for n, post in enumerate(IDS)]
    return [separator.join(("Link", "Caption", "Views", "Likes")), *rows]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.text(max_size=3), st.text("a" + BREAKS)), min_size=2, max_size=4), st.data())
def test_json_lines_are_parted_at_the_ends_of_lines_alone(records: list[dict[str, str]], data: st.DataObject) -> None:
    ends = st.sampled_from(("\n", "\r\n", "\r", "\n\n"))
    text = "".join(json.dumps(record, ensure_ascii=False) + data.draw(ends) for record in records)
    assert read_json(text.encode("utf-8", "replace"), "a.jsonl") == json.loads(
        json.dumps(records, ensure_ascii=False).encode("utf-8", "replace")
    )


def test_the_line_of_a_broken_record_is_counted_so_too() -> None:
    good = json.dumps({"caption": f"rye{BREAKS}bread"}, ensure_ascii=False)
    for end in ("\n", "\r\n", "\r"):
        with pytest.raises(CoachError, match=r"a\.jsonl:3: not valid JSON"):
            read_json(end.join([good, good, '{"caption": ']).encode(), "a.jsonl")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("declared", [True, False])
def test_sheets_are_read_alike_however_their_lines_end(
    end: str, separator: str, declared: bool, tmp_path: Path
) -> None:
    first = [f"sep={separator}"] if declared else []
    path = tmp_path / "posts.csv"
    path.write_bytes((end.join([*first, *lines_of(separator)]) + end).encode())
    posts = read(path).posts
    assert sorted(posts["views"].tolist()) == [100, 101, 102]
    assert set(posts["caption"]) == {f"rye{BREAKS}bread"}


def test_mixed_ends_keep_the_lines_of_rows() -> None:
    rows = read_delimited('a;b\r\n1;"x\ny"\r2;z\n3;w', "m.csv").rows
    assert [(row.line, row.cells) for row in rows] == [
        (1, ["a", "b"]),
        (2, ["1", "x\ny"]),
        (4, ["2", "z"]),
        (5, ["3", "w"]),
    ]


def test_a_content_list_is_repaired_at_the_right_lines_whatever_its_titles_hold(tmp_path: Path) -> None:
    rows = [
        content_row("2026-06-11T10:00:00", "2026-06-11", "2026-06-30", caption=f"one{BREAKS}line"),
        content_row("2026-06-12T10:00:00", "2026-06-12", "2026-06-30", caption="He said RISE, so it did", low=7),
    ]
    body = content(rows).decode("utf-8-sig").replace("RISE", '"rise"')
    for end in ("\n", "\r"):
        export = read(put(tmp_path / "Content.csv", body.replace("\n", end).encode()))
        assert set(export.posts["caption"]) == {f"one{BREAKS}line", 'He said "rise", so it did'}
        assert "warning Content.csv:3: quotation marks" in said(export)


def test_the_separator_is_not_one_that_stands_within_quoted_fields() -> None:
    header = "post_id,views,sources"
    row = '7650921463263792402,3,"sheet (a;b;c;d;e;f;g/x.csv): caption, views; plan (a;b;c;d;e;f;g/y.csv): caption"'
    assert separator_of(f"{header}\n{row}\n") == ","
    assert separator_of(f"{header}\n" + f"{row}\n" * 30) == ","
    assert separator_of('Link;Length\nhttps://x;5"\nhttps://y;7"\n') == ";"
