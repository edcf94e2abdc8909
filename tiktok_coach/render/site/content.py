"""What the page says, section by section, in words and numbers that its template sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tiktok_coach.analysis.audit import Audit
from tiktok_coach.analysis.evidence import Evidence
from tiktok_coach.analysis.times import Times
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _, fill, format_value, weekday_names
from tiktok_coach.render import accounts
from tiktok_coach.render.compare import compare_page
from tiktok_coach.render.evidence import OUTCOMES, caveats
from tiktok_coach.render.labels import (
    change_heading,
    coverage_text,
    expected_text,
    hurting_text,
    label_of,
    period_text,
    sources_text,
    worst_rows,
)
from tiktok_coach.render.pages.page import Table
from tiktok_coach.render.simulation.data import expected_of
from tiktok_coach.render.site.charts import Axis, Cell, shades, timeline
from tiktok_coach.render.site.gather import Planned, Studies
from tiktok_coach.render.times import hour_text
from tiktok_coach.render.values import between, factor, share
from tiktok_coach.rules.findings import general_advice
from tiktok_coach.stats.account_effects import NOT_ENOUGH
from tiktok_coach.stats.account_summaries import AccountSummary
from tiktok_coach.stats.posting_times import HOURS

CHANGES, EXAMPLES, BEST, EFFECTS = 8, 3, 5, 12
# Effects are drawn between a quarter and four times.
EFFECT_AXIS = Axis(0.25, 4.0)


def content_of(studies: Studies) -> dict[str, Any]:
    """The sections of the page."""
    audit = studies.audit
    labels = [label_of(audit.posts, row) for row in range(len(audit.posts))]
    ids = [str(value) for value in audit.posts["post_id"]]
    return {
        "handle": audit.account.handle,
        "account": {"type": audit.account.type, "country": audit.account.country},
        "period": period_text(audit),
        "zone": audit.account.timezone or "UTC",
        "tips": [_tip(tip) for tip in audit.tips],
        "changes": [_change(audit, number) for number in range(min(len(audit.changes), CHANGES))],
        "hurting": hurting_text(audit),
        "times": _times(studies.times),
        "evidence": _evidence(studies.evidence),
        "timeline": timeline(
            column(audit.posts, "posted_at"), column(audit.posts, "views").astype("float64"), ids, labels
        ),
        "planned": _planned(studies.planned) if studies.planned else None,
        "compared": [p for p in compare_page(studies.comparison).parts if isinstance(p, Table)]
        if studies.comparison
        else None,
        "sources": [s.as_dict() for s in audit.export.sources],
        "notices": [f"{n.where}: {n.text}" for n in audit.export.warnings],
        "missing": [{"supplier": m.provided_by, "codes": ", ".join(m.codes)} for m in audit.missing],
        "caveats": [
            *map(_, caveats(studies.evidence)),
            _(
                "The signal score is a simulation: TikTok publishes which signals there are and the value of "
                "none. Each value "
                "is marked as assumed or as fitted to public posts; `tiktok-coach simulate` lists them."
            ),
            _(
                "A score is taken over what is known, and its coverage says how much that is; what is "
                "unknown is neither right "
                "nor wrong."
            ),
        ],
    }


def accounts_content(summaries: Sequence[AccountSummary], pages: Mapping[str | None, str]) -> dict[str, Any] | None:
    """The table of several accounts, None where there is one; `pages` are their own files by handle."""
    if not summaries:
        return None
    return {
        "title": accounts.title_of(summaries),
        "reading": accounts.reading_of(accounts.COLUMNS),
        "heads": accounts.heads(),
        "rows": [
            {"name": accounts.name_of(one), "page": pages.get(one.account.handle), "cells": accounts.cells_of(one)}
            for one in summaries
        ],
    }


def _tip(tip: Any) -> dict[str, Any]:
    return {
        "number": tip.tip,
        "title": tip.title,
        "score": None if tip.score is None else round(tip.score),
        "coverage": coverage_text(tip.coverage),
        **{name: format_value(count, ",") for name, count in tip.counts.items()},
    }


def _change(audit: Audit, number: int) -> dict[str, Any]:
    change = audit.changes[number]
    rule = change.evaluation.compiled.rule
    worst = worst_rows(audit, change)[:EXAMPLES] if rule.scope == "post" else []
    return {
        "code": rule.code,
        "heading": change_heading(change),
        "expected": expected_text(change),
        "why": rule.why,
        "fix": general_advice(rule, change.evaluation.compiled.params),
        "sources": sources_text(rule),
        "posts": [
            {"id": str(audit.posts["post_id"].iloc[row]), "label": label_of(audit.posts, row)[:70]} for row in worst
        ],
    }


def _times(times: Times) -> dict[str, Any] | None:
    best = times.best(BEST)
    if not best:
        return None
    slots = times.slots
    if slots is not None:
        level = np.where(times.known_slots, np.log(slots.effect), np.nan)
        says = [
            _("{factor} views ({interval}), {count} posts", factor=factor(e), interval=between(low, high), count=n)
            for e, low, high, n in zip(slots.effect, slots.low, slots.high, slots.posts.tolist(), strict=True)
        ]
    else:
        level = times.active.ravel()
        says = [_("{share} of the most active hour's followers", share=share(value)) for value in level]
    shade, unknown = shades(level), _("not known")
    cells = [
        Cell(
            *divmod(slot, HOURS),
            int(shade[slot]),
            f"{hour_text(slot)}: {says[slot] if shade[slot] else unknown}",
            slot in best,
        )
        for slot in range(len(level))
    ]
    return {
        "cells": cells,
        "days": weekday_names(),
        "by": _("own results of {used} posts", used=times.used)
        + (_(" and followers' activity") if times.both is not None else "")
        if slots is not None
        else _("followers' activity alone"),
        "best": [{"hour": hour_text(slot), "says": says[slot]} for slot in best],
    }


def _evidence(evidence: Evidence) -> list[dict[str, Any]]:
    sections = []
    for outcome in evidence.outcomes:
        table = evidence.effects_on(outcome, evidence.handle)
        known = table[table["verdict"] != NOT_ENOUGH].head(EFFECTS)
        rows = [
            {
                "code": row.code,
                "name": evidence.names[str(row.code)],
                "effect": factor(row.effect),
                "interval": between(row.low, row.high),
                "posts": format_value(row.posts, ","),
                "verdict": row.verdict,
                "at": EFFECT_AXIS.at(float(row.effect)),  # type: ignore[arg-type]
                "from_": EFFECT_AXIS.at(float(row.low)),  # type: ignore[arg-type]
                "to": EFFECT_AXIS.at(float(row.high)),  # type: ignore[arg-type]
            }
            for row in known.itertuples(index=False)
        ]
        sections.append(
            {"outcome": _(OUTCOMES[outcome]), "rows": rows, "silent": int((table["verdict"] == NOT_ENOUGH).sum())}
        )
    return sections


def _planned(planned: Planned) -> dict[str, Any]:
    simulation = planned.simulation
    posts = []
    for row in range(len(simulation.posts)):
        expected = expected_of(simulation, row)
        posts.append(
            {
                "id": str(simulation.posts["post_id"].iloc[row]),
                "when": _when(column(simulation.posts, "posted_at").iloc[row]),
                "caption": str(column(simulation.posts, "caption").iloc[row] or ""),
                "score": format_value(simulation.table["signal_score"].iloc[row], ".1f"),
                "expected": _("not enough data")
                if expected["views"] is None
                else fill(
                    "{views:,.0f} ({low:,.0f}–{high:,.0f})",
                    views=expected["views"],
                    low=expected["interval"][0],
                    high=expected["interval"][1],
                ),
            }
        )
    findings = [
        {
            "severity": f.severity,
            "code": f.code,
            "where": f"{f.place.file}:{f.place.line}",
            "message": f.message,
            "fix": f.fix or "",
        }
        for f in planned.linted.findings
    ]
    return {"posts": posts, "findings": findings, "problems": [str(p) for p in planned.linted.problems]}


def _when(at: Any) -> str:
    return "" if at is None or at != at else fill("{at:%Y-%m-%d %H:%M}", at=at)
