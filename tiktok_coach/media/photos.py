"""What photo files hold: their format and size, read without the help of FFmpeg."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _
from tiktok_coach.media.credentials import content_credentials
from tiktok_coach.media.fact_cache import default_folder, facts_path, keep_facts, read_facts
from tiktok_coach.media.file_names import OTHER_PHOTOS, PHOTOS

# Names of formats: an iPhone's JPEG may hold a second picture, and HEIC is HEVC in HEIF.
FORMATS = {"mpo": "jpeg", "heif": "heic"}
# What of the EXIF data says how the picture is turned, and which of its values swap width and height.
ORIENTATION, SIDEWAYS = 0x0112, frozenset({5, 6, 7, 8})


@dataclass(frozen=True)
class Photo:
    """One picture. `width` and `height` are as it is shown, after rotation; `size_mb` is in MB.

    `content_credentials` says how it was made (`none`, `other` or `ai`), `qr_code` whether it shows one, `watermark`
    names the other apps whose marks it shows, or is `none`, `opening_text` has its words, or is `none`; each is None
    where that is not known.
    `problems` says what is wrong with the file, though its facts can be read.
    """

    file: str
    format: str
    size_mb: float
    width: int
    height: int
    content_credentials: str | None = None
    qr_code: bool | None = None
    watermark: str | None = None
    opening_text: str | None = None
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


class TooManyPixelsError(ValueError):
    """The picture would fill the memory; its text says so."""


def is_photo(path: Path) -> bool:
    """Whether the ending of a file is a photo's."""
    return path.suffix.lower() in PHOTOS | OTHER_PHOTOS


def photo_files(paths: Sequence[Path]) -> list[Path]:
    """The photos that are named, and those in the folders that are, in order of name, none twice."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files.update(dict.fromkeys(sorted(p for p in path.rglob("*") if p.suffix.lower() in PHOTOS)))
        elif is_photo(path):
            files[path] = None
    return [path for path in files if path.is_file()]


def probe_photos(
    paths: Sequence[Path], *, fast: bool = False, cached: bool = True, progress: Callable[[str], None] | None = None
) -> tuple[PhotoResult, ...]:
    """What the photos among the files and in the folders at `paths` hold.

    `fast` leaves out what needs the whole picture; what was measured before is read again where it is `cached`.
    """
    cache = default_folder() if cached else None
    files, results = photo_files(paths), []
    for done, path in enumerate(files):
        if progress is not None:
            progress(_("measuring photos: {done:,} of {total:,} done", done=done, total=len(files)))
        # What a library warns of, such as EXIF data that break off, is nothing that the facts lack.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results.append(_probe(path, fast=fast, cache=cache))
    return tuple(results)


def _probe(path: Path, *, fast: bool, cache: Path | None) -> PhotoResult:
    try:
        if not path.stat().st_size:
            return PhotoResult(path, None, _("is empty"))
        return PhotoResult(path, _read_or_measure(path, fast=fast, cache=cache))
    except OSError as error:
        reason = error.strerror or _("no picture of a known format")
        return PhotoResult(path, None, _("cannot be read ({reason})", reason=reason))
    except (ValueError, SyntaxError, MemoryError) as error:
        return PhotoResult(path, None, _("cannot be read ({reason})", reason=why_unreadable(error)))


def why_unreadable(error: Exception) -> str:
    """Why a picture cannot be read, in words of our own: those of the library are English."""
    if isinstance(error, MemoryError):
        return _("it takes too much memory")
    return str(error) if isinstance(error, TooManyPixelsError) else _("it is damaged")


def _read_or_measure(path: Path, *, fast: bool, cache: Path | None) -> Photo:
    """The facts of a photo, read from the cache where they were measured before."""
    file = facts_path(path, cache, "-photo-fast" if fast else "-photo")

    def photo_from_dict(facts: dict[str, Any]) -> Photo:
        return Photo(**{**facts, "file": path.name, "problems": tuple(facts["problems"])})

    if (kept := read_facts(file, photo_from_dict)) is not None:
        return kept
    photo = measure_photo(path, fast=fast)
    keep_facts(file, photo.as_dict())
    return photo


def measure_photo(path: Path, *, fast: bool = False) -> Photo:
    """The facts of a photo; `fast` decodes nothing, so that it does not look whether the file is whole.

    Raises OSError or ValueError for what is no picture that can be read.
    """
    with open_photo(path) as image:
        kind = (image.format or "").lower()
        width, height = image.size
        # A PNG is decoded as soon as it is asked how it is turned.
        with suppress(OSError, ValueError, SyntaxError):
            if image.getexif().get(ORIENTATION) in SIDEWAYS:
                width, height = height, width
        size = round(path.stat().st_size / 1e6, 3)
        photo = Photo(path.name, FORMATS.get(kind, kind), size, width, height, content_credentials(path))
        return photo if fast else replace(photo, **_picture_facts(image))


def _picture_facts(image: Any) -> dict[str, Any]:
    """What the whole picture shows, or that it is not whole."""
    import numpy as np
    from PIL import ImageOps

    from tiktok_coach.media.frame_facts import LONGER, photo_facts

    # A large JPEG is decoded in no more detail than is looked at.
    image.draft("RGB", (LONGER, LONGER))
    try:
        picture = np.asarray(with_8_bits(ImageOps.exif_transpose(image)).convert("RGB"))
    except (OSError, ValueError, SyntaxError):
        return {"problems": (_("breaks off before its end"),)}
    return photo_facts(picture)


def with_8_bits(image: Any) -> Any:
    """A picture whose grey has 16 bits with the upper 8 of them; any other as it is. Pillow would clip them instead."""
    if not image.mode.startswith("I;16"):
        return image
    import numpy as np
    from PIL import Image

    return Image.fromarray((np.asarray(image) >> 8).astype("uint8"))


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
            raise TooManyPixelsError(_("has too many pixels to look at")) from error
