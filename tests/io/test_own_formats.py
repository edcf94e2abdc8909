"""The tool's own files: the canonical table, the sidecar and the trends."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.writing import content, content_row, link, put, read, said, video_id
from tiktok_coach.core.errors import CoachError

ID = video_id("2026-06-13T16:42:48")
POST = content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])


def beside(tmp_path: Path, name: str, body: str) -> Path:
    put(tmp_path / "e" / "Content.csv", POST)
    put(tmp_path / "e" / name, body)
    return tmp_path / "e"


def test_a_canonical_file_may_leave_columns_out_and_keeps_extras(tmp_path: Path) -> None:
    export = read(put(tmp_path / "p.csv", f"post_id,caption,views,mine\n{ID},Rye,5,x\n2,,,\n"))
    assert export.posts["mine"].tolist()[0] == "x"
    assert export.posts["views"].tolist() == [5, pd.NA]
    assert "columns the posts table does not know are kept as extras: mine" in said(export)


def test_canonical_json(tmp_path: Path) -> None:
    body = {
        "schema_version": "1",
        "posts": [
            {
                "post_id": "1",
                "caption": "",
                "views": 3,
                "posted_at": "2026-06-13",
                "uploaded_at": "2026-06-01T10:00:00Z",
            },
            7,
        ],
    }
    export = read(put(tmp_path / "p.json", body))
    assert export.posts["caption"].tolist() == [""]
    assert export.posts["posted_at_precision"].tolist() == ["day"]
    assert "1 entry is not a post" in said(export)


def test_canonical_parquet_faults(tmp_path: Path) -> None:
    good = pd.DataFrame({"post_id": ["1", "2"], "views": [1, 2], "caption": ["a", None], "mine": [1.5, 2.5]})
    good.to_parquet(tmp_path / "p.parquet")
    export = read(tmp_path / "p.parquet")
    assert export.posts["views"].tolist() == [1, 2]
    assert export.posts["mine"].tolist() == [1.5, 2.5]
    for frame, message in (
        (good.drop(columns="post_id"), "needs a column post_id"),
        (good.assign(post_id=[1, 2]), "post_id is not text"),
        (good.assign(views=["x", "y"]), "wrong type"),
    ):
        frame.to_parquet(tmp_path / "bad.parquet")
        with pytest.raises(CoachError, match=message):
            read(tmp_path / "bad.parquet")
    put(tmp_path / "cut.parquet", (tmp_path / "p.parquet").read_bytes()[:80])
    with pytest.raises(CoachError, match="cannot be read"):
        read(tmp_path / "cut.parquet")


def test_a_parquet_file_of_another_program_says_what_it_lacks_as_a_sheet_does(tmp_path: Path) -> None:
    names = {
        "TOTAL VIEWS": ["1,200", "300"],
        "digg_count": ["12", "3"],
        "Comment count": ["4", "5"],
        "Mood": ["a", "b"],
    }
    for path in (tmp_path / "p.parquet", tmp_path / "p.csv"):
        table = pd.DataFrame(names)
        table.to_parquet(path) if path.suffix == ".parquet" else table.to_csv(path, index=False)
        with pytest.raises(CoachError, match="no column has their ids, links or captions"):
            read(path)


def test_rows_without_an_id_are_kept_and_named(tmp_path: Path) -> None:
    export = read(put(tmp_path / "p.csv", "post_id,caption,views,posted_at_precision,hook_s\n,Rye,5,,\n1,Rye,6,,\n"))
    assert len(export.posts) == 2
    assert "p.csv:2: 1 row has no post_id" in said(export)


def test_an_id_ruined_by_a_spreadsheet_is_named(tmp_path: Path) -> None:
    body = f"post_id,link,caption,views,hook_s\n7.65092E+18,{link(ID)},Rye,5,1\n7.65092E+18,,Buns,5,1\n"
    export = read(put(tmp_path / "p.csv", body))
    assert (
        "p.csv:2: the id '7.65092E+18' was ruined by a spreadsheet; taken from the link instead (and 1 more: line 3)"
        in said(export)
    )
    assert ID in export.posts["post_id"].tolist()


def test_ids_rounded_to_zeros_are_ruined_only_where_most_are(tmp_path: Path) -> None:
    rounded = ID[:15] + "0000"
    ruined = read(put(tmp_path / "p.csv", f"post_id,caption,views,status,hook_s\n{rounded},Rye,5,published,1\n"))
    assert "was ruined by a spreadsheet; lost" in said(ruined)
    natural = read(
        put(
            tmp_path / "p.csv",
            f"post_id,caption,views,status,hook_s\n{rounded},Rye,5,published,1\n{ID},Rye,5,published,1\n",
        )
    )
    assert rounded in natural.posts["post_id"].tolist()


def test_values_outside_their_range_are_left_empty_and_named(tmp_path: Path) -> None:
    export = read(
        put(
            tmp_path / "p.csv",
            "post_id,caption,views,completion_rate,kind\n1,a,-5,0.5,Video Reply\n2,b,5,15,poem\n3,c,5,0.5,photo\n",
        )
    )
    told = said(export)
    assert "p.csv:2: views -5 is outside 0-inf; left empty" in told
    assert "p.csv:3: completion_rate 15 is outside 0-10; left empty" in told
    assert "p.csv:3: kind: 'poem' is not one of original, duet" in told
    assert export.posts["kind"].tolist() == ["video_reply", None, "photo"] or export.posts["kind"].isna().tolist() == [
        False,
        True,
        False,
    ]


def test_sidecar_csv_by_id_and_by_link(tmp_path: Path) -> None:
    folder = beside(
        tmp_path,
        "side.csv",
        f"link,hook_s,intro,effects,bpm\n{link(ID)},1.5,no,none,124\nhttps://vm.tiktok.com/x/,1,no,none,90\n",
    )
    export = read(folder)
    assert export.posts[["hook_s", "bpm"]].values.tolist() == [[1.5, 124.0]]
    assert export.posts["intro"].tolist() == [False]
    assert export.posts["effects"].tolist() == ["none"]
    assert "e/side.csv:3: 1 row names no post by id or full link; left out" in said(export)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("notes.yaml", f"posts:\n- {{post_id: '{ID}', photos: 'a.jpg, b.jpg'}}\n"),
        ("notes.yaml", f"posts:\n- {{post_id: '{ID}', photos: [a.jpg, b.jpg]}}\n"),
        ("notes.csv", f'post_id,hook_s,photos\n{ID},2,"a.jpg; b.jpg"\n'),
    ],
)
def test_photos_in_notes_may_be_named(tmp_path: Path, name: str, body: str) -> None:
    export = read(beside(tmp_path, name, body))
    [post] = export.posts[["photos", "photo_files", "kind"]].to_dict("records")
    assert post == {"photos": 2, "photo_files": "a.jpg; b.jpg", "kind": "photo"}
    assert "photos" not in said(export)


def test_a_word_of_the_app_in_notes_is_told_the_one_that_is_read(tmp_path: Path) -> None:
    body = f"posts:\n- {{post_id: '{ID}', disclosure: Your brand, privacy: nobody}}\n"
    text = said(read(beside(tmp_path, "notes.yaml", body)))
    assert "disclosure: 'Your brand' is not one of none, own, paid (did you mean own?); left empty" in text
    assert "privacy: 'nobody' is not one of public, friends, private; left empty" in text


def test_sidecar_yaml(tmp_path: Path) -> None:
    folder = beside(
        tmp_path,
        "side.yaml",
        f'posts:\n  - post_id: "{ID}"\n    hook_s: 1.5\n    effects: [zoom, green-screen]\n    hashtags: [rye, "#bread"]\n    opening_emotion: Surprise\n  - post_id: "123"\n    hook_s: 2\n',
    )
    export = read(folder)
    assert export.posts["effects"].tolist() == ["zoom; green-screen"]
    assert export.posts["hashtags"].tolist() == ["#rye #bread"]
    assert export.posts["opening_emotion"].tolist() == ["surprise"]
    assert "1 row of 2 names a post that no other file has (123); left out" in said(export)


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        (
            "side.csv",
            f"post_id,hook_s,hock\n{ID},1,2\n",
            r"e/side\.csv:1: the posts table has no column 'hock'; did you mean hook_s",
        ),
        (
            "side.yaml",
            f'posts:\n  - post_id: "{ID}"\n    zzzz: 1\n',
            r"e/side\.yaml:2: the posts table has no column 'zzzz'",
        ),
    ],
)
def test_an_unknown_sidecar_column_is_refused_with_its_line(tmp_path: Path, name: str, body: str, message: str) -> None:
    folder = beside(tmp_path, name, body)
    with pytest.raises(CoachError, match=message):
        read(folder, strict=True)
    assert re.search(message.partition(";")[0] + r".*left out", said(read(folder)))


TRENDS = "lists:\n  - as_of: 2026-06-10\n    region: dk\n    window_days: 30\n    hashtags: ['#Rye', bread]\n    sounds: [Oven]\n"


def test_trends_yaml_and_csv_say_the_same(tmp_path: Path) -> None:
    yaml = read(beside(tmp_path / "y", "t.yaml", TRENDS)).trends
    csv = read(
        beside(
            tmp_path / "c",
            "t.csv",
            "kind,name,as_of,region,window_days\nhashtags,#Rye,2026-06-10,DK,30\nhashtag,bread,2026-06-10,dk,30\nsound,Oven,2026-06-10,dk,30\n",
        )
    ).trends
    assert yaml is not None
    assert csv is not None
    pd.testing.assert_frame_equal(yaml.table, csv.table)
    assert yaml.table["name"].tolist() == ["rye", "bread", "oven"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("t.csv", "Topic,Search popularity,Date\nRye bread,66%,2026-11-20\n#Buns,8%,2026-11-20\n,,\n"),
        ("topics-2026-11-20.csv", "keyword;popularity\nRye bread;66\nBuns;8\n"),
        ("20261120 topics.tsv", "Søgeord\tPopularitet\nRye bread\t12,5K\nBuns\thøj\n"),
    ],
)
def test_search_topics_that_were_copied_are_trends(tmp_path: Path, name: str, body: str) -> None:
    trends = read(beside(tmp_path, name, body)).trends
    assert trends is not None
    table = trends.table
    assert table["kind"].tolist() == ["search", "search"]
    assert table["name"].tolist() == ["rye bread", "buns"]
    assert table["as_of"].dt.strftime("%Y-%m-%d").tolist() == ["2026-11-20", "2026-11-20"]
    assert table["popularity"].iloc[0] in {0.66, 66.0, 12500.0}


@pytest.mark.parametrize(
    ("written", "popularity"),
    [
        (["12,345", "1,234,567", "high"], [12_345, 1_234_567, None]),
        (["1.234", "12.345.678", "7"], [1_234, 12_345_678, 7]),
        (["12 345", "1\u202f234\u202f567", ""], [12_345, 1_234_567, None]),
        (["12.3K", "1.2M", "980"], [12_300, 1_200_000, 980]),
        (["66 %", "8,5%", "-"], [0.66, 0.085, None]),
        (["66.5", "8.25", "7"], [66.5, 8.25, 7]),
    ],
)
def test_popularity_is_read_as_any_number(tmp_path: Path, written: list[str], popularity: list[float | None]) -> None:
    body = "".join(f"topic {n};{text}\n" for n, text in enumerate(written))
    trends = read(beside(tmp_path, "topics-2026-11-20.csv", f"topic;popularity\n{body}")).trends
    assert trends is not None
    assert [None if pd.isna(one) else one for one in trends.table["popularity"]] == popularity


def test_search_topics_of_no_day_ask_for_one(tmp_path: Path) -> None:
    folder = beside(tmp_path, "topics.csv", "Topic,Search popularity\nRye bread,66%\n")
    with pytest.raises(CoachError, match=r"topics\.csv: doesn't say of which day .* --export-date"):
        read(folder, strict=True)
    trends = read(folder, export_date=dt.date(2026, 11, 20)).trends
    assert trends is not None
    assert trends.table["as_of"].dt.day.tolist() == [20]


def test_a_sheet_of_posts_is_no_list_of_topics(tmp_path: Path) -> None:
    body = f"post_id,caption,keyword,popularity,views\n{ID},Rye,rye,3,10\n"
    assert read(beside(tmp_path, "p.csv", body)).trends is None


def test_several_trends_files_are_one(tmp_path: Path) -> None:
    folder = beside(tmp_path, "a.yaml", TRENDS)
    put(folder / "b.yaml", "as_of: 2026-06-24\nsearches: [rye]\n")
    trends = read(folder).trends
    assert trends is not None
    assert sorted(trends.table["kind"].unique()) == ["hashtag", "search", "sound"]


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        (
            "t.yaml",
            "lists:\n  - as_of: 10 June\n    hashtags: [a]\n",
            r"t\.yaml:2: lists\.0\.as_of: write the day as YYYY-MM-DD",
        ),
        ("t.yaml", "lists:\n  - as_of: 2026-06-31\n    hashtags: [a]\n", "as_of is not a day"),
        ("t.yaml", "lists:\n  - as_of: 2026-06-10\n    hashtag: [a]\n", r"t\.yaml:3: unknown key lists\.0\.hashtag"),
        ("t.csv", "kind,name,as_of\npoem,a,2026-06-10\n", r"t\.csv:2: 'poem' is not a kind of trend"),
        ("t.csv", "kind,name,as_of\nsound,a,soon\n", r"t\.csv:2: as_of 'soon' is not a day"),
    ],
)
def test_a_faulty_trends_file_is_refused_with_its_line(tmp_path: Path, name: str, body: str, message: str) -> None:
    folder = beside(tmp_path, name, body)
    with pytest.raises(CoachError, match=message):
        read(folder, strict=True)
    assert re.search(message.partition(";")[0] + r".*left out", said(read(folder)))
