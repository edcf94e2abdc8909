"""The shape of the package: a word in every folder on what lives there, and one formatter for every file."""

from __future__ import annotations

import ast
import io
import re
import string
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import tiktok_coach

PACKAGE = Path(tiktok_coach.__file__).parent
FOLDERS = sorted(path.parent for path in PACKAGE.rglob("__init__.py"))

# Words of a private language, each of which has a plainer one: what it was may have any name but these.
NAMES = frozenset(
    [
        "Among",
        "Asked",
        "Circumstances",
        "Drawn",
        "Dress",
        "Expecting",
        "Mend",
        "Odd",
        "Oddity",
        "Own",
        "Setting",
        "Standing",
        "Understanding",
        "Usual",
        "Ways",
        "Wishes",
        "_Spoken",
        "beyond",
        "chance_of",
        "drawn",
        "drawn_together",
        "forget",
        "found",
        "held",
        "held_in",
        "lacking",
        "last_of",
        "learnt",
        "left_over",
        "like_age",
        "mending",
        "mine",
        "asked",
        "settle",
        "settled",
        "supplier",
        "taken",
        "told",
        "understand",
    ]
)
MODULES = frozenset(
    [
        "among",
        "asking",
        "built",
        "chance",
        "controls",
        "fixing",
        "lacking",
        "lettering",
        "linting",
        "looking",
        "mending",
        "prints",
        "running",
        "saying",
        "showing",
        "spoken",
        "standing",
        "tying",
        "walking",
        "wording",
        "working",
    ]
)


def tokens(pattern: str) -> Iterator[tuple[Path, tokenize.TokenInfo]]:
    """The tokens of every file in which a pattern is anywhere; to part all files into tokens takes seconds."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if re.search(pattern, text := path.read_text("utf-8")):
            for token in tokenize.generate_tokens(io.StringIO(text).readline):
                yield path.relative_to(PACKAGE), token


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(PACKAGE.parent).as_posix())
def test_every_folder_says_what_lives_there(folder: Path) -> None:
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
    assert text
    assert text[-1] == "."


def test_names_are_plain() -> None:
    private = sorted(
        f"{path}:{token.start[0]}: {token.string}"
        for path, token in tokens(rf"\b(?:{'|'.join(sorted(NAMES))})\b")
        if token.type == tokenize.NAME and token.string in NAMES
    )
    assert private == []
    assert sorted(str(path) for path in PACKAGE.rglob("*.py") if path.stem in MODULES) == []


def test_the_formatter_is_switched_off_nowhere() -> None:
    comments = [(path, token) for path, token in tokens("fmt:") if token.type == tokenize.COMMENT]
    assert [f"{path}:{token.start[0]}" for path, token in comments if "fmt:" in token.string] == []


def calls_for_text() -> Iterator[tuple[str, set[str], set[str]]]:
    """Where a text is looked up, the places that it has, and the names that fill them."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else None
            if not isinstance(call, ast.Call) or name not in {"_", "plural", "fill"}:
                continue
            if any(keyword.arg is None for keyword in call.keywords):
                continue
            values = {str(keyword.arg) for keyword in call.keywords} | ({"count"} if name == "plural" else set())
            texts = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            places = {place for text in texts for _, place, _, _ in string.Formatter().parse(text) if place}
            yield f"{path.relative_to(PACKAGE)}:{call.lineno}", places, values


def test_every_place_in_a_text_is_filled() -> None:
    assert [where for where, places, values in calls_for_text() if places - values] == []
