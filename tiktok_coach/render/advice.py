"""Advice in words: what to do, how many posts lack it, and what it is expected to be worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tiktok_coach.core.account import Account, goal_names
from tiktok_coach.core.translation import N_, _, plural, plurals
from tiktok_coach.render import retention_advice
from tiktok_coach.render.moments import leaving_sentence
from tiktok_coach.render.values import change, effect_text, facts_of, lower_first, upper_first, views_change
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.findings import finding_of
from tiktok_coach.rules.kind import FAIL
from tiktok_coach.rules.remarks import conflict_text, remarks
from tiktok_coach.stats.account_effects import (
    CLEAR,
    DOCUMENTED,
    LIFTED,
    NOT_ENOUGH,
    OWN,
    OWN_AND_PUBLIC,
    PUBLIC,
    WEIGHT,
    Change,
)
from tiktok_coach.stats.advice import Advice, is_own_hashtag
from tiktok_coach.stats.goals import goal_gain, rules_out
from tiktok_coach.stats.outcomes import HOUR, WEEKDAY
from tiktok_coach.stats.retention_advice import AnyAdvice, RetentionAdvice

# On what advice rests, as JSON names it: what an account's own posts show includes what was expected of them.
BASES = dict.fromkeys((OWN, OWN_AND_PUBLIC), OWN_AND_PUBLIC) | {PUBLIC: PUBLIC, DOCUMENTED: "documented"}
BASES |= {WEIGHT: "unmeasured"}
MEASURED_TEXTS = {
    OWN: N_("Those that do got {change}."),
    OWN_AND_PUBLIC: N_("Together, your own and public posts point to {change}."),
    PUBLIC: N_("On public accounts such posts got {change}; yours cannot tell yet."),
}
# How it is said that the one post, day or month that could be checked does otherwise.
ONLY = {
    "post": N_("Your only post doesn't."),
    "day": N_("On the one day that could be checked you don't."),
    "month": N_("In the one month that could be checked you don't."),
}
NOTHING = {"effect": None, "interval": None, "chance": None}
# Facts of an account that are set in the app; of others a rule says where the account stands.
SETTINGS = {"type", "category"}
# What of a band says which posts lie in it.
WHERE = {"field", "min", "max", "below", "any_of"}


def heading(account: Account, advice: Sequence[AnyAdvice]) -> str:
    """The heading of what to do, with the account's goals where the first advice serves one of them."""
    if not account.goals or not advice or advice[0].goal is None:
        return _("Do next")
    return _("Do next for {goals}", goals=goal_names(account.goals))


def do_text(one: AnyAdvice) -> str:
    """What to do, as a heading."""
    if isinstance(one, RetentionAdvice):
        return retention_advice.do_text(one)
    if isinstance(one, Change):
        return one.evaluation.compiled.rule.do
    if is_own_hashtag(one.band):
        (tag,) = one.band.any_of
        return _("Use #{tag}", tag=tag) if one.has else _("Leave out #{tag}", tag=tag)
    text = one.band.do if one.has else one.band.instead
    return _(text) if text else ""


def code_of(one: AnyAdvice) -> str | None:
    """The rule that asks for it, or speaks of it."""
    if isinstance(one, RetentionAdvice):
        return retention_advice.code_of(one)
    return one.evaluation.code if isinstance(one, Change) else one.band.code


def is_about_time(one: AnyAdvice) -> bool:
    """Whether it is about the hour or the day of the week, which follow from the account's timezone."""
    if isinstance(one, RetentionAdvice):
        return False
    if isinstance(one, Change):
        return one.evaluation.compiled.rule.check == "active_hours"
    return one.band.field in {HOUR, WEEKDAY}


