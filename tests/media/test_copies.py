"""Copies of videos and photos are within the limits, look and sound like their source, and leave it as it is."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.media.clips import Scene, av, tone, write
from tests.media.pictures import Image, turned, write_photo
from tiktok_coach.media.convert import ConversionError, convert_photo, convert_video, copy_path
from tiktok_coach.media.encode import bit_rate_within, encode_video, rate_within, size_within
from tiktok_coach.media.facts import Video
from tiktok_coach.media.limits import PhotoLimits, VideoLimits
from tiktok_coach.media.measure import NoVideoError, measure_video, open_video

LIMITS = VideoLimits()


def encoded(source: Path) -> tuple[Video, Video]:
    """What a clip and its copy hold, as far as the files say."""
    target = source.with_name("copy.mp4")
    before = source.read_bytes()
    encode_video(source, target, LIMITS)
    assert source.read_bytes() == before
    return measure_video(source, fast=True), measure_video(target, fast=True)


@pytest.mark.parametrize(
    ("name", "how", "fps"),
    [
        ("slow.mp4", {"fps": 15}, 30),
        ("fast.mp4", {"fps": 120}, 60),
        ("old.avi", {"codec": "mpeg4", "audio": "libmp3lame"}, 30),
        ("any.mkv", {"fps": 61}, "61/2"),
        ("web.webm", {"codec": "libvpx-vp9", "audio": "libopus", "fps": 22}, 44),
    ],
)
def test_a_copy_is_h264_in_mp4_at_a_rate_that_tiktok_takes(
    tmp_path: Path, name: str, how: dict[str, Any], fps: int | str
) -> None:
    source, copy = encoded(write(tmp_path / name, [Scene(0.4)], tone(0.4, -12), width=90, height=160, **how))
    assert source.container == name.rpartition(".")[2]
    assert (copy.codec, copy.container, copy.fps) == ("h264", "mp4", float(Fraction(fps)))
    assert (copy.width, copy.height, copy.has_audio) == (90, 160, True)
    assert copy.duration_s == pytest.approx(source.duration_s, abs=0.1)


def first_picture(path: Path) -> np.ndarray:
    with open_video(path) as container:
        picture: np.ndarray = next(container.decode(video=0)).to_ndarray(format="rgb24")
        return picture


@pytest.mark.parametrize(("rotation", "corner"), [(0, (0, 0)), (90, (-1, 0)), (180, (-1, -1)), (-90, (0, -1))])
def test_a_turned_picture_is_upright_in_the_copy(tmp_path: Path, rotation: int, corner: tuple[int, int]) -> None:
    def with_bright_corner(picture: np.ndarray) -> np.ndarray:
        dark = np.zeros_like(picture)
        dark[:40, :40] = 255
        return dark

    source = write(
        tmp_path / "clip.mp4", [Scene(0.2)], width=160, height=90, rotation=rotation, change=with_bright_corner
    )
    before, copy = encoded(source)
    assert (copy.width, copy.height) == (before.width, before.height)
    picture = first_picture(tmp_path / "copy.mp4").mean(axis=2)
    assert picture[corner] > 200
    assert (picture > 200).sum() == pytest.approx(1600, rel=0.2)


def test_stretched_pixels_become_square(tmp_path: Path) -> None:
    _before, copy = encoded(write(tmp_path / "a.mp4", [Scene(0.2)], width=90, height=160, stretch=Fraction(4, 3)))
    assert (copy.width, copy.height) == (120, 160)


SDR, HLG, PQ = {"color_trc": 1}, {"color_trc": 18}, {"color_trc": 16}
HD, ULTRA_HD = {"color_primaries": 1, "colorspace": 1}, {"color_primaries": 9, "colorspace": 9}
FULL, LIMITED = {"color_range": 2}, {"color_range": 1}


def one_colour(path: Path, colours: dict[str, int]) -> Path:
    """A clip of one colour whose file says what its numbers mean, in those of H.273 and FFmpeg."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 96, 160, "yuv420p"
        for name, number in colours.items():
            setattr(stream.codec_context, name, number)
        frame = av.VideoFrame.from_ndarray(np.full((160, 96, 3), (200, 60, 30), dtype=np.uint8), "rgb24")
        space, how_far = colours.get("colorspace"), colours.get("color_range")
        frame = frame.reformat(format="yuv420p", dst_colorspace=space, dst_color_range=how_far)
        for number in range(3):
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("colours", [{}, FULL, HD | SDR | LIMITED, HD | SDR | FULL, ULTRA_HD | SDR | LIMITED])
def test_a_copy_has_the_colours_of_its_video_and_says_what_they_are(tmp_path: Path, colours: dict[str, int]) -> None:
    encode_video(one_colour(tmp_path / "a.mp4", colours), tmp_path / "b.mp4", LIMITS)
    assert np.abs(first_picture(tmp_path / "b.mp4")[80, 48].astype(int) - (200, 60, 30)).max() <= 4
    with open_video(tmp_path / "b.mp4") as container:
        frame = next(container.decode(video=0))
    expected = {name: colours.get(name, 2) for name in ("color_primaries", "color_trc", "colorspace")}
    assert {name: getattr(frame, name) for name in expected} == expected
    assert frame.color_range != FULL["color_range"]


