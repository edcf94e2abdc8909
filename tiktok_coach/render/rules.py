"""The rules as a list: on a terminal, in Markdown and in JSON; and the sources that are to be reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tiktok_coach.core.translation import N_, _

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from tiktok_coach.render.pages.page import Page
    from tiktok_coach.rules.load import CompiledRule
    from tiktok_coach.rules.model import Claim
    from tiktok_coach.stats.public_record import Grade, PublicEffect

# The weight of a rule is shown on terminals so wide; `rules CODE` shows it on any.
ROOM = 100


def stale_claims(listed: Sequence[CompiledRule], today: dt.date) -> list[tuple[str, Claim]]:
    """The claims whose last review is more than a year ago, each with its rule's code; the oldest first."""
    claims = [(rule.code, claim) for rule in listed for claim in rule.rule.sources if claim.is_stale(today)]
    return sorted(claims, key=lambda one: one[1].last_review)


def stale_json(claims: Sequence[tuple[str, Claim]], today: dt.date) -> str:
    """Stale claims, each for itself."""
    ledger = [{"code": code, "last_review": claim.last_review, **claim.model_dump()} for code, claim in claims]
    return as_json({"schema_version": "1", "as_of": today.isoformat(), "stale": ledger})


def stale_page(claims: Sequence[tuple[str, Claim]]) -> Page:
    """Stale claims by their sources."""
    from tiktok_coach.render.pages.page import Page, Table, TextColumn, columns

    sources: dict[tuple[str, str], list[str]] = {}
    for code, claim in claims:
        sources.setdefault((claim.last_review, claim.name), []).append(code)
    rows = [
        [reviewed, name, f"{len(codes)}", ", ".join(dict.fromkeys(codes))]
        for (reviewed, name), codes in sources.items()
    ]
    heads = columns(
        TextColumn(N_("last review")),
        TextColumn(N_("source"), wraps=True),
        N_("claims"),
        TextColumn(N_("rules"), wraps=True),
    )
    if not rows:
        return Page(_("Sources to review"), [_("Every source was reviewed within a year.")])
    todo = _(
        "Nobody has compared these claims with newer ones for more than a year. Do so, then write the day as "
        "`reviewed` into the rule, or into sources.yaml for all claims of a source."
    )
    return Page(_("Sources to review"), [todo, Table("", heads, rows)])


def effects_by_outcome(code: str) -> dict[str, PublicEffect]:
    """What posts of public accounts say of a rule, by outcome; empty where nobody could tell."""
    from tiktok_coach.rules.load import rulebook
    from tiktok_coach.stats.bands import load_bands
    from tiktok_coach.stats.public_record import load_public_record

    record, bands = load_public_record(rulebook()), load_bands(rulebook())
    effects = {name: record.rule_effect(code, name, bands) for name in dict.fromkeys(e.outcome for e in record.effects)}
    return {name: effect for name, effect in effects.items() if effect is not None}


def grade_of(compiled: CompiledRule) -> Grade | None:
    """What public accounts' views say of a tip's rule; None for a rule of no tip."""
    from tiktok_coach.rules.load import rulebook
    from tiktok_coach.stats.bands import load_bands
    from tiktok_coach.stats.public_record import GRADED_BY, load_public_record

    if compiled.tip is None:
        return None
    return load_public_record(rulebook()).grade(compiled.code, GRADED_BY, load_bands(rulebook()))


def grade_text(compiled: CompiledRule) -> str:
    """The grade in the language that is spoken; empty for a rule of no tip."""
    grade = grade_of(compiled)
    return "" if grade is None else _(grade)


def rule_facts(compiled: CompiledRule) -> dict[str, Any]:
    """A rule as JSON shows it."""
    from tiktok_coach.render.values import number, pair

    public = {
        name: {
            **effect.model_dump(exclude={"outcome"}),
            "effect": number(effect.effect),
            "interval": pair(*effect.interval),
            "moderators": [
                {"by": one.by, "per": one.per, "factor": number(one.factor), "interval": pair(*one.interval)}
                for one in effect.moderators
            ],
            "grade": effect.grade,
        }
        for name, effect in effects_by_outcome(compiled.code).items()
    }
    return {
        "tip": compiled.tip,
        "group": compiled.group,
        "tip_title": compiled.title,
        **compiled.rule.model_dump(by_alias=True),
        "params": compiled.params.model_dump(exclude_none=True),
        "contested": bool(compiled.rule.disputes),
        "grade": grade_of(compiled),
        "public": public,
    }


def as_json(value: Any) -> str:
    """A value as JSON."""
    import json

    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def rules_json(listed: Sequence[CompiledRule]) -> str:
    """The rules, each with all that its file says."""
    return as_json({"schema_version": "1", "rules": [rule_facts(rule) for rule in listed]})


def rules_markdown(listed: Sequence[CompiledRule]) -> str:
    """The rules as a table in Markdown."""
    from tiktok_coach.render.escaping import markdown

    heads = (_("code"), _("what to do"), _("severity"), _("weight"), _("public accounts"), _("why"))
    lines = [f"| {' | '.join(heads)} |", "| --- | --- | --- | ---: | --- | --- |"]
    for compiled in listed:
        rule, grade = compiled.rule, grade_text(compiled)
        cells = (rule.code, markdown(rule.do), _(rule.severity), f"{rule.weight:g}", grade, markdown(rule.why))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def print_rules(listed: Sequence[CompiledRule], path: Path | None) -> None:
    """Show the rules on stdout or in a file, by tip."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from tiktok_coach.render.escaping import one_line
    from tiktok_coach.render.output import console_to
    from tiktok_coach.render.pages.page import SEVERITY_STYLES

    with console_to(path) as console:
        group = None
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        heads = [N_("code"), N_("what to do"), N_("severity"), N_("public accounts"), N_("weight")]
        for name in heads if console.width >= ROOM else heads[:-1]:
            table.add_column(_(name), justify="right" if name == "weight" else "left")
        for compiled in listed:
            rule = compiled.rule
            if compiled.group != group:
                group = compiled.group
                table.add_section()
                title = f"{compiled.tip}. {compiled.title}" if compiled.tip is not None else compiled.title
                table.add_row("", Text(one_line(title), style="bold"))
            severity = Text(_(rule.severity), style=SEVERITY_STYLES[rule.severity])
            cells = (rule.code, Text(rule.do), severity, grade_text(compiled), f"{rule.weight:g}")
            table.add_row(*cells[: len(table.columns)])
        console.print(table)
        console.print(Text(_("tiktok-coach rules CODE explains one."), style="dim"))
