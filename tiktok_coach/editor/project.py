"""A folder that an editor has open: its plans, those with unsaved text among them, and the published posts beside."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Settings, resolve_settings
from tiktok_coach.core.documents.document import display_path
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import ENGLISH, language
from tiktok_coach.editor.positions import Positions
from tiktok_coach.io.files.source_files import WORKBOOKS, SourceFile
from tiktok_coach.linter.beside import Beside, history_paths, read_beside
from tiktok_coach.linter.finding import Finding
from tiktok_coach.linter.run import LintOptions, LintRun, new_since, run_lint
from tiktok_coach.plans.load import DOCUMENTS, MARKDOWN, SHEETS, find_files, open_plan
from tiktok_coach.plans.plan import Plan
from tiktok_coach.rules.load import CompiledRule

# No plan comes near it, and an export of a large account may be a hundred times as large.
MOST_BYTES = 8 * 2**20
# In a folder with more files than this, such as a home folder, only the plans that are open are looked at.
MOST_FILES = 2_000
# The exports and the trends that settings name.
Named = tuple[tuple[Path, ...], tuple[Path, ...]]
# What a plan says, however broken it is just now.
_OF_POSTS = re.compile(r"(?i)\b(?:posts?|caption|publish_at|hashtags)\b")
TEXTS = DOCUMENTS | MARKDOWN | SHEETS


@dataclass(frozen=True)
class OpenFile:
    """A text that the editor has open, saved or not. `name` is how messages name its file.

    `text` is without a byte order mark, as rules read it; `has_mark` where the editor's own text begins with one.
    """

    uri: str
    path: Path
    version: int
    text: str = field(repr=False)
    encoding: str = "utf-16"
    has_mark: bool = False

    @property
    def name(self) -> str:
        """The file as messages name it."""
        return display_path(self.path)

    @cached_property
    def speaks_of_posts(self) -> bool:
        """Whether the text has a word of a plan, so that it may be one, however broken it is just now."""
        return _OF_POSTS.search(self.text) is not None

    @cached_property
    def positions(self) -> Positions:
        """Places of the text as the protocol counts them."""
        return Positions(self.text, self.encoding, has_mark=self.has_mark)

    @cached_property
    def content(self) -> bytes:
        """The bytes that saving it would write."""
        return self.text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Linted:
    """What lint says of the plans of a folder, with the texts that it read, by name.

    `links` are the addresses of pages of the rules that the findings name, by code; `language` is spoken of them.
    `learned` keeps what was worked out from it for as long as it stands.
    """

    run: LintRun
    files: Mapping[str, OpenFile]
    findings: tuple[Finding, ...]
    settings: Settings
    links: Mapping[str, str] = field(default_factory=dict)
    language: str = ENGLISH
    learned: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def plans(self) -> dict[str, tuple[Plan, int]]:
        """Each plan that can be read by its name, with the row of its first post among those of all."""
        calendar, first = self.run.linted.calendar, 0
        plans = {}
        for plan in calendar.plans:
            plans[plan.name] = plan, first
            first += len(plan.posts)
        return plans

    def findings_in(self, name: str) -> list[Finding]:
        """The findings that are shown in a file."""
        return [finding for finding in self.findings if finding.place.file == name]

    def positions_in(self, name: str, encoding: str) -> Positions | None:
        """Places of a plan's text, open or not, as the protocol counts them; None for a workbook, which has no text."""
        if name in self.files:
            return self.files[name].positions
        known: dict[str, Positions] = self.learned.setdefault("positions", {})
        if name not in known and name in self.plans and self.plans[name][0].text:
            known[name] = Positions(self.plans[name][0].text, encoding)
        return known.get(name)

    def problems_in(self, name: str) -> list[CoachError]:
        """What could not be read in a file, unless nothing in it speaks of posts: it is another program's then."""
        file = self.files.get(name)
        if name not in self.plans and file is not None and not file.speaks_of_posts:
            return []
        return [problem for problem in self.run.linted.problems if problem.where == name]

    def notices_in(self, name: str) -> list[Notice]:
        """What lint warns of in a plan without a rule; that a file is no plan it tells those alone who name it."""
        notices = self.run.linted.calendar.notices if name in self.plans else ()
        return [notice for notice in notices if notice.source == name and notice.level == "warning"]


