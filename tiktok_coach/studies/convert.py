"""Convert: any mix of exports as the one table of posts."""

from __future__ import annotations

from tiktok_coach.ingest.export import Export
from tiktok_coach.ingest.load import load
from tiktok_coach.request.asked import Asked, Progress
from tiktok_coach.request.exports import of_account
from tiktok_coach.request.setting import settle


def convert(asked: Asked, progress: Progress | None = None) -> Export:
    """What the exports that a user names hold; of one account alone where it is named."""
    setting = settle(asked)
    export = load(asked.inputs, setting.reading, strict=asked.strict, progress=progress)
    return of_account(export, asked.account) if asked.account else export
