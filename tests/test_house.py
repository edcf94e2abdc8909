"""The shape of the package: few loose files, and a word in every folder on what lives there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tiktok_coach

PACKAGE = Path(tiktok_coach.__file__).parent
FOLDERS = sorted(path.parent for path in PACKAGE.rglob("__init__.py"))


def loose(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.py") if not path.name.startswith("__"))


def test_at_most_four_files_are_loose_at_the_top_and_eight_in_ingest() -> None:
    assert len(loose(PACKAGE)) <= 4
    assert len(loose(PACKAGE / "ingest")) <= 8


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(PACKAGE.parent).as_posix())
def test_every_folder_says_what_lives_there(folder: Path) -> None:
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
    assert said
    assert said[-1] == "."


def test_no_file_outgrows_three_hundred_lines() -> None:
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {name: count for name, count in lines.items() if count > 300} == {}
