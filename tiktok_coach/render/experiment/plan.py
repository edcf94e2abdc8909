"""An experiment as a plan to be filled in, which `lint` checks and `experiment read` reads."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.analysis.experiment import Design
from tiktok_coach.core.translation import _
from tiktok_coach.render.draft.calendar import head
from tiktok_coach.render.escaping import json_text
from tiktok_coach.stats.trials import FOLLOW


def as_plan(found: Design) -> Iterator[str]:
    """The posts of the experiment, each with its arm and its pair."""
    rule = found.rule
    *first, last = head(
        found.account,
        _(
            "An experiment on {code} ({name}): the arms are drawn by chance; keep all else alike in a pair.",
            code=rule.code,
            name=rule.rule.name,
        ),
    )
    yield "\n".join(first) + "\n"
    yield f"defaults: {{trial_rule: {rule.code}, trial_effect: {found.size.effect:g}, trial_spread: {found.size.spread:.4f}}}\n{last}\n"
    for slot in found.slots:
        note = found.advice if slot.arm == FOLLOW else _("Leave the tip out: not {name}.", name=rule.rule.words)
        yield (
            "\n".join(
                [
                    f"  - id: {slot.at:%Y-%m-%d-%H}",
                    f"    publish_at: {slot.at.isoformat()}",
                    f"    trial_pair: {slot.pair}",
                    f"    trial_arm: {slot.arm}",
                    f"    notes: {json_text(note)}",
                    "    caption:",
                    "    hashtags:",
                    "    video: {file: , duration_s: , hook_s: }",
                    "    sound: {name: }",
                ]
            )
            + "\n"
        )
