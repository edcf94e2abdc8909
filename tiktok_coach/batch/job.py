"""What a user asks of a fleet, as a job that workers can take with them, and what its answers depend on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from tiktok_coach import __version__
from tiktok_coach.analysis.settings import AnalysisOptions, Settings, resolve_settings
from tiktok_coach.core.config import Config
from tiktok_coach.core.errors import access_error
from tiktok_coach.core.translation import language
from tiktok_coach.rules.load import rulebook

# Options of which the contents of files are digested rather than the paths, and the moment of the run.
NOT_DIGESTED = {"now", "inputs", "trends", "config", "packs"}
NamedContents = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Job:
    """What is asked of every account, and all that the workers need for it: it travels to each of them once.

    The `settings` hold its rules; `trends` and `config_trends` are the names and contents of the trends files that the
    options and the config name; `digest` changes with whatever an answer depends on, but for the account's own files.
    """

    command: str
    settings: Settings
    trends: NamedContents
    config_trends: NamedContents
    folder: str
    seed: int
    digest: str
    language: str
    resume: bool
    with_json: bool
    version: str = __version__


def create_job(
    command: str, options: AnalysisOptions, folder: Path, *, seed: int, resume: bool, with_json: bool
) -> Job:
    """The job. Raises CoachError for settings, rules or trends that cannot be used."""
    # Workers may stand in another folder.
    options = replace(options, packs=tuple(path.absolute() for path in options.packs))
    # With its rules, so that no worker reads them from files that it may not have.
    settings = resolve_settings(options).with_changes()
    trends = _contents(options.trends)
    config_trends = _contents(settings.config.paths(settings.config.trends))
    choices = [(f.name, getattr(options, f.name)) for f in fields(options) if f.name not in NOT_DIGESTED]
    digest = hashlib.blake2b(repr((command, seed, __version__, language(), choices, trends)).encode(), digest_size=10)
    digest.update(files_digest([*_rule_files([rulebook(), *options.packs]), *config_files(settings.config)]).encode())
    return Job(
        command=command,
        settings=settings,
        trends=trends,
        config_trends=config_trends,
        folder=str(folder.resolve()),
        seed=seed,
        digest=digest.hexdigest(),
        language=language(),
        resume=resume,
        with_json=with_json,
    )


def config_files(config: Config) -> Iterator[Path]:
    """The config file, and every file that it names for an audit, a simulation or evidence."""
    if config.where:
        yield Path(config.where)
        yield from _rule_files(config.paths(config.rule_packs))
        yield from config.paths(config.trends)


def files_digest(paths: Iterable[Path]) -> str:
    """What changes with the name or the content of any of the files; one that cannot be read counts as absent."""
    digest = hashlib.blake2b(digest_size=20)
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError:
            content = b"absent"
        digest.update(hashlib.blake2b(path.name.encode("utf-8", "surrogateescape") + b"\0" + content).digest())
    return digest.hexdigest()


def _rule_files(packs: Iterable[Path]) -> Iterator[Path]:
    for pack in packs:
        yield from [pack] if pack.is_file() else sorted(pack.glob("*.y*ml"))


def _contents(paths: Iterable[Path]) -> NamedContents:
    contents = []
    for path in paths:
        try:
            contents.append((path.name, path.read_bytes()))
        except OSError as error:
            raise access_error("read", error, str(path)) from error
    return tuple(contents)
