"""Lint: a content calendar held against the rules, and mended where that is asked for; then what is new in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.analysis.settings import AnalysisOptions, Progress, Settings, resolve_settings
from tiktok_coach.core.config import account_document
from tiktok_coach.core.documents.document import display_path
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.io.reading import Export
from tiktok_coach.linter.beside import Beside, read_beside
from tiktok_coach.linter.check import LintResult, lint
from tiktok_coach.linter.finding import Copy
from tiktok_coach.linter.media import Media, look_at
from tiktok_coach.linter.transcript_facts import with_subtitles
from tiktok_coach.plans.load import ContentCalendar, load_calendar
from tiktok_coach.rules.lint_codes import NAMES
from tiktok_coach.rules.load import check_prefixes, is_selected

if TYPE_CHECKING:
    from tiktok_coach.analysis.expected_curves import CurveForecaster
    from tiktok_coach.linter.at_risk import PlannedCurves
    from tiktok_coach.linter.copies import CopyWriter


@dataclass(frozen=True)
class LintOptions:
    """What a user asks of lint alone: `sources` come as content, `per_path_ignores` are texts `PATTERN:CODE`.

    Where `walked` says which files the inputs hold, these are read and no folder is walked. Fixes that take a copy of a
    video or photo are made where `copies` says how these are written. Nobody looks for the videos, photos and subtitles
    that plans name unless it `looks_beside` them.
    """

    sources: tuple[SourceFile, ...] = ()
    per_path_ignores: tuple[str, ...] = ()
    baseline: Path | None = None
    fix: bool = False
    move_slots: bool = False
    allow_empty: bool = False
    copies: CopyWriter | None = None
    looks_beside: bool = True
    walked: tuple[SourceFile, ...] | None = None


@dataclass(frozen=True)
class LintRun:
    """What lint found: `changes` are the files that its fixes make, `fail_on` is the config's word on the exit code.

    `copies` of videos and photos were written, or would be, and those in `refused` were not, for a reason.
    """

    linted: LintResult
    changes: Mapping[str, bytes]
    fixed_count: int
    baseline: Path | None
    fail_on: str | None
    copies: tuple[Copy, ...] = ()
    refused: Mapping[Copy, str] = field(default_factory=dict)


def run_lint(
    options: AnalysisOptions,
    lint_options: LintOptions,
    progress: Progress | None = None,
    beside: Beside | None = None,
    settings: Settings | None = None,
) -> LintRun:
    """Lint the calendar that a user names, `beside` published posts and trends; None reads what the settings name.

    `settings` are those of the options where they are known already.
    """
    settings = resolve_settings(options) if settings is None else settings
    codes = {code for code in NAMES if is_selected(code, settings.select, settings.ignore)}
    rules = settings.select_rules(tuple(NAMES))
    if not codes and not any("planned" in rule.rule.applies_to for rule in rules):
        problem = _("select {select} leaves no rule on planned posts", select=", ".join(settings.select))
        raise CoachError(problem, hint=_("`audit` checks published posts"))
    codes |= {rule.code for rule in rules}
    ignored = _ignored(lint_options.per_path_ignores, settings)
    beside = read_beside(settings, progress) if beside is None else beside
    document = account_document(settings.config)
    looked = _look_at(options.media, beside.history, progress)
    curves = _planned_curves(looked, beside.history, settings)

    def load(contents: Mapping[str, bytes], media: Media | None) -> ContentCalendar:
        files, walked = _current(lint_options.sources, contents), lint_options.walked
        # A local time in a plan is on the clock of its own account, unless an option says otherwise.
        reading, known = replace(settings.read_options, timezone=options.timezone), settings.config.account.account()
        read = partial(load_calendar, options.inputs, reading, known=known, known_from=document)
        below = None if walked is None else _current(walked, contents)
        calendar = read(sources=files, walked=below, contents=contents, progress=progress)
        if options.goal:
            accounts = tuple(replace(account, goals=options.goal) for account in calendar.accounts)
            calendar = replace(calendar, accounts=accounts)
        if not (calendar.plans or calendar.problems or lint_options.allow_empty):
            calendar = replace(calendar, problems=(_no_plan(options.inputs),))
        if progress is not None:
            posts = len(calendar.row_of)
            progress(plural("checking {count} planned post", "checking {count:,} planned posts", posts))
        return _with_media(calendar, media, curves) if lint_options.looks_beside else calendar

    def check(calendar: ContentCalendar, media: frozenset[str]) -> LintResult:
        return lint(
            calendar,
            settings,
            codes,
            ignored,
            beside,
            move_slots=lint_options.move_slots,
            media=media,
            planned_curves=curves,
            looks_beside=lint_options.looks_beside,
        )

    config = settings.config.lint
    baseline = lint_options.baseline or (settings.config.paths([config.baseline])[0] if config.baseline else None)
    if not lint_options.fix:
        result = check(load({}, looked), frozenset() if looked is None else looked.names)
        if looked is not None and lint_options.copies is not None:
            from tiktok_coach.linter.copies import fixable

            result = fixable(result, lint_options.copies)
        return LintRun(result, {}, 0, baseline, config.fail_on)
    from tiktok_coach.linter.copies import fix_with_copies, limits_of

    def read_own(name: str) -> bytes:
        return content_of(name, (*lint_options.sources, *(lint_options.walked or ())))

    limits = limits_of(settings.every_rule)
    result, fixed = fix_with_copies(check, load, read_own, looked, limits, lint_options.copies, progress)
    return LintRun(result, fixed.changes, fixed.count, baseline, config.fail_on, fixed.copies, fixed.refused)


def _current(files: Sequence[SourceFile], contents: Mapping[str, bytes]) -> list[SourceFile]:
    """The files, those in `contents` as they are there."""
    pairs = ((file, contents.get(file.name)) for file in files)
    return [file if content is None else SourceFile(file.name, content=content) for file, content in pairs]


def _look_at(paths: Sequence[Path], history: Export | None, progress: Progress | None) -> Media | None:
    """What the files that are named hold, and which are of posts that are out."""
    if not paths:
        return None
    media = look_at(paths, progress)
    return media if history is None or not media.videos else media.beside(history)


def _with_media(calendar: ContentCalendar, media: Media | None, curves: PlannedCurves | None) -> ContentCalendar:
    """The calendar with what files tell of its posts."""
    if media is None:
        return with_subtitles(calendar, ())
    if curves is not None:
        curves.add(media.videos)
    return with_subtitles(media.fill(calendar), media.subtitles)


def _planned_curves(media: Media | None, history: Export | None, settings: Settings) -> PlannedCurves | None:
    """What foretells the curves of videos, where there are any, and published posts to learn from."""
    if media is None or not media.videos or history is None:
        return None
    from tiktok_coach.linter.at_risk import PlannedCurves

    def open_history() -> CurveForecaster:
        from tiktok_coach.analysis.expected_curves import CurveForecaster
        from tiktok_coach.analysis.session import Analysis

        return CurveForecaster(Analysis(history, settings))

    return PlannedCurves(open_history)


def _no_plan(paths: Sequence[Path]) -> CoachError:
    where = ", ".join(display_path(path) for path in paths if path != Path()) or None
    hint = _("`tiktok-coach init` writes an example; with --allow-empty this is no error")
    return CoachError(_("no plan found"), where=where, hint=hint)


def new_since(baseline: Path | None, linted: LintResult) -> tuple[LintResult, int]:
    """The lint without what the baseline knows, and how many findings of the baseline are gone."""
    if baseline is None:
        return linted, 0
    from tiktok_coach.linter.suppressions import read_baseline, without_known

    new, old, gone = without_known(linted.findings, read_baseline(baseline))
    return replace(linted, findings=tuple(new), suppressed=(*linted.suppressed, *old)), gone


def content_of(name: str, sources: Sequence[SourceFile]) -> bytes:
    """What a file of the calendar holds, also one that came as content."""
    return next((file.content for file in sources if file.name == name), None) or Path(name).read_bytes()


def _ignored(sources: Sequence[str], settings: Settings) -> dict[str, list[str]]:
    ignored = {pattern: list(codes) for pattern, codes in settings.config.lint.per_path_ignores.items()}
    for text in sources:
        pattern, colon, code = text.rpartition(":")
        if not colon or not pattern or not code:
            problem = _("--per-path-ignores {text!r} is not PATTERN:CODE", text=text)
            raise CoachError(problem, hint=_("such as 'drafts/*:T4'"))
        check_prefixes([code.upper()], [rule.code for rule in settings.every_rule])
        ignored.setdefault(pattern, []).append(code.upper())
    return ignored
