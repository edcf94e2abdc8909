"""What a rule file may say. Its JSON Schema is published from here, and unknown keys are refused."""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    field_validator,
    model_serializer,
    model_validator,
)

from tiktok_coach.core.account import Account, Goal
from tiktok_coach.core.translation import ENGLISH, _, language

LINE = r"^[^a-z\s].*[^\s.]$"
# A claim that nobody has reviewed for so long is stale.
YEAR = dt.timedelta(days=365)


def _real_day(text: str) -> str:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("write the day as YYYY-MM-DD")) from None
    return text


def _places(text: str) -> list[tuple[str | None, str | None, str | None]]:
    """Name, format and conversion of each place of a text that is filled in."""
    try:
        return [(name, spec, conversion) for _literal, name, spec, conversion in string.Formatter().parse(text)]
    except ValueError:
        raise ValueError(_("a brace is not closed, or not opened; write {{ and }} for braces")) from None


def _line(text: str) -> str:
    if not re.search(LINE, text):
        raise ValueError(_("write it as one line, with a capital first and no full stop"))
    return text


Severity = Literal["error", "warning", "info"]
AccountFact = Literal["account.type", "account.country", "account.language", "account.small_business"]
FixKind = Literal[
    "normalise-hashtags", "drop-repeated-hashtags", "trim-spaces", "move-to-active-hour", "conforming-copy"
]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}\d{2,4}$")]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_real_day)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
# A line of its own: a capital first, no full stop, and short enough for a narrow terminal or a card.
Line = Annotated[str, Field(max_length=60, json_schema_extra={"pattern": LINE}), AfterValidator(_line)]


class Strict(BaseModel):
    """A model that refuses unknown keys, and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Claim(Strict):
    """One source: what it claims, who says so and when, and of what has been measured how."""

    claim: str = Field(description="what the source says")
    name: str = Field(description="who says so")
    as_of: Date = Field(description="year, month or day of the source")
    url: Address | None = Field(None, description="address of the source; the ledger, sources.yaml, may say it instead")
    site_only: bool = Field(
        default=False, description="whether the address is that of the site, or of a search, since no page is known"
    )
    primary: bool = Field(default=False, description="whether it is TikTok's own page, read at first hand")
    n: int | None = Field(None, gt=0, description="how many posts were measured, or what `design` names")
    design: str | None = Field(None, description="how it was measured")
    effect: float | None = Field(
        None, gt=0, description="the factor that is claimed, of what is named first on what it is compared with"
    )
    contradicts: str | None = Field(None, description="name of the rule's other source that it speaks against")
    reviewed: Day | None = Field(None, description="day on which the claim was last held against newer ones")

    @property
    def last_review(self) -> str:
        """The day of the last review, or the time of the source where nobody has reviewed the claim since."""
        return self.reviewed or self.as_of

    def is_stale(self, today: dt.date) -> bool:
        """Whether the last review is more than a year ago; a year or month may be as late as its last day."""
        text = self.last_review
        return text < (today - YEAR).isoformat()[: len(text)]

    @model_serializer(mode="wrap")
    def _only_what_is_known(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in dump(self).items() if value is not None}


class Origin(Strict):
    """The source that a whole file, or one signal, stands on."""

    name: str
    as_of: Date
    url: Address | None = None
    site_only: bool = False


class Examples(Strict):
    """Posts that the rule passes, fails, and cannot judge. They are run as tests.

    An example is a post's columns, or a mapping with `posts`, `account`, `trends` and `activity`.
    """

    passing: list[dict[str, Any]] = Field(alias="pass", min_length=1)
    failing: list[dict[str, Any]] = Field(alias="fail", min_length=1)
    unknown: list[dict[str, Any]] = Field(min_length=1)
    not_applicable: list[dict[str, Any]] = []

    def of(self, status: str) -> list[dict[str, Any]]:
        """The examples that stand under an answer."""
        return getattr(self, {"pass": "passing", "fail": "failing"}.get(status, status))  # type: ignore[no-any-return]


class Caveat(Strict):
    """What to keep in mind with a rule's advice, on accounts of which all that `when` says is known to hold."""

    when: dict[AccountFact, str | bool] = Field(min_length=1, description="facts of the account with their values")
    text: str = Field(description="one plain sentence")

    def is_about(self, account: Account) -> bool:
        """Whether all that `when` says is known to hold of an account."""
        return all(getattr(account, name.removeprefix("account.")) == value for name, value in self.when.items())


