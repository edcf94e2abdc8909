"""A calendar with faults of all kinds gives exactly those findings, at exactly those places, in every format."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from tests import golden
from tests.conftest import Ran
from tests.writing import put, without_hashes
from tiktok_coach.render.lint.formats import FORMATS, plugin_formats

Coach = Callable[..., Ran]
HERE = Path(__file__).parent
CALENDAR = HERE / "calendar"
OPTIONS = ("--today", "2026-11-24", "--ignore", "T204")
YAML, STORY, SHEET, JSON = "calendar.yaml", "posts/story.md", "posts/schedule.csv", "posts/photos.json"

# What was planted: the file, the rule, and the text at fault, which begins at the bar.
PLANTED = [
    (YAML, "T101", "type: |personal"),
    (YAML, "T102", "category: |none"),
    (YAML, "T702", "comments_on_others: |false"),
    (YAML, "T707", "{stitch: |false}"),
    (YAML, "T605", "publish_at: |2026-12-01 18:30"),
    (YAML, "T401", "shut tight? |#hygge"),
    (YAML, "T301", "hook_s: |6"),
    (YAML, "T302", "intro: |true"),
    (YAML, "T303", "opening_emotion: |neutral"),
    (YAML, "T304", "value_shown_s: |9"),
    (YAML, "T604", "publish_at: |2026-12-01T19:00"),
    (YAML, "T809", "#hygge #bun |#Bun"),
    (YAML, "T404", "raises_curiosity: |false"),
    (YAML, "T405", "tells_why: |false"),
    (YAML, "T504", "duration_s: |44"),
    (YAML, "T506", "width: |1920"),
    (YAML, "T508", "bpm: |90"),
    (YAML, "T509", "effects: |[]"),
    (YAML, "T510", "native_text: |false"),
    (YAML, "T403", "caption: |>-\n      Folded"),
    (YAML, "C008", "two lines #hygge|#rye"),
    (YAML, "T501", "good_light: |false"),
    (YAML, "T502", "clear_audio: |false"),
    (YAML, "T503", "quick_cuts: |false"),
    (YAML, "T507", "has_audio: |false"),
    (YAML, "P008", "fps: |15"),
    (YAML, "P010", "file_size_mb: |5000"),
    (YAML, "P011", "container: |avi"),
    (YAML, "P012", "codec: |prores"),
    (YAML, "T810", 'caption: |"#hygge"'),
    (YAML, "C004", "fourth day.\n  - id: |unlit"),
    (YAML, "T402", 'caption: |"#hygge"'),
    (YAML, "T403", 'caption: |"#hygge"'),
    (YAML, "T706", "duet: |false"),
    (YAML, "T708", "duet: false, comments: |false"),
    (YAML, "T709", "reply_to_comments: |false"),
    (YAML, "L102", "file: |one.mp4, duration_s: 14"),
    (YAML, "E001", "file: |one.mp4, repost"),
    (YAML, "E003", "repost: |true"),
    (YAML, "E006", "graphic: |true"),
    (YAML, "E007", "regulated_goods: |true"),
    (YAML, "C009", 'caption: &same |"Do you see'),
    (YAML, "T807", "a1, b1, c1, |d1]"),
    (YAML, "C007", 'hygge, |"rye bread"'),
    (YAML, "C006", "d1]\n    sound: {name: |Smørsang}"),
    (YAML, "T605", "publish_at: |2026-12-12"),
    (YAML, "C005", "caption: |*same"),
    (YAML, "C009", "caption: |*same"),
    (YAML, "T809", "- bun\n      - |hygge"),
    (YAML, "C002", "publish_at: |2027-03-28"),
    (YAML, "T605", "publish_at: |2027-03-28"),
    (YAML, "C001", "publish_at: |2026-10-25"),
    (YAML, "C003", "publish_at: |2026-10-25"),
    (YAML, "L001", "|# coach: ignore[T2]"),
    (YAML, "L002", "|# coach: ignore[T999]"),
    (YAML, "T202", "caption: |Is there no tag"),
    (YAML, "T806", "caption: |Is there no tag"),
    (JSON, "P013", '"photos": |40'),
    (JSON, "P003", "interface |takes for one"),
    (SHEET, "T403", '|"A ""quoted""'),
    (SHEET, "T809", "#rye |#rye"),
    (SHEET, "E001", "04-01,18:30,FALSE,FALSE,TRUE,|https"),
    (STORY, "T810", 'tags: |["#hygge"]'),
    (STORY, "T504", 'duration: |"01:45"'),
]


def place(file: str, marked: str) -> tuple[int, int]:
    """Line and column of what stands behind the bar, found in the file itself."""
    text = (CALENDAR / file).read_text("utf-8")
    before, after = marked.split("|")
    assert text.count(before + after) == 1, marked
    offset = text.index(before + after) + len(before)
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    shutil.copytree(CALENDAR, tmp_path, dirs_exist_ok=True)
    return tmp_path


def linted(coach: Coach, *more: str) -> dict[str, Any]:
    return dict(json.loads(coach("lint", ".", *OPTIONS, "--format", "json", "-q", *more).out))


def test_what_was_planted_is_found_where_it_stands_and_nothing_else(coach: Coach, calendar: Path) -> None:
    found = sorted((f["file"], f["code"], f["line"], f["column"]) for f in linted(coach)["findings"])
    assert found == sorted((file, code, *place(file, marked)) for file, code, marked in PLANTED)
    assert len(PLANTED) >= 60


def test_days_without_a_post_in_a_gap_that_is_said_are_not_said_again(coach: Coach, calendar: Path) -> None:
    gaps = {f["line"] for f in linted(coach)["findings"] if f["code"] == "T605"}
    assert len(gaps) == 3
    # Where nobody speaks of the gap, its days do.
    days = linted(coach, "--ignore", "T605")["findings"]
    assert gaps <= {f["line"] for f in days if f["code"] == "T603"}
    put(
        calendar / "calendar.yaml",
        "account: {handle: baker, timezone: Europe/Copenhagen}\nposts:\n"
        "  - {caption: Rye, publish_at: 2026-12-01 18:30}\n"
        "  - {caption: Bun, publish_at: 2026-12-03 18:30}\n",
    )
    [short] = [f for f in linted(coach)["findings"] if f["code"] in {"T603", "T605"} and f["file"] == "calendar.yaml"]
    assert (short["code"], short["message"]) == ("T603", "2026-12-02: no post goes out")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "sarif"])
def test_golden(coach: Coach, calendar: Path, name: str) -> None:
    ran = coach("lint", ".", *OPTIONS, "--format", name)
    assert ran.code == 1
    assert golden.same(f"lint/{name}.txt", ran.out)
    notes, *warnings = ran.err.splitlines()
    assert notes == "2 notes on how the files were read; --verbose shows them"
    assert len(warnings) == (name == "github")


def test_the_same_input_gives_the_same_bytes(coach: Coach, calendar: Path) -> None:
    for name in ("text", "sarif"):
        assert coach("lint", ".", *OPTIONS, "--format", name).out == coach("lint", ".", *OPTIONS, "--format", name).out


def test_every_format_tells_of_the_same_findings(coach: Coach, calendar: Path) -> None:
    wanted = sorted((f["file"], f["line"], f["column"], f["code"]) for f in linted(coach)["findings"])

    def out(name: str) -> str:
        return coach("lint", ".", *OPTIONS, "--format", name, "-q").out

    concise = [line.split(" ")[:2] for line in out("concise").splitlines()]
    assert sorted((w.split(":")[0], int(w.split(":")[1]), int(w.split(":")[2]), c) for w, c in concise) == wanted
    full = [line for line in out("text").splitlines() if line and not line.startswith(" ")]
    assert len(full) == len(wanted)
    lines = [json.loads(line) for line in out("jsonl").splitlines()]
    assert sorted((f["file"], f["line"], f["column"], f["code"]) for f in lines) == wanted
    results = [r for r in json.loads(out("sarif"))["runs"][0]["results"] if "suppressions" not in r]
    regions = [(r["locations"][0]["physicalLocation"], r["ruleId"]) for r in results]
    assert (
        sorted(
            (p["artifactLocation"]["uri"], p["region"]["startLine"], p["region"]["startColumn"], c) for p, c in regions
        )
        == wanted
    )
    assert out("github").count("::") == 2 * len(wanted)
    issues = json.loads(out("gitlab"))
    assert (
        sorted(
            (
                i["location"]["path"],
                i["location"]["positions"]["begin"]["line"],
                i["location"]["positions"]["begin"]["column"],
                i["check_name"],
            )
            for i in issues
        )
        == wanted
    )
    assert len({i["fingerprint"] for i in issues}) == len(issues)
    report = ET.fromstring(out("junit"))
    assert len(report.findall(".//failure")) == len(wanted)
    assert sum(line.startswith(("| 🔴", "| 🟡", "| 🔵")) for line in out("markdown").splitlines()) == len(wanted)


def test_no_control_code_of_a_calendar_reaches_a_junit_report(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes("publish_at,caption,post_id\n2026-12-01,Rye\x93 \x9b31m?,x\x93y\n".encode())
    report = coach("lint", tmp_path, *OPTIONS, "--format", "junit").out
    assert ET.fromstring(report).find(".//testcase") is not None
    assert not re.search("[\x7f-\x9f]", report)


@pytest.mark.parametrize("posts", ["345.5", "true", "rye", "{a: b}"])
def test_posts_that_are_no_list_are_an_error_of_one_line(coach: Coach, tmp_path: Path, posts: str) -> None:
    (tmp_path / "plan.yaml").write_text(f"defaults:\n  caption: Rye?\nposts: {posts}\n", "utf-8")
    result = coach("lint", tmp_path, *OPTIONS)
    assert result.code == 2
    assert "fault of tiktok-coach" not in result.err
    assert "plan.yaml" in result.err


def test_sarif_of_a_small_plan(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("posts:\n  - {id: rye, caption: Rye?, video: {hook_s: 6}}\n", "utf-8")
    log = json.loads(coach("lint", "plan.yaml", *OPTIONS, "--select", "T301", "--format", "sarif").out)
    [run] = log["runs"]
    del run["tool"]["driver"]["version"], run["tool"]["driver"]["semanticVersion"]
    run["tool"]["driver"]["rules"] = run["tool"]["driver"]["rules"][:1]
    assert golden.same("lint/sarif.txt", json.dumps(log, indent=1, ensure_ascii=False) + "\n")


def test_sarif_has_each_finding_once_with_its_place_level_and_fingerprint(coach: Coach, calendar: Path) -> None:
    facts = linted(coach)
    [run] = json.loads(coach("lint", ".", *OPTIONS, "--format", "sarif").out)["runs"]
    levels = {"error": "error", "warning": "warning", "info": "note"}

    def finding(fact: dict[str, Any]) -> tuple[Any, ...]:
        place = (fact["file"], fact["line"], fact["column"], fact["end_line"], fact["end_column"])
        return (fact["code"], *place, levels[fact["severity"]], fact["message"], fact["fingerprint"])

    def result(one: dict[str, Any]) -> tuple[Any, ...]:
        place = one["locations"][0]["physicalLocation"]
        region = (place["region"][name] for name in ("startLine", "startColumn", "endLine", "endColumn"))
        assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        fingerprint = one["partialFingerprints"]["tiktokCoach/v2"]
        uri = place["artifactLocation"]["uri"]
        return (one["ruleId"], uri, *region, one["level"], one["message"]["text"], fingerprint)

    found = [result(one) for one in run["results"] if "suppressions" not in one]
    assert found == [finding(fact) for fact in facts["findings"]]
    silenced = [(result(one), one["suppressions"]) for one in run["results"] if "suppressions" in one]
    assert silenced == [
        (
            finding(fact),
            [{"kind": fact["suppressed_by"], **({"justification": fact["reason"]} if fact["reason"] else {})}],
        )
        for fact in facts["suppressed"]
    ]
    fixable = {(f["code"], f["line"]) for f in facts["findings"] if "edits" in f}
    startings = {
        (one["ruleId"], one["locations"][0]["physicalLocation"]["region"]["startLine"])
        for one in run["results"]
        if "fixes" in one
    }
    assert fixable == startings


def count_findings(linted: Any, paint: Any, width: int) -> list[str]:
    return [f"{len(linted.findings)} findings\n"]


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A format `count` of another package, and the groups of entry points that were looked through."""
    groups: list[str] = []

    def entry_points(*, group: str) -> list[EntryPoint]:
        groups.append(group)
        return (
            [EntryPoint("count", f"{__name__}:count_findings", group)] if group == "tiktok_coach.lint_formats" else []
        )

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    plugin_formats.cache_clear()
    yield groups
    plugin_formats.cache_clear()


