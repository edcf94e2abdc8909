"""A table of many accounts, parted: every row in one part, every account in one, and the dataset is that of the whole table."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Ran
from tiktok_coach.io.files.parquet import parts_of

Coach = Callable[..., Ran]
NAMES = ["baker", "Baker", "miller", "ægir", "", "x/y", None]


def table(path: Path, accounts: list[str | None], first: int = 0) -> Path:
    at = pd.Timestamp("2026-05-01T18:00:00Z")
    posts = pd.DataFrame(
        {
            "post_id": pd.Series([f"75{first + n:017d}" for n in range(len(accounts))], dtype="str"),
            "account": pd.Series(accounts, dtype="str"),
            "posted_at": pd.Series(
                [at + pd.Timedelta(n, unit="h") for n in range(len(accounts))], dtype="datetime64[us, UTC]"
            ),
            "posted_at_precision": "second",
            "caption": pd.Series([f"Bread {n} #baking" for n in range(len(accounts))], dtype="str"),
            "views": range(100, 100 + len(accounts)),
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    posts.to_parquet(path, index=False)
    return path


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.sampled_from(NAMES), max_size=60), min_size=1, max_size=3), st.integers(1, 70))
def test_every_row_is_in_one_part_and_every_account_in_one(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str | None]], piece: int
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    paths = [table(folder / str(n) / "all.parquet", held, 1000 * n) for n, held in enumerate(files)]
    parts = list(parts_of(paths, folder / "parted", "account", piece))
    if sum(map(len, files)) <= piece:
        assert parts == [tuple(paths)]
        return
    held = [pd.concat([pd.read_parquet(path) for path in part], ignore_index=True) for part in parts]
    assert {path.name for part in parts for path in part} == {"all.parquet"}
    whole = pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)
    together = pd.concat(held, ignore_index=True).sort_values("post_id", ignore_index=True)
    pd.testing.assert_frame_equal(together, whole.sort_values("post_id", ignore_index=True))
    where: dict[str, int] = {}
    for number, part in enumerate(held):
        for name in part["account"].unique():
            key = "" if pd.isna(name) else str(name).casefold()
            assert where.setdefault(key, number) == number or not key


@pytest.mark.parametrize("also", [[], ["--snapshots"]])
def test_a_dataset_of_parts_is_that_of_the_whole(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, also: list[str]
) -> None:
    accounts = ["baker", "miller", None, "ægir"] * 40
    table(tmp_path / "all.parquet", accounts)
    assert coach("convert", "all.parquet", "--partition-by", "account", "-o", "whole", *also).code == 0
    monkeypatch.setattr("tiktok_coach.analysis.convert.parts_of", partial(parts_of, piece=30))
    ran = coach("convert", "all.parquet", "--partition-by", "account", "-o", "ds", *also)
    assert ran.code == 0, ran.err
    if not also:
        assert len(list((tmp_path / "ds").iterdir())) == 4
    for path in (tmp_path / "whole").rglob("*.parquet"):
        mine = pd.read_parquet(tmp_path / "ds" / path.relative_to(tmp_path / "whole"))
        pd.testing.assert_frame_equal(mine, pd.read_parquet(path))
    assert {p.name for p in tmp_path.iterdir()} == {"all.parquet", "whole", "ds"}, "nothing is left beside it"


def test_what_is_no_table_of_many_accounts_is_read_in_one_piece(tmp_path: Path) -> None:
    whole = table(tmp_path / "all.parquet", ["a", "b"] * 10)
    (tmp_path / "posts.csv").write_text("post_id,account,views\n1,a,2\n", "utf-8")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing else")
    pd.DataFrame({"post_id": ["1", "2"], "views": [1, 2]}).to_parquet(tmp_path / "one.parquet")
    pd.DataFrame({"post_id": ["1", "2"], "account": [1, 2]}).to_parquet(tmp_path / "numbers.parquet")
    for other in ("posts.csv", "broken.parquet", "one.parquet", "numbers.parquet", ".", "not there"):
        paths = [whole, tmp_path / other]
        assert list(parts_of(paths, tmp_path / "parts", "account", 5)) == [tuple(paths)], other


def test_a_table_that_is_damaged_within_is_read_in_one_piece(tmp_path: Path) -> None:
    path = table(tmp_path / "all.parquet", ["a", "b"] * 200)
    content = bytearray(path.read_bytes())
    content[4:200] = bytes(196)
    path.write_bytes(content)
    assert list(parts_of([path], tmp_path / "parts", "account", 50)) == [(path,)]


def test_a_dataset_is_there_whole_or_not_at_all(coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table(tmp_path / "all.parquet", ["baker", "miller", "ægir", "smith"] * 40)
    written: list[Path] = []

    def failing(frame: pd.DataFrame, path: Path, output_format: str) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)

    monkeypatch.setattr("tiktok_coach.render.table.write", failing)
    ran = coach("convert", "all.parquet", "--partition-by", "account", "-o", "ds")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "ds" in ran.err
    assert {p.name for p in tmp_path.iterdir()} == {"all.parquet"}
