"""What Windows does to files, as far as it can be shown elsewhere: Excel's separators and encodings, locked files, its paths, its browsers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

from tests.conftest import Ran
from tests.writing import put, read
from tiktok_coach.render.site import pdf as printing

Coach = Callable[..., Ran]
# As Excel with Danish settings saves a sheet: a line that names the separator, semicolons, decimal commas, days before months.
EXCEL = 'sep=;\r\npost_id;caption;posted_at;views;completion_rate;average_watch_time_s\r\n7650921463263792402;"Rugbrød; igen?\r\n#bagedag";14-06-2026 18:05;1.234;38,5 %;7,25\r\n7650921463263792403;Boller;15-06-2026 19:00;987;41,0 %;8,5\r\n'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_a_sheet_that_excel_saved_is_read(tmp_path: Path, encoding: str) -> None:
    body = EXCEL.encode(encoding)
    put(tmp_path / "e" / "opslag.csv", b"\xff\xfe" + body if encoding == "utf-16-le" else body)
    posts = read(tmp_path / "e", timezone="Europe/Copenhagen").posts.set_index("post_id")
    row = posts.loc["7650921463263792402"]
    assert row["views"] == 1234
    assert row["completion_rate"] == pytest.approx(0.385)
    assert row["average_watch_time_s"] == pytest.approx(7.25)
    assert f"{row['posted_at']:%Y-%m-%d %H:%M}" == "2026-06-14 18:05", "times of the tool's own columns are UTC"
    assert "Rugbrød; igen?" in row["caption"]


def test_a_plan_with_its_line_ends_is_found_at_the_right_place_and_keeps_them(coach: Coach, tmp_path: Path) -> None:
    text = 'account: {handle: "@baker", timezone: Europe/Copenhagen}\r\nposts:\r\n  - publish_at: 2026-12-01 18:30\r\n    caption: "Rye  #a #a"\r\n'
    put(tmp_path / "plan.yaml", text.encode())
    found = json.loads(coach("lint", "plan.yaml", "--today", "2026-11-25", "--format", "json", "-q").out)
    assert {f["line"] for f in found["findings"]} <= {1, 2, 3, 4}
    assert coach("lint", "plan.yaml", "--today", "2026-11-25", "--fix", "--exit-zero").code == 0
    mended = (tmp_path / "plan.yaml").read_bytes()
    assert mended.count(b"\r\n") == 4
    assert mended.count(b"\n") == 4


def test_a_video_is_tied_by_a_path_of_windows() -> None:
    pytest.importorskip("av", reason="needs the extra media")
    from tiktok_coach.media.facts import PostKey, ProbeResult, Video, match_videos

    path = str(PureWindowsPath("C:/Users/Baker/Videos") / "Rye Bread.MP4")
    videos, apart = match_videos([ProbeResult(Path("rye bread.mp4"), Video("rye bread.mp4"))], [PostKey("a", path)])
    assert (list(videos), apart) == ([0], [])


def _locked_if(name: str, given: Callable[..., Any]) -> Callable[..., Any]:
    def opened(self: Path, *arguments: Any, **named: Any) -> Any:
        if self.name == name:
            raise PermissionError(13, "Permission denied", str(self))
        return given(self, *arguments, **named)

    return opened


def test_a_file_that_is_open_elsewhere_says_so_and_is_left_as_it_was(
    coach: Coach, bakery: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "posts.csv", "mine")

    given = Path.replace

    def locked(self: Path, target: Path) -> Path:
        # Other files are written meanwhile, as by the cache.
        if target.name == "posts.csv":
            raise PermissionError(13, "Permission denied", str(self))
        return given(self, target)

    with monkeypatch.context() as held:
        held.setattr(Path, "replace", locked)
        ran = coach("convert", bakery, "-o", "posts.csv", "-q", "--force")
    assert ran.code == 2
    assert (
        "posts.csv: cannot be written (Permission denied); close it where it is open, Excel keeps it to itself"
        in ran.err
    )
    assert (tmp_path / "posts.csv").read_text("utf-8") == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["posts.csv"], "nothing half-written stays behind"
    with monkeypatch.context() as held:
        held.setattr(Path, "read_bytes", _locked_if("posts.csv", Path.read_bytes))
        held.setattr(Path, "open", _locked_if("posts.csv", Path.open))
        ran = coach("audit", "posts.csv")
    assert ran.code == 2
    assert "cannot be read (Permission denied); close it where it is open" in ran.err


def test_browsers_are_found_where_windows_and_macos_keep_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing.shutil, "which", lambda name: None)
    edge = put(tmp_path / "Microsoft/Edge/Application/msedge.exe", b"")
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "win32")
    assert printing.browser() == str(edge)
    monkeypatch.setattr(sys, "platform", "linux")
    assert printing.browser() is None
