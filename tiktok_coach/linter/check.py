"""Lints a content calendar: runs every rule on planned posts, places the findings, and takes out what is silenced."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from tiktok_coach.analysis.settings import Settings
from tiktok_coach.core.account import Account, normalize_handle
from tiktok_coach.core.arrays import text_array
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.facts import Facts, concat_facts, text_at
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import COLUMNS
from tiktok_coach.core.translation import _, format_value, plural
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.linter import suppressions
from tiktok_coach.linter.beside import Beside
from tiktok_coach.linter.finding import HIDDEN_HASHTAG, MOVE, UNREADABLE, Finding, Suppressed
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.plans.places import Place, document_place
from tiktok_coach.plans.plan import key_of
from tiktok_coach.rules.checks.at_most import AtMost
from tiktok_coach.rules.checks.range import Range
from tiktok_coach.rules.checks.spacing import Spacing
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.findings import finding_of, provided_by
from tiktok_coach.rules.kind import FAIL, UNKNOWN
from tiktok_coach.rules.lint_codes import NAMES, TITLES
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.model import Severity
from tiktok_coach.rules.subjects import DERIVED_FIELDS, Context

if TYPE_CHECKING:
    from tiktok_coach.linter.at_risk import PlannedCurves
    from tiktok_coach.stats.expected_curve import ExpectedCurve

# Where a plan writes what a column is worked out from.
_WRITTEN = {**DERIVED_FIELDS, "clock_change": "posted_at"}
# A hashtag may stand in either, so that what speaks of hashtags is shown where there are any.
_HASHTAGS = dict.fromkeys(("hashtags", "hashtag_count", "same_hashtags_share"), ("hashtags", "caption"))
_HASHTAGS["repeated_hashtags"] = ("caption", "hashtags")
# What gives facts that a plan says itself.
_PLAN_SAYS = frozenset({"a plan", "a plan or a file of your own notes", "the plan or a file of your own notes"})
# TikTok's own ways to publish, beside its APIs.
OWN_ROUTES = frozenset({"app", "studio"})
# The most severe first.
SEVERITIES = get_args(Severity)


@dataclass(frozen=True)
class LintResult:
    """What lint found: `rules` ran, and `unknown` counts by code the subjects that a rule could not judge.

    `provided_by` says by code what would let it. `curves` are those foretold of the posts' videos, by row; where there
    are videos and no curves `no_curves` says why.
    """

    calendar: ContentCalendar
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    rules: tuple[CompiledRule, ...]
    unknown: Mapping[str, int]
    apart: dt.timedelta
    provided_by: Mapping[str, str] = field(default_factory=dict)
    curves: Mapping[int, ExpectedCurve] = field(default_factory=dict)
    no_curves: str | None = None

    @property
    def titles(self) -> dict[str, str]:
        """What each rule that ran, and each of lint's own codes, finds: by code."""
        own = {code: _(title) for code, title in TITLES.items()}
        return own | {compiled.code: compiled.rule.title for compiled in self.rules}

    @property
    def problems(self) -> tuple[CoachError, ...]:
        """What could not be read; where there is any, the lint has not seen the whole calendar."""
        return self.calendar.problems


