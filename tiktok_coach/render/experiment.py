"""Experiments: what it takes to know and what came of it as a page, JSON and CSV, and the plan to fill in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from tiktok_coach.analysis.experiment import SCHEMA_VERSION, Design, Trial
from tiktok_coach.analysis.treatments import Treatment
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.render.draft import TO_FILL_IN, head
from tiktok_coach.render.escaping import attributes, json_text
from tiktok_coach.render.pages.charts import effect_cells, effect_columns
from tiktok_coach.render.pages.page import Column, Page, Part, Table, TextColumn, Words, columns, line
from tiktok_coach.render.values import (
    between,
    change,
    effect_text,
    facts_of,
    json_cell,
    lower_first,
    number,
    pair,
    rows_csv,
    share,
    views_change,
)
from tiktok_coach.stats.outcomes import COMPLETION, VIEWS
from tiktok_coach.stats.trials import FEWEST_PAIRS, FOLLOW, LARGEST, LEAVE, MOST_WEEKS, TrialResult, weeks_of

SHOWN = 8
# So wide a terminal shows effects as bars too.
BARS = 100
ENOUGH = 20.0
READING = {
    VIEWS: N_(
        "effect: views with the tip against views without, as planned, whatever was done; exact test: how often chance "
        "alone gives as much; at any time: valid however often you look (evidence of 20 decides)."
    ),
    COMPLETION: N_(
        "effect: completion with the tip against completion without, as planned, whatever was done; exact test: how "
        "often chance alone gives as much; at any time: valid however often you look (evidence of 20 decides)."
    ),
}
SIZE = N_(
    "It takes {count:,} posts in {weeks}, half with the tip and half without. If the tip gives at least "
    "{effect}, they show it with a chance of {power:.0%}."
)
NOT_FEASIBLE = N_(
    "Not feasible: to find {effect} takes {count:,} posts in {weeks}; more than {most_weeks} weeks is too long."
)
TOO_SMALL = N_("Not feasible: {effect} is too little to find here, however many posts you make.")
FEASIBLE_EFFECT = N_("In {most_weeks} weeks you can find at least {effect}: --effect {factor}.")
FEASIBLE_PER_DAY = N_("With {per_day} posts a day it takes {weeks}: --per-day {per_day}.")
PAIRING = N_(
    "The two posts of a pair go out at one hour, a week apart; keep all else alike. --write-plan FILE writes the "
    "calendar, and `tiktok-coach experiment read` shows the result at any time."
)
PARTLY = N_("{share} of the posts did as planned; the others weaken the effect that is shown.")
WITH_MORE = N_(
    "With the tip: {do}. Without: {opposite}. A video with more of it than your middle one counts as with the tip."
)
WITH_LESS = N_(
    "With the tip: {do}. Without: {opposite}. A video with less of it than your middle one counts as with the tip."
)
EXPECTED_MORE = N_(
    "Your own curves let expect {effect} with as much of it as in your best quarter of videos ({then:.0%} of the "
    "seconds), against none. What goes along with staying need not be the reason for it."
)
EXPECTED_LESS = N_(
    "Your own curves let expect {effect} with as little of it as in your best quarter of videos ({then:.0%} of the "
    "seconds), against as much as now ({now:.0%}). What goes along with leaving need not be the reason for it."
)
NAME_VIDEOS = N_("How large the effect may be is not known here; with --media VIDEOS your own curves may tell.")
NOTHING_CLEAR = N_("Your own curves do not tell how large the effect may be.")
GROUPS = {FOLLOW: N_("with the tip"), LEAVE: N_("without")}


def design_page(design: Design) -> Page:
    """Whether the experiment is feasible, how large it must be, and how its calendar begins."""
    title = _title(design.treatment)
    terms = {"effect": _effect(design.outcome, design.effect), "weeks": _weeks(design.weeks), "most_weeks": MOST_WEEKS}
    if not design.is_feasible:
        why = _(TOO_SMALL if design.pairs >= LARGEST else NOT_FEASIBLE, count=2 * design.pairs, **terms)
        return Page(title, [line(why), *map(line, _feasible(design)), *_about_events(design)])
    size = _(SIZE, count=len(design.slots), power=design.power, **terms)
    rows = [
        [fill("{at:%a %Y-%m-%d %H:%M}", at=slot.at), str(slot.pair), _(GROUPS[slot.arm])]
        for slot in design.slots[:SHOWN]
    ]
    heads = columns(TextColumn(N_("when")), N_("pair"), TextColumn(N_("post")))
    return Page(
        title,
        [
            size,
            *_about_events(design),
            Table(_("The first posts"), heads, rows),
            Words(f"{_(PAIRING)} {_basis(design)}", faint=True),
        ],
    )


def _about_events(design: Design) -> Iterator[str]:
    """Of an event of videos what posts with the tip and without are, and what the account's own curves let expect."""
    treatment, worth = design.treatment, design.worth
    if treatment.tip is None:
        return
    terms = {"do": lower_first(treatment.do), "opposite": lower_first(treatment.opposite)}
    yield _(WITH_MORE if treatment.has else WITH_LESS, **terms)
    if worth is None or design.expected is None:
        if design.outcome == COMPLETION:
            yield _(NOTHING_CLEAR if design.has_media else NAME_VIDEOS)
        return
    effect = _effect(design.outcome, design.expected)
    yield _(
        EXPECTED_MORE if treatment.has else EXPECTED_LESS, effect=effect, now=worth.share_now, then=worth.share_then
    )


