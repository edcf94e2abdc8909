"""Experiments: what it takes to know and what came of it as a page, JSON and CSV, and the plan to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.experiment import SCHEMA_VERSION, Design, Trial
from tiktok_coach.core.translation import N_, _, fill, format_value
from tiktok_coach.render.draft import head
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.json_csv import json_cell, number, pair, rows_csv
from tiktok_coach.render.pages.charts import effect_bar, effect_scale
from tiktok_coach.render.pages.numbers import between, factor, share
from tiktok_coach.render.pages.page import Column, Page, Part, Table, Words, columns
from tiktok_coach.stats.trials import FEWEST_PAIRS, FOLLOW, LARGEST

SHOWN = 8
ENOUGH = 20.0
READING = N_(
    "effect: the views of the posts that were to follow over those of the others of their pairs, as "
    "assigned, whatever was done; exact test: how often flipping the coins anew "
    "gives as much; at any time: what may be said whenever one looks, so that one may stop as soon as the "
    "evidence reaches 20."
)


def design_page(design: Design) -> Page:
    """How large the experiment must be, and how its calendar begins."""
    size = design.size
    name = design.rule.rule.words
    weeks = (design.slots[-1].at.date() - design.slots[0].at.date()).days // 7 + 1 if design.slots else 0
    parts: list[Part] = [
        Words(f"{design.rule.code}, {name}: {design.advice}"),
        Words(
            _(
                "To find {factor} the views with {power:.0%} power at a level of {alpha:.0%} it takes "
                "{pairs:,} posts in each "
                "of two arms. The calendar has {count:,} posts in {weeks} weeks, every weekday alike. This "
                "account's posts lie "
                "×/÷ {spread:.2f} from what their age and time let expect ({posts} posts).",
                factor=factor(size.effect),
                power=size.power,
                alpha=size.alpha,
                pairs=size.pairs,
                count=len(design.slots),
                weeks=weeks,
                spread=np.exp(size.spread),
                posts=design.posts,
            )
        ),
    ]
    if size.pairs >= LARGEST:
        parts.append(
            Words(
                _(
                    "More than {largest:,} pairs would be needed: an effect as small cannot be found here. "
                    "Ask for a larger "
                    "--effect.",
                    largest=LARGEST,
                )
            )
        )
    rows = [[fill("{at:%a %Y-%m-%d %H:%M}", at=slot.at), str(slot.pair), slot.arm] for slot in design.slots[:SHOWN]]
    parts.append(
        Table(
            _("The first posts"),
            columns(Column(N_("when"), is_text=True), N_("pair"), Column(N_("arm"), is_text=True)),
            rows,
        )
    )
    parts.append(
        Words(
            _(
                "The two posts of a pair go out at one hour of the week, a week apart; a coin decided which "
                "follows the tip "
                "and which leaves it. Keep all else alike. --plan writes all of them as a plan; `experiment "
                "read` tells the "
                "result, and may be run at any time."
            ),
            faint=True,
        )
    )
    return Page(_("An experiment"), parts)


def reading_page(reading: Trial) -> Page:
    """What came of the experiment."""
    name = reading.rule.rule.words
    result = reading.result
    parts: list[Part] = []
    done = int((reading.pairs["why"] == "").sum())
    parts.append(
        Words(
            _(
                "{code}, {name}: {done} of {planned} pairs are done{left}.",
                code=reading.rule.code,
                name=name,
                done=done,
                planned=reading.planned,
                left=_(", {count} left out", count=reading.excluded) if reading.excluded else "",
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
                    Column(effect_scale(), is_text=True, is_chart=True),
                    N_("exact test"),
                    N_("at any time"),
                    N_("95% at any time"),
                ),
                [row],
            )
        )
        parts.append(Words(_verdict(reading)))
    if reading.followed is not None and reading.followed < 1:
        parts.append(
            Words(
                _(
                    "{share} of the posts that are told did what they were to; the effect of the tip itself "
                    "is larger than that of "
                    "having been assigned to it.",
                    share=share(reading.followed),
                )
            )
        )
    elif reading.followed is None:
        parts.append(Words(_("Whether the posts did what they were to is not in the data.")))
    missed = reading.pairs[(reading.pairs["follow_did"] == False) | (reading.pairs["leave_did"] == False)]  # noqa: E712 - None is neither
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
                columns(N_("pair"), Column(N_("post"), is_text=True), Column(N_("what"), is_text=True)),
                rows,
            )
        )
    if reading.excluded:
        rows = [
            [str(row.pair), str(row.why)] for row in reading.pairs[reading.pairs["why"] != ""].itertuples(index=False)
        ]
        parts.append(Table(_("Left out"), columns(N_("pair"), Column(N_("why"), is_text=True)), rows[: 2 * SHOWN]))
        if len(rows) > 2 * SHOWN:
            parts.append(Words(_("and {count} more", count=len(rows) - 2 * SHOWN), faint=True))
    if result is not None:
        parts.append(Words(_(READING), faint=True))
    return Page(_("What came of the experiment"), parts)


def _verdict(reading: Trial) -> str:
    result = reading.result
    assert result is not None
    if 1 / result.p_anytime >= ENOUGH:
        reached = 1 / result.p_anytime
        if result.effect > 1:
            return _("Decided: the tip helps. The evidence reached {reached:,.0f}; you may stop.", reached=reached)
        return _("Decided: the tip hurts. The evidence reached {reached:,.0f}; you may stop.", reached=reached)
    if result.pairs < reading.planned:
        return _(
            "Not decided yet: go on ({pairs} of {planned} pairs; the evidence is {evidence:.1f} of 20).",
            pairs=result.pairs,
            planned=reading.planned,
            evidence=result.evidence,
        )
    if result.p <= 0.05:
        return (
            _("Done: the tip helps, by the exact test.")
            if result.effect > 1
            else _("Done: the tip hurts, by the exact test.")
        )
    if not result.low <= reading.effect <= result.high:
        return _(
            "Done: an effect of {factor} is ruled out at 90%; no effect is told from chance.",
            factor=factor(reading.effect),
        )
    return _("Done, and not decided: no effect is told from chance, and the one that was looked for is not ruled out.")


SLOTS = ("publish_at", "pair", "arm")
PAIRS = (
    "pair",
    "follow_post",
    "leave_post",
    "follow_views",
    "leave_views",
    "follow_did",
    "leave_did",
    "difference",
    "why",
)


def design_json(design: Design) -> Iterator[str]:
    """The size and the calendar of an experiment as JSON."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "rule": design.rule.code,
        "effect": design.size.effect,
        "spread": number(design.size.spread),
        "posts": design.posts,
        "power": design.size.power,
        "alpha": design.size.alpha,
        "pairs": design.size.pairs,
        "posts_in_each_arm": design.size.pairs,
        "slots": list(_slots(design)),
    }
    yield json_text(content, indent=1) + "\n"


