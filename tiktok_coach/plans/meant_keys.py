"""Which key of a plan is meant by one that it has not: by what people call the same, or else by its spelling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tiktok_coach.core.errors import did_you_mean
from tiktok_coach.core.translation import _

# Keys are short, so that those of other words are half alike by chance.
_LIKE = 70
# What people call the files of a post, which the headings of calendars never mean.
_FILES = dict.fromkeys(("clip", "file", "filename", "footage"), "video_file")
_FILES |= dict.fromkeys(("image", "images", "picture", "pictures", "slides"), "photos")


def hint_at_key(key: str, known: Iterable[str], names: Mapping[str, str]) -> str | None:
    """A hint at the key that is meant by an unknown one; None where none is like it.

    `names` are the keys by the columns that they say, `known` all keys, some of which say none.
    """
    meant = _meant(key, names)
    return _("did you mean {close}?", close=meant) if meant else did_you_mean(key, known, least=_LIKE)


def _meant(key: str, names: Mapping[str, str]) -> str | None:
    """The key that says what people call otherwise, such as `time`, `text` or `song`; None if none does."""
    from tiktok_coach.io.columns.names import BARE, OWN, WEAK, meanings

    if (file := _FILES.get(key.casefold())) is not None:
        return names.get(file)
    # Other meanings are of part of the key, or of one that is spelt like it.
    whole = (one.fact for one in meanings(key, of_plans=True) if one.confidence in {OWN, BARE, WEAK})
    return next((names[fact] for fact in whole if fact is not None and fact in names), None)
