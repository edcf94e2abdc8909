"""alike: no earlier post of the account has a video that looks the same, by the prints of their pictures."""

from __future__ import annotations

import numpy as np

from tiktok_coach.core.facts import text_at
from tiktok_coach.core.similarity import find_picture_copies, is_same_sound
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import TEXTS, CheckKind, Outcome, Params, Subjects, known_mask, statuses


class Alike(Params):
    """No parameters."""

    @property
    def condition(self) -> str:
        """When a subject passes."""
        return N_("no earlier post may show the same pictures ({field})")


def evaluate(subjects: Subjects, field: str, params: Alike) -> Outcome:  # noqa: ARG001 - the kind's signature
    """Fail where an earlier post shows the same, mirrored or not; unknown where there is no print."""
    prints = subjects.column_or_null(field)
    is_known = known_mask(prints)
    earlier = np.full(len(subjects), -1, dtype=np.int64)
    is_mirrored = np.zeros(len(subjects), dtype=bool)
    order, starts = subjects.in_order(is_known.nonzero()[0])
    texts = prints.tolist()
    for group in np.split(order, starts[1:]) if len(order) else ():
        copies = find_picture_copies([texts[row] for row in group])
        is_copy = copies.first >= 0
        earlier[group[is_copy]] = group[copies.first[is_copy]]
        is_mirrored[group] = copies.mirrored
    sounds = subjects.column_or_null("sound_hash")

    def how(row: int) -> str:
        if earlier[row] < 0:
            return ""
        same = is_same_sound(text_at(sounds, int(earlier[row])), text_at(sounds, row))
        sound = {True: _("with the same sound"), False: _("with another sound"), None: ""}[same]
        return "".join(f", {words}" for words in (_("mirrored") if is_mirrored[row] else "", sound) if words)

    terms = {"first": lambda row: subjects.label(int(earlier[row])), "how": how}
    return Outcome(statuses(earlier < 0, is_known), prints, terms, related=earlier)


KIND = CheckKind("alike", Alike, evaluate, fields=TEXTS, terms={"first", "how"}, compares=True)
