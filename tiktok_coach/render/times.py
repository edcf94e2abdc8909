"""When to post: heatmaps, the best hours, posts a day, and what a perfect hour is worth; as a page, JSON and CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tiktok_coach.analysis.times import SCHEMA_VERSION, Times
from tiktok_coach.core.translation import N_, _, format_value, weekday_names
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.json_csv import number, pair, rows_csv
from tiktok_coach.render.pages.charts import heatmap
from tiktok_coach.render.pages.numbers import between, factor, share
from tiktok_coach.render.pages.page import Column, Page, Part, Picture, Table, Words, columns
from tiktok_coach.stats.posting_times import FEWEST, HOURS, SLOTS, Slots

DAYS = 7
READING = N_(
    "The darker, the better; [ ] marks the best hours. Effects are on the views of a post against the account's "
    "usual post, after its age, the trend and its length, drawn to the usual as far as posts are few. Posts at an "
    "hour may differ in more than the hour; an experiment tells."
)


def times_page(result: Times, *, top: int) -> Page:
    """The report."""
    best = result.best(top)
    marked = np.zeros((DAYS, HOURS), dtype=bool)
    for slot in best:
        marked[divmod(slot, HOURS)] = True
    parts: list[Part] = [Words(_basis(result))]
    if np.isfinite(result.active).any():
        parts.append(Picture(_("When followers are active"), heatmap(weekday_names(), result.active)))
        parts.append(Words(_zone(result), faint=True))
    if result.own is not None:
        parts.append(
            Picture(
                _("When own posts did well, from {used} posts", used=result.used),
                heatmap(weekday_names(), _near_posts(result.own)),
            )
        )
    if result.both is not None:
        parts.append(
            Picture(
                _("Both together"), heatmap(weekday_names(), np.log(result.both.effect).reshape(DAYS, HOURS), marked)
            )
        )
    if result.slots is not None:
        parts.append(Words(_(READING), faint=True))
    if best:
        parts.append(_best(result, best))
        parts.append(Words(_worth(result, best[0])))
    else:
        parts.append(
            Words(
                _(
                    "Not enough data to tell good hours: it takes {fewest} posts with hour and views, or "
                    "FollowerActivity.csv with "
                    "rows.",
                    fewest=FEWEST,
                )
            )
        )
    parts += _days(result)
    return Page(_("When to post") + (f", @{result.account.handle}" if result.account.handle else ""), parts)


def _near_posts(slots: Slots) -> np.ndarray:
    """The logarithm of the effects; NaN for hours without a post within two hours on any day."""
    effect = np.log(slots.effect).reshape(DAYS, HOURS)
    any_day = slots.posts.reshape(DAYS, HOURS).sum(axis=0)
    near = sum(np.roll(any_day, step) for step in range(-2, 3))
    return np.where(near > 0, effect, np.nan)


def _basis(result: Times) -> str:
    zone = (
        _("Hours are those of {timezone}", timezone=result.timezone)
        if result.timezone
        else _("The account's timezone is not known, so that posts have no hour: say --timezone")
    )
    counts = _("{used} posts tell an hour", used=result.used)
    rest = [
        _("{by_day} with their day alone are left out", by_day=result.by_day) if result.by_day else "",
        _("{other} planned, younger than a day or without views too", other=result.other) if result.other else "",
    ]
    return f"{zone}; {', '.join([counts, *filter(None, rest)])}."


def _zone(result: Times) -> str:
    if result.activity_timezone:
        return _(
            "TikTok does not state the timezone of its hours of activity; they are read as {activity_timezone} "
            "(--activity-timezone).",
            activity_timezone=result.activity_timezone,
        )
    return _(
        "TikTok does not state the timezone of its hours of activity; they are read as the account's own. If "
        "they are "
        "UTC's, say --activity-timezone UTC."
    )


def hour_text(slot: int) -> str:
    """An hour of the week, Monday 0 o'clock being the first."""
    day, hour = divmod(slot, HOURS)
    return f"{weekday_names()[day]} {format_value(dt.time(hour), '%H:%M')}"


def _best(result: Times, best: list[int]) -> Table:
    slots = result.slots
    rows = []
    for slot in best:
        day, hour = divmod(slot, HOURS)
        effect = (
            ["–", "–", "0"]
            if slots is None
            else [factor(slots.effect[slot]), between(slots.low[slot], slots.high[slot]), f"{slots.posts[slot]}"]
        )
        rows.append([hour_text(slot), share(result.active[day, hour]), *effect])
    return Table(
        _("The best hours"),
        columns(Column(N_("hour"), is_text=True), N_("active"), N_("effect"), N_("90%"), N_("own posts")),
        rows,
    )


