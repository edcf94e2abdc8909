"""What a kind of check is, and the list of those there are."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from tiktok_coach.rules.outcome import Outcome
from tiktok_coach.rules.subjects import Subjects

NUMBERS = frozenset({"count", "number", "share", "flag"})
TEXTS = frozenset({"text"})
TIMES = frozenset({"time"})


class Params(BaseModel):
    """Base of the parameters of a check kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, kw_only=True)
class CheckKind:
    """A kind of check.

    Parameters
    ----------
    name : what a rule file calls it.
    params : the model of its parameters.
    evaluate : gives the outcome for subjects, the field that is checked, and parameters. It works account by account:
        an account's outcome is the same whatever other accounts there are.
    fields : the kinds of columns that it can check: keys of `core.schema.DTYPES`.
    terms : names that messages may use beside the parameters.
    compares : whether it compares subjects with each other.
    reads_results : whether it reads what became of a post, so that passing is no cause of a result.
    learns_from_views : whether it may learn from the views of the account's posts what passes.
    missing_input : says what would turn unknown answers into known ones, where that is not simply the field.
    """

    name: str
    params: type[Params]
    evaluate: Callable[[Subjects, str, Any], Outcome]
    fields: frozenset[str]
    terms: frozenset[str] = frozenset()
    compares: bool = False
    reads_results: bool = False
    learns_from_views: bool = False
    missing_input: Callable[[Subjects, str, Any], str | None] | None = None


@cache
def built_in_kinds() -> dict[str, CheckKind]:
    """Every kind of check of this package, by name."""
    from tiktok_coach.rules import checks

    names = sorted(module.name for module in pkgutil.iter_modules(checks.__path__))
    kinds = [importlib.import_module(f"{checks.__name__}.{name}").KIND for name in names]
    return {kind.name: kind for kind in kinds}


@cache
def plugin_kinds() -> dict[str, CheckKind]:
    """The kinds of checks that other installed packages add, by name; looking for them takes longer than a lint."""
    from tiktok_coach.core.plugins import CHECKS, load_plugins

    return {kind.name: kind for kind in load_plugins(CHECKS, CheckKind).values()}


def find_kind(name: str) -> CheckKind | None:
    """A kind of check of this package, else of another; None for an unknown one."""
    return built_in_kinds().get(name) or plugin_kinds().get(name)
