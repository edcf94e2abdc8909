"""Which column of a sheet is which fact: by name and values, or as the user says."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from tiktok_coach.core.captions import arrow_text
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import COLUMNS, units_of
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.columns.names import BARE, WEAK, Meaning, meanings, words
from tiktok_coach.io.columns.profile import CLOCK, LINKS, SAMPLE, ColumnProfile, describe, fits, profile_column
from tiktok_coach.io.columns.units import heading_unit, is_said, resolve_units, unit_meanings
from tiktok_coach.io.dates.parse import parse_times
from tiktok_coach.io.dates.zone_names import date_words, zone_of_heading
from tiktok_coach.io.marks import Doubt, Languages
from tiktok_coach.io.parse import HANDLE as IN_LINK
from tiktok_coach.io.parse import missing, no_languages, parse_counts, rounds

NOTHING_KNOWN: Mapping[str, str] = {}
NOTHING_OWN: Mapping[str, str | None] = {}
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
# Counts that are named like shares of the viewers: followers, and those who are none.
_OF_PEOPLE = ("followers", "new_followers")
# Columns that differ in no more cells than this say the same.
MOST_ALIKE = 0.98
# So many rows are looked at as such: a file of one video is one row of hundreds of columns.
FEW = 3
EMPTY = N_("is empty")


@dataclass(frozen=True)
class MappedColumn:
    """One column: its fact (None for none), how surely (0-1), why, and whether its file's format tells it."""

    heading: str
    fact: str | None
    confidence: float
    why: str
    is_of_format: bool = False


@dataclass(frozen=True)
class ColumnMapping:
    """Which columns of a sheet are which facts.

    `headings` takes facts to the headings of their columns, `alternatives` to other columns that say the same and fill
    what the first leaves empty. `clock` is the column of times of day for the days of posted_at; `units` takes headings
    to the units of their values, where they tell one, and `implausible` are headings that name a fact that their values
    cannot be. `questions` ask the user about core facts that several columns are as likely to be, `doubts` say the same
    of other facts, which are left out; `misplaced` headings stand over the values of others, for which `proposal` takes
    facts to headings that fit.
    """

    columns: tuple[MappedColumn, ...]
    headings: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clock: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    implausible: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    proposal: Mapping[str, str] = field(default_factory=dict)

    def columns_of(self, fact: str) -> tuple[str, ...]:
        """The headings of the columns of a fact, of which the first counts and the others fill its gaps."""
        return (self.headings[fact], *self.alternatives.get(fact, ())) if fact in self.headings else ()

    def by_hand(self) -> dict[str, tuple[str, ...]]:
        """The headings that a user would name for the same table to be read, or for the proposal, where there is one.

        A fact has the unit of a column behind it where that tells one: `duration_s[ms]`.
        """
        if self.proposal:
            return {fact: (name,) for fact, name in self.proposal.items()}
        named: dict[str, tuple[str, ...]] = {}
        for fact in self.headings:
            clock = (self.clock,) if self.clock and fact == "posted_at" else ()
            for name in (*self.columns_of(fact), *clock):
                key = f"{fact}[{self.units[name]}]" if name in self.units else fact
                named[key] = (*named.get(key, ()), name)
        return named


class _Profiles(dict[str, ColumnProfile]):
    """The profiles of columns, of which each is made when it is first asked for: sheets may have hundreds."""

    def __init__(self, cells: pd.DataFrame, units: Mapping[str, str]) -> None:
        self.cells, self.units = cells, units

    def __missing__(self, name: str) -> ColumnProfile:
        self[name] = profile_column(self.cells[name], self.units.get(name) or heading_unit(name, "counts"))
        return self[name]


@dataclass(frozen=True)
class _Sheet:
    """The columns with their values and what their names may mean.

    `fixed` takes facts to the headings that the user or the format names, `by_hand` are those that the user does.
    """

    cells: pd.DataFrame
    profiles: _Profiles
    candidates: Mapping[str, Sequence[Meaning]]
    fixed: Mapping[str, tuple[str, ...]]
    by_hand: Collection[str]
    is_of_format: bool

    def is_plausible(self, fact: str | None, heading: str) -> bool:
        """Whether the values of a column can be a fact."""
        return fact is not None and fits(fact, self.profiles[heading])

    def filled_count(self, heading: str) -> int:
        """How many cells of a column hold something."""
        return self.profiles[heading].filled_count

    def is_open(self, fact: str) -> bool:
        """Whether a fact is still to be found: neither the user nor the format names a column that holds anything."""
        columns = self.fixed.get(fact, ())
        return fact not in self.by_hand and not any(self.filled_count(name) for name in columns)


