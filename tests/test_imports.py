"""Importing a module of the package does nothing but define it, and a command imports what it uses."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import tiktok_coach

NAMES = sorted(module.name for module in pkgutil.walk_packages(tiktok_coach.__path__, "tiktok_coach."))


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, input="")


def test_every_module_is_imported_without_a_word_and_without_an_end() -> None:
    assert "tiktok_coach.__main__" in NAMES
    code = f"import importlib\nfor name in {NAMES!r}: importlib.import_module(name)\nprint('survived', end='')"
    ran = python("-c", code)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "survived", "")


def test_pydoc_shows_the_command_line() -> None:
    ran = python("-m", "pydoc", "tiktok_coach.cli", "tiktok_coach.__main__")
    assert ran.returncode == 0
    assert "tiktok_coach.__main__" in ran.stdout


# What takes longest to import, and whose absence a user feels in each command that does without.
HEAVY = (
    "PIL",
    "av",
    "babel",
    "c2pa",
    "cv2",
    "jinja2",
    "mcp",
    "mcp_types",
    "numpy",
    "numpy.f2py",
    "numpy.testing",
    "onnxruntime",
    "pandas",
    "patsy",
    "pyarrow",
    "pydantic",
    "rapidfuzz",
    "rapidocr",
    "rich.console",
    "scipy",
    "scipy.stats",
    "tiktok_coach.stats.leaving",
    "webvtt",
    "yaml",
    "zxingcpp",
)
PLAN = "posts: [{caption: What is in it?, publish_at: 2090-01-01T18:30+01:00}]"
POSTS = "post_id,caption,posted_at,views\n7300000000000000001,Bread,2026-10-01T10:00:00Z,100\n"
LOADED = """
import os, sys
from tiktok_coach.cli.app import run
sys.stdout = open(os.devnull, "w")
run(sys.argv[2:])
print("loaded:", *(name for name in sys.argv[1].split() if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("command", "loaded"),
    [
        ("--help", ""),
        ("--version", ""),
        ("cache show", "pydantic"),
        ("rule T401", "numpy pyarrow pydantic rich.console yaml"),
        ("schema plan", "numpy pyarrow pydantic yaml"),
        ("lint plan.yaml", "numpy pyarrow pydantic yaml"),
        ("lint spoken.yaml", "babel numpy pyarrow pydantic webvtt yaml"),
        ("convert posts.csv --output posts.json", "numpy pandas pyarrow pydantic yaml"),
        ("audit posts.csv", "numpy pandas pyarrow pydantic rich.console scipy yaml"),
        ("retention posts.csv", "numpy pandas pyarrow pydantic rich.console scipy tiktok_coach.stats.leaving yaml"),
        ("times posts.csv", "numpy pandas pyarrow pydantic rich.console scipy yaml"),
    ],
)
def test_a_command_loads_no_library_that_it_does_not_use(command: str, loaded: str, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "spoken.yaml").write_text(PLAN.replace("}", ", transcript: rye.srt}"), "utf-8")
    (tmp_path / "rye.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nHej alle sammen\n", "utf-8")
    (tmp_path / "posts.csv").write_text(POSTS, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, " ".join(HEAVY), *command.split()],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "80", "LANGUAGE": "en", "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    assert set(ran.stderr.rpartition("loaded:")[2].split()) <= set(loaded.split())
