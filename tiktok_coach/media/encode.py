"""Writes a video anew as TikTok takes it: H.264 and AAC in MP4, upright, within limits of rate, sides and size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import av

from tiktok_coach.core.translation import _
from tiktok_coach.media.limits import SHORT_SIDE, VideoLimits
from tiktok_coach.media.measure import NoVideoError, Step, linked_filters, open_video

# Nothing is lost that one would see; the size has its own limit.
QUALITY, SOUND_RATE = "18", 192_000
# So much of the largest size is aimed at, as an encoder keeps to a rate on average alone.
ROOM = 0.9
LEAST_RATE, MOST_RATE = 100_000, 100_000_000
RATES = (44_100, 48_000)
# Numbers of H.273: how light is written in HDR (PQ and HLG), and the matrices by their names in FFmpeg.
HDR = frozenset({16, 18})
MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020"}
BT709, LIMITED_RANGE, FULL_RANGE = 1, 1, 2


def rate_within(fps: Fraction, limits: VideoLimits) -> Fraction:
    """The rate nearest to that of a video that is within the limits and shows its frames evenly.

    >>> one = VideoLimits(min_fps=23, max_fps=60)
    >>> [str(rate_within(Fraction(fps), one)) for fps in (15, 22, 30, 120, 144)]
    ['30', '44', '30', '60', '48']
    """
    if fps < limits.min_fps:
        return fps * ceil(Fraction(limits.min_fps) / fps)
    return fps / ceil(fps / Fraction(limits.max_fps)) if fps > limits.max_fps else fps


def size_within(width: int, height: int, limits: VideoLimits) -> tuple[int, int]:
    """Width and height, even as H.264 wants them; a picture that is too large gets a shorter side of 1080 pixels.

    >>> one = VideoLimits(max_side=4096)
    >>> size_within(1081, 1921, one), size_within(4320, 7680, one), size_within(8000, 1000, one)
    ((1080, 1920), (1080, 1920), (4096, 512))
    """
    scale = 1.0
    if max(width, height) > limits.max_side:
        scale = min(SHORT_SIDE / min(width, height), limits.max_side / max(width, height), 1.0)
    return max(int(width * scale) // 2 * 2, 2), max(int(height * scale) // 2 * 2, 2)


def bit_rate_within(duration_s: float, limits: VideoLimits) -> int:
    """The most bits a second of the pictures at which a video is within the largest size, with its sound."""
    most = int(ROOM * limits.max_mb * 8e6 / max(duration_s, 1.0)) - SOUND_RATE
    return min(max(most, LEAST_RATE), MOST_RATE)


def encode_video(source: Path, target: Path, limits: VideoLimits) -> None:
    """Write `source` anew to `target`. Raises NoVideoError for what cannot be read as a video."""
    try:
        with (
            open_video(source) as source_file,
            av.open(str(target), "w", "mp4", options={"movflags": "+faststart"}) as target_file,
        ):
            if not source_file.streams.video:
                raise NoVideoError(_("has no picture"))
            _encode(source_file, target_file, limits)
    except NoVideoError:
        raise
    except (av.FFmpegError, ValueError, UnicodeError) as error:
        raise NoVideoError(_("it is damaged, or there is no room on the disk")) from error


def _encode(source_file: Any, target_file: Any, limits: VideoLimits) -> None:
    if (created := source_file.metadata.get("creation_time")) is not None:
        target_file.metadata["creation_time"] = created
    pictures, audio = source_file.streams.video[0], source_file.streams.audio[0] if source_file.streams.audio else None
    pictures.thread_type = "AUTO"
    video = _Pictures(pictures, target_file, limits, (source_file.duration or 0) / 1e6)
    sound = None if audio is None or audio.codec_context is None else _Sound(audio, target_file)
    # The first packet opens every encoder, and that of the pictures waits for the shape of the first.
    waiting: list[Any] = []
    for packet in source_file.demux(*([pictures] if sound is None else [pictures, audio])):
        track = video if packet.stream.index == pictures.index else sound
        assert track is not None
        for frame in packet.decode():
            waiting += track.encode(frame)
            if video.graph is not None:
                target_file.mux(waiting)
                waiting = []
    waiting += [*video.finish(), *(() if sound is None else sound.finish())]
    if video.graph is None:
        raise NoVideoError(_("has no frame that I can read"))
    target_file.mux(waiting)


class _Pictures:
    """The pictures: upright, with square pixels, at an even rate, in the size wanted."""

    def __init__(self, stream: Any, target_file: Any, limits: VideoLimits, duration_s: float) -> None:
        self.stream, self.limits = stream, limits
        self.rate = rate_within(Fraction(stream.average_rate or stream.guessed_rate or 30), limits)
        most = bit_rate_within(duration_s, limits)
        options = {"crf": QUALITY, "preset": "medium", "maxrate": str(most), "bufsize": str(most)}
        self.output = target_file.add_stream("libx264", rate=self.rate, options=options)
        self.graph: Any = None

    def encode(self, frame: Any) -> Iterator[Any]:
        """The packets that come of a frame."""
        if self.graph is None:
            self._configure(frame)
        yield from _through(self.graph, frame, self.output)

    def finish(self) -> Iterator[Any]:
        """The last packets."""
        if self.graph is not None:
            yield from _through(self.graph, None, self.output)
            yield from self.output.encode(None)

    def _colours(self, frame: Any) -> str:
        """The arguments of the filter that keep the colours as they are; the output says what they are.

        Raises NoVideoError for HDR, which 8 bits cannot show without tone mapping.
        """
        if HDR.intersection((frame.color_trc, self.stream.codec_context.color_trc)):
            raise NoVideoError(_("it is HDR, whose colours a copy would spoil; export it without HDR"))
        output = self.output.codec_context
        output.color_primaries, output.color_trc, output.color_range = (
            frame.color_primaries,
            frame.color_trc,
            LIMITED_RANGE,
        )
        if frame.format.is_rgb:
            output.colorspace = BT709
            return f"out_color_matrix={MATRICES[BT709]}:out_range=tv"
        is_full = frame.color_range == FULL_RANGE or frame.format.name.startswith("yuvj")
        ranges = f"in_range={'pc' if is_full else 'tv'}:out_range=tv"
        # Without a matrix the numbers stay, and so does what a player makes of them.
        if (matrix := MATRICES.get(frame.colorspace)) is None:
            return ranges
        output.colorspace = frame.colorspace
        return f"{ranges}:in_color_matrix={matrix}:out_color_matrix={matrix}"

    def _configure(self, frame: Any) -> None:
        turn = round(-frame.rotation / 90) % 4
        width = round(frame.width * float(self.stream.sample_aspect_ratio or 1))
        shown = (frame.height, width) if turn % 2 else (width, frame.height)
        self.output.width, self.output.height = size_within(*shown, self.limits)
        self.output.pix_fmt = "yuv420p"
        turns: dict[int, list[Step]] = {
            1: [("transpose", "clock")],
            2: [("hflip", None), ("vflip", None)],
            3: [("transpose", "cclock")],
        }
        scale = f"{self.output.width}:{self.output.height}:flags=lanczos:{self._colours(frame)}"
        steps: list[Step] = [("fps", str(self.rate)), *turns.get(turn, []), ("scale", scale), ("setsar", "1")]
        self.graph = linked_filters("add_buffer", self.stream, [*steps, ("format", "yuv420p"), ("buffersink", None)])


class _Sound:
    """The sound, in one or two channels; gaps are silent."""

    def __init__(self, stream: Any, target_file: Any) -> None:
        rate = stream.rate if stream.rate in RATES else RATES[-1]
        layout = "mono" if stream.channels == 1 else "stereo"
        self.output = target_file.add_stream("aac", rate=rate, layout=layout)
        self.output.bit_rate = SOUND_RATE
        form = f"sample_fmts=fltp:sample_rates={rate}:channel_layouts={layout}"
        # AAC takes so many samples at a time.
        steps: list[Step] = [("aresample", f"{rate}:async=1"), ("aformat", form), ("asetnsamples", "n=1024:p=0")]
        self.graph = linked_filters("add_abuffer", stream, [*steps, ("abuffersink", None)])

    def encode(self, frame: Any) -> Iterator[Any]:
        """The packets that come of a frame."""
        yield from _through(self.graph, frame, self.output)

    def finish(self) -> Iterator[Any]:
        """The last packets."""
        yield from _through(self.graph, None, self.output)
        yield from self.output.encode(None)


def _through(graph: Any, frame: Any, output: Any) -> Iterator[Any]:
    """The packets that a frame gives behind the filters; None is the end."""
    graph.push(frame)
    with suppress(av.BlockingIOError, av.EOFError):
        while True:
            part = graph.pull()
            if isinstance(part, av.VideoFrame):
                # The kinds of the frames that are read are not those to be written.
                part.pict_type = av.video.frame.PictureType.NONE
            yield from output.encode(part)
