"""The hashtags that may stand at the cursor of a plan: the account's own with their record, trends, and communities."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.editor.completion_request import SNIPPET, VALUE, Item, Request
from tiktok_coach.editor.history_words import Use
from tiktok_coach.editor.key_help import Key
from tiktok_coach.rules.checks.listed import Listed
from tiktok_coach.rules.suggestions import GENERAL

_TRENDS = {"hashtag", "challenge", "search", "small_business"}
# What the hashtags are that a rule lists.
_COMMUNITIES = {"T204": N_("a well-known community"), "T805": N_("for small businesses")}
_TAG = re.compile(r"[#＃][^\s#＃\"',\]}]*\Z")
_TAG_REST = re.compile(r"[^\W]*")
_WORD = re.compile(r"[^\s,;\"'\[]*\Z")
_LOST = re.compile(r"#\w*\Z")
_UNQUOTED = re.compile(r"caption[ \t]*:[ \t]+(?=[^\s\"'|>\[{&!*])[^\"\\]*?[ \t]+\Z", re.IGNORECASE)


def hashtags_in_caption(request: Request) -> Iterator[Item]:
    """Hashtags where one is begun in a caption."""
    cursor, text = request.cursor, request.file.text
    typed = _TAG.search(text, cursor.start, request.offset)
    if typed is None:
        return
    rest = _TAG_REST.match(text, request.offset)
    end = rest.end() if rest is not None else request.offset
    caption = f"{text[cursor.start : typed.start()]} {text[end : cursor.end]}".casefold()
    present = set(re.findall(r"[#＃](\w+)", caption))
    yield from _tag_items(request, typed.start(), end, present, "#")


def hashtags(request: Request, *, is_own: bool = False) -> Iterator[Item]:
    """Hashtags as words of a list, or of one text that lists them."""
    cursor, text = request.cursor, request.file.text
    word = _WORD.search(cursor.prefix.removeprefix(cursor.quote))
    start = request.offset - len(word[0] if word is not None else "")
    sign = "#" if not is_own and (word is not None and word[0].startswith("#")) else ""
    end = min(request.offset + len(re.match(r"\w*", text[request.offset : cursor.end])[0]), cursor.end)  # type: ignore[index]
    listed = text[max(text.rfind("[", 0, start), text.rfind(":", 0, start)) + 1 : start]
    present = set(re.findall(r"\w+", f"{listed} {text[end : cursor.end]}".casefold()))
    yield from _tag_items(request, start, end, present, sign)


def _tag_items(request: Request, start: int, end: int, present: set[str], sign: str) -> Iterator[Item]:
    cursor, known = request.cursor, set(present)
    for tag, detail, more in _tag_list(request):
        if tag in known or not tag:
            continue
        known.add(tag)
        new = f"{sign}{tag}"
        if cursor.is_json and not cursor.quote:
            new = json.dumps(new, ensure_ascii=False)
        item = {
            "label": f"#{tag}",
            "kind": VALUE,
            "detail": detail,
            "textEdit": request.edit(start, end, cursor.lead + new),
            "filterText": new,
        }
        yield item | ({"documentation": {"kind": "markdown", "value": more}} if more else {})


def hashtags_lost(request: Request, key: Key) -> Iterator[Item]:
    """Hashtags where YAML would read a comment: as words of a list, or with the quotes that the caption lacks."""
    cursor, text = request.cursor, request.file.text
    name = key.column.name if key.column is not None else ""
    typed = _LOST.fullmatch(cursor.prefix)
    if typed is None or re.fullmatch(r"#\w*", text[cursor.start : cursor.end].rstrip("]} \t")) is None:
        return
    end = cursor.start + len(re.match(r"#\w*", text[cursor.start : cursor.end])[0])  # type: ignore[index]
    if name == "hashtags":
        for item in _tag_items(request, cursor.start, end, set(), ""):
            yield item | {"filterText": item["label"]}
        return
    line_start = request.file.positions.starts[request.file.positions.position(request.offset)["line"]]
    before = _UNQUOTED.search(text, line_start, cursor.start)
    if name != "caption" or before is None or cursor.is_flow:
        return
    begin = line_start + text[line_start : cursor.start].index(":", before.start() - line_start) + 1
    begin += len(text[begin : cursor.start]) - len(text[begin : cursor.start].lstrip())
    quote = {"range": request.file.positions.range(begin, begin), "newText": '"'}
    present = set(re.findall(r"[#＃](\w+)", text[begin : cursor.start].casefold()))
    for item in _tag_items(request, cursor.start, end, present, "#"):
        stop = '$0"' if request.has_snippets else '"'
        edit = {**item["textEdit"], "newText": f"{item['textEdit']['newText']}{stop}"}
        yield (
            item
            | {"textEdit": edit, "additionalTextEdits": [quote]}
            | ({"insertTextFormat": SNIPPET} if request.has_snippets else {})
        )


def _tag_list(request: Request) -> Iterator[tuple[str, str, str]]:
    """Hashtags without #, each with what is known of it in a few words and at length; the most used come first."""
    words, account = request.words, request.account
    own = words.hashtags if words is not None else ()
    for use in (use for use in own if use.name not in GENERAL):
        yield use.name, record_of(use, request), explain_record(use)
    known = {use.name for use in own}
    for tag in account.subcultures:
        yield tag, _("of your communities"), ""
    for tag in request.trends(_TRENDS):
        yield tag.removeprefix("#").replace(" ", ""), _("trending now"), ""
    for rule in request.rules:
        is_for = all(
            getattr(account, str(fact).removeprefix("account."), None) == v for fact, v in rule.rule.when.items()
        )
        if isinstance(rule.params, Listed) and rule.rule.field == "hashtags" and is_for:
            for tag in rule.params.names:
                if tag not in known:
                    yield tag, _(_COMMUNITIES.get(rule.code, rule.rule.do)), ""
    for use in (use for use in own if use.name in GENERAL):
        yield use.name, record_of(use, request), explain_record(use)


def record_of(use: Use, request: Request) -> str:
    """How often something was used, and what such posts usually got."""
    words = request.words
    if words is None:
        return ""
    if use.views is None or words.usual is None:
        return plural("on {count} of your posts", "on {count} of your posts", use.posts)
    terms = {"views": use.views, "usual": words.usual}
    return plural(
        "on {count} post: {views:,.0f} views, your usual {usual:,.0f}",
        "on {count} posts: {views:,.0f} views, your usual {usual:,.0f}",
        use.posts,
        **terms,
    )


def explain_record(use: Use) -> str:
    """What the numbers of a hashtag or a sound are."""
    if use.views is None:
        return ""
    return _("Medians of your published posts. They show how posts with it did, not what it did for them.")
