"""Nothing outside the folder is read by any name, link or config, and nothing in it is written but a new draft plan."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.assistant.client import TODAY, answer, refusal, workspace
from tests.cli.test_accounts import sheet
from tests.conftest import Ran
from tests.writing import put
from tiktok_coach.assistant.workspace import Workspace
from tiktok_coach.core.errors import CoachError

PLAN = "posts:\n- {id: rye, caption: What is in it?, publish_at: 2026-12-01T18:30+01:00}\n"
OUTSIDE = "leads out of the folder, which stays closed; name a file of the folder, such as plans/plan.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "in" / "posts.csv", sheet({"baker": 40}))
    put(tmp_path / "in" / "plans" / "plan.yaml", PLAN)
    put(tmp_path / "out" / "plan.yaml", PLAN.replace("rye", "secret"))
    put(tmp_path / "out" / "posts.csv", sheet({"stranger": 90}))
    return tmp_path / "in"


@pytest.fixture
def place(folder: Path) -> Workspace:
    return workspace(folder)


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What each file of a folder holds, and when it was written."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


NAMES = (
    *("../out/plan.yaml", "plans/../../out/plan.yaml", "/etc/passwd", "~/plan.yaml", "..", "plans/\0plan.yaml"),
    *("C:\\plan.yaml", "\\\\host\\share\\plan.yaml", "..\\out\\plan.yaml", "C:plan.yaml"),
)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out(place: Workspace, name: str) -> None:
    line = refusal(place, "lint_plan", file=name)
    assert line.endswith(OUTSIDE)
    assert str(place.folder.root.parent) not in line


def test_a_name_outside_says_nothing_of_what_is_there(place: Workspace) -> None:
    there, absent = (refusal(place, "lint_plan", file=f"../out/{name}") for name in ("plan.yaml", "absent.yaml"))
    assert there.replace("plan.yaml:", ":") == absent.replace("absent.yaml:", ":")


def test_no_link_leads_out(place: Workspace, folder: Path) -> None:
    (folder / "link.yaml").symlink_to(folder.parent / "out" / "plan.yaml")
    (folder / "linked").symlink_to(folder.parent / "out")
    (folder / "posts2.csv").symlink_to(folder.parent / "out" / "posts.csv")
    for name in ("link.yaml", "linked/plan.yaml"):
        assert refusal(place, "lint_plan", file=name).endswith(OUTSIDE)
    loaded = answer(place, "load_account")
    assert [one["handle"] for one in loaded["accounts"]] == ["baker"]
    leads_out = "is a link that leads out of the folder; not read"
    assert {(one["file"], one["text"]) for one in loaded["not_read"]} == {
        ("in/linked", leads_out),
        ("in/posts2.csv", leads_out),
        ("in/link.yaml", leads_out),
    }
    assert "stranger" not in str(loaded)


def test_a_link_within_the_folder_may_be_used(place: Workspace, folder: Path) -> None:
    (folder / "link.yaml").symlink_to("plans/plan.yaml")
    assert answer(place, "lint_plan", file="link.yaml")["posts"] == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_what_is_no_file_is_not_opened(place: Workspace, folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    assert "no such file in the folder" in refusal(place, "lint_plan", file="pipe.yaml")
    assert answer(place, "load_account")["not_read"] == [{"file": "in/pipe.yaml", "text": "not a regular file"}]


def test_a_plan_is_an_ordinary_file_of_an_ordinary_size(place: Workspace, folder: Path) -> None:
    put(folder / "big.yaml", "# " + "x" * 2**20 + "\n" + PLAN)
    assert refusal(place, "lint_plan", file="big.yaml") == "big.yaml: is larger than 1 MB; not read"
    put(folder / "photo.jpg", b"\xff\xd8")
    assert "photo.jpg: is no plan by its ending" in refusal(place, "lint_plan", file="photo.jpg")
    assert "no such file in the folder" in refusal(place, "lint_plan", file="absent.yaml")
    assert refusal(place, "lint_plan", file="posts.csv")


def test_a_plan_makes_nobody_look_at_the_files_that_it_names(place: Workspace, folder: Path) -> None:
    put(folder.parent / "out" / "spoken.srt", "1\n00:00:00,000 --> 00:00:02,000\nThe secret word\n")
    plan = "posts:\n- {caption: Rye?, video: {file: %s}, transcript: %s}\n"
    answers = []
    for name in ("../out/spoken", "../out/absent"):
        put(folder / "plan.yaml", plan % (f"{name}.mp4", f"{name}.srt"))
        answers.append(answer(place, "lint_plan", file="plan.yaml"))
    assert answers[0] == answers[1]
    assert "Whether the videos and photos that the plan names are there: nobody looked." in answers[0]["not_known"]


def test_no_config_leads_out(folder: Path) -> None:
    put(folder.parent / "tiktok-coach.yaml", "account: {timezone: Asia/Tokyo}\n")
    assert "timezone" not in answer(workspace(folder), "load_account")["accounts"][0]
    for key in ("rule_packs: [../out]", "trends: [../out/trends.yaml]", "lint: {history: [../out]}"):
        put(folder / "tiktok-coach.yaml", f"{key}\n")
        line = refusal(workspace(folder), "load_account")
        assert "leads out of the folder; start the server on a folder that holds both" in line
        with pytest.raises(CoachError, match="leads out of the folder"):
            workspace(folder).read_settings()
    (folder / "tiktok-coach.yaml").unlink()
    (folder / "tiktok-coach.yaml").symlink_to(folder.parent / "tiktok-coach.yaml")
    assert "leads out of the folder" in refusal(workspace(folder), "load_account")


def test_a_config_that_the_user_names_may_lie_elsewhere(folder: Path) -> None:
    config = put(folder.parent / "own.yaml", "account: {timezone: Asia/Tokyo}\n")
    loaded = answer(workspace(folder, config=config), "load_account")
    assert loaded["accounts"][0]["timezone"] == "Asia/Tokyo"


def test_nothing_in_the_folder_is_changed_by_asking(place: Workspace, folder: Path) -> None:
    before = contents(folder.parent)
    for name in ("load_account", "audit_posts", "evidence", "best_times", "why_post", "rules"):
        answer(place, name)
    for name in ("lint_draft", "simulate_draft"):
        answer(place, name, caption="Rye?")
    answer(place, "lint_plan", file="plans/plan.yaml")
    assert contents(folder.parent) == before


@pytest.mark.export_cache
def test_what_a_command_read_is_not_read_again(
    coach: Callable[..., Ran], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert coach("audit", folder, "--today", TODAY.isoformat()).code == 0
    monkeypatch.setattr("tiktok_coach.io.load.load", lambda *_paths, **_how: pytest.fail("read again"))
    assert answer(workspace(folder, use_cache=True), "load_account")["account"] == "baker"


POST = {"caption": "Bread: {what} is # in it?\n- 'yes' \"no\" & *x", "publish_at": "2026-12-01T18:30", "duration_s": 14}


def test_a_draft_plan_is_a_new_file_that_lint_takes(place: Workspace, folder: Path) -> None:
    before = contents(folder)
    written = answer(place, "write_draft_plan", writes=True, name="week-49", posts=[POST, POST])
    assert (written["file"], written["posts"]) == ("drafts/week-49.yaml", 2)
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"drafts/week-49.yaml"}
    text = (folder / "drafts" / "week-49.yaml").read_text("utf-8")
    assert text.startswith("# A draft of an assistant: read it before you film. Check it with: tiktok-coach lint\n")
    posts = yaml.safe_load(text)["posts"]
    assert [post["id"] for post in posts] == ["week-49-1", "week-49-2"]
    assert posts[0]["caption"] == POST["caption"]
    assert posts[0]["video"] == {"duration_s": 14.0}
    assert answer(place, "lint_plan", file="drafts/week-49.yaml")["posts"] == 2


def test_a_draft_plan_is_never_written_over_another_file(place: Workspace, folder: Path) -> None:
    answer(place, "write_draft_plan", writes=True, name="week-49", posts=[POST])
    before = contents(folder)
    assert refusal(place, "write_draft_plan", writes=True, name="week-49", posts=[POST]) == (
        "drafts/week-49.yaml: is there already, and stays as it is; choose another name"
    )
    (folder / "drafts" / "link.yaml").symlink_to(folder.parent / "out" / "new.yaml")
    assert "is there already" in refusal(place, "write_draft_plan", writes=True, name="link", posts=[POST])
    assert contents(folder) == before
    assert not (folder.parent / "out" / "new.yaml").exists()


@pytest.mark.parametrize("name", ["../week", "a/b", ".hidden", "Week", "con.yaml", "", "x" * 61, "we\nek"])
def test_the_name_of_a_draft_plan_is_a_plain_word(place: Workspace, folder: Path, name: str) -> None:
    line = refusal(place, "write_draft_plan", writes=True, name=name, posts=[POST])
    assert line.startswith("arguments that cannot be used: name: ")
    assert not (folder / "drafts").exists()


def test_a_folder_of_drafts_that_is_a_link_is_not_used(place: Workspace, folder: Path) -> None:
    (folder / "drafts").symlink_to(folder.parent / "out")
    before = contents(folder.parent)
    line = refusal(place, "write_draft_plan", writes=True, name="week-49", posts=[POST])
    assert "leads out of the folder" in line
    assert contents(folder.parent) == before


def test_what_is_no_folder_is_refused_at_the_start(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", put(tmp_path / "file.csv", "x")):
        with pytest.raises(CoachError, match="no such folder; name the folder of your exports"):
            workspace(path)
