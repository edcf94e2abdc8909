"""What photo files hold: their format and size, read without the help of FFmpeg."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from tiktok_coach.core.translation import _

# What folders are searched for; a file that is named may have any of the others too.
ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
OTHER_ENDINGS = frozenset({".avif", ".bmp", ".gif", ".tif", ".tiff"})
# Names of formats: an iPhone's JPEG may hold a second picture, and HEIC is HEVC in HEIF.
FORMATS = {"mpo": "jpeg", "heif": "heic"}
# What of the EXIF data says how the picture is turned, and which of its values swap width and height.
ORIENTATION, SIDEWAYS = 0x0112, frozenset({5, 6, 7, 8})


@dataclass(frozen=True)
class Photo:
    """One picture. `width` and `height` are as it is shown, after rotation; `size_mb` is in MB.

    `problems` says what is wrong with the file, though its facts can be read.
    """

    file: str
    format: str
    size_mb: float
    width: int
    height: int
    problems: tuple[str, ...] = ()

    @property
    def short_side(self) -> int:
        """The shorter of width and height."""
        return min(self.width, self.height)

    def as_dict(self) -> dict[str, Any]:
        """The facts by name; lists for several values."""
        return {f.name: list(v) if isinstance(v := getattr(self, f.name), tuple) else v for f in fields(self)}


@dataclass(frozen=True)
class PhotoResult:
    """What a photo file holds, or why that cannot be told."""

    path: Path
    photo: Photo | None
    problem: str | None = None


def is_photo(path: Path) -> bool:
    """Whether the ending of a file is a photo's."""
    return path.suffix.lower() in ENDINGS | OTHER_ENDINGS


def photo_files(paths: Sequence[Path]) -> list[Path]:
    """The photos that are named, and those in the folders that are, in order of name, none twice."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files.update(dict.fromkeys(sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS)))
        elif is_photo(path):
            files[path] = None
    return [path for path in files if path.is_file()]


def probe_photos(paths: Sequence[Path], *, fast: bool = False) -> tuple[PhotoResult, ...]:
    """What the photos among the files and in the folders at `paths` hold."""
    return tuple(_probe(path, fast=fast) for path in photo_files(paths))


def _probe(path: Path, *, fast: bool) -> PhotoResult:
    try:
        if not path.stat().st_size:
            return PhotoResult(path, None, _("is empty"))
        return PhotoResult(path, measure_photo(path, fast=fast))
    except OSError as error:
        reason = error.strerror or _("no picture of a known format")
        return PhotoResult(path, None, _("cannot be read ({reason})", reason=reason))
    except (ValueError, SyntaxError, MemoryError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0][:120]
        return PhotoResult(path, None, _("cannot be read ({reason})", reason=reason))


def measure_photo(path: Path, *, fast: bool = False) -> Photo:
    """The facts of a photo; `fast` does not look whether the file is whole.

    Raises OSError or ValueError for what is no picture that can be read.
    """
    with open_photo(path) as image:
        kind = (image.format or "").lower()
        width, height = image.size
        # A PNG is decoded as soon as it is asked how it is turned.
        with suppress(OSError, ValueError, SyntaxError):
            if image.getexif().get(ORIENTATION) in SIDEWAYS:
                width, height = height, width
        problems: tuple[str, ...] = ()
        if not fast:
            # A JPEG is read to its end in an eighth of the detail.
            image.draft(None, (1, 1))
            try:
                image.load()
            except (OSError, ValueError, SyntaxError):
                problems = (_("breaks off before its end"),)
        size = round(path.stat().st_size / 1e6, 3)
        return Photo(path.name, FORMATS.get(kind, kind), size, width, height, problems)


def open_photo(path: Path) -> Any:
    """A picture of which nothing is decoded yet, to be closed by `with`. Raises OSError or ValueError for what is none.

    One of more than 180 million pixels is refused: it would fill the memory.
    """
    from PIL import Image

    with suppress(ImportError):
        import pi_heif

        pi_heif.register_heif_opener()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return Image.open(path)
        except Image.DecompressionBombError as error:
            raise ValueError(_("has too many pixels to look at")) from error
