"""The posts of the page, as small as they can be: the browser draws the table and a post's own page from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _
from tiktok_coach.render.escaping import json_text, one_line
from tiktok_coach.render.simulation.data import outlook_of
from tiktok_coach.render.site.gather import Studies
from tiktok_coach.rules.findings import finding_of
from tiktok_coach.rules.kind import FAIL, PASS

TIPS = tuple(range(1, 10))
NUMBERS = ("views", "likes", "comments", "shares", "saves", "duration_s", "completion_rate", "average_watch_time_s")


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
    answers = _answers(studies)
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
            for post, failing, letters in zip(_posts(studies), fails, answers, strict=True)
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
    posts, table = studies.audit.posts, studies.simulation.table
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
        score, coverage = studies.audit.scores["score"].iloc[row], studies.audit.scores["coverage"].iloc[row]
        outlook = outlook_of(studies.simulation, row)
        rows.append(
            {
                "id": str(texts["post_id"][row]),
                "link": _safe(texts["link"][row]),
                "when": when[row],
                "caption": one_line(texts["caption"][row], 600) if isinstance(texts["caption"][row], str) else "",
                **{name: _plain(values[row]) for name, values in numbers.items()},
                "score": _plain(score),
                "coverage": round(float(coverage), 3),
                "signal": [
                    round(float(table[name].iloc[row]), 1) for name in ("signal_score", "low", "high", "coverage")
                ],
                "eligible": bool(table["eligible"].iloc[row]),
                "reasons": str(table["reasons"].iloc[row]),
                "parts": [[n, part] for n, part in enumerate(shares[row]) if part],
                "outlook": None
                if outlook is None
                else [
                    round(outlook["growth"], 3),
                    *(round(v, 3) for v in outlook["interval"]),
                    outlook["horizon_days"],
                ],
            }
        )
    return rows


def _safe(link: object) -> str:
    """A link that leads to a page; what else calls itself one leads nowhere."""
    return link if isinstance(link, str) and link.startswith(("https://", "http://")) else ""


def _plain(value: float) -> float | int | None:
    if value != value:
        return None
    return int(value) if float(value).is_integer() else round(float(value), 4)
