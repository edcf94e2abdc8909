"""A job over many accounts, which workers can take with them, and its work on one group of them: new and changed ones
are answered, and done when their rows are written.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tiktok_coach import __version__
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Settings, resolve_settings
from tiktok_coach.batch.discovery import Group, Input, content_digest, readable
from tiktok_coach.batch.results import COMMANDS, Rows, null_if_nan, require_one_account, write_rows
from tiktok_coach.core.config import Config, find_config
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _, language, use_language
from tiktok_coach.render.output import atomic_file, write_pieces
from tiktok_coach.rules.load import rulebook

# The folders of the ledgers, which say what each account of a group was when it was done, and of the accounts' JSON.
GROUPS, JSON = "groups", "json"
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


@dataclass(frozen=True)
class Failure:
    """An account that could not be read: which file, where it is known, and why."""

    account: str
    input: str
    file: str = ""
    line: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class FleetResult:
    """How many accounts were new and how many unchanged, of a group or of all, and which of them failed."""

    new: int = 0
    unchanged: int = 0
    failures: tuple[Failure, ...] = ()

    @property
    def accounts(self) -> int:
        """How many accounts there were."""
        return self.new + self.unchanged


def work(group: Group, job: Job, excluded: tuple[Failure, ...] = ()) -> FleetResult:
    """Work on the accounts of a group, but those `excluded` because they end the process.

    Raises CoachError where the results cannot be written, or this is another version of the tool.
    """
    if job.version != __version__:
        raise CoachError(
            _("the workers have tiktok-coach {theirs}, this is {own}", theirs=__version__, own=job.version),
            hint=_("install the same version there"),
        )
    try:
        with use_language(job.language), _local_settings(job) as settings:
            return _work(group, job, settings, excluded)
    except OSError as error:
        raise access_error("written", error, job.folder) from error


def _work(group: Group, job: Job, settings: Settings, excluded: tuple[Failure, ...]) -> FleetResult:
    folder = Path(job.folder)
    ledger = folder / GROUPS / f"{group.name}.json"
    before = json.loads(ledger.read_text("utf-8")) if job.resume and ledger.exists() else {}
    rows: Rows = {}
    entries: dict[str, dict[str, object]] = {}
    unchanged: list[str] = []
    failures: list[Failure] = list(excluded)
    marker = ledger.with_suffix(".now")
    marker.parent.mkdir(parents=True, exist_ok=True)
    for account in group.inputs:
        if account.name in {failure.account for failure in excluded}:
            continue
        marker.write_text(account.name, "utf-8")
        digest, tables, failure = _answer(account, job, settings, before.get(account.name))
        entries[account.name] = {"digest": digest, "failure": asdict(failure) if failure else None}
        failures += [failure] if failure else []
        unchanged += [account.name] if tables is None else []
        names = {"account": account.name, "input": readable(account.path)}
        for table, table_rows in (tables or {}).items():
            rows.setdefault(table, []).extend(names | null_if_nan(row) for row in table_rows)
    if entries != before or excluded:
        write_rows(folder, job.command, group.name, rows, unchanged)
        # Last, so that whatever ends the process before is done again.
        with atomic_file(ledger, is_answer=False) as partial:
            partial.write_text(json.dumps(entries, ensure_ascii=False), "utf-8")
    marker.unlink(missing_ok=True)
    return FleetResult(len(group.inputs) - len(unchanged), len(unchanged), tuple(failures))


def _answer(
    account: Input, job: Job, shared: Settings, before: dict[str, Any] | None
) -> tuple[str, Rows | None, Failure | None]:
    """The digest of an account, its rows, None where nothing has changed since, and why it could not be read."""
    path = json_path(job, account.name)
    try:
        settings = _account_settings(account, shared)
        digest = f"{job.digest}-{content_digest(Path(account.path))}"
        if settings.config.where != shared.config.where:
            digest += f"-{files_digest(config_files(settings.config))}"
    except CoachError as error:
        return "", {}, _failure(account, error)
    except OSError as error:
        return "", {}, _failure(account, access_error("read", error, account.path))
    if before and before["digest"] == digest and (not job.with_json or before["failure"] or path.exists()):
        return digest, None, Failure(**before["failure"]) if before["failure"] else None
    # What was written before is of other files or other settings.
    path.unlink(missing_ok=True)
    command = COMMANDS[job.command]
    try:
        export = require_one_account(load_export((Path(account.path),), settings, None))
        answer = command.answer(Analysis(export, settings).in_period(), job.seed)
        rows, pieces = command.rows(answer), list(command.json(answer)) if job.with_json else []
    except CoachError as error:
        return digest, {}, _failure(account, error)
    except Exception as error:  # noqa: BLE001 - one account ends nothing, whatever is wrong with it or with the tool
        reason = _("{name}: {error}; this is a fault of tiktok-coach", name=type(error).__name__, error=error)
        return digest, {}, Failure(account.name, account.path, reason=reason)
    if job.with_json:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_pieces(pieces, path, is_answer=False)
    return digest, rows, None


def _account_settings(account: Input, shared: Settings) -> Settings:
    """The settings of an account: by the config file that is nearer to it than that of all, else those of all."""
    options = replace(shared.options, inputs=(Path(account.path),))
    nearest = None if options.config is not None else find_config(Path(account.path))
    is_own = nearest is not None and nearest != Path(shared.config.where or "").resolve()
    return resolve_settings(options) if is_own else shared.with_changes(options=options, is_shared=True)


@contextmanager
def _local_settings(job: Job) -> Iterator[Settings]:
    """The settings of a job on this worker, with its trends as files."""
    with tempfile.TemporaryDirectory() as place:

        def write(contents: NamedContents, kind: str) -> list[Path]:
            paths = [Path(place) / kind / str(number) / name for number, (name, _b) in enumerate(contents)]
            for path, (_name, content) in zip(paths, contents, strict=True):
                path.parent.mkdir(parents=True)
                path.write_bytes(content)
            return paths

        options = replace(job.settings.options, trends=tuple(write(job.trends, "options")))
        trends = [str(path) for path in write(job.config_trends, "config")]
        yield job.settings.with_changes(
            options=options, config=job.settings.config.model_copy(update={"trends": trends})
        )


def json_path(job: Job, account: str) -> Path:
    """Where an account's JSON stands."""
    return Path(job.folder) / JSON / f"{quote(account, safe='')}.json"


def _failure(account: Input, error: CoachError) -> Failure:
    return Failure(account.name, account.path, error.where or account.path, error.line, error.advice)
