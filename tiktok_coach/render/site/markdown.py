"""The report as Markdown: the audit, the evidence and the times one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.render.audit import audit_page
from tiktok_coach.render.compare.page import compare_page
from tiktok_coach.render.evidence.page import evidence_page
from tiktok_coach.render.lint.markdown import render as plan_markdown
from tiktok_coach.render.lint.style import plain
from tiktok_coach.render.options import RenderOptions
from tiktok_coach.render.pages.show import page_markdown
from tiktok_coach.render.site.gather import Gathered
from tiktok_coach.render.times.page import times_page


def report_markdown(found: Gathered) -> Iterator[str]:
    """The report as pieces of one Markdown text."""
    yield from page_markdown(audit_page(found.audit, RenderOptions(top=8)))
    yield "\n"
    yield from page_markdown(evidence_page(found.evidence))
    yield "\n"
    yield from page_markdown(times_page(found.times, top=5))
    if found.comparison is not None:
        yield "\n"
        yield from page_markdown(compare_page(found.comparison))
    if found.planned is not None:
        yield "\n"
        yield from plan_markdown(found.planned.linted, plain, 0)
