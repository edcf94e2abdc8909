"""Loads rule files and compiles them: the checks and their parameters are proven before any post is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tiktok_coach.core.documents.document import Document, read_yaml, validate
from tiktok_coach.core.documents.validation_errors import translate_error
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _
from tiktok_coach.rules.kind import CheckKind, Params, kinds
from tiktok_coach.rules.model import Rule, RuleFile
from tiktok_coach.rules.subjects import ACCOUNT_FACTS, DAY_FACTS, MONTH_FACTS
from tiktok_coach.rules.translation import translate_rule

DERIVED_FIELDS: dict[str, str] = {
    "shown_caption": "caption",
    "hashtag_count": "caption",
    "repeated_hashtags": "caption",
    "asks_question": "caption",
    "aspect_ratio": "width",
    "short_side": "width",
    "media": "kind",
    "answered_share": "replied_comments",
    "early_drop": "retention_3s",
    "held_to_5": "retention_5s",
}
COMMON_TERMS = frozenset({"code"})
# Signals are data of the rulebook too, but no rules.
NOT_RULES = frozenset({"signals.yaml", "outlook.yaml"})


@dataclass(frozen=True)
class CompiledRule:
    """A rule that can run, in the language that is spoken: its file's tip or group and title, its kind of check, and its parameters."""

    rule: Rule
    tip: int | None
    group: str
    title: str
    kind: CheckKind
    params: Params
    where: str

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code


def rulebook() -> Path:
    """The folder of the rules that come with the package: inside a wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "rulebook"
    return shipped if shipped.is_dir() else package.parent / "rules"


def load_rules(folders: Iterable[Path]) -> list[CompiledRule]:
    """Every rule of every YAML file in `folders`, in order of file name and place. Raises CoachError for a faulty one."""
    compiled: list[CompiledRule] = []
    seen: dict[str, str] = {}
    for folder in folders:
        files = sorted(p for p in ([folder] if folder.is_file() else folder.glob("*.y*ml")) if p.name not in NOT_RULES)
        if not files:
            raise CoachError(_("holds no rule files (*.yaml)"), where=str(folder), hint=_("name a folder of rules"))
        for path in files:
            for rule in load_file(path):
                if rule.code in seen:
                    raise CoachError(
                        _("the code {code} stands in {seen} already", code=rule.code, seen=seen[rule.code]),
                        where=rule.where,
                        hint=_("give it another"),
                    )
                seen[rule.code] = rule.where
                compiled.append(rule)
    return compiled


def load_file(path: Path) -> list[CompiledRule]:
    """The rules of one file."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CoachError(_("the rule file cannot be read"), where=str(path), hint=_("save it as UTF-8")) from error
    document = read_yaml(text, str(path))
    file = validate(RuleFile, document)
    return [_compiled(rule, file, document, position) for position, rule in enumerate(file.rules)]


def _compiled(rule: Rule, file: RuleFile, document: Document, position: int) -> CompiledRule:
    def place(*steps: Any) -> str:
        line = document.line_of(("rules", position, *steps))
        return f"{document.where}:{line}" if line else document.where

    kind = kinds().get(rule.check)
    if kind is None:
        raise CoachError(
            _("{code} has no kind of check {check!r}", code=rule.code, check=rule.check),
            where=place("check"),
            hint=_("use one of {names}", names=", ".join(kinds())),
        )
    _known_fields(rule, place)
    params = parameters(kind, rule.params, rule.code, place("params"))
    terms = COMMON_TERMS | kind.terms | set(kind.params.model_fields)
    for key in ("message", "passed", "fix", "advice"):
        known = terms if key != "advice" else set(kind.params.model_fields)
        unknown = terms_in(getattr(rule, key) or "") - known
        if unknown:
            raise CoachError(
                _(
                    "{code} {key} fills in {{{name}}}, which {kind} does not give",
                    code=rule.code,
                    key=key,
                    name=min(unknown),
                    kind=kind.name,
                ),
                where=place(key),
                hint="use " + ", ".join(sorted(known)),
            )
    group = f"tip {file.tip}" if file.tip is not None else file.group or ""
    return CompiledRule(translate_rule(rule), file.tip, group, _(file.title), kind, params, place("code"))


