"""Which facts make a sheet of posts, and whether it is clear which of its columns they are."""

from __future__ import annotations

from collections.abc import Collection

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.columns.inference import COUNTS, ColumnMapping, as_options
from tiktok_coach.io.columns.rows import is_of_accounts, is_of_comments
from tiktok_coach.io.files.sheets import Table

# Tables of other things than posts: what their headings say, which facts none of them has, and what they are.
_STRANGERS = (
    (
        is_of_accounts,
        {"link", "duration_s", "views", "comments", "shares", "saves"},
        N_("is a table of accounts, not of posts (it has {named})"),
    ),
    (
        is_of_comments,
        {"duration_s", "views", "shares", "saves"},
        N_("is a table of comments, not of posts (it has {named})"),
    ),
)
# An account archive links so to the videos of others; its own posts have addresses of storage.
SHARED = "tiktokv.com/share/video/"
# How many headings of other things make a table of them.
LEAST_OF_STRANGERS = 2


def is_sheet_of_posts(facts: Collection[str]) -> bool:
    """Whether these facts make a sheet of posts: ids or links beside others, or captions beside counts and days."""
    counts = sum(fact in facts for fact in COUNTS)
    if "post_id" in facts or "link" in facts:
        return bool(counts) or any(fact in facts for fact in ("caption", "posted_at", "duration_s", "hashtags"))
    return "caption" in facts and counts >= 1 and (counts >= 2 or "posted_at" in facts)


def refuse_unclear(mapping: ColumnMapping, where: str) -> None:
    """Raise CoachError where headings stand over other values, or where two columns are as likely to be one fact."""
    if mapping.misplaced:
        hint = _("say what is what with --column FACT=HEADING")
        if mapping.proposal:
            hint = _("if this order fits, say: {options}", options=as_options(mapping.proposal))
        problem = plural(
            "headings do not match their values: {named} is above values that it cannot be",
            "headings do not match their values: {named} are above values that they cannot be",
            len(mapping.misplaced),
            named=", ".join(repr(name) for name in mapping.misplaced),
        )
        raise CoachError(problem, where=where, hint=hint)
    if mapping.questions:
        problem, _colon, hint = mapping.questions[0].partition(": ")
        if len(mapping.questions) > 1:
            more = plural(
                " (and {count} more such column)", " (and {count} more such columns)", len(mapping.questions) - 1
            )
            problem += more
        raise CoachError(problem, where=where, hint=hint)


def refuse_strangers(table: Table, mapping: ColumnMapping, where: str) -> None:
    """Raise CoachError for a table of accounts, of comments or of videos watched, which looks like one of posts."""
    hint = _("leave it out, and give the posts of the account")
    if mapping.headings.keys() <= {"link", "posted_at"} and "link" in mapping.headings:
        links = table.cells[mapping.headings["link"]]
        if links.str.contains(SHARED, regex=False).mean() > 0.5:
            text = _("is a list of videos that were watched, liked or shared, not of the account's own posts")
            raise CoachError(text, where=where, hint=hint)
    for is_of, facts_of_posts, problem in _STRANGERS:
        names = [name for name in table.cells.columns if is_of(name)]
        if len(names) >= LEAST_OF_STRANGERS and mapping.headings.keys().isdisjoint(facts_of_posts):
            raise CoachError(_(problem, named=", ".join(map(repr, names))), where=where, hint=hint)
