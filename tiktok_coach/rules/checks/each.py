"""each: every item of a list that `;` separates is one of those named, or a number between two bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import model_validator

from tiktok_coach.core.facts import text_at
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import FAIL, PASS, TEXTS, UNKNOWN, CheckKind, Outcome, Params, Subjects


class Each(Params):
    """`values` pass, or numbers from `min` to `max`; an empty item is not known.

    `names` is the column whose items, in the same order, are the names of these.
    """

    values: list[str] = []
    min: float | None = None
    max: float | None = None
    names: str

    @model_validator(mode="after")
    def _one_way(self) -> Each:
        if bool(self.values) == (self.min is not None or self.max is not None):
            raise ValueError(_("name either values, or min and max"))
        return self

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.values:
            return N_("each of {field} must be one of {values}")
        if self.min is None:
            return N_("each of {field} must be {max} at most")
        return (
            N_("each of {field} must be {min} at least") if self.max is None else N_("{field} must be {min} to {max}")
        )

    def allows(self, item: str) -> bool:
        """Whether an item is as it should be."""
        if self.values:
            return item.casefold() in self.values
        number = float(item)
        return (self.min is None or number >= self.min) and (self.max is None or number <= self.max)


def items_of(texts: pa.Array, row: int) -> list[str]:
    """The items of a subject's list."""
    text = text_at(texts, row)
    return [] if text is None else [item.strip() for item in text.split(";")]


def evaluate(subjects: Subjects, field: str, params: Each) -> Outcome:
    """Fail where an item is not as it should be; else unknown where an item is missing, or the whole list."""
    texts, names = subjects.column_or_null(field), subjects.column_or_null(params.names)

    def status(row: int) -> int:
        items = items_of(texts, row)
        if not all(params.allows(item) for item in items if item):
            return FAIL
        return PASS if items and all(items) else UNKNOWN

    def parts(row: int) -> list[dict[str, Any]]:
        """The items at fault: the value of each, its position from 0, its number from 1 and its name."""
        of_post = items_of(names, row)
        return [
            {
                "value": item if params.values else float(item),
                "position": position,
                "number": position + 1,
                "item": of_post[position] if position < len(of_post) else str(position + 1),
            }
            for position, item in enumerate(items_of(texts, row))
            if item and not params.allows(item)
        ]

    answers = np.array([status(row) for row in range(len(subjects))], dtype=np.int8)
    count = {"count": lambda row: len(items_of(texts, row))}
    return Outcome(answers, None, {"list": ", ".join(params.values), **count}, parts=parts)


TERMS = {"value", "number", "item", "list", "count"}
KIND = CheckKind("each", Each, evaluate, fields=TEXTS, terms=TERMS)
