"""Loads rule files and compiles them: the checks and their parameters are proven before any post is looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from functools import cache
from gettext import NullTranslations
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tiktok_coach.core.account import Account
from tiktok_coach.core.config import Config, config_document
from tiktok_coach.core.documents.document import Document, read_yaml, validate, with_schema_id
from tiktok_coach.core.errors import CoachError, did_you_mean, together
from tiktok_coach.core.package_cache import load_or_make
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import COLUMNS, METRICS
from tiktok_coach.core.translation import _, current_speech
from tiktok_coach.rules.kind import NUMBERS, TEXTS, CheckKind, Params, built_in_kinds, find_kind, plugin_kinds
from tiktok_coach.rules.lint_codes import NAMES
from tiktok_coach.rules.model import Rule, RuleFile, translate_rule
from tiktok_coach.rules.phrases import fill_text, terms_in
from tiktok_coach.rules.sources import FILE as LEDGER
from tiktok_coach.rules.sources import Ledger, complete_rule, load_ledger
from tiktok_coach.rules.subjects import ACCOUNT_FACTS, DAY_FACTS, DERIVED_FIELDS, DERIVED_TEXTS, MONTH_FACTS
from tiktok_coach.rules.suggestions import SUGGESTIONS

# What the settings say of an account, as rules about its posts and days may read it too.
SETTINGS = frozenset(ACCOUNT_FACTS) & {field.name for field in fields(Account)}
COMMON_TERMS = frozenset({"code"})
# Texts that speak of no post in particular, so that only the rule's parameters can fill them in.
OF_NO_POST = frozenset({"title", "do", "advice"})
# Signals, words, and the ledger of sources, are data of the rulebook too, but no rules.
_DATA = ("signals", "outlook", "facts", "public", "benchmarks", "views", "rewards", "promotion", "retention")
NOT_RULES = frozenset({*(f"{name}.yaml" for name in (*_DATA, "opening-words")), LEDGER})


@dataclass(frozen=True)
class CompiledRule:
    """A rule that can run, in the language in use, with its file's tip or group, title and summary (of a tip).

    The `template` is the rule before its title and what to do are filled in with its parameters. `replaces` are the
    rules whose place it takes for its goals, and `replaced_by` those that take its own; see `link_replacements`.
    """

    rule: Rule
    template: Rule
    tip: int | None
    group: str
    title: str
    summary: str
    kind: CheckKind
    params: Params
    where: str
    replaces: tuple[CompiledRule, ...] = ()
    replaced_by: tuple[CompiledRule, ...] = ()

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def has_alternatives(self) -> bool:
        """Whether another rule holds in its place for some goals, or it in another's."""
        return bool(self.replaces or self.replaced_by)

    @property
    def source_column(self) -> str:
        """The column of a post from which the rule's field follows."""
        return DERIVED_FIELDS.get(self.rule.field, self.rule.field)

    @property
    def is_cause(self) -> bool:
        """Whether it is a tip's rule on what a creator chose for a post, which may change what becomes of the post."""
        of_posts = self.rule.scope == "post" and "published" in self.rule.applies_to
        reads_results = self.kind.reads_results or self.source_column in METRICS
        return self.tip is not None and of_posts and not reads_results


