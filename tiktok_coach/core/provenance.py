"""Which source gave which facts of a post: numbers in the table, fields beside it, a sentence where it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiktok_coach.core.notices import Source

# The columns of the posts table that hold provenance in memory; a written table has `sources` instead.
PROVENANCE = "provenance"
IN_FULL_LIST = "in_full_list"
Pattern = tuple[tuple[int, tuple[str, ...]], ...]


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
