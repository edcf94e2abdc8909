"""What photo files tell: format, size and shape, also where the ending or the camera says otherwise."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import tiktok_coach as tc
from tests.conftest import Ran
from tests.media.pictures import no_words, turned, write_photo
from tiktok_coach.media.photos import measure_photo, photo_files, probe_photos

Coach = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiktok_coach.media.frame_facts.photo_facts", no_words)


@pytest.mark.parametrize("ending", ["jpeg", "png", "webp", "heic"])
def test_every_format_of_phones_is_read(tmp_path: Path, ending: str) -> None:
    photo = measure_photo(write_photo(tmp_path / f"a.{ending}"))
    assert (photo.format, photo.width, photo.height, photo.problems) == (ending, 64, 96, ())


def test_the_content_says_the_format_and_not_the_ending(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert measure_photo(path).format == "png"


def test_a_picture_is_as_wide_as_it_is_shown(tmp_path: Path) -> None:
    photo = measure_photo(write_photo(tmp_path / "a.jpg", 96, 64, exif=turned(6)))
    assert (photo.width, photo.height, photo.short_side) == (64, 96, 64)


def test_a_photo_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "a.png", 300, 300)
    path.write_bytes(path.read_bytes()[:-200])
    photo = measure_photo(path)
    assert (photo.width, photo.problems) == (300, ("breaks off before its end",))
    assert measure_photo(path, fast=True).problems == ()


def test_what_is_no_photo_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("rye bread")
    (tmp_path / "b.jpg").touch()
    assert [one.problem for one in probe_photos([tmp_path])] == [
        "cannot be read (no picture of a known format)",
        "is empty",
    ]


def test_a_photo_is_measured_anew_once_another_library_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_photo(tmp_path / "a.jpg")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda _name: tmp_path / "kept")
    for letters in ({}, {"numpy": "n"}, {"numpy": "n"}):
        monkeypatch.setattr("tiktok_coach.media.libraries.LETTERS", letters)
        probe_photos([tmp_path / "a.jpg"])
    assert len(list((tmp_path / "kept" / "media").iterdir())) == 2


def test_libraries_do_not_warn_of_a_photo(tmp_path: Path) -> None:
    path = write_photo(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\x08\0\0\0\x09\0")
    with pytest.warns(UserWarning, match="EXIF"):
        measure_photo(path, fast=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        [result] = probe_photos([path], cached=False)
    assert result.photo is not None


def test_folders_give_their_photos_in_order_and_none_twice(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.png", "clip.mp4", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in photo_files([tmp_path, tmp_path / "a.png"])] == ["a.png", "b.JPG"]


def test_python_has_a_table_of_photos(tmp_path: Path) -> None:
    write_photo(tmp_path / "a.jpg")
    answer = tc.probe(tmp_path)
    assert repr(answer) == "<Probe: 0 videos, 1 photos>"
    assert answer.to_frame()["format"].tolist() == ["jpeg"]


def test_probe_shows_photos_alone(coach: Coach, tmp_path: Path) -> None:
    write_photo(tmp_path / "photos" / "a.jpg", 1080, 1920)
    write_photo(tmp_path / "photos" / "b.heic")
    ran = coach("probe", "photos")
    assert ran.code == 0
    assert ran.out.startswith("2 photos\n")
    assert "1080×1920  jpeg" in ran.out
    [first, second] = json.loads(coach("probe", "photos", "--json").out)["photos"]
    assert (first["format"], first["width"], second["format"]) == ("jpeg", 1080, "heic")
    assert coach("probe", "photos", "--format", "csv").out.count("\n") == 3
    refused = coach("probe", "photos", "-o", "strip.png")
    assert refused.code == 2
    assert "has no videos" in refused.err
