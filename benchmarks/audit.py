"""How long, and with how much memory, an audit of a million posts runs beside pandas reading them; what accounts cost.

Beside them stand the floors: an audit of one post, nine tenths of which are imports, and the memory in which pandas reads the file.

Run: python benchmarks/audit.py [POSTS]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from measure import interleaved, show, show_floor

from tiktok_coach.render.table import to_csv

RUNS = 9
# So many accounts of one post are audited beside one account of as many posts.
ACCOUNTS = 10_000
WORDS = (
    "rye bread bun cake cinnamon oven dough the a in to my our best how why can you guess #baking #rye #foodtok 🍞 ?"
)


def posts(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Canonical posts with captions of a dozen words, every id its own."""
    seconds = rng.integers(1_700_000_000, 1_760_000_000, count)
    words = np.array(WORDS.split())
    views = rng.lognormal(7, 1.5, count).astype("int64")
    return pd.DataFrame(
        {
            "post_id": ((seconds << 32) + np.arange(count)).astype(str),
            "account": "baker",
            "posted_at": pd.to_datetime(seconds, unit="s", utc=True),
            "posted_at_precision": "second",
            "caption": [" ".join(row) for row in words[rng.integers(0, len(words), (count, 12))]],
            "duration_s": rng.uniform(5, 60, count).round(1),
            "views": views,
            **{
                name: rng.binomial(views, rate)
                for name, rate in (("likes", 0.07), ("comments", 0.01), ("shares", 0.01), ("saves", 0.01))
            },
        }
    )


def write(folder: Path, count: int) -> None:
    """The posts as Parquet and as CSV, and their size in memory, in MB."""
    table = posts(count, np.random.default_rng(0))
    table.to_parquet(folder / "posts.parquet", index=False)
    (folder / "posts.csv").write_text(to_csv(table), "utf-8")
    (folder / "size").write_text(str(table.memory_usage(deep=True).sum() / 2**20))
    one = posts(ACCOUNTS, np.random.default_rng(1))
    many = one.assign(account=[f"baker{number}" for number in range(ACCOUNTS)])
    for name, table in (("one", one), ("many", many), ("start", one.head(1))):
        (folder / f"{name}.csv").write_text(to_csv(table), "utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
        sys.exit()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # In a process of its own, since a child's peak begins with what its parent holds.
        subprocess.run([sys.executable, __file__, "--write", name, str(count)], check=True)
        size = float((folder / "size").read_text())
        audit = [sys.executable, "-m", "tiktok_coach", "audit", "--no-cache", "--timezone", "Europe/Copenhagen", "-q"]
        read = [sys.executable, "-c", f"import pandas; pandas.read_parquet({str(folder / 'posts.parquet')!r})"]
        commands = {
            "audit": [*audit, str(folder / "posts.parquet")],
            "csv": [*audit, str(folder / "posts.csv")],
            "read": read,
            "start": [*audit, str(folder / "start.csv")],
        }
        found = interleaved(commands, RUNS)
        accounts = interleaved({name: [*audit, str(folder / f"{name}.csv")] for name in ("one", "many")}, RUNS)
    print(f"{count:,} posts, {size:,.0f} MB as a table; median of {RUNS} runs, whole processes")
    print(
        f"pandas reads in {found['read'].seconds:.2f} s, audit takes {found['audit'].seconds:.2f} s, peak {found['audit'].peak_mb:,.0f} MB"
    )
    show("audit / pandas reading the file", found["audit"].seconds / found["read"].seconds, 5.0)
    show_floor("an audit of one post, which is its start", found["start"].seconds / found["read"].seconds)
    show("audit of the same as CSV / as Parquet", found["csv"].seconds / found["audit"].seconds, 2)
    show("peak memory / the table's", found["audit"].peak_mb / size, 3.5)
    show_floor("pandas reading the file", found["read"].peak_mb / size)
    show(
        f"audit of {ACCOUNTS:,} accounts / of one with all their posts",
        accounts["many"].seconds / accounts["one"].seconds,
        3,
    )