def lacking_text(one: AnyAdvice) -> str:
    """How many posts do otherwise now; of what viewers do while they watch, what that is."""
    if isinstance(one, RetentionAdvice):
        return leaving_sentence(one.effect)
    scope = one.evaluation.compiled.rule.scope if isinstance(one, Change) else "post"
    if isinstance(one, Change) and scope == "account":
        return _standing_text(one) or _("To fix on your account.")
    if scope in ONLY and one.known == 1:
        return _(ONLY[scope])
    if scope == "day":
        single, several = plurals(
            "{count:,} of your {known:,} days doesn't.", "{count:,} of your {known:,} days don't."
        )
    elif scope == "month":
        single, several = plurals(
            "{count:,} of your {known:,} months doesn't.", "{count:,} of your {known:,} months don't."
        )
    elif one.failing == one.known:
        return _("None of your {known:,} posts does.", known=one.known)
    else:
        single, several = plurals(
            "{count:,} of your {known:,} posts doesn't.", "{count:,} of your {known:,} posts don't."
        )
    return plural(single, several, one.failing, known=one.known)


def says_standing(one: Change) -> bool:
    """Whether `lacking_text` says of a change what its rule says of the account."""
    return bool(_standing_text(one))


def _standing_text(one: Change) -> str:
    """Where the account stands, as a sentence of its rule; empty of a setting, and of what is no rule on accounts."""
    rule = one.evaluation.compiled.rule
    rows = (one.evaluation.status == FAIL).nonzero()[0]
    if rule.scope != "account" or rule.field in SETTINGS or not len(rows):
        return ""
    return f"{upper_first(finding_of(one.evaluation, int(rows[0]))['message'])}."


def worth_text(one: AnyAdvice) -> str:
    """What it is expected to be worth, and on what that rests."""
    if isinstance(one, RetentionAdvice):
        return retention_advice.worth_text(one.worth, has=one.has)
    if gain := _goal_gain_text(one):
        return gain
    if isinstance(one, Advice):
        return _measured_text(one.basis, one.shown)
    expected, effect = one.expected, one.expected.effect
    if expected.rank == LIFTED and effect is not None:
        lift = _lift_text(effect, expected.outcome)
        if expected.verdict == NOT_ENOUGH:
            return _("{lift}; your posts cannot tell yet.", lift=lift)
        return _("{lift}; your posts show no clear effect.", lift=lift)
    if one.shown is not None:
        return _measured_text(expected.basis, one.shown)
    if one.goal is not None:
        return _("First because it serves your goal, {goal}.", goal=goal_names([one.goal]))
    if effect is None:
        return _("No measured effect yet; placed by how important the tip is said to be.")
    return _("Your posts show no clear effect; placed by how important the tip is said to be.")


def short_texts(one: AnyAdvice) -> Iterator[str]:
    """What it is expected to be worth and how many posts lack it, and shorter texts for where there is less room."""
    if isinstance(one, RetentionAdvice):
        yield from retention_advice.short_texts(one)
        return
    worth = _short_worth(one)
    yield f"{worth} {lacking_text(one)}"
    if isinstance(one, Change) and (standing := _standing_text(one)):
        yield standing
    yield worth


def _short_worth(one: Advice | Change) -> str:
    if gain := _goal_gain_text(one):
        return gain
    if one.shown is None:
        expected = one.expected
        if expected.rank == LIFTED and expected.effect is not None:
            return _lift_text(expected.effect, expected.outcome) + "."
        if one.goal is not None:
            return _("For your goal, {goal}.", goal=goal_names([one.goal]))
        return _("No measured effect yet.")
    if not one.is_clear:
        return _("May help ({change}, could be chance).", change=effect_text(one.shown[0]))
    views = views_change(*one.shown)
    if (one.expected if isinstance(one, Change) else one).basis == PUBLIC:
        return _("On public accounts {change}.", change=views)
    return f"{upper_first(views)}."


def _goal_gain_text(one: Advice | Change) -> str:
    """What public accounts got of what the goal is about, which views do not tell; empty where that is not clear."""
    effect = goal_gain(one.goal, code_of(one))
    if effect is None:
        return ""
    return _("Comments per view on public accounts: {change}.", change=change(effect.effect, *effect.interval))


