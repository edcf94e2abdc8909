"""What is said in the videos of planned posts, as subtitles tell that lie beside the plans or that a user names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tiktok_coach.core.facts import known_mask
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.media.file_names import distinct_files, file_in, transcripts_in
from tiktok_coach.plans.load import ContentCalendar


def with_subtitles(calendar: ContentCalendar, named: Sequence[Path] = ()) -> ContentCalendar:
    """The calendar with what is said, where its plans say nothing, by subtitles that are `named`, or beside them."""
    columns = [calendar.posts.column(name) for name in ("video_file", "transcript_file")]
    rows = sorted({row for one in columns if one is not None for row in known_mask(one).nonzero()[0].tolist()})
    if not (rows or named):
        return calendar
    plans = [os.path.dirname(part_tab(plan.name)[0]) for plan in calendar.plans]  # noqa: PTH120 - as plans name files
    folders = [plans[plan] for plan in calendar.plan_of.tolist()]
    texts = [[] if one is None else one.tolist() for one in columns]
    # Most files of a calendar lie in few folders.
    places = dict.fromkeys(
        (folders[row], os.path.dirname(text[row].replace("\\", "/")))  # noqa: PTH120 - ten thousand paths take long
        for row in rows
        for text in texts
        if text and text[row]
    )
    inner = dict.fromkeys(file_in(folder, name) for folder, name in places)
    beside = [path for folder in inner for path in transcripts_in(folder)]
    paths = distinct_files([*named, *beside])
    if not paths:
        return calendar
    from tiktok_coach.linter.fill_facts import fill_facts
    from tiktok_coach.media.transcript_files import TranscriptFiles, speakers, spoken_facts

    choice = TranscriptFiles(tuple(paths))
    of_posts = enumerate(speakers(calendar.posts, calendar.accounts, calendar.videos, folders))
    transcripts = {row: one for row, speaker in of_posts if (one := choice.of(speaker)) is not None}
    names = {row: one.file for row, one in transcripts.items()}
    filled = fill_facts(calendar, {row: spoken_facts(one) for row, one in transcripts.items()}, names)
    strays = choice.strays(names.values(), named)
    return replace(filled, notices=(*filled.notices, *choice.notices, *strays))
