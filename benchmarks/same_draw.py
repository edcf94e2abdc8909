"""Whether drawing the example's videos reads memory that was never written, by which the same seed would give other bytes now and then.

Run: python -m benchmarks.same_draw. Needs valgrind, and the extra media; takes two minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.measure import show

# Long enough for cuts and a second group of pictures, and short, for valgrind is slow.
SECONDS = 3.0
DRAW = f"""
from pathlib import Path
import numpy as np
from tiktok_coach.demo.clips import write_clips
from tiktok_coach.demo.simulation import simulate
posts = simulate(np.random.default_rng(7))
one = posts[posts["quick_cuts"] & (posts["hook_s"] < 1) & (posts["kind"] == "original") & posts["clear_audio"]].tail(1)
assert write_clips(Path("."), one.assign(duration_s={SECONDS}), 7)
"""


def unwritten(code: str) -> Counter[str]:
    """How often each of the libraries that come with PyAV decides by what was never written, or reads what is not its own, while the code runs."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.xml"
        command = ["valgrind", "--error-limit=no", "--xml=yes", f"--xml-file={found}", sys.executable, "-c", code]
        # Python's own allocator would hide what was not written.
        subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONMALLOC": "malloc"}, check=True)
        errors = ElementTree.parse(found).getroot().findall("error")
    at = (next((obj.text or "" for obj in error.iterfind("stack/frame/obj")), "") for error in errors)
    return Counter(Path(obj).name for obj in at if "av.libs" in obj)


def main() -> int:
    """Draw a short video under valgrind, print what was found, and give 1 where that is anything."""
    if shutil.which("valgrind") is None:
        print("valgrind is not installed")
        return 2
    found = unwritten(DRAW)
    for library, times in found.most_common():
        print(f"  {library}: {times}")
    show("reads of what was never written", found.total(), 0, "")
    return int(found.total() > 0)


if __name__ == "__main__":
    raise SystemExit(main())
