"""What the user asks of `lint`, and what that makes of rules, history and trends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.inputs import load_rulebook, load_settled
from tiktok_coach.config import Config, account_document
from tiktok_coach.documents import Document
from tiktok_coach.errors import CoachError
from tiktok_coach.ingest.plans.discovery import shown
from tiktok_coach.lint.suppressions import NAMES
from tiktok_coach.report.lint.formats import FORMATS, READ_BY_PEOPLE
from tiktok_coach.rules.load import CompiledRule, chosen, is_chosen

if TYPE_CHECKING:
    from tiktok_coach.ingest.loading import Export
    from tiktok_coach.ingest.reading import Options
    from tiktok_coach.trends import Trends

STDIN = Path("-")
STATISTICS, STATISTICS_JSON = "statistics", "statistics as json"


@dataclass(frozen=True)
class Request:
    """What the user asks of `lint`, as the options say it; `outputs` are formats with the file of each, None for stdout."""

    paths: tuple[Path, ...]
    history: tuple[Path, ...]
    stdin_filename: str | None
    trends: tuple[Path, ...]
    timezone: str | None
    date_order: str | None
    today: str | None
    config: Path | None
    packs: tuple[Path, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    extend_select: tuple[str, ...]
    per_path_ignores: tuple[str, ...]
    baseline: Path | None
    write_baseline: Path | None
    fix: bool
    diff: bool
    move_slots: bool
    outputs: tuple[tuple[str, Path | None], ...]
    fail_on: str | None
    exit_zero: bool
    quiet: bool
    verbose: bool
    progress: bool


@dataclass(frozen=True)
class Setting:
    """What stays the same however often a calendar is linted in one run."""

    config: Config
    account_document: Document | None
    reading: Options
    rules: tuple[CompiledRule, ...]
    known_codes: frozenset[str]
    own_codes: frozenset[str]
    ignored: Mapping[str, Sequence[str]]
    now: dt.datetime
    history: Export | None
    trends: Trends | None


def outputs(formats: Sequence[str], file: Path | None, *, statistics: bool) -> tuple[tuple[str, Path | None], ...]:
    """Formats with their files, from `FORMAT` and `FORMAT=FILE`; `file` takes the one that names none."""
    parted = [(name, Path(target) if target else None) for name, _, target in (f.partition("=") for f in formats)]
    for name, _ in parted:
        opt.one_of(name, FORMATS, "--output-format")
    if statistics and (len(parted) > 1 or parted[0][0] not in {"json", *READ_BY_PEOPLE}):
        raise CoachError("--statistics is shown as text or json", hint="leave out --output-format")
    loose = [name for name, target in parted if target is None]
    if len(loose) > 1:
        raise CoachError(f"both {loose[0]} and {loose[1]} would go to stdout", hint=f"write one as {loose[1]}=FILE")
    if statistics:
        [(name, target)] = parted
        return ((STATISTICS_JSON if name == "json" else STATISTICS, file if target is None else target),)
    return tuple((name, file if target is None else target) for name, target in parted)


def setting_of(request: Request) -> Setting:
    """The config, the rules and what is known beside the plans."""
    config = opt.settings(request.config, [p for p in request.paths if p != STDIN])
    reading = opt.reading_options(request.timezone, None, None, request.date_order, request.today)
    every = load_rulebook(config.with_every_rule(), request.packs, [], [])
    own = frozenset(NAMES)
    select = [*(request.select or config.select or [""]), *request.extend_select]
    ignore = [*_not_called_for(request, config), *request.ignore]
    history_paths = [*config.paths(config.lint.history), *request.history]
    trend_paths = [*config.paths(config.trends), *request.trends]
    history = _history(request, config, reading, [*history_paths, *trend_paths]) if history_paths else None
    return Setting(
        config,
        _account_document(config),
        reading,
        tuple(chosen(every, _without(select, own), _without(ignore, own))),
        frozenset(rule.code for rule in every),
        frozenset(code for code in own if is_chosen(code, select, ignore)),
        _ignored(request, config),
        _now(request, config, reading),
        history,
        _trends(trend_paths, reading) if trend_paths and history is None else None,
    )


def _account_document(config: Config) -> Document | None:
    document = account_document(config)
    return replace(document, where=shown(Path(document.where))) if document is not None else None


def _not_called_for(request: Request, config: Config) -> list[str]:
    """What the config ignores, but for what is selected beside it by the same name."""
    return [prefix for prefix in config.ignore if prefix not in request.extend_select]


def _without(prefixes: Sequence[str], own: frozenset[str]) -> list[str]:
    """The prefixes without those of lint's own findings, which are no rules."""
    return [p for p in prefixes if not p or not any(code.startswith(p) for code in own)]


def _history(request: Request, config: Config, reading: Options, paths: Sequence[Path]) -> Export:
    timed = replace(reading, timezone=request.timezone or config.account.timezone)
    return load_settled(paths, timed, config, request.timezone, None, progress=request.progress)


def _trends(paths: Sequence[Path], reading: Options) -> Trends | None:
    from tiktok_coach.ingest.loading import load_trends

    return load_trends(paths, reading)


def _ignored(request: Request, config: Config) -> dict[str, list[str]]:
    ignored = {pattern: list(codes) for pattern, codes in config.lint.per_path_ignores.items()}
    for given in request.per_path_ignores:
        pattern, colon, code = given.rpartition(":")
        if not colon or not pattern or not code:
            raise CoachError(f"--per-path-ignores {given!r} is no PATTERN:CODE", hint="such as 'drafts/*:T4'")
        ignored.setdefault(pattern, []).append(code)
    return ignored


def _now(request: Request, config: Config, reading: Options) -> dt.datetime:
    """The start of the day given, on the account's clock; without one, this moment."""
    if request.today is None:
        return dt.datetime.now(dt.UTC)
    zone = ZoneInfo(request.timezone or config.account.timezone or "UTC")
    return dt.datetime.combine(reading.today, dt.time(), zone)
