"""Which column of a calendar is what: by its heading, in the vocabulary of exports, and its values, or as users say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.schema import CELL_KINDS, COLUMNS, METRICS
from tiktok_coach.core.translation import N_, _
from tiktok_coach.io.columns.names import BARE, WEAK, WITHIN, Meaning, meanings
from tiktok_coach.io.columns.rows import platform_of, status_of
from tiktok_coach.io.dates.parse import has_year
from tiktok_coach.io.dates.zone_names import without_zone
from tiktok_coach.io.files.decoding import FALSE, MISSING, TRUE
from tiktok_coach.io.files.sheets import heading
from tiktok_coach.plans.key_headings import ASKED_FOR, column_of_heading, fits_column
from tiktok_coach.plans.plan import columns_by_key, key_of

# Schedulers' calendars, by headings that are compared without case.
_SCHEDULERS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("calendars.json").read_text("utf-8"))
# Without these a table is no calendar, and a wrong one of several columns would mislead.
NEEDED = ("caption", "posted_at")
# What a calendar may say besides, under headings of any kind; its other facts bear the names of the plans' own keys.
_SIDE = ("hashtags", "duration_s", "sound", "sound_artist", "post_id", "account", "language", "video_file")
_ROLES = ("platform", "status", "timezone")
ROLES = ("clock", *_ROLES, "ticked", "published")
# At least this share of the texts must be of a kind for a column to be of that kind.
NEARLY_ALL, MOST, HALF = 0.9, 0.7, 0.5
_LONGEST_HEADING, _LONGEST_DAY, _SHOWN_HEADINGS = 80, 60, 12
CLOCK = re.compile(
    r"\D{0,8}\d{1,2}\s*(?:[:.h]\s?\d{2}(?:[:.]\d{2})?(?:\.\d+)?|[ap]\.?\s?m|uhr|uur|h\b|時|点|點|시|giờ)\D{0,14}(?:\d{1,2}\D?.*)?",
    re.IGNORECASE,
)
# A spreadsheet's time of day, which it counts from its first day.
SHEET_DAY_0 = re.compile(r"^(?:1899-12-3[01]|190[04]-01-0[01])[ T]")
_POST_LINK = re.compile(r"(?i)tiktok\.com/.*/?(?:video|photo|v|t)/|(?:vm|vt)\.tiktok\.com/")
_COUNT = re.compile(r"[+-]?\d[\d\s:.,'’٬٫]*[^\d\s]{0,5}")
_FILE = re.compile(r"(?i)\.\w{2,4}(?:\W|$)|[/\\]")
_SHORT_DAY = re.compile(r"\d{1,2}\.\s?\d{1,2}\.")
# `Caption (EN)` is the caption, whatever its language.
_LANGUAGE_CODE = re.compile(r"\s*[(\[][A-Z]{2,3}[)\]]$")
_BRACKETS = re.compile(r"\s*[(\[].*?[)\]]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_TICKS = TRUE | FALSE | {"☑", "☐", "✅", "✓", "✔", "✗", "x", "checked", "unchecked"}
TICKED = TRUE | {"☑", "✅", "✓", "✔", "x", "checked"}


@dataclass(frozen=True)
class CalendarColumns:
    """The columns of a calendar by position.

    `facts` takes columns of the posts table to the columns that hold them, the first and those that fill its gaps.
    `clock` holds times of day beside days, `timezone` the zone of each row, `platform` the networks of a row, `status`
    how far it is, `ticked` is true for what goes out on TikTok and `published` for what is out; `results` are counts
    and links of posts that are out. One that is not `is_certain` has headings that an export may have as well.
    `questions` are about facts that several columns may be, `doubts` what else should be known; `unread` are headings.
    """

    name: str
    facts: Mapping[str, tuple[int, ...]]
    clock: int | None = None
    timezone: int | None = None
    platform: int | None = None
    status: int | None = None
    ticked: int | None = None
    published: int | None = None
    results: tuple[int, ...] = ()
    is_certain: bool = True
    questions: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def named(self, headings: Sequence[str]) -> dict[str, str]:
        """What is read of a calendar with these headings, with the heading that says it."""
        at = {fact: positions[0] for fact, positions in self.facts.items()}
        at |= {role: position for role in ROLES if (position := getattr(self, role)) is not None}
        return {name: headings[position].strip() for name, position in at.items()}

    @property
    def lacks(self) -> list[str]:
        """Which of the facts it needs no column holds."""
        in_question = {fact for fact, _names in self.questions}
        return [fact for fact in NEEDED if fact not in self.facts and fact not in in_question]


# The non-empty texts of a column.
Texts = Sequence[str]


def _share(texts: Texts, fits: Callable[[str], object]) -> float:
    return sum(bool(fits(text)) for text in texts) / len(texts) if texts else 1.0


def _is_clock(text: str) -> bool:
    return bool(SHEET_DAY_0.match(text)) or (
        bool(CLOCK.fullmatch(text)) and not has_year(text) and not _SHORT_DAY.fullmatch(text)
    )


def _is_day(text: str) -> bool:
    is_possible = len(text) <= _LONGEST_DAY and any(map(str.isdigit, text)) and not re.fullmatch(r"\d{1,3}", text)
    return is_possible and not _is_clock(text)


def _is_platform(text: str) -> bool:
    """Whether a text is a platform's name and no handle, which may have one in it."""
    return platform_of(text) is not None and not re.search("[@._]", text)


