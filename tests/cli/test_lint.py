"""tiktok-coach lint, as a user and CI meet it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.writing import put, without_hashes
from tiktok_coach.cli.app import run

Coach = Callable[..., Ran]
TODAY = ("--today", "2026-11-24")
PLAN = """\
account: {handle: "@bageriet", timezone: Europe/Copenhagen}
posts:
  - id: one
    publish_at: 2026-12-01 18:30
    caption: "Rye bread"
    video: {duration_s: 44, hook_s: 6}
  - id: two
    publish_at: 2026-12-02 18:30
    caption: "Which bun? #bun"
    video: {duration_s: 14, intro: true}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return put(tmp_path / "plans/plan.yaml", PLAN)


def codes(ran: Ran) -> list[str]:
    return [line.split(" ")[1] for line in ran.out.splitlines() if re.match(r"\S+:\d+:\d+: ", line)]


def concise(coach: Coach, *more: str) -> list[str]:
    return codes(coach("lint", "plans", *TODAY, "--format", "concise", "-q", *more))


def test_concise_is_a_line_a_finding_and_a_summary(coach: Coach, plan: Path) -> None:
    ran = coach("lint", "plans", *TODAY, "--select", "T3", "--format", "concise")
    assert ran.out == (
        "plans/plan.yaml:6:37: T301 the hook comes at 6 s; bring it within 3 s (error)\n"
        "plans/plan.yaml:10:36: T302 an intro comes before the content (warning)\n"
        "2 problems in 2 planned posts of 1 file: 1 error, 1 warning.\n"
    )
    assert ran.code == 1
    assert (
        "note: T303 not checked 2 times: needs a file of your own notes"
        in coach("lint", "plans", *TODAY, "--select", "T3", "-v").err
    )


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--select", "T3"), ["T301", "T302"]),
        (("--select", "T301", "--select", "T4"), ["T403", "T301"]),
        (("--select", "T3", "--extend-select", "T504"), ["T504", "T301", "T302"]),
        (("--select", "T301, t4"), ["T403", "T301"]),
        (("--select", "T3,T4,T504", "--ignore", "T4,T302"), ["T504", "T301"]),
        (("--ignore", "T", "--extend-select", "T302,T504"), ["T504", "T302"]),
        (("--select", "T3", "--ignore", "T302"), ["T301"]),
        (("--ignore", "T", "--extend-select", "T302"), ["T302"]),
        (("--select", "T3", "--per-path-ignores", "plans/*:T301"), ["T302"]),
        (("--select", "T3", "--per-path-ignores", "drafts/*:T301"), ["T301", "T302"]),
        (("--select", "T3", "--per-path-ignores", "plans:t"), []),
    ],
)
def test_rules_are_chosen_as_with_ruff(coach: Coach, plan: Path, options: tuple[str, ...], found: list[str]) -> None:
    assert concise(coach, *options) == found


def test_the_config_chooses_and_an_option_goes_before_it(coach: Coach, plan: Path, tmp_path: Path) -> None:
    put(
        tmp_path / "tiktok-coach.yaml",
        "select: [T3, T504]\nignore: [T302]\nrules: {T504: {severity: error, params: {min: 40, max: 50}}}\n"
        "lint: {fail_on: never, per_path_ignores: {'plans/*': [T301]}}\n",
    )
    assert concise(coach) == ["T504"]
    assert coach("lint", "plans", *TODAY).code == 0
    assert coach("lint", "plans", *TODAY, "--fail-on", "error").code == 1
    assert concise(coach, "--extend-select", "T302") == ["T504", "T302"]
    put(tmp_path / "tiktok-coach.yaml", "lint: {fail_on: sometimes}\n")
    assert "tiktok-coach.yaml:1: lint.fail_on" in coach("lint", "plans").err
    put(tmp_path / "tiktok-coach.yaml", "lint:\n  per_path_ignores:\n    'plans/*': [t301, T41]\n")
    assert "tiktok-coach.yaml:3: no rule's code begins with 'T41'" in coach("lint", "plans").err


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--select", "T403"), 0),
        (("--select", "T403", "--fail-on", "info"), 1),
        (("--select", "T302"), 1),
        (("--select", "T302", "--fail-on", "error"), 0),
        (("--select", "T301", "--fail-on", "error"), 1),
        (("--select", "T301", "--fail-on", "never"), 0),
        (("--select", "T301", "--exit-zero"), 0),
    ],
)
def test_exit_codes(coach: Coach, plan: Path, options: tuple[str, ...], code: int) -> None:
    assert coach("lint", "plans", *TODAY, *options).code == code


