"""The first minutes: a folder of downloads becomes a config file and an audit, and what is missing is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.writing import content, content_row, put
from tiktok_coach.analysis.start import Guess, config_text, guess_account
from tiktok_coach.core.account import Account
from tiktok_coach.core.documents.document import read_yaml

Coach = Callable[..., Ran]
TODAY = ("--today", "2026-11-25")


@pytest.fixture
def downloads(bakery: Path, tmp_path: Path) -> Path:
    shutil.copytree(bakery / "studio", tmp_path / "downloads")
    put(tmp_path / "downloads" / "receipt.pdf", b"%PDF-1.4 rye bread")
    return tmp_path / "downloads"


def test_what_is_there_is_found_and_what_is_not_is_named(coach: Coach, downloads: Path) -> None:
    ran = coach("start", downloads, "--timezone", "Europe/Copenhagen", "--type", "business", *TODAY)
    assert ran.code == 0
    assert " ".join(ran.out.split()).startswith("Found 181 posts in 24 files. Wrote ")
    assert "(business, Europe/Copenhagen, ovnkrogen, DK, da); change there what is wrong." in " ".join(ran.out.split())
    assert "Do next\n1. " in ran.out
    assert "More would tell: what TikTok Studio's pages show (tiktok-coach capture guide)" in ran.out
    assert ran.out.splitlines()[-2].startswith("Next: tiktok-coach report ")
    assert len(ran.out.splitlines()) <= 30
    config = read_yaml((downloads / "tiktok-coach.yaml").read_text("utf-8"), "config").value
    assert config == {
        "account": {
            "handle": "ovnkrogen",
            "type": "business",
            "timezone": "Europe/Copenhagen",
            "country": "DK",
            "language": "da",
        }
    }


def test_every_later_command_reads_the_config_and_a_second_start_leaves_it(coach: Coach, downloads: Path) -> None:
    coach("start", downloads, "--timezone", "Europe/Copenhagen", *TODAY)
    held = (downloads / "tiktok-coach.yaml").read_text("utf-8")
    assert "@ovnkrogen  DK, Europe/Copenhagen" in coach("audit", downloads, "-q", "--full").out
    again = coach("start", downloads, "--timezone", "Asia/Tokyo", *TODAY)
    assert again.code == 0
    assert "The account is as" in again.out
    assert (downloads / "tiktok-coach.yaml").read_text("utf-8") == held


def test_an_empty_folder_says_what_can_be_got(coach: Coach, tmp_path: Path) -> None:
    put(tmp_path / "d" / "notes.pdf", b"%PDF-1.4")
    ran = coach("start", "d")
    assert ran.code == 2
    assert ran.out.count("→") > 8
    assert "has no export that I can read" in ran.err
    assert not (tmp_path / "d" / "tiktok-coach.yaml").exists()
    missing = coach("start", "none")
    assert (missing.code, missing.out) == (2, "")
    assert coach("start", "d", "--type", "baker").code == 2


def test_guesses_take_the_surest_word_first() -> None:
    account = Account(handle="baker", timezone="Europe/Paris", timezone_source="the archive")
    found = guess_account(account, {"language": "en"}, "Asia/Tokyo")
    assert found["handle"] == Guess("baker", "the files say so")
    assert found["timezone"].value == "Europe/Paris"
    assert found["country"].value == "FR"
    assert found["language"] == Guess("en", "as you say")
    assert guess_account(Account(), {}, "Asia/Tokyo")["language"].value == "ja"
    assert list(guess_account(Account(), {}, "Etc/UTC")) == ["timezone"], "UTC is of no country"
    assert guess_account(Account(), {}, None) == {}


@pytest.mark.parametrize("handle", ["baker", "@b: #", "null", 'a"b', "no", "ovn\nkrog"])
def test_the_config_holds_what_was_guessed_whatever_it_is(handle: str) -> None:
    text = config_text({"handle": Guess(handle, "the files say so"), "language": Guess("no", "as you say")})
    assert read_yaml(text, "config").value["account"] == {"handle": handle, "language": "no"}


def test_a_folder_with_spaces_is_named_so_that_it_can_be_pasted(coach: Coach, tmp_path: Path) -> None:
    put(
        tmp_path / "my files" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])
    )
    assert 'tiktok-coach report "my files" -o report.html' in coach("start", "my files", *TODAY).out