def _is_worded(text: str) -> bool:
    return any(map(str.isalpha, text)) and not text.startswith(("http://", "https://"))


_FITS: dict[str, Callable[[Texts], bool]] = {
    "posted_at": lambda texts: _share(texts, _is_day) >= HALF,
    "clock": lambda texts: bool(texts) and _share(texts, _is_clock) >= HALF,
    "caption": lambda texts: _share(texts, lambda t: _is_worded(t) and not has_year(t)) >= HALF,
    "duration_s": lambda texts: _share(texts, lambda t: t[:1].isdigit() or t.startswith("PT")) >= MOST,
    "post_id": lambda texts: len(set(texts)) == len(texts),
    "account": lambda texts: _share(texts, lambda t: len(t) <= _LONGEST_DAY and not t.isdigit()) >= MOST,
    "language": lambda texts: _share(texts, _LANGUAGE.fullmatch) >= MOST,
    "count": lambda texts: _share(texts, _is_count) >= MOST,
    "video_file": lambda texts: _share(texts, _FILE.search) >= HALF,
    "platform": lambda texts: _share(texts, platform_of) >= HALF,
    "link": lambda texts: _share(texts, _POST_LINK.search) >= HALF,
}
_FITS["client"] = _FITS["account"]


def _fits(meaning: Meaning, texts: Texts) -> bool:
    """Whether the texts of a column can be what its heading may mean; True where it holds none."""
    fact = meaning.fact or ""
    if fact == "hashtags" and meaning.confidence <= WEAK:
        # Tags and labels are words of one's own, unless they are marked as hashtags.
        return bool(texts) and _share(texts, lambda t: "#" in t) >= HALF
    fits = _FITS.get("count" if fact in METRICS else fact)
    return fits is None or fits(texts)


def scheduler_columns(headings: Sequence[str]) -> CalendarColumns | None:
    """The columns of a scheduler's own format; None where the headings are of none."""
    names = [heading(name) for name in headings]
    for kind in _SCHEDULERS:
        if set(names).issuperset(kind["required"]):
            at = {name: names.index(name) for name in dict.fromkeys(names)}
            facts = {fact: (at[name],) for fact, name in kind["columns"].items() if name in at}
            clock, ticked, platform = (at.get(kind.get(role, "")) for role in ("clock", "ticked", "platform"))
            return CalendarColumns(kind["name"], facts, clock=clock, ticked=ticked, platform=platform)
    return None


