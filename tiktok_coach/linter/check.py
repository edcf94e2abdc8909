"""Lints a content calendar: every rule on planned posts over all of it, and what is silenced taken out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from tiktok_coach.core.account import Account
from tiktok_coach.core.arrays import text_array
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.facts import Facts, concat_facts, facts_from_frame
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.trends import Trends
from tiktok_coach.linter import suppressions
from tiktok_coach.linter.finding import Finding, Suppressed
from tiktok_coach.linter.locations import findings
from tiktok_coach.linter.own import NAMES
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.outcome import UNKNOWN
from tiktok_coach.rules.subjects import Context

if TYPE_CHECKING:
    from tiktok_coach.io.reading import Export


@dataclass(frozen=True)
class LintResult:
    """What lint found: `rules` ran, and `unknown` counts by code the subjects that a rule could not judge."""

    calendar: ContentCalendar
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    rules: tuple[CompiledRule, ...]
    unknown: Mapping[str, int]
    apart: dt.timedelta
    notices: tuple[Notice, ...] = ()

    @property
    def problems(self) -> tuple[CoachError, ...]:
        """What could not be read; where there is any, the lint has not seen the whole calendar."""
        return self.calendar.problems


def lint(
    calendar: ContentCalendar,
    rules: Sequence[CompiledRule],
    known_codes: frozenset[str],
    *,
    now: dt.datetime,
    history: Export | None = None,
    trends: Trends | None = None,
    ignored: Mapping[str, Sequence[str]] | None = None,
    own_codes: frozenset[str] = frozenset(NAMES),
    apart: dt.timedelta = dt.timedelta(0),
    move_slots: bool = False,
) -> LintResult:
    """The calendar held against the rules that apply to planned posts.

    `history` are published posts: what repeats them is found, and they tell the audience's hours. `ignored` takes
    patterns of paths to codes or prefixes that are left out there; `own_codes` are those of lint's own that are wanted.
    With `move_slots`, a publish time outside the active hours can be mended too, to one that lies `apart` from every
    other post.
    """
    planned = [r for r in rules if "planned" in r.rule.applies_to]
    calendar, posts, context, before = _beside_history(calendar, history, trends, now)
    evaluations = evaluate(planned, posts, context) if len(calendar.posts) else []
    moved_apart = apart if move_slots else None
    everything = [finding for e in evaluations for finding in findings(e, calendar, before, moved_apart)]
    if calendar.contradicted:
        from tiktok_coach.linter.media_facts import contradictions

        everything += contradictions(calendar)
    codes = frozenset(r.code for r in planned)
    reported, silenced = suppressions.apply(everything, calendar, codes, known_codes | set(NAMES))
    reported = [f for f in reported if f.code not in NAMES or f.code in own_codes]
    order = {plan.name: position for position, plan in enumerate(calendar.plans)}
    reported = [f for f in reported if not _left_out(f, ignored or {})]
    unknown = {e.code: e.status[before if e.compiled.rule.scope == "post" else 0 :] == UNKNOWN for e in evaluations}
    return LintResult(
        calendar,
        tuple(sorted(reported, key=lambda f: (order.get(f.place.file, -1), f.place.file, *f.order))),
        tuple(silenced),
        tuple(planned),
        {code: int(is_unknown.sum()) for code, is_unknown in unknown.items() if is_unknown.any()},
        apart,
        calendar.notices,
    )


def _beside_history(
    calendar: ContentCalendar, history: Export | None, trends: Trends | None, now: dt.datetime
) -> tuple[ContentCalendar, Facts, Context, int]:
    """The published posts and then the planned ones as one table, with what is known beside them."""
    if history is None:
        return calendar, calendar.posts, Context(calendar.accounts, trends=trends, now=now), 0
    history_accounts = {account.handle: account for account in history.accounts}
    only = history.accounts[0] if len(history.accounts) == 1 else Account()
    accounts: list[Account] = []
    planned = calendar.posts
    for account in calendar.accounts:
        published_account = history_accounts.get(account.handle, only if account.handle is None else Account())
        accounts.append(account.fill_from(published_account))
        if account.handle is None and published_account.handle is not None:
            handles = (handle or published_account.handle for handle in planned.column_or_null("account").tolist())
            planned = planned.with_columns({"account": text_array(handles)})
    published = facts_from_frame(history.posts)
    handles_known = {None, *(account.handle for account in accounts)}
    handles = published.column_or_null("account").tolist()
    of_calendar = [row for row, handle in enumerate(handles) if handle in handles_known]
    earlier = published.take(np.array(of_calendar, dtype=np.int64))
    earlier = earlier.with_columns({"status": text_array(["published"] * len(earlier))})
    posts = concat_facts([earlier, planned])
    together = history.trends if trends is None else trends if history.trends is None else trends.merge(history.trends)
    context = Context(tuple(accounts), history.audiences, together, now)
    return replace(calendar, posts=planned, accounts=tuple(accounts)), posts, context, len(earlier)


def _left_out(finding: Finding, ignored: Mapping[str, Sequence[str]]) -> bool:
    """Whether a pattern of its path, or of a folder's, leaves a finding's code out."""
    path = PurePosixPath(finding.place.file)
    paths = [path, *(parent for parent in path.parents if str(parent) != ".")]
    patterns = (pattern for pattern, codes in ignored.items() if finding.code.startswith(tuple(codes)))
    return any(part.match(pattern) for pattern in patterns for part in paths)
