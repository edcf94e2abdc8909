"""Measures one video file in one pass over its frames and its sound."""

from __future__ import annotations

import datetime as dt
import math
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np

from tiktok_coach.core.translation import _
from tiktok_coach.media.facts import Video
from tiktok_coach.media.picture import PictureTrack, picture_hash
from tiktok_coach.media.sound import RATE, SILENT_LUFS, SpeechDetector, SpeechSummary, sound_hash, spectrum_of, tempo

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
# Up to its 18 PyAV refuses a tag that is not UTF-8 unless such bytes are left out; from its 19 on it keeps them.
LENIENT: dict[str, Any] = {} if int(av.__version__.partition(".")[0]) >= 19 else {"metadata_errors": "ignore"}


class NoVideoError(ValueError):
    """The file is no video; its text says why."""


def open_video(path: Path) -> Any:
    """The container of a file, to be closed by `with`. Raises av.FFmpegError or ValueError for what is none."""
    return av.open(str(path), **LENIENT)


def measure_video(path: Path, *, fast: bool = False, threads: int = 0) -> Video:
    """The facts of a file. Raises NoVideoError for what is no video.

    `fast` leaves out what needs its frames and its sound; `threads` decode (0 for one a core).
    """
    try:
        with open_video(path) as container:
            return _measure(container, path, fast=fast, threads=threads)
    except (av.FFmpegError, ValueError, UnicodeError) as error:
        raise NoVideoError(_("cannot be read as a video ({why})", why=_why(error))) from error


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).splitlines()[0][:120]


def _measure(container: Any, path: Path, *, fast: bool, threads: int) -> Video:
    if not container.streams.video:
        raise NoVideoError(_("holds no picture"))
    stream = container.streams.video[0]
    codec = stream.codec_context
    if codec is None:
        raise NoVideoError(_("holds a picture of a format that is not known"))
    if codec.width * codec.height > 8192 * 8192:
        text = _("is {width} x {height} pixels, too many to look at", width=codec.width, height=codec.height)
        raise NoVideoError(text)
    if container.format.name.endswith(("_pipe", "image2")) or container.format.name == "gif":
        raise NoVideoError(_("is a picture, no video"))
    size = path.stat().st_size
    duration = _duration(container, stream)
    video = Video(
        path.name,
        duration_s=duration,
        fps=round(float(stream.average_rate), 3) if stream.average_rate else None,
        codec=CODECS.get(codec.name, codec.name),
        container=_container(container.format.name, path),
        created_at=_created_at(container.metadata.get("creation_time")),
        size_mb=round(size / 1e6, 3),
        bitrate_kbps=round(size * 8 / duration / 1000, 1) if duration else None,
        has_audio=bool(container.streams.audio),
    )
    if fast:
        first = next(container.decode(stream), None)
        return video if first is None else _with_shape(video, stream, first)
    stream.thread_type = "AUTO"
    codec.thread_count = threads
    return _measure_frames(container, stream, video)


def _created_at(text: str | None) -> str | None:
    """When the file says that it was made; devices without a clock say the beginning of their time."""
    try:
        time = dt.datetime.fromisoformat(text or "").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return time.isoformat(timespec="seconds").replace("+00:00", "Z") if time.year >= FIRST_YEAR else None


def _container(name: str, path: Path) -> str:
    kind = CONTAINERS.get(name, name)
    return "mov" if kind == "mp4" and path.suffix.lower() == ".mov" else kind


def _duration(container: Any, stream: Any) -> float | None:
    if stream.duration is not None and stream.time_base is not None:
        return round(float(stream.duration * stream.time_base), 3)
    return round(container.duration / 1e6, 3) if container.duration else None


def _with_shape(video: Video, stream: Any, frame: Any) -> Video:
    """The width and height as they are shown: stretched as the pixels are, turned as the file says."""
    width, height = round(frame.width * float(stream.sample_aspect_ratio or 1)), frame.height
    if round(frame.rotation / 90) % 2 == 1:
        width, height = height, width
    return replace(video, width=width, height=height)


class _SoundTrack:
    """The filter that tells loudness (EBU R 128), and the sound in which tempo and speech are heard."""

    def __init__(self, stream: Any) -> None:
        self.graph = av.filter.Graph()
        mono = f"sample_fmts=flt:sample_rates={RATE}:channel_layouts=mono"
        last = self.graph.add_abuffer(template=stream)
        for name, *arguments in (("ebur128", "metadata=1:peak=true"), ("aformat", mono), ("abuffersink",)):
            step = self.graph.add(name, *arguments)
            last.link_to(step)
            last = step
        self.graph.configure()
        self.parts: list[np.ndarray] = []
        self.metadata: dict[str, str] = {}
        self.speech = SpeechDetector()
        # Speech is heard beside the decoding, which leaves the interpreter free.
        self.executor = ThreadPoolExecutor(1)

    def add(self, frame: Any) -> None:
        self.graph.push(frame)
        with suppress(av.BlockingIOError, av.EOFError):
            while True:
                part = self.graph.pull()
                samples = part.to_ndarray().ravel()
                self.parts.append(samples)
                self.executor.submit(self.speech.add, samples)
                self.metadata |= part.metadata

    def speech_summary(self) -> SpeechSummary:
        self.executor.shutdown()
        return self.speech.summary()

    def samples(self) -> np.ndarray:
        return np.concatenate(self.parts) if self.parts else np.zeros(0)