@cache
def rulebook() -> Path:
    """The folder of the rules that come with the package: inside a wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "rulebook"
    return shipped if shipped.is_dir() else package.parent / "rules"


def load_rules(folders: Iterable[Path]) -> list[CompiledRule]:
    """Every rule of the YAML files in `folders`, by file name and place. Raises CoachError for a faulty one."""
    rules: dict[str, CompiledRule] = {}
    for folder in folders:
        files = sorted(p for p in ([folder] if folder.is_file() else folder.glob("*.y*ml")) if p.name not in NOT_RULES)
        if not files:
            raise CoachError(_("has no rule files (*.yaml)"), where=str(folder), hint=_("name a folder of rules"))
        for rule in _shipped_rules(files) if folder == rulebook() else chain.from_iterable(map(load_file, files)):
            if rule.code in rules:
                problem = _("the code {code} is in {seen} already", code=rule.code, seen=rules[rule.code].where)
                raise CoachError(problem, where=rule.where, hint=_("give it another"))
            rules[rule.code] = rule
    return link_replacements(list(rules.values()))


def link_replacements(rules: Sequence[CompiledRule]) -> list[CompiledRule]:
    """The rules, each with those whose place it takes for some goals, and with those that take its own.

    A code of `instead_of` that none of them has is left out: it may be of a rule in another folder.
    """
    # Few rules are part of this, and those that are not stay as they are.
    linked = {code for rule in rules if rule.rule.instead_of for code in (rule.code, *rule.rule.instead_of)}
    plain = {rule.code: replace(rule, replaces=(), replaced_by=()) for rule in rules if rule.code in linked}
    replaced_by: dict[str, list[CompiledRule]] = {}
    for rule in plain.values():
        for code in rule.rule.instead_of:
            replaced_by.setdefault(code, []).append(rule)
    links = {
        code: replace(
            rule,
            replaces=tuple(plain[other] for other in rule.rule.instead_of if other in plain),
            replaced_by=tuple(replaced_by.get(code, ())),
        )
        for code, rule in plain.items()
    }
    return [links.get(rule.code, rule) for rule in rules]


def load_file(path: Path) -> list[CompiledRule]:
    """The rules of one file."""
    return compile_rules(read_yaml(_text_of(path), str(path)), load_ledger(rulebook(), path.parent))


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CoachError(_("the rule file cannot be read"), where=str(path), hint=_("save it as UTF-8")) from error


def _shipped_rules(files: Sequence[Path]) -> tuple[CompiledRule, ...]:
    """The rules of files of the package, compiled once a language."""
    texts = tuple((str(path), _text_of(path)) for path in files)
    return _compile_shipped(texts, current_speech().catalogue)


@cache
def _compile_shipped(texts: tuple[tuple[str, str], ...], _catalogue: NullTranslations) -> tuple[CompiledRule, ...]:
    sources = [*chain.from_iterable(texts), _text_of(rulebook() / LEDGER)]

    def compile_all() -> tuple[CompiledRule, ...]:
        ledger = load_ledger(rulebook())
        return tuple(rule for where, text in texts for rule in compile_rules(read_yaml(text, where), ledger))

    return load_or_make("rules", sources, compile_all)


def compile_rules(document: Document, ledger: Ledger = MappingProxyType({})) -> list[CompiledRule]:
    """The rules of a file that is read, their claims completed by a ledger of sources.

    Raises CoachError, with the place, for what is wrong with one.
    """
    file = validate(RuleFile, document)
    rules: list[CompiledRule] = []
    faults: list[CoachError] = []
    for position, rule in enumerate(file.rules):
        try:
            rules.append(_compiled(complete_rule(rule, ledger), file, document, position))
        except CoachError as error:
            faults.append(error)
    if faults:
        raise together(faults)
    return rules


def _compiled(rule: Rule, file: RuleFile, document: Document, position: int) -> CompiledRule:
    def place(*steps: Any) -> str:
        line = document.line_of(("rules", position, *steps))
        return f"{document.where}:{line}" if line else document.where

    code, kind = rule.code, find_kind(rule.check)
    if kind is None:
        hint = _("use one of {names}", names=", ".join([*built_in_kinds(), *plugin_kinds()]))
        problem = _("{code} has no kind of check {check!r}", code=code, check=rule.check)
        raise CoachError(problem, where=place("check"), hint=hint)
    _check_fields(rule, kind, place)
    params = parameters(kind, code, document.part(rule.params, ("rules", position, "params")))
    own_terms = set(kind.params.model_fields)
    for key in ("title", "do", "message", "passed", "fix", "advice"):
        of_posts = COMMON_TERMS | kind.terms | set(SUGGESTIONS.get(rule.field, ()))
        known = own_terms if key in OF_NO_POST else own_terms | of_posts
        unknown = terms_in(getattr(rule, key) or "") - known
        if unknown:
            terms = {"code": code, "key": key, "name": min(unknown), "kind": kind.name}
            problem = _("{code} {key} fills in {{{name}}}, which {kind} does not give", **terms)
            raise CoachError(problem, where=place(key), hint="use " + ", ".join(sorted(known)))
    group = f"tip {file.tip}" if file.tip is not None else file.group or ""
    title, summary = _(file.title), "" if file.summary is None else _(file.summary)
    template = translate_rule(rule)
    filled = _fill_in(template, params)
    return CompiledRule(filled, template, file.tip, group, title, summary, kind, params, place("code"))


def _fill_in(template: Rule, params: Params) -> Rule:
    """The rule whose title and what to do name its parameters."""
    texts = {name: fill_text(getattr(template, name), params.all_values) for name in ("title", "do")}
    return template.model_copy(update=texts)


def parameters(kind: CheckKind, code: str, document: Document) -> Params:
    """The parameters of a check, validated. Raises CoachError naming the rule and each faulty parameter."""
    try:
        return validate(kind.params, document)
    except CoachError as error:
        faults = (error, *error.others)
        named = [replace(one, problem=f"{code} ({kind.name}) {one.problem}", others=()) for one in faults]
        raise together(named) from error


def field_kinds(scope: str) -> dict[str, str]:
    """The kind of every field that a rule about posts, days, months or accounts may read."""
    facts = {f"account.{name}": ACCOUNT_FACTS[name][0] for name in SETTINGS}
    if scope == "account":
        return {name: kind for name, (kind, _hint) in ACCOUNT_FACTS.items()} | facts
    if scope == "post":
        derived = {name: "text" if name in DERIVED_TEXTS else "number" for name in DERIVED_FIELDS}
        return {name: column.kind for name, column in COLUMNS.items()} | derived | facts
    return dict.fromkeys(DAY_FACTS if scope == "day" else MONTH_FACTS, "number") | facts


def _check_fields(rule: Rule, kind: CheckKind, place: Callable[..., str]) -> None:
    """Raises CoachError for a field that there is not, or that the check, or a condition, cannot read."""
    code, field, scope, kinds = rule.code, rule.field, rule.scope, field_kinds(rule.scope)
    if field not in kinds:
        problem = _("{code} reads {field!r}, which no {scope} has", code=code, field=field, scope=scope)
        names = ", ".join(sorted(k for k in kinds if not k.startswith("account.")))
        raise CoachError(problem, where=place("field"), hint=_("use one of {names}", names=names))
    if kinds[field] not in kind.fields:
        terms = {"code": code, "column": kinds[field], "kind": kind.name, "kinds": ", ".join(sorted(kind.fields))}
        problem = _("{code} checks {field}, a {column}, by {kind}, which reads {kinds}", field=field, **terms)
        raise CoachError(problem, where=place("field"))
    for key, name, value in ((k, n, v) for k in ("when", "unless") for n, v in getattr(rule, k).items()):
        terms = {"code": code, "key": key, "name": name, "scope": scope, "value": value}
        if name == "goal":
            problem = _("{code} {key} names the goal, which is also the account's", **terms)
            raise CoachError(problem, where=place(key, name), hint=_("write goals: [{goal}]", goal=value))
        if name not in kinds:
            raise CoachError(_("{code} {key} names {name!r}, which no {scope} has", **terms), where=place(key, name))
        if not _can_equal(kinds[name], value):
            raise CoachError(_("{code} {key}: {name} is never {value!r}", **terms), where=place(key, name))


def _can_equal(kind: str, value: Any) -> bool:
    """Whether a field of a kind can have a value, or one of a list."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(v, (str, bool, int, float)) for v in values) or kind not in NUMBERS | TEXTS:
        return False
    with suppress(ValueError):
        return kind in TEXTS or bool([float(v) for v in values])
    return False


