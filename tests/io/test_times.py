"""Times of sheets: in the timezone that their heading names or that the ids of their posts prove, else named."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writing import link, put, read, said, video_id
from tiktok_coach.core.errors import CoachError
from tiktok_coach.io.dates.printed_days import infer_zones, posting_times
from tiktok_coach.io.dates.zone_names import without_zone, zone_of_heading

MOMENTS = ["2026-01-12T08:15:20", "2026-03-03T17:40:05", "2026-07-09T11:05:51", "2026-07-30T19:22:10"]


def clock(moment: str, zone: str, form: str = "%Y-%m-%d %H:%M") -> str:
    return pd.Timestamp(moment, tz="UTC").tz_convert(zone).strftime(form)


def sheet(heading: str, times: list[str], moments: list[str] = MOMENTS) -> str:
    rows = zip(moments, times, strict=True)
    body = "".join(f"{link(video_id(m, n))},Rye {n},{100 + n},{time}\n" for n, (m, time) in enumerate(rows))
    return f"Video link,Caption,Views,{heading}\n{body}"


def posted(export: object) -> list[str | None]:
    posts = export.posts.sort_values("post_id")  # type: ignore[attr-defined]
    at = posts.get("posted_at", pd.Series(pd.NaT, index=posts.index, dtype="datetime64[us, UTC]"))
    return [None if pd.isna(moment) else f"{moment:%Y-%m-%d %H:%M}" for moment in at]


UTC = [clock(moment, "UTC") for moment in MOMENTS]


@pytest.mark.parametrize(
    ("heading", "zone"),
    [
        ("Posted at (UTC)", "UTC"),
        ("create_time_gmt", "UTC"),
        ("Publish time (America/Toronto)", "America/Toronto"),
        ("Post date (UTC+3)", "Etc/GMT-3"),
        ("Tid (CET)", "Europe/Berlin"),
        ("Post time PDT", "America/Los_Angeles"),
    ],
)
def test_a_heading_that_names_a_timezone_counts(tmp_path: Path, heading: str, zone: str) -> None:
    # No ids, so that nothing but the heading tells.
    rows = "".join(f"Rye {n},{100 + n},5,{clock(m, zone)}\n" for n, m in enumerate(MOMENTS))
    export = read(put(tmp_path / "a.csv", f"Caption,Views,Likes,{heading}\n{rows}"), timezone="Asia/Tokyo")
    assert sorted(filter(None, posted(export))) == UTC
    assert zone_of_heading(heading) is not None
    assert zone_of_heading(without_zone(heading)) is None


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", "America/New_York", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("given_zone", [None, "Asia/Tokyo"])
def test_ids_prove_the_timezone_of_times(tmp_path: Path, zone: str, given_zone: str | None) -> None:
    body = sheet("Posted", [clock(m, zone) for m in MOMENTS])
    export = read(put(tmp_path / "a.csv", body), timezone=given_zone)
    assert posted(export) == UTC
    assert ("rather than Asia/Tokyo" in said(export)) is (given_zone is not None)


def test_a_given_timezone_that_ids_agree_with_is_taken(tmp_path: Path) -> None:
    waits = [*MOMENTS[:3], "2026-07-28T19:22:10"]
    body = sheet("Posted", [clock(m, "Europe/Copenhagen") for m in MOMENTS], waits)
    export = read(put(tmp_path / "a.csv", body), timezone="Europe/Copenhagen")
    assert posted(export) == UTC
    assert "rather than" not in said(export)


@pytest.mark.parametrize("make", ["business suite", "metricool", "json", "parquet"])
def test_ids_prove_the_timezone_in_every_format(tmp_path: Path, make: str) -> None:
    times = [clock(m, "Europe/Athens", "%Y-%m-%d %H:%M:%S") for m in MOMENTS]
    links = [link(video_id(m, n)) for n, m in enumerate(MOMENTS)]
    if make == "business suite":
        head = "Video title,Video link,Post time,Video views,Likes,Comments,Shares,Add to Favorites\n"
        body: object = head + "".join(f"Rye,{a},{t},5,1,1,1,1\n" for a, t in zip(links, times, strict=True))
    elif make == "metricool":
        head = "Image,URL,Title,Date,Link,Type,Views,Likes,Comments,Shares,Reach,Full video watched rate\n"
        body = head + "".join(f",,Rye,{t},{a},VIDEO,5,1,1,1,4,0.3\n" for a, t in zip(links, times, strict=True))
    else:
        records = [{"url": a, "caption": "Rye", "views": 5, "posted_at": t} for a, t in zip(links, times, strict=True)]
        body = json.dumps(records)
        if make == "parquet":
            pd.DataFrame(records).to_parquet(tmp_path / "made.parquet")
            body = (tmp_path / "made.parquet").read_bytes()
    name = {"json": "a.json", "parquet": "a.parquet"}.get(make, "a.csv")
    export = read(put(tmp_path / name, body))  # type: ignore[arg-type]
    assert posted(export) == UTC


def test_a_time_that_is_none_of_its_post_is_named_and_left(tmp_path: Path) -> None:
    times = [clock(m, "UTC") for m in MOMENTS]
    times[1] = "2025-03-03 17:40"
    times[2] = "2027-07-09 11:05"
    export = read(put(tmp_path / "a.csv", sheet("Posted at (UTC)", times)))
    assert posted(export) == [UTC[0], None, None, UTC[3]]
    assert "a.csv:3: Posted at (UTC): '2025-03-03 17:40' cannot be when the post went out" in said(export)
    assert "(and 1 more: line 4)" in said(export)


def test_times_that_are_whole_days_before_every_upload_are_moved(tmp_path: Path) -> None:
    """A published collection has all its times a week early, to the second."""
    times = [str(pd.Timestamp(moment) - pd.Timedelta(days=7)) for moment in MOMENTS]
    export = read(put(tmp_path / "a.csv", sheet("Posted at (UTC)", times)))
    assert posted(export) == UTC
    assert "its times are moved forward by 7 days" in said(export)


def test_hours_of_posts_that_waited_are_unknown_where_timezones_are_proven_alike(tmp_path: Path) -> None:
    """Summer times agree with New York and with Halifax's neighbours; in winter these differ by an hour."""
    moments = ["2026-07-09T11:05:51", "2026-07-12T12:05:51", "2026-07-30T19:22:10", "2026-11-01T12:00:00"]
    times = [clock(m, "America/New_York") for m in moments[:3]]
    export = read(put(tmp_path / "a.csv", sheet("Posted", [*times, "2026-11-20 18:00"], moments)))
    posts = export.posts.sort_values("post_id")
    assert posts["posted_at_precision"].tolist() == ["second", "second", "second", "day"]
    assert posted(export)[3] == "2026-11-20 00:00"


