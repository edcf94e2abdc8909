"""Which accounts there are, and in which groups they are worked on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.source_files import READABLE
from tiktok_coach.render.table import PARTITION

# So many accounts are a group, fewer where they are few, and an account of so many bytes is one by itself, which is
# begun first.
GROUP, FEW = 64, 32
HEAVY = 32 * 2**20


@dataclass(frozen=True)
class Input:
    """One account: what it is called, where its files are, and how many bytes they have."""

    name: str
    path: str
    size: int


@dataclass(frozen=True)
class Group:
    """Accounts that one task works on and whose rows stand in one file of each table."""

    name: str
    inputs: tuple[Input, ...]

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum(one.size for one in self.inputs)


def accounts_in(paths: Sequence[Path]) -> list[Input]:
    """The accounts at `paths`: each part of a dataset that is partitioned by account, each entry of another folder,
    each file by itself.

    Raises CoachError for a path that is not there, for paths without accounts, and for two accounts of one name.
    """
    accounts: dict[str, Input] = {}
    for path in paths:
        if not path.exists():
            raise CoachError(_("no such file or folder"), where=str(path))
        # Workers may stand in another folder.
        for one in _accounts_at(path.absolute()):
            other = accounts.setdefault(one.name, one)
            if other is not one:
                places = {"first": other.path, "second": one.path}
                text = _("two accounts are called {name!r}: {first} and {second}", name=one.name, **places)
                raise CoachError(text, hint=_("rename one of the folders"))
    if not accounts:
        hint = _("name a folder with a folder of exports for each account, or a dataset with folders account=…")
        raise CoachError(_("no account found"), where=", ".join(str(path) for path in paths), hint=hint)
    return list(accounts.values())


def _accounts_at(path: Path) -> Iterator[Input]:
    entries = [path] if path.is_file() else sorted(path.iterdir())
    if path.is_file():
        named = [(path.stem, path)]
    elif parts := [entry for entry in entries if entry.name.startswith(PARTITION) and entry.is_dir()]:
        named = [(unquote(readable(entry.name).removeprefix(PARTITION)), entry) for entry in parts]
    else:
        others = [entry for entry in entries if not entry.name.startswith(".") and entry.name not in CONFIG_NAMES]
        named = [(readable(entry.name), entry) for entry in others if entry.is_dir()]
        named += [
            (readable(entry.stem), entry) for entry in others if entry.is_file() and entry.suffix.lower() in READABLE
        ]
    for name, place in named:
        yield Input(name, str(place), sum(size for _file, size in files_of(place)))


def readable(text: str) -> str:
    """A name of the file system as text that can be written, also where its bytes are none."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def files_of(path: Path) -> Iterator[tuple[Path, int]]:
    """Every file of an account with its bytes, in the order of their names."""
    for file in [path] if path.is_file() else sorted(path.rglob("*")):
        if file.is_file():
            yield file, file.stat().st_size


def content_digest(path: Path) -> str:
    """What tells whether anything in an account's files has changed: names and contents."""
    digest = hashlib.blake2b(digest_size=20)
    for file, size in files_of(path):
        digest.update(f"{readable(file.relative_to(path).as_posix())}\0{size}\0".encode())
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "blake2b").digest())
    return digest.hexdigest()


def groups_of(accounts: Sequence[Input], count: int) -> list[Group]:
    """The accounts in `count` groups by their names, heavy ones each by itself; the largest group first, so that none
    is waited for at the end.
    """
    inputs_by_group: dict[str, list[Input]] = {}
    for one in accounts:
        digest = hashlib.sha256(one.name.encode()).hexdigest()
        name = f"heavy-{digest[:12]}" if one.size > HEAVY else f"{int(digest, 16) % count:05d}"
        inputs_by_group.setdefault(name, []).append(one)
    groups = [Group(name, tuple(sorted(inputs, key=lambda one: one.name))) for name, inputs in inputs_by_group.items()]
    return sorted(groups, key=lambda group: (-group.size, group.name))


def groups_for(accounts: Sequence[Input]) -> int:
    """How many groups so many accounts are parted into, however many workers there are."""
    return max(-(-len(accounts) // GROUP), min(len(accounts), FEW), 1)
