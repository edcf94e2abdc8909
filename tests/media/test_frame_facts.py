"""What pictures say: the words in them, other apps' watermarks and QR codes, each also where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.media.clips import Scene, write
from tests.media.drawing import Drawing, card, drawn, ground, over_time, show_code, write_text

pytest.importorskip("rapidocr", reason="needs the extra text")

from tiktok_coach.core.account import Account
from tiktok_coach.core.arrays import text_array
from tiktok_coach.core.facts import facts_from_columns
from tiktok_coach.media import frame_facts, text_lines
from tiktok_coach.media.facts import PostContext, Video, post_contexts, posts_columns
from tiktok_coach.media.frame_facts import photo_facts
from tiktok_coach.media.measure import measure_video
from tiktok_coach.media.text_lines import TextLine, is_readable, read_lines, words_of
from tiktok_coach.media.watermarks import TextAt, watermarks_of_photo, watermarks_of_video

pytestmark = pytest.mark.xdist_group("looking")
FPS = 4


def clip(path: Path, drawing: Drawing, seconds: float = 2.5) -> Video:
    change = over_time(drawing, FPS)
    return measure_video(write(path, [Scene(seconds, 4)], width=360, height=640, fps=FPS, change=change))


def nothing(image: Any, at: float) -> None:
    pass


def line(text: str, top: float = 0.4, left: float = 0.1, high: float = 0.03, score: float = 0.98) -> TextLine:
    return TextLine(text, score, top, left, top + high, min(left + 0.02 * len(text), 1.0))


def test_words_of_a_photo_are_read_and_one_without_has_none() -> None:
    def words(image: Any) -> None:
        write_text(image, "Wait for it...", 0.08, 0.3, 28)
        write_text(image, "the crust", 0.08, 0.4, 28)

    facts = photo_facts(drawn(ground(), words))
    assert facts.pop("opening_text").replace(" ", "") == "Waitforit...thecrust"
    assert facts == {"qr_code": False, "watermark": "none"}
    assert photo_facts(ground()) == {"qr_code": False, "watermark": "none", "opening_text": "none"}


def test_a_photo_shows_a_code_and_a_mark() -> None:
    def words(image: Any) -> None:
        show_code(image, 0.3, 0.5)
        write_text(image, "InShot", 0.7, 0.94, 16)

    assert photo_facts(drawn(ground(), words)) == {"qr_code": True, "watermark": "InShot", "opening_text": "none"}


def test_a_large_photo_is_read_in_a_smaller_size(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[tuple[int, ...]] = []
    monkeypatch.setattr(frame_facts, "read_lines", lambda picture: sizes.append(picture.shape))
    photo_facts(np.zeros((3000, 2000, 3), dtype=np.uint8))
    photo_facts(np.zeros((300, 200, 3), dtype=np.uint8))
    assert sizes == [(1080, 720, 3), (300, 200, 3)]


def test_words_of_the_first_second_are_the_opening(tmp_path: Path) -> None:
    def words(image: Any, at: float) -> None:
        if at < 1.5:
            write_text(image, "Wait for it...", 0.1, 0.3, 28)
        else:
            write_text(image, "Step one", 0.1, 0.5, 28)

    measured = clip(tmp_path / "v.mp4", words)
    # The models lose a space now and then.
    assert (measured.opening_text or "").replace(" ", "") == "Waitforit..."
    assert (measured.watermark, measured.qr_code) == ("none", False)


def test_words_of_a_turned_video_are_read_as_it_is_shown(tmp_path: Path) -> None:
    def lying(picture: np.ndarray) -> np.ndarray:
        upright = drawn(np.rot90(picture), lambda image: write_text(image, "CRUST", 0.1, 0.3, 40))
        return np.rot90(upright, -1)

    path = write(tmp_path / "v.mp4", [Scene(0.5)], width=640, height=360, fps=FPS, rotation=90, change=lying)
    measured = measure_video(path)
    assert (measured.width, measured.height, measured.opening_text) == (360, 640, "CRUST")


def test_a_video_without_words_marks_and_codes_says_so(tmp_path: Path) -> None:
    measured = clip(tmp_path / "v.mp4", nothing)
    assert (measured.opening_text, measured.watermark, measured.qr_code) == ("none", "none", False)
    assert measured.text_boxes == ()


def test_a_code_in_the_middle_of_a_video_is_seen(tmp_path: Path) -> None:
    measured = clip(tmp_path / "v.mp4", lambda image, at: show_code(image, 0.2, 0.3) if 1 <= at < 2 else None)
    assert measured.qr_code is True
    assert "example.com" not in str(measured.as_dict())


def test_a_mark_that_stays_in_its_corner_is_a_watermark_and_no_opening(tmp_path: Path) -> None:
    measured = clip(tmp_path / "v.mp4", lambda image, at: write_text(image, "Made with KineMaster", 0.4, 0.03, 16))
    assert (measured.watermark, measured.opening_text) == ("KineMaster", "none")


def test_a_card_at_the_end_is_a_watermark(tmp_path: Path) -> None:
    measured = clip(tmp_path / "v.mp4", lambda image, at: card(image, "CapCut") if at >= 2 else None)
    assert measured.watermark == "CapCut"


def test_tiktoks_own_mark_goes_from_corner_to_corner(tmp_path: Path) -> None:
    def mark(image: Any, at: float) -> None:
        left, top = (0.03, 0.08) if at < 1.2 else (0.68, 0.85)
        write_text(image, "TikTok", left, top, 18)
        write_text(image, "@ovnkrogen", left, top + 0.035, 14)

    measured = clip(tmp_path / "v.mp4", mark)
    assert (measured.watermark, measured.opening_text) == ("TikTok", "none")


def video(*pictures: tuple[float, tuple[TextLine, ...]], seconds: float = 10.0, plain: bool = False) -> str | None:
    texts = [TextAt(at, lines, is_plain=plain) for at, lines in pictures]
    return watermarks_of_video(texts, seconds)


def test_a_name_in_a_sentence_is_no_mark() -> None:
    words = (line("How I edit in CapCut"), line("my TikTok is growing"))
    assert video((0.0, words), (5.0, words), (9.5, words)) == "none"


@pytest.mark.parametrize(
    "name",
    [
        line("CapCut", high=0.12),  # a headline
        line("CapCut", top=0.5, left=0.45),  # in the middle
        line("CapCut", top=0.03, score=0.6),  # hardly read
        line("TikTok", top=0.03),  # without the handle of a post
    ],
)
def test_a_name_that_may_be_something_else_is_not_known(name: TextLine) -> None:
    assert video((0.0, (name,)), (5.0, (name,)), (9.5, (name,))) is None


def test_a_mark_that_is_seen_once_or_moves_is_not_known() -> None:
    corner, other = line("InShot", top=0.03), line("InShot", top=0.9)
    assert video((0.0, (corner,)), (5.0, ()), (9.5, ())) is None
    assert video((0.0, (corner,)), (5.0, (other,)), (9.5, ())) is None
    assert video((0.0, (corner,)), (5.0, (corner,)), (9.5, ())) == "InShot"


def test_none_takes_enough_of_the_video() -> None:
    assert video((0.0, ()), (0.5, ()), (0.95, ())) is None
    assert video((0.0, ()), (9.5, ())) is None
    assert video((0.0, ()), (5.0, ()), (9.5, ())) == "none"
    assert watermarks_of_video([TextAt(at, ()) for at in (0.0, 5.0, 9.0)], None) is None


def test_a_card_is_plain_and_at_the_end() -> None:
    name = (line("CapCut", top=0.45, left=0.4, high=0.1),)
    assert video((0.0, ()), (5.0, ()), (9.5, name), plain=True) == "CapCut"
    assert video((0.0, ()), (5.0, ()), (9.5, name), plain=False) is None
    assert video((0.0, ()), (5.0, name), (9.5, ()), plain=True) is None


def test_several_marks_are_all_named() -> None:
    lines = (line("TikTok", 0.03), line("@rye", 0.07), line("Kwai", 0.94, 0.8), line("@rye", 0.97, 0.8, 0.02))
    assert video((0.0, lines), (5.0, lines), (9.5, lines)) == "Kwai; TikTok"
    assert watermarks_of_photo(lines) == "Kwai; TikTok"
    assert watermarks_of_photo([line("Kwai", high=0.2)]) is None


def test_lines_that_follow_one_another_are_said_once() -> None:
    pictures = [
        [line("3 mis")],
        [line("3 mistakes"), line("with rye", 0.5)],
        [line("3 mistakez"), line("with rye", 0.5)],
    ]
    assert words_of(pictures) == "3 mistakes with rye"
    assert words_of([[], []]) == "none"


def test_a_line_that_cannot_be_read_makes_the_words_unknown_unless_it_is_small() -> None:
    sure, unsure = line("Rye bread"), line("XπeБ зa 5", 0.6, score=0.5)
    assert words_of([[sure, unsure]]) is None
    assert words_of([[unsure]]) is None
    assert words_of([[sure, line("XπeБ зa 5", 0.6, high=0.01, score=0.5)]]) == "Rye bread"
    assert words_of([[line("Rye brcad", score=0.6)], [sure]]) == "Rye bread", "it was fading in"


def test_words_in_scripts_that_are_not_read_are_no_fact() -> None:
    assert words_of([[line("Đng làm điu này")]]) is None, "the models leave out letters of Vietnamese"
    for readable in (
        ("Rye bread", "en"),
        ("面包", "zh"),
        ("パン 🍞", None),
        ("Größe ẞ", "de"),
        (None, None),
        ("", "da"),
    ):
        assert is_readable(*readable)
    for other in (("Хлеб", None), ("빵", None), ("خبز", None), ("Bánh mỳ", None), ("Bread", "ko"), (None, "ru-RU")):
        assert not is_readable(*other)
    measured = Video("v.mp4", opening_text="none", watermark="none")
    assert posts_columns(measured, PostContext(caption="Хлеб")) == {"watermark": "none"}
    assert posts_columns(measured, PostContext(caption="Rye", language="da"))["opening_text"] == "none"


def test_the_language_of_a_posts_account_counts() -> None:
    columns = {
        "caption": text_array(["Rye", None, "Rye"]),
        "hashtags": text_array([None, "#bread", None]),
        "account": text_array(["baker", "miller", None]),
        "ad": np.array([1.0, np.nan, 0.0]),
    }
    posts = facts_from_columns(columns, 3)
    accounts = [Account(handle="baker", language="da"), Account(handle="miller", language="ko")]
    contexts = post_contexts(posts, accounts)
    assert [one.language for one in contexts] == ["da", "ko", None]
    assert [one.is_ad for one in contexts] == [True, None, False]
    assert contexts[0].caption == "Rye"
    measured = Video("v.mp4", opening_text="Bread")
    assert [posts_columns(measured, one).get("opening_text") for one in contexts] == ["Bread", None, "Bread"]
    [only, *_rest] = post_contexts(posts, accounts[1:])
    assert only.language == "ko", "a single account is that of all posts"


def test_without_the_extra_nothing_is_said_of_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_facts, "can_read", lambda: False)
    monkeypatch.setattr(frame_facts, "read_lines", lambda picture: None)
    assert photo_facts(ground(90, 160)) == {"qr_code": False}
    measured = clip(tmp_path / "v.mp4", nothing, 1.0)
    assert (measured.opening_text, measured.watermark, measured.qr_code) == (None, None, False)


def test_what_breaks_the_models_costs_the_words_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(picture: np.ndarray) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(frame_facts, "read_lines", broken)
    measured = clip(tmp_path / "v.mp4", nothing, 1.0)
    assert (measured.opening_text, measured.watermark, measured.qr_code) == (None, None, False)
    assert photo_facts(ground(90, 160)) == {"qr_code": False}


def test_marks_are_looked_for_where_the_file_does_not_say_how_long_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_facts, "read_lines", lambda picture: ())
    path = write(tmp_path / "v.mkv", [Scene(4)], width=90, height=160, fps=4, options={"live": "1"})
    assert measure_video(path, fast=True).duration_s is None
    assert (measure_video(path).watermark, measure_video(path).duration_s) == ("none", 4.0)


def test_a_picture_that_stays_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures: list[np.ndarray] = []

    def count(picture: np.ndarray) -> tuple[TextLine, ...]:
        pictures.append(picture)
        return ()

    monkeypatch.setattr(frame_facts, "read_lines", count)
    measure_video(write(tmp_path / "still.mp4", [Scene(4, moving=False)], width=90, height=160, fps=4))
    assert len(pictures) == 1
    pictures.clear()
    measure_video(write(tmp_path / "moving.mp4", [Scene(4)], width=90, height=160, fps=4))
    assert 4 < len(pictures) <= 7


def test_models_are_those_of_the_package_and_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("something is fetched")

    monkeypatch.setattr("socket.socket.connect", refuse)
    text_lines._reader.cache_clear()
    assert read_lines(drawn(ground(), lambda image: write_text(image, "CRUST", 0.1, 0.3, 40)))
    reader = text_lines._reader()
    assert reader is text_lines._reader()
    assert Path(reader.cfg.Det.model_path).is_file()
    assert Path(reader.cfg.Rec.model_path).is_file()
