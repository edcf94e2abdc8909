"""The first minutes: a folder of downloads becomes a config file and an audit, and what is missing is named."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.conftest import Ran
from tests.writing import content, content_row, link, put, video_id
from tiktok_coach.analysis.follow_up import MEMORY, read_memory
from tiktok_coach.analysis.start import Guess, config_text, guess_account
from tiktok_coach.core.account import Account
from tiktok_coach.core.documents.document import read_yaml
from tiktok_coach.io.files.discovery import FEW, discover
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.io.registry import reader_of

Coach = Callable[..., Ran]
Answers = Callable[..., list[str]]
TODAY = ("--today", "2026-11-25")


@pytest.fixture
def downloads(bakery: Path, tmp_path: Path) -> Path:
    shutil.copytree(bakery / "studio", tmp_path / "downloads")
    put(tmp_path / "downloads" / "receipt.pdf", b"%PDF-1.4 rye bread")
    return tmp_path / "downloads"


@pytest.fixture
def clients(tmp_path: Path) -> Path:
    """A folder of two clients, one with two files."""
    times = {"baker": "2026-06-13T16:42:48", "miller": "2026-06-14T09:10:11"}
    for handle, time in times.items():
        row = content_row(time, time[:10], "2026-06-30", handle=handle)
        put(tmp_path / "clients" / handle / "june" / "Content.csv", content([row]))
    row = content_row("2026-07-13T16:42:48", "2026-07-13", "2026-07-30", handle="baker")
    put(tmp_path / "clients" / "baker" / "july" / "Content.csv", content([row]))
    return tmp_path / "clients"


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Answers the questions one after the other; gives what was asked."""

    def answer(*texts: str | BaseException) -> list[str]:
        asked: list[str] = []
        rest = list(texts)

        def prompt(question: str) -> str:
            asked.append(question)
            text = rest.pop(0)
            if isinstance(text, BaseException):
                raise text
            return text

        monkeypatch.setattr("tiktok_coach.cli.start.is_interactive", lambda: True)
        monkeypatch.setattr(sys.modules[typer.prompt.__module__], "visible_prompt_func", prompt)
        return asked

    return answer


@pytest.fixture
def attic(tmp_path: Path) -> Path:
    """A folder of much else, with an export in a folder of it and in a folder of programs."""
    for number in range(FEW + 1):
        put(tmp_path / "attic" / f"bank{number}.csv", f"date,amount,balance\n2026-01-0{number % 9 + 1},{number},9\n")
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")
    put(tmp_path / "attic" / "tiktok" / "Content.csv", content([row]))
    put(tmp_path / "attic" / "tiktok" / "rates.json", '{"DKK": 7.46}')
    put(tmp_path / "attic" / "node_modules" / "Content.csv", content([[*row[:-1], 999]]))
    return tmp_path / "attic"


def account_in(config: Path) -> dict[str, Any]:
    account: dict[str, Any] = read_yaml(config.read_text("utf-8"), "config").value["account"]
    return account


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
    again = coach("start", downloads, *TODAY)
    assert again.code == 0
    assert "The account is as" in again.out
    assert (downloads / "tiktok-coach.yaml").read_text("utf-8") == held


def test_what_is_said_later_is_written_into_its_own_file_and_never_into_yours(coach: Coach, downloads: Path) -> None:
    config = downloads / "tiktok-coach.yaml"
    coach("start", downloads, *TODAY)
    coach("start", downloads, "--timezone", "Japan", *TODAY)
    assert account_in(config)["timezone"] == "Asia/Tokyo"
    yours = put(config, "account: {timezone: Europe/Oslo}\n").read_text("utf-8")
    again = coach("start", downloads, "--timezone", "Japan", *TODAY)
    assert "you changed that file, so change it there." in " ".join(again.out.split())
    assert config.read_text("utf-8") == yours


def test_a_country_is_named_or_given_by_its_code(coach: Coach, downloads: Path) -> None:
    coach("start", downloads, "--country", "Tyskland", *TODAY)
    account = account_in(downloads / "tiktok-coach.yaml")
    assert (account["country"], account["language"]) == ("DE", "de")
    ran = coach("start", downloads, "--country", "Xyzzy", *TODAY)
    assert ran.code == 2
    assert ran.err.startswith("error: 'Xyzzy' is no country that I know; name it, or give its code")