def lint(
    calendar: ContentCalendar,
    settings: Settings,
    codes: Set[str],
    ignored: Mapping[str, Sequence[str]],
    beside: Beside,
    *,
    move_slots: bool,
    media: Set[str] = frozenset(),
    planned_curves: PlannedCurves | None = None,
    looks_beside: bool = True,
) -> LintResult:
    """The calendar held against those of the rules with these `codes` (and lint's own) that apply to planned posts.

    Published posts are `beside` it: what repeats them is found, and they tell the audience's hours; or trends alone.
    `ignored` takes patterns of paths to codes or prefixes that are left out there. With `move_slots`, a publish time
    outside the active hours can be mended too, to one apart from every other post. `media` are the names of videos
    and photos that lie elsewhere than beside the plans; `planned_curves` foretells the curves of videos. Without
    `looks_beside` nobody looks whether the files that plans name are there.
    """
    planned = [r for r in settings.every_rule if r.code in codes and "planned" in r.rule.applies_to]
    calendar, posts, context, before = _beside_history(calendar, beside, settings)
    evaluations = evaluate(planned, posts, context) if len(calendar.posts) else []
    apart = settings.apart if move_slots else None
    everything = [finding for e in evaluations for finding in findings(e, calendar, before, apart)]
    if calendar.contradicted:
        from tiktok_coach.linter.media_facts import contradictions

        everything += contradictions(calendar)
    names_files = any(calendar.posts.column(n) is not None for n in ("video_file", "photo_files", "transcript_file"))
    if looks_beside and names_files:
        from tiktok_coach.linter.named_files import missing_files

        everything += missing_files(calendar, media)
    if calendar.unreadable and UNREADABLE in codes:
        from tiktok_coach.linter.named_files import unreadable_files, without_unreadable

        everything += unreadable_files(calendar)
        calendar = replace(calendar, notices=without_unreadable(calendar.notices, calendar))
    if HIDDEN_HASHTAG in codes:
        from tiktok_coach.linter.hidden_hashtags import hidden_hashtags, without_incomplete

        everything += hidden_hashtags(calendar)
    known_codes = {rule.code for rule in settings.every_rule} | set(NAMES)
    curves, no_curves = ({}, None) if planned_curves is None else planned_curves.foretell(calendar)
    if curves:
        from tiktok_coach.linter.at_risk import seconds_at_risk

        everything += seconds_at_risk(calendar, curves)
    reported, silenced = suppressions.apply(everything, calendar, {r.code for r in planned}, known_codes)
    reported = [f for f in reported if (f.code not in NAMES or f.code in codes) and not _is_ignored(f, ignored)]
    if HIDDEN_HASHTAG in codes:
        reported = without_incomplete(reported, planned)
    reported = without_repeated_gaps(strictest(reported, planned), planned)
    order = {plan.name: position for position, plan in enumerate(calendar.plans)}
    reported.sort(key=lambda f: (order.get(f.place.file, -1), f.place.file, f.place.line, f.place.column, f.code))
    unknown = {e.code: e.status[before if e.compiled.rule.scope == "post" else 0 :] == UNKNOWN for e in evaluations}
    counts = {code: int(is_unknown.sum()) for code, is_unknown in unknown.items() if is_unknown.any()}
    sources = {e.code: _provided_by(e) for e in evaluations if e.code in counts}
    parts = (calendar, tuple(reported), tuple(silenced), tuple(planned), counts, settings.apart, sources)
    return LintResult(*parts, curves, no_curves)


def _provided_by(evaluation: Evaluation) -> str:
    """What would supply the fact that a rule lacks: by name where the plan, which is there, doesn't say it."""
    column = evaluation.compiled.source_column
    is_of_plan = column in COLUMNS and COLUMNS[column].supplied_by in _PLAN_SAYS
    if evaluation.compiled.rule.scope == "post" and not evaluation.missing_input and is_of_plan:
        return _("`{key}` in the plan", key=key_of(column))
    return provided_by(evaluation)


def _beside_history(
    calendar: ContentCalendar, beside: Beside, settings: Settings
) -> tuple[ContentCalendar, Facts, Context, int]:
    """The published posts and then the planned ones as one table, with what is known beside them."""
    history, trends = beside.history, beside.trends
    if history is None:
        return calendar, calendar.posts, Context(calendar.accounts, trends=trends, now=settings.now), 0
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
    published = beside.published
    handles_known = {None, *(account.handle for account in accounts)}
    handles = published.column_or_null("account").tolist()
    of_calendar = [row for row, handle in enumerate(handles) if handle in handles_known]
    earlier = published.take(np.array(of_calendar, dtype=np.int64))
    earlier = earlier.with_columns({"status": text_array(["published"] * len(earlier))})
    posts = concat_facts([earlier, planned])
    together = history.trends if trends is None else trends if history.trends is None else trends.merge(history.trends)
    named = {account.handle: account for account in accounts}
    known = tuple(named.get(account.handle, account) for account in history.accounts)
    best_hours = beside.best_hours(known, settings)
    context = Context(tuple(accounts), history.audiences, together, settings.now, best_hours)
    return replace(calendar, posts=planned, accounts=tuple(accounts)), posts, context, len(earlier)