def _title(treatment: Treatment) -> str:
    return _("Experiment: {advice} ({code})", advice=treatment.do, code=treatment.code)


def _basis(design: Design) -> str:
    """On what the size rests."""
    if design.outcome == COMPLETION:
        return plural(
            "Sized by how much the completion of your {count} post differs.",
            "Sized by how much the completion of your {count} posts differs.",
            design.posts,
        )
    return plural(
        "Sized by how much the views of your {count} post differ.",
        "Sized by how much the views of your {count} posts differ.",
        design.posts,
    )


def _effect(outcome: str, effect: float) -> str:
    """A factor on what is compared, in words."""
    if outcome == VIEWS:
        return effect_text(effect)
    if not 0.5 < effect < 2:
        return _("{effect:.2g} times the completion", effect=effect)
    more = N_("{share:.0%} more completion") if effect > 1 else N_("{share:.0%} less completion")
    return _(more, share=abs(effect - 1))


def _weeks(weeks: int) -> str:
    return plural("{count:,} week", "{count:,} weeks", weeks)


def _feasible(design: Design) -> Iterator[str]:
    """What could be done in place of an experiment that takes too long."""
    factor = design.feasible_effect
    yield _(FEASIBLE_EFFECT, effect=_effect(design.outcome, factor), factor=str(factor), most_weeks=MOST_WEEKS)
    if (per_day := design.feasible_per_day) is not None:
        yield _(FEASIBLE_PER_DAY, per_day=per_day, weeks=_weeks(weeks_of(design.pairs, per_day)))


