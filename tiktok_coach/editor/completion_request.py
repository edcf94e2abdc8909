"""What an editor asks for while one types, and what it is given: items that put a text in at the cursor."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Set
from functools import cached_property
from typing import Any

import numpy as np

from tiktok_coach.analysis.settings import Settings
from tiktok_coach.core.account import MAX_AGE_DAYS, Account
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.facts import known_mask
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.timezones import parse_timezone
from tiktok_coach.editor.cursor_context import Cursor
from tiktok_coach.editor.history_words import HistoryWords, Trend
from tiktok_coach.editor.project import Linted, OpenFile, Project
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.subjects import local_time, text_equals

# Kinds of completions and formats of what is put in, as the protocol numbers them.
PROPERTY, VALUE, ENUM, KEYWORD, FILE, EVENT = 10, 12, 13, 14, 17, 23
SNIPPET = 2
# Of trends so many are offered.
MOST_TRENDS = 50
Item = dict[str, Any]
_PLAIN = re.compile(r"[^\W\d_](?:[\w .&/+()'-]*[\w.)])?")
_NO_TEXT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "none"})


@dataclass(frozen=True)
class Sources:
    """What is known beside a plan: the published posts' words, trends, and what lint last said; all may be missing."""

    words: HistoryWords | None = None
    trends: tuple[Trend, ...] = ()
    linted: Linted | None = None


@dataclass(frozen=True)
class Request:
    """What is asked: the cursor at an `offset` of a file, with what is known beside it."""

    file: OpenFile
    project: Project
    cursor: Cursor
    offset: int
    sources: Sources
    has_snippets: bool

    def edit(self, start: int, end: int, text: str) -> dict[str, Any]:
        """An edit of the text; of what goes on on further lines, that on the cursor's is replaced."""
        line_end = self.file.positions.line_span(self.file.positions.position(self.offset)["line"])[1]
        span = self.file.positions.range(start, min(end, max(line_end, self.offset)))
        return {"range": span, "newText": text}

    @property
    def words(self) -> HistoryWords | None:
        """What the published posts have; None where none are known."""
        return self.sources.words

    @cached_property
    def account(self) -> Account:
        """The account of the settings, with what its exports say."""
        account = Account() if self._settings is None else self._settings.config.account.account()
        return account if self.words is None else account.fill_from(self.words.account)

    @cached_property
    def rules(self) -> tuple[CompiledRule, ...]:
        """All rules; none where the settings cannot be used."""
        return () if self._settings is None else self._settings.every_rule

    def trends(self, kinds: Set[str]) -> list[str]:
        """The names of some kinds that trend now, in the account's country or everywhere; the newest first."""
        if self.today is None:
            return []
        regions = (None, self.account.country)
        new = (one for one in self.sources.trends if one.kind in kinds and one.region in regions)
        names = (one.name for one in new if abs((one.as_of - self.today).days) <= MAX_AGE_DAYS)
        return list(dict.fromkeys(names))[:MOST_TRENDS]

    @cached_property
    def other_days(self) -> set[dt.date]:
        """The days of the posts in the folder's other plans, as lint last read them."""
        linted, zone = self.sources.linted, self.account.timezone
        days: set[dt.date] = set()
        for plan, _first in linted.plans.values() if linted is not None else ():
            if plan.name != self.file.name:
                times = plan.posts.column_or_null("posted_at")
                has_hour = text_equals(plan.posts.column_or_null("posted_at_precision"), "second")
                local = np.where(has_hour, local_time(times, zone), times) if zone else times
                days.update(local[known_mask(local)].astype("datetime64[D]").tolist())
        return days

    @cached_property
    def today(self) -> dt.date | None:
        """The day on the account's clock; None where the settings cannot be used."""
        if self._settings is None:
            return None
        zone = parse_timezone(self.account.timezone) if self.account.timezone else dt.UTC
        return self._settings.now.astimezone(zone).date()

    @cached_property
    def _settings(self) -> Settings | None:
        try:
            return self.project.settings()
        except CoachError:
            return None


def written(cursor: Cursor, text: str, *, is_text: bool) -> str:
    """A value as it is written at a cursor, in the quotes that are open there or in those that it needs."""
    if cursor.is_json:
        return json.dumps(text, ensure_ascii=False) if is_text else text
    if cursor.quote == "'":
        return "'" + text.replace("'", "''") + "'"
    is_plain = _PLAIN.fullmatch(text) is not None and text.casefold() not in _NO_TEXT
    needs = is_text and not is_plain and not text[:1].isdigit()
    return json.dumps(text, ensure_ascii=False) if cursor.quote or needs else text


def value_item(
    request: Request, text: str, kind: int, *, detail: str = "", documentation: str = "", is_text: bool = True
) -> Item:
    """An item that takes the place of the value at the cursor."""
    cursor = request.cursor
    new = written(cursor, text, is_text=is_text)
    item: Item = {
        "label": text,
        "kind": kind,
        "textEdit": request.edit(cursor.start, cursor.end, cursor.lead + new),
        "filterText": new,
    }
    if detail:
        item["detail"] = detail
    if documentation:
        item["documentation"] = {"kind": "markdown", "value": documentation}
    return item
