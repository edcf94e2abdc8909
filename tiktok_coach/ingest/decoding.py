"""Text from bytes in whatever encoding a spreadsheet or an exporter chose."""

from __future__ import annotations

from tiktok_coach.errors import CoachError


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
            "holds NUL bytes, so it is not a text file or it is damaged",
            where=f"{where}:{line}",
            hint="download it again",
        )
    return text
