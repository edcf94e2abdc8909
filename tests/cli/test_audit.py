"""tiktok-coach audit, as a user meets it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests import golden
from tests.conftest import Ran
from tests.writing import content, content_row, link, put, quoted, video_id

Coach = Callable[..., Ran]
ID = video_id("2026-06-13T16:42:48")
CONFIG = """\
account:
  handle: '@baker'
  type: personal
  timezone: Europe/Copenhagen
  country: DK
  subcultures: ['#FoodTok']
"""

AUDIT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["schema_version", "account", "sources", "notices", "tips", "findings", "posts", "as_of", "advice"],
    "properties": {
        "schema_version": {"const": "1"},
        "account": {"type": "object", "required": ["handle", "type", "timezone"]},
        "sources": {"type": "array", "items": {"type": "object", "required": ["name", "format", "rows", "state"]}},
        "notices": {"type": "array", "items": {"type": "object", "required": ["source", "line", "level", "text"]}},
        "tips": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tip", "title", "score", "coverage", "counts"],
                "properties": {
                    "tip": {"type": "integer", "minimum": 1, "maximum": 9},
                    "score": {"type": ["number", "null"], "minimum": 0, "maximum": 100},
                    "coverage": {"type": "number", "minimum": 0, "maximum": 1},
                },
            },
        },
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "tip", "post_id", "status", "severity", "value", "expected", "message", "fix"],
                "properties": {
                    "status": {"enum": ["pass", "fail", "unknown", "not_applicable"]},
                    "severity": {"enum": ["error", "warning", "info"]},
                    "message": {"type": "string", "minLength": 1},
                },
            },
        },
        "posts": {"type": "array", "items": {"type": "object", "required": ["post_id", "score", "coverage"]}},
        "advice": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    *("id", "do", "basis", "effect", "interval", "chance", "lacking", "known", "code", "tip", "where"),
                    "watching",
                ],
                "properties": {
                    "basis": {
                        "enum": [
                            "own posts and public record",
                            "public record",
                            "documented",
                            "unmeasured",
                            "retention",
                        ]
                    },
                    "do": {"type": "string", "minLength": 1},
                    "chance": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
                    "where": {"type": ["object", "null"], "required": ["field", "is"]},
                },
            },
        },
    },
}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    rows = [
        content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", "Can you guess? #foodtok"),
        content_row(
            "2026-06-10T10:00:00",
            "2026-06-12",
            "2026-06-30",
            "[red]Rye[/red] <b>|bread|</b> \x1b[31m" + "x" * 160,
            low=2,
        ),
    ]
    put(tmp_path / "export" / "Content.csv", content(rows))
    put(tmp_path / "export" / "FollowerGender.csv", quoted(("Gender", "Distribution"), []))
    put(tmp_path / "export" / "side.csv", f"post_id,hook_s,intro\n{ID},1.5,no\n")
    put(tmp_path / "export" / "tiktok-coach.yaml", CONFIG)
    return tmp_path / "export"


def audited(coach: Coach, *arguments: str | Path) -> dict[str, Any]:
    ran = coach("audit", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    value: dict[str, Any] = json.loads(ran.out)
    jsonschema.validate(value, AUDIT_SCHEMA)
    return value


def test_json_holds_every_answer(coach: Coach, export: Path) -> None:
    audit = audited(coach, export)
    assert audit["account"]["handle"] == "baker"
    assert audit["account"]["subcultures"] == ["foodtok"]
    assert [t["tip"] for t in audit["tips"]] == list(range(1, 10))
    assert [g["tip"] for g in audit["groups"]] == ["eligibility", "labels", "platform"]
    assert len(audit["posts"]) == 2
    assert audit["posts"][0]["posted_at"] == "2026-06-13T16:42:48Z"
    assert audit["posts"][1]["posted_at"] == "2026-06-12"
    found = {(f["code"], f["post_id"]): f for f in audit["findings"]}
    assert found["T301", ID]["status"] == "pass"
    assert found["T301", ID]["value"] == 1.5
    assert found["T401", video_id("2026-06-10T10:00:00", low=2)]["status"] == "fail"
    assert (
        found["T101", None]["message"]
        == "the account is personal; a Pro account (creator, business) shows you more numbers"
    )
    assert found["T504", ID]["message"].startswith(
        "not known; TikTok Studio's own pages (`capture guide`), the TikTok API"
    )
    counts = audit["tips"][3]["counts"]
    assert sum(counts.values()) == sum(f["tip"] == 4 for f in audit["findings"])
    assert {
        "source": "export/FollowerGender.csv",
        "line": None,
        "level": "info",
        "text": "has a header and no rows",
    } in audit["notices"]


def test_json_holds_the_advice_and_the_time_of_the_newest_count(coach: Coach, export: Path) -> None:
    audit = audited(coach, export)
    assert audit["as_of"].startswith("2026-06-30")
    question, pro, *_ = audit["advice"]
    assert question["id"] == "question"
    assert question["basis"] == "public record"
    assert (question["lacking"], question["known"]) == (1, 2)
    assert question["where"] == {"field": "asks_question", "min": 1.0, "is": True}
    assert question["interval"][0] < question["effect"] < question["interval"][1]
    assert (pro["id"], pro["basis"], pro["effect"], pro["where"]) == ("T101", "unmeasured", None, None)


def test_advice_keeps_to_the_rules_that_are_chosen(coach: Coach, export: Path) -> None:
    assert {one["tip"] for one in audited(coach, export, "--select", "T4")["advice"]} == {4}
    assert "question" not in {one["id"] for one in audited(coach, export, "--ignore", "T403")["advice"]}


def test_json_says_of_a_change_what_is_found_and_what_to_do(coach: Coach, export: Path) -> None:
    audit = audited(coach, export)
    [tag] = [change for change in audit["changes"] if change["code"] == "T202"]
    assert (tag["name"], tag["do"]) == ("subculture-hashtag", "Add a hashtag of your community")
    assert tag["title"]
    assert "T103" not in {change["code"] for change in audit["changes"]}, "to download a file is no change"
    assert audit["overview"]["period"] == ["2026-06-03", "2026-06-30"]
    assert audit["overview"]["posts"] == {"value": 2.0, "before": None, "change": None, "interval": None}


def test_only_some_statuses_on_request(coach: Coach, export: Path) -> None:
    audit = audited(coach, export, "--status", "fail", "--select", "T4")
    assert {f["status"] for f in audit["findings"]} == {"fail"}
    assert {f["code"][:2] for f in audit["findings"]} == {"T4"}


def test_the_same_input_gives_the_same_bytes(coach: Coach, export: Path) -> None:
    for name in ("json", "text", "markdown"):
        first, second = (coach("audit", export, "--format", name) for _ in range(2))
        assert first.out == second.out


@pytest.mark.parametrize("name", ["text", "markdown"])
def test_golden(coach: Coach, export: Path, name: str) -> None:
    assert export.is_dir()
    ran = coach("audit", "export", "--format", name, "--quiet")
    assert ran.code == 0
    assert ran.err == ""
    assert golden.same(f"audit.{name}.txt", ran.out)


def test_text_from_a_file_is_harmless_where_it_is_shown(coach: Coach, export: Path) -> None:
    shown = coach("audit", export, "--posts").out
    assert "\x1b" not in shown
    assert "[red]Rye[/red]" in shown
    told = coach("audit", export, "--posts", "--format", "markdown").out
    assert "\\[red\\]Rye\\[/red\\] \\<b\\>\\|bread\\|" in told


def test_every_post_is_listed_on_request(coach: Coach, export: Path) -> None:
    assert "Every post" in coach("audit", export, "--posts").out
    assert "Every post" in coach("audit", export, "--posts", "--format", "markdown").out


def test_stdout_carries_the_result_alone_and_stderr_the_notices(coach: Coach, export: Path) -> None:
    put(export / "notes.csv", "a,b\n1,2\n")
    ran = coach("audit", export, "--format", "json")
    json.loads(ran.out)
    assert "warning: export/notes.csv: isn't a format I can read; left out" in ran.err
    assert "note:" not in ran.err
    assert "note: export/FollowerGender.csv: has a header and no rows" in coach("audit", export, "-v").err
    assert coach("audit", export, "-q").err == ""


def test_many_warnings_are_counted(coach: Coach, export: Path) -> None:
    for n in range(20):
        put(export / f"notes{n}.csv", "a,b\n1,2\n")
    assert "and 15 more warnings; --verbose shows them" in coach("audit", export).err


def test_exit_code_1_for_findings_that_are_severe_enough(coach: Coach, export: Path) -> None:
    assert coach("audit", export).code == 0
    assert coach("audit", export, "--fail-on", "error").code == 0, "a long caption is a warning"
    put(export / "tiktok-coach.yaml", CONFIG + "rules: {T401: {severity: error}}\n")
    assert coach("audit", export, "--fail-on", "error").code == 1
    assert coach("audit", export, "--fail-on", "error", "--ignore", "T401").code == 0
    assert coach("audit", export, "--fail-on", "info", "--ignore", "T401").code == 1


def test_output_file_is_written_whole(coach: Coach, export: Path, tmp_path: Path) -> None:
    for name in ("json", "markdown", "text"):
        ran = coach("audit", export, "--format", name, "--output", tmp_path / "out.txt")
        assert ran.out == ""
        assert (tmp_path / "out.txt").read_text("utf-8")
    assert coach("audit", export, "--output", tmp_path / "none" / "out.txt").code == 2
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.csv"], "error: missing.csv: no such file or folder"),
        (["export", "--format", "pdf"], "error: --format 'pdf' is not known; use one of text, json, markdown"),
        (["export", "--status", "maybe"], "error: --status 'maybe' is not known"),
        (["export", "--fail-on", "x"], "error: --fail-on 'x' is not known"),
        (
            ["export", "--timezone", "Copenhagen"],
            "error: 'Copenhagen' is not a timezone; did you mean Europe/Copenhagen?",
        ),
        (["export", "--today", "soon"], "error: --today 'soon' is not a date"),
        (["export", "--export-date", "soon"], "error: --export-date 'soon' is not a date"),
        (["export", "--date-order", "dym"], "error: --date-order 'dym' is not known"),
        (["export", "--select", "Q"], "error: no rule's code begins with 'Q'"),
        (["export", "--account", "nobody"], "error: no posts of account 'nobody'; the files are of: baker"),
        (["export", "--config", "none.yaml"], "error: none.yaml: no such config file"),
        (["export", "--rules", "none"], "error: none: has no rule files"),
        (["export", "--trends", "none.yaml"], "error: none.yaml: no such file"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_exit_code_2(
    coach: Coach, export: Path, arguments: list[str], message: str
) -> None:
    ran = coach("audit", *arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


def test_arguments_that_do_not_exist_are_exit_code_2(coach: Coach) -> None:
    assert coach("audit").code == 2
    assert coach("audit", "--colour").code == 2
    assert coach("dance").code == 2


def test_debug_shows_the_traceback(coach: Coach) -> None:
    from tiktok_coach.core.errors import CoachError

    with pytest.raises(CoachError):
        coach("--debug", "audit", "missing.csv")


def test_a_fault_of_the_tool_is_said_to_be_one(coach: Coach, export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tiktok_coach.analysis.audit

    def broken(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(tiktok_coach.analysis.audit, "audit", broken)
    ran = coach("audit", export)
    assert ran.code == 2
    assert "ZeroDivisionError: by zero; this is a fault of tiktok-coach" in ran.err
    with pytest.raises(ZeroDivisionError):
        coach("audit", export, "--debug")


def test_the_config_changes_rules_and_is_found_upwards(coach: Coach, export: Path) -> None:
    put(export / "tiktok-coach.yaml", "rules:\n  T401: {params: {max: 1000}, severity: info}\nignore: [T9]\n")
    audit = audited(coach, export / "Content.csv", "--select", "T401")
    assert {f["status"] for f in audit["findings"]} == {"pass"}
    assert not any(f["code"].startswith("T9") for f in audited(coach, export)["findings"])


def test_pyproject_can_hold_the_config(coach: Coach, export: Path) -> None:
    (export / "tiktok-coach.yaml").unlink()
    put(
        export / "pyproject.toml",
        '[tool.tiktok-coach]\nselect = ["T401"]\n[tool.tiktok-coach.account]\ntype = "creator"\n',
    )
    audit = audited(coach, export)
    assert {f["code"] for f in audit["findings"]} == {"T401"}
    assert audit["account"]["type"] == "creator"
    put(export / "pyproject.toml", "[tool.tiktok-coach")
    assert coach("audit", export).code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("account: {tz: x}\n", "1: unknown key account.tz; use one of handle, type, category, goal, timezone"),
        ("acount: {}\n", "1: unknown key acount; did you mean account?"),
        (
            "account:\n  timezone: Europe/Kopenhagen\n",
            "2: account.timezone: 'Europe/Kopenhagen' is not a timezone; did you",
        ),
        ("\nrules:\n  T999: {weight: 1}\n", "3: rules: no rule has the code T999; `tiktok-coach rules` lists them"),
        ("rules:\n  T401:\n    params: {maxi: 3}\n", "3: T401 (length) unknown key maxi; did you mean max?"),
        ("rules: {T401: {weight: -1}}\n", "1: rules.T401.weight must be 0 or more, not -1"),
        ("account: {type: busines}\n", "1: account.type 'busines' is not known; did you mean business?"),
        ("columns: {views: 3}\n", "1: columns.views: write a heading, or a list of headings"),
    ],
)
def test_a_faulty_config_is_named_with_its_line_and_what_was_meant(
    coach: Coach, export: Path, text: str, message: str
) -> None:
    put(export / "tiktok-coach.yaml", text)
    ran = coach("audit", export)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {export.name}/tiktok-coach.yaml:{message}")
    assert ran.err.count("\n") == 1


def test_every_fault_of_a_config_is_a_line(coach: Coach, export: Path) -> None:
    put(export / "tiktok-coach.yaml", "account:\n  type: shop\n  tmezone: UTC\nselect: T4\n")
    assert coach("audit", export).err.splitlines() == [
        f"error: {export.name}/tiktok-coach.yaml:2: account.type 'shop' is not known; use one of personal, creator, business",
        f"error: {export.name}/tiktok-coach.yaml:3: unknown key account.tmezone; did you mean timezone?",
        f"error: {export.name}/tiktok-coach.yaml:4: select must be a list such as [a, b], not 'T4'",
    ]
    put(export / "tiktok-coach.yaml", "rules:\n  T40: {}\n  T401: {params: {max: x}}\n  T402: {params: {patern: x}}\n")
    assert [line.partition(".yaml:")[2] for line in coach("audit", export).err.splitlines()] == [
        "2: rules: no rule has the code T40; did you mean T401?",
        "3: T401 (length) max must be a whole number, not 'x'",
        "4: T402 (pattern) unknown key patern; did you mean pattern?",
    ]
    put(export / "tiktok-coach.yaml", "".join(f"a{number}: 1\n" for number in range(30)))
    assert coach("audit", export).err.splitlines()[-1] == "and 10 more errors"


def test_the_case_of_what_a_config_and_options_name_does_not_matter(coach: Coach, export: Path) -> None:
    put(
        export / "tiktok-coach.yaml",
        "Account:\n  Type: Business\n  Timezone: europe/copenhagen\nSelect: [t401]\nrules: {t401: {severity: INFO}}\n"
        "Lint: {Fail_On: Never}\nLang: EN\nignore:\n",
    )
    audit = audited(coach, export)
    assert (audit["account"]["type"], audit["account"]["timezone"]) == ("business", "Europe/Copenhagen")
    assert {(finding["code"], finding["severity"]) for finding in audit["findings"]} == {("T401", "info")}
    typed = audited(coach, export, "--timezone", "america/new_york", "--select", "t402")
    assert typed["account"]["timezone"] == "America/New_York"
    assert {finding["code"] for finding in typed["findings"]} == {"T402"}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Select: [T4]\nlang: en\nSELECT: [T5]\n", "3: the key 'SELECT' comes twice"),
        ("lint:\n  Fail_on: never\n  fail_on: error\n", "3: the key 'fail_on' comes twice"),
        ("Rules:\n  t401: {severity: error}\n  T401: {weight: 3}\n", "3: the key 'T401' comes twice"),
    ],
)
def test_a_key_that_a_config_has_in_two_cases_comes_twice(coach: Coach, export: Path, text: str, error: str) -> None:
    put(export / "tiktok-coach.yaml", text)
    assert [line.partition(".yaml:")[2] for line in coach("audit", export).err.splitlines()] == [error]


def test_a_rule_that_a_table_has_in_two_cases_comes_twice(coach: Coach, export: Path) -> None:
    (export / "tiktok-coach.yaml").unlink()
    put(export / "pyproject.toml", "[tool.tiktok-coach.rules]\nt401 = {severity = 'error'}\nT401 = {weight = 3}\n")
    assert "pyproject.toml: the key 'T401' comes twice" in coach("audit", export).err


def test_a_config_chooses_among_the_rules_and_the_codes_of_lint(coach: Coach, export: Path) -> None:
    put(export / "tiktok-coach.yaml", "ignore: [T4, L101]\n")
    assert not any(finding["code"].startswith("T4") for finding in audited(coach, export)["findings"])
    put(export / "tiktok-coach.yaml", "select:\n  - T4O1\nignore: [T9, Q99]\n")
    assert [line.partition(".yaml:")[2] for line in coach("audit", export).err.splitlines()] == [
        "2: no rule's code begins with 'T4O1'; did you mean T401?",
        "3: no rule's code begins with 'Q99'; `tiktok-coach rules` lists them",
    ]


def test_an_empty_config_says_nothing(coach: Coach, export: Path) -> None:
    put(export / "tiktok-coach.yaml", "")
    assert coach("audit", export).code == 0


def test_own_rule_packs_and_trends_in_the_config(coach: Coach, export: Path) -> None:
    from tests.rules.test_load import RULE

    put(export / "pack" / "mine.rules", "")
    put(export.parent / "pack" / "mine.yaml", RULE)
    put(export.parent / "trends.yaml", "as_of: 2026-06-12\nhashtags: [foodtok]\n")
    put(export / "tiktok-coach.yaml", "rule_packs: [../pack]\ntrends: [../trends.yaml]\n")
    audit = audited(coach, export)
    found = {(f["code"], f["post_id"]): f["status"] for f in audit["findings"]}
    assert found["X101", ID] == "pass"
    assert found["T802", ID] == "pass"
    assert "mine" in [g["tip"] for g in audit["groups"]]
    shown = coach("audit", export, "--full").out
    assert "My own rules" in shown


def test_one_account_of_several(coach: Coach, export: Path) -> None:
    put(
        export / "b" / "Content.csv",
        content([content_row("2026-06-14T16:42:48", "2026-06-14", "2026-06-30", handle="miller", low=9)]),
    )
    both = audited(coach, export)
    assert [a["handle"] for a in both["accounts"]] == ["baker", "miller"]
    assert [a["type"] for a in both["accounts"]] == ["personal", None]
    one = audited(coach, export, "--account", "@miller", "--timezone", "UTC")
    assert [p["account"] for p in one["posts"]] == ["miller"]
    assert one["account"]["timezone_source"] == "--timezone"
    shown = coach("audit", export).out
    assert shown.startswith("2 accounts")
    assert "@miller" in shown


def test_handles_are_compared_without_at_and_case(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "p.csv", "post_id,account,views,status\n1,@MyBakery,5,published\n2,mybakery,6,published\n")
    put(tmp_path / "tiktok-coach.yaml", "account: {handle: '@MYBakery', type: business}\n")
    audit = audited(coach, tmp_path / "p.csv", "--account", "@MyBakery")
    assert (audit["account"]["handle"], audit["account"]["type"], len(audit["posts"])) == ("mybakery", "business", 2)
    assert not [n for n in audit["notices"] if "is not used" in n["text"]]


def test_a_config_for_an_account_that_is_not_there_is_named(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "p.csv", "post_id,account,views,status\n1,miller,5,published\n")
    put(tmp_path / "tiktok-coach.yaml", "account: {handle: baker, type: business}\n")
    audit = audited(coach, tmp_path / "p.csv")
    assert audit["account"]["type"] is None
    (notice,) = [n for n in audit["notices"] if "is not used" in n["text"]]
    assert notice["level"] == "warning"
    assert "'baker'" in notice["text"]


def test_a_post_with_nothing_known_is_still_shown(coach: Coach, tmp_path: Path) -> None:
    file = put(tmp_path / "p.csv", "post_id,views,status\n1,5,published\n")
    shown = coach("audit", file, "--posts", "--select", "T3").out
    assert "not known" in shown
    assert "Nothing that is known fails." in shown
    assert "Nothing that is known fails." in coach("audit", file, "--select", "T3", "--format", "markdown").out


def test_an_account_that_no_file_names(coach: Coach, tmp_path: Path) -> None:
    file = put(
        tmp_path / "p.json",
        {"posts": [{"post_id": "1", "views": 5, "posted_at": "2026-06-01", "link": link("1", "x").replace("@x", "")}]},
    )
    assert coach("audit", file).out.startswith("Your account")
    put(tmp_path / "tiktok-coach.yaml", "account: {handle: baker}\n")
    assert "@baker" in coach("audit", file).out


def test_posts_without_views_show_a_dash_and_no_control_code_reaches_the_terminal(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "p.csv", "post_id,views,caption\n7650921459792727317,,Rye\x9b31m\n7650921459792727318,30,Buns\n")
    assert re.search(r"Rye31m .* – *\n", coach("audit", "p.csv", "--posts").out)
    assert "| – |" in coach("audit", "p.csv", "--posts", "--format", "markdown").out
    for shown in ("text", "json", "markdown"):
        assert "\x9b" not in coach("audit", "p.csv", "--format", shown).out
    assert json.loads(coach("audit", "p.csv", "--format", "json").out)["posts"][0]["caption"] == "Rye\x9b31m"


def test_rules_that_no_result_can_depend_on_leave_no_advice_on_facts(coach: Coach, export: Path) -> None:
    audit = audited(coach, export, "--select", "P")
    assert {one["basis"] for one in audit["advice"]} <= {"unmeasured"}


def test_a_rule_that_public_posts_contradict_is_no_advice_and_fails_a_run_all_the_same(
    coach: Callable[..., Ran], tmp_path: Path
) -> None:
    rows = "".join(f"p{n},2026-06-{n + 1:02d}T12:00Z,{900 if n % 2 else 20},{1000 + n}\n" for n in range(12))
    put(tmp_path / "long.csv", f"post_id,posted_at,duration_s,views\n{rows}")
    assert coach("audit", "long.csv", "--select", "T505", "--fail-on", "info", "-q").code == 0, "a limit of 2023"
    put(tmp_path / "tiktok-coach.yaml", "rules: {T505: {weight: 2}}\n")
    ran = coach("audit", "long.csv", "--select", "T505", "--fail-on", "info", "-q")
    assert ran.code == 1
    assert "Nothing that fails is expected to bring more views." in ran.out
    both = "".join(f"{handle}{n},{handle},{900 if n % 2 else 20},{1000 + n}\n" for handle in "ab" for n in range(12))
    put(tmp_path / "both.csv", f"post_id,account,duration_s,views\n{both}")
    assert coach("audit", "both.csv", "--select", "T505", "--fail-on", "info", "-q").code == 1


def test_plans_beside_the_exports_change_no_number_of_the_account(coach: Coach, tmp_path: Path) -> None:
    rows = [f"p{n},2026-10-{n + 1:02d}T09:00Z,Rye {n}?,{900 + n},baker" for n in reversed(range(20))]
    put(tmp_path / "data/posts.csv", "post_id,posted_at,caption,views,account\n" + "\n".join(rows) + "\n")
    parts = ("tips", "groups", "changes", "advice", "rates", "overview", "accounts")

    def audited() -> list[Any]:
        answer = json.loads(coach("audit", "data", "--format", "json", "-q", "--today", "2026-11-01").out)
        return [[(post["post_id"], post["score"]) for post in answer["posts"]], *map(answer.get, parts)]

    before = audited()
    posts = "".join(f"  - {{caption: 'Bun? #bun', publish_at: 2026-12-0{n}T09:00Z, hook_s: 9}}\n" for n in (1, 2, 3))
    put(tmp_path / "data/plans/plan.yaml", f"posts:\n{posts}")
    assert audited() == before
    ran = coach("audit", "data", "-v", "--today", "2026-11-01")
    assert "planned posts: 3 posts are not out yet and do not count here; `tiktok-coach lint` checks them" in ran.err


@pytest.mark.parametrize(("account", "audited"), [("", "miller"), (",baker", "baker")])
def test_a_plan_names_the_account_only_where_no_export_does(
    coach: Coach, tmp_path: Path, account: str, audited: str
) -> None:
    rows = [f"p{n},2026-10-{n + 1:02d}T09:00Z,Rye {n}?,{900 + n}{account}" for n in range(20)]
    head = "post_id,posted_at,caption,views" + (",account" if account else "")
    put(tmp_path / "data/posts.csv", "\n".join([head, *rows]) + "\n")
    put(tmp_path / "data/plan.yaml", "account: {handle: miller}\nposts:\n  - {caption: Rye, publish_at: 2026-12-01}\n")
    answer = json.loads(coach("audit", "data", "--format", "json", "-q", "--today", "2026-11-01").out)
    assert (answer["account"]["handle"], len(answer["posts"]), len(answer["accounts"])) == (audited, 20, 1)
