"""Scans a plan that may be half written, and notes what stands at the cursor.

No parser takes such a text, so it is scanned line by line: indents, quotes and brackets say where things are, and a
line that looks like a key ends whatever was left open above it. A letter is put in at the cursor, so that something
stands there.
"""

from __future__ import annotations

import re

from tiktok_coach.core.documents.document import MAX_DEPTH
from tiktok_coach.editor.cursor_context import ITEM, Cursor, Frame, Site

LETTER = "x"
QUOTED = r'"(?:[^"\\\r\n]|\\[^\r\n])*"|\'(?:[^\'\r\n]|\'\')*\''
_PLAIN_KEY = r"(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`]|[\-?:](?=\S))(?:[^:#\r\n]|:(?=\S)|(?<=\S)#)*?"
_KEY = re.compile(rf"({QUOTED}|{_PLAIN_KEY})[ \t]*:(?=\s|\Z)")
_NEW_ENTRY = re.compile(rf"[ \t]*(?:-[ \t]+)*(?:{QUOTED}|[\w.-]+)[ \t]*:(?=\s|\Z)|[ \t]*-(?=\s)")
_BLOCK_TEXT = re.compile(r"[|>][-+0-9]{0,2}[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\r|\Z)")
_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*[ \t]+")
_COMMENT = re.compile(r"(?:(?<=[ \t\r\n])|^)#")
_FLOW_PLAIN = re.compile(r"(?:[^,\[\]{}:#\r\n]|:(?![\s,\[\]{}]|\Z)|(?<!\s)#)+")
_BLANK = re.compile(r"[ \t\ufeff]+")
_ROOT_KEY = re.compile(r"^([A-Za-z_]\w*)[ \t]*:(?=\s|\Z)", re.MULTILINE)
_WORD = re.compile(r"\w+[ \t]*(?=[\r\n]|\Z)")
_LINE_END = re.compile(r"\r\n?|\n|\Z")
_MARKER = re.compile(r"(?:---|\.\.\.)(?=\s|\Z)")
# What a colon in brackets stands before, where it ends a key.
_AFTER_COLON = ("", *" \t\r\n,[]{}")


