"""What a resumed fleet works on anew: every account of which anything has changed that its answer depends on."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch.packs import PACK
from tests.cli.test_accounts import sheet
from tests.writing import put
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.batch.discovery import accounts_in
from tiktok_coach.batch.scheduler import finish, prepare_groups
from tiktok_coach.batch.worker import Failure, FleetResult, create_job, work

TRENDS = "lists:\n  - as_of: 2026-11-20\n    hashtags: [{tag}]\n"
NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
Fleet = Callable[..., int]


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("baker", "miller"):
        put(tmp_path / "clients" / name / "posts.csv", sheet({name: 3}))
    return tmp_path / "clients"


@pytest.fixture
def fleet(tmp_path: Path, clients: Path) -> Fleet:
    """Runs an audit of the clients in this process, and gives how many accounts were worked on."""

    def run(*, with_json: bool = False, **options: object) -> int:
        out = tmp_path / "out"
        asked = AnalysisOptions(now=NOW, today=NOW.date(), inputs=(clients,), **options)  # type: ignore[arg-type]
        job = create_job("audit", asked, out, seed=7, resume=True, with_json=with_json)
        groups = prepare_groups(out, job, accounts_in([clients]))
        results = [work(group, job) for group in groups]
        failures: tuple[Failure, ...] = tuple(failure for result in results for failure in result.failures)
        new = sum(result.new for result in results)
        finish(out, job, FleetResult(new, 2 - new, failures), groups, 0)
        return new

    return run


def written(tmp_path: Path) -> set[str]:
    return {path.stem for path in (tmp_path / "out" / "json").glob("*.json")}


def test_nothing_new_is_worked_on_again(fleet: Fleet) -> None:
    assert (fleet(), fleet()) == (2, 0)


def test_a_changed_rule_file_is_noticed(fleet: Fleet, tmp_path: Path) -> None:
    file = put(tmp_path / "house.yaml", PACK.format(severity="info"))
    assert (fleet(packs=(file,)), fleet(packs=(file,))) == (2, 0)
    put(file, PACK.format(severity="error"))
    assert fleet(packs=(file,)) == 2


@pytest.mark.parametrize(
    ("config", "name", "before", "after"),
    [
        ("trends: [../../t.yaml]", "t.yaml", TRENDS.format(tag="rye"), TRENDS.format(tag="bread")),
        ("rule_packs: [../../p.yaml]", "p.yaml", PACK.format(severity="info"), PACK.format(severity="error")),
        ("rule_packs: [../../p]", "p/house.yaml", PACK.format(severity="info"), PACK.format(severity="error")),
    ],
    ids=["trends", "rule file", "rule pack"],
)
def test_what_an_own_config_names_outside_of_its_folder_is_noticed(
    fleet: Fleet, clients: Path, tmp_path: Path, config: str, name: str, before: str, after: str
) -> None:
    put(clients / "baker" / "tiktok-coach.yaml", f"{config}\n")
    put(tmp_path / name, before)
    assert (fleet(), fleet()) == (2, 0)
    put(tmp_path / name, after)
    assert fleet() == 1


@pytest.mark.parametrize(
    "config",
    [
        "signal_values: {like: 2}",
        "columns: {views: visninger}",
        "ignore: [T4]",
        "rules: {T401: {weight: 2}}",
        "trends: [t.yaml]",
        "rule_packs: [p.yaml]",
    ],
)
def test_a_changed_config_of_all_is_noticed(fleet: Fleet, clients: Path, tmp_path: Path, config: str) -> None:
    put(clients / "t.yaml", TRENDS.format(tag="rye"))
    put(clients / "p.yaml", PACK.format(severity="info"))
    file = put(clients / "tiktok-coach.yaml", "account: {timezone: UTC}\n")
    fleet()
    put(file, f"{config}\n")
    first = fleet()
    assert (first >= 2, fleet()) == (True, 0)


def test_an_own_config_does_not_get_the_trends_of_the_others(fleet: Fleet, clients: Path, tmp_path: Path) -> None:
    put(tmp_path / "t.yaml", TRENDS.format(tag="rye"))
    put(clients / "tiktok-coach.yaml", "trends: [../t.yaml]\n")
    put(clients / "baker" / "tiktok-coach.yaml", "ignore: [T9]\n")
    fleet(with_json=True)
    names = {
        name: [
            Path(one["name"]).name
            for one in json.loads((tmp_path / "out/json" / f"{name}.json").read_text())["sources"]
        ]
        for name in ("baker", "miller")
    }
    assert ("t.yaml" in names["baker"], "t.yaml" in names["miller"]) == (False, True)


def test_the_json_of_an_account_that_is_gone_or_not_read_any_more_is_gone(
    fleet: Fleet, clients: Path, tmp_path: Path
) -> None:
    fleet(with_json=True)
    assert written(tmp_path) == {"baker", "miller"}
    shutil.rmtree(clients / "miller")
    fleet(with_json=True)
    assert written(tmp_path) == {"baker"}
    put(clients / "baker" / "posts.csv", "a,b\n1,2\n")
    fleet(with_json=True)
    assert written(tmp_path) == set()


def test_the_json_of_an_account_that_has_changed_goes_where_none_is_wanted(
    fleet: Fleet, clients: Path, tmp_path: Path
) -> None:
    fleet(with_json=True)
    put(clients / "baker" / "posts.csv", sheet({"baker": 4}))
    assert (fleet(), written(tmp_path)) == (1, {"miller"})


def test_a_config_of_all_that_names_one_account_is_no_warning_for_the_others(
    fleet: Fleet, clients: Path, tmp_path: Path
) -> None:
    def warned() -> set[str]:
        texts = {name: (tmp_path / "out" / "json" / f"{name}.json").read_text("utf-8") for name in written(tmp_path)}
        return {name for name, text in texts.items() if "is not used: the files are of" in text}

    put(clients / "tiktok-coach.yaml", "account: {handle: baker, type: business}\n")
    fleet(with_json=True)
    assert warned() == set()
    put(clients / "miller" / "tiktok-coach.yaml", "account: {handle: baker, type: business}\n")
    fleet(with_json=True)
    assert warned() == {"miller"}
