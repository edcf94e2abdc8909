"""Which column of a sheet is which fact: by name and values, or as the user says."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.columns.names import BARE, WEAK, Meaning, meanings, words
from tiktok_coach.io.columns.profile import CLOCK, LINKS, ColumnProfile, describe, fits, profile_column
from tiktok_coach.io.columns.units import infer_unit
from tiktok_coach.io.dates.parse import parse_times
from tiktok_coach.io.dates.zone_names import date_words, zone_of_heading

NOTHING_KNOWN: Mapping[str, str] = {}
# Facts on which a wrong column would mislead: one of these over other values is an error.
COUNTS = ("views", "likes", "comments", "shares", "saves")
_WATCHED = ("average_watch_time_s", "total_watch_time_s", "completion_rate")
CORE = {"post_id", "link", "posted_at", "caption", "duration_s", *COUNTS, *_WATCHED}
# Values that can hardly be anything else.
_TELLING = ("post_id", "link", "posted_at")
_TIME = ("posted_at", "metrics_at")
# Times with hours, and those that state their timezone.
_HOURS = r"(?i)\d[:h]\d\d|^\d{10}|\d ?[ap]\.?m\b|^\d{5}\.\d"
_OFFSET = r"\d(?:Z|[+-]\d\d:?\d\d)$|^\d{10}|UTC|GMT"
# Columns that differ in no more cells than this say the same.
MOST_ALIKE = 0.98


@dataclass(frozen=True)
class MappedColumn:
    """One column: its fact (None for none), how surely (0-1), why, and some of its values."""

    heading: str
    fact: str | None
    confidence: float
    why: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class ColumnMapping:
    """Which columns of a sheet are which facts.

    `headings` takes facts to the headings of their columns, `alternatives` to other columns that say the same and fill
    what the first leaves empty. `clock` is the column of times of day for the days of posted_at; `units` takes headings
    to the units of their values (of `schema.units_of` their fact), `implausible` headings name a fact that their values
    cannot be. `questions` ask the user about facts that several columns are as likely to be; `misplaced` headings stand
    over the values of others, for which `proposal` takes facts to headings that fit.
    """

    columns: tuple[MappedColumn, ...]
    headings: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clock: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    implausible: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    proposal: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Sheet:
    """The columns with their values and what their names may mean, and the facts named by hand."""

    cells: pd.DataFrame
    profiles: Mapping[str, ColumnProfile]
    candidates: Mapping[str, Sequence[Meaning]]
    by_hand: Mapping[str, str]

    def is_plausible(self, fact: str | None, heading: str) -> bool:
        """Whether the values of a column can be a fact."""
        return fact is not None and fits(fact, self.profiles[heading])

    def filled_count(self, heading: str) -> int:
        """How many cells of a column hold something."""
        return self.profiles[heading].filled_count


def infer_columns(
    cells: pd.DataFrame, by_hand: Mapping[str, Sequence[str]], where: str, units: Mapping[str, str] = NOTHING_KNOWN
) -> ColumnMapping:
    """Which columns of a table of texts are which facts.

    `by_hand` takes facts to headings that the user names; those that the sheet lacks are passed over. `units` takes
    headings to the units that the user says. Raises CoachError where the values of one cannot be its fact.
    """
    profiles = {name: profile_column(cells[name]) for name in cells.columns}
    fixed = {fact: name for fact, names in by_hand.items() for name in names if name in profiles}
    _check_by_hand(fixed, profiles, where)
    candidates = {name: meanings(name) for name in profiles if name not in fixed.values()}
    sheet = _Sheet(cells, profiles, candidates, fixed)
    claims, notes = _claims(sheet)
    same, questions = _choose(claims, sheet, notes)
    headings = fixed | {fact: names[0] for fact, names in same.items()}
    headings |= _by_values_alone(sheet, headings, notes)
    clock = _clock(sheet) if "posted_at" in headings else None
    misplaced = _misplaced(sheet)
    facts = {name: fact for fact, names in same.items() for name in names}
    facts |= {name: fact for fact, name in headings.items()}
    confidences = {name: confidence for rivals in claims.values() for name, confidence in rivals.items()}

    def column(name: str) -> MappedColumn:
        profile, fact = profiles[name], facts.get(name)
        confidence = 1.0
        if name == clock:
            fact, why = "posted_at", _("times of day for the days of posted_at")
        elif fact is None:
            confidence, why = 0.0, notes.get(name) or (N_("no known name") if profile.filled_count else N_("is empty"))
        elif name in fixed.values():
            why = N_("by hand")
        else:
            confidence = min(1.0, confidences.get(name, WEAK))
            basis = N_("name and values") if profile.filled_count else "name"
            why = basis if name in confidences else "values"
        return MappedColumn(name, fact, confidence, why, profile.samples)

    columns_of = {fact: (name, *same.get(fact, ())[1:]) for fact, name in headings.items()}
    unit_of = {n: units.get(n) or infer_unit(fact, profiles[n]) for fact, names in columns_of.items() for n in names}
    return ColumnMapping(
        columns=tuple(column(name) for name in profiles),
        headings=headings,
        alternatives={fact: names[1:] for fact, names in same.items() if names[1:]},
        clock=clock,
        units={name: unit for name, unit in unit_of.items() if unit},
        implausible=tuple(_implausible(sheet, headings)),
        questions=tuple(questions),
        misplaced=tuple(misplaced),
        proposal=_proposal(sheet) if misplaced else {},
    )


def _check_by_hand(by_hand: Mapping[str, str], profiles: Mapping[str, ColumnProfile], where: str) -> None:
    for fact, name in by_hand.items():
        profile = profiles[name]
        if not fits(fact, profile):
            first = profile.samples[0][:40] if profile.samples else ""
            text = N_("the column {name!r} is to be {fact}, and holds {described} ({first!r})")
            problem = _(text, name=name, fact=fact, described=describe(profile), first=first)
            raise CoachError(problem, where=where, hint=_("`tiktok-coach columns` shows what each column holds"))


def _claims(sheet: _Sheet) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """By fact the columns that may be it, and how surely; and by heading why it is none of the facts it names."""
    claims: dict[str, dict[str, float]] = {}
    notes: dict[str, str] = {}
    for name, candidates in sheet.candidates.items():
        for meaning in candidates:
            fact, profile = meaning.fact, sheet.profiles[name]
            if fact is None:
                notes.setdefault(name, _("is no fact of a post"))
                break
            if fact in sheet.by_hand:
                notes.setdefault(name, _("{fact} is {heading!r}, by hand", fact=fact, heading=sheet.by_hand[fact]))
            elif not fits(fact, profile):
                text = _("named like {fact}, and holds {described}", fact=fact, described=describe(profile))
                notes.setdefault(name, text)
            else:
                notes.pop(name, None)
                claims.setdefault(fact, {})[name] = meaning.confidence
                break
    return claims, notes


def _choose(
    claims: Mapping[str, Mapping[str, float]], sheet: _Sheet, notes: dict[str, str]
) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """By fact the columns that say the same, the fullest first, and questions where they differ; adds to `notes`."""
    same: dict[str, tuple[str, ...]] = {}
    questions = []
    for fact, rivals in claims.items():
        equal = _equal(fact, rivals, sheet)
        if all(_says_same(sheet.cells[equal[0]], sheet.cells[name], fact) for name in equal[1:]):
            same[fact] = equal
            note = _("{column} is {same!r}", column=fact, same=equal[0])
        else:
            names = " or ".join(map(repr, equal))
            questions.append(_("{fact} may be {names}: say which with --column {fact}=NAME", fact=fact, names=names))
            note = _("may be {column}", column=fact)
        for name in rivals:
            if name not in same.get(fact, ()):
                notes.setdefault(name, note)
    return same, questions


def _equal(fact: str, rivals: Mapping[str, float], sheet: _Sheet) -> tuple[str, ...]:
    """The columns that are as likely to be a fact as the likeliest."""
    best = max(rivals, key=lambda name: (sheet.filled_count(name) > 0, rivals[name]))
    if not sheet.filled_count(best):
        return (best,)
    equal = [name for name in rivals if rivals[name] == rivals[best] and sheet.filled_count(name)]
    if fact not in _TIME:
        return tuple(sorted(equal, key=lambda name: -sheet.filled_count(name)))
    equal += [name for name in rivals if name not in equal and _is_finer(name, equal, sheet, fact)]
    # Of the same days once with and once without their hours, those with; of hours, those whose timezone is stated.
    stated = [name for name in equal if zone_of_heading(name) or sheet.profiles[name].mostly(_OFFSET)]
    if stated:
        cells, first = sheet.cells, stated[0]
        equal = [name for name in equal if name in stated or _says_same(cells[first], cells[name], fact)]
    hours = {name: sheet.profiles[name].mostly(_HOURS) for name in equal}
    return tuple(sorted(equal, key=lambda name: (not hours[name], -sheet.filled_count(name))))


def _is_finer(name: str, others: Sequence[str], sheet: _Sheet, fact: str) -> bool:
    """Whether a column of times says the same days as others of days alone do, whatever its name."""
    has_hours = [sheet.profiles[heading].mostly(_HOURS) for heading in (name, *others)]
    return has_hours[0] and not any(has_hours[1:]) and _says_same(sheet.cells[others[0]], sheet.cells[name], fact)


def _says_same(one: pd.Series, other: pd.Series, fact: str) -> bool:
    """Whether two columns say the same, as far as both say anything."""
    columns = [texts.fillna("").str.strip() for texts in (one, other)]
    is_filled = (columns[0] != "") & (columns[1] != "")
    columns = [texts[is_filled] for texts in columns]
    if not is_filled.any():
        return True
    if fact in _TIME:
        with suppress(CoachError):
            return _are_same_times(*columns)
    first, second = (_comparable(texts, fact) for texts in columns)
    return bool((first == second).mean() > MOST_ALIKE)


def _are_same_times(one: pd.Series, other: pd.Series) -> bool:
    """Whether two columns tell the same times, or, where one has no hours, the same days in some timezone."""
    first, second = (
        parse_times(texts, "", timezone=zone_of_heading(str(texts.name)) or "UTC") for texts in (one, other)
    )
    apart = (first.at - second.at).abs()
    has_hours = first.has_hour & second.has_hour
    # A day may begin in another timezone than that of the times.
    by_day = (first.at.dt.normalize() - second.at.dt.normalize()).abs() <= pd.Timedelta(days=1)
    return bool(by_day.mask(has_hours, apart < pd.Timedelta(minutes=1)).mean() > MOST_ALIKE)


def _comparable(texts: pd.Series, fact: str) -> pd.Series:
    return texts.str.extract(r"(\d{15,20})", expand=False) if fact == "link" else texts.str.casefold()


def _clock(sheet: _Sheet) -> str | None:
    """A column of times of day beside the days of posted_at."""
    named = [n for n, candidates in sheet.candidates.items() if any(m.fact == "posted_at" for m in candidates)]
    clocks = [name for name in named if sheet.profiles[name].mostly(CLOCK) or _is_hours(name, sheet)]
    return clocks[0] if len(clocks) == 1 and "posted_at" not in sheet.by_hand else None


def _is_hours(name: str, sheet: _Sheet) -> bool:
    """Whether a column is of hours alone, 0-23, by its name and values."""
    is_named = any(word in date_words()["hours"].split() for word in words(name))
    return is_named and sheet.profiles[name].mostly(r"^(?:[01]?\d|2[0-3])(?:\.0)?$")


def _by_values_alone(sheet: _Sheet, headings: Mapping[str, str], notes: Mapping[str, str]) -> dict[str, str]:
    """Links or ids under a heading that says nothing, where one column alone can be them."""
    named = {*headings.values(), *notes, *(name for name, meanings in sheet.candidates.items() if meanings)}
    free = {name: profile for name, profile in sheet.profiles.items() if name not in named}
    links = [name for name, profile in free.items() if "link" not in headings and profile.mostly(LINKS)]
    if len(links) == 1:
        return {"link": links[0]}
    ids = [name for name, profile in free.items() if profile.ids and profile.texts.is_unique]
    return {"post_id": ids[0]} if len(ids) == 1 and headings.keys().isdisjoint({"post_id", "link"}) else {}


def _misplaced(sheet: _Sheet) -> list[str]:
    """Headings over values of another kind, where several are, or where the values tell what they are."""
    non_empty = [name for name in sheet.candidates if sheet.profiles[name].filled_count]
    facts = {n: [m.fact for m in sheet.candidates[n] if m.fact and m.confidence >= BARE] for n in non_empty}
    odd = [n for n in non_empty if facts[n] and not any(sheet.is_plausible(m.fact, n) for m in sheet.candidates[n])]
    core = CORE - sheet.by_hand.keys()
    wrong = [n for n in odd if not sheet.profiles[n].mostly(CLOCK) and not core.isdisjoint(facts[n])]
    # Columns whose values nothing has claimed by a name of its own.
    free = [n for n in non_empty if n in odd or not facts[n]]
    is_telling = any(
        any(sheet.is_plausible(fact, n) for fact in _TELLING)
        or any(sheet.is_plausible(f, other) for f in facts[n] if f in _TELLING for other in free if other != n)
        for n in wrong
    )
    return wrong if len(wrong) > 1 or is_telling else []


def _implausible(sheet: _Sheet, headings: Mapping[str, str]) -> Iterator[str]:
    """Headings that are names of a fact, which no other column is, over values that cannot be it."""
    for name, candidates in sheet.candidates.items():
        facts = [m.fact for m in candidates if m.fact in CORE and m.confidence >= BARE and m.fact not in headings]
        if name not in headings.values() and not all(sheet.is_plausible(fact, name) for fact in facts):
            yield name


def of_format(mapping: ColumnMapping, headings: Mapping[str, str], as_written: Mapping[str, str]) -> ColumnMapping:
    """The mapping of a file whose format tells its `headings`, of which some are `as_written` in another spelling."""
    facts = {name: fact for fact, name in headings.items()}
    columns = []
    for column in mapping.columns:
        fact, name = facts.get(column.heading), as_written.get(column.heading, column.heading)
        why = N_("the format") if fact else N_("not read")
        columns.append(replace(column, heading=name, fact=fact, confidence=float(fact is not None), why=why))
    return ColumnMapping(tuple(columns), {fact: as_written.get(name, name) for fact, name in headings.items()})


def _proposal(sheet: _Sheet) -> dict[str, str]:
    """The facts that the headings name, each with the heading of the column whose values fit it best, all at once.

    Counts cannot be told apart by themselves; they are put in their usual order of size.
    """
    from scipy.optimize import linear_sum_assignment

    profiles, by_hand = sheet.profiles, sheet.by_hand
    firsts = [meanings[0] for meanings in sheet.candidates.values() if meanings]
    facts = list(dict.fromkeys(m.fact for m in firsts if m.fact and m.confidence >= BARE and m.fact not in by_hand))
    names = [n for n in profiles if profiles[n].filled_count and n not in by_hand.values()]
    if not facts or not names:
        return {}
    sizes = {n: count for n in names if (count := profiles[n].median_count) is not None}
    largest_first = sorted(sizes, key=lambda n: -sizes[n])
    by_size = [f for f in ("views", "reach", "likes", "saves", "shares", "comments") if f in facts]

    def fit(fact: str, name: str) -> float:
        profile = profiles[name]
        if not fits(fact, profile):
            return 0
        if fact in {"post_id", "link", "posted_at", "metrics_at", "completion_rate"}:
            return 3 - (0.5 if fact == "metrics_at" else 0)
        if fact in by_size:
            # The further a count lies from its usual place in the order, the less it is liked.
            return 1.5 - 0.15 * abs(by_size.index(fact) - largest_first.index(name))
        if fact == "duration_s":
            is_usual = 3 <= (profile.median_s or 0) <= 600
            # A length has few values, a count many.
            is_repeated = float(profile.texts.nunique()) < 0.5 * len(profile.texts)
            return (1.6 if is_usual else 0.4) + (0.2 if is_repeated else 0)
        if fact == "caption":
            return 1 + min(1.0, float(profile.texts.str.len().mean()) / 100)
        return 1.0 if name not in sizes else 0.5

    worth = np.array([[fit(fact, name) for name in names] for fact in facts])
    rows, columns = linear_sum_assignment(-worth)
    return {facts[i]: names[j] for i, j in zip(rows, columns, strict=True) if worth[i, j] > 0}


def as_options(mapping: Mapping[str, str]) -> str:
    """A mapping as options of the command line, ready to paste.

    >>> as_options({"views": "Antal visninger"})
    "--column 'views=Antal visninger'"
    """
    return " ".join(f"--column {shlex.quote(f'{fact}={name}')}" for fact, name in mapping.items())
