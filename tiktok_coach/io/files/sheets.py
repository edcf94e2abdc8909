"""Tables as rows of texts; reads CSV and TSV, whatever their separator and preamble."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    import pandas as pd

MAX_COLUMNS, MAX_CELLS, PREAMBLE_ROWS = 5_000, 60_000_000, 40
# Headings of TikTok's own exports in other interface languages, to their English names: known from other programs'
# readers and from the interface, since Studio's headings were English in every file seen.
_TRANSLATIONS: dict[str, list[str]] = json.loads(Path(__file__).with_name("headings.json").read_text("utf-8"))
ENGLISH = {translation: english for english, translations in _TRANSLATIONS.items() for translation in translations}
SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Row:
    """One record of a sheet: its texts, and the line on which it starts."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """Rows under a header: `cells` has one text column per known heading, `line` the line of each row.

    `ragged` holds the rows whose number of fields is not the header's, `before` those as wide and above it;
    `as_written` takes headings that are compared in another spelling than the file's to that. `left` tells of rows that
    were left out; where none is left since all are of other platforms, `elsewhere` names these; both are known once it
    `is_of_tiktok`. Of a table of a known format, `known` takes facts to the headings that hold them, the first of which
    counts and the others fill its gaps; `own` takes headings that its reader reads by itself to the facts that it finds
    there, if it does.
    """

    headings: list[str]
    cells: pd.DataFrame
    line: Sequence[int]
    ragged: list[Row] = field(default_factory=list)
    before: list[Row] = field(default_factory=list)
    as_written: Mapping[str, str] = field(default_factory=dict)
    left: tuple[Notice, ...] = ()
    elsewhere: tuple[str, ...] = ()
    known: Mapping[str, tuple[str, ...]] | None = None
    own: Mapping[str, str | None] = field(default_factory=dict)
    is_of_tiktok: bool = False


@dataclass(frozen=True)
class Sheet:
    """A file as rows of texts, before anyone has said which row is the header.

    `text` is what was parted by `separator`, without the line `sep=,` that may stand before it; empty for a workbook.
    """

    where: str
    rows: list[Row]
    text: str = field(default="", repr=False)
    separator: str = ","

    def text_from(self, row: int) -> str:
        """The text from the line on which a row starts."""
        lines = list(io.StringIO(self.text, newline=""))
        return "".join(lines[self.rows[row].line - self.rows[0].line :]) if row < len(self.rows) else ""

    def header_row(self, required: Collection[str], aliases: Mapping[str, str] | None = None) -> int | None:
        """Position of the first row, within the preamble's bound, that holds every required heading."""
        positions = range(min(PREAMBLE_ROWS, len(self.rows)))
        return next((at for at in positions if set(self.headings(at, aliases)).issuperset(required)), None)

    def headings(self, row: int, aliases: Mapping[str, str] | None = None) -> list[str]:
        """The headings in a row of the preamble's bound, as they are compared."""
        return [aliases.get(name, name) for name in self._headings[row]] if aliases else self._headings[row]

    @cached_property
    def _headings(self) -> list[list[str]]:
        """The first rows as headings, made once, since every format asks for them."""
        return [[heading(cell) for cell in row.cells] for row in self.rows[:PREAMBLE_ROWS]]

    def under(self, required: Collection[str], aliases: Mapping[str, str] | None = None) -> Table | None:
        """The table below the first row that holds every required heading; None where there is none."""
        start = self.header_row(required, aliases)
        return None if start is None else self.below(start, self.headings(start, aliases))

    def below(self, start: int, headings: list[str], most: int | None = None) -> Table:
        """The table below row `start`, or its first `most` rows; a heading that stands again gets a number."""
        import pandas as pd

        headings, cells = _unique(headings), _unique(cell.strip() for cell in self.rows[start].cells)
        as_written = {name: cell for name, cell in zip(headings, cells, strict=False) if name != cell}
        width = len(headings)
        end = None if most is None else start + 1 + most
        whole: list[Row] = []
        ragged: list[Row] = []
        for row in self.rows[start + 1 : end]:
            if any(cell.strip() for cell in row.cells):
                # Beyond the header's width spreadsheets leave empty fields.
                is_whole = len(row.cells) >= width and not any(cell.strip() for cell in row.cells[width:])
                (whole if is_whole else ragged).append(row)
        columns = {name: [row.cells[at] for row in whole] for at, name in enumerate(headings) if name}
        # Rows above the header that are as wide as it, and mostly filled, are no preamble.
        wide = [row for row in self.rows[:start] if width > 1 and len(row.cells) == width]
        before = [row for row in wide if sum(bool(cell.strip()) for cell in row.cells) * 2 > width]
        lines = [row.line for row in whole]
        return Table(headings, pd.DataFrame(columns, dtype="str"), lines, ragged, before, as_written)


def _unique(headings: Iterable[str]) -> list[str]:
    """Headings with a number behind those that stand there already: `Views`, `Views (2)`."""
    counts: Counter[str] = Counter()
    unique = []
    for name in headings:
        counts[name] += 1
        unique.append(name if counts[name] == 1 or not name else f"{name} ({counts[name]})")
    return unique


def heading(text: str, aliases: Mapping[str, str] | None = None) -> str:
    """A heading without case, marks and outer space, in its English name where it is an alias."""
    plain = _plain(text)
    return (aliases or {}).get(plain, plain)


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("\ufeff", "").strip().casefold()
    return re.sub(r"\s+", " ", plain)


def read_delimited(text: str, where: str) -> Sheet:
    """Delimited text as rows; the separator is the one that parts the first rows most evenly."""
    shift = 0
    if "\n" not in text:
        # Old Macs end lines so.
        text = text.replace("\r", "\n")
    if text[:4].lower() == "sep=":
        declared, _other, text = text.partition("\n")
        separator, shift = declared.rstrip("\r")[4:5] or ",", 1
    else:
        separator = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Row] = []
    line = 1 + shift
    try:
        for cells in reader:
            rows.append(Row(line, cells))
            line = reader.line_num + 1 + shift
    except csv.Error as error:
        hint = _("look for a quotation mark that is not closed")
        problem = _("a field cannot be read ({error})", error=error)
        raise CoachError(problem, where=f"{where}:{line}", hint=hint) from error
    widest = max((len(row.cells) for row in rows), default=0)
    if widest > MAX_COLUMNS:
        problem = _("has {widest:,} columns, more than {most:,}", widest=widest, most=MAX_COLUMNS)
        raise CoachError(problem, where=where, hint=_("it is not an export of posts"))
    return Sheet(where, rows, text, separator)


def separator_of(text: str) -> str:
    """The separator that parts the first rows of a text most evenly, one that parts all of them alike first."""
    sample = text[:20_000]
    if len(text) > len(sample):
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, most = ",", (False, 0.0)
    for candidate in SEPARATORS:
        try:
            rows = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=candidate), 60))
        except csv.Error:
            continue
        widths = [len(cells) for cells in rows]
        usual = max({width for width in widths if width > 1}, key=widths.count, default=0)
        # The last row of a sample may be cut.
        whole = widths if sample == text else widths[:-1]
        # Where a field holds one quotation mark, what another one quotes was most often cut.
        cut = sum(any(cell.count('"') % 2 for cell in cells) for cells in rows)
        score = widths.count(usual) ** 2 * min(usual, 20) * (1 - 0.9 * cut / max(len(rows), 1)) / max(len(rows), 1)
        evenness = (usual > 1 and {*whole} <= {0, usual}, score)
        if evenness > most:
            best, most = candidate, evenness
    return best
