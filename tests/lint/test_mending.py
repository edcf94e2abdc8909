"""--fix mends what it says, changes nothing else, and has nothing left to do when it runs again."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.linter.fixes import changed, needless_spaces, plain_hashtags, repeated_hashtags

Coach = Callable[..., Ran]
TODAY = ("--today", "2026-11-24")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("p.yaml", 'posts:\n  - caption: "Rye #a #b #A"   # why\n', 'posts:\n  - caption: "Rye #a #b"   # why\n'),
        ("p.yaml", "posts:\n  - caption: ' It''s  rye #a#b '\n", "posts:\n  - caption: 'It''s rye #a #b'\n"),
        ("p.yaml", "posts:\n  - caption: 'rye ＃a and %23b'  # c\n", "posts:\n  - caption: 'rye #a and #b'  # c\n"),
        ("p.yaml", 'posts:\n  - caption: "Rye\\u0020\\u0020#a"\n', 'posts:\n  - caption: "Rye #a"\n'),
        (
            "p.yaml",
            "defaults: {caption: 'Rye  #a'}\nposts:\n  - id: a\n",
            "defaults: {caption: 'Rye #a'}\nposts:\n  - id: a\n",
        ),
        (
            "p.yaml",
            "posts:\n  - caption: >-\n      Rye  #a\n      and #a\n\n    # kept\n",
            "posts:\n  - caption: >-\n      Rye #a\n      and\n\n    # kept\n",
        ),
        (
            "p.yaml",
            "posts:\n  - caption: |\n      Rye \n      #a #a\n",
            "posts:\n  - caption: |\n      Rye\n      #a\n",
        ),
        (
            "p.yaml",
            "posts:\n  - caption: x\n    hashtags: [a, b, 'A' , c]\n",
            "posts:\n  - caption: x\n    hashtags: [a, b , c]\n",
        ),
        (
            "p.yaml",
            "posts:\n  - caption: x\n    hashtags:\n      - a\n      - a\n      - b # c\n",
            "posts:\n  - caption: x\n    hashtags:\n      - a\n      - b # c\n",
        ),
        (
            "p.yaml",
            "posts:\n  - caption: x\n    hashtags: ['cottage core', \"rye bread\"]\n",
            "posts:\n  - caption: x\n    hashtags: ['cottagecore', \"ryebread\"]\n",
        ),
        (
            "p.yaml",
            "posts:\n  - caption: x\n    hashtags: '#a #b #a'\n",
            "posts:\n  - caption: x\n    hashtags: '#a #b'\n",
        ),
        ("p.md", "---\ncaption: 'Rye  #a'\n---\nRye  #a #a\n", "---\ncaption: 'Rye #a'\n---\nRye  #a #a\n"),
        ("p.csv", 'publish_at,caption\r\n,"Say ""rye""  #a, #a"\r\n', 'publish_at,caption\r\n,"Say ""rye"" #a,"\r\n'),
        ("p.json", '{"posts": [{"caption": "Rye  #a"}]}', '{"posts": [{"caption": "Rye #a"}]}'),
        ("p.yaml", "\ufeffposts:\n  - caption: 'Rye  #a'\n", "\ufeffposts:\n  - caption: 'Rye #a'\n"),
    ],
)
def test_what_is_mended(coach: Coach, tmp_path: Path, name: str, before: str, after: str) -> None:
    file = put(tmp_path / name, before.encode())
    told = coach("lint", name, *TODAY, "--diff", "-q")
    assert told.code == 1
    assert told.out.startswith(f"--- {name}\n+++ {name}\n@@ ")
    assert file.read_bytes() == before.encode()
    ran = coach("lint", name, *TODAY, "--fix")
    assert re.search(r"note: fixed \d problems? in 1 file", ran.err), ran.err
    assert file.read_bytes() == after.encode()
    again = coach("lint", name, *TODAY, "--fix")
    assert "fixed" not in again.err
    assert file.read_bytes() == after.encode()
    assert coach("lint", name, *TODAY, "--diff").out == ""


@pytest.mark.parametrize(
    "text",
    [
        "posts:\n  - caption: &c 'Rye  #a'\n  - caption: *c\n",
        # Without quotes a # after a space would begin a comment.
        "posts:\n  - caption: rye ＃a and %23b\n",
        'posts:\n  - caption: "R\\u0079e #a #\\u0061"\n',
        "posts:\n  - caption: x\n    hashtags:\n      - a\n      - a # the comment\n",
        "defaults: {caption: 'Rye  #a'}\nposts:\n  - id: a\n  - id: b\n",
        "posts:\n  - caption: x\n    hashtags: '#cottage core'\n",
    ],
)
def test_what_cannot_be_mended_safely_is_left_alone(coach: Coach, tmp_path: Path, text: str) -> None:
    file = put(tmp_path / "p.yaml", text)
    codes = {f["code"] for f in json.loads(coach("lint", "p.yaml", *TODAY, "--format", "json").out)["findings"]}
    assert codes & {"C009", "T809", "C007", "C008"}
    coach("lint", "p.yaml", *TODAY, "--fix")
    assert file.read_text("utf-8") == text


def test_a_file_keeps_its_mode_and_one_in_another_encoding_is_left_alone(coach: Coach, tmp_path: Path) -> None:
    file = put(tmp_path / "p.yaml", "posts:\n  - caption: 'Rye  #a'\n")
    file.chmod(0o640)
    coach("lint", "p.yaml", *TODAY, "--fix")
    assert file.stat().st_mode & 0o777 == 0o640
    windows = put(tmp_path / "w.csv", "publish_at,caption\n,Brød  #a\n".encode("cp1252"))
    coach("lint", "w.csv", *TODAY, "--fix")
    assert windows.read_bytes() == "publish_at,caption\n,Brød  #a\n".encode("cp1252")
    wide = put(tmp_path / "u.yaml", "\ufeffposts:\n  - caption: 'Rye  #a'\n".encode("utf-16-le"))
    coach("lint", "u.yaml", *TODAY, "--fix")
    assert wide.read_bytes() == "\ufeffposts:\n  - caption: 'Rye #a'\n".encode("utf-16-le")


HOURS = '\ufeff"Date","Hour","Active followers"\n' + "\n".join(
    f'"November 20","{hour}","{90 if hour in (7, 12, 17, 18, 19, 20, 21, 22) else 3}"' for hour in range(24)
)


def test_slots_are_moved_into_active_hours_when_asked(coach: Coach, tmp_path: Path) -> None:
    from tests.writing import content, content_row

    put(tmp_path / "export/Content.csv", content([content_row("2026-11-10T10:00:00", "2026-11-10", "2026-11-22")]))
    put(tmp_path / "export/FollowerActivity.csv", HOURS)
    text = (
        "account: {handle: baker, timezone: Europe/Copenhagen}\nposts:\n"
        "  - {id: a, caption: x, publish_at: 2026-12-01 03:15}   # early\n"
        "  - {id: b, caption: y, publish_at: '2026-12-01T15:00:00+01:00'}\n"
        "  - {id: c, caption: z, publish_at: 2026-12-01T14:00:00Z}\n"
        "  - {id: d, caption: z, publish_at: 2026-12-01 20:00}\n"
    )
    file = put(tmp_path / "plan.yaml", text)
    options = ("--history", "export", *TODAY, "--select", "T6")
    assert coach("lint", "plan.yaml", *options, "--diff", "-q").out == ""
    ran = coach("lint", "plan.yaml", *options, "--fix", "--move-slots", "-q")
    moved = file.read_text("utf-8")
    assert moved == (
        "account: {handle: baker, timezone: Europe/Copenhagen}\nposts:\n"
        "  - {id: a, caption: x, publish_at: 2026-12-01 07:15}   # early\n"
        "  - {id: b, caption: y, publish_at: '2026-12-01T17:00:00+01:00'}\n"
        "  - {id: c, caption: z, publish_at: 2026-12-01T11:00:00Z}\n"
        "  - {id: d, caption: z, publish_at: 2026-12-01 20:00}\n"
    )
    assert "T601" not in ran.out
    coach("lint", "plan.yaml", *options, "--fix", "--move-slots", "-q")
    assert file.read_text("utf-8") == moved


@pytest.mark.parametrize(("now", "moved"), [("06:00", "07:15"), ("07:16", "12:15"), ("22:30", "03:15")])
def test_no_slot_is_moved_into_the_past_of_the_same_day(tmp_path: Path, now: str, moved: str) -> None:
    from tests.writing import content, content_row
    from tiktok_coach.analysis.settings import AnalysisOptions
    from tiktok_coach.linter.run import LintOptions, run_lint

    put(tmp_path / "export/Content.csv", content([content_row("2026-11-10T10:00:00", "2026-11-10", "2026-11-22")]))
    put(tmp_path / "export/FollowerActivity.csv", HOURS)
    plan = put(
        tmp_path / "plan.yaml",
        "account: {handle: baker, timezone: UTC}\nposts:\n  - {id: a, caption: x, publish_at: 2026-12-01 03:15}\n",
    )
    options = AnalysisOptions(
        now=dt.datetime.fromisoformat(f"2026-12-01T{now}:00Z"),
        inputs=(plan,),
        history=(tmp_path / "export",),
        select=("T601",),
    )
    changes = run_lint(options, LintOptions(fix=True, move_slots=True)).changes
    text = next(iter(changes.values())).decode() if changes else plan.read_text("utf-8")
    assert f"2026-12-01 {moved}" in text


def test_a_choice_that_leaves_nothing_to_lint_is_refused(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "p.yaml", "posts:\n  - caption: 'Rye  #a' # coach: ignore[T999]\n")
    for choice, problem in (
        (("--select", "T4", "--ignore", "T4"), "select T4 and ignore T4 leave no rule"),
        (("--select", "T305"), "select T305 leaves no rule on planned posts"),
    ):
        ran = coach("lint", "p.yaml", *TODAY, *choice)
        assert ran.code == 2
        assert problem in ran.err
    assert set(re.findall(r"[A-Z]\d{3}", coach("lint", "p.yaml", "--select", "L002", "--format", "concise").out)) == {
        "L002",
        "T999",
    }


def test_a_whole_calendar_is_moved_at_once(coach: Coach, tmp_path: Path) -> None:
    from tests.writing import content, content_row

    put(tmp_path / "export/Content.csv", content([content_row("2026-11-10T10:00:00", "2026-11-10", "2026-11-22")]))
    put(tmp_path / "export/FollowerActivity.csv", HOURS)
    posts = "".join(f"  - {{id: p{n}, publish_at: 2026-12-{n // 2 + 1:02d} {2 + n % 2}:30}}\n" for n in range(60))
    file = put(tmp_path / "plan.yaml", "account: {handle: baker, timezone: Europe/Copenhagen}\nposts:\n" + posts)
    mending = ("lint", "plan.yaml", "--history", "export", *TODAY, "--select", "T601", "--fix", "--move-slots")
    ran = coach(*mending)
    assert "fixed 60 problems" in ran.err
    moved = file.read_text("utf-8")
    assert sorted(set(re.findall(r"(\d\d):30", moved))) == ["07", "12"]
    assert "mended" not in coach(*mending).err
    assert file.read_text("utf-8") == moved


PIECES = st.lists(
    st.sampled_from(
        ["rye", " ", "  ", "#a", "#A", "#b", "##c", "＃d", "%23e", "\n", "ø🍞", "it's", '"', ":", "- ", "\u00a0"]
    ),
    max_size=9,
).map("".join)
STYLES = ("plain", "single", "double", "folded", "literal")


def written(text: str, style: str) -> str | None:
    """A caption in one of YAML's styles; None where the style cannot hold it."""
    if style == "single" and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    if style == "double":
        return json.dumps(text, ensure_ascii=False)
    if style == "plain" and re.fullmatch(r"[a-zø][\w #＃%'ø🍞]*\w", text) and " #" not in text:
        return text
    if style in {"folded", "literal"} and text.strip() and not text.startswith((" ", "\n")) and "\u00a0" not in text:
        mark = ">" if style == "folded" else "|"
        return f"{mark}-\n" + "\n".join("      " + line for line in text.split("\n"))
    return None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PIECES, st.sampled_from(STYLES), PIECES), min_size=1, max_size=4))
