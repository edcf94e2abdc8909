"""Curves foretold of videos that are not out yet, by those of the posts of their account."""

from __future__ import annotations

from tiktok_coach.analysis.session import Analysis
from tiktok_coach.core.translation import _, plural
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
            return plural(
                "no curve is foretold: that takes {count} published post with a curve and a video",
                "no curve is foretold: that takes {count} published posts with a curve and a video",
                FEWEST_POSTS,
            )
        return _("no curve is foretold: the video is longer than all that have one, or could not be measured")
