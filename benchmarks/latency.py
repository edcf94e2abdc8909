"""What small commands take beside the library that each cannot do without: `--help` beside Typer, an audit beside pandas.

Of the processor, which a busy machine lengthens less than the clock. Beside them stands the floor: all libraries that an audit loads,
imported alone, of SciPy its special functions without their package.

Run: python -m benchmarks.latency [RUNS]; exits with 1 where a bound is passed.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.measure import interleaved, show, show_floor
from tests.writing import content, content_row

POSTS = 200
NEWEST = dt.date(2026, 11, 1)
LIBRARIES = (
    "import typer, pandas, pyarrow.compute, rich.console, tiktok_coach.core.special_functions; "
    "from pydantic import BaseModel, TypeAdapter"
)


def write_list(path: Path, rng: np.random.Generator) -> None:
    """A list of posts as TikTok Studio writes it."""
    rows = []
    for number in range(POSTS):
        day = NEWEST - dt.timedelta(days=3 * number)
        views = int(rng.lognormal(7, 1))
        counts = (*(int(views * rate) for rate in (0.07, 0.01, 0.01)), views)
        title = (
            f"Can you guess what is in number {number}{'?' if rng.random() < 0.5 else ''} #foodtok #bake{number % 9}"
        )
        rows.append(content_row(f"{day}T17:00:00", f"{day}", f"{NEWEST}", title, counts=counts))
    path.write_bytes(content(rows))


if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    coach, python = [sys.executable, "-m", "tiktok_coach"], [sys.executable, "-c"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        write_list(folder / "Content.csv", np.random.default_rng(0))
        subprocess.run([*coach, "demo", str(folder / "example")], check=True, capture_output=True)
        audit = [*coach, "audit", "--today", "2026-11-02", "--quiet"]
        found = interleaved(
            {
                "--help": [*coach, "--help"],
                "one list": [*audit, "--no-cache", str(folder / "Content.csv")],
                # Its first run, which does not count, fills the cache.
                "example": [*audit, str(folder / "example")],
                "typer": [*python, "import typer"],
                "pandas": [*python, "import pandas"],
                "libraries": [*python, LIBRARIES],
            },
            runs,
        )
    print(f"median of {runs} runs, whole processes")
    for name, measured in found.items():
        print(f"  {name:14} {measured.processor:6.3f} s of the processor, {measured.seconds:6.3f} s")
    times = {name: measured.processor for name, measured in found.items()}
    kept = [
        show("--help / import typer", times["--help"] / times["typer"], 1.5),
        show(f"audit of a list of {POSTS} posts / import pandas", times["one list"] / times["pandas"], 2.1),
        show("audit of the example, the second time / import pandas", times["example"] / times["pandas"], 2.5),
    ]
    show_floor("the libraries of an audit", times["libraries"] / times["pandas"])
    sys.exit(not all(kept))
