"""Runs compiled rules over posts. What comes out stays in columns: a status a subject, words only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from tiktok_coach.core.arrays import duplicated_mask, first_and_last, is_in, text_array
from tiktok_coach.core.facts import Array, Facts, facts_from_columns, facts_from_frame, known_mask, text_at
from tiktok_coach.core.notices import IN_FULL_LIST
from tiktok_coach.core.search_words import pool_searches
from tiktok_coach.rules.daily_counts import newest_count, sum_of_newest_days
from tiktok_coach.rules.goals import first_goal_mask, goal_mask
from tiktok_coach.rules.kind import NAMES, NOT_APPLICABLE, UNKNOWN, Outcome, all_unknown, counts, same_status
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.subjects import ACCOUNT_FACTS, DAY, Context, Subjects, post_subjects, text_equals

if TYPE_CHECKING:
    import pandas as pd

MONTH_POSTS = 4
# A day or a month: its name, its value, and the row of the post at which it is shown.
Period = tuple[str, float, int]


class Evaluation:
    """The answers of one rule for every subject of its scope.

    Those for one account of several are cut out when they are asked for, as a table of accounts needs `counts` alone.
    """

    def __init__(
        self, compiled: CompiledRule, answer: Callable[[], tuple[Subjects, Outcome]], counts: np.ndarray | None = None
    ) -> None:
        self.compiled = compiled
        self._answer = answer
        if counts is not None:
            self.counts = counts

    @cached_property
    def _answered(self) -> tuple[Subjects, Outcome]:
        return self._answer()

    @property
    def subjects(self) -> Subjects:
        """The subjects of the rule's scope."""
        return self._answered[0]

    @property
    def outcome(self) -> Outcome:
        """What the check says of them, in their order."""
        return self._answered[1]

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.compiled.code

    @property
    def status(self) -> np.ndarray:
        """Statuses of the subjects, in their order: 0 pass, 1 fail, 2 unknown, 3 not applicable."""
        return self.outcome.status

    @property
    def subject_rows(self) -> np.ndarray:
        """The position of each post's subject: the post itself, or its account for a rule on accounts; -1 for none."""
        posts = self.subjects.posts
        return posts.account_index() if self.compiled.rule.scope == "account" else np.arange(len(posts))

    @property
    def post_status(self) -> np.ndarray:
        """The status of each post under a rule on posts or accounts; unknown where a post has no account."""
        return np.asarray(np.append(self.status, np.int8(UNKNOWN))[self.subject_rows])

    @cached_property
    def counts(self) -> np.ndarray:
        """How many subjects pass, fail, are unknown, and are not applicable."""
        return counts(self.status)

    @cached_property
    def missing_input(self) -> str | None:
        """What would turn its unknown answers into known ones, where that is not simply the rule's field."""
        kind, name = self.compiled.kind, self.compiled.rule.field
        if kind.missing_input is None or (kind.needs_field and self.subjects.column(name) is None):
            return None
        return kind.missing_input(self.subjects, name, self.compiled.params)

    def for_account(self, account_rows: np.ndarray, handle: str | None) -> Evaluation:
        """The answers for one account, the same as an evaluation of its posts alone gives.

        `account_rows` are its posts among all, in ascending order; posts that name no account have the handle None.
        """
        posts = self.subjects.posts
        if len(posts.context.accounts) == 1 and len(account_rows) == len(posts):
            return self
        counts = self.counts_by_account[posts.context.positions[handle]]
        return Evaluation(self.compiled, lambda: self._cut(account_rows, handle), counts)

    def _cut(self, account_rows: np.ndarray, handle: str | None) -> tuple[Subjects, Outcome]:
        account_posts, _rows = self.subjects.posts.for_account(handle, account_rows)
        if not _is_about(self.compiled, account_posts):
            return _empty(self.compiled, account_posts)
        subjects, rows = self.subjects.for_account(handle, account_rows)
        return subjects, self.outcome.rows(rows, account_rows)

    def of_posts(self, rows: np.ndarray, subjects: Subjects) -> Evaluation:
        """The answers for some of the posts, at `rows` in ascending order and as `subjects` of their own.

        What a rule says of a post it says beside all of them, also those that are left out here.
        """
        return Evaluation(self.compiled, lambda: (subjects, self.outcome.rows(rows, rows)))

    def at(self, rows: np.ndarray) -> Evaluation:
        """The statuses of some subjects alone, for who reads nothing else of them."""
        return Evaluation(self.compiled, lambda: (self.subjects, replace(self.outcome, status=self.status[rows])))

    @cached_property
    def counts_by_account(self) -> np.ndarray:
        """The `counts` of each of the context's accounts, a row an account."""
        posts, accounts, index = self.subjects.posts, self.subjects.context.accounts, self.subjects.account_index()
        is_owned = index >= 0
        cells = index[is_owned] * len(NAMES) + self.status[is_owned]
        table = np.bincount(cells, minlength=len(accounts) * len(NAMES)).reshape(-1, len(NAMES))
        if self.compiled.rule.scope != "post":
            states = posts.cached("states by account", lambda: _states_by_account(posts))
            table[~np.logical_or.reduce([states[state] for state in self.compiled.rule.applies_to])] = 0
        return table


