"""What cannot be read is one clear line and exit code 2, and everything else is linted all the same."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Ran
from tests.core.test_documents import BOMB
from tests.writing import put
from tiktok_coach.plans import load

Coach = Callable[..., Ran]
GOOD = 'posts:\n  - {id: good, publish_at: "2026-12-01T18:30:00Z", caption: "Nothing is asked #rye"}\n'
SELECT = ("--today", "2026-11-24", "--select", "T403")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.yaml", "posts: [\n", "a.yaml:2:1: not valid YAML"),
        ("a.yaml", "posts:\n\t- id: x\n", "a.yaml:2:1: not valid YAML"),
        (
            "a.yaml",
            "posts:\n  - id: x\n    caption: a\n    caption: b\n",
            "a.yaml:4:5: not valid YAML: the key 'caption' comes twice",
        ),
        ("a.yaml", "posts:\n" + BOMB, "aliases expand to too many values"),
        ("a.yaml", "posts: &x\n  - caption: a\n    video: *x\n", "aliases expand to too many values"),
        ("a.yaml", "posts:\n  - caption: *nobody\n", "a.yaml:2:14: not valid YAML: found undefined alias 'nobody'"),
        ("a.yaml", "posts:\n  - caption: " + "x" * 10_000_000 + "\n", "a.yaml:2:14: a text of 10,000,000 characters"),
        ("a.yaml", b"posts:\n  - caption: br\xf8d\n", "a.yaml:2:16: not UTF-8 text; save it as UTF-8"),
        ("a.yaml", b"posts:\n  - caption: a\x00b\n", "a.yaml:2: has a NUL byte"),
        ("a.yaml", "posts:\n  - caption: a\n---\nposts: []\n", "a.yaml:3:1: not valid YAML: a second document begins"),
        ("a.yaml", "posts: {a: 1}\n", "a.yaml:1:8: posts must be a list of posts; begin each with a dash"),
        ("a.yaml", "posts:\n  - caption: a\n  - oops\n", "a.yaml:3:5: post 2 is not a mapping of facts"),
        ("a.yaml", "posts:\n  - caption: [a]\n", "a.yaml:2:14: caption takes one value"),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    hashtags: [{a: 1}]\n",
            "a.yaml:3:15: hashtags takes one value, or a list of them",
        ),
        ("a.yaml", "posts:\n  - caption: a\n    video: 7\n", "a.yaml:3:12: video must have facts, such as"),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    video: {duration_s: long}\n",
            "a.yaml:3:25: video.duration_s 'long' is not a number",
        ),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    video: {duration_s: -4}\n",
            "a.yaml:3:25: video.duration_s '-4' is outside 0-36000",
        ),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    video: {photos: 1.5}\n",
            "a.yaml:3:21: photos '1.5' is not a count; write their files, such as [a.jpg, b.jpg], or how many",
        ),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    video: {bpm: " + "9" * 350 + "}\n",
            "video.bpm '9999999999999999999999999999999999999999'… is not a number",
        ),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    engagement: {duet: maybe}\n",
            "a.yaml:3:24: engagement.duet 'maybe' is not yes or no",
        ),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    video: {opening_emotion: meh}\n",
            "video.opening_emotion 'meh' is not one of surprise, joy",
        ),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    publish_at: someday\n",
            "a.yaml:3:17: publish_at 'someday' is not a time",
        ),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    publish_at: 2026-13-45 10:00\n",
            "publish_at '2026-13-45 10:00' is not a time",
        ),
        (
            "a.yaml",
            "posts:\n  - caption: a\n    captoin: b\n",
            "a.yaml:3:5: a planned post has no key 'captoin'; did you mean caption?",
        ),
        (
            "a.yaml",
            "account: {timezone: Mars}\nposts:\n  - caption: a\n",
            "a.yaml:1:21: account: timezone: 'Mars' is not a timezone",
        ),
        ("a.yaml", "plan: 3\naccount: {}\nposts:\n  - caption: a\n", "a.yaml:1:1: a plan has no key 'plan'"),
        ("a.yaml", "defaults: 3\nposts:\n  - caption: a\n", "a.yaml:1:11: defaults must be facts of a post"),
        ("a.json", '{"posts": [{"caption": "a"}', "a.json:1:28: not valid JSON"),
        ("a.json", '{"caption": "a", "caption": "b"}', "a.json: not valid JSON: the key 'caption' comes twice"),
        ("a.json", "[" * 100_000, "a.json: not valid JSON"),
        ("a.json", '{\n "posts": []\n}\nx', "a.json:4:1: not valid JSON: Extra data"),
        ("a.json", '{"caption": "a"}\n\n{"caption": }\n', "a.json:3:13: not valid JSON: Expecting value"),
        # What merges in YAML is a key like others here.
        ("a.json", '{"posts": [{"caption": "a",\n "<<": {"a": 1}}]}', "a.json:2:2: a planned post has no key '<<'"),
        ("a.md", "---\ncaption: [a\n---\n", "a.md:3:1: not valid YAML"),
        ("a.csv", 'publish_at,caption\n2026-12-01 10:00,"a\n', "a.csv:2:18: a quotation mark is not closed"),
        ("a.csv", "publish_at,caption,sound\n2026-12-01 10:00,a,b,c,d\n", "a.csv:2:1: 5 fields where the header has 3"),
        (
            "a.csv",
            "publish_at,caption,duration_s\n2026-12-01 10:00,a,long\n",
            "a.csv:2:20: video.duration_s 'long' is not a number",
        ),
        ("a.xlsx", b"PK\x03\x04nothing", "a.xlsx: the workbook cannot be read; save it again"),
    ],
)
def test_a_faulty_file_is_one_line_and_the_others_are_linted(
    coach: Coach, tmp_path: Path, name: str, content: Any, message: str
) -> None:
    put(tmp_path / name, content)
    put(tmp_path / "good.yaml", GOOD)
    ran = coach("lint", ".", *SELECT, "--format", "json", "--timezone", "UTC")
    assert ran.code == 2
    errors = [line for line in ran.err.splitlines() if line.startswith("error:")]
    assert len(errors) == 1, ran.err
    assert message in errors[0]
    assert "Traceback" not in ran.err
    result = json.loads(ran.out)
    assert "good" in {f["post_id"] for f in result["findings"]}
    assert [p["file"] for p in result["problems"]] == [name]


def test_paths_that_cannot_be_used(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "good.yaml", GOOD)
    put(tmp_path / "notes.yaml", "a: 1\n")
    ran = coach("lint", "good.yaml", "nowhere.yaml", "notes.yaml", *SELECT)
    assert ran.code == 2
    assert "error: nowhere.yaml: no such file or folder" in ran.err
    assert "error: notes.yaml: isn't a plan: it has neither posts nor caption or publish_at" in ran.err
    assert "good.yaml:2:" in ran.out
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "up").symlink_to(tmp_path)
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    ran = coach("lint", ".", *SELECT)
    assert ran.code == 2
    assert "folder/up: a link that leads back to a folder above it; remove it" in ran.err
    assert "loop.yaml: cannot be read" in ran.err
    assert "good.yaml:2:" in ran.out

    real = os.scandir

    def refused(path: Any) -> Any:
        if str(path).endswith("folder"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(load.os, "scandir", refused)
    ran = coach("lint", ".", *SELECT)
    assert "error: folder: cannot be read (Permission denied)" in ran.err
    assert "good.yaml:2:" in ran.out


EXPORT = "Content.csv: is an export, not a plan; left out; `tiktok-coach audit` reads it"
NO_PLAN = "error: no plan found; `tiktok-coach init` writes an example; with --allow-empty this is no error\n"


def test_where_no_plan_is_found_a_lint_is_not_green(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "plans/Content.csv", "post_id,caption,posted_at,views\n1,Rye,2026-11-01,90\n")
    put(tmp_path / "plans/README.md", "# Hello\n")
    put(tmp_path / "plans/december.yaml", "indlæg:\n  - {tekst: Rugbrød}\n")
    ran = coach("lint", "plans", "--verbose")
    assert (ran.code, ran.out) == (2, "No plan was read.\n")
    assert NO_PLAN.replace("no plan", "plans: no plan") in ran.err
    assert f"note: plans/{EXPORT}" in ran.err
    assert "note: plans/README.md: isn't a plan: no front matter begins it; left out" in ran.err
    assert "warning: plans/december.yaml: isn't a plan: it has neither posts nor caption or publish_at" in ran.err
    ran = coach("lint", "plans", "--allow-empty")
    assert (ran.code, "no plan found" in ran.err, "plans/december.yaml" in ran.err) == (0, False, True)
    assert [p["problem"] for p in json.loads(coach("lint", "plans", "--format", "json").out)["problems"]] == [
        "no plan found"
    ]
    # Beside a project's other files no plan is worth a warning, and none is found all the same.
    monkeypatch.chdir(tmp_path / "plans")
    ran = coach("lint")
    assert (ran.code, "warning" in ran.err, NO_PLAN in ran.err) == (2, False, True)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "posts.csv",
            "post_id,caption,posted_at,views\n1,Rye,2026-11-01,90\n",
            "is an export, not a plan; `tiktok-coach audit` reads it",
        ),
        ("page.har", '{"log": {"entries": []}}', "is a browser's save, not a plan; `tiktok-coach capture plan` writes"),
        ("trends.yaml", "lists: [{as_of: 2026-11-30, searches: [rye]}]\n", "has current trends, not a plan; --trends"),
        ("own.csv", "post_id,hook_s\n1,2\n", "has notes on published posts, not a plan; `tiktok-coach audit` reads"),
        ("a.zip", "PK", "is a ZIP, not a plan; unzip it"),
        ("empty.yaml", "", "isn't a plan: it is empty"),
        ("plan.yaml", "a: 1\npsots: 2\n", "2:1: isn't a plan: 'psots' is no key of one; did you mean posts?"),
        ("plan.md", "---\ncaptoin: Rye\n---\n", "2:1: isn't a plan: 'captoin' is no key of one; did you mean caption?"),
        ("plan.md", "---\ntags: [rye]\n---\n", "isn't a plan: its front matter has neither caption nor publish_at"),
        ("plan.csv", "Idea,Owner\nRye,Ann\n", "isn't a plan I can read: no column seems to have"),
    ],
)
def test_a_file_that_is_named_and_is_no_plan_says_what_it_is_instead(
    coach: Coach, tmp_path: Path, name: str, text: str, reason: str
) -> None:
    put(tmp_path / name, text)
    ran = coach("lint", name)
    assert (ran.code, ran.err.startswith(f"error: {name}:"), reason in ran.err) == (2, True, True), ran.err


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LEAF = TEXT | st.integers() | st.floats() | st.booleans() | st.none()
KEYS = st.sampled_from(["id", "caption", "publish_at", "hashtags", "video", "sound", "engagement", "kind", "x"]) | TEXT
VALUE = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(KEYS, VALUE, max_size=5), min_size=1, max_size=4), st.sampled_from(["text", "sarif"]))
def test_no_plan_makes_it_fail_otherwise(coach: Coach, tmp_path: Path, posts: list[dict[str, Any]], name: str) -> None:
    put(tmp_path / "plan.json", json.dumps({"posts": posts, "account": {"timezone": "UTC"}}))
    ran = coach("lint", "plan.json", "--today", "2026-11-24", "--format", name)
    assert ran.code in {0, 1, 2}
    assert "this is a fault of tiktok-coach" not in ran.err
    assert "\x1b" not in ran.out
    # Every place is one that the file has.
    lines = (tmp_path / "plan.json").read_text("utf-8").split("\n")
    told = json.loads(coach("lint", "plan.json", "--today", "2026-11-24", "--format", "json").out)
    for finding in told["findings"]:
        assert 1 <= finding["column"] <= len(lines[finding["line"] - 1]) + 1
