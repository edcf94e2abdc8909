"""What stands below a post's curve: a row for each thing that its video has, however it is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tiktok_coach.analysis.retention import PostRetention, Retention
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import numbers
from tiktok_coach.core.translation import N_, _
from tiktok_coach.stats.account_effects import HELPS, HURTS
from tiktok_coach.stats.moments import EVENTS

# What events are called where there is little room, in the order in which they are listed.
BRIEFLY = {
    "cut": N_("cut"),
    "no cut for long": N_("no cut"),
    "speech": N_("speech"),
    "pause": N_("pause"),
    "text": N_("text"),
    "louder": N_("louder"),
    "quieter": N_("quieter"),
    "motion": N_("motion"),
    "still": N_("still"),
    "black": N_("black"),
}
LISTED = tuple(BRIEFLY)
HOOK = N_("hook")


@dataclass(frozen=True)
class Row:
    """One thing: `ticks` are moments, `spans` from which second to which it stands.

    An `event` hurts or helps where viewers of the account clearly leave or stay in such seconds; the hook is none.
    """

    name: str
    event: str = ""
    ticks: tuple[float, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    verdict: str = ""


def rows_of(result: Retention, post: PostRetention) -> Iterator[Row]:
    """The rows of a post, of what it has."""
    seconds = len(post.watching.left)
    verdicts = {one.event: one.verdict for one in result.effects if one.verdict in (HURTS, HELPS)}
    hook = numbers(result.export.posts, "hook_s")[post.row]
    if np.isfinite(hook) and hook <= seconds:
        yield Row(_(HOOK), ticks=(float(hook),))
    for event, name in BRIEFLY.items():
        verdict, stands = verdicts.get(event, ""), spans_of(post.watching.events[:, EVENTS.index(event)])
        if event == "cut" and post.cuts:
            yield Row(_(name), event, tuple(at for at in post.cuts if at <= seconds), verdict=verdict)
        elif stands:
            yield Row(_(name), event, spans=tuple(stands), verdict=verdict)


def row_names() -> list[str]:
    """What any row may be called."""
    return [_(HOOK), *map(_, BRIEFLY.values())]


def spans_of(values: np.ndarray) -> list[tuple[int, int]]:
    """From which second to which an event stands, each time that it does."""
    steps = np.diff(np.concatenate([[0], (values == 1).astype(int), [0]]))
    return list(zip(np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist(), strict=True))
