"""lint: planned posts, checked like code."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli.options import (
    LEVELS,
    NOTICES,
    READ,
    RULE_CHOICE,
    Paths,
    Shared,
    Texts,
    argument,
    inputs_option,
    option,
    output_option,
    rules_option,
    takes,
)
from tiktok_coach.cli.request import Request

if TYPE_CHECKING:
    from tiktok_coach.analysis.settings import AnalysisOptions

FORMATS = "full|concise|json|jsonl|sarif|github|gitlab|junit|markdown"
fixing_option = partial(option, rich_help_panel="Mending")
silencing_option = partial(option, rich_help_panel="Silencing")


class OnPlans(Shared):
    """What goes into the settings as it is."""

    history: Paths = inputs_option(
        None,
        "Exports of published posts: what repeats them is found, and they tell the audience's hours. May be given "
        "several times.",
    )
    extend_select: Texts = rules_option(
        None, "Codes or prefixes to run beside those selected, and those that the config ignores."
    )
    quiet: bool = output_option(False, "No notices on stderr, no summary.", "--quiet", "-q")


READ_PLANS = tuple(name for name in READ if name not in {"language", "export_date", "account"})
INPUTS = ("paths", "history", "stdin_filename", "trends", "media", *READ_PLANS, *RULE_CHOICE, "extend_select")
OUTPUTS = ("output_format", "output_file", "statistics", "fail_on", "exit_zero", "watch", *NOTICES)


@takes(*INPUTS, ..., *OUTPUTS, shared=OnPlans)
def lint(
    request: Request,
    paths: Paths = argument(
        None,
        "PLAN",
        "Plans: files, or folders of them. YAML, Markdown with front matter, JSON; calendars (CSV, XLSX) of "
        "Metricool, Publer, Ayrshare, TokPortal, Buffer or kept by hand. - is stdin. The working folder by default.",
    ),
    stdin_filename: str | None = inputs_option(
        None, "Name of what comes on stdin; its ending tells the form.", metavar="NAME"
    ),
    per_path_ignores: Texts = silencing_option(
        None,
        "Leave out a code or prefix in paths that fit: 'drafts/*:T4'. May be given several times.",
        metavar="PATTERN:CODE",
    ),
    baseline: Path | None = silencing_option(None, "Report only what this file does not know.", metavar="FILE"),
    write_baseline: Path | None = silencing_option(
        None, "Write all findings to this file, to be known from now on.", metavar="FILE"
    ),
    fix: bool = fixing_option(False, "Mend what can be mended safely; comments and layout stay.", "--fix"),
    diff: bool = fixing_option(False, "Show what --fix would change, and change nothing.", "--diff"),
    move_slots: bool = fixing_option(
        False, "With --fix or --diff, move publish times into the nearest active hour of their day.", "--move-slots"
    ),
    output_format: Texts = output_option(
        None,
        "How to show the findings: full by default. May be given several times, as FORMAT=FILE to write one to a file.",
        metavar=FORMATS,
    ),
    statistics: bool = output_option(False, "Show how often each rule is broken instead.", "--statistics"),
    fail_on: str | None = output_option(
        None, "Exit with 1 if a finding is at least this severe; warning by default.", choices=LEVELS
    ),
    exit_zero: bool = output_option(False, "Exit with 0 whatever is found.", "--exit-zero"),
    watch: bool = option(False, "Lint again whenever a file changes.", "--watch"),
) -> None:
    """Lint planned posts: every finding at its file, line and column, for a terminal, for CI and for editors.

    \b
    Examples:
      tiktok-coach lint plan.yaml
      tiktok-coach lint plans/ --history exports/ --output-format concise
      tiktok-coach lint plans/ --select T4 --extend-select C0 --fail-on error
      tiktok-coach lint plans/ --output-format github --output-format sarif=lint.sarif
      tiktok-coach lint plan.yaml --diff
      tiktok-coach lint plan.yaml --fix
      tiktok-coach lint - --stdin-filename plan.yaml < plan.yaml

    A comment silences a finding where it stands: # coach: ignore[T401] the reason.
    """
    from tiktok_coach.cli import lint_output as output
    from tiktok_coach.linter.run import LintOptions

    display = output.Display(
        outputs=output.outputs(output_format or ["full"], request["output_file"], statistics=statistics),
        write_baseline=write_baseline,
        diff=diff,
        fail_on=fail_on,
        exit_zero=exit_zero,
        request=request,
    )
    files = [path for path in paths or [] if path != output.STDIN]
    on_stdin = stdin_filename is not None or output.STDIN in (paths or [])
    stdin = (output.read_stdin(stdin_filename, fix=fix, watch=watch),) if on_stdin else ()

    def options() -> AnalysisOptions:
        return request.analysis(inputs=files if on_stdin else files or [Path()])

    lint_options = LintOptions(stdin, tuple(per_path_ignores or ()), baseline, fix or diff, move_slots)
    code = (output.watch if watch else output.run)(options, lint_options, display)
    if code:
        raise typer.Exit(code)
