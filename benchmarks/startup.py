"""How long `tiktok-coach --help` takes beside `python -c "import typer"`, and beside the help page of the smallest application that Typer makes.

That one loads Rich with its Markdown, which takes as long again as Typer itself; the tool's own page is laid out without.

Run: python benchmarks/startup.py
"""

from __future__ import annotations

import sys

from measure import interleaved, show

RUNS = 21
SMALLEST = """
import typer
app = typer.Typer(rich_markup_mode="rich")
app.command("one")(lambda: None)
app.command("two")(lambda: None)
app()
"""

if __name__ == "__main__":
    times = interleaved(
        {
            "help": [sys.executable, "-m", "tiktok_coach", "--help"],
            "version": [sys.executable, "-m", "tiktok_coach", "--version"],
            "smallest": [sys.executable, "-c", SMALLEST, "--help"],
            "typer": [sys.executable, "-c", "import typer"],
        },
        RUNS,
    )
    told = ", ".join(f"{name} {measured.seconds:.3f} s" for name, measured in times.items())
    print(f"median of {RUNS} runs: {told}")
    show("tiktok-coach --help / import typer", times["help"].seconds / times["typer"].seconds, 1.5)
    show(
        "tiktok-coach --help / that of the smallest application", times["help"].seconds / times["smallest"].seconds, 0.8
    )
    show("tiktok-coach --version / import typer", times["version"].seconds / times["typer"].seconds, 1.3)
