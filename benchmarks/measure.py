"""Runs commands as whole processes and gives the median of their wall times and the peak of their memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Median seconds, and the largest resident set in MB, of several runs of one command."""

    seconds: float
    peak_mb: float


def interleaved(commands: dict[str, Sequence[str]], runs: int) -> dict[str, Measured]:
    """Each command `runs` times, in turn, so that a busy moment of the machine falls on all of them alike."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    peaks: dict[str, float] = dict.fromkeys(commands, 0.0)
    for command in commands.values():
        once(command)  # the first run reads everything from the disk
    for _ in range(runs):
        for name, command in commands.items():
            taken, peak = once(command)
            seconds[name].append(taken)
            peaks[name] = max(peaks[name], peak)
    return {name: Measured(statistics.median(seconds[name]), peaks[name]) for name in commands}


def once(command: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak MB of one run. Raises RuntimeError where it fails."""
    started = time.perf_counter()
    # What is installed is compiled; without this variable a checkout is too, from its first run on.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return taken, usage.ru_maxrss / 1024


def show(label: str, value: float, bound: float, unit: str = "x") -> None:
    """One line: a ratio, its bound, and whether it holds."""
    print(f"{label:58} {value:7.2f}{unit}  (at most {bound:g}{unit}) {'ok' if value <= bound else 'OVER'}")
