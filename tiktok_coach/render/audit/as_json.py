"""The audit as JSON, written piece by piece so that a large one needs no more memory than a small one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tiktok_coach.analysis.audit import SCHEMA_VERSION, Audit
from tiktok_coach.core.account import Account
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.json_csv import json_cell, number, pair
from tiktok_coach.rules.findings import findings
from tiktok_coach.rules.missing_inputs import MissingInput
from tiktok_coach.rules.scores import TipScore
from tiktok_coach.stats.changes import Change, Expected

SHOWN = (
    "post_id",
    "account",
    "link",
    "status",
    "caption",
    "kind",
    "uploaded_at",
    "posted_at",
    "posted_at_precision",
    "duration_s",
    "views",
    "reach",
    "likes",
    "comments",
    "shares",
    "saves",
    "completion_rate",
    "average_watch_time_s",
    "metrics_at",
    "sources",
)


def as_json(
    audit: Audit, statuses: Sequence[int], accounts: Sequence[Mapping[str, Any]] | None = None
) -> Iterator[str]:
    """The audit as pieces of one JSON text; findings only of the given statuses. `accounts` is how several stand beside each other."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "account": account_facts(audit.account),
        "accounts": [account_facts(a) for a in audit.export.accounts] if accounts is None else list(accounts),
        "sources": [s.as_dict() for s in audit.export.sources],
        "notices": [n.as_dict() for n in audit.export.said],
        "tips": [tip_facts(t) for t in audit.tips if t.tip is not None],
        "groups": [tip_facts(t) for t in audit.tips if t.tip is None],
        "changes": [change_facts(c) for c in audit.changes],
        "hurting": [change_facts(c) for c in audit.hurting],
        "missing": [missing_facts(m) for m in audit.missing],
    }
    yield json_text(head, indent=1)[:-2] + ',\n "findings": [\n'
    yield from _items(f for e in audit.evaluations for f in findings(e, statuses))
    yield '\n ],\n "posts": [\n'
    yield from _items(_posts(audit))
    yield "\n ]\n}\n"


def account_facts(account: Account) -> dict[str, Any]:
    """Who an account is."""
    return {
        "handle": account.handle,
        "type": account.type,
        "category": account.category,
        "timezone": account.timezone,
        "timezone_source": account.timezone_source,
        "language": account.language,
        "country": account.country,
        "subcultures": list(account.subcultures),
        "small_business": account.small_business,
    }


def missing_facts(lack: MissingInput) -> dict[str, Any]:
    """What would answer the unknown."""
    return {"supplied_by": lack.provided_by, "codes": list(lack.codes)}


def _items(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    for place, value in enumerate(values):
        yield (",\n  " if place else "  ") + json_text(value)


def tip_facts(tip: TipScore) -> dict[str, Any]:
    """How a tip, or another group of rules, stands."""
    return {
        "tip": tip.tip if tip.tip is not None else tip.group,
        "title": tip.title,
        "score": None if tip.score is None else round(tip.score, 1),
        "coverage": round(tip.coverage, 4),
        "counts": tip.counts,
    }


def change_facts(change: Change) -> dict[str, Any]:
    """A change, and what is to be expected of it."""
    rule = change.evaluation.compiled.rule
    return {
        "code": rule.code,
        "tip": change.evaluation.compiled.tip,
        "severity": rule.severity,
        "gain": round(change.gain, 2),
        "failing": change.failing,
        "known": change.known,
        "expected": _expected(change.expected),
        "why": rule.why,
        "sources": [c.model_dump() for c in rule.sources],
    }


def _expected(expected: Expected) -> dict[str, Any]:
    """What mending is expected to do, on what that rests, and what the account's own posts say of it."""
    return {
        "basis": expected.basis,
        "outcome": expected.outcome,
        "effect": number(expected.effect),
        "interval": pair(expected.low, expected.high),
        "total": number(expected.total),
        "own_posts": expected.posts,
        "verdict": expected.verdict,
    }


def _posts(audit: Audit) -> Iterator[dict[str, Any]]:
    columns = [c for c in SHOWN if c in audit.posts.columns]
    table = audit.posts[columns]
    names = {*columns}
    scores = audit.scores.itertuples(index=False)
    for values, (score, coverage, failed) in zip(table.itertuples(index=False), scores, strict=True):
        post = {name: json_cell(value) for name, value in zip(columns, values, strict=True)}
        if "posted_at" in names and post.get("posted_at_precision") == "day":
            post["posted_at"] = str(post["posted_at"])[:10]
        yield {**post, "score": json_cell(round(score, 1)), "coverage": round(coverage, 4), "failed": int(failed)}
