"""The command line; one file per command, and heavy imports inside the commands."""

from __future__ import annotations

import sys


def main() -> None:
    """Run tiktok-coach with the arguments of the process; exit codes are 0, 1 (findings) and 2 (cannot be used)."""
    from tiktok_coach.cli.app import run

    sys.exit(run(sys.argv[1:]))
