"""When to post: the hours that are clearly better, and posts a day; as a page, JSON and CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from rich.text import Text

from tiktok_coach.analysis.times import SCHEMA_VERSION, Times
from tiktok_coach.core.translation import N_, _, format_value, plural, weekday_names
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.pages.charts import heatmap
from tiktok_coach.render.pages.page import Column, Page, Part, Picture, Table, TextColumn, columns, line
from tiktok_coach.render.values import between, factor, facts_of, number, pair, rows_csv, share, views_change
from tiktok_coach.rules.checks.active_hours import spans
from tiktok_coach.stats.posting_times import FEWEST, HOURS, SLOTS, Slots

DAYS = 7
NO_HOUR_KNOWN = N_("Too few of your posts have an hour to tell when they do better.")
NO_CLEAR_HOUR = N_("No hour is clearly better yet: post when it suits you.")
LEGEND = N_("Darker is better; [ ] marks the best hours; ?? has no post near it.")
ACTIVITY = N_("Studio's FollowerActivity.csv would tell more (filled from 100 followers on).")
CAVEAT = N_("Posts at an hour may differ in more than the hour: `tiktok-coach experiment` tells.")
FOLLOWERS_ZONE = N_(
    "Followers' hours are read as {timezone}; TikTok does not state their timezone (--activity-timezone changes it)."
)
LISTED = N_("Only posts that the export lists are counted: a list of the best posts alone has too few a day.")
# So wide a terminal shows numbers beside the effects of hours.
NUMBERS = 76
# Hours of the day with so large a share of the followers of the most active one are named.
BUSY = 0.9


def times_page(result: Times, *, top: int, full: bool = False) -> Page:
    """The report: what to do, and the hours that are clearly better; `full` adds what that rests on.

    Where no hour is clear, no result of any is shown: what differs may be noise.
    """
    best, slots = result.best(top), result.slots
    parts: list[Part] = [*map(line, answers(result))]
    if slots is not None and result.is_clear:
        frames = np.isin(np.arange(SLOTS), best).reshape(DAYS, HOURS)
        parts += [_best(result, best)] if best else [line("", only="terminal")]
        if full and result.both is not None and result.own is not None:
            parts += _week(_("By your own posts alone"), _near_posts(result.own))
        title = N_("Views by hour, from your posts and your followers' hours")
        title = title if result.both is not None else N_("Views by hour, from your posts")
        parts += _week(_(title), _near_posts(slots), frames)
        parts.append(line(_(LEGEND), "dim"))
        parts += [line("", only="terminal")] if full else []
    if full:
        if np.isfinite(result.active).any():
            parts += _week(_("When your followers are active"), result.active)
        parts += _days_table(result)
    parts += [line(text, "dim") for text in _basis(result, full=full)]
    return Page(_("When to post") + (f", @{result.account.handle}" if result.account.handle else ""), parts)


def _week(title: str, values: np.ndarray, frames: np.ndarray | None = None) -> Iterator[Part]:
    """The hours of the week as shades, as wide as there is room."""
    days = weekday_names()

    def lines(width: int) -> Iterator[Text]:
        return (Text(text, no_wrap=True) for text in heatmap(days, values, frames, width))

    yield Picture(title, lines, tight=frames is not None, only="terminal")
    yield Picture(title, heatmap(days, values, frames), only="markdown")


def _near_posts(slots: Slots) -> np.ndarray:
    """The logarithm of the effects; NaN for hours without a post within two hours on any day."""
    effect = np.log(slots.effect).reshape(DAYS, HOURS)
    any_day = slots.posts.reshape(DAYS, HOURS).sum(axis=0)
    near = sum(np.roll(any_day, step) for step in range(-2, 3))
    return np.where(near > 0, effect, np.nan)


def answers(result: Times) -> Iterator[str]:
    """What to do: the best hour or that none is known, when followers are active, and how many posts a day."""
    slots, best = result.slots, result.best(1)
    if slots is not None and best:
        text = _(
            "Post around {hour}: {worth}, against your usual post.",
            hour=hour_text(best[0]),
            worth=_change(slots, best[0]),
        )
        yield f"{text} {tried_text(slots, best[0])}"
    elif slots is None:
        yield _(NO_HOUR_KNOWN)
    else:
        yield _(NO_CLEAR_HOUR)
    if slots is not None and not best and slots.is_worse.any():
        worst = int(np.argmin(np.where(slots.is_worse, slots.effect, np.inf)))
        text = _("Avoid {hour}: {worth}, against your usual post.", hour=hour_text(worst), worth=_change(slots, worst))
        yield f"{text} {tried_text(slots, worst)}"
    if (busy := _busy_hours(result.active)) and not best:
        yield _("Your followers are most active at {hours}.", hours=spans(busy))
    if slots is None and result.timezone is None:
        yield _("Say your --timezone, such as Europe/Copenhagen: without it your posts have no hour.")
    elif slots is None:
        terms = {"fewest": FEWEST, "used": result.used}
        yield _("It takes {fewest} posts with hour and views to tell, and you have {used}.", **terms)
    if not best and not np.isfinite(result.active).any():
        yield _(ACTIVITY)
    if days := _days(result):
        yield days


def tried_text(slots: Slots, slot: int) -> str:
    """On how many own posts an hour rests, beside those near it."""
    return _("{count} of your posts went out then.", count=int(slots.posts[slot]))


def _change(slots: Slots, slot: int) -> str:
    return views_change(slots.effect[slot], slots.low[slot], slots.high[slot])


def _busy_hours(active: np.ndarray) -> list[int]:
    """The hours of the day in which nearly as many followers are active as in the best; none where that is unknown."""
    known_hours = np.isfinite(active).any(axis=0)
    if not known_hours.any():
        return []
    level = np.nanmean(active[:, known_hours], axis=0)
    return [int(hour) for hour in np.flatnonzero(known_hours)[level >= BUSY * level.max()]]


def _basis(result: Times, *, full: bool) -> Iterator[str]:
    """What the answer rests on."""
    if result.used:
        text = plural("From {count} post with hour and views", "From {count} posts with hour and views", result.used)
        where = N_(" ({timezone})") if result.account.is_timezone_given else N_(" ({timezone}; --timezone changes it)")
        text += _(where, timezone=result.timezone) if result.timezone else ""
        left_out = [
            _("{by_day} without an hour", by_day=result.by_day) if result.by_day else "",
            _("{other} planned, too new or without views", other=result.other) if result.other else "",
        ]
        names = ", ".join(filter(None, left_out))
        yield text + (_("; left out: {names}", names=names) if names else "") + "."
    if full and np.isfinite(result.active).any() and (zone := result.activity_timezone or result.timezone):
        yield _(FOLLOWERS_ZONE, timezone=zone)
    if full and result.is_clear:
        yield _(CAVEAT)


def hour_text(slot: int) -> str:
    """An hour of the week, Monday 0 o'clock being the first."""
    day, hour = divmod(slot, HOURS)
    return f"{weekday_names()[day]} {format_value(dt.time(hour), '%H:%M')}"


