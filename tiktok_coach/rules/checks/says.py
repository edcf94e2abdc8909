"""says: a caption has words that promote something, of the signs that `promotion.yaml` lists in many languages."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tiktok_coach.core.arrays import is_in
from tiktok_coach.core.facts import known_mask, take_rows
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import FAIL, PASS, TEXTS, UNKNOWN, CheckKind, Outcome, Params, Subjects, all_unknown
from tiktok_coach.rules.promotion import SignName, sign_mask, text_or, words_of_posts
from tiktok_coach.rules.subjects import post_subjects

# So many of a caption's words are named.
MOST_NAMED = 3
# Words are looked for in so many posts at once, and after so many times in all of them: each time costs as much as
# looking at some thousand posts.
AT_ONCE, MOST_TIMES = 256, 8


class Says(Params):
    """Words of `signs` fail.

    With `disclosed`, they pass where `disclosure` is one of these values, and nothing is known where it is not said.
    With `countries` (ISO 3166), they fail in posts of these alone: of the post's region, else of the account's country.
    """

    signs: list[SignName] = Field(min_length=1)
    disclosed: list[str] = []
    countries: list[str] = []

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.disclosed:
            return N_(
                "A caption that promotes something passes only where `disclosure` is one of {disclosed}; signs of it "
                "are {signs}"
            )
        if self.countries:
            return N_("A caption may promote nothing in posts of {countries}; signs of it are {signs}")
        return N_("A caption may promote nothing; signs of it are {signs}")

    @property
    def supplied_by(self) -> str | None:
        """What says whether a post is disclosed, or of which country it is."""
        if self.disclosed:
            return N_("`disclosure` in a plan or in a file of your own notes")
        return N_("`account.country` in the config file") if self.countries else None


def evaluate(subjects: Subjects, field: str, params: Says) -> Outcome:
    """Fail where the text has words of one of the signs, and neither disclosure nor country makes it right."""
    texts, said = subjects.column_or_null(field), subjects.column("disclosure")
    if params.disclosed and said is None:
        return all_unknown(len(subjects))
    is_seen, is_known = sign_mask(subjects, texts, params.signs), known_mask(texts)
    status = np.where(is_seen, np.int8(FAIL), np.int8(PASS))
    if params.disclosed and said is not None:
        status[is_in(said, params.disclosed)] = PASS
        is_known &= known_mask(said)
    if params.countries:
        country = _countries(subjects)
        status[known_mask(country) & ~is_in(country, [one.upper() for one in params.countries])] = PASS
        is_known &= ~is_seen | known_mask(country)
    status[~is_known] = UNKNOWN

    failing = (status == FAIL).nonzero()[0]

    by_row: dict[int, str] = {}
    batches: set[int] = set()

    def words_of(row: int) -> str:
        place = int(np.searchsorted(failing, row))
        if place == len(failing) or failing[place] != row:
            return ""
        if row not in by_row:
            start = place - place % AT_ONCE
            batches.add(start)
            rows = failing[start : start + AT_ONCE] if len(batches) <= MOST_TIMES else failing
            part = post_subjects(subjects.facts.take(rows), subjects.context)
            named = words_of_posts(part, take_rows(texts, rows), range(len(rows)), params.signs)
            texts_of = (", ".join(f"“{word}”" for word in words[:MOST_NAMED]) for words in named)
            by_row.update(zip(rows.tolist(), texts_of, strict=True))
        return by_row[row]

    return Outcome(status, terms={"words": words_of})


def missing_input(subjects: Subjects, field: str, params: Says) -> str | None:  # noqa: ARG001 - the kind's signature
    """What says whether a post is disclosed, or of which country it is."""
    if not params.disclosed:
        return params.supplied_by
    # A plan lacks the one word; of published posts much is lacking that the same file would tell.
    is_planned = is_in(subjects.column_or_null("status"), ["planned"]).any()
    return N_("`disclosure` in the plan") if is_planned else COLUMNS["disclosure"].supplied_by


def _countries(subjects: Subjects) -> pa.Array:
    """The country of each post, in capitals: its region, else that of its account."""
    return pc.utf8_upper(text_or(subjects, "region", "account.country"))


KIND = CheckKind("says", Says, evaluate, fields=TEXTS, terms={"words"}, missing_input=missing_input)
