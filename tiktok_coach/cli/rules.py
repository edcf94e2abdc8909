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
    from tiktok_coach.rules.load import CompiledRule


@takes(..., "packs", "config", "select", "ignore")
def rules(
    request: Request,
    check: Path | None = option(None, "Validate the rule files of a folder and run their examples.", metavar="DIR"),
    schema: bool = option(False, "Print the JSON Schema of rule files.", "--schema"),
    output_format: str = output_option("rich", "How to show the list.", choices=("rich", "json", "markdown")),
) -> None:
    """List the rules that hold here: code, severity, weight, what each checks.

    \b
    Examples:
      tiktok-coach rules
      tiktok-coach rules --select T4 --output-format json
      tiktok-coach rules --check my-rules/
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

    listed = list(resolve_settings(request.analysis()).rules)
    if output_format == "json":
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


def as_dict(compiled: CompiledRule) -> dict[str, Any]:
    """A rule as JSON shows it."""
    return {
        "tip": compiled.tip,
        "group": compiled.group,
        "title": compiled.title,
        **compiled.rule.model_dump(by_alias=True),
        "params": compiled.params.model_dump(exclude_none=True),
    }


def print_json(value: Any) -> None:
    """Print a value as JSON on stdout."""
    import json

    from tiktok_coach.render.output import write_pieces

    write_pieces([json.dumps(value, ensure_ascii=False, indent=1) + "\n"], None)


def _markdown(listed: list[CompiledRule]) -> None:
    from tiktok_coach.render.escaping import markdown
    from tiktok_coach.render.output import write_pieces

    heads = (_("code"), _("rule"), _("severity"), _("weight"), _("why"))
    lines = [f"| {' | '.join(heads)} |", "| --- | --- | --- | ---: | --- |"]
    lines += [
        f"| {c.code} | {c.rule.name} | {_(c.rule.severity)} | {c.rule.weight:g} | {markdown(c.rule.why)} |"
        for c in listed
    ]
    write_pieces(["\n".join(lines) + "\n"], None)


def _table(listed: list[CompiledRule]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from tiktok_coach.render.escaping import one_line
    from tiktok_coach.render.output import console_to
    from tiktok_coach.render.pages.page import SEVERITY_STYLES
    from tiktok_coach.rules.findings import params_text

    with console_to(None) as console:
        group = None
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        for name in (N_("code"), N_("rule"), N_("severity"), N_("weight"), N_("passes when")):
            table.add_column(_(name), justify="right" if name == "weight" else "left")
        for compiled in listed:
            rule = compiled.rule
            if compiled.group != group:
                group = compiled.group
                table.add_section()
                title = f"{compiled.tip}. {compiled.title}" if compiled.tip is not None else compiled.title
                table.add_row("", Text(one_line(title), style="bold"))
            passes = _(
                "{check} of {field}: {parameters}",
                check=rule.check,
                field=rule.field,
                parameters=params_text(compiled.params),
            )
            severity = Text(_(rule.severity), style=SEVERITY_STYLES[rule.severity])
            passes_when = Text(one_line(passes.rstrip(": "), 60))
            table.add_row(rule.code, rule.name, severity, f"{rule.weight:g}", passes_when)
        console.print(table)
        console.print(Text(_("tiktok-coach rule CODE explains one: why, fix, sources, examples"), style="dim"))
