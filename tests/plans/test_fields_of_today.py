"""What a plan says of how and for whom a post goes out, of its photos, and of what it is searched by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plans.test_plans import facts, given_text, shown
from tests.writing import TODAY, put
from tiktok_coach.core.account import Account
from tiktok_coach.io.load import load
from tiktok_coach.io.reading import ReadOptions

PLAN = """
posts:
  - caption: Rye bread in two pictures
    publish_at: 2026-12-01 18:00
    photos: [crust.jpg, crumb.webp]
    via: business-api
    goal: Rewards
    keywords: [rye bread, sourdough]
    disclosure: none
    privacy: friends
    ai_generated: yes
    ai_label: no
    sound: {name: A waltz, commercial_licence: false}
"""


def test_every_field_is_read() -> None:
    read = facts(given_text("plan.yaml", PLAN))
    expected = {"photo_files": "crust.jpg; crumb.webp", "photos": 2.0, "kind": "photo", "via": "business_api"}
    expected |= {"goal": "rewards", "keywords": "rye bread; sourdough", "disclosure": "none", "privacy": "friends"}
    expected |= {"ai_generated": 1.0, "ai_label": 0.0, "sound_commercial_licence": 0.0}
    assert {name: read[name] for name in expected} == expected


def test_photos_may_be_a_number() -> None:
    read = facts(given_text("plan.yaml", PLAN.replace("[crust.jpg, crumb.webp]", "2")))
    assert read["photos"] == 2
    assert "photo_files" not in read
    assert "kind" not in read


def test_what_is_not_said_is_not_known() -> None:
    read = facts(given_text("plan.yaml", "caption: Rye\npublish_at: 2026-12-01 18:00\n"))
    assert not {"via", "goal", "keywords", "disclosure", "privacy", "ai_generated", "ai_label", "kind"} & set(read)


def test_another_word_is_named_at_its_place() -> None:
    (problem,) = given_text("plan.yaml", PLAN.replace("Rewards", "money")).problems
    assert (problem.line, "money" in str(problem), "rewards" in str(problem)) == (7, True, True)


@pytest.mark.parametrize(
    ("key", "written", "choice"),
    [
        ("disclosure", "Your brand", "own"),
        ("disclosure", "own_brand", "own"),
        ("disclosure", "Branded content", "paid"),
        ("via", "tiktok_studio", "studio"),
        ("privacy", "only me", "private"),
        ("privacy", "kun mig", "private"),
        ("privacy", "freinds", "friends"),
    ],
)
def test_a_word_of_the_app_leads_to_the_one_of_plans_under_the_key_as_written(
    key: str, written: str, choice: str
) -> None:
    (problem,) = given_text("plan.yaml", f"caption: Rye\n{key}: {written}\n").problems
    assert problem.problem.startswith(f"{key} {written!r} is not one of ")
    assert problem.hint == f"did you mean {choice}?"


@pytest.mark.parametrize("name", ["plan.yaml", "plan.md"])
def test_one_photo_may_be_its_file_alone(name: str) -> None:
    text = "caption: Rye\nphotos: crust one.jpg\n"
    read = facts(given_text(name, text if name == "plan.yaml" else f"---\n{text}---\n"))
    assert (read["photo_files"], read["photos"], read["kind"]) == ("crust one.jpg", 1, "photo")


def test_photos_that_are_neither_files_nor_a_number_lead_to_what_to_write() -> None:
    (problem,) = given_text("plan.yaml", "caption: Rye\nphotos: some\n").problems
    assert problem.problem == "photos 'some' is not a count"
    assert "[a.jpg, b.jpg]" in (problem.hint or "")


@pytest.mark.parametrize(
    "written", ["rye bread, mixer", "rye bread; mixer", "[rye bread, mixer]", '"rye bread，mixer,"']
)
def test_keywords_are_parted_by_commas_as_by_semicolons(written: str) -> None:
    assert facts(given_text("plan.yaml", f"caption: Rye\nkeywords: {written}\n"))["keywords"] == "rye bread; mixer"


CAROUSEL = {"photo_files": "crust one.jpg; crumb.webp", "photos": 2.0, "kind": "photo"}
ROWS = {
    "calendar.csv": 'publish_at,caption,photos\n2026-12-01 18:00,Rye bread,"crust one.jpg, crumb.webp"\n2026-12-02,Buns,3\n',
    "calendar.json": '[{"publish_at": "2026-12-01 18:00", "caption": "Rye bread", "photos": ["crust one.jpg", "crumb.webp"]}'
    ', {"publish_at": "2026-12-02", "caption": "Buns", "photos": 3}]',
}


@pytest.mark.parametrize("name", ROWS)
def test_photos_of_a_calendar_may_be_files_or_a_number(name: str) -> None:
    calendar = given_text(name, ROWS[name])
    files, number = facts(calendar), facts(calendar, 1)
    assert {fact: files.get(fact) for fact in CAROUSEL} == CAROUSEL
    assert (number["photos"], "photo_files" in number, "kind" in number) == (3, False, False)
    assert "crust one.jpg" in shown(calendar, "photo_files")


def test_notes_name_photos_too(tmp_path: Path) -> None:
    post_id = "7599338684679409627"
    put(tmp_path / "posts.csv", f"post_id,caption,views\n{post_id},Rye bread,10\n")
    put(tmp_path / "notes.yaml", f"posts:\n- post_id: '{post_id}'\n  photos: [crust one.jpg, crumb.webp]\n")
    posts = load([tmp_path], ReadOptions(today=TODAY)).posts
    assert {fact: posts[fact][0] for fact in CAROUSEL} == CAROUSEL


@pytest.mark.parametrize("word", ["no", "No", "false", "nej", "none"])
@pytest.mark.parametrize("name", ["watermark", "opening_text", "video.effects"])
def test_no_says_that_there_is_none(name: str, word: str) -> None:
    key, _dot, inner = name.partition(".")
    fact = f"{key}: {{{inner}: {word}}}" if inner else f"{key}: {word}"
    plan = given_text("plan.yaml", f"caption: Rye\n{fact}\n")
    assert plan.problems == ()
    assert facts(plan).get(inner or key) == "none"


def test_notes_and_sheets_say_no_likewise(tmp_path: Path) -> None:
    put(
        tmp_path / "posts.csv",
        "post_id,caption,views,watermark\n7599338684679409627,Rye,10,no\n7599338684679409628,Rye,9,CapCut\n",
    )
    assert load([tmp_path], ReadOptions(today=TODAY)).posts["watermark"].tolist() == ["none", "CapCut"]


def test_no_in_a_list_says_it_too() -> None:
    assert facts(given_text("plan.yaml", "caption: Rye\nwatermark: [no]\n"))["watermark"] == "none"


@pytest.mark.parametrize(
    ("written", "code"), [("GB", "GB"), ("dk", "DK"), ("NO", "NO"), ("UK", "GB"), ("Denmark", "DK"), ("Danmark", "DK")]
)
def test_a_country_by_its_name_or_code(written: str, code: str) -> None:
    plan = given_text(
        "plan.yaml",
        f"account: {{country: {written}}}\nposts:\n- {{caption: Rye, region: {written}}}\n",
        known=Account(),
    )
    assert plan.problems == ()
    assert facts(plan)["region"] == code
    assert plan.accounts[0].country == code


def test_what_is_no_country_is_named_at_its_place() -> None:
    [problem] = given_text("plan.yaml", "posts:\n- {caption: Rye, region: Denmrk}\n").problems
    assert str(problem) == "plan.yaml:2: region: 'Denmrk' is no country that I know; did you mean Denmark?"
    [problem] = given_text("plan.yaml", "account: {country: Narnia}\nposts:\n- {caption: Rye}\n").problems
    # What is made up is like no country enough.
    assert "'Narnia' is no country that I know; name it, or give its code of two letters" in str(problem)
