"""What `lint` does with what it found: write mends and baselines, show, and decide the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.cli.options import at_least, format_of, one_of
from tiktok_coach.cli.request import Request
from tiktok_coach.core.documents.document import display_path
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.translation import N_, _, plural, plurals
from tiktok_coach.io.files.source_files import SourceFile, stdin_content
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.run import LintOptions, LintRun, content_of, new_since, run_lint
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.lint.data import unknown_facts
from tiktok_coach.render.lint.formats import (
    FORMATS,
    READ_BY_PEOPLE,
    STATISTICS,
    STATISTICS_JSON,
    known_formats,
    rendered,
)
from tiktok_coach.render.lint.limits import Report
from tiktok_coach.render.lint.text import answer, painted, plain
from tiktok_coach.render.output import atomic_file, text_width, write_pieces

if TYPE_CHECKING:
    from tiktok_coach.linter.copies import CopyWriter

NOT_WATCHED = N_("--watch needs files or folders that are there")
# Formats with the file of each, None for stdout.
Outputs = tuple[tuple[str, Path | None], ...]


def outputs(formats: Sequence[str], file: Path | None, *, statistics: bool) -> Outputs:
    """Formats with their files, from `FORMAT` and `FORMAT=FILE`; `file` takes the one that names none, and its ending
    says the format where no other does.
    """
    if not formats:
        formats = [format_of(file, FORMATS) if file is not None and file.suffix else "text"]
    parted = [(name, Path(target) if target else None) for name, _, target in (f.partition("=") for f in formats)]
    for name, _target in parted:
        one_of(name, known_formats(name), "--format")
    if statistics and (len(parted) > 1 or parted[0][0] not in {"json", *READ_BY_PEOPLE}):
        raise CoachError(_("--statistics is shown as text or json"), hint=_("leave out --format"))
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


def require_replaceable(formats: Outputs, request: Request) -> None:
    """Raises CoachError where a file that would be written is somebody's; a baseline is written anew."""
    from tiktok_coach.linter.suppressions import is_baseline

    baseline = request["write_baseline"]
    own = [] if baseline is None or is_baseline(baseline) else [baseline]
    for path in (*(target for _name, target in formats), *own):
        request.require_replaceable(path)


def read_stdin(name: str | None, *, fix: bool, watch: bool) -> SourceFile:
    """What comes on stdin, as a file. Raises CoachError where it would have to be watched or written."""
    if watch:
        raise CoachError(_(NOT_WATCHED), hint=_("name them"))
    if fix:
        raise CoachError(_("--fix cannot write to stdin"), hint=_("use --diff, or name the file"))
    return SourceFile(name or "stdin.yaml", content=stdin_content())


def copy_writer(*, writes: bool) -> CopyWriter:
    """How copies of videos and photos are written: whole or not at all, and never over a person's own file."""
    from tiktok_coach.linter.copies import CopyWriter
    from tiktok_coach.render.written import is_as_written

    def is_free(path: Path) -> bool:
        return not path.exists() or (path.is_file() and is_as_written(path))

    return CopyWriter(is_free, atomic_file if writes else None)


def run(options: AnalysisOptions, lint_options: LintOptions, formats: Outputs, request: Request) -> int:
    """Lint once; gives the exit code."""
    with request.reading() as progress:
        answer = run_lint(options, lint_options, progress)
    request.say([Notice(str(copy.source), problem) for copy, problem in answer.refused.items()])
    if request["diff"]:
        return _show_diff(answer, lint_options.sources, quiet=request["quiet"])
    for name, content in answer.changes.items():
        path = Path(name).resolve()
        mode = path.stat().st_mode
        with atomic_file(path, is_answer=False) as partial:
            partial.write_bytes(content)
        path.chmod(mode)
    return _report(answer, formats, request)


def watch(lint_once: Callable[[], int], options: AnalysisOptions) -> int:
    """Lint, and again after every change, until interrupted; gives the last exit code."""
    import watchfiles

    places = [path for path in (*options.inputs, *options.history, *options.trends) if path.exists()]
    if not places:
        raise CoachError(_(NOT_WATCHED), hint=_("name them"))
    code = 0
    for number, _change in enumerate(chain([set()], watchfiles.watch(*places, raise_interrupt=False))):
        if number and sys.stdout.isatty():
            sys.stdout.write("\x1b[2J\x1b[H")
        try:
            code = lint_once()
        except CoachError as error:
            code = 2
            typer.echo("\n".join(one_line(_("error: {error}", error=line)) for line in error.lines), err=True)
    return code


