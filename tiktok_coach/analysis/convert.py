"""Convert: any mix of exports as the one table of posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tiktok_coach.analysis.exports import of_account
from tiktok_coach.analysis.options import Asked, Progress
from tiktok_coach.analysis.settings import settle
from tiktok_coach.io.export import Export
from tiktok_coach.io.files.partition import parts_of
from tiktok_coach.io.load import load


def convert(asked: Asked, progress: Progress | None = None) -> Export:
    """What the exports that a user names hold; of one account alone where it is named."""
    setting = settle(asked)
    export = load(asked.inputs, setting.reading, strict=asked.strict, progress=progress)
    return of_account(export, asked.account) if asked.account else export


def converted_in_parts(asked: Asked, folder: Path, progress: Progress | None = None) -> Iterator[Export]:
    """What the exports hold, one part after the other, with all posts of an account in one part; large tables are parted in `folder` before."""
    if asked.account:
        yield convert(asked, progress)
        return
    for inputs in parts_of(asked.inputs, folder, "account"):
        yield convert(replace(asked, inputs=inputs), progress)