def test_exit_zero_is_not_for_what_cannot_be_read(coach: Coach, plan: Path, tmp_path: Path) -> None:
    put(tmp_path / "plans/broken.yaml", "posts: [")
    assert coach("lint", "plans", *TODAY, "--exit-zero").code == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--format", "xml"), "--format 'xml' is not known; use one of text, concise"),
        (("--format", "json", "--format", "text"), "both json and text would go to stdout; write one as text=FILE"),
        (("--select", "T99"), "no rule's code begins with 'T99'"),
        (("--per-path-ignores", "T4"), "--per-path-ignores 'T4' is not PATTERN:CODE"),
        (("--per-path-ignores", "plans:T41"), "no rule's code begins with 'T41'"),
        (("--baseline", "none.json"), "none.json: no such baseline"),
        (("--fail-on", "bad"), "--fail-on 'bad' is not known"),
        (("--statistics", "--format", "sarif"), "--statistics is shown as text or json"),
        (("--today", "soon"), "--today 'soon' is not a date"),
        (("--output", "no/such/folder.txt"), "no/such/folder.txt: cannot be written"),
        (("--trends", "plans/plan.yaml"), "plan.yaml: is not a trends file"),
    ],
)
def test_arguments_that_cannot_be_used_are_one_line(
    coach: Coach, plan: Path, options: tuple[str, ...], message: str
) -> None:
    ran = coach("lint", "plans", *options)
    assert ran.code == 2
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_a_column_that_no_plan_has_is_an_error_of_no_file(coach: Coach, plan: Path) -> None:
    ran = coach("lint", str(plan), *TODAY, "--column", "caption=Nowhere")
    assert (ran.code, ran.err.splitlines()[0].startswith("error: no input has a column 'Nowhere'")) == (2, True)


def test_several_formats_at_once_and_files_written_whole(coach: Coach, plan: Path, tmp_path: Path) -> None:
    ran = coach(
        "lint",
        "plans",
        *TODAY,
        "--select",
        "T3",
        "--format",
        "github",
        "--format",
        "sarif=out.sarif",
        "--format",
        "junit=out.xml",
    )
    assert ran.out.count("::error file=plans/plan.yaml,line=6") == 1
    assert len(json.loads((tmp_path / "out.sarif").read_text("utf-8"))["runs"][0]["results"]) == 2
    assert "<testsuites" in (tmp_path / "out.xml").read_text("utf-8")
    coach("lint", "plans", *TODAY, "--select", "T3", "--format", "jsonl", "--output", "out.jsonl")
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 2


def test_statistics_count_by_rule(coach: Coach, plan: Path) -> None:
    out = coach("lint", "plans", *TODAY, "--select", "T3", "--select", "C009", "--statistics", "-q").out
    assert [line.split()[:2] for line in out.splitlines()] == [["1", "T301"], ["1", "T302"]]
    told = json.loads(coach("lint", "plans", *TODAY, "--select", "T3", "--statistics", "--format", "json").out)
    assert [(row["code"], row["count"], row["severity"]) for row in told] == [
        ("T301", 1, "error"),
        ("T302", 1, "warning"),
    ]


def test_github_annotations_are_escaped(coach: Coach, tmp_path: Path) -> None:
    put(
        tmp_path / "a,b:100%.yaml",
        "posts:\n  - id: x\n    caption: ok\n    kind: duet\n    video: {container: 'a%0A::error::b, c'}\n",
    )
    [line] = coach("lint", ".", *TODAY, "--select", "P011", "--format", "github").out.splitlines()
    assert line.startswith("::error file=a%2Cb%3A100%25.yaml,line=5,endLine=5,col=24,")
    assert "the file is a%250A::error::b, c;" in line


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("    video: {duration_s: 44, hook_s: 6}   # coach: ignore[T301] it is a tour", ["T302"]),
        ("    # coach: ignore[T301]\n    video: {duration_s: 44, hook_s: 6}", ["T302"]),
        ("    video: {duration_s: 44, hook_s: 6}   # coach:ignore[T3,T504]", ["T302"]),
        ("    video: {duration_s: 44, hook_s: 6}   # coach: ignore[T4] wrong one", ["T301", "T302"]),
        ("    # coach: ignore-file[T3] a draft\n    video: {duration_s: 44, hook_s: 6}", []),
        ("    video: {duration_s: 44, hook_s: 6}   # coach: ignore everything", ["T301", "L003", "T302"]),
        ("    video: {duration_s: 44, hook_s: 6}   # coach: ignore[T302] elsewhere", ["T301", "L001", "T302"]),
        ("    video: {duration_s: 44, hook_s: 6}   # coach: ignore[Q9] none such", ["T301", "L002", "T302"]),
        ("    video: {duration_s: 44, hook_s: 6, native_text: false, file: '# coach: ignore[T3]'}", ["T301", "T302"]),
    ],
)
def test_comments_silence_findings_where_they_stand(coach: Coach, plan: Path, comment: str, found: list[str]) -> None:
    plan.write_text(PLAN.replace("    video: {duration_s: 44, hook_s: 6}", comment), "utf-8")
    assert concise(coach, "--select", "T3", "--select", "L") == found
    assert concise(coach, "--select", "T3") == [c for c in found if not c.startswith("L")]


