"""Ways to spoil a file: its bytes, cells, rows, columns, keys, encoding, and the members of a ZIP."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

NASTY = (
    "",
    " ",
    "-",
    "undefined",
    "NaN",
    "null",
    "1e999",
    "-1",
    "0",
    "99999999999999999999",
    "1.234",
    "1,234.5",
    "1.2K",
    "50%",
    "7.65092E+18",
    "=cmd()|'x'!A1",
    "\x1b[2J\x1b]0;x\x07",
    "\x00",
    "\r",
    "\u202e",
    "\ufeff",
    "\ud83d",
    '"',
    '""',
    "'",
    "a\nb",
    "🍞" * 400,
    "x" * 70_000,
    "#" * 300,
    "a#" * 200,
    "2026-02-30",
    "31/12/99",
    "12:75",
    "2026-03-29 02:30",
    "9999-12-31 23:59:59",
    "0001-01-01",
    "253402300800",
    "https://www.tiktok.com/@x/video/1",
    "https://vm.tiktok.com/abc",
    "true",
    "ja",
    "nan",
    "inf",
    "-inf",
    "１２３",
    "٣٤٥",
    "25 listopada",
    "30 février",
    "[bold]x[/bold]",
    "[/]",
    "{}",
    "[]",
    "&a *a",
    "!!python/object:os.system",
    "<script>",
    "%s%n",
    "\\",
    "../../etc/passwd",
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "latin-1", "utf-7")

Mutation = Callable[[bytes, random.Random], bytes]


def flipped(body: bytes, draw: random.Random) -> bytes:
    """Some bytes changed."""
    held = bytearray(body)
    for _ in range(draw.randint(1, 8)):
        if held:
            held[draw.randrange(len(held))] = draw.randrange(256)
    return bytes(held)


def cut(body: bytes, draw: random.Random) -> bytes:
    """A stretch taken out, or all after a place."""
    if not body:
        return body
    start = draw.randrange(len(body))
    end = len(body) if draw.random() < 0.3 else min(len(body), start + draw.randint(1, 200))
    return body[:start] + body[end:]


def doubled(body: bytes, draw: random.Random) -> bytes:
    """A stretch said twice, or put elsewhere."""
    if not body:
        return body
    start = draw.randrange(len(body))
    piece = body[start : start + draw.randint(1, 400)]
    at = draw.randrange(len(body))
    return body[:at] + piece * draw.randint(1, 3) + body[at:]


def inserted(body: bytes, draw: random.Random) -> bytes:
    """Something nasty put anywhere."""
    at = draw.randint(0, len(body))
    return body[:at] + draw.choice(NASTY).encode("utf-8", "surrogatepass") + body[at:]


def encoded(body: bytes, draw: random.Random) -> bytes:
    """The same text in another encoding."""
    return body.decode("utf-8", "replace").encode(draw.choice(ENCODINGS), "replace")


def lined(body: bytes, draw: random.Random) -> bytes:
    """Lines dropped, doubled or shuffled, or ended otherwise."""
    lines = body.split(b"\n")
    how = draw.random()
    if how < 0.3 and len(lines) > 1:
        del lines[draw.randrange(len(lines))]
    elif how < 0.6:
        lines.insert(draw.randint(0, len(lines)), draw.choice(lines))
    elif how < 0.8:
        draw.shuffle(lines)
    else:
        return body.replace(b"\n", draw.choice([b"\r\n", b"\r", b"\n\n"]))
    return b"\n".join(lines)


def celled(body: bytes, draw: random.Random) -> bytes:
    """Cells of a table changed, rows made ragged, columns dropped, doubled or exchanged."""
    text = body.decode("utf-8", "replace")
    separator = max(",;\t", key=text[:500].count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row]
    except csv.Error:
        rows = []
    if not rows:
        return inserted(body, draw)
    draw.choice((_cells, _cells, _cells, _ragged, _column, _exchanged, _dropped))(rows, draw)
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\n", escapechar="\\").writerows(rows)
    return stream.getvalue().encode("utf-8", "replace")


def _cells(rows: list[list[str]], draw: random.Random) -> None:
    for _ in range(draw.randint(1, 6)):
        row = draw.choice(rows)
        row[draw.randrange(len(row))] = draw.choice(NASTY)


def _ragged(rows: list[list[str]], draw: random.Random) -> None:
    row = draw.choice(rows)
    row[:] = row[:-1] if draw.random() < 0.5 else [*row, draw.choice(NASTY)]


def _column(rows: list[list[str]], draw: random.Random) -> None:
    column, value = draw.randrange(len(rows[0])), draw.choice(NASTY)
    for row in rows[1:]:
        row[column : column + 1] = [value]


def _exchanged(rows: list[list[str]], draw: random.Random) -> None:
    one, other = draw.randrange(len(rows[0])), draw.randrange(len(rows[0]))
    for row in rows if draw.random() < 0.5 else rows[:1]:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]


def _dropped(rows: list[list[str]], draw: random.Random) -> None:
    column = draw.randrange(len(rows[0]))
    for row in rows:
        del row[column : column + 1]


def keyed(body: bytes, draw: random.Random) -> bytes:
    """Values of JSON changed, taken out, renamed or nested; of YAML, tokens."""
    try:
        value = json.loads(body)
    except ValueError:
        return _tokened(body, draw)
    places: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        held = stack.pop()
        inner = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
        for key, child in inner:
            places.append((held, key))
            stack.append(child)
    for _ in range(draw.randint(1, 5)):
        if not places:
            break
        held, key = draw.choice(places)
        if isinstance(held, dict) and key not in held:
            continue
        new: Any = draw.choice(
            [draw.choice(NASTY), None, True, -1, 1e308, 10**30, [], {}, [[]], {"a": {"b": [1]}}, [None]]
        )
        how = draw.random()
        if how < 0.6 and (isinstance(held, dict) or key < len(held)):
            held[key] = new
        elif how < 0.8 and isinstance(held, dict):
            held[draw.choice(NASTY)] = held.pop(key)
        elif isinstance(held, dict):
            held.pop(key)
    return json.dumps(value, ensure_ascii=draw.random() < 0.5).encode("utf-8", "surrogatepass")


def _tokened(body: bytes, draw: random.Random) -> bytes:
    tokens = re.split(rb"([\s:,\[\]{}]+)", body)
    for _ in range(draw.randint(1, 3)):
        tokens[draw.randrange(len(tokens))] = draw.choice(NASTY).encode("utf-8", "surrogatepass")
    return b"".join(tokens)


def packed(body: bytes, draw: random.Random) -> bytes:
    """The members of a ZIP mutated, renamed or nested."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return flipped(body, draw)
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        # Members of one name are part of what is tried.
        warnings.simplefilter("ignore")
        for name, member in members.items():
            how = draw.random()
            new = draw.choice(ANY)(member, draw) if how < 0.6 else member
            renamed = draw.choice(["../x.csv", "a/b/c.csv", "x.zip", "x", "Content (1).csv"]) if how > 0.9 else name
            archive.writestr(renamed, body if how > 0.97 else new)
    return stream.getvalue()


ANY: tuple[Mutation, ...] = (flipped, cut, doubled, inserted, encoded, lined)


def mutated(name: str, body: bytes, draw: random.Random) -> bytes:
    """A file spoilt once to three times, in ways that fit it more often than not."""
    ending = name.rsplit(".", 1)[-1].lower()
    fitting = {
        "csv": celled,
        "json": keyed,
        "har": keyed,
        "yaml": keyed,
        "md": keyed,
        "zip": packed,
        "xlsx": packed,
        "ods": packed,
    }.get(ending, flipped)
    for _ in range(draw.randint(1, 3)):
        body = (fitting if draw.random() < 0.6 else draw.choice(ANY))(body, draw)
    return body
