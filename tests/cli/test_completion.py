"""What a shell completes where the user presses Tab, by the protocol of Typer's scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tests.writing import content, content_row, put

Coach = Callable[..., Ran]
Complete = Callable[[str], list[str]]


@pytest.fixture
def complete(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """What Bash offers for a line, up to where its user is."""

    def call(line: str) -> list[str]:
        words = f"tiktok-coach {line}"
        monkeypatch.setenv("_TIKTOK_COACH_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
        return coach().out.split()

    return call


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ev", ["evidence"]),
        ("rules T40", ["T401", "T402", "T403", "T404", "T405", "T406", "T407"]),
        ("audit exports --select T10", ["T101", "T102", "T103", "T104", "T105"]),
        ("audit exports --ignore E001", ["E001"]),
        ("audit exports --format ", ["text", "json", "markdown"]),
        ("times exports --format ", ["text", "json", "markdown", "csv"]),
        ("audit exports --show ", ["tips", "changes", "posts", "missing", "search", "rewards"]),
        ("audit exports --show tips,p", ["tips,posts"]),
        ("audit exports --sort ", ["gain", "score", "views", "posts", "name"]),
        ("audit exports --fail-on ", ["error", "warning", "info", "never"]),
        ("audit exports --goal re", ["reach", "rewards"]),
        ("audit exports --goal rewards,re", ["rewards,reach"]),
        ("audit exports --column post_i", ["post_id="]),
        ("schema ", ["plan", "config", "rules"]),
        ("audit exports --each", ["--each-account"]),
    ],
)
def test_commands_options_and_values_are_completed(complete: Complete, line: str, offered: list[str]) -> None:
    assert complete(line) == offered


def test_accounts_are_those_of_the_exports_that_are_typed(complete: Complete, tmp_path: Path) -> None:
    for low, handle in enumerate(("baker", "miller")):
        row = content_row("2026-06-13T16:42:48", "2026-06-13", "2026-06-24", handle=handle, low=low)
        put(tmp_path / "exports" / handle / "Content.csv", content([row]))
    put(tmp_path / "broken.json", "{")
    assert complete("audit exports --account ") == ["baker", "miller"]
    assert complete("audit exports/baker --last 28d --account ") == ["baker"]
    assert complete("why exports --account mi") == ["miller"]
    assert complete("audit exports --account @m") == ["@miller"]
    assert complete("audit broken.json --account ") == complete("audit --account ") == []


@pytest.mark.parametrize(
    ("language", "text"), [("en", "How to show the result"), ("da", "Hvordan resultatet skal vises")]
)
def test_the_help_beside_what_is_offered_is_in_the_users_language(
    coach: Coach, monkeypatch: pytest.MonkeyPatch, language: str, text: str
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    monkeypatch.setenv("_TIKTOK_COACH_COMPLETE", "complete_zsh")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "tiktok-coach audit exports --form")
    assert re.search(rf'"--format":"{text}', coach().out)