def with_key_columns(calendar: CalendarColumns, headings: Sequence[str], columns: Sequence[Texts]) -> CalendarColumns:
    """The columns of a scheduler's calendar, and those beside them that bear the plans' own keys."""
    facts = dict(calendar.facts)
    used = {position for positions in facts.values() for position in positions}
    for position, name in enumerate(headings):
        column = column_of_heading(name)
        if column is not None and position not in used and fits_column(column, columns[position]):
            facts.setdefault(column.name, (position,))
    return replace(calendar, facts=facts)


def infer_calendar(
    headings: Sequence[str], columns: Sequence[Texts], by_hand: Mapping[str, Sequence[str]]
) -> CalendarColumns:
    """What the columns of a calendar are, by its headings and the non-empty texts below each.

    `by_hand` takes facts to headings that the user names; those that the calendar lacks are passed over.
    """
    return _Inference(headings, columns, by_hand).result()


@dataclass
class _Inference:
    headings: Sequence[str]
    columns: Sequence[Texts]
    by_hand: Mapping[str, Sequence[str]]
    facts: dict[str, tuple[int, ...]] = field(default_factory=dict)
    claims: dict[str, dict[int, float]] = field(default_factory=dict)
    results: list[int] = field(default_factory=list)
    published: int | None = None
    questions: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def result(self) -> CalendarColumns:
        own, clock = self._take_named()
        is_own = "posted_at" in own
        used = {position for positions in self.facts.values() for position in positions}
        unknown = []
        for position, name in enumerate(self.headings):
            is_new = bool(name.strip()) and self.headings.index(name) == position and position not in used | {clock}
            if is_new and not (self._take_key(position, name) or self._claim(position, name)):
                unknown.append(position)
        self._claim_by_values(unknown)
        for fact in (*NEEDED, "client", *_SIDE, "clock", *_ROLES, "working title"):
            self._choose(fact)
        if "caption" not in self.facts and "working title" in self.facts and not self.questions:
            self._take_title()
        roles = {role: self.facts.pop(role, (None,))[0] for role in ("clock", "working title", "client", *_ROLES)}
        if roles["client"] is not None:
            self.facts.setdefault("account", (roles["client"],))
        read = {p for positions in self.facts.values() for p in positions} | {*self.results, self.published, clock}
        unread = [n for p, n in enumerate(self.headings) if n.strip() and p not in read | {*roles.values()}]
        return CalendarColumns(
            "calendar" if is_own else "calendar kept by hand",
            self.facts,
            clock=clock if clock is not None else roles["clock"],
            timezone=roles["timezone"],
            platform=roles["platform"],
            status=roles["status"],
            published=self.published,
            results=tuple(self.results),
            is_certain=is_own,
            questions=tuple(self.questions),
            doubts=tuple(self.doubts),
            unread=tuple(unread),
        )

    def _take_named(self) -> tuple[set[str], int | None]:
        """Take the columns named by hand, and those that bear the plans' own keys; of these also the facts."""
        clock = None
        names = [heading(name) for name in self.headings]
        for fact, by_hand in self.by_hand.items():
            positions = [names.index(heading(name)) for name in by_hand if heading(name) in names]
            clocks = [p for p in positions if fact == "posted_at" and _FITS["clock"](self.columns[p])]
            if clocks and len(positions) > 1:
                clock = clocks[0]
                positions.remove(clock)
            if positions:
                self.facts[fact] = tuple(positions)
        keys = {key.casefold(): column.name for key, column in columns_by_key().items()}
        own: set[str] = set()
        for position, name in enumerate(names):
            # A key such as `hook_s` is nobody's word for something else.
            if name in keys and ("publish_at" in names or re.search(r"[a-z][_.][a-z]", name)):
                own.add(keys[name])
                self.facts.setdefault(keys[name], (position,))
        return own, clock

    def _take_key(self, position: int, name: str) -> bool:
        """Take a column whose heading is a plan's key in another writing, and whose values can be its facts."""
        column, texts = column_of_heading(name), self.columns[position]
        if column is None or column.name in self.facts:
            return False
        if fits_column(column, texts):
            self.facts[column.name] = (position,)
            return True
        if column.name in ASKED_FOR:
            kind = CELL_KINDS.get(column.kind)
            what = _(kind) if kind else _("one of {names}", names=", ".join(column.choices))
            text = N_("{heading!r} is not read: {value!r} is not {what}")
            self.doubts.append(_(text, heading=name, value=texts[0][:40], what=what))
        return False

    def _claim(self, position: int, name: str) -> bool:
        """Note what a column may be; False where its heading says nothing that its values can be."""
        texts, name = self.columns[position], _LANGUAGE_CODE.sub("", without_zone(name))
        if len(name) > _LONGEST_HEADING:
            return False
        known = meanings(name, of_plans=True) or meanings(_BRACKETS.sub("", name), of_plans=True)
        if status_of(name) == "published" and texts and _share(texts, lambda t: t.casefold() in _TICKS) >= MOST:
            self.published = position
            return True
        for meaning in chain(known, _as_exports_mean(name)):
            fact = meaning.fact
            if fact is None:
                return True
            if fact in {"account", "client"} and texts and _share(texts, _is_platform) == 1:
                fact = "platform"
            elif fact == "posted_at" and not _fits(meaning, texts) and _FITS["clock"](texts):
                fact = "clock"
            elif not _fits(meaning, texts):
                continue
            # How many follow the account says nothing of a post.
            if fact == "followers":
                return True
            if fact == "link" or fact in METRICS:
                self.results.append(position)
            else:
                self.claims.setdefault(fact, {}).setdefault(position, meaning.confidence)
            return True
        return False

    def _claim_by_values(self, unknown: Sequence[int]) -> None:
        """Platforms, statuses and hashtags under headings that say nothing; what else are times is named."""
        kinds = (("platform", _is_platform), ("status", status_of), ("hashtags", lambda text: text.startswith("#")))
        for role, fits in kinds:
            likely = [p for p in unknown if self.columns[p] and _share(self.columns[p], fits) >= NEARLY_ALL]
            if role not in self.claims and len(likely) == 1:
                self.claims[role] = {likely[0]: WITHIN}
        for position in unknown:
            texts = self.columns[position]
            if texts and _share(texts, lambda text: _is_clock(text) or has_year(text)) >= MOST:
                text = N_("{heading!r} has times and is not read; --column publish_at=NAME reads it")
                self.doubts.append(_(text, heading=self.headings[position]))

    def _choose(self, fact: str) -> None:
        rivals = self.claims.get(fact, {})
        if not rivals or fact in self.facts:
            return
        # A column that is hardly filled gives way to one that is.
        most = max(len(self.columns[p]) for p in rivals)
        rivals = {p: confidence for p, confidence in rivals.items() if len(self.columns[p]) * 2 >= most}
        best = max(rivals.values())
        equal = [p for p in rivals if rivals[p] == best]
        tagged = [p for p in equal if fact == "caption" and any("#" in text for text in self.columns[p])]
        if len(tagged) == 1:
            equal = tagged
        if len({tuple(self.columns[p]) for p in equal}) > 1:
            names = _(" or ").join(repr(self.headings[p]) for p in equal)
            if fact in NEEDED or (fact == "clock" and "posted_at" not in self.by_hand):
                self.questions.append(("posted_at" if fact == "clock" else fact, names))
            elif fact in COLUMNS:
                text = _("{fact} may be {names}; left out: say which with --column {fact}=NAME", fact=fact, names=names)
                self.doubts.append(text)
            if fact not in _ROLES:
                return
        # A heading that stands again holds what its first column does not.
        first = self.headings[equal[0]]
        self.facts[fact] = tuple(p for p, name in enumerate(self.headings) if name == first and p >= equal[0])
        if WEAK < best < BARE and fact in NEEDED:
            text = N_("{heading!r} is read as {fact}, since the names are alike; --column {fact}=NAME decides it")
            self.doubts.append(_(text, heading=self.headings[equal[0]], fact=key_of(fact)))

    def _take_title(self) -> None:
        """A working title is the caption where nothing else is, and exports would take it for one."""
        [position] = self.facts["working title"]
        name = self.headings[position]
        if any(meaning.fact == "caption" for meaning in meanings(name)) and _FITS["caption"](self.columns[position]):
            self.facts["caption"] = (position,)
            text = N_("{heading!r} is read as the caption, since no other column is; --column caption=NAME decides it")
            self.doubts.append(_(text, heading=name))