def reading_page(reading: Trial) -> Page:
    """What came of the experiment: the verdict, then what it rests on."""
    result, excluded = reading.result, reading.pairs[reading.pairs["why"] != ""]
    done = _(
        "{done} of {planned} pairs are done{left}.",
        done=len(reading.pairs) - len(excluded),
        planned=reading.planned,
        left=_(", {count} not complete", count=reading.excluded) if reading.excluded else "",
    )
    parts: list[Part] = []
    if result is None:
        nothing = N_("Not enough data: it takes {fewest_pairs} whole pairs to say anything. {done}")
        parts.append(_(nothing, fewest_pairs=FEWEST_PAIRS, done=done))
    else:
        *values, bar = effect_columns()
        heads = columns(
            *values,
            bar if isinstance(bar, str) else replace(bar, needs=BARS),
            *(N_("exact test"), N_("at any time"), Column(N_("95% at any time"), needs=70)),
        )
        p_values = (format_value(p, ".3f") for p in (result.p, result.p_anytime))
        row = [*effect_cells(result.effect, result.low, result.high), *p_values, between(*result.anytime)]
        parts += [f"{_verdict(reading, result)} {done}", Table("", heads, [row])]
    if reading.followed is None:
        parts.append(_("Whether the posts did as planned is not in the data."))
    elif reading.followed < 1:
        parts.append(_(PARTLY, share=share(reading.followed)))
    missed = reading.pairs[(reading.pairs["follow_did"] == False) | (reading.pairs["leave_did"] == False)]  # noqa: E712 - None is neither
    if len(missed):
        rows = [
            [str(row.pair), str(row.follow_post or "–"), _("was to follow the tip, and does not")]
            if row.follow_did is False
            else [str(row.pair), str(row.leave_post or "–"), _("was to go without the tip, and follows it")]
            for row in missed.itertuples(index=False)
        ]
        heads = columns(N_("pair"), TextColumn(N_("post")), TextColumn(N_("what")))
        parts.append(Table(_("Not as planned"), heads, rows))
    if reading.excluded:
        rows = [[str(why), str(count)] for why, count in excluded["why"].value_counts().items()]
        parts.append(Table(_("Not complete"), columns(TextColumn(N_("why")), N_("pairs")), rows))
    if result is not None:
        parts.append(Words(_(READING[reading.outcome]), faint=True))
    return Page(_title(reading.treatment), parts)


def _verdict(reading: Trial, result: TrialResult) -> str:
    factors = result.effect, result.low, result.high
    worth = views_change(*factors) if reading.outcome == VIEWS else _("completion {change}", change=change(*factors))
    helps, hurts = N_("Decided: the tip helps: {worth}."), N_("Decided: the tip hurts: {worth}.")
    verdict = _(helps if result.effect > 1 else hurts, worth=worth)
    if 1 / result.p_anytime >= ENOUGH:
        return verdict + " " + _("You may stop.")
    if result.pairs < reading.planned:
        return _("Not decided yet: go on (evidence {evidence:.1f} of 20).", evidence=result.evidence)
    if result.p <= 0.05:
        return verdict
    effect = _effect(reading.outcome, reading.effect)
    if not result.low <= reading.effect <= result.high:
        return _("No clear effect; {effect} can be ruled out.", effect=effect)
    return _("No clear effect; {effect} is still possible.", effect=effect)


SLOTS = "publish_at pair arm"
PAIRS = "pair follow_post leave_post follow_views leave_views follow_did leave_did difference why"


def design_json(design: Design) -> Iterator[str]:
    """The size and the calendar of an experiment as JSON."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "rule": design.treatment.code,
        "outcome": design.outcome,
        "effect": design.effect,
        "expected": number(design.expected),
        "spread": number(design.spread),
        "posts": design.posts,
        **attributes(design, "power alpha pairs"),
        "posts_in_each_arm": design.pairs,
        "weeks": design.weeks,
        "feasible": design.is_feasible,
        "feasible_effect": design.feasible_effect,
        "feasible_per_day": design.feasible_per_day,
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
        "rule": reading.treatment.code,
        "outcome": reading.outcome,
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
    treatment = design.treatment
    about = N_("An experiment on {code} ({name}): chance chose which post of a pair follows it; keep all else alike.")
    *first, last = head(design.account, _(about, code=treatment.code, name=treatment.name))
    yield "\n".join(first) + "\n"
    size = f"trial_effect: {design.effect:g}, trial_spread: {design.spread:.4f}"
    size += f", trial_outcome: {design.outcome}" if design.outcome != VIEWS else ""
    yield f"defaults: {{trial_rule: {treatment.code}, {size}}}\n{last}\n"
    for slot in design.slots:
        note = (
            treatment.advice
            if slot.arm == FOLLOW
            else _("Do NOT follow the tip in this post: {advice}.", advice=treatment.do)
        )
        if slot.arm == LEAVE and treatment.opposite:
            note += " " + _("Instead: {do}.", do=lower_first(treatment.opposite))
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