def parameters(kind: CheckKind, given: Mapping[str, Any], code: str, where: str) -> Params:
    """The parameters of a check, validated. Raises CoachError naming the rule and the parameter."""
    try:
        return kind.params.model_validate(dict(given))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = ".".join(map(str, fault["loc"])) or "params"
        problem = (
            _("unknown parameter {name}", name=name)
            if fault["type"] == "extra_forbidden"
            else f"{name}: {translate_error(fault)}"
        )
        raise CoachError(
            f"{code} ({kind.name}) {problem}",
            where=where,
            hint=_("it takes {names}", names=", ".join(kind.params.model_fields) or "none"),
        ) from error


def terms_in(text: str) -> set[str]:
    """The names of the places that a text fills in."""
    import string

    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _known_fields(rule: Rule, place: Any) -> None:
    fields = {
        "post": {*COLUMNS, *DERIVED_FIELDS},
        "day": set(DAY_FACTS),
        "month": set(MONTH_FACTS),
        "account": set(ACCOUNT_FACTS),
    }[rule.scope]
    if rule.field not in fields and not rule.field.startswith("account."):
        raise CoachError(
            _("{code} reads {field!r}, which no {scope} has", code=rule.code, field=rule.field, scope=rule.scope),
            where=place("field"),
            hint=_("use one of {names}", names=", ".join(sorted(fields))),
        )
    for key in ("when", "unless"):
        for name in getattr(rule, key):
            if name not in fields and name.removeprefix("account.") not in ACCOUNT_FACTS:
                raise CoachError(
                    _(
                        "{code} {key} names {name!r}, which no {scope} has",
                        code=rule.code,
                        key=key,
                        name=name,
                        scope=rule.scope,
                    ),
                    where=place(key, name),
                )


def select_rules(rules: Sequence[CompiledRule], select: Sequence[str], ignore: Sequence[str]) -> list[CompiledRule]:
    """The rules whose code begins with one of `select` (all, where it is empty) and with none of `ignore`.

    The longer prefix wins, so that `--ignore T4 --select T401` keeps T401. Raises CoachError for one that fits no rule.
    """
    for prefix in (*select, *ignore):
        if not any(rule.code.startswith(prefix) for rule in rules):
            raise CoachError(
                _("no rule's code begins with {prefix!r}", prefix=prefix), hint=_("`tiktok-coach rules` lists them")
            )

    return [r for r in rules if is_selected(r.code, select, ignore)]


def is_selected(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Whether the longest prefix that speaks of a code selects it; an empty `select` speaks of all."""

    def longest(prefixes: Sequence[str]) -> int:
        return max((len(p) for p in prefixes if code.startswith(p)), default=-1)

    return longest(select or [""]) > longest(ignore)


def apply_rule_settings(rules: Sequence[CompiledRule], settings: Mapping[str, Any], where: str) -> list[CompiledRule]:
    """The rules with a user's parameters, weights and severities. Raises CoachError for a code that no rule has."""
    by_code = {rule.code: rule for rule in rules}
    for code, setting in settings.items():
        rule = by_code.get(code)
        if rule is None:
            raise CoachError(
                _("rules: no rule has the code {code}", code=code),
                where=where,
                hint=_("`tiktok-coach rules` lists them"),
            )
        changes = {
            "weight": setting.weight,
            "severity": setting.severity,
            "params": {**rule.rule.params, **setting.params},
        }
        altered = rule.rule.model_copy(update={k: v for k, v in changes.items() if v is not None})
        params = parameters(rule.kind, altered.params, code, where)
        by_code[code] = CompiledRule(altered, rule.tip, rule.group, rule.title, rule.kind, params, rule.where)
    return list(by_code.values())
