"""What is made of the package's own files is kept between commands, and made again once anything it rests on changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran
from tiktok_coach.core import package_cache as module
from tiktok_coach.core.documents import document
from tiktok_coach.core.package_cache import load_or_make, package_cache
from tiktok_coach.core.translation import use_language
from tiktok_coach.ranking.outlook import load_outlook
from tiktok_coach.rules import load
from tiktok_coach.rules.kind import built_in_kinds
from tiktok_coach.rules.load import load_rules, rulebook


class Counting:
    """Gives a text, and counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return "made"


@pytest.fixture
def make() -> Counting:
    return Counting()


def test_what_was_made_of_the_same_texts_is_not_made_again(make: Counting) -> None:
    assert [load_or_make("rules", ["text"], make) for _time in range(3)] == ["made"] * 3
    assert make.times == 1


def test_other_texts_other_names_and_other_languages_are_made(make: Counting) -> None:
    load_or_make("rules", ["text", "more"], make)
    load_or_make("rules", ["textmore"], make)
    load_or_make("signals", ["text", "more"], make)
    with use_language("da"):
        load_or_make("rules", ["text", "more"], make)
    assert make.times == 4


def test_code_that_changed_makes_anew(make: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = tmp_path / "package" / "rules.py"
    code.parent.mkdir()
    monkeypatch.setattr(module, "PACKAGE", code.parent)
    for content in ("1", "1", "22", "1"):
        code.write_text(content)
        os.utime(code, ns=(len(content), len(content)))
        module._program.cache_clear()
        load_or_make("rules", ["text"], make)
    module._program.cache_clear()
    assert make.times == 2


def test_a_file_that_was_cut_off_is_made_again(make: Counting) -> None:
    load_or_make("rules", ["text"], make)
    [path] = package_cache().files()
    path.write_bytes(path.read_bytes()[:5])
    assert [load_or_make("rules", ["text"], make) for _time in range(2)] == ["made"] * 2
    assert make.times == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows keeps a user's folders by itself")
def test_what_others_might_have_written_is_not_trusted(make: Counting) -> None:
    load_or_make("rules", ["text"], make)
    package_cache().folder.chmod(0o777)
    load_or_make("rules", ["text"], make)
    assert make.times == 2


def test_a_folder_that_cannot_be_written_to_keeps_nothing_and_stops_nothing(
    make: Counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(module, "user_cache_path", lambda name: tmp_path / "file" / name)
    assert load_or_make("rules", ["text"], make) == "made"


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_rules_that_were_kept_are_those_of_the_files(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with use_language(language):
        load._compile_shipped.cache_clear()
        of_files = load_rules([rulebook()])
        load._compile_shipped.cache_clear()
        with monkeypatch.context() as patch:
            patch.setattr(load, "compile_rules", None)
            kept = load_rules([rulebook()])
        load._compile_shipped.cache_clear()
    assert kept == of_files
    # A kind is known by its functions, which are those of the program that runs.
    assert {id(rule.kind) for rule in kept} <= set(map(id, built_in_kinds().values()))
    assert all(one.params.all_values == other.params.all_values for one, other in zip(kept, of_files, strict=True))


def test_a_model_that_was_kept_is_that_of_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    of_file = load_outlook(rulebook())
    monkeypatch.setattr(document, "compose", None)
    assert load_outlook(rulebook()) == of_file


def test_lint_says_the_same_from_what_was_kept(coach: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("posts: [{caption: Rye bread, publish_at: 2090-01-01T18:30+01:00}]", "utf-8")
    said = []
    for _time in range(2):
        load._compile_shipped.cache_clear()
        said.append(coach("lint", "plan.yaml"))
    assert said[0] == said[1]
    assert package_cache().files()


def test_clearing_the_cache_clears_this_too(coach: Callable[..., Ran], make: Counting) -> None:
    load_or_make("rules", ["text"], make)
    coach("cache", "clear")
    assert not package_cache().files()