def _as_exports_mean(name: str) -> Iterator[Meaning]:
    """What a heading may mean where it means nothing else in calendars; looked up no sooner than it is needed."""
    yield from meanings(name)


def ask(columns: CalendarColumns, where: str) -> CoachError:
    """The error for a calendar of which several columns may be a fact that it needs."""
    fact, names = columns.questions[0]
    problem = _("{fact} may be {names}", fact=key_of(fact), names=names)
    return CoachError(problem, where=where, hint=_("say which with --column {fact}=NAME", fact=key_of(fact)))


def what_lacks(headings: Sequence[str], columns: Sequence[Texts], absent: Sequence[str], where: str) -> CoachError:
    """The error for a table that is no calendar: what it lacks, its headings, and which of them may be meant."""
    names = {"caption": _("captions"), "posted_at": _("days of publishing")}
    present = [name.strip() for name in headings if name.strip()]
    shown = ", ".join(repr(name[:40]) for name in present[:_SHOWN_HEADINGS])
    more = _(" and {count} more", count=len(present) - _SHOWN_HEADINGS) if len(present) > _SHOWN_HEADINGS else ""
    what = _(" or ").join(names[fact] for fact in absent)
    text = N_("isn't a plan I can read: no column seems to have {what}; its columns are {shown}{more}")
    import shlex

    options = {fact: guess for fact in absent if (guess := _likeliest(fact, headings, columns)) is not None}
    pasted = " ".join(f"--column {shlex.quote(f'{key_of(fact)}={name}')}" for fact, name in options.items())
    hint = _("if this is right, say: {options}", options=pasted)
    if not options:
        hint = _("name it with --column {fact}=HEADING, or add one", fact=key_of(absent[0]))
    return CoachError(_(text, what=what, shown=shown, more=more), where=where, hint=hint)


