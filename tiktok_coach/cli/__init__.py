"""The command line: one file a command, heavy imports inside the commands. Nothing here knows how a study works."""

from __future__ import annotations

import contextlib
import gc
import os
import sys


def main() -> None:
    """Run tiktok-coach with the arguments of the process; exit codes are 0, 1 (findings), 2 (cannot be used) and 130
    (stopped).
    """
    # What imports make stays until the end; looking it over for garbage takes a tenth of a short run.
    gc.set_threshold(1_000_000, 50, 50)
    # No matrix here is so large that a second thread pays for its start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Pydantic reads the metadata of every installed package to look for plugins, of which this tool has none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # What starts it may have closed any of these, which are None then.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - until the end
    try:
        from tiktok_coach.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        # The rest of what takes time is the parser's, which sees it first.
        from tiktok_coach.cli.translation import show_stopped

        code = show_stopped()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    # Nothing is left to be saved, and taking NumPy and Arrow apart piece by piece takes a seventh of a short run.
    os._exit(code)