def _lift_text(effect: float, outcome: str | None) -> str:
    return _("Others measured {share:.0%} more {outcome}", share=effect - 1, outcome=_(str(outcome)))


def _measured_text(basis: str, shown: tuple[float, float, float]) -> str:
    text = _(MEASURED_TEXTS[basis], change=views_change(*shown))
    return text if shown[1] >= CLEAR else _("May help: {text}", text=lower_first(text))


def agreement_text(one: Advice | RetentionAdvice, evaluations: Sequence[Evaluation]) -> str:
    """What the rule that speaks of the same gives as its reason, or that its tip says the opposite; may be empty."""
    compiled = next((e.compiled for e in evaluations if e.code == code_of(one)), None)
    if compiled is None:
        return ""
    asks_same = one.asks_same if isinstance(one, RetentionAdvice) else one.has != one.band.opposite
    return compiled.rule.why if asks_same else _("Tip {tip} says the opposite.", tip=compiled.tip)


def remark_texts(one: AnyAdvice, evaluations: Sequence[Evaluation], account: Account) -> list[str]:
    """What to keep in mind beside advice: what the tip is for another goal, and what holds for such accounts."""
    if isinstance(one, RetentionAdvice):
        return []
    if isinstance(one, Change):
        compiled = one.evaluation.compiled
        return remarks(compiled, account, account.goals)
    texts = []
    for compiled in (evaluation.compiled for evaluation in evaluations if evaluation.compiled.has_alternatives):
        others = [other for other in compiled.replaced_by if rules_out(other, one.band, has=one.has)]
        if others and (text := conflict_text(replace(compiled, replaced_by=tuple(others)), account.goals)):
            texts.append(text)
    return texts


def texts_with_remarks(one: AnyAdvice, evaluations: Sequence[Evaluation], account: Account) -> Iterator[str]:
    """How many posts lack it, what it is worth and what to keep in mind, as ever shorter texts; none without that."""
    if remarks := " ".join(remark_texts(one, evaluations, account)):
        # Where a remark says for which goal the advice is, that need not be said twice.
        if one.goal is None or isinstance(one, RetentionAdvice) or one.shown is not None:
            yield f"{lacking_text(one)} {worth_text(one)} {remarks}"
            yield from (f"{text} {remarks}" for text in short_texts(one))
        yield f"{lacking_text(one)} {remarks}"
        yield remarks


def contradicted_text(one: Change) -> str:
    """What a tip says that public accounts contradict, and what they show."""
    if one.public is None:
        return ""
    views = views_change(one.public.effect, *one.public.interval)
    template = N_("The tip says: {do}. Public posts that do got {views} ({code}).")
    return _(template, do=do_text(one), views=views, code=one.evaluation.code)


def advice_facts(one: AnyAdvice) -> dict[str, Any]:
    """Advice as JSON shows it; `where` says which posts are meant, in columns of the posts table.

    Advice on a rule has no `where`: the posts that pass the rule `code` follow it. That on what viewers do while they
    watch has `watching` instead of an effect on views.
    """
    if isinstance(one, RetentionAdvice):
        return retention_advice.retention_advice_facts(one)
    if isinstance(one, Advice):
        bounds = one.band.model_dump(mode="json", include=WHERE, exclude_defaults=True)
        return {
            "id": one.id,
            "do": do_text(one),
            **facts_of(one, "basis effect interval chance"),
            "lacking": one.failing,
            "known": one.known,
            "code": one.band.code,
            "tip": one.band.tip,
            "goal": one.goal,
            "where": {**bounds, "is": one.has},
            "watching": None,
        }
    expected = one.expected
    return {
        "id": one.evaluation.code,
        "do": do_text(one),
        "basis": BASES[expected.basis],
        **(facts_of(expected, "effect interval chance") if expected.basis != WEIGHT else NOTHING),
        "lacking": one.failing,
        "known": one.known,
        "code": one.evaluation.code,
        "tip": one.evaluation.compiled.tip,
        "goal": one.goal,
        "where": None,
        "watching": None,
    }
