"""What an editor shows where one points at a plan: the problems there with their rules, and what a fact is worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tiktok_coach.core.captions import hashtags_in
from tiktok_coach.core.facts import text_at
from tiktok_coach.core.translation import _, plural
from tiktok_coach.editor.fact_hover import caption_lines, hashtag_lines, key_lines, length_lines, time_lines
from tiktok_coach.editor.hints import views_lines
from tiktok_coach.editor.keys import Entry, entry_at
from tiktok_coach.editor.markdown import RULE, code, lines, markup, plain
from tiktok_coach.editor.own_posts import account_of, gaps, local_time, own_posts
from tiktok_coach.editor.project import Linted, OpenFile, Project
from tiktok_coach.editor.rule_hover import findings_text
from tiktok_coach.linter.finding import Finding, Suppressed
from tiktok_coach.linter.fixes import hashtag_spans
from tiktok_coach.linter.suppressions import Suppression, suppressions_of
from tiktok_coach.plans.places import DocumentPlaces
from tiktok_coach.plans.plan import Plan

# So many of the problems that a comment silences are named.
MOST_SILENCED = 3
Span = tuple[int, int]


def hover_at(linted: Linted, project: Project, file: OpenFile, offset: int) -> dict[str, Any] | None:
    """What there is to say of an offset of a file's text, as the protocol writes it; None for nothing."""
    if file.name not in linted.plans:
        return None
    plan, first = linted.plans[file.name]
    if (comment := _comment_at(plan, offset)) is not None:
        return _hover(file, [lines(_comment_lines(comment, linted, file))], _span(comment))
    findings = [one for one in linted.findings_in(file.name) if _holds(one, offset)]
    entry = entry_at(plan, offset)
    texts, span = ([], None) if entry is None else _of_entry(entry, offset, linted, project, file)
    if findings:
        row = _row_at(plan, entry, offset)
        own = None if row is None else own_posts(linted, project, first + row)
        # Who points at a word asks about that word rather than the whole text.
        is_within = span is not None and entry is not None and span not in {entry.key, entry.value}
        aside = [one for one in findings if is_within and entry is not None and _of_finding(one) == entry.value]
        near = [one for one in findings if one not in aside]
        texts += findings_text(near, linted, file, own, aside=aside)
        narrowest = min((_of_finding(one) for one in findings), key=lambda one: one[1] - one[0])
        span = narrowest if span is None else span
    return _hover(file, texts, span) if texts and span is not None else None


def _hover(file: OpenFile, texts: list[str], span: Span) -> dict[str, Any]:
    return {"contents": markup(RULE.join(texts)), "range": file.positions.range(*span)}


def _of_finding(finding: Finding) -> Span:
    start, end = finding.place.start, finding.place.end
    return (start, end) if start is not None and end is not None else (-1, -1)


def _holds(finding: Finding, offset: int) -> bool:
    start, end = _of_finding(finding)
    return start <= offset < end or start == offset


def _row_at(plan: Plan, entry: Entry | None, offset: int) -> int | None:
    """The row of the post at an offset in its plan, or of the nearest one before."""
    if entry is not None and entry.row is not None:
        return entry.row
    starts = [plan.places.of(row, None).start for row in range(len(plan.posts))]
    return max((row for row, start in enumerate(starts) if start is not None and start <= offset), default=None)


def _of_entry(
    entry: Entry, offset: int, linted: Linted, project: Project, file: OpenFile
) -> tuple[list[str], Span | None]:
    """What there is to say of a key or a value, and where that stands; no texts for nothing."""
    plan, first = linted.plans[file.name]
    if entry.on_key:
        text = lines(key_lines(entry))
        return ([text] if text else []), entry.key
    row = None if entry.row is None else first + entry.row
    if row is not None and entry.column in {"caption", "hashtags"}:
        tag = _hashtag_at(plan, entry, offset, linted, row)
        if tag is not None:
            word, span = tag
            own = own_posts(linted, project, row)
            return [lines(hashtag_lines(word, own, account_of(linted, row), linted))], span
    text = lines(_value_lines(entry, row, linted, project) if row is not None else key_lines(entry))
    return ([text] if text else []), entry.value


