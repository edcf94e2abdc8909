"""lint: planned posts, checked like code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiktok_coach.cli import options as opt

if TYPE_CHECKING:
    from tiktok_coach.analysis.options import AnalysisOptions

FORMATS = "full|concise|json|jsonl|sarif|github|gitlab|junit|markdown"
MENDING = "Mending"
SILENCING = "Silencing"


def lint(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PLAN",
            help="Plans: files, or folders of them. YAML, Markdown with front matter, JSON; calendars (CSV, XLSX) of Metricool, Publer, "
            "Ayrshare, TokPortal, Buffer or kept by hand. - is stdin. The working folder by default.",
            show_default=False,
        ),
    ] = None,
    history: Annotated[
        list[Path] | None,
        typer.Option(
            help="Exports of published posts: what repeats them is found, and they tell the audience's hours. May be given several times.",
            rich_help_panel=opt.INPUTS,
        ),
    ] = None,
    stdin_filename: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Name of what comes on stdin; its ending tells the form.", rich_help_panel=opt.INPUTS
        ),
    ] = None,
    trends: opt.TrendFiles = None,
    media: opt.Media = None,
    timezone: opt.Timezone = None,
    date_order: opt.DateOrder = None,
    today: opt.Today = None,
    column: opt.Columns = None,
    strict: opt.Strict = False,
    config: opt.ConfigFile = None,
    rules: opt.RulePacks = None,
    select: opt.Select = None,
    ignore: opt.Ignore = None,
    extend_select: Annotated[
        list[str] | None,
        typer.Option(
            help="Codes or prefixes to run beside those selected, and those that the config ignores.",
            rich_help_panel=opt.RULES,
        ),
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
        typer.Option(
            "--fix", help="Mend what can be mended safely; comments and layout stay.", rich_help_panel=MENDING
        ),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.", rich_help_panel=MENDING)
    ] = False,
    move_slots: Annotated[
        bool,
        typer.Option(
            "--move-slots",
            help="With --fix or --diff, move publish times into the nearest active hour of their day.",
            rich_help_panel=MENDING,
        ),
    ] = False,
    output_format: Annotated[
        list[str] | None,
        typer.Option(
            metavar=FORMATS,
            help="How to show the findings: full by default. May be given several times, as FORMAT=FILE to write one to a file.",
            rich_help_panel=opt.OUTPUT,
        ),
    ] = None,
    output_file: opt.OutputFile = None,
    statistics: Annotated[
        bool,
        typer.Option("--statistics", help="Show how often each rule is broken instead.", rich_help_panel=opt.OUTPUT),
    ] = False,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="|".join(opt.LEVELS),
            help="Exit with 1 if a finding is at least this severe; warning by default.",
            rich_help_panel=opt.OUTPUT,
        ),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 whatever is found.", rich_help_panel=opt.OUTPUT)
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Lint again whenever a file changes.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No notices on stderr, no summary.", rich_help_panel=opt.OUTPUT)
    ] = False,
    verbose: opt.Verbose = False,
    no_progress: opt.NoProgress = False,
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
    from tiktok_coach.cli import lint_output as linting
    from tiktok_coach.lint.run import LintOptions

    shown = linting.Showing(
        outputs=linting.outputs(output_format or ["full"], output_file, statistics=statistics),
        write_baseline=write_baseline,
        diff=diff,
        fail_on=opt.one_of(fail_on, opt.LEVELS, "--fail-on"),
        exit_zero=exit_zero,
        quiet=quiet,
        verbose=verbose,
        progress=not no_progress,
    )
    named = [path for path in paths or [] if path != linting.STDIN]
    on_stdin = stdin_filename is not None or linting.STDIN in (paths or [])
    given = (linting.given_on_stdin(stdin_filename, fix=fix, watch=watch),) if on_stdin else ()

    def asked() -> AnalysisOptions:
        return opt.asked(
            inputs=named if on_stdin else named or [Path()],
            history=history,
            trends=trends,
            media=media,
            timezone=timezone,
            date_order=date_order,
            today=today,
            config=config,
            strict=strict,
            columns=column,
            packs=rules,
            select=select,
            ignore=ignore,
            extend_select=extend_select,
        )

    lint_options = LintOptions(given, tuple(per_path_ignores or ()), baseline, fix or diff, move_slots)
    code = linting.watched(asked, lint_options, shown) if watch else linting.run(asked, lint_options, shown)
    if code:
        raise typer.Exit(code)
