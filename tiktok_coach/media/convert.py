"""Copies of videos and photos that TikTok takes; the files of a person are read alone."""

from __future__ import annotations

import warnings
from dataclasses import asdict
from pathlib import Path

from tiktok_coach.core.copy_names import MARK
from tiktok_coach.core.translation import _
from tiktok_coach.media.limits import PhotoLimits, VideoLimits
from tiktok_coach.media.photos import is_photo, open_photo, why_unreadable, with_8_bits
from tiktok_coach.media.probe import Child

# A copy may take so long.
SECONDS = 4 * 3600.0
WITH_RGB_PROFILE = frozenset({"RGB", "RGBA", "P"})
QUALITY, LEAST_QUALITY, STEP = 90, 40, 10


class ConversionError(ValueError):
    """The file cannot be copied; its text says why."""


def copy_path(source: Path) -> Path:
    """Where the copy of a file is written: beside it.

    >>> copy_path(Path("bread/clip.mov")).as_posix(), copy_path(Path("loaf.PNG")).as_posix()
    ('bread/clip.tiktok.mp4', 'loaf.tiktok.jpg')
    """
    return source.with_name(source.stem + copy_ending(source))


def copy_ending(source: Path) -> str:
    """What the name of a copy ends with, in the place of the ending of the file."""
    return f"{MARK}.jpg" if is_photo(source) else f"{MARK}.mp4"


def is_copy(path: Path) -> bool:
    """Whether a file is named as a copy."""
    return path.stem.endswith(MARK)


def convert_photo(source: Path, target: Path, limits: PhotoLimits) -> None:
    """Write a photo to `target` as JPEG, upright and within the limits. Raises ConversionError."""
    from PIL import Image, ImageOps

    try:
        with open_photo(source) as image, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # The profile of a grey or a CMYK picture says nothing true of an RGB one.
            profile = image.info.get("icc_profile") if image.mode in WITH_RGB_PROFILE else None
            picture = with_8_bits(ImageOps.exif_transpose(image))
            if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
                # What is seen through a picture is white on TikTok's carousels, and black where JPEG just forgets it.
                picture = picture.convert("RGBA")
                picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
            picture = picture.convert("RGB")
            scale = min(limits.max_side / min(picture.size), 1.0)
            if scale < 1:
                width, height = (max(round(side * scale), 1) for side in picture.size)
                picture = picture.resize((width, height), Image.Resampling.LANCZOS)
            for quality in range(QUALITY, LEAST_QUALITY - 1, -STEP):
                picture.save(target, "JPEG", quality=quality, optimize=True, icc_profile=profile)
                if target.stat().st_size <= limits.max_mb * 1e6:
                    return
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        raise ConversionError(_why(error)) from error
    raise ConversionError(_("stays larger than {size:g} MB", size=limits.max_mb))


def _why(error: Exception) -> str:
    """Why there is no copy, in words of our own: those of the library are English."""
    if isinstance(error, OSError) and error.errno is not None:
        return _("there is no room on the disk, or I may not write there")
    return why_unreadable(error)


def convert_video(source: Path, target: Path, limits: VideoLimits) -> None:
    """Write a video to `target` as H.264 and AAC in MP4 and within the limits. Raises ConversionError."""
    child = Child(SECONDS)
    try:
        done, problem = child.ask(source, target=str(target), limits=asdict(limits))
    finally:
        child.stop()
    if not done:
        raise ConversionError(problem or "")
    if target.stat().st_size > limits.max_mb * 1e6:
        raise ConversionError(_("stays larger than {size:g} MB", size=limits.max_mb))
