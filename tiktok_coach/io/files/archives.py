"""Bounds on ZIPs, and on the workbooks that are ZIPs too: what would unpack to too much, or elsewhere, is refused."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

MAX_MEMBER_BYTES = 512 * 2**20
MAX_ARCHIVE_BYTES = 2**30
MAX_MEMBERS = 20_000
MAX_RATIO = 200


def check_archive(members: Sequence[zipfile.ZipInfo], where: str) -> None:
    """Refuse an archive that would unpack to too much, or that names places outside itself."""
    if len(members) > MAX_MEMBERS:
        raise CoachError(_("the archive holds more than {most:,} files", most=MAX_MEMBERS), where=where)
    total = sum(m.file_size for m in members)
    packed = sum(m.compress_size for m in members)
    if total > MAX_ARCHIVE_BYTES or (total > 16 * 2**20 and total > MAX_RATIO * max(packed, 1)):
        raise CoachError(
            _("the archive would unpack to {total:,.0f} MB", total=total / 2**20),
            where=where,
            hint=_("it looks like a ZIP bomb; not opened"),
        )
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":":
            raise CoachError(
                _("the archive names a place outside itself ({name!r})", name=name), where=where, hint=_("not opened")
            )


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> bytes:
    """The bytes of one member, no more than it declares and no more than the bound."""
    if member.flag_bits & 1:
        raise CoachError(_("the archive is encrypted"), where=where, hint=_("unzip it with its password first"))
    try:
        with archive.open(member) as stream:
            content = stream.read(MAX_MEMBER_BYTES + 1)
    except Exception as error:
        # zlib.error and its kin derive from Exception alone.
        kinds = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError)
        if not isinstance(error, kinds) and type(error).__name__ not in {"error", "LZMAError"}:
            raise
        text = _("{filename} is damaged", filename=member.filename)
        raise CoachError(text, where=where, hint=_("download it again")) from error
    if len(content) > MAX_MEMBER_BYTES:
        megabytes = MAX_MEMBER_BYTES // 2**20
        text = _("{filename} is larger than {megabytes} MB", filename=member.filename, megabytes=megabytes)
        raise CoachError(text, where=where)
    return content
