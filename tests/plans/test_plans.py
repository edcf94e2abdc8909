"""Plans as people and schedulers write them: the same posts from every form, and the place of every fact."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.writing import TODAY, put, workbook
from tiktok_coach.core.account import Account
from tiktok_coach.core.documents import document
from tiktok_coach.core.documents.document import line_starts
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans.documents import PLATFORMS
from tiktok_coach.plans.load import ContentCalendar, load_calendar
from tiktok_coach.plans.places import field_spans
from tiktok_coach.plans.plan import columns_by_key

COPENHAGEN = Account(timezone="Europe/Copenhagen")
CAPTION = "Can you hear it, the crust? #foodtok"


def calendar(*paths: Path, known: Account = COPENHAGEN, **options: Any) -> ContentCalendar:
    return load_calendar(list(paths), ReadOptions(**{"today": TODAY, **options}), known=known)


def given_text(name: str, text: str, known: Account = COPENHAGEN) -> ContentCalendar:
    file = SourceFile(name, content=text.encode())
    return load_calendar([], ReadOptions(today=TODAY), known=known, sources=[file])


def facts(found: ContentCalendar, row: int = 0) -> dict[str, Any]:
    values = {}
    for name in found.posts.names:
        value = found.posts.column_or_null(name)[row]
        plain = value.as_py() if hasattr(value, "as_py") else value.item()
        if plain is not None and plain == plain:
            values[name] = plain
    return values


def shown(found: ContentCalendar, column: str | None, row: int = 0) -> str:
    """What stands in the file at the place of a fact."""
    place = found.place(row, column)
    text = found.plan(row).text
    lines = text.split("\n")
    assert text[place.start : place.end].split("\n")[0] in lines[place.line - 1]
    assert lines[place.line - 1][place.column - 1 :].startswith(text[place.start : place.end].split("\n")[0])
    return text[place.start : place.end]


FORMS = {
    "plan.yaml": f'posts:\n  - publish_at: 2026-12-01 18:30\n    caption: "{CAPTION}"\n    video: {{file: a.mp4}}\n',
    "one.yaml": f"publish_at: 2026-12-01T18:30:00+01:00\ncaption: '{CAPTION}'\nvideo_file: a.mp4\n",
    "post.md": f"---\ncaption: >-\n  {CAPTION}\npublish_at: 2026-12-01 18:30\nvideo: {{file: a.mp4}}\n---\n# Script\n",
    "plan.json": f'{{"posts": [{{"publish_at": "2026-12-01T17:30:00Z", "caption": "{CAPTION}", "video": {{"file": "a.mp4"}}}}]}}',
    "metricool.csv": f'Text,Date,Time,Draft,Facebook,TikTok,Picture Url 1\n"{CAPTION}",2026-12-01,18:30:00,FALSE,TRUE,TRUE,a.mp4\n"Elsewhere",2026-12-01,18:30:00,FALSE,TRUE,FALSE,b.mp4\n',
    "publer.csv": f'Date - Intl. format or prompt,Text,Link(s) - Separated by comma for FB carousels,Media URL(s) - Separated by comma\n2026/12/01 18:30,"{CAPTION}",,a.mp4\n',
    "ayrshare.csv": f'post,platforms,mediaUrls,scheduleDate\n"{CAPTION}","tiktok,instagram",a.mp4,2026-12-01T17:30:00Z\n"Elsewhere",instagram,b.mp4,2026-12-01T17:30:00Z\n',
    "tokportal.csv": f'position,name,video_type,video_url,carousel_images,description,target_publish_start_date,editing_instructions,tiktok_sound_url\n1,,video,a.mp4,,"{CAPTION}",2026-12-01 18:30,,\n',
    "own.csv": f'publish_at;caption;video.file\n2026-12-01 18:30;"{CAPTION}";a.mp4\n',
    "by_hand.csv": f'Week,Day,Date,Platform,Content Type,Status,Full Caption,Hashtags,Media File,Publish Time\n49,Tue,2026-12-01,TikTok,Reel,Draft,"{CAPTION}",,a.mp4,6:30 PM\n49,Tue,2026-12-01,Instagram,Reel,Draft,Elsewhere,,,6:30 PM\n48,Mon,2026-11-23,TikTok,Reel,Published,Out already,,,6:30 PM\n',
    "german.csv": f'Datum;Uhrzeit;Plattform;Beschreibung;Asset\n01.12.2026;18:30;TikTok;"{CAPTION}";a.mp4\n',
    "danish.csv": f'Dato\tTidspunkt\tTekst\tFile\n1.12.2026\t18.30\t"{CAPTION}"\ta.mp4\n',
    "in_windows.csv": f'\ufeffpublish_at\tcaption\tvideo_file\r\n2026-12-01 18:30\t"{CAPTION}"\ta.mp4\r\n',
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_post_and_its_places(name: str) -> None:
    found = given_text(name, FORMS[name])
    assert found.problems == ()
    assert len(found.posts) == 1
    told = facts(found)
    assert told["caption"] == CAPTION
    assert told["posted_at"] == dt.datetime(2026, 12, 1, 17, 30)  # noqa: DTZ001 - UTC, as columns hold it
    assert told["posted_at_precision"] == "second"
    assert told["video_file"] == "a.mp4"
    assert told["status"] == "planned"
    assert CAPTION in shown(found, "caption")
    assert "a.mp4" in shown(found, "video_file")
    assert "2026" in shown(found, "posted_at")


def test_a_workbook_is_placed_by_row_and_cell(tmp_path: Path) -> None:
    rows = [("publish_at", "caption", "sound"), ("2026-12-01 18:30", CAPTION, "Waltz")]
    found = calendar(put(tmp_path / "plan.xlsx", workbook(rows)))
    place = found.place(0, "sound")
    assert (place.line, place.column, place.start) == (2, 3, None)
    assert facts(found)["sound"] == "Waltz"


def test_dates_and_times_of_a_workbook_are_read(tmp_path: Path) -> None:
    import io

    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Date", "Time", "Caption"])
    sheet.write_datetime(1, 0, dt.datetime(2026, 12, 1), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
    sheet.write_datetime(1, 1, dt.time(18, 30), book.add_format({"num_format": "hh:mm"}))  # type: ignore[arg-type]
    sheet.write_string(1, 2, CAPTION)
    book.close()
    found = calendar(put(tmp_path / "plan.xlsx", stream.getvalue()))
    assert found.problems == ()
    assert facts(found)["posted_at"] == dt.datetime(2026, 12, 1, 17, 30)  # noqa: DTZ001


PLACES = """\
account: {handle: "@b"}
defaults:
  engagement: {duet: false}
  caption: &again 'It''s "so"'
