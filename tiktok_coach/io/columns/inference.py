"""Which column of a sheet is which fact: by name, proven by values, settled by hand, and asked where two are equally likely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.columns.names import BARE, WEAK, Meaning, meanings
from tiktok_coach.io.columns.order import proposal
from tiktok_coach.io.columns.profile import MOST, Evidence, described, evidence, fits

# Facts on which a wrong column would mislead: of two that are equally likely the user is asked, and one over other values is an error.
CORE = (
    "post_id",
    "link",
    "posted_at",
    "caption",
    "views",
    "likes",
    "comments",
    "shares",
    "saves",
    "duration_s",
    "average_watch_time_s",
    "total_watch_time_s",
    "completion_rate",
)
# Values that can hardly be anything else.
_TELLING = ("post_id", "link", "posted_at")
_TIME = ("posted_at", "metrics_at")


@dataclass(frozen=True)
class Understood:
    """One column: the fact that it was taken for (None where it was left), how surely (0-1), and why."""

    heading: str
    fact: str | None
    sure: float
    why: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Understanding:
    """How the columns of a sheet were understood, in their order. `mapping` takes facts to headings and `also` to others that say the
    same, which fill what the first leaves out; `clock` is the heading of times of day that belong to the days of posted_at,
    `milliseconds` are lengths that are written so. `doubted` headings name a fact that their values cannot be, `wrong` ones stand over
    the values of others, for which `proposed` is an order that fits.
    """

    columns: tuple[Understood, ...]
    mapping: Mapping[str, str]
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    clock: str | None = None
    milliseconds: frozenset[str] = frozenset()
    doubted: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    proposed: Mapping[str, str] = field(default_factory=dict)

    @property
    def unsure(self) -> list[Understood]:
        """Columns that were taken for a fact by a name that is only near to one of its own."""
        return [c for c in self.columns if c.fact is not None and WEAK < c.sure < BARE]

    @property
    def left(self) -> list[Understood]:
        """Columns that were taken for nothing."""
        return [c for c in self.columns if c.fact is None]


@dataclass(frozen=True)
class _Claim:
    heading: str
    meaning: Meaning
    column: Evidence


def understand(cells: pd.DataFrame, given: Mapping[str, Sequence[str]], where: str) -> Understanding:
    """How the columns of a table of texts are to be read; `given` takes facts to headings by hand.

    Raises CoachError for a column named by hand whose values are no such fact.
    """
    held = {name: evidence(cells[name]) for name in cells.columns}
    settled = {fact: name for fact, names in given.items() for name in names if name in held}
    _check_by_hand(settled, held, where)
    taken_by_hand = set(settled.values())
    spoken = {name: meanings(name) for name in held if name not in taken_by_hand}
    claims, notes = _claims(spoken, held, settled)
    clock = _clock(spoken, held, settled)
    mapping: dict[str, str] = dict(settled)
    also: dict[str, tuple[str, ...]] = {}
    questions: list[str] = []
    for asked, rivals in claims.items():
        same, question = _chosen(asked, rivals, cells)
        if same:
            mapping[asked], also[asked] = same[0], same[1:]
        if question:
            questions.append(question)
        for rival in rivals:
            if rival.heading not in same:
                notes.setdefault(
                    rival.heading,
                    _("{asked} is {same!r}", asked=asked, same=same[0]) if same else _("may be {asked}", asked=asked),
                )
    mapping |= _by_values_alone(held, mapping, notes, {name for name, known in spoken.items() if known})
    misplaced = _misplaced(spoken, held, settled)
    proposed = proposal(spoken, held, settled) if misplaced else {}
    facts = {name: fact for fact, names in also.items() for name in names}
    facts |= {name: fact for fact, name in mapping.items()}
    sure = {c.heading: c.meaning.sure for rivals in claims.values() for c in rivals}
    columns = []
    for name, column in held.items():
        fact = facts.get(name)
        if name == clock and clock is not None and "posted_at" in mapping:
            columns.append(
                Understood(name, "posted_at", 1.0, _("times of day for the days of posted_at"), column.shown)
            )
        elif fact is None:
            columns.append(Understood(name, None, 0.0, notes.get(name) or _unknown(column), column.shown))
        elif name in taken_by_hand:
            columns.append(Understood(name, fact, 1.0, N_("by hand"), column.shown))
        else:
            how = N_("name and values") if name in sure and column.held else "name" if name in sure else "values"
            columns.append(Understood(name, fact, min(1.0, sure.get(name, WEAK)), how, column.shown))
    lengths = ("duration_s", "average_watch_time_s")
    return Understanding(
        tuple(columns),
        mapping,
        {fact: names for fact, names in also.items() if names},
        clock if "posted_at" in mapping else None,
        frozenset(f for f in lengths if f in mapping and held[mapping[f]].milliseconds),
        tuple(_doubted(spoken, held, mapping)),
        tuple(questions),
        tuple(misplaced),
        proposed,
    )


def _check_by_hand(settled: Mapping[str, str], held: Mapping[str, Evidence], where: str) -> None:
    for fact, name in settled.items():
        if not fits(fact, held[name]):
            column = held[name]
            first = column.shown[0][:40] if column.shown else ""
            raise CoachError(
                _(
                    "the column {name!r} is to be {fact}, and holds {described} ({first!r})",
                    name=name,
                    fact=fact,
                    described=described(column),
                    first=first,
                ),
                where=where,
                hint=_("`tiktok-coach columns` shows what each column holds"),
            )


def _claims(
    spoken: Mapping[str, Sequence[Meaning]], held: Mapping[str, Evidence], settled: Mapping[str, str]
) -> tuple[dict[str, list[_Claim]], dict[str, str]]:
    """By fact, the columns whose name speaks of it and whose values can be it, the surest first; and why others are left."""
    claims: dict[str, list[_Claim]] = {}
    notes: dict[str, str] = {}
    for name, known in spoken.items():
        for meaning in known:
            fact = meaning.fact
            if fact is None:
                notes.setdefault(name, _("is no fact of a post"))
                break
            if fact in settled:
                notes.setdefault(name, _("{fact} is {settled!r}, by hand", fact=fact, settled=settled[fact]))
            elif not fits(fact, held[name]):
                notes.setdefault(
                    name, _("named like {fact}, and holds {described}", fact=fact, described=described(held[name]))
                )
            else:
                notes.pop(name, None)
                claims.setdefault(fact, []).append(_Claim(name, meaning, held[name]))
                break
    return {
        fact: sorted(rivals, key=lambda c: (not c.column.held, -c.meaning.sure)) for fact, rivals in claims.items()
    }, notes


def _chosen(fact: str, rivals: Sequence[_Claim], cells: pd.DataFrame) -> tuple[tuple[str, ...], str | None]:
    """The columns that are a fact and say the same, the fullest first; none and the question where they do not."""
    best = rivals[0]
    equal = [c for c in rivals if c.meaning.sure == best.meaning.sure and (c.column.held > 0) == (best.column.held > 0)]
    if len(equal) == 1 or not best.column.held:
        return (best.heading,), None
    # Of the same days once with and once without their hours, those with.
    hours = {c.heading: c.column.share(r":\d\d|^\d{10}") >= MOST if fact in _TIME else False for c in equal}
    equal = sorted(equal, key=lambda c: (not hours[c.heading], -c.column.held))
    if all(_same(cells[equal[0].heading], cells[c.heading], fact) for c in equal[1:]):
        return tuple(c.heading for c in equal), None
    names = " or ".join(repr(c.heading) for c in equal)
    return (), _("{fact} may be {names}: say which with --column {fact}=NAME", fact=fact, names=names)


def _same(one: pd.Series, other: pd.Series, fact: str) -> bool:
    """Whether two columns say the same, as far as both say anything."""
    both = (one.fillna("").str.strip() != "") & (other.fillna("").str.strip() != "")
    if not both.any():
        return True
    left, right = one[both].str.strip(), other[both].str.strip()
    if fact in _TIME:
        return bool((_days(left) == _days(right)).mean() > 0.98)
    if fact == "link":
        pattern = r"(\d{15,20})"
        return bool((left.str.extract(pattern, expand=False) == right.str.extract(pattern, expand=False)).mean() > 0.98)
    return bool((left.str.casefold() == right.str.casefold()).mean() > 0.98)


def _days(texts: pd.Series) -> pd.Series:
    from tiktok_coach.io.dates.parse import parse_times

    try:
        days: pd.Series = parse_times(texts, "").at.dt.normalize()
    except CoachError:
        return texts
    return days


def _clock(
    spoken: Mapping[str, Sequence[Meaning]], held: Mapping[str, Evidence], settled: Mapping[str, str]
) -> str | None:
    """A column of times of day beside the days of posted_at."""
    named = [n for n, known in spoken.items() if any(m.fact == "posted_at" for m in known) and held[n].clocks]
    return named[0] if len(named) == 1 and "posted_at" not in settled else None


def _by_values_alone(
    held: Mapping[str, Evidence], mapping: Mapping[str, str], notes: Mapping[str, str], named: set[str]
) -> dict[str, str]:
    """Links and ids that are told without any name, where one column alone can be them."""
    found: dict[str, str] = {}
    free = [n for n in held if n not in mapping.values() and n not in named and n not in notes]
    if "link" not in mapping and len(links := [n for n in free if held[n].links]) == 1:
        found["link"] = links[0]
    if "post_id" not in mapping and "link" not in {**mapping, **found}:
        ids = [n for n in free if held[n].ids and held[n].texts.is_unique]
        if len(ids) == 1:
            found["post_id"] = ids[0]
    return found


def _misplaced(
    spoken: Mapping[str, Sequence[Meaning]], held: Mapping[str, Evidence], settled: Mapping[str, str]
) -> list[str]:
    """Headings that stand over values of another kind, where more than one does, or where the values tell what they are."""
    named = {n: [m.fact for m in known if m.fact and m.sure >= BARE] for n, known in spoken.items()}
    fitting = {n for n, known in spoken.items() if any(m.fact and fits(m.fact, held[n]) for m in known)}
    odd = [n for n, facts in named.items() if facts and held[n].held and n not in fitting]
    wrong = [n for n in odd if not held[n].clocks and any(f in CORE and f not in settled for f in named[n])]
    # Columns whose values nothing has claimed by a name of its own.
    free = [n for n, facts in named.items() if held[n].held and (n in odd or not facts)]
    told = any(
        any(fits(fact, held[n]) for fact in _TELLING)
        or any(fits(fact, held[other]) for fact in named[n] if fact in _TELLING for other in free if other != n)
        for n in wrong
    )
    return wrong if len(wrong) > 1 or told else []


def _doubted(
    spoken: Mapping[str, Sequence[Meaning]], held: Mapping[str, Evidence], mapping: Mapping[str, str]
) -> Iterator[str]:
    """Headings that are names of a fact, which nothing else is, over values that cannot be it."""
    for name, known in spoken.items():
        facts = [m.fact for m in known if m.fact in CORE and m.sure >= BARE]
        if name not in mapping.values() and any(f not in mapping and not fits(f, held[name]) for f in facts if f):
            yield name


def _unknown(column: Evidence) -> str:
    return N_("is empty") if not column.held else N_("no known name")


def of_format(found: Understanding, mapping: Mapping[str, str], spelt: Callable[[str], str]) -> Understanding:
    """The understanding of a file whose own format tells what its columns are; `spelt` gives headings as the format compares them."""
    facts = {name: fact for fact, name in mapping.items()}
    columns = []
    for column in found.columns:
        fact = facts.get(column.heading, facts.get(spelt(column.heading)))
        columns.append(
            replace(column, fact=fact, sure=float(fact is not None), why=N_("the format") if fact else N_("not read"))
        )
    return Understanding(tuple(columns), mapping)
