"""The columns of sheets as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tiktok_coach.analysis.columns import SCHEMA_VERSION, SheetColumns
from tiktok_coach.render.escaping import json_text


def as_json(found: Sequence[SheetColumns]) -> str:
    """`{"schema_version", "files"}`, each file with its `columns` and the `mapping` of facts to headings."""
    return json_text({"schema_version": SCHEMA_VERSION, "files": [_file(f) for f in found]}, indent=1) + "\n"


def _file(sheet: SheetColumns) -> dict[str, Any]:
    known = sheet.mapping
    return {
        "file": sheet.file,
        "format": sheet.format,
        "problem": sheet.problem.advice if sheet.problem else None,
        "columns": [
            {
                "heading": c.heading,
                "fact": c.fact,
                "sure": round(c.confidence, 2),
                "why": c.why,
                "values": list(c.samples),
            }
            for c in (known.columns if known else ())
        ],
        "mapping": dict(known.headings) if known else {},
        "questions": list(known.questions) if known else [],
        "wrong": list(known.misplaced) if known else [],
        "proposed": dict(known.proposal) if known else {},
    }
