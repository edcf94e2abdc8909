"""audit: how an account stands on the nine tips, and what to change first."""

from __future__ import annotations

import typer

from tiktok_coach.cli import completion
from tiktok_coach.cli import options as opt
from tiktok_coach.cli.request import Request
from tiktok_coach.core.translation import _

STATUSES = ("pass", "fail", "unknown", "not_applicable")
# What render.audit.PARTS says; a command's help loads no report.
PARTS = ("tips", "changes", "posts", "missing", "search", "rewards")
BEFORE = ("inputs", *opt.SHOW, "full", "show", "posts", "post", "top", *opt.ACCOUNTS)
AFTER = ("trends", "media", *opt.PERIOD, *opt.READ, *opt.RULE_CHOICE, *opt.NOTICES)


@opt.takes(*BEFORE, ..., *AFTER, formats=("text", "json", "markdown"))
def audit(
    request: Request,
    full: bool = opt.option(False, "Show all: sources, every tip, what more would tell.", "--full"),
    show: opt.Texts = opt.option(
        None, "Only these parts of --full, with commas.", metavar="|".join(PARTS), autocompletion=completion.of(PARTS)
    ),
    posts: bool = opt.option(False, "List every post.", "--posts"),
    top: int = opt.option(3, "How many changes to name.", min=0),
    status: opt.Texts = opt.output_option(
        None, "Statuses of the findings in JSON; all by default. May be given several times.", choices=STATUSES
    ),
    remember: bool = opt.option(False, "Keep the advice; the next audit says whether it worked.", "--remember"),
    fail_on: str = opt.option("never", "Exit with 1 if a finding is at least this severe.", choices=opt.LEVELS),
) -> None:
    """Check every post against the nine tips, and say what to do.

    \b
    Examples:
      tiktok-coach audit exports/
      tiktok-coach audit exports/ sidecar.csv --trends trends.yaml --timezone Europe/Copenhagen
      tiktok-coach audit exports/ --full
      tiktok-coach audit exports/ --show posts,missing
      tiktok-coach audit exports/ --select T4 --posts
      tiktok-coach audit studio.har exports/ --post 3792402
      tiktok-coach audit exports/ --status fail -o audit.json
      tiktok-coach audit exports/ --remember
      tiktok-coach audit exports/ --goal rewards,reach
      tiktok-coach audit clients/ --sort views --limit 50
      tiktok-coach audit clients/ --each-account -o audits.md

    One screen by default: the numbers of the last 28 days, what to do next, the nine tips. Of several accounts it is a
    table; --account chooses one, --each-account takes each.
    """
    from tiktok_coach.analysis import audit as study
    from tiktok_coach.render.audit import audit_json, audit_page, post_page
    from tiktok_coach.render.follow_up import remember as keep_advice
    from tiktok_coach.render.output import RenderOptions
    from tiktok_coach.render.screen import accounts_screen, audit_screen

    parts = [name.strip() for text in show or () for name in text.split(",")]
    for name in parts:
        opt.one_of(name, PARTS, "--show")
    post = request["post"]
    if post is not None and request["each_account"]:
        raise typer.BadParameter(_("a post is of one account; leave out --each-account"), param_hint="--post")
    if post is not None and request["output_format"] != "text":
        raise typer.BadParameter(
            _("shows one post on the terminal; findings in JSON have their post_id"), param_hint="--post"
        )
    with request.reading() as progress:
        result = study.audit(request.analysis(), progress)
    if remember:
        request.confirm(_("the advice is kept in {path}", path=keep_advice(result)))
    if post is not None:
        request.say(result.export.all_notices)
        request.show_post(result, post, "--post", post_page)
    else:
        options = RenderOptions(
            top=top,
            every_post=posts,
            statuses=tuple(status or STATUSES),
            parts=tuple(parts),
            accounts=request["limit"],
            inputs=opt.shell_text(request["inputs"]),
            media=opt.media_text(request),
            selection=opt.selection_text(request),
            of_several=bool(result.summaries) or request["account"] is not None,
        )
        is_screen = request["output_format"] == "text" and not (full or parts or posts)
        request.show_accounts(
            result,
            key="audits",
            page=lambda one: (audit_screen if is_screen else audit_page)(one, options),
            several=(lambda all_accounts: accounts_screen(all_accounts, options)) if is_screen else None,
            json=lambda one, accounts: audit_json(one, options, accounts),
        )
    answer = result.answer
    of_one = (*answer.changes, *answer.hurting, *answer.contradicted)
    failing = [c for one in result.summaries for c in one.failing] if result.summaries else of_one
    if any(one.evaluation.compiled.rule.severity in opt.at_least(fail_on) for one in failing):
        raise typer.Exit(1)
