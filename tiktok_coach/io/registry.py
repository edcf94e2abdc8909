"""Finds the reader of a file by its content, never by its name."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache

from tiktok_coach.core.errors import READERS, CoachError, load_plugins
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io import readers as formats
from tiktok_coach.io.columns.tabs import left_tabs, list_tabs, other_platform
from tiktok_coach.io.files.sheets import ENGLISH, PREAMBLE_ROWS, Sheet, heading
from tiktok_coach.io.files.source_files import NO_SHEETS, SourceFile
from tiktok_coach.io.readers.any_sheet import READER, table_in, why_no_posts
from tiktok_coach.io.reading import Reader, ReadOptions

# A reader that sees no more traits than this may be mistaken.
SURE = 2
# The share of a format's headings from which a sheet is almost one of it.
CLOSE = 0.6
# What tells a post, in a row that should name columns; what may be such a name; and how many of them an error shows.
POST = re.compile(r"^\d{17,20}$|tiktok\.com/\S*(?:video|photo)/\d|vm\.tiktok\.com/")
TITLE = re.compile(r"(?!https?:)\D.{0,39}|\D?")
MOST_TITLES = 6


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

    A sheet that holds every column which the user names by hand is read as the user says; a file of a format that
    takes such names, by its own reader.
    """
    traits, best = SURE + 1, next((r for r in readers() if r.glance is not None and r.glance(file)), None)
    if best is None:
        traits, best = max(((r.recognise(file), r) for r in readers() if not r.is_fallback), key=lambda pair: pair[0])
    if options.columns and (traits <= SURE or not best.is_sure) and not _says_nothing_new(best, traits, options):
        table = table_in(file, options.columns, 1)
        if table is not None and all(set(names) & set(table.headings) for names in options.columns.values()):
            return READER
    if traits <= SURE:
        fallbacks = ((reader.recognise(file), reader) for reader in readers() if reader.is_fallback)
        traits, best = max([(traits, best), *fallbacks], key=lambda pair: pair[0])
    return best if traits else None


def fitting_tabs(book: SourceFile, options: ReadOptions) -> tuple[list[SourceFile], list[Notice]]:
    """The tabs of a workbook that are to be read, each as a file, and one notice that names the others.

    Any other file is its own only tab. Raises CoachError where no tab is in a format that can be read.
    """
    workbook = None if book.suffix in NO_SHEETS else book.workbook
    if workbook is None or not workbook.tabs:
        return [book], []
    foreign = {tab: platform for tab in book.tabs if (platform := other_platform(tab)) is not None}
    is_alone = len(book.tabs) == 1
    tabs = [tab for tab in book.tabs if tab not in foreign and (is_alone or _is_of_use(tab, options))]
    unknown = [tab for tab in book.tabs if tab not in foreign and tab not in tabs]
    full = [name for name in workbook.hidden if _is_of_use(book.tab(name), options)]
    reasons = {tab.tab_name: _("of {platform}", platform=platform) for tab, platform in foreign.items()}
    reasons |= {tab.tab_name: _("no table of a known kind") for tab in unknown}
    reasons |= dict.fromkeys(workbook.empty, _("empty")) | dict.fromkeys(workbook.hidden, _("hidden"))
    reasons |= dict.fromkeys(full, _("hidden, with a table: show it to have it read"))
    if not tabs:
        problem = _("no tab has a table of TikTok posts or figures: {tabs}", tabs=list_tabs(reasons))
        hint = _("`tiktok-coach audit --help` lists the exports that can be read")
        raise CoachError(problem, where=book.name, hint=hint)
    return tabs, left_tabs(book, reasons, is_warning=bool(full))


def _is_of_use(tab: SourceFile, options: ReadOptions) -> bool:
    """Whether a tab is in a format that can be read, or is almost, so that what it lacks is worth saying."""
    try:
        return reader_of(tab, options) is not None or not isinstance(unrecognised(tab), UnknownKindError)
    except CoachError:
        return False


def _says_nothing_new(best: Reader, traits: int, options: ReadOptions) -> bool:
    """Whether the user names by hand what the headings of a file that is named by the schema say anyway."""
    is_by_schema = traits > SURE and best.format in {"canonical", "sidecar"}
    return is_by_schema and all(fact in names for fact, names in options.columns.items())


class UnknownKindError(CoachError):
    """A file that has nothing of an export."""


def unrecognised(file: SourceFile) -> CoachError:
    """The error for a file of no known format: what it is, what it lacks, and what to do."""
    sheet = file.sheet
    hint = _("`tiktok-coach audit --help` lists the exports that can be read")
    if sheet is None:
        problem = why_no_posts(file) if file.is_parquet else None
        return problem or UnknownKindError(_("isn't a format I can read"), where=file.name, hint=hint)
    if not sheet.rows:
        return _why_empty(file)
    if (problem := why_no_posts(file) or _almost(file, sheet)) is not None:
        return problem
    first = next((row.cells for row in sheet.rows if any(cell.strip() for cell in row.cells)), [])
    if any(POST.search(cell) for cell in first):
        example = ", ".join(("link", "caption", "date", "views", "likes")[: max(len(first), 2)])
        hint = _("add a row above the first that names each column, such as: {example}", example=example)
        return CoachError(_("has no header row: its first row is a post already"), where=file.name, hint=hint)
    titles = [*dict.fromkeys(cell.strip() for cell in first if cell.strip())]
    if len(titles) < 2 or not all(TITLE.fullmatch(title) for title in titles):
        return UnknownKindError(_("isn't a format I can read"), where=file.name, hint=hint)
    names = ", ".join(map(repr, titles[:MOST_TITLES])) + (", …" if len(titles) > MOST_TITLES else "")
    text = N_("its columns ({names}) are not those of posts: it needs links, ids or captions")
    return UnknownKindError(_("isn't a format I can read"), where=file.name, hint=_(text, names=names))


def _why_empty(file: SourceFile) -> CoachError:
    if file.workbook is None or not file.workbook.hidden:
        return CoachError(N_("is empty"), where=file.name, hint=_("download it again"))
    names = ", ".join(map(repr, file.workbook.hidden))
    hint = _("show them in your spreadsheet program and save it")
    return CoachError(_("has only hidden tabs ({names})", names=names), where=file.name, hint=hint)


def _almost(file: SourceFile, sheet: Sheet) -> CoachError | None:
    """What a sheet lacks to be in the format that it comes closest to; None where it comes close to none."""
    headings = {heading(cell, ENGLISH) for row in sheet.rows[:PREAMBLE_ROWS] for cell in row.cells}

    def likeness(reader: Reader, required: tuple[str, ...]) -> float:
        # A name speaks for a format only beside a heading that is no word of every day.
        is_named = reader.format.split()[-1] in file.stem.casefold()
        is_marked = any(" " in title for title in headings & set(required))
        return len(headings & set(required)) / len(required) + (is_named and is_marked) / 2

    formats = [(reader, required) for reader in readers() for required in reader.headings if set(required) - headings]
    closest, required = max(formats, key=lambda pair: likeness(*pair))
    if likeness(closest, required) < CLOSE:
        return None
    absent = ", ".join(repr(title) for title in required if title not in headings)
    text = _("looks like {name}, but has no column {absent}", name=closest.format, absent=absent)
    return CoachError(text, where=file.name, hint=_("download it again, or leave it out"))
