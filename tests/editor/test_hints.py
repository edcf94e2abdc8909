"""What an editor shows within the lines of a plan."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.editor.calendar import LONG, calendar
from tiktok_coach.core.translation import set_language
from tiktok_coach.editor.hints import inlay_hints
from tiktok_coach.editor.project import OpenFile, Project

Opened = Callable[..., OpenFile]
HEAD = "account: {handle: '@ovnkrogen', timezone: Europe/Copenhagen}\nposts:\n"
POST = '  - publish_at: 2026-12-01 18:30\n    caption: "Will this rise? #bagedag"\n    video: {duration_s: 14}\n'
VIEWS = re.compile(r"about ([\d,]+) views \(([\d,]+)–([\d,]+)\)")


def hints(project: Project, file: OpenFile) -> list[dict[str, Any]]:
    return inlay_hints(project.lint([file]), project, file, 0, len(file.text))


def labels(project: Project, file: OpenFile) -> dict[int, str]:
    """The hints by the number of their line."""
    return {hint["position"]["line"]: hint["label"] for hint in hints(project, file)}


def behind(file: OpenFile, hint: dict[str, Any]) -> str:
    """What stands before a hint on its line."""
    line = file.text.splitlines()[hint["position"]["line"]].encode("utf-16-le")
    return line[: 2 * hint["position"]["character"]].decode("utf-16-le")


def test_a_caption_says_what_is_left_of_it(project: Project, opened: Opened) -> None:
    file = opened(HEAD + POST)
    [hint] = hints(project, file)
    assert (hint["label"], hint["paddingLeft"]) == ("126 left", True)
    assert behind(file, hint).endswith('#bagedag"')
    assert hint["tooltip"]["value"] == "**24 of 150 characters, hashtags included: 126 left**"


def test_a_caption_that_is_too_long_says_by_how_much(project: Project, opened: Opened) -> None:
    file = opened(HEAD + f'  - caption: "{LONG.strip()} {LONG.strip()}"\n')
    over = 2 * len(LONG.strip()) + 1 - 150
    assert labels(project, file) == {2: f"{over} over"}


def test_emoji_count_and_stand_as_the_editor_counts_them(project: Project, opened: Opened) -> None:
    file = opened(HEAD + '  - caption: "🍞🍞 Rye?"   # a note\n    hashtags: [rye]\n')
    [hint] = hints(project, file)
    assert hint["label"] == f"{150 - 4 - 5 - 5} left"
    assert behind(file, hint).endswith('Rye?"')


@pytest.mark.parametrize("style", ["|", ">-"])
def test_a_block_of_lines_has_it_at_its_end(project: Project, opened: Opened, style: str) -> None:
    file = opened(HEAD + f"  - caption: {style}\n      Will this\n      rise?\n\n    video: {{duration_s: 14}}\n")
    [hint] = hints(project, file)
    assert behind(file, hint) == "      rise?"


def test_each_form_of_plan_has_them(project: Project, opened: Opened) -> None:
    json = opened('{"posts": [{"caption": "Will this rise? #bagedag", "publish_at": null}]}', "plan.json")
    markdown = opened("---\npublish_at: 2026-12-01\ncaption: 'Will this rise? #bagedag'\n---\nKnead.\n", "post.md")
    sheet = opened("publish_at,caption\n2026-12-01,Will this rise? #bagedag\n", "plan.csv")
    assert {next(iter(labels(project, file).values())) for file in (json, markdown, sheet)} == {"126 left"}


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "  - {}\n  - caption: ''\n  - caption:\n",
        "defaults: {caption: 'Rye?'}\nposts:\n  - publish_at: 2026-12-01\n",
        "posts: [\n",
        "",
    ],
    ids=["no caption", "a caption of all posts", "not to be read", "nothing"],
)
def test_where_nothing_is_to_be_said_there_is_none(project: Project, opened: Opened, text: str) -> None:
    assert hints(project, opened(text)) == []


def test_a_post_says_what_views_to_expect(with_history: Project, opened: Opened) -> None:
    file = opened(HEAD + POST)
    at_time, _at_caption = hints(with_history, file)
    match = VIEWS.fullmatch(at_time["label"])
    assert match is not None
    views, low, high = (int(part.replace(",", "")) for part in match.groups())
    assert low < views < high
    assert behind(file, at_time).endswith("18:30")
    tooltip = at_time["tooltip"]["value"]
    assert "expected after 7 days" in tooltip
    assert "your 181 published posts" in tooltip
    assert "Nine posts in ten" in tooltip


def test_a_better_hour_lets_expect_more(with_history: Project, opened: Opened) -> None:
    file = opened(HEAD + POST + POST.replace("2026-12-01 18:30", "2026-12-03 04:00"))
    numbers = [VIEWS.fullmatch(label) for label in labels(with_history, file).values()]
    evening, night = (int(match[1].replace(",", "")) for match in numbers if match is not None)
    assert evening > night


def test_without_a_time_it_stands_at_the_post(with_history: Project, opened: Opened) -> None:
    file = opened(HEAD + "  - id: rye\n    caption: 'Will this rise?'\n")
    assert VIEWS.fullmatch(labels(with_history, file)[2])


def test_an_account_without_published_posts_has_no_views(with_history: Project, opened: Opened) -> None:
    file = opened(HEAD.replace("ovnkrogen", "somebody") + POST)
    assert list(labels(with_history, file).values()) == ["126 left"]


def test_only_what_is_seen_is_asked_for(with_history: Project, opened: Opened) -> None:
    file = opened(calendar(20))
    linted = with_history.lint([file])
    start, end = (file.text.index(f"- id: bake-{number}\n") for number in (5, 7))
    seen = inlay_hints(linted, with_history, file, start, end)
    assert {hint["position"]["line"] for hint in seen} == {30, 31, 35, 36}


def test_they_speak_the_language_that_is_asked_for(with_history: Project, opened: Opened) -> None:
    set_language("da")
    assert re.fullmatch(r"cirka [\d.]+ visninger \([\d.]+–[\d.]+\)", labels(with_history, opened(HEAD + POST))[2])
    assert labels(with_history, opened(HEAD + POST))[3] == "126 tilbage"
