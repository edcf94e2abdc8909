"""Text from bytes in whatever encoding a spreadsheet or an exporter chose."""

from __future__ import annotations

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _


def decode(content: bytes, where: str) -> str:
    """Text of a file in UTF-8, UTF-16 or Windows-1252. Raises CoachError for binary content."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encoding = "utf-16"
    elif content[:4000].count(0) > len(content[:4000]) // 4 and content[:4000].count(0) < len(content[:4000]):
        encoding = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            text = content.decode("latin-1")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise CoachError(
            _("holds NUL bytes, so it is not a text file or it is damaged"),
            where=f"{where}:{line}",
            hint=_("download it again"),
        )
    return text


def codec_of(content: bytes) -> str:
    """The codec that writes what `decode` reads, byte for byte, of a file in UTF-8 or UTF-16 with its mark."""
    marks = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
    return marks.get(content[:2]) or ("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8")


def decode_document(content: bytes, where: str) -> str:
    """Text of a document that people write by hand, in UTF-8 (or UTF-16 with its mark).

    Raises CoachError, with the line, for another encoding: guessing would change its letters unnoticed.
    """
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return decode(content, where)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = len(content[content.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        raise CoachError(
            _("not UTF-8 text"), where=where, line=line, column=column, hint=_("save it as UTF-8")
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise CoachError(_("holds a NUL byte, so it is no text file or it is damaged"), where=where, line=line)
    return text
