"""The nine tips: what their source says, what others measured, and what posts of public and own accounts show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tiktok_coach.analysis.search_words import SearchWords, search_words
from tiktok_coach.analysis.session import Analysis, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress, resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.rules.load import CompiledRule, rulebook
from tiktok_coach.rules.model import Claim
from tiktok_coach.stats.bands import load_bands
from tiktok_coach.stats.outcomes import VIEWS
from tiktok_coach.stats.public_record import NOT_TESTED, PublicEffect, PublicRecord, load_public_record, tip_grade

SCHEMA_VERSION = "1"


@dataclass(frozen=True)
class AccountEffect:
    """The effect on the views of one account's posts: a factor from `low` to `high` (90%), NaN where none is known."""

    verdict: str
    effect: float
    low: float
    high: float
    posts: int


@dataclass(frozen=True)
class Subject:
    """What is asked of posts, by the code of a rule or of a whole tip (T4); its effect on views, where it is known."""

    code: str
    words: str
    public: PublicEffect | None
    account: AccountEffect | None

    @property
    def grade(self) -> str:
        """What public accounts say of the claim that it helps."""
        return NOT_TESTED if self.public is None else self.public.grade


@dataclass(frozen=True)
class Tip:
    """A tip with its rules: what its source says, what others measured, and what posts show of it and its rules."""

    number: int
    summary: str
    studies: tuple[tuple[str, Claim], ...]
    whole: Subject
    rules: tuple[Subject, ...]

    @property
    def grade(self) -> str:
        """What public accounts say of the tip, by what they say of its rules; see `tip_grade`."""
        return tip_grade([rule.grade for rule in self.rules])


@dataclass(frozen=True)
class Tips:
    """The tips by number. `account` is whose posts were looked at, None without an export; `posts` are published.

    `search` is what people search for beside what these posts say.
    """

    tips: tuple[Tip, ...]
    record: PublicRecord
    account: Account | None = None
    posts: int = 0
    accounts: int = 0
    notices: tuple[Notice, ...] = ()
    search: SearchWords | None = None


def review_tips(options: AnalysisOptions, progress: Progress | None = None) -> Tips:
    """The tips, and with exports what the posts of the account with most posts show.

    Raises CoachError where nothing of the exports can be used.
    """
    record = load_public_record(rulebook())
    if not options.inputs:
        return Tips(tuple(_tips(resolve_settings(options).rules, record, {})), record)
    whole = open_analysis(options, progress)
    analysis = whole.for_account(whole.account.handle)
    accounts, notices = len(whole.export.accounts), tuple(whole.export.all_notices)
    tips = tips_of_account(analysis)
    posts, search = int(analysis.posts.out.sum()), search_words(analysis)
    return Tips(tips, record, analysis.account, posts, accounts, notices, search)


def tips_of_account(analysis: Analysis) -> tuple[Tip, ...]:
    """The tips, with what the posts of one account show of each."""
    record = load_public_record(rulebook())
    return tuple(_tips(analysis.settings.rules, record, _account_effects(analysis)))


def _account_effects(analysis: Analysis) -> dict[str, AccountEffect]:
    table = analysis.effects((VIEWS,))
    columns = (table[name].tolist() for name in ("code", "verdict", "effect", "low", "high", "posts"))
    return {code: AccountEffect(*rest) for code, *rest in zip(*columns, strict=True)}


def _tips(rules: Sequence[CompiledRule], record: PublicRecord, own: dict[str, AccountEffect]) -> Iterator[Tip]:
    bands = load_bands(rulebook())
    of_tips = sorted((rule for rule in rules if rule.tip is not None), key=lambda rule: rule.tip or 0)
    for number, members in groupby(of_tips, key=lambda rule: rule.tip or 0):
        each = list(members)
        title, summary = each[0].title, each[0].summary
        subjects = [(f"T{number}", title), *((rule.code, rule.rule.do) for rule in each)]
        whole, *parts = (
            Subject(code, words, record.rule_effect(code, VIEWS, bands), own.get(code)) for code, words in subjects
        )
        # The first rule with a claim is named.
        studies = {c.claim: (rule.code, c) for rule in each[::-1] for c in rule.rule.sources if c.design is not None}
        largest = sorted(studies.values(), key=lambda study: (-(study[1].n or 0), study[0]))
        yield Tip(number, summary or title, tuple(largest), whole, tuple(parts))
