"""The one folder that an assistant may ask about, and nothing to which a name or a link leads outside of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from tiktok_coach.core.documents.document import display_path
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.bounds import Bounds
from tiktok_coach.io.files.source_files import READABLE
from tiktok_coach.plans.load import READABLE as OF_PLANS

MEGABYTE = 2**20
# A file, all files that may be exports together, and a plan that is checked.
MOST_FILE, MOST_BYTES, MOST_PLAN = 200 * MEGABYTE, 500 * MEGABYTE, MEGABYTE
# Exports of an agency are hundreds; entries are files and folders of any kind.
MOST_FILES, MOST_ENTRIES, MOST_NAME = 2_000, 50_000, 400
# Where plans of the assistant go.
DRAFTS = "drafts"
Stamp = tuple[tuple[str, int, int], ...]


class Folder:
    """A folder by its path as the user typed it; `root` is where it really lies."""

    def __init__(self, path: Path) -> None:
        """Raises CoachError for what is no folder that can be read."""
        if not path.is_dir():
            raise CoachError(_("no such folder"), where=display_path(path), hint=_("name the folder of your exports"))
        self.path = path
        self.root = path.resolve()
        # What the assistant plans says nothing of what happened, and changes as it is written.
        self.bounds = Bounds(self.root, MOST_FILE, frozenset({self.root / DRAFTS}))
        # A name of the top of the tree would be that of every path.
        self._shown = {} if self.root == Path(self.root.anchor) else self._places()

    def _places(self) -> dict[str, str]:
        """What stands for absolute paths of the folder in messages, the longest first."""
        names = {str(self.root), self.root.as_posix(), str(self.path.absolute()), self.path.absolute().as_posix()}
        return dict.fromkeys(sorted(names, key=len, reverse=True), self.root.name)

    def shown(self, text: str) -> str:
        """A message without the places above the folder: paths begin at its name."""
        for place, name in self._shown.items():
            text = text.replace(place, name)
        return text

    def stamp(self) -> Stamp:
        """The files that reading may take, each with size and time: the same as long as nothing changes.

        Raises CoachError where there are too many, or they are too large together.
        """
        files, total = [], 0
        for path, status in self._files():
            if self.root / DRAFTS in path.parents:
                continue
            if path.suffix.lower() not in READABLE and path.name != "pyproject.toml":
                continue
            files.append((path.relative_to(self.root).as_posix(), status.st_size, status.st_mtime_ns))
            # What is too large by itself is left out and named.
            total += status.st_size if status.st_size <= MOST_FILE else 0
            if len(files) > MOST_FILES or total > MOST_BYTES:
                terms = {"files": MOST_FILES, "megabytes": MOST_BYTES // MEGABYTE}
                problem = _("holds more than {files:,} files, or {megabytes} MB, that may be exports", **terms)
                raise CoachError(problem, where=self.root.name, hint=_("start the server on the exports alone"))
        return tuple(sorted(files))

    def plans(self) -> list[str]:
        """The names of the files that may be plans: YAML and Markdown, config files aside."""
        names = [path.relative_to(self.root).as_posix() for path, _status in self._files()]
        return sorted(name for name in names if name.lower().endswith((".yaml", ".yml", ".md")))

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """The files of the folder and those below; links to files count, links to folders and hidden ones do not."""
        waiting, entries = [self.root], 0
        while waiting:
            place = waiting.pop()
            try:
                listed = list(os.scandir(place))
            except OSError:
                # Reading names it.
                continue
            for entry in listed:
                entries += 1
                if entries > MOST_ENTRIES:
                    problem = _("holds more than {count:,} files and folders", count=MOST_ENTRIES)
                    raise CoachError(problem, where=self.root.name, hint=_("start the server on the exports alone"))
                if entry.name.startswith("."):
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif entry.is_file():
                        yield Path(entry.path), entry.stat(follow_symlinks=False)
                except OSError:
                    continue

    def content_of_plan(self, name: str) -> bytes:
        """What a plan of the folder holds, by its name from there.

        Raises CoachError for a name that leads out of the folder, and for what is no plan of an ordinary size.
        """
        path = self.file(name)
        if path.suffix.lower() not in OF_PLANS:
            endings = ", ".join(sorted(OF_PLANS))
            raise CoachError(_("is no plan by its ending"), where=name, hint=_("plans end in {names}", names=endings))
        try:
            with path.open("rb") as stream:
                content = stream.read(MOST_PLAN + 1)
        except OSError as error:
            raise access_error("read", error, name) from error
        if len(content) > MOST_PLAN:
            problem = _("is larger than {megabytes} MB; not read", megabytes=MOST_PLAN // MEGABYTE)
            raise CoachError(problem, where=name)
        return content

    def file(self, name: str) -> Path:
        """Where a file of the folder lies, by its name from there.

        Raises CoachError for a name that leads out, in the same words whether anything is there or not.
        """
        parts = PureWindowsPath(name)
        leads_out = bool(parts.anchor) or ".." in parts.parts or name.startswith("~") or "\0" in name
        if leads_out or not name.strip() or len(name) > MOST_NAME:
            raise _outside(name)
        path = self.root / Path(*parts.parts)
        try:
            is_within, is_file = path.resolve().is_relative_to(self.root), path.is_file()
        except (OSError, RuntimeError, ValueError) as error:
            raise _outside(name) from error
        if not is_within:
            raise _outside(name)
        if not is_file:
            hint = _("name a file of the folder, such as {name}", name="plans/plan.yaml")
            raise CoachError(_("no such file in the folder"), where=name, hint=hint)
        return path

    def new_draft(self, name: str) -> Path:
        """Where a new plan of this name goes: in DRAFTS, which is made where it is not there.

        Raises CoachError where that leads out of the folder, or is no folder.
        """
        place = self.root / DRAFTS
        try:
            place.mkdir(exist_ok=True)
        except OSError as error:
            raise access_error("written", error, DRAFTS) from error
        if place.resolve() != place:
            raise _outside(DRAFTS)
        return place / f"{name}.yaml"


def _outside(name: str) -> CoachError:
    hint = _("name a file of the folder, such as {name}", name="plans/plan.yaml")
    return CoachError(_("leads out of the folder, which stays closed"), where=name[:MOST_NAME], hint=hint)
