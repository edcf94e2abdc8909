"""The words of which a fact takes one, as plans have them and as TikTok's app and its API say them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from tiktok_coach.core.errors import did_you_mean
from tiktok_coach.core.schema import Column
from tiktok_coach.core.translation import _


def plain_choice(text: str) -> str:
    """A text as the choices of columns are written.

    >>> plain_choice("Video reply")
    'video_reply'
    """
    return re.sub(r"[\s-]+", "_", text.strip().casefold())


def meant_choice(column: Column, text: str) -> str | None:
    """A hint at the choice of a column that a text means or is like; None where there is none."""
    choice = _by_other_word(column.name).get(plain_choice(text))
    return _("did you mean {close}?", close=choice) if choice else did_you_mean(plain_choice(text), column.choices)


def is_choice_word(column: Column, text: str) -> bool:
    """Whether a text is one of a column's choices, or another word for one."""
    plain = plain_choice(text)
    return plain in column.choices or plain in _by_other_word(column.name)


@cache
def _by_other_word(column: str) -> dict[str, str]:
    """Other words for the choices of a column, with the choice of each."""
    words = json.loads(Path(__file__).with_name("choices.json").read_text("utf-8")).get(column, {})
    return {plain_choice(word): choice for choice, others in words.items() for word in others}
