"""How often each rule was broken, instead of where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tiktok_coach.linter.check import LintResult
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.lint.style import STYLES, Paint


def counts(linted: LintResult) -> list[dict[str, object]]:
    """A row a rule that was broken, the most frequent first."""
    counts = Counter((f.code, f.name, f.severity) for f in linted.findings)
    mended = Counter(f.code for f in linted.findings if f.autofix is not None)
    return [
        {"code": code, "name": name, "severity": severity, "count": count, "mendable": mended[code]}
        for (code, name, severity), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def render(linted: LintResult, paint: Paint, width: int) -> Iterator[str]:  # noqa: ARG001 - rows are short
    """A line a rule."""
    rows = counts(linted)
    wide = max((len(str(row["count"])) for row in rows), default=0)
    for row in rows:
        mark = "[*]" if row["mendable"] else "   "
        code = paint(str(row["code"]), STYLES[str(row["severity"])])
        yield f"{row['count']:>{wide}}  {code}  {mark}  {row['severity']:<7}  {row['name']}\n"


def render_json(linted: LintResult) -> Iterator[str]:
    """The same as a list of objects."""
    yield json_text(counts(linted), indent=1) + "\n"
