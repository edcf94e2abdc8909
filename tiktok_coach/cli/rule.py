"""rule: explains one rule, with why, fix, sources then and now, and examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tiktok_coach.cli import options as opt

if TYPE_CHECKING:
    from tiktok_coach.rules.load import CompiledRule


def rule(
    code: Annotated[str, typer.Argument(help="Code or name of the rule, such as T401 or caption-length.")],
    output_format: Annotated[
        str, typer.Option(metavar="rich|json", help="How to show the rule.", rich_help_panel=opt.OUTPUT)
    ] = "rich",
    packs: opt.RulePacks = None,
    config: opt.ConfigFile = None,
) -> None:
    """Explain one rule: what it checks, why, how to mend it, who says so and when, and examples.

    \b
    Examples:
      tiktok-coach rule T401
      tiktok-coach rule caption-length --output-format json
    """
    from tiktok_coach.errors import CoachError
    from tiktok_coach.request.setting import settle

    opt.one_of(output_format, ("rich", "json"), "--output-format")
    rules = settle(opt.asked(packs=packs, config=config)).every_rule
    found = next((r for r in rules if code.upper() == r.code or code.lower() == r.rule.name), None)
    from tiktok_coach.lint.own import NAMES, WHYS

    own = next((c for c, name in NAMES.items() if code.upper() == c or code.lower() == name), None)
    if own is not None:
        _print_own(own, NAMES[own], WHYS[own], output_format)
        return
    if found is None:
        import difflib

        close = difflib.get_close_matches(code, [*(r.code for r in rules), *(r.rule.name for r in rules)], n=1)
        raise CoachError(
            f"no rule is called {code!r}",
            hint=f"did you mean {close[0]}?" if close else "`tiktok-coach rules` lists them",
        )
    if output_format == "json":
        from tiktok_coach.cli.rules import as_dict, print_json

        print_json(as_dict(found))
    else:
        _print(found)


def _print_own(code: str, name: str, why: str, output_format: str) -> None:
    """A finding of lint on its own comments, which no rule file holds."""
    if output_format == "json":
        from tiktok_coach.cli.rules import print_json

        print_json({"code": code, "name": name, "severity": "warning", "why": why})
        return
    from tiktok_coach.report.writing import write_pieces

    write_pieces(
        [f"{code} {name}\nwarning; of lint's own, on comments such as # coach: ignore[T401] reason\n\n{why}\n"], None
    )


def _print(compiled: CompiledRule) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from tiktok_coach.report.audit.terminal import SEVERITY_STYLE
    from tiktok_coach.report.writing import console_to
    from tiktok_coach.rules.findings import filled, supplied_by

    rule = compiled.rule
    tip = f"tip {compiled.tip}, {compiled.title}" if compiled.tip is not None else compiled.title
    with console_to(None) as console:
        head = Text(f"{rule.code} ", style=SEVERITY_STYLE[rule.severity])
        head.append(rule.name, style="bold")
        head.append(f"  {tip}", style="dim")
        console.print(head)
        facts = f"{rule.severity}, confidence {rule.confidence}, weight {rule.weight:g}; for {' and '.join(rule.applies_to)} posts; one answer a {rule.scope}"
        console.print(Text(facts, style="dim"))
        console.print()
        sections: list[tuple[str, str]] = [
            ("Why", rule.why),
            ("Fix", filled(rule.fix, compiled.params.model_dump())),
            ("Checks", _checks(compiled)),
            ("Fact from", supplied_by(rule.field, rule.scope)),
            *([("Mended by", f"lint --fix ({rule.mend})")] if rule.mend else []),
        ]
        if rule.assumption:
            sections.append(("Assumes", rule.assumption))
        for title, text in sections:
            console.print(Text(title, style="bold"))
            console.print(Padding(Text(text), (0, 0, 1, 2)))
        console.print(Text("Sources", style="bold"))
        for number, claim in enumerate(rule.sources):
            when = "then" if number == 0 and len(rule.sources) > 1 else "now" if number else ""
            console.print(
                Padding(
                    Text(f"{claim.as_of}  {claim.claim} ({claim.name}){f' [{when}]' if when else ''}"),
                    (0, 0, 0, 2),
                )
            )
        console.print()
        for title, examples in (
            ("Passes", rule.examples.passing),
            ("Fails", rule.examples.failing),
            ("Cannot be judged", rule.examples.unknown),
            ("Does not apply", rule.examples.not_applicable),
        ):
            if examples:
                console.print(Text(title, style="bold"))
                for example in examples:
                    console.print(Padding(Text(_example(example)), (0, 0, 0, 2)))


def _checks(compiled: CompiledRule) -> str:
    from tiktok_coach.rules.findings import params_text

    conditions = "".join(f"; only {k} {v}" for k, v in compiled.rule.when.items()) + "".join(
        f"; not {k} {v}" for k, v in compiled.rule.unless.items()
    )
    return f"{compiled.rule.check} of {compiled.rule.field} ({params_text(compiled.params) or 'no parameters'}){conditions}"


def _example(example: dict[str, Any]) -> str:
    import json

    return json.dumps(example, ensure_ascii=False) if example else "{} (nothing known)"
