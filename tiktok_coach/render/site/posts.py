"""The posts of the page: the best as cards, and all of them as the data of its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.audit import most_viewed
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import _, format_value
from tiktok_coach.render.escaping import json_text, one_line
from tiktok_coach.render.simulation.data import outlook_of
from tiktok_coach.render.values import views_text
from tiktok_coach.rules.findings import finding_of
from tiktok_coach.rules.kind import FAIL, PASS

if TYPE_CHECKING:
    from tiktok_coach.render.site.report import Studies

CARDS = 6
# Below this share of the usual views, or above its inverse, a post is said to have got so many times as many.
ALIKE = 0.8
TIPS = tuple(range(1, 10))
SIGNAL = ("signal_score", "possible_low", "possible_high", "coverage")
NUMBERS = ("views", "likes", "comments", "shares", "saves", "duration_s", "completion_rate", "average_watch_time_s")


def cards(studies: Studies) -> list[dict[str, Any]]:
    """The most viewed posts: what they are called, what they got, and their picture where there is one.

    None where there are no more posts than cards, which the table below shows as well.
    """
    posts, usual = studies.audit.posts, studies.groups.views
    if len(posts) <= CARDS and not studies.pictures:
        return []
    views, likes = (column(posts, name).astype("float64").to_numpy() for name in ("views", "likes"))
    captions, posted = column(posts, "caption").tolist(), column(posts, "posted_at").tolist()
    shown = []
    for row in most_viewed(posts, CARDS):
        caption = captions[row] if isinstance(captions[row], str) else ""
        shown.append(
            {
                "id": str(posts["post_id"].iloc[row]),
                "caption": one_line(caption, 110) or str(posts["post_id"].iloc[row]),
                "when": "" if pd.isna(posted[row]) else format_value(posted[row], "%Y-%m-%d"),
                "facts": list(_facts(views[row], likes[row], usual)),
                "picture": studies.pictures.get(row),
            }
        )
    return shown


def _facts(views: float, likes: float, usual: float) -> Iterator[str]:
    """What a post got, as far as it is known: views, how they lie to the `usual` ones, and the share of likes."""
    yield views_text(views)
    # Of an unknown number no comparison is true.
    times = views / usual if usual > 0 else np.nan
    if times < ALIKE or times > 1 / ALIKE:
        yield _("{times:.1f} times your usual views", times=times)
    if views > 0 and likes <= views:
        yield _("{share:.1%} liked it", share=likes / views)


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
