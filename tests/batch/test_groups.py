"""Which accounts a fleet works on together, and by what it knows that one has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.writing import put
from tiktok_coach.batch.discovery import GROUP, HEAVY, Input, accounts_in, content_digest, groups_for, groups_of

ACCOUNTS = st.dictionaries(st.text(min_size=1, max_size=8), st.integers(0, 2 * HEAVY), max_size=200)


@settings(max_examples=60)
@given(ACCOUNTS)
def test_every_account_is_in_one_group_and_a_heavy_one_in_its_own(sizes: dict[str, int]) -> None:
    accounts = [Input(name, name, size) for name, size in sizes.items()]
    groups = groups_of(accounts, groups_for(accounts))
    assert sorted(one.name for group in groups for one in group.inputs) == sorted(sizes)
    assert len({group.name for group in groups}) == len(groups)
    assert all(len(group.inputs) == 1 for group in groups if any(one.size > HEAVY for one in group.inputs))
    assert [group.size for group in groups] == sorted((group.size for group in groups), reverse=True)


@settings(max_examples=60)
@given(ACCOUNTS, st.text(min_size=1, max_size=8))
def test_an_account_more_moves_no_other(sizes: dict[str, int], name: str) -> None:
    accounts = [Input(held, held, size) for held, size in sizes.items() if held != name]
    count = groups_for(accounts)
    places = {one.name: group.name for group in groups_of(accounts, count) for one in group.inputs}
    more = {one.name: g.name for g in groups_of([*accounts, Input(name, name, 1)], count) for one in g.inputs}
    assert {held: more[held] for held in places} == places


def test_many_accounts_are_about_as_many_to_a_group_as_is_wished() -> None:
    accounts = [Input(f"shop{n}", "", 1) for n in range(10_000)]
    sizes = [len(group.inputs) for group in groups_of(accounts, groups_for(accounts))]
    assert min(sizes) > GROUP / 3
    assert max(sizes) < GROUP * 2


def test_an_account_is_what_its_files_hold_whatever_their_dates(tmp_path: Path) -> None:
    folder = tmp_path / "clients" / "baker"
    file = put(folder / "a.csv", "one")
    before = content_digest(folder)
    put(file, "one")
    assert content_digest(folder) == before
    put(file, "two")
    changed = content_digest(folder)
    file.rename(folder / "b.csv")
    assert len({before, changed, content_digest(folder)}) == 3


def test_a_name_that_is_no_text_is_written_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "clients"
    folder.mkdir()
    try:
        (folder / "b\udcffker").mkdir()
    except OSError:
        pytest.skip("this file system takes texts alone")
    assert [one.name for one in accounts_in([folder])] == ["b\ufffdker"]


def test_an_entry_of_a_folder_is_an_account_and_config_and_hidden_files_are_none(tmp_path: Path) -> None:
    for name in ("baker/Content.csv", "miller.zip", "sheet.xlsx", "tiktok-coach.yaml", ".hidden/x.csv", "notes.docx"):
        put(tmp_path / "clients" / name, "x")
    assert [one.name for one in accounts_in([tmp_path / "clients"])] == ["baker", "miller", "sheet"]
    put(tmp_path / "ds" / "account=a%2Fb" / "posts.parquet", "x")
    put(tmp_path / "ds" / "_SUCCESS", "")
    assert [one.name for one in accounts_in([tmp_path / "ds"])] == ["a/b"]
