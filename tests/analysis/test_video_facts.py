"""What videos tell beside notes: notes count, and where they disagree a line says so, one for all that say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.writing import put, read
from tiktok_coach.analysis.video_facts import with_media
from tiktok_coach.media.facts import ProbeResult, Video

IDS = [f"730000000000000000{number}" for number in range(1, 5)]


@pytest.mark.parametrize(
    ("widths", "lines"),
    [
        ([1080, 1080, 1080, 1080], []),
        (
            [360, 1080, 1080, 1080],
            [f"{IDS[0]}.mp4: width is 1080 by your notes and 360 by the video; your notes count"],
        ),
        (
            [360, 360, 720, 360],
            [
                f"{IDS[0]}.mp4: width is 1080 by your notes and 360 by this video and 2 others; your notes count",
                f"{IDS[2]}.mp4: width is 1080 by your notes and 720 by the video; your notes count",
            ],
        ),
    ],
)
def test_notes_that_videos_contradict_are_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, widths: list[int], lines: list[str]
) -> None:
    rows = "".join(f"{post_id},Rye,2026-10-01T10:00:00Z,100,1080\n" for post_id in IDS)
    posts = put(tmp_path / "posts.csv", f"post_id,caption,posted_at,views,width\n{rows}")
    names = [f"{post_id}.mp4" for post_id in IDS]
    results = [ProbeResult(Path(name), Video(name, width=width)) for name, width in zip(names, widths, strict=True)]
    monkeypatch.setattr("tiktok_coach.media.probe.probe_videos", lambda *_paths, **_options: tuple(results))
    export = with_media(read(posts), [tmp_path], None)
    notices = [f"{notice.where}: {notice.text}" for notice in export.notices if "by your notes" in notice.text]
    assert notices == lines
    assert export.posts["width"].tolist() == [1080] * 4
