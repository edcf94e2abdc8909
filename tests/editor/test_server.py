"""The server over its own pipe, driven by a client of the protocol."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled

from tests.conftest import Ran
from tests.editor.calendar import calendar
from tests.editor.client import Editor, converse
from tiktok_coach.editor.actions import EXPLAIN

Coach = Callable[..., Ran]
REPEATS = "C005"


def test_findings_come_while_a_plan_is_written(tmp_path: Path) -> None:
    text = calendar(20)

    async def dialogue(editor: Editor) -> None:
        editor.open("plan.yaml", text)
        before = await editor.diagnostics("plan.yaml")
        assert "T401" in {one.code for one in before}
        [linked] = {one.code_description.href for one in before if one.code == "T401"}
        assert "150 characters" in Path(linked.removeprefix("file://")).read_text("utf-8")
        editor.change("plan.yaml", text.replace("posts:", "posts: ["))
        [broken] = await editor.diagnostics("plan.yaml")
        assert broken.message.startswith("not valid YAML")
        editor.change("plan.yaml", text)
        assert await editor.diagnostics("plan.yaml") == before
        # What is no plan is left alone, and so is what is closed.
        editor.open("compose.yaml", "services: {oven: {image: bread}}\n")
        assert await editor.diagnostics("compose.yaml") == []
        editor.change("compose.yaml", "services: {oven: {image: bread\n")
        assert await editor.diagnostics("compose.yaml") == []
        editor.close("plan.yaml")
        assert await editor.diagnostics("plan.yaml") == []

    converse(tmp_path, dialogue)


def test_the_example_has_every_feature_on_a_calendar_of_two_hundred_posts(tmp_path: Path, bakery: Path) -> None:
    text = calendar(200)
    (tmp_path / "tiktok-coach.yaml").write_text(f"lint: {{history: [{json.dumps(str(bakery))}]}}\n")

    def at(part: str, within: int = 0) -> types.Position:
        before = text[: text.index(part) + within]
        return types.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)

    async def dialogue(editor: Editor) -> None:
        client = editor.client
        document = types.TextDocumentIdentifier(editor.uri("plan.yaml"))
        editor.open("plan.yaml", text)
        # The server asks for it once the published posts are read.
        await editor.wait(lambda: editor.hint_refreshes or None)
        long = at("We fold it twice")
        for position in (long, at("#bagedag", 2), at("publish_at", 14), at("duration_s", 2)):
            hover = await client.text_document_hover_async(types.HoverParams(document, position))
            assert hover is not None, position
        half_typed = types.CompletionParams(document, at("#bagedag", 4))
        # What the account's own posts give is worked out beside, and the list is said to be incomplete until then.
        while (completion := await client.text_document_completion_async(half_typed)).is_incomplete:
            await asyncio.sleep(0.1)
        assert "#bagedag" in {item.label for item in completion.items}
        near = types.Range(types.Position(0, 0), types.Position(80, 0))
        hints = await client.text_document_inlay_hint_async(types.InlayHintParams(document, near))
        assert hints
        symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
        assert len(symbols) == 200
        here = types.Range(at("#smallbusiness #", 15), at("#smallbusiness #", 16))
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(document, here, types.CodeActionContext([]))
        )
        [fix] = [action for action in actions if getattr(action, "is_preferred", False)]
        assert fix.edit.changes[editor.uri("plan.yaml")]
        assert "Explain T809" in {action.title for action in actions}
        # This client takes an action with a command for the command itself, so that its arguments are given here.
        arguments = ["T809", editor.uri("plan.yaml")]
        await client.workspace_execute_command_async(types.ExecuteCommandParams(EXPLAIN, arguments))
        assert "(T809)" in await editor.message()
        everything = types.CodeActionContext([], only=[types.CodeActionKind.SourceFixAll])
        [fix] = await client.text_document_code_action_async(types.CodeActionParams(document, here, everything))
        assert fix.kind == "source.fixAll.tiktok-coach"
        assert fix.edit.changes[editor.uri("plan.yaml")]

    converse(tmp_path, dialogue)


def test_folders_have_their_own_settings_which_may_change(tmp_path: Path) -> None:
    text = calendar(12)
    for name, config in (("en", "ignore: [T401]\n"), ("da", "lang: da\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tiktok-coach.yaml").write_text(config)

    async def dialogue(editor: Editor) -> None:
        editor.open("en/plan.yaml", text)
        editor.open("da/plan.yaml", text)
        english = await editor.diagnostics("en/plan.yaml")
        danish = await editor.diagnostics("da/plan.yaml")
        assert "T401" not in {one.code for one in english}
        [long] = [one.message for one in danish if one.code == "T401"]
        assert "tegn" in long
        # A config file is checked too, where it is open.
        config = tmp_path / "en" / "tiktok-coach.yaml"
        config.write_text("ignoer: [T401]\n")
        editor.open("en/tiktok-coach.yaml", config.read_text())
        editor.watch("en/tiktok-coach.yaml")
        [fault] = await editor.diagnostics("en/tiktok-coach.yaml", bool)
        assert (fault.range.start.line, "ignoer" in fault.message) == (0, True)
        assert "ignoer" in await editor.message()
        [stopped] = await editor.diagnostics("en/plan.yaml", lambda all_of_them: len(all_of_them) == 1)
        assert stopped.message.startswith("nothing is checked until this is mended: ")
        assert stopped.range.start == types.Position(0, 0)
        config.write_text("{}\n")
        editor.change("en/tiktok-coach.yaml", "{}\n")
        editor.watch("en/tiktok-coach.yaml")
        await editor.diagnostics("en/plan.yaml", lambda all_of_them: any(one.code == "T401" for one in all_of_them))
        # A plan beside it counts as soon as it is there: it repeats the captions.
        (tmp_path / "en" / "other.yaml").write_text(text.replace("bake-", "other-"))
        editor.watch("en/other.yaml")
        await editor.diagnostics("en/plan.yaml", lambda all_of_them: any(one.code == "C005" for one in all_of_them))

    converse(tmp_path, dialogue)


def test_a_request_that_nobody_waits_for_is_cancelled(tmp_path: Path) -> None:
    async def dialogue(editor: Editor) -> None:
        editor.open("plan.yaml", calendar(60))
        document = types.TextDocumentIdentifier(editor.uri("plan.yaml"))
        protocol = editor.client.protocol
        request = protocol.send_request("textDocument/documentSymbol", types.DocumentSymbolParams(document), msg_id="1")
        protocol.notify("$/cancelRequest", types.CancelParams("1"))
        with pytest.raises(JsonRpcRequestCancelled):
            await asyncio.wrap_future(request)
        assert await editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(document))

    converse(tmp_path, dialogue)


def test_only_the_newest_of_many_texts_is_linted_and_shown(tmp_path: Path) -> None:
    text, keys = calendar(60), 30

    async def dialogue(editor: Editor) -> None:
        editor.open("plan.yaml", text)
        await editor.diagnostics("plan.yaml")
        document = types.TextDocumentIdentifier(editor.uri("plan.yaml"))
        asked = []
        for number in range(keys):
            editor.change("plan.yaml", text + "\n" * number)
            symbols = editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
            asked.append(asyncio.ensure_future(symbols))
            # It is sent once its turn comes.
            await asyncio.sleep(0)
        *earlier, last = await asyncio.gather(*asked, return_exceptions=True)
        assert len(last) == 60
        outdated = [one for one in earlier if isinstance(one, JsonRpcException)]
        assert {one.code for one in outdated} == {types.LSPErrorCodes.ContentModified}
        # Those that had begun are answered.
        assert len(outdated) > keys / 2
        # A text that is opened again is another, of the version of the first one: every editor begins to count anew.
        editor.close("plan.yaml")
        editor.open("plan.yaml", text)
        editor.close("plan.yaml")
        editor.open("plan.yaml", "# nothing planned yet\n")
        await editor.diagnostics("plan.yaml", lambda shown: not shown)

    converse(tmp_path, dialogue)


def test_published_posts_that_are_gone_count_no_more(tmp_path: Path) -> None:
    exports, caption = tmp_path / "exports", "Rye bread rises slowly in the cold of the morning"
    exports.mkdir()
    published = f"post_id,caption,posted_at,views\n7000000000000000001,{caption},2026-11-01T10:00:00Z,100\n"
    (exports / "posts.csv").write_text(published)
    (tmp_path / "tiktok-coach.yaml").write_text("lint: {history: [exports]}\n")
    text = f"posts:\n  - caption: {caption}\n"

    async def dialogue(editor: Editor) -> None:
        editor.open("plan.yaml", text)
        await editor.diagnostics("plan.yaml", lambda shown: any(one.code == REPEATS for one in shown))
        await editor.wait(lambda: editor.hint_refreshes or None)
        shutil.rmtree(exports)
        editor.watch("exports/posts.csv")
        await editor.diagnostics("plan.yaml", lambda shown: all(one.code != REPEATS for one in shown))
        assert await editor.message() == "exports: no such file or folder"
        await editor.wait(lambda: editor.hint_refreshes == 2 or None)

    converse(tmp_path, dialogue)


def test_a_fault_of_one_folder_is_said_once_while_another_is_linted(tmp_path: Path) -> None:
    for name, config in (("good", "{}\n"), ("bad", "ignoer: [T401]\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tiktok-coach.yaml").write_text(config)

    async def dialogue(editor: Editor) -> None:
        editor.open("bad/plan.yaml", "posts: []\n")
        assert "ignoer" in await editor.message()
        [stopped] = await editor.diagnostics("bad/plan.yaml", lambda all_of_them: len(all_of_them) == 1)
        assert stopped.message.startswith("nothing is checked until this is mended: ")
        assert stopped.range.start == types.Position(0, 0)
        for number in range(2):
            editor.open(f"good/{number}.yaml", calendar(3))
            await editor.diagnostics(f"good/{number}.yaml")
            editor.change("bad/plan.yaml", f"posts: []\n# {number}\n")
            await asyncio.sleep(0.4)
        assert editor.messages == []

    converse(tmp_path, dialogue)


def test_the_server_ends_with_its_editor(tmp_path: Path) -> None:
    async def dialogue() -> int:
        editor = Editor(tmp_path)
        await editor.start()
        editor.open("plan.yaml", calendar(3))
        await editor.diagnostics("plan.yaml")
        process = editor.process
        process.stdin.close()
        async with asyncio.timeout(20):
            return int(await process.wait())

    assert asyncio.run(dialogue()) == 0


def test_without_the_extra_one_line_says_what_to_install(coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygls.lsp.server", None)
    for name in ("server", "features"):
        monkeypatch.delitem(sys.modules, f"tiktok_coach.editor.{name}", raising=False)
    ran = coach("server")
    assert ran.code == 2
    assert ran.err == (
        "error: an editor cannot be served without the extra `editor`; pip install 'tiktok-coach[editor]'\n"
    )
