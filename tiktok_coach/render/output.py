"""Where a result goes: stdout, or a file that is written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from rich.console import Console

    from tiktok_coach.render.pages.page import Page

# Where no terminal says how wide it is.
WIDTH = 110


def write_pieces(pieces: Iterable[str], path: Path | None) -> None:
    """Write the pieces of a text one after the other."""
    if path is None:
        _utf8(sys.stdout)
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
        return
    with atomic_file(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(pieces)


def write_pages(pages: Iterable[Page], output_format: str, path: Path | None) -> None:
    """Write reports one after the other, on a terminal ("rich") or as Markdown."""
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
    from rich.console import Console

    if path is None:
        _utf8(sys.stdout)
        yield Console(
            highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH
        )
        return
    with atomic_file(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as stream:
        yield Console(file=stream, highlight=False, width=WIDTH, no_color=True, force_terminal=False)


def _utf8(stream: Any) -> None:
    """Output is UTF-8 on every system, so that no caption can fail to print."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """A path to write to, which replaces `path` once all is written; a device or a pipe is written to as it is."""
    target = path.resolve()
    if target.is_dir():
        raise CoachError(_("is a folder"), where=str(path), hint=_("name a file in it"))
    if target.exists() and not target.is_file():
        yield target
        return
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise access_error(
            "written", error, str(path), _("name a folder that exists and that you may write to")
        ) from error
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        partial.chmod(0o666 & ~_umask())
        partial.replace(target)
    except OSError as error:
        raise access_error("written", error, str(path)) from error
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, which replaces `path` once all is in it. Raises CoachError for one that is not empty."""
    target = path.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CoachError(_("is not empty"), where=str(path), hint=_("name another folder"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    except OSError as error:
        raise access_error(
            "written", error, str(path), _("name a folder that exists and that you may write to")
        ) from error
    try:
        yield partial
        partial.chmod(0o777 & ~_umask())
        if target.exists():
            target.rmdir()
        partial.replace(target)
    except OSError as error:
        raise access_error("written", error, str(path)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
