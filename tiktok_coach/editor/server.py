"""The language server: what an editor says and asks, and when plans are linted for it."""

from __future__ import annotations

import asyncio
import contextvars
import datetime as dt
import gc
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from tiktok_coach import __version__
from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _, prefer_language
from tiktok_coach.editor.diagnostics import Diagnostic, diagnostics_of, of_error
from tiktok_coach.editor.project import MOST_BYTES, TEXTS, Linted, OpenFile, Project
from tiktok_coach.editor.rule_pages import RulePages

NAME = "tiktok-coach"
# A byte order mark, which few editors keep in a text.
MARK = "\ufeff"
# So long after the last key a plan is linted.
QUIET_S = 0.3
# So many times as long a text is left as it is that cannot be read any more.
PAUSES = 3
Answer = TypeVar("Answer")
# How often what lies on disk has changed, and the open files of a folder: with a hash of their texts, as a file that is
# closed and opened again has the version of its first text.
State = tuple[int, tuple[tuple[str, int, int], ...]]


class Protocol(LanguageServerProtocol):
    """The protocol, in which what the features give as plain objects is written as it is.

    They give these as a calendar of thousands of posts has thousands of diagnostics at every stop of the keys.
    """

    def _serialize_message(self, data: Any) -> dict[str, Any]:
        if isinstance(data, types.PublishDiagnosticsNotification):
            return {"jsonrpc": data.jsonrpc, "method": data.method, "params": data.params}
        if isinstance(getattr(data, "result", None), (dict, list)):
            return {"jsonrpc": data.jsonrpc, "id": data.id, "result": data.result}
        return super()._serialize_message(data)


@dataclass(eq=False)
class Folder:
    """A project with what the server remembers of it."""

    project: Project
    changes: int = 0
    pending: asyncio.Task[None] | None = None
    running: tuple[State, asyncio.Task[Linted]] | None = None
    # What lint said last, of whatever texts.
    latest: Linted | None = None
    # What kept lint from running, and was shown.
    said: set[str] = field(default_factory=set)
    # The open files that could be read as plans when they were linted last, or had just been.
    readable: set[str] = field(default_factory=set)


class OutdatedError(Exception):
    """A lint that has not begun, of texts that have changed since."""


