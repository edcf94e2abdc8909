"""A business's plan with every matter of labels, disclosure and licences: each found at its place, and gone when mended."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.conftest import Ran
from tests.writing import put

Coach = Callable[..., Ran]
CONFIG = """
account: {handle: ovnkrogen, type: business, timezone: Europe/Copenhagen, country: US, language: da, owner_age: 41}
trends: [trends.yaml]
"""
TRENDS = "lists: [{as_of: 2026-11-24, window_days: 7, sounds: [Smørsang]}]\n"
PLAN = """\
posts:
  - id: brunsviger
    publish_at: 2026-12-01 18:30
    caption: "Ny brunsviger, 20% rabat med koden BREAD10: bestil online via link i bio"
    sound: {name: Popsang, trending: true, commercial_licence: false}
    disclosure: none
    ai_generated: false
    ai_label: false
    video: {content_credentials: ai, qr_code: true, watermark: [CapCut]}
  - id: mel
    publish_at: 2026-12-02 18:30
    caption: "Nyt mel, i betalt samarbejde med @moelle"
    sound: {name: Smørsang}
    disclosure: own
  - id: ovn
    publish_at: 2026-12-03 18:30
    caption: "Ovnen er varm. Anzeige: unser Mehl"
    sound: {name: Popsang, trending: true}
  - id: boller
    publish_at: 2026-12-04 18:30
    caption: "Boller med mel fra møllen"
    sound: {name: Egen stemme, original: true}
    disclosure: paid
    privacy: private
  - id: kage
    publish_at: 2026-12-05 18:30
    caption: "Kage til søndag: køb nu"
    sound: {name: Egen stemme, original: true}
"""
# The rule, and the text at fault, which begins at the bar.
PLANTED = [
    ("D001", "ai_label: |false"),
    ("D002", "ai_generated: |false"),
    ("D003", 'caption: |"Ny brunsviger'),
    ("D004", 'caption: |"Kage'),
    ("D005", "qr_code: |true"),
    ("D006", 'caption: |"Nyt mel'),
    ("D007", "privacy: |private"),
    ("D008", "commercial_licence: |false"),
    ("D009", "{name: Popsang, trending: |true}"),
    ("D010", "{name: |Smørsang"),
    ("D011", 'caption: |"Ny brunsviger'),
    ("E011", "watermark: |[CapCut]"),
]
MENDED = [
    ("20% rabat med koden BREAD10: bestil online via link i bio", "20% rabat med koden BREAD10"),
    ("disclosure: none", "disclosure: own"),
    ("disclosure: own\n  - id: ovn", "disclosure: paid\n    privacy: public\n  - id: ovn"),
    ("ai_generated: false", "ai_generated: true"),
    ("ai_label: false", "ai_label: true"),
    ("watermark: [CapCut]", "watermark: none"),
    ("trending: true, commercial_licence: false", "trending: true, commercial_licence: true"),
    ("{name: Smørsang}", "{name: Smørsang, commercial_licence: true}"),
    ("{name: Popsang, trending: true}", "{name: Popsang, trending: false}"),
    ("privacy: private", "privacy: friends"),
    ("køb nu", "hvem kommer?"),
]
SELECT = ("--select", "D", "--select", "E010", "--select", "E011", "--today", "2026-11-25")


def write(folder: Path, plan: str) -> None:
    for name, text in (("tiktok-coach.yaml", CONFIG), ("trends.yaml", TRENDS), ("plan.yaml", plan)):
        put(folder / name, text)


def place(marked: str) -> tuple[int, int]:
    """Line and column of what is behind the bar."""
    before, after = marked.split("|")
    assert PLAN.count(before + after) == 1, marked
    offset = PLAN.index(before + after) + len(before)
    return PLAN.count("\n", 0, offset) + 1, offset - PLAN.rfind("\n", 0, offset)


def test_each_matter_is_found_at_its_place_and_nothing_else(coach: Coach, tmp_path: Path) -> None:
    write(tmp_path, PLAN)
    findings = json.loads(coach("lint", "plan.yaml", *SELECT, "--format", "json").out)["findings"]
    found = sorted((one["code"], one["line"], one["column"]) for one in findings)
    assert found == sorted((code, *place(marked)) for code, marked in PLANTED)
    [disclosed] = [one for one in findings if one["code"] == "D003"]
    assert "“20% rabat”, “med koden BREAD10”" in disclosed["message"]


def test_the_plan_mended_has_none_of_them(coach: Coach, tmp_path: Path) -> None:
    plan = PLAN
    for before, after in MENDED:
        assert before in plan, before
        plan = plan.replace(before, after, 1)
    write(tmp_path, plan)
    ran = coach("lint", "plan.yaml", *SELECT)
    assert (ran.code, ran.out) == (0, "No problems in 5 planned posts of 1 file.\n")


def test_a_plan_that_says_nothing_of_them_has_none_of_them(coach: Coach, tmp_path: Path) -> None:
    write(
        tmp_path, "caption: Which loaf is yours? Link in bio\npublish_at: 2026-12-01 18:30\nsound: {name: Own voice}\n"
    )
    assert json.loads(coach("lint", "plan.yaml", *SELECT, "--format", "json").out)["findings"] == []


def test_what_would_tell_is_named(coach: Coach, tmp_path: Path) -> None:
    write(tmp_path, "caption: Order online\npublish_at: 2026-12-01 18:30\nai_generated: true\n")
    put(tmp_path / "tiktok-coach.yaml", "account: {timezone: UTC}\n")
    answer = json.loads(coach("lint", "plan.yaml", *SELECT, "--format", "json").out)
    needs = {one["code"]: one["supplied_by"] for one in answer["unknown"]}
    assert needs["D001"] == "`ai_label` in the plan"
    assert needs["D003"] == "`disclosure` in the plan"
    assert needs["D011"] == "`account.country` in the config file"


def test_a_plan_is_asked_whether_what_ai_made_is_labelled(coach: Coach, tmp_path: Path) -> None:
    write(tmp_path, "caption: Rye\npublish_at: 2026-12-01 18:30\nai_generated: true\n")
    [one] = json.loads(coach("lint", "plan.yaml", *SELECT, "--format", "json").out)["findings"]
    assert (one["code"], one["severity"], one["line"]) == ("D012", "info", 3)


def test_every_format_names_them(coach: Coach, tmp_path: Path) -> None:
    write(tmp_path, PLAN)
    codes = {code for code, _marked in PLANTED}
    sarif = json.loads(coach("lint", "plan.yaml", *SELECT, "--format", "sarif").out)
    run = sarif["runs"][0]
    assert {one["ruleId"] for one in run["results"]} == codes
    assert codes <= {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    tests = ET.fromstring(coach("lint", "plan.yaml", *SELECT, "--format", "junit").out)
    said = ET.tostring(tests, encoding="unicode")
    assert [code for code in codes if code not in said] == []


def test_a_business_is_told_where_its_songs_are(coach: Coach, tmp_path: Path) -> None:
    plan = "caption: Rye\npublish_at: 2026-12-01 18:30\nsound: {name: Rye song, trending: false}\n"
    write(tmp_path, plan)
    library = "may use only the Commercial Music Library"
    select = ("--select", "T901", "--today", "2026-11-25", "--format", "json")
    [finding] = json.loads(coach("lint", "plan.yaml", *select).out)["findings"]
    assert library in finding["fix"]
    put(tmp_path / "tiktok-coach.yaml", CONFIG.replace("business", "creator"))
    [finding] = json.loads(coach("lint", "plan.yaml", *select).out)["findings"]
    assert finding["fix"] == "Choose a sound that is trending now."
