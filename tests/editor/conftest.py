from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.editor.project import OpenFile, Project

NOW = dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A folder that an editor has open, with nothing in it."""
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, AnalysisOptions(now=NOW), lambda: NOW)


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., OpenFile]:
    """Opens a text in the editor, under a name in that folder."""

    def opened(text: str, name: str = "plan.yaml", version: int = 1) -> OpenFile:
        path = tmp_path / name
        return OpenFile(path.as_uri(), path, version, text)

    return opened


@pytest.fixture(scope="session")
def read_once() -> dict[str, Any]:
    """What was read of the example's published posts, and worked out from them."""
    return {}


@pytest.fixture
def with_history(project: Project, bakery: Path, read_once: dict[str, Any]) -> Project:
    """That folder with the example's published posts beside its plans."""
    (project.root / "tiktok-coach.yaml").write_text(f"lint: {{history: [{bakery}]}}\n")
    vars(project).update(read_once)
    project.read_history()
    read_once |= {name: vars(project)[name] for name in ("_beside", "analysis", "learned")}
    return project
