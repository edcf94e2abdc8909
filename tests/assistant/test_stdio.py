"""The command as the program of an assistant starts it: a process that is spoken to over stdin and stdout."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from tests.cli.test_accounts import sheet
from tests.conftest import Ran
from tests.writing import put

Coach = Callable[..., Ran]
INITIALIZE = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "by hand", "version": "1"}}


def request(number: int, method: str, **params: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "x" / "posts.csv", sheet({"baker": 30}))
    return tmp_path / "x"


def test_the_command_is_a_server_on_stdin_and_stdout(folder: Path) -> None:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "tiktok_coach", "mcp", "x", "--drafts"],
        cwd=folder.parent,
        env={**os.environ},
    )

    async def run() -> tuple[str, set[str], Any]:
        async with Client(stdio_client(parameters)) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            loaded = await client.call_tool("load_account", {})
            return client.server_info.name, tools, loaded.structured_content

    name, tools, loaded = anyio.run(run)
    assert name == "tiktok-coach"
    assert {"load_account", "write_draft_plan"} <= tools
    assert loaded["accounts"][0]["posts"] == 30


def test_what_is_no_request_is_passed_over_and_nothing_else_is_printed(folder: Path) -> None:
    lines = [
        request(1, "initialize", **INITIALIZE),
        '{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        "no json",
        '{"jsonrpc": "2.0", "id": 2}',
        "[" * 10_000,
        "\x00\xff",
        request(3, "tools/call", name="no_such_tool"),
        request(4, "tools/call", name="rules", arguments={"rule": "T403"}),
        request(5, "no/such/method"),
    ]
    # What a library prints by the way goes to stderr.
    loud = "import sys, tiktok_coach.assistant.rules as r; old = r.general_advice\n"
    loud += "def noisy(*a):\n    print('noise')\n    return old(*a)\n"
    loud += (
        "r.general_advice = noisy\nfrom tiktok_coach.cli import main\nsys.argv = ['tiktok-coach', 'mcp', 'x']\nmain()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", loud],
        cwd=folder.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(f"{line}\n" for line in lines).encode("latin-1"))
    process.stdin.flush()
    answers: dict[int, Any] = {}
    while not {1, 3, 4, 5} <= set(answers):
        message = json.loads(process.stdout.readline())
        answers[message.get("id")] = message
    rest, errors = process.communicate(timeout=30)
    assert rest == b""
    assert process.returncode == 0
    assert b"noise" in errors
    assert answers[1]["result"]["serverInfo"]["name"] == "tiktok-coach"
    assert "error" in answers[3]
    assert answers[4]["result"]["structuredContent"]["one"]["name"] == "caption-asks-question"
    assert "error" in answers[5]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no such signals here")
def test_ctrl_c_ends_it_while_it_waits(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tiktok_coach", "mcp", "x"],
        cwd=folder.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{request(1, 'initialize', **INITIALIZE)}\n".encode())
    process.stdin.flush()
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == -signal.SIGINT
    process.communicate()


def test_without_the_extra_one_line_says_what_to_install(
    coach: Coach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiktok_coach.cli.mcp.find_spec", lambda _name: None)
    ran = coach("mcp", ".")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: an assistant needs the package mcp, which is not installed; pip install 'tiktok-coach[assistant]'\n"
    )


def test_what_cannot_be_served_ends_it_at_the_start(coach: Coach, tmp_path: Path) -> None:
    assert coach("mcp", "absent").err == "error: absent: no such folder; name the folder of your exports\n"
    put(tmp_path / "x" / "tiktok-coach.yaml", "foo: 1\n")
    ran = coach("mcp", "x")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert ran.err.count("\n") == 1
    assert coach("mcp", "x", "--config", "absent.yaml").code == 2
