"""Looks at one video file: its facts, in one pass over frames and sound."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np

from tiktok_coach.core.safe_zones import fills_screen, is_text_covered
from tiktok_coach.core.translation import _
from tiktok_coach.media.credentials import content_credentials
from tiktok_coach.media.facts import Video
from tiktok_coach.media.frame_facts import FrameReader
from tiktok_coach.media.picture import PictureTrack
from tiktok_coach.media.sound import CHUNK, RATE, SILENT_LUFS, SpeechDetector, sound_hash, spectrum_of, tempo
from tiktok_coach.media.tracks import FLOOR_LUFS, TextTrack, begun_seconds, loudness_track, picture_tracks, speech_track

# No more of a video is looked at: what tips speak of is in its first minutes.
LONGEST_S = 600.0
# WebM is Matroska with these codecs alone.
WEBM_CODECS = frozenset({"vp8", "vp9", "av1", "libdav1d"})
CONTAINERS = {"mov,mp4,m4a,3gp,3g2,mj2": "mp4", "matroska,webm": "webm"}
# Up to its 18 PyAV refuses a tag that is not UTF-8 unless such bytes are left out; from its 19 on it keeps them.
LENIENT: dict[str, Any] = {} if int(av.__version__.partition(".")[0]) >= 19 else {"metadata_errors": "ignore"}
# A filter and its arguments.
Step = tuple[str, str | None]


class NoVideoError(ValueError):
    """The file is no video; its text says why."""


def open_video(path: Path) -> Any:
    """The container of a file, to be closed by `with`. Raises av.FFmpegError or ValueError for what is none."""
    return av.open(str(path), **LENIENT)


def measure_video(path: Path, *, fast: bool = False, threads: int = 0, text: bool = True) -> Video:
    """The facts of a file. Raises NoVideoError for what is no video.

    `fast` leaves out what needs its frames and its sound; `threads` decode (0 for one a core); without `text` no
    words are read, as without the extra of that name.
    """
    try:
        with open_video(path) as container:
            return _measure(container, path, fast=fast, threads=threads, text=text)
    except (av.FFmpegError, ValueError, UnicodeError) as error:
        raise NoVideoError(_("cannot be read as a video ({why})", why=_why(error))) from error


def _why(error: Exception) -> str:
    """Why a file cannot be read, in words of our own: those of the library are English, and name parts of its code."""
    return str(error) if isinstance(error, NoVideoError) else _("damaged, or of a format that I don't know")


def _measure(container: Any, path: Path, *, fast: bool, threads: int, text: bool) -> Video:
    if not container.streams.video:
        raise NoVideoError(_("has no picture"))
    stream = container.streams.video[0]
    codec = stream.codec_context
    if codec is None:
        raise NoVideoError(_("has a picture of an unknown format"))
    if codec.width * codec.height > 8192 * 8192:
        problem = _("is {width} x {height} pixels, too many to look at", width=codec.width, height=codec.height)
        raise NoVideoError(problem)
    if container.format.name.endswith(("_pipe", "image2")) or container.format.name == "gif":
        raise NoVideoError(_("is a picture, no video"))
    size = path.stat().st_size
    duration = round(container.duration / 1e6, 3) if container.duration else None
    if stream.duration is not None and stream.time_base is not None:
        duration = round(float(stream.duration * stream.time_base), 3)
    kind = CONTAINERS.get(container.format.name, container.format.name)
    if kind == "webm" and (path.suffix.lower() == ".mkv" or codec.name not in WEBM_CODECS):
        kind = "mkv"
    video = Video(
        path.name,
        duration_s=duration,
        fps=round(float(stream.average_rate), 3) if stream.average_rate else None,
        codec="h265" if codec.name == "hevc" else codec.name,
        container="mov" if kind == "mp4" and path.suffix.lower() == ".mov" else kind,
        created_at=_created_at(container.metadata.get("creation_time")),
        size_mb=round(size / 1e6, 3),
        bitrate_kbps=round(size * 8 / duration / 1000, 1) if duration else None,
        has_audio=bool(container.streams.audio),
        content_credentials=content_credentials(path),
    )
    if fast:
        first = next(container.decode(stream), None)
        return video if first is None else _with_shape(video, stream, first)
    stream.thread_type = "AUTO"
    codec.thread_count = threads
    return _measure_frames(container, stream, video, text=text)


def _created_at(text: str | None) -> str | None:
    """When the file says that it was made; devices without a clock say a time before TikTok's."""
    try:
        time = dt.datetime.fromisoformat(text or "").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return time.isoformat(timespec="seconds").replace("+00:00", "Z") if time.year >= 2016 else None


def _with_shape(video: Video, stream: Any, frame: Any) -> Video:
    """The width and height as they are shown: stretched as the pixels are, turned as the file says."""
    width, height = round(frame.width * float(stream.sample_aspect_ratio or 1)), frame.height
    if round(frame.rotation / 90) % 2 == 1:
        width, height = height, width
    return replace(video, width=width, height=height)


def linked_filters(source: str, stream: Any, steps: Sequence[Step]) -> Any:
    """A graph of filters one after the other, behind the source of a stream that the method `source` adds."""
    graph = av.filter.Graph()
    last = getattr(graph, source)(template=stream)
    for name, arguments in steps:
        step = graph.add(name, arguments)
        last.link_to(step)
        last = step
    graph.configure()
    return graph


