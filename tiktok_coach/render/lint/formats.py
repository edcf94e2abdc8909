"""Which formats there are; each module is loaded only where its format is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktok_coach.linter.check import LintResult
    from tiktok_coach.render.lint.style import Paint

_MODULES = {
    "full": "full",
    "concise": "concise",
    "json": "as_json",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "markdown": "markdown",
}
FORMATS = tuple(_MODULES)
READ_BY_PEOPLE = frozenset({"full", "concise"})


def rendered(name: str, linted: LintResult, paint: Paint, width: int) -> Iterable[str]:
    """What lint found in one of FORMATS, in pieces; colours and width matter only to those made for a terminal."""
    module = importlib.import_module(f"tiktok_coach.render.lint.{_MODULES[name]}")
    pieces: Iterable[str] = module.render(linted, paint, width)
    return pieces