def infer_columns(
    cells: pd.DataFrame,
    by_hand: Mapping[str, Sequence[str]],
    where: str,
    units: Mapping[str, str] = NOTHING_KNOWN,
    *,
    known: Mapping[str, Sequence[str]] | None = None,
    own: Mapping[str, str | None] = NOTHING_OWN,
    languages: Callable[[], Languages] = no_languages,
) -> ColumnMapping:
    """Which columns of a table of texts are which facts.

    `by_hand` takes facts to headings that the user names: the first is the fact, others fill its gaps, and one may be
    of times of day for posted_at; those that the sheet lacks are passed over. `known` are the same of the file's
    format, which outweigh names and values, and `own` are columns that its reader reads by itself, with their facts.
    `units` takes headings to the units that the user says, `languages` are those of the file. Raises
    CoachError where the values of a column cannot be what the user says.
    """
    profiles = _Profiles(cells, units)
    fixed, clock = _fixed(by_hand, known or {}, own, profiles, where)
    named = {name for names in fixed.values() for name in names} | {clock, *own}
    is_of_format = known is not None
    candidates = {name: _candidates(name, is_of_format=is_of_format) for name in cells.columns if name not in named}
    sheet = _Sheet(cells, profiles, candidates, fixed, by_hand.keys() & fixed.keys(), is_of_format)
    claims, notes = _claims(sheet)
    same, questions, doubts = _choose(claims, sheet, notes)
    columns_of = {**fixed, **same}
    columns_of |= {fact: (name,) for fact, name in _by_values_alone(sheet, columns_of, notes).items()}
    resolved = _resolve_units(sheet, columns_of, units, languages)
    doubts += resolved.guesses.values()
    for fact, doubt in resolved.doubts.items():
        if fact in sheet.by_hand or (fact in CORE and not is_of_format):
            questions.append(f"{doubt.problem}: {doubt.hint}")
        else:
            notes |= dict.fromkeys(columns_of.pop(fact), doubt.problem)
            doubts.append(_("{doubt}; left out: {hint}", doubt=doubt.problem, hint=doubt.hint))
    headings = {fact: names[0] for fact, names in columns_of.items()}
    clock = clock or (_clock(sheet) if "posted_at" in same else None)
    misplaced = [] if sheet.is_of_format else _misplaced(sheet)
    facts = {**{name: fact for fact, names in columns_of.items() for name in names}, **own}
    confidences = {name: confidence for rivals in claims.values() for name, confidence in rivals.items()}

    filled = _filled(cells)

    def column(name: str) -> MappedColumn:
        fact = facts.get(name)
        if name == clock:
            return MappedColumn(name, "posted_at", 1.0, _("times of day for the days of posted_at"))
        if fact is not None and fact in sheet.by_hand and name in fixed[fact]:
            return MappedColumn(name, fact, 1.0, N_("by hand"), is_of_format=name in (known or {}).get(fact, ()))
        if name in named:
            why = N_("the format") if fact else N_("not read")
            return MappedColumn(name, fact, float(fact is not None), why, is_of_format=True)
        if fact is None:
            unnamed = N_("no known name") if name in filled else EMPTY
            return MappedColumn(name, None, 0.0, notes.get(name) or unnamed)
        why = "values" if name not in confidences else "name" if not sheet.filled_count(name) else N_("name and values")
        return MappedColumn(name, fact, min(1.0, confidences.get(name, WEAK)), why)

    return ColumnMapping(
        columns=tuple(column(name) for name in cells.columns),
        headings=headings,
        alternatives={fact: names[1:] for fact, names in columns_of.items() if names[1:]},
        clock=clock,
        units=resolved.units,
        implausible=tuple(_implausible(sheet, headings)),
        questions=tuple(questions),
        doubts=tuple(doubts),
        misplaced=tuple(misplaced),
        proposal=_proposal(sheet) if misplaced else {},
    )


def _candidates(heading: str, *, is_of_format: bool) -> Sequence[Meaning]:
    """What a heading may speak of; among the columns of a known format a mere likeness of names is chance."""
    known = unit_meanings(heading)
    return [m for m in known if m.confidence >= BARE or m.confidence <= WEAK] if is_of_format else known


