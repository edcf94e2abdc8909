"""How much those who take lint's output take of it, as they publish it, and what of the findings is within that.

Read on 2026-11-27:

- GitHub code scanning: docs.github.com, "SARIF results exceed one or more limits", "SARIF results file is too large".
  One run a file, two locations a result and one tag a rule, as here, are far within its other limits (20, 1,000, 20).
- GitHub annotations: github.com/actions/toolkit, docs/problem-matchers.md; their messages: docs.github.com, "REST API
  endpoints for check runs". Comments: 65,536 characters, of which some are left for words round them.
- GitLab Code Quality: what a merge request shows of it is kept as a `Ci::PipelineArtifact` of at most 10 MB.
- GitLab unit test reports: docs.gitlab.com, "Unit test reports" and "GitLab.com settings"; that XML of more than
  250,000 objects is refused: gitlab.com/gitlab-org/gitlab/-/issues/507482.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeVar

from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import N_, plural, plurals

# From the most severe on.
SEVERITIES = (N_("error"), N_("warning"), N_("info"))
# MB are taken as 1,000,000 bytes everywhere: who means 1,048,576 takes that as well.
MB = 1_000_000
SARIF_RESULTS, SARIF_RESULTS_SHOWN, SARIF_GZIPPED = 25_000, 5_000, 10 * MB
ANNOTATIONS, ANNOTATION_TITLE, ANNOTATION_MESSAGE = 10, 255, 64_000
CODE_QUALITY_SIZE = 10 * MB
JUNIT_CASES, JUNIT_OBJECTS, JUNIT_SIZE = 500_000, 250_000, 30 * MB
COMMENT_LENGTH = 60_000
# What is left for the notice of a cut, and for the start and the end of a file.
ROOM = 10_000
# So many texts are compressed before the size is looked at: looking costs bytes.
_BLOCK = 50
_T = TypeVar("_T")


@dataclass(frozen=True)
class Report:
    """A text in pieces, and what the user should know of what is not in it."""

    pieces: Sequence[str]
    notices: tuple[Notice, ...] = ()

    def __iter__(self) -> Iterator[str]:
        return iter(self.pieces)


def most_severe(items: Sequence[_T], severities: Sequence[str], fit: Callable[[Sequence[_T]], int]) -> Sequence[_T]:
    """The items as they came where all fit, else the most severe ones; `fit` counts how many of the first do."""
    if fit(items) == len(items):
        return items
    order = sorted(range(len(items)), key=lambda position: SEVERITIES.index(severities[position]))
    ordered = [items[position] for position in order]
    return ordered[: fit(ordered)]


# What is said of findings and posts that are not in an output, or that its taker does not show.
LEFT_OUT = plurals(
    "{count:,} finding is left out, as {taker} takes no more than the {kept:,} most severe ones that are in it; "
    "lint fewer files or rules at a time to have it too",
    "{count:,} findings are left out, as {taker} takes no more than the {kept:,} most severe ones that are in it; "
    "lint fewer files or rules at a time to have them too",
)
POSTS_LEFT_OUT = plurals(
    "{count:,} post is left out, as GitLab takes no more than the {kept:,} that are in it, those with the most "
    "severe findings first; lint fewer files at a time to have it too",
    "{count:,} posts are left out, as GitLab takes no more than the {kept:,} that are in it, those with the most "
    "severe findings first; lint fewer files at a time to have them too",
)
ALERTS_NOT_SHOWN = plurals(
    "GitHub shows only the {shown:,} most severe; {count:,} more finding is in the file",
    "GitHub shows only the {shown:,} most severe; {count:,} more findings are in the file",
)
ANNOTATIONS_NOT_SHOWN = plurals(
    "GitHub shows only {shown} of each severity at the files; {count:,} more finding is in the log",
    "GitHub shows only {shown} of each severity at the files; {count:,} more findings are in the log",
)


def first_within(sizes: Iterable[int], limit: int) -> int:
    """How many of the first sizes are together no more than a limit."""
    return sum(total <= limit for total in accumulate(sizes))


def first_gzipped(texts: Sequence[str], limit: int) -> int:
    """How many of the first texts take at most `limit` bytes when they are compressed together."""
    blocks = ["".join(texts[start : start + _BLOCK]).encode() for start in range(0, len(texts), _BLOCK)]
    if sum(map(len, blocks)) <= limit:
        return len(texts)
    compressor = zlib.compressobj()
    sizes = (len(compressor.compress(block)) + len(compressor.flush(zlib.Z_SYNC_FLUSH)) for block in blocks)
    return min(first_within(sizes, limit) * _BLOCK, len(texts))


def cut_at(text: str, size: int) -> str:
    """A text cut to so many bytes of UTF-8.

    >>> cut_at("smørrebrød", 8)
    'smør…'
    """
    encoded = text.encode()
    return text if len(encoded) <= size else encoded[: size - len("…".encode())].decode(errors="ignore") + "…"


def counted(name: str, count: int, text: tuple[str, str], **terms: object) -> tuple[Notice, ...]:
    """The notice of so many findings or posts that an output, or its taker, leaves out, if there are any."""
    return (Notice(name, plural(*text, count, **terms)),) if count > 0 else ()
