"""Every rule of the rulebook: its examples get the answers they stand under, its schema holds, its facts are mapped."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from tiktok_coach.core.config import Config, RuleSettings
from tiktok_coach.core.documents.document import read_yaml
from tiktok_coach.core.translation import use_language
from tiktok_coach.render.rule import condition_text
from tiktok_coach.rules.examples import failures
from tiktok_coach.rules.kind import Params, built_in_kinds
from tiktok_coach.rules.load import NOT_RULES, CompiledRule, apply_rule_settings, load_rules, rulebook, rules_schema
from tiktok_coach.stats.bands import load_bands

RULES = load_rules([rulebook()])
ROOT = Path(__file__).parents[2]
LINE = r"[A-Z][^{}]{1,58}[^\s.{}]"


@pytest.mark.parametrize("compiled", RULES, ids=[r.code for r in RULES])
def test_the_examples_of_a_rule_get_the_answers_they_stand_under(compiled: CompiledRule) -> None:
    assert failures(compiled) == []


def test_there_is_a_file_for_each_tip_and_for_what_tiktok_enforces_and_does_not_recommend() -> None:
    assert {r.tip for r in RULES} == {*range(1, 10), None}
    assert {r.group for r in RULES if r.tip is None} == {"platform", "eligibility", "calendar", "goals", "labels"}
    assert len(RULES) >= 45


def test_codes_begin_with_their_tip_and_are_unique() -> None:
    for rule in RULES:
        wanted = (
            f"T{rule.tip}"
            if rule.tip
            else {"platform": "P", "eligibility": "E", "calendar": "C", "goals": "G", "labels": "D"}[rule.group]
        )
        assert rule.code.startswith(wanted)
    assert len({r.code for r in RULES}) == len({r.rule.name for r in RULES}) == len(RULES)


@pytest.mark.parametrize(
    "path", sorted(p for p in rulebook().glob("*.yaml") if p.name not in NOT_RULES), ids=lambda p: p.name
)
def test_the_published_schema_accepts_every_rule_file(path: Path) -> None:
    jsonschema.validate(read_yaml(path.read_text("utf-8"), path.name).value, rules_schema())


def test_the_published_schema_refuses_unknown_keys_and_parameters() -> None:
    value = read_yaml((rulebook() / "04-caption.yaml").read_text("utf-8"), "f").value
    validator = jsonschema.Draft202012Validator(rules_schema())
    assert list(validator.iter_errors(value)) == []
    value["rules"][0]["params"]["maximum"] = 3
    assert list(validator.iter_errors(value))


@pytest.mark.parametrize("text", [text for r in RULES for text in (r.rule.title, r.rule.do)])
def test_what_is_found_and_what_to_do_are_short_lines_without_a_full_stop(text: str) -> None:
    assert re.fullmatch(LINE, text)
    assert "-" not in text.split()[0]


def test_facts_of_the_public_record_say_what_to_do_in_a_short_line() -> None:
    texts = [text for band in load_bands(rulebook()) for text in (band.do, band.instead) if text is not None]
    assert [text for text in texts if not re.fullmatch(LINE, text)] == []


def test_title_and_do_name_the_parameters_that_a_user_sets() -> None:
    [rule] = apply_rule_settings(
        [r for r in RULES if r.code == "T401"], Config(rules={"T401": RuleSettings(params={"max": 90})})
    )
    assert (rule.rule.title, rule.rule.do) == (
        "Captions are longer than 90 characters",
        "Keep captions within 90 characters",
    )


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_rule_says_when_a_post_passes(language: str) -> None:
    with use_language(language):
        said = {rule.code: condition_text(rule) for rule in load_rules([rulebook()])}
    # An ellipsis stands for a parameter that a rule does not set.
    assert {
        code: text for code, text in said.items() if text.startswith(("Check of", "Kontrol af")) or "…" in text
    } == {}


@pytest.mark.parametrize(
    ("check", "params", "text"),
    [
        ("range", {"min": 1, "max": 2}, "x must be 1 to 2."),
        ("range", {"max": 0}, "x must be 0 at most."),
        ("length", {"min": 3}, "x must have 3 characters at least."),
        ("length", {"min": 3, "max": 9}, "x must have 3 to 9 characters."),
        ("pattern", {"pattern": "a{2}", "expect": "no_match"}, "x must have no part of the pattern a{2}."),
        ("listed", {"names": ["rye", "bread"]}, "x must have one of rye, bread."),
        ("listed", {"trends": ["sound"], "regional": True}, "x must be on a list of trends in your country"),
        ("spacing", {"min_hours": 1}, "x must be at least 1 hour after that of the post before."),
        ("unique", {"also": ["title"]}, "no other post may have the same x and the same title."),
        ("unique", {"within_days": 2}, "no post of the 2 days before may have the same x."),
    ],
)
def test_when_a_post_passes_follows_from_the_parameters(check: str, params: dict[str, object], text: str) -> None:
    kind = built_in_kinds()[check]
    rule = RULES[0].rule.model_copy(update={"field": "x", "check": check, "when": {}, "unless": {}})
    assert condition_text(replace(RULES[0], rule=rule, kind=kind, params=kind.params(**params))).startswith(text)


def test_every_kind_of_check_says_when_a_post_passes() -> None:
    assert [name for name, kind in built_in_kinds().items() if kind.params.condition is Params.condition] == []


def test_every_rule_that_goes_beyond_its_sources_says_so() -> None:
    for rule in RULES:
        if rule.rule.confidence == "low":
            assert rule.rule.assumption, rule.code


def test_every_fact_of_the_article_is_carried_by_a_rule_or_a_signal() -> None:
    lines = (Path(__file__).with_name("facts.txt")).read_text("utf-8").splitlines()[1:]
    signals = read_yaml((rulebook() / "signals.yaml").read_text("utf-8"), "signals.yaml").value["signals"]
    known = {r.code for r in RULES} | {s["code"] for s in signals}
    for line in lines:
        fact, _, codes = line.rpartition("|")
        carriers = set(re.findall(r"\b[A-Z]\d{2,3}\b", codes))
        assert fact
        assert carriers, f"no code for {line}"
        assert carriers <= known, carriers - known
    assert len(lines) >= 60


@pytest.mark.parametrize("compiled", RULES, ids=[r.code for r in RULES])
def test_no_text_of_a_rule_leaves_a_place_unfilled(compiled: CompiledRule) -> None:
    from tiktok_coach.rules.evaluate import evaluate
    from tiktok_coach.rules.examples import example_parts
    from tiktok_coach.rules.findings import finding_of, general_advice

    texts = [general_advice(compiled.rule, compiled.params)]
    for example in (*compiled.rule.examples.passing, *compiled.rule.examples.failing):
        posts, context = example_parts(example)
        [evaluation] = evaluate([compiled], posts, context)
        for row in (evaluation.status <= 1).nonzero()[0].tolist():
            finding = finding_of(evaluation, row)
            texts += [str(finding["message"]), str(finding["fix"] or "")]
    for text in texts:
        # A caption that is cut ends in dots.
        assert not re.search(r"[{}]|(?<!, )…|(?:^|\s)\?(?:\s|$)", re.sub("“.*?”", "", text)), text
        assert "nan" not in text.casefold().split(), text
    assert texts[0].endswith((".", "?"))
