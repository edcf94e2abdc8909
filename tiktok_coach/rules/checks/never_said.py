"""never_said: what people searched for before they met an account's posts stands in the caption of at least one."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.search_words import SaidWords, SearchedWords, frequent_terms, pool_searches
from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.rules.kind import FAIL, PASS, TEXTS, UNKNOWN, CheckKind, Outcome, Params, Subjects

NAMED = 3


class NeverSaid(Params):
    """The terms that are among the `top` of a post, by at least `min_share` of those who came to it from search."""

    top: int = Field(3, ge=1)
    min_share: float = Field(0.1, ge=0, le=1)

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("a caption of yours must have each of the {top} most frequent searches that led to a post")


def evaluate(subjects: Subjects, field: str, params: NeverSaid) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Pass where the account's captions say all that led to its posts; unknown without searches or captions."""
    posts = subjects.posts
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    named: dict[int, str] = {}
    searches, captions = posts.column("search_terms"), posts.known("shown_caption")
    rows_of = posts.account_rows() if searches is not None else []
    for account, rows in enumerate(rows_of):
        handle = subjects.context.accounts[account].handle
        frequent = {
            term: None
            for row in rows[known_mask(searches)[rows]].tolist()
            for term in frequent_terms(text_at(searches, row), handle, params.top, params.min_share)
        }
        if not frequent or not captions[rows].any():
            continue
        pooled = pool_searches(((row, text_at(searches, row)) for row in rows.tolist()), handle)
        said = [posts.said_words(row) for row in rows.tolist()]
        every = SaidWords.together(said)
        unsaid = [
            one
            for one in pooled
            if one.words in frequent and not (every.says(one.words) and any(own.says(one.words) for own in said))
        ]
        status[account] = FAIL if unsaid else PASS
        named[account] = ", ".join(map(searched_text, unsaid[:NAMED]))
    return Outcome(status, terms={"terms": lambda row: named.get(row, "")})


def searched_text(one: SearchedWords) -> str:
    """Words that led to posts, with their share of the searches."""
    if one.share is None:
        return f"“{one.words}”"
    return _("“{words}” ({share})", words=one.words, share=format_value(one.share, ".0%"))


KIND = CheckKind(
    "never_said",
    NeverSaid,
    evaluate,
    fields=TEXTS,
    terms={"terms"},
    needs_field=False,
    reads_results=True,
    missing_input=lambda *_given: COLUMNS["search_terms"].supplied_by,
)
