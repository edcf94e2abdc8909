"""Posts that are still to go out, in any of the forms that plans have, as the posts of an input."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import getitem

from tiktok_coach.io.files.sheets import Sheet, Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.reading import Reading, ReadOptions
from tiktok_coach.plans.documents import holds_plan
from tiktok_coach.plans.lists import list_in, sheet_of
from tiktok_coach.plans.load import MARKDOWN, load_one, open_plan
from tiktok_coach.plans.sheets import calendar_of, with_header

# More than a table of posts of any make shows, as a calendar has headings for results that are still to come.
LIKELY = 4
# By these first rows a file is known.
GLANCE = 300


def _sheet(file: SourceFile, most: int | None = None) -> Sheet | None:
    """A file as a sheet, of a list its first `most` posts; None where it is none."""
    value = file.document.value if file.document is not None else file.json
    if value is None:
        return with_header(file.sheet) if file.sheet is not None else None
    path = list_in(value)
    posts = reduce(getitem, path, value)[:most] if path is not None else []
    return sheet_of(posts, file.name) if posts else None


def plan_table(file: SourceFile, options: ReadOptions) -> Table | None:
    """The table of a calendar; None for a plan of another form."""
    is_document = file.suffix in MARKDOWN or holds_plan(file.document.value if file.document else file.json)
    sheet = None if is_document else _sheet(file)
    calendar = calendar_of(sheet, options.columns) if sheet is not None else None
    if sheet is None or calendar is None:
        return None
    headings = [cell.strip() for cell in sheet.rows[calendar.header].cells]
    own = dict.fromkeys(headings) | {name: fact for fact, name in calendar.columns.named(headings).items()}
    return replace(sheet.below(calendar.header, headings), known={}, own=own)


def count_traits(file: SourceFile) -> int:
    """How many traits of a plan a file shows, 0 for none."""
    if file.suffix in MARKDOWN:
        return 12 if open_plan(file, {}) is not None else 0
    value = file.document.value if file.document is not None else file.json
    if value is not None and holds_plan(value):
        return 12
    if (sheet := _sheet(file, GLANCE)) is None:
        return 0
    calendar = calendar_of(replace(sheet, rows=sheet.rows[:GLANCE]))
    # A table with results is an export, whatever else stands in it.
    if calendar is None or calendar.has_results or not calendar.planned:
        return 0
    return 12 if calendar.columns.is_certain else LIKELY


def read_plan(file: SourceFile, options: ReadOptions) -> Reading:
    """The posts of a plan, with its account."""
    plan = load_one(file, options)
    posts = plan.frame()
    return Reading(
        file.name,
        "plan",
        rows=len(posts),
        posts=posts,
        account=plan.account,
        notices=plan.notices,
        time_trust=2,
        supplies=tuple(c for c in posts.columns if c != "status"),
        headings=frozenset(plan.columns.values()),
    )
