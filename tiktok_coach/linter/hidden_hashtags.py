"""Hashtags that YAML takes for comments, since the caption, title or list that they belong to has no quotes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from tiktok_coach.core.documents.document import MapMarks, unpacked
from tiktok_coach.core.facts import text_at
from tiktok_coach.core.translation import _
from tiktok_coach.linter.finding import HIDDEN_HASHTAG, Edit, Finding, Fix
from tiktok_coach.linter.suppressions import COMMENT
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.plans.places import DocumentPlaces
from tiktok_coach.rules.lint_codes import NAMES, SEVERITIES
from tiktok_coach.rules.load import CompiledRule

_COLUMNS = ("caption", "title", "hashtags")
# A line that begins with one of these keys and a value without quotes, and a hashtag where a comment begins.
_LINE = re.compile(
    r"""^[ \t]*(?:-[ \t]+)*["']?(?:caption|title|hashtags)["']?[ \t]*:(?=[ \t])"""
    r"""(?![ \t]*["'|>\[{&*!])(?P<value>[^\n]*?)[ \t](?P<comment>\#\w[^\r\n]*)""",
    re.IGNORECASE | re.MULTILINE,
)
# Behind hashtags a comment of its own may stand.
_OWN_COMMENT = re.compile(r"(?<![ \t])[ \t]+(?:#[ \t].*|#coach:.*|$)")
# What rules read of hashtags, of captions and of all posts of an account, which lack what stands in the comment.
_OF_HASHTAGS, _OF_CAPTIONS = frozenset({"hashtags", "hashtag_count"}), frozenset({"caption", "asks_question"})
_OF_ACCOUNT = "top_hashtag_share"


def hidden_hashtags(calendar: ContentCalendar) -> Iterator[Finding]:
    """A finding for each caption, title or hashtags whose rest is a comment, with the quotes that make it a text."""
    candidates = {
        number: spans
        for number, plan in enumerate(calendar.plans)
        if isinstance(plan.places, DocumentPlaces) and (spans := _comments(plan.text))
    }
    if not candidates:
        return
    pairs = zip(calendar.plan_of.tolist(), calendar.row_of.tolist(), strict=True)
    for row, (number, at) in enumerate(pairs):
        places = calendar.plans[number].places
        if number not in candidates or not isinstance(places, DocumentPlaces):
            continue
        marks = places.rows[at]
        for column in _COLUMNS if isinstance(marks, MapMarks) else ():
            # The value, which may be nothing, ends before the space that the comment stands behind.
            if not isinstance(marks.get(column), int):
                continue
            _key, start, end = unpacked(marks[column])
            spans = candidates[number]
            key_end, begin, stop = spans[max(bisect_right(spans, start, key=itemgetter(0)) - 1, 0)]
            if key_end <= start <= end <= begin and not places.document.text[end:begin].strip():
                yield _finding(calendar, row, column, start, (key_end, begin, stop))


def _comments(text: str) -> list[tuple[int, int, int]]:
    """Where such lines have the end of the key, the beginning of the comment and its end."""
    spans = []
    for match in _LINE.finditer(text) if "#" in text else ():
        start, end = match.span("comment")
        if COMMENT.match(text, start) is None:
            own = _OWN_COMMENT.search(text, start, end)
            spans.append((match.start("value"), start, end if own is None else own.start()))
    return spans


def _finding(calendar: ContentCalendar, row: int, column: str, start: int, span: tuple[int, int, int]) -> Finding:
    key_end, begin, end = span
    plan, post = calendar.plan(row), text_at(calendar.posts.column_or_null("post_id"), row)
    # Where nothing stands before the comment, the value begins with it.
    first = start if plan.text[key_end:begin].strip() else begin
    written = plan.text[first:end]
    fix = Fix((Edit(plan.name, first, end, _quoted(written)),), row, column, written if column != "hashtags" else None)
    message, advice = (
        _("# begins a comment here: put the {key} in quotes", key=column),
        _("Write {text}", text=_quoted(written)),
    )
    about: dict[str, Any] = {"post": post, "value": plan.text[begin:end], "autofix": fix}
    parts = (HIDDEN_HASHTAG, NAMES[HIDDEN_HASHTAG], SEVERITIES[HIDDEN_HASHTAG], "high", message, advice)
    return Finding(*parts, plan.places.between(begin, end), post or plan.name, **about)


def _quoted(text: str) -> str:
    """A text as YAML writes it in quotes; in single ones where it holds what others would need to escape."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def without_incomplete(findings: Sequence[Finding], rules: Sequence[CompiledRule]) -> list[Finding]:
    """The findings without those on what a caption or a post's hashtags lack, of which a part is a comment."""
    hidden = [one for one in findings if one.code == HIDDEN_HASHTAG and one.autofix is not None]
    if not hidden:
        return list(findings)
    tagged = {(one.place.file, one.post) for one in hidden if one.autofix and one.autofix.column != "title"}
    lines = {(one.place.file, one.post, one.place.line) for one in hidden}
    # What a post has too much of, it has without the comment.
    lacks = [rule for rule in rules if getattr(rule.params, "max", None) is None]
    fields = {rule.code: rule.rule.field for rule in lacks if getattr(rule.params, "expect", "match") != "no_match"}

    def follows(one: Finding) -> bool:
        field = fields.get(one.code)
        if field in _OF_HASHTAGS:
            return (one.place.file, one.post) in tagged
        if field in _OF_CAPTIONS:
            return (one.place.file, one.post, one.place.line) in lines
        return field == _OF_ACCOUNT and bool(tagged)

    return [one for one in findings if not follows(one)]
