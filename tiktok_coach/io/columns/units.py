"""In which unit a column holds its fact: by its heading, the signs beside its numbers, and the numbers themselves.

Where these contradict each other, or none of them tells, the unit is in doubt, and the user is asked.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Mapping
from dataclasses import field
from functools import cache

import numpy as np
import pandas as pd

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import COLUMNS, COUNTED_IN, SECONDS, Column, units_of
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.columns.names import BARE, Meaning, meanings, words
from tiktok_coach.io.columns.profile import LONGEST_S, MOST_LOOPS
from tiktok_coach.io.marks import Doubt
from tiktok_coach.io.parse import Parsed, parse_counts, parse_durations, parse_shares, unit_of_word

UNIT_NAMES = {
    "s": N_("seconds"),
    "ms": N_("milliseconds"),
    "min": N_("minutes"),
    "h": N_("hours"),
    "m:ss": N_("minutes and seconds"),
    "h:mm:ss": N_("hours, minutes and seconds"),
    "%": N_("percent"),
    "share": N_("shares of 1"),
    "1": N_("ones"),
    "K": N_("thousands"),
    "M": N_("millions"),
}
# The unit of numbers of which nothing is said.
USUAL = {"lengths": "s", "shares": "share", "counts": "1"}
# Lengths in seconds between which the middle of a column lies: a video of more than ten minutes is rare.
_USUAL_LENGTH = (3.0, 600.0)
_USUAL_WATCH = (0.3, 180.0)
# What a view watches of a video, from little of it to several times all of it.
_WATCHED = (0.005, 5.0)
# A post that is watched again and again has a completion above 1; no median is above this.
_LOOPS = 1.2
# Words for an hour in Danish and Korean, and for time in other headings.
_TIME = {"time", "시간"}
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_ALONE = re.compile(r"\d{1,2}:\d{2}:00(?:[.,]0+)?")


@dataclass(frozen=True)
class Units:
    """The units of facts, those of them that are guesses with what to say of them, and those in doubt."""

    of: dict[str, str] = field(default_factory=dict)
    guesses: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, Doubt] = field(default_factory=dict)


def kind_of(spec: Column) -> str | None:
    """Which units a column of the schema can be in: lengths, shares or counts; None where it has none."""
    kinds = {"count": "counts", "share": "shares"}
    return kinds.get(spec.kind, "lengths" if units_of(spec) else None)


def heading_unit(heading: str, kind: str) -> str | None:
    """The unit that a heading names; None where it names none.

    >>> [heading_unit(h, "lengths") for h in ("Video length (minutes)", "duration_ms", "Dauer in Sek.", "min views")]
    ['min', 'ms', 's', None]
    """
    return _parted(heading, kind)[1]


def _parted(heading: str, kind: str) -> tuple[str, str | None]:
    """A heading without its unit, and the unit."""
    plain = unicodedata.normalize("NFKC", heading)
    for text in _BRACKETS.findall(plain):
        parts = words(text)
        if unit := unit_of_word(kind, text) or (unit_of_word(kind, parts[-1]) if parts else None):
            return _BRACKETS.sub(" ", plain), unit
    if kind == "shares" and re.search("[%\u066a]", plain):
        return re.sub("[%\u066a]", " ", plain), "%"
    parts = words(plain)
    if kind == "counts":
        is_said = len(parts) > 2 and parts[-2] in {"in", "i", "en", "em", "w", "v"}
        unit = unit_of_word(kind, parts[-1]) if is_said else None
        return (" ".join(parts[:-2]), unit) if unit else (heading, None)
    for at in reversed(range(1, len(parts))):
        # A short word may mean something else, unless it is the last.
        is_word = parts[at] not in _TIME and (at == len(parts) - 1 or len(parts[at]) > 3)
        if is_word and (unit := unit_of_word(kind, parts[at])):
            before = parts[: at - (parts[at - 1] in {"in", "i", "en", "em"})]
            return " ".join((*before, *parts[at + 1 :])), unit
    return heading, None


@cache
def unit_meanings(heading: str) -> tuple[Meaning, ...]:
    """What a heading may speak of, where its unit is no part of the name: `Length (min)` is the length."""
    own = meanings(heading)
    if any(m.fact is not None and COLUMNS[m.fact].kind == "count" for m in own) and heading_unit(heading, "shares"):
        # A share of those who watch, and no count of them.
        return (Meaning(None, BARE),)
    if any(m.confidence >= BARE for m in own):
        return own
    for kind in USUAL:
        rest, unit = _parted(heading, kind)
        if unit and (others := tuple(m for m in meanings(rest) if m.fact and kind_of(COLUMNS[m.fact]) == kind)):
            return others
    return own


def resolve_units(columns: Mapping[str, pd.Series], headings: Mapping[str, str], by_hand: Mapping[str, str]) -> Units:
    """The units of columns of texts, by the facts that they are and their `headings`.

    `by_hand` takes headings to the units that the user says.
    """
    units = Units()
    kinds = {fact: kind for fact in columns if (kind := kind_of(COLUMNS[fact]))}
    seconds: dict[str, pd.Series] = {}
    for fact in (fact for fact, kind in kinds.items() if kind == "lengths"):
        seconds[fact] = _resolve_length(fact, columns, headings[fact], by_hand.get(headings[fact]), units)
    watched = _compare_lengths(seconds, columns, headings, by_hand, units)
    for fact, kind in kinds.items():
        heading, hand = headings[fact], by_hand.get(headings[fact])
        if kind == "shares":
            _resolve_share(fact, columns[fact], heading, hand, watched, units)
        elif kind == "counts":
            _resolve_count(fact, columns[fact], heading, hand, units)
    return units


def is_said(fact: str, heading: str, by_hand: Mapping[str, str], units: Units) -> bool:
    """Whether the unit of a column is other than that of a column of which nothing is said."""
    kind = kind_of(COLUMNS[fact])
    is_named = kind == "shares" and heading_unit(heading, "shares") is not None
    is_usual = units.of[fact] == (USUAL[kind] if kind in {"lengths", "counts"} else units.of[fact])
    return heading in by_hand or fact in units.guesses or is_named or not is_usual


def _ask(fact: str, heading: str, choices: tuple[str, ...], why: str) -> Doubt:
    """The doubt between several units, with what to say for each."""
    options = _(" or ").join(_option(fact, heading, unit) for unit in choices)
    names = _(" or ").join(_(UNIT_NAMES[unit]) for unit in choices)
    problem = _("{fact} may be in {units}, since {why}", fact=fact, units=names, why=why)
    return Doubt(problem, _("say which with {options}", options=options))


def _guess(fact: str, heading: str, unit: str, why: str) -> str:
    name, option = UNIT_NAMES[unit], _option(fact, heading, _other(unit))
    text = N_("{heading!r} is read in {unit}, since {why}; if it is not, say so with {option}")
    return _(text, heading=heading, unit=_(name), why=why, option=option)


def _option(fact: str, heading: str, unit: str) -> str:
    """What says the unit of a column on the command line, ready to paste."""
    return f"--column {shlex.quote(f'{fact}[{unit}]={heading}')}"


def _other(unit: str) -> str:
    return {"ms": "s", "m:ss": "h:mm:ss", "%": "share", "share": "%", "min": "s"}.get(unit, "s")


def _values(texts: pd.Series, most: int = 3) -> str:
    """Some of the values of a column, as they are quoted."""
    return ", ".join(str(text)[:20] for text in texts.dropna().unique()[:most])


def _median(values: pd.Series) -> float:
    known = values.to_numpy(dtype="float64")
    known = known[~np.isnan(known)]
    return float(np.median(known)) if len(known) else float("nan")


def _bare_and_signed(parsed: Parsed) -> tuple[pd.Series, pd.Series]:
    """The values of bare numbers, and of those that bear their unit."""
    assert parsed.is_bare is not None
    return parsed.values[parsed.is_bare], parsed.values[parsed.values.notna() & ~parsed.is_bare]


def _resolve_length(
    fact: str, columns: Mapping[str, pd.Series], heading: str, hand: str | None, units: Units
) -> pd.Series:
    """The values in seconds of a column of lengths, whose unit is noted."""
    texts = columns[fact]
    parsed = parse_durations(texts, hand, whole=fact == "total_watch_time_s")
    if hand is not None:
        units.of[fact] = hand
        return parsed.values
    # A length of 0 is none: it stands for what is not known.
    bare, signed = (values[values > 0] for values in _bare_and_signed(parsed))
    unit = heading_unit(heading, "lengths")
    middle = _median(bare) * SECONDS[unit or "s"]
    low, high = _USUAL_WATCH if fact == "average_watch_time_s" else _USUAL_LENGTH
    shown = _values(texts[bare.index])
    if len(signed) and len(bare) and not 0.05 < _median(signed) / max(_median(bare), 1e-9) < 20:
        why = _("other numbers in the column have a unit ({values})", values=_values(texts))
        units.doubts[fact] = _ask(fact, heading, ("s", "min", "ms"), why)
    elif len(bare) and unit is not None and fact in {"duration_s", "average_watch_time_s"}:
        limit = LONGEST_S if unit == "s" else high
        if not low / 10 <= middle <= limit and middle:
            why = _("its heading says {unit}, but its values are {values}", unit=_(UNIT_NAMES[unit]), values=shown)
            choices = dict.fromkeys((unit, "s" if unit != "s" else "ms", "min" if unit == "h" else unit))
            units.doubts[fact] = _ask(fact, heading, tuple(choices), why)
    elif len(bare) and unit is None and fact in {"duration_s", "average_watch_time_s"} and middle > LONGEST_S:
        unit = "ms"
        units.guesses[fact] = _guess(fact, heading, unit, _("no video is that many seconds long"))
    elif len(bare) and unit is None and fact == "duration_s" and 0 < middle < low:
        why = _("hardly a video is that short in seconds ({values})", values=shown)
        units.doubts[fact] = _ask(fact, heading, ("s", "min"), why)
    elif len(signed) and fact in {"duration_s", "average_watch_time_s"}:
        unit = _clock_unit(fact, texts, signed, heading, units) or unit
    units.of[fact] = unit or "s"
    if units.of[fact] == "s":
        return parsed.values
    return parse_durations(texts, units.of[fact], whole=fact == "total_watch_time_s").values


def _clock_unit(fact: str, texts: pd.Series, signed: pd.Series, heading: str, units: Units) -> str | None:
    """`m:ss` where a spreadsheet took `0:15` for hours and minutes, so that every length is of whole minutes."""
    clocks = texts[signed.index]
    known = signed > 0
    whole = clocks[known].str.fullmatch(_ALONE)
    if not whole.any():
        return None
    if not whole.all():
        minutes, others = (signed[known][where] for where in (whole, ~whole))
        if len(minutes) * 5 >= len(whole) and _median(minutes) >= _USUAL_LENGTH[1] > 20 * _median(others):
            values = _values(clocks[known][whole])
            why = _("some are whole minutes ({values}), many times as long as the others", values=values)
            units.doubts[fact] = _ask(fact, heading, ("m:ss", "h:mm:ss"), why)
        return None
    if _median(signed[known]) >= _USUAL_LENGTH[1]:
        why = _("all of it is whole minutes, as if {value!r} was typed as minutes and seconds", value=clocks.iloc[0])
        units.guesses[fact] = _guess(fact, heading, "m:ss", why)
        return "m:ss"
    why = _("all of it is whole minutes ({values})", values=_values(clocks))
    units.doubts[fact] = _ask(fact, heading, ("m:ss", "h:mm:ss"), why)
    return None


def _compare_lengths(
    seconds: Mapping[str, pd.Series],
    columns: Mapping[str, pd.Series],
    headings: Mapping[str, str],
    by_hand: Mapping[str, str],
    units: Units,
) -> pd.Series | None:
    """The share of a video that its average view watches, by row; None where that is not known for sure.

    Where length and watch time contradict each other, the one whose unit nobody says is in doubt; where they agree, a
    doubt is gone.
    """
    watch, length = seconds.get("average_watch_time_s"), seconds.get("duration_s")
    if watch is None and "total_watch_time_s" in seconds and "views" in columns:
        views = parse_counts(columns["views"]).values
        average = _median(seconds["total_watch_time_s"] / views.where(views > 0))
        name = headings["total_watch_time_s"]
        if name not in by_hand and not (np.isnan(average) or 0.02 <= average <= LONGEST_S):
            why = _("views of {seconds:g} s on average are not likely", seconds=round(average, 4))
            units.doubts["total_watch_time_s"] = _ask("total_watch_time_s", name, ("s", "min", "h", "ms"), why)
    if length is None or watch is None:
        return None
    share = watch / length.where(length > 0)
    middle, in_doubt = _median(share), units.doubts.keys() & {"duration_s", "average_watch_time_s"}
    if 0.05 <= middle <= 2 and _median(watch) >= _USUAL_WATCH[0]:
        # Both are in the same unit, and seconds are likely.
        for fact in in_doubt:
            del units.doubts[fact]
        return share
    if middle and not in_doubt and not (np.isnan(middle) or _WATCHED[0] <= middle <= _WATCHED[1]):
        each = ("duration_s", "average_watch_time_s")
        unsaid = [f for f in each if headings[f] not in by_hand and not heading_unit(headings[f], "lengths")]
        text = N_("videos of {length:g} s are watched for {watch:g} s on average")
        why = _(text, length=round(_median(length), 3), watch=round(_median(watch), 3))
        for fact in [*unsaid, *(f for f in each if headings[f] not in by_hand)][:1]:
            units.doubts[fact] = _ask(fact, headings[fact], ("s", "min", "ms"), why)
    return None


def _resolve_share(
    fact: str, texts: pd.Series, heading: str, hand: str | None, watched: pd.Series | None, units: Units
) -> None:
    """Note whether a column is in percent or in shares of 1."""
    bare, signed = _bare_and_signed(parse_shares(texts, "share"))
    units.of[fact] = hand or "%"
    if hand is not None or not len(bare):
        return
    named, is_completion = heading_unit(heading, "shares"), fact == "completion_rate"
    top = float(bare.max())
    watch_time = _by_watch_time(bare, watched) if is_completion else None
    if len(signed) or top > (MOST_LOOPS if is_completion else 1):
        # Beside a percent sign stand percentages; such as could be shares of 1 are in doubt.
        is_mixed = len(signed) > 0 and top <= 1 and _median(signed) > 0.02
        # A sum beneath shares of 1 is larger than any of them.
        is_like_shares = is_completion and not len(signed) and (watch_time == "share" or _median(bare) <= _LOOPS)
        unit = None if is_mixed or named == "share" or is_like_shares else "%"
        why = None
    elif named == "%":
        is_like_shares = is_completion and top <= _LOOPS and _median(bare) >= 0.1 and len(bare) > 2
        unit = None if watch_time == "share" or (watch_time is None and is_like_shares) else "%"
        why = _("its heading says so") if top <= 1 else None
    else:
        unit = named or watch_time or _by_size(bare)
        is_guess = not named and (top > 1 or unit == "%")
        told_by = (
            _("average watch time and length say so")
            if watch_time
            else _("its values are {values}", values=_values(texts))
        )
        why = told_by if is_guess else None
    if unit is None:
        units.doubts[fact] = _ask(fact, heading, ("%", "share"), _("its values are {values}", values=_values(texts)))
        return
    units.of[fact] = unit
    if why is not None:
        units.guesses[fact] = _guess(fact, heading, unit, why)


def _by_size(values: pd.Series) -> str | None:
    """`share` where numbers of which nothing is said are shares by their size; None where that does not tell."""
    top, middle = float(values.max()), _median(values)
    is_odd = middle > _LOOPS or (top == 1 and values.isin([0, 1]).all())
    return None if is_odd or (top > 1 and (len(values) < 3 or middle < 0.1)) else "share"


def _by_watch_time(completions: pd.Series, watched: pd.Series | None) -> str | None:
    """Whether completions are shares or percentages, by the share of its length that a view watches; None for neither.

    No more views can last to the end than last that long on average.
    """
    if watched is None:
        return None
    known = watched[completions.index].dropna()
    shares = completions[known.index]
    if not len(known):
        return None
    if (shares > known * 1.1 + 0.02).mean() > 0.5:
        return "%"
    return "share" if _median(known) > 0.05 and _median(shares) < MOST_LOOPS else None


def _resolve_count(fact: str, texts: pd.Series, heading: str, hand: str | None, units: Units) -> None:
    """Note whether a column counts in thousands or millions."""
    unit = hand or heading_unit(heading, "counts")
    if unit is None:
        return
    units.of[fact] = unit
    if hand is None:
        middle = _median(parse_counts(texts, unit).values)
        # Less than one video in a million is seen so often.
        if middle > 1e9 or (middle > 1e8 and COUNTED_IN[unit] > 1 and _median(parse_counts(texts).values) >= 1e5):
            why = _(
                "its heading says {unit}, but its values are {values}", unit=_(UNIT_NAMES[unit]), values=_values(texts)
            )
            units.doubts[fact] = _ask(fact, heading, ("1", unit), why)
