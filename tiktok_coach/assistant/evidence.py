"""What an account's own posts say of tips and rules, and at which hours they did better."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from tiktok_coach.analysis.evidence import Evidence, evidence_of_account
from tiktok_coach.analysis.times import Times, times_of_account
from tiktok_coach.assistant.answers import (
    Answer,
    Estimate,
    Limit,
    OfAccount,
    Part,
    account_texts,
    estimate,
    share,
    zone_texts,
)
from tiktok_coach.assistant.tool import AS_DATA, Tool
from tiktok_coach.assistant.workspace import Workspace
from tiktok_coach.core.errors import CoachError, did_you_mean
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.render.evidence import NO_RESULTS, UNCLEAR_ALL, caveats, effect_sentence
from tiktok_coach.render.rules import grade_of
from tiktok_coach.render.times import CAVEAT, answers, hour_text
from tiktok_coach.stats.account_effects import HELPS, HURTS, NOT_ENOUGH
from tiktok_coach.stats.outcomes import VIEWS

Outcome = Literal["views", "completion", "engagement"]


class EvidenceArguments(OfAccount):
    """Which account, what result, and of which rule."""

    outcome: Annotated[Outcome, Field(description="The result: views, completion, or engagement per view.")] = VIEWS  # type: ignore[assignment]
    rule: Annotated[
        str | None, Field(max_length=60, description="Code of one rule, such as T403: also where no effect is clear.")
    ] = None
    limit: Limit = 10


class EffectPart(Part):
    """What posts that do something got, against the account's others."""

    rule: str
    do: str
    verdict: Annotated[str, Field(description="helps, hurts, no clear effect, or not enough data.")]
    factor: Annotated[Estimate | None, Field(description="1.2 is 20% more; 90% range.")] = None
    done_by: Annotated[float | None, Field(description="Share (0-1) of the posts that do it.")] = None
    posts: int
    public_posts: str | None = None


class EvidenceAnswer(Answer):
    """The clear effects, and how many are not clear."""

    outcome: Outcome
    posts: int
    effects: list[EffectPart]
    effects_left_out: int = 0
    without_clear_effect: int
    with_too_few_posts: int


def _evidence(workspace: Workspace, arguments: EvidenceArguments) -> EvidenceAnswer:
    analysis = workspace.account(arguments.account)
    # All results are tested together, so that one alone has the verdicts that the command shows.
    result, others = evidence_of_account(analysis), workspace.other_accounts()
    handle = analysis.account.handle
    if arguments.outcome not in result.outcomes:
        raise CoachError(_(NO_RESULTS))
    table = result.effects_on(arguments.outcome, result.handle)
    table = table[~table["tip"]]
    is_clear = table["verdict"].isin([HELPS, HURTS])
    rows = table[is_clear].sort_values("effect", ascending=False, kind="stable")
    if arguments.rule is not None:
        rows = table[table["code"] == arguments.rule.upper()]
        if not len(rows):
            hint = did_you_mean(arguments.rule, table["code"]) or _("ask for the rules")
            raise CoachError(_("no rule {code!r} is asked of posts", code=arguments.rule), hint=hint)
    shown = [*rows.head(arguments.limit).itertuples(index=False)]
    few = int((table["verdict"] == NOT_ENOUGH).sum())
    grades = {rule.code: grade_of(rule) for rule in analysis.settings.rules if rule.tip is not None}
    return EvidenceAnswer(
        account=handle,
        says=_evidence_says(result, shown),
        outcome=arguments.outcome,
        posts=result.posts,
        effects=[_effect(result, row, grades) for row in shown],
        effects_left_out=len(rows) - len(shown),
        without_clear_effect=int((~is_clear).sum()) - few,
        with_too_few_posts=few,
        not_known=[_(text) for text in caveats(result)],
        assumes=[
            *account_texts(others, handle, was_asked=arguments.account is not None),
            _("Posts are compared with the account's others of the same recent level, age, time, hour and length."),
        ],
    )