def test_a_comment_on_a_posts_first_line_speaks_of_the_post(coach: Coach, plan: Path) -> None:
    plan.write_text(PLAN.replace("  - id: one", "  - id: one   # coach: ignore[T301, T504]"), "utf-8")
    assert concise(coach, "--select", "T301", "--select", "T504", "--select", "T302") == ["T302"]
    plan.write_text(PLAN.replace("  - id: one", "  # coach: ignore[T301,T504]\n  - id: one"), "utf-8")
    assert concise(coach, "--select", "T301", "--select", "T504", "--select", "T302") == ["T302"]


def test_a_baseline_hides_what_is_known_and_is_the_same_when_written_again(
    coach: Coach, plan: Path, tmp_path: Path
) -> None:
    assert coach("lint", "plans", *TODAY, "--write-baseline", "base.json", "-q").code == 1
    first = (tmp_path / "base.json").read_bytes()
    ran = coach("lint", "plans", *TODAY, "--baseline", "base.json")
    assert ran.code == 0
    assert "more silenced" in ran.out
    coach("lint", "plans", *TODAY, "--baseline", "base.json", "--write-baseline", "base.json", "-q")
    assert (tmp_path / "base.json").read_bytes() == first
    # Lines may move, and what is new is told.
    plan.write_text("# A line more\n" + PLAN.replace("duration_s: 14", "duration_s: 99"), "utf-8")
    assert concise(coach, "--baseline", "base.json") == ["T504"]
    plan.write_text(PLAN.replace(", hook_s: 6", ""), "utf-8")
    assert "note: 1 problem of the baseline is gone" in coach("lint", "plans", *TODAY, "--baseline", "base.json").err
    put(tmp_path / "base.json", "{}")
    assert "base.json: is not a baseline" in coach("lint", "plans", "--baseline", "base.json").err
    put(tmp_path / "base.json", '{"schema_version": "0", "findings": []}')
    assert "another version" in coach("lint", "plans", "--baseline", "base.json").err
    put(tmp_path / "tiktok-coach.yaml", "lint: {baseline: base.json}\n")
    assert coach("lint", "plans").code == 2


def test_stdin_is_linted_under_its_name(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("p.yaml", PLAN), ("p.csv", "publish_at,caption,hook_s\n2026-12-01T10:00:00Z,Rye,6\n")):
        stream = io.TextIOWrapper(io.BytesIO(text.encode()))
        monkeypatch.setattr(sys, "stdin", stream)
        ran = coach("lint", "-", "--stdin-filename", name, *TODAY, "--select", "T301", "--format", "concise")
        assert ran.out.startswith(f"{name}:")
        assert codes(ran) == ["T301"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLAN.encode())))
    assert "--fix cannot write to stdin" in coach("lint", "-", "--fix").err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"posts:\n  - caption: 'Rye  #a'\n")))
    assert "+  - caption: 'Rye #a'" in coach("lint", "-", "--diff", *TODAY).out