@pytest.mark.parametrize("colours", [ULTRA_HD | HLG, ULTRA_HD | PQ])
def test_hdr_is_not_copied(tmp_path: Path, colours: dict[str, int]) -> None:
    with pytest.raises(NoVideoError, match="it is HDR"):
        encode_video(one_colour(tmp_path / "a.mp4", colours), tmp_path / "b.mp4", LIMITS)


def test_what_is_no_video_is_no_copy(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_text("rye bread")
    with pytest.raises(NoVideoError):
        encode_video(tmp_path / "a.mp4", tmp_path / "b.mp4", LIMITS)


@pytest.mark.parametrize(
    ("fps", "expected"), [("22", 44), ("23", 23), ("24000/1001", "24000/1001"), ("60", 60), ("61", "61/2"), ("240", 60)]
)
def test_rates_are_multiples_or_parts_of_that_of_the_video(fps: str, expected: str | int) -> None:
    assert rate_within(Fraction(fps), LIMITS) == Fraction(expected)


@pytest.mark.parametrize(
    ("size", "expected"), [((2304, 4096), (2304, 4096)), ((2304, 4097), (1080, 1920)), ((361, 641), (360, 640))]
)
def test_a_picture_within_the_limits_keeps_its_size(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert size_within(*size, LIMITS) == expected


def test_a_long_video_gets_the_bit_rate_that_keeps_it_within_the_size() -> None:
    assert bit_rate_within(3600, VideoLimits(max_mb=100)) * 3600 / 8e6 < 100
    assert bit_rate_within(10, LIMITS) == bit_rate_within(20, LIMITS)


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("a.jpg", (1081, 1441), (1080, 1440)),
        ("a.png", (1080, 1441), (1080, 1441)),
        ("a.webp", (1500, 1200), (1350, 1080)),
        ("a.heic", (64, 96), (64, 96)),
    ],
)
def test_a_photo_becomes_a_jpeg_of_1080_pixels(
    tmp_path: Path, name: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    convert_photo(write_photo(tmp_path / name, *size), tmp_path / "copy", PhotoLimits())
    with Image.open(tmp_path / "copy") as copy:
        assert (copy.format, copy.size) == ("JPEG", expected)


def test_a_photo_is_upright_and_white_where_it_lets_through(tmp_path: Path) -> None:
    write_photo(tmp_path / "a.jpg", 40, 20, exif=turned(6))
    write_photo(tmp_path / "b.png", 40, 20, mode="RGBA", colour=(0, 0, 0, 0))
    sizes_and_colours = []
    for name in ("a.jpg", "b.png"):
        convert_photo(tmp_path / name, tmp_path / "copy", PhotoLimits())
        with Image.open(tmp_path / "copy") as copy:
            sizes_and_colours.append((copy.size, copy.getpixel((5, 5)) == (255, 255, 255), dict(copy.getexif())))
    assert sizes_and_colours == [((20, 40), False, {}), ((40, 20), True, {})]


@pytest.mark.parametrize("kind", ["<u2", ">u2", "u1"])
def test_a_grey_photo_stays_as_light_as_it_is(tmp_path: Path, kind: str) -> None:
    grey = np.full((20, 20), 100 * (256 if "2" in kind else 1), dtype=kind)
    Image.fromarray(grey).save(tmp_path / "a.tif")
    convert_photo(tmp_path / "a.tif", tmp_path / "copy", PhotoLimits())
    with Image.open(tmp_path / "copy") as copy:
        assert (copy.mode, copy.getpixel((5, 5))) == ("RGB", (100, 100, 100))


@pytest.mark.parametrize(
    ("name", "mode", "is_kept"),
    [
        ("a.jpg", "RGB", True),
        ("a.png", "RGBA", True),
        ("a.png", "P", True),
        ("a.jpg", "L", False),
        ("a.jpg", "CMYK", False),
        ("a.png", "I;16", False),
    ],
)
def test_a_photo_keeps_a_profile_of_rgb_alone(tmp_path: Path, name: str, mode: str, *, is_kept: bool) -> None:
    write_photo(tmp_path / name, mode=mode, colour=0, icc_profile=b"what the colours mean")
    convert_photo(tmp_path / name, tmp_path / "copy", PhotoLimits())
    with Image.open(tmp_path / "copy") as copy:
        assert ("icc_profile" in copy.info) is is_kept


def test_a_photo_that_stays_too_large_is_no_copy(tmp_path: Path) -> None:
    with pytest.raises(ConversionError, match=r"stays larger than 0\.0001 MB"):
        convert_photo(write_photo(tmp_path / "a.png"), tmp_path / "copy", PhotoLimits(max_mb=0.0001))


def test_copies_lie_beside_their_sources() -> None:
    names = ("bread/clip.mov", "bread/loaf.PNG", "a.b.jpeg")
    assert [copy_path(Path(name)).as_posix() for name in names] == [
        "bread/clip.tiktok.mp4",
        "bread/loaf.tiktok.jpg",
        "a.b.tiktok.jpg",
    ]


def test_a_video_is_copied_in_a_process_of_its_own(tmp_path: Path) -> None:
    source = write(tmp_path / "a.mp4", [Scene(0.2)], fps=15)
    convert_video(source, tmp_path / "copy", LIMITS)
    assert measure_video(tmp_path / "copy", fast=True).fps == 30
