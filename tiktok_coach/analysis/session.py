"""An export with its settings, and all that is worked out from them: each part once, when it is first asked for.

Every command asks an `Analysis`; an account is a slice of it, with the numbers that the table of accounts shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tiktok_coach.analysis.exports import account_rows, load_export, of_account, of_posts, with_posts_alone
from tiktok_coach.analysis.overview import Overview, newest_day, overview
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, Settings, resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.periods import DAY, EPOCH, Period, choose_period, day_number
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import planned_mask
from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.reading import Export
from tiktok_coach.ranking.baseline import Baseline, fit_baseline
from tiktok_coach.ranking.catalogue import Catalogue, load_signals
from tiktok_coach.ranking.outlook import Forecast, Outlook, forecast, load_outlook
from tiktok_coach.ranking.scoring import Scores, score
from tiktok_coach.rules.evaluate import Evaluation, evaluate
from tiktok_coach.rules.findings import post_scores
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.stats.account import Posts, Questions, posts_of
from tiktok_coach.stats.account_effects import MANY_ACCOUNTS, effect_table, effects_by_account, fit_effects, thin
from tiktok_coach.stats.account_summaries import HORIZON, AccountSummary, PeriodBefore, summarize_accounts
from tiktok_coach.stats.advice import (
    Advice,
    advise,
    count_again,
    followed,
    own_hashtag_bands,
    public_effect,
    record_prior,
)
from tiktok_coach.stats.bands import load_bands
from tiktok_coach.stats.benchmarks import RatePlace, load_benchmarks, rate_places
from tiktok_coach.stats.effects import Estimates
from tiktok_coach.stats.outcomes import VIEWS, Outcome, outcome_of
from tiktok_coach.stats.posting_times import Slots, activity_of, fit_week, slot_residuals
from tiktok_coach.stats.public_record import load_public_record

if TYPE_CHECKING:
    from tiktok_coach.analysis.retention import Retention

# The ranks of accounts are simulated with it; the same files give the same bytes.
SEED = 0
# What rules share of so many posts is let go of once they have run.
LARGE = 100_000
# So many accounts that have no posts in a period are named.
MOST_NAMES = 10
Answer = TypeVar("Answer")


class Analysis:
    """An export and its settings, with cached parts.

    `whole` is the analysis of which this is one account's slice, or with `rows` there that of some posts of all
    accounts: those of a `period`.
    """

    def __init__(
        self,
        export: Export,
        settings: Settings,
        whole: Analysis | None = None,
        rows: np.ndarray | None = None,
        period: Period | None = None,
    ) -> None:
        self.export = export
        self.settings = settings
        self.period = period
        self._whole = whole
        self._rows = rows
        self._evaluations: dict[str, Evaluation] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._fits: dict[tuple[str, bool], list[Estimates]] = {}
        self._own_effects: dict[str | None, Mapping[str, Sequence[Any]]] = {}
        self._forecasts: dict[int, Forecast] = {}

    @property
    def account(self) -> Account:
        """The account with most posts."""
        return self.export.accounts[0]

    @classmethod
    def load(
        cls, paths: Sequence[Path], settings: Settings, progress: Progress | None = None, *, with_planned: bool = False
    ) -> Analysis:
        """The analysis of the exports at `paths`; see `load_export`. Raises CoachError where nothing can be used."""
        export = load_export(paths, settings, progress, with_planned=with_planned)
        if progress is not None:
            progress(plural("checking {count} post", "checking {count:,} posts", len(export.posts)))
        return cls(export, settings)

    def for_account(self, handle: str | None) -> Analysis:
        """The slice of one account, or for None of the posts without one. Raises CoachError for an unknown handle."""
        if len(self.export.accounts) == 1 and self.account.handle == handle:
            return self
        return Analysis(of_account(self.export, handle), self.settings, self, period=self.period)

    def in_period(self) -> Analysis:
        """The slice of the posts from the first to the last day that the options name; itself where they name none.

        Days are those of the accounts' clocks. `history` has all posts up to the last day, and none that went out
        later; views are those of the newest count, even where it was taken after that day. Raises CoachError for
        options that name no period, and for one without posts.
        """
        options = self.settings.options
        if options.since is None and options.until is None and options.last is None:
            return self
        newest = newest_day(self.posts, self.settings.now)
        period = choose_period(options.since, options.until, options.last, newest)
        history = self._up_to(options.until) if options.until else self
        return history if period is None else history._of_period(period)

    def _up_to(self, until: dt.date) -> Analysis:
        """The analysis of the posts up to a day, and those without a date, as at the end of that day."""
        zone = ZoneInfo(self.account.timezone or "UTC")
        end = dt.datetime.combine(until + DAY, dt.time(), zone) - dt.timedelta(microseconds=1)
        options = replace(self.settings.options, now=min(self.settings.now, end), today=None)
        with np.errstate(invalid="ignore"):
            rows = np.flatnonzero(~(self.posts.days > day_number(until)))
        if not len(rows):
            raise _no_posts(self.posts, _("no posts up to {until:%Y-%m-%d}", until=until))
        export, _left_out = with_posts_alone(of_posts(self.export, rows))
        return Analysis(export, self.settings.with_changes(options=options))

    def _of_period(self, period: Period) -> Analysis:
        """The slice of the posts of a period; notices say which accounts and posts it leaves out for want of a day."""
        days = self.posts.days
        with np.errstate(invalid="ignore"):
            # What is planned lies after the newest day of the data.
            is_due = planned_mask(self.export.posts) | (days <= day_number(period.until))
            rows = np.flatnonzero((days >= day_number(period.since)) & is_due)
        terms = {"since": period.since, "until": period.until}
        if not len(rows):
            raise _no_posts(self.posts, _("no posts from {since:%Y-%m-%d} to {until:%Y-%m-%d}", **terms), period)
        export, left_out = with_posts_alone(of_posts(self.export, rows))
        texts = [_left_out_text(left_out)] if left_out else []
        if undated := int(np.isnan(days).sum()):
            texts.append(
                plural("{count} post without a date is left out", "{count} posts without a date are left out", undated)
            )
        notices = (Notice(_("{since:%Y-%m-%d} to {until:%Y-%m-%d}", **terms), text) for text in texts)
        return Analysis(replace(export, notices=(*export.notices, *notices)), self.settings, self, rows, period)

    @cached_property
    def history(self) -> Analysis:
        """All posts up to the end of the period, to learn from; these where no period is chosen."""
        if self.period is None or self._whole is None:
            return self
        earlier = self._whole if self._rows is not None else self._whole.history
        return earlier.for_account(self.account.handle) if len(self.export.accounts) == 1 else earlier

    @cached_property
    def catalogue(self) -> Catalogue:
        """The published signals, with the config's values."""
        return load_signals(rulebook(), self.settings.config.signal_values)

    @cached_property
    def outlook(self) -> Outlook:
        """The model of further growth."""
        return load_outlook(rulebook())

    @cached_property
    def posts(self) -> Posts:
        """The posts with their accounts, covariates and facts."""
        export = self.export
        if self._whole is None or self._rows is not None:
            return posts_of(export.posts, export.accounts, export.audiences, export.trends, self.best_hours)
        subjects, _rows = self._whole.posts.subjects.for_account(self.account.handle, self._rows_in_whole)
        return Posts(export.posts, subjects)

    @cached_property
    def _rows_in_whole(self) -> np.ndarray:
        """The row numbers of these posts in the whole."""
        assert self._whole is not None
        return account_rows(self._whole.export, self.account.handle)

    def evaluate(self, rules: Sequence[CompiledRule]) -> list[Evaluation]:
        """The answers of rules, in their order; each rule runs once."""
        fresh = [rule for rule in rules if rule.code not in self._evaluations]
        if fresh and self._whole is not None and self._rows is not None:
            # A post is judged beside all of its account; days, months and the account by the posts of the period.
            of_posts = [rule for rule in fresh if rule.rule.scope == "post"]
            answers = [e.of_posts(self._rows, self.posts.subjects) for e in self._whole.evaluate(of_posts)]
            answers += evaluate([rule for rule in fresh if rule.rule.scope != "post"], self.posts.subjects)
            self._evaluations |= {e.code: e for e in answers}
        elif fresh and self._whole is not None:
            whole = self._whole.evaluate(fresh)
            self._evaluations |= {e.code: e.for_account(self._rows_in_whole, self.account.handle) for e in whole}
        elif fresh:
            self._evaluations |= {e.code: e for e in evaluate(fresh, self.posts.subjects)}
            if len(self.export.posts) > LARGE:
                self.posts.subjects.clear_cache()
        return [self._evaluations[rule.code] for rule in rules]

    @cached_property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """The answers of the rules that are chosen."""
        return tuple(self.evaluate(self.settings.rules))

    @cached_property
    def scores(self) -> pd.DataFrame:
        """By post the score over the chosen rules (0-100), its coverage and how many rules fail; see `post_scores`."""
        return post_scores(self.evaluations, len(self.export.posts))

    def outcome(self, name: str) -> Outcome:
        """An outcome of every post."""
        if name not in self._outcomes:
            self._outcomes[name] = outcome_of(name, self.export.posts, self.posts.account)
        return self._outcomes[name]

    @cached_property
    def _sample_rows(self) -> np.ndarray:
        """Row numbers of the posts from which effects are told."""
        return thin(self.posts.account)

    @cached_property
    def _sample(self) -> Posts:
        """The posts that effects are fitted to: covariates of a million would take as much memory as they do."""
        rows, posts = self._sample_rows, self.posts
        if len(rows) == len(posts.table):
            return posts
        context = posts.context
        table = posts.table.iloc[rows].reset_index(drop=True)
        return posts_of(table, context.accounts, context.audiences, context.trends)

    def _sample_outcome(self, name: str) -> Outcome:
        """An outcome of the posts that effects are fitted to."""
        posts = self._sample
        return self.outcome(name) if posts is self.posts else outcome_of(name, posts.table, posts.account)

    @cached_property
    def questions(self) -> Questions:
        """What the chosen rules, and the tips that they make up, ask of the posts from which effects are told."""
        return self._sample.questions(self.evaluations, self.catalogue, self._sample_rows)

    @cached_property
    def rule_questions(self) -> Questions:
        """What the chosen rules alone ask."""
        if "questions" in self.__dict__:
            return self.questions.family(tips=False)
        return self._sample.questions(self.evaluations, self.catalogue, self._sample_rows, tips=False)

    def _fit(self, name: str, *, tips: bool) -> list[Estimates]:
        """By account the effects of rules, or of whole tips, on an outcome."""
        key = (name, tips)
        if key not in self._fits:
            if self._whole is not None and self._rows is None and key in self._whole._fits:
                number = self._whole.posts.names.index(self.account.handle or "")
                self._fits[key] = [self._whole._fits[key][number]]
            else:
                posts = self._sample
                outcome = self._sample_outcome(name)
                questions = self.questions.family(tips=True) if tips else self.rule_questions
                self._fits[key] = fit_effects(outcome, posts.at, questions, posts.account, len(posts.names))
        return self._fits[key]

    @cached_property
    def view_effects(self) -> pd.DataFrame:
        """The effects of rules on views, each account's by its own posts; see `effect_table`."""
        fits = {VIEWS: self._fit(VIEWS, tips=False)}
        return effect_table(fits, self.rule_questions, self.posts.names, pool=False)

    def own_effects(self, handle: str | None) -> Mapping[str, Sequence[Any]]:
        """By code what one account's posts tell of a rule's effect on views; see `effects_by_account`.

        Of very many accounts the first that are asked for are fitted one by one, since a screen shows few, then all.
        """
        if handle not in self._own_effects:
            is_alone = len(self._own_effects) < MANY_ACCOUNTS < len(self.export.accounts)
            effects = self._effects_of(handle) if is_alone else self.view_effects
            self._own_effects |= effects_by_account(effects)
        return self._own_effects.setdefault(handle, {})

    def _effects_of(self, handle: str | None) -> pd.DataFrame:
        """The rows of one account in `view_effects`."""
        posts, rows = self._sample.for_account(handle), self._sample_rows[self._sample.of(handle)]
        questions = posts.questions(self.evaluations, self.catalogue, rows, tips=False)
        outcome = outcome_of(VIEWS, posts.table, posts.account)
        fits = {VIEWS: fit_effects(outcome, posts.at, questions, posts.account, len(posts.names))}
        return effect_table(fits, questions, posts.names, pool=False)

    def effects(self, outcomes: Sequence[str]) -> pd.DataFrame:
        """The effects of rules and of whole tips on outcomes; see `effect_table`."""
        both = {name: (self._fit(name, tips=False), self._fit(name, tips=True)) for name in outcomes}
        fits = {name: list(map(Estimates.beside, *of_name)) for name, of_name in both.items()}
        return effect_table(fits, self.questions, self.posts.names)

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        """What one account should change by its own posts and the public record, the most worth first; see `advise`.

        Facts that only rules which are not chosen speak of are left out. Of a period's posts it is how many do
        otherwise; what that is worth is learned from all.
        """
        if self.history is not self:
            return tuple(count_again(self.history.advice, self.posts))
        posts, rules = self._sample, [evaluation.compiled for evaluation in self.evaluations]
        codes, tips = {rule.code for rule in rules}, {rule.tip for rule in rules}
        bands = [*load_bands(rulebook()), *own_hashtag_bands(posts)]
        bands = [band for band in bands if (band.code in codes if band.code else band.tip in tips)]
        outcome = self._sample_outcome(VIEWS)
        record = load_public_record(rulebook())
        advice = advise(posts, outcome, bands, record_prior(record, bands), self.catalogue)
        return tuple(replace(one, public=public_effect(record, one)) for one in advice)

    @property
    def is_sampled(self) -> bool:
        """Whether there are so many posts that effects are fitted to a sample."""
        return self._sample is not self.posts

    @cached_property
    def advice_followed(self) -> dict[str, np.ndarray]:
        """By the id of `advice` which posts follow it: 1 or 0, NaN where not known."""
        return {one.id: followed(self.posts, one.band, has=one.has) for one in self.advice}

    @cached_property
    def baseline(self) -> Baseline:
        """What is usual at a post's reach, length and age, by the account's own posts up to the period's end."""
        if self.history is not self:
            return self.history.baseline
        return fit_baseline(self.export.posts, self.catalogue)

    @cached_property
    def signal_scores(self) -> Scores:
        """The posts scored by the published signals, whether they are eligible or not."""
        return score(self.export.posts, self.catalogue, self.baseline)

    def forecast(self, horizon: int) -> Forecast:
        """The further growth of every post within `horizon` days."""
        if horizon not in self._forecasts:
            self._forecasts[horizon] = forecast(
                self.export.posts, self.export.snapshots, self.outlook, horizon, self.posts.account
            )
        return self._forecasts[horizon]

    def activity(self, written_in: str | None) -> np.ndarray:
        """The share of the most active hour's followers in each of the week's 168 hours; see `activity_of`."""
        return activity_of(self.posts.context.audience(self.account.handle).activity, self.account.timezone, written_in)

    @cached_property
    def slot_residuals(self) -> tuple[np.ndarray, np.ndarray]:
        """What posts with a known hour got beyond all but their hour and weekday, and the hour of the week of each.

        As effects they are told from a sample of very many posts.
        """
        return slot_residuals(self._sample_outcome(VIEWS), self._sample.at)

    @cached_property
    def week(self) -> Slots | None:
        """The hours of one account's week by its posts and the followers' activity; None for too few posts."""
        return fit_week(*self.slot_residuals, self.activity(None), np.random.default_rng(SEED))

    def best_hours(self, handle: str | None, least: int, posts: int) -> list[int]:
        """At least so many hours of the day at which an account's posts did best; see `Slots.best_hours`.

        None for an account that has no posts here, as one that only plans.
        """
        if handle not in {account.handle for account in self.history.export.accounts}:
            return []
        week = self.history.for_account(handle).week
        return week.best_hours(least, posts) if week is not None else []

    @cached_property
    def retention(self) -> Retention:
        """Why the viewers of one account leave."""
        from tiktok_coach.analysis.retention import retention_of_account

        return retention_of_account(self)

    @cached_property
    def rate_places(self) -> list[tuple[RatePlace, ...]]:
        """By account, how its likes, comments, shares and saves per view compare with public posts of like reach."""
        owner, count = self.posts.subjects.account_index()[self._sample_rows], len(self.export.accounts)
        return rate_places(self._sample.table, owner, count, load_benchmarks(rulebook()))

    @cached_property
    def overview(self) -> Overview:
        """The numbers of one account, each beside the period before."""
        return overview(self.history.posts, self.settings.now, load_benchmarks(rulebook()), self.period)

    @cached_property
    def summaries(self) -> tuple[AccountSummary, ...]:
        """How each of several accounts does beside the others, that with most to gain first."""
        rng = np.random.default_rng(SEED)
        owner, growth = self.posts.subjects.account_index(), self.forecast(HORIZON).table["word"]
        summaries = summarize_accounts(
            self.export,
            owner,
            self.evaluations,
            self.scores,
            self.history.own_effects,
            growth,
            self.rate_places,
            self.catalogue,
            rng,
        )
        if self.period is None:
            return summaries
        return tuple(replace(one, before=self._before(one.account.handle, self.period)) for one in summaries)

    def _before(self, handle: str | None, period: Period) -> PeriodBefore:
        """How an account did in the period before."""
        numbers = self.for_account(handle).overview
        posts, views = numbers.posts.before, numbers.views
        return PeriodBefore(period, None if posts is None else round(posts), views.change if views.is_clear else None)


