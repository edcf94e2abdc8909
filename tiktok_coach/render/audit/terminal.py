"""The audit on a terminal: who, how each tip stands, what to change first, the best and the worst posts."""

from __future__ import annotations

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tiktok_coach.analysis.audit import Audit
from tiktok_coach.core.notices import Source
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.render.audit.labels import (
    change_heading,
    coverage_text,
    example_posts,
    expected_text,
    hurting_text,
    period_text,
    post_label,
    ranked_posts,
    score_text,
    sources_text,
    views_text,
)
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.retention import picture, small_multiples, watched
from tiktok_coach.rules.findings import finding_of
from tiktok_coach.rules.outcome import FAIL, NAMES, PASS, UNKNOWN
from tiktok_coach.rules.scores import TipScore
from tiktok_coach.stats.changes import OWN

BAR = 16
# Columns of the tips, and how wide a terminal each needs.
TIP_COLUMNS = {N_("score"): 0, "": 76, N_("coverage"): 0, N_("pass"): 96, N_("fail"): 0, N_("unknown"): 96}
# How many posts are drawn at each end.
SMALL_CURVES = 5
SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def print_audit(audit: Audit, console: Console, *, top: int, every_post: bool) -> None:
    """Print the whole audit."""
    parts: list[RenderableType] = [_who(audit), _tips(audit, console.width), _changes(audit, top)]
    if every_post:
        parts.append(_posts(audit, _("Every post"), ranked_posts(audit, len(audit.posts))[0] + _unscored(audit)))
    else:
        best, worst = ranked_posts(audit)
        parts += [
            _posts(audit, title, rows) for title, rows in ((_("Best posts"), best), (_("Worst posts"), worst)) if rows
        ]
    parts += _watching(audit, console.width)
    parts.append(_unknown(audit))
    console.print(Group(*parts))


def print_post(audit: Audit, console: Console, row: int) -> None:
    """Print one post: what every rule says of it, what fails first, and how long viewers stay."""
    score, coverage, _failed = audit.scores.iloc[row]
    console.print(Text(post_label(audit, row), style="bold"))
    console.print(
        Text(
            _(
                "score {score}, coverage {coverage}, {views} views",
                score="–" if score != score else format_value(score, ".0f"),
                coverage=coverage_text(coverage),
                views=views_text(audit, row, grouped=True),
            )
        )
    )
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    for name in (N_("rule"), N_("answer"), N_("says")):
        table.add_column(_(name), ratio=1 if name == "says" else None, no_wrap=name != "says")
    for status, style in ((FAIL, "red"), (PASS, "green"), (UNKNOWN, "dim")):
        for evaluation in audit.evaluations:
            if evaluation.compiled.rule.scope == "post" and evaluation.status[row] == status:
                says = str(finding_of(evaluation, row)["message"])
                table.add_row(evaluation.code, Text(_(NAMES[status]), style=style), Text(one_line(says)))
    console.print(table)
    for line in picture(audit.posts, audit.export.retention, row, console.width):
        console.print(line)


def _watching(audit: Audit, width: int) -> list[RenderableType]:
    """Small curves of the posts that are watched longest and shortest, by who still watches at half of the length."""
    half = column(audit.posts, "retention_half").reset_index(drop=True).dropna()
    if len(half) < 2 * SMALL_CURVES:
        return []
    ranked = half.sort_values(ascending=False, kind="stable").index
    parts: list[RenderableType] = []
    for title, rows in (
        (_("Watched longest"), ranked[:SMALL_CURVES]),
        (_("Watched shortest"), ranked[::-1][:SMALL_CURVES]),
    ):
        curves = [
            (one_line(post_label(audit, row)), watched(audit.export.retention, str(audit.posts["post_id"].iloc[row])))
            for row in rows
        ]
        known = [(label, one) for label, one in curves if one is not None]
        if known:
            parts.append(Padding(small_multiples(title, known, width), (0, 0, 1, 0)))
    return parts


def _unscored(audit: Audit) -> list[int]:
    listed = set(ranked_posts(audit, len(audit.posts))[0])
    return [row for row in range(len(audit.posts)) if row not in listed]


def _who(audit: Audit) -> RenderableType:
    account = audit.account
    name = f"@{account.handle}" if account.handle else _("Account without a name")
    facts = [_(account.type) if account.type else "", account.category, account.country, account.timezone]
    lines = Text()
    lines.append(one_line(name), style="bold")
    if any(facts):
        lines.append("  " + ", ".join(one_line(f) for f in facts if f), style="dim")
    lines.append(f"\n{period_text(audit)}")
    return Group(lines, Padding(_sources(audit), (1, 0, 1, 2)))