def select_rules(
    rules: Sequence[CompiledRule], select: Sequence[str], ignore: Sequence[str], beside: Collection[str] = ()
) -> list[CompiledRule]:
    """The rules whose code begins with one of `select` (all, where it is empty) and with none of `ignore`.

    The longer prefix wins, so that `--ignore T4 --select T401` keeps T401. Codes `beside`, which are no rules, may be
    named too. Raises CoachError for a prefix that fits no code, and for a choice that leaves none.
    """
    codes = [*(rule.code for rule in rules), *beside]
    check_prefixes([*select, *ignore], codes)
    if codes and not any(is_selected(code, select, ignore) for code in codes):
        terms = {"select": ", ".join(filter(None, select)) or _("all"), "ignore": ", ".join(ignore)}
        hint = _("the longer prefix wins: --ignore T4 --select T401 runs T401")
        raise CoachError(_("select {select} and ignore {ignore} leave no rule", **terms), hint=hint)
    return [rule for rule in rules if is_selected(rule.code, select, ignore)]


def check_prefixes(prefixes: Sequence[str], codes: Collection[str]) -> None:
    """Raise CoachError for a prefix that begins none of these codes, and none of lint's."""
    for prefix in prefixes:
        if (fault := _prefix_fault(prefix, codes)) is not None:
            raise fault


