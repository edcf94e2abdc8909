"""What of a caption, or of the hashtags, is more than a rule takes: the words and the hashtags beyond it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

from tiktok_coach.core.facts import text_at
from tiktok_coach.linter.fixes import Source, hashtag_spans, one_word, source_of
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.plans.places import Place
from tiktok_coach.rules.checks.length import Length
from tiktok_coach.rules.evaluate import Evaluation

# The columns whose texts rules of length measure, by the fields of these.
_TEXTS = {"shown_caption": "caption", "caption": "caption", "title": "title"}


def excess(evaluation: Evaluation, calendar: ContentCalendar, row: int) -> Place | None:
    """The place of what is beyond the most that a rule takes; None where it has no such place of its own."""
    rule, params = evaluation.compiled.rule, evaluation.compiled.params
    most = getattr(params, "max", None)
    if most is None or rule.scope != "post":
        return None
    if rule.field == "hashtag_count":
        return _hashtags_beyond(calendar, row, int(most))
    if not isinstance(params, Length) or rule.field not in _TEXTS:
        return None
    source = source_of(calendar, row, _TEXTS[rule.field])
    if source is None or (start := start_beyond(source.value, most, params.unit)) is None:
        return None
    return _between(calendar, row, source, start, len(source.value))


def start_beyond(text: str, most: int, unit: str) -> int | None:
    """Where the word begins that goes beyond so many characters; None where none does.

    >>> start_beyond("rye bread", 7, "characters"), start_beyond("🍞🍞", 2, "utf16")
    (4, 1)
    """
    lengths = accumulate(1 if unit == "characters" or ord(character) < 1 << 16 else 2 for character in text)
    over = next((at for at, length in enumerate(lengths) if length > most), None)
    if over is None:
        return None
    # A text without spaces is one word, whose beginning is within the limit.
    return max(text.rfind(space, 0, over) for space in " \n\t") + 1 or over


def _hashtags_beyond(calendar: ContentCalendar, row: int, most: int) -> Place | None:
    """From the first hashtag that is one too many to the last one; each counts once."""
    known: set[str] = set()

    def is_new(word: str) -> bool:
        return not (word in known or known.add(word))  # type: ignore[func-returns-value]

    plan, at = calendar.plan(row), int(calendar.row_of[row])
    of_caption = _spans(text_at(calendar.posts.column_or_null("caption"), row), is_new)
    left = most - len(of_caption)
    if left < 0:
        source = source_of(calendar, row, "caption")
        span = of_caption[most][0], of_caption[-1][1]
        return _between(calendar, row, source, *span) if source is not None else None
    if items := [place for place in plan.places.items(at, "hashtags") if is_new(_word(plan.text, place))]:
        places = items[left:]
        are_own = bool(places) and places[0].file == plan.name
        return plan.places.between(places[0].start or 0, places[-1].end or 0) if are_own else None
    spans = _spans(text_at(calendar.posts.column_or_null("hashtags"), row), is_new)[left:]
    source = source_of(calendar, row, "hashtags")
    return _between(calendar, row, source, spans[0][0], spans[-1][1]) if spans and source is not None else None


def _spans(text: str | None, is_new: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Where hashtags of a text begin and end that are new."""
    tags = hashtag_spans(text) if text is not None else []
    return [(start, end) for start, word, end in tags if text is not None and is_new(text[word:end].lower())]


def _word(text: str, place: Place) -> str:
    return one_word(text[place.start : place.end]).lower()


def _between(calendar: ContentCalendar, row: int, source: Source, start: int, end: int) -> Place | None:
    """The place in the file of a part of a text; None where that cannot be told."""
    first, last = (source.offset(at) if source.usable else None for at in (start, end))
    return None if first is None or last is None else calendar.plan(row).places.between(first, last)
