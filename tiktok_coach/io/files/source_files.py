"""Opens what a user points at: files, folders and ZIPs, each file once, hostile ones refused within bounds.

Nothing is ever written to disk, so that no archive can place a file anywhere.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO

from tiktok_coach.core.errors import CoachError, NothingReadError, access_error, together
from tiktok_coach.core.notices import input_names
from tiktok_coach.core.standard_streams import DASH
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.bounds import Bounds
from tiktok_coach.io.files.decoding import decode, decode_document, read_json
from tiktok_coach.io.files.kinds import refuse_other_kinds

if TYPE_CHECKING:
    from tiktok_coach.core.documents.document import Document
    from tiktok_coach.io.files.sheets import Sheet
    from tiktok_coach.io.files.workbooks import Workbook

STDIN = DASH
# How a file on stdin begins, with the ending that it would have.
BEGINNINGS = (
    (re.compile(rb"PAR1"), ".parquet"),
    (re.compile(rb'\s*\{\s*"log"\s*:'), ".har"),
    (re.compile(rb"\s*[\[{]"), ".json"),
    (re.compile(rb"(?:#[^\n]*\n|---\s*\n|\s)*[\w-]+:(?:\s|$)"), ".yaml"),
)
MAX_FILE_BYTES, MAX_FILES = 2 * 2**30, 100_000
JSON = (".json", ".jsonl", ".ndjson")
NO_SHEETS = frozenset({".har", ".yaml", ".yml", *JSON})
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
READABLE = {".csv", ".tsv", ".txt", ".yaml", ".yml", ".parquet", ".zip", ".har", ".numbers", *WORKBOOKS, *JSON}
ZIP_MARK, OLE_MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A tab is named after its workbook: `plans/autumn.xlsx:October`.
TAB = re.compile(r"(.+?\.(?:xlsx|xlsm|xlsb|xls|ods)):(.+)", re.IGNORECASE | re.DOTALL)
MAX_MEMBER_MB, MAX_ARCHIVE_MB, MAX_MEMBERS, MAX_RATIO = 512, 1024, 20_000, 200


def part_tab(name: str) -> tuple[str, str | None]:
    """The file of a name that messages show, and the tab of the workbook where it is one of several."""
    match = TAB.fullmatch(name)
    return (match[1], match[2]) if match else (name, None)


class SourceFile:
    """One file of the input. `name` is how it is shown, `path` where it lies unless it is inside an archive.

    A tab of a workbook of several is one by itself, whose content is the workbook's.
    """

    def __init__(self, name: str, *, path: Path | None = None, content: bytes | None = None) -> None:
        self.name = name
        self.path = path
        self._tab: str | None = None
        if content is not None:
            self.content = content

    @property
    def tab_name(self) -> str:
        """The name of the tab that is read; empty for what is no workbook."""
        book = None if self.suffix in NO_SHEETS else self.workbook
        return self._tab or (book.tabs[0] if book is not None and book.tabs else "")

    @property
    def suffix(self) -> str:
        """The ending of the file's name, in lower case, with its dot."""
        name = self.name if self._tab is None else self.name.removesuffix(f":{self._tab}")
        return PurePosixPath(name.replace("\\", "/")).suffix.lower()

    @property
    def stem(self) -> str:
        """The last part of the name, without its ending."""
        return PurePosixPath(self.name.replace("\\", "/").rsplit(":", 1)[-1]).stem

    @cached_property
    def content(self) -> bytes:
        """The bytes of the file."""
        assert self.path is not None
        try:
            if self.path.stat().st_size > MAX_FILE_BYTES:
                problem = _("the file is larger than {gigabytes} GB", gigabytes=MAX_FILE_BYTES // 2**30)
                raise CoachError(problem, where=self.name)
            return self.path.read_bytes()
        except OSError as error:
            raise access_error("read", error, self.name) from error

    @property
    def head(self) -> bytes:
        """The first 64 KiB, without reading the whole file."""
        if self.path is None or "content" in self.__dict__:
            return self.content[:65536]
        try:
            with self.path.open("rb") as stream:
                return stream.read(65536)
        except OSError as error:
            raise access_error("read", error, self.name) from error

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Apache Parquet."""
        return self.head[:4] == b"PAR1"

    @cached_property
    def sheet(self) -> Sheet | None:
        """The file as rows of texts, or None where it is no table."""
        if self.is_parquet or self.suffix in NO_SHEETS:
            return None
        from tiktok_coach.io.files.sheets import Sheet, read_delimited

        if self.workbook is None:
            refuse_other_kinds(self.head, self.name)
            if self.suffix in WORKBOOKS and b"\0" in self.head:
                problem = _("is not a workbook, or a damaged one")
                raise CoachError(problem, where=self.name, hint=_("download it again"))
            return read_delimited(decode(self.content, self.name), self.name)
        tab = self._tab if self._tab is not None else next(iter(self.workbook.tabs), None)
        return Sheet(self.name, []) if tab is None else self.workbook.sheet(tab, self.name)

    @cached_property
    def workbook(self) -> Workbook | None:
        """The file as a workbook, or None where it is something else."""
        if not self.head.startswith((ZIP_MARK, OLE_MARK)):
            return None
        from tiktok_coach.io.files.workbooks import Workbook

        return Workbook(self.content, self.name)

    @cached_property
    def tabs(self) -> tuple[SourceFile, ...]:
        """The tabs of a workbook in which several show and hold cells, each as a file; else the file alone."""
        if self.suffix in NO_SHEETS or self._tab or self.workbook is None or len(self.workbook.tabs) < 2:
            return (self,)
        return tuple(self.tab(name) for name in self.workbook.tabs)

    def tab(self, name: str) -> SourceFile:
        """A tab of the workbook, shown or not, as a file."""
        file = SourceFile(f"{self.name}:{name}", path=self.path, content=self.content)
        file._tab, file.workbook = name, self.workbook
        return file

    @cached_property
    def json(self) -> Any:
        """The file as JSON, or None where it is something else."""
        return read_json(self.content, self.name) if self.suffix in JSON else None

    @cached_property
    def document(self) -> Document | None:
        """The file as a YAML document, or None where it is something else."""
        if self.suffix not in {".yaml", ".yml"}:
            return None
        from tiktok_coach.core.documents.document import read_yaml

        return read_yaml(decode_document(self.content, self.name), self.name)


# Files, and in place of those that cannot be opened what is wrong.
Opened = Iterator[SourceFile | CoachError]


@contextmanager
def places_as_typed(paths: Sequence[Path]) -> Iterator[None]:
    """Errors are raised with their files in the folders that the user typed, so that they can be found."""
    try:
        yield
    except CoachError as error:
        errors = [replace(one, where=one.where and _as_typed(one.where, paths)) for one in (error, *error.others)]
        raise together(errors) from error


def _as_typed(where: str, paths: Sequence[Path]) -> str:
    for path, name in zip(paths, input_names(paths), strict=True):
        typed, rest = path.as_posix(), where.removeprefix(name)
        if where.startswith(name) and rest[:1] in {"", "/", ":"} and not where.startswith(typed):
            return (path / rest[1:]).as_posix() if rest[:1] == "/" else f"{typed}{rest}"
    return where


def open_inputs(
    paths: Sequence[Path], progress: Callable[[str], None] | None = None, bounds: Bounds | None = None
) -> Opened:
    """Every readable file at `paths`, or what is wrong with it; also those in folders, by name, and in ZIPs. What comes
    on stdin is a file too, where STDIN is among them. `progress` is called with what is read, before each file; what
    lies outside `bounds` is wrong.

    Raises CoachError for a path that is not there.
    """
    opened = _open_all(paths, bounds)
    if progress is None:
        yield from opened
        return
    total = sum(map(_count_files, paths))
    for number, file in enumerate(opened, 1):
        name = (file.where or "") if isinstance(file, CoachError) else file.name
        # Of ZIPs in ZIPs only the outer one is counted before.
        most = max(total, number)
        progress(_("reading {number:,} of {total:,}: {file}", number=number, total=most, file=name))
        yield file


def _count_files(path: Path) -> int:
    """How many files there are to read at a path, without opening any but ZIPs."""
    if path.is_dir():
        shown = (p for p in path.rglob("*") if not any(part.startswith(".") for part in p.relative_to(path).parts))
        return sum(_count_files(entry) for entry in shown if entry.suffix.lower() in READABLE and entry.is_file())
    if path.suffix.lower() == ".zip":
        with suppress(OSError, zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
            return sum(_is_readable(PurePosixPath(name)) for name in archive.namelist())
    return 1


def _open_all(paths: Sequence[Path], bounds: Bounds | None) -> Opened:
    visited: set[Path] = set()
    for path in paths:
        if path != STDIN and not path.exists():
            from tiktok_coach.core.documents.document import display_path

            raise CoachError(_("no such file or folder"), where=display_path(path))
    for path, name in zip(paths, input_names(paths), strict=True):
        yield from _or_error(_open_content(stdin_file()) if path == STDIN else _open(path, name, visited, bounds))


def _or_error(files: Opened) -> Opened:
    try:
        yield from files
    except CoachError as error:
        yield error


def _open(path: Path, name: str, visited: set[Path], bounds: Bounds | None) -> Opened:
    if bounds is not None and (refusal := bounds.refusal(path)) is not None:
        raise CoachError(refusal, where=name)
    if path.resolve() in visited:
        return
    visited.add(path.resolve())
    if path.is_dir():
        try:
            entries = sorted(path.iterdir())
        except OSError as error:
            problem = _("the folder cannot be read ({reason})", reason=error.strerror)
            raise CoachError(problem, where=str(path)) from error
        for entry in entries:
            if entry.name.startswith((".", "__MACOSX")) or len(visited) > MAX_FILES:
                continue
            if bounds is not None and bounds.passes_over(entry):
                continue
            if entry.is_dir() or entry.suffix.lower() in READABLE:
                yield from _or_error(_open(entry, str(PurePosixPath(name, entry.name)), visited, bounds))
        return
    if not path.is_file():
        raise CoachError(_("not a regular file"), where=name)
    yield from _open_content(SourceFile(name, path=path))


def _open_content(file: SourceFile) -> Opened:
    yield from _open_zip(file, depth=1) if file.head[:4] == ZIP_MARK or file.suffix == ".zip" else [file]


def stdin_file() -> SourceFile:
    """What comes on stdin as a file, with the ending that its beginning tells; a sheet has none."""
    content = stdin_content()
    start = content[:4096].removeprefix(b"\xef\xbb\xbf")
    ending = next((ending for beginning, ending in BEGINNINGS if beginning.match(start)), "")
    return SourceFile(f"stdin{ending}", content=content)


def stdin_content() -> bytes:
    """What comes on stdin. Raises CoachError where it cannot be read."""
    try:
        return _all_of(sys.stdin.buffer)
    except OSError as error:
        raise access_error("read", error, "stdin") from error


@lru_cache(maxsize=1)
def _all_of(stream: BinaryIO) -> bytes:
    """The content of a stream, which can be read once and is asked for more often."""
    return stream.read()


def _open_zip(file: SourceFile, depth: int) -> Opened:
    try:
        archive = zipfile.ZipFile(io.BytesIO(file.content))
        members = [m for m in archive.infolist() if not m.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        problem = _("not a readable ZIP or XLSX file")
        raise CoachError(problem, where=file.name, hint=_("download it again")) from error
    with archive:
        check_archive(members, file.name)
        # Of Office's formats and of OpenDocument's.
        if {"[Content_Types].xml", "mimetype"} & {m.filename for m in members}:
            yield file
            return
        if any(m.filename.endswith(".iwa") for m in members):
            hint = _("open it there and export it as Excel or CSV")
            raise CoachError(_("is a document of Apple Numbers"), where=file.name, hint=hint)
        if depth > 2:
            raise CoachError(_("ZIPs nested more than two deep"), where=file.name, hint=_("unzip it first"))
        readable = [member for member in members if _is_readable(PurePosixPath(member.filename))]
        if not readable:
            hint = _("`tiktok-coach audit --help` lists the exports that can be read")
            raise NothingReadError(_("is a ZIP without any file that can be read"), where=file.name, hint=hint)
        for member in sorted(readable, key=lambda m: m.filename):
            yield from _or_error(_open_member(archive, member, f"{file.name}:{member.filename}", depth))


def _is_readable(name: PurePosixPath) -> bool:
    return not (name.name.startswith(".") or "__MACOSX" in name.parts) and name.suffix.lower() in READABLE


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, depth: int) -> Opened:
    file = SourceFile(name, content=read_member(archive, member, name))
    yield from _open_zip(file, depth + 1) if file.head[:4] == ZIP_MARK else [file]


def check_archive(members: Sequence[zipfile.ZipInfo], where: str) -> None:
    """Refuse an archive that would unpack to too much, or that names places outside itself."""
    if len(members) > MAX_MEMBERS:
        raise CoachError(_("the archive has more than {most:,} files", most=MAX_MEMBERS), where=where)
    total, packed = sum(m.file_size for m in members) / 2**20, sum(m.compress_size for m in members) / 2**20
    if total > MAX_ARCHIVE_MB or total > max(16, MAX_RATIO * packed):
        problem = _("the archive would unpack to {total:,.0f} MB", total=total)
        raise CoachError(problem, where=where, hint=_("it looks like a ZIP bomb; not opened"))
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
            problem = _("the archive names a place outside itself ({name!r})", name=name)
            raise CoachError(problem, where=where, hint=_("not opened"))


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> bytes:
    """The bytes of one member, no more than it declares and no more than the bound."""
    if member.flag_bits & 1:
        raise CoachError(_("the archive is encrypted"), where=where, hint=_("unzip it with its password first"))
    try:
        with archive.open(member) as stream:
            content = stream.read(MAX_MEMBER_MB * 2**20 + 1)
    except Exception as error:
        # zlib.error and its kin derive from Exception alone.
        kinds = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError)
        if not isinstance(error, kinds) and type(error).__name__ not in {"error", "LZMAError"}:
            raise
        text = _("{filename} is damaged", filename=member.filename)
        raise CoachError(text, where=where, hint=_("download it again")) from error
    if len(content) > MAX_MEMBER_MB * 2**20:
        text = _("{filename} is larger than {megabytes} MB", filename=member.filename, megabytes=MAX_MEMBER_MB)
        raise CoachError(text, where=where)
    return content
