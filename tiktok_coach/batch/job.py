"""What a user asks of a fleet, as a job that workers can take with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tiktok_coach import __version__
from tiktok_coach.analysis.options import Asked
from tiktok_coach.analysis.settings import Setting, settle
from tiktok_coach.batch.worker import Job
from tiktok_coach.core.errors import denied
from tiktok_coach.core.languages import language
from tiktok_coach.rules.load import rulebook


def job_of(command: str, asked: Asked, folder: Path, *, seed: int, resume: bool, with_json: bool) -> Job:
    """The job. Raises CoachError for settings, rules or trends that cannot be used."""
    # With its rules, so that no worker reads them from files that it may not have.
    setting = settle(asked).changed()
    trends = tuple((path.name, _content(path)) for path in setting.trends)
    return Job(
        command,
        setting,
        trends,
        str(folder.resolve()),
        seed,
        _digest(command, setting, trends, seed),
        language(),
        resume,
        with_json,
    )


def _digest(command: str, setting: Setting, trends: Sequence[tuple[str, bytes]], seed: int) -> str:
    """What tells whether the same accounts would be answered as before."""
    asked = setting.asked
    said = (
        command,
        seed,
        __version__,
        language(),
        asked.account,
        asked.timezone,
        asked.language,
        asked.export_date,
        asked.date_order,
        asked.today,
        asked.select,
        asked.ignore,
        asked.strict,
        asked.columns,
    )
    told = hashlib.blake2b(repr(said).encode(), digest_size=10)
    for content in (*_rule_files(setting), *(content for _name, content in trends)):
        told.update(hashlib.blake2b(content).digest())
    return told.hexdigest()


def _rule_files(setting: Setting) -> Iterator[bytes]:
    packs = [*setting.config.paths(setting.config.rule_packs), *setting.asked.packs]
    for folder in (rulebook(), *packs):
        yield from (_content(path) for path in sorted(folder.glob("*.y*ml")))
    if setting.config.where:
        yield _content(Path(setting.config.where))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise denied("read", error, str(path)) from error
