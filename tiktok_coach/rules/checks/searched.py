"""searched: what people searched for before they met a post stands in its caption, or among its hashtags."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from pydantic import Field

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import FAIL, PASS, TEXTS, UNKNOWN, CheckKind, Outcome, Params, Subjects, all_unknown

WORD = re.compile(r"\w+")
SHARE = re.compile(r"\s(\d{1,3})%$")
SHORTEST = 3


class Searched(Params):
    """The `top` terms that were searched for most, by at least `min_share` of those who came from search; the account's
    own name is none of them.
    """

    top: int = Field(3, ge=1)
    min_share: float = Field(0.1, ge=0, le=1)

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("{field} must have the words of the {top} most frequent searches that led to the post")


def evaluate(subjects: Subjects, field: str, params: Searched) -> Outcome:
    """Pass where the field holds every word of the terms, or for hashtags a tag of each; unknown without terms."""
    searches = subjects.column("search_terms")
    if searches is None:
        return all_unknown(len(subjects))
    captions, handles = subjects.column_or_null("shown_caption"), subjects.column_or_null("account")
    tags: dict[int, set[str]] = defaultdict(set)
    if field == "hashtags":
        hashtags = subjects.hashtags()
        for row, tag in hashtags.filter(known_mask(searches)[hashtags.row]).pairs():
            tags[row].add(tag)
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    absent: dict[int, str] = {}
    # Known of posts whose pages were opened by hand, of which there are never many.
    for row in (known_mask(searches) & known_mask(captions)).nonzero()[0].tolist():
        words = tags[row] if field == "hashtags" else (text_at(captions, row) or "").casefold()
        terms = _terms(text_at(searches, row) or "", text_at(handles, row), params)
        absent[row] = ", ".join(f"“{term}”" for term in terms if not _holds(words, term))
        status[row] = FAIL if absent[row] else PASS
    return Outcome(status, terms={"terms": lambda row: absent.get(row, "")})


def _terms(searches: str, handle: str | None, params: Searched) -> Iterator[str]:
    own_name = (handle or "").casefold()
    for part in searches.split("; ")[: params.top]:
        share = SHARE.search(part)
        term = SHARE.sub("", part).strip().casefold()
        is_frequent = share is None or int(share[1]) >= 100 * params.min_share
        if term and is_frequent and not (own_name and own_name in term.replace(" ", "")):
            yield term


def _holds(text: str | set[str], term: str) -> bool:
    """Whether a caption, or a set of hashtags, holds every word of a term; one hashtag may hold all of them."""
    words = [word for word in WORD.findall(term) if len(word) >= SHORTEST or not word.isascii()]
    holds_all = all(word in text for word in words)
    return holds_all if isinstance(text, str) else "".join(WORD.findall(term)) in text or (bool(words) and holds_all)


KIND = CheckKind(
    "searched",
    Searched,
    evaluate,
    fields=TEXTS,
    terms={"terms"},
    needs_field=False,
    reads_results=True,
    missing_input=lambda *_given: COLUMNS["search_terms"].supplied_by,
)
