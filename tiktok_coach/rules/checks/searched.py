"""searched: what people searched for before they met a post stands in its caption, or among its hashtags."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from tiktok_coach.core.captions import join_tags
from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.search_words import SaidWords, frequent_terms
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import FAIL, PASS, TEXTS, UNKNOWN, CheckKind, Outcome, Params, Subjects, all_unknown


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
    """Pass where the field says every one of the terms; unknown without terms. See `SaidWords`."""
    searches = subjects.column("search_terms")
    if searches is None:
        return all_unknown(len(subjects))
    captions, handles = subjects.column_or_null("shown_caption"), subjects.column_or_null("account")
    # Known of posts whose pages were opened by hand, of which there are never many.
    rows = (known_mask(searches) & known_mask(captions)).nonzero()[0]
    tags = subjects.hashtags()
    by_row = dict.fromkeys(rows.tolist(), "")
    for row, tag in tags.filter(np.isin(tags.row, rows)).pairs() if field == "hashtags" else ():
        by_row[row] += f" {join_tags([tag])}"
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    absent: dict[int, str] = {}
    for row, own_tags in by_row.items():
        said = SaidWords(own_tags if field == "hashtags" else text_at(captions, row))
        terms = frequent_terms(text_at(searches, row), text_at(handles, row), params.top, params.min_share)
        absent[row] = ", ".join(f"“{term}”" for term in terms if not said.says(term))
        status[row] = FAIL if absent[row] else PASS
    return Outcome(status, terms={"terms": lambda row: absent.get(row, "")})


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