def test_a_later_start_keeps_what_each_fact_is_based_on(coach: Coach, downloads: Path) -> None:
    config = downloads / "tiktok-coach.yaml"
    coach("start", downloads, "--timezone", "Denmark", *TODAY)
    before = config.read_text("utf-8").splitlines()
    assert "  country: DK  # Europe/Copenhagen is there" in before
    coach("start", downloads, "--type", "business", *TODAY)
    after = config.read_text("utf-8").splitlines()
    assert set(after) - set(before) == {"  type: business  # as you say"}
    assert not set(before) - set(after)


def test_what_followed_from_a_fact_follows_from_it_when_it_is_another(coach: Coach, downloads: Path) -> None:
    def facts() -> list[str]:
        account = account_in(downloads / "tiktok-coach.yaml")
        return [account[name] for name in ("timezone", "country", "language")]

    coach("start", downloads, "--timezone", "Denmark", *TODAY)
    coach("start", downloads, "--timezone", "Japan", *TODAY)
    assert facts() == ["Asia/Tokyo", "JP", "ja"]
    coach("start", downloads, "--country", "Sweden", *TODAY)
    coach("start", downloads, "--timezone", "Oslo", *TODAY)
    assert facts() == ["Europe/Oslo", "SE", "sv"], "a country that was said stays"


def test_what_is_said_of_all_stays_where_one_account_differs(coach: Coach, mixed: Path) -> None:
    coach("start", mixed, "--timezone", "Copenhagen", "--yes", *TODAY)
    coach("start", mixed, "--handle", "baker", "--timezone", "Chicago", "--yes", *TODAY)
    coach("start", mixed, "--type", "business", "--yes", *TODAY)
    shared, baker = (account_in(place / "tiktok-coach.yaml") for place in (mixed, mixed / "baker"))
    assert [shared[name] for name in ("type", "timezone", "country")] == ["business", "Europe/Copenhagen", "DK"]
    assert [baker[name] for name in ("type", "timezone", "country")] == ["business", "America/Chicago", "US"]


def test_what_a_config_of_yours_says_is_named_as_its_word(coach: Coach, clients: Path) -> None:
    put(clients / "tiktok-coach.yaml", "account: {timezone: Europe/Oslo}\n")
    coach("start", clients, *TODAY)
    text = (clients / "baker" / "tiktok-coach.yaml").read_text("utf-8")
    assert "  timezone: Europe/Oslo  # the config file says so" in text


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
    assert read_yaml(text, "config").value["account"] == {"handle": handle, "language": "no", "timezone": None}


def test_a_folder_with_spaces_is_named_so_that_it_can_be_pasted(coach: Coach, tmp_path: Path) -> None:
    put(
        tmp_path / "my files" / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")])
    )
    assert 'tiktok-coach report "my files" -o report.html' in coach("start", "my files", *TODAY).out


def test_each_client_gets_the_config_of_its_own_folder_and_an_audit_of_all_reads_each(
    coach: Coach, clients: Path
) -> None:
    ran = coach("start", clients, "--timezone", "Denmark", *TODAY)
    assert ran.code == 0
    assert "Found 3 posts of 2 accounts in 3 files. Wrote 3 config files" in " ".join(ran.out.split())
    assert "handle" not in account_in(clients / "tiktok-coach.yaml")
    assert account_in(clients / "baker" / "tiktok-coach.yaml")["handle"] == "baker"
    put(clients / "miller" / "tiktok-coach.yaml", "account: {type: business, timezone: America/Lima}\n")
    audits = json.loads(coach("audit", clients, *TODAY, "--each-account", "--json").out)["audits"]
    accounts = {one["account"]["handle"]: one["account"] for one in audits}
    assert (accounts["baker"]["type"], accounts["baker"]["timezone"]) == (None, "Europe/Copenhagen")
    assert (accounts["miller"]["type"], accounts["miller"]["timezone"]) == ("business", "America/Lima")


def test_a_folder_is_of_one_account_though_its_files_share_a_post_with_those_of_another(
    coach: Coach, tmp_path: Path
) -> None:
    ids = [video_id("2026-06-01T00:00:00", low) for low in range(6)]
    for start, (handle, fact) in enumerate((("baker", "views"), ("miller", "likes"))):
        rows = [f"{handle},{post},9" for post in (ids[0], *ids[1 + start :: 2])]
        put(tmp_path / "d" / handle / "posts.csv", "\n".join([f"account,post_id,{fact}", *rows]))
    coach("start", "d", *TODAY)
    for handle in ("baker", "miller"):
        assert account_in(tmp_path / "d" / handle / "tiktok-coach.yaml")["handle"] == handle


