"""Subtitles as TikTok, yt-dlp, editors and people write them: what is said, when, and in the first three seconds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tiktok_coach.core.errors import CoachError
from tiktok_coach.media.transcripts import Transcript, parse_transcript, read_transcript

SRT = """\
1
00:00:00,100 --> 00:00:02,400
Hej alle sammen

2
00:00:02,400 --> 00:00:06,000
I dag bager vi rugbrød med øl
"""
VTT = """\
WEBVTT - made by hand
Kind: captions
Language: da-DK

NOTE The times are of the second take

STYLE
::cue { color: lime }

REGION
id:low

1 - opening
00:00.100 --> 00:02.400 align:start position:0% line:90%
<v Mette>Hej <b>alle</b> <c.yellow>sammen</c>

00:02.400 --> 00:06.000
I dag bager vi rugbr&oslash;d med &#248;l
"""
# As automatic captions of YouTube roll: each line is shown twice, and its words have times of their own.
ROLLING = """\
WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:01.990 align:start position:0%
\x20
did<00:00:00.320><c> you</c><00:00:00.800><c> know</c>

00:00:01.990 --> 00:00:02.000 align:start position:0%
did you know
\x20

00:00:02.000 --> 00:00:04.070 align:start position:0%
did you know
that<00:00:02.500><c> rye</c><00:00:03.100><c> has</c>

00:00:04.070 --> 00:00:04.080 align:start position:0%
that rye has
\x20

