"""Makes photos in the formats that people have, each as small as its format allows."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

Image = pytest.importorskip("PIL.Image", reason="needs the extra media")

# 64 by 96 pixels of one colour. What reads HEIC does not write it.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAA"
    "AERAAAEAAQAAAAABegABAAAAAAAAABkAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3"
    "aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAA"
    "AwAeoCCBhZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAYAAAABBw"
    "aXhpAAAAAAMICAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAACFtZGF0AAAAFSgBrwQY/Hk46+2IA/m0BYyhHAC7gA=="
)


def write_photo(path: Path, width: int = 64, height: int = 96, **how: Any) -> Path:
    """A photo of one colour in the format that the name ends with; `how` is as Pillow's `save` takes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".heic":
        path.write_bytes(HEIC)
    else:
        Image.new(how.pop("mode", "RGB"), (width, height), how.pop("colour", (200, 120, 40))).save(path, **how)
    return path


def turned(orientation: int) -> Any:
    """EXIF data that say how a picture is turned."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def no_words(picture: Any) -> dict[str, Any]:
    """Stands for what pictures show, which takes seconds to be read."""
    assert picture.ndim == 3
    return {"qr_code": False, "watermark": "none", "opening_text": "none"}
