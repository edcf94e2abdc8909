"""The report as Markdown: the audit, the evidence and the times one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from tiktok_coach.render.audit import audit_page
from tiktok_coach.render.compare import compare_page
from tiktok_coach.render.evidence import evidence_page
from tiktok_coach.render.lint.text import plain, render_markdown
from tiktok_coach.render.options import RenderOptions
from tiktok_coach.render.pages.show import pages_markdown
from tiktok_coach.render.site.gather import Studies
from tiktok_coach.render.times import times_page


def report_markdown(studies: Studies) -> Iterator[str]:
    """The report as pieces of one Markdown text."""
    pages = [
        audit_page(studies.audit, RenderOptions(top=8)),
        evidence_page(studies.evidence),
        times_page(studies.times, top=5),
        *([] if studies.comparison is None else [compare_page(studies.comparison)]),
    ]
    yield from pages_markdown(pages)
    if studies.planned is not None:
        yield "\n"
        yield from render_markdown(studies.planned.linted, plain, 0)