def open_analysis(
    options: AnalysisOptions, progress: Progress | None = None, *, with_planned: bool = False
) -> Analysis:
    """The posts that a user names, of the period where one is named; see `load_export`.

    Raises CoachError where nothing can be used.
    """
    settings = resolve_settings(options)
    return Analysis.load(options.inputs, settings, progress, with_planned=with_planned).in_period()


def _left_out_text(accounts: Sequence[Account]) -> str:
    """Which accounts have no posts in a period."""
    names = [f"@{one.handle}" if one.handle else _("the account without a name") for one in accounts]
    more = _(" and {count} more", count=len(names) - MOST_NAMES) if len(names) > MOST_NAMES else ""
    return plural(
        "{accounts} has no posts then, and is left out",
        "{accounts} have no posts then, and are left out",
        len(names),
        accounts=", ".join(names[:MOST_NAMES]) + more,
    )


def _no_posts(posts: Posts, problem: str, period: Period | None = None) -> CoachError:
    """The error for a period without posts, which says of when they are."""
    days = posts.days[np.isfinite(posts.days)]
    if not len(days):
        return CoachError(problem, hint=_("no post has a date"))
    first, last = (EPOCH + int(day) * DAY for day in (days.min(), days.max()))
    if period is not None and last < period.since:
        names = [one.handle for one in posts.context.accounts if one.handle]
        where = f"@{names[0]}" if len(names) == 1 else None
        hint = _("without a period the newest posts are shown")
        return CoachError(_("no post since {last:%Y-%m-%d}", last=last), where=where, hint=hint)
    return CoachError(problem, hint=_("the posts are of {first:%Y-%m-%d} to {last:%Y-%m-%d}", first=first, last=last))