def evaluate(
    rules: Sequence[CompiledRule], posts: pd.DataFrame | Facts | Subjects, context: Context | None = None
) -> list[Evaluation]:
    """The answers of every rule, in the order of the rules.

    Subjects made by `post_subjects` have their own context, and keep what the rules derive from the posts for a later
    evaluation of other rules.
    """
    if isinstance(posts, Subjects):
        return [_evaluated(compiled, posts) for compiled in rules]
    facts = posts if isinstance(posts, Facts) else facts_from_frame(posts)
    subjects = post_subjects(facts, context or Context())
    evaluations = [_evaluated(compiled, subjects) for compiled in rules]
    # What rules shared is needed no more: findings derive anew the little that they show.
    for evaluation in evaluations:
        evaluation.subjects.clear_cache()
    subjects.clear_cache()
    return evaluations


def _evaluated(compiled: CompiledRule, posts: Subjects) -> Evaluation:
    answer = _answer(compiled, posts)
    return Evaluation(compiled, lambda: answer)


def _answer(compiled: CompiledRule, posts: Subjects) -> tuple[Subjects, Outcome]:
    scope = compiled.rule.scope
    if not _is_about(compiled, posts):
        return _empty(compiled, posts)
    make_subjects = {"day": day_subjects, "month": month_subjects}.get(scope, account_subjects)
    subjects = posts if scope == "post" else posts.cached(f"{scope} subjects", lambda: make_subjects(posts))
    outside = _outside(compiled, subjects)
    if outside is not None and outside.all():
        return subjects, Outcome(same_status(NOT_APPLICABLE, len(subjects)))
    kind, name = compiled.kind, compiled.rule.field
    if kind.needs_field and subjects.column(name) is None:
        outcome = all_unknown(len(subjects))
    elif kind.counts_subjects and scope == "post" and (unmet := _unmet(compiled, subjects)).any():
        outcome = _of_rows(compiled, subjects, (~unmet).nonzero()[0])
    else:
        outcome = kind.evaluate(subjects, name, compiled.params)
    if outside is not None and outside.any():
        outcome = replace(outcome, status=np.where(outside, np.int8(NOT_APPLICABLE), outcome.status))
    return subjects, outcome


def _of_rows(compiled: CompiledRule, posts: Subjects, rows: np.ndarray) -> Outcome:
    """What a check says of some of the posts, which it is given alone; not applicable to all others."""
    kept = post_subjects(posts.facts.take(rows), posts.context)
    outcome = compiled.kind.evaluate(kept, compiled.rule.field, compiled.params)
    status, value = np.full(len(posts), NOT_APPLICABLE, dtype=np.int8), np.full(len(posts), np.nan)
    status[rows] = outcome.status
    if outcome.value is not None:
        value[rows] = outcome.value
    return Outcome(status, value)


