"""Advice on what viewers do while they watch, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tiktok_coach.core.translation import N_, _
from tiktok_coach.render.moments import leaving_sentence
from tiktok_coach.render.values import facts_of, number, pair
from tiktok_coach.stats.retention_advice import BASIS, AnyAdvice, RetentionAdvice

LESS = N_(
    "With as little of that as your best quarter of videos, viewers would watch {then:.1f} s instead of {now:.1f} "
    "({low:.1f}–{high:.1f}), and {end_then:.0%} instead of {end_now:.0%} to the end."
)
MORE = N_(
    "With as much of that as your best quarter of videos, viewers would watch {then:.1f} s instead of {now:.1f} "
    "({low:.1f}–{high:.1f}), and {end_then:.0%} instead of {end_now:.0%} to the end."
)


def do_text(one: RetentionAdvice) -> str:
    """What to do, as a heading."""
    return _(one.tip.do(has=one.has))


def code_of(one: RetentionAdvice) -> str | None:
    """The rule that speaks of the same."""
    return None if one.tip.rule is None else one.tip.rule.code


def worth_text(one: RetentionAdvice) -> str:
    """What the change would be worth in watch time, and in viewers who watch to the end."""
    worth, (gain, low, high) = one.worth, one.worth.watch_time_gain
    return _(
        MORE if one.has else LESS,
        now=worth.watch_time_now_s,
        then=worth.watch_time_now_s + gain,
        low=worth.watch_time_now_s + low,
        high=worth.watch_time_now_s + high,
        end_now=worth.completion_now,
        end_then=worth.completion_now + worth.completion_gain[0],
    )


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