def test_an_option_and_a_config_that_is_named_outweigh_those_of_folders(coach: Coach, clients: Path) -> None:
    coach("start", clients, "--timezone", "Denmark", *TODAY)
    audit = ("audit", clients, *TODAY, "--account", "baker", "--json")
    assert json.loads(coach(*audit, "--timezone", "Asia/Tokyo").out)["account"]["timezone"] == "Asia/Tokyo"
    named = put(clients.parent / "all.yaml", "account: {timezone: Europe/Oslo}\n")
    assert json.loads(coach(*audit, "--config", named).out)["account"]["timezone"] == "Europe/Oslo"


@pytest.mark.parametrize("folders", [("c", "c"), ("north/c", "south/c")])
def test_local_times_of_a_folder_are_read_in_its_own_timezone(
    coach: Coach, tmp_path: Path, folders: tuple[str, str]
) -> None:
    for low, (handle, zone) in enumerate((("baker", "Europe/Copenhagen"), ("miller", "America/Lima"))):
        folder = tmp_path / folders[low] / handle
        put(folder / "tiktok-coach.yaml", f"account: {{timezone: {zone}}}\n")
        post = link(video_id("2026-06-01T00:00:00", low), handle)
        put(folder / "posts.csv", f"link,caption,date,views\n{post},Rye,2026-06-13 18:30,100\n")
    table = coach("convert", *dict.fromkeys(folders), "--format", "csv", *TODAY).out
    times = {row["account"]: row["posted_at"] for row in csv.DictReader(io.StringIO(table))}
    assert times["baker"].startswith("2026-06-13T16:30")
    assert times["miller"].startswith("2026-06-13T23:30")


@pytest.mark.parametrize("with_all", [True, False], ids=["a config of all", "none of all"])
def test_clients_that_are_named_have_the_same_settings_as_their_folder(
    coach: Coach, tmp_path: Path, with_all: bool
) -> None:
    """The config of the first input is no other's, whether folders or files are named."""
    zones = {"anna": "Europe/Copenhagen", "bert": "America/Lima", "dora": None}
    for low, (handle, zone) in enumerate(zones.items()):
        post = link(video_id("2026-06-01T00:00:00", low), handle)
        put(tmp_path / "cl" / handle / "posts.csv", f"link,caption,date,views\n{post},Rye,2026-06-13 18:30,100\n")
        if zone:
            put(tmp_path / "cl" / handle / "tiktok-coach.yaml", f"account: {{timezone: {zone}, type: business}}\n")
    if with_all:
        put(tmp_path / "cl" / "tiktok-coach.yaml", "account: {timezone: Asia/Tokyo, country: DK}\n")
    names = sorted(zones, key=("bert", "dora", "anna").index)
    inputs = [["cl"], [f"cl/{name}" for name in zones], [f"cl/{name}/posts.csv" for name in names]]

    def times(*names: str) -> dict[str, str]:
        table = coach("convert", *names, "--format", "csv", *TODAY).out
        return {row["account"]: row["posted_at"] for row in csv.DictReader(io.StringIO(table))}

    def accounts(*names: str) -> dict[str, Any]:
        audits = json.loads(coach("audit", *names, *TODAY, "--each-account", "--json").out)["audits"]
        return {one["account"]["handle"]: one["account"] for one in audits}

    (of_folder, *of_names), (all_of_folder, *all_of_names) = zip(
        *((times(*names), accounts(*names)) for names in inputs), strict=True
    )
    assert of_folder["bert"].startswith("2026-06-13T23:30")
    assert of_names == [of_folder, of_folder]
    assert [all_of_folder[name]["type"] for name in zones] == ["business", "business", None]
    assert all_of_names == [all_of_folder, all_of_folder]


@pytest.mark.parametrize("handle", ["baker", None])
def test_a_config_holds_for_the_account_of_its_folder_whichever_input_is_first(
    coach: Coach, tmp_path: Path, handle: str | None
) -> None:
    post = video_id("2026-06-01T00:00:00")
    put(tmp_path / "b" / "notes.csv", f"post_id,hook_s\n{post},2\n")
    named = f"account,post_id,views\n{handle},{post},9\n" if handle else f"post_id,views\n{post},9\n"
    put(tmp_path / "a" / "posts.csv", named)
    put(tmp_path / "a" / "tiktok-coach.yaml", "account: {type: business}\n")
    audit = json.loads(coach("audit", "b/notes.csv", "a/posts.csv", *TODAY, "--json").out)
    assert (audit["account"]["handle"], audit["account"]["type"]) == (handle, "business")


