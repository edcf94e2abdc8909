"""Names of files and folders: the handle in them, and marks that change nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writing import content, content_row, put, read, zipped
from tiktok_coach.core.notices import PROVENANCE, Provenance, Source
from tiktok_coach.io.dates.printed_days import end_from_name, handle_from_name
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.readers.canonical import READER
from tiktok_coach.io.reading import ReadOptions

# TikTok takes letters, digits, underscores and dots, and no dot at the end.
HANDLES = st.from_regex(r"[a-z0-9_][a-z0-9_.]{0,22}[a-z0-9_]", fullmatch=True).filter(
    lambda handle: not handle.endswith((".zip", ".csv", ".xlsx"))
)
# Of Windows, Chrome, Firefox, Safari, the Finder, and people.
COPIES = ("", " (1)", "(1)", " 2", "-2", " copy", " copy 3", " - Copy", " - Copy (2)", " – Kopi", " - kopia (4)")
KINDS = ("Content", "Followers", "Viewers_2026-01-01_1793523600", "Overview_20260101_1793523600123")


@settings(max_examples=150, deadline=None)
@given(HANDLES, st.sampled_from(COPIES), st.sampled_from(KINDS), st.sampled_from((".zip", ".csv", ".xlsx", "")))
def test_the_handle_is_read_whole_whatever_marks_the_copy(handle: str, copy: str, kind: str, ending: str) -> None:
    for name in (
        f"{kind}_{handle}{copy}{ending}",
        f"{kind}_{handle}{ending}{copy}",
        f"Kopi af {kind}_{handle}{ending}",
    ):
        for source in (name, f"exports/{name}", f"all.zip:{name}", f"{name}/Content.csv", f"{name}:Content.csv"):
            assert handle_from_name(source) == handle


def test_two_accounts_whose_handles_differ_by_a_digit_stay_two(tmp_path: Path) -> None:
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", handle="bager2")
    put(tmp_path / "Content_bager2.zip", zipped({"Content.csv": content([row])}))
    row = content_row("2026-06-12T16:42:48", "2026-06-12", "2026-06-30", handle="bager24")
    put(tmp_path / "Content_bager24 (1).zip", zipped({"Content.csv": content([row])}))
    for handle in ("bager2", "bager24 (1)"):
        hours = "".join(f'"June 2{day}","{hour}","{hour + len(handle)}"\n' for day in range(7) for hour in range(24))
        body = f'"Date","Hour","Active followers"\n{hours}'
        put(tmp_path / f"Followers_{handle}.zip", zipped({"FollowerActivity.csv": body}))
    export = read(tmp_path)
    assert sorted(export.audiences) == ["bager2", "bager24"]
    assert all(audience.activity is not None for audience in export.audiences.values())


def test_the_nearest_name_counts_and_not_that_of_a_folder_above() -> None:
    source = "Content_old/Overview_2026-01-01_1793523600_bager.zip:Overview.csv"
    assert handle_from_name(source) == "bager"
    assert str(end_from_name(source)) == "2026-11-01"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("ab;:(), )/x", max_size=12), min_size=1, max_size=3, unique=True))
def test_sources_are_read_back_whatever_their_names_hold(names: list[str]) -> None:
    sources = tuple(Source(name, "studio content", lists_every_post=False) for name in names)
    pattern = tuple((position, ("caption", "views")) for position in range(len(sources)))
    [sentence] = Provenance(sources, (pattern,)).sentences()
    table = pd.DataFrame({"post_id": ["7650921463263792402"], "views": ["3"], "sources": [sentence]})
    body = table.to_csv(index=False).encode()
    reading = READER.read(SourceFile("posts.csv", content=body), ReadOptions(today=pd.Timestamp("2026-11-01").date()))
    assert reading.provenance is not None
    assert reading.posts is not None
    assert reading.provenance.in_full_list() == [False]
    assert len(reading.provenance.sources) == len(names)
    assert PROVENANCE in reading.posts.columns


@pytest.mark.parametrize(
    "folder", ["a;b", "Content 2026; juni", "x): views; canonical (y", "(1)", "50%", "[a]", "it's", "b.xlsx:c"]
)
def test_marks_in_the_name_of_a_folder_change_nothing_that_is_read(folder: str, tmp_path: Path) -> None:
    body = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])
    exports = [read(put(tmp_path / name / "Content.csv", body).parent) for name in ("plain", folder)]
    columns = [export.posts.drop(columns="provenance").to_dict("records") for export in exports]
    assert str(columns[0]) == str(columns[1])
    assert [export.provenance.in_full_list() for export in exports] == [[False], [False]]
    assert exports[1].sources[0].name == f"{folder}/Content.csv"


def test_a_folder_named_after_another_platform_makes_no_posts_of_it(tmp_path: Path) -> None:
    body = (
        "post_id,views,sources\n"
        '7650921463263792402,3,"sheet (instagram/a.csv): views; plan (ig): caption"\n'
        "7651921463263792402,4,sheet (instagram/a.csv): views\n"
    )
    assert len(read(put(tmp_path / "posts.csv", body)).posts) == 2