class Project:
    """A folder of plans, linted as `tiktok-coach lint FOLDER` would, but for what is not saved yet.

    Parameters
    ----------
    root : the folder, or the file where one alone is open.
    options : what the user asks of every folder, without inputs.
    clock : gives this moment.
    link : gives the addresses of pages of rules, by their codes.
    """

    def __init__(
        self,
        root: Path,
        options: AnalysisOptions,
        clock: Callable[[], dt.datetime],
        link: Callable[[Sequence[CompiledRule]], Mapping[str, str]] = lambda _rules: {},
    ) -> None:
        self.root, self._link = root, link
        self._options, self._clock = options, clock
        self._paths: tuple[Path, ...] = ()
        self._is_plan: dict[Path, tuple[tuple[int, int], bool]] = {}
        self._on_disk: dict[Path, tuple[tuple[int, int], SourceFile]] = {}
        self._beside: tuple[Named, Beside] | None = None
        self.analysis: Analysis | None = None
        # Whether the published posts were looked for, so that what is missing then is missing.
        self.has_read_history = False
        # What was worked out from published posts, for as long as they stand.
        self.learned: dict[Any, Any] = {}

    def options(self, **more: object) -> AnalysisOptions:
        """The options of a run, now."""
        return replace(self._options, now=self._clock(), inputs=(self.root,), **more)  # type: ignore[arg-type]

    def settings(self) -> Settings:
        """The settings as they are on disk now. Raises CoachError for a config file that cannot be used."""
        return resolve_settings(self.options())

    def read_folder(self) -> bool:
        """Look for the folder's plans; whether they are others than before. Until then only open ones are linted."""
        before, self._paths = self._paths, tuple(self._plans_below())
        return before != self._paths

    @property
    def beside(self) -> Beside:
        """The published posts and trends that were read; nothing before that."""
        return Beside() if self._beside is None else self._beside[1]

    def reads(self, path: Path) -> bool:
        """Whether a file is one of the published posts or trends that were read."""
        named = () if self._beside is None else (place for places in self._beside[0] for place in places)
        return any(path.is_relative_to(place.absolute()) for place in named)

    def read_history(self, *, anew: bool = False) -> bool:
        """Read the published posts and trends that the settings name, `anew` where they have changed; whether it did.

        Raises CoachError where they cannot be read; lint goes on without them then.
        """
        settings = self.settings()
        named = (history_paths(settings), settings.trends)
        if self._beside is not None and self._beside[0] == named and not anew:
            return False
        beside, analysis = Beside(), None
        try:
            beside = read_beside(settings)
            analysis = None if beside.history is None else Analysis(beside.history, settings)
        finally:
            # Until then what was read before stands, so that nothing that rests on it comes and goes.
            self._beside, self.analysis, self.has_read_history = (named, beside), analysis, True
        return True

    def lint(self, open_files: Sequence[OpenFile], *, move_slots: bool = False, fix: bool = False) -> Linted:
        """What lint says of the plans as they stand in the editor. Raises CoachError as `run_lint` does.

        With `move_slots` findings on hours have a mend too; with `fix` the run's `changes` are what lint would write.
        """
        files = {file.name: file for file in open_files}
        settings = self.settings()
        options = LintOptions(allow_empty=True, move_slots=move_slots, fix=fix, walked=self._walked(files))
        run = run_lint(settings.options, options, beside=self.beside, settings=settings)
        findings = new_since(run.baseline, run.linted)[0].findings
        codes = {finding.code for finding in findings}
        links = self._link([rule for rule in run.linted.rules if rule.code in codes])
        return Linted(run, files, findings, settings, links, language())

    def _walked(self, files: Mapping[str, OpenFile]) -> tuple[SourceFile, ...]:
        """The files on disk that hold plans, and those that are open, in the order in which lint finds them."""
        walked = {file.name: file for path in self._paths if (file := self._file_at(path)) is not None}
        walked |= {name: SourceFile(name, path=file.path, content=file.content) for name, file in files.items()}
        return tuple(walked[name] for name in sorted(walked, key=lambda name: Path(name).parts))

    def _file_at(self, path: Path) -> SourceFile | None:
        """A file on disk, kept with what was made of it until it changes; None once it is gone."""
        state = _state_of(path)
        if state is None:
            return None
        if path not in self._on_disk or self._on_disk[path][0] != state:
            self._on_disk[path] = state, SourceFile(display_path(path), path=path)
        return self._on_disk[path][1]

    def _plans_below(self) -> Iterator[Path]:
        """The files below the folder that hold plans, or that lint would complain of; none where it is too large."""
        columns = self.settings().read_options.columns
        below = list(islice(find_files((self.root,), {}, []), MOST_FILES + 1))
        for file, _is_named in below if len(below) <= MOST_FILES else ():
            state = None if file.path is None else _state_of(file.path)
            if file.path is None or state is None or file.suffix not in TEXTS | WORKBOOKS or state[1] > MOST_BYTES:
                continue
            if self._is_plan.get(file.path, (None, False))[0] != state:
                try:
                    is_plan = open_plan(file, columns) is not None
                except CoachError:
                    is_plan = True
                self._is_plan[file.path] = state, is_plan
            if self._is_plan[file.path][1]:
                yield file.path


def _state_of(path: Path) -> tuple[int, int] | None:
    """When a file was changed last, and its size; None for one that is not there."""
    try:
        known = path.stat()
    except OSError:
        return None
    return known.st_mtime_ns, known.st_size
