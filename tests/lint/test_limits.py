"""Outputs stay within what those who take them take: the most severe findings are in them, and the rest is counted."""

import json
import random
import re
import string
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tiktok_coach.render.lint import limits

Coach = Callable[..., Ran]
OPTIONS = ("--today", "2026-11-24", "--timezone", "Europe/Copenhagen")
# Of each post an error, as its caption is too long, and two that are worth knowing.
SELECT = ("--select", "T401", "--select", "T403", "--select", "T405")


def calendar(folder: Path, posts: int, text: str = "rugbrød " * 30) -> None:
    rows = ("Date,Time,Platform,Caption", *(f"2026-12-01,18:30,TikTok,{text} {n}" for n in range(posts)))
    (folder / "december.csv").write_text("\n".join(rows) + "\n", "utf-8")


def lint(coach: Coach, output: str, *more: str) -> tuple[str, str, int]:
    Path("tiktok-coach.yaml").write_text("rules: {T401: {severity: error}}\n", "utf-8")
    ran = coach("lint", ".", *OPTIONS, *SELECT, "--format", output, *more)
    return ran.out, ran.err, ran.code


def of_log(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    [run] = json.loads(text)["runs"]
    [invocation] = run["invocations"]
    return run["results"], [n["message"]["text"] for n in invocation["toolExecutionNotifications"]]


def severities(results: list[dict[str, Any]]) -> list[str]:
    return [result["level"] for result in results]


def test_the_published_limits_of_github_are_kept() -> None:
    assert (limits.SARIF_RESULTS, limits.SARIF_RESULTS_SHOWN, limits.SARIF_GZIPPED) == (25_000, 5_000, 10_000_000)


def test_sarif_has_no_more_results_than_github_takes(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SARIF_RESULTS", 50)
    monkeypatch.setattr(limits, "SARIF_RESULTS_SHOWN", 30)
    calendar(tmp_path, 40)
    whole = json.loads(lint(coach, "json")[0])["summary"]
    out, err, code = lint(coach, "sarif")
    results, notifications = of_log(out)
    assert len(results) == 50
    assert severities(results) == ["error"] * 40 + ["note"] * 10
    rest = whole["error"] + whole["warning"] + whole["info"] - 50
    assert [re.findall(r"[\d,]+", text)[0] for text in notifications] == [str(rest), "30"]
    assert notifications[0].startswith(f"{rest} findings are left out, as GitHub takes no more than the 50 most severe")
    assert notifications[1] == "GitHub shows only the 30 most severe; 20 more findings are in the file"
    assert all(text in err for text in notifications)
    assert code == 1
    assert lint(coach, "sarif")[0] == out


def test_sarif_that_fits_is_in_the_order_of_the_files_and_says_nothing(coach: Coach, tmp_path: Path) -> None:
    calendar(tmp_path, 3)
    out, err, _ = lint(coach, "sarif")
    results, notifications = of_log(out)
    lines = [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in results]
    assert lines == sorted(lines)
    assert (notifications, err) == ([], "")


def test_sarif_is_no_larger_gzipped_than_github_takes(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SARIF_GZIPPED", 60_000)
    monkeypatch.setattr(limits, "ROOM", 2_000)
    generator = random.Random(4)
    # A custom id that says nothing twice cannot be made smaller.
    names = ("".join(generator.choices(string.ascii_letters, k=200)) for _ in range(400))
    posts = "".join(f"  - {{id: {name}, caption: {'kringle ' * 30}}}\n" for name in names)
    (tmp_path / "plan.yaml").write_text(f"posts:\n{posts}", "utf-8")
    out, err, _ = lint(coach, "sarif")
    results, notifications = of_log(out)
    size = len(zlib.compress(out.encode()))
    assert 0.8 * 60_000 < size <= 60_000
    assert 100 < len(results) < 1200
    assert "left out" in notifications[0] in err
    assert set(severities(results[:100])) == {"error"}


def test_a_silenced_finding_gives_way_to_one_that_is_not(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SARIF_RESULTS", 3)
    long = "kringle " * 30
    (tmp_path / "plan.yaml").write_text(
        f"posts:\n  - {{id: a, caption: {long}}}  # coach: ignore[T401] on purpose\n  - {{id: b, caption: {long}}}\n",
        "utf-8",
    )
    results, _ = of_log(lint(coach, "sarif")[0])
    assert severities(results) == ["error", "note", "note"]
    assert not any("suppressions" in result for result in results)


def test_a_code_quality_report_is_no_larger_than_gitlab_takes(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CODE_QUALITY_SIZE", 20_000)
    monkeypatch.setattr(limits, "ROOM", 100)
    calendar(tmp_path, 60)
    out, err, code = lint(coach, "gitlab")
    issues = json.loads(out)
    assert 19_000 < len(out.encode()) <= 20_000
    assert [issue["severity"] for issue in issues[:60]] == ["major"] * len(issues[:60])
    assert f"as GitLab takes no more than the {len(issues)} most severe" in err
    assert code == 1


@pytest.mark.parametrize(("limit", "value"), [("JUNIT_CASES", 20), ("JUNIT_SIZE", 8_000), ("JUNIT_OBJECTS", 250)])
def test_a_junit_report_has_no_more_than_gitlab_takes(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(limits, limit, value)
    monkeypatch.setattr(limits, "ROOM", 100)
    # The posts with an error are the last.
    short, long = "Hvad er i brødet?", "rugbrød " * 30
    posts = "".join(f"  - {{id: p{n}, caption: '{long if n >= 70 else short}'}}\n" for n in range(80))
    (tmp_path / "plan.yaml").write_text(f"posts:\n{posts}", "utf-8")
    out, err, code = lint(coach, "junit")
    [suite] = ET.fromstring(out)
    cases = [case.get("name") for case in suite.findall("testcase")]
    assert 10 <= len(cases) < 80
    assert cases[:10] == [f"p{n}" for n in range(70, 80)]
    [warning] = suite.findall("properties/property")
    assert str(warning.get("value")).startswith(f"{80 - len(cases)} posts are left out, as GitLab takes no more than")
    assert str(warning.get("value")) in err
    assert code == 1


def test_faults_of_one_line_are_one_test_case_of_which_gitlab_forgets_none(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("posts:\n  - {id: a, caption: Rye?, bake: 1, oven: 2}\n", "utf-8")
    cases = ET.fromstring(lint(coach, "junit")[0]).findall(".//testcase")
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(set(names)) == len(names)
    assert sum(len(case.findall("error")) for case in cases) >= 1


def test_what_github_shows_at_the_files_is_the_most_severe_and_the_rest_is_in_the_log(
    coach: Coach, tmp_path: Path
) -> None:
    calendar(tmp_path, 12)
    out, err, _ = lint(coach, "github")
    kinds = [line.split(" ")[0] for line in out.splitlines()]
    assert kinds == ["::error"] * 12 + ["::notice"] * (len(kinds) - 12)
    more = (12 - 10) + (len(kinds) - 12 - 10)
    assert f"GitHub shows only 10 of each severity at the files; {more} more findings are in the log" in err


def test_a_message_is_no_longer_than_github_takes(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ANNOTATION_MESSAGE", 40)
    calendar(tmp_path, 1)
    messages = [line.split("::", 2)[2] for line in lint(coach, "github")[0].splitlines()]
    assert all(len(message.replace("%0A", "\n").encode()) <= 40 for message in messages)
    assert any(message.endswith("…") for message in messages)


def test_a_comment_is_no_longer_than_github_takes(coach: Coach, tmp_path: Path) -> None:
    calendar(tmp_path, 900)
    for n in range(900):
        (tmp_path / f"broken-{n}.yaml").write_text("posts: [\n", "utf-8")
    out, _, code = lint(coach, "markdown")
    assert 55_000 < len(out) < 65_000
    rows = re.findall("^\\| [🔴🟡🔵]", out, re.M)
    assert len(rows) > 100
    assert set(rows[:100]) == {"| 🔴"}
    listed = out.count("\n- broken")
    assert f"and {900 - listed} more; the report of the run has them all" in out
    assert code == 2