def _show_diff(answer: LintRun, sources: Sequence[SourceFile], *, quiet: bool) -> int:
    from tiktok_coach.linter.apply_fixes import diff

    changes = answer.changes.items()
    write_pieces((line for name, new in changes for line in diff(name, content_of(name, sources), new)), None)
    _say_problems(answer.linted)
    if not quiet:
        for copy in answer.copies:
            text = _("--fix would write {file}", file=display_path(copy.target))
            typer.echo(_("note: {text}", text=one_line(text)), err=True)
    if not (changes or answer.linted.problems or quiet):
        typer.echo(_("note: {text}", text=_("--fix would change nothing")), err=True)
    return 2 if answer.linted.problems else 1 if changes else 0


def _say_problems(linted: LintResult) -> None:
    for problem in linted.problems:
        column = f":{problem.column}" if problem.line and problem.column else ""
        line = _("error: {place}{column}: {advice}", place=problem.place, column=column, advice=problem.advice)
        line = line if problem.where else _("error: {error}", error=problem)
        typer.echo(one_line(line), err=True)


def _report(answer: LintRun, formats: Outputs, request: Request) -> int:
    if request["write_baseline"] is not None:
        from tiktok_coach.linter.suppressions import as_baseline

        write_pieces([as_baseline(answer.linted.findings)], request["write_baseline"])
    linted, gone = new_since(answer.baseline, answer.linted)
    request.say(linted.calendar.notices)
    _say_problems(linted)
    if not request["quiet"]:
        _say_summary(answer, linted, gone, verbose=request["verbose"])
    for name, target in formats:
        request.say(_show(name, target, linted, quiet=request["quiet"]))
    if linted.problems or request["exit_zero"]:
        return 2 if linted.problems else 0
    severe = at_least(request["fail_on"] or answer.fail_on or "warning")
    return int(any(finding.severity in severe for finding in linted.findings))


def _say_summary(answer: LintRun, linted: LintResult, gone: int, *, verbose: bool) -> None:
    lines = [_("wrote {file}", file=one_line(display_path(copy.target))) for copy in answer.copies]
    if answer.fixed_count:
        fixed = plural("{count} problem", "{count} problems", answer.fixed_count)
        files = plural("{count} file", "{count} files", len(answer.changes))
        lines.append(_("fixed {problems} in {files}", problems=fixed, files=files))
    if gone:
        text = plural(
            "{count} problem of the baseline is gone; --write-baseline forgets it",
            "{count} problems of the baseline are gone; --write-baseline forgets them",
            gone,
        )
        lines.append(text)
    if verbose:
        times = plurals(
            "{code} not checked once: needs {supplied_by}", "{code} not checked {count} times: needs {supplied_by}"
        )
        for one in unknown_facts(linted):
            count, code, supplied_by = (one[name] for name in ("count", "code", "supplied_by"))
            lines.append(plural(*times, count, code=code, supplied_by=supplied_by))
        lines += [linted.no_curves] if linted.no_curves else []
    for text in lines:
        typer.echo(_("note: {text}", text=text), err=True)


def _show(name: str, target: Path | None, linted: LintResult, *, quiet: bool) -> tuple[Notice, ...]:
    import os

    # By the same two variables as Rich, by which all other commands are coloured.
    wants_colour = sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))
    colours = target is None and wants_colour and not os.environ.get("NO_COLOR")
    paint = painted if colours else plain
    width = text_width()
    summed = name in {STATISTICS, *READ_BY_PEOPLE} and not quiet
    pieces = rendered(name, linted, paint, width)
    # People read the answer first, with a line between; the lines of other formats are searched, and never broken.
    if name == "text":
        first = [*answer(linted, paint, width), *(["\n"] if linted.findings else [])]
        write_pieces(chain(first if summed else (), pieces), target)
    else:
        write_pieces(chain(pieces, answer(linted, paint, sys.maxsize) if summed else ()), target)
    return pieces.notices if isinstance(pieces, Report) else ()
