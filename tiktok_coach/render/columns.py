"""The columns of sheets as they were understood: a page, JSON, and the mapping to paste into a config."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tiktok_coach.analysis.columns import SCHEMA_VERSION, SheetColumns
from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.io.columns.inference import ColumnMapping, MappedColumn
from tiktok_coach.io.columns.names import BARE
from tiktok_coach.io.columns.order import as_options
from tiktok_coach.render.escaping import json_text, one_line

SHOWN = 24


def print_columns(sheets: Sequence[SheetColumns], console: Console) -> None:
    """Print how each column was understood."""
    for sheet in sheets:
        named = f"{sheet.file}: {_(sheet.format)}" if sheet.format else sheet.file
        console.print(Text(one_line(named), style="bold"))
        if sheet.problem is not None:
            console.print(Text(one_line(f"  {sheet.problem.advice}"), style="red"))
        if sheet.mapping is None:
            console.print(Text("  " + _("holds no table") if sheet.problem is None else "", style="dim"))
            continue
        console.print(_table(sheet.mapping))
        _print_open(sheet.mapping, console)
        if sheet.is_configurable and sheet.mapping.headings:
            console.print(Text(_("for tiktok-coach.yaml:"), style="dim"))
            console.print(Text(block([sheet]).rstrip()), soft_wrap=True)
            console.print()


def _table(mapping: ColumnMapping) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in (N_("column"), N_("taken for"), N_("sure"), N_("because"), N_("values")):
        table.add_column(_(name), justify="right" if name == "sure" else "left", overflow="fold")
    for column in mapping.columns:
        values = " · ".join(one_line(value, SHOWN) for value in column.samples)
        style = "" if column.fact else "dim"
        table.add_row(
            Text(one_line(column.heading, 40), style=style),
            Text(column.fact or _("left"), style=_style(column)),
            Text(format_value(column.confidence, ".0%") if column.fact else "", style=style),
            Text(one_line(_(column.why), 60), style=style),
            Text(values, style="dim"),
        )
    return table


def _style(column: MappedColumn) -> str:
    if column.fact is None:
        return "dim"
    return "green" if column.confidence >= BARE else "yellow"


def _print_open(mapping: ColumnMapping, console: Console) -> None:
    for question in mapping.questions:
        console.print(Text(f"? {one_line(question)}", style="yellow"))
    if mapping.misplaced:
        named = ", ".join(one_line(repr(name)) for name in mapping.misplaced)
        console.print(Text("! " + _("headings that do not go with their values: {named}", named=named), style="red"))
        if mapping.proposal:
            console.print(
                Text("  " + _("if this order fits: {options}", options=one_line(as_options(mapping.proposal)))),
                soft_wrap=True,
            )


def block(sheets: Iterable[SheetColumns]) -> str:
    """The mapping as the `columns:` block of a config; a fact that sheets name differently lists each of its
    headings.
    """
    headings: dict[str, list[str]] = {}
    for sheet in sheets:
        known = sheet.mapping
        for fact, name in (known.proposal or known.headings if known is not None else {}).items():
            if name not in headings.setdefault(fact, []):
                headings[fact].append(name)
    lines = [f"  {fact}: {_scalar(names)}" for fact, names in headings.items()]
    return "columns:\n" + "\n".join(lines) + "\n" if lines else "columns: {}\n"


def _scalar(names: Sequence[str]) -> str:
    texts = [json_text(name) for name in names]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def as_json(sheets: Sequence[SheetColumns]) -> str:
    """`{"schema_version", "files"}`, each file with its `columns` and the `mapping` of facts to headings."""
    return json_text({"schema_version": SCHEMA_VERSION, "files": [_file(f) for f in sheets]}, indent=1) + "\n"


def _file(sheet: SheetColumns) -> dict[str, Any]:
    known = sheet.mapping
    return {
        "file": sheet.file,
        "format": sheet.format,
        "problem": sheet.problem.advice if sheet.problem else None,
        "columns": [
            {
                "heading": c.heading,
                "fact": c.fact,
                "sure": round(c.confidence, 2),
                "why": c.why,
                "values": list(c.samples),
            }
            for c in (known.columns if known else ())
        ],
        "mapping": dict(known.headings) if known else {},
        "questions": list(known.questions) if known else [],
        "wrong": list(known.misplaced) if known else [],
        "proposed": dict(known.proposal) if known else {},
    }
