"""searched: what people searched for before they met a post stands in its caption, or among its hashtags."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from pydantic import Field

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.rules.kind import TEXTS, CheckKind, Params
from tiktok_coach.rules.outcome import FAIL, PASS, UNKNOWN, Outcome, all_unknown
from tiktok_coach.rules.subjects import Subjects

WORD = re.compile(r"\w+")
SHARE = re.compile(r"\s(\d{1,3})%$")
SHORTEST = 3


class Searched(Params):
    """The `top` terms that were searched for most, by at least `min_share` of those who came from search; the account's own name is
    none of them.
    """

    top: int = Field(3, ge=1)
    min_share: float = Field(0.1, ge=0, le=1)


def evaluate(subjects: Subjects, field: str, params: Searched) -> Outcome:
    """Pass where the field holds every word of the terms, or for hashtags a tag of each; unknown where no terms are known."""
    searched = subjects.column("search_terms")
    if searched is None:
        return all_unknown(len(subjects))
    texts, names = subjects.column_or_null("shown_caption"), subjects.column_or_null("account")
    tagged = _by_post(subjects) if field == "hashtags" else None
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    missing: dict[int, str] = {}
    # Known of posts whose pages were opened by hand, of which there are never many.
    for row in (known_mask(searched) & known_mask(texts)).nonzero()[0].tolist():
        held = (text_at(texts, row) or "").casefold()
        mine = None if tagged is None else tagged.get(row, set())
        absent = [
            t for t in _terms(text_at(searched, row) or "", text_at(names, row), params) if not _holds(t, held, mine)
        ]
        status[row] = FAIL if absent else PASS
        missing[row] = ", ".join(f"“{term}”" for term in absent)
    return Outcome(status, terms={"terms": lambda row: missing.get(row, "")})


def _by_post(subjects: Subjects) -> dict[int, set[str]]:
    """The hashtags of every post of which a search is known."""
    tags = subjects.hashtags()
    wanted = known_mask(subjects.column_or_null("search_terms"))[tags.row]
    held: dict[int, set[str]] = {}
    for row, code in zip(tags.row[wanted].tolist(), tags.code[wanted].tolist(), strict=True):
        held.setdefault(row, set()).add(tags.words[code])
    return held


def _terms(searched: str, handle: str | None, params: Searched) -> Iterator[str]:
    own = (handle or "").casefold()
    for part in searched.split("; ")[: params.top]:
        told = SHARE.search(part)
        term = SHARE.sub("", part).strip().casefold()
        often = told is None or int(told[1]) >= 100 * params.min_share
        if term and often and not (own and own in term.replace(" ", "")):
            yield term


def _holds(term: str, caption: str, tags: set[str] | None) -> bool:
    words = [word for word in WORD.findall(term) if len(word) >= SHORTEST or not word.isascii()]
    if tags is None:
        return all(word in caption for word in words)
    return "".join(WORD.findall(term)) in tags or (bool(words) and all(word in tags for word in words))


KIND = CheckKind(
    name="searched",
    params=Searched,
    evaluate=evaluate,
    fields=TEXTS,
    terms=frozenset({"terms"}),
    missing_input=lambda _subjects, _field, _params: COLUMNS["search_terms"].supplied_by,
    reads_results=True,
)