@dataclass(frozen=True)
class _Resolved:
    """The units of columns by their headings, guesses to be said by fact, and facts in doubt."""

    units: dict[str, str]
    guesses: dict[str, str]
    doubts: dict[str, Doubt]


def _resolve_units(
    sheet: _Sheet,
    columns_of: Mapping[str, Sequence[str]],
    by_hand: Mapping[str, str],
    languages: Callable[[], Languages],
) -> _Resolved:
    """The units of the columns, as far as anything but their usual ones is said or likely."""
    of_facts = {fact: names for fact, names in columns_of.items() if units_of(COLUMNS[fact])}
    headings = {fact: names[0] for fact, names in of_facts.items()}
    # Lengths and shares are decided by the whole column; of counts a sample tells what there is to ask.
    is_count = {fact: COLUMNS[fact].kind == "count" for fact in of_facts}
    texts = {
        fact: sheet.profiles[name].texts if is_count[fact] else sheet.cells[name]
        for fact, name in headings.items()
        if not (is_count[fact] and sheet.is_of_format)
    }
    first = resolve_units(texts, headings, by_hand)
    units = {headings[fact]: unit for fact, unit in first.of.items() if is_said(fact, headings[fact], by_hand, first)}
    for fact, names in of_facts.items():
        for name in names[1:]:
            other = resolve_units({fact: sheet.cells[name]}, {fact: name}, by_hand)
            units |= {name: other.of[fact]} if fact in other.of and is_said(fact, name, by_hand, other) else {}
    for fact in (fact for fact in texts if is_count[fact]):
        doubt = parse_counts(texts[fact], first.of.get(fact), languages).doubt
        if fact in _OF_PEOPLE and headings[fact] not in by_hand and _is_part_of_100(sheet, headings[fact]):
            problem = _("it makes 100 together with another column")
            option = f"--column {fact}=HEADING"
            doubt = Doubt(problem, _("name its column with {option}", option=option))
        if doubt is not None:
            problem = _("{fact} cannot be read for sure, since {problem}", fact=fact, problem=doubt.problem)
            first.doubts.setdefault(fact, Doubt(problem, doubt.hint))
    # A known format has its lengths in seconds.
    is_known = {fact for fact in first.doubts if sheet.is_of_format and COLUMNS[fact].unit == "s"}
    doubts = {fact: doubt for fact, doubt in first.doubts.items() if fact not in is_known - set(sheet.by_hand)}
    return _Resolved(units, {f: text for f, text in first.guesses.items() if f not in doubts}, doubts)


def _is_part_of_100(sheet: _Sheet, heading: str) -> bool:
    """Whether a column and another one make 100 in every row, as shares of two kinds of viewers do."""
    cells = sheet.cells.head(SAMPLE)
    rows = pd.DataFrame({name: pd.to_numeric(cells[name].str.rstrip("% "), errors="coerce") for name in cells})
    together = rows.drop(columns=heading).add(rows[heading], axis="index")
    is_whole = ((together - 100).abs() < 0.6) | together.isna()
    return bool((is_whole.all() & (together.notna().sum() > 2)).any())


def _filled(cells: pd.DataFrame) -> set[str]:
    """The columns in which any cell holds something."""
    # A row of all columns costs less than a whole column of some, and most columns hold something in the first rows.
    rows = (cells.iloc[place].dropna() for place in range(min(FEW, len(cells))))
    filled = {str(name) for row in rows for name, text in row.items() if text}
    rest = [name for name in cells.columns if name not in filled] if len(cells) > FEW else []
    lengths = ((str(name), pc.max(pc.binary_length(arrow_text(cells[name])))) for name in rest)
    return filled | {name for name, length in lengths if length.as_py()}


def _fixed(
    by_hand: Mapping[str, Sequence[str]],
    known: Mapping[str, Sequence[str]],
    own: Mapping[str, str | None],
    profiles: _Profiles,
    where: str,
) -> tuple[dict[str, tuple[str, ...]], str | None]:
    """The columns that the user or the format names, and that of times of day among those for posted_at."""
    fixed: dict[str, tuple[str, ...]] = {}
    clock = None
    for fact, names in by_hand.items():
        # What its reader finds there anyway needs no naming.
        present = [n for n in dict.fromkeys(names) if n in profiles.cells.columns and own.get(n, "") != fact]
        clocks = [n for n in present if fact == "posted_at" and _is_clock(n, profiles)]
        if clocks and len(clocks) < len(present):
            clock, present = clocks[0], [n for n in present if n not in clocks]
        _check_by_hand(fact, [n for n in present if n not in known.get(fact, ())], profiles, where)
        if present:
            fixed[fact] = tuple(present)
    named = {name for names in fixed.values() for name in names} | {clock}
    for fact, names in known.items():
        if fact not in fixed and (left := tuple(name for name in names if name not in named)):
            fixed[fact] = left
    return fixed, clock


