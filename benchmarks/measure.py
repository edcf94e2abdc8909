"""Runs commands as whole processes and gives the medians of their times and the peak of their memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Median seconds, by the clock and of the processor, and the largest resident set in MB, of several runs."""

    seconds: float
    processor: float
    peak_mb: float


def interleaved(commands: dict[str, Sequence[str]], runs: int) -> dict[str, Measured]:
    """Each command `runs` times, in turn, so that a busy moment of the machine falls on all of them alike."""
    measured: dict[str, list[Measured]] = {name: [] for name in commands}
    for command in commands.values():
        once(command)  # the first run reads everything from the disk
    for _ in range(runs):
        for name, command in commands.items():
            measured[name].append(once(command))
    return {name: _median(each) for name, each in measured.items()}


def _median(each: Sequence[Measured]) -> Measured:
    seconds, processor = (
        statistics.median(times) for times in ([m.seconds for m in each], [m.processor for m in each])
    )
    return Measured(seconds, processor, max(one.peak_mb for one in each))


def once(command: Sequence[str]) -> Measured:
    """One run. Raises RuntimeError where it fails."""
    started = time.perf_counter()
    # What is installed is compiled; without this variable a checkout is too, from its first run on.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def show(label: str, value: float, bound: float, unit: str = "x") -> bool:
    """Whether a ratio keeps to its bound, shown on a line."""
    is_kept = value <= bound
    print(f"{label:58} {value:7.2f}{unit}  (at most {bound:g}{unit}) {'ok' if is_kept else 'OVER'}")
    return is_kept


def show_floor(label: str, value: float, unit: str = "x") -> None:
    """A part of the ratio above that no code of the tool's own can take away, on a line."""
    print(f"  floor: {label:49}  {value:7.2f}{unit}")
