"""What an editor offers while a plan is written; `|` is the cursor."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.editor.calendar import calendar
from tests.editor.client import Editor, converse
from tests.editor.conftest import NOW
from tests.writing import content, content_row, put
from tiktok_coach.analysis.good_hours import GoodHours
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.core.account import Account
from tiktok_coach.core.translation import use_language
from tiktok_coach.editor.completion import complete
from tiktok_coach.editor.completion_request import SNIPPET, Sources
from tiktok_coach.editor.history_words import HistoryWords, Trend, Use, words_of
from tiktok_coach.editor.key_help import keys_in
from tiktok_coach.editor.project import OpenFile, Project

POST = "posts:\n  - caption: a\n    "
BAKER = Account("baker", timezone="Europe/Copenhagen", country="DK")
HOURS = GoodHours((19, 7), "your followers' activity")
TAGS = (Use("rye", 12, 900.0), Use("fyp", 9, 700.0), Use("crust", 2, None))
SOUNDS = (Use("Levain", 4, 800.0, "The Ovens"), Use("true: or not", 1, None))
HISTORY = HistoryWords(BAKER, ("baker", "miller"), 20, 750.0, TAGS, SOUNDS, HOURS, tuple(range(24)))
TRENDS = (
    Trend("hashtag", "fastelavn", "DK", NOW.date()),
    Trend("hashtag", "elsewhere", "US", NOW.date()),
    Trend("hashtag", "long ago", None, NOW.date() - dt.timedelta(days=40)),
    Trend("sound", "morning oven", None, NOW.date()),
)
Offer = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def offer(project: Project, opened: Callable[..., OpenFile]) -> Offer:
    """What is offered at the `|` of a text."""

    def offer(marked: str, name: str = "plan.yaml", sources: Sources | None = None, *, snippets: bool = False) -> Any:
        offset = marked.index("|")
        file = opened(marked[:offset] + marked[offset + 1 :], name)
        return complete(file, project, offset, sources or Sources(), has_snippets=snippets)

    return offer


def labels(items: list[dict[str, Any]]) -> list[str]:
    assert [item["sortText"] for item in items] == sorted(item["sortText"] for item in items)
    return [item["label"] for item in items]


def chosen(marked: str, item: dict[str, Any]) -> str:
    """The text once an item is taken, with its snippet's stops as they are."""
    offset = marked.index("|")
    text = marked[:offset] + marked[offset + 1 :]
    starts = [0, *(n + 1 for n, char in enumerate(text) if char == "\n")]
    edits = [item["textEdit"], *item.get("additionalTextEdits", [])]

    def at(position: dict[str, int]) -> int:
        return starts[position["line"]] + position["character"]

    for edit in sorted(edits, key=lambda edit: at(edit["range"]["start"]), reverse=True):
        text = text[: at(edit["range"]["start"])] + edit["newText"] + text[at(edit["range"]["end"]) :]
    return text


def taken(offer: Offer, marked: str, label: str, name: str = "plan.yaml", sources: Sources | None = None) -> str:
    [item] = [item for item in offer(marked, name, sources) if item["label"] == label]
    return chosen(marked, item)


def test_a_post_is_offered_its_keys_the_common_ones_first(offer: Offer) -> None:
    offered = labels(offer("posts:\n  - |"))
    assert offered[:5] == ["caption", "publish_at", "hashtags", "video", "sound"]
    assert labels(offer("posts:\n  |")) == labels(offer("defaults:\n  |")) == offered
    assert set(offered).isdisjoint({"duration_s", "video_file", "views", "trial_arm", "picture_hash"})


def test_a_key_that_is_there_is_not_offered_again(offer: Offer) -> None:
    assert "caption" not in labels(offer(f"{POST}|\n    sound: {{name: x}}"))
    assert "sound" not in labels(offer(f"{POST}|\n    Sound: {{name: x}}"))
    assert "duration_s" not in labels(offer(f"{POST}video: {{duration_s: 21, hei|"))
    assert labels(offer("account: {handle: a}\n|\nposts: []")) == ["defaults"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("account: {|}", "account"),
        ("account:\n  |", "account"),
        (f"{POST}video: {{|}}", "video"),
        (f"{POST}video:\n      |", "video"),
        (f"{POST}sound: {{|", "sound"),
        (f"{POST}engagement: {{|}}", "engagement"),
        ("defaults:\n  engagement: {|}", "engagement"),
        ("caption: a\nvideo: {|}", "video"),
    ],
)
def test_each_part_is_offered_the_keys_that_it_takes(offer: Offer, text: str, part: str) -> None:
    assert labels(offer(text)) == list(keys_in(part))