posts:
  - id: plain
    caption: plain words here   # and a comment
    sound: Waltz
  - id: folded
    caption: >-
      folded words
      over lines

    hashtags: [a, "b c"]
  - id: literal
    caption: |
      one
      two
  - {id: flow, caption: "say \\"hi\\"", video: {duration_s: 12}}
  - id: alias
    caption: *again
  - id: default
"""


def test_a_fact_is_placed_at_its_value_in_every_kind_of_scalar() -> None:
    found = given_text("plan.yaml", PLACES)
    assert found.problems == ()
    assert [found.posts.column_or_null("caption")[row].as_py() for row in range(6)] == [
        "plain words here",
        "folded words over lines",
        "one\ntwo",
        'say "hi"',
        'It\'s "so"',
        'It\'s "so"',
    ]
    assert [shown(found, "caption", row) for row in range(6)] == [
        "plain words here",
        ">-\n      folded words\n      over lines",
        "|\n      one\n      two",
        '"say \\"hi\\""',
        "*again",
        "'It''s \"so\"'",
    ]
    assert shown(found, "hashtags", 1) == '[a, "b c"]'
    items = found.plan(1).places.items(1, "hashtags")
    assert [found.plan(1).text[i.start : i.end] for i in items] == ["a", '"b c"']
    assert shown(found, "duration_s", 3) == "12"
    assert shown(found, "sound", 0) == "Waltz"
    # A fact that a post does not say itself is placed where it is said; one that nobody says, at the post.
    assert [shown(found, "allow_duet", row) for row in range(6)] == ["false"] * 6
    assert shown(found, "bpm", 0) == "id: plain"
    assert shown(found, None, 3).startswith('{id: flow, caption: "say')


def test_a_cell_is_placed_behind_preambles_and_line_breaks_within_cells() -> None:
    text = 'sep=;\r\npublish_at;caption;hook_s\r\n2026-12-01 10:00;"two\r\nlines";6\r\n;;\r\n2026-12-02 10:00;x;7\r\n'
    found = given_text("plan.csv", text)
    assert [shown(found, "hook_s", row) for row in (0, 1)] == ["6", "7"]
    assert [(found.place(row, "hook_s").line, found.place(row, "hook_s").column) for row in (0, 1)] == [(4, 8), (6, 20)]
    assert shown(found, "caption") == '"two\r\nlines"'
    found = given_text("plan.csv", 'Our calendar,,\n\npublish_at,caption,hook_s\n2026-12-01,"Say ""rye""",6\n')
    assert shown(found, "caption") == '"Say ""rye"""'
    assert (found.place(0, "hook_s").line, found.place(0, "hook_s").column) == (4, 26)