def _likeliest(fact: str, headings: Sequence[str], columns: Sequence[Texts]) -> str | None:
    """The heading over the values that look most like a fact; None where none do."""
    filled = [(name.strip(), texts) for name, texts in zip(headings, columns, strict=True) if name.strip() and texts]
    if fact == "posted_at":
        dated = [(name, _share(texts, has_year)) for name, texts in filled]
        return max((pair for pair in dated if pair[1] >= HALF), key=lambda pair: pair[1], default=(None, 0.0))[0]
    worded = [(name, sum(map(len, texts)) / len(texts)) for name, texts in filled if _FITS["caption"](texts)]
    return max(worded, key=lambda pair: pair[1], default=(None, 0.0))[0]


def _is_count(text: str) -> bool:
    """Whether a text may be a count, in whatever marks: `1’234`, `2.3만`; `2 remarks by Anna` is none."""
    return _COUNT.fullmatch(text) is not None


def is_result(text: str) -> bool:
    """Whether a cell shows that a post is out: a count above 0, or the link of a post."""
    count = _is_count(text) and any(c.isdecimal() and int(c) for c in text)
    return count or _POST_LINK.search(text) is not None


def non_empty(texts: Sequence[str]) -> list[str]:
    """The texts that hold something, without outer space."""
    return [text for text in map(str.strip, texts) if text and text.casefold() not in MISSING]
