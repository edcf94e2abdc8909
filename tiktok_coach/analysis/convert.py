"""Convert: any mix of exports as the one table of posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tiktok_coach.analysis.exports import of_account
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.io.files.parquet import parts_of
from tiktok_coach.io.load import load
from tiktok_coach.io.reading import Export


def convert(options: AnalysisOptions, progress: Progress | None = None) -> Export:
    """What the exports that a user names hold; of one account alone where it is named."""
    settings = resolve_settings(options)
    how = settings.read_options_with(settings.accounts_below(options.inputs))
    export = load(options.inputs, how, strict=options.strict, progress=progress)
    return of_account(export, options.account) if options.account else export


def convert_in_parts(options: AnalysisOptions, folder: Path, progress: Progress | None = None) -> Iterator[Export]:
    """The exports in parts, each with all posts of its accounts; large tables are first split in `folder`."""
    if options.account:
        yield convert(options, progress)
        return
    for inputs in parts_of(options.inputs, folder, "account"):
        yield convert(replace(options, inputs=inputs), progress)
