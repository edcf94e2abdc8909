"""Which subtitles are whose: by the name of the video, by the post's id, or as a post names them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tiktok_coach.analysis.probe import Probe
from tiktok_coach.media.facts import ProbeResult, Video
from tiktok_coach.media.languages import language_code
from tiktok_coach.media.transcript_files import Speaker, TranscriptFiles, transcript_files, with_transcripts
from tiktok_coach.render.pages.page import Table
from tiktok_coach.render.probe import probe_json, probe_page, sidecar

ID = "7650921463263792402"
NO_BRACKETS = str.maketrans("", "", "[]")
Write = Callable[..., TranscriptFiles]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files of subtitles, each with its own name as the only word, and gives all as a choice."""

    def files(*names: str) -> TranscriptFiles:
        for name in names:
            (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
            (tmp_path / name).write_text(f"WEBVTT\n\n00:00.000 --> 00:01.000\n{name.translate(NO_BRACKETS)}\n")
        return TranscriptFiles(tuple(transcript_files([tmp_path])))

    return files


def words(files: TranscriptFiles, **post: object) -> str | None:
    transcript = files.of(Speaker(**post))  # type: ignore[arg-type]
    return None if transcript is None else transcript.hook


@pytest.mark.parametrize(
    "name", ["clip.srt", "clip.VTT", "clip.en.srt", "clip.eng-US.vtt", "clip_da.srt", "clip-de.vtt", "CLIP.en.sdh.srt"]
)
def test_the_name_of_the_video_with_or_without_a_language(write: Write, tmp_path: Path, name: str) -> None:
    assert words(write(name), video=tmp_path / "clip.mp4") == name


@pytest.mark.parametrize(
    "name", ["clip2.srt", "clip.final.srt", "my clip.srt", "clip.me.srt", "clip.txt", "clip.srt.bak"]
)
def test_other_names_are_of_other_videos(write: Write, tmp_path: Path, name: str) -> None:
    assert words(write(name), video=tmp_path / "clip.mp4") is None


def test_a_copy_for_tiktok_has_the_subtitles_of_its_source(write: Write, tmp_path: Path) -> None:
    assert words(write("clip.srt"), video=tmp_path / "clip.tiktok.mp4") == "clip.srt"


def test_subtitles_in_a_folder_of_their_own(write: Write, tmp_path: Path) -> None:
    assert words(write("subtitles/clip.da.srt"), video=tmp_path / "videos/clip.mp4") == "subtitles/clip.da.srt"


def test_of_two_folders_the_video_s_own_counts(write: Write, tmp_path: Path) -> None:
    files = write("monday/clip.srt", "tuesday/clip.srt")
    assert words(files, video=tmp_path / "tuesday/clip.mp4") == "tuesday/clip.srt"
    assert words(files, video=tmp_path / "clip.mp4") is None
    assert words(files, video_name="clip.mp4") is None


def test_the_id_in_a_name_does_without_a_video(write: Write) -> None:
    files = write(f"Rye bread [{ID}].eng-US.vtt")
    assert words(files, post_id=ID) == f"Rye bread {ID}.eng-US.vtt"
    assert words(files, post_id="7650921463263792403") is None


def test_what_a_post_names_counts_alone(write: Write, tmp_path: Path) -> None:
    files = write("clip.srt", "words/take 2.srt", "other/words.srt", "words/words.srt")
    own = {"video": tmp_path / "clip.mp4"}
    assert words(files, **own, transcript="take 2.srt") == "words/take 2.srt"
    assert words(files, **own, transcript=r"words\TAKE 2.SRT") == "words/take 2.srt"
    assert words(files, **own, transcript="gone.srt") is None
    assert words(files, **own, transcript="words.srt") is None
    assert words(files, **own, transcript=str(tmp_path / "other/words.srt")) == "other/words.srt"


@pytest.mark.parametrize(
    ("names", "languages", "expected"),
    [
        ("clip.da.srt clip.en.srt clip.srt", ("da",), "clip.da.srt"),
        ("clip.da.srt clip.en.srt clip.srt", ("en", "da"), "clip.en.srt"),
        ("clip.da.srt clip.en.srt clip.srt", ("fr",), "clip.srt"),
        ("clip.da.srt clip.en.srt", ("fr",), "clip.da.srt"),
        ("clip.nob-NO.vtt clip.en.vtt", ("no",), "clip.nob-NO.vtt"),
        ("clip.srt clip.vtt", (), "clip.srt"),
    ],
)
def test_of_several_languages(
    write: Write, tmp_path: Path, names: str, languages: tuple[str, ...], expected: str
) -> None:
    assert words(write(*names.split()), video=tmp_path / "clip.mp4", languages=languages) == expected


def test_subtitles_that_cannot_be_read_are_named_once_and_give_way_to_others(write: Write, tmp_path: Path) -> None:
    files = write("clip.da.srt", "clip.en.srt")
    (tmp_path / "clip.da.srt").write_text("1\n00:00:0x --> 00:00:02,000\nRye\n")
    post = {"video": tmp_path / "clip.mp4", "languages": ("da",)}
    assert [words(files, **post), words(files, **post)] == ["clip.en.srt"] * 2
    assert [(notice.source, notice.line) for notice in files.notices] == [(str(tmp_path / "clip.da.srt"), 2)]


def test_subtitles_without_words_give_way_to_others(write: Write, tmp_path: Path) -> None:
    files = write("clip.da.srt", "clip.en.srt")
    (tmp_path / "clip.da.srt").write_text("WEBVTT\n")
    assert words(files, video=tmp_path / "clip.mp4", languages=("da",)) == "clip.en.srt"


def test_beside_a_video_that_is_named_only_its_own_are_looked_at(write: Write, tmp_path: Path) -> None:
    write("clip.srt", "clip.da.vtt", "other.srt", "notes.txt")
    (tmp_path / "clip.mp4").touch()
    assert [path.name for path in transcript_files([tmp_path / "clip.mp4"])] == ["clip.da.vtt", "clip.srt"]
    twice = transcript_files([tmp_path, tmp_path / "sub" / ".." / "other.srt"])
    assert sorted(path.name for path in twice) == ["clip.da.vtt", "clip.srt", "other.srt"]


def test_files_of_no_post_are_named_but_not_those_of_another_language(write: Write, tmp_path: Path) -> None:
    files = write("clip.da.srt", "clip.en.srt", "stray.srt")
    used = files.of(Speaker(video=tmp_path / "clip.mp4"))
    assert used is not None
    [notice] = files.strays([used.file])
    assert notice.text.endswith(": stray.srt")


@pytest.mark.parametrize(
    ("tag", "code"),
    [("da", "da"), ("dan-DK", "da"), ("en-orig", "en"), ("zh-Hans", "zh"), ("fil", "fil"), ("nn", "no"), ("mp", None)],
)
def test_tags_of_languages(tag: str, code: str | None) -> None:
    assert language_code(tag) == code


def test_probe_shows_what_is_said_in_the_first_three_seconds(tmp_path: Path) -> None:
    (tmp_path / f"{ID}.da.srt").write_text("1\n00:00:00,500 --> 00:00:02,000\nVidste du det?\n")
    (tmp_path / "late.vtt").write_text("WEBVTT\n\n00:04.500 --> 00:06.000\nVidste du det?\n")
    names = (f"{ID}.mp4", "late.mp4", "silent.mp4")
    results = [ProbeResult(tmp_path / name, Video(name, duration_s=9.0)) for name in names]
    spoken, notices = with_transcripts(results, transcript_files([tmp_path]))
    probe = Probe(tuple(spoken), fast=True)
    [table] = [part for part in probe_page(probe).parts if isinstance(part, Table) and "three seconds" in part.title]
    assert table.rows == [
        ["“Vidste du det?”", f"{ID}.mp4", f"{ID}.da.srt"],
        ["nothing; the first words come at 4.5 s", "late.mp4", "late.vtt"],
    ]
    videos = json.loads("".join(probe_json(probe)))["videos"]
    facts = [(one["spoken_hook"], one["speech_starts_s"], one["spoken_language"]) for one in videos]
    assert facts == [("Vidste du det?", 0.5, "da"), ("none", 4.5, None), (None, None, None)]
    [post] = yaml.safe_load("".join(sidecar(probe)))["posts"]
    assert (post["spoken_hook"], post["measured"]) == (
        "Vidste du det?",
        "duration_s; spoken_hook; speech_starts_s; spoken_language",
    )
    assert notices == []
