"""Measures many files, each in a child process: one that hangs, eats memory or breaks its decoder costs itself alone.

What was measured is kept by the content of the file, so that a second look at it takes no time.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tiktok_coach.core.languages import ENGLISH, language
from tiktok_coach.core.translation import _
from tiktok_coach.media.facts import METHOD, Video, video_from_dict

if TYPE_CHECKING:
    from tiktok_coach.media.strip import Strip

Answer = TypeVar("Answer")
# A file may take so long, and its child so much memory.
SECONDS, MEMORY = 300.0, 6 * 2**30
ENDINGS = frozenset({".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".3gp"})


@dataclass(frozen=True)
class ProbeResult:
    """What a file holds, or why that cannot be told."""

    path: Path
    video: Video | None
    problem: str | None = None


@dataclass
class _Child:
    """A process that measures one file after the other."""

    seconds: float
    process: Any = None
    line: Any = field(default=None)

    def ask(self, path: Path, **how: Any) -> tuple[Any, str | None]:
        """What the process answers of a file, and None; or None, and why it cannot."""
        if self.process is None:
            self._start()
        with suppress(OSError):
            self.line.send((str(path), how))
        try:
            if self.line.poll(self.seconds):
                answer: tuple[Any, str | None] = self.line.recv()
                return answer
            problem = _("takes longer than {seconds:.0f} s to look at", seconds=self.seconds)
        except (EOFError, OSError):
            problem = _("breaks its decoder, or takes too much memory")
        self.stop()
        return None, problem

    def _start(self) -> None:
        context = get_context("spawn")
        self.line, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, MEMORY, language()), daemon=True)
        self.process.start()
        theirs.close()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.line.close()
        self.process = None


def _serve(line: Connection, memory: int, spoken: str) -> None:
    """What the child does: measures each file that it is sent, or takes its strip, until the line closes; it speaks as
    its parent does.
    """
    # Threads of the child know its environment alone.
    os.environ["LANGUAGE"] = spoken
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # What decoders say goes nowhere; to have it passed on to Python would let a decoder's thread wait for the
    # interpreter for ever.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    from tiktok_coach.media.measure import NoVideoError, measure_video
    from tiktok_coach.media.strip import strip_of

    with suppress(EOFError, KeyboardInterrupt):
        while True:
            path, how = line.recv()
            try:
                found = strip_of(Path(path), **how) if "wide" in how else measure_video(Path(path), **how).as_dict()
                line.send((found, None))
            except (NoVideoError, OSError) as error:
                line.send((None, str(error)))
            except MemoryError:
                line.send((None, _("takes too much memory")))


def video_files(paths: Sequence[Path]) -> list[Path]:
    """The files that are named, and the videos in the folders that are, in order of name, none twice."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = (
            sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file())
            if path.is_dir()
            else [path]
        )
        found.update(dict.fromkeys(inside))
    return list(found)


def probe_files(
    files: Sequence[Path],
    *,
    jobs: int,
    fast: bool = False,
    cache: Path | None = None,
    seconds: float = SECONDS,
    progress: Callable[[Path], None] | None = None,
) -> Iterator[ProbeResult]:
    """What each file holds, in their order; `cache` is the folder of what was measured before, None for none."""
    # Each child decodes with its share of the cores, so that they do not wait for each other.
    threads = max((os.cpu_count() or 1) // max(min(jobs, len(files)), 1), 1)
    look = partial(_kept_or_measured, cache=cache, fast=fast, threads=threads)
    for path, found in zip(files, _in_children(files, look, jobs=jobs, seconds=seconds), strict=True):
        if progress is not None:
            progress(path)
        yield found


def strips(files: Sequence[Path], *, wide: int, jobs: int, seconds: float = SECONDS) -> Iterator[Strip | None]:
    """The strip of each file, pictures so many pixels wide, in their order; None for one that cannot be looked at."""
    return _in_children(files, lambda path, child: child.ask(path, wide=wide)[0], jobs=jobs, seconds=seconds)


def _in_children(
    files: Sequence[Path], look: Callable[[Path, _Child], Answer], *, jobs: int, seconds: float
) -> Iterator[Answer]:
    """What `look` gives of each file with a child, in their order; each of `jobs` workers has a child of its own."""
    results: dict[int, Answer] = {}
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for place in range(len(files)):
        waiting.put(place)
    ready = threading.Condition()

    def work() -> None:
        child = _Child(seconds)
        with suppress(queue.Empty):
            while True:
                place = waiting.get_nowait()
                found = look(files[place], child)
                with ready:
                    results[place] = found
                    ready.notify_all()
        child.stop()

    workers = [
        threading.Thread(target=copy_context().run, args=(work,), daemon=True)
        for _worker in range(min(jobs, len(files)))
    ]
    for worker in workers:
        worker.start()
    for place in range(len(files)):
        with ready:
            ready.wait_for(lambda place=place: place in results)  # type: ignore[misc]
        yield results.pop(place)
    for worker in workers:
        worker.join()


def _kept_or_measured(path: Path, child: _Child, *, cache: Path | None, fast: bool, threads: int) -> ProbeResult:
    try:
        if not path.stat().st_size:
            return ProbeResult(path, None, _("is empty"))
        with path.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return ProbeResult(path, None, _("cannot be read ({reason})", reason=error.strerror))
    # What was odd about a file is kept in words.
    words = "" if language() == ENGLISH else f"-{language()}"
    kept = cache / f"{content}-{METHOD}{'-fast' if fast else ''}{words}.json" if cache is not None else None
    if kept is not None:
        with suppress(OSError, ValueError, TypeError):
            return ProbeResult(path, replace(video_from_dict(json.loads(kept.read_text("utf-8"))), file=path.name))
    held, problem = child.ask(path, fast=fast, threads=threads)
    found = ProbeResult(path, None if held is None else video_from_dict(held), problem)
    if kept is not None and found.video is not None:
        with suppress(OSError):
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
            partial.write_text(json.dumps(found.video.as_dict()), "utf-8")
            partial.replace(kept)
    return found