def test_columns_count_characters_behind_signs_of_several_bytes() -> None:
    found = given_text("plan.yaml", 'posts:\n  - {id: 🍞ø, caption: "x"}\r\n')
    place = found.place(0, "caption")
    assert (place.line, place.column) == (2, 23)


def test_merge_keys_and_explicit_tags() -> None:
    text = "defaults: &d {caption: !!str 2026}\nposts:\n  - {<<: *d, id: a}\n  - {<<: [*d, {id: no}], id: b}\n"
    found = given_text("plan.yaml", text)
    assert found.problems == ()
    assert [facts(found, row)["caption"] for row in (0, 1)] == ["2026", "2026"]
    assert [facts(found, row)["post_id"] for row in (0, 1)] == ["a", "b"]


def test_a_folder_of_one_file_with_settings_and_one_file_per_post(tmp_path: Path) -> None:
    put(
        tmp_path / "calendar.yaml",
        "account: {handle: '@baker', timezone: America/New_York}\ndefaults: {engagement: {duet: false}}\nposts:\n  - {id: first, publish_at: 2026-12-01 12:00}\n",
    )
    put(tmp_path / "week/second.yaml", "publish_at: 2026-12-02 12:00\ncaption: x\n")
    put(tmp_path / "week/third.md", "---\npublish_at: 2026-12-03 12:00\ncaption: y\nengagement: {duet: true}\n---\n")
    found = calendar(tmp_path)
    assert found.problems == ()
    assert [a.handle for a in found.accounts] == ["baker"]
    assert [facts(found, row)["post_id"] for row in range(3)] == ["first", "second", "third"]
    assert [facts(found, row)["posted_at"].hour for row in range(3)] == [17, 17, 17]
    assert [facts(found, row)["allow_duet"] for row in range(3)] == [0.0, 0.0, 1.0]
    assert found.place(1, "allow_duet").file.endswith("calendar.yaml")
    assert found.place(2, "allow_duet").file.endswith("third.md")
    put(tmp_path / "other.yaml", "account: {handle: '@other'}\nposts: []\n")
    put(tmp_path / "alone.yaml", "caption: z\n")
    [problem] = calendar(tmp_path).problems
    assert "keep them in one file of a folder" in str(problem)


@pytest.mark.parametrize("wrong", ["type: bussiness", "category: [a]", "owner_age: old", "colour: red"])
def test_a_wrong_value_of_the_account_leaves_out_no_other(wrong: str) -> None:
    text = f"account:\n  {wrong}\n  timezone: Asia/Tokyo\n  country: JP\nposts:\n- caption: Rye\n  publish_at: 2026-12-01 18:00\n"
    found = given_text("plan.yaml", text, known=Account())
    (problem,) = found.problems
    assert problem.line == 2
    assert (found.accounts[0].timezone, found.accounts[0].country) == ("Asia/Tokyo", "JP")
    assert facts(found)["posted_at"].hour == 9
    assert found.notices == ()


def test_an_account_that_is_a_name_alone_says_how_to_write_it() -> None:
    found = given_text("plan.yaml", "account: baker\nposts:\n- caption: Rye\n")
    (problem,) = found.problems
    assert (problem.line, problem.column) == (1, 10)
    assert problem.hint == "such as `account: {handle: '@name'}`"
    assert len(found.posts) == 1


def test_hashtags_beside_the_caption_in_every_writing() -> None:
    text = 'posts:\n  - hashtags: [a, "#b"]\n  - hashtags: "#a #b"\n  - hashtags: a, b\n  - hashtags: []\n'
    found = given_text("plan.yaml", "defaults: {}\n" + text)
    assert [facts(found, row).get("hashtags") for row in range(4)] == ["#a #b", "#a #b", "#a #b", ""]


def test_numbers_and_flags_as_people_write_them() -> None:
    video = '{duration_s: "00:45", hook_s: "1,5", bpm: 120.0, photos: 3, file_size_mb: "1 024"}'
    text = f'posts:\n  - caption: x\n    video: {video}\n    engagement: {{duet: yes, stitch: "Nej", comments: 1}}\n'
    found = given_text("plan.yaml", text)
    assert found.problems == ()
    told = facts(found)
    assert (told["duration_s"], told["hook_s"], told["bpm"], told["photos"]) == (45.0, 1.5, 120.0, 3.0)
    assert (told["allow_duet"], told["allow_stitch"], told["allow_comments"]) == (1.0, 0.0, 1.0)


