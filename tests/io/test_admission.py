"""Which rows of a file are posts on TikTok: others are left out or planned, and named, and change nothing of the rest."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writing import TODAY, link, put, read, said, video_id
from tiktok_coach.analysis.audit import audit
from tiktok_coach.analysis.columns import columns
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.io.registry import reader_of
from tiktok_coach.render.labels import period_text

RYE, BUNS, CAKE = (video_id(f"2026-0{month}-07T17:30:00", low=month) for month in (4, 5, 6))


def sheet(*rows: Sequence[Any]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def ids(*paths: Path) -> list[str]:
    return sorted(read(*paths).posts["post_id"])


NETWORKS = sheet(
    ("Netværk", "Opslagstekst", "Opslags id", "Visninger", "Likes"),
    ("TikTok", "Rye", RYE, 900, 40),
    ("Facebook Page", "Rye", "122100000000000001", 500, 3),
    ("Lemon8", "Rye", "77", 4, 3),
    ("tiktok", "Buns", BUNS, 800, 30),
)
LINKED = sheet(
    ("Post", "Publish date", "URL", "Views", "Likes"),
    ("Rye", "2026-04-07 17:30", link(RYE), 900, 40),
    ("Rye", "2026-04-07 17:40", "https://www.facebook.com/reel/99", 20, 4),
    ("Rye", "2026-04-07 17:41", "https://youtu.be/dQw4w9WgXcQ", 20, 4),
    ("Buns", "2026-05-07 17:30", f"https://www.tiktokv.com/share/video/{BUNS}/", 800, 30),
)
INFO = {"id": RYE, "webpage_url": link(RYE), "extractor_key": "TikTok", "timestamp": 1, "view_count": 9}
METRICOOL = sheet(
    ("Network", "Title", "Date", "Link", "Views", "Likes", "Full video watched rate"),
    ("tiktok", "Rye", "2026-04-07 17:30", link(RYE), 900, 40, "12%"),
    ("instagram", "Rye", "2026-04-07 17:40", "https://www.instagram.com/reel/DAx/", 20, 4, "14%"),
    ("tiktok", "Buns", "2026-05-07 17:30", link(BUNS), 800, 30, "16%"),
)


@pytest.mark.parametrize(
    ("name", "body", "left"),
    [
        ("networks.csv", NETWORKS, "2 rows are of other platforms (Facebook, Lemon8); left out (and 1 more: line 4)"),
        ("links.csv", LINKED, "2 rows are of other platforms (Facebook, YouTube)"),
        ("metricool.csv", METRICOOL, "1 row is of another platform (Instagram)"),
        (
            "list.json",
            [{**INFO, "id": i, "webpage_url": link(i)} for i in (RYE, BUNS)]
            + [
                {**INFO, "id": "dQw4w9WgXcQ", "extractor_key": "Youtube", "webpage_url": "https://youtu.be/dQw4w9WgXcQ"}
            ],
            "1 row is of another platform (YouTube)",
        ),
    ],
)
def test_rows_of_other_platforms_are_left_and_named(tmp_path: Path, name: str, body: Any, left: str) -> None:
    export = read(put(tmp_path / name, body))
    assert sorted(export.posts["post_id"]) == [RYE, BUNS]
    assert left in said(export)


@pytest.mark.parametrize(
    ("name", "body", "platform"),
    [
        ("reels.csv", "Permalink,Caption,Plays,Likes\nhttps://www.instagram.com/reel/DAx/,Rye,5,1\n", "Instagram"),
        (
            "fb.info.json",
            {**INFO, "extractor_key": "Facebook", "webpage_url": "https://facebook.com/reel/9"},
            "Facebook",
        ),
        (
            "Table data.csv",
            (
                "Content,Video title,Video publish time,Duration,Views,Likes\nTotal,,,,30,4\n"
                'dQw4w9WgXcQ,Rye,"Apr 7, 2026",15,10,1\na1B2c3D4e5F,Buns,"May 7, 2026",16,12,1\n'
                'x-9_Kk8LmQz,Cake,"Jun 7, 2026",17,8,2\n'
            ),
            "YouTube",
        ),
    ],
)
def test_a_file_of_another_platform_is_refused_by_its_name(tmp_path: Path, name: str, body: Any, platform: str) -> None:
    with pytest.raises(CoachError, match=f"has only posts of {platform}"):
        read(put(tmp_path / name, body))


def test_a_column_of_channels_may_name_accounts_and_a_source_may_name_feeds(tmp_path: Path) -> None:
    rows = [(f"ovnkrogen{n}", "For You", link(video_id("2026-04-07", low=n)), 5, 1) for n in range(4)]
    file = put(tmp_path / "a.csv", sheet(("Channel", "Source", "Link", "Views", "Likes"), *rows))
    assert len(read(file).posts) == 4


def test_a_source_that_names_other_platforms_says_where_viewers_of_a_linked_post_came_from(tmp_path: Path) -> None:
    rows = [(feed, link(video), 5, 1) for feed, video in (("Search", RYE), ("Facebook", BUNS), ("Instagram", CAKE))]
    assert len(read(put(tmp_path / "a.csv", sheet(("Source", "Link", "Views", "Likes"), *rows))).posts) == 3


SUMS = sheet(
    ("Legende", "Lien", "Publié le", "Vues", "J'aime", "Commentaires"),
    ("Seigle", link(RYE), "2026-04-07 17:30", 901, 40, 3),
    ("Pains", link(BUNS), "2026-05-07 17:30", 800, 30, 4),
    ("Gâteau", link(CAKE), "2026-06-07 17:30", 700, 23, 2),
    ("Moyenne", "", "", "800,3", "31", "3"),
    ("Printemps", "", "", 2401, 93, 9),
    ("Pilier 1 : Annonce", "", "", "", "", ""),
)


def test_sums_are_left_by_their_words_or_their_arithmetic_and_titles_of_sections_too(tmp_path: Path) -> None:
    export = read(put(tmp_path / "a.csv", SUMS))
    assert sorted(export.posts["post_id"]) == [RYE, BUNS, CAKE]
    text = said(export)
    assert "1 row ('Moyenne') sums up others" in text
    assert "1 row ('Printemps') is the sum or the mean of other rows in every count" in text
    assert "1 row ('Pilier 1 : Annonce') is not a post" in text


def test_words_of_sums_may_be_joined_in_any_way(tmp_path: Path) -> None:
    rows = [
        ("Rye", "2026-04-07", 9, 2),
        ("Buns", "2026-05-07", 8, 1),
        ("Rata-rata", "", 70, 30),
        ("Grand_Total", "", 5, 5),
    ]
    captions = read(put(tmp_path / "a.csv", sheet(("Caption", "Date", "Views", "Likes"), *rows))).posts["caption"]
    assert sorted(captions) == ["Buns", "Rye"]


def test_headings_that_are_said_again_are_no_post_and_spoil_no_column(tmp_path: Path) -> None:
    rows = (("Post", "URL", "Views"), ("Rye", link(RYE), 9), ("post", "URL", " Views "), ("Buns", link(BUNS), 8))
    path = put(tmp_path / "s.csv", sheet(*rows))
    assert ids(path) == [RYE, BUNS]
    assert [(n.line, n.text) for n in read(path).notices if n.line] == [(3, "1 row says the headings again; left out")]


def test_sums_of_parts_and_means_are_told_without_links_and_a_post_that_is_like_another_is_none(tmp_path: Path) -> None:
    rows = [("Rye", 1201, 77), ("Buns", 955, 61), ("April", 2156, 138), ("Cake", 804, 19), ("Tart", 804, 19)]
    rows += [("May", 1608, 38), ("Both", 3764, 176), ("Typical", 941, 44)]
    captions = read(put(tmp_path / "a.csv", sheet(("Caption", "Views", "Likes"), *rows))).posts["caption"]
    assert sorted(captions) == ["Buns", "Cake", "Rye", "Tart"]


PLANNED = sheet(
    ("Dato", "Tekst", "Link", "Status", "Visninger", "Likes"),
    ("2026-04-07", "Rug", link(RYE), "Udgivet", 900, 40),
    ("2026-05-07", "Boller", link(BUNS), "Kladde", 800, 30),
    ("2026-12-03", "Lagkage", "", "", "", ""),
    ("", "Tærte", "", "Idé", "", ""),
    ("2026-11-20", "Stegt flæsk", "", "Aflyst", "", ""),
)


def test_rows_that_are_not_out_become_planned_posts(tmp_path: Path) -> None:
    export = read(put(tmp_path / "a.csv", PLANNED))
    status = dict(zip(export.posts["caption"], export.posts["status"], strict=True))
    assert status == {"Rug": "published", "Boller": "published", "Lagkage": "planned", "Tærte": "planned"}
    text = said(export)
    assert "2 rows (the first: '2026-12-03') are not out yet, and count as planned posts" in text
    assert "1 row ('2026-11-20') is called off; left out" in text
    assert "1 row ('2026-05-07') is only planned by its status, but has counts or a link" in text


def test_a_box_that_is_not_ticked_makes_a_planned_post(tmp_path: Path) -> None:
    rows = [("Rye", "2026-04-07", "TRUE", 9, 1), ("Buns", "2026-05-07", "FALSE", 0, 0)]
    posts = read(put(tmp_path / "a.csv", sheet(("Caption", "Publish date", "Posted", "Views", "Likes"), *rows))).posts
    assert dict(zip(posts["caption"], posts["status"], strict=True)) == {"Rye": "published", "Buns": "planned"}
    assert posts["views"].dropna().tolist() == [9]


POSTS = [
    ("TikTok", f"Bread number {n}", link(video_id(f"2026-04-{n + 1:02}T17:30:00", low=n)), f"2026-04-{n + 1:02} 17:30")
    for n in range(8)
]
HEADER = ("Platform", "Caption", "Link", "Published", "Status", "Views", "Likes", "Shares")
OTHERS = (
    ("Instagram", "Rye", "https://www.instagram.com/reel/DAx/", "2026-04-05 10:00", "Published", 7001, 70, 7),
    ("", "Rye", "https://youtube.com/shorts/dQw4w9WgXcQ", "2026-04-05 10:00", "", 801, 8, 3),
    ("", "Total", "", "", "", 99_000, 900, 90),
    ("", "Gennemsnit", "", "", "", 1_234.5, 90.5, 9.5),
    ("TikTok", "Cake idea", "", "", "Idea", "", "", ""),
    ("TikTok", "Tart", "", "2026-12-24", "Scheduled", "", "", ""),
    ("", "Pillar 2: behind the scenes", "", "", "", "", "", ""),
    ("TikTok", "Never mind", "", "2026-05-01", "Cancelled", "", "", ""),
)


@settings(max_examples=15)
@given(st.lists(st.sampled_from(OTHERS), max_size=6), st.randoms(use_true_random=False))
def test_rows_that_are_no_posts_on_tiktok_change_nothing_of_those_that_are(
    others: list[tuple[Any, ...]], shuffle: random.Random
) -> None:
    own = [(*post, "Published", 1000 + 37 * n, 50 + n, n) for n, post in enumerate(POSTS)]
    mixed: list[tuple[Any, ...]] = [*own, *others]
    shuffle.shuffle(mixed)

    def posts_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
        file = SourceFile("a.csv", content=sheet(HEADER, *rows).encode())
        options = ReadOptions(today=TODAY, timezone="UTC")
        reader = reader_of(file, options)
        assert reader is not None
        posts = reader.read(file, options).posts
        assert posts is not None
        return posts[posts["status"] == "published"].sort_values("post_id").reset_index(drop=True)

    pd.testing.assert_frame_equal(posts_of(mixed), posts_of(own))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (
            "creators.csv",
            (
                "id,unique_id,description,followers,following,likes,profile_url\n"
                f"{RYE},ovnkrogen,We bake,5120,12,98000,https://www.tiktok.com/@ovnkrogen\n"
                f"{BUNS},kagebod,Cakes,90,1,400,https://www.tiktok.com/@kagebod\n"
            ),
        ),
        (
            "users.json",
            [
                {"id": i, "signature": "We bake", "verified": False, "heartCount": 7, "followingCount": 2}
                for i in (RYE, BUNS)
            ],
        ),
    ],
)
def test_a_table_of_accounts_is_refused_though_its_ids_look_like_those_of_posts(
    tmp_path: Path, name: str, body: Any
) -> None:
    with pytest.raises(CoachError, match="is a table of accounts, not of posts"):
        read(put(tmp_path / name, body))


@pytest.mark.parametrize(
    ("name", "body"),
    [
        (
            "comments.csv",
            sheet(
                ("comment_id", "video_id", "comment_text", "create_time", "like_count", "reply_count", "username"),
                ("7651000000000000001", RYE, "So crisp!", 1781368968, 12, 2, "anna_k"),
                ("7651000000000000002", BUNS, "Recipe?", 1781601999, 3, 0, "per.h"),
            ),
        ),
        (
            "comments.json",
            [
                {
                    "cid": f"765100000000000000{n}",
                    "aweme_id": i,
                    "text": "Yum",
                    "digg_count": n,
                    "reply_comment_total": 0,
                }
                for n, i in enumerate((RYE, BUNS))
            ],
        ),
    ],
)
def test_what_others_wrote_under_posts_is_not_taken_for_posts(tmp_path: Path, name: str, body: Any) -> None:
    path = put(tmp_path / name, body)
    with pytest.raises(CoachError, match="is a table of comments, not of posts"):
        read(path)
    with pytest.raises(CoachError, match="is a table of comments, not of posts"):
        columns_of(path)


def columns_of(path: Path) -> Any:
    return columns(AnalysisOptions(inputs=(path,), now=dt.datetime(2026, 11, 23, tzinfo=dt.UTC)))


def test_videos_that_were_watched_are_not_taken_for_posts(tmp_path: Path) -> None:
    watched = [
        {"Date": f"2026-06-1{n} 18:43:41", "Link": f"https://www.tiktokv.com/share/video/{video}/"}
        for n, video in enumerate((RYE, BUNS))
    ]
    path = put(tmp_path / "a.json", watched)
    for look in (read, columns_of):
        with pytest.raises(CoachError, match="is a list of videos that were watched"):
            look(path)


def test_posts_with_a_comment_beside_them_are_posts(tmp_path: Path) -> None:
    header = ("video_id", "caption", "views", "like_count", "comment_text", "comment_likes")
    assert len(read(put(tmp_path / "a.csv", sheet(header, (RYE, "Rye", 90, 9, "So crisp!", 12)))).posts) == 1


def test_posts_with_facts_of_their_author_are_posts(tmp_path: Path) -> None:
    header = ("video_id", "caption", "like_count", "comment_count", "nickname", "followers", "following")
    assert len(read(put(tmp_path / "a.csv", sheet(header, (RYE, "Rye", 9, 1, "Ovnkrogen", 5120, 12)))).posts) == 1


def test_an_audit_counts_and_dates_published_posts_alone(tmp_path: Path) -> None:
    now = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    result = audit(AnalysisOptions(now, inputs=(put(tmp_path / "a.csv", PLANNED),)))
    assert period_text(result.answer) == "2 posts, from 2026-04-07 to 2026-05-07"


OWN = sheet(
    ("post_id", "link", "status", "caption", "views", "likes"),
    (RYE, link(RYE), "Posted", "Rye", 900, 40),
    ("DAbc", "https://www.instagram.com/reel/DAbc/", "Posted", "Rye", 20, 4),
    ("post_id", "link", "status", "caption", "views", "likes"),
    ("next-1", "", "In review", "Buns", "", ""),
    ("next-2", "", "Cancelled", "Cake", "", ""),
)


def test_a_file_in_the_columns_of_the_posts_table_is_parted_too(tmp_path: Path) -> None:
    export = read(put(tmp_path / "a.csv", OWN))
    assert dict(zip(export.posts["post_id"], export.posts["status"], strict=True)) == {
        RYE: "published",
        "next-1": "planned",
    }
    for kind in ("says the headings again", "is of another platform (Instagram)", "('next-2') is called off"):
        assert f"1 row {kind}" in said(export)


def test_a_typed_table_is_parted_by_its_platforms(tmp_path: Path) -> None:
    table = {"post_id": [RYE, "1", BUNS], "platform": ["tiktok", "facebook", "tiktok"], "views": [9, 8, 7]}
    pd.DataFrame(table).to_parquet(tmp_path / "a.parquet")
    export = read(tmp_path / "a.parquet")
    assert sorted(export.posts["post_id"]) == [RYE, BUNS]
    assert "1 row is of another platform (Facebook)" in said(export)


def test_a_tab_or_file_named_after_another_platform_is_refused_unless_it_holds_tiktoks_ids(tmp_path: Path) -> None:
    plain = sheet(
        ("Caption", "Publish date", "Views", "Likes"), ("Rye", "2026-04-07", 9, 1), ("Buns", "2026-04-08", 8, 1)
    )
    linked = sheet(("Caption", "Link", "Views", "Likes"), ("Rye", link(RYE), 9, 1))
    with pytest.raises(CoachError, match="has only posts of Instagram"):
        read(put(tmp_path / "Instagram 2026.csv", plain))
    for name, body in (("tiktok and youtube.csv", plain), ("x.csv", plain), ("YouTube.csv", linked)):
        assert len(read(put(tmp_path / name, body)).posts)


def test_numbers_that_are_no_ids_of_tiktoks_are_those_of_another_platform(tmp_path: Path) -> None:
    rows = [(f"1801234567890123{n}", f"Bread {n}", 9, n) for n in range(4)]
    with pytest.raises(CoachError, match="has only posts of Instagram / X"):
        read(put(tmp_path / "a.csv", sheet(("Post ID", "Caption", "Views", "Likes"), *rows)))


def test_titles_of_sections_spoil_no_column_and_names_that_links_deny_are_no_accounts(tmp_path: Path) -> None:
    rows = [(f"Week {n}", "", "", "", "") for n in range(4)]
    rows += [("2026-04-07", "Rye", link(RYE), 9, 1), ("2026-05-07", "Buns", link(BUNS), 8, 1)]
    export = read(put(tmp_path / "a.csv", sheet(("Publish date", "Author", "Link", "Views", "Likes"), *rows)))
    assert export.posts["posted_at"].notna().all()
    assert export.posts["account"].tolist() == ["baker", "baker"]
    assert "4 rows (the first: 'Week 0') are not posts" in said(export)
    assert "the account 'rye' is another than that of the link" in said(export)
