"""What other packages add: the example package is installed into a folder, and used through the command line."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Ran
from tiktok_coach.core.errors import READERS, CoachError, load_plugins
from tiktok_coach.io.reading import Reader
from tiktok_coach.io.registry import readers
from tiktok_coach.render.lint.formats import plugin_formats
from tiktok_coach.rules.kind import plugin_kinds

EXAMPLE = Path(__file__).parent / "plugins"
DIGEST = {
    "weekly_digest": [
        {"number": "7300000000000000001", "words": "LOOK!!", "when": "2026-03-01T10:00:00Z", "eyes": 900},
        {"number": "7300000000000000002", "words": "Can you guess?", "when": "2026-03-02T10:00:00Z", "eyes": 1200},
    ]
}
RULE = """
tip: 4
title: Write an engaging caption
source: {name: A style guide, as_of: 2026-01}
rules:
  - code: X401
    name: caption-shouts
    title: "Captions shout"
    do: "Write captions without exclamation marks"
    check: shouting
    field: caption
    params: {max: 1}
    severity: warning
    weight: 1
    message: "shouts {value} times"
    passed: "does not shout"
    why: "Nobody likes to be shouted at."
    fix: "Leave out exclamation marks."
    assumption: "an exclamation mark is a shout"
    sources:
      - {claim: do not shout, name: A style guide, as_of: 2026-01}
    examples: {pass: [{caption: hi}], fail: [{caption: "hi!!"}], unknown: [{}]}
"""
Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package as pip does: its module beside a folder of metadata, both where Python looks."""
    target = tmp_path / "site"
    target.mkdir()
    monkeypatch.syspath_prepend(target)

    def write(pyproject: str, code: str) -> None:
        project = tomllib.loads(pyproject)["project"]
        metadata = target / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n", "utf-8")
        groups = project["entry-points"].items()
        lines = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in items.items()) for group, items in groups]
        (metadata / "entry_points.txt").write_text("\n".join(lines), "utf-8")
        (target / f"{project['name'].replace('-', '_')}.py").write_text(code, "utf-8")
        readers.cache_clear()
        plugin_kinds.cache_clear()
        plugin_formats.cache_clear()

    yield write
    for name in ("coach_example", "odd_package"):
        sys.modules.pop(name, None)
    readers.cache_clear()
    plugin_kinds.cache_clear()
    plugin_formats.cache_clear()


@pytest.fixture
def example(install: Install) -> None:
    install((EXAMPLE / "pyproject.toml").read_text("utf-8"), (EXAMPLE / "coach_example.py").read_text("utf-8"))


@pytest.fixture
def digest(tmp_path: Path) -> Path:
    path = tmp_path / "digest.json"
    path.write_text(json.dumps(DIGEST), "utf-8")
    return path


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text("posts:\n- caption: hi\n  publish_at: 2027-01-01T10:00:00Z\n", "utf-8")
    return path


@pytest.mark.usefixtures("example")
def test_a_reader_and_a_kind_of_check_of_another_package(
    coach: Callable[..., Ran], digest: Path, tmp_path: Path
) -> None:
    (tmp_path / "shouts.yaml").write_text(RULE, "utf-8")
    ran = coach("audit", digest, "--rules", tmp_path / "shouts.yaml", "--format", "json")
    assert ran.code in {0, 1}, ran.err
    audit = json.loads(ran.out)
    [source] = audit["sources"]
    assert (source["format"], source["rows"]) == ("weekly digest", 2)
    assert "shouts 2 times" in ran.out
    assert "shouts 0 times" not in ran.out


@pytest.mark.usefixtures("example")
def test_an_output_of_lint_of_another_package(coach: Callable[..., Ran], plan: Path) -> None:
    findings = json.loads(coach("lint", plan, "--format", "json").out)["findings"]
    ran = coach("lint", plan, "--format", "codes")
    assert ran.code in {0, 1}, ran.err
    assert findings
    assert ran.out.splitlines() == [finding["code"] for finding in findings]


def odd(value: str) -> str:
    return f'[project]\nname = "odd-package"\nversion = "1"\n[project.entry-points."{READERS}"]\nodd = "{value}"\n'


@pytest.mark.parametrize(
    ("value", "code", "reason"),
    [
        ("odd_package:READER", "READER = 'no reader'", "odd_package:READER is not a Reader"),
        ("odd_package:READER", "raise OSError('no\\ndisk')", "OSError: no disk"),
        ("odd_package:READER", "", "AttributeError: "),
        ("odd_packages:READER", "", "ModuleNotFoundError: No module named 'odd_packages'"),
    ],
)
def test_what_cannot_be_used_is_one_line_that_names_the_package(
    install: Install, coach: Callable[..., Ran], digest: Path, value: str, code: str, reason: str
) -> None:
    install(odd(value), code)
    ran = coach("audit", digest, digest.parent)
    assert ran.code == 2
    [line] = ran.err.splitlines()
    assert "the package odd-package adds to tiktok-coach what cannot be used" in line
    assert reason in line


def test_two_packages_cannot_add_one_name(install: Install) -> None:
    install((EXAMPLE / "pyproject.toml").read_text("utf-8"), (EXAMPLE / "coach_example.py").read_text("utf-8"))
    install(odd("coach_example:WEEKLY_DIGEST").replace("odd =", "weekly-digest ="), "")
    with pytest.raises(CoachError, match="another package adds weekly-digest as well"):
        load_plugins(READERS, Reader)


def test_lint_and_version_look_for_no_packages(plan: Path) -> None:
    code = (
        "import importlib.metadata as m, sys\n"
        "def refuse(*a, **k): raise SystemExit('looked for packages')\n"
        "m.entry_points = refuse\n"
        "from tiktok_coach.cli.app import run\n"
        "print(run(['lint', sys.argv[1]]), run(['--version']))\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(plan)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