def _sources(audit: Audit) -> RenderableType:
    """The files that were read, those of one format on one line."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    by_format: dict[str, list[Source]] = {}
    for source in audit.export.sources:
        by_format.setdefault(source.format, []).append(source)
    for name, files in by_format.items():
        rows = sum(source.rows for source in files)
        shown = one_line(files[0].name, 56) if len(files) == 1 else _("{count} files", count=len(files))
        state = Text(_("{rows:,} rows", rows=rows), style="dim") if rows else Text(_("header only"), style="yellow")
        table.add_row(Text(_(name)), Text(shown, style="dim"), state)
    return table


def _bar(tip: TipScore) -> Text:
    """A bar of the score; what is not known of it stays hatched."""
    if tip.score is None:
        return Text("░" * BAR, style="dim")
    filled = round(tip.score / 100 * BAR)
    style = "green" if tip.score >= 75 else "yellow" if tip.score >= 50 else "red"
    return Text("█" * filled, style=style) + Text("─" * (BAR - filled), style="dim")


def _tips(audit: Audit, width: int) -> RenderableType:
    table = Table(
        box=box.SIMPLE_HEAD,
        title=_("How each tip stands"),
        title_justify="left",
        title_style="bold",
        padding=(0, 1, 0, 0),
    )
    table.add_column(_("tip"), ratio=1)
    names = [n for n, least in TIP_COLUMNS.items() if width >= least]
    for name in names:
        least = BAR if name == "" else max(len(_(name)), 5)
        table.add_column(_(name), justify="left" if name == "" else "right", no_wrap=True, min_width=least)
    for tip in audit.tips:
        label = f"{tip.tip}  {tip.title}" if tip.tip is not None else f"   {tip.title}"
        cells = {
            "score": Text(score_text(tip), style="dim" if tip.score is None else "bold"),
            "": _bar(tip),
            "coverage": Text(coverage_text(tip.coverage), style="" if tip.coverage >= 0.5 else "dim"),
            "pass": Text(format_value(tip.counts["pass"], ",")),
            "fail": Text(format_value(tip.counts["fail"], ",")),
            "unknown": Text(format_value(tip.counts["unknown"], ","), style="dim"),
        }
        table.add_row(Text(label), *(cells[name] for name in names))
    note = Text(
        _("score: share of known checks passed, weighted; coverage: share of checks that the data can answer"),
        style="dim",
    )
    return Group(table, Padding(note, (0, 0, 1, 0)))


def _changes(audit: Audit, top: int) -> RenderableType:
    parts: list[RenderableType] = [Text(_("What to change first"), style="bold")]
    if not audit.changes:
        parts.append(Text(_("Nothing that is known fails.")))
    for number, change in enumerate(audit.changes[:top], 1):
        rule = change.evaluation.compiled.rule
        head = Text(f"{number}. ")
        head.append(rule.code, style=SEVERITY_STYLE[rule.severity])
        head.append(f" {change_heading(change)}", style="bold")
        examples = Table.grid(padding=(0, 2, 0, 0))
        examples.add_column(max_width=46, no_wrap=True, overflow="ellipsis", style="cyan")
        examples.add_column(ratio=1)
        for label, message in example_posts(audit, change, 3):
            examples.add_row(Text(f"• {one_line(label)}"), Text(one_line(message)))
        source = Text(_("source: {sources}", sources=sources_text(rule)), style="dim")
        expected = Text(expected_text(change), style="bold" if change.expected.basis == OWN else "")
        parts.append(Group(head, Padding(Group(expected, Text(rule.why), examples, source), (0, 0, 1, 3))))
    if hurting := hurting_text(audit):
        parts.append(Padding(Text(hurting), (0, 0, 1, 0)))
    return Group(*parts)


def _posts(audit: Audit, title: str, rows: list[int]) -> RenderableType:
    table = Table(
        box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", padding=(0, 1, 0, 0), expand=True
    )
    table.add_column(_("post"), ratio=1, no_wrap=True, overflow="ellipsis")
    for name in (_("score"), _("coverage"), _("failed"), _("views")):
        table.add_column(name, justify="right", no_wrap=True, min_width=max(len(name), 6))
    for row in rows:
        score, coverage, failed = audit.scores.iloc[row]
        table.add_row(
            Text(post_label(audit, row)),
            "–" if score != score else format_value(score, ".0f"),
            coverage_text(coverage),
            format_value(failed, ".0f"),
            views_text(audit, row, grouped=True),
        )
    return table


def _unknown(audit: Audit) -> RenderableType:
    parts: list[RenderableType] = []
    if audit.missing:
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(ratio=2)
        table.add_column(ratio=3)
        for lack in audit.missing:
            codes = ", ".join(lack.codes[:9]) + (
                _(" and {count} more", count=len(lack.codes) - 9) if len(lack.codes) > 9 else ""
            )
            table.add_row(Text(lack.provided_by), Text(codes, style="dim"))
        parts += [Text(_("What is not known, and what would tell"), style="bold"), Padding(table, (0, 0, 1, 2))]
    empty = audit.export.header_only
    if empty:
        parts.append(
            Text(
                _("Files with a header and no rows: {names}", names=", ".join(one_line(n) for n in empty)),
                style="yellow",
            )
        )
    return Group(*parts)
