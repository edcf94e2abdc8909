"""What each command answers for one account, and the rows that this gives the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from tiktok_coach.analysis import audit, evidence, simulate
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.outlook import GROWS
from tiktok_coach.render.audit import audit_json
from tiktok_coach.render.evidence import evidence_json
from tiktok_coach.render.output import RenderOptions, atomic_file
from tiktok_coach.render.simulation.data import post_of, simulation_json
from tiktok_coach.rules.findings import findings, mean_coverage_and_gap
from tiktok_coach.rules.kind import FAIL
from tiktok_coach.stats.account_effects import HELPS, HURTS

Rows = dict[str, list[dict[str, Any]]]


def _schema(columns: Mapping[str, str]) -> pa.Schema:
    time = pa.timestamp("us", tz="UTC")
    return pa.schema([(name, time if kind == "time" else pa.type_for_alias(kind)) for name, kind in columns.items()])


# The columns of each table of each command.
SCHEMAS: dict[str, dict[str, pa.Schema]] = {
    command: {name: _schema(columns) for name, columns in tables.items()}
    for command, tables in yaml.safe_load((files("tiktok_coach.batch") / "tables.yaml").read_text("utf-8")).items()
}


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
            _("has {count} accounts: {value}", count=len(export.accounts), value=names),
            hint=_("split it with `tiktok-coach convert --partition-by account`"),
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
    posts = result.posts
    scores = result.scores.set_axis(posts.index).assign(
        post_id=posts["post_id"].astype("str"),
        posted_at=column(posts, "posted_at"),
        views=column(posts, "views").astype("float64"),
    )
    known_scores = scores["score"].dropna()
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
        "tips": [{**vars(tip), **tip.counts, "tip": str(tip.tip or tip.group)} for tip in result.tips],
        "findings": [
            one | {"value": None if one["value"] is None else str(one["value"])}
            for evaluation in result.evaluations
            for one in findings(evaluation, (FAIL,))
        ],
        "scores": scores.to_dict("records"),  # type: ignore[dict-item]
        "effects": [_change(change) for change in (*result.changes, *result.hurting, *result.contradicted)],
    }


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
    account = {
        **_account(result.export),
        "median_signal_score": float(result.table["signal_score"].astype("float64").median()),
        "never_recommended": int((~result.table["eligible"].to_numpy(dtype=bool)).sum()),
        "grow_on": int((result.outlook.table["word"] == GROWS).sum()),
    }
    return {"accounts": [account], "scores": [_score(post_of(result, row)) for row in range(len(result.posts))]}


def _score(post: Mapping[str, Any]) -> dict[str, Any]:
    ranks, outlook = post["rank_interval"] or (None, None), post["outlook"] or {}
    growth = outlook.get("interval", (None, None))
    return {
        **post,
        **dict(zip(("low", "high"), post["interval"] or (None, None), strict=True)),
        **dict(zip(("rank_low", "rank_high"), ranks, strict=True)),
        **dict(zip(("growth_low", "growth_high"), growth, strict=True)),
        "growth": outlook.get("growth"),
        "reasons": " ".join(post["reasons"]) or None,
    }


def _evidence_rows(result: evidence.Evidence) -> Rows:
    verdicts = result.effects["verdict"][~result.effects["tip"].astype(bool)]
    account = {
        **_account(result.export),
        "left_out": result.left_out,
        "helps": int((verdicts == HELPS).sum()),
        "hurts": int((verdicts == HURTS).sum()),
    }
    effects: list[Any] = result.effects.drop(columns="account").to_dict("records")
    return {"accounts": [account], "effects": effects}


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


def table_path(folder: Path, table: str, group: str) -> Path:
    """Where the rows of a group stand in a table."""
    return folder / table / f"group={group}" / "part.parquet"


def write_rows(folder: Path, command: str, group: str, rows: Rows, unchanged: Sequence[str]) -> None:
    """Write the new rows of a group beside those of its unchanged accounts; each file is replaced whole."""
    for name, schema in SCHEMAS[command].items():
        path = table_path(folder, name, group)
        table = pa.Table.from_pylist(rows.get(name, []), schema=schema)
        if unchanged and path.exists():
            before = pq.ParquetFile(path).read()
            is_unchanged = pc.is_in(before["account"], pa.array(unchanged, pa.string()))
            table = pa.concat_tables([before.filter(is_unchanged), table])
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_file(path, is_answer=False) as partial:
            pq.write_table(table.sort_by("account"), partial, compression="zstd")


def read_accounts(folder: Path, command: str) -> pa.Table:
    """The table of accounts, of all groups."""
    parts = [pq.ParquetFile(path).read() for path in sorted((folder / "accounts").glob("group=*/part.parquet"))]
    return pa.concat_tables(parts) if parts else SCHEMAS[command]["accounts"].empty_table()


def null_if_nan(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in which a number or a time that is not known is missing."""
    return {
        name: None if value is pd.NaT or (isinstance(value, float) and value != value) else value
        for name, value in row.items()
    }