def _is_about(compiled: CompiledRule, posts: Subjects) -> bool:
    """Whether a rule has any subjects: one about periods or accounts needs posts of the states it applies to."""
    if compiled.rule.scope == "post":
        return True
    planned = _planned(posts)
    states = {"planned": planned.any(), "published": not planned.all() or not len(posts)}
    return any(states[state] for state in compiled.rule.applies_to)


def _states_by_account(posts: Subjects) -> dict[str, np.ndarray]:
    """Of each account whether it has planned and published posts; one without any posts has published ones."""
    index, planned, count = posts.account_index(), _planned(posts), len(posts.context.accounts)
    of_planned, of_all = (np.bincount(index[mask], minlength=count) for mask in ((index >= 0) & planned, index >= 0))
    return {"planned": of_planned > 0, "published": (of_planned < of_all) | (of_all == 0)}


def _planned(posts: Subjects) -> np.ndarray:
    """Which posts are planned. One that says nothing of it is out already, as every export's posts are."""
    return posts.cached("planned", lambda: text_equals(posts.column_or_null("status"), "planned"))


def _empty(compiled: CompiledRule, posts: Subjects) -> tuple[Subjects, Outcome]:
    subjects = Subjects(compiled.rule.scope, facts_from_columns({}, 0), text_array([]), posts.context, posts=posts)
    return subjects, Outcome(same_status(NOT_APPLICABLE, 0))


def _outside(compiled: CompiledRule, subjects: Subjects) -> np.ndarray | None:
    """The subjects to which a rule does not apply; where that is not known, it applies."""
    rule = compiled.rule
    masks: list[np.ndarray] = []
    if len(set(rule.applies_to)) == 1 and rule.scope == "post":
        masks.append(_planned(subjects) if rule.applies_to[0] == "published" else ~_planned(subjects))
    if rule.goals:
        has_goal = first_goal_mask if rule.instead_of else goal_mask
        masks.append(~has_goal(subjects, rule.goals))
    masks += [first_goal_mask(subjects, other.rule.goals) for other in compiled.replaced_by]
    posted = subjects.column("posted_at")
    if rule.since is not None and posted is not None:
        masks.append(posted < np.datetime64(rule.since))
    if rule.when or rule.unless:
        masks.append(_unmet(compiled, subjects))
    return np.logical_or.reduce(np.broadcast_arrays(*masks, np.zeros(len(subjects), dtype=bool))) if masks else None


def _unmet(compiled: CompiledRule, subjects: Subjects) -> np.ndarray:
    """The subjects that a rule's `when` and `unless` leave out."""
    rule, masks = compiled.rule, [np.zeros(len(subjects), dtype=bool)]
    for conditions, is_required in ((rule.when, True), (rule.unless, False)):
        for name, value in conditions.items():
            # Where nothing says that the condition holds, a rule for a special kind of post waits for that.
            is_met = subjects.cached(f"{name} is {value}", partial(_is_one_of, subjects.column(name), value))
            masks.append(~is_met if is_required else is_met)
    return np.asarray(np.logical_or.reduce(np.broadcast_arrays(*masks)))


def _is_one_of(array: Array | None, value: Any) -> np.ndarray:
    values = value if isinstance(value, list) else [value]
    if array is None:
        return np.zeros(1, dtype=bool)
    if isinstance(array, pa.Array):
        return is_in(array, [str(v) for v in values])
    return np.isin(array, [float(v) for v in values])


def local_days(posts: Subjects) -> np.ndarray:
    """The day of each post on its account's own calendar; missing where the time or a needed timezone is not known.

    A post of which only the day is known keeps that day, but is left out too where no timezone says whose day it is.
    """
    local = posts.clock_times()
    by_day = text_equals(posts.column_or_null("posted_at_precision"), "day") & known_mask(local)
    return np.where(by_day, posts.column_or_null("posted_at"), local).astype("datetime64[D]")


