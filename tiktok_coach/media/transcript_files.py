"""Which files of subtitles there are, and which is whose: by the name of the video, by the post's id, or as named."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

from tiktok_coach.core.account import Account
from tiktok_coach.core.copy_names import MARK, plain_file_name
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.facts import Facts
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.media.facts import ID, ProbeResult, post_id_from_name
from tiktok_coach.media.file_names import SUBTITLES, distinct_files, file_in, transcripts_in
from tiktok_coach.media.languages import language_code
from tiktok_coach.media.transcripts import Transcript, is_transcript, read_transcript

# The end of a name that says its language: `clip.da`, `clip_en`, `Title [id].eng-US`, and what may follow it.
_LANGUAGE = re.compile(
    r"(?P<stem>.+?)(?P<mark>[._-])(?P<tag>[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2})(?:\.(?:auto|cc|forced|sdh))?"
)
# So many names are listed of files that are no post's.
_LISTED = 5


@dataclass(frozen=True)
class TranscriptFile:
    """A file of subtitles. `stem` is its name without what says its language, which is None where nothing does."""

    path: Path
    stem: str
    language: str | None = None


@dataclass(frozen=True)
class Speaker:
    """What is known of a post by which subtitles can be its: each None where it is not known.

    `video` is the file of its video, also where it is not there, `video_name` its name alone, `transcript` a file of
    subtitles as the post names it, and `languages` those that are likely spoken, the likeliest first.
    """

    post_id: str | None = None
    video: Path | None = None
    video_name: str | None = None
    transcript: str | None = None
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class TranscriptFiles:
    """Files of subtitles to choose from. A file that cannot be read is a notice, and is no one's."""

    paths: tuple[Path, ...]
    _read: dict[Path, Transcript | None] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    @cached_property
    def _by_name(self) -> dict[str, list[Path]]:
        return _grouped((path.name.casefold(), path) for path in self.paths)

    @cached_property
    def _by_stem(self) -> dict[str, list[TranscriptFile]]:
        return _grouped((one.stem.casefold(), one) for path in self.paths for one in readings_of_name(path))

    @cached_property
    def _by_id(self) -> dict[str, list[TranscriptFile]]:
        files = ((ID.search(path.stem), reading_of_name(path)) for path in self.paths)
        return _grouped((match.group(), one) for match, one in files if match is not None)

    def of(self, speaker: Speaker) -> Transcript | None:
        """What is said in the video of a post; None where no file says it, and without words where none has any."""
        empty = None
        for file in self._files_of(speaker):
            if file.path not in self._read:
                self._read[file.path] = self._readable(file)
            transcript = self._read[file.path]
            if transcript is not None and transcript.cues:
                return transcript
            empty = empty or transcript
        return empty

    def _readable(self, file: TranscriptFile) -> Transcript | None:
        try:
            return read_transcript(file.path, file.language)
        except CoachError as error:
            self.notices.append(Notice(error.where or str(file.path), error.advice, error.line))
            return None

    def _files_of(self, speaker: Speaker) -> list[TranscriptFile]:
        """The files of a post, the one that is best to read first."""
        if speaker.transcript is not None:
            named = self._by_name.get(plain_file_name(speaker.transcript), [])
            exact = [path for path in named if _real(path) == _real(Path(speaker.transcript))]
            # Of several files of one name it is not known which is meant.
            return [reading_of_name(path) for path in exact or named] if len(exact or named) == 1 else []
        files = self._by_id.get(speaker.post_id or "", [])
        if not files and speaker.video is not None:
            files = self._with_stem(speaker.video.name)
            folder = _real(speaker.video.parent)
            files = [file for file in files if _real(file.path.parent) == folder] or _of_one_folder(files)
        elif not files and speaker.video_name is not None:
            files = _of_one_folder(self._with_stem(speaker.video_name))
        order = {language: place for place, language in enumerate(speaker.languages)}

        def rank(file: TranscriptFile) -> tuple[int, str, str]:
            place = len(order) if file.language is None else order.get(file.language, len(order) + 1)
            return place, file.path.name.casefold(), str(file.path)

        return sorted(files, key=rank)

    def _with_stem(self, video: str) -> list[TranscriptFile]:
        stem = PurePath(plain_file_name(video)).stem
        return self._by_stem.get(stem) or self._by_stem.get(stem.removesuffix(MARK), [])

    def strays(self, used: Iterable[str], among: Iterable[Path] | None = None) -> list[Notice]:
        """A notice of the files that are read for no post, where there are any; `used` are names of those that are.

        Only those `among` some files are named, where these are given.
        """
        known = {name.casefold() for name in used}
        stems = {
            one.stem.casefold()
            for path in self.paths
            if path.name.casefold() in known
            for one in readings_of_name(path)
        }
        unread = {path for path, transcript in self._read.items() if transcript is None}
        names = [
            path.name
            for path in (self.paths if among is None else among)
            if path not in unread and not stems & {one.stem.casefold() for one in readings_of_name(path)}
        ]
        if not names:
            return []
        more = _(" and {count} more", count=len(names) - _LISTED) if len(names) > _LISTED else ""
        terms = {"names": ", ".join(names[:_LISTED]), "more": more}
        text = _(
            "these subtitles belong to no post, by its id, by the name of its video, or as `transcript`: {names}{more}",
            **terms,
        )
        return [Notice(names[0], text)]


