"""When to post, as people read it: two heatmaps apart and one together, the best hours, posts a day, and what a perfect hour is worth."""

from __future__ import annotations

import datetime as dt

import numpy as np

from tiktok_coach.analysis.times import Times
from tiktok_coach.core.translation import N_, _, format_value, weekday_names
from tiktok_coach.render.pages.charts import heatmap
from tiktok_coach.render.pages.numbers import between, factor, share
from tiktok_coach.render.pages.page import Column, Page, Part, Picture, Table, Words, columns
from tiktok_coach.stats.posting_times import FEWEST, HOURS, Slots

DAYS = 7
READING = N_(
    "The darker, the better; [ ] marks the best hours. Effects are on the views of a post against the account's "
    "usual post, after its age, the trend and its length, drawn to the usual as far as posts are few. Posts at an "
    "hour may differ in more than the hour; an experiment tells."
)


def times_page(found: Times, *, top: int) -> Page:
    """The report."""
    best = found.best(top)
    marked = np.zeros((DAYS, HOURS), dtype=bool)
    for slot in best:
        marked[divmod(slot, HOURS)] = True
    parts: list[Part] = [Words(_basis(found))]
    if np.isfinite(found.active).any():
        parts.append(Picture(_("When followers are active"), heatmap(weekday_names(), found.active)))
        parts.append(Words(_zone(found), faint=True))
    if found.own is not None:
        parts.append(
            Picture(
                _("When own posts did well, from {used} posts", used=found.used),
                heatmap(weekday_names(), _seen(found.own)),
            )
        )
    if found.both is not None:
        parts.append(
            Picture(
                _("Both together"), heatmap(weekday_names(), np.log(found.both.effect).reshape(DAYS, HOURS), marked)
            )
        )
    if found.slots is not None:
        parts.append(Words(_(READING), faint=True))
    if best:
        parts.append(_best(found, best))
        parts.append(Words(_worth(found, best[0])))
    else:
        parts.append(
            Words(
                _(
                    "Not enough data to tell good hours: it takes {fewest} posts with hour and views, or FollowerActivity.csv with "
                    "rows.",
                    fewest=FEWEST,
                )
            )
        )
    parts += _days(found)
    return Page(_("When to post") + (f", @{found.account.handle}" if found.account.handle else ""), parts)


def _seen(slots: Slots) -> np.ndarray:
    """The logarithm of the effects; hours at which no post went out within two hours on any day are not shown as known."""
    effect = np.log(slots.effect).reshape(DAYS, HOURS)
    any_day = slots.posts.reshape(DAYS, HOURS).sum(axis=0)
    near = sum(np.roll(any_day, step) for step in range(-2, 3))
    return np.where(near > 0, effect, np.nan)


def _basis(found: Times) -> str:
    zone = (
        _("Hours are those of {timezone}", timezone=found.timezone)
        if found.timezone
        else _("The account's timezone is not known, so that posts have no hour: say --timezone")
    )
    told = _("{used} posts tell an hour", used=found.used)
    left = [
        _("{by_day} with their day alone are left out", by_day=found.by_day) if found.by_day else "",
        _("{other} planned, younger than a day or without views too", other=found.other) if found.other else "",
    ]
    return f"{zone}; {', '.join([told, *filter(None, left)])}."


def _zone(found: Times) -> str:
    if found.activity_timezone:
        return _(
            "TikTok does not state the timezone of its hours of activity; they are read as {activity_timezone} "
            "(--activity-timezone).",
            activity_timezone=found.activity_timezone,
        )
    return _(
        "TikTok does not state the timezone of its hours of activity; they are read as the account's own. If they are "
        "UTC's, say --activity-timezone UTC."
    )


def hour_text(slot: int) -> str:
    """An hour of the week, Monday 0 o'clock being the first."""
    day, hour = divmod(slot, HOURS)
    return f"{weekday_names()[day]} {format_value(dt.time(hour), '%H:%M')}"


def _best(found: Times, best: list[int]) -> Table:
    slots = found.slots
    rows = []
    for slot in best:
        day, hour = divmod(slot, HOURS)
        told = (
            ["–", "–", "0"]
            if slots is None
            else [factor(slots.effect[slot]), between(slots.low[slot], slots.high[slot]), f"{slots.posts[slot]}"]
        )
        rows.append([hour_text(slot), share(found.active[day, hour]), *told])
    return Table(
        _("The best hours"),
        columns(Column(N_("hour"), left=True), N_("active"), N_("effect"), N_("90%"), N_("own posts")),
        rows,
    )


def _worth(found: Times, best: int) -> str:
    """How much the best hour is worth, beside other changes."""
    slots = found.slots
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
        for t in found.tips.itertuples(index=False)
        if t.code != "T601"
    ][:3]
    return (
        _("{worth}; beside it, what else helps this account: {names}.", worth=worth, names=", ".join(others))
        if others
        else _("{worth}; nothing else is shown to help this account yet.", worth=worth)
    )


def _days(found: Times) -> list[Part]:
    told = found.days[np.isfinite(found.days["effect"])]
    if not len(told):
        return [Words(_("Not enough data on posts a day: too few days have more than one."))]
    rows = [
        [
            _("{posts} or more", posts=d.posts) if d.posts == found.days["posts"].max() else str(d.posts),
            f"{d.days}",
            factor(d.effect),
            between(d.low, d.high),
            factor(d.total),
        ]
        for d in told.itertuples(index=False)
    ]
    table = Table(
        _("Posts a day, against one"),
        columns(Column(N_("posts"), left=True), N_("days"), N_("views of each"), N_("90%"), N_("views of the day")),
        rows,
    )
    return [
        table,
        Words(
            _("Only posts that the export lists are counted; a list of the best posts alone has too few a day."),
            faint=True,
        ),
    ]
