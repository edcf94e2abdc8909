"""Curves foretold of videos that are not out yet, by those of the posts of their account."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from tiktok_coach.analysis.pictures import videos_of
from tiktok_coach.analysis.retention import Retention
from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.records import dataclass
from tiktok_coach.core.translation import _, plural
from tiktok_coach.io.reading import Export
from tiktok_coach.media.facts import Video
from tiktok_coach.stats.expected_curve import Cut, ExpectedCurve, can_expect, cut_out, expect, is_within
from tiktok_coach.stats.leaving import FEWEST_POSTS, LeavingModel


class CurveForecaster:
    """Foretells curves by published posts; the model of each account is fitted once, when it is first needed."""

    def __init__(self, history: Analysis) -> None:
        self._history = history
        self._models: dict[str | None, LeavingModel | None] = {}

    def model(self, handle: str | None) -> LeavingModel | None:
        """How the viewers of an account leave; None where too little is known of them.

        Where all published posts are of one account, it is that of videos of which no account is known too.
        """
        if handle not in self._models:
            self._models[handle] = self._fit(handle)
        return self._models[handle]

    def _fit(self, handle: str | None) -> LeavingModel | None:
        history = self._history
        curves = history.export.retention
        if curves is None or not len(curves):
            return None
        own = {account.handle for account in history.export.accounts}
        if len(own) > 1 and handle not in own:
            return None
        if len(own) == 1 and None not in {handle, *own} and handle not in own:
            return None
        analysis = history.for_account(handle) if len(own) > 1 else history
        model = analysis.retention.model
        return model if model is not None and can_expect(model) else None

    def expect(self, video: Video, handle: str | None) -> ExpectedCurve | None:
        """The curve expected of a video of an account; None where too little is known."""
        model = self.model(handle)
        return None if model is None or not is_within(model, video) else expect(model, video)

    def cut(self, video: Video, handle: str | None, seconds: tuple[int, int]) -> Cut | None:
        """What cutting seconds out would change; None where too little is known. Raises CoachError as `cut_out`."""
        model = self.model(handle)
        return None if model is None or not is_within(model, video) else cut_out(model, video, *seconds)

    def why_none(self, handle: str | None) -> str:
        """Why no curve is foretold of a video of an account, in words."""
        curves = self._history.export.retention
        if curves is None or not len(curves):
            return _("no curve is foretold: the history holds none; `tiktok-coach capture guide` says how to get them")
        if self.model(handle) is None:
            return _too_few()
        return _cannot_tell()


@dataclass(frozen=True)
class PostCurves:
    """Curves foretold of the videos of an analysis's posts, by their position."""

    analysis: Analysis
    forecaster: CurveForecaster

    @cached_property
    def videos(self) -> Mapping[int, Video]:
        """The video of each post, of those that the user names."""
        results = videos_of(self.analysis)
        return {row: one.video for row, one in results.items() if one.video is not None}

    def expect(self, row: int) -> ExpectedCurve | None:
        """The curve expected of a post; None where too little is known."""
        video = self.videos.get(row)
        return None if video is None else self.forecaster.expect(video, self.analysis.account.handle)

    def cut(self, row: int, seconds: tuple[int, int]) -> Cut:
        """What cutting seconds out of a post's video would change.

        Raises CoachError where too little is known, or the video has no such seconds.
        """
        video, handle = self.videos.get(row), self.analysis.account.handle
        if video is None:
            raise _no_video()
        cut = self.forecaster.cut(video, handle, seconds)
        if cut is None:
            raise CoachError(self.forecaster.why_none(handle), where=video.file)
        return cut


def post_curves(analysis: Analysis, history: Export | None) -> PostCurves:
    """What foretells the curves of posts, by those of a `history` that has any, else by those beside them."""
    has_curves = history is not None and history.retention is not None and len(history.retention)
    learned = Analysis(history, analysis.settings) if history is not None and has_curves else analysis.history
    return PostCurves(analysis, CurveForecaster(learned))


def cut_of_post(result: Retention, row: int, seconds: tuple[int, int]) -> Cut:
    """What cutting seconds out of the video of a post with a curve would change.

    Raises CoachError where too little is known, or the video has no such seconds.
    """
    post = result.of_row(row)
    video = None if post is None or post.measured is None else post.measured.video
    if video is None:
        text = _("--cut needs the curve of the post, and its video")
        raise CoachError(text, hint=_("name it, or its folder, with --media"))
    if result.model is None or not can_expect(result.model):
        raise CoachError(_too_few())
    if not is_within(result.model, video):
        raise CoachError(_cannot_tell(), where=video.file)
    return cut_out(result.model, video, *seconds)


def _no_video() -> CoachError:
    return CoachError(_("--cut needs the video of the post"), hint=_("name it, or its folder, with --media"))


def _too_few() -> str:
    return plural(
        "no curve is foretold: that takes {count} published post with a curve and a video",
        "no curve is foretold: that takes {count} published posts with a curve and a video",
        FEWEST_POSTS,
    )


def _cannot_tell() -> str:
    return _("no curve is foretold: the video is longer than all that have one, or could not be measured")
