"""Where a cursor stands in a plan that may be half written: in which mapping, and at a key or a value."""

from __future__ import annotations

import re
from collections import deque

from tiktok_coach.editor.cursor_context import Cursor, Frame
from tiktok_coach.editor.text_scanner import LETTER, QUOTED, Scanner, line_end
from tiktok_coach.plans.documents import FRONT_MATTER

# So much of a text after the cursor is looked through for the other keys of its mapping.
MOST_AFTER = 20_000
# So far into a list in brackets scanning begins at its beginning.
FAR = 20_000
_POSTS = re.compile(r"^posts[ \t]*:[ \t]*(?:#.*)?\r?$", re.MULTILINE | re.IGNORECASE)
_FIRST_ITEM = re.compile(r"(?:\s|#[^\r\n]*[\r\n]|---[ \t]*[\r\n])*?^([ \t]*)-(?=\s|\Z)", re.MULTILINE)
_POSTS_IN_BRACKETS = re.compile(r"""posts["']?[ \t]*:\s*\[""", re.IGNORECASE)
_NEXT_POST = re.compile(r"""\}\s*,\s*(?=\{\s*["']?\w+["']?[ \t]*:)""")
_OPENING_DASHES = re.compile(r"---[ \t]*\r?\n")
# A key or a dash to which no space is typed yet.
_UNSPACED = re.compile(
    rf"[ \t]*(?:(?:-[ \t]+)*(?:{QUOTED}|[A-Za-z_]\w*):|(?:-[ \t]+)*-)\Z|.*[{{,][ \t]*[A-Za-z_]\w*:\Z"
)


def cursor_at(text: str, offset: int, suffix: str) -> Cursor | None:
    """What stands at an offset of a plan; None where nothing of a plan does, such as in the text of a Markdown file."""
    start, stop = 0, len(text)
    if suffix in {".md", ".markdown"}:
        opening = _OPENING_DASHES.match(text, 1 if text.startswith("\ufeff") else 0)
        if opening is None or offset < opening.end():
            return None
        matter = FRONT_MATTER.match(text)
        start, stop = opening.end(), matter.end("yaml") if matter is not None else stop
        if offset > stop:
            return None
    is_json = suffix not in {".md", ".markdown", ".yaml", ".yml"}
    line_start = _line_start(text, offset)
    before = text[line_start:offset]
    after = text[offset : line_end(text, offset)]
    if not before.strip() and after.strip() and after[0] in " \t":
        # Within the indent of a line on which something stands.
        return None
    lead = " " if not is_json and _UNSPACED.match(before) else ""
    scanned = text[:offset] + lead + LETTER + text[offset : min(stop, offset + MOST_AFTER)]
    scanner = Scanner(scanned, offset + len(lead), is_json=is_json)
    begin = _flow_start(text, start, offset, scanner) if is_json else _yaml_start(text, start, offset, scanner)
    scanner.scan(begin)
    return scanner.cursor(lead)


def _yaml_start(text: str, start: int, offset: int, scanner: Scanner) -> int:
    """Where scanning begins: at the line of the cursor's post, else at the first; tells the scanner what is open."""
    posts = _POSTS.search(text, start, offset)
    first = _FIRST_ITEM.match(text, posts.end() if posts is not None else start)
    root = Frame(is_list=False, indent=0, key="posts" if posts is not None else None)
    scanner.frames, scanner.root = [root], root
    if first is None or first.end() > offset:
        root.key = None
        return _flow_start(text, start, offset, scanner) if first is None else start
    indent = first[1]
    at = offset
    while (at := text.rfind(f"\n{indent}-", first.start(1) - 1 if first.start(1) else 0, at)) >= 0:
        if text[at + len(indent) + 2 : at + len(indent) + 3].strip() == "":
            break
    scanner.frames = [root, Frame(is_list=True, indent=len(indent))]
    return at + 1 if at >= 0 else first.start(1)


def _flow_start(text: str, start: int, offset: int, scanner: Scanner) -> int:
    """Where scanning of posts in brackets begins: of many at one near the cursor, else at the beginning."""
    lists = _POSTS_IN_BRACKETS.search(text, start, offset)
    if lists is None or offset - lists.end() < FAR:
        return start
    begins = deque(_NEXT_POST.finditer(text, max(lists.end(), offset - FAR), offset), maxlen=1)
    if not begins:
        return start
    scanner.is_in_brackets = True
    scanner.frames = [Frame(is_list=False, indent=-1, key="posts"), Frame(is_list=True, indent=-1)]
    return begins[0].end()


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