@pytest.mark.parametrize(
    "value", ["5", "5.5", "-3", "'12 sek'", "tolv", "true", "'x y'", "2026-12-01", "[1]", "{a: 1}", "[{a: 1}]", ".nan"]
)
def test_no_value_of_any_kind_is_dropped_without_a_word(value: str) -> None:
    keys = [*columns_by_key(), *PLATFORMS, "status", "video", "sound", "engagement"]
    for key in (key for key in keys if key != "caption"):
        group, dot, name = key.rpartition(".")
        fact = f"{group}: {{{name}: {value}}}" if dot else f"{key}: {value}"
        found = given_text("plan.yaml", f"posts:\n  - caption: Rye\n    {fact}\n")
        column = columns_by_key().get({"video": "video.file"}.get(key, key))
        is_read = column is not None and len(found.posts) == 1 and column.name in facts(found)
        is_status = key == "status" and value in {"'12 sek'", "tolv", "'x y'", "2026-12-01", ".nan"}
        assert found.problems or found.notices or is_read or is_status, key


def test_a_length_in_words_that_are_none_says_what_to_write() -> None:
    [problem] = given_text("plan.yaml", "posts:\n  - {caption: Rye, video: {duration_s: tolv}}\n").problems
    assert str(problem) == "plan.yaml:2: video.duration_s 'tolv' is not a number; write seconds, such as 12.5"
    assert (
        facts(given_text("plan.yaml", "posts:\n  - {caption: Rye, video: {duration_s: 12 sek}}\n"))["duration_s"] == 12
    )


def test_a_video_may_be_its_file_alone() -> None:
    found = given_text("plan.yaml", "posts:\n  - {caption: Rye, video: rye.mp4}\n")
    assert facts(found)["video_file"] == shown(found, "video_file") == "rye.mp4"


def test_a_video_reply_a_note_and_ids_that_are_missing() -> None:
    text = "posts:\n  - {caption: x, engagement: {video_reply_to: 7311}, notes: free words}\n  - {caption: y, engagement: {video_reply_to: null}}\n"
    found = given_text("december.yaml", text)
    assert [facts(found, row).get("kind") for row in (0, 1)] == ["video_reply", None]
    assert [facts(found, row)["post_id"] for row in (0, 1)] == ["december-1", "december-2"]


def test_a_local_time_needs_a_timezone() -> None:
    text = "posts:\n  - {caption: x, publish_at: 2026-12-01 18:30}\n  - {caption: y, publish_at: 2026-12-01T18:30:00Z}\n  - {caption: z, publish_at: 2026-12-01}\n"
    found = given_text("plan.yaml", text, Account())
    assert [facts(found, row)["posted_at_precision"] for row in range(3)] == ["day", "second", "day"]
    assert "no timezone to place them in" in found.notices[0].text


@pytest.mark.parametrize(
    ("written", "change", "utc"),
    [
        ("2027-03-28 02:30", "gap", (1, 30)),
        ("2027-03-28 03:30", "none", (1, 30)),
        ("2026-10-25 02:30", "overlap", (0, 30)),
        ("2026-10-25T02:30:00+01:00", "none", (1, 30)),
        ("2026-10-25 03:30", "none", (2, 30)),
    ],
)
def test_what_a_change_of_the_clocks_makes_of_a_time(written: str, change: str, utc: tuple[int, int]) -> None:
    told = facts(given_text("plan.yaml", f"posts: [{{caption: x, publish_at: '{written}'}}]\n"))
    assert told["clock_change"] == change
    assert (told["posted_at"].hour, told["posted_at"].minute) == utc


def test_front_matter_that_is_no_post_is_none_and_its_other_keys_are_named() -> None:
    assert given_text("a.md", "# No front matter\n").problems
    assert given_text("a.md", "---\ntitle: An article\ndate: 2026-12-01\n---\n").problems
    found = given_text("a.md", "---\ncaption: x\nmood: blue\ntags: ['#a']\nduration: '01:05'\n---\n")
    assert found.problems == ()
    assert facts(found)["duration_s"] == 65
    assert [n.text for n in found.notices] == ["no rule reads mood"]


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=12)


