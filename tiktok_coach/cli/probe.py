"""probe: what the video files themselves hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tiktok_coach.cli.options import SHOW, argument, option, output_option, takes
from tiktok_coach.cli.request import Request
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import _

if TYPE_CHECKING:
    from tiktok_coach.analysis.probe import Probe

# A file of notes (yaml) holds what was measured, for an export; a picture (png) the first moments.
FORMATS = ("text", "json", "markdown", "csv", "yaml", "png")
# Of so many videos pictures are shown without being asked for.
FEW = 4


@takes("videos", "fast", "jobs", *SHOW, ..., "no_cache", "quiet", "no_progress", formats=FORMATS)
def probe(
    request: Request,
    videos: list[Path] = argument(..., "VIDEO", "Videos and photos, or folders of them."),
    fast: bool = option(False, "Only what the file states: length, size, format; no frame is looked at.", "--fast"),
    jobs: int | None = option(
        None, "How many files to look at at once; one a core by default.", "--jobs", "-j", min=1, max=64
    ),
    no_cache: bool = output_option(False, "Measure anew what was measured before.", "--no-cache"),
    strip: bool | None = option(
        None,
        "Show pictures of the first three seconds, with loudness beneath; by default of up to four videos, on a "
        "terminal with colours.",
        "--strip/--no-strip",
        show_default=False,
    ),
) -> None:
    """Measure what only the video shows: hook, cuts, sound.

    \b
    Examples:
      tiktok-coach probe clip.mp4
      tiktok-coach probe videos/ -o facts.yaml
      tiktok-coach probe clip.mp4 --strip
      tiktok-coach probe videos/ -o strip.png
      tiktok-coach probe videos/ --fast -o videos.csv
      tiktok-coach probe videos/ -o videos.json

    It takes the extra `media` (pip install 'tiktok-coach[media]'). Every file is looked at in a process of its own; \
    one that cannot be read is named, and the others go on.

    It measures hook, intro, cuts, length, format, sound, speech, tempo and light, and reads Content Credentials and \
    QR codes; with the extra `text` also words and other apps' watermarks. Subtitles (.srt, .vtt) that bear a \
    video's name tell what is said in its first three seconds.
    """
    from tiktok_coach.analysis.probe import probe_files
    from tiktok_coach.core.notices import Notice
    from tiktok_coach.render.probe import PIXELS, probe_csv, probe_json, probe_page, sidecar, write_strips

    if request["output_format"] == "png" and request["output_file"] is None:
        raise CoachError(_("--format png needs a file"), hint=_("name it with -o strip.png"))
    with request.reading() as progress:
        result = probe_files(videos, fast=fast, jobs=jobs, cached=not no_cache, progress=progress)
    request.say([*(Notice(str(path), problem) for path, problem in result.problems), *result.notices])
    output_format, output_file = request["output_format"], request["output_file"]
    if output_format == "png":
        if result.videos:
            write_strips(result.strips(PIXELS, jobs), output_file)
        elif result.photos:
            raise CoachError(_("has no videos"), where=str(videos[0]), hint=_("a PNG shows first moments of videos"))
    else:
        request.show(result, (), page=probe_page, json=probe_json, csv=probe_csv, yaml=sidecar)
        if output_format == "text" and output_file is None and strip is not False:
            _print_strips(result, jobs, always=bool(strip))
    if not (result.videos or result.photos):
        raise typer.Exit(2)


def _print_strips(result: Probe, jobs: int | None, *, always: bool) -> None:
    from tiktok_coach.render.output import console_to

    with console_to(None) as console:
        # Half-blocks without their colours show nothing.
        if console.color_system is not None and (always or (console.is_terminal and 0 < len(result.videos) <= FEW)):
            from tiktok_coach.render.probe import CHARACTERS, print_strips

            print_strips(result.strips(CHARACTERS, jobs), console)
