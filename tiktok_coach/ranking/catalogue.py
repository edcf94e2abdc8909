"""Loads the ranking signals: what each is, how it is measured, and the value that is taken for it.

TikTok has published which signals there are and no value of any. So every value says whether it is assumed or was
fitted to outcomes, and the orderings that a source does support are checked whenever the catalogue is loaded, a user's
own values included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from tiktok_coach.core.documents.document import read_yaml, validate
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _
from tiktok_coach.rules.model import Origin, Strict

FILE = "signals.yaml"


class Action(Strict):
    """One thing a viewer does, or one way in which a viewer and a post go together, and the value taken for it.

    `column` is the column of the posts table that counts it; without one it is known only of an audience. `evidence`
    says what the value stands on: nothing but judgement, a fit to outcomes with its 90% `interval`, or the user's own
    word.
    """

    action: str
    value: float
    column: str | None = None
    evidence: Literal["assumed", "fitted", "given"]
    interval: tuple[float, float] | None = None

    @model_validator(mode="after")
    def _fit_with_interval(self) -> Action:
        if (self.evidence == "fitted") != (self.interval is not None):
            raise ValueError(_("{action}: a fitted value has an interval, and no other", action=self.action))
        if self.interval is not None and not self.interval[0] <= self.value <= self.interval[1]:
            raise ValueError(_("{action}: the value lies outside its interval", action=self.action))
        return self


class Ordering(Strict):
    """An order of two actions' values that a source supports."""

    claim: str
    stronger: str
    weaker: str
    source: Origin


class Curve(Strict):
    """What is usual of one action: `rate` at 1,000 views, 15 s and no age, and how it changes with each.

    expected = rate * (views / 1000)**reach * (seconds / 15)**length * (1 + days / 30)**age; `spread` is the standard
    deviation of the ratio of a post's own rate to it. `posts` says on how many posts it was fitted, 0 for an assumed
    curve.
    """

    action: str
    rate: float = Field(gt=0, lt=1)
    reach: float
    length: float
    age: float
    spread: float = Field(gt=0, le=5)
    posts: int = 0


class Lift(Strict):
    """What following a rule is said to do to one action: a factor, and the doubt in its logarithm."""

    rule: str
    action: str
    factor: float = Field(gt=0)
    doubt: float = Field(gt=0)
    claim: str


class Statement(Strict):
    """A claim with its source."""

    claim: str
    source: Origin


class Signal(Strict):
    """One published signal, exclusion or non-factor."""

    code: Annotated[str, StringConstraints(pattern=r"^[SXN]\d{3}$")]
    name: str
    group: Literal[
        "user interactions", "video information", "device and account settings", "never recommended", "not used"
    ]
    direction: Literal["positive", "negative", "excludes", "none"]
    measured_by: Literal["posts", "audience", "nothing"]
    actions: list[Action] = Field([])
    rules: list[str] = Field([])
    claim: str
    source: Origin


class Catalogue(Strict):
    """Every signal, and the orderings that their values must respect."""

    source: Origin
    orderings: list[Ordering]
    fit: Statement
    baselines: list[Curve]
    baselines_source: Statement
    scale: float = Field(gt=0)
    lifts: list[Lift]
    signals: list[Signal]

    def values(self) -> dict[str, float]:
        """The value of every action."""
        return {a.action: a.value for a in self.actions()}

    def actions(self) -> list[Action]:
        """Every action of every signal."""
        return [a for s in self.signals for a in s.actions]

    def texts(self) -> Iterator[str]:
        """What people read of signals, for the catalogues of languages: names, claims and actions."""
        for signal in self.signals:
            yield from (signal.name.replace("-", " "), signal.claim, *(action.action for action in signal.actions))

    def usual(self) -> dict[str, float]:
        """How often each measured action usually happens, by the assumed curves."""
        return {c.action: c.rate for c in self.baselines}

    def measured(self) -> dict[str, tuple[str, str]]:
        """The actions that posts tell of: each with its signal's code and its column of the posts table."""
        return {a.action: (s.code, a.column) for s in self.signals for a in s.actions if a.column}


@lru_cache(maxsize=4)
def _parse(text: str, where: str) -> Catalogue:
    return validate(Catalogue, read_yaml(text, where))


def load_signals(folder: Path, values: Mapping[str, float] | None = None) -> Catalogue:
    """The catalogue in a folder of rules, with a user's values. Raises CoachError for a broken ordering."""
    path = folder / FILE
    catalogue = _parse(path.read_text("utf-8"), str(path))
    unknown = sorted(set(values or {}) - set(catalogue.values()))
    if unknown:
        hint = _("use one of {names}", names=", ".join(sorted(catalogue.values())))
        raise CoachError(_("no signal has the action {unknown!r}", unknown=unknown[0]), hint=hint)
    if values:
        given = {name: {"value": value, "evidence": "given", "interval": None} for name, value in values.items()}
        actions = [[a.model_copy(update=given.get(a.action)) for a in s.actions] for s in catalogue.signals]
        signals = [s.model_copy(update={"actions": a}) for s, a in zip(catalogue.signals, actions, strict=True)]
        catalogue = catalogue.model_copy(update={"signals": signals})
    for signal in catalogue.signals:
        wrong = [a for a in signal.actions if (a.value < 0) != (signal.direction == "negative")]
        if wrong:
            terms = {"direction": signal.direction, "action": wrong[0].action, "value": wrong[0].value}
            problem = _("{code} is {direction}, but {action} has the value {value:g}", code=signal.code, **terms)
            raise CoachError(problem)
    value_of = catalogue.values()
    for order in catalogue.orderings:
        if value_of[order.stronger] <= value_of[order.weaker]:
            terms = {**order.model_dump(exclude={"source"}), **order.source.model_dump()}
            text = _("the value of {stronger} must be above that of {weaker}: {claim} ({name}, {as_of})", **terms)
            raise CoachError(text)
    return catalogue
