"""Which apps' watermarks pictures show: their names in small letters at an edge that stay, or on a card at the end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from tiktok_coach.core.records import dataclass
from tiktok_coach.media.text_lines import TextLine

# How apps write themselves, without spaces and marks, in small letters.
NAMES = {
    "CapCut": "capcut",
    "InShot": "inshot",
    "KineMaster": "kinemaster",
    "VN": "vnvideoeditor|vneditor|vlognow",
    "Filmora": "filmora(?:go)?",
    "VivaVideo": "vivavideo",
    "PowerDirector": "powerdirector",
    "Kwai": "kwai",
    "Likee": "likee",
    "Triller": "triller",
    "Snapchat": "snapchat",
    "Instagram": "instagram|(?:instagram)?reels",
    "YouTube": "youtube|(?:youtube)?shorts",
    "TikTok": "tiktok",
}
# Before a name may stand what was made with it, or what is read of its sign; behind it whose post it is.
LINE = r"(?:(?:made|edited|created?|video)(?:with|on|in|by)|.{{0,2}})(?:{name})(?:app)?(?:@.*|id[:.]?\d+)?"
PATTERNS = {app: re.compile(LINE.format(name=name)) for app, name in NAMES.items()}
# These names are also everyday words or what people say of themselves: a handle must stand with them.
WITH_HANDLE = frozenset({"TikTok", "Instagram", "YouTube", "Snapchat"})
# A mark that goes from corner to corner, so that it need not stay.
WANDERING = frozenset({"TikTok"})
# A mark is at most so high, its middle so near an edge, and is moved by no more than this, in shares of the picture.
SMALL, EDGE, SAME_PLACE = 0.05, 0.25, 0.03
# It is seen in pictures that are so many seconds apart; a card is within so many of the end, and has so few lines.
APART_S, CARD_S, CARD_LINES = 1.0, 1.5, 5
# None is where so many pictures over this share of the video show none.
LEAST_PICTURES, LEAST_SHARE = 3, 0.5


@dataclass(frozen=True)
class TextAt:
    """The lines of a picture at a time, and whether nearly all of the picture is of one colour, as a card is."""

    at: float
    lines: tuple[TextLine, ...]
    is_plain: bool = False


@dataclass(frozen=True)
class _Mark:
    app: str
    line: TextLine
    picture: TextAt
    has_handle: bool

    @property
    def is_small_at_an_edge(self) -> bool:
        down, across = (self.line.top + self.line.bottom) / 2, (self.line.left + self.line.right) / 2
        return self.line.height <= SMALL and min(down, 1 - down, across, 1 - across) <= EDGE


def watermarks_of_video(pictures: Sequence[TextAt], duration_s: float | None) -> str | None:
    """The apps whose marks the pictures of a video show, separated by `; `, or `none`.

    None where that is not known: a name is there but does not look like a mark, or too little of the video was seen.
    """
    marks = [mark for picture in pictures for mark in _marks(picture)]
    sure = [app for app in NAMES if _stays(app, marks) or _ends(app, marks, pictures, duration_s)]
    if sure:
        return "; ".join(sure)
    seen_s = max((picture.at for picture in pictures), default=0.0) - min((p.at for p in pictures), default=0.0)
    is_enough = len(pictures) >= LEAST_PICTURES and duration_s is not None and seen_s >= LEAST_SHARE * duration_s
    return "none" if is_enough and not marks else None


def watermarks_of_photo(lines: Sequence[TextLine]) -> str | None:
    """The apps whose marks a photo shows, separated by `; `, or `none`; None where a name may be something else."""
    marks = list(_marks(TextAt(0.0, tuple(lines))))
    sure = {mark.app for mark in marks if _is_clear(mark) and mark.is_small_at_an_edge}
    return "; ".join(app for app in NAMES if app in sure) or (None if marks else "none")


def without_marks(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines that are no name of an app, nor the handle that stands with one."""
    marks = [mark.line for mark in _marks(TextAt(0.0, tuple(lines)))]
    return tuple(x for x in lines if x not in marks and not any(_is_handle_near(mark, x) for mark in marks))


def _marks(picture: TextAt) -> Iterator[_Mark]:
    for line in picture.lines:
        text = _packed(line.text)
        for app, pattern in PATTERNS.items():
            if pattern.fullmatch(text):
                handle = "@" in text or any(_is_handle_near(line, other) for other in picture.lines)
                yield _Mark(app, line, picture, handle)


def _packed(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in text if character.isalnum() or character in "@:")


def _is_handle_near(line: TextLine, other: TextLine) -> bool:
    """Whether another line is a handle just under a line, or beside it."""
    gap = other.top - line.bottom
    overlaps = min(line.right, other.right) > max(line.left, other.left) - 0.05
    return "@" in other.text[:2] and overlaps and -1.5 * line.height <= gap <= 2.5 * line.height


def _is_clear(mark: _Mark) -> bool:
    return mark.line.is_sure and (mark.has_handle or mark.app not in WITH_HANDLE)


def _stays(app: str, marks: Sequence[_Mark]) -> bool:
    """Whether the mark of an app is in pictures that are apart, at the same place unless it wanders."""
    own = [mark for mark in marks if mark.app == app and _is_clear(mark) and mark.is_small_at_an_edge]
    return any(
        abs(one.picture.at - other.picture.at) >= APART_S
        and (
            app in WANDERING
            or max(abs(one.line.top - other.line.top), abs(one.line.left - other.line.left)) <= SAME_PLACE
        )
        for number, one in enumerate(own)
        for other in own[number + 1 :]
    )


def _ends(app: str, marks: Sequence[_Mark], pictures: Sequence[TextAt], duration_s: float | None) -> bool:
    """Whether a plain card with the name of an app, and hardly anything else, ends the video."""
    if duration_s is None or not pictures:
        return False
    last = max(pictures, key=lambda picture: picture.at)
    is_card = last.is_plain and len(last.lines) <= CARD_LINES and duration_s - last.at <= CARD_S and last.at > 0
    return is_card and any(mark.app == app and _is_clear(mark) and mark.picture is last for mark in marks)
