"""What an account should change first, how it does on the nine tips, and how its numbers moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from tiktok_coach.analysis.audit import Audit, audit_account
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.assistant.answers import (
    Answer,
    Estimate,
    Limit,
    OfAccount,
    Part,
    Quoted,
    account_texts,
    estimate,
    share,
    zone_texts,
)
from tiktok_coach.assistant.quoting import quoted
from tiktok_coach.assistant.tool import AS_DATA, Tool
from tiktok_coach.assistant.workspace import Workspace, in_period
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.render import advice, labels
from tiktok_coach.render.period import post_figures
from tiktok_coach.render.screen import more_texts, tip_grades
from tiktok_coach.stats.advice import Advice
from tiktok_coach.stats.retention_advice import AnyAdvice, RetentionAdvice

FEW = 3


class AuditArguments(OfAccount):
    """Which account, how far back, and how much advice."""

    last: Annotated[
        str | None,
        Field(pattern=r"^[1-9]\d{0,3}[dwmy]$", description="Only posts of so far back: 28d, 4w, 3m or 1y. Else all."),
    ] = None
    limit: Limit = 5


class AdvicePart(Part):
    """One thing to change."""

    do: str
    worth: Annotated[str, Field(description="What it is expected to be worth, with its range, and what that rests on.")]
    now: Annotated[str, Field(description="How many posts do otherwise now.")]
    rule: str | None = None
    factor_on_views: Annotated[Estimate | None, Field(description="1.2 is 20% more views; 90% range.")] = None
    is_clear: Annotated[bool, Field(description="Whether the whole range is a gain. If not, it may be chance.")]
    why: str | None = None
    keep_in_mind: list[str] = []
    example: Annotated[str | None, Field(description="Id of a post that does it, and was viewed much.")] = None
    example_caption: Quoted = None


class TipPart(Part):
    """How one tip stands."""

    tip: int
    title: str
    score: Annotated[float | None, Field(description="0-100, of what is known alone.")] = None
    known: Annotated[float, Field(description="Share (0-1) of the checks that the files can answer.")]
    public_posts: Annotated[str, Field(description="What public posts say of the tip.")]


class AuditAnswer(Answer):
    """What to change first."""

    posts: int
    advice: list[AdvicePart]
    advice_left_out: int = 0
    tips: list[TipPart]
    tips_that_public_posts_contradict: list[str] = []


def _audit(workspace: Workspace, arguments: AuditArguments) -> AuditAnswer:
    analysis = in_period(workspace.account(arguments.account), arguments.last)
    audit, others = audit_account(analysis), workspace.other_accounts()
    handle = audit.account.handle
    shown = audit.advice[: arguments.limit]
    return AuditAnswer(
        account=handle,
        says=_says(audit),
        posts=int(audit.is_out.sum()),
        advice=[_advice(audit, one) for one in shown],
        advice_left_out=len(audit.advice) - len(shown),
        tips=_tips(audit),
        tips_that_public_posts_contradict=[advice.contradicted_text(one) for one in audit.contradicted[:FEW]],
        not_known=[*_missing(audit), _("Whether doing it causes the gain.")],
        assumes=[
            *account_texts(others, handle, was_asked=arguments.account is not None),
            *_hours(analysis, shown),
            *labels.limits_texts(audit.account),
        ],
    )


def _says(audit: Audit) -> str:
    """The numbers of the period, and the first thing to do."""
    numbers = audit.overview
    days, until = numbers.period.days, numbers.period.until
    period = plural("{count} day to {until:%Y-%m-%d}: ", "{count} days to {until:%Y-%m-%d}: ", days, until=until)
    figures = [*post_figures(numbers)]
    if numbers.likes.value is not None:
        figures.append(labels.likes_text(numbers))
    first = advice.do_text(audit.advice[0]) if audit.advice else labels.nothing_to_change(audit)
    text = _("First to do: {do}.", do=first) if audit.advice else first
    return f"{period}{', '.join(figures)}. {text}"


def _advice(audit: Audit, one: AnyAdvice) -> AdvicePart:
    shown = None if isinstance(one, RetentionAdvice) else one.shown
    row = audit.examples.get(one.id) if isinstance(one, Advice) else None
    factor = None if shown is None else estimate(*shown)
    return AdvicePart(
        do=advice.do_text(one),
        worth=advice.worth_text(one),
        now=advice.lacking_text(one),
        rule=advice.code_of(one),
        factor_on_views=factor,
        is_clear=isinstance(one, RetentionAdvice) or bool(one.is_clear),
        why=advice.agreement_text(one, audit.evaluations) or None if isinstance(one, Advice) else None,
        keep_in_mind=advice.remark_texts(one, audit.evaluations, audit.account)[:2],
        example=None if row is None else str(audit.posts["post_id"].iloc[row]),
        example_caption=None if row is None else quoted(column(audit.posts, "caption").iloc[row]),
    )


def _tips(audit: Audit) -> list[TipPart]:
    grades = tip_grades(audit)
    return [
        TipPart(
            tip=tip.tip,
            title=tip.title,
            score=None if tip.score is None else round(tip.score, 1),
            known=share(tip.coverage),
            public_posts=grades[tip.tip],
        )
        for tip in audit.tips
        if tip.tip is not None
    ]


def _missing(audit: Audit) -> list[str]:
    """What would answer the checks that nobody can answer yet, the most important first."""
    texts = list(more_texts(audit))[:1]
    for one in audit.missing[:FEW]:
        if texts and one.provided_by in texts[0]:
            continue
        checks = plural(
            "{count} check waits for {source}.",
            "{count} checks wait for {source}.",
            len(one.codes),
            source=one.provided_by,
        )
        texts.append(checks)
    return texts


def _hours(analysis: Analysis, shown: Sequence[AnyAdvice]) -> list[str]:
    """In which timezone hours are, where some advice is about them."""
    return zone_texts(analysis.account) if any(map(advice.is_about_time, shown)) else []


TOOLS = (
    Tool(
        "audit_posts",
        N_("What to change first"),
        "What this account should change, the most worth first, with what its own and public posts show of each (90% "
        f"ranges); how it does on the nine tips, and its numbers of the last weeks. {AS_DATA}",
        AuditArguments,
        AuditAnswer,
        _audit,
    ),
)
