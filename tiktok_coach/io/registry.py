"""Finds the reader of a file by its content, never by its name."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.plugins import READERS, load_plugins
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io import readers as formats
from tiktok_coach.io.columns.headings import ENGLISH
from tiktok_coach.io.files.sheets import PREAMBLE_ROWS, heading
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.options import ReadOptions
from tiktok_coach.io.readers.any_sheet import table_in, why_no_posts
from tiktok_coach.io.reading import Reader

# A reader that sees no more traits than this may be mistaken.
SURE = 2


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, also those of other packages, by the name of its format.

    Raises CoachError where what another package adds is no reader.
    """
    own = [f"{formats.__name__}.{module.name}" for module in pkgutil.iter_modules(formats.__path__)]
    # Plans are read in a room above this one.
    modules = [importlib.import_module(name) for name in (*own, "tiktok_coach.plans.reader")]
    every = [*(module.READER for module in modules), *load_plugins(READERS, Reader).values()]
    return tuple(sorted(every, key=lambda reader: reader.format.casefold()))


def reader_of(file: SourceFile, options: ReadOptions) -> Reader | None:
    """The reader that sees most of its format in the file; None where none sees any.

    A sheet that holds every column which the user names by hand is read as the user says.
    """
    [last] = [reader for reader in readers() if reader.last]
    if options.columns and _named_by_hand(file, options):
        return last
    for reader in readers():
        if reader.glance is not None and reader.glance(file):
            return reader
    seen = [(reader.recognise(file), reader) for reader in readers() if not reader.last]
    best = max(seen, key=lambda pair: pair[0])
    if best[0] <= SURE and last.recognise(file) > best[0]:
        return last
    return best[1] if best[0] else None


def _named_by_hand(file: SourceFile, options: ReadOptions) -> bool:
    table = table_in(file, options.columns, 1)
    return table is not None and all(set(names) & set(table.headings) for names in options.columns.values())


def unrecognised(file: SourceFile) -> CoachError:
    """The error for a file of no known format: what it comes closest to, and what it lacks for that."""
    sheet = file.sheet
    hint = _("`tiktok-coach audit --help` lists the exports that can be read")
    if sheet is None:
        return CoachError(_("is in no format that can be read"), where=file.name, hint=hint)
    if not sheet.rows:
        return CoachError(N_("is empty"), where=file.name, hint=_("download it again"))
    if (lacking := why_no_posts(file)) is not None:
        return lacking
    named = {heading(cell, ENGLISH) for row in sheet.rows[:PREAMBLE_ROWS] for cell in row.cells}
    # Of two formats that it is as far from, the one its name speaks of is meant.
    spoken = file.stem.casefold()
    closest = max(
        (
            (
                len(named & set(required)) / len(required) + (reader.format.split()[-1] in spoken) / 2,
                reader.format,
                required,
            )
            for reader in readers()
            for required in reader.headings
        ),
        key=lambda candidate: candidate[0],
    )
    share, name, required = closest
    if share < 0.3:
        return CoachError(_("is in no format that can be read"), where=file.name, hint=hint)
    absent = ", ".join(repr(title) for title in required if title not in named)
    return CoachError(
        _("looks like {name}, but has no column {absent}", name=name, absent=absent),
        where=file.name,
        hint=_("download it again, or leave it out"),
    )
