"""The conversation of the guide: each question is asked again, and the assistant says no number that no answer has."""

from __future__ import annotations

import json
import re
import shlex
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from tests.assistant.client import answer, workspace
from tests.test_docs import block, blocks
from tiktok_coach.cli.app import Commands

pytestmark = pytest.mark.xdist_group("assistant")

PAGE = "docs/guides/assistant.md"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def part(value: Any, path: str) -> Any:
    """The part of an answer to which names and positions lead."""
    return reduce(lambda held, name: held[int(name)] if name.isdigit() else held[name], path.split("."), value)


def without_numbers(value: Any) -> Any:
    """A value without its numbers, which may differ a little by machine."""
    return NUMBER.sub("0", json.dumps(value, ensure_ascii=False))


def numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


def test_the_recorded_conversation_is_what_the_tools_answer(bakery: Path, tmp_path: Path) -> None:
    # The example is to be read alone.
    place, own = workspace(bakery), workspace(tmp_path)
    asked, content = [], {}
    for line in block(PAGE, "text", "> load_account").splitlines():
        if line.startswith("> "):
            name, _space, arguments = line.removeprefix("> ").partition(" ")
            content = answer(own if name == "write_draft_plan" else place, name, writes=True, **json.loads(arguments))
            asked.append(name)
        elif match := re.fullmatch(r"([a-z_]+(?:\.\w+)*): (.+)", line):
            shown, now = json.loads(match[2]), part(content, match[1])
            assert without_numbers(now) == without_numbers(shown), line
            assert numbers(json.dumps(now)) == pytest.approx(numbers(json.dumps(shown)), rel=0.05), line
    assert len(asked) == 9


def test_the_assistant_says_no_number_that_no_answer_has() -> None:
    known: set[str] = set()
    for paragraph in block(PAGE, "text", "> load_account").split("\n\n"):
        if paragraph.startswith("Assistant: "):
            assert set(NUMBER.findall(paragraph)) <= known
        else:
            known |= set(NUMBER.findall(paragraph))
    assert len(known) > 30


def test_the_settings_of_programs_start_the_command_as_it_is() -> None:
    options = {name for one in Commands()["mcp"].params for name in one.opts} | {"--lang"}
    servers = [next(iter(json.loads(text).values()))["tiktok-coach"]["args"] for text in blocks(PAGE, "json")]
    [line] = [line for text in blocks(PAGE, "console") for line in text.splitlines() if "claude mcp add" in line]
    servers.append(shlex.split(line)[shlex.split(line).index("--") + 2 :])
    assert [args[0] for args in servers] == ["mcp"] * 3
    for args in servers:
        assert {arg for arg in args if arg.startswith("--")} <= options