class Rule(Strict):
    """One checkable claim."""

    code: Code = Field(
        description="stable for ever: first digit the tip, P platform, E eligibility, G goals, D disclosure"
    )
    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: Line = Field(description="what is found where posts fail: Captions end without a question")
    do: Line = Field(description="what to do, as an imperative: End captions with a question")
    scope: Literal["post", "day", "month", "account"] = Field("post", description="what one finding is about")
    applies_to: list[Literal["planned", "published"]] = Field(["planned", "published"], min_length=1)
    since: Day | None = Field(
        None, description="day from which the rule holds; it does not apply to posts that went out before"
    )
    when: dict[str, Any] = Field(
        {}, description="columns that must have a value (or one of a list) for the rule to apply"
    )
    unless: dict[str, Any] = Field({}, description="columns whose value (or one of a list) makes the rule not apply")
    goals: list[Goal] = Field(
        [], description="goals for which the rule holds, of the post or else its account; empty for all, and for none"
    )
    first_for: list[Goal] = Field(
        [], description="goals that the rule serves, so that its advice comes first for them; it holds for others too"
    )
    instead_of: list[Code] = Field(
        [],
        description="rules whose place this one takes where the first goal is one of `goals`; where another goal comes "
        "first they hold, and this one does not",
    )
    caveats: list[Caveat] = Field([], description="what to keep in mind with the advice on some accounts")
    check: str = Field(description="kind of check")
    field: str = Field(description="column that the check reads")
    params: dict[str, Any] = Field({}, description="parameters of the check")
    severity: Severity = Field(description="how bad a failure is, if it is one")
    confidence: Literal["high", "medium", "low"] = Field("high", description="how sure the check is of what it sees")
    weight: float = Field(1.0, ge=0, le=100, description="share in the tip's score")
    message: str = Field(description="what a failure says; {value} and the check's own names are filled in")
    passed: str = Field(description="what a pass says")
    why: str
    fix: str
    advice: str | None = Field(
        None, description="the fix said of no post in particular; needed where `fix` has places that only a post fills"
    )
    fix_kind: FixKind | None = Field(
        None, alias="mend", description="how `lint --fix` can mend a plan that fails, where that is safe"
    )
    error_code: Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)+$")] | None = Field(
        None, description="what TikTok's Content Posting API answers where it refuses such a post"
    )
    assumption: str | None = Field(None, description="what the rule assumes beyond its sources")
    sources: list[Claim] = Field(min_length=1)
    examples: Examples

    @model_validator(mode="after")
    def _replaces_for_goals(self) -> Rule:
        if self.instead_of and not self.goals:
            raise ValueError(_("instead_of needs goals: it says for which goals the other rule gives way"))
        return self

    @property
    def words(self) -> str:
        """The name as words, in the language that is spoken."""
        return _(self.name.replace("-", " "))

    @property
    def statements(self) -> list[Claim]:
        """The sources that state the rule, without the studies that measured it."""
        return [claim for claim in self.sources if claim.design is None]

    @property
    def disputes(self) -> list[tuple[Claim, Claim]]:
        """The pairs of claims that disagree: what a source says, and what another says against it."""
        first = {claim.name: claim for claim in reversed(self.sources)}
        return [(first[claim.contradicts], claim) for claim in self.sources if claim.contradicts is not None]

    @property
    def is_primary(self) -> bool:
        """Whether a page of TikTok's own says it."""
        return any(claim.primary for claim in self.sources)

    @field_validator("sources")
    @classmethod
    def _contradicts_another(cls, sources: list[Claim]) -> list[Claim]:
        for claim in sources:
            if claim.contradicts is not None and claim.contradicts not in {c.name for c in sources if c is not claim}:
                raise ValueError(_("{name!r} is the name of no other source of the rule", name=claim.contradicts))
        return sources

    @field_validator("title", "do", "message", "passed", "fix", "advice")
    @classmethod
    def _plain_names_only(cls, text: str | None) -> str | None:
        if text is None:
            return None
        for name, spec, conversion in _places(text):
            if name is None:
                continue
            if not name.isidentifier() or conversion:
                raise ValueError(_("{{{name}}} is not a plain name", name=name))
            if spec and spec.count("|") != 1:
                # Terms come as the language writes them, so that no format applies but words for one and for many.
                names = {"name": name, "spec": spec}
                text = _("{{{name}:{spec}}} asks for a format, which texts of rules cannot; write {{{name}}}", **names)
                raise ValueError(text)
        return text


class RuleFile(Strict):
    """One file of rules: a tip, or a group of its own."""

    tip: int | None = Field(
        None, ge=1, le=99, description="number of the tip; none for platform, eligibility and packs"
    )
    group: str | None = Field(None, description="name of a group that is no tip")
    title: str
    summary: str | None = Field(None, description="what the source of a tip says, in a line")
    source: Origin
    rules: list[Rule] = Field(min_length=1)

    @model_validator(mode="after")
    def _tip_or_group(self) -> RuleFile:
        if (self.tip is None) == (self.group is None):
            raise ValueError(_("a file has either a tip or a group"))
        return self


TEXTS = ("title", "do", "message", "passed", "why", "fix", "advice", "assumption")
CLAIM_TEXTS = ("claim", "name", "design", "contradicts")


def translate_rule(rule: Rule) -> Rule:
    """The rule with its texts and its sources in the language that is spoken; what a catalogue lacks stays as it is."""
    if language() == ENGLISH:
        return rule
    texts = {name: _(text) for name in TEXTS if (text := getattr(rule, name)) is not None}
    sources = [translate_claim(source) for source in rule.sources]
    caveats = [caveat.model_copy(update={"text": _(caveat.text)}) for caveat in rule.caveats]
    return rule.model_copy(update={**texts, "sources": sources, "caveats": caveats})


def translate_claim(claim: Claim) -> Claim:
    """The claim with its texts in the language that is spoken."""
    return claim.model_copy(update={name: _(text) for name in CLAIM_TEXTS if (text := getattr(claim, name))})


def texts_of(file: RuleFile) -> Iterator[str]:
    """Every text of a rule file that people read, for the catalogue."""
    yield file.title
    if file.summary is not None:
        yield file.summary
    if file.group is not None:
        yield file.group
    for rule in file.rules:
        yield rule.name.replace("-", " ")
        yield from (text for name in TEXTS if (text := getattr(rule, name)) is not None)
        yield from (caveat.text for caveat in rule.caveats)
        yield from (text for source in rule.sources for name in CLAIM_TEXTS if (text := getattr(source, name)))
