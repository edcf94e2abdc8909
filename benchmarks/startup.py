"""How long `tiktok-coach --help` takes beside `python -c "import typer"`. Run: python benchmarks/startup.py"""

from __future__ import annotations

import sys

from measure import interleaved, show

RUNS = 21

if __name__ == "__main__":
    times = interleaved(
        {
            "help": [sys.executable, "-m", "tiktok_coach", "--help"],
            "typer": [sys.executable, "-c", "import typer"],
        },
        RUNS,
    )
    print(f"median of {RUNS} runs: --help {times['help'].seconds:.3f} s, import typer {times['typer'].seconds:.3f} s")
    show("tiktok-coach --help / import typer", times["help"].seconds / times["typer"].seconds, 3)
