"""mcp: tools for assistants over one folder, by the Model Context Protocol."""

from __future__ import annotations

import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import typer

from tiktok_coach.cli.options import argument, option, rules_option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _


@takes("folder", "drafts", "timezone", "today", "no_cache", "goal", "config")
def mcp(
    request: Request,
    folder: Path = argument(
        ..., "FOLDER", "Folder of your exports and plans. Nothing outside it is read, and nothing in it is changed."
    ),
    drafts: bool = option(
        False, "Let it write draft plans too: new files in FOLDER/drafts, never over another.", "--drafts"
    ),
    config: Path | None = rules_option(
        None, "Config file, which may lie outside FOLDER with all that it names; else that of FOLDER itself."
    ),
) -> None:
    """Let an assistant ask about your exports, over stdin and stdout.

    \b
    Examples:
      tiktok-coach mcp exports/
      tiktok-coach mcp exports/ --drafts
      tiktok-coach mcp exports/ --timezone Europe/Copenhagen --lang da

    The program of the assistant starts it; see docs/guides/assistant.md. It speaks the Model Context Protocol, takes \
    the extra `assistant` (pip install 'tiktok-coach[assistant]'), and uses no network. What an assistant reads goes \
    to whoever runs the assistant.
    """
    if find_spec("mcp") is None:
        problem = _("an assistant needs the package mcp, which is not installed")
        raise CoachError(problem, hint="pip install 'tiktok-coach[assistant]'")
    from tiktok_coach.assistant.folder import Folder
    from tiktok_coach.assistant.server import serve
    from tiktok_coach.assistant.workspace import Workspace

    workspace = Workspace(Folder(folder), request.analysis(inputs=(folder,), config=config))
    # A config file that cannot be used ends it here, and one that names a language is spoken.
    workspace.read_settings()
    if sys.stdin.isatty():
        text = _("it waits for the program of an assistant, which starts it by itself; Ctrl-C ends it")
        typer.echo(_("note: {text}", text=text), err=True)
    # What waits for stdin can be ended by nothing else.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    serve(workspace, writes=drafts)
