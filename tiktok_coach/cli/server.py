"""server: a language server, for editors in which plans are written."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tiktok_coach.cli import options as opt
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _


@opt.takes(..., "config", "no_cache")
def server(
    request: Request,
    history: opt.Paths = opt.option(
        None, "Exports of published posts, beside those that the config file names. May be given several times."
    ),
) -> None:
    """Check plans while they are written, in any editor that speaks the Language Server Protocol.

    \b
    Examples:
      tiktok-coach server
      tiktok-coach server --history exports/

    The editor starts it and talks to it over stdin and stdout; docs/guides/editor.md says how each is told. It takes \
    the extra `editor` (pip install 'tiktok-coach[editor]').
    """
    try:
        from tiktok_coach.editor.features import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"pygls", "lsprotocol"}:
            raise
        problem = _("an editor cannot be served without the extra `editor`")
        raise CoachError(problem, hint="pip install 'tiktok-coach[editor]'") from error

    serve(request.analysis(history=tuple(map(Path, history or ()))), lambda: dt.datetime.now(dt.UTC))
