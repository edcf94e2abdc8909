"""lint: planned posts, checked like code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import Request, takes

if TYPE_CHECKING:
    from tiktok_coach.analysis.options import AnalysisOptions

FORMATS = "full|concise|json|jsonl|sarif|github|gitlab|junit|markdown"
FIXES = "Mending"
SILENCING = "Silencing"
MORE = {
    "history": (
        opt.Paths,
        opt.inputs_option(
            None,
            help="Exports of published posts: what repeats them is found, and they tell the audience's hours. "
            "May be given several times.",
        ),
    ),
    "extend_select": (
        opt.Texts,
        opt.rules_option(
            None, help="Codes or prefixes to run beside those selected, and those that the config ignores."
        ),
    ),
    "quiet": (bool, opt.output_option(False, "--quiet", "-q", help="No notices on stderr, no summary.")),
}


@takes(
    "paths",
    "history",
    "stdin_filename",
    "trends",
    "media",
    *(name for name in opt.READ if name not in {"language", "export_date", "account"}),
    *opt.RULE_CHOICE,
    "extend_select",
    ...,
    "output_format",
    "output_file",
    "statistics",
    "fail_on",
    "exit_zero",
    "watch",
    *opt.NOTICES,
    more=MORE,
)
def lint(
    request: Request,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PLAN",
            help="Plans: files, or folders of them. YAML, Markdown with front matter, JSON; calendars (CSV, "
            "XLSX) of Metricool, Publer, "
            "Ayrshare, TokPortal, Buffer or kept by hand. - is stdin. The working folder by default.",
            show_default=False,
        ),
    ] = None,
    stdin_filename: Annotated[
        str | None, opt.inputs_option(metavar="NAME", help="Name of what comes on stdin; its ending tells the form.")
    ] = None,
    per_path_ignores: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN:CODE",
            help="Leave out a code or prefix in paths that fit: 'drafts/*:T4'. May be given several times.",
            rich_help_panel=SILENCING,
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Report only what this file does not know.", rich_help_panel=SILENCING),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write all findings to this file, to be known from now on.", rich_help_panel=SILENCING
        ),
    ] = None,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Mend what can be mended safely; comments and layout stay.", rich_help_panel=FIXES),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.", rich_help_panel=FIXES)
    ] = False,
    move_slots: Annotated[
        bool,
        typer.Option(
            "--move-slots",
            help="With --fix or --diff, move publish times into the nearest active hour of their day.",
            rich_help_panel=FIXES,
        ),
    ] = False,
    output_format: Annotated[
        list[str] | None,
        opt.output_option(
            metavar=FORMATS,
            help="How to show the findings: full by default. May be given several times, as FORMAT=FILE to "
            "write one to a file.",
        ),
    ] = None,
    statistics: Annotated[
        bool, opt.output_option("--statistics", help="Show how often each rule is broken instead.")
    ] = False,
    fail_on: Annotated[
        str | None,
        opt.output_option(
            metavar="|".join(opt.LEVELS), help="Exit with 1 if a finding is at least this severe; warning by default."
        ),
    ] = None,
    exit_zero: Annotated[bool, opt.output_option("--exit-zero", help="Exit with 0 whatever is found.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Lint again whenever a file changes.")] = False,
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
        fail_on=opt.one_of(fail_on, opt.LEVELS, "--fail-on"),
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