def test_times_whose_timezone_nothing_tells_are_named(tmp_path: Path) -> None:
    body = "Caption,Views,Likes,Posted\nRye,100,5,2026-06-13 16:42\nBuns,200,6,2026-06-14 16:42\n"
    export = read(put(tmp_path / "a.csv", body))
    assert "Posted: its times state no timezone, and are read in UTC; say theirs with --timezone" in said(export)
    assert "state no timezone" not in said(read(tmp_path / "a.csv", timezone="Europe/Oslo"))


def test_an_upload_that_a_scheduled_time_meets_by_chance_tells_no_timezone(tmp_path: Path) -> None:
    moments = [f"2026-03-{day:02}T0{day % 7}:15:20" for day in range(1, 9)]
    later = [f"{pd.Timestamp(m) + pd.Timedelta(days=1, hours=5 * n, minutes=7 * n)}" for n, m in enumerate(moments)]
    times = [moments[0].replace("T", " "), *later[1:]]
    assert "its times state no timezone" in said(read(put(tmp_path / "a.csv", sheet("Posted", times, moments))))


def test_a_scheduled_post_that_stands_in_two_rows_proves_no_timezone(tmp_path: Path) -> None:
    # Scheduled for a time that would be that of the upload in Sydney; the others are weeks after theirs.
    later = [f"{pd.Timestamp(m) + pd.Timedelta(days=9 + n, hours=n):%Y-%m-%d %H:%M}" for n, m in enumerate(MOMENTS[1:])]
    first = clock(MOMENTS[0], "Australia/Sydney")
    export = read(
        put(tmp_path / "a.csv", sheet("Posted", [first, *later, first], [*MOMENTS, MOMENTS[0]])), timezone="Europe/Oslo"
    )
    assert "rather than" not in said(export)


