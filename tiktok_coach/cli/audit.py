"""audit: how an account stands on the nine tips, and what to change first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.shared_options import Request, takes
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from tiktok_coach.analysis.accounts import Accounts
    from tiktok_coach.analysis.audit import Audit

FORMATS = ("rich", "json", "markdown")
STATUSES = ("pass", "fail", "unknown", "not_applicable")


@takes(
    "exports",
    *opt.SHOW,
    "posts",
    "post",
    "top",
    *opt.ACCOUNTS,
    ...,
    "trends",
    "media",
    *opt.READ,
    *opt.RULE_CHOICE,
    *opt.NOTICES,
    formats=FORMATS,
)
def audit(
    request: Request,
    posts: Annotated[
        bool, opt.output_option("--posts", help="List every post, not only the best and the worst.")
    ] = False,
    post: Annotated[
        str | None,
        opt.output_option(
            "--post",
            metavar="POST",
            help="Show one post alone, with every answer and how long viewers stay; its id, or the end of it.",
        ),
    ] = None,
    top: Annotated[int, opt.output_option(min=0, help="How many changes to name.")] = 5,
    status: Annotated[
        list[str] | None,
        opt.output_option(
            metavar="|".join(STATUSES),
            help="Statuses of the findings in JSON; all by default. May be given several times.",
        ),
    ] = None,
    fail_on: Annotated[
        str, opt.output_option(metavar="|".join(opt.LEVELS), help="Exit with 1 if a finding is at least this severe.")
    ] = "never",
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

    Every answer is pass, fail, unknown or not applicable; scores are taken over what is known, and shown with their \
    coverage. Of several accounts a
    table comes first, then the one with most posts; --account chooses one, --by account takes each.
    """
    from tiktok_coach.analysis import audit as study
    from tiktok_coach.render.audit import audit_json, audit_page, post_page

    opt.one_of(fail_on, opt.LEVELS, "--fail-on")
    if post is not None and request.accounts.by is not None:
        raise typer.BadParameter(_("a post is of one account; leave out --by"), param_hint="--post")
    if post is not None and request["output_format"] != "rich":
        raise typer.BadParameter(
            _("shows one post on the terminal; findings in JSON have their post_id"), param_hint="--post"
        )
    for name in status or []:
        opt.one_of(name, STATUSES, "--status")
    with request.reading() as progress:
        result = study.audit(request.analysis(), progress)
    if post is not None:
        request.say(result.export.all_notices)
        request.show_post(result, post, "--post", post_page)
    else:
        options = request.render(top=top, every_post=posts, statuses=tuple(status or STATUSES))
        request.show_pages(
            result,
            key="audits",
            page=lambda one: audit_page(one, options),
            json=lambda one, accounts: audit_json(one, options, accounts),
        )
    if _fails(result, fail_on):
        raise typer.Exit(1)


def _fails(result: Accounts[Audit], fail_on: str) -> bool:
    severe = opt.at_least(fail_on)
    changes = [c for one in result.summaries for c in one.changes] or result.answer.changes
    return any(change.evaluation.compiled.rule.severity in severe for change in changes)