class PlanServer(LanguageServer):
    """A server of the Language Server Protocol for plans.

    Parameters
    ----------
    options : what the user asks of every folder, without inputs.
    clock : gives this moment.
    quiet_s : so many seconds after the last key a plan is linted.
    """

    def __init__(self, options: AnalysisOptions, clock: Callable[[], dt.datetime], quiet_s: float = QUIET_S) -> None:
        # Whole texts rather than parts of them: pygls takes more marks than the protocol for the end of a line.
        super().__init__(
            NAME,
            __version__,
            types.TextDocumentSyncKind.Full,
            protocol_cls=Protocol,
            converter_factory=default_converter,
        )
        self._options, self._clock, self._quiet_s = options, clock, quiet_s
        self._folders: dict[Path, Folder] = {}
        # One lint at a time, and the published posts beside it, which may take long to read.
        self._linting = ThreadPoolExecutor(1, "lint")
        self._reading = ThreadPoolExecutor(1, "read")
        self._pages = RulePages()
        # What is begun once published posts are read, so that nobody waits for it later.
        self.after_history: list[Callable[[Folder], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def open_file(self, uri: str) -> OpenFile | None:
        """A text that the editor has open; None for one that can be no plan, or lies in no file."""
        document = self.workspace.text_documents.get(uri)
        return None if document is None else self._as_file(document)

    def _as_file(self, document: TextDocument) -> OpenFile | None:
        path = to_fs_path(document.uri)
        if path is None or Path(path).suffix.lower() not in TEXTS or len(document.source) > MOST_BYTES:
            return None
        encoding = self.server_capabilities.position_encoding or types.PositionEncodingKind.Utf16
        text = document.source
        return OpenFile(
            document.uri,
            Path(path),
            document.version or 0,
            text.removeprefix(MARK),
            types.PositionEncodingKind(encoding).value,
            has_mark=text.startswith(MARK),
        )

    def folder_of(self, path: Path) -> Folder:
        """The folder in which a file is linted: the nearest with a config file, else that which the editor has open."""
        uris = (*self.workspace.folders, self.workspace.root_uri or "")
        open_folders = [Path(folder) for uri in uris if (folder := to_fs_path(uri)) is not None]
        above = [folder for folder in open_folders if path.is_relative_to(folder)]
        root = max(above, key=lambda folder: len(folder.parts), default=path)
        within = [folder for folder in path.parents if folder.is_relative_to(root)]
        root = next((f for f in within if any((f / name).is_file() for name in CONFIG_NAMES)), root)
        if root not in self._folders:
            self._folders[root] = Folder(Project(root, self._options, self._clock, self._pages.links))
            self._read(self._folders[root])
        return self._folders[root]

    def files_in(self, folder: Folder) -> list[OpenFile]:
        """The open files that are linted in a folder."""
        files = (self._as_file(document) for document in self.workspace.text_documents.values())
        return [file for file in files if file is not None and self.folder_of(file.path) is folder]

    def lint_soon(self, folder: Folder, delay: float | None = None) -> None:
        """Lint a folder and show what is found, unless something changes again before."""
        if folder.pending is not None:
            folder.pending.cancel()
        wait = self._quiet_s if delay is None else delay
        folder.pending = self._begin(folder, self._lint_and_show(folder, wait))

    def look_again(self, folder: Folder, *, history: bool) -> None:
        """Lint a folder anew, of which something on disk has changed; `history` where that may be published posts."""
        self._read(folder, anew=history)
        self._lint_anew(folder)

    def regroup(self) -> None:
        """Lint every open file in the folder where it belongs now that others are open."""
        for folder in self._folders.values():
            if folder.pending is not None:
                folder.pending.cancel()
        self._folders.clear()
        files = [self._as_file(document) for document in self.workspace.text_documents.values()]
        for folder in {self.folder_of(file.path) for file in files if file is not None}:
            self.lint_soon(folder, 0)

    @property
    def folders(self) -> tuple[Folder, ...]:
        """The folders of which files are or were open."""
        return tuple(self._folders.values())

    async def linted(self, folder: Folder) -> Linted:
        """What lint says of a folder as it stands now.

        Raises CoachError where it cannot run, and OutdatedError where something changes before its turn comes: keys are
        typed faster than a long plan is linted.
        """
        files = self.files_in(folder)
        state = folder.changes, tuple(sorted((file.uri, file.version, hash(file.text)) for file in files))

        def lint() -> Linted:
            if folder.running is None or folder.running[0] != state:
                raise OutdatedError
            folder.latest = folder.project.lint(files)
            return folder.latest

        if folder.running is None or folder.running[0] != state:
            task = asyncio.ensure_future(self.work(lint))
            # Nobody may be left who waits for it.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            folder.running = state, task
        # Whoever waits no longer leaves the others their answer.
        return await asyncio.shield(folder.running[1])

    async def work(self, compute: Callable[..., Answer], *arguments: Any, **named: Any) -> Answer:
        """What a function gives, from the thread that lints, in the language of the folder that it is about."""
        return await self._from(self._linting, compute, *arguments, **named)

    async def work_aside(self, compute: Callable[..., Answer], *arguments: Any, **named: Any) -> Answer:
        """What a function gives that may take long, from the thread that reads, while others lint."""
        return await self._from(self._reading, compute, *arguments, **named)

    async def _from(
        self, executor: ThreadPoolExecutor, compute: Callable[..., Answer], *arguments: Any, **named: Any
    ) -> Answer:
        spoken = [argument.language for argument in arguments if isinstance(argument, Linted)]

        def speak_and_compute() -> Answer:
            for code in spoken:
                prefer_language(code)
            return compute(*arguments, **named)

        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(executor, context.run, speak_and_compute)

    def _read(self, folder: Folder, *, anew: bool = False) -> None:
        """Look for a folder's plans and read the published posts beside them, and lint again where these are new."""
        self._begin(folder, self._read_and_lint(folder, anew=anew))

    def _begin(self, folder: Folder, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin what nobody waits for; what goes wrong in it is said."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(partial(self._end, folder))
        return task

    def _end(self, folder: Folder, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.say(folder, error if isinstance(error, CoachError) else unexpected(error))

    async def _lint_and_show(self, folder: Folder, delay: float) -> None:
        await asyncio.sleep(delay)
        files = self.files_in(folder)
        try:
            linted = await self.linted(folder)
        except OutdatedError:
            # Whatever changes has its own lint follow.
            return
        except CoachError as error:
            self.say(folder, error)
            for file in files:
                self._publish(file, of_error(error, file))
            return
        broken = [file for file in files if file.uri in folder.readable and file.name not in linted.plans]
        for file in files:
            if file not in broken:
                self._publish(file, await self.work(diagnostics_of, linted, file))
        folder.readable = {file.uri for file in files if file.name in linted.plans or file in broken}
        if broken:
            # A key that is half written is no plan: what was shown stays until its writer pauses.
            await asyncio.sleep(self._quiet_s * PAUSES)
            for file in broken:
                self._publish(file, await self.work(diagnostics_of, linted, file))
        # What was wrong is mended, and is said again should it come back.
        folder.said.clear()

    async def _read_and_lint(self, folder: Folder, *, anew: bool) -> None:
        if await self._from(self._reading, folder.project.read_folder):
            self._lint_anew(folder)
        try:
            is_new = await self._from(self._reading, folder.project.read_history, anew=anew)
        except CoachError:
            # What was read before counts no more.
            self._lint_anew(folder)
            self._refresh_hints()
            raise
        if is_new:
            # It stays for as long as the server runs, and need not be searched for what is needed no more at each lint.
            gc.freeze()
            self._lint_anew(folder)
            for begin in self.after_history:
                begin(folder)
            await self._prepare_hovers(folder)

    def _lint_anew(self, folder: Folder) -> None:
        folder.changes += 1
        self.lint_soon(folder, 0)

    async def _prepare_hovers(self, folder: Folder) -> None:
        """Work out what hovers ask of published posts, which the hints then show too."""
        from tiktok_coach.editor.own_posts import parts_of

        for part in await self.work_aside(parts_of, folder.project):
            await self.work_aside(part)
        self._refresh_hints()

    def _refresh_hints(self) -> None:
        """Let the editor ask again for what it shows within lines."""
        workspace = self.client_capabilities.workspace
        hints = workspace.inlay_hint if workspace is not None else None
        if hints is not None and hints.refresh_support:
            self.workspace_inlay_hint_refresh(None, lambda _answer: None)

    def say(self, folder: Folder, error: CoachError) -> None:
        """Show what keeps lint from running in a folder, once until it runs again."""
        text = str(error)
        if text not in folder.said:
            folder.said.add(text)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, text))

    def _publish(self, file: OpenFile, diagnostics: list[Diagnostic]) -> None:
        document = self.workspace.text_documents.get(file.uri)
        # What is of an older text is of no use, and a newer one is linted soon.
        if document is not None and self._as_file(document) == file:
            self._send_diagnostics(file.uri, file.version, diagnostics)

    def show_page(self, code: str, linted: Linted) -> None:
        """Open the page of a rule in the editor, or say what it is about where the editor opens none."""
        from tiktok_coach.editor.actions import explanation

        window = self.client_capabilities.window
        link = linted.links.get(code)
        shows = None if window is None else window.show_document
        if link is not None and shows is not None and shows.support:
            self.window_show_document(types.ShowDocumentParams(link, take_focus=True), lambda _answer: None)
        elif text := explanation(code, linted):
            self.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))

    def leave(self) -> None:
        """Begin nothing more once the editor is gone."""
        for executor in (self._linting, self._reading):
            executor.shutdown(wait=False, cancel_futures=True)

    def clear(self, uri: str) -> None:
        """Show nothing any more at a file that was closed."""
        self._send_diagnostics(uri, None, [])

    def _send_diagnostics(self, uri: str, version: int | None, diagnostics: list[Diagnostic]) -> None:
        params: dict[str, Any] = {"uri": uri, "diagnostics": diagnostics}
        if version is not None:
            params["version"] = version
        self.protocol.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)


def unexpected(error: BaseException) -> CoachError:
    """What is said of an error that nothing before has put into words."""
    return CoachError(_("{name}: {error}; this is a fault of tiktok-coach", name=type(error).__name__, error=error))
