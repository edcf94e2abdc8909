"""Lists of posts in JSON, JSON Lines and YAML, by any program: read as calendars are."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.plans.test_plans import facts, given_text, shown
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.plans.reader import READER

FORMS = {
    "list.json": '[{"publish_at": "2026-12-01T18:30:00+01:00", "caption": "Rye", "platform": "tiktok", "video": {"file": "a.mp4"}},\n {"publish_at": "2026-12-02", "caption": "Else", "platform": "instagram"}]',
    "lines.jsonl": '\n{"scheduled_at": "2026-12-01 18:30", "text": "Rye", "network": ["tiktok", "instagram"], "media": "a.mp4"}\r\n\n{"scheduled_at": "2026-12-02", "text": "Else", "network": ["instagram"], "media": "b.mp4"}\n',
    "lines.json": '{"Date": "2026-12-01", "Time": "18:30", "Post text": "Rye", "Channel": "TikTok", "File": "a.mp4"}\n{"Date": "2026-12-02", "Time": "10:00", "Post text": "Else", "Channel": "YouTube", "File": "b.mp4"}',
    "nested.json": '{"data": {"posts": [{"dueAt": "2026-12-01T17:30:00Z", "content": "Rye", "channel": "tiktok", "assets": ["a.mp4"]}, {"dueAt": "2026-12-02T17:30:00Z", "content": "Else", "channel": "facebook", "assets": []}]}, "user": {"email": "a@b.dk"}}',
    "posts.json": '{"posts": [{"when": "2026-12-01 18:30", "message": "Rye", "platforms": "TikTok", "file": "a.mp4"}, {"when": "2026-12-02", "message": "Else", "platforms": "Threads", "file": ""}]}',
    "list.yaml": "- {publish_at: 2026-12-01 18:30, caption: Rye, platform: TikTok, video: {file: a.mp4}}\n- {publish_at: 2026-12-02, caption: Else, platform: Instagram}\n",
    "plan.yaml": "posts:\n- {publish_at: 2026-12-01 18:30, caption: Rye, platform: TikTok, video: {file: a.mp4}}\n- {publish_at: 2026-12-02, caption: Else, platform: [Instagram, X]}\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_same_post_and_its_places(name: str) -> None:
    found = given_text(name, FORMS[name])
    assert found.problems == ()
    assert len(found.posts) == 1
    post = facts(found)
    assert (post["caption"], post["video_file"]) == ("Rye", "a.mp4")
    assert post["posted_at"] == dt.datetime(2026, 12, 1, 17, 30)  # noqa: DTZ001 - UTC, as columns hold it
    assert shown(found, "caption").strip('"') == "Rye"
    assert "a.mp4" in shown(found, "video_file")
    assert any("1 row is for other platforms" in notice.text for notice in found.notices)


def test_a_line_that_is_no_json_is_named() -> None:
    [problem] = given_text("plan.jsonl", '{"caption": "a", "date": "2026-12-01"}\n{"caption": \n').problems
    assert (problem.line, "not valid JSON" in str(problem)) == (2, True)


def test_a_list_that_lacks_a_day_says_so() -> None:
    [problem] = given_text("plan.json", '[{"caption": "Rye", "mood": "blue"}]').problems
    assert "no column seems to have days of publishing; its columns are 'caption', 'mood'" in str(problem)


def test_a_list_with_results_is_an_export() -> None:
    text = '[{"date": "2026-11-01", "caption": "Rye", "stats": {"playCount": 500}}]'
    assert READER.recognise(SourceFile("a.json", content=text.encode())) == 0
    assert READER.recognise(SourceFile("a.json", content=text.replace("500", "0").encode())) > 0


def test_published_posts_of_a_plan_are_left_and_named() -> None:
    found = given_text("plan.yaml", "posts:\n- {caption: Rye, status: published}\n- {caption: Bun, status: draft}\n")
    assert found.problems == ()
    assert [text.as_py() for text in found.posts.column_or_null("caption")] == ["Bun"]
    assert [(notice.line, notice.text) for notice in found.notices] == [
        (2, "1 row is out already, or called off; left out")
    ]


def test_a_post_that_is_none_is_named_by_its_place_among_all() -> None:
    [problem] = given_text(
        "plan.yaml", "posts:\n- {caption: Rye, status: published}\n- {caption: Bun}\n- Cake\n"
    ).problems
    assert (problem.line, "post 3 is not a mapping" in str(problem)) == (4, True)


def test_a_plan_whose_every_key_is_misspelt_is_still_a_plan() -> None:
    text = "posts:\n- {captoin: Rye, publsh_at: 2026-12-01}\n"
    assert "did you mean caption?" in str(given_text("plan.yaml", text).problems[0])
