"""rule: explains one rule, with why, fix, sources then and now, and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from tiktok_coach.cli.options import output_option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.translation import N_, _

if TYPE_CHECKING:
    from tiktok_coach.rules.load import CompiledRule


POSTS = {
    ("planned", "published"): N_("for planned and published posts"),
    ("planned",): N_("for planned posts"),
    ("published",): N_("for published posts"),
}
SCOPES = {"post": N_("post"), "day": N_("day"), "month": N_("month"), "account": N_("account")}


@takes(..., "packs", "config")
def rule(
    request: Request,
    code: str = typer.Argument(..., help="Code or name of the rule, such as T401 or caption-length."),
    output_format: str = output_option("rich", "How to show the rule.", choices=("rich", "json")),
) -> None:
    """Explain one rule: what it checks, why, how to mend it, who says so and when, and examples.

    \b
    Examples:
      tiktok-coach rule T401
      tiktok-coach rule caption-length --output-format json
    """
    from tiktok_coach.analysis.settings import resolve_settings
    from tiktok_coach.core.errors import CoachError, did_you_mean

    rules = resolve_settings(request.analysis()).every_rule
    compiled_rule = next((r for r in rules if code.upper() == r.code or code.lower() == r.rule.name), None)
    from tiktok_coach.linter.finding import NAMES, WHYS

    own = next((c for c, name in NAMES.items() if code.upper() == c or code.lower() == name), None)
    if own is not None:
        _print_own(own, NAMES[own], WHYS[own], output_format)
        return
    if compiled_rule is None:
        hint = did_you_mean(code, [*(r.code for r in rules), *(r.rule.name for r in rules)])
        raise CoachError(_("no rule is called {code!r}", code=code), hint=hint or _("`tiktok-coach rules` lists them"))
    if output_format == "json":
        from tiktok_coach.cli.rules import as_dict, print_json

        print_json(as_dict(compiled_rule))
    else:
        _print(compiled_rule)


def _print_own(code: str, name: str, why: str, output_format: str) -> None:
    """A finding of lint on its own comments, which no rule file holds."""
    if output_format == "json":
        from tiktok_coach.cli.rules import print_json

        print_json({"code": code, "name": name, "severity": "warning", "why": _(why)})
        return
    from tiktok_coach.render.output import write_pieces

    write_pieces(
        [
            _(
                "{code} {name}\nwarning; of lint's own, on comments such as # coach: ignore[T401] reason\n\n{why}\n",
                code=code,
                name=name,
                why=_(why),
            )
        ],
        None,
    )


def _print(compiled: CompiledRule) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from tiktok_coach.render.output import console_to
    from tiktok_coach.render.pages.page import SEVERITY_STYLES
    from tiktok_coach.rules.findings import fill_text, supplied_by

    rule = compiled.rule
    tip = (
        _("tip {tip}, {title}", tip=compiled.tip, title=compiled.title) if compiled.tip is not None else compiled.title
    )
    with console_to(None) as console:
        head = Text(f"{rule.code} ", style=SEVERITY_STYLES[rule.severity])
        head.append(rule.name, style="bold")
        head.append(f"  {tip}", style="dim")
        console.print(head)
        facts = _(
            "{severity}, confidence {confidence}, weight {weight:g}; {posts}; one answer a {scope}",
            severity=_(rule.severity),
            confidence=_(rule.confidence),
            weight=rule.weight,
            posts=_(POSTS[tuple(sorted(rule.applies_to))]),
            scope=_(SCOPES[rule.scope]),
        )
        console.print(Text(facts, style="dim"))
        console.print()
        sections: list[tuple[str, str]] = [
            (_("Why"), rule.why),
            (_("Fix"), fill_text(rule.fix, compiled.params.model_dump())),
            (_("Checks"), _checks(compiled)),
            (_("Fact from"), supplied_by(rule.field, rule.scope)),
            *([(_("Mended by"), _("lint --fix ({mend})", mend=rule.fix_kind))] if rule.fix_kind else []),
        ]
        if rule.assumption:
            sections.append((_("Assumes"), rule.assumption))
        for title, text in sections:
            console.print(Text(title, style="bold"))
            console.print(Padding(Text(text), (0, 0, 1, 2)))
        console.print(Text(_("Sources"), style="bold"))
        for number, claim in enumerate(rule.sources):
            when = _("then") if number == 0 and len(rule.sources) > 1 else _("now") if number else ""
            console.print(
                Padding(
                    Text(f"{claim.as_of}  {claim.claim} ({claim.name}){f' [{when}]' if when else ''}"), (0, 0, 0, 2)
                )
            )
        console.print()
        for title, examples in (
            (_("Passes"), rule.examples.passing),
            (_("Fails"), rule.examples.failing),
            (_("Cannot be judged"), rule.examples.unknown),
            (_("Does not apply"), rule.examples.not_applicable),
        ):
            if examples:
                console.print(Text(title, style="bold"))
                for example in examples:
                    console.print(Padding(Text(_example(example)), (0, 0, 0, 2)))


def _checks(compiled: CompiledRule) -> str:
    from tiktok_coach.rules.findings import params_text

    conditions = "".join(_("; only {k} {v}", k=k, v=v) for k, v in compiled.rule.when.items()) + "".join(
        _("; not {k} {v}", k=k, v=v) for k, v in compiled.rule.unless.items()
    )
    return _(
        "{check} of {field} ({parameters}){conditions}",
        check=compiled.rule.check,
        field=compiled.rule.field,
        parameters=params_text(compiled.params) or _("no parameters"),
        conditions=conditions,
    )


def _example(example: dict[str, Any]) -> str:
    import json

    return json.dumps(example, ensure_ascii=False) if example else "{} (" + _("nothing known") + ")"
