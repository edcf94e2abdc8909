"""What a video's seconds have, in words: by name, as the seconds that have it, and as where somebody left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.render.values import upper_first
from tiktok_coach.stats.moments import LONG_S

if TYPE_CHECKING:
    from tiktok_coach.stats.leaving import EventEffect

# By event: its name, which of a video's seconds have it, and what is so where one of them is.
NAMES = {
    "cut": N_("a cut"),
    "pause": N_("a pause in speech"),
    "text": N_("text on the screen"),
    "speech": N_("speech"),
    "black": N_("a black picture"),
    "still": N_("a still picture"),
    "no cut for long": N_("no cut for {seconds:.0f} s"),
    "louder": N_("a sudden rise in volume"),
    "quieter": N_("a sudden drop in volume"),
    "motion": N_("much movement"),
}
SECONDS = {
    "cut": N_("in the second after a cut"),
    "pause": N_("in pauses in speech"),
    "text": N_("in seconds with text on the screen"),
    "speech": N_("in seconds in which somebody speaks"),
    "black": N_("in seconds with a black picture"),
    "still": N_("in seconds in which nothing moves"),
    "no cut for long": N_("in seconds without a cut for {seconds:.0f} s or more"),
    "louder": N_("in seconds that are suddenly louder"),
    "quieter": N_("in seconds that are suddenly quieter"),
    "motion": N_("in seconds with much movement"),
}
PLACES = {
    "cut": N_("just after a cut"),
    "pause": N_("where nobody speaks"),
    "text": N_("where there is text on the screen"),
    "speech": N_("where somebody speaks"),
    "black": N_("where the picture is black"),
    "still": N_("where nothing moves"),
    "no cut for long": N_("where there has been no cut for {seconds:.0f} s"),
    "louder": N_("where it suddenly gets louder"),
    "quieter": N_("where it suddenly gets quieter"),
    "motion": N_("where much moves"),
}


def event_name(event: str) -> str:
    """An event as a thing: "a pause in speech"."""
    return _(NAMES[event], seconds=LONG_S)


def seconds_text(event: str) -> str:
    """Which seconds have an event: "in pauses in speech"."""
    return _(SECONDS[event], seconds=LONG_S)


def place_text(event: str) -> str:
    """What is so in a second that has an event: "where nobody speaks"."""
    return _(PLACES[event], seconds=LONG_S)


def leaving_text(effect: float, low: float, high: float) -> str:
    """How many times as many viewers leave, in words, with the interval.

    >>> leaving_text(2.0, 1.7, 2.4), leaving_text(1.3, 1.1, 1.5), leaving_text(0.8, 0.7, 0.9)
    ('2 times as many viewers leave (1.7–2.4)', '30% more viewers leave (10–50%)', '20% fewer viewers leave (10–30%)')
    >>> leaving_text(1.1, 0.9, 1.3), leaving_text(0.4, 0.3, 0.6)
    ('10% more viewers leave (from 10% fewer to 30% more)', '60% fewer viewers leave (40–70%)')
    """
    if effect >= 2:
        return _("{effect:.2g} times as many viewers leave ({low:.2g}–{high:.2g})", effect=effect, low=low, high=high)
    if low < 1 < high:
        more = N_("{share:.0%} more viewers leave (from {fewer:.0%} fewer to {more:.0%} more)")
        fewer = N_("{share:.0%} fewer viewers leave (from {fewer:.0%} fewer to {more:.0%} more)")
        return _(more if effect >= 1 else fewer, share=abs(effect - 1), fewer=1 - low, more=high - 1)
    least, most = sorted((abs(low - 1), abs(high - 1)))
    more, fewer = (
        N_("{share:.0%} more viewers leave ({least:.0f}–{most:.0%})"),
        N_("{share:.0%} fewer viewers leave ({least:.0f}–{most:.0%})"),
    )
    return _(more if effect >= 1 else fewer, share=abs(effect - 1), least=100 * least, most=most)


def leaving_sentence(effect: EventEffect) -> str:
    """How many viewers leave in seconds with an event, beside other seconds of the same videos."""
    return plural(
        "{seconds} {leaving}, in {count} video.",
        "{seconds} {leaving}, in {count} videos.",
        effect.posts,
        seconds=upper_first(seconds_text(effect.event)),
        leaving=leaving_text(effect.effect, effect.low, effect.high),
    )


def experiment_text(code: str, inputs: str) -> str:
    """The command that draws the experiment which tells whether more, or less, of an event is why."""
    return _("An experiment tells: {command}", command=f"tiktok-coach experiment design {inputs} --rule {code}")
