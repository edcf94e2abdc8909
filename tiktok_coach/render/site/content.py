"""What the page says, section by section, in words and numbers that its template sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.audit import Audit
from tiktok_coach.analysis.evidence import Evidence
from tiktok_coach.analysis.times import Times
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, fill, format_value, plural, weekday_names
from tiktok_coach.render import accounts, advice, labels
from tiktok_coach.render.compare import compare_page
from tiktok_coach.render.escaping import json_text, one_line
from tiktok_coach.render.evidence import OUTCOMES, caveats
from tiktok_coach.render.pages.page import Table
from tiktok_coach.render.simulation.data import expected_of, outlook_of, post_of
from tiktok_coach.render.simulation.page import score_text
from tiktok_coach.render.site.charts import Axis, shades, timeline
from tiktok_coach.render.times import hour_text
from tiktok_coach.render.values import between, factor
from tiktok_coach.rules.findings import TipScore, finding_of
from tiktok_coach.rules.kind import FAIL, PASS
from tiktok_coach.stats.account_effects import NOT_ENOUGH, Change
from tiktok_coach.stats.account_summaries import AccountSummary
from tiktok_coach.stats.advice import Advice
from tiktok_coach.stats.posting_times import HOURS

if TYPE_CHECKING:
    from tiktok_coach.render.site.report import Planned, Studies

CHANGES, EXAMPLES, BEST, EFFECTS = 8, 3, 5, 12
# Effects are drawn between a quarter and four times.
EFFECT_AXIS = Axis(0.25, 4.0)
SIMULATED = N_(
    "The simulated score rests on weights that TikTok never published: some are assumed, some are another platform's; "
    "`tiktok-coach simulate` lists them."
)
OF_WHAT_IS_KNOWN = N_(
    "A score is taken over what is known, and its coverage says how much that is; what is unknown is neither right nor "
    "wrong."
)
TIPS = tuple(range(1, 10))
SIGNAL = ("signal_score", "possible_low", "possible_high", "coverage")
NUMBERS = ("views", "likes", "comments", "shares", "saves", "duration_s", "completion_rate", "average_watch_time_s")


def content_of(studies: Studies) -> dict[str, Any]:
    """The sections of the page."""
    audit = studies.audit
    post_labels = [labels.label_of(audit.posts, row) for row in range(len(audit.posts))]
    ids, views = [str(value) for value in audit.posts["post_id"]], column(audit.posts, "views").astype("float64")
    return {
        "handle": audit.account.handle,
        "account": {"type": audit.account.type, "country": audit.account.country},
        "period": labels.period_text(audit),
        "zone": audit.account.timezone or "UTC",
        "tips": [_tip(tip) for tip in audit.tips],
        "rates": labels.rate_texts(audit.rates),
        "public_posts": labels.public_posts_text(),
        "changes": [_advice(audit, one) for one in audit.advice[:CHANGES]],
        "contradicted": [*map(advice.contradicted_text, audit.contradicted)],
        "hurting": labels.hurting_text(audit),
        "times": _times(studies.times),
        "evidence": _evidence(studies.evidence),
        "timeline": timeline(column(audit.posts, "posted_at"), views, ids, post_labels),
        "planned": _planned(studies.planned) if studies.planned else None,
        "compared": [p for p in compare_page(studies.comparison).parts if isinstance(p, Table)]
        if studies.comparison
        else None,
        "sources": [s.as_dict() for s in audit.export.sources],
        "notices": audit.export.warnings,
        "missing": audit.missing,
        "caveats": [*map(_, caveats(studies.evidence)), _(SIMULATED), _(OF_WHAT_IS_KNOWN)],
    }


def accounts_content(summaries: Sequence[AccountSummary], pages: Mapping[str | None, str]) -> dict[str, Any] | None:
    """The table of several accounts, None where there is one; `pages` are their own files by handle."""
    if not summaries:
        return None
    return {
        "title": plural("{count:,} account", "{count:,} accounts", len(summaries)),
        "reading": accounts.reading_of(accounts.COLUMNS),
        "heads": [_("account"), *map(_, accounts.COLUMNS)],
        "rows": [
            {"name": accounts.name_of(one), "page": pages.get(one.account.handle), "cells": accounts.cells_of(one)}
            for one in summaries
        ],
    }


def _tip(tip: TipScore) -> dict[str, Any]:
    return {
        "number": tip.tip,
        "title": tip.title,
        "score": None if tip.score is None else round(tip.score),
        "coverage": labels.coverage_text(tip.coverage),
        **{name: format_value(count, ",") for name, count in tip.counts.items()},
    }


def _advice(audit: Audit, one: Advice | Change) -> dict[str, Any]:
    words = {
        "code": advice.code_of(one) or "",
        "heading": advice.do_text(one),
        "worth": f"{advice.lacking_text(one)} {advice.worth_text(one)}",
    }
    if isinstance(one, Advice):
        return {**words, "why": advice.agreement_text(one, audit.evaluations), "sources": "", "posts": []}
    rule, ids = one.evaluation.compiled.rule, audit.posts["post_id"]
    worst = labels.worst_rows(audit, one)[:EXAMPLES] if rule.scope == "post" else []
    posts = [{"id": str(ids.iloc[row]), "label": labels.label_of(audit.posts, row)[:70]} for row in worst]
    return {**words, "why": rule.why, "sources": labels.sources_text(rule), "posts": posts}


def _times(times: Times) -> dict[str, Any] | None:
    best = times.best(BEST)
    slots = times.slots
    if slots is None or not best:
        return None
    level = np.where(slots.known_mask, np.log(slots.effect), np.nan)
    says = [
        plural(
            "{factor} views ({interval}), {count} post",
            "{factor} views ({interval}), {count} posts",
            n,
            factor=factor(e),
            interval=between(low, high),
        )
        for e, low, high, n in zip(slots.effect, slots.low, slots.high, slots.posts.tolist(), strict=True)
    ]
    shade, unknown = shades(level), _("not known")
    cells = [
        {
            "day": slot // HOURS,
            "hour": slot % HOURS,
            "shade": int(shade[slot]),
            "says": f"{hour_text(slot)}: {says[slot] if shade[slot] else unknown}",
            "best": slot in best,
        }
        for slot in range(len(level))
    ]
    basis = plural("own results of {count} post", "own results of {count} posts", times.used)
    basis += _(" and followers' activity") if times.both is not None else ""
    return {
        "cells": cells,
        "days": weekday_names(),
        "by": basis,
        "best": [{"hour": hour_text(slot), "says": says[slot]} for slot in best],
    }


def _evidence(evidence: Evidence) -> list[dict[str, Any]]:
    sections, marks = [], {"at": "effect", "from_": "low", "to": "high"}
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
                **{key: EFFECT_AXIS.at(getattr(row, name)) for key, name in marks.items()},
            }
            for row in known.itertuples(index=False)
        ]
        silent = int((table["verdict"] == NOT_ENOUGH).sum())
        sections.append({"outcome": _(OUTCOMES[outcome]), "rows": rows, "silent": silent})
    return sections


def _planned(planned: Planned) -> dict[str, Any]:
    simulation = planned.simulation
    posts = []
    for row, (_index, post) in enumerate(simulation.posts.iterrows()):
        expected, at, caption = expected_of(simulation, row), post.get("posted_at"), post.get("caption")
        views = _("not enough data")
        if expected["views"] is not None:
            low, high = expected["interval"]
            views = fill("{views:,.0f} ({low:,.0f}–{high:,.0f})", views=expected["views"], low=low, high=high)
        posts.append(
            {
                "id": str(post["post_id"]),
                "when": "" if pd.isna(at) else fill("{at:%Y-%m-%d %H:%M}", at=at),
                "caption": caption if isinstance(caption, str) else "",
                "score": score_text(post_of(simulation, row)),
                "expected": views,
            }
        )
    return {"posts": posts, "findings": planned.linted.findings, "problems": planned.linted.problems}


def data_json(studies: Studies, words: Mapping[str, str]) -> str:
    """The posts with findings, scores and signals, and the script's `words`, as JSON to stand inside of a page."""
    audit = studies.audit
    texts: dict[str, int] = {}
    fails: list[list[list[int]]] = [[] for _post in range(len(audit.posts))]
    for number, evaluation in enumerate(audit.evaluations):
        if evaluation.compiled.rule.scope == "post":
            for row in (evaluation.status == FAIL).nonzero()[0].tolist():
                text = one_line(str(finding_of(evaluation, row)["message"]), 200)
                fails[row].append([number, texts.setdefault(text, len(texts))])
    signals = {s.code: _(s.name.replace("-", " ")) for s in studies.simulation.catalogue.signals}
    codes = [str(code) for code in studies.simulation.contributions.columns]
    content = {
        "words": words,
        "tips": list(TIPS),
        "rules": [e.code for e in audit.evaluations],
        "signals": [signals.get(code, code) for code in codes],
        "texts": list(texts),
        "posts": [
            {**post, "fails": failing, "tips": letters}
            for post, failing, letters in zip(_posts(studies), fails, _answers(studies), strict=True)
        ],
    }
    # No text may end the script that it stands in.
    return json_text(content).replace("<", "\\u003c").replace("&", "\\u0026")


