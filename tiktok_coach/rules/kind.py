"""What a kind of check is, the four answers that it gives, all that writing one takes, and those that there are."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence, Set
from dataclasses import field
from functools import cache, cached_property
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from tiktok_coach.core.facts import Array, known_mask, take_rows
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.subjects import Subjects, renumber

__all__ = ["FAIL", "NUMBERS", "PASS", "TEXTS", "TIMES", "UNKNOWN", "CheckKind", "Outcome", "Params", "Subjects"]
__all__ += ["all_unknown", "known_mask", "statuses"]

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = 0, 1, 2, 3
NAMES = (N_("pass"), N_("fail"), N_("unknown"), N_("not_applicable"))
STATUS = {name: number for number, name in enumerate(NAMES)}

NUMBERS = frozenset({"count", "number", "share", "flag"})
TEXTS = frozenset({"text"})
TIMES = frozenset({"time"})


class Params(BaseModel):
    """Base of the parameters of a check kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @property
    def condition(self) -> str:
        """When a subject passes, in English, with places for `field` and the parameters; else empty."""
        return ""

    @property
    def supplied_by(self) -> str | None:
        """What gives a fact that is needed beside the field, in English; None where the field is enough."""
        return None

    @cached_property
    def all_values(self) -> dict[str, Any]:
        """Every parameter by name."""
        return self.model_dump()

    @cached_property
    def set_values(self) -> dict[str, Any]:
        """The parameters without those left at nothing: None, an empty list, an option that is off."""
        values = self.all_values.items()
        return {k: v for k, v in values if v is not None and v != [] and (v is not False or k == "expected")}


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
    counts_subjects : whether it counts posts, so that it is given those alone that a rule's `when` and `unless` keep.
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
    counts_subjects: bool = field(default=False, kw_only=True)
    reads_results: bool = field(default=False, kw_only=True)
    learns_from_views: bool = field(default=False, kw_only=True)
    missing_input: Callable[[Subjects, str, Any], str | None] | None = field(default=None, kw_only=True)

    def __reduce__(self) -> tuple[Callable[[str], CheckKind | None], tuple[str]]:
        # A rule that was kept finds the kind as it is now.
        return find_kind, (self.name,)


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
    from tiktok_coach.core.errors import CHECKS, load_plugins

    return {kind.name: kind for kind in load_plugins(CHECKS, CheckKind).values()}


def find_kind(name: str) -> CheckKind | None:
    """A kind of check of this package, else of another; None for an unknown one."""
    return built_in_kinds().get(name) or plugin_kinds().get(name)


@dataclass(frozen=True)
class Outcome:
    """What a check says of every subject: `status` (int8, one of the four), and the `value` it saw, if any.

    `terms` are further values for messages: one for all subjects, or a function of the subject's position. `related`
    gives the position of the other subject that a failure speaks of, such as the post that it repeats; -1 for none.
    `parts` gives the parts of a subject that are at fault each by itself, as further terms; `position` is that of the
    part in the list that the check reads.
    """

    status: np.ndarray
    value: Array | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    related: np.ndarray | None = None
    parts: Callable[[int], Sequence[dict[str, Any]]] | None = None

    def rows(self, rows: np.ndarray, account_rows: np.ndarray) -> Outcome:
        """The outcome of some subjects; related ones become positions among the posts at `account_rows`."""

        def moved(term: Any) -> Any:
            return (lambda row: term(int(rows[row]))) if callable(term) else term

        alike = bool(len(self.status)) and not self.status.strides[0]
        status = same_status(int(self.status[0]), len(rows)) if alike else self.status[rows]
        value = None if self.value is None else take_rows(self.value, rows)
        related = None if self.related is None else renumber(self.related[rows], account_rows)
        terms = {name: moved(term) for name, term in self.terms.items()}
        return Outcome(status, value, terms, related, moved(self.parts))


def statuses(ok: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Statuses from whether each subject is as it should be, and whether that is known."""
    status = np.where(ok, np.int8(PASS), np.int8(FAIL))
    status[~known] = UNKNOWN
    return status


def all_unknown(count: int) -> Outcome:
    """An outcome that knows nothing of `count` subjects."""
    return Outcome(same_status(UNKNOWN, count))


def counts(status: np.ndarray) -> np.ndarray:
    """How many subjects pass, fail, are unknown, and are not applicable.

    >>> counts(same_status(UNKNOWN, 3)), counts(np.array([PASS, FAIL, PASS]))
    (array([0, 0, 3, 0]), array([2, 1, 0, 0]))
    """
    distinct = status[:1] if len(status) and not status.strides[0] else status
    numbers = np.array([np.count_nonzero(distinct == answer) for answer in range(len(NAMES))])
    return numbers * (len(status) // max(len(distinct), 1))


def same_status(answer: int, count: int) -> np.ndarray:
    """One answer for `count` subjects; it is held once, and not to be written to."""
    return np.broadcast_to(np.int8(answer), count)
