"""Advice on what viewers do while they watch, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tiktok_coach.core.translation import N_, _, format_value
from tiktok_coach.render.moments import leaving_sentence
from tiktok_coach.render.values import facts_of, lower_first, number, pair
from tiktok_coach.stats.retention_advice import BASIS, AnyAdvice, RetentionAdvice

if TYPE_CHECKING:
    from tiktok_coach.stats.leaving_worth import Worth

LESS = N_(
    "With as little of that as your best quarter of videos, viewers would watch {then:.1f} s instead of {now:.1f} "
    "({low:.1f}–{high:.1f})."
)
MORE = N_(
    "With as much of that as your best quarter of videos, viewers would watch {then:.1f} s instead of {now:.1f} "
    "({low:.1f}–{high:.1f})."
)
COMMAND = "tiktok-coach retention"
TO_THE_END = N_("{then:.0%} instead of {now:.0%} would watch to the end.")


def do_text(one: RetentionAdvice) -> str:
    """What to do, as a heading."""
    return _(one.tip.do(has=one.has))


def code_of(one: RetentionAdvice) -> str | None:
    """The rule that speaks of the same."""
    return None if one.tip.rule is None else one.tip.rule.code


def worth_text(worth: Worth, *, has: bool) -> str:
    """What more of an event (`has`) or less of it would be worth in watch time, and in viewers who watch to the end."""
    now, (gain, low, high) = worth.watch_time_now_s, worth.watch_time_gain
    text = _(MORE if has else LESS, now=now, then=now + gain, low=now + low, high=now + high)
    ends = {"now": worth.completion_now, "then": worth.completion_now + worth.completion_gain[0]}
    # Ends that are the same in whole percent are no gain to name.
    is_shown = format_value(ends["now"], ".0%") != format_value(ends["then"], ".0%")
    return text + (" " + _(TO_THE_END, **ends) if is_shown else "")


def short_worth_text(one: RetentionAdvice) -> str:
    """The same in a few words, that do not say that the one causes the other."""
    worth, (gain, low, high) = one.worth, one.worth.watch_time_gain
    now = worth.watch_time_now_s
    terms = {"now": now, "then": now + gain, "low": now + low, "high": now + high}
    return _("Goes along with {then:.1f} s watched instead of {now:.1f} ({low:.1f}–{high:.1f}).", **terms)


def cause_text(one: RetentionAdvice, advice: Sequence[AnyAdvice]) -> str:
    """That it need not be the cause: said beside the first of some advice alone, else empty."""
    is_first = next(other for other in advice if isinstance(other, RetentionAdvice)) is one
    return _("It goes along with that, and need not be why.") if is_first else ""


def later_texts(advice: Sequence[AnyAdvice], top: int) -> Iterator[str]:
    """What to do in videos where that comes after the first `top` of some advice, as ever shorter texts.

    None where there is no such advice, or some of it is among these.
    """
    on_watching = [one for one in advice if isinstance(one, RetentionAdvice)]
    if on_watching and on_watching[0] not in advice[:top]:
        each = [lower_first(do_text(one)) for one in on_watching]
        for text in (", ".join(each), each[0]):
            yield _("So that viewers stay: {each}. Why: {command}", each=text, command=COMMAND)
            yield _("So that viewers stay: {each}.", each=text)


def short_texts(one: RetentionAdvice) -> Iterator[str]:
    """What it goes along with, as ever shorter texts."""
    yield f"{short_worth_text(one)} {leaving_sentence(one.effect)}"
    yield short_worth_text(one)


def retention_advice_facts(one: RetentionAdvice) -> dict[str, Any]:
    """The advice as JSON has it: no effect on views is known, and `watching` has what is."""
    worth = one.worth
    return {
        "id": one.id,
        "do": do_text(one),
        "basis": BASIS,
        **dict.fromkeys(("effect", "interval", "chance")),
        "lacking": None,
        "known": None,
        # Posts that pass a rule which asks for the opposite are none that follow the advice.
        "code": code_of(one) if one.asks_same else None,
        "tip": None,
        "goal": one.goal,
        "where": None,
        "watching": {
            **facts_of(one.effect, "event"),
            "leaving": facts_of(one.effect, "effect interval p q posts seconds verdict"),
            "share": {"now": number(worth.share_now), "then": number(worth.share_then)},
            "watch_time_s": _gain(worth.watch_time_now_s, worth.watch_time_gain),
            "completion": _gain(worth.completion_now, worth.completion_gain),
        },
    }


def _gain(now: float, gain: tuple[float, float, float]) -> dict[str, Any]:
    estimate, low, high = (now + one for one in gain)
    return {"now": number(now), "then": number(estimate), "interval": pair(low, high)}
