"""A carousel before it goes out: every photo is held to the limits of the route, and the one at fault is named."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran
from tests.media.c2pa_files import sign
from tests.media.pictures import no_words, write_photo
from tiktok_coach.core.account import Account
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.linter.media import look_at
from tiktok_coach.linter.photo_facts import OF_POST
from tiktok_coach.media import photos
from tiktok_coach.plans.load import load_calendar

Coach = Callable[..., Ran]
PLAN = """\
posts:
  - publish_at: 2031-02-03T18:00:00Z
    caption: "Which bread first? #rye"
    via: {via}
    photos:
"""


@pytest.fixture(autouse=True)
def _without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiktok_coach.media.frame_facts.photo_facts", no_words)


def write_plan(folder: Path, names: Sequence[str], via: str = "api") -> None:
    (folder / "plan.yaml").write_text(PLAN.format(via=via) + "".join(f"      - {name}\n" for name in names))


def lint(coach: Coach, *more: str) -> list[dict[str, Any]]:
    ran = coach("lint", "plan.yaml", "--select", "P", "--select", "L", "--json", *more)
    found: list[dict[str, Any]] = json.loads(ran.out)["findings"]
    return found


def found(coach: Coach, *more: str) -> list[tuple[str, int, int, str]]:
    return [(one["code"], one["line"], one["column"], one["message"]) for one in lint(coach, *more)]


def test_the_photo_at_fault_is_named_at_its_own_entry(coach: Coach, tmp_path: Path) -> None:
    names = ["img/a.jpg", "img/b.jpg", "img/c.png"]
    for name, width in zip(names, (1080, 1081, 1200), strict=True):
        write_photo(tmp_path / name, width, 1500)
    write_plan(tmp_path, names)
    assert found(coach, "--media", "img") == [
        ("P022", 7, 9, "photo 2, img/b.jpg, has 1,081 pixels on its shorter side; the API takes 1,080"),
        ("P020", 8, 9, "photo 3, img/c.png, is a png file; the API takes jpeg, webp"),
        ("P022", 8, 9, "photo 3, img/c.png, has 1,200 pixels on its shorter side; the API takes 1,080"),
    ]
    codes = [one["error_code"] for one in lint(coach, "--media", "img")]
    assert codes == ["picture_size_check_failed", "file_format_check_failed", "picture_size_check_failed"]


@pytest.mark.parametrize(("ending", "expected"), [("jpg", []), ("webp", []), ("png", ["P020"]), ("heic", ["P020"])])
def test_formats(coach: Coach, tmp_path: Path, ending: str, expected: list[str]) -> None:
    write_photo(tmp_path / f"a.{ending}")
    write_plan(tmp_path, [f"a.{ending}"])
    assert [one[0] for one in found(coach, "--media", ".")] == expected


@pytest.mark.parametrize(("size", "expected"), [(20_000_000, []), (20_100_000, ["P021"])])
def test_file_sizes(coach: Coach, tmp_path: Path, size: int, expected: list[str]) -> None:
    with write_photo(tmp_path / "a.jpg").open("r+b") as stream:
        stream.truncate(size)
    write_plan(tmp_path, ["a.jpg"])
    assert [one[0] for one in found(coach, "--media", ".")] == expected


@pytest.mark.parametrize(("count", "expected"), [(35, []), (36, ["P013"])])
def test_counts(coach: Coach, tmp_path: Path, count: int, expected: list[str]) -> None:
    names = [f"img/{number}.jpg" for number in range(count)]
    for name in names:
        write_photo(tmp_path / name, 8, 8)
    write_plan(tmp_path, names)
    assert [one[0] for one in found(coach, "--media", "img")] == expected


@pytest.mark.parametrize("via", ["app", "studio", "null"])
def test_what_only_the_api_refuses_is_no_fault_elsewhere(coach: Coach, tmp_path: Path, via: str) -> None:
    write_photo(tmp_path / "a.png", 1200, 1500)
    write_plan(tmp_path, ["a.png"], via)
    assert found(coach, "--media", ".", "--today", "2031-02-03") == []


def test_a_missing_photo_is_named_at_its_entry(coach: Coach, tmp_path: Path) -> None:
    write_photo(tmp_path / "a.jpg")
    write_plan(tmp_path, ["a.jpg", "gone.jpg"])
    assert found(coach) == [("L103", 7, 9, "the photo gone.jpg is not beside the plan")]


def test_photos_that_lie_elsewhere_are_known_by_their_names(coach: Coach, tmp_path: Path) -> None:
    write_photo(tmp_path / "elsewhere" / "a.png")
    write_plan(tmp_path, ["a.png"])
    assert [one[0] for one in found(coach, "--media", "elsewhere")] == ["P020"]


def test_of_two_photos_of_one_name_each_post_has_its_own(coach: Coach, tmp_path: Path) -> None:
    write_photo(tmp_path / "monday" / "1.jpg", 1081, 1081)
    write_photo(tmp_path / "tuesday" / "1.jpg")
    write_plan(tmp_path, ["tuesday/1.jpg", "monday/1.jpg"])
    assert [one[:2] for one in found(coach, "--media", ".")] == [("P022", 7)]


def test_a_photo_that_cannot_be_read_is_named_and_the_others_are_judged(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("rye bread")
    write_photo(tmp_path / "b.png")
    write_plan(tmp_path, ["a.jpg", "b.png"])
    ran = coach("lint", "plan.yaml", "--select", "P", "--media", ".", "-v")
    assert "a.jpg: cannot be read" in ran.err
    assert "photo 2, b.png, is a png file" in ran.out


def damage(folder: Path) -> dict[str, str]:
    """Photos that cannot be read: their names, and what is said of each."""
    (folder / "text.jpg").write_text("rye bread")
    (folder / "empty.jpg").touch()
    whole = write_photo(folder / "half.jpg", 400, 600).read_bytes()
    (folder / "half.jpg").write_bytes(whole[: len(whole) // 2])
    return {
        "text.jpg": "cannot be read (no picture of a known format)",
        "empty.jpg": "is empty",
        "half.jpg": "breaks off before its end",
    }


def test_a_photo_that_cannot_be_read_is_an_error_at_its_entry(coach: Coach, tmp_path: Path) -> None:
    said = damage(tmp_path)
    write_plan(tmp_path, list(said), "app")
    ran = coach("lint", "plan.yaml", "--select", "L", "--json", "--media", ".")
    findings = json.loads(ran.out)["findings"]
    assert [(one["code"], one["severity"], one["line"], one["message"]) for one in findings] == [
        ("L104", "error", 6 + position, f"the photo {name} {problem}")
        for position, (name, problem) in enumerate(said.items())
    ]
    assert (ran.code, ran.err) == (1, "")


def test_a_video_that_cannot_be_read_is_an_error_where_it_is_named(coach: Coach, tmp_path: Path) -> None:
    (tmp_path / "rye.mp4").touch()
    (tmp_path / "plan.yaml").write_text(
        "posts:\n  - {caption: Rye, video: rye.mp4}\n  - {caption: Bun, video: rye.mp4}\n"
    )
    ran = coach("lint", "plan.yaml", "--select", "L", "--json", "--media", ".")
    [one] = json.loads(ran.out)["findings"]
    assert (one["code"], one["severity"], one["line"], one["subject"]) == ("L104", "error", 2, "2 posts")
    assert one["message"] == "the video rye.mp4 is empty"
    assert (ran.code, ran.err) == (1, "")


def test_where_a_post_has_none_of_its_photos_it_is_named_and_its_photos_are_counted(
    coach: Coach, tmp_path: Path
) -> None:
    plan = "posts:\n  - {caption: Rye, photos: [a.jpg, b.jpg]}\n  - {caption: Bun, photos: [c.jpg, d.jpg, a.jpg]}\n"
    (tmp_path / "plan.yaml").write_text(plan)

    def missing() -> list[tuple[int, str, str]]:
        return [(one["line"], one["severity"], one["message"]) for one in lint(coach)]

    none = "none of the post's {} photos is beside the plan"
    assert missing() == [(2, "info", none.format(2)), (3, "info", none.format(3))], "likely kept elsewhere"
    write_photo(tmp_path / "d.jpg")
    assert missing() == [
        (2, "warning", none.format(2)),
        (3, "warning", "the photo c.jpg is not beside the plan"),
        (3, "warning", "the photo a.jpg is not beside the plan"),
    ]
    (tmp_path / "plan.yaml").write_text(plan.partition("  - {caption: Bun")[0])
    assert missing() == [(2, "warning", none.format(2))], "of one post nothing says so"


def test_a_picture_of_too_many_pixels_fills_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    write_photo(tmp_path / "a.jpg")
    [one] = photos.probe_photos([tmp_path])
    assert one.photo is None
    assert one.problem is not None
    assert "too many pixels" in one.problem


def test_a_comment_on_the_entry_silences_it(coach: Coach, tmp_path: Path) -> None:
    write_photo(tmp_path / "a.png")
    write_plan(tmp_path, ["a.png  # coach: ignore[P020] converted by the scheduler"])
    assert found(coach, "--media", ".") == []


def test_what_photos_show_is_known_of_their_post(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = [
        {"qr_code": False, "watermark": "none", "opening_text": "Five breads"},
        {"qr_code": True, "watermark": "CapCut", "opening_text": "Rye"},
    ]
    shown = iter(facts)
    monkeypatch.setattr("tiktok_coach.media.frame_facts.photo_facts", lambda _picture: next(shown))
    write_photo(tmp_path / "a.jpg", colour=(11, 12, 13))
    write_photo(tmp_path / "plain.jpg", colour=(1, 2, 3))
    sign(tmp_path / "plain.jpg", tmp_path / "b.jpg", "trainedAlgorithmicMedia")
    (tmp_path / "plain.jpg").unlink()
    write_plan(tmp_path, ["a.jpg", "b.jpg"])
    calendar = look_at([tmp_path]).fill(
        load_calendar([tmp_path / "plan.yaml"], ReadOptions(dt.date(2031, 1, 1)), known=Account())
    )
    of_post = {name: calendar.posts.column_or_null(name).tolist() for name in OF_POST}
    assert of_post == {
        "content_credentials": ["ai"],
        "qr_code": [1.0],
        "watermark": ["CapCut"],
        "opening_text": ["Five breads"],
    }
    assert calendar.place(0, "qr_code").line == 6


def test_that_there_is_nothing_is_known_where_every_photo_was_read(coach: Coach, tmp_path: Path) -> None:
    write_photo(tmp_path / "a.jpg")
    for photos_of_post, known in ((["a.jpg"], True), (["a.jpg", "gone.jpg"], False)):
        write_plan(tmp_path, photos_of_post)
        calendar = look_at([tmp_path]).fill(
            load_calendar([tmp_path / "plan.yaml"], ReadOptions(dt.date(2031, 1, 1)), known=Account())
        )
        answers = [calendar.posts.column_or_null(name).tolist() for name in ("content_credentials", "watermark")]
        assert answers == [["none"] if known else [None]] * 2


def test_what_was_measured_before_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_photo(tmp_path / "a.jpg", colour=(9, 8, 7))
    [first] = photos.probe_photos([tmp_path])
    monkeypatch.setattr(photos, "measure_photo", lambda _path, **_how: pytest.fail("measured again"))
    (tmp_path / "a.jpg").rename(tmp_path / "b.jpg")
    [again] = photos.probe_photos([tmp_path])
    assert first.photo is not None
    assert again.photo == replace(first.photo, file="b.jpg")


def test_photos_that_no_post_names_are_not_looked_at(tmp_path: Path) -> None:
    for name in ("a.jpg", "holiday.jpg"):
        write_photo(tmp_path / name)
    write_plan(tmp_path, ["a.jpg"])
    looked_at: list[str] = []
    media = replace(look_at([tmp_path]), progress=looked_at.append)
    media.fill(load_calendar([tmp_path / "plan.yaml"], ReadOptions(dt.date(2031, 1, 1)), known=Account()))
    assert looked_at == ["measuring photos: 0 of 1 done"]


def test_the_guide_shows_what_lint_says(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "upload-preflight.md").read_text("utf-8")
    plan, shown = (
        re.findall(rf"^```{kind}\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)[0] for kind in ("yaml", "text")
    )
    (tmp_path / "plan.yaml").write_text(plan)
    for name in ("rye.jpg", "stollen.png"):
        write_photo(tmp_path / "advent" / name)
    monkeypatch.setenv("COLUMNS", "120")
    ran = coach("lint", "plan.yaml", "--media", "advent", "--select", "P020")
    assert ran.out.endswith(shown)
