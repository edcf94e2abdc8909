"""Facts of videos and photos that were measured before, kept by what the files hold and how it was measured."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from tiktok_coach.core.translation import ENGLISH, language
from tiktok_coach.media.facts import METHOD
from tiktok_coach.media.libraries import libraries

T = TypeVar("T")


def default_folder() -> Path:
    """Where facts are kept unless a user wants none kept."""
    from platformdirs import user_cache_path

    return user_cache_path("tiktok-coach") / "media"


def facts_path(path: Path, folder: Path | None, how: str) -> Path | None:
    """Where the facts of a file are kept that are measured so; None without a folder. Raises OSError."""
    with path.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    # What was odd about a file is written in words.
    words = "" if language() == ENGLISH else f"-{language()}"
    return None if folder is None else folder / f"{content}-{METHOD}{libraries()}{how}{words}.json"


def read_facts(file: Path | None, build: Callable[[dict[str, Any]], T]) -> T | None:
    """What is built of the facts that were kept; None where there are none, or none that can be read."""
    if file is not None:
        with suppress(OSError, ValueError, TypeError, KeyError):
            return build(json.loads(file.read_text("utf-8")))
    return None


def keep_facts(file: Path | None, facts: Mapping[str, Any]) -> None:
    """Keep the facts of a file, whole or not at all; a folder that cannot be written to keeps none."""
    if file is None:
        return
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        partial.write_text(json.dumps(facts), "utf-8")
        partial.replace(file)
