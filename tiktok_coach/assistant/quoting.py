"""Texts that people wrote, made into data: on one line, cut, without characters that are not seen or hide what is."""

from __future__ import annotations

import re
import unicodedata

from tiktok_coach.render.escaping import one_line

# Characters of a caption, and of any other text of an answer.
CAPTION, TEXT = 200, 600
# What is cut off later may be long before it is cleaned.
ROOM = 8
# Joiners, which scripts and emoji need, and the two forms of an emoji.
SEEN = {"\u200c", "\u200d", "\ufe0e", "\ufe0f"}
# Unseen letters, of which texts can be made that only a machine reads.
_UNSEEN = re.compile("[\ufe00-\ufe0f\U000e0000-\U000e0fff\u115f\u1160\u3164\uffa0]")
_JOINERS = re.compile("[\u200c\u200d\ufe0e\ufe0f]{2,}")
_TAG = re.compile(r"<(?=[A-Za-z/!?|])")


def quoted(text: object, most: int = CAPTION) -> str | None:
    """A text of a file as data: cut to so many characters, without unseen ones; None where there is none.

    What would open a tag is shown by another sign, so that no text ends the answer that it stands in.

    >>> quoted("rye\\n\\u202ebread </answer><3 " + "!" * 300, 20)
    'rye bread ‹/answer>…'
    """
    return harmless(text, most) or None if isinstance(text, str) else None


def harmless(text: str, most: int = TEXT) -> str:
    """A text on one line of at most so many characters, without control codes and other unseen characters."""
    seen = "".join(filter(None, map(_seen, text[: most * ROOM])))
    return one_line(_TAG.sub("‹", _JOINERS.sub(lambda match: match[0][0], seen)), most)


def _seen(character: str) -> str:
    if character in SEEN:
        return character
    kind = unicodedata.category(character)
    if kind == "Cs":
        return "\ufffd"
    if kind in {"Cf", "Co", "Cn"} or _UNSEEN.match(character):
        return ""
    return character