def test_a_few_of_many_scheduled_posts_prove_no_timezone(tmp_path: Path) -> None:
    # Thirty posts that waited for hours, of which three went out when clocks in Tokyo showed the hour of their upload.
    moments = [f"{pd.Timestamp('2026-03-01T02:10') + pd.Timedelta(days=n, minutes=11 * n)}" for n in range(30)]
    wait = [9 * 60 if n < 3 else 95 + 17 * n for n in range(30)]
    times = [clock(f"{pd.Timestamp(m) + pd.Timedelta(minutes=w)}", "UTC") for m, w in zip(moments, wait, strict=True)]
    export = read(put(tmp_path / "a.csv", sheet("Posted", times, moments)), timezone="UTC")
    assert "rather than" not in said(export)


def test_what_a_format_says_of_its_times_is_not_said_of_a_column_that_it_does_not_know(tmp_path: Path) -> None:
    # Scheduled, each a while after its upload, so that ids prove nothing.
    uploads = [str(pd.Timestamp(m) - pd.Timedelta(days=1 + n, hours=3 * n + 2)) for n, m in enumerate(MOMENTS)]
    times = [clock(m, "Asia/Tokyo", "%-m/%-d/%y, %-I:%M %p") for m in MOMENTS]
    rows = [
        f'{link(video_id(upload, n))},Rye {n},{100 + n},{n},{n},{n},"{time}"\n'
        for n, (upload, time) in enumerate(zip(uploads, times, strict=True))
    ]
    body = "webVideoUrl,text,playCount,diggCount,shareCount,commentCount,Date posted\n" + "".join(rows)
    assert posted(read(put(tmp_path / "a.csv", body), timezone="Asia/Tokyo")) == UTC


def test_midnights_are_days(tmp_path: Path) -> None:
    times = [f"{moment[:10]} 00:00:00" for moment in MOMENTS]
    posts = read(put(tmp_path / "a.csv", sheet("Posted", times)), timezone="UTC").posts.sort_values("post_id")
    assert posted(read(tmp_path / "a.csv", timezone="UTC")) == UTC
    assert posts["posted_at"].dt.strftime("%S").tolist() == [moment[-2:] for moment in MOMENTS]


def test_days_without_a_year_have_that_of_the_upload(tmp_path: Path) -> None:
    times = ["January 12", "March 3", "July 9", "July 31"]
    export = read(put(tmp_path / "a.csv", sheet("Posted", times)), timezone="UTC")
    assert posted(export) == [*UTC[:3], "2026-07-31 00:00"]
    at = read(put(tmp_path / "b.csv", sheet("Posted", ["12/1", "3/3", "9/7", "30/7"])), timezone="UTC")
    assert posted(at) == UTC