def _check_by_hand(fact: str, names: Sequence[str], profiles: _Profiles, where: str) -> None:
    for name in names:
        profile = profiles[name]
        if not fits(fact, profile) and not (fact == "posted_at" and profile.some_times):
            first = profile.samples[0][:40] if profile.samples else ""
            text = N_("the column {name!r} should be {fact}, but has {described} ({first!r})")
            problem = _(text, name=name, fact=fact, described=describe(profile), first=first)
            raise CoachError(problem, where=where, hint=_("`tiktok-coach columns` shows what is in each column"))


def _claims(sheet: _Sheet) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """By fact the columns that may be it, and how surely; and by heading why it is none of the facts it names."""
    claims: dict[str, dict[str, float]] = {}
    notes: dict[str, str] = {}
    for name, candidates in sheet.candidates.items():
        for meaning in candidates:
            fact = meaning.fact
            if fact is None:
                notes.setdefault(name, _("says nothing about a post"))
                break
            if fact in sheet.by_hand:
                notes.setdefault(name, _("{fact} is {heading!r}, by hand", fact=fact, heading=sheet.fixed[fact][0]))
            elif fact in sheet.fixed and not (meaning.confidence >= BARE and sheet.is_open(fact)):
                notes.setdefault(name, _("{column} is {same!r}", column=fact, same=sheet.fixed[fact][0]))
            elif not fits(fact, profile := sheet.profiles[name]):
                text = _("named like {fact}, but with {described} in it", fact=fact, described=describe(profile))
                notes.setdefault(name, text)
            elif fact == "account" and _holds_titles(name, profile):
                notes.setdefault(name, _("a column of titles, a different one in each row"))
            else:
                notes.pop(name, None)
                claims.setdefault(fact, {})[name] = meaning.confidence
                break
    return claims, notes


def _holds_titles(heading: str, profile: ColumnProfile) -> bool:
    """Whether what may be names of accounts are titles of one word, such as those of Notion's column `Name`."""
    is_of_title = any(meaning.fact == "working title" for meaning in meanings(heading, of_plans=True))
    texts = profile.texts
    return is_of_title and len(texts) > 1 and texts.is_unique and profile.mostly("^[^@]+$") and profile.mostly("[A-Z]")


def _choose(
    claims: Mapping[str, Mapping[str, float]], sheet: _Sheet, notes: dict[str, str]
) -> tuple[dict[str, tuple[str, ...]], list[str], list[str]]:
    """By fact the columns that say the same, the fullest first, and what is unclear; adds to `notes`.

    Questions are of core facts, where no format tells the rest of the file; doubts are of others.
    """
    same: dict[str, tuple[str, ...]] = {}
    questions, doubts = [], []
    for fact, rivals in claims.items():
        equal = _likelier(fact, _equal(fact, rivals, sheet), sheet)
        if all(_says_same(sheet.cells[equal[0]], sheet.cells[name], fact) for name in equal[1:]):
            same[fact] = (*equal, *_surely_same(fact, rivals, equal, sheet))
            note = _("{column} is {same!r}", column=fact, same=equal[0])
        else:
            names = _(" or ").join(map(repr, equal))
            if fact in CORE and not sheet.is_of_format:
                text = _("{fact} may be {names}: say which with --column {fact}=NAME", fact=fact, names=names)
                questions.append(text)
            else:
                text = N_("{fact} may be {names}; left out: say which with --column {fact}=NAME")
                doubts.append(_(text, fact=fact, names=names))
            note = _("may be {column}", column=fact)
        for name in rivals:
            if name not in same.get(fact, ()):
                notes.setdefault(name, note)
    return same, questions, doubts


def _surely_same(fact: str, rivals: Mapping[str, float], equal: Sequence[str], sheet: _Sheet) -> tuple[str, ...]:
    """Columns that name a count less surely, and say the same of it where both say anything."""
    if COLUMNS[fact].kind != "count":
        return ()
    others = [name for name in rivals if name not in equal and rivals[name] >= BARE and sheet.filled_count(name)]
    first = sheet.cells[equal[0]]
    return tuple(n for n in others if _shares_rows(first, sheet.cells[n]) and _says_same(first, sheet.cells[n], fact))


