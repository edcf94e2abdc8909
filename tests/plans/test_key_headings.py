"""Columns of people's own calendars that are called as the keys of plans."""

from __future__ import annotations

import pytest

from tests.plans.test_plans import facts, given_text

HEADER = "Publish Date,Caption"
ROW = "2026-12-01 18:30,Can you hear the crust?"

FACTS = {
    "disclosure": ("own", {"disclosure": "own"}),
    "Privacy": ("Friends", {"privacy": "friends"}),
    "via": ("business-api", {"via": "business_api"}),
    "KEYWORDS": ('"rye bread, mixer"', {"keywords": "rye bread; mixer"}),
    "Photos": ('"a.jpg, b.jpg"', {"photos": 2, "photo_files": "a.jpg; b.jpg", "kind": "photo"}),
    "goal": ("Sales", {"goal": "sales"}),
    "AI generated": ("yes", {"ai_generated": 1}),
    "ai_label": ("no", {"ai_label": 0}),
    "AI label?": ("no", {"ai_label": 0}),
    "sound.commercial_licence": ("no", {"sound_commercial_licence": 0}),
    "Sound commercial licence": ("yes", {"sound_commercial_licence": 1}),
}


@pytest.mark.parametrize("heading", FACTS)
def test_a_column_called_as_a_key_is_read_whatever_the_day_is_called(heading: str) -> None:
    cell, expected = FACTS[heading]
    read = facts(given_text("sheet.csv", f"{HEADER},{heading}\n{ROW},{cell}\n"))
    assert {name: read.get(name) for name in expected} == expected


def test_all_of_them_stand_side_by_side() -> None:
    cells = [cell for cell, _expected in FACTS.values()]
    calendar = given_text("sheet.csv", f"{HEADER},{','.join(FACTS)}\n{ROW},{','.join(cells)}\n")
    read = facts(calendar)
    assert calendar.problems == ()
    assert {"disclosure", "privacy", "via", "keywords", "photos", "goal", "ai_generated", "ai_label"} <= set(read)


@pytest.mark.parametrize(
    ("heading", "cell", "column"),
    [
        ("Goal", "Drive traffic", "goal"),
        ("Intro", "Hello!", "intro"),
        ("Photos", "two of the oven", "photos"),
        ("Region", "Nordics", "region"),
        ("Keywords", "#rye #bread", "keywords"),
    ],
)
def test_a_column_of_other_values_is_no_fact(heading: str, cell: str, column: str) -> None:
    calendar = given_text("sheet.csv", f"{HEADER},{heading}\n{ROW},{cell}\n")
    assert column not in facts(calendar)
    assert not [notice for notice in calendar.notices if notice.level == "warning"]
    assert calendar.problems == ()


def test_what_a_post_would_be_said_to_lack_is_a_warning_where_it_is_not_read() -> None:
    calendar = given_text("sheet.csv", f"{HEADER},Disclosure\n{ROW},ask Anna\n")
    assert "disclosure" not in facts(calendar)
    assert "'Disclosure' is not read: 'ask Anna' is not one of none, own, paid" in [n.text for n in calendar.notices]


def test_a_word_of_the_app_in_such_a_column_leads_to_the_plan_s_own() -> None:
    (problem,) = given_text("sheet.csv", f"{HEADER},disclosure\n{ROW},Your brand\n").problems
    assert (problem.line, problem.hint) == (2, "did you mean own?")


def test_a_scheduler_s_calendar_may_have_them_too() -> None:
    text = "Text,Image URL,Tags,Posting Time,Disclosure\nCan you hear the crust?,,,2026-12-01 18:30,own\n"
    read = facts(given_text("buffer.csv", text))
    assert (read["caption"], read["disclosure"]) == ("Can you hear the crust?", "own")


def test_a_list_of_posts_may_call_them_its_own_way() -> None:
    text = '[{"publishDate": "2026-12-01 18:30", "text": "Can you hear the crust?", "aiGenerated": true}]'
    assert facts(given_text("posts.json", text))["ai_generated"] == 1