def test_a_key_says_what_it_means_and_what_its_value_is(offer: Offer) -> None:
    items = {item["label"]: item for item in offer(f"{POST}video: {{|}}")}
    assert items["duration_s"]["documentation"]["value"] == "Length of the video."
    assert items["duration_s"]["detail"] == "a number, in seconds"
    assert items["intro"]["detail"] == "yes or no"
    assert {item["label"]: item for item in offer(f"{POST}|")}["privacy"]["detail"] == "public, friends, private"
    with use_language("da"):
        danish = {item["label"]: item for item in offer(f"{POST}video: {{|}}")}
    assert danish["duration_s"]["documentation"]["value"] == "Videoens længde."


def test_a_key_is_put_in_with_its_colon_in_the_quotes_that_are_open(offer: Offer) -> None:
    assert taken(offer, f"{POST}priv|", "privacy") == f"{POST}privacy: "
    assert taken(offer, f"{POST}priv|: public", "privacy") == f"{POST}privacy: public"
    assert taken(offer, "posts:\n  -|", "caption") == "posts:\n  - caption: "
    assert taken(offer, "posts:\n  |", "caption") == "posts:\n  - caption: "
    assert taken(offer, "|", "posts") == "posts:\n  - "
    assert taken(offer, '{"posts": [{"priv|"}]}', "privacy", "plan.json") == '{"posts": [{"privacy": }]}'
    assert taken(offer, '{"posts": [{|}]}', "privacy", "plan.json") == '{"posts": [{"privacy": }]}'


def test_brackets_and_quotes_come_along_where_the_editor_can_put_the_cursor_in_them(offer: Offer) -> None:
    def snippet(marked: str, label: str, name: str = "plan.yaml") -> str:
        [item] = [item for item in offer(marked, name, snippets=True) if item["label"] == label]
        assert item["insertTextFormat"] == SNIPPET
        return str(item["textEdit"]["newText"])

    assert snippet(f"{POST}|", "hashtags") == "hashtags: [$1]"
    assert snippet(f"{POST}|", "video") == "video: {$1}"
    assert snippet("posts:\n  - |", "caption") == 'caption: "$1"'
    assert snippet('{"posts": [{|}]}', "publish_at", "plan.json") == '"publish_at": "$1"'
    assert snippet("{|}", "posts", "plan.json") == '"posts": [{$1}]'


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (f"{POST}privacy: |", ["public", "friends", "private"]),
        (f"{POST}privacy: pub|lic", ["public"]),
        (f"{POST}kind: |", ["original", "duet", "stitch", "video_reply", "photo"]),
        (f"{POST}ai_label: |", ["true", "false"]),
        (f"{POST}sound: {{original: |}}", ["true", "false"]),
        (f"{POST}video: {{opening_emotion: |}}", ["surprise", "joy"]),
        ("account: {type: |}", ["personal", "creator", "business"]),
        ("account: {goal: [|]}", ["reach", "followers"]),
        ("account: {country: DK, timezone: |}", ["Europe/Copenhagen"]),
        ("duration_s: 3\ncaption: a\nprivacy: |", ["public"]),
    ],
)
def test_a_value_is_offered_what_it_can_be(offer: Offer, text: str, first: list[str]) -> None:
    assert labels(offer(text))[: len(first)] == first


def test_a_value_is_put_in_as_the_file_writes_it(offer: Offer) -> None:
    assert taken(offer, f"{POST}privacy: fr|ie # us", "friends") == f"{POST}privacy: friends # us"
    assert taken(offer, f"{POST}privacy:|", "friends") == f"{POST}privacy: friends"
    assert taken(offer, f"{POST}privacy: '|'", "friends") == f"{POST}privacy: 'friends'"
    json = '{"posts": [{"privacy": |}]}'
    assert taken(offer, json, "friends", "plan.json") == '{"posts": [{"privacy": "friends"}]}'
    assert taken(offer, '{"posts": [{"ai_label": |}]}', "true", "plan.json") == '{"posts": [{"ai_label": true}]}'
    known = Sources(HISTORY)
    assert taken(offer, f"{POST}sound: {{name: |}}", "true: or not", sources=known).endswith('{name: "true: or not"}')


def test_countries_and_languages_are_offered_by_code_and_by_name(offer: Offer) -> None:
    countries = {item["label"]: item for item in offer("account: {country: |}")}
    assert countries["DK"]["detail"] == "Denmark"
    assert "Denmark" in countries["DK"]["filterText"]
    assert {item["label"]: item["detail"] for item in offer(f"{POST}language: |")}["da"] == "Danish"


