"""What `lint` does, once its options are known: load, lint, mend, report, and decide the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.inputs import say_notices
from tiktok_coach.cli.lint_request import STATISTICS, STATISTICS_JSON, STDIN, Request, Setting, setting_of
from tiktok_coach.cli.writing import write_pieces
from tiktok_coach.errors import CoachError
from tiktok_coach.ingest.opening import SourceFile
from tiktok_coach.ingest.plans.loading import ContentCalendar, load_calendar
from tiktok_coach.lint.check import Linted, lint
from tiktok_coach.report.escaping import one_line
from tiktok_coach.report.lint.formats import READ_BY_PEOPLE, rendered
from tiktok_coach.report.lint.style import closing, painted, plain, unknown_facts


def run(request: Request) -> int:
    """Lint once; gives the exit code."""
    setting = setting_of(request)
    given = _given(request)
    contents_of = {file.name: file.content for file in given}

    def load(contents: Mapping[str, bytes]) -> ContentCalendar:
        return _loaded(request, setting, given, contents)

    def lint_it(calendar: ContentCalendar) -> Linted:
        return _linted(calendar, setting, move_slots=request.move_slots)

    done = 0
    changes: dict[str, bytes] = {}
    if request.fix or request.diff:
        from tiktok_coach.lint.fixing import mended

        linted, changes, done = mended(lint_it, load, lambda name: contents_of.get(name) or Path(name).read_bytes())
    else:
        linted = lint_it(load({}))
    if request.diff:
        return _show_diff(linted, changes, contents_of)
    if request.fix:
        _write(changes)
    return _report(request, setting, linted, done, len(changes))


def watched(request: Request) -> int:
    """Lint, and again after every change, until interrupted; gives the last exit code."""
    from watchfiles import watch

    places = [path for path in (*request.paths, *request.history, *request.trends) if path.exists()]
    if STDIN in request.paths or not places:
        raise CoachError("--watch needs files or folders that are there", hint="name them")
    code = _kept_going(request)
    for _ in watch(*places, raise_interrupt=False):
        if sys.stdout.isatty():
            sys.stdout.write("\x1b[2J\x1b[H")
        code = _kept_going(request)
    return code


def _kept_going(request: Request) -> int:
    try:
        return run(request)
    except CoachError as error:
        print(one_line(f"error: {error}"), file=sys.stderr)  # noqa: T201
        return 2


def _given(request: Request) -> list[SourceFile]:
    """What comes on stdin, as a file."""
    if STDIN not in request.paths and request.stdin_filename is None:
        return []
    if request.fix:
        raise CoachError("--fix cannot write to stdin", hint="use --diff, or name the file")
    return [SourceFile(request.stdin_filename or "stdin.yaml", content=sys.stdin.buffer.read())]


def _loaded(
    request: Request, setting: Setting, given: Sequence[SourceFile], contents: Mapping[str, bytes]
) -> ContentCalendar:
    known = setting.config.account.account()
    files = [_with_content(file, contents) for file in given]
    paths = [p for p in request.paths if p != STDIN] if not given or request.paths != (Path(),) else []

    def load(progress: Callable[[str], None] | None) -> ContentCalendar:
        return load_calendar(
            paths,
            setting.reading,
            known=known,
            known_from=setting.account_document,
            given=files,
            contents=contents,
            progress=progress,
        )

    if not (request.progress and sys.stderr.isatty()):
        return load(None)
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("reading") as status:
        return load(lambda name: status.update(Text(f"reading {one_line(name, 60)}")))


def _with_content(file: SourceFile, contents: Mapping[str, bytes]) -> SourceFile:
    return SourceFile(file.name, content=contents[file.name]) if file.name in contents else file


def _linted(calendar: ContentCalendar, setting: Setting, *, move_slots: bool) -> Linted:
    return lint(
        calendar,
        setting.rules,
        setting.known_codes,
        now=setting.now,
        history=setting.history,
        trends=setting.trends,
        ignored=setting.ignored,
        own_codes=setting.own_codes,
        move_slots=move_slots,
    )


def _show_diff(linted: Linted, changes: Mapping[str, bytes], contents_of: Mapping[str, bytes]) -> int:
    from tiktok_coach.lint.fixing import diff

    write_pieces(
        (
            line
            for name, new in changes.items()
            for line in diff(name, contents_of.get(name) or Path(name).read_bytes(), new)
        ),
        None,
    )
    _say_problems(linted)
    return 2 if linted.problems else 1 if changes else 0


def _write(changes: Mapping[str, bytes]) -> None:
    from tiktok_coach.report.canonical import replaced

    for name, content in changes.items():
        path = Path(name).resolve()
        mode = path.stat().st_mode
        with replaced(path) as partial:
            partial.write_bytes(content)
        path.chmod(mode)


def _say_problems(linted: Linted) -> None:
    for problem in linted.problems:
        column = f":{problem.column}" if problem.line and problem.column else ""
        print(one_line(f"error: {problem.place}{column}: {problem.advice}"), file=sys.stderr)  # noqa: T201


def _report(request: Request, setting: Setting, linted: Linted, done: int, files: int) -> int:
    if request.write_baseline is not None:
        from tiktok_coach.lint.baseline import as_baseline

        write_pieces([as_baseline(linted.findings)], request.write_baseline)
    linted, gone = _without_baseline(request, setting, linted)
    say_notices(linted.notices, quiet=request.quiet, verbose=request.verbose)
    _say_problems(linted)
    if not request.quiet:
        said = []
        if done:
            said.append(f"mended {done} finding{'s' if done > 1 else ''} in {files} file{'s' if files > 1 else ''}")
        if gone:
            are = "findings of the baseline are" if gone > 1 else "finding of the baseline is"
            said.append(f"{gone} {are} gone; write it anew to forget {'them' if gone > 1 else 'it'}")
        if request.verbose:
            told = unknown_facts(linted)
            said += [f"{t['code']} could not judge {t['count']}: {t['supplied_by']} would tell" for t in told]
        for text in said:
            print(f"note: {text}", file=sys.stderr)  # noqa: T201
    for name, target in request.outputs:
        _show(name, target, linted, quiet=request.quiet)
    if linted.problems:
        return 2
    if request.exit_zero:
        return 0
    severe = opt.at_least(request.fail_on or setting.config.lint.fail_on or "warning")
    return int(any(finding.severity in severe for finding in linted.findings))


def _without_baseline(request: Request, setting: Setting, linted: Linted) -> tuple[Linted, int]:
    named = setting.config.lint.baseline
    path = request.baseline or (setting.config.paths([named])[0] if named else None)
    if path is None:
        return linted, 0
    from tiktok_coach.lint.baseline import read_baseline, without_known

    new, old, gone = without_known(linted.findings, read_baseline(path))
    return replace(linted, findings=tuple(new), suppressed=(*linted.suppressed, *old)), gone


def _show(name: str, target: Path | None, linted: Linted, *, quiet: bool) -> None:
    import os
    import shutil

    colours = target is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    paint = painted if colours else plain
    width = shutil.get_terminal_size((110, 24)).columns
    if name in {STATISTICS, STATISTICS_JSON}:
        from tiktok_coach.report.lint import statistics

        pieces: Iterable[str] = statistics.render(linted, paint, width)
        if name == STATISTICS_JSON:
            pieces = statistics.render_json(linted)
    else:
        pieces = rendered(name, linted, paint, width)
    summed = name in {STATISTICS, *READ_BY_PEOPLE} and not quiet
    write_pieces(chain(pieces, closing(linted, paint) if summed else ()), target)
