"""Sheets of any make: told by their headings and proven by their values, settled by hand, and asked about where unclear."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.io.sheets import CORE, HEADINGS, made
from tests.writing import link, put, read, said, video_id, workbook
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.columns.names import meanings

DANISH = (
    "tiktok_handle,display_name,video_id,upload_dato,beskrivelse,visninger,likes,kommentarer,shares,gemmer,video_url"
)
POSTS = [
    ("bageriet", "2026-02-19T10:00:00", "Hvad hæver her? #rugbrød", 5300, 310, 12, 9, 41),
    ("bageriet", "2026-02-20T11:30:00", "Tre ting om surdej", 1200, 80, 2, 3, 8),
    ("konditoriet", "2026-02-21T09:15:00", "", 90000, 4100, 250, 310, 700),
]


def danish(day: Callable[[str], str] = lambda moment: moment[:10]) -> list[list[str]]:
    rows = [DANISH.split(",")]
    for number, (handle, moment, caption, *counts) in enumerate(POSTS):
        post_id = video_id(moment, number + 1)
        rows.append([handle, handle.title(), post_id, day(moment), caption, *map(str, counts), link(post_id, handle)])
    return rows


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def records(rows: list[list[str]]) -> list[dict[str, Any]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def parquet(rows: list[list[str]], path: Path) -> bytes:
    frame = pd.DataFrame(records(rows))
    frame["visninger"] = frame["visninger"].astype("int64")
    frame["upload_dato"] = pd.to_datetime(frame["upload_dato"])
    frame.to_parquet(path)
    return path.read_bytes()


def check_danish(found: Any) -> None:
    posts = found.posts.set_index("post_id").loc[[row[2] for row in danish()[1:]]]
    assert posts["account"].tolist() == ["bageriet", "bageriet", "konditoriet"]
    assert posts["views"].tolist() == [5300, 1200, 90000]
    assert posts["saves"].tolist() == [41, 8, 700]
    assert posts["comments"].tolist() == [12, 2, 250]
    assert posts["caption"].fillna("").tolist() == ["Hvad hæver her? #rugbrød", "Tre ting om surdej", ""]
    assert posts["posted_at"].dt.strftime("%F").tolist() == ["2026-02-19", "2026-02-20", "2026-02-21"]
    assert {a.handle for a in found.accounts} == {"bageriet", "konditoriet"}


@pytest.mark.parametrize(
    "make", ["csv", "tsv", "semicolons", "xlsx", "json", "jsonl", "nested json", "parquet", "preamble"]
)
def test_a_danish_collection_is_read_as_it_comes_in_every_make(tmp_path: Path, make: str) -> None:
    rows = danish()
    body: Any
    name = {"json": "a.json", "jsonl": "a.json", "nested json": "a.json", "parquet": "a.parquet", "xlsx": "a.xlsx"}.get(
        make, "a.csv"
    )
    if make == "xlsx":
        body = workbook(rows)
    elif make == "json":
        body = records(rows)
    elif make == "jsonl":
        body = "\n".join(json.dumps(record) for record in records(rows))
    elif make == "nested json":
        body = {"hentet": "2026-03-01", "opslag": {"liste": records(rows)}}
    elif make == "parquet":
        body = parquet(rows, tmp_path / "made.parquet")
    else:
        body = as_csv(rows, {"tsv": "\t", "semicolons": ";"}.get(make, ","))
        if make == "preamble":
            body = "Partiernes opslag\n\nHentet af os selv, uden garanti\n" + body
    found = read(put(tmp_path / name, body))
    assert found.sources[0].format == "sheet"
    check_danish(found)


def test_counts_of_other_platforms_and_of_paid_posts_are_not_those_of_the_post(tmp_path: Path) -> None:
    rows = [
        ("Video ID", "Instagram views", "YouTube likes", "Paid views", "Views"),
        (video_id("2026-04-07T17:30:00"), 7, 6, 5, 9),
    ]
    posts = read(put(tmp_path / "s.csv", "\n".join(",".join(map(str, row)) for row in rows))).posts
    assert posts["views"].tolist() == [9]
    assert "likes" not in posts


def test_of_two_columns_of_a_count_the_exact_one_is_read_whatever_marks_the_other(tmp_path: Path) -> None:
    counts = (("402.5K", 402477), ("1.9M", 1852149), ("848", 848))
    rows = [("Video ID", "view_count", "TikTok Total Views")]
    rows += [(video_id(f"2026-0{month}-07T17:30:00"), *pair) for month, pair in enumerate(counts, 4)]
    posts = read(put(tmp_path / "s.csv", "\n".join(",".join(map(str, row)) for row in rows))).posts
    assert sorted(posts["views"]) == [848, 402477, 1852149]


def test_a_column_of_platforms_is_no_column_of_accounts(tmp_path: Path) -> None:
    rows = [
        ("Channel", "Video ID", "Views"),
        ("TikTok", video_id("2026-04-07T17:30:00"), 9),
        ("tiktok", video_id("2026-05-07T17:30:00"), 8),
    ]
    path = put(tmp_path / "s.csv", "\n".join(",".join(map(str, row)) for row in rows))
    assert [account.handle for account in read(path).accounts] == [None]


def test_a_day_that_is_the_upload_s_own_has_its_second(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.csv", as_csv(danish())), timezone="Europe/Copenhagen")
    posts = found.posts.sort_values("posted_at")
    assert posts["posted_at_precision"].tolist() == ["second"] * 3
    assert posts["posted_at"].dt.strftime("%F %T").iloc[0] == "2026-02-19 10:00:00"


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("language", list(HEADINGS))
def test_sheets_of_every_language_are_found_or_asked_about_and_never_mistaken(
    tmp_path: Path, language: str, seed: int
) -> None:
    sheet = made(language, seed)
    path = put(tmp_path / "a.csv", sheet.text)
    try:
        found = read(path)
    except CoachError as error:
        asked = str(error)
        assert "may be" in asked, asked
        return
    posts = found.posts.sort_values("posted_at").reset_index(drop=True)
    [reading] = [n.text for n in found.notices if "its columns are recognised" in n.text]
    told = dict(
        re.findall(
            r"(\w+) from '([^']*)'",
            reading.replace("’", "").replace("n'", "n’").replace("d'", "d’").replace("J'", "J’"),
        )
    )
    for fact, name in sheet.headings.items():
        if fact == "posted_at":
            assert posts["posted_at"].dt.strftime("%F %T").tolist() == sheet.facts[fact], name
        elif fact in {*CORE, "followers"}:
            assert posts[fact].astype(str).tolist() == sheet.facts[fact], (fact, name, told)
        elif fact == "duration_s":
            assert posts[fact].astype(int).astype(str).tolist() == sheet.facts[fact], (name, told)
        else:
            assert posts[fact].tolist() == sheet.facts[fact], (fact, name, told)
    strangers = set(posts.columns) & {"reach", "completion_rate", "new_followers", "width", "metrics_at"}
    assert not strangers


@pytest.mark.parametrize(
    ("heading", "fact"),
    [
        ("vid_nview", "views"),
        ("stats.playCount", "views"),
        ("statsV2/diggCount", "likes"),
        ("videoMeta.duration", "duration_s"),
        ("authorMeta.fans", "followers"),
        ("M5_view_count", "views"),
        ("totalViews", "views"),
        ("NB. DE VUES", "views"),
        ("Anzhal Aufrufe", "views"),
        ("nlike", "likes"),
        ("create_time", "posted_at"),
        ("scraped_at", "metrics_at"),
        ("Avg. watch time (s)", "average_watch_time_s"),
        ("Watched full video (%)", "completion_rate"),
        ("like rate", None),
        ("views growth", None),
        ("profile views", None),
        ("music_id", None),
        ("author_id", None),
        ("average views", None),
        ("caption_chars", None),
        ("display_name", None),
        ("zzz", None),
    ],
)
def test_headings_of_many_habits(heading: str, fact: str | None) -> None:
    assert next((m.fact for m in meanings(heading)), None) == fact


def test_an_id_that_is_another_s_is_not_taken_for_the_post_s(tmp_path: Path) -> None:
    rows = [["music_id", "id", "views", "likes", "text"]]
    rows += [[video_id(m, 9), video_id(m, n), "10", "1", "Rye"] for n, (_, m, *_) in enumerate(POSTS)]
    assert sorted(read(put(tmp_path / "a.csv", as_csv(rows))).posts["post_id"]) == sorted(row[1] for row in rows[1:])


def test_a_number_of_the_row_is_no_id_and_an_empty_heading_no_column(tmp_path: Path) -> None:
    rows = [
        ["", "id", "url", "views", "likes", "Note"],
        *[["x", str(n), link(video_id(m, n)), "10", "1", ""] for n, (_, m, *_) in enumerate(POSTS)],
    ]
    found = read(put(tmp_path / "a.csv", as_csv(rows)))
    assert sorted(found.posts["post_id"]) == sorted(video_id(m, n) for n, (_, m, *_) in enumerate(POSTS))
    assert "left out: 'id';" in said(found)


def test_two_columns_that_are_equally_likely_are_asked_about_and_settled_by_hand(
    tmp_path: Path, coach: Callable[..., Any]
) -> None:
    rows = danish()
    rows = [[*row, extra] for row, extra in zip(rows, ["Antal visninger", "1", "2", "3"], strict=True)]
    put(tmp_path / "a.csv", as_csv(rows))
    ran = coach("audit", "a.csv")
    assert ran.code == 2
    assert "a.csv: views may be 'visninger' or 'Antal visninger'; say which with --column views=NAME" in ran.err
    check_danish(read(tmp_path / "a.csv", columns={"views": ("visninger",)}))
    ran = coach("convert", "a.csv", "--column", "views=Antal visninger")
    assert ran.code == 0
    assert sorted(pd.read_csv(io.StringIO(ran.out))["views"]) == [1, 2, 3]
    put(tmp_path / "tiktok-coach.yaml", "columns: {views: [Aufrufe, visninger]}\n")
    assert coach("audit", "a.csv", "-q").code == 0


def test_two_columns_that_say_the_same_are_one(tmp_path: Path) -> None:
    rows = [
        [*row, "antal visninger" if n == 0 else row[5], "link" if n == 0 else row[10]] for n, row in enumerate(danish())
    ]
    check_danish(read(put(tmp_path / "a.csv", as_csv(rows))))


def test_columns_of_accounts_beside_those_of_posts_are_not_taken_for_them(tmp_path: Path) -> None:
    account = {
        "account_type": "lille",
        "is_candidate_match": "True",
        "profile_display_name": "Bageriet",
        "profile_followers": "60900.0",
        "profile_følgere": "",
        "profile_total_likes": "512800.0",
        "profile_antal_videoer": "",
        "stats_status": "ok",
        "stats_hentet_dato": "2026-03-22",
        "engagement_rate": "0.07",
    }
    rows = [[*row, *(account if n == 0 else account.values())] for n, row in enumerate(danish())]
    found = read(put(tmp_path / "a.csv", as_csv(rows)))
    check_danish(found)
    assert found.posts["followers"].tolist() == [60900] * 3
    assert set(found.posts["metrics_at"].dt.strftime("%F")) == {"2026-03-22"}


def test_rows_of_two_makes_below_one_header_are_all_read(tmp_path: Path) -> None:
    ids = [video_id(moment, n) for n, (_, moment, *_) in enumerate(POSTS)]
    rows = [
        ["video_id", "author", "description", "plays", "create_time", "likes", "views", "posted_time"],
        [ids[0], "joe", "Rye", "100", "1771495200", "5", "", ""],
        [ids[1], "joe", "Sourdough", "200", "1771587000", "6", "", ""],
        [ids[2], "ann", "Cake", "", "", "7", "300", "2026-02-21 09:15:00"],
    ]
    posts = read(put(tmp_path / "a.csv", as_csv(rows))).posts.set_index("post_id").loc[ids]
    assert posts["views"].tolist() == [100, 200, 300]
    assert posts["posted_at"].dt.strftime("%F %T").tolist() == [row[1].replace("T", " ") for row in POSTS]
    assert posts["account"].tolist() == ["joe", "joe", "ann"]


def test_a_heading_of_two_meanings_is_told_by_its_values(tmp_path: Path) -> None:
    rows = [["video_id", "video_desc", "video_time", "video_length", "n_plays", "n_likes"]]
    rows += [[video_id(POSTS[0][1], n), "Rye", f"{1771495200 + n}", "15", "10", "1"] for n in range(3)]
    posts = read(put(tmp_path / "a.csv", as_csv(rows))).posts
    assert posts["duration_s"].tolist() == [15.0] * 3
    assert set(posts["posted_at"].dt.strftime("%F")) == {"2026-02-19"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--column", "views"), "--column 'views' is no FACT=HEADING"),
        (("--column", "vews=visninger"), "the posts table has no column 'vews'; did you mean views?"),
        (
            ("--column", "views=beskrivelse"),
            "a.csv: the column 'beskrivelse' should be views, but has texts ('Hvad hæver her? #rugbrød')",
        ),
        (("--column", "views=Aufrufe"), "no input has a column 'Aufrufe' to be read so"),
    ],
)
def test_a_mapping_that_does_not_fit_is_one_clear_error(
    coach: Callable[..., Any], tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    put(tmp_path / "a.csv", as_csv(danish()))
    ran = coach("audit", "a.csv", *options)
    assert ran.code == 2
    assert message in ran.err
    assert ran.err.count("\n") == 1


def shifted() -> list[list[str]]:
    """A header in another order than its rows."""
    header = [
        "video_id",
        "upload_date",
        "bookmarks",
        "description",
        "views",
        "likes",
        "comments",
        "shares",
        "video_url",
        "duration",
    ]
    rows = [header]
    for number, (handle, moment, caption, views, likes, comments, shares, saves) in enumerate(POSTS):
        post_id = video_id(moment, number + 1)
        rows.append(
            [
                caption or "Rye bread",
                str(views),
                moment.replace("T", " ")[:16],
                link(post_id, handle),
                str(likes),
                str(shares),
                "17",
                str(saves),
                post_id,
                str(comments),
            ]
        )
    return rows


def test_headings_over_the_wrong_values_are_never_read_shifted(tmp_path: Path, coach: Callable[..., Any]) -> None:
    put(tmp_path / "a.tsv", as_csv(shifted(), "\t"))
    ran = coach("audit", "a.tsv")
    assert ran.code == 2
    assert ran.err.startswith(
        "error: a.tsv: headings do not match their values: 'video_id', 'upload_date', 'bookmarks'"
    )
    options = re.findall(r"--column (\S+)", ran.err)
    assert {
        "link=description",
        "posted_at=bookmarks",
        "post_id=video_url",
        "caption=video_id",
        "views=upload_date",
    } <= set(options)
    ran = coach("convert", "a.tsv", *(part for option in options for part in ("--column", option)))
    assert ran.code == 0, ran.err
    table = pd.read_csv(io.StringIO(ran.out), dtype=str)
    assert set(table["post_id"]) == {video_id(m, n + 1) for n, (_, m, *_) in enumerate(POSTS)}
    assert set(table["views"]) == {"5300", "1200", "90000"}


def test_one_column_of_notes_under_the_name_of_a_count_is_left_out_with_a_warning(tmp_path: Path) -> None:
    rows = [[*row[:7], "went well" if n else "comments", *row[8:]] for n, row in enumerate(danish())]
    found = read(put(tmp_path / "a.csv", as_csv(rows)))
    assert "comments" not in found.posts.columns
    assert "warning a.csv: 'comments' is named like comments, but with texts in it; left out" in said(found)


def test_days_and_times_of_day_in_two_columns_are_one_time(tmp_path: Path) -> None:
    rows = [["Link", "Publish date", "Publish time", "Views", "Likes"]]
    rows += [[link(video_id(m, n)), m[:10], m[11:16], "10", "2"] for n, (_, m, *_) in enumerate(POSTS)]
    found = read(put(tmp_path / "a.csv", as_csv(rows)))
    assert sorted(found.posts["posted_at"].dt.strftime("%F %H:%M")) == [
        "2026-02-19 10:00",
        "2026-02-20 11:30",
        "2026-02-21 09:15",
    ]


def test_lengths_in_milliseconds_and_listed_hashtags(tmp_path: Path) -> None:
    rows = [["video_id", "views", "duration", "hashtags"]]
    rows += [[video_id(m, n), "10", "14200", "['rye', 'bread']"] for n, (_, m, *_) in enumerate(POSTS)]
    found = read(put(tmp_path / "a.csv", as_csv(rows)))
    assert found.posts["duration_s"].tolist() == [14.2] * 3
    assert found.posts["hashtags"].tolist() == ["#rye #bread"] * 3
    assert "duration_s is read in milliseconds" in said(found)


def test_counts_of_two_days_are_two_snapshots(tmp_path: Path) -> None:
    rows = [["video_id", "views", "likes", "scraped_at"]]
    rows += [[video_id(POSTS[0][1]), str(v), "1", day] for v, day in ((10, "2026-03-01"), (30, "2026-03-05"))]
    found = read(put(tmp_path / "a.csv", as_csv(rows)))
    assert found.posts["views"].tolist() == [30]
    assert found.snapshots["views"].tolist() == [10, 30]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "Permalink,Views,Likes,Comments,Description\nhttps://www.instagram.com/p/abc/,10,2,1,Rye\n",
            "has only posts of Instagram",
        ),
        (
            "account,views,likes,shares,age_days\n1,10,2,1,3\n",
            r"looks like a sheet of posts \(views, likes, shares\), but no column has their ids, links or captions",
        ),
        ("colour,price\nrye,10\n", "isn't a format I can read"),
        (
            "Date,Video Views,Profile Views,Likes,Comments\nJune 1,1,1,1,1\n",
            "looks like studio daily, but has no column 'shares'",
        ),
    ],
)
def test_what_is_no_sheet_of_tiktok_posts_is_refused_by_what_it_lacks(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(CoachError, match=message):
        read(put(tmp_path / "a.csv", body))


def test_a_danish_sheet_is_no_plan_for_all_its_words(tmp_path: Path) -> None:
    found = read(
        put(tmp_path / "a.csv", "tekst,dato,visninger,likes\nRugbrød,2026-02-19,300,20\nKage,2026-02-20,200,10\n")
    )
    assert sorted(found.posts["views"]) == [200, 300]
    assert set(found.posts["status"]) == {"published"}


def test_columns_shows_how_each_was_understood_and_prints_the_mapping(
    tmp_path: Path, coach: Callable[..., Any]
) -> None:
    put(tmp_path / "a.csv", as_csv(danish()))
    shown = coach("columns", "a.csv").out
    assert re.search(r"visninger +views +100% +name and values +5300 · 1200 · 90000", shown)
    assert re.search(r"display_name +left +says nothing about a post", shown)
    block = coach("columns", "a.csv", "--format", "yaml").out
    assert block in shown
    assert '  views: "visninger"\n' in block
    put(tmp_path / "tiktok-coach.yaml", block)
    check_danish(read(tmp_path / "a.csv"))
    assert coach("audit", "a.csv", "-q").code == 0
    told = json.loads(coach("columns", "a.csv", "--format", "json").out)
    [file] = told["files"]
    assert file["mapping"]["saves"] == "gemmer"
    assert file["columns"][0] == {
        "heading": "tiktok_handle",
        "fact": "account",
        "sure": 1.0,
        "why": "by hand",
        "values": ["bageriet", "konditoriet"],
    }


def test_columns_tells_of_known_formats_of_questions_and_of_wrong_headings(
    tmp_path: Path, coach: Callable[..., Any], bakery: Path
) -> None:
    ran = coach("columns", bakery)
    assert ran.code == 0
    assert re.search(r"Video title +caption +100% +the format", ran.out)
    put(tmp_path / "wrong.tsv", as_csv(shifted(), "\t"))
    shown = coach("columns", "wrong.tsv").out
    assert "! headings that do not match their values: 'video_id'" in shown
    assert "--column posted_at=bookmarks" in shown
    assert coach("columns", "missing.csv").code == 2
    put(tmp_path / "x.json", "{}")
    assert coach("columns", "x.json").code == 2


def test_captions_that_would_be_formulas_or_control_the_terminal_stay_what_they_are(
    tmp_path: Path, coach: Callable[..., Any]
) -> None:
    rows = danish()
    rows[1][4] = "=cmd()\x1b[2J"
    rows[0][5] = "visninger\x1b[31m"
    put(tmp_path / "a.csv", as_csv(rows))
    for command in ("columns", "audit"):
        ran = coach(command, "a.csv")
        assert ran.code == 0
        assert "\x1b" not in ran.out + ran.err


def test_a_name_of_one_word_that_is_another_in_each_row_is_a_title_and_no_account(tmp_path: Path) -> None:
    rows = "".join(
        f"{name},2026-05-0{n},We bake {name},{n}00,{n}0\n" for n, name in enumerate(("Rug", "Boller", "Kage"), 4)
    )
    posts = read(put(tmp_path / "a.csv", f"Name,Date,Caption,Views,Likes\n{rows}")).posts
    assert "account" not in posts or posts["account"].isna().all()
    handles = rows.replace("Rug,2", "ovnkrogen,2").replace("Boller,2", "bageriet,2").replace("Kage,2", "brodhaus,2")
    assert set(read(put(tmp_path / "b.csv", f"Name,Date,Caption,Views,Likes\n{handles}")).posts["account"]) == {
        "ovnkrogen",
        "bageriet",
        "brodhaus",
    }


@pytest.mark.parametrize("name", ["Post (TikTok)", "TikTok Post", "Post"])
def test_the_name_of_the_platform_beside_a_heading_changes_nothing(name: str) -> None:
    assert [meaning.fact for meaning in meanings(name)] == ["caption"]
