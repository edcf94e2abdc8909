"""Experiments as people read them: what it takes to know, and what came of it."""

from __future__ import annotations

import numpy as np

from tiktok_coach.evidence.trials import FEWEST_PAIRS, LARGEST
from tiktok_coach.report.pages.numbers import between, factor, share
from tiktok_coach.report.pages.page import Page, Picture, Table, Words
from tiktok_coach.report.pages.pictures import effect_bar, effect_scale
from tiktok_coach.studies.experiment import Design, Reading

SHOWN = 8
ENOUGH = 20.0
READING = (
    "effect: the views of the posts that were to follow over those of the others of their pairs, as assigned, whatever was done; exact test: how often flipping the coins anew "
    "gives as much; at any time: what may be said whenever one looks, so that one may stop as soon as the evidence reaches 20."
)


def design_page(found: Design) -> Page:
    """How large the experiment must be, and how its calendar begins."""
    size = found.size
    name = found.rule.rule.name.replace("-", " ")
    weeks = (found.slots[-1].at.date() - found.slots[0].at.date()).days // 7 + 1 if found.slots else 0
    parts: list[Words | Table | Picture] = [
        Words(f"{found.rule.code}, {name}: {found.advice}"),
        Words(
            f"To find {factor(size.effect)} the views with {size.power:.0%} power at a level of {size.alpha:.0%} it takes {size.pairs:,} posts in each of two arms. The calendar has {len(found.slots):,} posts in "
            f"{weeks} weeks, every weekday alike. This account's posts lie ×/÷ {np.exp(size.spread):.2f} from what their age and time let expect ({found.posts} posts)."
        ),
    ]
    if size.pairs >= LARGEST:
        parts.append(
            Words(
                f"More than {LARGEST:,} pairs would be needed: an effect as small cannot be found here. Ask for a larger --effect."
            )
        )
    rows = [[f"{slot.at:%a %Y-%m-%d %H:%M}", str(slot.pair), slot.arm] for slot in found.slots[:SHOWN]]
    parts.append(Table("The first posts", ("when", "pair", "arm"), rows, frozenset({"when", "arm"})))
    parts.append(Words(
        "The two posts of a pair go out at one hour of the week, a week apart; a coin decided which follows the tip and which leaves it. Keep all else alike. --plan writes all of them as a plan; "
        "`experiment read` tells the result, and may be run at any time.",
        faint=True,
    ))  # fmt: skip
    return Page("An experiment", parts)


def reading_page(found: Reading) -> Page:
    """What came of the experiment."""
    name = found.rule.rule.name.replace("-", " ")
    result = found.result
    parts: list[Words | Table | Picture] = []
    done = int((found.pairs["why"] == "").sum())
    parts.append(
        Words(
            f"{found.rule.code}, {name}: {done} of {found.planned} pairs are done{f', {found.excluded} left out' if found.excluded else ''}."
        )
    )
    if result is None:
        parts.append(Words(f"Not enough data: it takes {FEWEST_PAIRS} whole pairs to say anything."))
    else:
        scale = effect_scale()
        row = [
            factor(result.effect),
            between(result.low, result.high),
            effect_bar(result.effect, result.low, result.high),
            f"{result.p:.3f}",
            f"{result.p_anytime:.3f}",
            between(*result.anytime),
        ]
        parts.append(
            Table(
                "",
                ("effect", "90%", scale, "exact test", "at any time", "95% at any time"),
                [row],
                frozenset({scale}),
                drawn=frozenset({scale}),
            )
        )
        parts.append(Words(_verdict(found)))
    if found.followed is not None and found.followed < 1:
        parts.append(
            Words(
                f"{share(found.followed)} of the posts that are told did what they were to; the effect of the tip itself is larger than that of having been assigned to it."
            )
        )
    elif found.followed is None:
        parts.append(Words("Whether the posts did what they were to is not in the data."))
    missed = found.pairs[(found.pairs["follow_did"] == False) | (found.pairs["leave_did"] == False)]  # noqa: E712 - None is neither
    if len(missed):
        rows = [[str(row.pair), str((row.follow_post if row.follow_did is False else row.leave_post) or "–"), "was to follow and did not" if row.follow_did is False else "was to leave the tip, and follows"] for row in missed.itertuples(index=False)]  # fmt: skip
        parts.append(Table("Not followed", ("pair", "post", "what"), rows, frozenset({"post", "what"})))
    if found.excluded:
        rows = [[str(row.pair), str(row.why)] for row in found.pairs[found.pairs["why"] != ""].itertuples(index=False)]
        parts.append(Table("Left out", ("pair", "why"), rows[: 2 * SHOWN], frozenset({"why"})))
        if len(rows) > 2 * SHOWN:
            parts.append(Words(f"and {len(rows) - 2 * SHOWN} more", faint=True))
    if result is not None:
        parts.append(Words(READING, faint=True))
    return Page("What came of the experiment", parts)


def _verdict(found: Reading) -> str:
    result = found.result
    assert result is not None
    if 1 / result.p_anytime >= ENOUGH:
        return f"Decided: the tip {'helps' if result.effect > 1 else 'hurts'}. The evidence reached {1 / result.p_anytime:,.0f}; you may stop."
    if result.pairs < found.planned:
        return f"Not decided yet: go on ({result.pairs} of {found.planned} pairs; the evidence is {result.evidence:.1f} of 20)."
    if result.p <= 0.05:
        return f"Done: the tip {'helps' if result.effect > 1 else 'hurts'}, by the exact test."
    if not result.low <= found.effect <= result.high:
        return f"Done: an effect of {factor(found.effect)} is ruled out at 90%; no effect is told from chance."
    return "Done, and not decided: no effect is told from chance, and the one that was looked for is not ruled out."
