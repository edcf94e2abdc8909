"""What `lint` does with what it found: write mends and baselines, show, and decide the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.cli.options import at_least, one_of
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.files.source_files import SourceFile
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.run import LintOptions, LintRun, content_of, new_since, run_lint
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.lint.data import unknown_facts
from tiktok_coach.render.lint.formats import READ_BY_PEOPLE, STATISTICS, STATISTICS_JSON, known_formats, rendered
from tiktok_coach.render.lint.text import closing, painted, plain
from tiktok_coach.render.output import write_pieces

STDIN = Path("-")
NOT_WATCHED = N_("--watch needs files or folders that are there")


@dataclass(frozen=True)
class Display:
    """How the user wants to see what lint finds; `outputs` are formats with the file of each, None for stdout."""

    outputs: tuple[tuple[str, Path | None], ...]
    write_baseline: Path | None
    diff: bool
    fail_on: str | None
    exit_zero: bool
    request: Request


def outputs(formats: Sequence[str], file: Path | None, *, statistics: bool) -> tuple[tuple[str, Path | None], ...]:
    """Formats with their files, from `FORMAT` and `FORMAT=FILE`; `file` takes the one that names none."""
    parted = [(name, Path(target) if target else None) for name, _, target in (f.partition("=") for f in formats)]
    for name, _target in parted:
        one_of(name, known_formats(name), "--output-format")
    if statistics and (len(parted) > 1 or parted[0][0] not in {"json", *READ_BY_PEOPLE}):
        raise CoachError(_("--statistics is shown as text or json"), hint=_("leave out --output-format"))
    loose = [name for name, target in parted if target is None]
    if len(loose) > 1:
        raise CoachError(
            _("both {one} and {other} would go to stdout", one=loose[0], other=loose[1]),
            hint=_("write one as {format}=FILE", format=loose[1]),
        )
    if statistics:
        [(name, target)] = parted
        return ((STATISTICS_JSON if name == "json" else STATISTICS, file if target is None else target),)
    return tuple((name, file if target is None else target) for name, target in parted)


def read_stdin(name: str | None, *, fix: bool, watch: bool) -> SourceFile:
    """What comes on stdin, as a file. Raises CoachError where it would have to be watched or written."""
    if watch:
        raise CoachError(_(NOT_WATCHED), hint=_("name them"))
    if fix:
        raise CoachError(_("--fix cannot write to stdin"), hint=_("use --diff, or name the file"))
    return SourceFile(name or "stdin.yaml", content=sys.stdin.buffer.read())


def run(options: Callable[[], AnalysisOptions], lint_options: LintOptions, display: Display) -> int:
    """Lint once; gives the exit code."""
    with display.request.reading() as progress:
        answer = run_lint(options(), lint_options, progress)
    if display.diff:
        return _show_diff(answer, lint_options.sources)
    _write(answer.changes)
    return _report(answer, display)


def watch(options: Callable[[], AnalysisOptions], lint_options: LintOptions, display: Display) -> int:
    """Lint, and again after every change, until interrupted; gives the last exit code."""
    import watchfiles

    first = options()
    places = [path for path in (*first.inputs, *first.history, *first.trends) if path.exists()]
    if not places:
        raise CoachError(_(NOT_WATCHED), hint=_("name them"))
    code = _run_or_report(options, lint_options, display)
    for _change in watchfiles.watch(*places, raise_interrupt=False):
        if sys.stdout.isatty():
            sys.stdout.write("\x1b[2J\x1b[H")
        code = _run_or_report(options, lint_options, display)
    return code


def _run_or_report(options: Callable[[], AnalysisOptions], lint_options: LintOptions, display: Display) -> int:
    try:
        return run(options, lint_options, display)
    except CoachError as error:
        print(one_line(_("error: {error}", error=error)), file=sys.stderr)  # noqa: T201
        return 2


def _show_diff(answer: LintRun, sources: Sequence[SourceFile]) -> int:
    from tiktok_coach.linter.apply_fixes import diff

    changes = answer.changes.items()
    write_pieces((line for name, new in changes for line in diff(name, content_of(name, sources), new)), None)
    _say_problems(answer.linted)
    return 2 if answer.linted.problems else 1 if changes else 0


def _write(changes: Mapping[str, bytes]) -> None:
    from tiktok_coach.render.output import atomic_file

    for name, content in changes.items():
        path = Path(name).resolve()
        mode = path.stat().st_mode
        with atomic_file(path) as partial:
            partial.write_bytes(content)
        path.chmod(mode)


def _say_problems(linted: LintResult) -> None:
    for problem in linted.problems:
        column = f":{problem.column}" if problem.line and problem.column else ""
        line = _("error: {place}{column}: {advice}", place=problem.place, column=column, advice=problem.advice)
        print(one_line(line), file=sys.stderr)  # noqa: T201


def _report(answer: LintRun, display: Display) -> int:
    if display.write_baseline is not None:
        from tiktok_coach.linter.suppressions import as_baseline

        write_pieces([as_baseline(answer.linted.findings)], display.write_baseline)
    linted, gone = new_since(answer.baseline, answer.linted)
    display.request.say(linted.calendar.notices)
    _say_problems(linted)
    quiet = display.request["quiet"]
    if not quiet:
        _say_summary(answer, linted, gone, verbose=display.request["verbose"])
    for name, target in display.outputs:
        _show(name, target, linted, quiet=quiet)
    if linted.problems:
        return 2
    if display.exit_zero:
        return 0
    severe = at_least(display.fail_on or answer.fail_on or "warning")
    return int(any(finding.severity in severe for finding in linted.findings))


def _say_summary(answer: LintRun, linted: LintResult, gone: int, *, verbose: bool) -> None:
    done, files = answer.fixed_count, len(answer.changes)
    lines = []
    if done:
        lines.append(
            _(
                "mended {findings} in {files}",
                findings=plural("{count} finding", "{count} findings", done),
                files=plural("{count} file", "{count} files", files),
            )
        )
    if gone:
        lines.append(
            plural(
                "{count} finding of the baseline is gone; write it anew to forget it",
                "{count} findings of the baseline are gone; write it anew to forget them",
                gone,
            )
        )
    if verbose:
        unknown_counts = unknown_facts(linted)
        lines += [
            _(
                "{code} could not judge {count}: {supplied_by} would tell",
                code=t["code"],
                count=t["count"],
                supplied_by=t["supplied_by"],
            )
            for t in unknown_counts
        ]
    for text in lines:
        print(_("note: {text}", text=text), file=sys.stderr)  # noqa: T201


def _show(name: str, target: Path | None, linted: LintResult, *, quiet: bool) -> None:
    import os
    import shutil

    # By the same two variables as Rich, by which all other commands are coloured.
    wants_colour = sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))
    colours = target is None and wants_colour and not os.environ.get("NO_COLOR")
    paint = painted if colours else plain
    width = shutil.get_terminal_size((110, 24)).columns
    summed = name in {STATISTICS, *READ_BY_PEOPLE} and not quiet
    pieces = rendered(name, linted, paint, width)
    write_pieces(chain(pieces, closing(linted, paint) if summed else ()), target)
