"""Advice in words: what to do, how many posts lack it, and what it is expected to be worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tiktok_coach.core.translation import N_, _, plural, plurals
from tiktok_coach.render.values import facts_of, upper_first, views_change
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account_effects import (
    DOCUMENTED,
    LIFTED,
    MEASURED,
    NOT_ENOUGH,
    OWN,
    OWN_AND_PUBLIC,
    PUBLIC,
    WEIGHT,
    Change,
)
from tiktok_coach.stats.advice import Advice, is_own_hashtag, public_effect
from tiktok_coach.stats.public_record import PublicEffect, load_public_record

# On what advice rests, as JSON names it: what an account's own posts show includes what was expected of them.
BASES = dict.fromkeys((OWN, OWN_AND_PUBLIC), OWN_AND_PUBLIC) | {PUBLIC: PUBLIC, DOCUMENTED: "documented"}
BASES |= {WEIGHT: "unmeasured"}
NOTHING = {"effect": None, "interval": None, "chance": None}
# What of a band says which posts lie in it.
WHERE = {"field", "min", "max", "below", "any_of"}


def do_text(one: Advice | Change) -> str:
    """What to do, as a heading."""
    if isinstance(one, Change):
        return one.evaluation.compiled.rule.do
    if is_own_hashtag(one.band):
        (tag,) = one.band.any_of
        return _("Use #{tag}", tag=tag) if one.has else _("Leave out #{tag}", tag=tag)
    text = one.band.do if one.has else one.band.instead
    return _(text) if text else ""


def code_of(one: Advice | Change) -> str | None:
    """The rule that asks for it, or speaks of it."""
    return one.evaluation.code if isinstance(one, Change) else one.band.code


def lacking_text(one: Advice | Change) -> str:
    """How many posts do otherwise now."""
    scope = one.evaluation.compiled.rule.scope if isinstance(one, Change) else "post"
    if scope == "account":
        return _("To fix on your account.")
    if scope == "day":
        single, several = plurals(
            "{count:,} of your {known:,} days doesn't.", "{count:,} of your {known:,} days don't."
        )
    elif scope == "month":
        single, several = plurals(
            "{count:,} of your {known:,} months doesn't.", "{count:,} of your {known:,} months don't."
        )
    elif one.known == 1:
        return _("Your only post doesn't.")
    elif one.failing == one.known:
        return _("None of your {known:,} posts does.", known=one.known)
    else:
        single, several = plurals(
            "{count:,} of your {known:,} posts doesn't.", "{count:,} of your {known:,} posts don't."
        )
    return plural(single, several, one.failing, known=one.known)


def worth_text(one: Advice | Change) -> str:
    """What it is expected to be worth, and on what that rests."""
    if isinstance(one, Advice):
        public = public_effect(load_public_record(rulebook()), one)
        return _measured_text(one.basis, one.effect, one.low, one.high, public)
    expected = one.expected
    effect, low, high = expected.effect, expected.low, expected.high
    if expected.rank == LIFTED and effect is not None:
        lift = _lift_text(effect, expected.outcome)
        if expected.verdict == NOT_ENOUGH:
            return _("{lift}; your posts cannot tell yet.", lift=lift)
        return _("{lift}; your posts show no clear effect.", lift=lift)
    if effect is None or low is None or high is None:
        return _("No measured effect yet; placed by how important the tip is said to be.")
    if expected.rank > MEASURED:
        return _("Your posts show no clear effect; placed by how important the tip is said to be.")
    return _measured_text(expected.basis, effect, low, high, one.public)


def short_text(one: Advice | Change) -> str:
    """What it is expected to be worth and how many posts lack it, on a line."""
    posts = lacking_text(one)
    if isinstance(one, Change) and one.expected.rank != MEASURED:
        if one.expected.rank == LIFTED and one.expected.effect is not None:
            return f"{_lift_text(one.expected.effect, one.expected.outcome)}. {posts}"
        return _("No measured effect yet. {posts}", posts=posts)
    expected = one.expected if isinstance(one, Change) else one
    change = views_change(expected.effect or 1.0, expected.low or 1.0, expected.high or 1.0)
    if expected.basis == PUBLIC:
        return _("On public accounts {change}. {posts}", change=change, posts=posts)
    return f"{upper_first(change)}. {posts}"


def _lift_text(effect: float, outcome: str | None) -> str:
    return _("Others measured {share:.0%} more {outcome}", share=effect - 1, outcome=_(str(outcome)))


def _measured_text(basis: str, effect: float, low: float, high: float, public: PublicEffect | None) -> str:
    change = views_change(effect, low, high)
    if basis == OWN:
        return _("Those that do got {change}.", change=change)
    if basis == OWN_AND_PUBLIC:
        return _("Together, your own and public posts point to {change}.", change=change)
    if public is not None:
        change = views_change(public.effect, *public.interval)
    return _("On public accounts such posts got {change}; yours cannot tell yet.", change=change)


def agreement_text(one: Advice, evaluations: Sequence[Evaluation]) -> str:
    """What the rule that speaks of the same gives as its reason, or that its tip says the opposite; may be empty."""
    rule = next((e.compiled.rule for e in evaluations if e.code == one.band.code), None)
    if rule is None:
        return ""
    return rule.why if one.has != one.band.opposite else _("Tip {tip} says the opposite.", tip=one.band.tip)


def contradicted_text(change: Change) -> str:
    """What a tip says that public accounts contradict, and what they show."""
    if change.public is None:
        return ""
    views = views_change(change.public.effect, *change.public.interval)
    template = N_("The tip says: {do}. Public posts that do got {views} ({code}).")
    return _(template, do=do_text(change), views=views, code=change.evaluation.code)


def advice_facts(one: Advice | Change) -> dict[str, Any]:
    """Advice as JSON shows it; `where` says which posts are meant, in columns of the posts table.

    Advice on a rule has no `where`: the posts that pass the rule `code` follow it.
    """
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
            "where": {**bounds, "is": one.has},
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
        "where": None,
    }
