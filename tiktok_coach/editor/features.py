"""What an editor may ask, each answered by the module of its name as the plain objects of the protocol."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified
from pygls.uris import to_fs_path

from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.core.config import NAMES as CONFIG_NAMES
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import language, prefer_language
from tiktok_coach.editor.actions import EXPLAIN, KINDS, QUICK_FIX, actions_at
from tiktok_coach.editor.project import TEXTS, Linted, OpenFile, Project
from tiktok_coach.editor.server import Folder, OutdatedError, PlanServer
from tiktok_coach.io.files.source_files import READABLE

# May hold what a config file says.
PYPROJECT = "pyproject.toml"


def serve(options: AnalysisOptions, clock: Callable[[], dt.datetime]) -> None:
    """Serve an editor over stdin and stdout until it leaves."""
    logging.getLogger("pygls").setLevel(logging.ERROR)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_fault)
    # Asked of the environment once, and not for each of thousands of messages.
    prefer_language(language())
    server = PlanServer(options, clock)
    register(server)
    server.start_io()
    server.leave()


def _is_fault(record: logging.LogRecord) -> bool:
    """Whether a record of the log is more than that a text has changed before its turn came."""
    return record.exc_info is None or not isinstance(record.exc_info[1], JsonRpcContentModified)


def register(server: PlanServer) -> None:
    """Tell the server what to do with every message that it takes."""
    _register_documents(server)
    _register_folders(server)
    _register_questions(server)
    _register_completion(server)
    _register_hovers_and_hints(server)


async def _linted_at(server: PlanServer, uri: str) -> tuple[Linted, Project, OpenFile] | None:
    """What lint says of a text as it stands now; None where it is no plan, or lint cannot run.

    Raises JsonRpcContentModified where the text changes before its turn comes, as positions in it say nothing then.
    """
    file = server.open_file(uri)
    while file is not None and file == server.open_file(uri):
        folder = server.folder_of(file.path)
        try:
            linted = await server.linted(folder)
        except OutdatedError:
            continue
        except CoachError:
            return None
        return linted, folder.project, linted.files.get(file.name, file)
    if file is not None:
        raise JsonRpcContentModified
    return None


async def _ask(server: PlanServer, uri: str, answer: Callable[[Linted, Project, OpenFile], Any]) -> Any:
    """What a feature gives for a text as it stands now."""
    known = await _linted_at(server, uri)
    return None if known is None else await server.work(answer, *known)


def _register_questions(server: PlanServer) -> None:
    kinds = [types.CodeActionKind(kind) if kind == QUICK_FIX else kind for kind in KINDS]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds))
    async def code_actions(params: types.CodeActionParams) -> Any:
        def answer(linted: Linted, project: Project, file: OpenFile) -> Any:
            start, end = (file.positions.offset(at) for at in (params.range.start, params.range.end))
            return actions_at(linted, project, file, start, end, params.context.only)

        return await _ask(server, params.text_document.uri, answer)

    @server.command(EXPLAIN)
    async def explain(code: str, uri: str) -> None:
        known = await _linted_at(server, uri)
        if known is not None:
            server.show_page(code, known[0])

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def document_symbols(params: types.DocumentSymbolParams) -> Any:
        from tiktok_coach.editor.symbols import symbols_of

        return await _ask(server, params.text_document.uri, lambda linted, _project, file: symbols_of(linted, file))


def _register_hovers_and_hints(server: PlanServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> Any:
        from tiktok_coach.editor.hover import hover_at

        def answer(linted: Linted, project: Project, file: OpenFile) -> Any:
            return hover_at(linted, project, file, file.positions.offset(params.position))

        return await _ask(server, params.text_document.uri, answer)

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def inlay_hint(params: types.InlayHintParams) -> Any:
        from tiktok_coach.editor.hints import inlay_hints

        def answer(linted: Linted, project: Project, file: OpenFile) -> Any:
            start, end = (file.positions.offset(at) for at in (params.range.start, params.range.end))
            return inlay_hints(linted, project, file, start, end)

        return await _ask(server, params.text_document.uri, answer)


def _register_completion(server: PlanServer) -> None:
    from tiktok_coach.editor.completion import TRIGGERS, complete, cut, handle_in
    from tiktok_coach.editor.completion_request import Sources
    from tiktok_coach.editor.history_words import Histories

    histories = Histories(server.work_aside)

    def begin(folder: Folder) -> None:
        for file in server.files_in(folder):
            histories.begin(folder.project, handle_in(file.text))

    server.after_history.append(begin)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=list(TRIGGERS)))
    async def completion(params: types.CompletionParams) -> Any:
        file = server.open_file(params.text_document.uri)
        if file is None:
            return None
        folder = server.folder_of(file.path)
        project = folder.project
        with suppress(CoachError):
            # To read them is to speak the language that they name.
            project.settings()
        words, is_known = await histories.of(project, handle_in(file.text))
        offset = file.positions.offset(params.position)
        sources = Sources(words, histories.trends(project), folder.latest)
        items, is_cut = cut(complete(file, project, offset, sources, has_snippets=_takes_snippets(server)))
        return {"isIncomplete": is_cut or not is_known, "items": items}


def _takes_snippets(server: PlanServer) -> bool:
    """Whether the editor can put the cursor into what it puts in."""
    document = server.client_capabilities.text_document
    completion = None if document is None else document.completion
    item = None if completion is None else completion.completion_item
    return item is not None and bool(item.snippet_support)


def _register_documents(server: PlanServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: types.DidOpenTextDocumentParams) -> None:
        lint(params.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: types.DidChangeTextDocumentParams) -> None:
        lint(params.text_document.uri, None)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        server.clear(uri)
        for folder in server.folders:
            server.lint_soon(folder)

    def lint(uri: str, delay: float | None) -> None:
        file = server.open_file(uri)
        if file is not None:
            server.lint_soon(server.folder_of(file.path), delay)


def _register_folders(server: PlanServer) -> None:
    @server.feature(types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace is not None else None
        if watching is not None and watching.dynamic_registration:
            suffixes = sorted(TEXTS | READABLE)
            patterns = [types.FileSystemWatcher(f"**/{name}") for name in (*(f"*{one}" for one in suffixes), PYPROJECT)]
            options = types.DidChangeWatchedFilesRegistrationOptions(patterns)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            await server.client_register_capability_async(
                types.RegistrationParams([types.Registration("watched files", method, options)])
            )

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        paths = [Path(path) for change in params.changes if (path := to_fs_path(change.uri)) is not None]
        is_config = any(path.name in {*CONFIG_NAMES, PYPROJECT} for path in paths)
        for folder in server.folders:
            is_history = any(folder.project.reads(path) for path in paths)
            if is_config or is_history or any(path.is_relative_to(folder.project.root) for path in paths):
                server.look_again(folder, history=is_config or is_history)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(params: types.DidSaveTextDocumentParams) -> None:
        path = to_fs_path(params.text_document.uri)
        if path is not None and Path(path).name in CONFIG_NAMES:
            for folder in server.folders:
                server.look_again(folder, history=True)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def did_change_workspace_folders(_params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.regroup()
