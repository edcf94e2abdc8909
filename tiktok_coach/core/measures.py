"""How the columns that a video file tells are measured, how far off a measure may be, and how sure it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tiktok_coach.core.translation import N_, _

CONFIDENCES = (N_("low"), N_("medium"), N_("high"))


@dataclass(frozen=True)
class Measure:
    """`how` a column is measured, how close to the truth on clips where that is known, and the `confidence` in it."""

    how: str
    within: str
    confidence: str

    def as_dict(self) -> dict[str, str]:
        """The measure by name."""
        return {"how": _(self.how), "within": _(self.within), "confidence": self.confidence}


MEASURES: dict[str, Measure] = {
    "duration_s": Measure(N_("the times of its frames"), N_("a frame"), "high"),
    "width": Measure(N_("the picture as it is shown"), N_("a pixel"), "high"),
    "height": Measure(N_("the picture as it is shown"), N_("a pixel"), "high"),
    "fps": Measure(N_("what the file states"), N_("what it states"), "high"),
    "file_size_mb": Measure(N_("the file"), N_("a byte"), "high"),
    "container": Measure(N_("the file"), N_("what it is"), "high"),
    "codec": Measure(N_("the file"), N_("what it states"), "high"),
    "has_audio": Measure(N_("a sound louder than -60 LUFS"), N_("0.5 LU"), "high"),
    "bpm": Measure(N_("how the onsets of the sound repeat"), N_("2%, or half or twice of it"), "medium"),
    "hook_s": Measure(N_("first speech, cut or movement"), N_("0.3 s"), "low"),
    "intro": Measure(N_("a second or more black or still, without speech"), N_("0.2 s"), "medium"),
    "good_light": Measure(N_("mean brightness"), N_("5 points of 100"), "low"),
    "clear_audio": Measure(N_("speech that stands 15 dB above the noise about it"), N_("3 dB"), "low"),
    "quick_cuts": Measure(N_("sudden changes of picture"), N_("0.1 s"), "medium"),
    "text_covered": Measure(N_("edges that look like text in the first seconds"), N_("what edges tell"), "low"),
    "picture_hash": Measure(N_("prints of the pictures"), N_("a crop of 4%"), "medium"),
    "sound_hash": Measure(N_("prints of the sound"), N_("a second's delay"), "medium"),
}


def describe(measure: Measure) -> str:
    """A measure as findings say it: how, and its confidence where that is not high.

    >>> describe(MEASURES["hook_s"])
    'measured: first speech, cut or movement; low confidence'
    """
    if measure.confidence == "high":
        return _("measured: {how}", how=_(measure.how))
    return _("measured: {how}; {confidence} confidence", how=_(measure.how), confidence=_(measure.confidence))


def join_names(columns: Iterable[str]) -> str:
    """Names of columns as the column `measured` holds them.

    >>> join_names(["hook_s", "bpm"])
    'hook_s; bpm'
    """
    return "; ".join(columns)


def measure_of(column: str, measured: str | None) -> Measure | None:
    """How a column was measured, where it is among those that `measured` lists; None where it was not."""
    names = (measured or "").replace(" ", "").split(";")
    return MEASURES.get(column) if column in names else None


def lower_confidence(one: str, other: str) -> str:
    """The lower of two confidences."""
    return min(one, other, key=CONFIDENCES.index)
