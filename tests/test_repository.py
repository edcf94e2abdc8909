"""What the repository offers to others' CI, and to its own: the action, the workflows, the commands that they run."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.core.documents.document import read_yaml

ROOT = Path(__file__).parents[1]
Coach = Callable[..., Ran]
PLAN = """\
account: {handle: "@baker", timezone: Europe/Copenhagen, subcultures: [foodtok]}
posts:
  - {id: one, publish_at: "2027-03-01 18:30", caption: "%s #foodtok"}
"""


def loaded(path: str) -> Any:
    return read_yaml((ROOT / path).read_text("utf-8"), path).value


ACTION = loaded("action.yml")


def lint_step() -> dict[str, Any]:
    [step] = [step for step in ACTION["runs"]["steps"] if step.get("id") == "lint"]
    return dict(step)


def acted(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The action's lint step, run as a runner runs it."""
    given = {name: spec["default"] for name, spec in ACTION["inputs"].items()} | {
        name.replace("_", "-"): value for name, value in inputs.items()
    }
    step = lint_step()
    variables = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], text)
        for name, text in step["env"].items()
    }
    (folder / "temp").mkdir(exist_ok=True)
    surroundings = {
        **os.environ,
        **variables,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(folder / "temp"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


def test_every_input_is_described_and_used() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    for name, spec in ACTION["inputs"].items():
        assert spec["description"].endswith(".")
        assert f"${{{{ inputs.{name} }}}}" in text
    assert "${{ inputs" not in lint_step()["run"], "what is in an input is never run"


@needs_bash
def test_the_action_annotates_summarises_and_writes_sarif(tmp_path: Path) -> None:
    put(tmp_path / "my plans" / "plan.yaml", PLAN % ("x" * 4100))
    ran = acted(tmp_path, path="my plans", fail_on="error")
    assert ran.returncode == 1, ran.stderr
    assert re.search(r"^::error file=my plans/plan\.yaml,line=3,", ran.stdout, re.MULTILINE)
    found = json.loads((tmp_path / "tiktok-coach.sarif").read_text("utf-8"))
    assert "T401" in {result["ruleId"] for result in found["runs"][0]["results"]}
    assert "### Content calendar" in (tmp_path / "summary.md").read_text("utf-8")
    assert (tmp_path / "output").read_text("utf-8") == "sarif=tiktok-coach.sarif\n"


@needs_bash
def test_the_action_passes_what_is_asked_and_runs_nothing_of_it(tmp_path: Path) -> None:
    put(tmp_path / "plan.yaml", PLAN % ("x" * 160))
    ran = acted(
        tmp_path,
        path="plan.yaml\n\n$(touch hacked); `touch hacked`",
        format="concise",
        sarif="out.sarif",
        fail_on="never",
    )
    assert ran.returncode == 2, "the second path is not there"
    assert "$(touch hacked)" in ran.stderr + ran.stdout
    assert not (tmp_path / "hacked").exists()
    ran = acted(tmp_path, path="plan.yaml", format="concise", sarif="out.sarif", fail_on="never")
    assert ran.returncode == 0
    assert "plan.yaml:3:" in ran.stdout
    assert (tmp_path / "out.sarif").is_file()


def test_the_workflows_run_what_is_there() -> None:
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        workflow = loaded(str(path.relative_to(ROOT)))
        assert workflow["permissions"] == {"contents": "read"}, "and more only where it is needed"
        for job in workflow["jobs"].values():
            for step in job["steps"]:
                assert ("uses" in step) != ("run" in step)
                for named in re.findall(r"(?:^|\s)((?:\.ci|\.github)/[\w./]+)", step.get("run", "")):
                    assert (ROOT / named).is_file(), named
    classified = set(re.findall(r'Python :: (3\.\d+)"', (ROOT / "pyproject.toml").read_text("utf-8")))
    assert classified <= set(loaded(".github/workflows/ci.yml")["jobs"]["linux"]["strategy"]["matrix"]["python"])


@pytest.mark.parametrize("number", [1, 2])
def test_the_readmes_commands_are_written_as_each_system_has_them(number: int) -> None:
    command = runpy.run_path(str(ROOT / ".github" / "readme_command.py"))["command"]
    assert command(number, "linux").startswith("python3 -m venv .venv && .venv/bin/pip install ")
    windows = command(number, "win32")
    assert windows.startswith("python -m venv .venv && .venv\\Scripts\\pip install ")
    assert "/bin/" not in windows
    assert "'" not in windows


def test_no_command_opens_a_connection(
    coach: Coach, bakery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a connection is opened")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(f"socket.{name}", refused)
    put(tmp_path / "plan.yaml", PLAN % "Can you guess?")
    files = bakery / "studio"
    for command in (
        ("audit", files),
        ("simulate", files, "--viewers", "50", "--runs", "2"),
        ("evidence", files),
        ("times", files),
        ("lint", "plan.yaml", "--exit-zero"),
        ("report", files, "-o", "r.html"),
        ("convert", bakery / "studio_page.har", "-o", "posts.csv"),
        ("columns", bakery / "sidecar.csv"),
        ("rules",),
        ("rule", "T401"),
        ("capture", "guide"),
    ):
        ran = coach(*command)
        assert ran.code == 0, (command, ran.err)


def test_the_pictures_are_of_what_is_printed_today(tmp_path: Path) -> None:
    """Numbers apart, whose last digits differ from machine to machine."""

    def words(svg: str) -> list[str]:
        shown = " ".join(re.findall(r">([^<]*)</text>", svg)).replace("\\", "/")
        return re.sub(r"\d+", "0", shown).split()

    texts = runpy.run_path(str(ROOT / ".github" / "picture.py"))["texts"]
    for name, svg in texts(tmp_path).items():
        kept = (ROOT / "docs" / "pictures" / name).read_text("utf-8")
        assert words(svg) == words(kept), f"{name}: run .github/picture.py"
        assert len(words(svg)) > 50


def test_the_page_on_the_nine_tips_shows_the_record_of_today() -> None:
    made = runpy.run_path(str(ROOT / ".github" / "nine_tips.py"))
    for name, svg in made["pictures"]().items():
        assert (ROOT / "docs" / "pictures" / name).read_text("utf-8") == svg, f"{name}: run .github/nine_tips.py"
        assert svg.count("<circle") > 20
        assert {"http://www.w3.org/2000/svg"} == set(re.findall(r"https?://[^\"]+", svg)), "it loads nothing"
    text = made["PAGE"].read_text("utf-8")
    assert made["page"](text) == text, "run .github/nine_tips.py"
    assert all(table in text for table in made["tables"]().values())


@pytest.mark.parametrize(
    ("checker", "files"),
    [
        (["actionlint", "-shellcheck="], [*(ROOT / ".github/workflows").glob("*.yml")]),
        (
            ["zizmor", "--offline", "--no-config", "--min-severity=medium"],
            [ROOT / ".github/workflows", ROOT / "action.yml"],
        ),
    ],
)
def test_the_workflows_pass_the_checkers_of_workflows(checker: list[str], files: list[Path]) -> None:
    """Among other things: no action runs on a Node that is gone, each is pinned, and none keeps a password."""
    command = [Path(sys.executable).with_name(checker[0]), *checker[1:], *files]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