def test_a_client_that_is_new_gets_its_own_config(coach: Coach, clients: Path) -> None:
    coach("start", clients, *TODAY)
    row = content_row("2026-07-01T16:42:48", "2026-07-01", "2026-07-30", handle="smith")
    put(clients / "smith" / "Content.csv", content([row]))
    said = " ".join(coach("start", clients, *TODAY).out.split())
    assert f"Wrote {clients / 'smith' / 'tiktok-coach.yaml'} (smith" in said
    assert account_in(clients / "smith" / "tiktok-coach.yaml")["handle"] == "smith"


def test_accounts_without_folders_of_their_own_share_a_config_that_names_none(coach: Coach, tmp_path: Path) -> None:
    rows = [content_row(f"2026-06-1{n}T16:42:48", f"2026-06-1{n}", "2026-06-30", handle=f"baker{n}") for n in (3, 4)]
    put(tmp_path / "d" / "Content.csv", content(rows))
    coach("start", "d", *TODAY)
    assert "handle" not in account_in(tmp_path / "d" / "tiktok-coach.yaml")


def test_a_handle_chooses_which_of_several_accounts_is_set_up(coach: Coach, clients: Path) -> None:
    coach("start", clients, "--handle", "@Baker", *TODAY)
    assert (clients / "baker" / "tiktok-coach.yaml").exists()
    assert not (clients / "miller" / "tiktok-coach.yaml").exists()
    assert "no posts of account 'smith'" in coach("start", clients, "--handle", "smith", *TODAY).err


@pytest.fixture
def mixed(clients: Path) -> Path:
    """A folder of clients, of which two are in one file, after a first start."""
    days = {"bert": "2026-06-15", "dora": "2026-06-16"}
    rows = [content_row(f"{day}T09:10:11", day, "2026-06-30", handle=handle) for handle, day in days.items()]
    put(clients / "mixed" / "Content.csv", content(rows))
    return clients


def test_what_is_said_of_one_account_goes_into_no_file_that_is_of_all(coach: Coach, mixed: Path) -> None:
    coach("start", mixed, "--timezone", "Copenhagen", "--yes", *TODAY)
    shared = (mixed / "tiktok-coach.yaml").read_text("utf-8")
    coach("start", mixed, "--handle", "baker", "--timezone", "Chicago", "--yes", *TODAY)
    assert (mixed / "tiktok-coach.yaml").read_text("utf-8") == shared
    assert account_in(mixed / "baker" / "tiktok-coach.yaml")["timezone"] == "America/Chicago"
    said = " ".join(coach("start", mixed, "--handle", "bert", "--timezone", "Oslo", "--yes", *TODAY).out.split())
    assert "and this one has no folder of its own." in said
    assert (mixed / "tiktok-coach.yaml").read_text("utf-8") == shared


def test_a_first_start_of_one_account_of_several_says_nothing_of_the_others(coach: Coach, mixed: Path) -> None:
    coach("start", mixed, "--handle", "baker", "--type", "business", "--timezone", "Chicago", "--yes", *TODAY)
    shared = account_in(mixed / "tiktok-coach.yaml")
    assert "type" not in shared
    assert shared["timezone"] != "America/Chicago"
    coach("start", mixed, "--handle", "miller", "--yes", *TODAY)
    assert account_in(mixed / "miller" / "tiktok-coach.yaml")["handle"] == "miller", "it was not chosen before"