def _prefix_fault(prefix: str, codes: Collection[str]) -> CoachError | None:
    """What is wrong with a prefix that begins none of these codes, and none of lint's, which it may name anywhere."""
    known = [*codes, *NAMES]
    if any(code.startswith(prefix) for code in known):
        return None
    hint = did_you_mean(prefix, known) or _("`tiktok-coach rules` lists them")
    return CoachError(_("no rule's code begins with {prefix!r}", prefix=prefix), hint=hint)


def is_selected(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Whether the longest prefix that speaks of a code selects it; an empty `select` speaks of all."""

    def longest(prefixes: Sequence[str]) -> int:
        return max((len(p) for p in prefixes if code.startswith(p)), default=-1)

    return longest(select or [""]) > longest(ignore)


def apply_rule_settings(rules: Sequence[CompiledRule], config: Config) -> list[CompiledRule]:
    """The rules with a user's parameters, weights and severities.

    Raises CoachError for codes that no rule has, of choices too, and for parameters that a rule's check does not take.
    """
    by_code = {rule.code: rule for rule in rules}
    choices: dict[tuple[str | int, ...], str]
    choices = {(key, at): code for key in ("select", "ignore") for at, code in enumerate(getattr(config, key))}
    for pattern, codes in config.lint.per_path_ignores.items():
        choices |= {("lint", "per_path_ignores", pattern, at): code for at, code in enumerate(codes)}
    wrong = {path: fault for path, code in choices.items() if (fault := _prefix_fault(code, by_code)) is not None}
    if not config.rules and not wrong:
        return list(rules)
    document = config_document(Path(config.where)) if config.where else Document({}, _("the config file"))
    faults = [document.fault(fault.problem, path, fault.hint) for path, fault in wrong.items()]
    for code, setting in config.rules.items():
        if code not in by_code:
            hint = did_you_mean(code, by_code) or _("`tiktok-coach rules` lists them")
            problem = _("rules: no rule has the code {code}", code=code)
            faults.append(document.fault(problem, ("rules", code), hint, key=True))
            continue
        compiled = by_code[code]
        params = {**compiled.template.params, **setting.params}
        changes = {"weight": setting.weight, "severity": setting.severity, "params": params}
        template = compiled.template.model_copy(update={k: v for k, v in changes.items() if v is not None})
        try:
            used = parameters(compiled.kind, code, document.part(params, ("rules", code, "params")))
        except CoachError as error:
            faults += [error]
        else:
            by_code[code] = replace(compiled, rule=_fill_in(template, used), template=template, params=used)
    if faults:
        raise together(faults)
    return link_replacements(list(by_code.values()))


def rules_schema() -> dict[str, Any]:
    """A rule file's JSON Schema (draft 2020-12); `params` depends on the kind of check."""
    schema = RuleFile.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    rule = definitions["Rule"]
    rule["properties"]["check"]["enum"] = sorted(built_in_kinds())
    conditions = []
    for name, kind in sorted(built_in_kinds().items()):
        params = kind.params.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= params.pop("$defs", {})
        definitions[f"params_{name}"] = params
        then = {"properties": {"params": {"$ref": f"#/$defs/params_{name}"}}}
        conditions.append({"if": {"properties": {"check": {"const": name}}, "required": ["check"]}, "then": then})
    rule["allOf"] = conditions
    return with_schema_id("rules", schema)