class _SoundTrack:
    """The filter that tells loudness (EBU R 128), and the sound in which tempo and speech are heard."""

    def __init__(self, stream: Any) -> None:
        mono = f"sample_fmts=flt:sample_rates={RATE}:channel_layouts=mono"
        # Gaps are silent, so that what follows one is heard when it comes.
        loudness: list[Step] = [("aresample", "async=1"), ("ebur128", "metadata=1:peak=true")]
        steps: list[Step] = [*loudness, ("aformat", mono), ("abuffersink", None)]
        self.graph = linked_filters("add_abuffer", stream, steps)
        self.parts: list[np.ndarray] = []
        self.metadata: dict[str, str] = {}
        self.momentary: list[float] = []
        self.start_s: float | None = None
        self.speech = SpeechDetector()
        # Speech is heard beside the decoding, which leaves the interpreter free.
        self.executor = ThreadPoolExecutor(1)

    def add(self, frame: Any) -> None:
        if self.start_s is None:
            self.start_s = float(frame.time or 0.0)
        self.graph.push(frame)
        with suppress(av.BlockingIOError, av.EOFError):
            while True:
                part = self.graph.pull()
                samples = part.to_ndarray().ravel()
                self.parts.append(samples)
                self.executor.submit(self.speech.add, samples)
                self.metadata |= part.metadata
                # Frames behind the filter are as long as the steps of the momentary loudness.
                self.momentary.append(float(part.metadata.get("lavfi.r128.M", "-inf")))

    def facts(self, first_picture_s: float, length_s: float) -> dict[str, Any]:
        """The facts of a Video that the sound tells, whose pictures begin at a time and are shown for so long."""
        self.executor.shutdown()
        self.speech.end()
        start_s = (self.start_s or 0.0) - first_picture_s
        loudness, peak = (float(self.metadata.get(f"lavfi.r128.{name}", "nan")) for name in ("I", "true_peak"))
        facts = self.speech.facts(start_s) | {
            "speech_by_second": speech_track(self.speech.is_speech(), CHUNK / RATE, start_s, length_s),
            "loudness_by_second": loudness_track(self.momentary, start_s, length_s),
            "silent": not loudness > SILENT_LUFS,
            "true_peak_dbfs": round(20 * math.log10(peak), 2) if math.isfinite(peak) and peak > 0 else None,
        }
        if facts["silent"]:
            return facts
        amplitudes = spectrum_of(np.concatenate(self.parts))
        bpm, confidence = tempo(amplitudes)
        return facts | {
            "loudness_lufs": round(loudness, 2) if math.isfinite(loudness) else None,
            "bpm": bpm,
            "bpm_confidence": confidence,
            "sound_hash": sound_hash(amplitudes),
        }


def _measure_frames(container: Any, stream: Any, video: Video, *, text: bool) -> Video:
    duration = None if video.duration_s is None else min(video.duration_s, LONGEST_S)
    pictures, lines, reader = PictureTrack(), TextTrack(), FrameReader(duration, text=text)
    sound, problems = _open_sound(container)
    last = 0.0
    try:
        for frame in container.decode(*([stream] if sound is None else [stream, container.streams.audio[0]])):
            if sound is not None and isinstance(frame, av.AudioFrame):
                sound.add(frame)
                continue
            if not pictures.times:
                video = _with_shape(video, stream, frame)
            last = float(frame.time or 0.0)
            pictures.add(frame, last)
            lines.add(frame, last - pictures.times[0])
            reader.add(frame, last)
            if last > LONGEST_S:
                problems.append(_("only its first {seconds:.0f} s were looked at", seconds=LONGEST_S))
                break
    except (av.FFmpegError, ValueError) as error:
        problems.append(_("broken after {last:.1f} s ({why})", last=last, why=_why(error)))
    else:
        reader.end()
    if not pictures.times:
        raise NoVideoError(_("has no frame that I can read"))
    length_s = _length(pictures, video)
    sound_facts = _sound_facts(sound, video, pictures, length_s)
    frame_facts = pictures.facts(sound_facts.get("first_speech_s")) | picture_tracks(pictures, length_s)
    facts = sound_facts | frame_facts | lines.facts(length_s) | reader.facts() | {"problems": tuple(problems)}
    if fills_screen(video.width, video.height):
        facts["text_under_buttons"] = is_text_covered(facts["text_boxes"], None, is_ad=False)
    # The frames tell the length where all of them were seen.
    if problems or facts["duration_s"] is None:
        facts["duration_s"] = video.duration_s
    return replace(video, **facts)


def _length(pictures: PictureTrack, video: Video) -> float:
    """How long the pictures are shown that were looked at: of one alone only the file says it."""
    length = pictures.length_s
    return min((video.duration_s or 0.0) if length is None else length, LONGEST_S)


def _sound_facts(sound: _SoundTrack | None, video: Video, pictures: PictureTrack, length_s: float) -> dict[str, Any]:
    """The facts that the sound tells; a video without any is silent throughout, which is known."""
    if sound is not None:
        return sound.facts(pictures.times[0], length_s)
    if video.has_audio:
        return {}
    seconds = begun_seconds(length_s)
    return {"speech_by_second": (0.0,) * seconds, "loudness_by_second": (FLOOR_LUFS,) * seconds}


def _open_sound(container: Any) -> tuple[_SoundTrack | None, list[str]]:
    """The sound; None, and why, where there is none that can be read."""
    if not container.streams.audio:
        return None, []
    try:
        return _SoundTrack(container.streams.audio[0]), []
    except (av.FFmpegError, ValueError, AttributeError) as error:
        # A stream whose format is not known has none of the attributes that it would be read by.
        return None, [_("its sound cannot be read ({why})", why=_why(error))]
