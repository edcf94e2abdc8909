"""A comparison: two periods of one account, or two inputs, and which of their differences are more than chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from tiktok_coach.analysis.overview import FEWEST
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.periods import day_number
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import column, numbers
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.io.reading import Export
from tiktok_coach.rules.kind import FAIL, PASS
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.stats import effects
from tiktok_coach.stats.account import weighted_share
from tiktok_coach.stats.outcomes import COMPLETION, ENGAGEMENT, VIEWS, Covariates
from tiktok_coach.stats.views_model import AGE_DOUBT, AGE_SLOPE

SCHEMA_VERSION = "1"
# The share of posts of which a rule must be known on each side.
MIN_KNOWN = 0.5
PARTS = {
    N_("posts in the morning (5–11)"): (5, 11),
    N_("posts in the afternoon (11–17)"): (11, 17),
    N_("posts in the evening (17–23)"): (17, 23),
    N_("posts in the night (23–5)"): (23, 29),
}
CONFIDENCE = 0.90
# How far growth by age is expected to bend away from a straight line in logarithms (standard deviation).
CURVE_DOUBT = 0.05
POSTS = ("posts_before", "posts_after")
COLUMNS = ["what", "kind", "unit", "before", "after", "change", "difference", "low", "high", "p", *POSTS]
NOTHING = (float("nan"),) * 4
POINTS, SHARE, FACTOR, NUMBER = "points", "share", "factor", "number"


@dataclass(frozen=True)
class Side:
    """One of the two: what it is called, its posts, when its first and last went out."""

    name: str
    posts: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None


@dataclass(frozen=True)
class Comparison:
    """The `differences` of `difference_table`, `views` of each side's posts, and `scores` of all in order of time.

    `handle` is whose posts both sides are, None for two accounts or one without a name; `left_out` is how many other
    accounts the inputs hold.
    """

    exports: tuple[Export, ...]
    before: Side
    after: Side
    differences: pd.DataFrame
    views: tuple[np.ndarray, np.ndarray]
    scores: np.ndarray
    handle: str | None = None
    left_out: int = 0


def compare(options: AnalysisOptions, *, before: dt.date | None, progress: Progress | None = None) -> Comparison:
    """Two inputs, or two periods of them: parted by a day of the account's clock, or a period and the one before it.

    With a period too, two inputs are compared in it, and a day parts the posts of it. Raises CoachError for neither.
    """
    settings = resolve_settings(options)
    has_period = any((options.since, options.until, options.last))
    count = len(options.inputs)
    if before is None and count == 2:
        one, other = (Analysis.load((path,), settings, progress).in_period() for path in options.inputs)
        return compare_inputs(one, other, [path.name for path in options.inputs])
    if before is None and not has_period:
        problem = plural("{count} input and no day that parts them", "{count} inputs and no day that parts them", count)
        raise CoachError(problem, hint=_("give two inputs, --last 28d or --before 2026-06-01"))
    analysis = Analysis.load(options.inputs, settings, progress).in_period()
    return compare_periods(analysis, before) if before is not None else compare_with_before(analysis)


def compare_with_before(analysis: Analysis) -> Comparison:
    """The posts of the account with most of them in a period and in the one before; see `Overview.before`.

    Raises CoachError where the one before has none.
    """
    own = analysis.for_account(analysis.account.handle)
    period, before = own.overview.period, own.overview.before
    days = own.history.posts.days
    earlier, later = ((days >= day_number(one.since)) & (days <= day_number(one.until)) for one in (before, period))
    if not earlier.any():
        problem = _(
            "no posts from {since:%Y-%m-%d} to {until:%Y-%m-%d} to compare with", since=before.since, until=before.until
        )
        raise CoachError(problem, hint=_("add an older export, or choose a later period"))
    names = (_("{since:%Y-%m-%d} to {until:%Y-%m-%d}", since=one.since, until=one.until) for one in (before, period))
    result = _compare_parts(own.history, np.flatnonzero(earlier | later), later, tuple(names))
    return _of_account(result, own, analysis)


def compare_periods(analysis: Analysis, before: dt.date) -> Comparison:
    """The posts of the account with most of them before a day, and from it on."""
    own = analysis.for_account(analysis.account.handle)
    days = own.posts.days
    known_mask = np.isfinite(days)
    with np.errstate(invalid="ignore"):
        later = days >= day_number(before)
    if not (known_mask & later).any() or not (known_mask & ~later).any():
        spans, posted = _("no day"), column(own.export.posts, "posted_at")
        if known_mask.any():
            spans = _("{first:%Y-%m-%d} to {last:%Y-%m-%d}", first=posted.min(), last=posted.max())
        problem = _("--before {before} leaves one side without posts", before=before)
        raise CoachError(problem, hint=_("the posts are of {days}", days=spans))
    names = _("before {day:%Y-%m-%d}", day=before), _("from {day:%Y-%m-%d} on", day=before)
    return _of_account(_compare_parts(own, np.flatnonzero(known_mask), later, names), own, analysis)


def _of_account(result: Comparison, own: Analysis, whole: Analysis) -> Comparison:
    """A comparison that says whose posts it is of, and how many accounts of the inputs it leaves out."""
    left_out = max(len(whole.export.accounts) - 1, 0)
    return replace(result, handle=own.account.handle, left_out=left_out)


def _compare_parts(own: Analysis, rows: np.ndarray, later: np.ndarray, names: tuple[str, ...]) -> Comparison:
    """The posts of one account at `rows`, those that are `later` (n of all, bool) against the others."""
    causes = [rule for rule in own.settings.rules if rule.is_cause]
    part = [replace(q, values=q.values[rows]) for q in _quantities(own)]
    part += _tips(_answers(own, causes)[rows], causes, later[rows])
    table = own.export.posts.iloc[rows].reset_index(drop=True)
    return _comparison((own.export,), names, table, part, later[rows], own.posts.at.rows(rows))


def compare_inputs(one: Analysis, other: Analysis, names: Sequence[str]) -> Comparison:
    """Two exports, each judged by itself."""
    both = (one, other)
    pairs = zip(*map(_quantities, both), strict=True)
    joined = [replace(a, values=np.concatenate([a.values, b.values])) for a, b in pairs]
    later = np.repeat([False, True], [len(side.export.posts) for side in both])
    covariates = ([getattr(side.posts.at, name) for side in both] for name in Covariates.__dataclass_fields__)
    at = Covariates(*map(np.concatenate, covariates))
    causes = [rule for rule in other.settings.rules if rule.is_cause]
    joined += _tips(np.concatenate([_answers(side, causes) for side in both]), causes, later)
    table = pd.concat([side.export.posts for side in both], ignore_index=True)
    handles = [side.account.handle for side in both]
    if handles[0] != handles[1]:
        names = [f"@{handle}" if handle else name for handle, name in zip(handles, names, strict=True)]
    result = _comparison((one.export, other.export), names, table, joined, later, at)
    return replace(result, handle=handles[0] if handles[0] == handles[1] else None)


def _comparison(
    exports: tuple[Export, ...],
    names: Sequence[str],
    posts: pd.DataFrame,
    quantities: Sequence[Quantity],
    later: np.ndarray,
    at: Covariates,
) -> Comparison:
    table = difference_table(quantities, later, at)
    views = numbers(posts, "views")
    score_of = next(q.values for q in quantities if q.what == "score of the signals")
    order = np.argsort(np.where(np.isfinite(at.posted), at.posted, np.inf), kind="stable")
    parts = [_side(name, posts[mask]) for name, mask in zip(names, (~later, later), strict=True)]
    return Comparison(exports, parts[0], parts[1], table, (views[~later], views[later]), score_of[order])


def _answers(analysis: Analysis, rules: Sequence[CompiledRule]) -> np.ndarray:
    """1 where a post passes, 0 where it fails, NaN elsewhere: a row a post, a column a rule."""
    answers = [e.status for e in analysis.evaluate(rules)]
    status = np.column_stack(answers) if answers else np.zeros((len(analysis.export.posts), 0))
    return np.where(status == PASS, 1.0, np.where(status == FAIL, 0.0, np.nan))


def _tips(answers: np.ndarray, rules: Sequence[CompiledRule], later: np.ndarray) -> Iterator[Quantity]:
    """How far each post follows each tip, by rules known of half of the posts on both sides: others compare files."""
    known_mask = ~np.isnan(answers)
    sides = [known_mask[side].sum(axis=0) >= MIN_KNOWN * max(int(side.sum()), 1) for side in (~later, later)]
    alike = np.logical_and.reduce(sides)
    for tip in sorted({r.tip for r in rules if r.tip is not None}):
        in_tip = np.array([r.tip == tip for r in rules]) & alike
        weights = np.array([r.rule.weight for r in rules])[in_tip]
        share = 100 * weighted_share(answers[:, in_tip], weights)
        title = next(r.title for r in rules if r.tip == tip)
        yield Quantity(_("tip {tip}, {title}", tip=tip, title=title), POINTS, share)


def _side(name: str, posts: pd.DataFrame) -> Side:
    posted = column(posts, "posted_at").dropna()
    return Side(name, len(posts), posted.min() if len(posted) else None, posted.max() if len(posted) else None)


def _quantities(analysis: Analysis) -> Iterator[Quantity]:
    """What two sides are compared in."""
    posts, at, out = analysis.export.posts, analysis.posts.at, analysis.posts.out
    for name, what in ((VIEWS, N_("views")), (COMPLETION, N_("completion")), (ENGAGEMENT, N_("engagement per view"))):
        yield Quantity(what, FACTOR, analysis.outcome(name).value, reach=name != VIEWS)
    yield Quantity(N_("people reached"), FACTOR, np.where(out, np.log1p(numbers(posts, "reach")), np.nan))
    yield Quantity(N_("views from For You"), SHARE, numbers(posts, "traffic_for_you"))
    marks = analysis.signal_scores.table["signal_score"].to_numpy()
    has_score = out & np.isfinite(numbers(posts, "views"))
    yield Quantity(N_("score of the signals"), POINTS, np.where(has_score, marks, np.nan))
    for what, name, unit in (
        (N_("length"), "duration_s", "s"),
        (N_("hook"), "hook_s", "s"),
        (N_("caption length"), "caption_utf16", "characters"),
        (N_("hashtags"), "hashtag_count", ""),
    ):
        yield Quantity(what, NUMBER, analysis.posts.values[name], unit=unit)
    for what, (start, end) in PARTS.items():
        inside = ((at.hour >= start) & (at.hour < end)) | (at.hour + 24 < end)
        yield Quantity(what, SHARE, np.where(np.isnan(at.hour), np.nan, inside))
    yield Quantity(N_("posts at weekends"), SHARE, np.where(np.isnan(at.weekday), np.nan, at.weekday >= 5))


@dataclass(frozen=True)
class Quantity:
    """Something of every post, NaN for nothing; of a FACTOR the logarithm, at like age and, for `reach`, views."""

    what: str
    kind: str
    values: np.ndarray
    reach: bool = False
    unit: str = ""


def weekly(posted: np.ndarray) -> np.ndarray:
    """Posts in each week (7 days from the first post on; the last one only if whole), from times in days."""
    days = np.floor(posted[np.isfinite(posted)])
    if not len(days):
        return np.zeros(0)
    week = ((days - days.min()) // 7).astype(np.int64)
    whole = int((days.max() - days.min() + 1) // 7)
    return np.bincount(week, minlength=whole)[:whole].astype("float64")


def difference_table(quantities: Sequence[Quantity], later: np.ndarray, at: Covariates) -> pd.DataFrame:
    """What two sides differ in, a row a quantity.

    Columns are what, kind, unit, before, after, change, difference, low, high (90%), p, q, beyond_chance, posts. Of a
    factor, `before` and `after` are medians as counted, `change` is by what share these differ, and `difference` the
    factor at like age; of others `change` and `difference` are both the difference of the means. Changes are NaN for
    fewer than FEWEST posts on a side.

    One in ten of the differences that are called significant may be chance (Benjamini and Hochberg, 1995). What posts
    got (the factors) is tested as one family and what they are as another, so that many facts do not hide a change of
    views.
    """
    rows = [row for quantity in quantities if (row := _row(quantity, later, at)) is not None]
    one, other = (weekly(at.posted[side]) for side in (~later, later))
    if len(one) and len(other):
        # Of posts a week, what is counted on each side is weeks.
        gap = effects.welch_test(one, other) if min(len(one), len(other)) >= FEWEST else NOTHING
        before, after = float(one.mean()), float(other.mean())
        rows.append((N_("posts a week"), NUMBER, "", before, after, after - before, *gap, len(one), len(other)))
    table = pd.DataFrame(rows, columns=pd.Index(COLUMNS))
    table["q"] = np.nan
    tested, is_result = table["p"].notna().to_numpy(), (table["kind"] == FACTOR).to_numpy()
    for family in (tested & is_result, tested & ~is_result):
        if family.any():
            table.loc[family, "q"] = effects.false_discovery(table.loc[family, "p"].to_numpy(dtype="float64"))
    return table.assign(beyond_chance=(table["q"] <= effects.FALSE_SHARE).to_numpy())


def _row(quantity: Quantity, later: np.ndarray, at: Covariates) -> tuple[object, ...] | None:
    """The values of COLUMNS; None where neither side has any."""
    known = np.isfinite(quantity.values)
    one, other = quantity.values[known & ~later], quantity.values[known & later]
    if not len(one) and not len(other):
        return None
    middle = np.median if quantity.kind == FACTOR else np.mean
    before, after = (float(middle(side)) if len(side) else float("nan") for side in (one, other))
    if quantity.kind == FACTOR:
        inverse = np.exp if quantity.reach else np.expm1
        before, after = float(inverse(before)), float(inverse(after))
    change = float("nan")
    if min(len(one), len(other)) >= FEWEST:
        change = (after / before - 1 if before > 0 else change) if quantity.kind == FACTOR else after - before
    gap = NOTHING
    if quantity.kind == FACTOR:
        known &= np.isfinite(at.days)
    if min((known & ~later).sum(), (known & later).sum()) >= FEWEST:
        gap = effects.welch_test(one, other) if quantity.kind != FACTOR else _at_like_age(quantity, known, later, at)
    return quantity.what, quantity.kind, quantity.unit, before, after, change, *gap, len(one), len(other)


def _at_like_age(
    quantity: Quantity, known: np.ndarray, later: np.ndarray, at: Covariates
) -> tuple[float, float, float, float]:
    """The factor at like age (and reach), by least squares on the logarithm.

    Of two short periods one has the older posts, which then tell nothing of age: how views grow by it is expected to
    lie as it does on public accounts, and is updated by these posts.
    """
    from tiktok_coach.core.special_functions import stdtrit

    rows = known.nonzero()[0]
    age = np.log1p(np.maximum(at.days[rows], 0))
    # Views level off, so that a straight line in age would make a difference of it.
    beside = [np.ones(len(rows)), age, np.square(age - age.mean())]
    if quantity.reach:
        beside.append(np.log1p(np.nan_to_num(at.views[rows])))
    side = later[rows].astype("float64")
    design = np.column_stack([*beside, side])
    value = effects.winsorize_residuals(quantity.values[rows], np.ones(len(rows)), design[:, 1:])
    # Each expectation is as one more post, which weighs the more the surer it is beside how far posts lie apart.
    spread = effects.robust_spread(value - np.where(side > 0, value[side > 0].mean(), value[side == 0].mean()))
    weights = spread / np.array([AGE_DOUBT, CURVE_DOUBT])
    expected = np.array([0.0 if quantity.reach else AGE_SLOPE, 0.0])
    prior = np.zeros((2, design.shape[1]))
    prior[[0, 1], [1, 2]] = weights
    design, value = np.vstack([design, prior]), np.append(value, weights * expected)
    log, se, freedom = effects.last_coefficient(design, value)
    step = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * se if np.isfinite(se) else float("nan")
    factor, low, high = (float(np.exp(value)) for value in (log, log - step, log + step))
    return factor, low, high, effects.t_test_p_value(log, se, freedom)
