"""said: the words of a list, such as those that people search for, stand in what a post says."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.search_words import split_list
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import FAIL, NOT_APPLICABLE, PASS, TEXTS, UNKNOWN, CheckKind, Outcome, Params, Subjects


class Said(Params):
    """At least `least` of the words, or with `every` all of them where at least one is said."""

    least: int = Field(1, ge=1)
    every: bool = False

    @property
    def condition(self) -> str:
        """When a subject passes."""
        if self.every:
            return N_("the caption, the hashtags or the first second must say all of {field}")
        return N_("the caption, the hashtags or the first second must say {least} of {field}")


def evaluate(subjects: Subjects, field: str, params: Said) -> Outcome:
    """Pass where enough is said; unknown without a caption, unless the rest says enough; not applicable without words.

    Of `every` the posts are left out that say none of their words, which another rule is about.
    """
    lists, captions = subjects.texts(field), subjects.texts("shown_caption")
    status = np.full(len(subjects), NOT_APPLICABLE, dtype=np.int8)
    unsaid: dict[int, str] = {}
    for row in known_mask(lists).nonzero()[0].tolist():
        if not (words := split_list(text_at(lists, row))):
            continue
        said = subjects.said_words(row)
        missing = [word for word in words if not said.says(word)]
        count = len(words) - len(missing)
        unsaid[row] = ", ".join(f"“{word}”" for word in missing)
        if count >= (len(words) if params.every else min(params.least, len(words))):
            status[row] = PASS
        elif text_at(captions, row) is None:
            status[row] = UNKNOWN
        elif count or not params.every:
            status[row] = FAIL

    def places(row: int) -> str:
        of_all = _("caption, hashtags and the words of the first second")
        return of_all if subjects.known("opening_text")[row] else _("caption and hashtags")

    return Outcome(status, terms={"terms": lambda row: unsaid.get(row, ""), "places": places})


KIND = CheckKind(
    "said",
    Said,
    evaluate,
    fields=TEXTS,
    terms={"terms", "places"},
    needs_field=False,
    missing_input=lambda *_given: COLUMNS["caption"].supplied_by,
)