def _value_lines(entry: Entry, row: int, linted: Linted, project: Project) -> Iterator[str]:
    if entry.column == "caption":
        yield from caption_lines(linted, row)
    elif entry.column == "posted_at" and (moment := local_time(linted, row)) is not None:
        own = own_posts(linted, project, row)
        yield from time_lines(moment[0], own, gaps(linted, own, row), has_hour=moment[1])
        # On what that rests is said at its hint.
        yield next(views_lines(linted, project, row), "")
    else:
        yield from key_lines(entry)
        if entry.column == "duration_s":
            yield from length_lines(own_posts(linted, project, row))


def _hashtag_at(plan: Plan, entry: Entry, offset: int, linted: Linted, row: int) -> tuple[str, Span] | None:
    """The hashtag at an offset of a caption, or of the hashtags beside it, in lower case, and where it stands."""
    start, end = entry.value
    spans = [(start + begin, start + word, start + stop) for begin, word, stop in hashtag_spans(plan.text[start:end])]
    if entry.column == "hashtags" and entry.row is not None:
        items = plan.places.items(entry.row, "hashtags")
        spans += [(place.start, place.start, place.end) for place in items if place.start is not None and place.end]
    posts = linted.run.linted.calendar.posts
    known = set(hashtags_in([text_at(posts.column_or_null(name), row) for name in ("caption", "hashtags")]).words)
    for begin, word, stop in spans:
        tag = plan.text[word:stop].strip("\"'#＃ ").lower()
        # What an escape is part of is no word of the text.
        if begin <= offset < stop and tag in known:
            return tag, (begin, stop)
    return None


def _comment_at(plan: Plan, offset: int) -> Suppression | None:
    """The comment at an offset that silences something."""
    text = plan.text
    line_end = text.find("\n", offset)
    line = text[text.rfind("\n", 0, offset) + 1 : line_end if line_end >= 0 else len(text)]
    # To look for all of a long plan's comments takes longer than all else here.
    if not isinstance(plan.places, DocumentPlaces) or "coach:" not in line:
        return None
    return next((one for one in suppressions_of(plan) if _span(one)[0] <= offset < _span(one)[1]), None)


def _span(comment: Suppression) -> Span:
    assert comment.place.start is not None
    assert comment.place.end is not None
    return comment.place.start, comment.place.end


def _comment_lines(comment: Suppression, linted: Linted, file: OpenFile) -> Iterator[str]:
    """The rules that a comment names, and what it silences here."""
    for wanted in comment.codes:
        rules = [rule for rule in linted.settings.every_rule if rule.code.startswith(wanted)]
        if len(rules) == 1:
            yield f"**{rules[0].code}**: {plain(rules[0].rule.title)}"
        elif rules:
            count = plural("{count} rule", "{count} rules", len(rules))
            yield f"**{plain(wanted)}**: {count}, {plain(rules[0].title)}"
        else:
            yield _("{code}: no rule has such a code", code=code(wanted))
    silenced = [one for one in linted.run.linted.suppressed if _is_silenced_by(one, comment, file)]
    if silenced:
        yield plural("Silences {count} problem here:", "Silences {count} problems here:", len(silenced))
    else:
        yield _("Silences nothing here.")
    for one in silenced[:MOST_SILENCED]:
        yield f"{one.finding.code}: {plain(one.finding.message)}"
    if len(silenced) > MOST_SILENCED:
        yield _("and {count} more", count=len(silenced) - MOST_SILENCED)


def _is_silenced_by(one: Suppressed, comment: Suppression, file: OpenFile) -> bool:
    finding, span = one.finding, comment.lines
    if one.kind != "inSource" or finding.place.file != file.name or not finding.code.startswith(comment.codes):
        return False
    places = [place for place in (finding.place, finding.whole) if place is not None]
    return span is None or any(span[0] <= place.line <= span[1] for place in places)
