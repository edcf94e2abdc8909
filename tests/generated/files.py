"""Features of files: formats, encodings, what stands above the header, and tabs beside the one with posts."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter

from tests.generated.draw import Draw, Row

Table = tuple[list[str], list[list[Any]]]


def table_of(draw: Draw, rows: Sequence[Row] | None = None) -> Table:
    """The headings, and the cells row by row."""
    headings = [column.heading for column in draw.columns]
    return headings, [
        [row.cells.get(heading, "") for heading in headings] for row in (draw.rows if rows is None else rows)
    ]


def text_of(cell: Any) -> str:
    """A cell as a text file holds it."""
    if isinstance(cell, dt.timedelta):
        # What a person types for 15 seconds, and a spreadsheet takes for 15 minutes.
        return f"{cell // dt.timedelta(hours=1)}:{cell // dt.timedelta(minutes=1) % 60:02}"
    return f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, dt.datetime) else str(cell)


def delimited(draw: Draw) -> None:
    """CSV in any of the separators and encodings, with lines above the header or not."""
    r = draw.random
    separator = r.choice(",,,;;\t|")
    headings, rows = table_of(draw)
    stream = io.StringIO()
    kinds = {f"separator {separator!r}"} if separator != "," else set()
    if draw.chance(0.1):
        stream.write(f"sep={separator}\n")
        kinds.add("sep= line")
    elif draw.chance(0.15) and draw.columns:
        stream.write("Report of TikTok posts\nMade on 2026-11-20\n\n"[: r.choice([23, 43, 44])].rstrip("\n") + "\n")
        kinds.add("preamble")
    ending = "\r" if draw.chance(0.06) and "sep= line" not in kinds else r.choice(["\n", "\r\n"])
    if ending == "\r":
        kinds.add("CR only")
    writer = csv.writer(
        stream, delimiter=separator, lineterminator=ending, quoting=r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    )
    writer.writerow(headings)
    writer.writerows([[text_of(cell) for cell in row] for row in rows])
    text = stream.getvalue().replace("\n", "\r") if ending == "\r" else stream.getvalue()
    encoding = r.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"])
    try:
        body = text.encode(encoding)
    except UnicodeEncodeError:
        encoding, body = "utf-8", text.encode()
    if encoding != "utf-8":
        kinds.add(encoding)
    draw.kinds |= kinds
    draw.files["posts.tsv" if separator == "\t" else "posts.csv"] = body


def _grids(draw: Draw) -> list[tuple[str, bool, list[list[Any]]]]:
    """Tabs by name, whether each is seen, and its cells; the posts stand in one or two of them."""
    headings, rows = table_of(draw)
    name = draw.random.choice(["Posts", "TikTok", "Sheet1", "Data 2026"])
    tabs = [(name, True, [headings, *rows])]
    if len(draw.rows) > 6 and draw.chance(0.3) and all(row.kind == "post" for row in draw.rows):
        draw.kinds.add("posts in two tabs")
        half = len(rows) // 2
        tabs = [(name, True, [headings, *rows[:half]]), ("More", True, [headings, *rows[half:]])]
    if draw.chance(0.25):
        draw.kinds.add("read-me tab")
        tabs.insert(0, ("Read me", True, [["How to use this workbook"], ["Fill in the tab of posts"], ["Ask Anna"]]))
        draw.left["Read me"] = "Read me"
    if draw.chance(0.25):
        draw.kinds.add("hidden tab")
        old = [[*row] for row in rows]
        secret = f"zq-{draw.random.randint(10**8, 10**9)}"
        draw.unseen.append(secret)
        columns = {heading: position for position, heading in enumerate(headings)}
        for row in old:
            for column in draw.columns:
                if column.fact == "caption":
                    row[columns[column.heading]] = secret
        tabs.insert(draw.random.randint(0, len(tabs)), ("Old", False, [headings, *old]))
        draw.left["Old"] = "Old"
    if draw.chance(0.15):
        draw.kinds.add("tab of accounts")
        tabs.append(
            ("Accounts", True, [["nickname", "followers", "following"], ["Ovnkrogen", 5120, 12], ["Bageriet", 812, 44]])
        )
        draw.left["Accounts"] = "Accounts"
    return tabs


def workbook(draw: Draw) -> None:
    """XLSX with one to four tabs."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"})
    tabs = _grids(draw)
    for name, is_visible, rows in tabs:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, dt.timedelta):
                    sheet.write_datetime(number, column, cell, book.add_format({"num_format": "[h]:mm"}))
                elif isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write(number, column, cell)
        if not is_visible:
            sheet.hide()
    book.worksheets()[next(i for i, tab in enumerate(tabs) if tab[1])].set_first_sheet()
    book.worksheets()[next(i for i, tab in enumerate(tabs) if tab[1])].activate()
    book.close()
    draw.kinds.add("xlsx")
    draw.files["posts.xlsx"] = stream.getvalue()