class Scanner:
    """Reads a text with a letter at an offset, and sees what that is part of."""

    def __init__(self, text: str, offset: int, *, is_json: bool) -> None:
        self.text, self.offset, self.is_json = text, offset, is_json
        self.is_in_brackets = is_json
        self.frames: list[Frame] = []
        self.root: Frame | None = None
        self._cursor: Cursor | None = None
        self._frame: Frame | None = None
        # How many frames of blocks are around the brackets that are open.
        self._outside = 0
        self._is_plain = False

    def cursor(self, lead: str) -> Cursor | None:
        """What was seen at the cursor, in terms of the text without the letter."""
        one = self._cursor
        if one is None:
            return None
        shift = len(lead) + 1
        start = one.start - len(lead) if one.start >= self.offset else one.start
        # The letter stands for the key of the cursor, which is none of the others.
        keys = dict(self._frame.keys) if self._frame is not None else {}
        if not self.is_json and self._frame is self.root:
            keys |= {key: "" for key in _ROOT_KEY.findall(self.text) if key not in keys}
        keys.pop(_content(self.text[one.start : one.end]) if one.site == "key" else one.key or "", None)
        prefix = self.text[one.start : self.offset]
        values = {name: getattr(one, name) for name in ("site", "path", "key", "quote", "is_flow", "is_alone")}
        return Cursor(
            **values,
            start=start,
            end=max(one.end - shift, start),
            prefix=prefix,
            keys=keys,
            is_json=self.is_json,
            has_colon=one.has_colon,
            is_closed=one.is_closed,
            lead=lead,
        )

    @property
    def _is_over(self) -> bool:
        """Whether the cursor is seen, and so is all of the mapping that it is in."""
        return self._cursor is not None and not any(frame is self._frame for frame in self.frames)

    def scan(self, at: int) -> None:
        """Read lines, or brackets alone, from an offset on."""
        if self.is_in_brackets:
            self._flow(at)
            return
        while at < len(self.text) and not self._is_over:
            at = self._line(at)

    def _line(self, at: int) -> int:
        """Read what begins on a line; gives where the next one to read begins."""
        text, end = self.text, line_end(self.text, at)
        following = _next_line(text, end)
        begin = at + len(text[at:end]) - len(text[at:end].lstrip(" \t\ufeff"))
        if begin >= end:
            return following
        if text[begin] == "#":
            self._see("comment", begin, end, is_alone=True)
            return following
        if begin == at and _MARKER.match(text, begin):
            return following
        column = begin - at
        key = _KEY.match(text, begin, end)
        if self._is_plain and column > self.frames[-1].indent and key is None:
            # The text of the value above goes on.
            self._plain(begin, end, is_alone=False)
            return following
        self._is_plain = False
        self._close_to(column, is_dash=_is_dash(text, begin))
        if self._is_over:
            return following
        while _is_dash(text, begin):
            top = self.frames[-1]
            if not top.is_list or top.indent < column:
                if len(self.frames) > MAX_DEPTH:
                    return following
                self.frames.append(Frame(is_list=True, indent=column))
            rest = text[begin + 1 : end]
            begin += 1 + len(rest) - len(rest.lstrip(" \t"))
            column = begin - at
            if begin >= end:
                return following
            key = _KEY.match(text, begin, end)
        return self._entry(begin, column, key)

    def _entry(self, begin: int, column: int, key: re.Match[str] | None) -> int:
        """Read a key with its value, or what stands alone; gives where the next line to read begins."""
        top = self.frames[-1]
        if not top.is_list and top.key is None and top.indent < column:
            top = self._open(column)
        if key is None:
            is_root = self.text[begin] in "[{" and top is self.root and not top.keys
            if not top.is_list and top.indent >= column and not is_root:
                # A key whose colon is not typed yet.
                end = line_end(self.text, begin)
                stop = _comment_start(self.text, begin, end)
                top.key = None
                self._see("key", begin, _trimmed(self.text, begin, stop))
                self._see("comment", stop, end)
                return _next_line(self.text, end)
            return self._value(begin, is_alone=True)
        if top.is_list or top.indent < column:
            top = self._open(column)
        self._put_key(top, key.start(1), key.end(1), has_colon=True)
        return self._value(key.end(), is_alone=False)

    def _open(self, column: int) -> Frame:
        """Open a mapping below that which is open last."""
        frame, around, one = Frame(is_list=False, indent=column), self.frames[-1], self._cursor
        self.frames.append(frame)
        if one is None or self._frame is not around:
            return frame
        if one.site == "item" or (one.is_alone and one.key == around.key):
            # What stands at the cursor is to be one of its keys.
            self._frame = frame
        return frame

    def _close_to(self, column: int, *, is_dash: bool) -> None:
        """Close what a line at a column is not part of."""
        while len(self.frames) > 1:
            top = self.frames[-1]
            if top.indent < column or (top.indent == column and (is_dash or not top.is_list)):
                return
            self.frames.pop()

    def _value(self, at: int, *, is_alone: bool) -> int:
        """Read the value that begins after an offset; gives where the next line to read begins."""
        text = self.text
        end = line_end(text, at)
        at += len(text[at:end]) - len(text[at:end].lstrip(" \t"))
        while (match := _PROPERTY.match(text, at, end)) is not None:
            at = match.end()
        if at >= end:
            return _next_line(text, end)
        if text[at] == "#" and _COMMENT.match(text, at):
            self._see("comment", at, end)
            return _next_line(text, end)
        if _BLOCK_TEXT.match(text, at):
            return self._block_text(_next_line(text, end))
        if text[at] in "[{":
            at = self._brackets(at)
        elif text[at] in "\"'":
            at = self._quoted(at, is_alone=is_alone)
        else:
            self._is_plain = True
            self._plain(at, end, is_alone=is_alone)
            return _next_line(text, end)
        end = line_end(text, at)
        comment = _comment_start(text, at, end)
        self._see("comment", comment, end)
        return _next_line(text, end)

    def _plain(self, at: int, end: int, *, is_alone: bool) -> None:
        stop = _comment_start(self.text, at, end)
        self._put_value(at, _trimmed(self.text, at, stop), is_alone=is_alone)
        self._see("comment", stop, end)

    def _block_text(self, at: int) -> int:
        """Read the lines of a block of text; gives where the next line begins."""
        text, start, least = self.text, at, self.frames[-1].indent + 1
        while at < len(text):
            end = line_end(text, at)
            line = text[at:end]
            if line.strip() and len(line) - len(line.lstrip(" ")) < least:
                break
            at = _next_line(text, end)
        self._put_value(start, at, quote="|")
        return at

    def _brackets(self, at: int) -> int:
        """Read brackets with all that is in them; gives where they end, or where a line ends them that looks new."""
        self._outside = len(self.frames)
        at = self._flow(at)
        del self.frames[self._outside :]
        return at

    def _flow(self, at: int) -> int:
        while at < len(self.text) and not self._is_over:
            char = self.text[at]
            if char in "\r\n":
                at = _next_line(self.text, at)
                if self._outside and self._is_new_entry(at):
                    return at - 1
            elif (blank := _BLANK.match(self.text, at)) is not None:
                at = blank.end()
            elif char in "{[}],":
                at += 1
                self._sign(char)
                if char in "}]" and len(self.frames) == self._outside:
                    return at
            elif char == "#" and not self.is_json:
                end = line_end(self.text, at)
                self._see("comment", at, end)
                at = end
            else:
                at = self._flow_scalar(at)
        return at

    def _sign(self, char: str) -> None:
        """Open or close brackets, or go on to the next entry in them."""
        if char in "{[":
            if len(self.frames) > MAX_DEPTH:
                return
            self.frames.append(Frame(is_list=char == "[", indent=-1))
        elif char in "}]":
            self._close(is_list=char == "]")
        elif len(self.frames) > self._outside and not self.frames[-1].is_list:
            self.frames[-1].key = None

    def _close(self, *, is_list: bool) -> None:
        """Close the brackets of a kind that were opened last, with what was left open in them."""
        kinds = [frame.is_list for frame in self.frames[self._outside :]]
        if is_list in kinds:
            while self.frames.pop().is_list != is_list:
                pass

    def _is_new_entry(self, at: int) -> bool:
        """Whether the line at an offset can only be an entry of the block around the brackets or quotes before it."""
        blank = _BLANK.match(self.text, at)
        begin = at if blank is None else blank.end()
        around = [frame.indent for frame in self.frames if frame.indent >= 0 and (frame.is_list or frame.key)]
        if not around or begin - at > around[-1]:
            return False
        word = _WORD.match(self.text, begin)
        # On the cursor's line, what is typed may become a key.
        is_typed = word is not None and word.start() <= self.offset < word.end()
        return is_typed or _NEW_ENTRY.match(self.text, at) is not None

    def _flow_scalar(self, at: int) -> int:
        text = self.text
        if text[at] in ('"' if self.is_json else "\"'"):
            end, closed = self._quote_end(at)
        else:
            match = _FLOW_PLAIN.match(text, at)
            if match is None:
                return at + 1
            end, closed = _trimmed(text, at, match.end()), False
        is_quoted = text[at] in "\"'"
        blank = _BLANK.match(text, end)
        colon = end if blank is None else blank.end()
        has_colon = text[colon : colon + 1] == ":" and (is_quoted or text[colon + 1 : colon + 2] in _AFTER_COLON)
        top = self.frames[-1] if self.frames else None
        if top is None or top.is_list or top.key is not None:
            self._put_value(at, end, quote=text[at] if is_quoted else "", closed=closed)
            return end
        self._put_key(top, at, end, has_colon=has_colon, closed=closed)
        if not has_colon:
            top.key = None
        return colon + 1 if has_colon else end

    def _quoted(self, at: int, *, is_alone: bool) -> int:
        """Read a quoted value; gives where it ends."""
        end, closed = self._quote_end(at)
        self._put_value(at, end, quote=self.text[at], closed=closed, is_alone=is_alone)
        return end

    def _quote_end(self, at: int) -> tuple[int, bool]:
        """Where a quoted text ends, and whether its quote is closed before the cursor, which stands behind it."""
        text, quote = self.text, self.text[at]
        pattern = re.compile(r'"|\\.|[\r\n]' if quote == '"' else r"''|'|[\r\n]", re.DOTALL)
        last = at + 1
        while (match := pattern.search(text, last)) is not None:
            last = match.end()
            if match[0] == quote:
                # A letter behind the quote is the cursor's.
                return (last + 1, True) if last == self.offset else (last, False)
            if match[0] in "\r\n" or match[0][-1] in "\r\n":
                last = _next_line(text, match.end() - 1)
                if self.is_json or self._is_new_entry(last):
                    return match.start(), False
        return len(text), False

    def _put_key(self, frame: Frame, start: int, end: int, *, has_colon: bool, closed: bool = False) -> None:
        frame.key = _content(self.text[start:end])
        if frame.key not in frame.keys:
            frame.keys[frame.key] = ""
        quote = self.text[start] if self.text[start] in "\"'" else ""
        self._see("key", start, end, quote=quote, has_colon=has_colon, closed=closed)

    def _put_value(
        self, start: int, end: int, *, quote: str = "", closed: bool = False, is_alone: bool = False
    ) -> None:
        top = self.frames[-1] if self.frames else None
        if top is not None and not top.is_list and top.key is not None and not top.keys.get(top.key):
            top.keys[top.key] = _content(self.text[start:end])
        site: Site = "item" if top is not None and top.is_list else "value"
        self._see(site, start, end, quote=quote, closed=closed, is_alone=is_alone)

    def _see(
        self,
        site: Site,
        start: int,
        end: int,
        *,
        quote: str = "",
        has_colon: bool = False,
        closed: bool = False,
        is_alone: bool = False,
    ) -> None:
        """Note what stands at the cursor, if it is this."""
        if self._cursor is not None or not start <= self.offset < end:
            return
        self._frame = self.frames[-1] if self.frames else None
        key = self._frame.key if self._frame is not None and site != "key" else None
        self._cursor = Cursor(
            site,
            self._path(),
            start,
            end,
            "",
            key,
            quote=quote,
            is_flow=self._frame is not None and self._frame.indent < 0,
            is_alone=is_alone,
            has_colon=has_colon,
            is_closed=closed,
        )

    def _path(self) -> tuple[str, ...]:
        """The steps to the mapping or list that is open last."""
        steps = (ITEM if frame.is_list else frame.key for frame in self.frames[:-1])
        return tuple(step for step in steps if step is not None)


def line_end(text: str, offset: int) -> int:
    """Where the line of an offset ends."""
    match = _LINE_END.search(text, offset)
    return match.start() if match is not None else len(text)


def _is_dash(text: str, at: int) -> bool:
    return text[at] == "-" and text[at + 1 : at + 2] in ("", " ", "\t", "\r", "\n")


def _next_line(text: str, at: int) -> int:
    """The offset behind the end of a line."""
    return at + 2 if text.startswith("\r\n", at) else at + 1


def _comment_start(text: str, at: int, end: int) -> int:
    match = _COMMENT.search(text, at, end)
    return match.start() if match is not None else end


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _content(text: str) -> str:
    """What a key or a value says, without its quotes."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text.strip()
