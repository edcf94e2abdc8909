"""Measures one video file in one pass over its frames and its sound."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np

from tiktok_coach.core.translation import _
from tiktok_coach.media.facts import Video
from tiktok_coach.media.fingerprints import picture_hash, sound_hash
from tiktok_coach.media.open_video import open_video
from tiktok_coach.media.picture import PictureTrack
from tiktok_coach.media.sound import RATE, SILENT_LUFS, SpeechDetector, SpeechSummary, spectrum_of, tempo

# Nothing happens by itself in an opening as long as this: it is an intro.
INTRO_S = 1.0
# No more of a video is looked at: what tips speak of is in its first minutes.
LONGEST_S = 600.0
# A picture of about 9:16 (width by height) fills the screen, so that it is known what TikTok shows where.
SCREEN = (0.53, 0.6)
# No post is older than TikTok.
FIRST_YEAR = 2016
CONTAINERS = {"mov,mp4,m4a,3gp,3g2,mj2": "mp4", "matroska,webm": "webm"}
CODECS = {"hevc": "h265", "vp8": "vp8", "vp9": "vp9", "h264": "h264"}
NONE_LEFT = (av.BlockingIOError, av.EOFError)


class NoVideoError(ValueError):
    """The file is no video; its text says why."""


def measure_video(path: Path, *, fast: bool = False, threads: int = 0) -> Video:
    """The facts of a file; `fast` leaves out what needs its frames and its sound, `threads` decode (0 for one a core).
    Raises NoVideoError for what is none.
    """
    try:
        with open_video(path) as container:
            return _measured(container, path, fast=fast, threads=threads)
    except (av.FFmpegError, ValueError, UnicodeError) as error:
        raise NoVideoError(_("cannot be read as a video ({why})", why=_why(error))) from error


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).splitlines()[0][:120]


def _measured(container: Any, path: Path, *, fast: bool, threads: int) -> Video:
    if not container.streams.video:
        raise NoVideoError(_("holds no picture"))
    stream = container.streams.video[0]
    if stream.codec_context is None:
        raise NoVideoError(_("holds a picture of a format that is not known"))
    if stream.codec_context.width * stream.codec_context.height > 8192 * 8192:
        raise NoVideoError(
            _(
                "is {width} x {height} pixels, too many to look at",
                width=stream.codec_context.width,
                height=stream.codec_context.height,
            )
        )
    if container.format.name.endswith(("_pipe", "image2")) or container.format.name == "gif":
        raise NoVideoError(_("is a picture, no video"))
    size = path.stat().st_size
    duration = _duration(container, stream)
    known = Video(
        path.name,
        duration_s=duration,
        fps=round(float(stream.average_rate), 3) if stream.average_rate else None,
        codec=CODECS.get(stream.codec_context.name, stream.codec_context.name),
        container=_container(container.format.name, path),
        created_at=_created(container.metadata.get("creation_time")),
        size_mb=round(size / 1e6, 3),
        bitrate_kbps=round(size * 8 / duration / 1000, 1) if duration else None,
        has_audio=bool(container.streams.audio),
    )
    if fast:
        first = next(container.decode(stream), None)
        return known if first is None else _shape(known, stream, first)
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = threads
    return _looked_at(container, stream, known)


def _created(written: str | None) -> str | None:
    """When the file says that it was made; devices without a clock say the beginning of their time."""
    try:
        made = dt.datetime.fromisoformat(written or "").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return made.isoformat(timespec="seconds").replace("+00:00", "Z") if made.year >= FIRST_YEAR else None


def _container(name: str, path: Path) -> str:
    kind = CONTAINERS.get(name, name)
    return "mov" if kind == "mp4" and path.suffix.lower() == ".mov" else kind


def _duration(container: Any, stream: Any) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return round(float(stream.duration * stream.time_base), 3)
    return round(container.duration / 1e6, 3) if container.duration else None


def _shape(known: Video, stream: Any, frame: Any) -> Video:
    """The width and height as they are shown: stretched as the pixels are, turned as the file says."""
    stretch = stream.sample_aspect_ratio or 1
    width, height = round(frame.width * float(stretch)), frame.height
    turned = round(frame.rotation / 90) % 2 == 1
    return replace(known, width=height if turned else width, height=width if turned else height)


def _chained(graph: Any, source: Any, steps: Sequence[tuple[str, str | None]]) -> None:
    """Puts filters one after the other behind a source, and makes the graph ready."""
    last = source
    for name, arguments in steps:
        step = graph.add(name, arguments) if arguments else graph.add(name)
        last.link_to(step)
        last = step
    graph.configure()


def _through(graph: Any, frame: Any) -> Iterator[Any]:
    """What comes out of a graph for a frame."""
    graph.push(frame)
    while True:
        try:
            yield graph.pull()
        except NONE_LEFT:
            return


class _Hearing:
    """The filter that tells loudness (EBU R 128), and the sound as the tempo and the speech are heard in it."""

    def __init__(self, stream: Any) -> None:
        self.graph = av.filter.Graph()
        mono = f"sample_fmts=flt:sample_rates={RATE}:channel_layouts=mono"
        steps = (("ebur128", "metadata=1:peak=true"), ("aformat", mono), ("abuffersink", None))
        _chained(self.graph, self.graph.add_abuffer(template=stream), steps)
        self.parts: list[np.ndarray] = []
        self.metadata: dict[str, str] = {}
        self.speech = SpeechDetector()
        # Speech is heard beside the decoding, which leaves the interpreter free.
        self.beside = ThreadPoolExecutor(1)

    def hear(self, frame: Any) -> None:
        for part in _through(self.graph, frame):
            samples = part.to_ndarray().ravel()
            self.parts.append(samples)
            self.beside.submit(self.speech.hear, samples)
            self.metadata = {**self.metadata, **part.metadata}

    def spoken(self) -> SpeechSummary:
        self.beside.shutdown()
        return self.speech.summary()

    def samples(self) -> np.ndarray:
        return np.concatenate(self.parts) if self.parts else np.zeros(0)


def _looked_at(container: Any, stream: Any, known: Video) -> Video:
    watching = PictureTrack()
    hearing, problems = _ears(container)
    shape: Video | None = None
    last = 0.0
    try:
        for frame in container.decode(*([stream] if hearing is None else [stream, container.streams.audio[0]])):
            if isinstance(frame, av.AudioFrame):
                if hearing is not None:
                    hearing.hear(frame)
                continue
            shape = shape or _shape(known, stream, frame)
            last = float(frame.time or 0.0)
            watching.see(frame, last)
            if last > LONGEST_S:
                problems.append(_("only its first {seconds:.0f} s were looked at", seconds=LONGEST_S))
                break
    except (av.FFmpegError, ValueError) as error:
        problems.append(_("broken after {last:.1f} s ({why})", last=last, why=_why(error)))
    if shape is None or not watching.times:
        raise NoVideoError(_("holds no frame that can be read"))
    return _hooked(_pictured(_timed(replace(shape, problems=tuple(problems)), watching), watching), hearing, watching)


def _ears(container: Any) -> tuple[_Hearing | None, list[str]]:
    """What hears the sound; None, and why, where there is none to hear."""
    if not container.streams.audio:
        return None, []
    try:
        return _Hearing(container.streams.audio[0]), []
    except (av.FFmpegError, ValueError, AttributeError) as error:
        # A stream whose format is not known has none of the attributes that it would be read by.
        return None, [_("its sound cannot be read ({why})", why=_why(error))]


def _timed(found: Video, watching: PictureTrack) -> Video:
    """The length by the frames themselves, and whether they come evenly; what was not seen whole keeps the length that
    the file states.
    """
    gaps = np.diff(watching.times)
    if not len(gaps):
        return found
    usual = float(np.median(gaps))
    varies = bool(np.quantile(gaps, 0.95) > 1.5 * max(usual, 1e-6))
    if found.problems:
        return replace(found, fps_varies=varies)
    return replace(found, fps_varies=varies, duration_s=round(watching.times[-1] - watching.times[0] + usual, 3))


def _pictured(found: Video, watching: PictureTrack) -> Video:
    brightness, contrast, sharpness = watching.light_of()
    length = max(watching.times[-1] - watching.times[0], 0.04)
    begun = watching.times[0]
    text, covered = watching.text()
    upright = (
        found.width is not None and found.height is not None and SCREEN[0] <= found.width / found.height <= SCREEN[1]
    )
    cuts = tuple(round(at - begun, 3) for at in watching.cuts)
    return replace(
        found,
        cuts=cuts,
        first_cut_s=cuts[0] if cuts else None,
        cuts_per_s=round(len(cuts) / length, 3),
        static_opening_s=watching.static_opening(),
        black_opening_s=watching.black_opening(),
        black_bars=watching.bars(),
        brightness=round(brightness, 3),
        contrast=round(contrast, 3),
        sharpness=round(sharpness, 2),
        text_on_screen=text,
        text_under_buttons=covered if upright else None,
        hash=picture_hash(watching.kept),
    )


def _hooked(found: Video, hearing: _Hearing | None, watching: PictureTrack) -> Video:
    """The sound, and when something first happens: speech, a cut, movement, whichever comes first."""
    first: float | None = None
    if hearing is not None:
        loudness, peak = (float(hearing.metadata.get(f"lavfi.r128.{name}", "nan")) for name in ("I", "true_peak"))
        silent = not loudness > SILENT_LUFS
        spoken = hearing.spoken()
        first = spoken.first_s
        amplitudes = None if silent else spectrum_of(hearing.samples())
        bpm, sure = (None, None) if amplitudes is None else tempo(amplitudes)
        found = replace(
            found,
            silent=silent,
            loudness_lufs=round(loudness, 2) if math.isfinite(loudness) and not silent else None,
            true_peak_dbfs=round(20 * math.log10(peak), 2) if math.isfinite(peak) and peak > 0 else None,
            first_speech_s=first,
            speech_share=round(spoken.share, 3),
            speech_over_noise_db=spoken.over_noise_db,
            bpm=bpm,
            bpm_confidence=sure,
            sound_hash=None if amplitudes is None else sound_hash(amplitudes),
        )
    happened = [at for at in (first, found.first_cut_s, watching.first_movement()) if at is not None]
    # The first step of a moving picture is no wait: something happens from the first frame on.
    wait = min(happened) if happened else None
    one_frame = watching.times[1] - watching.times[0] if len(watching.times) > 1 else 0.0
    hook = None if wait is None else 0.0 if wait <= one_frame + 1e-6 else wait
    opening = max(found.static_opening_s or 0.0, found.black_opening_s or 0.0)
    return replace(found, hook_s=hook, intro=bool(opening >= INTRO_S and (first is None or first >= INTRO_S)))
