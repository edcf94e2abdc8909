"""What the report of 2,000 posts takes: to write, in size, and in a real Chromium to its first paint and to filter its table.

Run from the project's root: python -m benchmarks.report [--posts 2000]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright

from benchmarks.measure import interleaved
from tiktok_coach.demo.simulation import simulate
from tiktok_coach.render.site.pdf import browser

RUNS = 5


def line(label: str, value: float, bound: float, unit: str) -> None:
    print(f"{label:44} {value:8.2f} {unit:3} (at most {bound:g} {unit}) {'ok' if value <= bound else 'OVER'}")


def sheet(path: Path, count: int) -> None:
    """A table of so many posts, as years of a fictional bakery have them."""
    years = -(-count // 170)
    parts = [simulate(np.random.default_rng(seed)) for seed in range(years)]
    parts = [
        part.assign(posted=part["posted"] - pd.Timedelta(days=366 * n), post_id=[f"{n}-{i}" for i in range(len(part))])
        for n, part in enumerate(parts)
    ]
    posts = pd.concat(parts, ignore_index=True).head(count)
    kept = [
        "post_id",
        "caption",
        "duration_s",
        "hook_s",
        "bpm",
        "good_light",
        "views",
        "likes",
        "comments",
        "shares",
        "saves",
    ]
    posts[kept].assign(posted_at=posts["posted"], account="ovnkrogen", metrics_at="2026-11-01T09:00:00Z").to_csv(
        path, index=False
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table, page = Path(folder) / "posts.csv", Path(folder) / "report.html"
        sheet(table, given.posts)
        command = [sys.executable, "-m", "tiktok_coach", "report", str(table), "--no-cache", "-o", str(page), "-q"]
        took = interleaved({"report": command}, RUNS)["report"]
        print(f"{given.posts} posts")
        line("to write the report", took.seconds, 10, "s")
        line("its size", page.stat().st_size / 1e6, 5, "MB")
        with sync_playwright() as driver:
            opened = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
            paints, filters = [], []
            for _ in range(RUNS):
                window = opened.new_page()
                window.goto(page.as_uri())
                # Painted by now, and no text may be evaluated in the page to ask when.
                window.wait_for_timeout(500)
                paints.append(window.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                for text in ("skorpen", "b", ""):
                    window.locator("#q").fill(text)
                    filters.append(float(window.evaluate("document.getElementById('table').dataset.took")))
                window.close()
            opened.close()
        line("first paint", statistics.median(paints), 1500, "ms")
        line("a filter of the table, slowest", max(filters), 100, "ms")


if __name__ == "__main__":
    main()