00:00:04.080 --> 00:00:06.000 align:start position:0%
that rye has
no<00:00:04.500><c> gluten</c>
"""


def parse(text: str, name: str = "clip.srt") -> Transcript:
    return parse_transcript(text, name)


def said(text: str) -> list[tuple[float, float, str]]:
    return [(cue.start_s, cue.end_s, cue.text) for cue in parse(text).cues]


def cue(words: str, start: str = "00:00:00,000", end: str = "00:00:04,000") -> str:
    return f"1\n{start} --> {end}\n{words}\n"


@pytest.mark.parametrize("text", [SRT, VTT], ids=["SubRip", "WebVTT"])
def test_both_formats_say_the_same(text: str) -> None:
    assert said(text) == [(0.1, 2.4, "Hej alle sammen"), (2.4, 6.0, "I dag bager vi rugbrød med øl")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_encodings_and_ends_of_lines(tmp_path: Path, encoding: str, end: str) -> None:
    (tmp_path / "clip.srt").write_bytes(SRT.replace("\n", end).encode(encoding))
    assert read_transcript(tmp_path / "clip.srt").cues == parse(SRT).cues


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        ("00:00:01,500 --> 00:00:02,250", (1.5, 2.25)),
        ("00:00:01.500 --> 00:00:02.250", (1.5, 2.25)),
        ("0:00:01,5-->0:00:02,25", (1.5, 2.25)),
        ("00:01.500 --> 00:02.250", (1.5, 2.25)),
        ("00:01,500 --> 00:02,250", (1.5, 2.25)),
        ("00:00:01 --> 00:00:02", (1.0, 2.0)),
        ("01:00:01,500 --> 01:00:02,250", (3601.5, 3602.25)),
        ("00:00:01,500 --> 00:00:02,250 X1:40 X2:600 Y1:20 Y2:50", (1.5, 2.25)),
        ("00:00:02,000 --> 00:00:02,000", (2.0, 2.0)),
    ],
)
def test_times_as_they_are_written(timing: str, expected: tuple[float, float]) -> None:
    for text in (f"1\n{timing}\nRye\n", f"{timing}\nRye", f"WEBVTT\n\n{timing}\nRye\n"):
        assert said(text) == [(*expected, "Rye")]


def test_a_cue_that_ends_before_it_begins_is_one_line_with_its_place() -> None:
    for head, line in (("", 1), ("WEBVTT\n\n", 3)):
        with pytest.raises(CoachError, match="ends before it begins") as caught:
            said(f"{head}00:00:05.000 --> 00:00:01.000\nRye\n")
        assert caught.value.line == line


def test_a_text_of_several_lines_with_an_empty_one_between_is_one_cue() -> None:
    text = "1\n00:00:00,000 --> 00:00:02,000\nRye\n\nbread\n\n\n2\n00:00:02,000 --> 00:00:03,000\n2026\n"
    assert [words for *_times, words in said(text)] == ["Rye bread", "2026"]


def test_cues_without_numbers_and_without_lines_between_them() -> None:
    text = "00:00:00,000 --> 00:00:02,000\nRye\n00:00:02,000 --> 00:00:03,000\nbread\n"
    assert [words for *_times, words in said(text)] == ["Rye", "bread"]


def test_cues_out_of_order_are_put_in_order() -> None:
    text = cue("second", "00:00:02,000", "00:00:03,000") + "\n" + cue("first", "00:00:00,000", "00:00:01,000")
    assert [words for *_times, words in said(text)] == ["first", "second"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[Music] Rye <i>bread</i>", "Rye bread"),
        ("(door opens)", None),
        ("♪ I want to bake free ♪", None),
        (r"{\an8}Rye {\i1}bread{\i0}", "Rye bread"),
        (">> Rye\n>> No, wheat", "Rye No, wheat"),
        ("- Rye\n- No, wheat", "Rye No, wheat"),
        ("ANNA: Rye bread", "Rye bread"),
        ("Speaker 1: Rye bread", "Rye bread"),
        ("Rye &amp; wheat &lt;3 &nbsp;", "Rye wheat <3"),
        ("R\u200by\u202ee \u2066bread\u2069", "Rye bread"),
        ("bread --> crumbs", "bread crumbs"),
        ("…", None),
        ("3 < 5 loaves", "3 5 loaves"),
    ],
)
def test_what_is_no_word_is_left_out(written: str, expected: str | None) -> None:
    assert [words for *_times, words in said(cue(written))] == ([] if expected is None else [expected])


def test_automatic_captions_that_roll_say_each_word_once() -> None:
    transcript = parse(ROLLING, "clip.vtt")
    assert [cue.text for cue in transcript.cues] == ["did you know", "that rye has", "no gluten"]
    assert transcript.language == "en"


def test_captions_that_grow_say_each_word_once() -> None:
    lines = ["did", "did you", "did you know", "did you know that"]
    cues = [cue(line, f"00:00:0{at},000", f"00:00:0{at + 1},000") for at, line in enumerate(lines)]
    assert [words for *_times, words in said("\n".join(cues))] == ["did", "you", "know", "that"]


def test_what_is_said_twice_is_said_twice() -> None:
    lines = ["no", "no", "never in my life", "life is short"]
    cues = [cue(line, f"00:00:0{at},000", f"00:00:0{at + 1},000") for at, line in enumerate(lines)]
    assert [words for *_times, words in said("\n".join(cues))] == lines


def test_words_with_times_of_their_own_are_counted_by_these() -> None:
    assert parse(ROLLING, "clip.vtt").hook == "did you know that rye"


@pytest.mark.parametrize(
    ("text", "hook"),
    [
        # Eight words in eight seconds would be one each second; who speaks slowly still says two.
        (cue("one two three four five six seven eight", end="00:00:08,000"), "one two three four five six"),
        # Eight words in four seconds are two each second.
        (cue("one two three four five six seven eight"), "one two three four five six"),
        (cue("one two three four five six seven eight", end="00:00:02,000"), "one two three four five six seven eight"),
        (cue("one two three four", "00:00:02,000", "00:00:04,000"), "one two"),
        (cue("one two", "00:00:02,999", "00:00:04,000"), "one"),
        (cue("one two", "00:00:03,000"), "none"),
        (cue("one two three four five six seven eight", end="99:59:59,999"), "one two three four five six"),
        # Letters of scripts that part no words: four a second.
        (cue("今日はパンを焼きます、どうぞ見てください", end="99:00:00,000"), "今日はパンを焼きます、どう"),
        ("WEBVTT\n", None),
        (cue("[Music]"), None),
    ],
)
def test_the_hook_is_what_begins_in_the_first_three_seconds(text: str, hook: str | None) -> None:
    assert parse(text).hook == hook


def test_when_speech_starts() -> None:
    text = cue("[Music]", "00:00:00,000", "00:00:04,000") + "\n" + cue("Rye", "00:00:04,500", "00:00:05,000")
    assert (parse(text).speech_starts_s, parse("WEBVTT\n").speech_starts_s) == (4.5, None)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("1\n00:00:0x,000 --> 00:00:02,000\nRye\n", 2, "is no pair of times"),
        ("1\n-00:00:01,000 --> 00:00:02,000\nRye\n", 2, "is no pair of times"),
        ("WEBVTT\n\n00:00:01.000 --> soon\nRye\n", 3, "is no pair of times"),
        ("1\n00:00:01,000 --> 00:00:02,00000\nRye\n", 2, "is no pair of times"),
        ("Once upon a time there was a loaf.", None, "has no subtitles"),
        ("", None, "has no subtitles"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, line: int | None, problem: str) -> None:
    with pytest.raises(CoachError, match=problem) as error:
        parse(text)
    assert (error.value.where, error.value.line) == ("clip.srt", line)


def test_a_video_that_is_called_subtitles_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "clip.srt").write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(range(256)) * 40)
    with pytest.raises(CoachError, match="not a text file"):
        read_transcript(tmp_path / "clip.srt")


def test_a_file_of_50_mb_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "clip.srt").open("wb") as stream:
        stream.truncate(50 * 2**20)
    with pytest.raises(CoachError, match=r"too large for subtitles \(50 MB\)"):
        read_transcript(tmp_path / "clip.srt")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "clip.srt").mkdir()
    with pytest.raises(CoachError, match="cannot be read"):
        read_transcript(tmp_path / "clip.srt")


@pytest.mark.parametrize(
    "words",
    [
        "[" * 40_000,
        "(" * 40_000,
        "<" * 40_000,
        "♪" * 40_000,
        "{\\" * 20_000,
        " \n" * 20_000,
        "a " * 20_000,
        "-->" * 9_000,
    ],
    ids=["brackets", "parentheses", "tags", "notes", "overrides", "spaces", "words", "arrows"],
)
def test_no_text_takes_long(words: str) -> None:
    start = time.perf_counter()
    parse(cue(words))
    parse("WEBVTT\n\n" + cue(words))
    assert time.perf_counter() - start < 2
