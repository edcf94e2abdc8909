"""A baseline: the findings that a calendar is known to have, so that only new ones are reported.

Findings are known by their fingerprints, which hold no line numbers; one that stands there twice may be found twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.linter.finding import Finding, Suppressed

VERSION = "2"


def as_baseline(findings: Sequence[Finding]) -> str:
    """The findings as a baseline file, in an order that does not change from run to run."""
    counts = Counter((f.place.file, f.code, f.subject, f.fingerprint) for f in findings)
    rows = [
        {"file": file, "code": code, "subject": subject, "fingerprint": fingerprint, "count": count}
        for (file, code, subject, fingerprint), count in sorted(counts.items())
    ]
    body = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"schema_version": "{VERSION}", "findings": [\n  {body}\n]}}\n'


def read_baseline(path: Path) -> Counter[str]:
    """How often each fingerprint is known. Raises CoachError for a file that is no baseline."""
    problem, hint = _("is no baseline"), _("write one with --write-baseline")
    try:
        value = json.loads(path.read_text("utf-8"))
        known = Counter({str(row["fingerprint"]): int(row["count"]) for row in value["findings"]})
    except FileNotFoundError as error:
        raise CoachError(_("no such baseline"), where=str(path), hint=hint) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CoachError(problem, where=str(path), hint=hint) from error
    if value.get("schema_version") != VERSION:
        problem, hint = _("is a baseline of another version"), _("write it anew with --write-baseline")
        raise CoachError(problem, where=str(path), hint=hint)
    return known


def without_known(findings: Sequence[Finding], known: Counter[str]) -> tuple[list[Finding], list[Suppressed], int]:
    """The new findings, the known ones, and how many that the baseline knows are gone."""
    remaining = known.copy()
    new: list[Finding] = []
    old: list[Suppressed] = []
    for finding in findings:
        if remaining[finding.fingerprint] > 0:
            remaining[finding.fingerprint] -= 1
            old.append(Suppressed(finding, "external", _("known to the baseline")))
        else:
            new.append(finding)
    return new, old, sum(remaining.values())