def _evidence_says(result: Evidence, shown: list[Any]) -> str:
    first = next((row for row in shown if row.verdict in {HELPS, HURTS}), None)
    if first is not None:
        return effect_sentence(result, first)
    if shown:
        [row] = shown[:1]
        few = N_("{do}: too few of your posts do it, or too few don't, to tell.")
        unclear = N_("{do}: no clear effect on your posts.")
        return _(few if row.verdict == NOT_ENOUGH else unclear, do=result.actions[str(row.code)])
    return _(UNCLEAR_ALL)


def _effect(result: Evidence, row: Any, grades: dict[str, Any]) -> EffectPart:
    grade = grades.get(str(row.code))
    return EffectPart(
        rule=str(row.code),
        do=result.actions[str(row.code)],
        verdict=row.verdict,
        factor=estimate(row.effect, row.low, row.high),
        done_by=share(row.followed) if np.isfinite(row.followed) else None,
        posts=int(row.posts),
        public_posts=grade,
    )


class TimesArguments(OfAccount):
    """Which account, and how many hours."""

    limit: Limit = 5


class HourPart(Part):
    """An hour of the week at which posts did clearly better."""

    hour: str
    weekday: Annotated[int, Field(description="0 is Monday.")]
    clock: Annotated[int, Field(description="The hour of the day, 0-23, in the account's timezone.")]
    factor_on_views: Annotated[Estimate | None, Field(description="Against the usual post; 90% range.")] = None
    own_posts: Annotated[int, Field(description="How many posts went out then: of few the range is borrowed.")]
    followers_active: Annotated[float | None, Field(description="Of the busiest hour's followers, 0-1.")] = None


class TimesAnswer(Answer):
    """When to post."""

    timezone: str | None = None
    posts: int
    hours: Annotated[list[HourPart], Field(description="Empty where no hour is clearly better: then say so.")]


def _times(workspace: Workspace, arguments: TimesArguments) -> TimesAnswer:
    analysis = workspace.account(arguments.account)
    result, others = times_of_account(analysis), workspace.other_accounts()
    hours = [_hour(result, slot) for slot in result.best(arguments.limit)]
    posts = plural("{count} post has hour and views.", "{count} posts have hour and views.", result.used)
    return TimesAnswer(
        account=analysis.account.handle,
        says=" ".join(answers(result)),
        timezone=result.timezone,
        posts=result.used,
        hours=hours,
        not_known=[
            *([_(CAVEAT)] if hours else []),
            *([] if np.isfinite(result.active).any() else [_("When the followers are active.")]),
            *([posts] if result.by_day or result.other else []),
        ],
        assumes=[
            *account_texts(others, analysis.account.handle, was_asked=arguments.account is not None),
            *zone_texts(analysis.account),
        ],
    )


def _hour(result: Times, slot: int) -> HourPart:
    slots, (day, clock) = result.slots, divmod(slot, 24)
    assert slots is not None
    active = float(result.active[day, clock])
    return HourPart(
        hour=hour_text(slot),
        weekday=day,
        clock=clock,
        factor_on_views=estimate(slots.effect[slot], slots.low[slot], slots.high[slot]),
        own_posts=int(slots.posts[slot]),
        followers_active=share(active) if np.isfinite(active) else None,
    )


TOOLS = (
    Tool(
        "evidence",
        N_("What works for this account"),
        "What posts of this account got that do what a tip says, against its others (90% ranges). Going along is not "
        f"causing, and most tips have no clear effect: say so. {AS_DATA}",
        EvidenceArguments,
        EvidenceAnswer,
        _evidence,
    ),
    Tool(
        "best_times",
        N_("When to post"),
        "The hours of the week at which this account's posts did clearly better. Often none is: then do not name any. "
        f"{AS_DATA}",
        TimesArguments,
        TimesAnswer,
        _times,
    ),
)