def test_hashtags_are_those_of_the_account_with_their_record(offer: Offer) -> None:
    items = offer('posts:\n  - caption: "Rye #|"', sources=Sources(HISTORY))
    assert labels(items)[:2] == ["#rye", "#crust"]
    assert items[0]["detail"] == "on 12 posts: 900 views, your usual 750"
    assert items[1]["detail"] == "on 2 of your posts"
    # What says nothing of a post comes last.
    assert labels(items)[-1] == "#fyp"


def test_hashtags_that_trend_here_and_those_of_communities_follow(offer: Offer) -> None:
    items = {item["label"]: item["detail"] for item in offer('caption: "#|"', sources=Sources(HISTORY, TRENDS))}
    assert items["#fastelavn"] == "trending now"
    assert items["#foodtok"] == "a well-known community"
    assert items.keys().isdisjoint({"#elsewhere", "#longago", "#smallbusiness"})


def test_a_hashtag_replaces_what_is_typed_of_it_and_none_comes_twice(offer: Offer) -> None:
    known = Sources(HISTORY)
    assert taken(offer, 'caption: "#r|y now"', "#rye", sources=known) == 'caption: "#rye now"'
    assert "#rye" not in labels(offer('caption: "#rye and #|"', sources=known))
    assert taken(offer, "caption: >\n  Rye\n  #c|", "#crust", sources=known) == "caption: >\n  Rye\n  #crust"
    assert (
        taken(offer, "hashtags: [rye, c|]\ncaption: a", "#crust", sources=known) == "hashtags: [rye, crust]\ncaption: a"
    )
    assert taken(offer, 'caption: a\nhashtags: ["#c|"]', "#crust", sources=known) == 'caption: a\nhashtags: ["#crust"]'
    assert taken(offer, "caption: a\nhashtags:\n  - |", "#crust", sources=known) == "caption: a\nhashtags:\n  - crust"
    assert taken(offer, "caption: a\nhashtags: rye c|", "#crust", sources=known) == "caption: a\nhashtags: rye crust"


def test_a_hashtag_that_yaml_would_take_for_a_comment_brings_the_quotes(offer: Offer) -> None:
    known = Sources(HISTORY)
    assert taken(offer, "posts:\n  - caption: Rye #c|", "#crust", sources=known) == 'posts:\n  - caption: "Rye #crust"'
    assert taken(offer, "caption: a\nhashtags: [rye, #c|]", "#crust", sources=known).endswith("[rye, crust]")
    assert offer("posts:\n  - caption: Rye # to do: c|", sources=known) == []


def test_places_of_an_edit_are_in_the_units_of_the_editor(offer: Offer) -> None:
    [rye] = [item for item in offer('caption: "🍞 #r|"', sources=Sources(HISTORY)) if item["label"] == "#rye"]
    assert rye["textEdit"]["range"]["start"] == {"line": 0, "character": 13}


def test_free_text_is_offered_nothing(offer: Offer) -> None:
    known = Sources(HISTORY, TRENDS)
    for text in ('caption: "Rye br|"', "caption: Rye |", f"{POST}title: |", f"{POST}notes: re|", 'caption: "done"|'):
        assert offer(text, sources=known) == []


def test_times_are_good_hours_of_the_next_free_days(offer: Offer) -> None:
    text = "posts:\n  - publish_at: 2026-12-03 18:00\n    caption: a\n  - publish_at: |\n  - publish_at: 9999-12-31\n"
    items = offer(text, sources=Sources(HISTORY))
    assert labels(items)[:3] == ["2026-12-04 19:00", "2026-12-04 07:00", "2026-12-05 19:00"]
    assert items[0]["detail"] == "Fri; 19 of your posts went out in this hour"
    assert "your followers' activity" in items[0]["documentation"]["value"]
    assert labels(offer("caption: a\npublish_at: |", sources=Sources(HISTORY)))[0] == "2026-11-29 19:00"
    assert labels(offer(text))[0] == "2026-12-04"


def test_a_day_of_another_plan_is_not_free(offer: Offer, project: Project, opened: Callable[..., OpenFile]) -> None:
    other = opened("caption: b\npublish_at: 2026-11-29 23:30\naccount: {timezone: Europe/Copenhagen}", "other.yaml")
    project.read_folder()
    known = Sources(HISTORY, linted=project.lint([other]))
    assert labels(offer("caption: a\npublish_at: |", sources=known))[0] == "2026-11-30 19:00"


