"""How the columns that a video file tells are measured, how far off a measure may be, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

CONFIDENCES = ("low", "medium", "high")


@dataclass(frozen=True)
class Measure:
    """`how` a column is measured, `within` what it holds on clips whose truth is known, and the `confidence` in what it says."""

    how: str
    within: str
    confidence: str

    def as_dict(self) -> dict[str, str]:
        """The measure by name."""
        return asdict(self)


MEASURES: dict[str, Measure] = {
    "duration_s": Measure("the times of its frames", "a frame", "high"),
    "width": Measure("the picture as it is shown", "a pixel", "high"),
    "height": Measure("the picture as it is shown", "a pixel", "high"),
    "fps": Measure("what the file states", "what it states", "high"),
    "file_size_mb": Measure("the file", "a byte", "high"),
    "container": Measure("the file", "what it is", "high"),
    "codec": Measure("the file", "what it states", "high"),
    "has_audio": Measure("a sound louder than -60 LUFS", "0.5 LU", "high"),
    "bpm": Measure("how the onsets of the sound repeat", "2%, or half or twice of it", "medium"),
    "hook_s": Measure("first speech, cut or movement", "0.3 s", "low"),
    "intro": Measure("a second or more black or still, without speech", "0.2 s", "medium"),
    "good_light": Measure("mean brightness", "5 points of 100", "low"),
    "clear_audio": Measure("speech that stands 15 dB above the noise about it", "3 dB", "low"),
    "quick_cuts": Measure("sudden changes of picture", "0.1 s", "medium"),
    "text_covered": Measure("edges that look like text in the first seconds", "what edges tell", "low"),
    "picture_hash": Measure("prints of the pictures", "a crop of 4%", "medium"),
    "sound_hash": Measure("prints of the sound", "a second's delay", "medium"),
}


def said(measure: Measure) -> str:
    """A measure as findings say it: how, and its confidence where that is not high.

    >>> said(MEASURES["hook_s"])
    'measured: first speech, cut or movement; low confidence'
    """
    return f"measured: {measure.how}{'' if measure.confidence == 'high' else f'; {measure.confidence} confidence'}"


def listed(columns: Iterable[str]) -> str:
    """Names of columns as the column `measured` holds them.

    >>> listed(["hook_s", "bpm"])
    'hook_s; bpm'
    """
    return "; ".join(columns)


def measure_of(column: str, measured: str | None) -> Measure | None:
    """How a column was measured, where it is among those that `measured` lists; None where it was not."""
    names = (measured or "").replace(" ", "").split(";")
    return MEASURES.get(column) if column in names else None


def lower(one: str, other: str) -> str:
    """The lower of two confidences."""
    return min(one, other, key=CONFIDENCES.index)
