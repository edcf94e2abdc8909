"""The reader of plans: posts that are still to go out. What knows their forms is loaded for a file that may be one."""

from __future__ import annotations

from tiktok_coach.io.files.sheets import Table
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.reading import Reader, Reading, ReadOptions


def _recognise(file: SourceFile) -> int:
    from tiktok_coach.plans.source import count_traits

    return count_traits(file)


def _read(file: SourceFile, options: ReadOptions) -> Reading:
    from tiktok_coach.plans.source import read_plan

    return read_plan(file, options)


def _table(file: SourceFile, options: ReadOptions) -> Table | None:
    from tiktok_coach.plans.source import plan_table

    return plan_table(file, options)


READER = Reader("plan", _recognise, _read, table=_table)
