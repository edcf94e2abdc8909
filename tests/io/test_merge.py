"""What several files say of one post becomes one row: its counts from one measurement, and where each column is from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.writing import content, content_row, put, read, said, video_id
from tiktok_coach.core.notices import IN_FULL_LIST, PROVENANCE, Source
from tiktok_coach.core.schema import conform
from tiktok_coach.io.merge import GROWING, Merged, merge_readings
from tiktok_coach.io.reading import Reading
from tiktok_coach.render.table import table_of, write

MAY, NOVEMBER = "2026-05-01", "2026-11-01"


def merge(*rows: dict[str, Any]) -> Merged:
    """The merge of files of one row each, all of one post."""
    readings = []
    for number, row in enumerate(rows):
        posts = pd.DataFrame([{"post_id": "1", **row}])
        for name in {"metrics_at", "posted_at"} & set(posts.columns):
            posts[name] = pd.to_datetime(posts[name], utc=True).astype("datetime64[us, UTC]")
        readings.append(Reading(f"{number}.csv", "sheet", rows=1, posts=conform(posts)))
    return merge_readings(readings, [Source(reading.source, reading.format, 1) for reading in readings])


def post(*rows: dict[str, Any]) -> dict[str, Any]:
    return dict(merge(*rows).posts.iloc[0])


def test_of_counts_of_two_days_the_newest_win_as_a_whole_and_what_they_lack_is_missing() -> None:
    row = post(
        {"metrics_at": MAY, "views": 100, "likes": 9, "saves": 5, "caption": "Rye", "completion_rate": 0.4},
        {"metrics_at": NOVEMBER, "views": 300, "likes": 20},
    )
    assert (row["views"], row["likes"], row["metrics_at"]) == (300, 20, pd.Timestamp(NOVEMBER, tz="UTC"))
    assert "saves" not in row
    # A caption does not move, and a share holds later too.
    assert (row["caption"], row["completion_rate"]) == ("Rye", 0.4)


def test_counts_of_one_day_complete_each_other() -> None:
    row = post(
        {"metrics_at": f"{NOVEMBER}T09:00", "views": 290, "saves": 12},
        {"metrics_at": f"{NOVEMBER}T21:00", "views": 300, "likes": 20},
    )
    assert (row["views"], row["likes"], row["saves"]) == (300, 20, 12)


@pytest.mark.parametrize(("views", "saves"), [(300, 12), (290, 12), (284, None), (100, None)])
def test_counts_without_a_date_complete_those_that_are_as_near_as_rounding(views: int, saves: int | None) -> None:
    row = post({"views": views, "saves": 12}, {"metrics_at": NOVEMBER, "views": 300, "likes": 20})
    assert (row["views"], row["likes"], row.get("saves")) == (300, 20, saves)


def test_of_two_days_as_near_to_counts_without_a_date_the_newest_completes_them() -> None:
    row = post(
        {"metrics_at": MAY, "views": 298, "saves": 4},
        {"metrics_at": NOVEMBER, "views": 299, "reach": 200},
        {"views": 300, "likes": 20},
    )
    assert (row["views"], row["likes"], row["reach"]) == (300, 20, 200)
    assert "saves" not in row
    assert "metrics_at" not in row


def test_a_file_that_counts_no_views_fills_what_is_missing() -> None:
    row = post({"replied_comments": 3}, {"metrics_at": NOVEMBER, "views": 300})
    assert (row["views"], row["replied_comments"]) == (300, 3)


MEASUREMENTS = st.fixed_dictionaries(
    {},
    optional={
        "metrics_at": st.sampled_from([MAY, "2026-05-02", f"{NOVEMBER}T03:00", f"{NOVEMBER}T22:00"]),
        "counts_rounded": st.booleans(),
        **{name: st.integers(1, 400) for name in ("views", "likes", "saves", "reach", "new_followers")},
        "total_watch_time_s": st.floats(1, 400),
        "completion_rate": st.floats(0, 1),
    },
)


@given(st.lists(MEASUREMENTS, min_size=2, max_size=5))
def test_no_post_has_counts_of_two_days(rows: list[dict[str, Any]]) -> None:
    merged = merge(*rows)
    [pattern] = merged.provenance.patterns
    days = {
        rows[source]["metrics_at"][:10]
        for source, columns in pattern
        if "metrics_at" in rows[source] and not GROWING.isdisjoint(columns)
    }
    assert len(days) <= 1
    for source, columns in pattern:
        for name in columns:
            if name != "metrics_at":
                assert merged.posts[name].iloc[0] == rows[source][name]
    if "metrics_at" in merged.posts.columns:
        assert days <= {str(merged.posts["metrics_at"].iloc[0])[:10]}


def test_two_lists_of_one_download_with_the_same_name_keep_their_sources_apart() -> None:
    readings = [
        Reading("Content.csv", "sheet", 1, posts=conform(pd.DataFrame({"post_id": ["1"], name: [5]})))
        for name in ("views", "likes")
    ]
    merged = merge_readings(readings, [Source("Content.csv", "sheet", 1)] * 2)
    assert merged.provenance.patterns == (((0, ("views",)), (1, ("likes",))),)
    assert merged.provenance.sentences() == ["sheet (Content.csv): views; sheet (Content.csv): likes"]


def full(path: Path) -> list[bool]:
    posts = read(path).posts
    return posts.get(IN_FULL_LIST, pd.Series(data=True, index=posts.index)).tolist()


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
@pytest.mark.parametrize("name", ["Content.csv", "odd; name (2): x.csv", "æ (1).csv"])
def test_what_is_written_of_sources_is_read_into_the_same_fields(tmp_path: Path, ending: str, name: str) -> None:
    rows = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])
    notes = (
        b"post_id,hook_s\n"
        + str(read(put(tmp_path / "x" / "Content.csv", rows)).posts["post_id"][0]).encode()
        + b",2\n"
    )
    put(tmp_path / "e" / name, rows)
    put(tmp_path / "e" / "notes.csv", notes)
    export = read(tmp_path / "e")
    path = tmp_path / f"posts.{ending}"
    write(table_of(export, snapshots=False), path, path.suffix[1:])
    again = read(path)
    assert again.provenance.sentences() == export.provenance.sentences()
    assert [columns for _, columns in again.provenance.patterns[0]] == [c for _, c in export.provenance.patterns[0]]
    assert [s.lists_every_post for s in again.provenance.sources] == [False, False]
    assert again.posts[PROVENANCE].tolist() == export.posts[PROVENANCE].tolist() == [0]
    assert full(tmp_path / "e") == full(path) == [False]
    assert "sources" not in again.posts.columns


def test_a_table_that_was_merged_before_keeps_what_it_knows_of_its_lists_beside_another(tmp_path: Path) -> None:
    table = "post_id,caption,views,sources\n1,a,5,studio content (Content.csv): views\n2,b,5,archive (a.json): views\n3,c,5,\n"
    put(tmp_path / "e" / "posts.csv", table.encode())
    assert full(tmp_path / "e") == [False, True, True]
    put(tmp_path / "e" / "more.csv", b"post_id,caption,views,sources\n3,c,5,sidecar (s.csv): views\n4,d,1,\n")
    posts = read(tmp_path / "e").posts.set_index("post_id")
    assert posts[IN_FULL_LIST].to_dict() == {"1": False, "2": True, "3": True, "4": True}


@pytest.mark.parametrize("words", ["my own list", "studio content (x): views; ", "a (b): c, d e", ";"])
def test_words_of_another_make_stay_as_they_are(tmp_path: Path, words: str) -> None:
    path = put(tmp_path / "posts.csv", f'post_id,caption,views,sources\n1,a,5,"{words}"\n'.encode())
    assert read(path).provenance.sentences() == [words]
    assert table_of(read(path), snapshots=False)["sources"].tolist() == [words]


def test_provenance_takes_a_byte_or_two_a_post(tmp_path: Path) -> None:
    export = read(
        put(tmp_path / "posts.csv", b"post_id,caption,views\n" + b"".join(b"%d,a,5\n" % n for n in range(500)))
    )
    assert export.posts[PROVENANCE].dtype == np.int8
    assert IN_FULL_LIST not in export.posts.columns


def test_a_video_gives_columns_and_no_list(bakery: Path) -> None:
    provenance = read(bakery, timezone="Europe/Copenhagen").provenance
    video = Source("a.mp4", "video", lists_every_post=False)
    longer, codes = provenance.extended([0, 0, -1], {0: (video, ("fps",)), 2: (video, ("fps", "bpm"))})
    assert codes[1] == 0
    assert longer.sentences()[codes[0]] == provenance.sentences()[0] + "; video (a.mp4): fps"
    assert longer.sentences()[codes[2]] == "video (a.mp4): fps, bpm"
    assert longer.in_full_list()[codes[2]] is False


def _sheet_of(tmp_path: Path, *rows: str) -> Path:
    return put(tmp_path / "scraped.csv", "\n".join(["video_id,caption,like_count,comment_count,share_count", *rows]))


def test_a_post_that_stands_twice_has_the_larger_counts_and_it_is_said(tmp_path: Path) -> None:
    one, two = video_id("2026-05-01"), video_id("2026-05-02")
    rows = (f"{one},Rye,31,2,1", f"{two},Buns,8,1,0", f"{one},Rye,4200,260,77", f"{two},Buns,8,3,0")
    for order in (rows, rows[::-1]):
        export = read(_sheet_of(tmp_path, *order))
        posts = export.posts.set_index("post_id")
        assert posts.loc[one, ["likes", "comments", "shares"]].tolist() == [4200, 260, 77]
        assert posts.loc[two, ["likes", "comments", "shares"]].tolist() == [8, 3, 0]
        assert "2 posts (such as" in said(export)
        assert "are in several rows with different counts" in said(export)


def test_rows_of_a_post_that_contradict_each_other_are_named_and_the_first_counts(tmp_path: Path) -> None:
    one = video_id("2026-05-01")
    export = read(_sheet_of(tmp_path, f"{one},Rye,900,80,5", f"{one},Rye,1400,3,5"))
    assert export.posts[["likes", "comments"]].iloc[0].tolist() == [900, 80]
    assert f"1 post ({one}) is in several rows, with more of one count and less of another" in said(export)


def test_a_few_comments_that_were_taken_back_are_no_contradiction(tmp_path: Path) -> None:
    one = video_id("2026-05-01")
    export = read(_sheet_of(tmp_path, f"{one},Rye,900,80,5", f"{one},Rye,1400,79,5"))
    assert export.posts[["likes", "comments"]].iloc[0].tolist() == [1400, 79]


def test_rows_that_say_the_same_twice_say_nothing(tmp_path: Path) -> None:
    one = video_id("2026-05-01")
    assert "several rows" not in said(read(_sheet_of(tmp_path, f"{one},Rye,900,80,5", f"{one},Rye,900,80,5")))
