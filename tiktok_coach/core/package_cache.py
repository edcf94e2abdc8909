"""What is made of the package's own YAML files, kept from the first command on.

To parse and to check them takes a quarter of a short lint, and they change with the package alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar, cast

from platformdirs import user_cache_path

from tiktok_coach.core.pickle_cache import PickleCache, code_state
from tiktok_coach.core.translation import language

Value = TypeVar("Value")
PACKAGE = Path(__file__).parents[1]
# A few versions of the package, each in a few languages.
MOST_BYTES = 10 * 2**20


def package_cache() -> PickleCache:
    """The cache in the user's folder of caches; it has nothing of the user's own."""
    return PickleCache(user_cache_path("tiktok-coach") / "package", MOST_BYTES)


def load_or_make(name: str, sources: Sequence[str], make: Callable[[], Value]) -> Value:
    """What `make` gives of texts of the package, which `name` tells from what else is made of them.

    It is made once for these texts, the language in use, and this state of the program.
    """
    digest = blake2b(digest_size=20)
    for part in (*_program(), language(), *sources):
        digest.update(blake2b(part.encode()).digest())
    key, store = f"{name}-{digest.hexdigest()}", package_cache()
    # None is no value of a file.
    if (value := store.get(key)) is None:
        value = make()
        store.put(key, value)
    return cast("Value", value)


@cache
def _program() -> tuple[str, ...]:
    """What makes values: the interpreter, the library whose models they are, and the code itself."""
    import pydantic_core

    return sys.version, pydantic_core.__version__, repr(list(code_state([PACKAGE])))
