"""What a user asks of a fleet, as a job that workers can take with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tiktok_coach import __version__
from tiktok_coach.analysis.options import AnalysisOptions
from tiktok_coach.analysis.settings import Settings, resolve_settings
from tiktok_coach.batch.worker import Job
from tiktok_coach.core.errors import access_error
from tiktok_coach.core.languages import language
from tiktok_coach.rules.load import rulebook


def job_of(command: str, options: AnalysisOptions, folder: Path, *, seed: int, resume: bool, with_json: bool) -> Job:
    """The job. Raises CoachError for settings, rules or trends that cannot be used."""
    # With its rules, so that no worker reads them from files that it may not have.
    settings = resolve_settings(options).changed()
    trends = tuple((path.name, _content(path)) for path in settings.trends)
    return Job(
        command,
        settings,
        trends,
        str(folder.resolve()),
        seed,
        _digest(command, settings, trends, seed),
        language(),
        resume,
        with_json,
    )


def _digest(command: str, settings: Settings, trends: Sequence[tuple[str, bytes]], seed: int) -> str:
    """What tells whether the same accounts would be answered as before."""
    options = settings.options
    said = (
        command,
        seed,
        __version__,
        language(),
        options.account,
        options.timezone,
        options.language,
        options.export_date,
        options.date_order,
        options.today,
        options.select,
        options.ignore,
        options.strict,
        options.columns,
    )
    told = hashlib.blake2b(repr(said).encode(), digest_size=10)
    for content in (*_rule_files(settings), *(content for _name, content in trends)):
        told.update(hashlib.blake2b(content).digest())
    return told.hexdigest()


def _rule_files(settings: Settings) -> Iterator[bytes]:
    packs = [*settings.config.paths(settings.config.rule_packs), *settings.options.packs]
    for folder in (rulebook(), *packs):
        yield from (_content(path) for path in sorted(folder.glob("*.y*ml")))
    if settings.config.where:
        yield _content(Path(settings.config.where))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise access_error("read", error, str(path)) from error