def open_document(draw: Draw) -> None:
    """ODS with one to four tabs."""

    def cell(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, (int, float, dt.datetime)):
            return f'<table:table-cell office:value-type="string"><text:p>{escape(text_of(value))}</text:p></table:table-cell>'
        if isinstance(value, dt.datetime):
            return (
                f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%dT%H:%M:%S}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'

    spaces = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text", "style")
    )
    styles = "".join(
        f'<style:style style:name="ta{shown}" style:family="table"><style:table-properties table:display="{shown}"/></style:style>'
        for shown in ("true", "false")
    )
    tabs = "".join(
        f'<table:table table:name="{name}" table:style-name="ta{str(is_visible).lower()}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, is_visible, rows in _grids(draw)
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tabs}</office:spreadsheet></office:body></office:document-content>"
    )
    media = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", media)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    draw.kinds.add("ods")
    draw.files["posts.ods"] = stream.getvalue()


def _records(draw: Draw) -> list[dict[str, Any]]:
    headings, rows = table_of(draw)
    return [
        {h: text_of(c) if isinstance(c, (dt.datetime, dt.timedelta)) else c for h, c in zip(headings, row, strict=True)}
        for row in rows
    ]


def json_list(draw: Draw) -> None:
    """A list of objects, bare or below the top of the document beside other lists."""
    records = _records(draw)
    secret = f"zq-{draw.random.randint(10**8, 10**9)}"
    draw.kinds.add("json")
    if draw.chance(0.5):
        draw.kinds.add("json nested")
        draw.unseen.append(secret)
        value: Any = {"data": {"videos": records}, "account": {"email": secret, "logins": [{"ip": secret}]}}
    else:
        value = records
    draw.files["posts.json"] = json.dumps(value, ensure_ascii=draw.chance(0.5)).encode()


def json_lines(draw: Draw) -> None:
    """An object a line."""
    draw.kinds.add("json lines")
    name = draw.random.choice(["posts.jsonl", "posts.json", "posts.ndjson"])
    draw.files[name] = "\n".join(json.dumps(record, ensure_ascii=False) for record in _records(draw)).encode()


def parquet(draw: Draw) -> None:
    """A table of data with typed columns where all cells are of a type."""
    headings, rows = table_of(draw)
    columns: dict[str, pd.Series] = {}
    for heading, cells in zip(headings, zip(*rows, strict=True), strict=True):
        kinds = {type(cell) for cell in cells if cell != ""}
        if kinds <= {int, float} and kinds:
            columns[heading] = pd.Series(
                [None if cell == "" else cell for cell in cells],
                dtype="float64" if "" in cells or float in kinds else "int64",
            )
        elif kinds == {dt.datetime}:
            columns[heading] = pd.Series([pd.NaT if cell == "" else pd.Timestamp(cell) for cell in cells])
        elif kinds == {str} and draw.chance(0.2):
            columns[heading] = pd.Series(cells, dtype="category")
        else:
            columns[heading] = pd.Series([text_of(cell) for cell in cells], dtype="str")
    stream = io.BytesIO()
    pd.DataFrame(columns).to_parquet(stream)
    draw.kinds.add("parquet")
    draw.files["posts.parquet"] = stream.getvalue()


def zipped(draw: Draw) -> None:
    """Everything in an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, body in draw.files.items():
            archive.writestr(f"download/{name}", body)
    draw.kinds.add("zip")
    draw.files = {"download.zip": stream.getvalue()}


FORMATS = (
    delimited,
    delimited,
    delimited,
    delimited,
    workbook,
    workbook,
    open_document,
    json_list,
    json_lines,
    parquet,
)