def test_fixing_loses_nothing_and_is_done_at_once(
    coach: Coach, tmp_path: Path, posts: list[tuple[str, str, str]]
) -> None:
    lines, comments = ["# head", "posts:"], ["# head"]
    for number, (caption, style, comment) in enumerate(posts):
        scalar = written(caption, style) or "none"
        block = scalar[0] in "|>"
        remark = "" if block else f"   # {comment.replace(chr(10), ' ')} !"
        comments += [remark, f"# first line {number}", f"    # after {number}\n"]
        lines += [
            f"  - id: p{number}   # first line {number}",
            f"    caption: {scalar}{remark}",
            f"    # after {number}",
        ]
    text = "\n".join(lines) + "\n"
    file = put(tmp_path / "p.yaml", text)
    before = captions(coach)
    mending = ("lint", "p.yaml", *TODAY, "--select", "C0", "--select", "T809", "--fix", "-q")
    coach(*mending)
    mended = file.read_text("utf-8")
    assert [c for c in comments if c not in mended] == []
    after = captions(coach)
    for old, new in zip(before, after, strict=True):
        allowed = {old}
        for _ in range(3):
            allowed |= {changed(t, f(t)) for t in allowed for f in (needless_spaces, plain_hashtags, repeated_hashtags)}
        assert new in allowed
    coach(*mending)
    assert file.read_text("utf-8") == mended


