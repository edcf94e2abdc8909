"""The audit as Markdown, for a message, a wiki or a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.analysis.audit import Audit
from tiktok_coach.core.translation import _, format_value
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
from tiktok_coach.render.escaping import markdown


def as_markdown(audit: Audit, *, top: int, every_post: bool) -> Iterator[str]:
    """The audit as pieces of one Markdown text."""
    yield "# " + _("Audit of {account}", account=markdown(audit.account.handle or _("account"))) + "\n\n"
    yield f"{period_text(audit)}\n\n"
    yield "## " + _("Tips") + "\n\n" + _head(_("tip"), _("score"), _("coverage"), _("pass"), _("fail"), _("unknown"))
    for tip in audit.tips:
        name = f"{tip.tip}. {tip.title}" if tip.tip is not None else tip.title
        counts = tip.counts
        yield f"| {markdown(name)} | {score_text(tip)} | {coverage_text(tip.coverage)} | {counts['pass']} | {counts['fail']} | {counts['unknown']} |\n"
    yield from _changes(audit, top)
    yield from _ranking(audit, every_post=every_post)
    yield from _missing(audit)


def _changes(audit: Audit, top: int) -> Iterator[str]:
    yield "\n## " + _("What to change first") + "\n\n"
    if not audit.changes:
        yield _("Nothing that is known fails.") + "\n"
    for number, change in enumerate(audit.changes[:top], 1):
        rule = change.evaluation.compiled.rule
        yield f"{number}. **{markdown(change_heading(change))}** ({rule.code}, {_(rule.severity)})\n"
        yield f"   {markdown(expected_text(change))}.\n"
        yield f"   {markdown(rule.why)}\n"
        for label, message in example_posts(audit, change, 3):
            yield f"   - {markdown(label, 60)}: {markdown(message)}\n"
        yield "   - " + _("Source: {sources}", sources=markdown(sources_text(rule))) + "\n"
    if hurting := hurting_text(audit):
        yield f"\n{markdown(hurting)}\n"


def _ranking(audit: Audit, *, every_post: bool) -> Iterator[str]:
    best, worst = ranked_posts(audit)
    listed = [(_("Best posts"), best[:5]), (_("Worst posts"), worst[:5])]
    if every_post:
        listed = [(_("Every post"), ranked_posts(audit, count=len(audit.posts))[0])]
    for title, rows in listed:
        if not rows:
            continue
        yield f"\n## {title}\n\n" + _head(_("post"), _("score"), _("coverage"), _("failed"), _("views"))
        for row in rows:
            score = audit.scores["score"].iloc[row]
            shown = "–" if score != score else format_value(score, ".0f")
            yield (
                f"| {markdown(post_label(audit, row), 70)} | {shown} | {coverage_text(audit.scores['coverage'].iloc[row])} "
                f"| {audit.scores['failed'].iloc[row]} | {views_text(audit, row, grouped=False)} |\n"
            )


def _missing(audit: Audit) -> Iterator[str]:
    if audit.missing:
        yield "\n## " + _("What is not known") + "\n\n"
        for lack in audit.missing:
            told = _("{source} would answer {codes}", source=markdown(lack.provided_by), codes=", ".join(lack.codes))
            yield f"- {told}\n"
    empty = audit.export.header_only
    if empty:
        named = ", ".join(markdown(name) for name in empty)
        yield "\n" + _("Files with a header and no rows: {names}", names=named) + "\n"


def _head(first: str, *numbers: str) -> str:
    """The head of a table: words to the left, then numbers to the right."""
    return f"| {' | '.join([first, *numbers])} |\n| --- |{' ---: |' * len(numbers)}\n"