def _best(result: Times, best: list[int]) -> Table:
    slots, has_activity = result.slots, bool(np.isfinite(result.active).any())
    assert slots is not None
    rows = [
        [
            hour_text(slot),
            _change(slots, slot),
            f"{slots.posts[slot]}",
            *([share(result.active[divmod(slot, HOURS)])] if has_activity else []),
        ]
        for slot in best
    ]
    heads = columns(
        TextColumn(N_("hour")),
        TextColumn(N_("against your usual post")),
        Column(N_("own posts"), needs=NUMBERS),
        *([Column(N_("followers active"), needs=NUMBERS)] if has_activity else []),
    )
    return Table("", heads, rows)


def _days(result: Times) -> str:
    """Whether more posts a day are better or worse for each; empty where too few days tell."""
    clear = result.days[(result.days["low"] > 1) | (result.days["high"] < 1)]
    if not len(clear):
        is_known = np.isfinite(result.days["effect"]).any()
        return _("Several posts a day: no clear effect on the views of each.") if is_known else ""
    posts, effect, low, high = clear.iloc[0][["posts", "effect", "low", "high"]].tolist()
    return plural(
        "On days with {count} post it got {worth}, against days with one.",
        "On days with {count} posts each got {worth}, against days with one.",
        int(posts),
        worth=views_change(effect, low, high),
    )


def _days_table(result: Times) -> list[Part]:
    known = result.days[np.isfinite(result.days["effect"])]
    if not len(known):
        return []
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
    return [Table(_("Posts a day, against one"), heads, rows), line(_(LISTED), "dim")]


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
