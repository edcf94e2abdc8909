"""How a user wants to see a result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FORMATS = ("rich", "json", "markdown", "csv")
SORTS = ("gain", "score", "views", "posts", "name")


@dataclass(frozen=True, kw_only=True)
class RenderOptions:
    """How a result is shown, and where it goes.

    Parameters
    ----------
    format : str
        One of FORMATS.
    output_file : Path, optional
        Where to write; None is stdout.
    by_account : bool
        Whether each of several accounts is shown, and not only the one with most posts.
    sort : str
        By which of SORTS a table of accounts is sorted.
    accounts : int
        How many accounts such a table lists.
    top : int
        How many changes, posts or hours a report names.
    every_post : bool
        Whether an audit lists every post, and not only the best and the worst.
    every_effect : bool
        Whether evidence lists each account, and the tips of which the data says too little.
    statuses : tuple of str, optional
        Statuses of the findings that JSON lists; None is all.
    quiet, verbose, progress : bool
        How much is said on stderr beside the result.
    """

    format: str = "rich"
    output_file: Path | None = None
    by_account: bool = False
    sort: str = "gain"
    accounts: int = 25
    top: int = 5
    every_post: bool = False
    every_effect: bool = False
    statuses: tuple[str, ...] | None = None
    quiet: bool = False
    verbose: bool = False
    progress: bool = True
