"""audit: how an account stands on the nine tips, and what to change first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.account_selection import Among, Ways, show_accounts
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tiktok_coach.analysis.accounts import Accounts
    from tiktok_coach.analysis.audit import Audit

FORMATS = ("rich", "json", "markdown")
STATUSES = ("pass", "fail", "unknown", "not_applicable")


def audit(
    exports: opt.Exports,
    output_format: Annotated[
        str, typer.Option(metavar="rich|json|markdown", help="How to show the result.", rich_help_panel=opt.OUTPUT)
    ] = "rich",
    output_file: opt.OutputFile = None,
    posts: Annotated[
        bool,
        typer.Option("--posts", help="List every post, not only the best and the worst.", rich_help_panel=opt.OUTPUT),
    ] = False,
    post: Annotated[
        str | None,
        typer.Option(
            "--post",
            metavar="POST",
            help="Show one post alone, with every answer and how long viewers stay; its id, or the end of it.",
            rich_help_panel=opt.OUTPUT,
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=0, help="How many changes to name.", rich_help_panel=opt.OUTPUT)] = 5,
    by: opt.By = None,
    sort: opt.Sort = "gain",
    accounts: opt.AccountsListed = 25,
    status: Annotated[
        list[str] | None,
        typer.Option(
            metavar="|".join(STATUSES),
            help="Statuses of the findings in JSON; all by default. May be given several times.",
            rich_help_panel=opt.OUTPUT,
        ),
    ] = None,
    fail_on: Annotated[
        str,
        typer.Option(
            metavar="|".join(opt.LEVELS),
            help="Exit with 1 if a finding is at least this severe.",
            rich_help_panel=opt.OUTPUT,
        ),
    ] = "never",
    trends: opt.TrendFiles = None,
    media: opt.Media = None,
    timezone: opt.Timezone = None,
    language: opt.Language = None,
    export_date: opt.ExportDate = None,
    date_order: opt.DateOrder = None,
    account: opt.AccountHandle = None,
    today: opt.Today = None,
    column: opt.Columns = None,
    strict: opt.Strict = False,
    config: opt.ConfigFile = None,
    rules: opt.RulePacks = None,
    select: opt.Select = None,
    ignore: opt.Ignore = None,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    no_progress: opt.NoProgress = False,
) -> None:
    """Check every post of an export against the nine tips.

    \b
    Examples:
      tiktok-coach audit ~/Downloads/Content_mybakery.zip
      tiktok-coach audit exports/ sidecar.csv --trends trends.yaml --timezone Europe/Copenhagen
      tiktok-coach audit exports/ --select T4 --posts
      tiktok-coach audit studio.har exports/ --post 3792402
      tiktok-coach audit exports/ --output-format json --status fail > audit.json
      tiktok-coach audit clients/ --sort views --accounts 50
      tiktok-coach audit clients/ --by account --output-format markdown > audits.md

    Every answer is pass, fail, unknown or not applicable; scores are taken over what is known, and shown with their coverage. Of several accounts a
    table comes first, then the one with most posts; --account chooses one, --by account takes each.
    """
    from tiktok_coach.analysis import audit as study
    from tiktok_coach.cli.progress import reading, say_notices

    opt.one_of(output_format, FORMATS, "--output-format")
    opt.one_of(fail_on, opt.LEVELS, "--fail-on")
    among = Among(by, sort, accounts)
    if post is not None and by is not None:
        raise typer.BadParameter(_("a post is of one account; leave out --by"), param_hint="--post")
    if post is not None and output_format != "rich":
        raise typer.BadParameter(
            _("shows one post on the terminal; findings in JSON have their post_id"), param_hint="--post"
        )
    for name in status or []:
        opt.one_of(name, STATUSES, "--status")
    asked = opt.asked(
        inputs=exports,
        trends=trends,
        media=media,
        timezone=timezone,
        language=language,
        export_date=export_date,
        date_order=date_order,
        account=account,
        today=today,
        config=config,
        strict=strict,
        columns=column,
        packs=rules,
        select=select,
        ignore=ignore,
    )
    with reading(shown=not no_progress) as progress:
        result = study.audit(asked, progress)
    say_notices(result.export.said, quiet=quiet, verbose=verbose)
    if post is not None:
        _show_post(result, post, output_file)
    else:
        ways = _ways(status or STATUSES, top, every_post=posts)
        show_accounts(result, ways, among, output_format, output_file, quiet=quiet)
    if _fails(result, fail_on):
        raise typer.Exit(1)


def _ways(statuses: Sequence[str], top: int, *, every_post: bool) -> Ways[Audit]:
    from tiktok_coach.render.audit.as_json import as_json
    from tiktok_coach.render.audit.markdown import as_markdown
    from tiktok_coach.render.audit.terminal import print_audit
    from tiktok_coach.rules.outcome import STATUS

    wanted = [STATUS[name] for name in statuses]
    return Ways(
        "audits",
        rich=lambda one, console: print_audit(one, console, top=top, every_post=every_post),
        markdown=lambda one: as_markdown(one, top=top, every_post=every_post),
        json=lambda one, accounts: as_json(one, wanted, accounts),
    )


def _show_post(result: Accounts[Audit], post: str, file: Path | None) -> None:
    from tiktok_coach.render.audit.terminal import print_post
    from tiktok_coach.render.output import console_to
    from tiktok_coach.render.post_selection import row_of

    audit = result.owning(row_of(result.export.posts, post, "--post"))
    with console_to(file) as console:
        print_post(audit, console, row_of(audit.posts, post, "--post"))


def _fails(result: Accounts[Audit], fail_on: str) -> bool:
    severe = opt.at_least(fail_on)
    changes = [c for one in result.standings for c in one.changes] or result.answer.changes
    return any(change.evaluation.compiled.rule.severity in severe for change in changes)
