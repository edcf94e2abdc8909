"""A probe as JSON, as CSV, and as a sidecar that `audit` reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from tiktok_coach.analysis.probe import SCHEMA_VERSION, Probe
from tiktok_coach.core.measures import join_names
from tiktok_coach.core.translation import _
from tiktok_coach.media.facts import Video, posts_columns
from tiktok_coach.media.matching import post_id_from_name
from tiktok_coach.render.escaping import json_text, one_line
from tiktok_coach.render.json_csv import rows_csv


def probe_json(found: Probe) -> Iterator[str]:
    """A probe as JSON: the videos, and the files that are none."""
    held = {
        "schema_version": SCHEMA_VERSION,
        "videos": list(_rows(found)),
        "alike": [
            {
                "file": one.file.name,
                "as_in": one.as_in.name,
                "pictures": one.pictures,
                "mirrored": one.mirrored,
                "sound": one.sound,
            }
            for one in found.alike
        ],
        "problems": [{"file": one.path.name, "problem": one.problem} for one in found.problems],
    }
    yield json_text(held, indent=1) + "\n"


def probe_csv(found: Probe) -> Iterator[str]:
    """A probe as CSV, a row a video."""
    return rows_csv([*Video.__dataclass_fields__], _flat(found))


def _rows(found: Probe) -> Iterator[dict[str, Any]]:
    for one in found.videos:
        assert one.video is not None
        yield one.video.as_dict()


def _flat(found: Probe) -> Iterator[dict[str, Any]]:
    for row in _rows(found):
        yield {name: "; ".join(map(str, value)) if isinstance(value, list) else value for name, value in row.items()}


def sidecar(found: Probe) -> Iterator[str]:
    """The facts as a sidecar: posts by the id in their file's name; files without one are named in comments."""
    yield _("# Measured from the video files; `audit` and `simulate` read it beside the exports.\n")
    posts, apart = [], []
    for one in found.videos:
        assert one.video is not None
        post_id = post_id_from_name(one.path)
        if post_id is None:
            apart.append(one.path.name)
        else:
            told = posts_columns(one.video)
            posts.append({"post_id": post_id, "video_file": one.path.name, **told, "measured": join_names(told)})
    yield yaml.safe_dump({"posts": posts}, sort_keys=False, allow_unicode=True)
    for name in apart:
        yield _("# no post: {file} has no id in its name\n", file=one_line(name))
    for one in found.problems:
        yield _("# not read: {file} {why}\n", file=one_line(one.path.name), why=one_line(one.problem or ""))
