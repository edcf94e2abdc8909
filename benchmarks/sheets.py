"""Draws sheets and calendars whose every value is known, reads them, and holds each value against the truth.

A value is right, asked about (an error that names what is in doubt), left out and named, or wrong in silence. What is wrong is
kept in a folder of its own with the command that shows it, what is true and what was read.

Run: python -m benchmarks.sheets [--sheets 2000] [--seconds 60] [--seed 1] [--keep sheet-failures]
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from pathlib import Path

from tests.generated.judge import Judged, judge, put
from tests.generated.sheets import draw_sheet
from tests.generated.verdicts import OUTCOMES, Verdict

# No reading takes longer (seconds), and of all values at least this share is right: 96-98% of those of a hundred sheets. As
# a sheet that is asked about takes all its values along, a few sheets may fall short by two standard errors.
SLOWEST, LEAST_RIGHT = 5.0, 0.92


def keep(judged: Judged, folder: Path) -> None:
    """A draw with the command that shows it, the truth, and what was said."""
    draw = judged.draw
    put(draw, folder / "e")
    timezone = f" --timezone {draw.timezone}" if draw.timezone else ""
    command = (
        f"tiktok-coach lint e{timezone}"
        if draw.is_plan
        else f"tiktok-coach convert e --verbose{timezone} --today 2026-11-23"
    )
    truth = [
        f"{row.kind}: " + "; ".join(f"{fact} {says.cell!r} = {says.value}" for fact, says in row.says.items())
        for row in draw.rows
    ]
    lines = [
        command,
        "",
        f"kinds: {', '.join(draw.all_kinds())}",
        "",
        "WRONG",
        *judged.faults[:40],
        "",
        "SAID",
        *judged.said,
        "",
        "TRUE",
        *truth,
    ]
    (folder / "faults.txt").write_text("\n".join(lines), "utf-8", "replace")


def shown(counts: dict[str, Counter[str]]) -> list[str]:
    """The shares by kind as a table."""
    lines = [f"{'kind':34}{'values':>9}" + "".join(f"{outcome:>9}" for outcome in OUTCOMES)]
    for kind, of_kind in sorted(counts.items(), key=lambda item: (item[0] != "all values", item[0])):
        total = of_kind.total()
        shares = "".join(f"{100 * of_kind[o] / total:8.1f}%" for o in OUTCOMES[:3])
        lines.append(f"{kind:34}{total:9,}{shares}{of_kind['wrong']:9,}")
    return lines


def right_share(sheets: list[tuple[int, int]]) -> tuple[float, float]:
    """The share of values that are right, and its standard error by sheets, from each sheet's right values and all of them."""
    right, total = (sum(column) for column in zip(*sheets, strict=True))
    share = right / max(total, 1)
    return share, math.sqrt(sum((one - share * every) ** 2 for one, every in sheets)) / max(total, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=2000)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("sheet-failures"))
    given = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    slowest, number, failures = (0.0, ""), 0, 0
    sheets: list[tuple[int, int]] = []
    until = time.monotonic() + (given.seconds or float("inf"))
    with tempfile.TemporaryDirectory() as place:
        while number < given.sheets and time.monotonic() < until:
            seed = f"{given.seed}-{number}"
            draw = draw_sheet(seed)
            try:
                judged = judge(draw, Path(place) / seed)
            except Exception:  # noqa: BLE001 - whatever leaves the tool is what is looked for
                judged = Judged(draw, [Verdict("wrong", frozenset({"crash"}), traceback.format_exc())])
            number += 1
            outcomes = [verdict.outcome for verdict in judged.verdicts]
            sheets.append((outcomes.count("right"), len(outcomes)))
            for verdict in judged.verdicts:
                for kind in {*verdict.kinds, "all values"}:
                    counts[kind][verdict.outcome] += 1
            slowest = max(slowest, (judged.seconds, seed))
            if judged.faults or judged.seconds > SLOWEST:
                failures += 1
                keep(judged, given.keep / seed)
                print(f"{seed}: {judged.faults[0] if judged.faults else f'{judged.seconds:.1f} s'}"[:230], flush=True)
    print("\n".join(shown(counts)))
    every = counts["all values"]
    right, error = right_share(sheets)
    print(
        f"seed {given.seed}: {number} sheets, {failures} with faults; the slowest took {slowest[0]:.2f} s ({slowest[1]})"
    )
    print(
        f"right: {right:.1%} ± {2 * error:.1%} (at least {LEAST_RIGHT:.0%}); wrong in silence: {every['wrong']} (none)"
    )
    return int(every["wrong"] > 0 or slowest[0] > SLOWEST or right + 2 * error < LEAST_RIGHT)


if __name__ == "__main__":
    sys.exit(main())
