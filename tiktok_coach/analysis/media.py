"""What the videos of posts tell of them, beside what the exports do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tiktok_coach.analysis.options import Progress
from tiktok_coach.core.measures import join_names
from tiktok_coach.core.notices import Notice, Source
from tiktok_coach.core.provenance import PROVENANCE
from tiktok_coach.core.schema import column, conform
from tiktok_coach.core.translation import _
from tiktok_coach.io.export import Export
from tiktok_coach.media.facts import Video, posts_columns
from tiktok_coach.media.matching import PostKey, match_videos
from tiktok_coach.media.probe import contradicts, probe_videos
from tiktok_coach.media.probe_process import ProbeResult


def with_media(export: Export, paths: Sequence[Path], progress: Progress | None) -> Export:
    """The export with what its videos tell where it says nothing; where what it says lies further from them than the measure may be off, the
    export's own word holds, and a notice says so.
    """
    found = probe_videos(paths, progress=progress)
    posts = export.posts.reset_index(drop=True)
    videos, apart = match_videos(found, list(_posted(posts)))
    facts = pd.DataFrame([posts_columns(videos[row]) for row in videos], index=pd.Index(list(videos), dtype="int64"))
    wrong: list[Notice] = []
    filled: dict[int, list[str]] = {}
    for name in facts.columns:
        held = column(posts, name).astype("object")
        told = facts[name].dropna()
        said = held.reindex(told.index)
        wrong += [
            against(videos[row].file, name, said[row], told[row])
            for row in told.index
            if not pd.isna(said[row])
            and not isinstance(said[row], str)
            and contradicts(name, float(said[row]), float(told[row]))
        ]
        posts[name] = held.where(held.notna(), told.reindex(held.index))
        for row in told.index[held.reindex(told.index).isna()]:
            filled.setdefault(row, []).append(str(name))
    measured = {row: join_names(names) for row, names in filled.items()}
    posts["measured"] = [
        "; ".join(text for text in (before, measured.get(row)) if isinstance(text, str)) or None
        for row, before in enumerate(column(posts, "measured").astype("object"))
    ]
    provenance, codes = export.provenance.extended(
        posts[PROVENANCE].tolist(),
        {
            row: (Source(videos[row].file, "video", lists_every_post=False), tuple(names))
            for row, names in filled.items()
        },
    )
    return replace(
        export,
        posts=conform(posts.assign(**{PROVENANCE: codes})),
        notices=(*export.notices, *wrong, *notices(found, videos, apart)),
        provenance=provenance,
    )


def _posted(posts: pd.DataFrame) -> Iterator[PostKey]:
    """What is known of each post by which a file can be its."""
    exact = column(posts, "posted_at_precision") == "second"
    times = [column(posts, "uploaded_at"), column(posts, "posted_at").where(exact)]
    for post_id, file, length, *at in zip(
        posts["post_id"], column(posts, "video_file"), column(posts, "duration_s"), *times, strict=True
    ):
        yield PostKey(
            str(post_id),
            file if isinstance(file, str) else None,
            tuple(time.to_pydatetime() for time in at if not pd.isna(time)),
            None if pd.isna(length) else float(length),
        )


def against(file: str, name: str, said: object, measured: object) -> Notice:
    """A word on a fact that is said one way and measured another."""
    return Notice(
        file,
        _(
            "{name} is said to be {said} and measures {measured}; what is said holds",
            name=name,
            said=plain(said),
            measured=plain(measured),
        ),
    )


def plain(value: object) -> str:
    """A fact as people read it."""
    return (
        ("yes" if value else "no")
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, (int, float))
        else str(value)
    )


def notices(found: Sequence[ProbeResult], videos: dict[int, Video], apart: Sequence[str]) -> list[Notice]:
    """What was odd about the videos: those that cannot be read, and those that belong to no post."""
    said = [Notice(str(one.path), one.problem or "") for one in found if one.video is None]
    said += [
        Notice(video.file, problem)
        for video in {v.file: v for v in videos.values()}.values()
        for problem in video.problems
    ]
    if apart:
        more = _(" and {count} more", count=len(apart) - 5) if len(apart) > 5 else ""
        said.append(
            Notice(
                apart[0],
                _(
                    "belongs to no post, by id in its name, as video_file, or by time and length: {names}{more}",
                    names=", ".join(apart[:5]),
                    more=more,
                ),
            )
        )
    return said
