"""What the tests of videos have in common: words are read where a test is about them, since that takes longest."""

from __future__ import annotations

from collections.abc import Iterator

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
