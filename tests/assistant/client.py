"""Asks the server as an assistant does, by the SDK's own client."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from jsonschema import Draft202012Validator
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp.types import CallToolResult

from tiktok_coach.analysis.settings import AnalysisOptions
from tiktok_coach.assistant.folder import Folder
from tiktok_coach.assistant.server import build_server
from tiktok_coach.assistant.workspace import SECONDS, Workspace

TODAY = dt.date(2026, 11, 2)
T = TypeVar("T")
Call = tuple[str, dict[str, Any]]


def workspace(folder: Path, seconds: float = SECONDS, **options: Any) -> Workspace:
    """A folder as the command opens it, on a day of which the example speaks."""
    now = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
    asked = AnalysisOptions(**{"now": now, "today": TODAY, "inputs": (folder,), **options})
    return Workspace(Folder(folder), asked, seconds)


def talk(place: Workspace, work: Callable[[Client], Awaitable[T]], *, writes: bool = False, mode: str = "auto") -> T:
    """What work with a client gives, while the server runs in this process."""

    async def run() -> T:
        async with Client(build_server(place, writes=writes), mode=mode) as client:
            return await work(client)

    return anyio.run(run)


def ask(place: Workspace, *calls: Call, writes: bool = False) -> list[CallToolResult]:
    """The results of calls, one after the other, each held against the schema of its tool."""

    async def work(client: Client) -> list[CallToolResult]:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        results = []
        for name, arguments in calls:
            result = await client.call_tool(name, arguments)
            results.append(result)
            if not result.is_error:
                Draft202012Validator(tools[name].output_schema).validate(result.structured_content)
        return results

    return talk(place, work, writes=writes)


def answer(place: Workspace, name: str, /, *, writes: bool = False, **arguments: Any) -> dict[str, Any]:
    """The answer of one call, which is the same as text and as structure."""
    [result] = ask(place, (name, arguments), writes=writes)
    assert not result.is_error, text_of(result)
    assert json.loads(text_of(result)) == result.structured_content
    return dict(result.structured_content or {})


def refusal(place: Workspace, name: str, /, *, writes: bool = False, **arguments: Any) -> str:
    """Why a call gives nothing."""
    [result] = ask(place, (name, arguments), writes=writes)
    assert result.is_error, text_of(result)
    return text_of(result)


def protocol_error(place: Workspace, work: Callable[[Client], Awaitable[object]], *, writes: bool = False) -> str:
    """What the protocol answers to a request that it refuses."""

    async def refused(client: Client) -> str:
        with pytest.raises(MCPError) as error:
            await work(client)
        return str(error.value)

    return talk(place, refused, writes=writes)


def text_of(result: CallToolResult) -> str:
    """The text of a result, which has one alone."""
    [content] = result.content
    return str(getattr(content, "text", ""))
