"""The nine tips as a table and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tiktok_coach.analysis.tips import SCHEMA_VERSION, AccountEffect, Subject, Tip, Tips
from tiktok_coach.core.translation import N_, _, format_value, plural, short_number
from tiktok_coach.render.pages.page import Page, Table, TextColumn, Words
from tiktok_coach.render.search_words import search_facts, search_parts
from tiktok_coach.render.values import facts_of, json_object, lower_first, number, pair, upper_first, views_change
from tiktok_coach.rules.model import Claim
from tiktok_coach.stats.account_effects import HELPS, HURTS, UNCLEAR
from tiktok_coach.stats.public_record import CONTRADICTED, DIFFERS, NO_EFFECT, NOT_TESTED, SUPPORTED, PublicEffect

# So many studies of a tip are named, the largest first; JSON has all.
STUDIES = 2
CANNOT_TELL = N_("cannot tell yet")


def tips_page(result: Tips) -> Page:
    """The table, a tip a row."""
    heads = [N_("the tip"), N_("others measured"), N_("public accounts")]
    if result.account is not None:
        heads.append(N_("your posts"))
    rows = [
        [f"{tip.number}. {tip.summary}", _studies(tip), _public(tip), _own(tip)][: len(heads)] for tip in result.tips
    ]
    table = Table("", [TextColumn(head, wraps=True) for head in heads], rows)
    basis = Words(_basis(result), faint=True)
    return Page(_("Do the nine tips work?"), [table, *search_parts(result.search), basis])


def _largest_studies(tip: Tip) -> list[Claim]:
    """The largest studies of a tip, of each who measured the first; none without the other that contradicts it."""
    by_name = {claim.name: claim for _code, claim in reversed(tip.studies)}
    studies = sorted(by_name.values(), key=lambda one: -(one.n or 0))
    largest: list[Claim] = []
    for claim in studies:
        against = [c for c in studies if claim.name == c.contradicts or c.name == claim.contradicts]
        group = [c for c in (claim, *against) if c not in largest]
        if claim in group and len(largest) + len(group) <= STUDIES:
            largest += group
    return largest


def _studies(tip: Tip) -> str:
    texts = []
    for claim in _largest_studies(tip):
        # How many posts to two digits.
        size = "" if claim.n is None else f", {short_number(float(f'{claim.n:.2g}'))}"
        texts.append(f"{claim.claim} ({claim.name}{size})")
    return _sentence(texts) or "–"


def _public(tip: Tip) -> str:
    known = [(rule.words, rule.public) for rule in tip.rules if rule.public is not None]
    clear = [
        f"{words}: {views_change(one.effect, *one.interval)}"
        for words, one in known
        if one.grade in (SUPPORTED, CONTRADICTED)
    ]
    others = {grade: [words for words, one in known if one.grade == grade] for grade in (DIFFERS, NO_EFFECT)}
    clear += [f"{', '.join(map(lower_first, words))}: {_(grade)}" for grade, words in others.items() if words]
    return _sentence(clear) or _(NOT_TESTED)


def _own(tip: Tip) -> str:
    clear = [
        f"{rule.words}: {views_change(one.effect, one.low, one.high)}"
        for rule in tip.rules
        if (one := rule.account) is not None and one.verdict in (HELPS, HURTS)
    ]
    if clear:
        return _sentence(clear)
    whole = tip.whole.account
    if whole is not None and whole.verdict in (HELPS, HURTS):
        return views_change(whole.effect, whole.low, whole.high)
    verdicts = [one.account.verdict for one in (*tip.rules, tip.whole) if one.account is not None]
    return _(UNCLEAR if UNCLEAR in verdicts else CANNOT_TELL)


def _sentence(parts: Sequence[str]) -> str:
    """Parts one after the other, of which the first begins with a capital."""
    return upper_first("; ".join(map(lower_first, parts)))


def _basis(result: Tips) -> str:
    sets = result.record.sets
    public = _(
        "Public accounts: {posts} posts of {accounts} accounts, each compared with others of its account. What "
        "goes along with more views need not cause them.",
        posts=format_value(sum(one.posts for one in sets), ","),
        accounts=format_value(sum(one.accounts for one in sets), ","),
    )
    own = (
        _("With your export this shows your own posts too: tiktok-coach tips EXPORT.")
        if result.account is None
        else plural("Yours: {count:,} post.", "Yours: {count:,} posts.", result.posts)
    )
    return f"{public} {own} " + _("More of one tip: tiktok-coach rules --select T4, then tiktok-coach rules T403.")


def tips_json(result: Tips) -> Iterator[str]:
    """The tips as pieces of one JSON text."""
    record = result.record
    head = {
        "schema_version": SCHEMA_VERSION,
        "account": None if result.account is None else result.account.handle,
        "posts": result.posts,
        "search": search_facts(result.search),
        "record": {"source": record.source.name, "fitted": record.fitted, "limits": record.limits},
    }
    return json_object(head, tips=map(_tip, result.tips))


def _tip(tip: Tip) -> dict[str, Any]:
    return {
        "tip": tip.number,
        "title": tip.whole.words,
        "says": tip.summary,
        "measured": [{"code": code, **claim.model_dump()} for code, claim in tip.studies],
        "grade": tip.grade,
        **_effects(tip.whole),
        "rules": [{"code": rule.code, "name": rule.words, "grade": rule.grade, **_effects(rule)} for rule in tip.rules],
    }


def _effects(subject: Subject) -> dict[str, Any]:
    return {"public": _public_facts(subject.public), "own": _own_facts(subject.account)}


def _public_facts(one: PublicEffect | None) -> dict[str, Any] | None:
    if one is None:
        return None
    facts = facts_of(one, "subject spread accounts posts sets_agree")
    return {"effect": number(one.effect), "interval": pair(*one.interval), **facts}


def _own_facts(one: AccountEffect | None) -> dict[str, Any] | None:
    return None if one is None else facts_of(one, "verdict effect interval posts")
