"""`lint --media --fix` writes copies that the route takes beside a person's files, and the plan names them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.media.c2pa_files import sign
from tests.media.clips import Scene, write
from tests.media.pictures import Image, no_words, write_photo
from tiktok_coach.linter import copies
from tiktok_coach.media import convert, probe
from tiktok_coach.media.encode import encode_video
from tiktok_coach.media.limits import PhotoLimits, VideoLimits
from tiktok_coach.media.measure import measure_video

Coach = Callable[..., Ran]
LINT = ("lint", "plan.yaml", "--select", "P", "--select", "L", "--media", "files")
CAROUSEL = """\
posts:
  - publish_at: 2031-02-03T18:00:00Z
    caption: "Which bread first? #rye"
    via: api
    photos: ["files/a.jpg", files/b.png, 'files/c.jpg']  # in this order
"""
CLIP = """\
posts:
  - publish_at: 2031-02-03T18:00:00Z
    caption: "Which bread first? #rye"
    via: api
    video: {file: files/clip.avi}
"""


class _Here:
    """Measures and copies in this process, which is quicker; files are not looked at for long."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.gave_up = False

    def ask(self, path: Path, **how: Any) -> tuple[Any, str | None]:
        if "target" not in how:
            return measure_video(path, fast=True).as_dict(), None
        encode_video(path, Path(how["target"]), VideoLimits(**how["limits"]))
        return True, None

    def stop(self) -> None:
        """Nothing runs."""


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "Child", _Here)
    monkeypatch.setattr(convert, "Child", _Here)
    monkeypatch.setattr("tiktok_coach.media.frame_facts.photo_facts", no_words)


@pytest.fixture
def carousel(tmp_path: Path) -> Path:
    """A plan of three photos, of which one is a PNG and one is too large."""
    (tmp_path / "plan.yaml").write_text(CAROUSEL)
    for name, width in (("a.jpg", 1080), ("b.png", 300), ("c.jpg", 1200)):
        write_photo(tmp_path / "files" / name, width, 1600)
    return tmp_path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """A plan of a clip in an old format."""
    (tmp_path / "plan.yaml").write_text(CLIP)
    (tmp_path / "files").mkdir()
    write(tmp_path / "files" / "clip.avi", [Scene(3.2)], width=360, height=640, fps=10, codec="mpeg4")
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").iterdir())


def test_photos_are_copied_and_the_copies_pass(coach: Coach, carousel: Path) -> None:
    before = {name: (carousel / "files" / name).read_bytes() for name in names(carousel)}
    ran = coach(*LINT, "--fix")
    assert ran.code == 0
    assert "No problems" in ran.out
    assert "wrote files/b.tiktok.jpg" in ran.err
    assert "fixed 2 problems in 1 file" in ran.err
    text = CAROUSEL.replace("b.png", "b.tiktok.jpg").replace("c.jpg", "c.tiktok.jpg")
    assert (carousel / "plan.yaml").read_text() == text
    assert names(carousel) == ["a.jpg", "b.png", "b.tiktok.jpg", "c.jpg", "c.tiktok.jpg"]
    assert {name: (carousel / "files" / name).read_bytes() for name in before} == before
    with Image.open(carousel / "files" / "c.tiktok.jpg") as copy:
        assert copy.size == (1080, 1440)
    again = coach(*LINT, "--fix")
    assert (again.code, again.err) == (0, "")


def test_a_video_is_copied_and_the_copy_passes(coach: Coach, clip: Path) -> None:
    findings = json.loads(coach(*LINT, "--json").out)["findings"]
    assert [one["code"] for one in findings] == ["P008", "P011", "P012"]
    assert {tuple(one["copy"].values()) for one in findings} == {("clip.avi", "clip.tiktok.mp4")}
    ran = coach(*LINT, "--fix")
    assert ran.code == 0
    assert "fixed 3 problems in 1 file" in ran.err
    assert (clip / "plan.yaml").read_text() == CLIP.replace("clip.avi", "clip.tiktok.mp4")
    assert names(clip) == ["clip.avi", "clip.tiktok.mp4"]
    again = coach(*LINT)
    assert again.out.startswith("No problems")
    assert again.err == ""


def test_diff_shows_the_plan_and_writes_no_copy(coach: Coach, carousel: Path) -> None:
    ran = coach(*LINT, "--diff")
    assert ran.code == 1
    assert "+    photos: [\"files/a.jpg\", files/b.tiktok.jpg, 'files/c.tiktok.jpg']  # in this order\n" in ran.out
    assert "note: --fix would write files/b.tiktok.jpg" in ran.err
    assert names(carousel) == ["a.jpg", "b.png", "c.jpg"]


@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_a_persons_own_file_is_not_replaced(coach: Coach, carousel: Path, option: str) -> None:
    own = carousel / "files" / "b.tiktok.jpg"
    own.write_text("mine")
    ran = coach(*LINT, option)
    assert own.read_text() == "mine"
    assert "b.tiktok.jpg is there already, and I didn't write it; rename it" in ran.err
    assert "files/b.png" in (carousel / "plan.yaml").read_text()
    assert ("c.tiktok.jpg" in names(carousel)) == (option == "--fix")


def test_what_cannot_be_copied_is_not_said_to_be_corrected(coach: Coach, carousel: Path) -> None:
    assert "--fix corrects 2." in coach(*LINT).out
    (carousel / "files" / "c.tiktok.jpg").write_text("mine")
    assert "--fix corrects 1." in coach(*LINT).out
    broken = carousel / "files" / "b.png"
    broken.write_bytes(broken.read_bytes()[:100])
    assert "--fix" not in coach(*LINT).out
    assert "--fix" not in coach(*LINT, "--fix").out


