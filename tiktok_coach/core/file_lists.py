"""The names of files in a text, as people write them in a cell or after a key."""

from __future__ import annotations

import re

# A file's ending, and what parts names.
FILE_NAME, _FILES = re.compile(r"\.[A-Za-z]\w{1,4}\b"), re.compile(r"\s*[;,|\n]\s*")


def file_names(text: str) -> list[str]:
    """The names of files in a text, which commas and the like part; none where it names no file.

    >>> file_names("crust one.jpg, crumb.webp")
    ['crust one.jpg', 'crumb.webp']
    """
    return list(filter(None, _FILES.split(text.strip()))) if FILE_NAME.search(text) else []
