"""What a kind of check is, all that writing one takes, and the list of those there are."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from tiktok_coach.core.facts import known_mask
from tiktok_coach.rules.outcome import Outcome, all_unknown, statuses
from tiktok_coach.rules.subjects import Subjects

__all__ = ["NUMBERS", "TEXTS", "TIMES", "CheckKind", "Outcome", "Params", "Subjects"]
__all__ += ["all_unknown", "built_in_kinds", "find_kind", "known_mask", "plugin_kinds", "statuses"]

NUMBERS = frozenset({"count", "number", "share", "flag"})
TEXTS = frozenset({"text"})
TIMES = frozenset({"time"})


class Params(BaseModel):
    """Base of the parameters of a check kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class CheckKind:
    """A kind of check.

    Parameters
    ----------
    name : what a rule file calls it.
    params : the model of its parameters.
    evaluate : gives the outcome for subjects, the name of the field that is checked, and parameters. It works account
        by account: an account's outcome is the same whatever other accounts there are.
    fields : the kinds of columns that it can check: keys of `core.schema.DTYPES`.
    terms : names that messages may use beside the parameters.
    needs_field : whether nothing is known where the field is known of no subject; `evaluate` is not called then.
    compares : whether it compares subjects with each other.
    reads_results : whether it reads what became of a post, so that passing is no cause of a result.
    learns_from_views : whether it may learn from the views of the account's posts what passes.
    missing_input : says what would turn unknown answers into known ones, where that is not simply the field.
    """

    name: str
    params: type[Params]
    evaluate: Callable[[Subjects, str, Any], Outcome]
    fields: Set[str] = field(kw_only=True)
    terms: Set[str] = field(default=frozenset(), kw_only=True)
    needs_field: bool = field(default=True, kw_only=True)
    compares: bool = field(default=False, kw_only=True)
    reads_results: bool = field(default=False, kw_only=True)
    learns_from_views: bool = field(default=False, kw_only=True)
    missing_input: Callable[[Subjects, str, Any], str | None] | None = field(default=None, kw_only=True)


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
