"""Loads any mix of plans into one content calendar: a table of posts, and the place of every fact.

A file that cannot be used is a problem; the others are read all the same.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from tiktok_coach.core.account import Account, normalize_handle
from tiktok_coach.core.arrays import text_array
from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.documents.document import Document, display_path, read_yaml
from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.facts import Facts, concat_facts
from tiktok_coach.core.notices import Notice
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.io.files.decoding import decode, decode_document
from tiktok_coach.io.files.source_files import JSON, WORKBOOKS, SourceFile, part_tab
from tiktok_coach.io.reading import ReadOptions
from tiktok_coach.plans import documents
from tiktok_coach.plans.documents import Marked
from tiktok_coach.plans.places import Place
from tiktok_coach.plans.plan import Plan

if TYPE_CHECKING:
    from tiktok_coach.io.files.sheets import Sheet
    from tiktok_coach.plans.sheets import Calendar

_POST_KEYS = {"caption", "publish_at", "video"}
DOCUMENTS = frozenset({".yaml", ".yml", *JSON})
MARKDOWN = frozenset({".md", ".markdown"})
SHEETS = frozenset({".csv", ".tsv"})
# What subtitles tell.
SPOKEN = frozenset({"spoken_hook", "speech_starts_s", "spoken_language"})
READABLE = DOCUMENTS | MARKDOWN | SHEETS | WORKBOOKS


@dataclass(frozen=True)
class Contradiction:
    """A fact of a post that its plan says one way, and that its video `file` measures another."""

    row: int
    column: str
    stated: float
    measured: float
    file: str


@dataclass(frozen=True)
class Unreadable:
    """The file at `path` that a post names in a column, at a `position` among several, and why it can't be read."""

    row: int
    column: str
    position: int
    path: Path
    problem: str


