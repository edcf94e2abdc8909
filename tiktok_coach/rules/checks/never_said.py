"""never_said: what people searched for before they met an account's posts stands in the caption of at least one."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from pydantic import Field

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.search_words import (
    MOST_POSTS,
    SaidWords,
    SearchedWords,
    frequent_terms,
    pool_searches,
    split_words,
)
from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.rules.kind import FAIL, PASS, TEXTS, UNKNOWN, CheckKind, Outcome, Params, Subjects

NAMED = 3
# So many posts are read at once: the first ones mostly say all that is asked for.
AT_ONCE = 4_096


class NeverSaid(Params):
    """The terms that are among the `top` of a post, by at least `min_share` of those who came to it from search."""

    top: int = Field(3, ge=1)
    min_share: float = Field(0.1, ge=0, le=1)

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("a caption of yours must have each of the {top} most frequent searches that led to a post")


def evaluate(subjects: Subjects, field: str, params: NeverSaid) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Pass where the account's captions say all that led to its posts; unknown without searches.

    That something is unsaid is known only where every caption of the account is, and is not asked of very many posts.
    """
    posts = subjects.posts
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    named: dict[int, str] = {}
    searches, captions = posts.column("search_terms"), posts.known("shown_caption")
    rows_of = posts.account_rows() if searches is not None else []
    for account, rows in enumerate(rows_of):
        handle = subjects.context.accounts[account].handle
        frequent = {
            _key(term): term
            for row in rows[known_mask(searches)[rows]].tolist()
            for term in frequent_terms(text_at(searches, row), handle, params.top, params.min_share)
        }
        if not frequent or not captions[rows].any():
            continue
        unsaid = set(map(_key, _unsaid(posts, rows[:MOST_POSTS], frequent.values())))
        if not unsaid:
            status[account] = PASS
        elif len(rows) <= MOST_POSTS and captions[rows].all():
            status[account] = FAIL
            pooled = pool_searches(((row, text_at(searches, row)) for row in rows.tolist()), handle)
            named[account] = ", ".join([searched_text(one) for one in pooled if _key(one.words) in unsaid][:NAMED])
    return Outcome(status, terms={"terms": lambda row: named.get(row, "")})


def _key(term: str) -> str:
    """The same for one search however it is written."""
    return " ".join(split_words(term))


def _unsaid(posts: Subjects, rows: np.ndarray, terms: Iterable[str]) -> list[str]:
    """The terms that none of some posts says."""
    unsaid = [*terms]
    for start in range(0, len(rows), AT_ONCE):
        said = [posts.said_words(row) for row in rows[start : start + AT_ONCE].tolist()]
        every = SaidWords.together(said)
        unsaid = [term for term in unsaid if not (every.says(term) and any(own.says(term) for own in said))]
        if not unsaid:
            break
    return unsaid


def searched_text(one: SearchedWords) -> str:
    """Words that led to posts, with their share of the searches."""
    if one.share is None:
        return f"“{one.words}”"
    return _("“{words}” ({share})", words=one.words, share=format_value(one.share, ".0%"))


def missing_input(subjects: Subjects, field: str, params: NeverSaid) -> str | None:  # noqa: ARG001 - the kind's
    """The searches, or the captions where some are not known."""
    name = "search_terms" if subjects.posts.column("search_terms") is None else "caption"
    return COLUMNS[name].supplied_by


KIND = CheckKind(
    "never_said",
    NeverSaid,
    evaluate,
    fields=TEXTS,
    terms={"terms"},
    needs_field=False,
    reads_results=True,
    missing_input=missing_input,
)
