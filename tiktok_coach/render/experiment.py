"""Experiments: what it takes to know and what came of it as a page, JSON and CSV, and the plan to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.experiment import SCHEMA_VERSION, Design, Trial
from tiktok_coach.core.translation import N_, _, fill, format_value
from tiktok_coach.render.draft import TO_FILL_IN, head
from tiktok_coach.render.escaping import attributes, json_text
from tiktok_coach.render.pages.charts import effect_cells, effect_columns
from tiktok_coach.render.pages.page import Page, Part, Table, TextColumn, Words, columns
from tiktok_coach.render.values import between, factor, facts_of, json_cell, number, pair, rows_csv, share
from tiktok_coach.stats.trials import FEWEST_PAIRS, FOLLOW, LARGEST, TrialResult

SHOWN = 8
ENOUGH = 20.0
READING = N_(
    "effect: the views of the posts that were to follow over those of the others of their pairs, as assigned, whatever "
    "was done; exact test: how often flipping the coins anew gives as much; at any time: what may be said whenever one "
    "looks, so that one may stop as soon as the evidence reaches 20."
)
SIZE = N_(
    "To find {factor} the views with {power:.0%} power at a level of {alpha:.0%} it takes {pairs:,} posts in each of "
    "two arms. The calendar has {count:,} posts in {weeks} weeks, every weekday alike. This account's posts lie ×/÷ "
    "{spread:.2f} from what their age and time let expect ({posts} posts)."
)
TOO_SMALL = N_(
    "More than {largest:,} pairs would be needed: an effect as small cannot be found here. Ask for a larger --effect."
)
PAIRING = N_(
    "The two posts of a pair go out at one hour of the week, a week apart; a coin decided which follows the tip and "
    "which leaves it. Keep all else alike. --plan writes all of them as a plan; `experiment read` tells the result, "
    "and may be run at any time."
)
PARTLY = N_(
    "{share} of the posts that are told did what they were to; the effect of the tip itself is larger than that of "
    "having been assigned to it."
)


def design_page(design: Design) -> Page:
    """How large the experiment must be, and how its calendar begins."""
    weeks = (design.slots[-1].at.date() - design.slots[0].at.date()).days // 7 + 1 if design.slots else 0
    size_text = _(
        SIZE,
        factor=factor(design.effect),
        **attributes(design, "power alpha pairs"),
        count=len(design.slots),
        weeks=weeks,
        spread=np.exp(design.spread),
        posts=design.posts,
    )
    rows = [[fill("{at:%a %Y-%m-%d %H:%M}", at=slot.at), str(slot.pair), slot.arm] for slot in design.slots[:SHOWN]]
    heads = columns(TextColumn(N_("when")), N_("pair"), TextColumn(N_("arm")))
    parts: list[Part] = [
        f"{design.rule.code}, {design.rule.rule.words}: {design.advice}",
        size_text,
        *([_(TOO_SMALL, largest=LARGEST)] if design.pairs >= LARGEST else []),
        Table(_("The first posts"), heads, rows),
        Words(_(PAIRING), faint=True),
    ]
    return Page(_("An experiment"), parts)


def reading_page(reading: Trial) -> Page:
    """What came of the experiment."""
    result, excluded = reading.result, reading.pairs[reading.pairs["why"] != ""]
    done = _(
        "{code}, {name}: pairs done: {done} of {planned}{left}.",
        code=reading.rule.code,
        name=reading.rule.rule.words,
        done=len(reading.pairs) - len(excluded),
        planned=reading.planned,
        left=_(", {count} left out", count=reading.excluded) if reading.excluded else "",
    )
    parts: list[Part] = [done]
    if result is None:
        nothing = N_("Not enough data: it takes {fewest_pairs} whole pairs to say anything.")
        parts.append(_(nothing, fewest_pairs=FEWEST_PAIRS))
    else:
        heads = columns(*effect_columns(), N_("exact test"), N_("at any time"), N_("95% at any time"))
        p_values = (format_value(p, ".3f") for p in (result.p, result.p_anytime))
        row = [*effect_cells(result.effect, result.low, result.high), *p_values, between(*result.anytime)]
        parts += [Table("", heads, [row]), _verdict(reading, result)]
    if reading.followed is None:
        parts.append(_("Whether the posts did what they were to is not in the data."))
    elif reading.followed < 1:
        parts.append(_(PARTLY, share=share(reading.followed)))
    missed = reading.pairs[(reading.pairs["follow_did"] == False) | (reading.pairs["leave_did"] == False)]  # noqa: E712 - None is neither
    if len(missed):
        rows = [
            [str(row.pair), str(row.follow_post or "–"), _("was to follow and did not")]
            if row.follow_did is False
            else [str(row.pair), str(row.leave_post or "–"), _("was to leave the tip, and follows")]
            for row in missed.itertuples(index=False)
        ]
        heads = columns(N_("pair"), TextColumn(N_("post")), TextColumn(N_("what")))
        parts.append(Table(_("Not followed"), heads, rows))
    if reading.excluded:
        rows = [[str(row.pair), str(row.why)] for row in excluded.itertuples(index=False)]
        parts.append(Table(_("Left out"), columns(N_("pair"), TextColumn(N_("why"))), rows[: 2 * SHOWN]))
        if len(rows) > 2 * SHOWN:
            parts.append(Words(_("and {count} more", count=len(rows) - 2 * SHOWN), faint=True))
    if result is not None:
        parts.append(Words(_(READING), faint=True))
    return Page(_("What came of the experiment"), parts)


def _verdict(reading: Trial, result: TrialResult) -> str:
    if (reached := 1 / result.p_anytime) >= ENOUGH:
        helps = N_("Decided: the tip helps. The evidence reached {reached:,.0f}; you may stop.")
        hurts = N_("Decided: the tip hurts. The evidence reached {reached:,.0f}; you may stop.")
        return _(helps if result.effect > 1 else hurts, reached=reached)
    if result.pairs < reading.planned:
        return _(
            "Not decided yet: go on (pairs: {pairs} of {planned}; the evidence is {evidence:.1f} of 20).",
            pairs=result.pairs,
            planned=reading.planned,
            evidence=result.evidence,
        )
    if result.p <= 0.05:
        helps, hurts = N_("Done: the tip helps, by the exact test."), N_("Done: the tip hurts, by the exact test.")
        return _(helps if result.effect > 1 else hurts)
    if not result.low <= reading.effect <= result.high:
        ruled_out = N_("Done: an effect of {factor} is ruled out at 90%; no effect is told from chance.")
        return _(ruled_out, factor=factor(reading.effect))
    return _("Done, and not decided: no effect is told from chance, and the one that was looked for is not ruled out.")


SLOTS = "publish_at pair arm"
PAIRS = "pair follow_post leave_post follow_views leave_views follow_did leave_did difference why"


def design_json(design: Design) -> Iterator[str]:
    """The size and the calendar of an experiment as JSON."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "rule": design.rule.code,
        "effect": design.effect,
        "spread": number(design.spread),
        "posts": design.posts,
        **attributes(design, "power alpha pairs"),
        "posts_in_each_arm": design.pairs,
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
    effect: dict[str, Any] = dict.fromkeys(("effect", "interval", "p", "anytime")) | {"pairs": 0}
    if result is not None:
        anytime = {"p": number(result.p_anytime), **facts_of(result, "evidence"), "interval": pair(*result.anytime)}
        effect = {**facts_of(result, "effect interval p"), "anytime": anytime, "pairs": result.pairs}
    content = {
        "schema_version": SCHEMA_VERSION,
        "rule": reading.rule.code,
        **effect,
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
    for row in reading.pairs[PAIRS.split()].to_dict("records"):
        yield {str(name): None if pd.isna(value) else json_cell(value) for name, value in row.items()}


def as_plan(design: Design) -> Iterator[str]:
    """The posts of the experiment, each with its arm and its pair."""
    rule = design.rule
    about = N_("An experiment on {code} ({name}): the arms are drawn by chance; keep all else alike in a pair.")
    *first, last = head(design.account, _(about, code=rule.code, name=rule.rule.name))
    yield "\n".join(first) + "\n"
    size = f"trial_effect: {design.effect:g}, trial_spread: {design.spread:.4f}"
    yield f"defaults: {{trial_rule: {rule.code}, {size}}}\n{last}\n"
    for slot in design.slots:
        note = design.advice if slot.arm == FOLLOW else _("Leave the tip out: not {name}.", name=rule.rule.words)
        yield "\n".join(
            [
                f"  - id: {slot.at:%Y-%m-%d-%H}",
                f"    publish_at: {slot.at.isoformat()}",
                f"    trial_pair: {slot.pair}",
                f"    trial_arm: {slot.arm}",
                f"    notes: {json_text(note)}",
                *TO_FILL_IN,
            ]
        )