def day_subjects(posts: Subjects) -> Subjects:
    """Every day of an account between its first and last post, with how many posts went out on it.

    The count is missing, on one line for the account, where its posts come from a list that leaves some out, or where
    its timezone is not known; so is that of a day that is over, before planned posts and after all published ones, as
    posts may have gone out on it since. A day is shown at its last post, one without any at the next.
    """
    days = local_days(posts)
    is_planned = text_equals(posts.column_or_null("status"), "planned")
    in_full_list = posts.facts.column(IN_FULL_LIST)
    is_usable = known_mask(days) if in_full_list is None else known_mask(days) & (in_full_list != 0)
    times = posts.column_or_null("posted_at").view(np.int64)
    now = posts.context.now
    today = None if now is None else np.datetime64(now.date(), "D")

    def of_account(rows: np.ndarray) -> Iterator[Period]:
        if len(rows) == 1:
            yield str(days[rows[0]]), 1.0, int(rows[0])
            return
        own_days = days[rows]
        every = np.arange(own_days.min(), own_days.max() + DAY)
        number = (own_days - every[0]).astype(np.int64)
        counts = np.bincount(number)
        first, last = first_and_last(number, times[rows], len(every))
        upcoming = np.minimum.accumulate(np.where(counts > 0, np.arange(len(every)), len(every))[::-1])[::-1]
        shown_at = rows[np.where(counts > 0, last, first[upcoming])]
        # The first and the last day of an export may be cut by its period; a plan has no such edges.
        planned_days = set(own_days[is_planned[rows]].tolist())
        published_days = own_days[~is_planned[rows]]
        values = counts.astype("float64")
        if today is not None and planned_days and len(published_days):
            values[(counts == 0) & (every > published_days.max()) & (every < today)] = np.nan
        for n, (day, count, at) in enumerate(zip(every.tolist(), values.tolist(), shown_at, strict=True)):
            if len(every) <= 2 or day in planned_days or 0 < n < len(every) - 1:
                yield str(day), count, int(at)

    return _periods("day", "posts", posts, is_usable, of_account)


def month_subjects(posts: Subjects) -> Subjects:
    """Every calendar month of an account, with the share of its posts that carry the very hashtags of another one.

    The share is missing for a month with fewer posts whose hashtags are known than MONTH_POSTS. A month is shown at the
    first post that repeats another's hashtags.
    """
    months = local_days(posts).astype("datetime64[M]")
    sets, times = posts.hashtags().set_ids(len(posts)), posts.column_or_null("posted_at")

    def of_account(rows: np.ndarray) -> Iterator[Period]:
        rows = rows[np.lexsort((times[rows], months[rows]))]
        for own in np.split(rows, np.flatnonzero(np.diff(months[rows]).astype(np.int64)) + 1):
            tagged = own[sets[own] > 0]
            share = float(duplicated_mask(sets[tagged]).mean()) if len(tagged) >= MONTH_POSTS else np.nan
            again = np.setdiff1d(np.arange(len(tagged)), np.unique(sets[tagged], return_index=True)[1])
            yield str(months[own[0]]), share, int(tagged[again[0]]) if len(again) else -1

    return _periods("month", "same_hashtags_share", posts, known_mask(months), of_account)


def _periods(
    scope: str, fact: str, posts: Subjects, is_usable: np.ndarray, of_account: Callable[[np.ndarray], Iterator[Period]]
) -> Subjects:
    """Days or months of every account: name, value and post to show it at, from its usable posts."""
    periods: list[tuple[str | None, str, float, int]] = []
    for account, rows in zip(posts.context.accounts, posts.account_rows(is_usable), strict=True):
        own = list(of_account(rows)) if len(rows) else []
        periods += [(account.handle, *period) for period in own or [(account.handle or "account", np.nan, -1)]]
    handles, labels, values, shown_at = zip(*periods, strict=True) if periods else ((), (), (), ())
    columns: dict[str, Array] = {"account": text_array(handles), fact: np.array(values, dtype="float64")}
    facts, rows_shown = facts_from_columns(columns, len(labels)), np.array(shown_at, dtype=np.int64)
    return Subjects(scope, facts, text_array(labels), posts.context, posts=posts, shown_at=rows_shown)


