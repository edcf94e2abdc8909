"""alike: no earlier post of the account has a video that looks the same, by the prints of their pictures."""

from __future__ import annotations

from functools import cache

import numpy as np

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.similarity import find_picture_copies, is_same_sound
from tiktok_coach.core.translation import _
from tiktok_coach.rules.kind import TEXTS, CheckKind, Params
from tiktok_coach.rules.outcome import Outcome, all_unknown, statuses
from tiktok_coach.rules.subjects import Subjects


class Alike(Params):
    """No parameters."""


def evaluate(subjects: Subjects, field: str, params: Alike) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Fail where an earlier post shows the same, mirrored or not; the first of them passes. Unknown where there is no print."""
    prints = subjects.column(field)
    if prints is None:
        return all_unknown(len(subjects))
    told = known_mask(prints)
    earlier = np.full(len(subjects), -1, dtype=np.int64)
    mirrored = np.zeros(len(subjects), dtype=bool)
    rows = told.nonzero()[0]
    if len(rows):
        account = subjects.account_index()
        # What has no time comes last.
        order = rows[np.lexsort((rows, subjects.column_or_null("posted_at")[rows], account[rows]))]
        texts = prints.tolist()
        for group in np.split(order, np.flatnonzero(np.diff(account[order])) + 1):
            found = find_picture_copies([texts[row] for row in group])
            again = found.first >= 0
            earlier[group[again]] = group[found.first[again]]
            mirrored[group] = found.mirrored
    sounds = subjects.column_or_null("sound_hash")

    @cache
    def how(row: int) -> str:
        if earlier[row] < 0:
            return ""
        same = is_same_sound(text_at(sounds, int(earlier[row])), text_at(sounds, row))
        heard = {True: _("with the same sound"), False: _("with another sound"), None: ""}[same]
        words = [_("mirrored") if mirrored[row] else "", heard]
        return "".join(f", {word}" for word in words if word)

    return Outcome(
        statuses(earlier < 0, told),
        prints,
        {"first": lambda row: subjects.label(int(earlier[row])) if earlier[row] >= 0 else "", "how": how},
        related=earlier,
    )


KIND = CheckKind(
    name="alike", params=Alike, evaluate=evaluate, fields=TEXTS, terms=frozenset({"first", "how"}), compares=True
)
