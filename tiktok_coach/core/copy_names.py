"""Names of files as plans write them, and how copies that are made for TikTok are named: as their source, with a mark
and an ending of their own.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

# `clip.tiktok.mp4` is the copy of `clip.mov`.
MARK = ".tiktok"


def plain_file_name(file: str) -> str:
    r"""The name of a file without its folders, of either kind of slash, in small letters.

    >>> plain_file_name("Clips/Rye.MOV"), plain_file_name(r"clips\\rye.mov")
    ('rye.mov', 'rye.mov')
    """
    return file.replace("\\", "/").rstrip("/").rpartition("/")[2].casefold()


def names_of_sources(names: pa.Array) -> pa.Array:
    """The names of files in small letters, in which a copy and its source have the same one.

    >>> names_of_sources(pa.array(["Rye.MOV", "rye.tiktok.mp4", "bun.mp4", "bun.mov", None])).to_pylist()
    ['rye.tiktok', 'rye.tiktok', 'bun.mp4', 'bun.mov', None]
    """
    names = pc.utf8_lower(pc.utf8_trim_whitespace(names))
    are_copies = pc.match_substring_regex(names, rf"{re.escape(MARK)}\.[^./\\]+$")
    if not pc.any(are_copies).as_py():
        return names
    as_copies = pc.replace_substring_regex(names, rf"({re.escape(MARK)})?\.[^./\\]*$", MARK)
    have_copies = pc.is_in(as_copies, pc.unique(as_copies.filter(are_copies)))
    return pc.if_else(have_copies, as_copies, names)
