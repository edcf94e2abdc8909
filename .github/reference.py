"""Writes the reference from the code: commands, config, columns, signals, facts, and a page for every rule.

    python .github/reference.py docs    writes the pages beside those written by hand, before a build

Git has none of them, so that none is out of date.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tiktok_coach
from tiktok_coach.cli.app import Commands
from tiktok_coach.core.config import Config
from tiktok_coach.core.schema import COLUMNS, DERIVED
from tiktok_coach.core.translation import set_language
from tiktok_coach.ranking.catalogue import Signal, load_signals
from tiktok_coach.render.rule import goal_texts, hearsay_text, source_ages
from tiktok_coach.render.rules import effects_by_outcome
from tiktok_coach.rules.findings import params_text, supplied_by
from tiktok_coach.rules.lint_codes import TITLES, WHYS
from tiktok_coach.rules.load import CompiledRule, load_rules, rulebook
from tiktok_coach.rules.model import Claim, Origin, Rule
from tiktok_coach.rules.phrases import fill_text
from tiktok_coach.rules.sources import Source, sources_of
from tiktok_coach.stats.event_tips import load_event_tips
from tiktok_coach.stats.public_record import NOT_TESTED

# So many rules that use a source are named; the page of facts has all.
MOST_USERS = 12
# What uses the claims on what goes along with leaving.
LEAVING = "[retention](../methods/retention.md)"
TYPES = {str: "text", int: "number", float: "number", bool: "", Path: "path"}


def pages() -> dict[str, str]:
    """Every generated page by its path under docs/."""
    set_language("en")
    rules = load_rules([rulebook()])
    result = {
        "reference/commands.md": _commands(),
        "reference/config.md": _config(),
        "reference/columns.md": _columns(),
        "reference/signals.md": _signals(),
        "reference/python.md": _python(),
        "reference/facts.md": _facts(rules),
        "reference/sources.md": _sources_page(rules),
        "reference/rules/index.md": _rule_index(rules),
    }
    return result | {f"reference/rules/{rule.code}.md": _rule_page(rule) for rule in rules}


def _cell(text: object) -> str:
    """A text as the cell of a table; `<` begins no HTML, and in code it stands as it is."""
    pieces = str(text).replace("\n", " ").replace("|", "\\|").split("`")
    return "`".join(piece if number % 2 else piece.replace("<", "&lt;") for number, piece in enumerate(pieces))


def _table(headings: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    head = list(headings)
    lines = [head, ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _fenced(text: str, language: str = "text") -> str:
    return f"```{language}\n{text}\n```\n"


def _commands() -> str:
    commands = Commands()
    parts = [
        "# Commands\n",
        "`--help` shows the same on your terminal. `--lang`, `--debug` and `--version` hold for every command.\n",
    ]
    for name in commands:
        command = commands[name]
        members = getattr(command, "commands", None)
        entries = {f"{name} {member}": one for member, one in members.items()} if members else {name: command}
        for words, one in entries.items():
            parts.append(f"## {words}\n\n{''.join(_help(one.help or ''))}\n{_options(one.params)}")
    return "\n".join(parts)


def _help(text: str) -> Iterator[str]:
    """The help of a command; what stands between `\\b` and the next empty line keeps its lines."""
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("\b\n"):
            title, _newline, lines = paragraph.removeprefix("\b\n").partition("\n")
            yield f"{title}\n\n{_fenced(inspect.cleandoc(lines))}\n"
        else:
            yield f"{_cell(paragraph)}\n\n"


def _options(parameters: Iterable[Any]) -> str:
    rows = []
    for one in parameters:
        if one.name == "help" or one.hidden:
            continue
        kind = TYPES.get(one.type_descriptor.annotation, "")
        value = one.metavar or kind
        is_option = one.opts[0].startswith("-")
        name = f"`{', '.join([*one.opts, *one.secondary_opts])}`" if is_option else f"`{one.metavar or one.name}`"
        shows_default = is_option and not callable(one.default) and one.default not in (None, False, True, "", [], ())
        default = f"`{one.default}`" if shows_default else ""
        rows.append([name, f"`{value}`" if value and is_option else "", one.help or "", default])
    return _table(["option", "value", "what it does", "default"], rows) if rows else ""


def _config() -> str:
    rows: list[list[str]] = []
    _config_rows(Config, "", rows)
    text = _table(["key", "holds", "value"], rows)
    return (
        "# Config file\n\n`tiktok-coach.yaml` beside the exports or above them, or `[tool.tiktok-coach]` in pyproject.toml. "
        f"Every key may be left out; an unknown one is an error. Paths are relative to the file.\n\n{text}\n"
        "Editors complete and check it by the schema that `tiktok-coach schema config` prints.\n"
    )


def _config_rows(model: Any, prefix: str, rows: list[list[str]]) -> None:
    schema = model.model_json_schema()
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        properties = schema["properties"][name]
        nested = getattr(field.annotation, "model_fields", None)
        if nested:
            _config_rows(field.annotation, f"{prefix}{name}.", rows)
            continue
        rows.append([f"`{prefix}{name}`", field.description or "", _value(properties)])
        if name == "rules":
            _config_rows(model.model_fields[name].annotation.__args__[1], f"{prefix}{name}.CODE.", rows)


def _value(properties: dict[str, Any]) -> str:
    kinds = [one for one in properties.get("anyOf", [properties]) if one.get("type") != "null"]
    texts = []
    for kind in kinds:
        if "enum" in kind:
            texts.append(", ".join(f"`{value}`" for value in kind["enum"]))
        elif kind.get("type") == "array":
            texts.append("list of texts")
        else:
            names = {"string": "text", "boolean": "`true` or `false`", "object": "mapping"}
            texts.append(names.get(kind.get("type"), kind.get("type", "mapping")))
    return " or ".join(texts)


def _columns() -> str:
    groups: dict[str, list[list[str]]] = {}
    for column in COLUMNS.values():
        unit = column.unit or (f"{', '.join(f'`{choice}`' for choice in column.choices)}" if column.choices else "")
        origin = "worked out from other columns" if column.name in DERIVED else column.supplied_by
        groups.setdefault(column.group, []).append([f"`{column.name}`", column.kind, column.meaning, unit, origin])
    parts = [
        "# Columns of the posts table\n",
        (
            "`convert` writes this table, your own notes and rules use its names, and `Export.posts` is it in Python. "
            "Every column may be missing, and so may every value; a missing value is never 0.\n"
        ),
    ]
    headings = ["column", "kind", "meaning", "unit or choices", "comes from"]
    parts += [f"## {group.capitalize()}\n\n{_table(headings, rows)}" for group, rows in groups.items()]
    return "\n".join(parts)


def _python() -> str:
    parts = [
        "# Python\n",
        "`import tiktok_coach as tc`; the [guide](../guides/python.md) shows how these are used together.\n",
    ]
    for name in tiktok_coach.__all__:
        one = getattr(tiktok_coach, name)
        is_public = inspect.isclass(one) and not issubclass(one, Exception)
        members = [member for member in vars(one) if member[0] != "_"] if is_public else []
        parts.append(f"## {name}\n\n{_documented(name, one)}")
        parts += [f"### {name}.{member}\n\n{_documented(member, getattr(one, member))}" for member in members]
    return "\n".join(parts)


def _documented(name: str, one: Any) -> str:
    """The signature of a function, and the docstring of anything."""
    signature = ""
    if inspect.isfunction(one):
        arguments = ", ".join(str(value).replace("'", "") for value in inspect.signature(one).parameters.values())
        signature = _fenced(f"{name}({arguments})", "python") + "\n"
    return signature + _fenced(inspect.getdoc(one) or "")


def _signals() -> str:
    catalogue = load_signals(rulebook())
    groups: dict[str, list[Signal]] = {}
    for signal in catalogue.signals:
        groups.setdefault(signal.group, []).append(signal)
    parts = [
        "# Signals\n",
        (
            "What TikTok has published about its ranking, and the value that is assumed for each action. TikTok published no value: "
            "the profiles below set those of other rankers beside them, and the default is a consensus "
            "([how](../methods/signals.md)). Your own go under `signal_values` in the config.\n"
        ),
    ]
    for group, signals in groups.items():
        rows = [
            [
                signal.code,
                signal.claim,
                _origin(signal.source),
                "; ".join(_action(action) for action in signal.actions),
                " ".join(_rule_link(code) for code in signal.rules),
            ]
            for signal in signals
        ]
        headings = ["code", "claim", "source", "value", "rules"]
        parts.append(f"## {group.capitalize()}\n\n{_table(headings, rows)}")
    rows = [
        [
            f"`{profile.name}`",
            f"{profile.platform}: {profile.claim}" if profile.platform else profile.claim,
            _origin(profile.source),
            ", ".join(_profile_value(profile, action) for action in profile.values) or "the assumed ones",
        ]
        for profile in catalogue.signal_profiles
    ]
    consensus = ", ".join(f"`{name}`" for name in catalogue.consensus)
    parts.append(
        f"## Profiles of values\n\n{_table(['profile', 'what it is', 'source', 'values'], rows)}\n"
        f"`simulate --weights PROFILE` takes one. The default, `consensus`, is the geometric mean of {consensus}, action by action, with "
        "another platform's values on the scale where a like is worth the same.\n"
    )
    rows = [[f"`{o.stronger}` over `{o.weaker}`", o.claim, _origin(o.source)] for o in catalogue.orderings]
    parts.append(f"## Orderings that every set of values keeps\n\n{_table(['order', 'claim', 'source'], rows)}")
    rows = [
        [_rule_link(lift.rule), f"`{lift.action}`", f"{lift.factor:g} times", lift.claim] for lift in catalogue.lifts
    ]
    parts.append(f"## Documented effects of tips\n\n{_table(['rule', 'action', 'effect', 'claim'], rows)}")
    return "\n".join(parts)


def _origin(origin: Origin) -> str:
    """Who says it and when, as a link where its address is known."""
    return f"{_linked(origin.name, origin)}, {origin.as_of}"


def _linked(name: str, source: Origin | Claim | Source) -> str:
    """A source as a link, marked where only its site is known."""
    link = f"[{name}]({source.url})" if source.url else name
    return f"{link} (its page is not known)" if source.site_only else link


def _action(action: Any) -> str:
    return f"`{action.action}` {action.value:g}"


def _profile_value(profile: Any, action: str) -> str:
    low, high = profile.intervals.get(action, (None, None))
    return f"`{action}` {profile.values[action]:g}" + ("" if low is None else f" ({low:g} to {high:g})")


def _rule_link(code: str) -> str:
    return f"[{code}](rules/{code}.md)"


def _facts(rules: list[CompiledRule]) -> str:
    claims: dict[tuple[str, ...], list[str]] = {}
    for rule in rules:
        for claim in rule.rule.sources:
            claims.setdefault((claim.claim, claim.as_of, *_source(claim)), []).append(_rule_link(rule.code))
    for tip in load_event_tips(rulebook()):
        for claim in tip.sources:
            claims.setdefault((claim.claim, claim.as_of, *_source(claim)), []).append(LEAVING)
    for signal in load_signals(rulebook()).signals:
        name = _linked(signal.source.name, signal.source)
        source = (signal.claim, signal.source.as_of, name, "", "")
        claims.setdefault(source, []).append(f"[{signal.code}](signals.md)")
    rows = [[*cells, " ".join(codes)] for cells, codes in claims.items()]
    heads = ["claim", "as of", "source", "measured", "last review", "used by"]
    return (
        "# Facts and who states them\n\nEvery claim that the tool rests on, with its source and date, and the rules and "
        f"signals that use it. `tiktok-coach rules --stale` lists those to review.\n\n{_table(heads, rows)}"
    )


def _sources_page(rules: list[CompiledRule]) -> str:
    users: dict[tuple[str, str], list[str]] = {}
    for rule in rules:
        for claim in rule.rule.sources:
            users.setdefault((claim.name, claim.as_of), []).append(_rule_link(rule.code))
    for tip in load_event_tips(rulebook()):
        for claim in tip.sources:
            users.setdefault((claim.name, claim.as_of), []).append(LEAVING)
    catalogue = load_signals(rulebook())
    for signal in catalogue.signals:
        users.setdefault((signal.source.name, signal.source.as_of), []).append(f"[{signal.code}](signals.md)")
    sources: list[tuple[list[str], Source | Claim]] = [(source.names, source) for source in sources_of(rulebook())]
    named = {(name, source.as_of) for names, source in sources for name in names}
    # What one rule alone cites says its address itself.
    alone = {(c.name, c.as_of, c.url): c for rule in rules for c in rule.rule.sources if (c.name, c.as_of) not in named}
    sources += [([claim.name], claim) for claim in alone.values()]
    rows = []
    for names, source in sources:
        links = sorted({link for name in names for link in users.get((name, source.as_of), [])})
        more = f" and {len(links) - MOST_USERS} more" if len(links) > MOST_USERS else ""
        page = _linked(getattr(source, "title", None) or source.name, source)
        kind = "TikTok's own" if source.primary else "of others"
        used = " ".join(links[:MOST_USERS]) + more
        rows.append([source.name, page, source.as_of, kind, source.reviewed or "", used])
    own = [rule for rule in rules if rule.rule.is_primary]
    disputes = [
        [_rule_link(rule.code), *(f"{claim.claim} ({claim.name}, {claim.as_of})" for claim in pair)]
        for rule in rules
        for pair in rule.rule.disputes
    ]
    return (
        "# Where the rules come from\n\n"
        f"{len(sources)} sources. What several rules cite is named once, with its address, in `rules/sources.yaml`; a claim whose name and "
        f"date are those of a source takes its address from there. {len(own)} of {len(rules)} rules rest on a page of TikTok's own; the others on what "
        "others report, measured or advise. A claim is reviewed when it was held against newer ones: "
        "`tiktok-coach rules --stale` lists those that nobody has reviewed for a year. "
        "[Every claim](facts.md).\n\n"
        f"{_table(['source', 'page', 'as of', 'whose', 'last review', 'used by'], rows)}\n"
        "## Claims that disagree\n\nNeither side is dropped: your own posts, or a test, decide.\n\n"
        f"{_table(['rule', 'one says', 'another says'], disputes)}"
    )


def _rule_index(rules: list[CompiledRule]) -> str:
    groups: dict[str, list[CompiledRule]] = {}
    for rule in rules:
        groups.setdefault(f"Tip {rule.tip}: {rule.title}" if rule.tip else rule.title, []).append(rule)
    parts = ["# Rules\n", f"{len(rules)} rules. `tiktok-coach rules T401` shows one of them on your terminal.\n"]
    for title, members in groups.items():
        rows = [
            [
                f"[{r.code}]({r.code}.md)",
                r.rule.do,
                r.rule.severity,
                fill_text(r.rule.advice or r.rule.fix, r.params.all_values),
            ]
            for r in members
        ]
        parts.append(f"## {title}\n\n{_table(['code', 'what to do', 'severity', 'how'], rows)}")
    rows = [[code, title, "warning", WHYS[code]] for code, title in TITLES.items()]
    parts.append(
        "## Findings of `lint` on its own comments and measures\n\n"
        + _table(["code", "what is found", "severity", "why"], rows)
    )
    return "\n".join(parts)


def _rule_page(compiled: CompiledRule) -> str:
    rule = compiled.rule
    tip = f"Tip {compiled.tip}: {compiled.title}" if compiled.tip else compiled.title
    facts = [
        ["belongs to", tip],
        ["severity", f"{rule.severity}, confidence {rule.confidence}"],
        ["weight", f"{rule.weight:g} in the score of its tip" if compiled.tip else f"{rule.weight:g}"],
        ["for", f"{' and '.join(rule.applies_to)} posts, one answer for each {rule.scope}"],
        ["needs", supplied_by(rule.field, rule.scope)],
        *([["TikTok's API answers", f"`{rule.error_code}`"]] if rule.error_code else []),
        *([["fixed by", f"`lint --fix` ({rule.fix_kind})"]] if rule.fix_kind else []),
        *([["holds since", rule.since]] if rule.since else []),
    ]
    conditions = [f"only where `{name}` is {_json(value)}" for name, value in rule.when.items()]
    conditions += [f"not where `{name}` is {_json(value)}" for name, value in rule.unless.items()]
    params = params_text(compiled.params)
    check = f"`{rule.check}` of `{rule.field}`" + (f" with {params}" if params else "")
    filled = {
        name: fill_text(text, compiled.params.all_values)
        for name, text in (("fail", rule.message), ("pass", rule.passed))
    }
    parts = [
        f"# {rule.do} ({rule.code})\n",
        _table(["", ""], facts),
        "## What it checks\n",
        f"{_cell('; '.join([check, *conditions]))}.\n",
        f"- A post that passes: *{_cell(filled['pass'])}*\n- A post that fails: *{_cell(filled['fail'])}*\n",
        f"## Why\n\n{_cell(rule.why)}\n",
        f"## What to do\n\n{_cell(fill_text(rule.fix, compiled.params.all_values))}\n",
        *([f"## By goal\n\n{_cell(' '.join(texts))}\n"] if (texts := goal_texts(compiled)) else []),
        *([f"## Keep in mind\n\n{_cell(' '.join(one.text for one in rule.caveats))}\n"] if rule.caveats else []),
        *([f"## What it assumes\n\n{_cell(rule.assumption)}\n"] if rule.assumption else []),
        *([f"## What public accounts show\n\n{_public(rule.code)}"] if compiled.tip else []),
        *([f"## Sources disagree\n\n{_disputes(rule)}"] if rule.disputes else []),
        "## Sources, then and now\n",
        *([f"{hearsay}\n"] if (hearsay := hearsay_text(compiled)) else []),
        _table(["", "as of", "claim", "source", "measured", "last review"], _sources(rule)),
        "## Examples\n",
    ]
    for title, examples in (
        ("Pass", rule.examples.passing),
        ("Fail", rule.examples.failing),
        ("Cannot be judged", rule.examples.unknown),
        ("Does not apply", rule.examples.not_applicable),
    ):
        if examples:
            parts.append(f"{title}:\n\n{_fenced(chr(10).join(_json(example) for example in examples), 'json')}")
    return "\n".join(parts)


def _disputes(rule: Rule) -> str:
    """Claims that disagree, side by side."""
    rows = [
        [f"{claim.claim} ({_linked(claim.name, claim)}, {claim.as_of})" for claim in pair] for pair in rule.disputes
    ]
    return _table(["one says", "another says"], rows)


def _sources(rule: Rule) -> Iterator[list[str]]:
    for when, claim in zip(source_ages(rule), rule.sources, strict=True):
        yield [when, claim.as_of, claim.claim, *_source(claim)]


def _source(claim: Claim) -> list[str]:
    """Who says it, what was measured and how, and when that was last reviewed."""
    name = _linked(claim.name, claim)
    size, effect = claim.n and f"n = {claim.n:,}", claim.effect and f"{claim.effect:g} times"
    measured = ", ".join(filter(None, (size, claim.design, effect)))
    return [f"{name} (TikTok's own)" if claim.primary else name, measured, claim.reviewed or ""]


def _public(code: str) -> str:
    """What posts of public accounts say of a rule, by outcome."""
    rows = [
        [
            outcome,
            one.grade,
            f"{one.effect:.2f} times ({one.interval[0]:.2f} to {one.interval[1]:.2f})",
            f"{one.spread:.2f}",
            f"{one.accounts:,}",
        ]
        for outcome, one in effects_by_outcome(code).items()
        if one.grade != NOT_TESTED
    ]
    heads = ["", "grade", "effect of following (90%)", "spread", "accounts"]
    link = "[What this means, and its limits](../../methods/nine-tips.md).\n"
    return f"{_table(heads, rows)}\n{link}" if rows else "Not tested.\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


if __name__ == "__main__":
    for path, text in pages().items():
        place = Path(sys.argv[1]) / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
