"""Experiments as people read them: what it takes to know, and what came of it."""

from __future__ import annotations

import numpy as np

from tiktok_coach.analysis.experiment import Design, Reading
from tiktok_coach.core.translation import N_, _, fill, format_value
from tiktok_coach.render.pages.charts import effect_bar, effect_scale
from tiktok_coach.render.pages.numbers import between, factor, share
from tiktok_coach.render.pages.page import Column, Page, Part, Table, Words, columns
from tiktok_coach.stats.trials import FEWEST_PAIRS, LARGEST

SHOWN = 8
ENOUGH = 20.0
READING = N_(
    "effect: the views of the posts that were to follow over those of the others of their pairs, as assigned, whatever was done; exact test: how often flipping the coins anew "
    "gives as much; at any time: what may be said whenever one looks, so that one may stop as soon as the evidence reaches 20."
)


def design_page(found: Design) -> Page:
    """How large the experiment must be, and how its calendar begins."""
    size = found.size
    name = found.rule.rule.words
    weeks = (found.slots[-1].at.date() - found.slots[0].at.date()).days // 7 + 1 if found.slots else 0
    parts: list[Part] = [
        Words(f"{found.rule.code}, {name}: {found.advice}"),
        Words(
            _(
                "To find {factor} the views with {power:.0%} power at a level of {alpha:.0%} it takes {pairs:,} posts in each "
                "of two arms. The calendar has {count:,} posts in {weeks} weeks, every weekday alike. This account's posts lie "
                "×/÷ {spread:.2f} from what their age and time let expect ({posts} posts).",
                factor=factor(size.effect),
                power=size.power,
                alpha=size.alpha,
                pairs=size.pairs,
                count=len(found.slots),
                weeks=weeks,
                spread=np.exp(size.spread),
                posts=found.posts,
            )
        ),
    ]
    if size.pairs >= LARGEST:
        parts.append(
            Words(
                _(
                    "More than {largest:,} pairs would be needed: an effect as small cannot be found here. Ask for a larger "
                    "--effect.",
                    largest=LARGEST,
                )
            )
        )
    rows = [[fill("{at:%a %Y-%m-%d %H:%M}", at=slot.at), str(slot.pair), slot.arm] for slot in found.slots[:SHOWN]]
    parts.append(
        Table(
            _("The first posts"), columns(Column(N_("when"), left=True), N_("pair"), Column(N_("arm"), left=True)), rows
        )
    )
    parts.append(
        Words(
            _(
                "The two posts of a pair go out at one hour of the week, a week apart; a coin decided which follows the tip "
                "and which leaves it. Keep all else alike. --plan writes all of them as a plan; `experiment read` tells the "
                "result, and may be run at any time."
            ),
            faint=True,
        )
    )
    return Page(_("An experiment"), parts)


def reading_page(found: Reading) -> Page:
    """What came of the experiment."""
    name = found.rule.rule.words
    result = found.result
    parts: list[Part] = []
    done = int((found.pairs["why"] == "").sum())
    parts.append(
        Words(
            _(
                "{code}, {name}: {done} of {planned} pairs are done{left}.",
                code=found.rule.code,
                name=name,
                done=done,
                planned=found.planned,
                left=_(", {count} left out", count=found.excluded) if found.excluded else "",
            )
        )
    )
    if result is None:
        parts.append(
            Words(_("Not enough data: it takes {fewest_pairs} whole pairs to say anything.", fewest_pairs=FEWEST_PAIRS))
        )
    else:
        row = [
            factor(result.effect),
            between(result.low, result.high),
            effect_bar(result.effect, result.low, result.high),
            format_value(result.p, ".3f"),
            format_value(result.p_anytime, ".3f"),
            between(*result.anytime),
        ]
        parts.append(
            Table(
                "",
                columns(
                    N_("effect"),
                    N_("90%"),
                    Column(effect_scale(), left=True, drawn=True),
                    N_("exact test"),
                    N_("at any time"),
                    N_("95% at any time"),
                ),
                [row],
            )
        )
        parts.append(Words(_verdict(found)))
    if found.followed is not None and found.followed < 1:
        parts.append(
            Words(
                _(
                    "{share} of the posts that are told did what they were to; the effect of the tip itself is larger than that of "
                    "having been assigned to it.",
                    share=share(found.followed),
                )
            )
        )
    elif found.followed is None:
        parts.append(Words(_("Whether the posts did what they were to is not in the data.")))
    missed = found.pairs[(found.pairs["follow_did"] == False) | (found.pairs["leave_did"] == False)]  # noqa: E712 - None is neither
    if len(missed):
        rows = [
            [
                str(row.pair),
                str((row.follow_post if row.follow_did is False else row.leave_post) or "–"),
                _("was to follow and did not") if row.follow_did is False else _("was to leave the tip, and follows"),
            ]
            for row in missed.itertuples(index=False)
        ]
        parts.append(
            Table(
                _("Not followed"),
                columns(N_("pair"), Column(N_("post"), left=True), Column(N_("what"), left=True)),
                rows,
            )
        )
    if found.excluded:
        rows = [[str(row.pair), str(row.why)] for row in found.pairs[found.pairs["why"] != ""].itertuples(index=False)]
        parts.append(Table(_("Left out"), columns(N_("pair"), Column(N_("why"), left=True)), rows[: 2 * SHOWN]))
        if len(rows) > 2 * SHOWN:
            parts.append(Words(_("and {count} more", count=len(rows) - 2 * SHOWN), faint=True))
    if result is not None:
        parts.append(Words(_(READING), faint=True))
    return Page(_("What came of the experiment"), parts)


def _verdict(found: Reading) -> str:
    result = found.result
    assert result is not None
    if 1 / result.p_anytime >= ENOUGH:
        reached = 1 / result.p_anytime
        if result.effect > 1:
            return _("Decided: the tip helps. The evidence reached {reached:,.0f}; you may stop.", reached=reached)
        return _("Decided: the tip hurts. The evidence reached {reached:,.0f}; you may stop.", reached=reached)
    if result.pairs < found.planned:
        return _(
            "Not decided yet: go on ({pairs} of {planned} pairs; the evidence is {evidence:.1f} of 20).",
            pairs=result.pairs,
            planned=found.planned,
            evidence=result.evidence,
        )
    if result.p <= 0.05:
        return (
            _("Done: the tip helps, by the exact test.")
            if result.effect > 1
            else _("Done: the tip hurts, by the exact test.")
        )
    if not result.low <= found.effect <= result.high:
        return _(
            "Done: an effect of {factor} is ruled out at 90%; no effect is told from chance.",
            factor=factor(found.effect),
        )
    return _("Done, and not decided: no effect is told from chance, and the one that was looked for is not ruled out.")
