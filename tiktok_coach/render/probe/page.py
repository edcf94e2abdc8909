"""A probe as people read it: what each file is, how it begins, what is heard in it."""

from __future__ import annotations

from tiktok_coach.analysis.probe import Alike, Probe
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.media.facts import Video
from tiktok_coach.render.pages.page import WIDE, Column, Page, Part, Table, Words

READING = N_(
    "hook: when something first happens (speech, a cut, or movement), which is no judgement of whether it holds "
    "anyone; intro: a second or more that is black or still, without speech; text: lines of letters in the first "
    "three seconds as far as edges tell, `covered` where TikTok shows its own words and buttons; tempo: in "
    "brackets how sure, and it may be half or twice what one would tap; LUFS: loudness after EBU R 128."
)
HEAD = (
    N_("length"),
    N_("picture"),
    N_("fps"),
    N_("hook"),
    N_("intro"),
    N_("cuts"),
    N_("speech"),
    N_("tempo"),
    N_("LUFS"),
    N_("light"),
    N_("text"),
    N_("file"),
)


def probe_page(found: Probe) -> Page:
    """The report."""
    rows = [[*_cells(one.video), one.path.name] for one in found.videos if one.video is not None]
    head = [
        name
        for place, name in enumerate(HEAD)
        if name in ("length", "picture", "file") or any(row[place] != "–" for row in rows)
    ]
    kept = [[row[HEAD.index(name)] for name in head] for row in rows]
    parts: list[Part] = []
    if rows:
        narrow = {"fps", "speech", "light", "text"}
        heads = [Column(name, left=name == "file", needs=WIDE if name in narrow else 0) for name in head]
        parts.append(Table("", heads, kept))
        if not found.fast:
            parts.append(Words(_(READING), faint=True))
    told = [
        f"{one.video.file}: {problem}"
        for one in found.videos
        if one.video is not None
        for problem in one.video.problems
    ]
    parts += [Words(text) for text in told]
    alike = [[_same(one), one.as_in.name, one.file.name] for one in found.alike]
    if alike:
        heads = [Column(name, left=True) for name in (N_("the same"), N_("as in"), N_("file"))]
        parts.append(Table(_("Alike"), heads, alike))
    if found.problems:
        heads = [Column(name, left=True) for name in (N_("file"), N_("why"))]
        parts.append(Table(_("Not read"), heads, [[one.path.name, one.problem or ""] for one in found.problems]))
    count = len(found.videos)
    return Page(plural("{count} video", "{count} videos", count), parts)


def _cells(video: Video) -> list[str]:
    return [
        _number(video.duration_s, ".1f", " s"),
        f"{video.width}×{video.height}" if video.width else "–",
        _number(video.fps, "g") + ("~" if video.fps_varies else ""),
        _number(video.hook_s, ".1f", " s"),
        "–" if video.intro is None else N_("yes") if video.intro else N_("no"),
        "–" if video.cuts is None else str(len(video.cuts)),
        _number(video.speech_share, ".0%"),
        "–"
        if video.bpm is None
        else fill("{bpm:.0f} ({bpm_confidence:.0%})", bpm=video.bpm, bpm_confidence=video.bpm_confidence),
        _("no sound")
        if video.has_audio is False
        else _("silent")
        if video.silent
        else _number(video.loudness_lufs, ".1f"),
        _number(video.brightness, ".0%"),
        "–"
        if video.text_on_screen is None
        else _("covered")
        if video.text_under_buttons
        else "yes"
        if video.text_on_screen
        else "no",
    ]


def _same(one: Alike) -> str:
    pictures = _("pictures, mirrored") if one.mirrored else _("pictures")
    return _("sound") if not one.pictures else _("{pictures} and sound", pictures=pictures) if one.sound else pictures


def _number(value: float | None, form: str, unit: str = "") -> str:
    return "–" if value is None else format_value(value, form) + unit