def test_watch_lints_again_and_goes_on_through_what_cannot_be_used(
    coach: Coach, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import watchfiles

    def changes(*paths: Path, **_: Any) -> Any:
        assert [str(p) for p in paths] == ["plans"]
        plan.write_text("posts: [", "utf-8")
        yield {(1, str(plan))}
        plan.write_text(PLAN.replace("hook_s: 6", "hook_s: 1"), "utf-8")
        yield {(1, str(plan))}

    monkeypatch.setattr(watchfiles, "watch", changes)
    ran = coach("lint", "plans", *TODAY, "--select", "T301", "--watch", "--format", "concise")
    assert ran.out.count("T301") == 1
    assert "error: plans/plan.yaml:1:9: not valid YAML" in ran.err
    assert ran.code == 0
    assert "--watch needs files or folders" in coach("lint", "nowhere", "--watch").err


def test_history_tells_the_audiences_hours_and_what_was_posted_already(
    coach: Coach, bakery: Path, tmp_path: Path
) -> None:
    published = json.loads(coach("audit", bakery, "--format", "json", "-q").out)["posts"][0]
    put(
        tmp_path / "plan.yaml",
        f"posts:\n  - id: again\n    publish_at: 2026-12-01 03:00\n    caption: {json.dumps(published['caption'])}\n",
    )
    ran = coach(
        "lint",
        "plan.yaml",
        "--history",
        bakery,
        *TODAY,
        "--timezone",
        "Europe/Copenhagen",
        "--select",
        "T601",
        "--select",
        "C005",
        "--format",
        "concise",
        "-q",
    )
    assert codes(ran) == ["T601", "C005"]
    assert "03:00 is outside the hours when your audience is most active" in ran.out
    assert f"the same caption as {published['post_id']}" in ran.out
    assert (
        codes(coach("lint", "plan.yaml", *TODAY, "--select", "T601", "--select", "C005", "--format", "concise", "-q"))
        == []
    )


@pytest.mark.parametrize("beside", [(), ("posts.csv",)])
def test_a_plan_among_the_published_posts_is_not_compared_with_itself(
    coach: Coach, plan: Path, tmp_path: Path, beside: tuple[str, ...]
) -> None:
    put(tmp_path / "posts.csv", "post_id,posted_at,caption,views\np1,2026-11-01T09:00Z,Buns,900\n")
    history = [word for name in ("plans", *beside) for word in ("--history", name)]
    assert concise(coach, *history, "--select", "C") == concise(coach, "--select", "C")


def test_trends_are_taken_from_a_file(coach: Coach, plan: Path, tmp_path: Path) -> None:
    put(tmp_path / "trends.yaml", "lists:\n  - {as_of: 2026-11-30, window_days: 7, searches: [brunsviger]}\n")
    assert concise(coach, "--select", "T801") == []
    assert concise(coach, "--select", "T801", "--trends", "trends.yaml") == ["T801", "T801"]


def test_search_words_that_a_post_leaves_out_are_named_where_the_plan_has_them(coach: Coach, tmp_path: Path) -> None:
    posts = (
        '{caption: "Buns #fyp", publish_at: 2026-12-01, keywords: [rye bread, "buns"]}',
        '{caption: "New #fyp", publish_at: 2026-12-02, keywords: rye bread, opening_text: none}',
        '{caption: "New #RyeBread", publish_at: 2026-12-03, keywords: rye bread}',
        '{caption: "New", publish_at: 2026-12-04, keywords: rye bread, opening_text: "RYE BREAD in 3 days"}',
        "{publish_at: 2026-12-05, keywords: rye bread}",
    )
    put(tmp_path / "p.yaml", "posts:\n" + "".join(f"  - {post}\n" for post in posts))
    ran = coach("lint", "p.yaml", *TODAY, "--select", "T812", "--select", "T813", "--format", "concise", "-q")
    first, second = ran.out.splitlines()
    assert first == "p.yaml:2:62: T813 caption and hashtags leave out “rye bread” (hint)"
    assert second.startswith("p.yaml:3:61: T812 caption, hashtags and the words of the first second say none of")
    assert second.endswith("search words: “rye bread” (warning)")


def test_topics_that_people_search_for_are_hashtags_without_spaces(coach: Coach, tmp_path: Path) -> None:
    put(
        tmp_path / "p.yaml",
        "posts:\n  - {caption: '#RyeBread', publish_at: 2026-12-01}\n  - {caption: '#x', publish_at: 2026-12-02}\n",
    )
    put(tmp_path / "topics-2026-11-30.csv", "Topic,Search popularity\nbuns,8%\nrye bread,66%\n")
    select = ("--select", "T801", "--trends", "topics-2026-11-30.csv", "-q")
    assert coach("lint", "p.yaml", *TODAY, *select, "--format", "concise").out.count("T801") == 1
    assert "such as #ryebread, #buns." in coach("lint", "p.yaml", *TODAY, *select).out


def test_what_is_wrong_with_the_account_is_placed_where_it_is_said(coach: Coach, plan: Path, tmp_path: Path) -> None:
    select = ("--select", "T101", "--format", "concise", "-q")
    put(tmp_path / "tiktok-coach.yaml", "account:\n  type: personal\n")
    assert coach("lint", "plans", *TODAY, *select).out.startswith("tiktok-coach.yaml:2:9: T101 ")
    plan.write_text(PLAN.replace("{handle:", "{type: personal, handle:"), "utf-8")
    assert coach("lint", "plans", *TODAY, *select).out.startswith("plans/plan.yaml:1:17: T101 ")
    (tmp_path / "tiktok-coach.yaml").unlink()
    put(tmp_path / "pyproject.toml", "[tool.tiktok-coach.account]\ntype = 'personal'\n")
    plan.write_text(PLAN.partition("\n")[2], "utf-8")
    assert coach("lint", "plans", *TODAY, *select).out.startswith("plans/plan.yaml:1:1: T101 ")


def test_posts_without_a_caption_are_counted(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "plan.yaml", "posts:\n  - {publish_at: 2026-12-01, caption: ' '}\n  - {publish_at: 2026-12-05}\n")
    ran = coach("lint", "plan.yaml", *TODAY, "--select", "T3")
    assert ran.out == "No problems in 2 planned posts of 1 file; 2 have no caption yet.\n"


def test_diff_says_when_nothing_would_change(coach: Coach, plan: Path) -> None:
    ran = coach("lint", "plans", *TODAY, "--diff")
    assert (ran.code, ran.out, ran.err) == (0, "", "note: --fix would change nothing\n")
    assert coach("lint", "plans", *TODAY, "--diff", "-q").err == ""
    plan.write_text(PLAN.replace("Rye bread", "Rye  bread"), "utf-8")
    assert "would change nothing" not in coach("lint", "plans", *TODAY, "--diff").err


def test_today_moves_what_is_past(coach: Coach, plan: Path) -> None:
    select = ("--select", "C001", "--format", "concise", "-q")
    assert codes(coach("lint", "plans", "--today", "2026-12-01", *select)) == []
    assert codes(coach("lint", "plans", "--today", "2026-12-02", *select)) == ["C001"]
    assert codes(coach("lint", "plans", "--today", "2026-12-03", *select)) == ["C001", "C001"]


def test_a_lint_of_plans_alone_needs_no_pandas(plan: Path) -> None:
    code = (
        f"import sys; from tiktok_coach.cli.app import run; run(['lint', {str(plan)!r}]); "
        "print('pandas' in sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.strip().endswith("False")


def test_colours_are_for_terminals_alone(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import contextlib

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR")
    terminal = Terminal()
    with contextlib.redirect_stdout(terminal), contextlib.redirect_stderr(io.StringIO()):
        run(["lint", str(plan), *TODAY, "--select", "T301"])
    assert "\x1b[1;31m(error T301)\x1b[0m" in terminal.getvalue()


@pytest.mark.parametrize(("forced", "refused", "coloured"), [("1", "", True), ("", "", False), ("1", "1", False)])
def test_colours_can_be_asked_for_where_there_is_no_terminal(
    coach: Coach, plan: Path, monkeypatch: pytest.MonkeyPatch, forced: str, refused: str, coloured: bool
) -> None:
    monkeypatch.setenv("FORCE_COLOR", forced)
    monkeypatch.setenv("NO_COLOR", refused)
    assert ("\x1b[" in coach("lint", plan, *TODAY, "--select", "T301").out) is coloured
    assert "\x1b[" not in coach("lint", plan, *TODAY, "--select", "T301", "--format", "json").out


def test_the_schemas_of_the_package_are_those_of_the_code_and_hold_its_own_files(coach: Coach, tmp_path: Path) -> None:
    import jsonschema

    from tiktok_coach.cli.schema import KINDS
    from tiktok_coach.core.documents.document import read_yaml

    shipped = Path(__file__).parents[2] / "tiktok_coach" / "schemas"
    for kind in KINDS:
        text = coach("schema", kind).out
        assert text == (shipped / f"{kind}.schema.json").read_text("utf-8")
        jsonschema.Draft202012Validator.check_schema(json.loads(text))
    coach("init", *TODAY)
    text = (tmp_path / "plans/plan.yaml").read_text("utf-8")
    validator = jsonschema.Draft202012Validator(json.loads(coach("schema", "plan").out))
    assert list(validator.iter_errors(read_yaml(text, "p").value)) == []
    plan = read_yaml(without_hashes(text), "p").value
    assert list(validator.iter_errors(plan)) == []
    plan["posts"][0]["captoin"] = "x"
    assert list(validator.iter_errors(plan))
    config = read_yaml((tmp_path / "tiktok-coach.yaml").read_text("utf-8"), "c").value
    jsonschema.validate(config, json.loads(coach("schema", "config").out))
    assert "the schema 'x' is not known" in coach("schema", "x").err


def test_a_calendar_is_drafted_in_the_audiences_hours(coach: Coach, bakery: Path, tmp_path: Path) -> None:
    options = ("plan", "new", "--history", bakery, *TODAY, "--slots", "5", "--per-day", "2")
    ran = coach(*options)
    assert ran.out == coach(*options).out
    times = re.findall(r"publish_at: (\S+)", ran.out)
    assert len(times) == 5
    assert times[0].startswith("2026-11-25T")
    put(tmp_path / "draft.yaml", ran.out)
    assert (
        codes(
            coach(
                "lint",
                "draft.yaml",
                "--history",
                bakery,
                *TODAY,
                "--select",
                "T601",
                "--select",
                "T604",
                "--format",
                "concise",
            )
        )
        == []
    )
    assert coach(*options, "-o", "a.ics").code == 0
    events = (tmp_path / "a.ics").read_text("utf-8")
    assert events.count("BEGIN:VEVENT") == 5
    coach(*options, "-o", "b.ics")
    assert (tmp_path / "b.ics").read_text("utf-8") == events


def test_a_draft_passes_over_times_that_the_clocks_skip(coach: Coach) -> None:
    ran = coach(
        "plan", "new", "--hours", "2", "--timezone", "Europe/Copenhagen", "--start", "2027-03-27", "--slots", "2"
    )
    assert re.findall(r"publish_at: (\S+)", ran.out) == ["2027-03-27T02:00:00+01:00", "2027-03-29T02:00:00+02:00"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "the account's timezone is not known; say --timezone"),
        (("--timezone", "UTC"), "nothing tells the audience's hours; give --history, or --hours 18,20"),
        (("--timezone", "UTC", "--hours", "25"), "--hours '25' are no hours"),
        (("--timezone", "UTC", "--hours", "18,19", "--per-day", "2"), "no 2 of the hours 18-20 lie 2 h apart"),
        (
            ("--timezone", "UTC", "--hours", "18", "-o", "a.txt"),
            "a.txt: its ending names no format that can be written here; end the name in .yaml, .yml, .ics",
        ),
        (("--timezone", "UTC", "--history", "posts.csv"), "not enough data to tell the hours of the audience"),
    ],
)
def test_a_draft_that_cannot_be_made_is_one_line(
    coach: Coach, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    put(tmp_path / "posts.csv", "post_id,views,posted_at,account\n1,5,2026-11-01,b\n")
    ran = coach("plan", "new", *options)
    assert ran.code == 2
    assert message in ran.err


def test_lints_own_findings_are_explained_too(coach: Coach) -> None:
    assert "hide the next problem of its kind" in coach("rules", "L001").out
    assert json.loads(coach("rules", "unknown-code", "--format", "json").out)["code"] == "L002"
    for code, where in {
        "L001": "in comments such as # coach: ignore[T401] reason.",
        "L101": "in the videos that --media names.",
        "L102": "where a plan names video files; where none of several is there it is a hint.",
    }.items():
        assert f"Severity: warning. lint looks for it {where}" in " ".join(coach("rules", code).out.split())
    assert "lint --fix (trim-spaces)" in coach("rules", "C009").out


def test_help_shows_examples(coach: Coach) -> None:
    for command in (("lint",), ("init",), ("schema",), ("plan", "new")):
        assert "Examples:" in coach(*command, "--help").out


def test_a_config_for_an_account_that_no_plan_is_of_is_named(coach: Coach, plan: Path, tmp_path: Path) -> None:
    put(tmp_path / "tiktok-coach.yaml", "account: {handle: '@BagerIET', type: business}\n")
    assert "is not used" not in coach("lint", "plans", *TODAY).err
    put(tmp_path / "tiktok-coach.yaml", "account: {handle: miller, type: business}\n")
    assert (
        "what it says about the account 'miller' is not used: the files are of bageriet"
        in coach("lint", "plans", *TODAY).err
    )