@pytest.mark.parametrize("folder", ["all", "."])
def test_accounts_among_much_else_get_the_configs_of_their_own_folders(
    coach: Coach, attic: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    for low, handle in enumerate(("baker", "miller")):
        row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30", handle=handle, low=low)
        put(attic / "tiktok" / "north" / handle / "Content.csv", content([row]))
    put(attic / "tiktok" / "north" / "miller" / "june" / "Content.csv", content([row]))
    shutil.rmtree(attic / "node_modules")
    (attic / "tiktok" / "Content.csv").unlink()
    if folder == ".":
        monkeypatch.chdir(attic)
    coach("start", attic if folder == "all" else ".", "--timezone", "Denmark", *TODAY)
    configs = {path.parent.relative_to(attic).as_posix() for path in attic.rglob("tiktok-coach.yaml")}
    assert configs == {"tiktok/north", "tiktok/north/baker", "tiktok/north/miller"}
    assert account_in(attic / "tiktok" / "north" / "miller" / "tiktok-coach.yaml")["handle"] == "miller"


def test_a_start_from_one_file_writes_beside_it(coach: Coach, clients: Path) -> None:
    file = clients / "miller" / "june" / "Content.csv"
    assert coach("start", file, "--timezone", "Denmark", *TODAY).code == 0
    assert account_in(file.with_name("tiktok-coach.yaml"))["handle"] == "miller"


def test_where_somebody_can_be_asked_they_choose_accounts_and_say_where_they_are(
    coach: Coach, clients: Path, answer: Answers
) -> None:
    asked = answer("smith", "miller", "Mars", "københavn")
    ran = coach("start", clients, *TODAY)
    assert len(asked) == 4
    assert "'smith' is none of" in ran.out + ran.err
    assert "'Mars' is no city or country that I know" in ran.out + ran.err
    assert account_in(clients / "miller" / "tiktok-coach.yaml")["timezone"] == "Europe/Copenhagen"
    assert not (clients / "baker" / "tiktok-coach.yaml").exists()
    coach("start", clients, *TODAY)
    assert not (clients / "baker" / "tiktok-coach.yaml").exists(), "who was not chosen is not set up later"


def test_an_answer_is_in_the_config_and_what_follows_from_it(coach: Coach, downloads: Path, answer: Answers) -> None:
    answer("Sverige", "creator")
    coach("start", downloads, *TODAY)
    account = account_in(downloads / "tiktok-coach.yaml")
    assert [account[name] for name in ("timezone", "type", "country")] == ["Europe/Stockholm", "creator", "SE"]


def test_ctrl_c_at_a_question_leaves_nothing(coach: Coach, downloads: Path, answer: Answers) -> None:
    before = sorted(downloads.rglob("*"))
    answer("Sverige", KeyboardInterrupt())
    ran = coach("start", downloads, *TODAY)
    assert (ran.code, ran.err.splitlines()[-1]) == (130, "Stopped; nothing was changed.")
    assert sorted(downloads.rglob("*")) == before


def test_utc_is_never_taken_for_known(
    coach: Coach, downloads: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tzlocal.get_localzone_name", lambda: "Etc/UTC")
    ran = coach("start", downloads, *TODAY)
    said = f"Without your timezone no hour is known; set it: tiktok-coach start {downloads} --timezone CITY"
    assert said in " ".join(ran.out.split())
    assert account_in(downloads / "tiktok-coach.yaml")["timezone"] is None
    again = coach("start", downloads, "--timezone", "Copenhagen", *TODAY)
    assert "Without your timezone" not in again.out
    yours = put(tmp_path / "yours" / "tiktok-coach.yaml", "account: {type: business}\n")
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")
    put(tmp_path / "yours" / "Content.csv", content([row]))
    said = f"Without your timezone no hour is known; write it into {yours}."
    assert said in " ".join(coach("start", yours.parent, *TODAY).out.split())
    assert account_in(downloads / "tiktok-coach.yaml")["timezone"] == "Europe/Copenhagen"


def test_of_a_folder_of_much_else_only_the_exports_are_read(
    coach: Coach, attic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(
        "tiktok_coach.io.files.discovery.reader_of",
        lambda file, options: looked_at.append(file.name) or reader_of(file, options),
    )
    ran = coach("start", attic.name, *TODAY)
    said = " ".join(ran.out.split())
    assert ran.code == 0
    assert f"Found 1 post in 1 file. {FEW + 2} other files are left out. 1 folder is not looked into. Wrote" in said
    assert "Move your downloads to a folder of their own: other commands read all of it." in said
    assert f"tiktok-coach report {Path('attic/tiktok/Content.csv')} -o report.html" in said
    assert (attic / "tiktok" / "tiktok-coach.yaml").exists()
    assert len(looked_at) == 2, "one file of a kind tells of the others"


def test_a_large_folder_of_exports_alone_is_read_as_it_is(tmp_path: Path) -> None:
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")
    for number in range(FEW + 1):
        put(tmp_path / str(number) / "Content.csv", content([row]))
    assert discover(tmp_path, ReadOptions(today=dt.date(2026, 11, 25))) is None


def found(folder: Path) -> set[str]:
    """The exports in a folder, by their paths below it."""
    discovery = discover(folder, ReadOptions(today=dt.date(2026, 11, 25)))
    assert discovery is not None
    return {path.relative_to(folder).as_posix() for path in discovery.exports}


@pytest.mark.parametrize("start", ["sep=,\n", "\n", "# June\n", "Export of 2026, June\n"])
def test_a_first_line_that_is_no_heading_tells_nothing_of_other_files(attic: Path, start: str) -> None:
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")
    put(attic / "a.csv", f"{start}date,amount,balance\n2026-01-01,1,9\n")
    put(attic / "b.csv", start.encode() + content([row]))
    put(attic / "c.csv", f"{start}date,amount,balance\n2026-01-01,1,9\n")
    for age, name in enumerate("abc"):
        os.utime(attic / f"{name}.csv", (2e9 - age, 2e9 - age))
    assert found(attic) == {"tiktok/Content.csv", "b.csv"}


def test_exports_are_found_however_many_they_are(attic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiktok_coach.io.files.discovery.MOST_FILES", 3)
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")
    for number in range(5):
        put(attic / f"Content_{number}.csv", content([row]))
    assert len(found(attic)) == 6


def test_a_large_table_of_this_tool_is_an_export_whatever_its_name(
    coach: Coach, downloads: Path, attic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiktok_coach.io.files.discovery.SMALL", 1_000)
    coach("convert", downloads, "-o", attic / "all.parquet", *TODAY)
    assert found(attic) == {"tiktok/Content.csv", "all.parquet"}


def test_folders_are_left_out_for_what_they_are_and_not_for_common_names(attic: Path) -> None:
    row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")
    for name in ("target", "env", "venv", "Library", ".git", "one/two/three/four/five"):
        put(attic / name / "Content.csv", content([row]))
    names = {"tiktok", "target", "env", "venv", "Library"}
    assert found(attic) == {f"{name}/Content.csv" for name in names}
    discovery = discover(attic, ReadOptions(today=dt.date(2026, 11, 25)))
    assert discovery is not None
    assert discovery.folders == 2, "one of programs and one too far down"


def test_a_large_folder_without_any_says_what_can_be_got(coach: Coach, attic: Path) -> None:
    shutil.rmtree(attic / "tiktok")
    ran = coach("start", attic, *TODAY)
    assert ran.code == 2
    assert ran.out.startswith("Nothing here is an export yet.")


def test_the_home_folder_gets_a_config_only_where_somebody_says_yes(
    coach: Coach, downloads: Path, monkeypatch: pytest.MonkeyPatch, answer: Answers
) -> None:
    monkeypatch.setattr(Path, "home", lambda: downloads.resolve())
    ran = coach("start", downloads, "--yes", *TODAY)
    assert "Wrote no config file into your home folder." in " ".join(ran.out.split())
    assert not (downloads / "tiktok-coach.yaml").exists()
    answer("Sverige", "creator", "n")
    coach("start", downloads, *TODAY)
    assert not (downloads / "tiktok-coach.yaml").exists()
    answer("Sverige", "creator", "y")
    coach("start", downloads, *TODAY)
    assert (downloads / "tiktok-coach.yaml").exists()


def test_a_later_start_says_what_is_new(coach: Coach, tmp_path: Path) -> None:
    days = ("2026-06-13", "2026-06-15", "2026-06-17")
    rows = [content_row(f"{day}T16:42:48", day, "2026-06-30", low=low) for low, day in enumerate(days)]
    put(tmp_path / "d" / "Content.csv", content(rows[:1]))
    assert " new" not in coach("start", "d", *TODAY).out.split("Do next")[0]
    assert "No post is newer than 2026-06-13." in coach("start", "d", *TODAY).out
    put(tmp_path / "d" / "Content.csv", content(rows))
    assert "2 posts are new since 2026-06-13." in coach("start", "d", *TODAY).out
    assert "No post is newer than 2026-06-17." in coach("start", "d", *TODAY).out


def test_what_is_new_is_said_of_all_clients_together(coach: Coach, clients: Path) -> None:
    coach("start", clients, *TODAY)
    row = content_row("2026-07-20T16:42:48", "2026-07-20", "2026-07-30", handle="miller")
    put(clients / "miller" / "july" / "Content.csv", content([row]))
    ran = coach("start", clients, *TODAY)
    assert "1 post is new since 2026-07-13." in " ".join(ran.out.split())


def test_the_advice_is_kept_for_a_later_start_to_follow_up(coach: Coach, downloads: Path) -> None:
    coach("start", downloads, "--timezone", "Denmark", *TODAY)
    [audit] = read_memory(downloads / MEMORY).values()
    assert audit.handle == "ovnkrogen"
    assert audit.advice
