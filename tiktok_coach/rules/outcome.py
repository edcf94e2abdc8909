"""The four answers of a check, as small numbers, and what a check gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tiktok_coach.core.facts import Array, take_rows
from tiktok_coach.core.translation import N_

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = 0, 1, 2, 3
NAMES = (N_("pass"), N_("fail"), N_("unknown"), N_("not_applicable"))
STATUS = {name: number for number, name in enumerate(NAMES)}


@dataclass(frozen=True)
class Outcome:
    """What a check says of every subject: `status` (int8, one of the four), and the `value` it saw, if any.

    `terms` are further values for messages: one for all subjects, or a function of the subject's position. `related`
    gives the position of the other subject that a failure speaks of, such as the post that it repeats; -1 for none.
    """

    status: np.ndarray
    value: Array | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    related: np.ndarray | None = None

    def rows(self, rows: np.ndarray, account_rows: np.ndarray) -> Outcome:
        """The outcome of some subjects; related ones become positions among the posts at `account_rows`."""

        def moved(term: Any) -> Any:
            return (lambda row: term(int(rows[row]))) if callable(term) else term

        alike = bool(len(self.status)) and not self.status.strides[0]
        return Outcome(
            same_status(int(self.status[0]), len(rows)) if alike else self.status[rows],
            None if self.value is None else take_rows(self.value, rows),
            {name: moved(term) for name, term in self.terms.items()},
            None if self.related is None else renumber(self.related[rows], account_rows),
        )


def statuses(ok: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Statuses from whether each subject is as it should be, and whether that is known."""
    status = np.where(ok, np.int8(PASS), np.int8(FAIL))
    status[~known] = UNKNOWN
    return status


def all_unknown(count: int) -> Outcome:
    """An outcome that knows nothing of `count` subjects."""
    return Outcome(same_status(UNKNOWN, count))


def renumber(positions: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Positions among all posts as positions among `rows` (ascending); -1 for one that is not there.

    >>> renumber(np.array([7, -1, 3]), np.array([3, 5, 7])).tolist()
    [2, -1, 0]
    """
    if not len(rows):
        return np.full(len(positions), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(rows, positions), len(rows) - 1)
    return np.where(rows[places] == positions, places, -1)


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
