"""Files made to hurt: each is refused with one clear line, within bounded time and memory."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tests.writing import CONTENT_HEADER, content, content_row, put, read, said, video_id, workbook, zipped
from tiktok_coach.core.errors import CoachError

POST = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])


def refused(path: Path, message: str) -> None:
    started = time.monotonic()
    with pytest.raises(CoachError, match=message):
        read(path)
    assert time.monotonic() - started < 20


def test_a_zip_bomb(tmp_path: Path) -> None:
    refused(put(tmp_path / "b.zip", zipped({"Content.csv": b"0" * (64 * 2**20)})), "looks like a ZIP bomb")


def test_a_zip_that_names_places_outside_itself(tmp_path: Path) -> None:
    for name in ("../../Content.csv", "/etc/Content.csv", "C:\\Content.csv"):
        refused(put(tmp_path / "t.zip", zipped({name: POST})), "names a place outside itself")


def test_zips_in_zips_in_zips(tmp_path: Path) -> None:
    body = zipped({"Content.csv": POST})
    for _ in range(3):
        body = zipped({"inner.zip": body})
    refused(put(tmp_path / "n.zip", body), "nested more than two deep")


def test_a_cut_zip_and_a_damaged_member(tmp_path: Path) -> None:
    body = zipped({"Content.csv": POST * 50})
    refused(put(tmp_path / "cut.zip", body[: len(body) // 2]), "not a readable ZIP")
    broken = bytearray(body)
    broken[60:80] = b"\xff" * 20
    refused(put(tmp_path / "broken.zip", bytes(broken)), "is damaged")


def test_an_encrypted_zip(tmp_path: Path) -> None:
    body = bytearray(zipped({"Content.csv": POST}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + offset] |= 1
    refused(put(tmp_path / "e.zip", bytes(body)), "encrypted")


def test_an_archive_of_too_many_files(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}.csv", b"")
    refused(put(tmp_path / "many.zip", stream.getvalue()), "more than 20,000 files")


def test_deep_json(tmp_path: Path) -> None:
    refused(put(tmp_path / "deep.json", "[" * 200_000 + "]" * 200_000), "nested too deep")


def test_broken_json_names_its_line(tmp_path: Path) -> None:
    refused(put(tmp_path / "b.json", '{"Post":\n {"Posts": \n'), r"b\.json:3: not valid JSON")


def test_a_csv_of_a_million_columns(tmp_path: Path) -> None:
    refused(put(tmp_path / "wide.csv", ",".join(["a"] * 1_000_000) + "\n"), "has 1,000,000 columns")


def test_a_field_that_never_ends(tmp_path: Path) -> None:
    refused(
        put(tmp_path / "Content.csv", POST + b'\n"June 30","' + b"x" * 200_000), "quotation mark that is not closed"
    )


def test_nul_bytes(tmp_path: Path) -> None:
    refused(put(tmp_path / "Content.csv", POST[:120] + b"\0" + POST[120:]), r"Content\.csv:\d: has NUL bytes")


def test_a_workbook_with_entities(tmp_path: Path) -> None:
    good = workbook([CONTENT_HEADER])
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {m: archive.read(m) for m in archive.namelist()}
    evil = members["xl/sharedStrings.xml"].replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', 1)
    refused(put(tmp_path / "Content.xlsx", zipped(members | {"xl/sharedStrings.xml": evil})), "declares XML entities")


def test_a_workbook_whose_two_cells_span_the_whole_sheet(tmp_path: Path) -> None:
    good = workbook([["a"]])
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {m: archive.read(m) for m in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].replace(b"</row>", b'<c r="XFD1048576"><v>1</v></c></row>')
    refused(
        put(tmp_path / "Content.xlsx", zipped(members | {"xl/worksheets/sheet1.xml": sheet})),
        "the sheet spans 1,048,576 rows",
    )


def test_a_workbook_that_is_damaged(tmp_path: Path) -> None:
    refused(put(tmp_path / "Content.xlsx", zipped({"[Content_Types].xml": "<x/>"})), "the workbook cannot be read")


def test_files_that_are_nothing(tmp_path: Path) -> None:
    refused(tmp_path / "missing.csv", "no such file or folder")
    refused(put(tmp_path / "empty.csv", b""), "is empty")
    refused(put(tmp_path / "x.json", "{}"), "isn't a format I can read")
    refused(put(tmp_path / "x.csv", "a,b\n1,2\n"), "isn't a format I can read")
    (tmp_path / "folder").mkdir()
    refused(tmp_path / "folder", "has no export that I can read")
    put(tmp_path / "folder" / "x.csv", "a,b\n1,2\n")
    refused(tmp_path / "folder", r"/folder/x\.csv: isn't a format")
    refused(put(tmp_path / "b.yaml", "a: [\n"), r"b\.yaml:2: not valid YAML")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "Content.csv")
    refused(tmp_path / "Content.csv", "not a regular file")


def test_symlink_loops_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", POST)
    put(tmp_path / "e" / ".hidden.csv", "x")
    (tmp_path / "e" / "loop").symlink_to(tmp_path / "e")
    assert len(read(tmp_path / "e").posts) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "latin-1", "utf-8"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    body = "post_id;caption;views;status;hook_s\n1;Brød på æbler;5;published;2\n".encode(encoding)
    assert read(put(tmp_path / "p.csv", body)).posts["caption"].tolist() == ["Brød på æbler"]


def test_bytes_that_no_windows_page_knows(tmp_path: Path) -> None:
    body = b"post_id,caption,views,status,hook_s\n1,Br\x81d,5,published,2\n"
    assert len(read(put(tmp_path / "p.csv", body)).posts) == 1


def test_texts_that_no_file_can_hold_are_made_harmless(tmp_path: Path) -> None:
    body = '{"posts": [{"post_id": "1", "caption": "a\\u0000b\\ud83d", "views": 1, "hook_s": 2}]}'
    export = read(put(tmp_path / "p.json", body))
    assert export.posts["caption"].tolist() == ["ab?"]
    assert "warning" not in said(export)


def test_years_of_another_age_are_slips_and_not_times(tmp_path: Path) -> None:
    one, two = video_id("2026-06-13T16:42:48"), video_id("2026-06-14T16:42:48")
    put(
        tmp_path / "p.csv",
        f"post_id,caption,posted_at,views\n{one},Rye,0001-01-01T10:00:00Z,5\n{two},Bun,2026-06-14T17:00:00Z,6\n",
    )
    found = read(tmp_path / "p.csv")
    assert found.posts.set_index("post_id")["posted_at"].notna().to_dict() == {one: False, two: True}
    assert "p.csv:2: posted_at: '0001-01-01T10:00:00Z' is not a time" in said(found)
    table = found.posts.assign(
        posted_at=pd.Series(["9999-01-01", "2026-06-14"], dtype="datetime64[us]").dt.tz_localize("UTC")
    )
    table.to_parquet(tmp_path / "q.parquet")
    typed = read(tmp_path / "q.parquet")
    assert typed.posts["posted_at"].notna().sum() == 1
    assert "1 time is outside 2000-2100; left empty" in said(typed)


def test_lone_surrogates_are_replaced_wherever_they_stand(tmp_path: Path) -> None:
    video = {
        "id": video_id("2026-06-13T16:42:48"),
        "create_time": 1781368968,
        "view_count": 5,
        "like_count": 1,
        "username": "baker",
    }
    body = json.dumps({"data": {"videos": [{**video, "effect_ids": ["\ud83d"], "hashtag_names": ["\ud83d"]}]}})
    assert len(read(put(tmp_path / "a.json", body)).posts) == 1
    named = json.dumps([{**video, "desc": "Rye", "\ud83d": "\ud83d", "playCount": 5, "diggCount": 1}])
    assert len(read(put(tmp_path / "b.json", named)).posts) == 1