def test_days_without_a_year_and_without_an_id_are_named_and_left(tmp_path: Path) -> None:
    body = "Caption,Views,Likes,Posted at\nRye,100,5,13 juni\nBuns,200,6,14 juni\n"
    export = read(put(tmp_path / "a.csv", body))
    assert posted(export) == [None, None]
    assert "a.csv:2: Posted at: '13 juni' has no year, and no id of a post gives it; left empty" in said(export)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.datetimes(pd.Timestamp("2024-01-01").to_pydatetime(), pd.Timestamp("2026-06-01").to_pydatetime()),
        min_size=5,
        max_size=12,
        unique=True,
    ),
    st.sampled_from(["Europe/Copenhagen", "America/Los_Angeles", "Asia/Tokyo", "UTC", "America/Sao_Paulo"]),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d %B %Y %H:%M", "%Y/%m/%d %H:%M"]),
)
def test_whatever_the_timezone_a_time_is_read_back_or_named(
    tmp_path_factory: pytest.TempPathFactory, moments: list[pd.Timestamp], zone: str, form: str
) -> None:
    stamps = [f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in moments]
    body = sheet("Posted", [clock(s, zone, form) for s in stamps], stamps)
    export = read(put(tmp_path_factory.mktemp("t") / "a.csv", body))
    assert str(ZoneInfo(zone))
    posts = export.posts.set_index("post_id")
    for number, stamp in enumerate(stamps):
        apart = posts.loc[video_id(stamp, number), "posted_at"] - pd.Timestamp(stamp, tz="UTC")
        assert abs(apart) < pd.Timedelta(minutes=1)


def with_columns(**columns: list[str]) -> str:
    names = ["Video link", "Caption", "Views", *columns]
    rows = [
        [link(video_id(moment, n)), f"Rye {n}", str(100 + n), *(values[n] for values in columns.values())]
        for n, moment in enumerate(MOMENTS)
    ]
    return "".join(",".join(row) + "\n" for row in [names, *rows])


def test_of_days_and_times_that_agree_the_times_count(tmp_path: Path) -> None:
    days, times = [m[:10] for m in MOMENTS], [m.replace("T", " ") for m in MOMENTS]
    body = with_columns(Publish_Date=days, Publish_DateTime=times)
    posts = read(put(tmp_path / "a.csv", body)).posts.sort_values("post_id")
    assert posts["posted_at"].dt.strftime("%F %T").tolist() == times


def test_a_column_of_hours_completes_days(tmp_path: Path) -> None:
    """The id tells the minutes of an hour that is its own; another hour stays as it is written."""
    hours = [str(int(m[11:13])) for m in MOMENTS]
    days = [m[:10] for m in MOMENTS]
    hours[3], days[3] = "21", "2026-08-02"
    body = with_columns(Post_Date=days, Post_Hour=hours)
    assert posted(read(put(tmp_path / "a.csv", body))) == [*UTC[:3], "2026-08-02 21:00"]
    without_ids = "Caption,Views,Likes,Post_Date,Post_Hour\nRye,100,5,2026-07-09,17\nBuns,200,6,2026-07-10,8\n"
    assert sorted(map(str, posted(read(put(tmp_path / "b.csv", without_ids), timezone="Europe/Oslo")))) == [
        "2026-07-09 15:00",
        "2026-07-10 06:00",
    ]


def test_columns_whose_times_contradict_each_other_are_asked_about(tmp_path: Path) -> None:
    one, other = [f"{m[:10]} 10:00" for m in MOMENTS], [f"{m[:10]} 13:37" for m in MOMENTS]
    with pytest.raises(CoachError, match="posted_at may be 'Posted at' or 'Published at'"):
        read(put(tmp_path / "a.csv", with_columns(**{"Posted at": one, "Published at": other})))


def test_of_times_in_two_timezones_the_one_that_is_stated_counts(tmp_path: Path) -> None:
    local = [clock(m, "Asia/Tokyo") for m in MOMENTS]
    stated = [*UTC[:3], ""]
    body = with_columns(**{"Posted at": local, "Posted at (UTC)": stated})
    assert posted(read(put(tmp_path / "a.csv", body), timezone="Asia/Tokyo")) == [*UTC[:3], None]
    agreed = with_columns(**{"Posted at (Asia/Tokyo)": local, "Posted at (UTC)": stated})
    assert posted(read(put(tmp_path / "b.csv", agreed))) == UTC