def _shares_rows(one: pd.Series, other: pd.Series) -> bool:
    return bool((~missing(one) & ~missing(other)).any())


def _likelier(fact: str, equal: tuple[str, ...], sheet: _Sheet) -> tuple[str, ...]:
    """Of columns that may be an account, those that hold its handle, as the links have it or as handles are written."""
    if fact != "account" or len(equal) < 2:
        return equal
    links = [n for n in (*sheet.fixed.get("link", ()), *sheet.candidates) if sheet.profiles[n].mostly(LINKS)]
    in_links = sheet.cells[links[0]].str.extract(IN_LINK, expand=False).str.lower() if links else None

    def are_handles(name: str) -> bool:
        texts = sheet.cells[name].where(~missing(sheet.cells[name])).str.strip().str.removeprefix("@")
        if in_links is not None and (both := texts.notna() & in_links.notna()).any():
            return bool((texts[both].str.lower() == in_links[both]).mean() > MOST_ALIKE)
        return bool(texts.dropna().str.fullmatch(r"[a-z0-9_.]{2,24}").all())

    handles = tuple(name for name in equal if are_handles(name))
    return handles or equal


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
    if COLUMNS[fact].kind == "count":
        (one, _bad, marked, *_), (other, _bad, marked_too, *_) = map(parse_counts, columns)
        is_alike = (one == other) | one.isna() | other.isna()
        is_alike |= rounds(one, other, marked) | rounds(other, one, marked_too)
        # What is below 0 has run over, and is no count.
        return bool((is_alike | (one < 0) | (other < 0)).mean() > MOST_ALIKE)
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
    clocks = [name for name in named if _is_clock(name, sheet.profiles)]
    return clocks[0] if len(clocks) == 1 else None


def _is_clock(name: str, profiles: _Profiles) -> bool:
    """Whether a column is of times of day, or, by its name and values, of hours alone, 0-23."""
    is_of_hours = any(word in date_words()["hours"].split() for word in words(name))
    return profiles[name].mostly(CLOCK) or (is_of_hours and profiles[name].mostly(r"^(?:[01]?\d|2[0-3])(?:\.0)?$"))


def _by_values_alone(sheet: _Sheet, known: Collection[str], notes: Mapping[str, str]) -> dict[str, str]:
    """Links or ids under a heading that says nothing, where one column alone can be them."""
    if sheet.is_of_format and not {"post_id", "link"}.isdisjoint(known):
        return {}
    free = [name for name, candidates in sheet.candidates.items() if not candidates and name not in notes]
    links = [name for name in free if "link" not in known and sheet.profiles[name].mostly(LINKS)]
    if len(links) == 1:
        return {"link": links[0]}
    ids = [name for name in free if sheet.profiles[name].ids and sheet.profiles[name].texts.is_unique]
    return {"post_id": ids[0]} if len(ids) == 1 and {"post_id", "link"}.isdisjoint(known) else {}


def _misplaced(sheet: _Sheet) -> list[str]:
    """Headings over values of another kind, where several are, or where the values tell what they are."""
    non_empty = [name for name in sheet.candidates if sheet.profiles[name].filled_count]
    facts = {n: [m.fact for m in sheet.candidates[n] if m.fact and m.confidence >= BARE] for n in non_empty}
    odd = [n for n in non_empty if facts[n] and not any(sheet.is_plausible(m.fact, n) for m in sheet.candidates[n])]
    core = CORE - sheet.fixed.keys()
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


def _proposal(sheet: _Sheet) -> dict[str, str]:
    """The facts that the headings name, each with the heading of the column whose values fit it best, all at once.

    Counts cannot be told apart by themselves; they are put in their usual order of size.
    """
    from scipy.optimize import linear_sum_assignment

    profiles, fixed = sheet.profiles, sheet.fixed
    firsts = [meanings[0] for meanings in sheet.candidates.values() if meanings]
    facts = list(dict.fromkeys(m.fact for m in firsts if m.fact and m.confidence >= BARE and m.fact not in fixed))
    named = {name for names in fixed.values() for name in names}
    names = [n for n in sheet.cells.columns if profiles[n].filled_count and n not in named]
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
