"""The keys of plans as headings of people's own calendars, in any case, spaced or not: `AI generated`, `Privacy`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from tiktok_coach.core.choices import is_choice_word
from tiktok_coach.core.file_lists import file_names
from tiktok_coach.core.schema import Column
from tiktok_coach.io.files.decoding import FALSE, MISSING, TRUE
from tiktok_coach.io.files.sheets import heading
from tiktok_coach.plans.plan import columns_by_key

# What a post is said to be lacking where these are not read, so that values which are none are worth a word.
ASKED_FOR = frozenset({"disclosure", "privacy", "via", "ai_label", "ai_generated", "sound_commercial_licence"})
# These are told by their values and by each other; a title is the caption where nothing else is.
_OTHERWISE = {"post_id", "posted_at", "caption", "title", "hashtags", "account", "duration_s", "video_file", "measured"}
_OTHERWISE |= {"sound", "sound_artist", "language", "transcript_file"}
# At least this share of the texts must be of the column's kind.
_HALF = 0.5
_NUMBER = re.compile(r"[+-]?\d[\d\s.,]*\D{0,6}")


def column_of_heading(name: str) -> Column | None:
    """The column whose key in plans a heading is; None for those that a calendar may have of its own.

    >>> column_of_heading("Sound: commercial licence").name
    'sound_commercial_licence'
    """
    return _by_plain_key().get(_plain(name))


def fits_column(column: Column, texts: Sequence[str]) -> bool:
    """Whether half of the texts below a heading, or more, can be values of a column; True where there are none."""
    return sum(_fits(column, text.strip()) for text in texts) >= _HALF * len(texts)


def _fits(column: Column, text: str) -> bool:
    plain = text.casefold()
    if column.choices:
        return is_choice_word(column, text)
    if column.kind == "flag":
        return plain in TRUE | FALSE | MISSING
    if column.name == "photos" and file_names(text):
        return True
    if column.kind in {"number", "count", "share"}:
        return _NUMBER.fullmatch(text) is not None
    if column.name == "keywords":
        # Hashtags that are called keywords are hashtags.
        return "#" not in text
    return column.name != "region" or re.fullmatch("[A-Za-z]{2,3}", text) is not None


@cache
def _by_plain_key() -> dict[str, Column]:
    keys = {_plain(key): column for key, column in columns_by_key().items()}
    return {key: column for key, column in keys.items() if column.name not in _OTHERWISE}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", heading(name))
