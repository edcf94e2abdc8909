"""Whether two versions of the tool print the same bytes: every command on the bundled example and on further inputs.

Run: python benchmarks/same_output.py OLD NEW [EXPORT ...], where OLD and NEW are the tiktok-coach programs of two environments.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TODAY = ["--today", "2026-11-01"]
PLAN = Path(__file__).parent.parent / "tests" / "lint" / "calendar"
# What is run on every input; {} is the input.
ON_EXPORTS = [
    "audit {} --verbose --posts",
    "audit {} --format json",
    "audit {} --format markdown --timezone Europe/Copenhagen",
    "audit {} --select T6 --fail-on info",
    "convert {} --output {out}/posts.csv",
    "convert {} --output {out}/posts.parquet",
    "convert {} --output {out}/posts.json",
    "convert {} --snapshots",
    "simulate {} --viewers 0 --suggest",
    "simulate {} --format json --runs 3",
    "simulate {} --viewers 0 --format csv --what-if duration_s=14",
    "simulate {} --viewers 0 --format markdown",
    "plan new --history {} --timezone Europe/Copenhagen --slots 5",
]
ON_PLANS = [
    *(
        f"lint {{}} --format {name}"
        for name in ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown")
    ),
    "lint {} --statistics",
    "lint {} --diff --move-slots",
    "simulate {} --viewers 0",
    "audit {} --format json",
    "simulate {} --history {bakery} --format json --runs 3",
    "lint {} --history {bakery} --format json",
]
ALONE = [
    "rules",
    "rules --format json",
    "rules T401",
    "schema plan",
    "schema config",
    "convert --columns",
    "plan new --hours 18,20 --per-day 2 --timezone Europe/Copenhagen --start 2026-12-01",
    "audit no-such-file",
    "lint no-such-file",
    "--help",
    *(f"{name} --help" for name in ("audit", "lint", "simulate", "convert", "rules", "plan new")),
]
UNDATED = ("rules", "rules T401", "schema", "convert --columns", "--help", "plan new --help")


def main() -> int:
    """Run everything with both, print what differs, and give 1 where anything does."""
    old, new = (str(Path(program).absolute()) for program in sys.argv[1:3])
    differing = runs = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        subprocess.run([old, "demo", str(root / "bakery")], check=True, capture_output=True)
        shutil.copytree(PLAN, root / "calendar")
        inputs = [root / "bakery", *(Path(p).resolve() for p in sys.argv[3:])]
        lines = [*ALONE, *(c.replace("{}", str(i)) for i in inputs for c in ON_EXPORTS)]
        lines += [c.replace("{}", "calendar") for c in ON_PLANS]
        for line in lines:
            runs += 1
            command = line.replace("{bakery}", "bakery")
            if not (command.startswith(UNDATED) or command.endswith("--help")):
                command += " " + " ".join(TODAY)
            results = []
            for program in (old, new):
                out = root / "out"
                shutil.rmtree(out, ignore_errors=True)
                out.mkdir()
                arguments = command.replace("{out}", "out").split()
                environment = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1"}
                found = subprocess.run([program, *arguments], cwd=root, capture_output=True, env=environment)
                kept = root / f"kept{len(results)}"
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(out, kept)
                results.append((found.returncode, found.stdout, found.stderr, kept))
            (code, text, said, files), (new_code, new_text, new_said, new_files) = results
            same = filecmp.cmpfiles(files, new_files, [p.name for p in files.iterdir()], shallow=False)
            parts = {
                "exit code": code == new_code,
                "stdout": text == new_text,
                "stderr": said == new_said,
                "files": not (same[1] or same[2]) and len(list(files.iterdir())) == len(list(new_files.iterdir())),
            }
            wrong = [name for name, equal in parts.items() if not equal]
            if wrong:
                differing += 1
                print(f"differs in {', '.join(wrong)}: {command}")
                for name, one, other in (("stdout", text, new_text), ("stderr", said, new_said)):
                    if name in wrong:
                        print(_first_difference(one, other))
    print(f"{runs} commands, {differing} differ")
    return int(bool(differing))


def _first_difference(one: bytes, other: bytes) -> str:
    lines = (one.decode("utf-8", "replace").splitlines(), other.decode("utf-8", "replace").splitlines())
    for number, (a, b) in enumerate(zip(*lines, strict=False), 1):
        if a != b:
            return f"  line {number}\n  - {a[:200]}\n  + {b[:200]}"
    return f"  {len(lines[0])} lines against {len(lines[1])}"


if __name__ == "__main__":
    sys.exit(main())