@pytest.mark.parametrize("error", [ValueError("bad band"), OSError(28, "No space left on device"), MemoryError()])
def test_why_a_copy_failed_is_said_in_own_words(
    carousel: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_arguments: Any, **_options: Any) -> None:
        raise error

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(convert.ConversionError) as caught:
        convert.convert_photo(carousel / "files" / "b.png", carousel / "copy.jpg", PhotoLimits())
    assert str(caught.value) in {
        "it is damaged",
        "there is no room on the disk, or I may not write there",
        "it takes too much memory",
    }


def test_a_copy_of_before_is_written_anew(coach: Coach, carousel: Path) -> None:
    coach(*LINT, "--fix")
    (carousel / "plan.yaml").write_text(CAROUSEL)
    write_photo(carousel / "files" / "b.png", 200, 300)
    assert coach(*LINT, "--fix").code == 0
    with Image.open(carousel / "files" / "b.tiktok.jpg") as copy:
        assert copy.size == (200, 300)


def test_two_files_of_one_name_have_no_copy_in_common(coach: Coach, carousel: Path) -> None:
    write_photo(carousel / "files" / "c.png")
    (carousel / "plan.yaml").write_text(CAROUSEL.replace("b.png", "c.png"))
    ran = coach(*LINT, "--fix")
    assert "has the same copy as" in ran.err
    assert names(carousel).count("c.tiktok.jpg") == 1
    assert (carousel / "plan.yaml").read_text().count("c.tiktok.jpg") == 1


def test_what_cannot_be_copied_stays_a_finding(coach: Coach, carousel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = copies.convert_photo

    def fail(source: Path, target: Path, limits: Any) -> None:
        target.write_text("half")
        if source.name == "b.png":
            raise convert.ConversionError("no room")
        real(source, target, limits)

    monkeypatch.setattr(copies, "convert_photo", fail)
    ran = coach(*LINT, "--fix")
    assert "cannot be copied for TikTok (no room)" in ran.err
    assert "b.png, is a png file" in ran.out
    assert ", --fix" not in ran.out
    assert names(carousel) == ["a.jpg", "b.png", "c.jpg", "c.tiktok.jpg"]
    assert "c.tiktok.jpg" in (carousel / "plan.yaml").read_text()


def test_an_interrupted_copy_leaves_nothing(coach: Coach, carousel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(source: Path, target: Path, limits: Any) -> None:
        target.write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr(copies, "convert_photo", interrupt)
    coach(*LINT, "--fix")
    assert names(carousel) == ["a.jpg", "b.png", "c.jpg"]
    assert (carousel / "plan.yaml").read_text() == CAROUSEL


@pytest.mark.parametrize("stated", ["fps: 10", "content_credentials: ai"])
def test_no_copy_where_the_plan_says_otherwise_or_credentials_would_be_lost(
    coach: Coach, clip: Path, stated: str
) -> None:
    text = CLIP.replace("clip.avi}", f"clip.avi, {stated}}}")
    (clip / "plan.yaml").write_text(text)
    findings = json.loads(coach(*LINT, "--json").out)["findings"]
    [of_rate] = [one for one in findings if one["code"] == "P008"]
    assert "copy" not in of_rate


def test_without_media_nothing_is_copied(coach: Coach, carousel: Path) -> None:
    ran = coach("lint", "plan.yaml", "--select", "P", "--fix")
    assert ran.code == 0
    assert names(carousel) == ["a.jpg", "b.png", "c.jpg"]


def test_what_is_too_long_stays(coach: Coach, clip: Path) -> None:
    (clip / "plan.yaml").write_text("account: {max_video_s: 2}\n" + CLIP)
    ran = coach(*LINT, "--fix")
    assert ran.code == 1
    assert "your account may post 2 s" in ran.out
    assert "clip.tiktok.mp4" in (clip / "plan.yaml").read_text()


def test_a_photo_with_credentials_is_not_copied_and_the_others_are(coach: Coach, carousel: Path) -> None:
    sign(carousel / "files" / "c.jpg", carousel / "signed.jpg", "trainedAlgorithmicMedia")
    (carousel / "signed.jpg").replace(carousel / "files" / "c.jpg")
    coach(*LINT, "--fix")
    assert names(carousel) == ["a.jpg", "b.png", "b.tiktok.jpg", "c.jpg"]


def test_of_several_limits_of_the_length_the_strictest_is_named(coach: Coach, clip: Path) -> None:
    (clip / "plan.yaml").write_text(
        "account: {max_video_s: 180}\n" + CLIP.replace("file: files/clip.avi", "duration_s: 4000")
    )
    findings = json.loads(coach("lint", "plan.yaml", "--select", "P", "--json").out)["findings"]
    assert [(one["code"], one["fix"]) for one in findings] == [("P017", "Cut 3,820 s.")]


def test_a_cell_of_a_sheet_names_the_copies_too(coach: Coach, carousel: Path) -> None:
    text = (
        'publish_at,caption,via,photo_files\n2031-02-03,Which bread first?,api,"files/a.jpg;files/b.png; files/c.jpg"\n'
    )
    (carousel / "plan.yaml").unlink()
    (carousel / "plan.csv").write_text(text)
    ran = coach("lint", "plan.csv", *LINT[2:], "--fix")
    assert ran.code == 0
    assert (carousel / "plan.csv").read_text() == text.replace("b.png", "b.tiktok.jpg").replace("c.j", "c.tiktok.j")
