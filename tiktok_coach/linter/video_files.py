"""Videos that plans name and that are neither beside the plan nor among the videos that were looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator, Set
from typing import Any

from tiktok_coach.core.facts import text_at
from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.files.source_files import part_tab
from tiktok_coach.linter.finding import MISSING_VIDEO, Finding
from tiktok_coach.media.probe import ENDINGS
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.rules.lint_codes import NAMES, SEVERITIES


def missing_videos(calendar: ContentCalendar, media: Set[str]) -> Iterator[Finding]:
    """A finding for each missing video, where it is first named.

    Where a plan has none of several, they are likely kept elsewhere: one finding says so, as worth knowing. `media` are
    the names of files that are known to lie elsewhere. Plans that are no files of their own are passed over.
    """
    by_plan: dict[int, dict[str, list[int]]] = {}
    for row, file in enumerate(calendar.posts.column_or_null("video_file").tolist()):
        if file and "://" not in file and _name(file).endswith(tuple(ENDINGS)):
            by_plan.setdefault(int(calendar.plan_of[row]), {}).setdefault(file, []).append(row)
    for number, rows_by_file in by_plan.items():
        path = part_tab(calendar.plans[number].name)[0]
        if not _is_file(path):
            continue
        missing = [file for file in rows_by_file if _name(file) not in media and not _is_beside(path, file)]
        if len(missing) == len(rows_by_file) > 1:
            text = _("none of the {count} videos that the plan names is beside it", count=len(missing))
            rows = [row for file in missing for row in rows_by_file[file]]
            yield _finding(calendar, text, missing[0], rows, severity="info")
        else:
            for file in missing:
                text = _("the video {file} is not beside the plan", file=file)
                yield _finding(calendar, text, file, rows_by_file[file])


def _name(file: str) -> str:
    return file.replace("\\", "/").rstrip("/").rpartition("/")[2].casefold()


# Paths as objects would take as long, of thousands of videos, as all rules.
def _is_beside(plan: str, file: str) -> bool:
    return _is_file(os.path.join(os.path.dirname(plan), file.replace("\\", "/")))  # noqa: PTH118, PTH120


def _is_file(path: str) -> bool:
    return os.path.isfile(path)  # noqa: PTH113


def _finding(
    calendar: ContentCalendar, message: str, file: str, rows: list[int], severity: str = SEVERITIES[MISSING_VIDEO]
) -> Finding:
    place = calendar.place(rows[0], "video_file")
    post = text_at(calendar.posts.column_or_null("post_id"), rows[0]) if len(rows) == 1 else None
    subject = post or plural("{count} post", "{count} posts", len(rows))
    fix = _("Correct the name, put the video there, or name its folder with --media.")
    about: dict[str, Any] = {"subject": subject, "post": post, "key": file, "value": file}
    return Finding(MISSING_VIDEO, NAMES[MISSING_VIDEO], severity, "medium", message, fix, place, **about)
