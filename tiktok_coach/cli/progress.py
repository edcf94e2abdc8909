"""What commands say on stderr: which file is being read, and what was odd about it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from tiktok_coach.core.notices import Notice

MOST_WARNINGS = 15


@contextlib.contextmanager
def reading(*, enabled: bool) -> Iterator[Callable[[str], None] | None]:
    """What is called with each file's name as it is read, to show it where stderr is a terminal."""
    if not (enabled and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.text import Text

    from tiktok_coach.render.escaping import one_line

    with Console(stderr=True).status(_("reading")) as status:
        yield lambda name: status.update(Text(_("reading {file}", file=one_line(name, 60))))


@contextlib.contextmanager
def running(text: str, total: int, *, enabled: bool) -> Iterator[Callable[[int], None]]:
    """What is called with how much of `total` is done, to show it where stderr is a terminal."""
    if not (enabled and sys.stderr.isatty()):
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(text, total=total)
        yield lambda done: bar.update(task, completed=done)


def say_notices(notices: Sequence[Notice], *, quiet: bool, verbose: bool) -> None:
    """Notices on stderr, warnings first; without `verbose` only warnings, and no more than can be read."""
    from tiktok_coach.render.escaping import one_line

    if quiet:
        return
    visible = [n for n in notices if verbose or n.level == "warning"]
    listed = visible if verbose else visible[:MOST_WARNINGS]
    for notice in listed:
        text = f"{one_line(notice.where)}: {one_line(notice.text)}"
        line = _("note: {text}", text=text) if notice.level == "info" else _("warning: {text}", text=text)
        print(line, file=sys.stderr)  # noqa: T201
    if len(visible) > len(listed):
        print(_("and {count} more warnings; --verbose shows them", count=len(visible) - len(listed)), file=sys.stderr)  # noqa: T201
    hidden = len(notices) - len(visible)
    if hidden:
        print(_("{chosen} notes on how the files were read; --verbose shows them", chosen=hidden), file=sys.stderr)  # noqa: T201