@pytest.mark.parametrize(
    ("heading", "cell"), [("Date", "2 days ago"), ("Posted at", "3d ago"), ("Kuupaev X", "2026-07-09")]
)
def test_days_that_are_left_out_are_warned_of(tmp_path: Path, heading: str, cell: str) -> None:
    export = read(put(tmp_path / "a.csv", sheet(heading, [cell] * 4)))
    warnings = [notice.text for notice in export.warnings]
    assert any(repr(heading) in text for text in warnings)


def test_the_language_of_the_headings_decides_between_months_of_one_name(tmp_path: Path) -> None:
    polish = "Opis,Wyświetlenia,Polubienia,Data publikacji\nChleb,100,5,9 listopada 2026\n"
    assert posted(read(put(tmp_path / "a.csv", polish))) == ["2026-11-09 00:00"]


def test_days_between_many_words_are_read_when_their_column_is_named_by_hand(tmp_path: Path) -> None:
    days = ["2026-01-12", "soon", "2026-07-09", "when Ida is back"]
    file = put(tmp_path / "a.csv", sheet("Date", days))
    assert "'Date' has other things than times ('soon') and is left out; --column posted_at=NAME reads" in said(
        read(file)
    )
    export = read(file, columns={"posted_at": ("Date",)}, timezone="Europe/Copenhagen")
    assert [at and at[:10] for at in posted(export)] == ["2026-01-12", None, "2026-07-09", None]
    assert "'soon'" in said(export)


def test_days_of_a_few_scheduled_posts_prove_no_timezone() -> None:
    # Uploaded one to five days before their day, but for two whose upload was late on the day before.
    uploaded = pd.to_datetime(
        ["2026-04-27T10:31", "2026-04-26T11:40", "2026-04-24T08:00", "2026-04-20T09:00", "2026-04-19T12:00"], utc=True
    )
    days = pd.to_datetime(["2026-04-28", "2026-04-27", "2026-04-29", "2026-04-23", "2026-04-22"], utc=True)
    zones, _basis = infer_zones(pd.Series(uploaded), pd.Series(days), None)
    assert len(zones) > 1
    assert posting_times(pd.Series(uploaded), pd.Series(days), zones)[1].tolist() == ["day"] * 5


def test_few_posts_and_many_are_in_the_same_timezones(monkeypatch: pytest.MonkeyPatch) -> None:
    # Each hour of the year, in which every timezone changes its clock that does.
    uploaded = pd.Series(pd.date_range("2026-01-01T00:30", periods=365 * 24, freq="1h", tz="UTC")[::37])
    days = uploaded.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.normalize().dt.tz_localize("UTC")
    few = infer_zones(uploaded, days, None), posting_times(uploaded, days, ["Europe/Paris", "Asia/Seoul"])
    monkeypatch.setattr("tiktok_coach.io.dates.printed_days.FEW", 0)
    many = infer_zones(uploaded, days, None), posting_times(uploaded, days, ["Europe/Paris", "Asia/Seoul"])
    assert few[0] == many[0]
    for of_few, of_many in zip(few[1], many[1], strict=True):
        pd.testing.assert_series_equal(of_few, of_many)


def test_days_that_all_posts_print_prove_their_timezone() -> None:
    uploaded = pd.Series(pd.to_datetime([f"2026-04-{n:02}T{n % 24:02}:30" for n in range(1, 29)], utc=True))
    days = uploaded.dt.tz_convert("Asia/Tokyo").dt.tz_localize(None).dt.normalize().dt.tz_localize("UTC")
    zones, _basis = infer_zones(uploaded, days, None)
    # Named by one of the timezones of its offsets.
    assert "Asia/Seoul" in zones
    assert set(posting_times(uploaded, days, zones)[1]) == {"second"}
