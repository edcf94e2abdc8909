"""What a user should know of the files that were read, and that stops nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from tiktok_coach.core.translation import _

# The files that a creator can download or save.
Download = Literal["posts", "followers", "overview", "archive", "studio pages"]
# How many lines a notice names.
MAX_LINES = 5


@dataclass(frozen=True)
class Notice:
    """Something odd, or chosen, while reading an input: shown to the user, never fatal."""

    source: str
    text: str
    line: int | None = None
    level: str = "warning"

    @property
    def where(self) -> str:
        """The file, and the line where it is known."""
        return self.source if self.line is None else f"{self.source}:{self.line}"

    def as_dict(self) -> dict[str, Any]:
        """The notice as JSON shows it."""
        return {"source": self.source, "line": self.line, "level": self.level, "text": self.text}


@dataclass(frozen=True)
class Source:
    """One file: its format, how many rows it held and what it supplied.

    `state` is `read`, `header only`, or `unreadable`, for which `problem` says why and what to do. The last three are
    what its reader declares (see `tiktok_coach.io.reading.Reading`).
    """

    name: str
    format: str
    rows: int = 0
    state: str = "read"
    account: str | None = None
    supplies: tuple[str, ...] = ()
    problem: str | None = None
    lists_every_post: bool = True
    lists_most_viewed: bool = False
    download: Download | None = None

    @property
    def label(self) -> str:
        """How a table of posts names the source: `studio content (Content.csv)`."""
        return f"{self.format} ({self.name})" if self.format else self.name

    def as_dict(self) -> dict[str, Any]:
        """The source as JSON shows it."""
        return {
            "name": self.name,
            "format": self.format,
            "rows": self.rows,
            "state": self.state,
            "account": self.account,
            "supplies": list(self.supplies),
            **({"problem": self.problem} if self.problem else {}),
        }


def more_lines(places: list[int]) -> str:
    """What a notice that names the first of some lines says of the others."""
    if len(places) == 1:
        return ""
    lines = ", ".join(str(line) for line in places[1:MAX_LINES])
    more = ", …" if len(places) > MAX_LINES else ""
    return _(" (and {count} more: lines {named}{more})", count=len(places) - 1, named=lines, more=more)
