"""The README's commands run as they are written, on the bundled bakery, and its examples are what they say."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_accounts import sheet
from tests.conftest import Ran
from tests.writing import content, content_row, put, read
from tiktok_coach.core.documents.document import read_yaml
from tiktok_coach.ranking.feed.settings import AudienceSettings, read_audience
from tiktok_coach.rules.load import load_rules, rulebook

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
SHELL = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]
COMMANDS = [line for line in SHELL if line.startswith("tiktok-coach ") and "--install-completion" not in line]


def block(language: str, holding: str) -> str:
    [found] = [b for b in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if holding in b]
    return str(found)


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 12
    assert sum(line.startswith("python3 -m venv") for line in SHELL) == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_runs(coach: Callable[..., Ran], bakery: Path, tmp_path: Path, command: str) -> None:
    shutil.copytree(bakery, tmp_path / "bakery")
    put(tmp_path / "plan.yaml", block("yaml", "brunsviger.mp4"))
    for name in ("mybakery", "miller"):
        put(tmp_path / "clients" / f"{name}.csv", sheet({name: 20}))
    ran = coach(*shlex.split(command)[1:])
    wanted = 1 if "--fail-on" in command else 0
    assert ran.code == wanted, ran.err
    assert ran.out or any(option in command for option in ("-file", " -o ", "--retention"))


def test_the_sidecar_trends_and_config_examples_are_read(coach: Callable[..., Ran], tmp_path: Path) -> None:
    folder = tmp_path / "e"
    put(folder / "Content.csv", content([content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-30")]))
    put(folder / "sidecar.csv", block("csv", "hook_s"))
    put(folder / "trends.yaml", block("yaml", "audience_sounds"))
    put(folder / "tiktok-coach.yaml", block("yaml", "small_business"))
    assert coach("audit", folder).code == 0
    export = read(folder)
    assert export.trends is not None
    assert "sidecar" in {s.format for s in export.sources}


def test_the_workflow_example_is_the_one_that_init_writes_and_its_commands_run(
    coach: Callable[..., Ran], tmp_path: Path
) -> None:
    text = block("yaml", "runs-on")
    assert coach("init").code == 0
    assert (tmp_path / ".github/workflows/content-calendar.yaml").read_text("utf-8") == text
    steps = read_yaml(text, "workflow").value["jobs"]["lint"]["steps"]
    commands = [shlex.split(step["run"]) for step in steps if "run" in step]
    assert [command[0] for command in commands] == ["pip", "tiktok-coach"]
    assert commands[0] == ["pip", "install", "tiktok-coach"]
    assert coach(*commands[1][1:]).code == 0
    [upload] = [step["with"]["sarif_file"] for step in steps if "sarif_file" in step.get("with", {})]
    assert (tmp_path / upload).is_file()


def test_the_hooks_name_commands_that_are_there(coach: Callable[..., Ran], tmp_path: Path) -> None:
    hooks = read_yaml((Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text("utf-8"), "hooks").value
    coach("init")
    for hook in hooks:
        assert re.search(hook["files"], "plans/plan.yaml")
        assert coach(*shlex.split(hook["entry"])[1:], *hook["args"]).code == 0
    [local] = read_yaml((tmp_path / ".pre-commit-config.yaml").read_text("utf-8"), "config").value["repos"]
    [hook] = local["hooks"]
    assert coach(*shlex.split(hook["entry"])[1:]).code == 0


def test_the_audience_example_is_read(tmp_path: Path) -> None:
    settings = read_audience(put(tmp_path / "audience.yaml", block("yaml", "diversity")))
    assert settings.stages == AudienceSettings().stages
    assert settings.diversity == AudienceSettings().diversity


def test_the_example_of_a_rule_pack_passes_its_own_check(coach: Callable[..., Ran], tmp_path: Path) -> None:
    put(tmp_path / "pack" / "house.yaml", block("yaml", "Rules of the house"))
    assert coach("rules", "--check", "pack").out == "1 rules, 3 examples, 0 wrong\n"


def test_the_number_of_checks_is_the_rulebooks() -> None:
    assert f"{len(load_rules([rulebook()]))} checks in YAML" in README


def test_contributings_example_of_a_rule_is_the_rulebooks_own() -> None:
    text = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")
    assert "code: T510" in text
    [rule] = [r for r in load_rules([rulebook()]) if r.code == "T510"]
    assert rule.rule.message in text
    assert rule.rule.fix in text
