"""From what rules say of a calendar to findings at their places."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tiktok_coach.core.account import normalize_handle
from tiktok_coach.core.facts import text_at
from tiktok_coach.core.translation import _, format_value
from tiktok_coach.linter.finding import MOVE, Finding, Fix
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.plans.places import Place, document_place
from tiktok_coach.rules.evaluate import Evaluation
from tiktok_coach.rules.findings import finding_of
from tiktok_coach.rules.outcome import FAIL
from tiktok_coach.rules.subjects import DERIVED_FIELDS

# Where a plan writes what a column is worked out from.
_WRITTEN = {**DERIVED_FIELDS, "clock_change": "posted_at"}
# A hashtag may stand in either, so that what speaks of hashtags is shown where there are any.
_HASHTAGS = {
    "hashtags": ("hashtags", "caption"),
    "hashtag_count": ("hashtags", "caption"),
    "same_hashtags_share": ("hashtags", "caption"),
    "repeated_hashtags": ("caption", "hashtags"),
}


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
    merged = [_as_one(group) if len(group) > 1 else group[0] for group in groups.values()]
    by_period = evaluation.compiled.rule.scope in {"day", "month"}
    return [replace(f, message=f"{_day(f.subject)}: {f.message}") for f in merged] if by_period else merged


def _as_one(group: list[Finding]) -> Finding:
    first, last = group[0], group[-1]
    if first.post is not None:
        subject = _("{count} posts", count=len(group))
        message = _("{message} (in {subject})", message=first.message, subject=subject)
        return replace(first, post=None, subject=subject, key=str(len(group)), message=message)
    subject = _("{first} to {last}", first=_day(first.subject), last=_day(last.subject))
    return replace(first, subject=subject, key=f"{first.subject} {last.subject}")


def _day(subject: str) -> str:
    """A day or a month as the language writes it."""
    with contextlib.suppress(ValueError):
        return format_value(dt.date.fromisoformat(subject), "%Y-%m-%d")
    with contextlib.suppress(ValueError):
        return format_value(dt.date.fromisoformat(f"{subject}-01"), "%Y-%m")
    return subject


def _each(
    evaluation: Evaluation, calendar: ContentCalendar, before: int, apart: dt.timedelta | None
) -> Iterator[Finding]:
    rule = evaluation.compiled.rule
    has_fix = rule.fix_kind is not None and (apart is not None or rule.fix_kind != MOVE)
    related, column = evaluation.outcome.related, _WRITTEN.get(rule.field, rule.field)
    for subject in (evaluation.status == FAIL).nonzero()[0].tolist():
        if rule.scope == "post":
            row = subject
        elif evaluation.subjects.shown_at is not None:
            row = int(evaluation.subjects.shown_at[subject])
        else:
            yield _finding(evaluation, subject, _account_place(evaluation, calendar, subject))
            continue
        if row < before:
            continue
        fix = _fix(evaluation, calendar, subject, row - before, apart) if has_fix else None
        other = int(related[subject]) - before if related is not None else -1
        if fix is not None and fix.fault is not None:
            # Exactly what is at fault: the repeated hashtag, rather than the caption that holds it.
            place = calendar.plan(row - before).places.between(*fix.fault)
        else:
            place = _place(evaluation, calendar, row - before)
        yield _finding(evaluation, subject, place, fix, calendar.place(other, column) if other >= 0 else None)


def _fix(
    evaluation: Evaluation, calendar: ContentCalendar, subject: int, row: int, apart: dt.timedelta | None
) -> Fix | None:
    from tiktok_coach.linter.fixes import fix_of

    return fix_of(evaluation, calendar, subject, row, apart)


def _finding(
    evaluation: Evaluation, subject: int, place: Place, fix: Fix | None = None, related: Place | None = None
) -> Finding:
    content: dict[str, Any] = finding_of(evaluation, subject)
    rule = evaluation.compiled.rule
    confidence, message, advice = content["confidence"], content["message"], content["fix"]
    about = content["subject"], content["post_id"], content["value"], content["expected"]
    return Finding(rule.code, rule.name, rule.severity, confidence, message, advice, place, *about, related, fix)


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
