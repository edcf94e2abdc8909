"""SciPy's special functions, without all that `scipy.special` imports beside them.

To serve arrays of other libraries that package imports all of NumPy, its tests and f2py too, which takes a third as
long as pandas. The functions are in one compiled module of it; the rest of the package waits until somebody wants more.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from contextlib import suppress
from types import ModuleType
from typing import Any

_LOCK = threading.RLock()


class _WaitingPackage(ModuleType):
    """A package whose `__init__` runs once a name is wanted that the compiled module does not have."""

    is_running = False

    def __getattr__(self, name: str) -> Any:
        # Another SciPy may have its functions elsewhere.
        with suppress(ImportError, AttributeError):
            return getattr(importlib.import_module(f"{self.__name__}._ufuncs"), name)
        with _LOCK:
            if type(self) is _WaitingPackage and not self.is_running:
                self.is_running = True
                self.__spec__.loader.exec_module(self)  # type: ignore[union-attr]
                self.__class__ = ModuleType  # type: ignore[assignment]
        # While it runs, what it lacks is not there yet.
        return object.__getattribute__(self, name)


def _let_wait(name: str) -> None:
    """Make a package wait that is not imported yet."""
    spec = None if name in sys.modules else importlib.util.find_spec(name)
    if spec is not None:
        package = importlib.util.module_from_spec(spec)
        package.__class__ = _WaitingPackage
        sys.modules[name] = package


_let_wait("scipy.special")

from scipy.special import bdtrc, chdtrc, expit, fdtrc, gammaincinv, nctdtr, ndtr, ndtri, stdtr, stdtrit  # noqa: E402 - the package waits from here on

__all__ = ["bdtrc", "chdtrc", "expit", "fdtrc", "gammaincinv", "nctdtr", "ndtr", "ndtri", "stdtr", "stdtrit"]
