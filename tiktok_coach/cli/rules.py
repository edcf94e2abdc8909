"""rules: lists the rules, explains one, and checks a user's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli import completion
from tiktok_coach.cli.options import SHOW, option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError, did_you_mean
from tiktok_coach.core.translation import _, plural

if TYPE_CHECKING:
    from tiktok_coach.analysis.settings import Settings


@takes(..., *SHOW, "select", "ignore", "packs", "config", "today", formats=("text", "json", "markdown"))
def rules(
    request: Request,
    code: str | None = typer.Argument(
        None,
        metavar="[CODE]",
        help="Code or name of a rule to explain, such as T401 or caption-length.",
        show_default=False,
        autocompletion=completion.codes,
    ),
    check: Path | None = option(None, "Validate the rule files of a folder and run their examples.", metavar="DIR"),
    stale: bool = option(False, "List the sources that nobody has reviewed for more than a year.", "--stale"),
) -> None:
    """List the rules, or explain one.

    \b
    Examples:
      tiktok-coach rules
      tiktok-coach rules T401
      tiktok-coach rules --check my-rules/
      tiktok-coach rules caption-length --json
      tiktok-coach rules --select T4 -o rules.md
      tiktok-coach rules --stale

    The list says what to do, how severe and how weighty each rule is, and what public accounts say of it. Of one \
    rule you see why, when a post passes, who says so, and examples.
    """
    if check is not None:
        if request["output_format"] != "text":
            raise CoachError(
                _("what --check finds is shown as text"), hint=_("leave out --format, or name a .txt file")
            )
        _check(check, request["output_file"])
        return
    from tiktok_coach.analysis.settings import resolve_settings
    from tiktok_coach.render import rules as pages
    from tiktok_coach.render.output import write_pages, write_pieces

    options = request.analysis()
    settings = resolve_settings(options)
    output_format, output_file = request["output_format"], request["output_file"]
    if code is not None:
        if output_format == "markdown":
            raise CoachError(_("one rule is shown as text or json"), hint=_("leave out the code for all in Markdown"))
        _explain(code, settings, request)
        return
    listed = settings.rules
    if stale:
        today = options.today or options.now.date()
        claims = pages.stale_claims(listed, today)
        if output_format == "json":
            write_pieces([pages.stale_json(claims, today)], output_file)
        else:
            write_pages([pages.stale_page(claims)], output_format, output_file)
    elif output_format == "text":
        pages.print_rules(listed, output_file)
    else:
        text = pages.rules_json(listed) if output_format == "json" else pages.rules_markdown(listed)
        write_pieces([text], output_file)


def _explain(code: str, settings: Settings, request: Request) -> None:
    from tiktok_coach.ranking.catalogue import load_signals
    from tiktok_coach.render.output import console_to, write_pieces
    from tiktok_coach.render.rule import print_rule
    from tiktok_coach.render.rules import as_json, rule_facts
    from tiktok_coach.rules.lint_codes import ABOUT, NAMES, SEVERITIES, TITLES, WHYS
    from tiktok_coach.rules.load import rulebook

    every_rule = settings.every_rule
    is_json, output_file = request["output_format"] == "json", request["output_file"]
    compiled = next((r for r in every_rule if code.upper() == r.code or code.lower() == r.rule.name), None)
    # What lint finds by itself, which no rule file holds.
    own = next((c for c, name in NAMES.items() if code.upper() == c or code.lower() == name), None)
    if own is not None:
        title, severity, why = _(TITLES[own]), SEVERITIES[own], _(WHYS[own])
        facts = {"code": own, "name": NAMES[own], "title": title, "severity": severity, "why": why}
        if is_json:
            write_pieces([as_json(facts)], output_file)
            return
        kind = _("Severity: {severity}.", severity=_(severity))
        with console_to(output_file) as console:
            console.print(f"{title}  {own}", f"{kind} {_(ABOUT[own])}", "", why, sep="\n", markup=False)
    elif compiled is None:
        hint = did_you_mean(code, [*(r.code for r in every_rule), *(r.rule.name for r in every_rule)])
        raise CoachError(_("no rule is called {code!r}", code=code), hint=hint or _("`tiktok-coach rules` lists them"))
    elif is_json:
        write_pieces([as_json(rule_facts(compiled))], output_file)
    else:
        country = settings.account.country
        limits = load_signals(rulebook()).limits_of(country) if country is not None else []
        print_rule(compiled, output_file, limits)


def _check(folder: Path, output_file: Path | None) -> None:
    from tiktok_coach.render.output import write_pieces
    from tiktok_coach.rules.examples import failures
    from tiktok_coach.rules.load import load_rules, rulebook
    from tiktok_coach.rules.sources import claims_without_address

    if not folder.exists():
        raise CoachError(_("no such file or folder"), where=str(folder))
    pack_rules = load_rules([folder])
    if folder.resolve() != rulebook().resolve():
        load_rules([rulebook(), folder])
    problems = [line for rule in pack_rules for line in failures(rule)]
    if folder.resolve() == rulebook().resolve():
        problems += [
            _("{code} has a source without an address", code=rule.code)
            for rule in pack_rules
            if claims_without_address(rule.rule)
        ]
    count = sum(len(examples) for rule in pack_rules for _kind, examples in rule.rule.examples)
    rules = plural("{count} rule", "{count} rules", len(pack_rules))
    examples = plural("{count} example", "{count} examples", count)
    summary = _("{rules}, {examples}, {wrong} wrong", rules=rules, examples=examples, wrong=len(problems))
    write_pieces([f"{line}\n" for line in (*problems, summary)], output_file)
    if problems:
        raise typer.Exit(1)
