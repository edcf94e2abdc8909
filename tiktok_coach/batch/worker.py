"""The work on one group of accounts: new and changed ones are answered, and done when their rows are written."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import quote

from tiktok_coach import __version__
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import Settings, resolve_settings
from tiktok_coach.batch.discovery import Group, Input, content_digest, readable
from tiktok_coach.batch.job import Job, NamedContents, config_files, files_digest
from tiktok_coach.batch.results import COMMANDS, require_one_account
from tiktok_coach.batch.tables import Rows, null_if_nan, write_rows
from tiktok_coach.core.config import find_config
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.translation import _, use_language
from tiktok_coach.render.output import atomic_file, write_pieces

# The folders of the ledgers, which say what each account of a group was when it was done, and of the accounts' JSON.
GROUPS, JSON = "groups", "json"


@dataclass(frozen=True)
class Failure:
    """An account that could not be read: which file, where it is known, and why."""

    account: str
    input: str
    file: str
    line: int | None
    reason: str


@dataclass(frozen=True)
class GroupResult:
    """The counts of a group's new and unchanged accounts, and the failures."""

    group: str
    new: int
    unchanged: int
    failures: tuple[Failure, ...]


def work(group: Group, job: Job, excluded: tuple[Failure, ...] = ()) -> GroupResult:
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


def _work(group: Group, job: Job, settings: Settings, excluded: tuple[Failure, ...]) -> GroupResult:
    folder = Path(job.folder)
    ledger = folder / GROUPS / f"{group.name}.json"
    before = json.loads(ledger.read_text("utf-8")) if job.resume and ledger.exists() else {}
    excluded_names = {failure.account for failure in excluded}
    rows: Rows = {}
    entries: dict[str, dict[str, object]] = {}
    unchanged: list[str] = []
    failures: list[Failure] = list(excluded)
    marker = ledger.with_suffix(".now")
    marker.parent.mkdir(parents=True, exist_ok=True)
    for account in group.inputs:
        if account.name in excluded_names:
            continue
        marker.write_text(account.name, "utf-8")
        result, failure = _answer(account, job, settings, before.get(account.name))
        if failure is not None:
            failures.append(failure)
        if result is None:
            unchanged.append(account.name)
            entries[account.name] = before[account.name]
            continue
        digest, tables = result
        entries[account.name] = {"digest": digest, "failure": asdict(failure) if failure else None}
        for table, table_rows in tables.items():
            names = {"account": account.name}
            if table == "accounts":
                names["input"] = readable(account.path)
            rows.setdefault(table, []).extend({**names, **null_if_nan(row)} for row in table_rows)
    if entries != before or excluded:
        write_rows(folder, job.command, group.name, rows, unchanged)
        # Last, so that whatever ends the process before is done again.
        with atomic_file(ledger) as partial:
            partial.write_text(json.dumps(entries, ensure_ascii=False), "utf-8")
    marker.unlink(missing_ok=True)
    return GroupResult(group.name, len(group.inputs) - len(unchanged), len(unchanged), tuple(failures))


def _answer(
    account: Input, job: Job, shared: Settings, before: dict[str, object] | None
) -> tuple[tuple[str, Rows] | None, Failure | None]:
    """The digest and the rows of an account, None where nothing has changed since; and why it could not be read."""
    path = json_path(job, account.name)
    try:
        settings = _account_settings(account, shared)
        digest = f"{job.digest}-{content_digest(Path(account.path))}"
        if settings.config.where != shared.config.where:
            digest += f"-{files_digest(config_files(settings.config))}"
    except CoachError as error:
        return ("", {}), _failure(account, error)
    except OSError as error:
        return ("", {}), _failure(account, access_error("read", error, account.path))
    if before and before["digest"] == digest and (not job.with_json or before["failure"] or path.exists()):
        failure = before["failure"]
        return None, Failure(**failure) if isinstance(failure, dict) else None
    # What was written before is of other files or other settings.
    path.unlink(missing_ok=True)
    command = COMMANDS[job.command]
    try:
        export = require_one_account(load_export((Path(account.path),), settings, None))
        answer = command.answer(Analysis(export, settings), job.seed)
        rows, pieces = command.rows(answer), list(command.json(answer)) if job.with_json else []
    except CoachError as error:
        return (digest, {}), _failure(account, error)
    except Exception as error:  # noqa: BLE001 - one account ends nothing, whatever is wrong with it or with the tool
        reason = _("{name}: {error}; this is a fault of tiktok-coach", name=type(error).__name__, error=error)
        return (digest, {}), Failure(account.name, account.path, "", None, reason)
    if job.with_json:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_pieces(pieces, path)
    return (digest, rows), None


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
