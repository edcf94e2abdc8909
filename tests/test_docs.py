"""The documentation: its commands run as they are written, its examples are what they say, its links lead somewhere.

The commands on videos run in `tests/media/test_demo_clips.py`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tiktok_coach
from tests.cli.test_accounts import sheet
from tests.cli.test_init import come_from
from tests.conftest import Ran
from tests.writing import content, content_row, put, read
from tiktok_coach.core.documents.document import read_yaml
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.ranking.feed.simulation import AudienceSettings, read_audience
from tiktok_coach.rules.load import load_rules, rulebook

ROOT = Path(__file__).parents[1]
WRITTEN = {ROOT / "docs" / "reference" / name for name in ("index.md", "json.md")}
# Pages that were generated for a build may lie there too.
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in (*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md")))
    if "reference" not in path.relative_to(ROOT).parts or path in WRITTEN
}
LOCAL = re.compile(r"\]\((?!\w+:)([^)\s]*)\)")
Coach = Callable[..., Ran]


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGES[page], re.DOTALL | re.MULTILINE)


def block(page: str, language: str, part: str) -> str:
    [text] = [text for text in blocks(page, language) if part in text]
    return text


def commands(page: str) -> list[str]:
    lines = [line for text in blocks(page, "sh") for line in text.splitlines()]
    return [line for line in lines if line.startswith("tiktok-coach ")]


def words(line: str) -> list[str]:
    """A line of output without its numbers and bars, which differ by machine and width."""
    return re.sub(r"[\d.,–×÷─━●│┿%]+", " ", line).split()


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    return runpy.run_path(str(ROOT / ".github" / "reference.py"))["pages"]()  # type: ignore[no-any-return]


@pytest.fixture
def example(bakery: Path, tmp_path: Path) -> Path:
    """A folder with all that the documentation's commands name."""
    shutil.copytree(bakery, tmp_path / "bakery")
    put(tmp_path / "plan.yaml", block("docs/guides/lint-in-ci.md", "yaml", "brunsviger.mp4"))
    put(tmp_path / "december.yaml", block("docs/guides/labels-and-licences.md", "yaml", "BREAD10"))
    put(tmp_path / "pack" / "house.yaml", block("docs/guides/own-rules.md", "yaml", "Rules of the house"))
    both = sheet({"mybakery": 20, "miller": 20}).splitlines(keepends=True)
    for name in ("mybakery", "miller"):
        put(tmp_path / "clients" / f"{name}.csv", "".join([both[0], *(line for line in both if f",{name}," in line)]))
    return tmp_path


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)])
def test_a_pages_commands_run_in_their_order(coach: Coach, example: Path, page: str) -> None:
    # What a later page has too runs there.
    later = {command for other in list(PAGES)[list(PAGES).index(page) + 1 :] for command in commands(other)}
    printed = []
    for command in [command for command in commands(page) if command not in later]:
        ran = coach(*shlex.split(command)[1:])
        assert ran.code == (1 if "--fail-on" in command else 0), (command, ran.err)
        assert ran.out or any(option in command for option in (" -o ", "--retention")), command
        printed += [words(line) for line in ran.out.splitlines()]
    if page in {"docs/guides/evidence.md", "docs/guides/periods.md"}:
        assert [line for line in blocks(page, "text")[0].splitlines() if words(line) not in printed] == []


def test_most_pages_have_commands_that_run() -> None:
    assert sum(len(commands(page)) for page in PAGES) >= 40
    assert (
        sum(line.startswith("python3 -m venv") for text in blocks("README.md", "sh") for line in text.split("\n")) == 2
    )


def test_the_blocks_of_the_python_guide_run(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(example)
    names: dict[str, Any] = {}
    for number, code in enumerate(blocks("docs/guides/python.md", "python")):
        if "probe" in code:
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(code, f"python.md, block {number + 1}", "exec"), names)
    assert len(names["effects"]) > 3
    plan = names["tc"].lint("plan.yaml")
    for answer in (names["audit"], names["tc"].times(names["export"]), plan):
        absent = [key for key in answer.to_dict() if f"`{key}`" not in PAGES["docs/reference/json.md"]]
        assert absent == [], f"{answer!r}: not in docs/reference/json.md"


def test_every_function_of_the_python_door_is_in_its_guide() -> None:
    guide = PAGES["docs/guides/python.md"]
    assert [name for name in tiktok_coach.__all__ if name[0].islower() and f"tc.{name}(" not in guide] == []


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


def test_every_link_leads_to_a_page_and_a_heading(reference: dict[str, str]) -> None:
    pages = PAGES | {f"docs/{path}": text for path, text in reference.items()}
    broken = []
    for page, text in pages.items():
        for link in LOCAL.findall(re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)):
            path, _hash, anchor = link.partition("#")
            target = (ROOT / page).parent.joinpath(path).resolve() if path else ROOT / page
            name = target.relative_to(ROOT).as_posix()
            if not target.is_file() and name not in pages:
                broken.append(f"{page}: {link}: no such file")
            elif anchor and anchor not in anchors(pages[name]):
                broken.append(f"{page}: {link}: no such heading")
    assert broken == []


def test_every_page_is_in_the_menu() -> None:
    menu = re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8"))
    written = {page.removeprefix("docs/") for page in PAGES if page.startswith("docs/")}
    assert written <= set(menu)


