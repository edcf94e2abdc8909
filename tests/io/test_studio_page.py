"""What TikTok Studio's own pages received, as browsers and other programs keep it: read whole where it is good, left out and named where not."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.io import pages
from tests.io.pages import ONE, POSTED, SEEN, THREE, TWO
from tests.writing import content, content_row, put, read, said, video_id, zipped
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.capture.har import clean_har
from tiktok_coach.io.capture.insights import bare, number
from tiktok_coach.io.capture.posts import curve_facts, in_seconds
from tiktok_coach.io.files.source_files import SourceFile

FACTS = {
    "views": 1000,
    "likes": 80,
    "comments": 9,
    "shares": 4,
    "saves": 12,
    "duration_s": 12.0,
    "completion_rate": 0.34,
    "average_watch_time_s": 6.4,
    "total_watch_time_s": 6400.0,
    "new_followers": 3,
    "reach": 910,
    "traffic_for_you": 0.84,
    "traffic_following": 0.1,
    "traffic_search": 0.06,
    "retention_1s": 0.9,
    "retention_3s": 0.7,
    "retention_5s": 0.41,
    "retention_half": 0.4,
    "largest_drop_s": 3.0,
    "likes_peak_s": 3.0,
    "views_hour_1": 120,
    "first_48h_views": 700,
    "viewers_following": 0.12,
    "viewers_new": 0.7,
    "viewers_returning": 0.3,
    "viewers_female": 0.6,
    "viewers_18_24": 0.47,
    "search_terms": "rye bread 24%; sourdough starter 9%",
    "account": "baker",
    "status": "published",
}


def posts(path: Path, **options: Any) -> pd.DataFrame:
    return read(path, **options).posts.set_index("post_id")


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    drop = ["provenance"]
    pd.testing.assert_frame_equal(one.drop(columns=drop), other.drop(columns=drop), check_like=True)


@pytest.mark.parametrize("browser", ["chrome", "firefox", "safari"])
@pytest.mark.parametrize("encode", [False, True], ids=["text", "base64"])
def test_a_session_is_read_whole_from_any_browser(tmp_path: Path, browser: str, encode: bool) -> None:
    export = read(put(tmp_path / "s.har", pages.har(pages.session(browser=browser, encode=encode), browser)))
    found = export.posts.set_index("post_id")
    assert set(found.index) == {ONE, TWO, THREE}
    for name, value in FACTS.items():
        assert found.loc[ONE, name] == (pytest.approx(value) if isinstance(value, float) else value), name
    assert found.loc[ONE, "posted_at"] == pd.Timestamp(POSTED)
    assert found.loc[ONE, "posted_at_precision"] == "second"
    assert found.loc[ONE, "link"] == f"https://www.tiktok.com/@baker/video/{ONE}"
    assert export.accounts[0].timezone == "Europe/Copenhagen"
    assert [s.format for s in export.sources] == ["studio page"]
    assert said(export) == ""
    assert export.retention is not None
    curve = export.retention[export.retention["post_id"] == ONE]
    assert curve["second"].tolist() == list(range(13))
    assert curve["share"].tolist() == list(pages.CURVE)
    assert dict(export.audiences["baker"].viewer_territories.itertuples(index=False)) == pytest.approx(
        {"DK": 0.8, "SE": 0.1}
    )  # type: ignore[union-attr]


def test_histories_are_snapshots_as_the_counts_stood(tmp_path: Path) -> None:
    export = read(put(tmp_path / "s.har", pages.har([pages.insight_entry(ONE)])))
    grown = export.snapshots.set_index("metrics_at")["views"].dropna()
    assert grown.loc[pd.Timestamp("2026-06-13T17:00Z")] == 40
    assert grown.loc[pd.Timestamp("2026-06-13T18:00Z")] == 160
    assert grown.loc[pd.Timestamp(POSTED + dt.timedelta(days=7))] == 970
    assert grown.iloc[-1] == 1000
    assert grown.sort_index().is_monotonic_increasing


def test_hours_that_have_not_come_and_histories_that_cannot_be_are_left_out(tmp_path: Path) -> None:
    early = POSTED + dt.timedelta(hours=3)
    export = read(put(tmp_path / "s.har", pages.har([pages.insight_entry(ONE, at=early)])))
    assert export.snapshots["metrics_at"].max() == pd.Timestamp(early.replace(microsecond=120_000))
    assert "first_48h_views" not in export.posts.columns
    too_much = pages.insights(ONE, video_vv_history_7d=[{"status": 0, "value": 900}] * 7, video_vv_history_48_hours=[])
    export = read(put(tmp_path / "t.har", pages.har([pages.insight_entry(ONE, too_much)])))
    assert export.snapshots["views"].tolist() == [1000]


@pytest.mark.parametrize("form", ["bare", "once", "twice"])
def test_values_in_any_wrapper_are_the_same(tmp_path: Path, form: str) -> None:
    found = posts(put(tmp_path / "s.har", pages.har([pages.insight_entry(ONE, pages.insights(ONE, form))])))
    assert found.loc[ONE, "completion_rate"] == 0.34
    assert found.loc[ONE, "retention_3s"] == 0.7
    assert found.loc[ONE, "traffic_for_you"] == 0.84


@pytest.mark.parametrize("status", [2, 100, -1, "2", 1.5, True, "no"])
def test_a_status_other_than_0_never_becomes_a_number(tmp_path: Path, status: Any) -> None:
    names = (
        "video_per_duration_realtime",
        "video_finish_rate_realtime",
        "video_total_duration_realtime",
        "total_video_uv",
        "video_new_followers",
    )
    body = pages.insights(ONE, **{name: pages.wrapped(0.0, "twice", status) for name in names})
    body["video_retention_rate_realtime"] = pages.wrapped(pages.curve(), "once", status)
    body["video_traffic_source_percent_realtime"] = pages.wrapped([{"key": "For You", "value": 0.0}], "twice", status)
    body["video_vv_history_48_hours"] = [{"status": status, "value": 0}] * 48
    found = posts(put(tmp_path / "s.har", pages.har([pages.insight_entry(ONE, body)])))
    gone = {
        "average_watch_time_s",
        "completion_rate",
        "total_watch_time_s",
        "reach",
        "new_followers",
        "retention_3s",
        "traffic_for_you",
        "views_hour_1",
    }
    assert not gone & set(found.columns)


@given(
    st.recursive(
        st.floats(0, 1) | st.integers(0, 9),
        lambda inner: st.fixed_dictionaries({"status": st.integers(-3, 200), "value": inner}),
        max_leaves=3,
    )
)
def test_whatever_the_wrappers_a_bad_status_hides_the_value(value: Any) -> None:
    part, good = value, True
    while isinstance(part, dict):
        good, part = good and part["status"] == 0, part["value"]
    assert number(value) == (float(part) if good else None)
    assert bare(value) == (part if good else None)


@pytest.mark.parametrize("scale", [1000, 1])
@pytest.mark.parametrize("told", [True, False], ids=["length known", "length unknown"])
def test_timestamps_in_milliseconds_or_seconds_are_told_apart(scale: int, told: bool) -> None:
    at, held = in_seconds([(n * scale, share) for n, share in enumerate(pages.CURVE)], 12.0 if told else None)
    assert at.tolist() == list(range(13))
    found = curve_facts(at, held, 12.0 if told else None)
    assert found["retention_3s"] == 0.7
    assert (found["largest_drop_s"], round(found["largest_drop"], 3)) == (3.0, 0.414)


def test_a_curve_says_nothing_where_it_has_no_point_near() -> None:
    at, held = in_seconds([(0, 1.0), (71_540, 0.2)], 143.0)
    assert curve_facts(at, held, 143.0) == {}


def test_photo_posts_scheduled_posts_and_posts_that_not_everyone_sees(tmp_path: Path) -> None:
    due = SEEN + dt.timedelta(days=3)
    photo, planned, review, private = (video_id(f"2026-06-{day}T08:00:00") for day in (14, 20, 21, 22))
    items = [
        pages.item(ONE),
        pages.item(photo, duration=0),
        pages.item(planned, post_time=str(pages.unix(due)), schedule_time=str(pages.unix(due))),
        pages.item(review, in_review=True),
        pages.item(private, visibility=3),
        pages.item(TWO, visibility=2),
    ]
    hidden = pages.insights(private, video_info=pages.info(private, status={"private_status": 1}))
    path = put(
        tmp_path / "s.har",
        pages.har(
            [pages.list_entry(pages.page(items)), pages.insight_entry(ONE), pages.insight_entry(private, hidden)]
        ),
    )
    export = read(path)
    found = export.posts.set_index("post_id")
    assert set(found.index) == {ONE, TWO, photo, planned}
    assert found.loc[photo, "kind"] == "photo"
    assert found.loc[photo, "link"] == f"https://www.tiktok.com/@baker/photo/{photo}"
    assert found.loc[planned, "status"] == "planned"
    assert found.loc[planned, "posted_at"] == pd.Timestamp(due)
    assert pd.isna(found.loc[planned, "views"])
    assert f"2 posts are ({', '.join(sorted((private, review)))}) private, in review or deleted; left out" in said(
        export
    )
    assert "1 post is" in " ".join(n.text for n in export.notices if "scheduled" in n.text)
    assert TWO in " ".join(n.text for n in export.notices if "not visible to everybody" in n.text)


def test_an_id_as_a_number_beyond_2_to_the_53_keeps_its_digits_and_one_with_a_fraction_is_none(tmp_path: Path) -> None:
    body = json.dumps(pages.page([pages.item(ONE), pages.item("FLOAT")]))
    body = body.replace(f'"{ONE}"', ONE).replace('"FLOAT"', "7.65e18")
    export = read(
        put(tmp_path / "s.har", pages.har([pages.list_entry(body), pages.insight_entry(TWO, pages.insights(int(TWO)))]))
    )
    assert set(export.posts["post_id"]) == {ONE, TWO}
    assert "1 post of the list has no id that can be read; left out" in said(export)


def test_an_answer_that_names_its_video_only_in_the_request(tmp_path: Path) -> None:
    body = {k: v for k, v in pages.insights(ONE).items() if k != "video_info"}
    assert (
        posts(put(tmp_path / "s.har", pages.har([pages.insight_entry(ONE, body)]))).loc[ONE, "completion_rate"] == 0.34
    )
    both = pages.entry(pages.insight_url([{"insigh_type": "video_uv", "aweme_id": p} for p in (ONE, TWO)]), body)
    with pytest.raises(CoachError, match="1 answer on a video does not say on which"):
        read(put(tmp_path / "t.har", pages.har([both])))
    other = pages.entry(pages.asked_for(TWO), pages.insights(ONE))
    with pytest.raises(CoachError, match=r"do(es)? not say on which"):
        read(put(tmp_path / "u.har", pages.har([other])))


def test_two_accounts_in_one_file_keep_their_own(tmp_path: Path) -> None:
    entries = [
        pages.insight_entry(ONE),
        pages.insight_entry(TWO, pages.insights(TWO, video_info=pages.info(TWO, handle="miller"))),
    ]
    export = read(
        put(
            tmp_path / "s.har",
            pages.har([*entries, pages.list_entry(pages.page([pages.item(ONE), pages.item(TWO), pages.item(THREE)]))]),
        )
    )
    owners = export.posts.set_index("post_id")["account"]
    assert (owners[ONE], owners[TWO]) == ("baker", "miller")
    assert pd.isna(owners[THREE])


def test_of_captures_of_two_days_the_newest_counts_win_and_snapshots_keep_both(tmp_path: Path) -> None:
    later = SEEN + dt.timedelta(days=2)
    grown = pages.insights(
        ONE,
        realtime_total_video_views=pages.wrapped(1400),
        video_retention_rate_realtime=pages.wrapped(pages.curve((1.0, 0.8, 0.7, 0.6))),
    )
    folder = tmp_path / "e"
    put(folder / "a.har", pages.har([pages.insight_entry(ONE, grown, later)]))
    put(folder / "b.har", pages.har([pages.insight_entry(ONE)]))
    export = read(folder)
    assert export.posts["views"].tolist() == [1400]
    assert {1000, 1400} <= set(export.snapshots["views"].dropna())
    assert export.retention is not None
    assert export.retention["share"].tolist() == [1.0, 0.8, 0.7, 0.6]


def test_beside_a_studio_download_and_an_archive_nothing_is_doubled(tmp_path: Path) -> None:
    folder = tmp_path / "e"
    put(folder / "s.har", pages.har(pages.session()))
    put(
        folder / "Content.csv",
        content(
            [
                content_row(
                    "2026-06-13T16:42:48",
                    "2026-06-13",
                    "2026-06-23",
                    "Rye bread, rising #baking",
                    counts=(70, 8, 3, 900),
                )
            ]
        ),
    )
    video = {
        "Date": "2026-06-15 16:42:47",
        "Link": "https://example.invalid/1",
        "Likes": "79",
        "AllowDuets": "No",
        "AllowStitches": "Yes",
        "AllowComments": "Yes",
        "Sound": "Song - Me",
        "Title": "N/A",
    }
    put(folder / "user_data_tiktok.json", {"Post": {"Posts": {"VideoList": [video]}}})
    found = posts(folder)
    assert set(found.index) == {ONE, TWO, THREE}
    assert found.loc[ONE, "views"] == 1000
    assert not found.loc[TWO, "allow_duet"]
    assert found.loc[TWO, "retention_3s"] == 0.7


LISTS = [
    pytest.param([(pages.page([pages.item(ONE)]), 0)], True, id="one page"),
    pytest.param(
        [(pages.page([pages.item(ONE)], more=True, cursor=1), 0), (pages.page([pages.item(TWO)], cursor=2), 1)],
        True,
        id="two pages",
    ),
    pytest.param(
        [(pages.page([pages.item(ONE)], more=True, cursor=1), 0)] * 2 + [(pages.page([pages.item(TWO)], cursor=2), 1)],
        True,
        id="first page twice",
    ),
    pytest.param([(pages.page([pages.item(ONE)], more=True, cursor=1), 0)], False, id="no end"),
    pytest.param(
        [(pages.page([pages.item(TWO)], cursor=3), 2), (pages.page([pages.item(ONE)], more=True, cursor=1), 0)],
        False,
        id="a page between is missing",
    ),
    pytest.param([(pages.page([pages.item(ONE)], is_limited=True), 0)], False, id="limited"),
]


@pytest.mark.parametrize(("listed", "whole"), LISTS)
def test_a_list_is_whole_only_where_a_page_says_that_nothing_follows(tmp_path: Path, listed: Any, whole: bool) -> None:
    export = read(put(tmp_path / "s.har", pages.har([pages.list_entry(body, cursor) for body, cursor in listed])))
    assert [s.format for s in export.sources] == ["studio page" if whole else "studio page in part"]
    assert ("the list of posts is not complete" in said(export)) is not whole


def test_a_filtered_list_is_not_all_posts(tmp_path: Path) -> None:
    entry = pages.entry(
        pages.LIST_URL, pages.page([pages.item(ONE)]), posted={"cursor": 0, "query": {"conditions": [{"field": "x"}]}}
    )
    assert "not complete" in said(read(put(tmp_path / "s.har", pages.har([entry]))))


def kept_forms() -> dict[str, Any]:
    url, body, listed = pages.asked_for(ONE), pages.insights(ONE), pages.page([pages.item(ONE)])
    return {
        "url and body": [{"url": url, "body": json.dumps(body)}, {"url": pages.LIST_URL, "body": listed}],
        "url and json": {
            "captures": [{"url": url, "json": body, "time": SEEN.timestamp()}, {"url": pages.LIST_URL, "json": listed}]
        },
        "bare bodies": [body, listed],
        "one body": body,
        "wrapped in data": [{"url": url, "json": {"data": body}}],
    }


@pytest.mark.parametrize("form", list(kept_forms()))
def test_answers_kept_one_by_one_are_read_as_those_of_a_har(tmp_path: Path, form: str) -> None:
    value = kept_forms()[form]
    for name, text in (
        ("k.json", json.dumps(value)),
        ("k.jsonl", "\n".join(map(json.dumps, value)) if isinstance(value, list) else json.dumps(value)),
    ):
        found = posts(put(tmp_path / name, text))
        assert found.loc[ONE, "completion_rate"] == 0.34
        assert found.loc[ONE, "views"] == 1000


def test_folders_and_zips_of_answers(tmp_path: Path) -> None:
    members = {f"{n}.json": json.dumps(part) for n, part in enumerate(kept_forms()["url and body"])}
    assert len(posts(put(tmp_path / "z.zip", zipped(members)))) == 1
    for name, text in members.items():
        put(tmp_path / "f" / name, text)
    assert posts(tmp_path / "f").loc[ONE, "saves"] == 12


def test_the_account_s_days_and_hours_in_the_page_s_timezone(tmp_path: Path) -> None:
    hours = [{"status": 0, "value": [n * 10 + h for h in range(24)]} for n in range(3)]
    body = {
        "status_code": 0,
        "vv_history": [{"status": 0, "value": n} for n in (5, 6, 7)],
        "follower_num_history": [{"status": 2}, {"status": 0, "value": 90}, {"status": 0, "value": 92}],
        "follower_active_history_hours": hours,
    }
    asked = [{"insigh_type": name, "days": 3, "end_days": 1} for name in body if name != "status_code"]
    path = put(tmp_path / "s.har", pages.har([pages.entry(pages.insight_url(asked), body), *pages.session()]))
    audience = read(path).audiences["baker"]
    assert audience.overview is not None
    assert audience.overview["date"].dt.strftime("%F").tolist() == ["2026-06-21", "2026-06-22", "2026-06-23"]
    assert audience.overview["views"].tolist() == [5, 6, 7]
    assert audience.followers is not None
    assert audience.followers["followers"].tolist() == [90, 92]
    assert audience.activity is not None
    assert len(audience.activity) == 72
    assert audience.activity["active_followers"].iloc[0] == 0
    there = read(path, timezone="America/New_York").audiences["baker"].activity
    assert there is not None
    first = there.iloc[0]
    assert (f"{first['date']:%F}", first["hour"], first["active_followers"]) == ("2026-06-20", 18, 0)


HOSTILE = [
    pytest.param(
        lambda: [pages.entry(pages.LIST_URL, "<!doctype html><title>Log in</title>")],
        "1 answer is not JSON, such as a login page",
        id="login page",
    ),
    pytest.param(
        lambda: [pages.entry(pages.LIST_URL, {"status_code": 8, "status_msg": "login"})],
        "1 answer says that the request failed",
        id="refused",
    ),
    pytest.param(lambda: [pages.entry(pages.LIST_URL, "")], "1 answer is empty", id="no body"),
    pytest.param(
        lambda: [pages.entry(pages.LIST_URL, '{"item_list": ' + "[" * 10_000 + "]" * 10_000 + "}")],
        "1 answer is not JSON",
        id="deep",
    ),
    pytest.param(
        lambda: [
            pages.entry(
                pages.asked_for(TWO),
                '{"status_code": 0, "video_finish_rate_realtime": {"status": 0, "value": NaN}, "video_finish_rate_realtime": {"status": 0, "value": -3}}',
            )
        ],
        "",
        id="NaN, negative and twice",
    ),
    pytest.param(
        lambda: [
            pages.entry(
                pages.asked_for(TWO),
                {
                    "status_code": 0,
                    "video_finish_rate_realtime": {"status": 0, "value": 34.0},
                    "video_per_duration_realtime": {"status": 0, "value": -6},
                },
            )
        ],
        "",
        id="out of range",
    ),
]


@pytest.mark.parametrize(("hostile", "message"), HOSTILE)
def test_what_is_hostile_is_one_line_and_costs_the_rest_nothing(tmp_path: Path, hostile: Any, message: str) -> None:
    alone = posts(put(tmp_path / "a.har", pages.har(pages.session())))
    export = read(put(tmp_path / "b.har", pages.har([*hostile(), *pages.session()])))
    found = export.posts.set_index("post_id")
    assert list(found.index) == list(alone.index)
    assert found["completion_rate"].tolist() == [0.34] * 3
    assert message in said(export)
    assert len(said(export).splitlines()) == (1 if message else 0)


def test_an_entry_as_deep_as_ten_thousand_and_claims_of_a_gigabyte(tmp_path: Path) -> None:
    deep = '{"a":' * 10_000 + "1" + "}" * 10_000
    text = pages.har(pages.session()).replace('"entries": [', f'"entries": [{deep},', 1)
    assert len(read(put(tmp_path / "s.har", text)).posts) == 3
    claims = pages.har(pages.session()).replace('"size": ', '"size": 1073741824')
    assert len(read(put(tmp_path / "t.har", claims)).posts) == 3


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_cut_file_gives_what_it_holds_and_says_where_it_ends(tmp_path: Path, share: float) -> None:
    text = pages.har([pages.insight_entry(p) for p in (ONE, TWO, THREE)])
    cut = text[: int(len(text) * share)]
    whole = cut.count("startedDateTime") - 2
    path = put(tmp_path / "s.har", cut)
    if whole <= 0:
        with pytest.raises(CoachError, match="ends, or is damaged, after 0 entries"):
            read(path)
        return
    export = read(path)
    assert len(export.posts) == whole
    assert f"after {whole} {'entry' if whole == 1 else 'entries'}, at about byte {len(cut.encode()):,}" in said(export)


def test_damaged_letters_stop_nothing(tmp_path: Path) -> None:
    body = pages.har(pages.session()).encode().replace(b"rising", b"ris\xff\xfeing")
    assert len(read(put(tmp_path / "s.har", b"\xef\xbb\xbf" + body)).posts) == 3


def test_a_har_of_another_site_is_refused_by_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(CoachError, match=r"has none of the answers that TikTok Studio's pages get; .*capture guide"):
        read(put(tmp_path / "s.har", pages.har([pages.other_page()])))
    with pytest.raises(CoachError, match="ends, or is damaged"):
        read(put(tmp_path / "t.har", "no json at all"))


def test_ten_thousand_posts(tmp_path: Path) -> None:
    base = 7_600_000_000_000_000_000
    items = [pages.item(str(base + (n << 32))) for n in range(10_000)]
    listed = [
        pages.list_entry(pages.page(items[at : at + 500], more=at + 500 < len(items), cursor=at + 500), at)
        for at in range(0, len(items), 500)
    ]
    export = read(put(tmp_path / "s.har", pages.har(listed)))
    assert len(export.posts) == 10_000
    assert [s.format for s in export.sources] == ["studio page"]


def clean_copy(path: Path) -> str:
    return "".join(clean_har([SourceFile(path.name, path=path)]))


@pytest.mark.parametrize("form", ["har", *kept_forms()])
def test_reading_a_clean_copy_gives_the_same_tables(tmp_path: Path, form: str) -> None:
    body = pages.har(pages.session(secrets=True)) if form == "har" else json.dumps(kept_forms()[form])
    path = put(tmp_path / ("s.har" if form == "har" else "s.json"), body)
    copy = put(tmp_path / "c.har", clean_copy(path))
    first, second = read(path), read(copy)
    same(first.posts, second.posts)
    pd.testing.assert_frame_equal(
        first.snapshots.drop(columns="source", errors="ignore"),
        second.snapshots.drop(columns="source", errors="ignore"),
    )
    assert first.retention is not None
    assert second.retention is not None
    pd.testing.assert_frame_equal(first.retention.drop(columns="source"), second.retention.drop(columns="source"))
    assert clean_copy(copy) == copy.read_text("utf-8")
    assert not any("cookies" in n.text for n in second.notices)


def test_the_order_of_entries_does_not_matter(tmp_path: Path) -> None:
    entries = pages.session()
    for n, entry in enumerate(entries):
        entry["startedDateTime"] = f"2026-06-24T09:30:{n:02d}.120Z"
    ordered = read(put(tmp_path / "a.har", pages.har(entries)))
    for seed in range(20):
        shuffled = random.Random(seed).sample(entries, len(entries))
        same(ordered.posts, read(put(tmp_path / "b.har", pages.har(shuffled))).posts)


@given(dropped=st.integers(1, 5))
def test_dropping_an_entry_only_turns_known_into_unknown(
    tmp_path_factory: pytest.TempPathFactory, dropped: int
) -> None:
    folder = tmp_path_factory.mktemp("drop")
    entries = pages.session()
    whole = posts(put(folder / "a.har", pages.har(entries)))
    less = posts(put(folder / "b.har", pages.har([e for n, e in enumerate(entries) if n != dropped])))
    assert set(less.index) <= set(whole.index)
    for name in set(less.columns) - {"provenance", "in_full_list", "metrics_at"}:
        for post_id, value in less[name].dropna().items():
            assert whole.loc[post_id, name] == value
