"""When to post: heatmaps, the best hours, posts a day, and what a perfect hour is worth; as a page, JSON and CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tiktok_coach.analysis.times import SCHEMA_VERSION, Times
from tiktok_coach.core.translation import N_, _, format_value, plural, weekday_names
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.pages.charts import heatmap
from tiktok_coach.render.pages.page import Page, Part, Picture, Table, TextColumn, Words, columns
from tiktok_coach.render.values import between, factor, facts_of, number, pair, rows_csv, share
from tiktok_coach.stats.posting_times import FEWEST, HOURS, SLOTS, Slots

DAYS = 7
READING = N_(
    "The darker, the better; [ ] marks the best hours. Effects are on the views of a post against the account's "
    "usual post, after its age, the trend and its length, drawn to the usual as far as posts are few. Posts at an "
    "hour may differ in more than the hour; an experiment tells."
)
STATED = N_(
    "TikTok does not state the timezone of its hours of activity; they are read as {activity_timezone} "
    "(--activity-timezone)."
)
NOT_STATED = N_(
    "TikTok does not state the timezone of its hours of activity; they are read as the account's own. If they are "
    "UTC's, say --activity-timezone UTC."
)
NO_HOURS = N_(
    "Not enough data to tell good hours: it takes {fewest} posts with hour and views, or FollowerActivity.csv with "
    "rows."
)


def times_page(result: Times, *, top: int) -> Page:
    """The report."""
    best = result.best(top)
    marked = np.zeros((DAYS, HOURS), dtype=bool)
    for slot in best:
        marked[divmod(slot, HOURS)] = True
    parts: list[Part] = [_basis(result)]
    if np.isfinite(result.active).any():
        parts.append(Picture(_("When followers are active"), heatmap(weekday_names(), result.active)))
        zone = _(STATED if result.activity_timezone else NOT_STATED, activity_timezone=result.activity_timezone)
        parts.append(Words(zone, faint=True))
    if result.own is not None:
        title = plural(
            "When own posts did well, from {count} post", "When own posts did well, from {count} posts", result.used
        )
        parts.append(Picture(title, heatmap(weekday_names(), _near_posts(result.own))))
    if result.both is not None:
        effects = np.log(result.both.effect).reshape(DAYS, HOURS)
        parts.append(Picture(_("Both together"), heatmap(weekday_names(), effects, marked)))
    if result.slots is not None:
        parts.append(Words(_(READING), faint=True))
    parts += [_best(result, best), _worth(result, best[0])] if best else [_(NO_HOURS, fewest=FEWEST)]
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
    counts = [plural("{count} post tells an hour", "{count} posts tell an hour", result.used)]
    if result.by_day:
        counts.append(_("{by_day} with their day alone are left out", by_day=result.by_day))
    if result.other:
        counts.append(_("{other} planned, younger than a day or without views too", other=result.other))
    return f"{zone}; {', '.join(counts)}."


def hour_text(slot: int) -> str:
    """An hour of the week, Monday 0 o'clock being the first."""
    day, hour = divmod(slot, HOURS)
    return f"{weekday_names()[day]} {format_value(dt.time(hour), '%H:%M')}"


def _best(result: Times, best: list[int]) -> Table:
    slots = result.slots
    rows = [[hour_text(slot), share(result.active[divmod(slot, HOURS)]), "–", "–", "0"] for slot in best]
    if slots is not None:
        for row, slot in zip(rows, best, strict=True):
            row[2:] = factor(slots.effect[slot]), between(slots.low[slot], slots.high[slot]), f"{slots.posts[slot]}"
    heads = columns(TextColumn(N_("hour")), N_("active"), N_("effect"), N_("90%"), N_("own posts"))
    return Table(_("The best hours"), heads, rows)


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
        if t.code not in result.hour_rules
    ][:3]
    return (
        _("{worth}; beside it, what else helps this account: {names}.", worth=worth, names=", ".join(others))
        if others
        else _("{worth}; nothing else is shown to help this account yet.", worth=worth)
    )


def _days(result: Times) -> list[Part]:
    known = result.days[np.isfinite(result.days["effect"])]
    if not len(known):
        return [_("Not enough data on posts a day: too few days have more than one.")]
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
    heads = columns(TextColumn(N_("posts")), N_("days"), N_("views of each"), N_("90%"), N_("views of the day"))
    caveat = _("Only posts that the export lists are counted; a list of the best posts alone has too few a day.")
    return [Table(_("Posts a day, against one"), heads, rows), Words(caveat, faint=True)]


COLUMNS = "weekday hour active effect interval own_effect own_interval posts"


def times_json(result: Times, accounts: Sequence[Mapping[str, Any]] | None = None, *, top: int) -> Iterator[str]:
    """Times as JSON. `accounts` is how several stand beside each other."""
    slots = [_slot(result, slot) for slot in range(SLOTS)]
    chances = None if result.slots is None else result.slots.best
    content = {
        "schema_version": SCHEMA_VERSION,
        "account": result.account.handle,
        **({"accounts": list(accounts)} if accounts is not None else {}),
        "timezone": result.timezone,
        "activity_timezone": result.activity_timezone,
        "activity_timezone_stated": False,
        "posts": {"used": result.used, "day_only": result.by_day, "left_out": result.other},
        "slots": slots,
        "best": [
            {**slots[slot], "chance_best": None if chances is None else number(np.round(chances[slot], 3))}
            for slot in result.best(top)
        ],
        "posts_a_day": [
            {**facts_of(day, "posts days effect interval"), "day_total": number(day.total)}
            for day in result.days.itertuples(index=False)
        ],
        "compare_with": [facts_of(tip, "code effect interval") for tip in result.tips.itertuples(index=False)],
    }
    yield json_text(content, indent=1) + "\n"


def times_csv(result: Iterable[Times], *, several: bool = False) -> Iterator[str]:
    """The hours of the week as CSV, a row each; with a column of accounts where there are `several`."""
    rows = ({"account": one.account.handle, **_slot(one, slot)} for one in result for slot in range(SLOTS))
    return rows_csv(f"account {COLUMNS}" if several else COLUMNS, rows)


def _slot(result: Times, slot: int) -> dict[str, Any]:
    day, hour = divmod(slot, HOURS)
    return {
        "weekday": day,
        "hour": hour,
        "active": number(result.active[day, hour]),
        **_effect(result.slots, slot, ""),
        **_effect(result.own, slot, "own_"),
        "posts": 0 if result.slots is None else int(result.slots.posts[slot]),
    }


def _effect(slots: Slots | None, slot: int, prefix: str) -> dict[str, Any]:
    effect, interval = f"{prefix}effect", f"{prefix}interval"
    if slots is None:
        return {effect: None, interval: None}
    return {effect: number(slots.effect[slot]), interval: pair(slots.low[slot], slots.high[slot])}
