"""Rule files are proven before any post is looked at; what is wrong with one is said with file and line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.writing import put
from tiktok_coach.core.config import Config, RuleSettings
from tiktok_coach.core.documents.document import Document, read_yaml
from tiktok_coach.core.errors import CoachError
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.examples import example_parts, failures
from tiktok_coach.rules.findings import findings, provided_by
from tiktok_coach.rules.kind import built_in_kinds, plugin_kinds
from tiktok_coach.rules.load import apply_rule_settings, compile_rules, field_kinds, load_rules, rulebook, select_rules

RULE = """\
group: mine
title: My own rules
source: {name: me, as_of: 2026-01}
rules:
  - code: X101
    name: short-hook
    title: "Hooks come late"
    do: "Bring the hook early"
    check: range
    field: hook_s
    params: {max: 2}
    severity: warning
    message: "hook at {value} s, not within {max}"
    passed: "hook at {value} s"
    why: "because"
    fix: "cut"
    sources: [{claim: "it is so", name: me, as_of: "2026"}]
    examples: {pass: [{hook_s: 1}], fail: [{hook_s: 3}], unknown: [{}]}
"""


def load(tmp_path: Path, text: str) -> object:
    return load_rules([put(tmp_path / "pack" / "mine.yaml", text).parent])


def test_a_pack_of_ones_own(tmp_path: Path) -> None:
    [rule] = load_rules([put(tmp_path / "pack" / "mine.yaml", RULE).parent])
    assert rule.code == "X101"
    assert failures(rule) == []
    assert len(load_rules([rulebook(), tmp_path / "pack"])) == len(load_rules([rulebook()])) + 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("why:", "because:", r"mine\.yaml:15: unknown key rules\.0\.because"),
        ('    fix: "cut"\n', "", r"mine\.yaml:5: rules\.0\.fix is missing"),
        ('    do: "Bring the hook early"\n', "", r"mine\.yaml:5: rules\.0\.do is missing"),
        ("Bring the hook early", "bring the hook early", r"mine\.yaml:8: rules\.0\.do: .* a capital first"),
        ("Bring the hook early", "Bring the hook early.", r"mine\.yaml:8: rules\.0\.do: .* no full stop"),
        ("Hooks come late", "Hooks come " + "very " * 12 + "late", r"mine\.yaml:7: rules\.0\.title must fit into 60"),
        ("Hooks come late", "Hooks come at {value} s", r"mine\.yaml:7: X101 title fills in \{value\}"),
        ("check: range", "check: rang", r"mine\.yaml:9: X101 has no kind of check 'rang'; use one of .*range"),
        ("field: hook_s", "field: hock_s", r"mine\.yaml:10: X101 reads 'hock_s', which no post has"),
        ("{max: 2}", "{maximum: 2}", r"mine\.yaml:11: X101 \(range\) unknown key maximum; did you mean max\?"),
        ("{max: 2}", "{max: two}", r"mine\.yaml:11: X101 \(range\) max must be a number, not 'two'"),
        (
            "within {max}",
            "within {limit}",
            r"mine\.yaml:13: X101 message fills in \{limit\}, which range does not give",
        ),
        (
            "within {max}",
            "within {max.__class__}",
            r"mine\.yaml:13: rules\.0\.message: \{max\.__class__\} is not a plain name",
        ),
        (
            "severity: warning",
            "severity: bad",
            r"mine\.yaml:12: rules\.0\.severity 'bad' is not known; use one of error, warning, info",
        ),
        ("code: X101", "code: x1", r"mine\.yaml:5: rules\.0\.code must have the form .*, not 'x1'"),
        ("group: mine\n", "group: mine\ntip: 3\n", r"mine\.yaml.*a file has either a tip or a group"),
        ("check: range", "check: range\n    when: {colour: red}", r"X101 when names 'colour', which no post has"),
        (
            "check: range",
            "check: range\n    check: range",
            r"mine\.yaml:10: not valid YAML: the key 'check' comes twice",
        ),
        ("group: mine", "\tgroup: mine", r"mine\.yaml:1: not valid YAML"),
        (
            "hook at {value} s, not",
            "hook at {value:.1f} s, not",
            r"mine\.yaml:13: rules\.0\.message: \{value:\.1f\} asks for a format, which texts of rules cannot; write \{value\}",
        ),
        ('passed: "hook at {value} s"', 'passed: "{value:,}"', r"mine\.yaml:14: rules\.0\.passed: .*asks for a format"),
        ('fix: "cut"', 'fix: "cut {max!r}"', r"mine\.yaml:16: rules\.0\.fix: \{max\} is not a plain name"),
        ('fix: "cut"', 'fix: "cut {"', r"mine\.yaml:16: rules\.0\.fix: a brace is not closed"),
        (
            "field: hook_s",
            "field: caption",
            r"mine\.yaml:10: X101 checks caption, a text, by range, which reads count, flag",
        ),
        (
            "field: hook_s",
            "field: account.shoe_size",
            r"mine\.yaml:10: X101 reads 'account\.shoe_size', which no post has",
        ),
        ("field: hook_s", "field: account.metrics_known", r"X101 reads 'account\.metrics_known', which no post has"),
        ("check: range", "check: range\n    when: {views: many}", r"mine\.yaml:10: X101 when: views is never 'many'"),
        ("check: range", "check: range\n    unless: {kind: {a: b}}", r"X101 unless: kind is never \{'a': 'b'\}"),
        (
            "check: range",
            "check: range\n    since: 2026-02-30",
            r"mine\.yaml:10: rules\.0\.since: write the day as YYYY-MM-DD",
        ),
        (
            "{max: 2}",
            "{max: 2, of: caption}",
            r"mine\.yaml:11: X101 \(range\) of: the posts table has no number 'caption'",
        ),
        ("as_of: 2026-01}", "as_of: lately}", r"mine\.yaml:3: source\.as_of"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in RULE
    with pytest.raises(CoachError, match=message):
        load(tmp_path, RULE.replace(old, new, 1))


@pytest.mark.parametrize(
    ("check", "params", "message"),
    [
        ("one_of", "{}", "name either values or none_of"),
        ("listed", "{names: [a], subcultures: true}", "name one of names, subcultures or trends"),
        ("pattern", "{pattern: '('}", "not a pattern that RE2 knows"),
    ],
)
def test_parameters_that_contradict_each_other(tmp_path: Path, check: str, params: str, message: str) -> None:
    text = RULE.replace("check: range", f"check: {check}").replace("{max: 2}", params).replace("hook_s\n", "caption\n")
    text = text.replace(", not within {max}", "")
    with pytest.raises(CoachError, match=message):
        load(tmp_path, text)


def test_a_code_that_is_taken_is_refused(tmp_path: Path) -> None:
    folder = put(tmp_path / "pack" / "mine.yaml", RULE.replace("X101", "T401")).parent
    with pytest.raises(CoachError, match="the code T401 is in"):
        load_rules([rulebook(), folder])


def test_a_folder_without_rules_and_a_file_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(CoachError, match="has no rule files"):
        load_rules([tmp_path])
    put(tmp_path / "x.yaml", b"\xff\xfe\xff")
    with pytest.raises(CoachError, match="cannot be read"):
        load_rules([tmp_path])


def test_an_example_that_gets_another_answer_is_named(tmp_path: Path) -> None:
    text = RULE.replace("fail: [{hook_s: 3}]", "fail: [{hook_s: 1}, {hock: 1}]")
    [rule] = load_rules([put(tmp_path / "pack" / "mine.yaml", text).parent])
    wrong = failures(rule)
    assert "X101 fail example 1 gives pass" in wrong[0]
    assert "X101 fail example 2 cannot be read: an example has no column 'hock' to fill" in wrong[1]


def test_rules_are_chosen_by_code_or_prefix_and_the_longer_prefix_wins() -> None:
    rules = load_rules([rulebook()])

    def codes(select: list[str], ignore: list[str]) -> set[str]:
        return {r.code for r in select_rules(rules, select, ignore)}

    assert all(c.startswith("T4") for c in codes(["T4"], []))
    assert "T401" not in codes([], ["T4"])
    assert codes(["T401"], ["T4"]) == {"T401"}
    with pytest.raises(CoachError, match="select T4 and ignore T4, T8 leave no rule; the longer prefix wins"):
        codes(["T4"], ["T4", "T8"])
    with pytest.raises(CoachError, match=r"select all and ignore .* leave no rule"):
        codes([], sorted({r.code[0] for r in rules}))
    assert select_rules(rules, ["L001"], ["T4"], ["L001"]) == []
    assert "T402" in codes(["T4"], ["T401"])
    with pytest.raises(CoachError, match="no rule's code begins with 'Q'"):
        codes(["Q"], [])


def test_parameters_weights_and_severities_can_be_changed() -> None:
    rules = load_rules([rulebook()])
    settings = {"T401": RuleSettings(params={"max": 100}, weight=0, severity="info")}
    [rule] = [r for r in apply_rule_settings(rules, Config(rules=settings)) if r.code == "T401"]
    assert rule.params.model_dump()["max"] == 100
    assert rule.rule.weight == 0
    assert rule.rule.severity == "info"
    with pytest.raises(CoachError, match=r"T401 \(length\) unknown key maximum; did you mean max\?"):
        apply_rule_settings(rules, Config(rules={"T401": RuleSettings(params={"maximum": 1})}))
    with pytest.raises(CoachError, match="no rule has the code T999"):
        apply_rule_settings(rules, Config(rules={"T999": RuleSettings()}))


MINIMAL: dict[str, dict[str, object]] = {
    "drop": {"max": 0.1},
    "flag": {"expected": True},
    "listed": {"names": ["rye"]},
    "one_of": {"values": ["a"]},
    "pattern": {"pattern": "a"},
    "spacing": {"min_hours": 3},
    "unique": {"also": ["sound"]},
}


@pytest.mark.parametrize("check", sorted(built_in_kinds()))
@pytest.mark.parametrize("scope", ["post", "day", "month", "account"])
def test_a_rule_that_compiles_runs_and_speaks(check: str, scope: str) -> None:
    rule = read_yaml(RULE, "mine.yaml").value
    names = sorted(built_in_kinds()[check].terms | set(built_in_kinds()[check].params.model_fields) | {"code"})
    text = " ".join(f"{{{name}}}" for name in names)
    posts, context = example_parts(
        {"posts": [post | {"posted_at": f"2026-03-0{n}T10:00:00Z"} for n, post in enumerate(POSTS, 1)]}
        | {"account": {"timezone": "UTC", "type": "creator"}}
    )
    for field in [*field_kinds(scope), "sources", "nothing"]:
        rule["rules"][0] |= {"check": check, "scope": scope, "field": field, "params": MINIMAL.get(check, {})}
        rule["rules"][0] |= {"message": text, "passed": text, "fix": text}
        try:
            compiled = compile_rules(Document(rule, "mine.yaml"))
        except CoachError:
            continue
        [evaluation] = evaluate(compiled, posts, context)
        assert all(finding["message"] for finding in findings(evaluation, [0, 1, 2, 3]))
        assert provided_by(evaluation)


POSTS = [
    {"caption": "Why? #rye", "views": 10, "hook_s": 1.5, "completion_rate": 0.5, "kind": "duet", "intro": True},
    {"caption": "Why? #rye", "views": 0, "hook_s": 3, "completion_rate": 0.1, "sound": "A", "picture_hash": "ab"},
    {"title": "x", "largest_drop": 0.5, "largest_drop_s": 2, "search_terms": "rye bread 24%", "retention_3s": 0.3},
]


def test_a_kind_of_check_of_another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []

    def load_plugins(group: str, kind: type) -> dict[str, object]:
        loads.append(group)
        return {"shouts": replace(built_in_kinds()["pattern"], name="shouts")}

    monkeypatch.setattr("tiktok_coach.core.errors.load_plugins", load_plugins)
    plugin_kinds.cache_clear()
    load_rules([rulebook()])
    assert loads == [], "other packages are looked through only where a rule needs it"
    text = RULE.replace("check: range", "check: shouts").replace("field: hook_s", "field: caption")
    text = text.replace("{max: 2}", "{pattern: '!', expect: no_match}").replace("{max}", "").replace("{value}", "")
    text = text.replace("hook_s: 1}", "caption: hi}").replace("hook_s: 3}", "caption: hi!}")
    [rule] = load_rules([put(tmp_path / "pack" / "mine.yaml", text)])
    assert failures(rule) == []
    assert loads == ["tiktok_coach.checks"]
    with pytest.raises(CoachError, match=r"no kind of check 'rang'; use one of .*shouts"):
        load(tmp_path, RULE.replace("check: range", "check: rang"))
    plugin_kinds.cache_clear()
