"""Reads files of subtitles (SubRip, WebVTT): what is said in a video, and when."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.decoding import LINE_END, decode
from tiktok_coach.media.file_names import SUBTITLES
from tiktok_coach.media.languages import language_code

if TYPE_CHECKING:
    from webvtt import Caption

# Subtitles of an hour take a tenth of it.
LARGEST = 5 * 2**20
# The hook: what is said in so many seconds.
HOOK_S = 3.0
NOTHING = "none"
# Words in a second of one who speaks slowly; a text that stays on longer does so to be read. Of scripts that part no
# words, letters.
SLOWEST_WORDS, SLOWEST_LETTERS = 2.0, 4.0
_ARROW = "-->"
_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?(?!\d|[.,:]\d)"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(.*)")
# What is about sound rather than said: in brackets, or sung between notes.
_SOUNDS = re.compile(r"\[[^\[\]\n]*\]|\([^()\n]*\)|（[^（）\n]*）|【[^【】\n]*】|[♪♫♬]+[^♪♫♬\n]*[♪♫♬]*")
# A tag of WebVTT or HTML; ASS's overrides, which some programs write into SubRip.
_TAG, _OVERRIDE = re.compile(r"<[^<>\n]*>"), re.compile(r"\{\\[^{}\n]*\}")
_WORD_TIME = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})")
# Who speaks, at the start of a line: a mark of another speaker, a dash, or a name in capitals.
_SPEAKER = re.compile(
    r"(?m)^[ \t]*(?:>>+|[-–—][ \t]|(?:[Ss]peaker [0-9]{1,2}|[A-ZÀ-Þ][A-ZÀ-Þ0-9 .]{1,20}):[ \t])[ \t]*"
)
# A letter of a script that parts no words (Chinese, Japanese, Thai, Lao, Burmese, Khmer), or a word, with what follows.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNIT = re.compile(rf"[{_UNSPACED}][^\s\w]*|[^\s{_UNSPACED}]+")
# Marks of direction and of no width, which no one says; those that join letters stay.
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True)
class Word:
    """A word, or a letter of a script that parts no words; `start_s` is when it begins, None where no mark says it."""

    text: str
    start_s: float | None = None


@dataclass(frozen=True)
class Cue:
    """What is said from one second to another."""

    start_s: float
    end_s: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words as one line."""
        return join_words(self.words)

    def starts(self) -> list[float]:
        """When each word begins: as the file says, else evenly, and no slower than one who speaks slowly."""
        slowest = SLOWEST_LETTERS if any(_is_letter(word) for word in self.words) else SLOWEST_WORDS
        each = min(max(self.end_s - self.start_s, 0.0) / max(len(self.words), 1), 1 / slowest)
        starts: list[float] = []
        at, since = self.start_s, 0
        for word in self.words:
            if word.start_s is not None:
                at, since = max(word.start_s, at), 0
            starts.append(at + since * each)
            since += 1
        return starts


@dataclass(frozen=True)
class Transcript:
    """What is said in a video, cue by cue; `language` (ISO 639) is None where neither name nor file says it."""

    file: str
    cues: tuple[Cue, ...]
    language: str | None = None

    @property
    def speech_starts_s(self) -> float | None:
        """When the first words are said; None where there are none."""
        return self.cues[0].start_s if self.cues else None

    def words_before(self, end_s: float) -> str:
        """The words that begin before a second, as one line; empty where there are none."""
        words = [
            word
            for cue in self.cues
            if cue.start_s < end_s
            for word, start in zip(cue.words, cue.starts(), strict=True)
            if start < end_s
        ]
        return join_words(words)

    @property
    def hook(self) -> str | None:
        """The words of the first three seconds, or `none`; None where nothing at all is said."""
        return (self.words_before(HOOK_S) or NOTHING) if self.cues else None