def test_another_package_adds_a_format(coach: Coach, calendar: Path, plugin: list[str]) -> None:
    ran = coach("lint", ".", *OPTIONS, "--format", "count")
    assert ran.out == f"{len(PLANTED)} findings\n"
    ran = coach("lint", ".", *OPTIONS, "--format", "cuont")
    assert ran.code == 2
    assert "markdown, count" in " ".join(ran.err.split()).replace("│ ", "")


def test_packages_are_not_looked_through_for_a_format_of_the_tool(
    coach: Coach, calendar: Path, plugin: list[str]
) -> None:
    coach("lint", ".", *OPTIONS, "--format", "json")
    assert "tiktok_coach.lint_formats" not in plugin


def test_sarif_is_what_the_official_schema_wants(coach: Coach, calendar: Path) -> None:
    schema = json.loads((HERE.parent / "schemas" / "sarif-2.1.0.json").read_text("utf-8"))
    log = json.loads(coach("lint", ".", *OPTIONS, "--format", "sarif").out)
    jsonschema.Draft4Validator(schema).validate(log)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in run["results"])
    assert all(rule["help"]["text"] and rule["fullDescription"]["text"] for rule in rules)
    silenced = [r for r in run["results"] if "suppressions" in r]
    assert [r["suppressions"][0] for r in silenced] == [
        {"kind": "inSource", "justification": "a list of loaves asks nothing"}
    ] * 2
    assert any("fixes" in r for r in run["results"])
    assert any("relatedLocations" in r for r in run["results"])
    # A file that cannot be read makes a log of the same form.
    (calendar / "broken.yaml").write_text("posts: [\n", "utf-8")
    log = json.loads(coach("lint", ".", *OPTIONS, "--format", "sarif").out)
    jsonschema.Draft4Validator(schema).validate(log)
    [invocation] = log["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == 1


def test_a_clean_calendar_gives_nothing_and_exit_0(coach: Coach, tmp_path: Path) -> None:
    assert coach("init", "--today", "2026-11-24", "--timezone", "Europe/Copenhagen").code == 0
    plan = tmp_path / "plans" / "plan.yaml"
    plan.write_text(without_hashes(plan.read_text("utf-8")), "utf-8")
    for name in FORMATS:
        ran = coach("lint", "plans", "--today", "2026-11-24", "--format", name)
        assert ran.code == 0, ran.out
        assert ran.err == ""
    assert linted_clean(coach) == []


def linted_clean(coach: Coach) -> list[Any]:
    result = json.loads(coach("lint", "plans", "--today", "2026-11-24", "--format", "json").out)
    assert [s["code"] for s in result["suppressed"]] == ["T504"]
    return list(result["findings"])


BROKEN = {
    "text": "No plan was read.",
    "concise": "No plan was read.",
    "json": '"problem": "not valid YAML: ',
    "jsonl": '{"type": "problem", "file": "broken.yaml", "line": 2, "column": 1',
    "sarif": '"executionSuccessful": false',
    "github": "::error file=broken.yaml,line=2,col=1,title=cannot be read::not valid YAML: ",
    "gitlab": '"severity": "blocker"',
    "junit": '<testcase name="line 2" classname="broken.yaml"><error message="not valid YAML',
    "markdown": "- broken.yaml:2: not valid YAML",
}


@pytest.mark.parametrize("name", FORMATS)
def test_what_cannot_be_read_is_told_in_every_format(coach: Coach, tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.yaml").write_text("posts: [\n", "utf-8")
    ran = coach("lint", ".", *OPTIONS, "--format", name)
    assert ran.code == 2
    assert BROKEN[name] in ran.out
    assert "error: broken.yaml:2:1: not valid YAML" in ran.err


def test_a_workbooks_cell_is_shown_by_its_name(coach: Coach, tmp_path: Path) -> None:
    from tests.writing import workbook

    put(tmp_path / "plan.xlsx", workbook([("publish_at", "caption", "hook_s"), ("2026-12-01T10:00:00Z", "Rye?", "6")]))
    out = coach("lint", "plan.xlsx", *OPTIONS, "--select", "T301", "-q").out
    assert out.startswith("plan.xlsx:2:3: the hook comes at 6 s; bring it within 3 s (error T301)\n    C2 | 6\n")
    before = (tmp_path / "plan.xlsx").read_bytes()
    coach("lint", "plan.xlsx", *OPTIONS, "--fix")
    assert (tmp_path / "plan.xlsx").read_bytes() == before


def test_a_comment_on_a_pull_request_is_never_too_long(coach: Coach, tmp_path: Path) -> None:
    posts = "".join(f"  - {{id: p{n}, caption: Rye bread {n}, video: {{hook_s: {n}}}}}\n" for n in range(4, 900))
    (tmp_path / "long.yaml").write_text("posts:\n" + posts, "utf-8")
    out = coach("lint", "long.yaml", *OPTIONS, "--format", "markdown").out
    assert len(out) < 65_536
    assert re.search(r"\nand \d+ more; the report of the run has them all\n$", out)


def test_carets_stand_under_wide_and_hidden_characters(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("posts:\n  - {id: 🍞麦\u202e, video: {hook_s: 6}}\n", "utf-8")
    lines = coach("lint", "p.yaml", *OPTIONS, "--select", "T301", "-q").out.splitlines()
    assert "\u202e" not in lines[1]
    # Two signs of the line take two columns each, so that the caret stands two further than the text says.
    assert lines[2].index("^") == lines[1].index("6}") + 2
    long = "x" * 400
    (tmp_path / "p.yaml").write_text(f"posts:\n  - {{id: {long}, video: {{hook_s: 6}}, notes: {long}}}\n", "utf-8")
    lines = coach("lint", "p.yaml", *OPTIONS, "--select", "T301", "-q").out.splitlines()
    assert max(map(len, lines[1:])) <= 110
    assert lines[1][lines[2].index("^")] == "6"


@pytest.mark.parametrize(
    ("post", "codes"),
    [
        ("video: {duration_s: 13}", ""),
        ("video: {duration_s: 44}", "T504"),
        ("video: {duration_s: 4}", "T504"),
        ("video: {duration_s: 700}", "T504"),
        ("video: {duration_s: 4000}", "P005"),
        ("video: {duration_s: 2}", "P006"),
        ("ad: true, video: {duration_s: 50}", "T512"),
        ("ad: true, video: {duration_s: 14}", "T512"),
        ("video: {hook_s: 6, duration_s: 44}", "T301 T504"),
    ],
)
def test_the_length_of_a_video_is_one_finding(coach: Coach, tmp_path: Path, post: str, codes: str) -> None:
    (tmp_path / "plan.yaml").write_text(f"posts:\n  - {{{post}}}\n", "utf-8")
    select = [word for code in ("T504", "T505", "T512", "T301", "P005", "P006", "P007") for word in ("--select", code)]
    found = coach("lint", "plan.yaml", *OPTIONS, *select, "--output-format", "concise", "-q").out
    assert re.findall(r"\b[TP]\d{3}\b", found) == codes.split()


def test_a_length_that_is_silenced_gives_way_to_the_next(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("posts:\n  - {caption: Why rye?, video: {duration_s: 700}}\n", "utf-8")
    select = ("--select", "T505", "--select", "T504", "--ignore", "T504")
    assert "T505 " in coach("lint", "plan.yaml", *OPTIONS, *select, "--output-format", "concise", "-q").out


def test_videos_that_a_plan_names_and_that_are_not_there_are_found(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips/rye.mp4").write_bytes(b"")
    posts = ["{video: {file: clips/rye.mp4}}", "{video: bun.mp4}", "{video: 'clips\\rye.mp4'}", "{video: bun.mp4}"]
    posts += ["{video: {file: 'https://example.com/bun.mp4'}}", "{video: {file: the bun clip}}", "{caption: Bun}"]

    def lint(*posts: str) -> list[str]:
        facts = "".join(f"  - {post.replace('{', '{caption: x, ', 1)}\n" for post in posts)
        (tmp_path / "plan.yaml").write_text("posts:\n" + facts.replace("caption: x, caption", "caption"), "utf-8")
        found = coach("lint", "plan.yaml", *OPTIONS, "--select", "L102", "--output-format", "concise", "-q")
        return found.out.splitlines()

    assert lint(*posts) == ["plan.yaml:3:25: L102 the video bun.mp4 is not beside the plan (warning)"]
    none = "plan.yaml:2:25: L102 none of the 2 videos that the plan names is beside it (hint)"
    assert lint("{video: bun.mp4}", "{video: bread.mov}") == [none]
    assert lint("{video: " + "a" * 5000 + ".mp4}", *posts[:1])[0].startswith("plan.yaml:2:25: L102 ")
    stream = io.TextIOWrapper(io.BytesIO(b"posts:\n  - {caption: x, video: bun.mp4}\n"))
    monkeypatch.setattr("sys.stdin", stream)
    assert "L102" not in coach("lint", "-", *OPTIONS, "--select", "L102", "-q").out
