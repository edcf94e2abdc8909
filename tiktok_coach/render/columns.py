"""The columns of sheets as they were understood: a page, JSON, and the mapping to paste into a config."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.text import Text

from tiktok_coach.analysis.columns import SCHEMA_VERSION, SheetColumns
from tiktok_coach.core.translation import N_, _, format_value, plural
from tiktok_coach.io.columns.inference import ColumnMapping, as_options
from tiktok_coach.io.columns.names import BARE
from tiktok_coach.render.escaping import attributes, json_text, one_line
from tiktok_coach.render.pages.page import Column, Page, Part, Picture, Table, line

SHOWN = 24
# Of the columns that are left, so many are listed.
MOST_LEFT = 24


def columns_page(sheets: Sequence[SheetColumns]) -> Page:
    """How each column was understood, sheet by sheet, with the mapping to paste into a config."""
    parts: list[Part] = []
    for sheet in sheets:
        heading = f"{sheet.file}: {_(sheet.format)}" if sheet.format else sheet.file
        parts.append(line(one_line(heading), "bold"))
        if sheet.problem is not None:
            parts.append(line(one_line(sheet.problem.advice), "red"))
        if sheet.mapping is None:
            parts.append(line("  " + _("has no table") if sheet.problem is None else "", "dim"))
            continue
        parts += [_table(sheet, sheet.mapping), *_unlisted(sheet.mapping), *_open_questions(sheet.mapping)]
        if sheet.is_configurable and sheet.mapping.headings:
            parts += [line(_("for tiktok-coach.yaml:"), "dim"), _verbatim(block([sheet]).rstrip())]
            parts.append(line(""))
    return Page("", parts)


def _verbatim(text: str) -> Picture:
    """A text to copy, which no terminal breaks into other lines."""
    return Picture("", lambda _width: [Text(text, no_wrap=True, overflow="ignore")], tight=True)


def _table(sheet: SheetColumns, mapping: ColumnMapping) -> Table:
    names = (N_("column"), N_("taken for"), N_("sure"), N_("because"), N_("values"))
    left = [column.heading for column in mapping.columns if column.fact is None]
    unlisted = set(left[MOST_LEFT:])
    rows = []
    for column in (c for c in mapping.columns if c.heading not in unlisted):
        values = " · ".join(one_line(value, SHOWN) for value in sheet.samples.get(column.heading, ()))
        style, sure = ("", format_value(column.confidence, ".0%")) if column.fact else ("dim", "")
        fact_style = "dim" if column.fact is None else "green" if column.confidence >= BARE else "yellow"
        cells = (one_line(column.heading, 40), column.fact or _("left"), sure, one_line(_(column.why), 60), values)
        rows.append([*map(Text, cells, (style, fact_style, style, style, "dim"))])
    return Table("", [Column(name, is_text=name != "sure", wraps=True) for name in names], rows)


def _unlisted(mapping: ColumnMapping) -> Iterator[Part]:
    count = sum(column.fact is None for column in mapping.columns) - MOST_LEFT
    if count > 0:
        text = plural(
            "and {count} more column that is left; --format json lists it",
            "and {count} more columns that are left; --format json lists them",
            count,
        )
        yield line(f"  {text}", "dim")


def _open_questions(mapping: ColumnMapping) -> Iterator[Part]:
    for question in (*mapping.questions, *mapping.doubts):
        yield line(f"? {one_line(question)}", "yellow")
    if mapping.misplaced:
        names = ", ".join(one_line(repr(name)) for name in mapping.misplaced)
        yield line("! " + _("headings that do not match their values: {named}", named=names), "red")
        if mapping.proposal:
            options = one_line(as_options(mapping.proposal))
            yield _verbatim("  " + _("if this order fits: {options}", options=options))


def block(sheets: Iterable[SheetColumns]) -> str:
    """The mapping as the `columns:` block of a config; a fact that sheets name differently lists each heading."""
    headings: dict[str, list[str]] = {}
    for sheet in sheets:
        for fact, names in (sheet.mapping.by_hand() if sheet.mapping is not None else {}).items():
            listed = headings.setdefault(fact, [])
            listed += [name for name in names if name not in listed]
    lines = [f"  {fact}: {json_text(_one_or_all(names))}\n" for fact, names in headings.items()]
    return "".join(["columns:\n", *lines]) if lines else "columns: {}\n"


def _one_or_all(names: Sequence[str]) -> str | list[str]:
    return names[0] if len(names) == 1 else [*names]


def columns_json(sheets: Sequence[SheetColumns]) -> str:
    """`{"schema_version", "files"}`, each file with its `columns` and the `mapping` of facts to headings."""
    return json_text({"schema_version": SCHEMA_VERSION, "files": [_file(f) for f in sheets]}, indent=1) + "\n"


def _file(sheet: SheetColumns) -> dict[str, Any]:
    known = sheet.mapping
    columns = [
        {
            **attributes(c, "heading fact"),
            "sure": round(c.confidence, 2),
            "why": c.why,
            "values": list(sheet.samples.get(c.heading, ())),
        }
        for c in (known.columns if known else ())
    ]
    return {
        **attributes(sheet, "file format"),
        "problem": sheet.problem.advice if sheet.problem else None,
        "columns": columns,
        "mapping": {fact: _one_or_all(names) for fact, names in known.by_hand().items()} if known else {},
        "questions": [*known.questions, *known.doubts] if known else [],
        "wrong": list(known.misplaced) if known else [],
        "proposed": dict(known.proposal) if known else {},
    }
