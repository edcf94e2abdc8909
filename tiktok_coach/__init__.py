"""Audit TikTok posts against the nine tips on the algorithm, from the analytics a creator can export.

`load` reads exports; `audit`, `why`, `retention`, `simulate`, `evidence`, `times`, `follow_up`, `lint` and `probe`
answer as the commands of the same names do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tiktok_coach.api import (
        Answer,
        Export,
        audit,
        evidence,
        follow_up,
        lint,
        load,
        probe,
        retention,
        simulate,
        times,
        why,
    )
    from tiktok_coach.core.errors import CoachError

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "CoachError",
    "Export",
    "audit",
    "evidence",
    "follow_up",
    "lint",
    "load",
    "probe",
    "retention",
    "simulate",
    "times",
    "why",
]


def __getattr__(name: str) -> Any:
    # The door is imported when it is used: a command that lints a plan needs none of it.
    if name in __all__:
        from tiktok_coach import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
