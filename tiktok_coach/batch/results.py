"""What each command answers for one account, and the rows that this gives the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis import audit, evidence, simulate
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.batch.tables import Rows, text_of
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.outlook import GROWS
from tiktok_coach.render.audit import audit_json
from tiktok_coach.render.evidence import evidence_json
from tiktok_coach.render.options import RenderOptions
from tiktok_coach.render.simulation.data import post_of, simulation_json
from tiktok_coach.rules.findings import findings
from tiktok_coach.rules.kind import FAIL
from tiktok_coach.rules.scores import mean_coverage_and_gap
from tiktok_coach.stats.account_effects import HELPS, HURTS

FINDING = ("code", "post_id", "subject", "severity", "confidence", "message", "fix")


@dataclass(frozen=True)
class Command:
    """How a command answers for the export of one account, and what that answer gives the tables and the JSON."""

    answer: Callable[[Analysis, int], Any]
    rows: Callable[[Any], Rows]
    json: Callable[[Any], Iterator[str]]


def require_one_account(export: Export) -> Export:
    """The export. Raises CoachError where it is of several accounts."""
    if len(export.accounts) > 1:
        names = ", ".join(str(account.handle or _("Account without a name")) for account in export.accounts[:5])
        raise CoachError(
            _("holds {count} accounts: {value}", count=len(export.accounts), value=names),
            hint=_("part it with `tiktok-coach convert --partition-by account`"),
        )
    return export


def _account(export: Export) -> dict[str, Any]:
    posted, views = column(export.posts, "posted_at").dropna(), column(export.posts, "views").astype("float64")
    return {
        "handle": export.accounts[0].handle,
        "posts": len(export.posts),
        "first": posted.min().to_pydatetime() if len(posted) else None,
        "last": posted.max().to_pydatetime() if len(posted) else None,
        "median_views": float(views.median()),
    }


def _audit_rows(result: audit.Audit) -> Rows:
    scores = result.scores["score"].to_numpy(dtype="float64")
    known_scores = scores[np.isfinite(scores)]
    mean = float(known_scores.mean()) if len(known_scores) else None
    coverage, to_gain = mean_coverage_and_gap(result.tips)
    account = {
        **_account(result.export),
        "scored": len(known_scores),
        "score": mean,
        "squares": None if mean is None else float(((known_scores - mean) ** 2).sum()),
        "coverage": coverage,
        "to_gain": to_gain,
        "first_change": result.changes[0].evaluation.code if result.changes else None,
    }
    return {
        "accounts": [account],
        "tips": [
            {"tip": str(tip.tip or tip.group), "title": tip.title, "score": tip.score, "coverage": tip.coverage}
            | tip.counts
            for tip in result.tips
        ],
        "findings": [
            {name: one[name] for name in FINDING} | {"value": text_of(one["value"])}
            for evaluation in result.evaluations
            for one in findings(evaluation, (FAIL,))
        ],
        "scores": _post_rows(result),
        "effects": [_change(change) for change in (*result.changes, *result.hurting)],
    }


def _post_rows(result: audit.Audit) -> list[dict[str, Any]]:
    posts = result.posts
    rows = zip(
        posts["post_id"].astype("str"),
        column(posts, "posted_at"),
        column(posts, "views").astype("float64"),
        result.scores.itertuples(index=False),
        strict=True,
    )
    return [
        {
            "post_id": post_id,
            "posted_at": None if pd.isna(at) else at.to_pydatetime(),
            "views": views,
            "score": float(row[0]),
            "coverage": float(row[1]),
            "failed": int(row[2]),
        }
        for post_id, at, views, row in rows
    ]


def _change(change: Any) -> dict[str, Any]:
    expected = change.expected
    return {
        "code": change.evaluation.code,
        **{name: getattr(expected, name) for name in ("basis", "outcome", "effect", "low", "high", "verdict")},
        "own_posts": expected.posts,
        "gain": change.gain,
        "failing": change.failing,
        "known": change.known,
    }


def _simulate_rows(result: simulate.Simulation) -> Rows:
    posts = [post_of(result, row) for row in range(len(result.posts))]
    words = result.outlook.table["word"]
    account = {
        **_account(result.export),
        "median_signal_score": float(result.table["signal_score"].astype("float64").median()),
        "never_recommended": int((~result.table["eligible"].to_numpy(dtype=bool)).sum()),
        "grow_on": int((words == GROWS).sum()),
    }
    return {"accounts": [account], "scores": [_score(post) for post in posts]}


def _score(post: Mapping[str, Any]) -> dict[str, Any]:
    low, high = post["interval"]
    ranks, outlook = post["rank_interval"] or (None, None), post["outlook"] or {}
    growth = outlook.get("interval", (None, None))
    return {
        **{name: post[name] for name in ("post_id", "rank", "signal_score", "coverage", "eligible")},
        "low": low,
        "high": high,
        "rank_low": ranks[0],
        "rank_high": ranks[1],
        "reasons": " ".join(post["reasons"]) or None,
        "growth": outlook.get("growth"),
        "growth_low": growth[0],
        "growth_high": growth[1],
    }


def _evidence_rows(result: evidence.Evidence) -> Rows:
    verdicts = result.effects["verdict"][~result.effects["tip"].astype(bool)]
    account = {
        **_account(result.export),
        "left_out": result.left_out,
        "helps": int((verdicts == HELPS).sum()),
        "hurts": int((verdicts == HURTS).sum()),
    }
    effects = result.effects.drop(columns="account")
    return {"accounts": [account], "effects": effects.to_dict("records")}  # type: ignore[dict-item]


COMMANDS = {
    "audit": Command(
        lambda analysis, _seed: audit.audit_account(analysis),
        _audit_rows,
        lambda result: audit_json(result, RenderOptions()),
    ),
    "simulate": Command(
        lambda analysis, seed: simulate.simulate_account(analysis, simulate.Question(viewers=0, seed=seed)),
        _simulate_rows,
        simulation_json,
    ),
    "evidence": Command(
        lambda analysis, seed: evidence.evidence_of_account(analysis, seed=seed), _evidence_rows, evidence_json
    ),
}
