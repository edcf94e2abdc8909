"""Loads the ranking signals: what each is, how it is measured, and the value that is taken for it.

TikTok has published which signals there are and no value of any. So each has an assumed value, named profiles set those
of published rankers beside it, and the default is their consensus. The orderings that a source does support are checked
whenever the catalogue is loaded, a user's own values included.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints, model_validator

from tiktok_coach.core.documents.document import read_yaml, validate
from tiktok_coach.core.errors import CoachError, did_you_mean
from tiktok_coach.core.package_cache import load_or_make
from tiktok_coach.core.translation import _
from tiktok_coach.rules.model import Day, Origin, Strict
from tiktok_coach.rules.sources import complete_origin, load_ledger

FILE = "signals.yaml"
CONSENSUS, ASSUMED = "consensus", "assumed"
# What a value is raised to where a profile would break a published ordering: so many times the weaker one.
JUST_ABOVE = 1.1


class Action(Strict):
    """One thing a viewer does, or one way in which a viewer and a post go together, and its assumed value.

    `column` is the column of the posts table that counts it; without one it is known only of an audience.
    """

    action: str
    value: float
    column: str | None = None


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


class Limit(Strict):
    """Where what is assumed or was measured may not hold: for accounts of a country, since a day."""

    country: str
    since: Day
    claim: str
    source: Origin


class Profile(Strict):
    """Named `values` by action, those of another `platform` where it names one, with the 90% `intervals` of a fit."""

    name: str
    platform: str | None = None
    claim: str
    source: Origin
    values: dict[str, float]
    intervals: dict[str, tuple[float, float]] = Field({})

    @model_validator(mode="after")
    def _within_intervals(self) -> Profile:
        for action, (low, high) in self.intervals.items():
            if not low <= self.values.get(action, math.nan) <= high:
                raise ValueError(_("{action}: the value is outside its interval", action=action))
        return self


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


SourcedPart = TypeVar("SourcedPart", Ordering, Profile, Statement, Limit, Signal)


class Catalogue(Strict):
    """Every signal, the profiles of values, and the orderings that values must respect.

    `weights` names the profile that is used, and `own_values` are the user's, which replace those of every profile.
    """

    source: Origin
    orderings: list[Ordering]
    consensus: list[str]
    signal_profiles: list[Profile]
    baselines: list[Curve]
    baselines_source: Statement
    limits: list[Limit] = Field([])
    lifts: list[Lift]
    signals: list[Signal]
    weights: str = CONSENSUS
    own_values: dict[str, float] = Field({})

    def values(self, weights: str | None = None) -> dict[str, float]:
        """The value of every action, by the profile in use or another; a consensus is the geometric mean of several."""
        profiles = {profile.name: profile for profile in self.signal_profiles}
        name = weights or self.weights
        names = self.consensus if name == CONSENSUS else [name]
        sets = [self._profile_values(profiles[one]) for one in names]
        mean = {
            a.action: math.copysign(math.prod(abs(values[a.action]) for values in sets) ** (1 / len(sets)), a.value)
            for a in self.actions()
        }
        return {**mean, **self.own_values}

    def _profile_values(self, profile: Profile) -> dict[str, float]:
        """A profile's values on the scale of the assumed ones, which hold where it names none, every ordering kept."""
        values = {a.action: a.value for a in self.actions()}
        factor = values["like"] / profile.values["like"] if profile.platform else 1.0
        values |= {action: value * factor for action, value in profile.values.items()}
        for order in self.orderings:
            values[order.stronger] = max(values[order.stronger], JUST_ABOVE * values[order.weaker])
        return values

    def evidence(self, action: str) -> str:
        """What the value in use rests on: `given` by the user, `assumed`, or the name of the profile."""
        if action in self.own_values:
            return "given"
        names = self.consensus if self.weights == CONSENSUS else [self.weights]
        named = any(action in profile.values for profile in self.signal_profiles if profile.name in names)
        return self.weights if named else ASSUMED

    def actions(self) -> list[Action]:
        """Every action of every signal."""
        return [a for s in self.signals for a in s.actions]

    def texts(self) -> Iterator[str]:
        """What people read of signals, for the catalogues of languages: names, claims and actions."""
        for signal in self.signals:
            yield from (signal.name.replace("-", " "), signal.claim, *(action.action for action in signal.actions))
        yield from (limit.claim for limit in self.limits)

    def limits_of(self, country: str | None) -> list[str]:
        """Why what is assumed, or was measured on public posts, may not hold for an account of a country."""
        return [limit.claim for limit in self.limits if country is not None and limit.country == country.upper()]

    def usual(self) -> dict[str, float]:
        """How often each measured action usually happens, by the assumed curves."""
        return {c.action: c.rate for c in self.baselines}

    def measured(self) -> dict[str, tuple[str, str]]:
        """The actions that posts tell of: each with its signal's code and its column of the posts table."""
        return {a.action: (s.code, a.column) for s in self.signals for a in s.actions if a.column}


@lru_cache(maxsize=4)
def _parse(text: str, where: str) -> Catalogue:
    catalogue = load_or_make("signals", [where, text], lambda: validate(Catalogue, read_yaml(text, where)))
    ledger = load_ledger(Path(where).parent)

    def complete(part: SourcedPart) -> SourcedPart:
        return part.model_copy(update={"source": complete_origin(part.source, ledger)})

    parts = {
        "orderings": [complete(order) for order in catalogue.orderings],
        "signal_profiles": [complete(profile) for profile in catalogue.signal_profiles],
        "baselines_source": complete(catalogue.baselines_source),
        "limits": [complete(limit) for limit in catalogue.limits],
        "signals": [complete(signal) for signal in catalogue.signals],
    }
    return catalogue.model_copy(update=parts)


def load_signals(folder: Path, values: Mapping[str, float] | None = None, weights: str = CONSENSUS) -> Catalogue:
    """The catalogue in a folder of rules, with the `weights` of a profile and a user's values.

    Raises CoachError for an unknown profile or action, and for values that break a sign or a sourced ordering.
    """
    path = folder / FILE
    catalogue = _parse(path.read_text("utf-8"), str(path))
    names = [CONSENSUS, *(profile.name for profile in catalogue.signal_profiles)]
    if weights not in names:
        hint = _("use one of {names}", names=", ".join(names))
        raise CoachError(_("no profile of values is called {name!r}", name=weights), hint=hint)
    unknown = sorted(set(values or {}) - set(catalogue.values()))
    if unknown:
        known = sorted(catalogue.values())
        hint = did_you_mean(unknown[0], known) or _("use one of {names}", names=", ".join(known))
        raise CoachError(_("no signal has the action {unknown!r}", unknown=unknown[0]), hint=hint)
    if values or weights != CONSENSUS:
        catalogue = catalogue.model_copy(update={"own_values": dict(values or {}), "weights": weights})
    value_of = catalogue.values()
    for signal in catalogue.signals:
        wrong = [a.action for a in signal.actions if (value_of[a.action] < 0) != (signal.direction == "negative")]
        if wrong:
            terms = {"direction": signal.direction, "action": wrong[0], "value": value_of[wrong[0]]}
            problem = _("{code} is {direction}, but {action} has the value {value:g}", code=signal.code, **terms)
            raise CoachError(problem)
    for order in catalogue.orderings:
        if value_of[order.stronger] <= value_of[order.weaker]:
            terms = {**order.model_dump(exclude={"source"}), **order.source.model_dump()}
            text = _("the value of {stronger} must be above that of {weaker}: {claim} ({name}, {as_of})", **terms)
            raise CoachError(text)
    return catalogue
