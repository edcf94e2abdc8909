"""One rule on a terminal: why, what to do, what public accounts show, how it is checked, who says so, and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from tiktok_coach.core.account import goal_names
from tiktok_coach.core.translation import N_, _, fill, plural
from tiktok_coach.render.output import console_to
from tiktok_coach.render.pages.page import SEVERITY_STYLES
from tiktok_coach.render.rules import effects_by_outcome
from tiktok_coach.render.values import change
from tiktok_coach.rules.findings import params_text, supplied_by
from tiktok_coach.rules.phrases import fill_text, shown_term
from tiktok_coach.stats.public_record import DIFFERS, NOT_TESTED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tiktok_coach.rules.load import CompiledRule
    from tiktok_coach.rules.model import Claim, Rule
    from tiktok_coach.stats.public_record import PublicEffect

# The outcomes of the public record: views, and what viewers do for each view.
OUTCOMES = {
    "views": N_("views"),
    "engagement": N_("engagement per view"),
    "likes": N_("likes per view"),
    "comments": N_("comments per view"),
    "shares": N_("shares per view"),
    "saves": N_("saves per view"),
}
# What changes an effect, as the record names it.
CHANGES = (N_("a year later"), N_("ten times the followers"), N_("ten times the views"), N_("twice the usual length"))

POSTS = {
    ("planned", "published"): N_("on planned and published posts"),
    ("planned",): N_("on planned posts"),
    ("published",): N_("on published posts"),
}
# Groups of rules on what TikTok itself accepts, recommends and asks for.
OF_TIKTOK = ("platform", "eligibility", "goals", "labels")
SCOPES = {"post": N_("post"), "day": N_("day"), "month": N_("month"), "account": N_("account")}


def print_rule(compiled: CompiledRule, path: Path | None, limits: Sequence[str] = ()) -> None:
    """Show a rule on stdout or in a file; `limits` say why what public accounts show may not hold for the account."""
    rule, tip = compiled.rule, compiled.title
    if compiled.tip is not None:
        tip = _("Tip {tip}: {title}", tip=compiled.tip, title=compiled.title)
    facts = _(
        "Severity: {severity}. Confidence: {confidence}. Weight in the tip's score: {weight:g}. Checked {posts}, "
        "one answer per {scope}.",
        severity=_(rule.severity),
        confidence=_(rule.confidence),
        weight=rule.weight,
        posts=_(POSTS[tuple(sorted(rule.applies_to))]),
        scope=_(SCOPES[rule.scope]),
    )
    sources = [_source(claim, _(age)) for claim, age in zip(rule.sources, source_ages(rule), strict=True)]
    with console_to(path) as console:

        def section(title: str, *lines: str, below: int = 0) -> None:
            if not lines:
                return
            console.print(Text(title, style="bold"))
            for line in lines:
                console.print(Padding(Text(line), (0, 0, below, 2), expand=False))

        code = (f"  {rule.code}", SEVERITY_STYLES[rule.severity])
        console.print(Text.assemble((rule.do, "bold"), code))
        console.print(Text(tip, style="dim"))
        console.print()
        section(_("Why"), rule.why, below=1)
        # A fix is said of one post; what no post is there to fill in is said in general.
        section(_("What to do"), fill_text(rule.advice or rule.fix, compiled.params.all_values), below=1)
        if rule.fix_kind:
            section(_("Corrected by"), _("lint --fix ({mend})", mend=rule.fix_kind), below=1)
        if rule.error_code:
            section(_("What TikTok's API answers"), rule.error_code, below=1)
        if compiled.tip is not None:
            section(_("On public accounts"), *_public_texts(compiled, limits))
            console.print()
        section(
            _("How it is checked"),
            condition_text(compiled),
            supplied_by_text(_(compiled.params.supplied_by or "") or supplied_by(rule.field, rule.scope)),
            facts,
        )
        console.print()
        section(_("By goal"), *goal_texts(compiled), below=1)
        section(_("Keep in mind"), *(caveat.text for caveat in rule.caveats), below=1)
        section(_("Assumes"), *filter(None, [rule.assumption]), below=1)
        section(_("Sources disagree"), *map(dispute_text, rule.disputes), below=1)
        section(_("Sources"), *sources, *filter(None, [hearsay_text(compiled)]))
        console.print()
        for title, examples in (
            (_("Passes"), rule.examples.passing),
            (_("Fails"), rule.examples.failing),
            (_("Cannot be checked"), rule.examples.unknown),
            (_("Does not apply"), rule.examples.not_applicable),
        ):
            section(title, *map(_example, examples))


def goal_texts(compiled: CompiledRule) -> list[str]:
    """For which goals a rule holds, whose place it takes, and for which it comes first."""
    rule, texts = compiled.rule, []
    if rule.goals:
        texts.append(_("Only with the goal {goals}.", goals=goal_names(rule.goals)))
    for other in compiled.replaces:
        text = _("It takes the place of {code} where that goal comes first: {do}.", code=other.code, do=other.rule.do)
        texts.append(text)
    for other in compiled.replaced_by:
        names = goal_names(other.rule.goals)
        text = N_("Not where the goal {goals} comes first: {code} takes its place ({do}).")
        texts.append(_(text, goals=names, code=other.code, do=other.rule.do))
    replaced_for = {goal for other in compiled.replaced_by for goal in other.rule.goals}
    if first_for := [goal for goal in rule.first_for if goal not in replaced_for]:
        text = N_("Comes first with the goal {goals}: that it serves it is this tool's reading, and not measured.")
        texts.append(_(text, goals=goal_names(first_for)))
    return texts


def source_ages(rule: Rule) -> list[str]:
    """Of each source whether it was measured, or is of a later year than the first, which is older; else empty."""
    first, *later = rule.sources
    # Dates are written to the year, the month or the day, so that years alone can be compared.
    is_newer = [claim.as_of[:4] > first.as_of[:4] for claim in later]
    pairs = zip(later, is_newer, strict=True)
    ages = [N_("measured") if claim.design is not None else N_("newer") if newer else "" for claim, newer in pairs]
    return [N_("older") if any(is_newer) else "", *ages]


def supplied_by_text(source: str) -> str:
    """Where the fact that a rule reads comes from."""
    return _("Needs {source}.", source=source)


def _public_texts(compiled: CompiledRule, limits: Sequence[str]) -> list[str]:
    """What public accounts show of a rule, outcome by outcome, then its limits; or that it is not tested."""
    public = effects_by_outcome(compiled.code).items()
    effects = [public_text(*one) for one in public if one[1].grade != NOT_TESTED]
    return [*effects, *map(_, limits)] if effects else [_(NOT_TESTED)]


def public_text(outcome: str, effect: PublicEffect) -> str:
    """What public accounts show of a rule on one outcome."""
    text = _(
        "{outcome}: {change}, {accounts}: {grade}",
        outcome=_(OUTCOMES.get(outcome, outcome)),
        change=change(effect.effect, *effect.interval),
        accounts=plural("{count} account", "{count:,} accounts", effect.accounts),
        grade=_(effect.grade),
    )
    if effect.grade == DIFFERS:
        least, most = (factor - 1 for factor in effect.account_range)
        text += _(", most from {least:+.0%} to {most:+.0%}", least=least, most=most)
    for one in effect.moderators:
        text += fill("; {per}: {share:+.0%}", per=_(one.per), share=one.factor - 1)
    return text


def address_text(claim: Claim) -> str:
    """Where a claim can be read, and whether that is its site alone."""
    return _("{url}, the page is not known", url=claim.url) if claim.site_only else claim.url or ""


def dispute_text(pair: tuple[Claim, Claim]) -> str:
    """Two claims that disagree, one beside the other."""
    said, against = pair
    return _(
        "{said} ({name}, {date}), but {against} ({other}, {later})",
        said=said.claim,
        name=said.name,
        date=said.as_of,
        against=against.claim,
        other=against.name,
        later=against.as_of,
    )


def hearsay_text(compiled: CompiledRule) -> str:
    """That others report what TikTok does, where no page of its own says it; empty for tips and rules of users."""
    of_tiktok = compiled.group in OF_TIKTOK and compiled.tip is None
    return _("Reported by others, not by TikTok.") if of_tiktok and not compiled.rule.is_primary else ""


def _source(claim: Claim, age: str) -> str:
    """A claim with all that is known of its source, on one line."""
    facts = [claim.name]
    if claim.primary:
        facts.append(_("TikTok's own"))
    if claim.n is not None:
        facts.append(fill("n = {n:,}", n=claim.n))
    if claim.effect is not None:
        facts.append(fill("×{effect:g}", effect=claim.effect))
    facts += filter(None, (claim.design, claim.url and address_text(claim)))
    if claim.reviewed is not None:
        facts.append(_("reviewed {day}", day=claim.reviewed))
    return f"{claim.as_of}  {claim.claim} ({'; '.join(facts)}){age and f' [{age}]'}"


def condition_text(compiled: CompiledRule) -> str:
    """When a post passes, in columns of the posts table."""
    rule = compiled.rule
    if condition := compiled.params.condition:
        text = fill_text(_(condition), {"field": rule.field, **compiled.params.set_values})
    else:
        parameters = params_text(compiled.params)
        text = _("Check of {field}: {check}", field=rule.field, check=rule.check) + (parameters and f" ({parameters})")
    conditions = [_("; only where {k} is {v}", k=k, v=_value(v)) for k, v in rule.when.items()]
    conditions += [_("; not where {k} is {v}", k=k, v=_value(v)) for k, v in rule.unless.items()]
    return f"{text}{''.join(conditions)}."


def _value(value: Any) -> str:
    return shown_term(value)


def _example(example: dict[str, Any]) -> str:
    import json

    return json.dumps(example, ensure_ascii=False) if example else "{} (" + _("nothing known") + ")"
