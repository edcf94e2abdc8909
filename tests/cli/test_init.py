"""What `init` writes: a calendar that counts nothing until it is edited, and a workflow that can be trusted."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import Ran
from tests.writing import content, content_row, put, without_hashes
from tiktok_coach.cli.init import installed_from
from tiktok_coach.core.documents.document import read_yaml

Coach = Callable[..., Ran]
TODAY = ("--today", "2026-11-24")
WORKFLOW = ".github/workflows/content-calendar.yaml"


def come_from(monkeypatch: pytest.MonkeyPatch, origin: object) -> None:
    """Let this tool be installed from an origin as pip notes it, or by its name from an index for None."""
    text = None if origin is None else json.dumps(origin)
    own = SimpleNamespace(version="1.2.3", read_text=lambda _name: text)
    monkeypatch.setattr("importlib.metadata.distribution", lambda _name: own)


def test_the_next_step_works_as_it_is_printed(coach: Coach) -> None:
    ran = coach("init", "my calendar", *TODAY)
    assert ran.err.splitlines()[-1] == 'Now try: tiktok-coach lint "my calendar/plans"'
    lint = coach("lint", "my calendar/plans")
    assert (lint.code, lint.out) == (0, "No posts are planned yet in 1 file.\n")


def test_nothing_counts_before_it_is_edited(coach: Coach, tmp_path: Path) -> None:
    coach("init", *TODAY)
    put(tmp_path / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    audit = json.loads(coach("audit", ".", *TODAY, "--json").out)
    assert audit["account"]["handle"] == "baker"
    assert audit["account"]["type"] is None
    assert [post["caption"] for post in audit["posts"]] == ["Rye bread #baking"]


def test_the_samples_are_posts_once_the_hashes_are_gone(coach: Coach, tmp_path: Path) -> None:
    coach("init", *TODAY)
    plan = tmp_path / "plans" / "plan.yaml"
    plan.write_text(without_hashes(plan.read_text("utf-8")), "utf-8")
    assert "3 planned posts of 1 file" in coach("lint", "plans", *TODAY, "--ignore", "T204").out


def test_what_it_wrote_is_renewed_and_what_a_person_wrote_is_kept(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "tiktok-coach.yaml", "ignore: [T204]\n")
    ran = coach("init", *TODAY)
    assert ran.code == 0
    assert "kept   tiktok-coach.yaml" in ran.out
    assert "wrote" not in coach("init", *TODAY).out
    assert "wrote  plans/plan.yaml" in coach("init", "--today", "2026-11-25").out.replace("\\", "/")
    assert (tmp_path / "tiktok-coach.yaml").read_text("utf-8") == "ignore: [T204]\n"
    assert "wrote  tiktok-coach.yaml" in coach("init", *TODAY, "--force").out
    assert "is a file" in coach("init", "tiktok-coach.yaml").err
    assert "not a timezone" in coach("init", "--timezone", "Mars").err


def test_the_timezone_is_that_of_the_computer_or_left_open(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for zone, known in (("America/Lima", "America/Lima"), ("Etc/UTC", None)):
        monkeypatch.setattr("tzlocal.get_localzone_name", lambda zone=zone: zone)
        coach("init", *TODAY)
        config = read_yaml((tmp_path / "tiktok-coach.yaml").read_text("utf-8"), "c").value
        assert config["account"] == {"timezone": known}


@pytest.mark.parametrize(
    ("origin", "requirement"),
    [
        (None, "tiktok-coach==1.2.3"),
        (
            {"url": "https://example.org/coach", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            "tiktok-coach @ git+https://example.org/coach@abc",
        ),
        ({"url": "https://example.org/c.whl", "archive_info": {}}, "tiktok-coach @ https://example.org/c.whl"),
        ({"url": "file:///home/me/coach", "dir_info": {}}, None),
    ],
)
def test_the_workflow_installs_what_this_machine_has(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: object, requirement: str | None
) -> None:
    come_from(monkeypatch, origin)
    ran = coach("init", *TODAY)
    job = read_yaml((tmp_path / WORKFLOW).read_text("utf-8"), "w").value["jobs"]["lint"]
    if requirement is None:
        assert "The workflow runs once the repository's variable TIKTOK_COACH says" in ran.err
        assert (job["if"], job["env"]) == ("vars.TIKTOK_COACH != ''", {"TIKTOK_COACH": "${{ vars.TIKTOK_COACH }}"})
    else:
        assert "TIKTOK_COACH" not in ran.err
        assert ("if" in job, job["env"]) == (False, {"TIKTOK_COACH": requirement})


def test_a_copy_that_is_not_installed_names_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    def distribution(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.distribution", distribution)
    assert installed_from() is None


@pytest.mark.parametrize("origin", [None, {"url": "file:///home/me/coach", "dir_info": {}}])
@pytest.mark.parametrize("checker", [("zizmor", "--offline", "--no-config"), ("actionlint", "-shellcheck=")])
def test_the_workflow_passes_the_checkers_of_workflows(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checker: tuple[str, ...], origin: object
) -> None:
    come_from(monkeypatch, origin)
    coach("init", *TODAY)
    name, *options = checker
    command = [Path(sys.executable).with_name(name), *options, tmp_path / WORKFLOW]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
