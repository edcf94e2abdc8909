"""The work on one group of accounts: what is new or changed is asked anew, and stands in the tables before it is said to be done."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import quote

from tiktok_coach import __version__
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.settings import Settings, resolve_settings
from tiktok_coach.batch.discovery import Group, Input, content_digest, readable
from tiktok_coach.batch.results import COMMANDS, of_one
from tiktok_coach.batch.tables import Rows, finite, write_rows
from tiktok_coach.core.config import find_config
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.languages import use_language
from tiktok_coach.core.translation import _
from tiktok_coach.render.output import replaced, write_pieces

# Where it is kept which accounts of a group are done, and where an account's JSON stands.
GROUPS, JSON = "groups", "json"


@dataclass(frozen=True)
class Job:
    """What is asked of every account, and all that the workers need for it: it travels to each of them once.

    The `settings` hold its rules, `trends` are the names and contents of the trends files, `digest` tells whether anything of this has
    changed since a former run.
    """

    command: str
    settings: Settings
    trends: tuple[tuple[str, bytes], ...]
    folder: str
    seed: int
    digest: str
    language: str
    resume: bool
    with_json: bool
    version: str = __version__


@dataclass(frozen=True)
class Failure:
    """An account that could not be worked on: which file, where it is known, and why."""

    account: str
    input: str
    file: str
    line: int | None
    reason: str


@dataclass(frozen=True)
class Done:
    """A group that is done: how many accounts were asked anew, how many kept what they had, and which could not be."""

    group: str
    asked: int
    kept: int
    failures: tuple[Failure, ...]


def work(group: Group, job: Job, without: tuple[Failure, ...] = ()) -> Done:
    """Ask a group of accounts, without those of which it is known that they end the process.

    Raises CoachError where the results cannot be written, or this is another version of the tool.
    """
    if job.version != __version__:
        raise CoachError(
            _("the workers have tiktok-coach {theirs}, this is {own}", theirs=__version__, own=job.version),
            hint=_("install the same version there"),
        )
    try:
        with use_language(job.language), _setting(job) as settings:
            return _worked(group, job, settings, without)
    except OSError as error:
        raise access_error("written", error, job.folder) from error


def _worked(group: Group, job: Job, settings: Settings, without: tuple[Failure, ...]) -> Done:
    folder = Path(job.folder)
    ledger = folder / GROUPS / f"{group.name}.json"
    known = json.loads(ledger.read_text("utf-8")) if job.resume and ledger.exists() else {}
    apart = {failure.account for failure in without}
    rows: Rows = {}
    told: dict[str, dict[str, object]] = {}
    kept: list[str] = []
    failures: list[Failure] = list(without)
    now = ledger.with_suffix(".now")
    now.parent.mkdir(parents=True, exist_ok=True)
    for one in group.inputs:
        if one.name in apart:
            continue
        now.write_text(one.name, "utf-8")
        found, failure = _answered(one, job, settings, known.get(one.name))
        if failure is not None:
            failures.append(failure)
        if found is None:
            kept.append(one.name)
            told[one.name] = known[one.name]
            continue
        digest, answer = found
        told[one.name] = {"digest": digest, "failure": asdict(failure) if failure else None}
        for table, held in answer.items():
            rows.setdefault(table, []).extend(
                {"account": one.name, "input": readable(one.path), **finite(row)}
                if table == "accounts"
                else {"account": one.name, **finite(row)}
                for row in held
            )
    if told != known or without:
        write_rows(folder, job.command, group.name, rows, kept)
        # Last, so that whatever ends the process before is done again.
        with replaced(ledger) as partial:
            partial.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    now.unlink(missing_ok=True)
    return Done(group.name, len(group.inputs) - len(kept), len(kept), tuple(failures))


def _answered(
    one: Input, job: Job, settings: Settings, known: dict[str, object] | None
) -> tuple[tuple[str, Rows] | None, Failure | None]:
    """The digest and the rows of an account, None where nothing has changed since they were written; and why there are none, where that is so."""
    try:
        own = _own_config(one, settings)
        digest = "-".join([job.digest, *(content_digest(path) for path in (Path(one.path), own) if path is not None)])
    except OSError as error:
        return ("", {}), _failure(one, access_error("read", error, one.path))
    if (
        known is not None
        and known["digest"] == digest
        and (not job.with_json or known["failure"] or json_path(job, one.name).exists())
    ):
        held = known["failure"]
        return None, Failure(**held) if isinstance(held, dict) else None
    command = COMMANDS[job.command]
    try:
        mine = _mine(one, settings, own)
        answer = command.ask(of_one(load_export((Path(one.path),), mine, None)), mine, job.seed)
        rows, pieces = command.rows(answer), list(command.json(answer)) if job.with_json else []
    except CoachError as error:
        return (digest, {}), _failure(one, error)
    except Exception as error:  # noqa: BLE001 - one account ends nothing, whatever is wrong with it or with the tool
        reason = _("{name}: {error}; this is a fault of tiktok-coach", name=type(error).__name__, error=error)
        return (digest, {}), Failure(one.name, one.path, "", None, reason)
    if job.with_json:
        path = json_path(job, one.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_pieces(pieces, path)
    return (digest, rows), None


def _own_config(one: Input, shared: Settings) -> Path | None:
    """The config file that is nearer to an account than that of all; None where there is none."""
    found = None if shared.options.config is not None else find_config(Path(one.path))
    return None if found is None or found == Path(shared.config.where or "").resolve() else found


def _mine(one: Input, shared: Settings, own: Path | None) -> Settings:
    """The settings of an account: those of all, or by its own config file."""
    options = replace(shared.options, inputs=(Path(one.path),))
    return resolve_settings(options) if own is not None else shared.changed(options=options)


@contextmanager
def _setting(job: Job) -> Iterator[Settings]:
    """The settings of a job on this worker, with its trends as files."""
    with tempfile.TemporaryDirectory() as place:
        trends: Sequence[Path] = [Path(place) / str(number) / name for number, (name, _b) in enumerate(job.trends)]
        for path, (_name, content) in zip(trends, job.trends, strict=True):
            path.parent.mkdir()
            path.write_bytes(content)
        options = replace(job.settings.options, trends=tuple(trends))
        config = job.settings.config.model_copy(update={"trends": []})
        yield job.settings.changed(options=options, config=config)


def json_path(job: Job, account: str) -> Path:
    """Where an account's JSON stands."""
    return Path(job.folder) / JSON / f"{quote(account, safe='')}.json"


def _failure(one: Input, error: CoachError) -> Failure:
    return Failure(one.name, one.path, error.where or one.path, error.line, error.advice)
