"""The quick way to read a clean table and the careful way give the same, and what is not clean goes the careful way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.writing import TODAY, put, video_id
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Source
from tiktok_coach.core.schema import conform
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.merge import merge_readings
from tiktok_coach.io.readers.canonical import READER, _clean, _with_provenance
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.render.table import to_csv

OPTIONS = ReadOptions(today=TODAY)
HEADER = "post_id,account,posted_at,caption,duration_s,views,completion_rate,has_audio,sources\n"


def quickly(path: Path) -> pd.DataFrame | None:
    posts = _clean(SourceFile(path.name, path=path))
    return None if posts is None else _with_provenance(posts)[0]


def carefully(path: Path) -> pd.DataFrame:
    posts = READER.read(SourceFile(path.name, content=path.read_bytes()), OPTIONS).posts
    assert posts is not None
    return posts


def check(path: Path) -> bool:
    """Whether the quick way reads a file; where it does, as the careful way does."""
    quick = quickly(path)
    if quick is None:
        return False
    pd.testing.assert_frame_equal(quick, carefully(path), check_categorical=False)
    return True


SPAN = (dt.datetime(2016, 1, 1), dt.datetime(2030, 1, 1))  # noqa: DTZ001 - hypothesis adds no zone
TEXT = st.text(alphabet=st.sampled_from("ab ,\"'=+-@#\næ🍞\u200f\u3000\t"), max_size=12)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "caption": st.none() | TEXT,
            "account": st.none() | st.sampled_from(["baker", "@æble", "n/a", " x "]),
            "sound": st.none() | TEXT,
            "kind": st.none() | st.sampled_from(["photo", "duet"]),
            "views": st.none() | st.integers(0, 10**9),
            "duration_s": st.none() | st.floats(0, 600).map(lambda s: round(s, 2)),
            "completion_rate": st.none() | st.floats(0, 1).map(lambda s: round(s, 3)),
            "has_audio": st.none() | st.booleans(),
            "posted_at": st.none() | st.datetimes(*SPAN),
            "posted_at_precision": st.sampled_from(["second", "day"]),
        }
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_what_convert_writes_is_read_the_same_both_ways(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    frame = pd.DataFrame(rows)
    frame["post_id"] = [video_id("2026-06-13T16:42:48", n) for n in range(len(rows))]
    frame["posted_at"] = pd.to_datetime(frame["posted_at"], utc=True).dt.floor("s")
    path = put(tmp_path / "posts.csv", to_csv(conform(frame)))
    check(path)


CELLS = [
    "1",
    "7650921463263792402",
    "",
    '"a"',
    '"a""b"',
    'a"b',
    '"a"b',
    '""',
    '" "',
    "x",
    "1.5",
    "0.3",
    "1,2",
    "2026-03-01",
    "2026-03-01T10:00:00Z",
    "2026-03-01T10:00:00.5Z",
    "2026-02-30",
    "yes",
    "true",
    "-1",
    "1e3",
    "'=1",
    "n/a",
    "1.234",
    "\u00a0",
    '"\n"',
    "NaN",
    "null",
]
RAW = st.lists(st.lists(st.sampled_from(CELLS), min_size=9, max_size=9), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([["1", "", "2026-03-01", '""', "", "1", "", "", ""]])
@given(RAW)
def test_whatever_is_written_the_quick_way_agrees_or_steps_aside(tmp_path: Path, rows: list[list[str]]) -> None:
    path = put(tmp_path / "posts.csv", HEADER + "\n".join(",".join(row) for row in rows) + "\n")
    try:
        check(path)
    except CoachError:
        # The careful way refuses the file, and then so must the quick way.
        assert quickly(path) is None


GOOD = f"{video_id('2026-06-13T16:42:48')},baker,2026-06-13T16:42:48Z,Rye,12.5,300,0.4,true,mine\n"


def test_a_clean_table_goes_the_quick_way(tmp_path: Path) -> None:
    assert check(put(tmp_path / "posts.csv", HEADER + GOOD))
    assert check(put(tmp_path / "bom.csv", "\ufeff" + HEADER + GOOD))


@pytest.mark.parametrize(
    "row",
    [
        GOOD.replace("300", "1.2K"),
        GOOD.replace("300", "-3"),
        GOOD.replace("12.5", "0:12"),
        GOOD.replace("0.4", "40%"),
        GOOD.replace("true", "perhaps"),
        GOOD.replace("2026-06-13T16", "2026-06-31T16"),
        GOOD.replace("baker", "ba,ker"),
        GOOD.replace("Rye", 'Ry"e'),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("baker", "undefined,x"),
        GOOD.replace("12.5", "1e3"),
        GOOD.replace("0.4", "14"),
        "7.65092E+18" + GOOD[19:],
    ],
)
def test_what_is_not_clean_goes_the_careful_way(tmp_path: Path, row: str) -> None:
    assert quickly(put(tmp_path / "posts.csv", HEADER + GOOD + row)) is None


def test_extra_columns_go_the_careful_way_and_are_kept(tmp_path: Path) -> None:
    path = put(tmp_path / "posts.csv", "post_id,views,caption,mine\n" + f"{video_id('2026-06-13T16:42:48')},3,Rye,1\n")
    assert quickly(path) is None
    assert carefully(path)["mine"].tolist() == ["1"]


def test_both_ways_merge_to_the_same_posts(tmp_path: Path) -> None:
    path = put(tmp_path / "posts.csv", HEADER + GOOD)
    quick = READER.read(SourceFile(path.name, path=path), OPTIONS)
    careful = READER.read(SourceFile(path.name, content=path.read_bytes()), OPTIONS)
    source = [Source(path.name, "canonical")]
    pd.testing.assert_frame_equal(merge_readings([quick], source).posts, merge_readings([careful], source).posts)
    assert quick.provenance == careful.provenance
