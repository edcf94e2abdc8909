"""Business Suite, Metricool, hand-kept sheets, the account archive, yt-dlp, scrapers and TikTok's APIs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.writing import BOM, content, content_row, link, put, read, said, video_id, zipped
from tiktok_coach.core.errors import CoachError

ID = video_id("2026-06-13T16:42:48")
OTHER = video_id("2026-06-14T08:00:00", low=5)


def business(header: str, *rows: str) -> str:
    return BOM + "\n".join([header, *rows]) + "\n"


ENGLISH = "Video title,Video link,Post time,Video views,Likes,Comments,Shares,Add to Favorites"
SWEDISH = (
    "Videotitel,Videolänk,Publiceringstid,Videovisningar,Gilla-markeringar,Kommentarer,Delningar,Lägg till i Favoriter"
)


@pytest.mark.parametrize("header", [ENGLISH, SWEDISH])
def test_business_suite_has_exact_times_and_saves(tmp_path: Path, header: str) -> None:
    file = put(tmp_path / "v.csv", business(header, f'"Rye, bread",{link(ID)},2026/06/13 16:42:53,900,80,NAN,--,12'))
    posts = read(file).posts
    assert posts["posted_at"].astype(str).tolist() == ["2026-06-13 16:42:53+00:00"]
    assert posts["posted_at_precision"].tolist() == ["second"]
    assert posts["saves"].tolist() == [12]
    assert "comments" not in posts.columns
    assert "shares" not in posts.columns


def test_business_suite_tells_the_hour_of_a_post_that_studio_shows_as_scheduled(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-15", "2026-06-30")]))
    put(tmp_path / "e" / "v.csv", business(ENGLISH, f"Rye bread #baking,{link(ID)},2026/06/15 05:00:00,900,80,3,4,12"))
    posts = read(tmp_path / "e", timezone="UTC").posts
    assert posts["posted_at"].astype(str).tolist() == ["2026-06-15 05:00:00+00:00"]
    assert posts["uploaded_at"].astype(str).tolist() == ["2026-06-13 16:42:48+00:00"]
    assert posts["posted_at_precision"].tolist() == ["second"]
    assert posts["saves"].tolist() == [12]
    # One file does not say when its counts were taken; views only grow, so that more of them are newer.
    assert posts["views"].tolist() == [900]
    assert "metrics_at" not in posts.columns


def test_business_suite_daily_files(tmp_path: Path) -> None:
    put(tmp_path / "e" / "v.csv", business(ENGLISH, f"Rye,{link(ID)},2026/06/15 05:00:00,900,80,3,4,12"))
    put(
        tmp_path / "e" / "Overview.csv",
        business(
            "Date,Video views,Reached audience,Profile views,Likes,Shares,Comments,Phone number clicks ,Leads submission,Net growth,New followers,Lost followers",
            "2026/06/01,5,4,3,2,1,0,0,0,1,1,0",
        ),
    )
    put(
        tmp_path / "e" / "Audience.csv",
        business("Date,New followers,Total followers,Reached audience,Engaged audience", "2026/06/01,5,400,3,2"),
    )
    [audience] = read(tmp_path / "e").audiences.values()
    assert audience.overview is not None
    assert audience.followers is not None
    assert audience.overview[["views", "profile_views"]].values.tolist() == [[5, 3]]
    assert audience.followers["followers"].tolist() == [400]


METRICOOL = "Image;URL;Title;Date;Link;Type;Views;Likes;Comments;Shares;Reach;Duration;Engagement;Full video watched rate;Total time watched seconds;Avg. time watched seconds;For You;Follow;Hashtag;Sound;Personal profile;Search"


def test_metricool_gives_watch_time_completion_and_traffic(tmp_path: Path) -> None:
    rows = [
        f"i;u;Rye bread #baking;2026-06-13 18:42;{link(ID)};VIDEO;1.234;80;3;4;1.100;14,2;7,1;23,5;8.638;7,0;81,2;10,1;0,3;0,1;6,0;2,3",
        f"i;u;Buns;2026-06-14 10:00;{link(OTHER)};VIDEO;900;70;3;4;800;0:31;7,1;0,4;8.638;7,0;90;10;0;0;0;0",
    ]
    posts = read(
        put(tmp_path / "m.csv", METRICOOL + "\n" + "\n".join(rows)), timezone="Europe/Copenhagen"
    ).posts.sort_values("views", ascending=False)
    assert posts["completion_rate"].tolist() == pytest.approx([0.235, 0.004])
    assert posts["views"].tolist() == [1234, 900]
    assert posts["duration_s"].tolist() == [14.2, 31.0]
    assert posts["traffic_hashtag"].tolist() == pytest.approx([0.003, 0.0])
    assert posts["posted_at"].astype(str).tolist()[0] == "2026-06-13 16:42:00+00:00"


KEPT = "Post day,Video title,Total video time,Total views,Total likes,Total comments,Total shares,Total saves,Avg watch time,Full watch percentage,New followers,Tags1,Tags2"


def test_a_hand_kept_row_joins_its_post_by_title_and_day(tmp_path: Path) -> None:
    put(
        tmp_path / "e" / "Content.csv",
        content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", "Rye bread on a Saturday #baking")]),
    )
    put(
        tmp_path / "e" / "kept.csv",
        f"{KEPT}\n13/06/26,Rye bread on a Saturday,0:14,0.31K,90,12,3,40,0h:00m:07s,46.13%,5,a,b\n",
    )
    posts = read(tmp_path / "e", timezone="UTC").posts
    assert len(posts) == 1
    assert posts["completion_rate"].tolist() == [0.4613]
    assert posts["average_watch_time_s"].tolist() == [7.0]
    assert posts["views"].tolist() == [300]
    assert not posts["counts_rounded"].fillna(False).any() if "counts_rounded" in posts else True


def test_an_uncertain_match_is_left_apart_and_named(tmp_path: Path) -> None:
    rows = [content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", "Rye bread", low=n) for n in (1, 2)]
    put(tmp_path / "e" / "Content.csv", content(rows))
    put(tmp_path / "e" / "kept.csv", f"{KEPT}\n13/06/26,Rye bread,0:14,12000,900,12,3,40,7s,46%,5,a,b\n")
    export = read(tmp_path / "e", timezone="UTC")
    assert len(export.posts) == 3
    assert "1 row without a link goes with no post, or with several, by title and day; left apart: 'rye bread'" in said(
        export
    )
    assert export.posts["post_id"].str.startswith("row-").sum() == 1


def test_a_hand_kept_sheet_alone_is_posts_of_its_own_behind_a_preamble(tmp_path: Path) -> None:
    preamble = "\n".join(f"Report line {n}" for n in range(17))
    body = f"{preamble}\n{KEPT}\n13/06/26,Rye,0:14,12000,900,12,3,40,7s,46%,5,a,b\n13/06/26,Rye,0:14,12000,900,12,3,40,7s,46%,5,a,b\n"
    posts = read(put(tmp_path / "kept.csv", body)).posts
    assert posts["post_id"].is_unique
    assert posts["posted_at_precision"].tolist() == ["day", "day"]


def test_a_header_over_the_wrong_columns_is_an_error(tmp_path: Path) -> None:
    body = (
        KEPT.replace(",", "\t")
        + "\n"
        + "\n".join("Rye\t13/06/26\tx\tviews\ta\t1\t2\t3\t4s\t5%\t6\tq\tr" for _ in range(5))
    )
    with pytest.raises(CoachError, match="check that the header is above the right columns"):
        read(put(tmp_path / "kept.tsv", body))


def archive(videos: Any, branch: tuple[str, str] = ("Post", "Posts")) -> dict[str, Any]:
    return {
        branch[0]: {branch[1]: {"VideoList": videos}},
        "Direct Message": {"Chat History": {"secret": "do not show"}},
    }


def video(date: str, **changes: str) -> dict[str, str]:
    return {
        "Date": date,
        "Link": "https://example.invalid/1",
        "Likes": "12",
        "WhoCanView": "Public",
        "AllowComments": "Yes",
        "AllowStitches": "No",
        "AllowDuets": "Yes",
        "Sound": "Morning Oven - Rye - Choir",
        "Location": "",
        "Title": "N/A",
    } | changes


@pytest.mark.parametrize("branch", [("Post", "Posts"), ("Video", "Videos")])
def test_the_archive_joins_within_a_minute_of_the_creation(tmp_path: Path, branch: tuple[str, str]) -> None:
    put(tmp_path / "e" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    put(
        tmp_path / "e" / "user_data_tiktok.json",
        archive([video("2026-06-13 16:43:40"), video("2026-06-13 16:43:55")], branch),
    )
    export = read(tmp_path / "e", timezone="UTC")
    assert len(export.posts) == 2
    joined = export.posts[export.posts["post_id"] == ID]
    assert joined["allow_stitch"].tolist() == [False]
    assert joined["sound"].tolist() == ["Morning Oven - Rye"]
    assert joined["sound_artist"].tolist() == ["Choir"]
    assert joined["posted_at"].astype(str).tolist() == ["2026-06-13 16:42:48+00:00"]
    assert "at-20260613T164355Z" in export.posts["post_id"].tolist()
    assert "secret" not in said(export)


def test_an_archive_alone_is_posts_without_captions(tmp_path: Path) -> None:
    videos = [
        video("2026-06-13 16:43:40", Link="https://a.invalid/1\nhttps://a.invalid/2", Title="Five breads"),
        video("2026-06-12 16:43:40"),
        "broken",
    ]
    export = read(put(tmp_path / "user_data_tiktok.json", archive(videos)))
    assert export.posts["kind"].tolist()[0] == "photo"
    assert export.posts["caption"].tolist()[0] == "Five breads"
    assert "1 entry of VideoList is not a post" in said(export)


def test_an_archive_without_posts_says_so(tmp_path: Path) -> None:
    with pytest.raises(CoachError, match="has no posts"):
        read(put(tmp_path / "user_data_tiktok.json", archive(None)))


def test_ytdlp_files_of_a_folder(tmp_path: Path) -> None:
    info = {
        "id": ID,
        "title": "Rye",
        "description": "Rye #bread",
        "timestamp": 1781368968,
        "duration": 14,
        "width": 1080,
        "height": 1920,
        "view_count": 900,
        "like_count": 80,
        "comment_count": 3,
        "repost_count": 4,
        "save_count": None,
        "uploader": "baker",
        "track": "Morning Oven",
        "artists": ["Choir", "Band"],
        "webpage_url": link(ID),
        "extractor": "TikTok",
    }
    put(tmp_path / "v" / "one.info.json", info)
    put(tmp_path / "v" / "two.info.json", info | {"id": OTHER, "webpage_url": link(OTHER), "tags": ["rye"]})
    posts = read(tmp_path / "v").posts
    assert len(posts) == 2
    assert posts["duration_s"].tolist() == [14.0, 14.0]
    assert posts["sound_artist"].tolist() == ["Choir, Band", "Choir, Band"]
    assert posts["hashtags"].dropna().tolist() == ["#rye"]
    assert posts["width"].tolist() == [1080.0, 1080.0]


FLAT = {
    "id": ID,
    "text": "Rye",
    "createTimeISO": "2026-06-13T16:42:48.000Z",
    "diggCount": 80,
    "shareCount": 4,
    "playCount": 900,
    "commentCount": 3,
    "collectCount": 9,
    "webVideoUrl": link(ID),
    "isAd": False,
}


@pytest.mark.parametrize("separator", [".", "/"])
def test_scraper_csv_flattened(tmp_path: Path, separator: str) -> None:
    nested = {
        "videoMeta.duration": 14,
        "videoMeta.width": 0,
        "musicMeta.musicName": "Morning Oven",
        "musicMeta.musicOriginal": "true",
        "hashtags.0.name": "Bread",
        "hashtags.1.name": "Rye",
        "authorMeta.name": "baker",
    }
    row = {k.replace(".", separator): v for k, v in (FLAT | nested).items()}
    body = ",".join(row) + "\n" + ",".join(map(str, row.values())) + "\nbroken,row\n"
    export = read(put(tmp_path / "s.csv", body))
    posts = export.posts
    assert posts["duration_s"].tolist() == [14.0]
    assert posts["hashtags"].tolist() == ["#Bread #Rye"]
    assert posts["sound_original"].tolist() == [True]
    assert "width" not in posts.columns
    assert "1 row cannot be read" in said(export)


def test_scraper_json_nested_and_web_json(tmp_path: Path) -> None:
    nested = FLAT | {
        "videoMeta": {"duration": 14, "width": 576, "height": 1024},
        "musicMeta": {"musicName": "Oven"},
        "hashtags": [{"name": "rye"}, {}],
        "authorMeta": {"name": "baker", "fans": 5},
    }
    posts = read(put(tmp_path / "s.json", [nested, 5])).posts
    assert posts["hashtags"].tolist() == ["#rye"]
    assert posts["height"].tolist() == [1024.0]
    web = {
        "id": ID,
        "desc": "Rye",
        "createTime": 1781368968,
        "stats": {"playCount": 1, "diggCount": 2, "commentCount": 3, "shareCount": 4, "collectCount": "5"},
        "video": {"duration": 0, "width": 0},
        "music": {"title": "x", "authorName": "y", "original": True},
        "challenges": [{"title": "rye"}],
        "author": {"uniqueId": "baker"},
    }
    posts = read(put(tmp_path / "w.json", {"itemList": [web]})).posts
    assert posts[["views", "likes", "comments", "shares", "saves"]].values.tolist() == [[1, 2, 3, 4, 5]]
    assert "duration_s" not in posts.columns
    assert posts["account"].tolist() == ["baker"]
    single = read(put(tmp_path / "one.json", nested)).posts
    assert len(single) == 1


def test_json_lines_are_read_as_a_list(tmp_path: Path) -> None:
    import json

    body = json.dumps(FLAT) + "\n\n" + json.dumps(FLAT | {"id": OTHER, "webVideoUrl": link(OTHER)}) + "\n"
    assert len(read(put(tmp_path / "s.json", body)).posts) == 2
    with pytest.raises(CoachError, match=r"s\.json:2: not valid JSON"):
        read(put(tmp_path / "s.json", json.dumps(FLAT) + "\n{broken\n"))


def test_display_research_and_business_apis(tmp_path: Path) -> None:
    display = {
        "data": {
            "videos": [
                {
                    "id": ID,
                    "create_time": 1781368968,
                    "share_url": link(ID),
                    "video_description": "Rye",
                    "duration": 14,
                    "height": 1920,
                    "width": 1080,
                    "like_count": 80,
                    "comment_count": 3,
                    "share_count": 4,
                    "view_count": 900,
                }
            ]
        }
    }
    assert read(put(tmp_path / "d.json", display)).posts["duration_s"].tolist() == [14.0]
    research = {
        "data": {
            "videos": [
                {
                    "id": int(ID),
                    "create_time": 1781368968,
                    "username": "baker",
                    "region_code": "DK",
                    "video_description": "Rye",
                    "like_count": 80,
                    "comment_count": 3,
                    "share_count": 4,
                    "view_count": 900,
                    "effect_ids": [],
                    "hashtag_names": ["rye"],
                    "video_duration": 14,
                    "favorites_count": 2,
                }
            ]
        }
    }
    posts = read(put(tmp_path / "r.json", research)).posts
    assert posts["post_id"].tolist() == [ID]
    assert posts["effects"].tolist() == ["none"]
    assert posts["region"].tolist() == ["DK"]
    business_api = {
        "data": {
            "videos": [
                {
                    "item_id": ID,
                    "create_time": "1781368968",
                    "caption": "Rye",
                    "share_url": link(ID),
                    "video_duration": 14.2,
                    "video_views": 900,
                    "likes": 80,
                    "comments": 3,
                    "shares": 4,
                    "reach": 800,
                    "full_video_watched_rate": 0.31,
                    "total_time_watched": 5000,
                    "average_time_watched": 5.5,
                    "impression_sources": [
                        {"impression_source": "For You", "percentage": 0.91},
                        {"impression_source": "Follow", "percentage": 0.05},
                        {"impression_source": "Moon", "percentage": 0.04},
                    ],
                    "new_followers": 2,
                }
            ]
        }
    }
    posts = read(put(tmp_path / "b.json", business_api)).posts
    assert posts["completion_rate"].tolist() == [0.31]
    assert posts["traffic_for_you"].tolist() == [0.91]
    assert posts["average_watch_time_s"].tolist() == [5.5]


def test_any_mix_of_files_of_several_accounts_is_one_table(tmp_path: Path) -> None:
    put(tmp_path / "e" / "a" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    put(
        tmp_path / "e" / "b" / "Content.csv",
        content([content_row("2026-06-14T16:42:48", "2026-06-14", "2026-06-30", handle="miller", low=9)]),
    )
    put(
        tmp_path / "e" / "Followers_miller.zip", zipped({"FollowerGender.csv": '"Gender","Distribution"\n"Female","1"'})
    )
    export = read(tmp_path / "e", timezone="UTC")
    assert [a.handle for a in export.accounts] == ["baker", "miller"]
    assert list(export.audiences) == ["miller"]
    assert export.posts["post_id"].is_unique


def test_every_fact_remembers_its_source(tmp_path: Path) -> None:
    put(tmp_path / "e" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    put(tmp_path / "e" / "side.csv", f"post_id,hook_s\n{ID},1.5\n")
    [text] = read(tmp_path / "e", timezone="UTC").provenance.sentences()
    assert (
        "studio content (e/Content.csv): account, link, status, uploaded_at, posted_at, posted_at_precision, caption, views"
        in text
    )
    assert "sidecar (e/side.csv): hook_s" in text


def test_the_order_of_the_inputs_does_not_matter(tmp_path: Path) -> None:
    a = put(tmp_path / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    b = put(tmp_path / "v.csv", business(ENGLISH, f"Rye bread #baking,{link(ID)},2026/06/15 05:00:00,900,80,3,4,12"))
    c = put(tmp_path / "side.csv", f"post_id,hook_s\n{ID},1.5\n")
    first = read(a, b, c, timezone="UTC").posts
    for order in ((c, b, a), (b, a, c)):
        pd.testing.assert_frame_equal(first, read(*order, timezone="UTC").posts)