def _worth(result: Times, best: int) -> str:
    """How much the best hour is worth, beside other changes."""
    slots = result.slots
    if slots is None:
        return _("What an hour is worth is not known: too few own posts tell it.")
    worth = _(
        "The best hour is worth {factor} ({interval}) the views of the usual post",
        factor=factor(slots.effect[best]),
        interval=between(slots.low[best], slots.high[best]),
    )
    if slots.low[best] <= 1:
        worth += _(", which may be nothing")
    others = [
        f"{t.code} {factor(t.effect)} ({between(t.low, t.high)})"
        for t in result.tips.itertuples(index=False)
        if t.code != "T601"
    ][:3]
    return (
        _("{worth}; beside it, what else helps this account: {names}.", worth=worth, names=", ".join(others))
        if others
        else _("{worth}; nothing else is shown to help this account yet.", worth=worth)
    )


def _days(result: Times) -> list[Part]:
    known = result.days[np.isfinite(result.days["effect"])]
    if not len(known):
        return [Words(_("Not enough data on posts a day: too few days have more than one."))]
    rows = [
        [
            _("{posts} or more", posts=d.posts) if d.posts == result.days["posts"].max() else str(d.posts),
            f"{d.days}",
            factor(d.effect),
            between(d.low, d.high),
            factor(d.total),
        ]
        for d in known.itertuples(index=False)
    ]
    table = Table(
        _("Posts a day, against one"),
        columns(Column(N_("posts"), is_text=True), N_("days"), N_("views of each"), N_("90%"), N_("views of the day")),
        rows,
    )
    return [
        table,
        Words(
            _("Only posts that the export lists are counted; a list of the best posts alone has too few a day."),
            faint=True,
        ),
    ]


COLUMNS = ("weekday", "hour", "active", "effect", "interval", "own_effect", "own_interval", "posts")


def times_json(result: Times, accounts: Sequence[Mapping[str, Any]] | None = None, *, top: int) -> Iterator[str]:
    """Times as JSON. `accounts` is how several stand beside each other."""
    slots = [_slot(result, slot) for slot in range(SLOTS)]
    yield (
        json_text(
            {
                "schema_version": SCHEMA_VERSION,
                "account": result.account.handle,
                **({"accounts": list(accounts)} if accounts is not None else {}),
                "timezone": result.timezone,
                "activity_timezone": result.activity_timezone,
                "activity_timezone_stated": False,
                "posts": {"used": result.used, "day_only": result.by_day, "left_out": result.other},
                "slots": slots,
                "best": [{**slots[s], "chance_best": _chance(result, s)} for s in result.best(top)],
                "posts_a_day": [
                    {
                        "posts": int(d.posts),  # type: ignore[arg-type]
                        "days": int(d.days),  # type: ignore[arg-type]
                        "effect": number(d.effect),
                        "interval": pair(d.low, d.high),
                        "day_total": number(d.total),
                    }
                    for d in result.days.itertuples(index=False)
                ],
                "compare_with": [
                    {"code": t.code, "effect": number(t.effect), "interval": pair(t.low, t.high)}
                    for t in result.tips.itertuples(index=False)
                ],
            },
            indent=1,
        )
        + "\n"
    )


def times_csv(result: Iterable[Times], *, several: bool = False) -> Iterator[str]:
    """The hours of the week as CSV, a row each; with a column of accounts where there are `several`."""
    rows = ({"account": one.account.handle, **_slot(one, slot)} for one in result for slot in range(SLOTS))
    return rows_csv(("account", *COLUMNS) if several else COLUMNS, rows)


def _slot(result: Times, slot: int) -> dict[str, Any]:
    day, hour = divmod(slot, HOURS)
    return {
        "weekday": day,
        "hour": hour,
        "active": number(result.active[day, hour]),
        "effect": _effect(result.slots, slot),
        "interval": _interval(result.slots, slot),
        "own_effect": _effect(result.own, slot),
        "own_interval": _interval(result.own, slot),
        "posts": 0 if result.slots is None else int(result.slots.posts[slot]),
    }


def _effect(slots: Slots | None, slot: int) -> float | None:
    return None if slots is None else number(slots.effect[slot])


def _interval(slots: Slots | None, slot: int) -> list[float | None] | None:
    return None if slots is None else pair(slots.low[slot], slots.high[slot])


def _chance(result: Times, slot: int) -> float | None:
    return None if result.slots is None else number(np.round(result.slots.best[slot], 3))
