"""What a file is that holds no export: told by its first bytes, so that the error says what to do with it."""

from __future__ import annotations

import re

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_, _

_EXPORT = N_("export what it shows as CSV or Excel")
_UNPACK = N_("unpack it first")
_SAVE = N_("open it in a spreadsheet program and save it as .xlsx, or download it again")
# The beginning of a file, what it is, and what to do.
_KINDS = tuple(
    (re.compile(pattern, re.DOTALL), kind, hint)
    for pattern, kind, hint in (
        (rb"%PDF-", N_("is a PDF"), _EXPORT),
        (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|....ftyp(?:hei|mif|avi)", N_("is a picture"), _EXPORT),
        (rb"....ftyp|\x1aE\xdf\xa3", N_("is a video"), N_("put it into a folder and name that with --media")),
        (rb"\x1f\x8b|7z\xbc\xaf\x27\x1c|Rar!|BZh|\xfd7zXZ", N_("is packed"), _UNPACK),
        (rb"SQLite format 3\0", N_("is a database (SQLite)"), _EXPORT),
        (rb"\{\\rtf", N_("is a text document (RTF)"), _EXPORT),
        (
            rb"(?i)(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<head|<body|<meta|<table)",
            N_("is a web page (HTML)"),
            _SAVE,
        ),
        (rb"(?:\xef\xbb\xbf)?\s*<\?xml.{0,300}<(?:ss:)?Workbook\b", N_("is a workbook in Excel's XML of 2003"), _SAVE),
    )
)


def refuse_other_kinds(head: bytes, where: str) -> None:
    """Raise CoachError for what begins like a file of another kind than text."""
    for pattern, kind, hint in _KINDS:
        if pattern.match(head):
            raise CoachError(_(kind), where=where, hint=_(hint))
