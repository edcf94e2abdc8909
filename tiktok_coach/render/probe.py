"""What video files hold: a page, JSON, CSV, and a sidecar that `audit` reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from tiktok_coach.analysis.probe import SCHEMA_VERSION, Alike, Probe
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.media.facts import Video, post_id_from_name, posts_columns
from tiktok_coach.render.escaping import json_text, one_line
from tiktok_coach.render.json_csv import rows_csv
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


def probe_page(probe: Probe) -> Page:
    """The report."""
    rows = [[*_cells(one.video), one.path.name] for one in probe.videos if one.video is not None]
    head = [
        name
        for place, name in enumerate(HEAD)
        if name in ("length", "picture", "file") or any(row[place] != "–" for row in rows)
    ]
    cells = [[row[HEAD.index(name)] for name in head] for row in rows]
    parts: list[Part] = []
    if rows:
        narrow = {"fps", "speech", "light", "text"}
        heads = [Column(name, is_text=name == "file", needs=WIDE if name in narrow else 0) for name in head]
        parts.append(Table("", heads, cells))
        if not probe.fast:
            parts.append(Words(_(READING), faint=True))
    known = [
        f"{one.video.file}: {problem}"
        for one in probe.videos
        if one.video is not None
        for problem in one.video.problems
    ]
    parts += [Words(text) for text in known]
    alike = [[_same(one), one.as_in.name, one.file.name] for one in probe.alike]
    if alike:
        heads = [Column(name, is_text=True) for name in (N_("the same"), N_("as in"), N_("file"))]
        parts.append(Table(_("Alike"), heads, alike))
    if probe.problems:
        heads = [Column(name, is_text=True) for name in (N_("file"), N_("why"))]
        parts.append(Table(_("Not read"), heads, [[one.path.name, one.problem or ""] for one in probe.problems]))
    count = len(probe.videos)
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


def probe_json(probe: Probe) -> Iterator[str]:
    """A probe as JSON: the videos, and the files that are none."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "videos": list(_rows(probe)),
        "alike": [
            {
                "file": one.file.name,
                "as_in": one.as_in.name,
                "pictures": one.pictures,
                "mirrored": one.mirrored,
                "sound": one.sound,
            }
            for one in probe.alike
        ],
        "problems": [{"file": one.path.name, "problem": one.problem} for one in probe.problems],
    }
    yield json_text(content, indent=1) + "\n"


def probe_csv(probe: Probe) -> Iterator[str]:
    """A probe as CSV, a row a video."""
    return rows_csv([*Video.__dataclass_fields__], _flat(probe))


def _rows(probe: Probe) -> Iterator[dict[str, Any]]:
    for one in probe.videos:
        assert one.video is not None
        yield one.video.as_dict()


def _flat(probe: Probe) -> Iterator[dict[str, Any]]:
    for row in _rows(probe):
        yield {name: "; ".join(map(str, value)) if isinstance(value, list) else value for name, value in row.items()}


def sidecar(probe: Probe) -> Iterator[str]:
    """The facts as a sidecar: posts by the id in their file's name; files without one are named in comments."""
    yield _("# Measured from the video files; `audit` and `simulate` read it beside the exports.\n")
    posts, apart = [], []
    for one in probe.videos:
        assert one.video is not None
        post_id = post_id_from_name(one.path)
        if post_id is None:
            apart.append(one.path.name)
        else:
            known = posts_columns(one.video)
            posts.append({"post_id": post_id, "video_file": one.path.name, **known, "measured": "; ".join(known)})
    yield yaml.safe_dump({"posts": posts}, sort_keys=False, allow_unicode=True)
    for name in apart:
        yield _("# no post: {file} has no id in its name\n", file=one_line(name))
    for one in probe.problems:
        yield _("# not read: {file} {why}\n", file=one_line(one.path.name), why=one_line(one.problem or ""))
