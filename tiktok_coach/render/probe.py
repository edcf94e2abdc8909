"""What video files hold: a page, JSON, CSV, a sidecar that `audit` reads, and their first moments as pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rich.console import Console
from rich.style import Style
from rich.text import Text

from tiktok_coach.analysis.probe import SCHEMA_VERSION, Alike, Probe
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.media.facts import Video, post_id_from_name, posts_columns
from tiktok_coach.media.photos import Photo
from tiktok_coach.media.strips import EVERY_S, PICTURES, STRIP_S, Strip, png, sheet
from tiktok_coach.media.text_lines import can_read
from tiktok_coach.render.escaping import attributes, json_text, one_line
from tiktok_coach.render.output import atomic_file
from tiktok_coach.render.pages.page import WIDE, Column, Page, Part, Table, TextColumn, Words
from tiktok_coach.render.values import rows_csv

READING = N_(
    "hook: when something first happens (speech, a cut, or movement), which is no judgement of whether it holds "
    "anyone; intro: a second or more that is black or still, without speech; text: lines of letters in the first "
    "three seconds as far as edges tell, `covered` where TikTok shows its own words and buttons; tempo: in "
    "brackets how sure, and it may be half or twice what one would tap; LUFS: loudness after EBU R 128."
)
# Columns for which it takes a wide terminal.
WIDE_ONLY = {N_("fps"), N_("speech"), N_("light"), N_("text")}
# Of a picture on a terminal, and of one in a file.
CHARACTERS, PIXELS = 11, 180
BARS = " ▁▂▃▄▅▆▇█"
TEXT = "pip install 'tiktok-coach[text]'"


def probe_page(probe: Probe) -> Page:
    """The report."""
    videos = [(one.path.name, one.video) for one in probe.videos if one.video is not None]
    rows = [_cells(video) | {N_("file"): name} for name, video in videos]
    head = [
        name
        for name in (rows[0] if rows else ())
        if name in ("length", "picture", "file") or any(row[name] != "–" for row in rows)
    ]
    parts: list[Part] = []
    if rows:
        heads = [Column(name, is_text=name == "file", needs=WIDE if name in WIDE_ONLY else 0) for name in head]
        parts.append(Table("", heads, [[row[name] for name in head] for row in rows]))
        if not probe.fast:
            parts.append(Words(_(READING), faint=True))
    parts += [f"{video.file}: {problem}" for _name, video in videos for problem in video.problems]
    if probe.photos:
        parts.append(_photos_table(probe.photos))
        parts += [f"{photo.file}: {problem}" for photo in probe.photos for problem in photo.problems]
    files: list[tuple[str, Video | Photo]] = [*videos, *((photo.file, photo) for photo in probe.photos)]
    if shown := [[text, name] for name, one in files for text in _shown(one)]:
        parts.append(Table(_("In the pictures"), [TextColumn(N_("what")), TextColumn(N_("file"))], shown))
    parts += _said(video for _name, video in videos)
    if rows and not probe.fast and not can_read():
        text = _("Words and other apps' watermarks in videos are read with the extra `text`: {command}", command=TEXT)
        parts.append(Words(text, faint=True))
    if alike := [[_same(one), one.as_in.name, one.file.name] for one in probe.alike]:
        heads = [TextColumn(name) for name in (N_("the same"), N_("as in"), N_("file"))]
        parts.append(Table(_("Alike"), heads, alike))
    if probe.problems:
        heads = [TextColumn(name) for name in (N_("file"), N_("why"))]
        parts.append(Table(_("Not read"), heads, [[path.name, problem] for path, problem in probe.problems]))
    counts = []
    if probe.videos or not probe.photos:
        counts.append(plural("{count} video", "{count} videos", len(probe.videos)))
    if probe.photos:
        counts.append(plural("{count} photo", "{count} photos", len(probe.photos)))
    return Page(", ".join(counts), parts)


def _photos_table(photos: Sequence[Photo]) -> Table:
    heads = [Column(name, is_text=name in {"format", "file"}) for name in ("picture", "format", N_("size"), "file")]
    rows = [[f"{one.width}×{one.height}", one.format, _number(one.size_mb, ".2g", " MB"), one.file] for one in photos]
    return Table(_("Photos"), heads, rows)


def _cells(video: Video) -> dict[str, str]:
    silence = _("no sound") if video.has_audio is False else _("silent") if video.silent else ""
    tempo = {"bpm": video.bpm, "bpm_confidence": video.bpm_confidence}
    text = "–" if video.text_on_screen is None else "yes" if video.text_on_screen else "no"
    return {
        N_("length"): _number(video.duration_s, ".1f", " s"),
        N_("picture"): f"{video.width}×{video.height}" if video.width else "–",
        N_("fps"): _number(video.fps, "g") + ("~" if video.fps_varies else ""),
        N_("hook"): _number(video.hook_s, ".1f", " s"),
        N_("intro"): "–" if video.intro is None else N_("yes") if video.intro else N_("no"),
        N_("cuts"): "–" if video.cuts is None else str(len(video.cuts)),
        N_("speech"): _number(video.speech_share, ".0%"),
        N_("tempo"): "–" if video.bpm is None else fill("{bpm:.0f} ({bpm_confidence:.0%})", **tempo),
        N_("LUFS"): silence or _number(video.loudness_lufs, ".1f"),
        N_("light"): _number(video.brightness, ".0%"),
        N_("text"): _("covered") if video.text_on_screen is not None and video.text_under_buttons else text,
    }


def _shown(video: Video | Photo) -> Iterator[str]:
    """What the pictures of a video or a photo and its file say, of what is there."""
    if video.opening_text not in {None, "none"}:
        words = video.opening_text
        is_video = isinstance(video, Video)
        yield _("words in the first second: “{words}”", words=words) if is_video else _("words: “{words}”", words=words)
    if video.watermark not in {None, "none"}:
        yield _("watermark: {apps}", apps=video.watermark)
    if video.qr_code:
        yield _("a QR code")
    if video.content_credentials == "ai":
        yield _("Content Credentials: made with AI")
    elif video.content_credentials == "other":
        yield _("Content Credentials: no word of AI")


def _said(videos: Iterable[Video]) -> Iterator[Table]:
    """A table of what subtitles say is said in the hook of each video, where any does."""
    rows = []
    for video in videos:
        words = _("“{words}”", words=video.spoken_hook)
        if video.spoken_hook == "none":
            words = _("nothing; the first words come at {seconds}", seconds=_number(video.speech_starts_s, ".1f", " s"))
        rows += [[words, video.file, video.transcript_file or ""]] if video.spoken_hook is not None else []
    if rows:
        heads = [TextColumn(N_("words")), TextColumn(N_("file")), Column(N_("subtitles"), is_text=True, needs=WIDE)]
        yield Table(_("Said in the first three seconds"), heads, rows)


def _same(one: Alike) -> str:
    pictures = _("pictures, mirrored") if one.mirrored else _("pictures")
    return _("sound") if not one.pictures else _("{pictures} and sound", pictures=pictures) if one.sound else pictures


def _number(value: float | None, form: str, unit: str = "") -> str:
    return "–" if value is None else format_value(value, form) + unit


def probe_json(probe: Probe) -> Iterator[str]:
    """A probe as JSON: the videos, the photos, and the files that are neither."""
    alike = [
        {"file": one.file.name, "as_in": one.as_in.name, **attributes(one, "pictures mirrored sound")}
        for one in probe.alike
    ]
    content = {
        "schema_version": SCHEMA_VERSION,
        "videos": list(_rows(probe)),
        "alike": alike,
        "photos": [photo.as_dict() for photo in probe.photos],
        "problems": [{"file": path.name, "problem": problem} for path, problem in probe.problems],
    }
    yield json_text(content, indent=1) + "\n"


def probe_csv(probe: Probe) -> Iterator[str]:
    """A probe as CSV, a row a video, and then a row a photo, whose format is its container.

    What is measured second by second is in JSON alone.
    """
    photos = (one.as_dict() for one in probe.photos)
    rows = (
        {name: _cell(value) if isinstance(value, list) else value for name, value in row.items()}
        for row in chain(_rows(probe), ({**facts, "container": facts.pop("format")} for facts in photos))
    )
    columns = [name for name in Video.__dataclass_fields__ if not name.endswith("_by_second")]
    return rows_csv(" ".join(columns), rows)


def _cell(values: list[Any]) -> str:
    """Several values in one cell, those of each place of a text with spaces between them."""
    return "; ".join(" ".join(map(str, value)) if isinstance(value, tuple) else str(value) for value in values)


def _rows(probe: Probe) -> Iterator[dict[str, Any]]:
    for one in probe.videos:
        assert one.video is not None
        yield one.video.as_dict()


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
    for photo in probe.photos:
        yield _("# a photo: {file}\n", file=one_line(photo.file))
    for path, problem in probe.problems:
        yield _("# not read: {file} {why}\n", file=one_line(path.name), why=one_line(problem))


def print_strips(strips: Iterable[Strip], console: Console) -> None:
    """Print each strip under the name of its file."""
    for strip in strips:
        console.print(
            Text(_("The first {seconds:g} s of {file}", seconds=STRIP_S, file=one_line(strip.file)), style="bold"),
            overflow="ellipsis",
            no_wrap=True,
        )
        marks = "".join(f"{place * EVERY_S:<{CHARACTERS + 1}g}" for place in range(len(strip.pictures)))
        console.print(Text(marks, style="dim"))
        for line in half_blocks(strip.pictures):
            console.print(line, no_wrap=True, overflow="crop")
        console.print(Text(_bars(strip), style="cyan"))
        console.print()


def write_strips(strips: Iterable[Strip], path: Path) -> None:
    """Write strips beneath one another as a PNG file."""
    body = png(sheet(list(strips)))
    with atomic_file(path) as partial:
        partial.write_bytes(body)


def half_blocks(pictures: np.ndarray) -> Iterable[Text]:
    """Pictures side by side (number x height x width x 3, 0-255) as characters, each two points high."""
    for row in range(0, pictures.shape[1] - 1, 2):
        line = Text()
        for picture in pictures:
            for upper, lower in zip(picture[row].tolist(), picture[row + 1].tolist(), strict=True):
                line.append("▀", Style(color=_colour(upper), bgcolor=_colour(lower)))
            line.append(" ")
        yield line


def _colour(pixel: list[int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*pixel)


def _bars(strip: Strip) -> str:
    levels = strip.levels_over(PICTURES * (CHARACTERS + 1))
    if levels is None:
        return _("no sound")
    return "".join(BARS[round(level * (len(BARS) - 1))] for level in levels)
