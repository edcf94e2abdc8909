"""Which formats there are; each module, and each other package, is loaded only where its format is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, TypeAlias

from tiktok_coach.core.errors import LINT_FORMATS, load_plugins

if TYPE_CHECKING:
    from tiktok_coach.linter.check import LintResult
    from tiktok_coach.render.lint.text import Paint

# A format is a function of what lint found, of how to colour a text, and of the width of the terminal.
Render: TypeAlias = "Callable[[LintResult, Paint, int], Iterable[str]]"
FORMATS = ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown")
# How often each rule was broken, instead of where; as text and as JSON.
STATISTICS, STATISTICS_JSON = "statistics", "statistics_json"
READ_BY_PEOPLE = frozenset({"text", "concise"})
# In which module the function of a format is; the others are in `data`.
_AS_TEXT = frozenset({*READ_BY_PEOPLE, "markdown", STATISTICS})


@cache
def plugin_formats() -> dict[str, Render]:
    """The formats that other installed packages add, by name."""
    return load_plugins(LINT_FORMATS, FunctionType)


def known_formats(name: str) -> tuple[str, ...]:
    """FORMATS, and those of other packages too unless `name` is a built-in one."""
    return FORMATS if name in FORMATS else (*FORMATS, *plugin_formats())


def rendered(name: str, linted: LintResult, paint: Paint, width: int) -> Iterable[str]:
    """What lint found in one of `known_formats`, in pieces; colours and width matter to terminals alone."""
    if name not in (*FORMATS, STATISTICS, STATISTICS_JSON):
        return plugin_formats()[name](linted, paint, width)
    module = importlib.import_module(f"tiktok_coach.render.lint.{'text' if name in _AS_TEXT else 'data'}")
    render: Render = getattr(module, f"render_{name}")
    return render(linted, paint, width)
