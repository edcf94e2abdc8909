"""The texts of rules in the language in use: rule files hold them in English, a catalogue has the others."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.core.languages import ENGLISH, language
from tiktok_coach.core.translation import _
from tiktok_coach.rules.model import Rule, RuleFile

TEXTS = ("message", "passed", "why", "fix", "advice", "assumption")


def translate_rule(rule: Rule) -> Rule:
    """The rule with its texts and its sources in the language that is spoken; what a catalogue lacks stays as it is."""
    if language() == ENGLISH:
        return rule
    texts = {name: _(text) for name in TEXTS if (text := getattr(rule, name)) is not None}
    sources = [source.model_copy(update={"claim": _(source.claim), "name": _(source.name)}) for source in rule.sources]
    return rule.model_copy(update={**texts, "sources": sources})


def texts_of(file: RuleFile) -> Iterator[str]:
    """Every text of a rule file that people read, for the catalogue."""
    yield file.title
    if file.group is not None:
        yield file.group
    for rule in file.rules:
        yield rule.name.replace("-", " ")
        yield from (text for name in TEXTS if (text := getattr(rule, name)) is not None)
        yield from (text for source in rule.sources for text in (source.claim, source.name))
