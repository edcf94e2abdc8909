"""An example of what another package can add: a reader of a format, a kind of check, and an output of lint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.fill import read_posts
from tiktok_coach.io.reading import Reader, Reading, ReadOptions
from tiktok_coach.linter.check import LintResult
from tiktok_coach.rules.kind import TEXTS, CheckKind, Outcome, Params, Subjects, known_mask, statuses

COLUMNS = {"post_id": ("number",), "caption": ("words",), "posted_at": ("when",), "views": ("eyes",)}


def recognise(file: SourceFile) -> int:
    return 10 if isinstance(file.json, dict) and "weekly_digest" in file.json else 0


def read(file: SourceFile, options: ReadOptions) -> Reading:
    reading, _rows = read_posts(file.json["weekly_digest"], COLUMNS, file.name, options, name="weekly digest", trust=70)
    return reading


WEEKLY_DIGEST = Reader("weekly digest", recognise, read)


class Shouting(Params):
    """At most `max` exclamation marks."""

    max: int = 0


def evaluate(subjects: Subjects, field: str, params: Any) -> Outcome:
    texts = subjects.column_or_null(field)
    marks = pd.Series(texts, dtype="str").str.count("!").to_numpy(dtype="float64", na_value=0)
    return Outcome(statuses(marks <= params.max, known_mask(texts)), marks, {"value": lambda row: str(int(marks[row]))})


SHOUTING = CheckKind("shouting", Shouting, evaluate, fields=TEXTS, terms={"value"})


def codes(linted: LintResult, paint: Callable[[str, str], str], width: int) -> Iterator[str]:
    """The codes of the findings, a line each."""
    for finding in linted.findings:
        yield finding.code + "\n"