def test_sounds_are_those_of_the_account_and_those_that_trend(offer: Offer) -> None:
    known = Sources(HISTORY, TRENDS)
    items = offer(f"{POST}sound: {{name: |}}", sources=known)
    assert labels(items) == ["Levain", "true: or not", "morning oven"]
    assert items[0]["detail"] == "by The Ovens · on 4 posts: 800 views, your usual 750"
    assert labels(offer(f"{POST}sound: {{name: Levain, artist: |}}", sources=known)) == ["The Ovens"]


def test_files_are_those_in_the_folder_of_the_plan_and_below_it(offer: Offer, tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    for name in ("crust.mov", "clips/loaf.mp4", "clips/.hidden.mp4", "loaf.jpg", "loaf.srt", "notes.txt"):
        (tmp_path / name).touch()
    os.utime(tmp_path / "crust.mov", (0, 0))
    outside = tmp_path.parent / "outside.mp4"
    outside.touch()
    (tmp_path / "linked.mp4").symlink_to(outside)
    assert labels(offer(f"{POST}video: {{file: |}}")) == ["clips/loaf.mp4", "crust.mov"]
    assert labels(offer(f"{POST}photos: [|]")) == ["loaf.jpg"]
    assert labels(offer(f"{POST}transcript: |")) == ["loaf.srt"]


def test_a_comment_that_silences_is_offered_codes(offer: Offer) -> None:
    items = {item["label"]: item for item in offer(f"{POST}title: b  # coach: ignore[T4|]")}
    assert items["T401"]["detail"]
    marked = f"{POST}title: b  # coach: ignore[C001, T4|]"
    assert taken(offer, marked, "T401").endswith("ignore[C001, T401]")
    assert offer(f"{POST}title: b  # a remark|") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("on: push\n|", "ci.yaml"),
        ("on: push\njobs:\n  |", "ci.yaml"),
        ('{"name": "x", |}', "package.json"),
        ("- name: x\n  |", "tasks.yaml"),
        ("---\ntags: x\n|\n---\n", "article.md"),
        ("# A title|", "article.md"),
        ("caption,publish_at\n|", "plan.csv"),
        ("rules: {}\n|", "tiktok-coach.yaml"),
    ],
)
def test_files_of_other_programs_are_offered_nothing(offer: Offer, text: str, name: str) -> None:
    assert offer(text, name, Sources(HISTORY, TRENDS)) == []


def test_a_new_file_and_the_config_file_are_offered_their_keys(offer: Offer) -> None:
    assert labels(offer("|"))[:3] == ["posts", "account", "defaults"]
    assert labels(offer("---\n|\n---\n", "post.md"))[0] == "caption"
    assert labels(offer("account:\n  |", "tiktok-coach.yaml")) == list(keys_in("account"))


def test_the_words_of_a_history_are_counted_from_its_posts(tmp_path: Path) -> None:
    rows = []
    for n in range(8):
        day, tags = f"2026-11-{n + 1:02d}", "#rye #crust" if n % 2 else "#rye"
        rows.append(content_row(f"{day}T18:00", day, "2026-11-20", f"No. {n} {tags}", counts=(1, 0, 0, 100 * (n + 1))))
    put(tmp_path / "exports" / "Content.csv", content(rows))
    project = Project(tmp_path, AnalysisOptions(now=NOW, history=(tmp_path / "exports",)), lambda: NOW)
    project.read_history()
    assert project.analysis is not None
    words = words_of(project.analysis, "nobody")
    assert [(use.name, use.posts, use.views) for use in words.hashtags] == [("rye", 8, 450.0), ("crust", 4, 500.0)]
    assert (words.posts, words.usual) == (8, 450.0)


def test_completions_come_over_the_protocol_while_the_text_cannot_be_read(tmp_path: Path) -> None:
    text = calendar(3) + "  - caption: b\n    video: {duration_s: 12, hei"
    line = text.count("\n")

    async def dialogue(editor: Editor) -> None:
        editor.open("plan.yaml", text)
        document = types.TextDocumentIdentifier(editor.uri("plan.yaml"))
        position = types.Position(line, len(text.rpartition("\n")[2]))
        params = types.CompletionParams(document, position)
        # Until the folder's published posts were looked for, more may come.
        while (answer := await editor.client.text_document_completion_async(params)).is_incomplete:
            await asyncio.sleep(0.05)
        assert [item.label for item in answer.items][:2] == ["file", "hook_s"]
        assert isinstance(answer.items[0].text_edit, types.TextEdit)

    converse(tmp_path, dialogue)
