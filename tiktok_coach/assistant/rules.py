"""The rules behind all advice, each with its sources and with what posts of public accounts show of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tiktok_coach.assistant.answers import Answer, Arguments, Estimate, Limit, Part, estimate
from tiktok_coach.assistant.tool import Tool
from tiktok_coach.assistant.workspace import Workspace
from tiktok_coach.core.errors import CoachError, did_you_mean
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.render.rule import OUTCOMES, condition_text, dispute_text, goal_texts, hearsay_text
from tiktok_coach.render.rules import effects_by_outcome, grade_of
from tiktok_coach.rules.findings import general_advice, supplied_by
from tiktok_coach.rules.lint_codes import ABOUT, NAMES, SEVERITIES, TITLES, WHYS
from tiktok_coach.rules.load import CompiledRule

SOURCES = 5


class RulesArguments(Arguments):
    """One rule, or a list."""

    rule: Annotated[
        str | None, Field(max_length=60, description="Code or name of one rule, such as T403: all that is known of it.")
    ] = None
    prefix: Annotated[
        str | None, Field(pattern=r"^[A-Za-z]\d{0,3}$", description="Only codes that begin so, such as T4 for tip 4.")
    ] = None
    words: Annotated[str | None, Field(max_length=60, description="Only rules whose advice has these words.")] = None
    limit: Limit = 20


class RulePart(Part):
    """A rule in short."""

    rule: str
    do: str
    severity: str
    public_posts: Annotated[str | None, Field(description="What public posts say of it: often nothing clear.")] = None


class RecordPart(Part):
    """What posts of public accounts that follow a rule got of one result."""

    result: str
    grade: str
    factor: Annotated[Estimate, Field(description="1.2 is 20% more; 90% range of the mean over accounts.")]
    accounts: int
    years: list[int]


class SourcePart(Part):
    """Who says what, and when."""

    claim: str
    name: str
    as_of: str
    url: str | None = None


class WholeRulePart(RulePart):
    """All that is known of a rule."""

    name: str
    why: str
    what_to_do: str
    confidence: str | None = None
    passes_when: str | None = None
    needs: str | None = None
    record: list[RecordPart] = []
    by_goal: list[str] = []
    sources_disagree: list[str] = []
    sources: list[SourcePart] = []


class RulesAnswer(Answer):
    """One rule, or a list of them."""

    one: WholeRulePart | None = None
    rules: list[RulePart] = []
    rules_left_out: int = 0


def explain_rules(workspace: Workspace, arguments: RulesArguments) -> RulesAnswer:
    """One rule with all that is known of it, or a list. Raises CoachError for an unknown one."""
    every = workspace.settings().every_rule
    if arguments.rule is not None:
        return _one(every, arguments.rule.strip())
    prefix, words = (arguments.prefix or "").upper(), (arguments.words or "").casefold()
    listed = [one for one in every if one.code.startswith(prefix) and words in _text(one)]
    shown = listed[: arguments.limit]
    return RulesAnswer(
        says=plural("{count} rule.", "{count} rules.", len(listed)),
        rules=[_part(one) for one in shown],
        rules_left_out=len(listed) - len(shown),
        not_known=[_("Whether a rule holds for this account: ask for its evidence.")],
    )


def _text(one: CompiledRule) -> str:
    return f"{one.rule.do} {one.rule.title} {one.rule.why} {one.rule.name}".casefold()


def _part(one: CompiledRule) -> RulePart:
    return RulePart(rule=one.code, do=one.rule.do, severity=one.rule.severity, public_posts=grade_of(one))


def _one(every: tuple[CompiledRule, ...], name: str) -> RulesAnswer:
    one = next((r for r in every if name.upper() == r.code or name.lower() == r.rule.name), None)
    own = next((c for c, known in NAMES.items() if name.upper() == c or name.lower() == known), None)
    if own is not None:
        title, about, why = (_(texts[own]) for texts in (TITLES, ABOUT, WHYS))
        severity = SEVERITIES[own]
        part = WholeRulePart(rule=own, name=NAMES[own], do=title, severity=severity, why=why, what_to_do=about)
        return RulesAnswer(says=f"{title} ({own}).", one=part)
    if one is None:
        hint = did_you_mean(name, [*(r.code for r in every), *(r.rule.name for r in every), *NAMES])
        raise CoachError(_("no rule is called {code!r}", code=name), hint=hint or _("ask without `rule` for a list"))
    rule = one.rule
    effects = effects_by_outcome(one.code) if one.tip is not None else {}
    record = [
        RecordPart(
            result=OUTCOMES.get(outcome, outcome),
            grade=effect.grade,
            factor=factor,
            accounts=effect.accounts,
            years=list(effect.years),
        )
        for outcome, effect in effects.items()
        if (factor := estimate(effect.effect, *effect.interval)) is not None
    ]
    hearsay, source = hearsay_text(one), one.params.supplied_by
    return RulesAnswer(
        says=f"{rule.do} ({rule.code}).",
        one=WholeRulePart(
            **_part(one).model_dump(),
            name=rule.name,
            why=rule.why,
            what_to_do=general_advice(rule, one.params),
            confidence=rule.confidence,
            passes_when=condition_text(one),
            needs=_(source) if source else supplied_by(rule.field, rule.scope),
            record=record,
            by_goal=goal_texts(one),
            sources_disagree=[dispute_text(pair) for pair in rule.disputes][:SOURCES],
            sources=[SourcePart(claim=s.claim, name=s.name, as_of=s.as_of, url=s.url) for s in rule.sources[:SOURCES]],
        ),
        not_known=[*([hearsay] if hearsay else []), _("Whether a rule holds for this account: ask for its evidence.")],
        assumes=[rule.assumption] if rule.assumption else [],
    )


TOOLS = (
    Tool(
        "rules",
        N_("The rules and their record"),
        "The rules behind all advice. Of one: why, who says so and when, where sources disagree, and what posts of "
        "public accounts show (90% ranges). A rule is what somebody advises, and no law of TikTok's ranking.",
        RulesArguments,
        RulesAnswer,
        explain_rules,
    ),
)
