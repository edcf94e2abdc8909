"""The facts of one video file, None where one is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

# A change of how anything is measured changes this, so that what was kept before is measured anew.
METHOD = "2"


@dataclass(frozen=True)
class Video:
    """One file. Times and lengths are in seconds.

    `width` and `height` are of the picture as it is shown, after rotation and stretched pixels; `created_at` is when
    the file says that it was made (ISO 8601, UTC); `size_mb` in MB, `bitrate_kbps` in kbit/s; `loudness_lufs` and
    `true_peak_dbfs` after ITU-R BS.1770 and EBU R 128; `brightness`, `contrast` 0-1, `sharpness` the standard deviation
    of the picture's Laplacian; `text_on_screen` and `text_under_buttons` (where TikTok shows its own words and buttons;
    None where the picture is not about 9:16) of the first three seconds, as far as edges tell; `hash` and `sound_hash`
    are prints of the pictures and of the sound, by which copies are told. `problems` says what could not be measured.
    """

    file: str
    duration_s: float | None = None
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    fps_varies: bool | None = None
    codec: str | None = None
    container: str | None = None
    created_at: str | None = None
    size_mb: float | None = None
    bitrate_kbps: float | None = None
    has_audio: bool | None = None
    silent: bool | None = None
    loudness_lufs: float | None = None
    true_peak_dbfs: float | None = None
    bpm: float | None = None
    bpm_confidence: float | None = None
    first_speech_s: float | None = None
    speech_share: float | None = None
    speech_over_noise_db: float | None = None
    first_cut_s: float | None = None
    cuts: tuple[float, ...] | None = None
    cuts_per_s: float | None = None
    hook_s: float | None = None
    intro: bool | None = None
    static_opening_s: float | None = None
    black_opening_s: float | None = None
    black_bars: bool | None = None
    brightness: float | None = None
    contrast: float | None = None
    sharpness: float | None = None
    text_on_screen: bool | None = None
    text_under_buttons: bool | None = None
    hash: str | None = None
    sound_hash: str | None = None
    problems: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The facts by name; lists for several values."""
        return {f.name: list(v) if isinstance(v := getattr(self, f.name), tuple) else v for f in fields(self)}


def video_from_dict(facts: Mapping[str, Any]) -> Video:
    """A video from its facts by name."""
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in facts.items()}
    return Video(**values)


# A tempo of which the measure is less sure is no fact.
SURE_TEMPO = 0.5
# The middle of what is well lit, and cuts at least so often: readings of tips that give no number.
LIT = (0.2, 0.9)
QUICK = 0.25
# Speech that stands so many dB above the noise about it is heard well (ANSI S12.60 asks for as much in classrooms);
# below that music may be as much to blame as the microphone.
CLEAR_DB = 15.0


def posts_columns(video: Video) -> dict[str, Any]:
    """The columns of the posts table that the file fills; what is not known is left out.

    A sound track of silence is no sound; `good_light` is a mean brightness of 0.2 to 0.9, `quick_cuts` a cut every four
    seconds or more often, `clear_audio` speech at least 15 dB above the noise about it; less is no fact.
    """
    columns = {
        "duration_s": video.duration_s,
        "width": video.width,
        "height": video.height,
        "fps": video.fps,
        "file_size_mb": video.size_mb,
        "container": video.container,
        "codec": video.codec,
        "has_audio": video.has_audio if video.silent is None else bool(video.has_audio) and not video.silent,
        "bpm": video.bpm if (video.bpm_confidence or 0.0) >= SURE_TEMPO else None,
        "hook_s": video.hook_s,
        "intro": video.intro,
        "good_light": None if video.brightness is None else LIT[0] <= video.brightness <= LIT[1],
        "clear_audio": (video.speech_over_noise_db or 0.0) >= CLEAR_DB or None,
        "quick_cuts": None if video.cuts_per_s is None else video.cuts_per_s >= QUICK,
        "picture_hash": video.hash,
        "sound_hash": video.sound_hash,
        "text_covered": video.text_under_buttons,
    }
    return {name: value for name, value in columns.items() if value is not None}
