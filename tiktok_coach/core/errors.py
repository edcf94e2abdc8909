"""The few errors a user can meet, one line each: where it is, what to do, which name was meant, whose plugin fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from tiktok_coach.core.translation import N_, _

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

READERS, CHECKS, LINT_FORMATS = "tiktok_coach.readers", "tiktok_coach.checks", "tiktok_coach.lint_formats"
T = TypeVar("T")


@dataclass(eq=False, repr=False)
class CoachError(Exception):
    """An input or an argument that cannot be used; the command ends with exit code 2.

    `where` is a file, with the archive member where there is one; `line` and `column` count from 1; `hint` says what to
    do next. `others` are further errors of the same file.
    """

    problem: str
    _: KW_ONLY
    where: str | None = None
    hint: str | None = None
    line: int | None = None
    column: int | None = None
    others: tuple[CoachError, ...] = ()

    def __str__(self) -> str:
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """This error and the others, a line each."""
        return [f"{f'{one.place}: ' if one.where else ''}{one.advice}" for one in (self, *self.others)]

    @property
    def place(self) -> str:
        """The file, with the line where it is known."""
        return f"{self.where}:{self.line}" if self.line else self.where or ""

    @property
    def advice(self) -> str:
        """What is wrong and what to do, without the place."""
        return f"{self.problem}{f'; {self.hint}' if self.hint else ''}"


class NothingReadError(CoachError):
    """Inputs that are there, and in which nothing is an export."""


def access_error(doing: str, error: OSError, where: str, hint: str | None = None) -> CoachError:
    """The error of a file that the system does not give: `doing` is `read` or `written`."""
    if isinstance(error, PermissionError) and hint is None:
        hint = _("close it where it is open, Excel keeps it to itself; or name another")
    problem = N_("cannot be written ({reason})") if doing == "written" else N_("cannot be read ({reason})")
    return CoachError(_(problem, reason=error.strerror), where=where, hint=hint)


def together(errors: Sequence[CoachError]) -> CoachError:
    """One error of several of a file, of at least one."""
    first, *others = [replace(one, others=()) for error in errors for one in (error, *error.others)]
    return replace(first, others=tuple(others))


def closest(name: str, known: Iterable[str], *, least: float = 60, most: int = 1) -> list[tuple[str, float]]:
    """The known names most like `name` in any case, best first, each with its likeness (0-100, at least `least`)."""
    from rapidfuzz import fuzz, process

    names = list(known)
    matches = process.extract(name, names, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=least, limit=most)
    return [(match, score) for match, score, _position in matches]


def did_you_mean(name: str, known: Iterable[str], *, least: float = 60) -> str | None:
    """A hint at the closest of the known names; None where none is like it by at least so much (0-100)."""
    matches = closest(name, known, least=least)
    return _("did you mean {close}?", close=matches[0][0]) if matches else None


def load_plugins(group: str, kind: type[T]) -> dict[str, T]:
    """The objects of a type that installed packages add to a group of entry points, by name and in its order.

    It looks through the metadata of every installed package: call it only where one of its objects may be needed.
    Raises CoachError, which names the package, where one cannot be imported, is no `kind`, or has the name of another.
    """
    from importlib.metadata import entry_points

    loaded: dict[str, T] = {}
    for entry in sorted(entry_points(group=group), key=lambda e: (e.name, _package(e))):
        try:
            plugin = entry.load()
        except Exception as error:  # code of others may raise anything
            raise _refusal(entry, f"{type(error).__name__}: {error}") from error
        if not isinstance(plugin, kind):
            raise _refusal(entry, _("{value} is not a {kind}", value=entry.value, kind=kind.__name__))
        if entry.name in loaded:
            raise _refusal(entry, _("another package adds {name} as well", name=entry.name))
        loaded[entry.name] = plugin
    return loaded


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist is not None else entry.value


def _refusal(entry: EntryPoint, reason: str) -> CoachError:
    terms = {"package": _package(entry), "reason": " ".join(reason.split())}
    problem = _("the package {package} adds to tiktok-coach what cannot be used ({reason})", **terms)
    return CoachError(problem, hint=_("update it or uninstall it"))