def design_csv(design: Design) -> Iterator[str]:
    """The calendar of an experiment as CSV, a row a post."""
    return rows_csv(SLOTS, _slots(design))


def _slots(design: Design) -> Iterator[dict[str, Any]]:
    for slot in design.slots:
        yield {"publish_at": slot.at.isoformat(), "pair": slot.pair, "arm": slot.arm}


def reading_json(reading: Trial) -> Iterator[str]:
    """What came of an experiment as JSON."""
    result = reading.result
    content = {
        "schema_version": SCHEMA_VERSION,
        "rule": reading.rule.code,
        "effect": None if result is None else number(result.effect),
        "interval": None if result is None else pair(result.low, result.high),
        "p": None if result is None else number(result.p),
        "anytime": None
        if result is None
        else {"p": number(result.p_anytime), "evidence": number(result.evidence), "interval": pair(*result.anytime)},
        "pairs": 0 if result is None else result.pairs,
        "planned_pairs": reading.planned,
        "planned_effect": reading.effect,
        "followed": number(reading.followed),
        "excluded": reading.excluded,
        "each": list(_pairs(reading)),
    }
    yield json_text(content, indent=1) + "\n"


def reading_csv(reading: Trial) -> Iterator[str]:
    """The pairs of an experiment as CSV, a row each."""
    return rows_csv(PAIRS, _pairs(reading))


def _pairs(reading: Trial) -> Iterator[dict[str, Any]]:
    for row in reading.pairs[list(PAIRS)].to_dict("records"):
        yield {str(name): None if pd.isna(value) else json_cell(value) for name, value in row.items()}


def as_plan(design: Design) -> Iterator[str]:
    """The posts of the experiment, each with its arm and its pair."""
    rule = design.rule
    *first, last = head(
        design.account,
        _(
            "An experiment on {code} ({name}): the arms are drawn by chance; keep all else alike in a pair.",
            code=rule.code,
            name=rule.rule.name,
        ),
    )
    yield "\n".join(first) + "\n"
    size = f"trial_effect: {design.size.effect:g}, trial_spread: {design.size.spread:.4f}"
    yield f"defaults: {{trial_rule: {rule.code}, {size}}}\n{last}\n"
    for slot in design.slots:
        note = design.advice if slot.arm == FOLLOW else _("Leave the tip out: not {name}.", name=rule.rule.words)
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
