"""The report as one page of HTML that holds all it needs: it opens offline, and asks nothing of any other place."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from tiktok_coach.core.errors import CoachError, access_error
from tiktok_coach.core.translation import _, format_value, language, plural
from tiktok_coach.render.site.content import accounts_content, content_of
from tiktok_coach.render.site.gather import Studies
from tiktok_coach.render.site.posts import data_json
from tiktok_coach.stats.account_summaries import AccountSummary

# What a picture file begins with.
PICTURES = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}
LARGEST_LOGO = 500_000


@cache
def part(name: str) -> str:
    """One of the files that the page is made of."""
    return (files("tiktok_coach.render.site") / "parts" / name).read_text("utf-8")


@dataclass(frozen=True)
class Branding:
    """A page's title (None: the account's), the address of its logo as `data_address` gives it, and its date."""

    title: str | None
    logo: str | None
    now: dt.datetime


def report_html(studies: Studies, branding: Branding, summaries: Sequence[AccountSummary] = ()) -> str:
    """The page of one account, after a table of those it stands among, where they are given."""
    script = part("page.js")
    content: dict[str, Any] = {
        **content_of(studies),
        **_worn(branding, title_of(studies)),
        "accounts": accounts_content(summaries, {}),
        "script": script,
        # No other script may run, whatever a caption holds.
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        "data": data_json(studies, words_of(script)),
    }
    return _environment().get_template("page.html.j2").render(content)


def index_html(summaries: Sequence[AccountSummary], branding: Branding, pages: Mapping[str | None, str]) -> str:
    """The page of several accounts that leads to those of each, whose files `pages` names by handle."""
    content = {
        **_worn(branding, _("How {count} accounts stand on TikTok", count=len(summaries))),
        "accounts": accounts_content(summaries, pages),
    }
    return _environment().get_template("index.html.j2").render(content)


def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(part), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update({"_": _, "plural": plural})
    environment.filters["capfirst"] = lambda text: text[:1].upper() + text[1:]
    return environment


def _worn(branding: Branding, title: str) -> dict[str, Any]:
    return {
        "title": branding.title or title,
        "logo": branding.logo,
        "lang": language(),
        "made": format_value(branding.now.date(), "%Y-%m-%d"),
        "version": version("tiktok-coach"),
        "style": part("page.css"),
    }


def words_of(script: str) -> dict[str, str]:
    """The texts of a script, each `_("…")` of it, in the language that is spoken."""
    return {text: _(text) for text in re.findall(r'\b_\("([^"]+)"', script)}


def title_of(studies: Studies) -> str:
    """What the report is called where nobody says."""
    handle = studies.audit.account.handle
    return _("How @{handle} stands on TikTok", handle=handle) if handle else _("How the account stands on TikTok")


def data_address(logo: Path) -> str:
    """A picture as an address that holds it. Raises CoachError for what is none, or too large."""
    try:
        content = logo.read_bytes()
    except OSError as error:
        raise access_error("read", error, str(logo)) from error
    kind = next((kind for start, kind in PICTURES.items() if content.startswith(start)), None)
    if kind is None:
        raise CoachError(
            _("is no picture that a page can show"), where=str(logo), hint=_("use a PNG, JPEG, GIF or WebP file")
        )
    if len(content) > LARGEST_LOGO:
        raise CoachError(
            _("is too large for a logo"), where=str(logo), hint=_("use one below {size} kB", size=LARGEST_LOGO // 1000)
        )
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