def test_the_reference_has_every_rule_column_command_and_key(reference: dict[str, str]) -> None:
    for rule in load_rules([rulebook()]):
        assert rule.rule.why.split("`")[0].split("<")[0] in reference[f"reference/rules/{rule.code}.md"]
    assert all(f"| `{name}` |" in reference["reference/columns.md"] for name in COLUMNS)
    for part in ("## audit\n", "## plan new\n", "`--suggest`", "| `--top` | `number` |"):
        assert part in reference["reference/commands.md"]
    assert "| `lint.fail_on` |" in reference["reference/config.md"]
    assert "S108" in reference["reference/signals.md"]


def test_the_readme_fits_a_screen_or_three() -> None:
    lines = PAGES["README.md"].splitlines()
    assert len(lines) <= 150
    assert [line for line in lines if len(line) > 120] == []


def test_the_files_of_your_own_export_are_read(coach: Coach, tmp_path: Path) -> None:
    page = "docs/guides/your-own-export.md"
    folder = tmp_path / "e"
    put(folder / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    put(folder / "sidecar.csv", block(page, "csv", "hook_s"))
    put(folder / "trends.yaml", block(page, "yaml", "audience_sounds"))
    put(folder / "tiktok-coach.yaml", block(page, "yaml", "small_business"))
    assert coach("audit", folder).code == 0
    export = read(folder)
    assert export.trends is not None
    assert "sidecar" in {s.format for s in export.sources}


def test_the_workflow_example_is_the_one_that_init_writes_and_its_commands_run(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = block("docs/guides/lint-in-ci.md", "yaml", "runs-on")
    come_from(monkeypatch, None)
    assert coach("init").code == 0
    assert (tmp_path / ".github/workflows/content-calendar.yaml").read_text("utf-8") == text
    steps = read_yaml(text, "workflow").value["jobs"]["lint"]["steps"]
    runs = [shlex.split(step["run"]) for step in steps if "run" in step]
    assert [run[0] for run in runs] == ["pip", "tiktok-coach"]
    assert runs[0] == ["pip", "install", "$TIKTOK_COACH"]
    assert coach(*runs[1][1:]).code == 0
    [upload] = [step["with"]["sarif_file"] for step in steps if "sarif_file" in step.get("with", {})]
    assert (tmp_path / upload).is_file()


def test_the_hooks_name_commands_that_are_there(coach: Coach, tmp_path: Path) -> None:
    hooks = read_yaml((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"), "hooks").value
    coach("init")
    for hook in hooks:
        assert re.search(hook["files"], "plans/plan.yaml")
        assert coach(*shlex.split(hook["entry"])[1:], *hook["args"]).code == 0
    [local] = read_yaml((tmp_path / ".pre-commit-config.yaml").read_text("utf-8"), "config").value["repos"]
    [hook] = local["hooks"]
    assert coach(*shlex.split(hook["entry"])[1:]).code == 0


def test_the_audience_example_is_read(tmp_path: Path) -> None:
    text = block("docs/guides/simulate.md", "yaml", "diversity")
    settings = read_audience(put(tmp_path / "audience.yaml", text))
    assert settings.stages == AudienceSettings().stages
    assert settings.diversity == AudienceSettings().diversity


def test_the_entry_points_are_those_of_the_example_package() -> None:
    example = (ROOT / "tests" / "plugins" / "pyproject.toml").read_text("utf-8")
    assert block("docs/guides/own-rules.md", "toml", "entry-points").strip() in example


def test_every_path_that_contributing_names_is_there() -> None:
    named = re.findall(r"`((?:tiktok_coach|rules|tests|benchmarks|docs|\.github)/[\w./-]*)`", PAGES["CONTRIBUTING.md"])
    assert [path for path in named if not (ROOT / path).exists()] == []
    rooms = {path.parent.name for path in (ROOT / "tiktok_coach").glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}/`" not in PAGES["CONTRIBUTING.md"]} == set()


def apply(diff: str, root: Path) -> None:
    """Applies a diff as CONTRIBUTING writes it: hunks are found by their lines, not by numbers."""
    for part in re.split(r"^--- ", diff, flags=re.MULTILINE)[1:]:
        head, _hunk, body = part.partition("\n@@")
        path = root / re.findall(r"\+\+\+ b/(\S+)", head)[0]
        lines = body.splitlines()[1:]
        before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
        after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
        text = path.read_text("utf-8") if path.exists() else ""
        assert not before or text.count(before) == 1, path
        put(path, text.replace(before, after) if before else after)


def test_the_walks_of_contributing_lead_to_a_rule_a_format_and_a_command(tmp_path: Path) -> None:
    """Its diffs are applied to a copy of the package, which then has all three."""
    for folder in ("tiktok_coach", "rules"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for diff in blocks("CONTRIBUTING.md", "diff"):
        apply(diff, tmp_path)
    post = {"number": "7300000000000000001", "words": "RYE!", "when": "2026-03-01T10:00:00Z", "eyes": 900}
    put(tmp_path / "work" / "digest.json", json.dumps({"weekly_digest": [post]}))

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "tiktok_coach", *arguments]
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
        ran = subprocess.run(
            command,
            cwd=tmp_path / "work",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    assert ", 0 wrong" in run("rules", "--check", "../rules")
    audit = json.loads(run("audit", "digest.json", "--select", "T4", "--format", "json"))
    assert [source["format"] for source in audit["sources"]] == ["weekly digest"]
    assert "the caption is all capitals" in {finding["message"] for finding in audit["findings"]}
    assert run("totals", "digest.json") == "1 posts with 900 views\n"
