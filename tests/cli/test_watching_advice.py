"""What audit, why and experiment say of a video's seconds, where a capture has curves and the videos are named."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.cli.test_audit import AUDIT_SCHEMA
from tests.conftest import Ran
from tests.watched import write_watched
from tiktok_coach.analysis.retention import Fall
from tiktok_coach.media.facts import Video
from tiktok_coach.render.screen import LINES
from tiktok_coach.render.why import _fall_text

Coach = Callable[..., Ran]
Name = Callable[[Sequence[Video]], Path]


@pytest.fixture
def videos(tmp_path: Path, name_videos: Name) -> Path:
    """The videos of an account whose viewers leave at pauses; its capture is studio.har."""
    return name_videos(write_watched(tmp_path / "studio.har", 24, {"pause": 3.0}))


def answered(coach: Coach, *arguments: str | Path) -> dict[str, Any]:
    ran = coach(*arguments, "--json", "-q", "--timezone", "Europe/Copenhagen")
    assert ran.code == 0, ran.err
    answer: dict[str, Any] = json.loads(ran.out)
    return answer


def watching(audit: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in audit["advice"] if one["basis"] == "retention"]


def test_an_audit_says_what_to_change_in_the_videos_before_what_nobody_measured(coach: Coach, videos: Path) -> None:
    audit = answered(coach, "audit", "studio.har", "--media", videos)
    jsonschema.validate(audit, AUDIT_SCHEMA)
    pause = watching(audit)[0]
    assert (pause["id"], pause["do"], pause["effect"], pause["code"]) == ("not-pause", "Cut out pauses", None, None)
    leaving = pause["watching"]["leaving"]
    assert leaving["interval"][0] < 3 < leaving["interval"][1]
    order = [one["basis"] for one in audit["advice"]]
    assert order.index("retention") < order.index("unmeasured")


def test_the_first_screen_says_it_where_other_advice_comes_first(
    coach: Coach, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for arguments in ([], ["--full"]):
        shown = coach("audit", "studio.har", "--media", videos, "--top", "50", "-q", *arguments).out
        assert "Cut out pauses" in shown
        assert "So that viewers stay" not in shown
    audit = answered(coach, "audit", "studio.har", "--media", videos)
    place = [one["basis"] for one in audit["advice"]].index("retention")
    assert place >= 1
    for arguments in ([], ["--full"]):
        shown = coach("audit", "studio.har", "--media", videos, "--top", str(place), "-q", *arguments).out
        assert "\nSo that viewers stay: cut out pauses" in shown
    screen = coach("audit", "studio.har", "--media", videos, "-q").out.splitlines()
    assert len(screen) <= LINES
    # Paths that have no room are named by what they are.
    assert screen[-1] in {
        f"All of it: tiktok-coach audit studio.har --media {videos} --full",
        "All of it: tiktok-coach audit studio.har --media VIDEOS --full",
    }


def test_the_page_says_it_once_and_names_the_experiment_that_tells(coach: Coach, videos: Path) -> None:
    ran = coach("audit", "studio.har", "--media", videos, "--full", "--top", "50", "-q")
    page = " ".join(ran.out.split())
    assert "Cut out pauses In pauses in speech" in page
    assert page.count("need not be why") == 1
    assert f"tiktok-coach experiment design studio.har --media {videos} --rule not-pause" in page
    (source,) = [part for part in page.split("source: ") if part.startswith("teachers who speak fairly fast")]
    assert "(Guo, Kim and Rubin, 2014-03)" in source


def test_without_videos_nothing_of_it_is_worked_out(
    coach: Coach, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_arguments: object) -> None:
        raise AssertionError("worked out")

    monkeypatch.setattr("tiktok_coach.analysis.retention.retention_of_account", never)
    assert watching(answered(coach, "audit", "studio.har")) == []
    assert coach("why", "studio.har", "-q").code == 0
    with pytest.raises(AssertionError, match="worked out"):
        coach("audit", "studio.har", "--media", videos, "--debug")


def test_what_viewers_leave_at_is_followed_up_by_rules_alone(coach: Coach, videos: Path, tmp_path: Path) -> None:
    audit = answered(coach, "audit", "studio.har", "--media", videos)
    audit["as_of"] = "2000-01-01T00:00:00Z"
    (tmp_path / "before.json").write_text(json.dumps(audit), "utf-8")
    [account] = answered(coach, "follow-up", "before.json", "studio.har")["accounts"]
    ids = {one["id"] for one in account["advice"]}
    assert watching(audit)
    assert not ids & {one["id"] for one in watching(audit)}
    assert ids


def test_why_names_the_second_in_which_many_left_and_what_is_there(coach: Coach, videos: Path) -> None:
    retention = answered(coach, "retention", "studio.har", "--media", videos)
    falls = {one["post_id"]: one["falls"][0] for one in retention["posts"] if one["falls"]}
    at_pauses = [post for post, fall in falls.items() if "pause" in fall["events"]]
    reasons = {}
    for post in at_pauses[:6]:
        [reason] = answered(coach, "why", "studio.har", "--media", videos, "--post", post)["accounts"][0]["explained"]
        reasons[post] = reason
    assert all((one["fall"] is None) == (one["share_below"] > 0.5) for one in reasons.values())
    post, fall = next((post, one["fall"]) for post, one in reasons.items() if one["fall"] is not None)
    assert (fall["second"], fall["left"]) == (falls[post]["second"], falls[post]["left"])
    assert fall["events"][0] == "pause"
    page = coach("why", "studio.har", "--media", videos, "--post", post, "-q").out
    assert f"Many left in second {fall['second']}, where nobody speaks: " in page
    # A second in which nothing is that viewers clearly leave at has no place beside it.
    unclear = Fall(7, 0.14, 0.03, ("cut", "speech"))
    assert _fall_text(unclear) == "Many left in second 7: 14% of all viewers (3% would usually)."


def test_an_experiment_is_sized_for_what_the_curves_let_expect(coach: Coach, videos: Path) -> None:
    design = ("experiment", "design", "studio.har", "--timezone", "UTC", "--per-day", "4", "--rule")
    retention = answered(coach, "retention", "studio.har", "--media", videos)
    [worth] = [one for one in retention["worth"] if one["event"] == "pause"]
    ran = json.loads(coach(*design, "not-pause", "--media", videos, "--json", "-q").out)
    now, gain = worth["completion"]["now"], worth["completion"]["gain"]
    assert ran["effect"] == ran["expected"] == pytest.approx((now + gain) / now, abs=0.006)
    page = " ".join(coach(*design, "not-pause", "--media", videos, "-q").out.split())
    share = f"{ran['expected'] - 1:.0%} more completion"
    assert f"Your own curves let expect {share} with as little of it as in your best quarter of videos" in page
    # What the user asks for counts, and both are to be seen; where the curves tell nothing it is 30%.
    asked = json.loads(coach(*design, "not-pause", "--media", videos, "--effect", "1.5", "--json", "-q").out)
    assert (asked["effect"], asked["expected"]) == (1.5, ran["expected"])
    for rule, *more in (["pause", "--media", videos], ["not-pause"]):
        other = json.loads(coach(*design, rule, *more, "--json", "-q").out)
        assert (other["effect"], other["expected"]) == (1.3, None)
    assert "do not tell how large the effect may be" in " ".join(
        coach(*design, "pause", "--media", videos, "-q").out.split()
    )


def test_the_videos_tell_whether_an_experiment_was_carried_out_as_planned(
    coach: Coach, name_videos: Name, tmp_path: Path
) -> None:
    made = write_watched(tmp_path / "studio.har", 12, {})
    folder = name_videos(made)
    shares = [sum(video.text_by_second or ()) / len(video.text_by_second or ()) for video in made]
    order = sorted(range(12), key=shares.__getitem__)
    lines = [
        "defaults: {trial_rule: not-text, trial_effect: 1.3, trial_spread: 0.3, trial_outcome: completion}",
        "posts:",
    ]
    for pair, (less, more) in enumerate(zip(order[:5], order[-5:], strict=True), 1):
        for arm, number in (("follow", less), ("leave", more)):
            post_id = made[number].file.removesuffix(".mp4")
            lines += [
                f'  - {{id: "{post_id}", trial_pair: {pair}, trial_arm: {arm}, publish_at: 2026-08-01T10:00:00Z}}'
            ]
    (tmp_path / "text.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    read = ("experiment", "read", "text.yaml", "studio.har")
    assert answered(coach, *read)["followed"] is None
    told = answered(coach, *read, "--media", folder)
    assert (told["rule"], told["outcome"], told["followed"]) == ("not-text", "completion", 1.0)