def join_words(words: Sequence[Word]) -> str:
    """Words as one line: with spaces, but for letters of scripts that part no words.

    >>> join_words([Word("Hej"), Word("alle"), Word("你"), Word("好")])
    'Hej alle 你好'
    """
    if not words:
        return ""
    gaps = ("" if _is_letter(left) and _is_letter(right) else " " for left, right in pairwise(words))
    return words[0].text + "".join(gap + word.text for gap, word in zip(gaps, words[1:], strict=True))


def _is_letter(word: Word) -> bool:
    return re.match(f"[{_UNSPACED}]", word.text) is not None


def is_transcript(path: Path) -> bool:
    """Whether a file is one of subtitles, by the end of its name."""
    return path.suffix.lower() in SUBTITLES


def read_transcript(path: Path, language: str | None = None) -> Transcript:
    """What a file of subtitles says.

    Parameters
    ----------
    path : the file.
    language : of the words as the file's name says it; a WebVTT file may say it in its head.

    Raises
    ------
    CoachError
        with the line, for a file that cannot be read.
    """
    where = str(path)
    try:
        if path.stat().st_size > LARGEST:
            problem = _("is too large for subtitles ({mb:.0f} MB)", mb=path.stat().st_size / 2**20)
            raise CoachError(problem, where=where)
        content = path.read_bytes()
    except OSError as error:
        raise CoachError(_("cannot be read ({reason})", reason=error.strerror), where=where) from error
    return parse_transcript(decode(content, where), path.name, language, where=where)


def parse_transcript(text: str, file: str, language: str | None = None, *, where: str | None = None) -> Transcript:
    """What the text of a file of subtitles says; see `read_transcript`."""
    captions, said = _captions(text, where or file)
    cues = sorted(_cues(captions), key=lambda cue: cue.start_s)
    return Transcript(file, tuple(_without_repeats(cues)), language or said)


def _captions(text: str, where: str) -> tuple[list[Caption], str | None]:
    """The captions of a text, and the language that its head says."""
    import webvtt

    text = text.lstrip("\ufeff")
    lines = [_plain_timing(line, number, where) for number, line in enumerate(LINE_END.split(text), 1)]
    is_vtt = next((line for line in lines if line.strip()), "").lstrip().startswith("WEBVTT")
    if not any(_ARROW in line for line in lines) and not is_vtt:
        raise CoachError(
            _("has no subtitles: no line says from when to when (00:00:01,000 --> 00:00:02,500)"), where=where
        )
    # SubRip with its times as WebVTT's is WebVTT, in which its numbers are names of cues.
    while lines and not lines[0].strip():
        lines.pop(0)
    lines = lines if is_vtt else ["WEBVTT", "", *_joined(lines)]
    try:
        read = webvtt.WebVTT.from_string("\n".join(lines))
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError) as error:
        raise CoachError(_("cannot be read as subtitles"), where=where) from error
    head = "\n".join([read.header_text, *read.metadata])
    match = re.search(r"(?im)^\s*language\s*[:=]\s*([a-z]{2,3}(?:[-_]\w+)*)", head)
    return list(read.captions), language_code(match[1]) if match else None


def _plain_timing(line: str, number: int, where: str) -> str:
    """A line with its times as WebVTT writes them; another line as it is. Raises CoachError for times that are none."""
    if _ARROW not in line:
        return line
    match = _TIMING.match(line)
    if match is None:
        if re.search(r"\d\s*:\s*\d", line) is None:
            # An arrow in a text is no time, and would begin another cue.
            return line.replace(_ARROW, "→")
        text = line.strip()[:60]
        raise CoachError(
            _("{text!r} is no pair of times such as 00:00:01,000 --> 00:00:02,500", text=text), where=where, line=number
        )
    start, end = (_clock(match.groups()[at : at + 4]) for at in (0, 4))
    if _in_seconds(end) < _in_seconds(start):
        problem = _("{text!r} ends before it begins", text=line.strip()[:60])
        raise CoachError(problem, where=where, line=number)
    return f"{start} {_ARROW} {end}"