def _of_one_folder(files: list[TranscriptFile]) -> list[TranscriptFile]:
    """The files where all lie in one folder; of several it is not known which is meant."""
    return files if len({file.path.parent for file in files}) == 1 else []


def _real(path: Path) -> str:
    return os.path.realpath(path)


def _grouped(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def readings_of_name(path: Path) -> tuple[TranscriptFile, ...]:
    """What the name of a file may be: a stem alone, and one with a language after it, where the end is one.

    >>> [(one.stem, one.language) for one in readings_of_name(Path("Rye [7650921463263792402].eng-US.vtt"))]
    [('Rye [7650921463263792402].eng-US', None), ('Rye [7650921463263792402]', 'en')]
    """
    whole, match = TranscriptFile(path, path.stem), _LANGUAGE.fullmatch(path.stem)
    language = language_code(match["tag"]) if match else None
    return (whole, TranscriptFile(path, match["stem"], language)) if match and language else (whole,)


def reading_of_name(path: Path) -> TranscriptFile:
    """What the name of a file is where there is no video to compare it with: a language comes after a point."""
    last = readings_of_name(path)[-1]
    return last if path.stem[len(last.stem) :].startswith(".") else TranscriptFile(path, path.stem)


def speakers(
    posts: Facts, accounts: Sequence[Account], videos: Mapping[int, Path], folders: Sequence[str] = ()
) -> list[Speaker]:
    """What is known of each post by which subtitles can be its.

    `videos` are the files of their videos, by position, and `folders` those in which each names its files.
    """
    of_accounts = {account.handle: account.language for account in accounts}
    only = accounts[0].language if len(accounts) == 1 else None
    names = ("post_id", "video_file", "transcript_file", "language", "account")
    columns = (posts.column_or_null(name).tolist() for name in names)
    result = []
    for row, (post_id, video, transcript, language, handle) in enumerate(zip(*columns, strict=True)):
        tags = filter(None, (language, of_accounts.get(handle) or only))
        languages = dict.fromkeys(filter(None, map(language_code, tags)))
        path = videos.get(row)
        if folders and path is None and video is not None:
            path = file_in(folders[row], video)
        if transcript is not None and not plain_file_name(transcript).endswith(tuple(SUBTITLES)):
            transcript = None
        elif folders and transcript is not None:
            transcript = str(file_in(folders[row], transcript))
        result.append(Speaker(post_id, path, video, transcript, tuple(languages)))
    return result


def spoken_facts(transcript: Transcript) -> dict[str, Any]:
    """The columns of the posts table that subtitles fill; what is not known is left out."""
    facts = {
        "spoken_hook": transcript.hook,
        "speech_starts_s": transcript.speech_starts_s,
        "spoken_language": transcript.language,
    }
    # The language of no words says nothing.
    return {name: value for name, value in facts.items() if value is not None and transcript.cues}


def with_transcripts(results: Sequence[ProbeResult], files: Sequence[Path]) -> tuple[list[ProbeResult], list[Notice]]:
    """What videos hold, with what subtitles that bear their names or ids say; and what is wrong with subtitles."""
    choice = TranscriptFiles(tuple(files))
    spoken = []
    for one in results:
        if one.video is None:
            spoken.append(one)
            continue
        transcript = choice.of(Speaker(post_id_from_name(one.path), one.path))
        facts = {} if transcript is None else {**spoken_facts(transcript), "transcript_file": transcript.file}
        spoken.append(replace(one, video=replace(one.video, **facts)))
    return spoken, choice.notices


def transcript_files(paths: Sequence[Path]) -> list[Path]:
    """The files of subtitles that are named, those in the folders that are, and those beside the videos that are."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files.update(dict.fromkeys(sorted(p for p in path.rglob("*") if is_transcript(p) and p.is_file())))
        elif is_transcript(path):
            files[path] = None
        else:
            files.update(dict.fromkeys(transcripts_beside(path)))
    return distinct_files(files)


def transcripts_beside(video: Path) -> list[Path]:
    """The files of subtitles in the folder of a video that bear its name, in order of name."""
    stem = video.stem.casefold()
    return [path for path in transcripts_in(video.parent) if path.stem.casefold().startswith(stem)]
