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
    """A kind of check: its parameters, its function of subjects, field and parameters, and the names its messages may use; `compares` where it holds
    subjects against each other."""

    name: str
    params: type[Params]
    evaluate: Callable[[Subjects, str, Any], Outcome]
    terms: frozenset[str] = frozenset()
    compares: bool = False


@cache
def kinds() -> dict[str, CheckKind]:
    """Every kind of check, by name."""
    from tiktok_coach.rules import checks

    names = sorted(module.name for module in pkgutil.iter_modules(checks.__path__))
    found = [importlib.import_module(f"{checks.__name__}.{name}").KIND for name in names]
    return {kind.name: kind for kind in found}