def captions(coach: Coach) -> list[str]:
    from tiktok_coach.core.documents.document import read_yaml

    return [
        post["caption"].removesuffix("\n") for post in read_yaml(Path("p.yaml").read_text("utf-8"), "p").value["posts"]
    ]


@example("#%232")
@given(st.text(st.sampled_from("#＃ab %23\n\u00a0é"), max_size=30))
def test_what_the_words_need_is_needed_once(text: str) -> None:
    for find in (needless_spaces, plain_hashtags, repeated_hashtags):
        once = changed(text, find(text))
        assert changed(once, find(once)) == once
        assert re.sub(r"[\s#＃%23]", "", once) in re.sub(r"[\s#＃%23]", "", text) or find is repeated_hashtags


def test_the_edits_that_json_tells_make_what_fix_makes(coach: Coach, tmp_path: Path) -> None:
    text = "posts:\n  - caption: 'Rye  #a'\n"
    file = put(tmp_path / "p.yaml", text)
    found: list[dict[str, Any]] = json.loads(coach("lint", "p.yaml", *TODAY, "--format", "json").out)["findings"]
    [edit] = next(f["edits"] for f in found if f["code"] == "C009")
    by_hand = text[: edit["start"]] + edit["text"] + text[edit["end"] :]
    coach("lint", "p.yaml", *TODAY, "--fix")
    assert file.read_text("utf-8") == by_hand
