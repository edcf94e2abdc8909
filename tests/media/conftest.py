"""What the tests of videos have in common: words are read where a test is about them, since that takes longest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

READING = {"test_frame_facts", "test_pictures_of_posts"}


@pytest.fixture(autouse=True, scope="module")
def _words_where_they_matter(request: pytest.FixtureRequest) -> Iterator[None]:
    pytest.importorskip("av", reason="needs the extra media")
    with pytest.MonkeyPatch.context() as patch:
        if request.module.__name__.rpartition(".")[2] not in READING:
            patch.setattr("tiktok_coach.media.probe.can_read", lambda: False)
            patch.setattr("tiktok_coach.media.libraries.can_read", lambda: False)
            patch.setattr("tiktok_coach.media.frame_facts.can_read", lambda: False)
        yield


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are measured without a child, whose start takes longer than to look at so few clips."""
    from tiktok_coach.media import probe
    from tiktok_coach.media.measure import NoVideoError

    def ask(child: probe.Child, path: Path, **how: Any) -> tuple[Any, str | None]:
        try:
            return probe._look(path, how), None
        except (NoVideoError, OSError) as error:
            return None, str(error)

    monkeypatch.setattr(probe.Child, "ask", ask)
