"""What other installed packages add to the tool, through entry points of their metadata."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

READERS, CHECKS, LINT_FORMATS = "tiktok_coach.readers", "tiktok_coach.checks", "tiktok_coach.lint_formats"
T = TypeVar("T")


def load_plugins(group: str, kind: type[T]) -> dict[str, T]:
    """The objects of a type that installed packages add to a group of entry points, by name and in its order.

    It looks through the metadata of every installed package: call it only where one of its objects may be needed.
    Raises CoachError, which names the package, where one cannot be imported, is no `kind`, or has the name of another.
    """
    loaded: dict[str, T] = {}
    for entry in sorted(entry_points(group=group), key=lambda e: (e.name, _package(e))):
        try:
            plugin = entry.load()
        except Exception as error:  # code of others may raise anything
            raise _refusal(entry, f"{type(error).__name__}: {error}") from error
        if not isinstance(plugin, kind):
            raise _refusal(entry, _("{value} is no {kind}", value=entry.value, kind=kind.__name__))
        if entry.name in loaded:
            raise _refusal(entry, _("another package adds {name} as well", name=entry.name))
        loaded[entry.name] = plugin
    return loaded


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value


def _refusal(entry: EntryPoint, reason: str) -> CoachError:
    return CoachError(
        _(
            "the package {package} adds to tiktok-coach what cannot be used ({reason})",
            package=_package(entry),
            reason=" ".join(reason.split()),
        ),
        hint=_("update it or uninstall it"),
    )