def _answers(studies: Studies) -> list[str]:
    """For each post a letter a tip: f fails a rule of it, p passes what is known, u nothing is known."""
    letters = np.full((len(studies.audit.posts), len(TIPS)), "u")
    for evaluation in studies.audit.evaluations:
        tip = evaluation.compiled.tip
        if tip in TIPS and evaluation.compiled.rule.scope == "post":
            tip_letters = letters[:, tip - 1]
            tip_letters[(evaluation.status == PASS) & (tip_letters == "u")] = "p"
            tip_letters[evaluation.status == FAIL] = "f"
    return ["".join(row) for row in letters.tolist()]


def _posts(studies: Studies) -> list[dict[str, Any]]:
    posts, table, scores = studies.audit.posts, studies.simulation.table, studies.audit.scores
    texts = {name: column(posts, name).tolist() for name in ("post_id", "link", "caption")}
    numbers = {name: column(posts, name).astype("float64").tolist() for name in NUMBERS if name in posts.columns}
    zone = studies.audit.account.timezone or "UTC"
    posted = column(posts, "posted_at").dt.tz_convert(zone)
    exact = (column(posts, "posted_at_precision") != "day").tolist()
    when = [
        "" if pd.isna(at) else f"{at:%Y-%m-%d %H:%M}" if sure else f"{at:%Y-%m-%d}"
        for at, sure in zip(posted, exact, strict=True)
    ]
    shares = studies.simulation.contributions.round(2).to_numpy().tolist()
    rows = []
    for row in range(len(posts)):
        outlook, caption, link = outlook_of(studies.simulation, row), texts["caption"][row], texts["link"][row]
        # What calls itself a link and leads to no page leads nowhere.
        is_link = isinstance(link, str) and link.startswith(("https://", "http://"))
        signal = [_plain(round(float(table[name].iloc[row]), 3)) for name in SIGNAL]
        rows.append(
            {
                "id": str(texts["post_id"][row]),
                "link": link if is_link else "",
                "when": when[row],
                "caption": one_line(caption, 600) if isinstance(caption, str) else "",
                **{name: _plain(values[row]) for name, values in numbers.items()},
                "score": _plain(scores["score"].iloc[row]),
                "coverage": round(float(scores["coverage"].iloc[row]), 3),
                "signal": signal,
                "eligible": bool(table["eligible"].iloc[row]),
                "reasons": str(table["reasons"].iloc[row]),
                "parts": [[n, part] for n, part in enumerate(shares[row]) if part and part == part],
                "outlook": outlook
                and [*(round(v, 3) for v in (outlook["growth"], *outlook["interval"])), outlook["horizon_days"]],
            }
        )
    return rows


def _plain(value: float) -> float | int | None:
    if value != value:
        return None
    return int(value) if float(value).is_integer() else round(float(value), 4)