def account_subjects(posts: Subjects) -> Subjects:
    """Every account, with what its settings, its exports and all its posts together say of it."""
    accounts, index = posts.context.accounts, posts.account_index()

    def count(mask: np.ndarray) -> np.ndarray:
        return np.bincount(index[mask & (index >= 0)], minlength=len(accounts))

    audiences = [posts.context.audience(account.handle) for account in accounts]
    facts: dict[str, Any] = {
        "subcultures": [", ".join(account.subcultures) or None for account in accounts],
        "audience_known": [_has_rows(a.gender, a.territories, a.viewer_territories) for a in audiences],
        "activity_known": [_has_rows(a.activity) for a in audiences],
        "followers": [count and count.value for count in (newest_count(a.followers, "followers") for a in audiences)],
        "views_30_days": [_views_of_days(a.overview, 30) for a in audiences],
    }
    total, with_tags = count(np.ones(len(posts), dtype=bool)), count(posts.known("hashtag_count"))
    facts["metrics_known"] = np.where(total > 0, count(posts.known("views")) > 0, np.nan)
    facts["top_hashtag_share"] = np.where(with_tags > 0, _most_used_tags(posts) / np.maximum(with_tags, 1), np.nan)
    # That there is none is known only where the kind of every post is.
    all_known = (total > 0) & (count(posts.known("kind")) == total)
    for kind in ("duet", "stitch", "video_reply"):
        own = count(text_equals(posts.column_or_null("kind"), kind))
        facts[f"{kind}_posts"] = np.where((own > 0) | all_known, own, np.nan)
    facts["searched_words"] = _searched_words(posts)
    labels = text_array(account.handle or "account" for account in accounts)
    columns: dict[str, Array] = {"account": text_array(account.handle for account in accounts)}
    for name, (kind, _hint) in ACCOUNT_FACTS.items():
        values = facts[name] if name in facts else [getattr(account, name) for account in accounts]
        columns[name] = text_array(values) if kind == "text" else np.array(values, dtype="float64")
    return Subjects("account", facts_from_columns(columns, len(accounts)), labels, posts.context, posts=posts)


def _most_used_tags(posts: Subjects) -> np.ndarray:
    """How many posts of each account carry the hashtag that most of them do."""
    tags, accounts = posts.hashtags(), len(posts.context.accounts)
    owner = posts.account_index()[tags.row]
    is_owned = owner >= 0
    pairs, uses = np.unique(tags.code[is_owned] * accounts + owner[is_owned], return_counts=True)
    most = np.zeros(accounts, dtype=np.int64)
    np.maximum.at(most, pairs % accounts, uses)
    return most


def _searched_words(posts: Subjects) -> list[str | None]:
    """What people searched for before they found posts of each account, separated by `;`."""
    searches = posts.column("search_terms")
    if searches is None:
        return [None] * len(posts.context.accounts)
    known = posts.account_rows(posts.known("search_terms"))
    pooled = (pool_searches((row, text_at(searches, row)) for row in rows.tolist()) for rows in known)
    return ["; ".join(one.words for one in words) or None for words in pooled]


def _views_of_days(table: pd.DataFrame | None, days: int) -> float | None:
    """The views of the newest days; None where those of one of them are not known."""
    views = sum_of_newest_days(table, "views", days)
    return views.value if views and views.is_whole else None


def _has_rows(*tables: pd.DataFrame | None) -> bool | None:
    """Whether any table has rows; None where none was exported at all."""
    exported = [len(table) for table in tables if table is not None]
    return any(exported) if exported else None
