"""A plan: posts that are still to go out, in any of the forms that `tiktok_coach.io.plans` reads."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import getitem

from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.reading import Reader, Reading, ReadOptions
from tiktok_coach.plans.documents import holds_plan
from tiktok_coach.plans.lists import list_in, sheet_of
from tiktok_coach.plans.load import MARKDOWN, load_one, open_plan
from tiktok_coach.plans.sheets import calendar_of

# More than a table of posts of any make shows, as a calendar has headings for results that are still to come.
LIKELY = 4
# By these first rows a file is known.
GLANCE = 300


def _recognise(file: SourceFile) -> int:
    if file.suffix in MARKDOWN:
        return 12 if open_plan(file, {}) is not None else 0
    value = file.document.value if file.document is not None else file.json
    if value is not None and holds_plan(value):
        return 12
    if value is not None:
        path = list_in(value)
        posts = reduce(getitem, path, value)[:GLANCE] if path is not None else []
        sheet = sheet_of(posts, file.name) if posts else None
    else:
        sheet = file.sheet
    if sheet is None:
        return 0
    calendar = calendar_of(replace(sheet, rows=sheet.rows[:GLANCE]))
    # A table with results is an export, whatever else stands in it.
    if calendar is None or calendar.has_results or not calendar.planned:
        return 0
    return 12 if calendar.columns.is_certain else LIKELY


def _read(file: SourceFile, options: ReadOptions) -> Reading:
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
    )


READER = Reader("plan", _recognise, _read)
