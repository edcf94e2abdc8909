"""A rule as an editor shows it at a finding: what to do, why, what posts show, who says so, and how to silence it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tiktok_coach.core.schema import CONFIDENCES
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.editor.markdown import code, lines, plain
from tiktok_coach.editor.own_posts import OwnPosts
from tiktok_coach.editor.project import Linted, OpenFile
from tiktok_coach.io.files.source_files import JSON
from tiktok_coach.linter.check import SEVERITIES
from tiktok_coach.linter.finding import Finding
from tiktok_coach.plans.load import DOCUMENTS, MARKDOWN
from tiktok_coach.render.rule import public_text
from tiktok_coach.render.rules import effects_by_outcome
from tiktok_coach.render.values import views_change
from tiktok_coach.rules.lint_codes import TITLES, WHYS
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.model import Claim
from tiktok_coach.stats.account_effects import HELPS, HURTS, NOT_ENOUGH
from tiktok_coach.stats.outcomes import VIEWS
from tiktok_coach.stats.public_record import NOT_TESTED

# So many findings at one place are explained, of which the first with everything.
MOST = 3
# So many sources are named.
MOST_SOURCES = 3
OWN_TEXTS = {
    HELPS: N_("On your posts: those that do this got {change}."),
    HURTS: N_("On your posts: those that do this got {change}, so it may not be for you."),
}


def findings_text(
    findings: Sequence[Finding], linted: Linted, file: OpenFile, own: OwnPosts | None, *, aside: Sequence[Finding] = ()
) -> list[str]:
    """Each finding at one place, the most severe first: that with its rule, further ones in two lines each.

    Those that lie `aside`, such as on all of a caption of which one points at a word, come last and in two lines each.
    """
    rules = {rule.code: rule.rule for rule in linted.settings.every_rule}

    def rank(one: Finding) -> tuple[int, int, float]:
        weight = rules[one.code].weight if one.code in rules else 0.0
        return SEVERITIES.index(one.severity), -CONFIDENCES.index(one.confidence), -weight

    ordered, others = sorted(findings, key=rank), sorted(aside, key=rank)
    texts = [
        lines(_brief(one, linted) if place or one in others else _full(one, linted, file, own))
        for place, one in enumerate([*ordered, *others][:MOST])
    ]
    if (left := len(ordered) + len(others) - MOST) > 0:
        texts.append(plural("{count} more problem here", "{count} more problems here", left))
    return texts


def rule_of(code_of_rule: str, linted: Linted) -> CompiledRule | None:
    """The rule of a code; None for one of lint's own codes."""
    return next((rule for rule in linted.settings.every_rule if rule.code == code_of_rule), None)


def _brief(finding: Finding, linted: Linted) -> Iterator[str]:
    yield _heading(finding, linted)
    yield _said(finding)


def _full(finding: Finding, linted: Linted, file: OpenFile, own: OwnPosts | None) -> Iterator[str]:
    yield from _brief(finding, linted)
    compiled = rule_of(finding.code, linted)
    if compiled is None:
        yield plain(_(WHYS.get(finding.code, "")))
    else:
        yield from _reasons(compiled, own)
    yield _silencing(finding.code, file)


def _heading(finding: Finding, linted: Linted) -> str:
    compiled = rule_of(finding.code, linted)
    title = compiled.rule.do if compiled is not None else _(TITLES.get(finding.code, ""))
    link = linted.links.get(finding.code)
    parts = [f"[{finding.code}](<{link}>)" if link else finding.code, _(finding.severity)]
    if finding.confidence != "high":
        parts.append(_("{confidence} confidence", confidence=_(finding.confidence)))
    return f"**{plain(title)}** · {' · '.join(parts)}"


def _said(finding: Finding) -> str:
    message = plain(finding.message)
    ended = message if message.endswith((".", "!", "?")) else f"{message}."
    return f"{ended[:1].upper()}{ended[1:]} {plain(finding.fix)}".rstrip()


def _reasons(compiled: CompiledRule, own: OwnPosts | None) -> Iterator[str]:
    rule = compiled.rule
    yield _("Why: {why}", why=plain(rule.why))
    effect = effects_by_outcome(compiled.code).get(VIEWS) if compiled.tip is not None else None
    if effect is not None and effect.grade != NOT_TESTED:
        yield _("On public accounts: {text}.", text=plain(public_text(VIEWS, effect)))
    if own is not None:
        yield _own_text(compiled, own)
    names = ", ".join(_source(claim) for claim in rule.sources[:MOST_SOURCES])
    more = len(rule.sources) - MOST_SOURCES
    names += _(" and {count} more", count=more) if more > 0 else ""
    yield _(N_("Sources, which disagree: {names}") if rule.disputes else N_("Sources: {names}"), names=names)
    if rule.assumption:
        yield _("Assumes {text}.", text=plain(rule.assumption))


def _own_text(compiled: CompiledRule, own: OwnPosts) -> str:
    """What the account's own posts show of a rule."""
    effect = own.analysis.own_effects(own.analysis.account.handle).get(compiled.code)
    if effect is None:
        return ""
    verdict, _posts, middle, low, high = effect
    if verdict == NOT_ENOUGH:
        return _("On your posts: too few do this, or too few don't, to tell.")
    text = OWN_TEXTS.get(verdict, N_("On your posts: no clear effect: {change}."))
    return _(text, change=views_change(middle, low, high))


def _source(claim: Claim) -> str:
    name = f"[{plain(claim.name)}](<{claim.url}>)" if claim.url and ">" not in claim.url else plain(claim.name)
    return f"{name} ({claim.as_of})"


def _silencing(code_of_rule: str, file: OpenFile) -> str:
    suffix = file.path.suffix.lower()
    if suffix in DOCUMENTS | MARKDOWN and suffix not in JSON:
        return _("Silence it at the end of its line: {comment}", comment=code(f"# coach: ignore[{code_of_rule}]"))
    return _("Silence it everywhere in tiktok-coach.yaml: {setting}", setting=code(f"ignore: [{code_of_rule}]"))
