"""The program that keeps the catalogues, as a module."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

TOP = Path(__file__).parents[3]


@cache
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue", TOP / ".github" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
