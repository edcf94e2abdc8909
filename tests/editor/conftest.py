from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

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
