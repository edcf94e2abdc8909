"""The seconds of planned videos in which viewers are expected to leave, by the curves of published ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tiktok_coach.core.facts import text_at
from tiktok_coach.core.translation import N_, _, fill, plural
from tiktok_coach.linter.finding import AT_RISK, Finding
from tiktok_coach.media.facts import ProbeResult, Video
from tiktok_coach.plans.load import ContentCalendar
from tiktok_coach.rules.lint_codes import NAMES, SEVERITIES

if TYPE_CHECKING:
    from tiktok_coach.analysis.expected_curves import CurveForecaster
    from tiktok_coach.stats.expected_curve import ExpectedCurve, Risk

# What is so at some time of a video.
STATES = {
    "cut": N_("there is a cut at {times}"),
    "pause": N_("nobody speaks at {times}"),
    "text": N_("there is text on the screen at {times}"),
    "speech": N_("somebody speaks at {times}"),
    "black": N_("the picture is black at {times}"),
    "still": N_("nothing moves at {times}"),
    "no cut for long": N_("there is no cut for long at {times}"),
    "louder": N_("it suddenly gets louder at {times}"),
    "quieter": N_("it suddenly gets quieter at {times}"),
    "motion": N_("much moves at {times}"),
}
# So many times are named.
MOST_TIMES = 3


@dataclass
class PlannedCurves:
    """The curves of planned videos, of which `videos` are measured; `open_history` is asked for when one is there."""

    open_history: Callable[[], CurveForecaster]
    videos: dict[Path, Video] = field(default_factory=dict)
    _forecaster: CurveForecaster | None = None

    def add(self, results: Iterable[ProbeResult]) -> None:
        """Take what is measured of videos, also of copies that were written since."""
        self.videos.update((one.path, one.video) for one in results if one.video is not None)

    def foretell(self, calendar: ContentCalendar) -> tuple[Mapping[int, ExpectedCurve], str | None]:
        """By row the curves of the posts whose video is there, and in words why there are none."""
        videos = {row: self.videos[path] for row, path in calendar.videos.items() if path in self.videos}
        if not videos:
            return {}, None
        if self._forecaster is None:
            self._forecaster = self.open_history()
        handles = calendar.posts.column_or_null("account").tolist()
        curves = {
            row: curve
            for row, video in videos.items()
            if (curve := self._forecaster.expect(video, handles[row])) is not None
        }
        return curves, None if curves else self._forecaster.why_none(handles[min(videos)])


def seconds_at_risk(calendar: ContentCalendar, curves: Mapping[int, ExpectedCurve]) -> Iterator[Finding]:
    """A finding for each thing at which viewers leave, at the name of the video that has it."""
    from tiktok_coach.rules.load import rulebook
    from tiktok_coach.stats.event_tips import load_event_tips
    from tiktok_coach.stats.moments import EVENTS

    tips = dict(zip(EVENTS, load_event_tips(rulebook()), strict=True))
    for row, curve in curves.items():
        place, post = calendar.place(row, "video_file"), text_at(calendar.posts.column_or_null("post_id"), row)
        subject = post or place.file
        for risk in curve.risks:
            do = _(tips[risk.event].do(has=False))
            fix = _("{do}. What goes along with leaving need not be the reason for it.", do=do)
            yield Finding(
                AT_RISK,
                NAMES[AT_RISK],
                SEVERITIES[AT_RISK],
                "medium",
                risk_text(risk),
                fix,
                place,
                subject=subject,
                post=post,
                key=f"{subject} {risk.event}",
                value=", ".join(f"{start}-{end}" for start, end in risk.spans),
            )


def risk_text(risk: Risk) -> str:
    """What is so at which times of a video, and how many more viewers leave then."""
    effect = risk.effect
    terms = {"state": _(STATES[risk.event], times=times_text(risk.spans)), "low": effect.low, "high": effect.high}
    if effect.effect < 2:
        return plural(
            "{state}; {more:.0%} more viewers leave then in your video",
            "{state}; {more:.0%} more viewers leave then in your videos ({least:.0f}–{most:.0%})",
            effect.posts,
            more=effect.effect - 1,
            least=100 * (effect.low - 1),
            most=effect.high - 1,
            **terms,
        )
    return plural(
        "{state}; {factor:.2g} times as many viewers leave then in your video",
        "{state}; {factor:.2g} times as many viewers leave then in your videos ({low:.2g}–{high:.2g})",
        effect.posts,
        factor=effect.effect,
        **terms,
    )


def times_text(spans: Sequence[tuple[int, int]]) -> str:
    """Times of a video: "4–7 s, 12–13 s"."""
    listed = ", ".join(fill("{start}–{end} s", start=start, end=end) for start, end in spans[:MOST_TIMES])
    more = len(spans) - MOST_TIMES
    return listed + (_(" and {count} more", count=more) if more > 0 else "")
