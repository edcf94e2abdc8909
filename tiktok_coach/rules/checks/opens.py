"""opens: the words with which a video opens are, or are not, of kinds that `opening-words.yaml` lists by language."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tiktok_coach.core.arrays import is_in, mask_array
from tiktok_coach.core.facts import known_mask, take_rows
from tiktok_coach.core.translation import N_
from tiktok_coach.rules.kind import FAIL, PASS, TEXTS, UNKNOWN, CheckKind, Outcome, Params, Subjects, all_unknown
from tiktok_coach.rules.opening_words import KindName, match_words, word_languages, words_of_texts
from tiktok_coach.rules.subjects import NO_TEXT


class Opens(Params):
    """Words of `kinds` pass or fail, as `expect` says."""

    kinds: list[KindName] = Field(min_length=1)
    expect: Literal["match", "no_match"] = "match"

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.expect == "match":
            return N_(
                "{field} must have words of {kinds}; where it is not known, so may the words that are written in the "
                "first second"
            )
        return N_(
            "{field} must not begin with words of {kinds}; where it is not known, neither may the words that are "
            "written in the first second"
        )


def evaluate(subjects: Subjects, field: str, params: Opens) -> Outcome:
    """Pass where the words are as they should be; unknown where they are in a language without a list.

    Words on the screen stand in for what is said where that is not known: what they have counts, what they lack may be
    said.
    """
    if subjects.column(field) is None and subjects.column("opening_text") is None:
        return all_unknown(len(subjects))
    said, shown = subjects.texts(field), subjects.texts("opening_text")
    is_said = known_mask(said)
    texts = pc.coalesce(said, shown)
    is_text = known_mask(texts) & ~is_in(texts, [NO_TEXT])
    if not is_text.any():
        return all_unknown(len(subjects))
    texts = pc.if_else(mask_array(is_text), texts, pa.nulls(len(texts), texts.type))
    languages = word_languages(subjects)
    has_words, is_certain = match_words(texts, languages, params.kinds)
    expected, other = (PASS, FAIL) if params.expect == "match" else (FAIL, PASS)
    status = np.full(len(subjects), UNKNOWN, dtype=np.int8)
    status[is_certain & is_said] = other
    status[has_words] = expected

    rows = has_words.nonzero()[0]
    words: dict[int, str] = {}

    def words_of(row: int) -> str:
        if not words:
            texts_of_rows = words_of_texts(take_rows(texts, rows), take_rows(languages, rows), params.kinds)
            words.update(zip(rows.tolist(), texts_of_rows, strict=True))
        return words.get(row, "")

    return Outcome(status, texts, terms={"words": words_of})


def missing_input(subjects: Subjects, field: str, params: Opens) -> str | None:  # noqa: ARG001 - the kind's signature
    """What says the language of the words, where they are known."""
    is_known = known_mask(subjects.texts(field))
    if not is_known.any() or known_mask(word_languages(subjects))[is_known].any():
        return None
    return N_("`account.language` in the config file")


KIND = CheckKind(
    "opens", Opens, evaluate, fields=TEXTS, terms={"value", "words"}, needs_field=False, missing_input=missing_input
)
