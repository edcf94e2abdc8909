"""The audit as Markdown, for a message, a wiki or a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.report.audit.wording import (
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
from tiktok_coach.report.escaping import markdown
from tiktok_coach.studies.audit import Audit


def as_markdown(audit: Audit, *, top: int, every_post: bool) -> Iterator[str]:
    """The audit as pieces of one Markdown text."""
    handle = audit.account.handle or "account"
    yield f"# Audit of {markdown(handle)}\n\n"
    yield f"{period_text(audit)}\n\n"
    yield "## Tips\n\n| tip | score | coverage | pass | fail | unknown |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
    for tip in audit.tips:
        name = f"{tip.tip}. {tip.title}" if tip.tip is not None else tip.title
        counts = tip.counts
        yield f"| {markdown(name)} | {score_text(tip)} | {coverage_text(tip.coverage)} | {counts['pass']} | {counts['fail']} | {counts['unknown']} |\n"
    yield from _changes(audit, top)
    yield from _ranking(audit, every_post=every_post)
    yield from _missing(audit)


def _changes(audit: Audit, top: int) -> Iterator[str]:
    yield "\n## What to change first\n\n"
    if not audit.changes:
        yield "Nothing that is known fails.\n"
    for number, change in enumerate(audit.changes[:top], 1):
        rule = change.evaluation.compiled.rule
        yield f"{number}. **{markdown(change_heading(change))}** ({rule.code}, {rule.severity})\n"
        yield f"   {markdown(expected_text(change))}.\n"
        yield f"   {markdown(rule.why)}\n"
        for label, message in example_posts(audit, change, 3):
            yield f"   - {markdown(label, 60)}: {markdown(message)}\n"
        yield f"   - Source: {markdown(sources_text(rule))}\n"
    if hurting := hurting_text(audit):
        yield f"\n{markdown(hurting)}\n"


def _ranking(audit: Audit, *, every_post: bool) -> Iterator[str]:
    best, worst = ranked_posts(audit)
    listed = [("Every post", [*best, *worst])] if every_post else [("Best posts", best[:5]), ("Worst posts", worst[:5])]
    if every_post:
        listed = [("Every post", ranked_posts(audit, count=len(audit.posts))[0])]
    for title, rows in listed:
        if not rows:
            continue
        yield f"\n## {title}\n\n| post | score | coverage | failed | views |\n| --- | ---: | ---: | ---: | ---: |\n"
        for row in rows:
            score = audit.scores["score"].iloc[row]
            shown = "–" if score != score else f"{score:.0f}"
            yield (
                f"| {markdown(post_label(audit, row), 70)} | {shown} | {coverage_text(audit.scores['coverage'].iloc[row])} "
                f"| {audit.scores['failed'].iloc[row]} | {views_text(audit, row, grouped=False)} |\n"
            )


def _missing(audit: Audit) -> Iterator[str]:
    if audit.missing:
        yield "\n## What is not known\n\n"
        for lack in audit.missing:
            yield f"- {markdown(lack.supplier)} would answer {', '.join(lack.codes)}\n"
    empty = audit.export.header_only
    if empty:
        yield f"\nFiles with a header and no rows: {', '.join(markdown(name) for name in empty)}\n"
