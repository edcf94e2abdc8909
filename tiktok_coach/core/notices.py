"""What a user should know of the files that were read: notices, and which file gave which facts of a post."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import plural

# The files that a creator can download or save.
Download = Literal["posts", "followers", "overview", "archive", "studio pages"]
# How many lines a notice names.
MAX_LINES = 5
# The columns of the posts table that hold provenance in memory; a written table has `sources` instead.
PROVENANCE = "provenance"
IN_FULL_LIST = "in_full_list"
Pattern = tuple[tuple[int, tuple[str, ...]], ...]


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
        # What ends the name stands nowhere within it, so that it can be read back.
        return f"{self.format} ({self.name.replace('):', ') :')})" if self.format else self.name

    def as_dict(self) -> dict[str, Any]:
        """The source as JSON shows it."""
        facts = {name: getattr(self, name) for name in ("name", "format", "rows", "state", "account")}
        return facts | {"supplies": list(self.supplies)} | ({"problem": self.problem} if self.problem else {})


def more_lines(places: list[int]) -> str:
    """What a notice that names the first of some lines says of the others."""
    if len(places) == 1:
        return ""
    lines = ", ".join(str(line) for line in places[1:MAX_LINES])
    more = ", …" if len(places) > MAX_LINES else ""
    return plural(
        " (and {count} more: line {named}{more})",
        " (and {count} more: lines {named}{more})",
        len(places) - 1,
        named=lines,
        more=more,
    )


@dataclass(frozen=True)
class Provenance:
    """The sources of an export's posts, and the patterns in which they gave their columns.

    A pattern is pairs of a source's id, which is its position in `sources`, and the columns it gave. The column
    PROVENANCE of the posts holds positions in `patterns`, -1 where nothing is known. IN_FULL_LIST is whether some
    source of the post lists every post; a table without that column has no post of which that is not so.
    """

    sources: tuple[Source, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    def sentences(self) -> list[str]:
        """Each pattern as a table shows it: `studio content (Content.csv): views; sidecar (notes.csv): hook_s`."""
        return ["; ".join(self._part(source, columns) for source, columns in pattern) for pattern in self.patterns]

    def _part(self, source: int, columns: Sequence[str]) -> str:
        label = self.sources[source].label
        return f"{label}: {', '.join(columns)}" if columns else label

    def in_full_list(self) -> list[bool]:
        """Whether a source of each pattern lists every post."""
        return [any(self.sources[source].lists_every_post for source, _ in pattern) for pattern in self.patterns]

    def extended(
        self, codes: Sequence[int], additions: Mapping[int, tuple[Source, tuple[str, ...]]]
    ) -> tuple[Provenance, list[int]]:
        """The provenance of rows with these codes after more sources gave columns to some rows, and the new codes.

        `additions` has the position of a row, and the source and columns that it gets.
        """
        sources = list(self.sources)
        added: dict[Source, int] = {}
        patterns = {pattern: code for code, pattern in enumerate(self.patterns)}
        extended = list(codes)
        for row, (source, columns) in additions.items():
            if source not in added:
                added[source] = len(sources)
                sources.append(source)
            before = self.patterns[codes[row]] if codes[row] >= 0 else ()
            pattern = (*before, (added[source], columns))
            extended[row] = patterns.setdefault(pattern, len(patterns))
        return Provenance(tuple(sources), tuple(patterns)), extended


def input_names(paths: Sequence[Path]) -> list[str]:
    """What notices call each input: its own name, or what the user typed where several have the same name.

    >>> input_names([Path("exports/june"), Path("july/Content.csv"), Path("may/Content.csv")])
    ['june', 'july/Content.csv', 'may/Content.csv']
    """
    own = [path.resolve().name if path.is_dir() else path.name for path in paths]
    counts = Counter(own)
    return [name if counts[name] == 1 else path.as_posix() for path, name in zip(paths, own, strict=True)]


def is_within(name: str, place: str) -> bool:
    """Whether the source of this name is the input or folder `place`, or is in it.

    >>> [is_within(name, "a.csv") for name in ("a.csv", "a.csv.zip:b.csv")], is_within("june/a.xlsx:Tab", "june")
    ([True, False], True)
    """
    return name.startswith(place) and name[len(place) : len(place) + 1] in {"", "/", ":"}


def source_path(name: str, inputs: Mapping[str, Path]) -> Path | None:
    """Where the source of this name lies, by the `inputs` of a run with their names; None where it is of none of them.

    >>> source_path("june/a/Content.csv", {"june": Path("exports/june")}).as_posix()
    'exports/june/a/Content.csv'
    """
    ends = [len(name), *(match.start() for match in re.finditer("[/:]", name))]
    for end in sorted(ends, reverse=True):
        if (path := inputs.get(name[:end])) is not None:
            # What is in an archive, or a tab of a workbook, lies where that does.
            return path / name[end + 1 :] if name[end : end + 1] == "/" else path
    return None