def _is_ignored(finding: Finding, ignored: Mapping[str, Sequence[str]]) -> bool:
    """Whether a pattern of its path, or of a folder's, leaves a finding's code out."""
    patterns = [pattern for pattern, codes in ignored.items() if finding.code.startswith(tuple(codes))]
    # A path costs more than all else here, and most findings meet no pattern.
    if not patterns:
        return False
    path = PurePosixPath(part_tab(finding.place.file)[0])
    return any(part.match(p) for p in patterns for part in (path, *path.parents) if str(part) != ".")


def findings(
    evaluation: Evaluation, calendar: ContentCalendar, before: int, apart: dt.timedelta | None
) -> list[Finding]:
    """The findings of one rule on all but the first `before` posts, which are published ones.

    Publish times are moved where `apart` says how far from other posts they must lie. What says the same of the same
    place is one finding: a default that many posts share, or a run of days without a post.
    """
    groups: dict[tuple[Place, str], list[Finding]] = {}
    for finding in _each(evaluation, calendar, before, apart):
        groups.setdefault((finding.place, finding.message), []).append(finding)
    merged = []
    for first, *others in groups.values():
        if others and first.post is not None:
            subject, key = plural("{count} post", "{count} posts", len(others) + 1), str(len(others) + 1)
            message = _("{message} (in {subject})", message=first.message, subject=subject)
            first = replace(first, post=None, subject=subject, key=key, message=message)
        elif others:
            last = others[-1].subject
            subject = _("{first} to {last}", first=_day(first.subject), last=_day(last))
            first = replace(first, subject=subject, key=f"{first.subject} {last}")
        merged.append(first)
    by_period = evaluation.compiled.rule.scope in {"day", "month"}
    return [replace(f, message=f"{_day(f.subject)}: {f.message}") for f in merged] if by_period else merged


def strictest(findings: Sequence[Finding], rules: Sequence[CompiledRule]) -> list[Finding]:
    """The findings, with one alone of those that ask for another range of the same fact of the same post.

    It is the most severe, of these one that its rule asks of such posts alone, and then that which asks for most.
    """
    bounded = [rule for rule in rules if rule.rule.scope == "post" and isinstance(rule.params, (Range, AtMost))]
    ranges = {rule.code: rule.rule for rule in bounded}
    # What holds for some posts, or for one account, says more than what holds for all.
    general = {rule.code for rule in bounded if not rule.rule.when and isinstance(rule.params, Range)}
    first: dict[tuple[Place, str, str], Finding] = {}

    def rank(finding: Finding) -> tuple[int, bool, float]:
        low, high = (finding.expected.get(bound, finding.value) for bound in ("min", "max"))
        excess = max(low - finding.value, finding.value - high)
        return SEVERITIES.index(finding.severity), finding.code in general, -excess

    def matter(finding: Finding) -> tuple[Place, str, str]:
        return finding.whole or finding.place, finding.subject, ranges[finding.code].field

    for finding in sorted((finding for finding in findings if finding.code in ranges), key=rank):
        first.setdefault(matter(finding), finding)
    return [one for one in findings if one.code not in ranges or first[matter(one)] is one]


def without_repeated_gaps(findings: Sequence[Finding], rules: Sequence[CompiledRule]) -> list[Finding]:
    """The findings without those on days that lie in a gap between two posts, of which another speaks at its place."""
    gaps = {rule.code for rule in rules if isinstance(rule.params, Spacing) and rule.params.max_days is not None}
    of_days = [rule for rule in rules if rule.rule.scope == "day" and isinstance(rule.params, Range)]
    # One with no least number asks for fewer posts, on a day that has some.
    days = {rule.code for rule in of_days if rule.params.set_values.get("min") is not None}
    said = {one.place for one in findings if one.code in gaps}
    return [one for one in findings if one.code not in days or one.place not in said]


def _day(subject: str) -> str:
    """A day or a month as the language writes it."""
    for day, spec in ((subject, "%Y-%m-%d"), (f"{subject}-01", "%Y-%m")):
        with contextlib.suppress(ValueError):
            return format_value(dt.date.fromisoformat(day), spec)
    return subject


