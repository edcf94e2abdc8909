"""What each command answers for one account, and the rows that this gives the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis import audit, evidence, simulate
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import Settings
from tiktok_coach.batch.tables import Rows, text_of
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _
from tiktok_coach.io.export import Export
from tiktok_coach.ranking.outlook import GROWS
from tiktok_coach.render.audit import audit_json
from tiktok_coach.render.evidence.data import evidence_json
from tiktok_coach.render.options import RenderOptions
from tiktok_coach.render.simulation.data import post_of, simulation_json
from tiktok_coach.rules.findings import findings
from tiktok_coach.rules.outcome import FAIL
from tiktok_coach.rules.scores import mean_coverage_and_gap
from tiktok_coach.stats.account_effects import HELPS, HURTS


@dataclass(frozen=True)
class Command:
    """How a command answers for the export of one account, by a user's settings and a seed; what that answer gives each table beside the account's name; and how it reads as JSON."""

    ask: Callable[[Export, Settings, int], Any]
    rows: Callable[[Any], Rows]
    json: Callable[[Any], Iterator[str]]


def of_one(export: Export) -> Export:
    """The export. Raises CoachError where it is of several accounts."""
    if len(export.accounts) > 1:
        held = ", ".join(str(account.handle or _("Account without a name")) for account in export.accounts[:5])
        raise CoachError(
            _("holds {count} accounts: {held}", count=len(export.accounts), held=held),
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


def _ask_audit(export: Export, settings: Settings, _seed: int) -> audit.Audit:
    return audit.audit_account(Analysis(export, settings))


def _audit_rows(found: audit.Audit) -> Rows:
    scores = found.scores["score"].to_numpy(dtype="float64")
    told = scores[np.isfinite(scores)]
    coverage, to_gain = mean_coverage_and_gap(found.tips)
    account = {
        **_account(found.export),
        "scored": len(told),
        "score": float(told.mean()) if len(told) else None,
        "squares": float(((told - told.mean()) ** 2).sum()) if len(told) else None,
        "coverage": coverage,
        "to_gain": to_gain,
        "first_change": found.changes[0].evaluation.code if found.changes else None,
    }
    return {
        "accounts": [account],
        "tips": [
            {
                "tip": str(tip.tip or tip.group),
                "title": tip.title,
                "score": tip.score,
                "coverage": tip.coverage,
                **tip.counts,
            }
            for tip in found.tips
        ],
        "findings": [
            {
                **{
                    name: one[name]
                    for name in ("code", "post_id", "subject", "severity", "confidence", "message", "fix")
                },
                "value": text_of(one["value"]),
            }
            for evaluation in found.evaluations
            for one in findings(evaluation, (FAIL,))
        ],
        "scores": _post_rows(found),
        "effects": [_change(change) for change in (*found.changes, *found.hurting)],
    }


def _post_rows(found: audit.Audit) -> list[dict[str, Any]]:
    posts = found.posts
    held = zip(
        posts["post_id"].astype("str"),
        column(posts, "posted_at"),
        column(posts, "views").astype("float64"),
        found.scores.itertuples(index=False),
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
        for post_id, at, views, row in held
    ]


def _change(change: Any) -> dict[str, Any]:
    told = change.expected
    return {
        "code": change.evaluation.code,
        **{name: getattr(told, name) for name in ("basis", "outcome", "effect", "low", "high", "verdict")},
        "own_posts": told.posts,
        "gain": change.gain,
        "failing": change.failing,
        "known": change.known_mask,
    }


def _ask_simulate(export: Export, settings: Settings, seed: int) -> simulate.Simulation:
    return simulate.simulate_account(Analysis(export, settings), simulate.Question(viewers=0, seed=seed))


def _simulate_rows(found: simulate.Simulation) -> Rows:
    posts = [post_of(found, row) for row in range(len(found.posts))]
    words = found.outlook.table["word"]
    account = {
        **_account(found.export),
        "median_signal_score": float(found.table["signal_score"].astype("float64").median()),
        "never_recommended": int((~found.table["eligible"].to_numpy(dtype=bool)).sum()),
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


def _ask_evidence(export: Export, settings: Settings, seed: int) -> evidence.Evidence:
    return evidence.evidence_of_account(Analysis(export, settings), seed=seed)


def _evidence_rows(found: evidence.Evidence) -> Rows:
    verdicts = found.effects["verdict"][~found.effects["tip"].astype(bool)]
    account = {
        **_account(found.export),
        "left_out": found.left_out,
        "helps": int((verdicts == HELPS).sum()),
        "hurts": int((verdicts == HURTS).sum()),
    }
    estimate_rule_effects = found.effects.drop(columns="account")
    return {"accounts": [account], "effects": estimate_rule_effects.to_dict("records")}  # type: ignore[dict-item]


COMMANDS = {
    "audit": Command(_ask_audit, _audit_rows, lambda found: audit_json(found, RenderOptions())),
    "simulate": Command(_ask_simulate, _simulate_rows, simulation_json),
    "evidence": Command(_ask_evidence, _evidence_rows, evidence_json),
}
