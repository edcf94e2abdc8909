"""lint: planned posts, checked like code."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import typer

from tiktok_coach.cli import completion
from tiktok_coach.cli import options as opt
from tiktok_coach.cli.request import Request

FORMATS = "text|concise|json|jsonl|sarif|github|gitlab|junit|markdown"
fixing_option = partial(opt.option, rich_help_panel="Fixing")
silencing_option = partial(opt.option, rich_help_panel="Silencing")


class OnPlans(opt.Shared):
    """Options that only the settings and the output know."""

    history: opt.Paths = opt.option(
        None,
        "Exports of published posts: posts that repeat them are reported, and they show the audience's hours. May be "
        "given several times.",
    )
    extend_select: opt.Texts = opt.rules_option(
        None, "Codes or prefixes to run beside those selected, and those that the config ignores."
    )
    quiet: bool = opt.output_option(False, "No notices on stderr, no summary.", "--quiet", "-q")
    write_baseline: Path | None = silencing_option(
        None, "Write all problems to this file, to be left out from now on.", metavar="FILE"
    )
    fail_on: str | None = opt.option(
        None, "Exit with 1 if a finding is at least this severe; warning by default.", choices=opt.LEVELS
    )
    exit_zero: bool = opt.option(False, "Exit with 0 whatever is found.", "--exit-zero")
    allow_empty: bool = opt.option(False, "Exit with 0 where no plan is found.", "--allow-empty")


READ_PLANS = tuple(name for name in opt.READ if name not in {"language", "export_date", "account"})
INPUTS = ("paths", "history", "stdin_filename", "trends", "media", *READ_PLANS, *opt.RULE_CHOICE, "extend_select")
OUTPUTS = (*opt.SHOW, "statistics", "fail_on", "exit_zero", "allow_empty", "watch", *opt.NOTICES)


@opt.takes(*INPUTS, ..., "write_baseline", *OUTPUTS, shared=OnPlans)
def lint(
    request: Request,
    paths: opt.Paths = opt.argument(
        None,
        "PLAN",
        "Plans: files, or folders of them. YAML, Markdown with front matter, JSON, JSON Lines; calendars (CSV, TSV, "
        "XLSX, XLS, ODS) of Metricool, Publer, Ayrshare, TokPortal, Buffer, Hootsuite or kept by hand. - is stdin. "
        "The working folder by default.",
    ),
    stdin_filename: str | None = opt.inputs_option(
        None, "Name of what comes on stdin; its ending says which format it is.", metavar="NAME"
    ),
    per_path_ignores: opt.Texts = silencing_option(
        None,
        "Leave out a code or prefix in paths that fit: 'drafts/*:T4'. May be given several times.",
        metavar="PATTERN:CODE",
    ),
    baseline: Path | None = silencing_option(None, "Report only problems that are not in this file.", metavar="FILE"),
    fix: bool = opt.option(
        False,
        "Correct what can be corrected safely; comments and layout stay. With --media also by copies of files.",
        "--fix",
    ),
    diff: bool = opt.option(False, "Show what --fix would change, and change nothing.", "--diff"),
    move_slots: bool = fixing_option(
        False, "With --fix or --diff, move publish times into the nearest active hour of their day.", "--move-slots"
    ),
    output_format: opt.Texts = opt.option(
        None,
        "How to show the findings. May be given several times, as FORMAT=FILE to write one to a file.",
        "--format",
        metavar=FORMATS,
        autocompletion=completion.of(FORMATS.split("|")),
    ),
    statistics: bool = opt.option(False, "Show how often each rule is broken instead.", "--statistics"),
    watch: bool = opt.option(False, "Lint again whenever a file changes.", "--watch"),
) -> None:
    """Check planned posts like code, before they go out.

    \b
    Examples:
      tiktok-coach lint plan.yaml
      tiktok-coach lint plans/ --history exports/ --format concise
      tiktok-coach lint plans/ --select T4 --extend-select C0 --fail-on error
      tiktok-coach lint plans/ --format github --format sarif=lint.sarif
      tiktok-coach lint plan.yaml --diff
      tiktok-coach lint plan.yaml --fix
      tiktok-coach lint - --stdin-filename plan.yaml < plan.yaml

    A comment silences a problem on its line: # coach: ignore[T401] the reason.
    """
    from tiktok_coach.cli import lint_output as output
    from tiktok_coach.io.files.source_files import STDIN
    from tiktok_coach.linter.run import LintOptions

    names = [*(output_format or ()), *(["json"] if request["as_json"] else ())]
    file = None if request["output_file"] in opt.STDOUTS else request["output_file"]
    formats = output.outputs(names, file, statistics=statistics)
    output.require_replaceable(formats, request)
    files = [path for path in paths or [] if path != STDIN]
    on_stdin = stdin_filename is not None or STDIN in (paths or [])
    stdin = (output.read_stdin(stdin_filename, fix=fix, watch=watch),) if on_stdin else ()
    inputs = files if on_stdin else files or [Path()]
    ignores, allow_empty = tuple(per_path_ignores or ()), request["allow_empty"]
    copies = output.copy_writer(writes=fix and not diff) if fix or diff or request["media"] else None
    lint_options = LintOptions(stdin, ignores, baseline, fix or diff, move_slots, allow_empty, copies)

    def lint_once() -> int:
        return output.run(request.analysis(inputs=inputs), lint_options, formats, request)

    code = output.watch(lint_once, request.analysis(inputs=inputs)) if watch else lint_once()
    if code:
        raise typer.Exit(code)
