"""An audit: an export held against rules, with the scores that follow. What the reports show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from tiktok_coach.account import Account, Notice
from tiktok_coach.errors import CoachError
from tiktok_coach.ingest.loading import Export
from tiktok_coach.posts import column
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.findings import supplier
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.outcome import UNKNOWN
from tiktok_coach.rules.scores import Opportunity, TipScore, opportunities, post_scores, tip_scores
from tiktok_coach.rules.subjects import Context

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class Missing:
    """Something that would turn unknown answers into known ones: which rules wait for it."""

    supplier: str
    codes: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class Audit:
    """Everything that an audit found, before anyone has decided how to show it."""

    export: Export
    evaluations: tuple[Evaluation, ...]
    tips: tuple[TipScore, ...]
    changes: tuple[Opportunity, ...]
    scores: pd.DataFrame
    missing: tuple[Missing, ...]

    @property
    def posts(self) -> pd.DataFrame:
        """The posts, a row each, in the order of `scores`."""
        return self.export.posts

    @property
    def account(self) -> Account:
        """The account with most posts."""
        return self.export.accounts[0]

    def period(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """First and last time a post went out; None where no time is known."""
        posted = column(self.posts, "posted_at").dropna()
        return (posted.min(), posted.max()) if len(posted) else None


def settled(export: Export, known: Account, timezone: str | None) -> Export:
    """The export with what the user's settings and options say of its account.

    Settings with a handle hold for that account alone, others for each.
    """
    given = replace(known, timezone=timezone, timezone_source="--timezone") if timezone else known
    accounts = []
    for account in export.accounts:
        mine = known.handle is None or account.handle is None or known.handle == account.handle
        settings = given if mine else Account(timezone=timezone, timezone_source="--timezone" if timezone else None)
        named = settings if account.handle is None else replace(settings, handle=account.handle)
        accounts.append(named.filled_from(account))
    return replace(export, accounts=tuple(accounts))


def of_account(export: Export, handle: str) -> Export:
    """The export with the posts of one account alone. Raises CoachError for one that it does not hold."""
    name = handle.removeprefix("@")
    accounts = tuple(a for a in export.accounts if a.handle == name)
    if not accounts:
        held = ", ".join(str(a.handle) for a in export.accounts if a.handle) or "none"
        raise CoachError(f"no posts of account {name!r}", hint=f"the inputs hold: {held}")
    posts = export.posts[(column(export.posts, "account") == name).to_numpy(dtype=bool)].reset_index(drop=True)
    audiences = {h: a for h, a in export.audiences.items() if h == name}
    return replace(export, posts=posts, accounts=accounts, audiences=audiences)


def audit(export: Export, rules: Sequence[CompiledRule]) -> Audit:
    """The export held against the rules."""
    context = Context(export.accounts, export.audiences, export.trends)
    evaluations = tuple(evaluate(rules, export.posts, context))
    return Audit(
        export,
        evaluations,
        tuple(tip_scores(evaluations)),
        tuple(opportunities(evaluations)),
        post_scores(evaluations, len(export.posts)),
        _missing(evaluations),
    )


def _missing(evaluations: Sequence[Evaluation]) -> tuple[Missing, ...]:
    """What would answer the unknown, the most weight first."""
    waiting: dict[str, list[tuple[str, float]]] = {}
    for evaluation in evaluations:
        counts = evaluation.counts
        if counts[UNKNOWN]:
            share = counts[UNKNOWN] / len(evaluation.status)
            waiting.setdefault(supplier(evaluation), []).append(
                (evaluation.code, evaluation.compiled.rule.weight * share)
            )
    found = [
        Missing(name, tuple(code for code, _ in codes), sum(w for _, w in codes)) for name, codes in waiting.items()
    ]
    return tuple(sorted(found, key=lambda m: (-m.weight, m.supplier)))


def header_only(export: Export) -> list[str]:
    """The names of the files that hold a header and nothing else."""
    return [source.name for source in export.sources if source.state == "header only"]


def notices(export: Export) -> list[Notice]:
    """Every notice, with one that names the files without rows."""
    empty = [Notice(name, "holds a header and no rows", level="info") for name in header_only(export)]
    return [*export.notices, *empty]


def account_facts(account: Account) -> dict[str, Any]:
    """An account as JSON shows it."""
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