@dataclass(frozen=True)
class Accounts(Generic[Answer]):
    """A question asked of every account of an export.

    `summaries` is how each account does, that with most to gain first; empty where there is one alone. `answer` is that
    of the account with most posts, or of all together where it `is_pooled`; `analysis` is of all accounts, and
    `analyze` answers for an analysis of one account, as it would for that account alone.
    """

    summaries: tuple[AccountSummary, ...]
    answer: Answer
    analysis: Analysis
    analyze: Callable[[Analysis], Answer]
    is_pooled: bool = False

    @property
    def export(self) -> Export:
        """What was read, of all accounts."""
        return self.analysis.export

    def answers(self, summaries: Sequence[AccountSummary]) -> Iterator[Answer]:
        """The answers for these accounts one after the other; the one answer where there is one account alone."""
        if not self.summaries:
            yield self.answer
        for one in summaries:
            yield self.analyze(self.analysis.for_account(one.account.handle))

    def overviews(self, summaries: Sequence[AccountSummary]) -> Iterator[Overview | None]:
        """The numbers of the period of each of these accounts, or without any of the one that `answer` is about.

        None for all accounts together, and where no period is chosen.
        """
        for handle in [one.account.handle for one in summaries] or [self.analysis.account.handle]:
            has_one = self.analysis.period is not None and not self.is_pooled
            yield self.analysis.for_account(handle).overview if has_one else None

    def for_post(self, row: int) -> Answer:
        """The answer for the account that has a post of the export, by the post's position."""
        if not self.summaries:
            return self.answer
        owner = self.export.posts["account"].iloc[row]
        return self.analyze(self.analysis.for_account(owner if isinstance(owner, str) else None))


def by_account(analysis: Analysis, analyze: Callable[[Analysis], Answer], *, pool: bool = False) -> Accounts[Answer]:
    """Ask a question account by account; with `pool` the answer is of all accounts at once."""
    if len(analysis.export.accounts) < 2:
        return Accounts((), analyze(analysis), analysis, analyze)
    summaries = analysis.summaries
    answer = analyze(analysis if pool else analysis.for_account(analysis.account.handle))
    return Accounts(summaries, answer, analysis, analyze, pool)