@given(st.lists(CELL, min_size=1, max_size=6), st.sampled_from([",", ";", "\t"]))
def test_the_fields_of_a_record_are_found_where_csv_parts_them(cells: list[str], separator: str) -> None:
    import csv
    import io

    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerow(cells)
    text = stream.getvalue()
    fields = [text[start:end] for start, end in field_spans(text, 0, len(text), separator)]
    assert [f[1:-1].replace('""', '"') if f.startswith('"') else f for f in fields] == cells


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "plan.yaml",
            """Account: {Handle: baker}
Defaults: {Sound: {Original: 'TRUE'}}
Posts:
  - {Publish_At: 2026-12-01 18:30, CAPTION: Rye, Video: {Kind: Photo, Hook_S: 2}}
""",
        ),
        (
            "post.md",
            """---
Publish_At: 2026-12-01 18:30
Caption: Rye
Sound: {Original: True}
Account: baker
Video: {Kind: PHOTO, Hook_s: 2}
---
""",
        ),
    ],
)
def test_keys_and_words_are_read_in_any_case(name: str, text: str) -> None:
    found = given_text(name, text)
    assert (found.problems, len(found.posts)) == ((), 1)
    expected = {"caption": "Rye", "kind": "photo", "hook_s": 2, "sound_original": 1, "account": "baker"}
    assert expected.items() <= facts(found).items()
    assert shown(found, "caption") == "Rye"


def test_a_key_in_another_case_is_unknown_beside_its_own() -> None:
    found = given_text("plan.yaml", "posts:\n  - {caption: Rye, Caption: Bun}\n")
    assert [(str(p.problem), p.column) for p in found.problems] == [("a planned post has no key 'Caption'", 20)]
    assert facts(found)["caption"] == "Rye"


def test_every_unknown_key_is_named_at_its_place() -> None:
    text = "posts:\n  - captoin: Rye\n    publish_at: 2026-12-01\n    video: {hock_s: 2}\n    sond: x\n"
    faults = [(p.line, p.column, p.advice) for p in given_text("plan.yaml", text).problems]
    assert faults == [
        (2, 5, "a planned post has no key 'captoin'; did you mean caption?"),
        (4, 13, "a planned post has no key 'video.hock_s'; did you mean hook_s?"),
        (5, 5, "a planned post has no key 'sond'; did you mean sound?"),
    ]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        *((key, "publish_at") for key in ("time", "when", "schedule", "datetime", "date", "scheduled_at")),
        *((key, "caption") for key in ("text", "description", "body")),
        ("tags", "hashtags"),
        ("song", "sound.name"),
        ("clip", "video.file"),
        ("pictures", "photos"),
        ("length", "video.duration_s"),
        ("handle", "account"),
        ("note", "notes"),
        # By their spelling these are half alike.
        *((key, None) for key in ("mention", "cover", "series")),
    ],
)
def test_a_key_that_people_call_otherwise_is_told_its_name(key: str, meant: str | None) -> None:
    [problem] = given_text("plan.yaml", f"posts:\n  - {{caption: Rye, {key}: x}}\n").problems
    expected = f"did you mean {meant}?" if meant else "`tiktok-coach schema plan` lists the keys"
    assert problem.hint == expected


def test_a_key_of_a_group_is_told_its_name_within_it() -> None:
    text = "posts:\n  - {caption: Rye, video: {length: 9}, sound: {song: Rise}}\n"
    assert [problem.hint for problem in given_text("plan.yaml", text).problems] == [
        "did you mean duration_s?",
        "did you mean name?",
    ]


def test_a_misspelt_key_of_all_posts_is_named_and_its_posts_are_read_with_the_settings_beside_it() -> None:
    found = given_text("plan.yaml", "account: {handle: baker}\npost:\n  - {caption: Rye, publish_at: 2026-12-01}\n")
    [problem] = found.problems
    assert (problem.place, problem.advice) == ("plan.yaml:2", "a plan has no key 'post'; did you mean posts?")
    assert facts(found)["account"] == "baker"


def test_a_key_of_front_matter_that_is_almost_a_fact_is_a_warning() -> None:
    found = given_text("post.md", "---\npublish_at: 2026-12-01\ncaptoin: Rye\nslug: rye\n---\n")
    warnings = [(n.where, n.text) for n in found.notices if n.level == "warning" and "rule" in n.text]
    assert warnings == [("post.md:3", "no rule reads 'captoin'; did you mean caption?")]


def test_lines_are_counted_once_however_many_keys_are_misspelt(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0

    def counted(text: str) -> list[int]:
        nonlocal count
        count += 1
        return line_starts(text)

    monkeypatch.setattr(document, "line_starts", counted)
    misspelt = given_text("plan.yaml", "posts:\n" + "  - {caption: Rye, captoin: x}\n" * 50)
    assert [problem.line for problem in misspelt.problems] == list(range(2, 52))
    assert count <= 2
