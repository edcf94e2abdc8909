"""rules: lists the rules, checks a user's own, and gives the JSON Schema of rule files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tiktok_coach.cli.options import option, output_option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_, _, plural

if TYPE_CHECKING:
    import datetime as dt

    from tiktok_coach.rules.load import CompiledRule
    from tiktok_coach.stats.public_record import Grade, PublicEffect

# The weight of a rule is shown on terminals so wide; `rule CODE` shows it on any.
ROOM = 100


@takes(..., "packs", "config", "select", "ignore", "today")
def rules(
    request: Request,
    check: Path | None = option(None, "Validate the rule files of a folder and run their examples.", metavar="DIR"),
    schema: bool = option(False, "Print the JSON Schema of rule files.", "--schema"),
    stale: bool = option(False, "List the sources that nobody has reviewed for more than a year.", "--stale"),
    output_format: str = output_option("rich", "How to show the list.", choices=("rich", "json", "markdown")),
) -> None:
    """List the rules: what to do, how severe and how weighty each is, and what public accounts say of it.

    \b
    Examples:
      tiktok-coach rules
      tiktok-coach rules --select T4 --output-format json
      tiktok-coach rules --check my-rules/
      tiktok-coach rules --stale --output-format json
      tiktok-coach rules --schema > rules.schema.json
    """
    if schema:
        from tiktok_coach.cli.schema import schema_text
        from tiktok_coach.render.output import write_pieces

        write_pieces([schema_text("rules")], None)
        return
    if check is not None:
        _check(check)
        return
    from tiktok_coach.analysis.settings import resolve_settings

    options = request.analysis()
    listed = list(resolve_settings(options).rules)
    if stale:
        _stale(listed, options.today or options.now.date(), output_format)
    elif output_format == "json":
        print_json({"schema_version": "1", "rules": [as_dict(rule) for rule in listed]})
    elif output_format == "markdown":
        _markdown(listed)
    else:
        _table(listed)


def _check(folder: Path) -> None:
    from tiktok_coach.rules.examples import failures
    from tiktok_coach.rules.load import load_rules, rulebook

    if not folder.exists():
        raise CoachError(_("no such file or folder"), where=str(folder))
    pack_rules = load_rules([folder])
    if folder.resolve() != rulebook().resolve():
        load_rules([rulebook(), folder])
    problems = [line for rule in pack_rules for line in failures(rule)]
    for line in problems:
        typer.echo(line)
    count = sum(len(examples) for rule in pack_rules for _kind, examples in rule.rule.examples)
    rules = plural("{count} rule", "{count} rules", len(pack_rules))
    examples = plural("{count} example", "{count} examples", count)
    typer.echo(_("{rules}, {examples}, {wrong} wrong", rules=rules, examples=examples, wrong=len(problems)))
    if problems:
        raise typer.Exit(1)


def _stale(listed: list[CompiledRule], today: dt.date, output_format: str) -> None:
    """Show the claims whose last review is more than a year ago: each in JSON, else by source."""
    from tiktok_coach.render.output import write_pages
    from tiktok_coach.render.pages.page import Page, Table, TextColumn, columns

    claims = [(rule.code, claim) for rule in listed for claim in rule.rule.sources if claim.is_stale(today)]
    claims.sort(key=lambda one: one[1].last_review)
    if output_format == "json":
        ledger = [{"code": code, "last_review": claim.last_review, **claim.model_dump()} for code, claim in claims]
        print_json({"schema_version": "1", "as_of": today.isoformat(), "stale": ledger})
        return
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
    part = Table("", heads, rows) if rows else _("Every source was reviewed within a year.")
    write_pages([Page(_("Sources to review"), [part])], output_format, None)


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


def as_dict(compiled: CompiledRule) -> dict[str, Any]:
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
        "grade": grade_of(compiled),
        "public": public,
    }


def print_json(value: Any) -> None:
    """Print a value as JSON on stdout."""
    import json

    from tiktok_coach.render.output import write_pieces

    write_pieces([json.dumps(value, ensure_ascii=False, indent=1) + "\n"], None)


def _markdown(listed: list[CompiledRule]) -> None:
    from tiktok_coach.render.escaping import markdown
    from tiktok_coach.render.output import write_pieces

    heads = (_("code"), _("what to do"), _("severity"), _("weight"), _("public accounts"), _("why"))
    lines = [f"| {' | '.join(heads)} |", "| --- | --- | --- | ---: | --- | --- |"]
    for compiled in listed:
        rule, grade = compiled.rule, grade_text(compiled)
        cells = (rule.code, markdown(rule.do), _(rule.severity), f"{rule.weight:g}", grade, markdown(rule.why))
        lines.append(f"| {' | '.join(cells)} |")
    write_pieces(["\n".join(lines) + "\n"], None)


def _table(listed: list[CompiledRule]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from tiktok_coach.render.escaping import one_line
    from tiktok_coach.render.output import console_to
    from tiktok_coach.render.pages.page import SEVERITY_STYLES

    with console_to(None) as console:
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
        console.print(Text(_("tiktok-coach rule CODE explains one."), style="dim"))
