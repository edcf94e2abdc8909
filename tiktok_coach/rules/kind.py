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


class Params(BaseModel):
    """Base of the parameters of a check kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class CheckKind:
    """A kind of check.

    Parameters
    ----------
    params : the model of its parameters.
    evaluate : gives the outcome for subjects, the field that is checked, and parameters. It works account by account:
        an account's outcome is the same whatever other accounts there are.
    terms : names that messages may use beside the parameters.
    compares : whether it compares subjects with each other.
    missing_input : says what would turn unknown answers into known ones, where that is not simply the field.
    """

    name: str
    params: type[Params]
    evaluate: Callable[[Subjects, str, Any], Outcome]
    terms: frozenset[str] = frozenset()
    compares: bool = False
    missing_input: Callable[[Subjects, str, Any], str | None] | None = None


@cache
def kinds() -> dict[str, CheckKind]:
    """Every kind of check, by name."""
    from tiktok_coach.rules import checks

    names = sorted(module.name for module in pkgutil.iter_modules(checks.__path__))
    found = [importlib.import_module(f"{checks.__name__}.{name}").KIND for name in names]
    return {kind.name: kind for kind in found}
