"""What the videos of posts tell of them, beside what the exports do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tiktok_coach.analysis.options import Progress
from tiktok_coach.core.notices import PROVENANCE, Notice, Source
from tiktok_coach.core.schema import column, conform
from tiktok_coach.core.translation import _
from tiktok_coach.io.reading import Export
from tiktok_coach.media.facts import PostKey, ProbeResult, Video, match_videos, posts_columns
from tiktok_coach.media.probe import contradicts, probe_videos


def with_media(export: Export, paths: Sequence[Path], progress: Progress | None) -> Export:
    """The export with the facts of its videos where it has none itself.

    Where a fact of the export differs by more than the measurement may be off, it holds, and a notice says so.
    """
    results = probe_videos(paths, progress=progress)
    posts = export.posts.reset_index(drop=True)
    videos, apart = match_videos(results, list(_post_keys(posts)))
    facts = pd.DataFrame([posts_columns(videos[row]) for row in videos], index=pd.Index(list(videos), dtype="int64"))
    wrong: list[Notice] = []
    names_by_row: dict[int, list[str]] = {}
    for name in facts.columns:
        values = column(posts, name).astype("object")
        measured = facts[name].dropna()
        for row in measured.index:
            stated = values[row]
            if pd.isna(stated):
                names_by_row.setdefault(row, []).append(str(name))
            elif not isinstance(stated, str) and contradicts(name, float(stated), float(measured[row])):
                wrong.append(against(videos[row].file, name, stated, measured[row]))
        posts[name] = values.where(values.notna(), measured.reindex(values.index))
    posts["measured"] = [
        "; ".join(text for text in (before, "; ".join(names_by_row.get(row, ()))) if isinstance(text, str) and text)
        or None
        for row, before in enumerate(column(posts, "measured").astype("object"))
    ]
    provenance, codes = export.provenance.extended(
        posts[PROVENANCE].tolist(),
        {
            row: (Source(videos[row].file, "video", lists_every_post=False), tuple(names))
            for row, names in names_by_row.items()
        },
    )
    return replace(
        export,
        posts=conform(posts.assign(**{PROVENANCE: codes})),
        notices=(*export.notices, *wrong, *notices(results, videos, apart)),
        provenance=provenance,
    )


def _post_keys(posts: pd.DataFrame) -> Iterator[PostKey]:
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


def against(file: str, name: str, stated: object, measured: object) -> Notice:
    """A notice on a fact of which the export says one thing and the video another."""
    return Notice(
        file,
        _(
            "{name} is said to be {said} and measures {measured}; what is said holds",
            name=name,
            said=plain(stated),
            measured=plain(measured),
        ),
    )


def plain(value: object) -> str:
    """A fact as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def notices(results: Sequence[ProbeResult], videos: dict[int, Video], apart: Sequence[str]) -> list[Notice]:
    """Notices on the videos that cannot be read, and on those that belong to no post."""
    problems = [(str(one.path), one.problem or "") for one in results if one.video is None]
    problems += [
        (file, text) for file, video in {v.file: v for v in videos.values()}.items() for text in video.problems
    ]
    if apart:
        more = _(" and {count} more", count=len(apart) - 5) if len(apart) > 5 else ""
        text = _(
            "belongs to no post, by id in its name, as video_file, or by time and length: {names}{more}",
            names=", ".join(apart[:5]),
            more=more,
        )
        problems.append((apart[0], text))
    return [Notice(file, text) for file, text in problems]
