"""How a user wants to see a result, and where it goes: stdout, or a file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.translation import _
from tiktok_coach.render.written import record

if TYPE_CHECKING:
    from rich.console import Console

    from tiktok_coach.render.pages.page import Page

# Where no terminal says how wide it is.
WIDTH = 110


def text_width() -> int:
    """How many characters of plain text fit on a line of the terminal."""
    return shutil.get_terminal_size((WIDTH, 24)).columns


def write_pieces(pieces: Iterable[str], path: Path | None, *, private: bool = False, is_answer: bool = True) -> None:
    """Write the pieces of a text one after the other; a private file is its owner's alone to read.

    For what is no answer see `atomic_file`.
    """
    with _stream_to(path, private=private, is_answer=is_answer) as stream:
        stream.writelines(pieces)


def write_pages(pages: Iterable[Page], output_format: str, path: Path | None) -> None:
    """Write reports one after the other, as text or as Markdown."""
    from tiktok_coach.render.pages.show import pages_markdown, print_page

    if output_format == "markdown":
        write_pieces(pages_markdown(pages), path)
        return
    with console_to(path) as console:
        for page in pages:
            print_page(page, console)


@contextlib.contextmanager
def console_to(path: Path | None) -> Iterator[Console]:
    """A console that prints to stdout, or without colours to a file."""
    from rich import _wrap
    from rich.console import Console

    # Rich takes a no-break space for one to break at, which parts a number from its sign of per cent.
    _wrap.re_word = re.compile(r"[^\S\xa0]*[\S\xa0]+[^\S\xa0]*")
    with _stream_to(path) as stream:
        if path is None:
            width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
            yield Console(highlight=False, soft_wrap=False, width=width)
        else:
            yield Console(file=stream, highlight=False, width=WIDTH, no_color=True, force_terminal=False)


@contextlib.contextmanager
def _stream_to(path: Path | None, *, private: bool = False, is_answer: bool = True) -> Iterator[TextIO]:
    if path is not None:
        with (
            atomic_file(path, private=private, is_answer=is_answer) as partial,
            partial.open("w", encoding="utf-8", newline="\n") as stream,
        ):
            yield stream
        return
    # Output is UTF-8 on every system, so that no caption can fail to print.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    yield sys.stdout
    sys.stdout.flush()


@contextlib.contextmanager
def atomic_file(path: Path, *, private: bool = False, is_answer: bool = True) -> Iterator[Path]:
    """A path to write to, which replaces `path` once all is written; a device or a pipe is written to as it is.

    An answer may be replaced by a later one without a question; a person's own file that was mended may not, and what
    a fleet keeps for itself need not be remembered.
    """
    target = path.resolve()
    if target.is_dir():
        raise CoachError(_("is a folder"), where=str(path), hint=_("name a file in it"))
    if target.exists() and not target.is_file():
        yield target
        return
    with _access(path, named=True):
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    partial = Path(name)
    try:
        with _access(path):
            yield partial
            partial.chmod(0o600 if private else 0o666 & ~_umask())
            partial.replace(target)
            if is_answer:
                record(target)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, which replaces `path` once all is in it. Raises CoachError for one that is not empty."""
    target = path.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CoachError(_("is not empty"), where=str(path), hint=_("name another folder"))
    with _access(path, named=True):
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        with _access(path):
            yield partial
            partial.chmod(0o777 & ~_umask())
            if target.exists():
                target.rmdir()
            partial.replace(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def _access(path: Path, *, named: bool = False) -> Iterator[None]:
    """What the system refuses as the user's error; what was `named` may be where nothing can be written."""
    try:
        yield
    except OSError as error:
        hint = _("name a folder that exists and that you may write to") if named else None
        raise access_error("written", error, str(path), hint) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@dataclass(frozen=True, kw_only=True)
class RenderOptions:
    """What a result shows: the `top` changes or posts, `every_post` of an audit, findings of these `statuses` in JSON
    (None: all), and with `verbose` what it rests on. `parts` are those of an audit's whole page (empty: all),
    `accounts` is how many of several are listed. For the commands that come next `inputs` are the paths that a user
    typed, `media` the option that names videos, `selection` the options that choose an account and a period, and
    `of_several` says that the inputs are of several accounts, or one was chosen.
    """

    top: int = 5
    every_post: bool = False
    statuses: tuple[str, ...] | None = None
    verbose: bool = False
    parts: tuple[str, ...] = ()
    accounts: int = 20
    inputs: str = ""
    media: str = ""
    selection: str = ""
    of_several: bool = False
