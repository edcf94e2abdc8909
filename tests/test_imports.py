"""Importing a module of the package does nothing but define it."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

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
