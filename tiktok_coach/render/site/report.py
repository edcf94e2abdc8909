"""The report as one page of HTML that holds all it needs and asks nothing of any other place; and as Markdown."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from tiktok_coach.analysis.audit import Audit, audit_account, most_viewed
from tiktok_coach.analysis.compare import Comparison, compare_inputs, compare_with_before
from tiktok_coach.analysis.evidence import Evidence, evidence_of_account
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.groups import PostGroups, group_posts
from tiktok_coach.analysis.pictures import moments_of, pictures_of
from tiktok_coach.analysis.retention import Retention
from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.analysis.simulate import Question, Simulation, simulate_account
from tiktok_coach.analysis.times import Times, times_of_account
from tiktok_coach.analysis.tips import Tip, tips_of_account
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import N_, _, format_value, language, plural
from tiktok_coach.linter.beside import Beside
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.run import LintOptions, run_lint
from tiktok_coach.render.audit import audit_page
from tiktok_coach.render.compare import compare_page
from tiktok_coach.render.evidence import evidence_page
from tiktok_coach.render.lint.text import plain, render_markdown
from tiktok_coach.render.output import RenderOptions
from tiktok_coach.render.pages.show import pages_markdown
from tiktok_coach.render.retention import retention_page
from tiktok_coach.render.site.content import accounts_content, content_of
from tiktok_coach.render.site.posts import CARDS, data_json
from tiktok_coach.render.site.retention import Moments, posts_shown
from tiktok_coach.render.times import times_page
from tiktok_coach.render.values import upper_first
from tiktok_coach.stats.account_summaries import AccountSummary

# What a picture file begins with.
PICTURES = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}
LARGEST_LOGO = 500_000
# Pictures of posts are shown half as wide, for screens with two points a pixel.
PICTURE_WIDE = 144


@cache
def part(name: str) -> str:
    """One of the files that the page is made of."""
    return (files("tiktok_coach.render.site") / "parts" / name).read_text("utf-8")


@dataclass(frozen=True)
class Branding:
    """A page's title (None: the account's), the address of its logo as `data_address` gives it, and its date."""

    title: str | None
    logo: str | None
    now: dt.datetime


def report_html(studies: Studies, branding: Branding, summaries: Sequence[AccountSummary] = ()) -> str:
    """The page of one account, after a table of those it stands among, where they are given."""
    script, handle = part("page.js"), studies.audit.account.handle
    title = _("@{handle} on TikTok", handle=handle) if handle else _("The account on TikTok")
    # The texts of the script, each `_("…")` of it, in the language that is spoken.
    words = {text: _(text) for text in re.findall(r'\b_\("([^"]+)"', script)}
    return _page(
        "page.html.j2",
        branding,
        title,
        **content_of(studies),
        accounts=accounts_content(summaries, {}),
        script=script,
        # No other script may run, whatever a caption holds.
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        data=data_json(studies, words),
    )


def index_html(summaries: Sequence[AccountSummary], branding: Branding, pages: Mapping[str | None, str]) -> str:
    """The page of several accounts that leads to those of each, whose files `pages` names by handle."""
    title = _("{count} accounts on TikTok", count=len(summaries))
    return _page("index.html.j2", branding, title, accounts=accounts_content(summaries, pages))


def _page(template: str, branding: Branding, title: str, **content: Any) -> str:
    environment = Environment(
        loader=FunctionLoader(part), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update({"_": _, "plural": plural})
    environment.filters.update({"capfirst": upper_first, "unbroken": _unbroken})
    return environment.get_template(template).render(
        title=branding.title or title,
        is_titled=branding.title is not None,
        logo=branding.logo,
        lang=language(),
        made=format_value(branding.now.date(), "%Y-%m-%d"),
        version=version("tiktok-coach"),
        style=part("page.css"),
        **content,
    )


def _unbroken(text: str) -> str:
    """A text in which no line ends within a range such as 33–80%."""
    return re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", text)


def data_address(logo: Path) -> str:
    """A picture as an address that holds it. Raises CoachError for what is none, or too large."""
    try:
        content = logo.read_bytes()
    except OSError as error:
        raise access_error("read", error, str(logo)) from error
    kind = next((kind for start, kind in PICTURES.items() if content.startswith(start)), None)
    if kind is None:
        hint = _("use a PNG, JPEG, GIF or WebP file")
        raise CoachError(_("is no picture that a page can show"), where=str(logo), hint=hint)
    if len(content) > LARGEST_LOGO:
        hint = _("use one below {size} kB", size=LARGEST_LOGO // 1000)
        raise CoachError(_("is too large for a logo"), where=str(logo), hint=hint)
    return _address(kind, content)


def _address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def report_markdown(studies: Studies) -> Iterator[str]:
    """The report as pieces of one Markdown text: the audit, the evidence and the times one after the other."""
    pages = [
        audit_page(studies.audit, RenderOptions(top=8)),
        evidence_page(studies.evidence),
        times_page(studies.times, top=5),
        *([retention_page(studies.retention)] if studies.retention.posts else []),
        *([] if studies.comparison is None else [compare_page(studies.comparison)]),
    ]
    yield from pages_markdown(pages)
    if studies.planned is not None:
        yield "\n"
        yield from render_markdown(studies.planned.linted, plain, 0)


@dataclass(frozen=True)
class Planned:
    """What is planned: lint's findings, and the posts scored against the account's history."""

    linted: LintResult
    simulation: Simulation


@dataclass(frozen=True)
class Studies:
    """The studies of one account; of what is planned and of an earlier export where there are any.

    `pictures` are the addresses of pictures that hold them, by the position of the post in the audit; `moments` those
    of the seconds in which most viewers leave.
    """

    audit: Audit
    tips: tuple[Tip, ...]
    groups: PostGroups
    simulation: Simulation
    evidence: Evidence
    times: Times
    planned: Planned | None
    comparison: Comparison | None
    retention: Retention
    pictures: Mapping[int, str] = field(default_factory=dict)
    moments: Moments = field(default_factory=dict)


def run_studies(
    options: AnalysisOptions,
    *,
    plans: Sequence[Path] = (),
    earlier: Sequence[Path] = (),
    seed: int = 7,
    progress: Progress | None = None,
) -> Accounts[Studies]:
    """The studies of each account that the inputs hold; of `plans` and of an `earlier` export where they are given."""
    analysis = open_analysis(options, progress)
    settings = analysis.settings
    before = Analysis(load_export(earlier, settings, progress), settings) if earlier else None

    def study(one: Analysis) -> Studies:
        audit = audit_account(one)
        return Studies(
            audit=audit,
            tips=tips_of_account(one.history),
            groups=group_posts(one.posts),
            simulation=simulate_account(one, Question(viewers=0, seed=seed)),
            evidence=evidence_of_account(one.history, seed=seed),
            times=times_of_account(one.history, seed=seed),
            planned=_planned(one.history, plans, seed, progress) if plans else None,
            comparison=_compared(before, one),
            retention=one.retention,
            moments=_moments(one.retention),
            pictures=_pictures(one, most_viewed(audit.posts, CARDS)),
        )

    return by_account(analysis, study)


def _pictures(analysis: Analysis, rows: Sequence[int]) -> dict[int, str]:
    """The addresses of the pictures of some posts, where there are any."""
    pictures = pictures_of(analysis, rows, PICTURE_WIDE)
    if not pictures:
        return {}
    from tiktok_coach.media.strips import png

    return {row: _address("image/png", png(picture)) for row, picture in pictures.items()}


def _moments(result: Retention) -> Moments:
    """The addresses of pictures of the seconds that cost most viewers, of the posts whose curves are shown."""
    pictures = moments_of(posts_shown(result), PICTURE_WIDE)
    if not pictures:
        return {}
    from tiktok_coach.media.strips import png

    return {
        row: [(place, _address("image/png", png(picture))) for place, picture in of_post]
        for row, of_post in pictures.items()
    }


def _compared(before: Analysis | None, now: Analysis) -> Comparison | None:
    """What changed of an account since an earlier export, or since the period before; None where these hold no post."""
    if before is None:
        return compare_with_before(now) if now.period is not None and now.overview.posts.before else None
    handle = now.account.handle
    if len(before.export.accounts) > 1:
        if all(account.handle != handle for account in before.export.accounts):
            return None
        before = before.for_account(handle)
    return compare_inputs(before, now, (N_("earlier"), N_("now")))


def _planned(history: Analysis, plans: Sequence[Path], seed: int, progress: Progress | None) -> Planned:
    settings = history.settings
    options = replace(settings.options, inputs=tuple(plans), history=())
    planned = Analysis.load(plans, settings, progress, with_planned=True)
    simulation = simulate_account(planned, Question(viewers=0, seed=seed), history.export)
    return Planned(run_lint(options, LintOptions(), progress, Beside(history.export)).linted, simulation)
