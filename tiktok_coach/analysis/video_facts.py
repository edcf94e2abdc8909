"""Facts that videos, and subtitles beside them, tell of the posts of an export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.settings import Progress
from tiktok_coach.core.facts import facts_from_frame
from tiktok_coach.core.notices import PROVENANCE, Notice, Source
from tiktok_coach.core.schema import column, conform, numbers
from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.reading import Export
from tiktok_coach.media.facts import PostKey, ProbeResult, Video, match_videos, post_contexts, posts_columns


def with_media(
    export: Export, paths: Sequence[Path], progress: Progress | None, *, has_history: bool = False
) -> Export:
    """The export with the facts of its videos where it has none; where its own differ too much, a notice says so.

    Where it `has_history`, videos that belong to none of its posts may be of those, and no notice names them.
    """
    from tiktok_coach.media.probe import probe_videos
    from tiktok_coach.media.transcript_files import transcript_files

    subtitles = transcript_files(paths)
    results = probe_videos(paths, progress=progress, may_lack=bool(subtitles))
    videos, apart = match_videos(results, list(post_keys(export.posts)))
    contexts = post_contexts(facts_from_frame(export.posts), export.accounts)
    facts = {row: posts_columns(video, contexts[row]) for row, video in videos.items()}
    files = {row: video.file for row, video in videos.items()}
    export = _with_facts(export, facts, files, "video")
    export = replace(export, notices=(*export.notices, *notices(results, videos, () if has_history else apart)))
    if not subtitles:
        return export
    paths_by_video = {id(one.video): one.path for one in results}
    return _with_subtitles(export, subtitles, {row: paths_by_video[id(video)] for row, video in videos.items()})


def _with_subtitles(export: Export, files: Sequence[Path], videos: Mapping[int, Path]) -> Export:
    """The export with what is said in its videos, by position, as far as subtitles say it."""
    from tiktok_coach.media.transcript_files import TranscriptFiles, speakers, spoken_facts

    choice = TranscriptFiles(tuple(files))
    of_posts = enumerate(speakers(facts_from_frame(export.posts), export.accounts, videos))
    transcripts = {row: one for row, speaker in of_posts if (one := choice.of(speaker)) is not None}
    facts = {row: spoken_facts(one) for row, one in transcripts.items()}
    names = {row: one.file for row, one in transcripts.items()}
    export = _with_facts(export, facts, names, "subtitles")
    return replace(export, notices=(*export.notices, *choice.notices, *choice.strays(names.values())))


def _with_facts(
    export: Export, of_files: Mapping[int, Mapping[str, Any]], files: Mapping[int, str], form: str
) -> Export:
    """The export with what files tell of its posts, by position, where it says nothing; `form` is of the files."""
    from tiktok_coach.media.probe import contradicts

    posts = export.posts.reset_index(drop=True)
    facts = pd.DataFrame(list(of_files.values()), index=pd.Index(list(of_files), dtype="int64"))
    wrong: dict[tuple[str, str, str], list[str]] = {}
    names_by_row: dict[int, list[str]] = {}
    for name in facts.columns:
        values = column(posts, name).astype("object")
        measured = facts[name].dropna()
        for row in measured.index:
            stated = values[row]
            if pd.isna(stated):
                names_by_row.setdefault(row, []).append(str(name))
            elif not isinstance(stated, str) and contradicts(name, float(stated), float(measured[row])):
                wrong.setdefault((str(name), plain(stated), plain(measured[row])), []).append(files[row])
        posts[name] = values.where(values.notna(), measured.reindex(values.index))
    before = enumerate(column(posts, "measured").fillna("").tolist())
    texts = [filter(None, (text, *names_by_row.get(row, ()))) for row, text in before]
    posts["measured"] = ["; ".join(of_post) or None for of_post in texts]
    sources = {row: Source(files[row], form, lists_every_post=False) for row in names_by_row}
    additions = {row: (sources[row], tuple(names)) for row, names in names_by_row.items()}
    provenance, codes = export.provenance.extended(posts[PROVENANCE].tolist(), additions)
    posts = conform(posts.assign(**{PROVENANCE: codes}))
    contradictions = (_contradiction(*what, of_files) for what, of_files in wrong.items())
    return replace(export, posts=posts, notices=(*export.notices, *contradictions), provenance=provenance)


def _contradiction(name: str, said: str, measured: str, files: Sequence[str]) -> Notice:
    """A notice that notes say another value than some videos, all of which tell the same."""
    terms = {"name": name, "said": said, "measured": measured}
    if len(files) == 1:
        text = _("{name} is {said} by your notes and {measured} by the video; your notes count", **terms)
    else:
        text = plural(
            "{name} is {said} by your notes and {measured} by this video and {count} other; your notes count",
            "{name} is {said} by your notes and {measured} by this video and {count} others; your notes count",
            len(files) - 1,
            **terms,
        )
    return Notice(files[0], text)


def post_keys(posts: pd.DataFrame) -> Iterator[PostKey]:
    """What is known of each post by which a file can be its."""
    exact = column(posts, "posted_at_precision") == "second"
    times = [column(posts, "uploaded_at"), column(posts, "posted_at").where(exact)]
    facts = column(posts, "video_file").astype("object").where(lambda f: f.notna(), None), numbers(posts, "duration_s")
    for post_id, file, length, *at in zip(posts["post_id"], *facts, *times, strict=True):
        moments = tuple(time.to_pydatetime() for time in at if not pd.isna(time))
        yield PostKey(str(post_id), file, moments, None if np.isnan(length) else float(length))


def plain(value: object) -> str:
    """A fact as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def notices(results: Sequence[ProbeResult], videos: dict[int, Video], apart: Sequence[str]) -> list[Notice]:
    """Notices on the videos that cannot be read, and on those that belong to no post."""
    problems = [(str(one.path), one.problem or "") for one in results if one.video is None]
    for file, video in {v.file: v for v in videos.values()}.items():
        problems += [(file, text) for text in video.problems]
    if apart:
        more = _(" and {count} more", count=len(apart) - 5) if len(apart) > 5 else ""
        terms = {"names": ", ".join(apart[:5]), "more": more}
        text = _("belongs to no post, by id in its name, as video_file, or by time and length: {names}{more}", **terms)
        problems.append((apart[0], text))
    return [Notice(file, text) for file, text in problems]