@dataclass(frozen=True)
class ContentCalendar:
    """Planned posts of any number of files.

    `posts` has a row a post, `plan_of` the position in `plans` of each, and `row_of` its position in that plan.
    `measured` says of which posts a column comes from their video file, or their photos. `videos` has the file of each
    post's video by its row, `photos` those of its photos in their order, None where one is not known.
    """

    posts: Facts
    plans: tuple[Plan, ...]
    plan_of: np.ndarray
    row_of: np.ndarray
    accounts: tuple[Account, ...]
    account_documents: tuple[Document, ...] = ()
    problems: tuple[CoachError, ...] = ()
    notices: tuple[Notice, ...] = ()
    measured: Mapping[str, np.ndarray] = field(default_factory=dict)
    contradicted: tuple[Contradiction, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    videos: Mapping[int, Path] = field(default_factory=dict)
    photos: Mapping[int, tuple[Path | None, ...]] = field(default_factory=dict)

    def place(self, row: int, column: str | None) -> Place:
        """The place of a column of a post; the post's own place where it says nothing of it."""
        place: Place = self.plan(row).places.of(int(self.row_of[row]), self.written(row, column))
        return place

    def written(self, row: int, column: str | None) -> str | None:
        """The column under which a plan holds a fact; what a video tells stands where the file is named."""
        measured = column is not None and column in self.measured and bool(self.measured[column][row])
        if measured and column in SPOKEN and self.plan(row).places.holds(int(self.row_of[row]), "transcript_file"):
            return "transcript_file"
        return ("photo_files" if row in self.photos else "video_file") if measured else column

    def plan(self, row: int) -> Plan:
        """The plan of a post."""
        return self.plans[int(self.plan_of[row])]


@dataclass
class _Opened:
    """A file that holds a plan, or settings for those beside it, before its posts are read."""

    name: str
    kind: str
    document: Document | None = None
    sheet: Sheet | None = None
    calendar: Calendar | None = None
    content: bytes = b""
    account: Account | None = None
    defaults: tuple[Document, Marked] | None = None
    problems: list[CoachError] = field(default_factory=list)

    @property
    def headings(self) -> list[str]:
        """The headings of a calendar; empty for a document."""
        row = self.sheet.rows[self.calendar.header] if self.sheet is not None and self.calendar is not None else None
        return [cell.strip() for cell in row.cells] if row is not None else []

    @property
    def has_settings(self) -> bool:
        """Whether it says an account or defaults."""
        return self.account is not None or self.defaults is not None


def load_calendar(
    paths: Sequence[Path],
    options: ReadOptions,
    *,
    known: Account,
    known_from: Document | None = None,
    sources: Iterable[SourceFile] = (),
    walked: Iterable[SourceFile] | None = None,
    contents: Mapping[str, bytes] | None = None,
    progress: Callable[[str], None] | None = None,
) -> ContentCalendar:
    """Every plan at `paths`, and those in `sources`, as one calendar.

    `known` is what the settings say of the account, `known_from` their file. `contents` replaces what files hold, by
    name. `walked` are the files of an earlier walk, which are read instead of those at `paths`.
    """
    problems: list[CoachError] = []
    notices: list[Notice] = []
    opened: list[_Opened] = []
    below = find_files(paths, contents or {}, problems) if walked is None else ((file, False) for file in walked)
    named = [*((file, True) for file in sources), *below]
    for number, (file, is_named) in enumerate(named, 1):
        if progress is not None:
            progress(_("reading {number:,} of {total:,}: {file}", number=number, total=len(named), file=file.name))
        try:
            plans_in_file, left = _open_tabs(file, options.columns)
        except CoachError as error:
            problems.append(error)
            continue
        opened += plans_in_file
        notices += left
        if plans_in_file:
            continue
        from tiktok_coach.plans.no_plan import OtherKindError, why_no_plan

        why = why_no_plan(file, options)
        if is_named:
            problems.append(why)
        else:
            # Beside a project's other files, most are meant to be no plans; a folder that is named is one of plans.
            is_foreign = isinstance(why, OtherKindError) or Path() in paths
            hint = f"; {why.hint}" if why.hint else ""
            text = _("{problem}; left out{hint}", problem=why.problem, hint=hint)
            notices.append(Notice(file.name, text, why.line, "info" if is_foreign else "warning"))
    shared = _settings_by_folder(opened, problems)
    plans = [plan for one in opened if (plan := _read(one, shared, options, known)) is not None]
    known_files = [o.document for o in opened if o.account is not None and o.document is not None]
    known_files += [known_from] if known_from is not None else []
    if absent := options.required - {name for one in opened for name in one.headings}:
        hint = _("`tiktok-coach columns FILE` lists those that are there")
        problems.append(CoachError(_("no input has a column {name!r} to be read so", name=min(absent)), hint=hint))
    order = {one.name: position for position, one in enumerate(opened)}
    problems += [p for one in opened for p in one.problems] + [p for plan in plans for p in plan.problems]
    notices += [notice for plan in plans for notice in plan.notices]
    problems.sort(key=lambda p: (order.get(p.where or "", -1), p.line or 0, p.column or 0))
    posts, accounts = _join_posts(plans, known)
    handles = [account.handle for account in accounts]
    if known.handle is not None and known.handle not in handles and None not in handles:
        names = {"handle": known.handle, "handles": ", ".join(map(str, handles))}
        text = _("what it says about the account {handle!r} is not used: the files are of {handles}", **names)
        notices.append(Notice(known_from.where if known_from is not None else _("the config file"), text))
    plan_of = np.repeat(np.arange(len(plans)), [len(plan.posts) for plan in plans])
    row_of = np.array([row for plan in plans for row in range(len(plan.posts))], dtype=np.int64)
    files, faults = tuple(known_files), tuple(problems)
    return ContentCalendar(posts, tuple(plans), plan_of, row_of, accounts, files, faults, tuple(notices))


def _open_tabs(file: SourceFile, columns: Mapping[str, Sequence[str]]) -> tuple[list[_Opened], list[Notice]]:
    """The plans in the tabs of a workbook, or in any other file, and a notice that names the tabs without one."""
    if file.suffix not in WORKBOOKS or file.workbook is None:
        one = open_plan(file, columns)
        return [one] if one is not None else [], []
    from tiktok_coach.io.columns.tabs import left_tabs, list_tabs, other_platform

    reasons: dict[str, str] = {}
    plans, lacks_facts, is_foreign = [], False, False
    for tab in file.tabs:
        if (platform := other_platform(tab)) is not None:
            reasons[tab.tab_name], is_foreign = _("of {platform}", platform=platform), True
        elif (one := open_plan(tab, columns)) is not None:
            plans.append(one)
        else:
            from tiktok_coach.plans.no_plan import why_no_calendar

            why = why_no_calendar(tab, columns)
            reasons[tab.tab_name] = why.problem if why is not None else _("no plan")
            lacks_facts |= why is not None
    reasons |= dict.fromkeys(file.workbook.empty, _("empty")) | dict.fromkeys(file.workbook.hidden, _("hidden"))
    if is_foreign and not plans:
        raise CoachError(_("no tab has a plan for TikTok: {tabs}", tabs=list_tabs(reasons)), where=file.name)
    return plans, left_tabs(file, reasons, is_warning=lacks_facts) if plans else []


def load_one(file: SourceFile, options: ReadOptions) -> Plan:
    """The plan that one file holds, by itself. Raises CoachError for the first thing in it that cannot be read."""
    one = open_plan(file, options.columns)
    plan = _read(one, {}, options, Account()) if one is not None else None
    problems = [*(one.problems if one else ()), *(plan.problems if plan else ())]
    if problems:
        raise problems[0]
    if plan is None:
        raise CoachError(_("has no planned posts"), where=file.name)
    return plan


def open_plan(file: SourceFile, columns: Mapping[str, Sequence[str]]) -> _Opened | None:
    """A file as what its plan stands in; None where it holds none. Raises CoachError where it cannot be read.

    `columns` takes facts to headings of calendars that the user names.
    """
    name = file.name
    if file.suffix == ".zip":
        return None
    if file.suffix in MARKDOWN:
        document = documents.read_front_matter(decode_document(file.content, name), name)
        if document is None or not isinstance(document.value, dict):
            return None
        document = documents.with_plain_keys(document)
        # A date and tags alone are any article's.
        if not _POST_KEYS & set(document.value):
            return None
        return _Opened(name, "front matter", document) if documents.holds_plan(document.value) else None
    if file.suffix in DOCUMENTS:
        return _open_document(file, columns)
    from tiktok_coach.plans.sheets import calendar_of, with_header

    sheet = with_header(file.sheet) if file.sheet is not None else None
    calendar = calendar_of(sheet, columns) if sheet is not None else None
    if calendar is None or calendar.is_export:
        return None
    return _Opened(name, "sheet", sheet=sheet, calendar=calendar, content=file.content)


def _open_document(file: SourceFile, columns: Mapping[str, Sequence[str]]) -> _Opened | None:
    """A YAML or JSON file as what its plan stands in; None where it holds none."""
    text, is_json, problems = decode_document(file.content, file.name), file.suffix in JSON, list[CoachError]()
    written = documents.read_json_document(text, file.name) if is_json else read_yaml(text, file.name)
    document = documents.with_plain_keys(written)
    is_plan = documents.holds_plan(document.value)
    if is_plan and documents.holds_foreign_keys(written.value):
        listed = _open_list(written, columns)
        # What people wrote by hand is a plan with misspelt keys, what a program wrote none of ours.
        if listed is not None or is_json:
            return listed
    elif not is_plan and not documents.holds_settings(document.value):
        key = None if is_json else documents.misspelt_posts(document.value)
        if key is None:
            return _open_list(written, columns)
        problem, hint = _("a plan has no key {key!r}", key=key), _("did you mean {close}?", close="posts")
        problems.append(document.fault(problem, (key,), hint, key=True))
        document = documents.with_posts(document, key)
    one = _Opened(file.name, "plan", document, problems=problems)
    one.account, one.defaults = documents.read_settings(document, one.problems)
    return one


def _open_list(document: Document, columns: Mapping[str, Sequence[str]]) -> _Opened | None:
    """A document that holds a list of posts; None where it holds none."""
    from tiktok_coach.plans import lists
    from tiktok_coach.plans.sheets import calendar_of

    if (path := lists.list_in(document.value)) is None:
        return None
    document = lists.part_at(document, path)
    sheet = lists.sheet_of(document.value, document.where, document)
    calendar = calendar_of(sheet, columns)
    if calendar is None or calendar.is_export:
        return None
    return _Opened(document.where, "list", document, sheet, calendar)


def _settings_by_folder(opened: Sequence[_Opened], problems: list[CoachError]) -> dict[PurePosixPath, _Opened]:
    """By folder the file whose account and defaults hold for the plans beside and below it."""
    shared: dict[PurePosixPath, _Opened] = {}
    for one in (one for one in opened if one.has_settings):
        folder = _folder(one)
        first = shared.setdefault(folder, one)
        alone = next((o for o in opened if _folder(o) == folder and not o.has_settings), None)
        if first is not one and alone is not None:
            names = {"first": first.name, "alone": alone.name}
            problem = _("says account or defaults, and so does {first}; {alone} takes those of one alone", **names)
            problems.append(CoachError(problem, where=one.name, hint=_("keep them in one file of a folder")))
    return shared


def _folder(one: _Opened) -> PurePosixPath:
    return PurePosixPath(part_tab(one.name)[0]).parent


def _read(one: _Opened, shared: Mapping[PurePosixPath, _Opened], options: ReadOptions, known: Account) -> Plan | None:
    folders = (_folder(one), *_folder(one).parents)
    source = one if one.has_settings else next((shared[folder] for folder in folders if folder in shared), one)
    account, defaults = source.account, source.defaults
    timezone = options.timezone or (account.timezone if account else None) or known.timezone
    options = replace(options, timezone=timezone)
    try:
        if one.kind == "list":
            from tiktok_coach.plans.lists import read_list

            assert one.document is not None
            assert one.sheet is not None
            assert one.calendar is not None
            return read_list(one.document, one.sheet, one.calendar, options, account, defaults)
        if one.sheet is not None and one.calendar is not None:
            from tiktok_coach.plans.sheets import read_calendar

            text = decode(one.content, one.name) if one.sheet.text else ""
            return read_calendar(one.sheet, one.calendar, text, options, account)
        assert one.document is not None
        if not documents.holds_plan(one.document.value) and one.kind == "plan":
            return None
        return documents.read_document(one.document, one.kind, options, account, defaults)
    except CoachError as error:
        one.problems.append(error)
        return None


def _join_posts(plans: list[Plan], known: Account) -> tuple[Facts, tuple[Account, ...]]:
    """The posts of all plans, and the accounts whose they are."""
    tables = []
    accounts: dict[str | None, Account] = {}
    for plan in plans:
        posts = plan.posts
        handle = plan.account.handle if plan.account and plan.account.handle else known.handle
        if plan.account is not None:
            accounts[handle] = accounts[handle].fill_from(plan.account) if handle in accounts else plan.account
        else:
            accounts.setdefault(handle, Account(handle=handle))
        handles = posts.column_or_null("account").tolist()
        tables.append(posts.with_columns({"account": text_array(normalize_handle(n) or handle for n in handles)}))
    posts = concat_facts(tables) if tables else Facts(0, (), lambda _: None)
    own = [a.fill_from(known) if known.handle in {None, h} or h is None else a for h, a in accounts.items()]
    others = sorted(set(posts.column_or_null("account").tolist()) - {None, *accounts})
    return posts, (*own, *(known if h == known.handle else Account(handle=h) for h in others)) or (known,)


def find_files(
    paths: Sequence[Path], contents: Mapping[str, bytes], problems: list[CoachError]
) -> Iterator[tuple[SourceFile, bool]]:
    """Every file at `paths` that may hold a plan, once, with whether the user named it.

    Folders are walked in order of name, hidden ones left out. `contents` takes names of files to what they are to be
    read as, instead of what they hold; what is wrong with a path is added to `problems`.
    """
    visited: set[tuple[int, int]] = set()

    def find(path: Path, above: tuple[tuple[int, int], ...]) -> Iterator[tuple[SourceFile, bool]]:
        name = display_path(path)
        try:
            known = path.stat()
            identity, is_folder = (known.st_dev, known.st_ino), stat.S_ISDIR(known.st_mode)
            names = sorted(entry.name for entry in os.scandir(path)) if is_folder and identity not in visited else []
        except OSError as error:
            is_missing = isinstance(error, FileNotFoundError) and not path.is_symlink()
            missing = CoachError(_("no such file or folder"), where=name)
            problems.append(missing if is_missing else access_error("read", error, name))
            return
        is_file = stat.S_ISREG(known.st_mode) and path.suffix.lower() in READABLE
        if is_folder and identity in above:
            text = _("a link that leads back to a folder above it")
            problems.append(CoachError(text, where=name, hint=_("remove it")))
        elif identity not in visited and (is_folder or is_file or not above):
            visited.add(identity)
            if not is_folder:
                yield SourceFile(name, path=path, content=contents.get(name)), not above
            for child in names:
                if not child.startswith(".") and child not in CONFIG_NAMES:
                    yield from find(path / child, (*above, identity))

    for path in paths:
        yield from find(path, ())