def _each(
    evaluation: Evaluation, calendar: ContentCalendar, before: int, apart: dt.timedelta | None
) -> Iterator[Finding]:
    rule, shown_at = evaluation.compiled.rule, evaluation.subjects.shown_at
    for subject in (evaluation.status == FAIL).nonzero()[0].tolist():
        row = None
        if rule.scope == "post" or shown_at is not None:
            row = (subject if rule.scope == "post" or shown_at is None else int(shown_at[subject])) - before
            if row < 0:
                continue
        parts = evaluation.outcome.parts
        for part in (None,) if parts is None else parts(subject):
            yield _finding(evaluation, calendar, subject, row, apart, part)


def _finding(
    evaluation: Evaluation,
    calendar: ContentCalendar,
    subject: int,
    row: int | None,
    apart: dt.timedelta | None,
    part: Mapping[str, Any] | None,
) -> Finding:
    """What a rule says of a subject, or of a part of it, shown at the planned post at `row`; None for an account."""
    rule, related = evaluation.compiled.rule, evaluation.outcome.related
    fix, other = None, -1
    if row is None:
        place = whole = _account_place(evaluation, calendar, subject)
    else:
        if rule.fix_kind is not None and (apart is not None or rule.fix_kind != MOVE):
            from tiktok_coach.linter.fixes import fix_of

            fix = fix_of(evaluation, calendar, subject, row, apart, part)
        # Exactly what is at fault: the repeated hashtag, rather than the caption that holds it.
        fault = fix.fault if fix is not None else None
        places = calendar.plan(row).places
        whole = _place(evaluation, calendar, row)
        place = places.between(*fault) if fault is not None else _excess(evaluation, calendar, row) or whole
        if part is not None:
            items = places.items(int(calendar.row_of[row]), calendar.written(row, rule.field) or rule.field)
            place = items[part["position"]] if part["position"] < len(items) else place
        if related is not None:
            # Published posts stand before the planned ones.
            other = int(related[subject]) - (len(evaluation.subjects.posts) - len(calendar.posts))
    column = _WRITTEN.get(rule.field, rule.field)
    related_place = calendar.place(other, column) if other >= 0 else None
    content: dict[str, Any] = finding_of(evaluation, subject, part)
    words = {name: content[name] for name in ("confidence", "message", "fix", "subject", "value", "expected")}
    about = {"place": place, "post": content["post_id"], "related": related_place, "autofix": fix, "whole": whole}
    if part is not None:
        about["key"] = f"{content['subject']} {part['item']}"
    # Other routes than the API give no such answer.
    if rule.error_code is not None and text_at(evaluation.subjects.column_or_null("via"), subject) not in OWN_ROUTES:
        about["error_code"] = rule.error_code
    return Finding(rule.code, rule.name, rule.severity, **words, **about)


def _excess(evaluation: Evaluation, calendar: ContentCalendar, row: int) -> Place | None:
    if getattr(evaluation.compiled.params, "max", None) is None:
        return None
    from tiktok_coach.linter.excess import excess

    return excess(evaluation, calendar, row)


def _place(evaluation: Evaluation, calendar: ContentCalendar, row: int) -> Place:
    rule = evaluation.compiled.rule
    places, at = calendar.plan(row).places, int(calendar.row_of[row])
    column = "posted_at" if rule.scope == "day" else _WRITTEN.get(rule.field, rule.field)
    for name in _HASHTAGS.get(rule.field, (calendar.written(row, column) or column,)):
        if places.holds(at, name):
            return places.of(at, name)
    return places.of(at, None)


def _account_place(evaluation: Evaluation, calendar: ContentCalendar, subject: int) -> Place:
    """Where a plan or the config gives what a rule on the account reads, else the account, else the first plan."""
    field = evaluation.compiled.rule.field
    handle = text_at(evaluation.subjects.column_or_null("account"), subject)
    documents = [document.at("account") for document in calendar.account_documents]
    own = [d for d in documents if normalize_handle(str((d.value or {}).get("handle") or "")) in {handle, None}]
    source = next((d for d in own if field in (d.value or {})), None)
    if source is not None:
        return document_place(source, source.mark_of((field,)))
    if own:
        return document_place(own[0], own[0].marks)
    return Place(calendar.plans[0].name if calendar.plans else "", 1, 1, 1, 1)