def _clock(parts: Sequence[str | None]) -> str:
    hours, minutes, seconds, part = parts
    return f"{int(hours or 0):02}:{int(minutes or 0):02}:{int(seconds or 0):02}.{(part or '').ljust(3, '0')}"


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Lines of SubRip without the empty ones that are within a text: another cue follows a number and its times."""
    for at, line in enumerate(lines):
        ahead = [following for following in lines[at + 1 : at + 6] if following.strip()][:2]
        is_cue_next = (
            not ahead or _ARROW in ahead[0] or (len(ahead) > 1 and ahead[0].strip().isdigit() and _ARROW in ahead[1])
        )
        if line.strip() or is_cue_next:
            yield line


def _cues(captions: Sequence[Caption]) -> Iterator[Cue]:
    for caption in captions:
        start, end = (_in_seconds(time) for time in (caption.start, caption.end))
        if words := tuple(_words(caption.raw_text)):
            yield Cue(start, max(end, start), words)


def _in_seconds(clock: str) -> float:
    *hours, minutes, seconds = clock.split(":")
    return int(hours[0] if hours else 0) * 3600 + int(minutes) * 60 + float(seconds)


def _words(text: str) -> Iterator[Word]:
    """The words of a cue's text, which may say when some begin: `Hej <00:00:01.200>alle`."""
    text = _OVERRIDE.sub("", text)
    parts: list[tuple[float | None, str]] = [(None, "")]
    at = 0
    for tag in _TAG.finditer(text):
        parts[-1] = (parts[-1][0], parts[-1][1] + text[at : tag.start()])
        at = tag.end()
        if (match := _WORD_TIME.fullmatch(tag[0][1:-1].strip())) is not None:
            parts.append((_in_seconds(_clock(match.groups())), ""))
    parts[-1] = (parts[-1][0], parts[-1][1] + text[at:])
    # What is in brackets may reach over times.
    plain = "\0".join(_plain(part) for _start, part in parts)
    plain = _SPEAKER.sub("", _SOUNDS.sub(lambda sound: "\0" * sound[0].count("\0"), plain))
    for (start, _part), said in zip(parts, plain.split("\0"), strict=True):
        for position, unit in enumerate(_UNIT.findall(said)):
            if any(map(str.isalnum, unit)):
                yield Word(unit, start if position == 0 else None)


def _plain(text: str) -> str:
    """A text without entities, and without marks that no one sees."""
    whole = unicodedata.normalize("NFC", html.unescape(text)).replace("\0", " ").replace("\xa0", " ")
    return "".join(c for c in whole if c in _JOINERS or unicodedata.category(c) not in {"Cf", "Co", "Cs"})


def _without_repeats(cues: Sequence[Cue]) -> Iterator[Cue]:
    """The cues, each word once: automatic captions roll, so that a cue begins with words of the one before it.

    Only where most cues do so; elsewhere who says a thing twice has said it twice.
    """
    overlaps = [_overlap(left, right) for left, right in pairwise(cues)]
    repeats = sum(overlap > 0 for overlap in overlaps)
    is_rolling = repeats >= 2 and repeats > len(overlaps) / 2
    for cue, overlap in zip(cues, [0, *overlaps], strict=False):
        words = cue.words[overlap:] if is_rolling else cue.words
        if words:
            yield Cue(cue.start_s, cue.end_s, words)


def _overlap(left: Cue, right: Cue) -> int:
    """How many words a cue has at its beginning that the one before it, which it touches, ends with."""
    if right.start_s - left.end_s > 0.5:
        return 0
    before, after = ([word.text.casefold() for word in cue.words] for cue in (left, right))
    overlap = next((n for n in range(min(len(before), len(after)), 0, -1) if before[-n:] == after[:n]), 0)
    # One word that is said again within other words is no sign of it.
    return overlap if overlap > 1 or overlap in {len(before), len(after)} else 0
