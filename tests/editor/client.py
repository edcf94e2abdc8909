"""An editor, as a test has one: it opens texts, changes them and waits for what the server says."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient


class Editor:
    """A client of the protocol, with a server of its own in `folder`."""

    def __init__(self, folder: Path, *arguments: str | Path) -> None:
        self.folder, self._arguments = folder, arguments
        self.client = LanguageClient("a test", "1")
        self.published: list[types.PublishDiagnosticsParams] = []
        self.messages: list[str] = []
        self.hint_refreshes = 0
        self._versions: dict[str, int | None] = {}
        self._news = asyncio.Event()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published.append(params)
            self._news.set()

        @self.client.feature(types.WORKSPACE_INLAY_HINT_REFRESH)
        def refresh(_params: None) -> None:
            self.hint_refreshes += 1
            self._news.set()

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def show(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self._news.set()

    async def start(self, encoding: str = "utf-16") -> types.InitializeResult:
        command = (sys.executable, "-m", "tiktok_coach", "server", *map(str, self._arguments))
        await self.client.start_io(*command, cwd=self.folder)
        general = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind(encoding)])
        folders = [types.WorkspaceFolder(self.folder.as_uri(), "plans")]
        hints = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
        workspace = types.WorkspaceClientCapabilities(inlay_hint=hints)
        capabilities = types.ClientCapabilities(general=general, workspace=workspace)
        params = types.InitializeParams(capabilities=capabilities, workspace_folders=folders)
        answer = await self.client.initialize_async(params)
        self.client.initialized(types.InitializedParams())
        return answer

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> None:
        self._versions[name] = 1
        item = types.TextDocumentItem(self.uri(name), "yaml", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, name: str, text: str) -> None:
        version = (self._versions[name] or 0) + 1
        self._versions[name] = version
        document = types.VersionedTextDocumentIdentifier(version, self.uri(name))
        changes = [types.TextDocumentContentChangeWholeDocument(text)]
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    def watch(self, name: str) -> None:
        """Say that a file has changed on disk, as editors do that watch the folder."""
        event = types.FileEvent(self.uri(name), types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The server's own process."""
        process = self.client._server
        assert isinstance(process, asyncio.subprocess.Process)
        return process

    def close(self, name: str) -> None:
        self._versions[name] = None
        document = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    async def diagnostics(self, name: str, when: Callable[[list[types.Diagnostic]], bool] = lambda _all: True) -> Any:
        """The diagnostics of the newest text of a file, once they are there and as is waited for."""

        def newest() -> list[types.Diagnostic] | None:
            of_file = [one for one in self.published if one.uri == self.uri(name)]
            is_new = bool(of_file) and of_file[-1].version == self._versions[name]
            return list(of_file[-1].diagnostics) if is_new and when(list(of_file[-1].diagnostics)) else None

        return await self.wait(newest)

    async def message(self) -> str:
        """The next message that the server shows."""
        return str(await self.wait(lambda: self.messages.pop(0) if self.messages else None))

    async def wait(self, look: Callable[[], Any]) -> Any:
        async with asyncio.timeout(30):
            while (answer := look()) is None:
                self._news.clear()
                await self._news.wait()
        return answer


def converse(folder: Path, dialogue: Callable[[Editor], Awaitable[None]], *arguments: str | Path) -> None:
    """Run a dialogue with a server that is started for it."""

    async def run() -> None:
        editor = Editor(folder, *arguments)
        await editor.start()
        try:
            await dialogue(editor)
        finally:
            await editor.stop()

    asyncio.run(run())
