"""Runs one of the README's two commands for a fresh machine, as the system at hand writes paths. Run: python .github/readme_command.py 1"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def command(number: int, platform: str) -> str:
    """The command, for a platform as `sys.platform` calls it."""
    section = README.read_text("utf-8").split("## Try it\n")[1].split("\n## ")[0]
    lines = re.findall(r"```sh\n(.*?)\n```", section, re.DOTALL)[number - 1].split("\n")
    text = " ".join(line.strip() for line in lines)
    if platform != "win32":
        return text
    return text.replace("python3 ", "python ").replace(".venv/bin/", ".venv\\Scripts\\").replace("'", '"')


if __name__ == "__main__":
    sys.exit(subprocess.run(command(int(sys.argv[1]), sys.platform), shell=True, check=False).returncode)  # noqa: S602 - the README is our own
