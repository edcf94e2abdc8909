"""A curve that is foretold of a video: in words, drawn, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from tiktok_coach.core.translation import _, plural
from tiktok_coach.linter.at_risk import risk_text
from tiktok_coach.render.pages.page import Part, Picture, line
from tiktok_coach.render.values import number, pair, upper_first
from tiktok_coach.stats.expected_curve import Cut, ExpectedCurve

if TYPE_CHECKING:
    from rich.text import Text

MARK = "▲"


def expected_text(expected: ExpectedCurve) -> str:
    """How many are expected to watch to the end, how long they watch, and what is usual at that length."""
    (share, least, most), (watched, low, high) = expected.curve.completion, expected.curve.watch_time_s
    return _(
        "{share:.0%} are expected to watch to the end ({least:.0f}–{most:.0%}), {watched:.1f} s on average "
        "({low:.1f}–{high:.1f}); usual for {length:.0f} s: {usual:.0%} and {usual_watched:.1f} s.",
        share=share,
        least=100 * least,
        most=most,
        watched=watched,
        low=low,
        high=high,
        length=expected.curve.length_s,
        usual=expected.usual.completion[0],
        usual_watched=expected.usual.watch_time_s[0],
    )


def cut_text(cut: Cut) -> str:
    """What cutting seconds out would change, in words."""
    (gain, low, high), (watched, least, most) = cut.completion_gain, cut.watch_time_gain
    return _(
        "Without seconds {start}–{end}: {after:.0%} watch to the end instead of {before:.0%} "
        "({gain:+.1f} points, {low:+.1f} to {high:+.1f}), "
        "and {seconds:.1f} s on average instead of {seconds_before:.1f} "
        "({watched:+.1f} s, {least:+.1f} to {most:+.1f}).",
        start=cut.start,
        end=cut.end,
        before=cut.before.completion[0],
        after=cut.after.completion[0],
        gain=100 * gain,
        low=100 * low,
        high=100 * high,
        seconds=cut.after.watch_time_s[0],
        seconds_before=cut.before.watch_time_s[0],
        watched=watched,
        least=least,
        most=most,
    )


def basis_text(expected: ExpectedCurve) -> str:
    """On how many posts the curve rests."""
    return plural(
        "By the curve of {count} published post; of ten videos nine are expected within the dots.",
        "By the curves of {count} published posts; of ten videos nine are expected within the dots.",
        expected.posts,
    )


def expected_curve_parts(expected: ExpectedCurve | None, cut: Cut | None) -> Iterator[Part]:
    """What is expected of a video: in words, drawn, its seconds at risk, and what a cut would change."""
    if expected is not None:
        yield curve_picture(expected)
        yield line(expected_text(expected))
        yield from (line(f"{MARK} {upper_first(risk_text(risk))}.") for risk in expected.risks)
        yield line(basis_text(expected), "dim")
    if cut is not None:
        yield line(cut_text(cut))


def curve_picture(expected: ExpectedCurve) -> Picture:
    """The curve on its axis, with its band in dots and marks below the seconds at risk."""
    return Picture(_("How long viewers are expected to stay"), partial(_lines, expected), tight=True, only="terminal")


def _lines(expected: ExpectedCurve, width: int) -> Iterator[Text]:
    import pandas as pd
    from rich.text import Text

    from tiktok_coach.render.pages.charts import LABEL, Retention, across_of, curve_on_axis

    curve = expected.curve
    seconds = np.minimum(np.arange(len(curve.shares), dtype="float64"), curve.length_s)
    band = pd.DataFrame({"low": curve.low, "high": curve.high}, index=seconds)
    yield from curve_on_axis(Retention(seconds, curve.shares), band, width)
    marks = [" "] * across_of(width)
    for risk in expected.risks:
        for start, end in risk.spans:
            first, last = (int(at / curve.length_s * len(marks)) for at in (start, end))
            marks[first : max(last, first + 1)] = MARK * (min(max(last, first + 1), len(marks)) - first)
    if expected.risks:
        yield Text(" " * LABEL + "".join(marks).rstrip(), style="yellow")


def expected_curve_facts(expected: ExpectedCurve) -> dict[str, Any]:
    """The curve as JSON shows it."""
    curve, usual = expected.curve, expected.usual
    return {
        "posts": expected.posts,
        "length_s": number(curve.length_s),
        "completion": number(curve.completion[0]),
        "completion_interval": pair(*curve.completion[1:]),
        "watch_time_s": number(curve.watch_time_s[0]),
        "watch_time_interval": pair(*curve.watch_time_s[1:]),
        "usual": {"completion": number(usual.completion[0]), "watch_time_s": number(usual.watch_time_s[0])},
        "seconds": [
            {"second": second, "share": number(share), "low": number(low), "high": number(high)}
            for second, (share, low, high) in enumerate(zip(curve.shares, curve.low, curve.high, strict=True))
        ],
        "at_risk": [
            {
                "event": risk.event,
                "spans": [list(span) for span in risk.spans],
                "left": number(risk.left),
                "usual": number(risk.usual),
                "effect": number(risk.effect.effect),
                "interval": pair(risk.effect.low, risk.effect.high),
            }
            for risk in expected.risks
        ],
    }


def cut_facts(cut: Cut) -> dict[str, Any]:
    """What a cut would change, as JSON shows it."""
    gains = {"completion": cut.completion_gain, "watch_time_s": cut.watch_time_gain}
    values = {"completion": cut.before.completion, "watch_time_s": cut.before.watch_time_s}
    after = {"completion": cut.after.completion, "watch_time_s": cut.after.watch_time_s}
    return {
        "start": cut.start,
        "end": cut.end,
        **{
            name: {
                "before": number(values[name][0]),
                "after": number(after[name][0]),
                "gain": number(gains[name][0]),
                "interval": pair(*gains[name][1:]),
            }
            for name in gains
        },
    }