def _measure_frames(container: Any, stream: Any, video: Video) -> Video:
    pictures = PictureTrack()
    sound, problems = _open_sound(container)
    is_first = True
    last = 0.0
    try:
        for frame in container.decode(*([stream] if sound is None else [stream, container.streams.audio[0]])):
            if isinstance(frame, av.AudioFrame):
                if sound is not None:
                    sound.add(frame)
                continue
            if is_first:
                video, is_first = _with_shape(video, stream, frame), False
            last = float(frame.time or 0.0)
            pictures.add(frame, last)
            if last > LONGEST_S:
                problems.append(_("only its first {seconds:.0f} s were looked at", seconds=LONGEST_S))
                break
    except (av.FFmpegError, ValueError) as error:
        problems.append(_("broken after {last:.1f} s ({why})", last=last, why=_why(error)))
    if not pictures.times:
        raise NoVideoError(_("holds no frame that can be read"))
    video = _with_pictures(_with_times(replace(video, problems=tuple(problems)), pictures), pictures)
    return _with_hook(video if sound is None else _with_sound(video, sound), pictures)


def _open_sound(container: Any) -> tuple[_SoundTrack | None, list[str]]:
    """The sound; None, and why, where there is none that can be read."""
    if not container.streams.audio:
        return None, []
    try:
        return _SoundTrack(container.streams.audio[0]), []
    except (av.FFmpegError, ValueError, AttributeError) as error:
        # A stream whose format is not known has none of the attributes that it would be read by.
        return None, [_("its sound cannot be read ({why})", why=_why(error))]


def _with_times(video: Video, pictures: PictureTrack) -> Video:
    """The length by the frames, where all were seen, and whether they come evenly."""
    gaps = np.diff(pictures.times)
    if not len(gaps):
        return video
    usual = float(np.median(gaps))
    length = video.duration_s if video.problems else round(pictures.times[-1] - pictures.times[0] + usual, 3)
    return replace(video, fps_varies=bool(np.quantile(gaps, 0.95) > 1.5 * max(usual, 1e-6)), duration_s=length)


def _with_pictures(video: Video, pictures: PictureTrack) -> Video:
    brightness, contrast, sharpness = pictures.light_levels()
    start, end = pictures.times[0], pictures.times[-1]
    text, covered = pictures.text()
    is_screen = (
        bool(video.width and video.height) and SCREEN[0] <= (video.width or 0) / (video.height or 1) <= SCREEN[1]
    )
    cuts = tuple(round(at - start, 3) for at in pictures.cuts)
    return replace(
        video,
        cuts=cuts,
        first_cut_s=cuts[0] if cuts else None,
        cuts_per_s=round(len(cuts) / max(end - start, 0.04), 3),
        static_opening_s=pictures.static_opening(),
        black_opening_s=pictures.black_opening(),
        black_bars=pictures.has_bars(),
        brightness=round(brightness, 3),
        contrast=round(contrast, 3),
        sharpness=round(sharpness, 2),
        text_on_screen=text,
        text_under_buttons=covered if is_screen else None,
        hash=picture_hash(pictures.pictures),
    )


def _with_sound(video: Video, sound: _SoundTrack) -> Video:
    loudness, peak = (float(sound.metadata.get(f"lavfi.r128.{name}", "nan")) for name in ("I", "true_peak"))
    is_silent = not loudness > SILENT_LUFS
    speech = sound.speech_summary()
    amplitudes = None if is_silent else spectrum_of(sound.samples())
    bpm, confidence = (None, None) if amplitudes is None else tempo(amplitudes)
    return replace(
        video,
        silent=is_silent,
        loudness_lufs=round(loudness, 2) if math.isfinite(loudness) and not is_silent else None,
        true_peak_dbfs=round(20 * math.log10(peak), 2) if math.isfinite(peak) and peak > 0 else None,
        first_speech_s=speech.first_s,
        speech_share=round(speech.share, 3),
        speech_over_noise_db=speech.over_noise_db,
        bpm=bpm,
        bpm_confidence=confidence,
        sound_hash=None if amplitudes is None else sound_hash(amplitudes),
    )


def _with_hook(video: Video, pictures: PictureTrack) -> Video:
    """When something first happens: speech, a cut or movement, whichever comes first."""
    speech = video.first_speech_s
    hook = min((at for at in (speech, video.first_cut_s, pictures.first_movement()) if at is not None), default=None)
    # The first step of a moving picture is no wait: something happens from the first frame on.
    one_frame = pictures.times[1] - pictures.times[0] if len(pictures.times) > 1 else 0.0
    if hook is not None and hook <= one_frame + 1e-6:
        hook = 0.0
    opening = max(video.static_opening_s or 0.0, video.black_opening_s or 0.0)
    return replace(video, hook_s=hook, intro=bool(opening >= INTRO_S and (speech is None or speech >= INTRO_S)))
