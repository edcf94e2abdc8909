"""How far an account is from the Creator Rewards Program, in a few lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import shorten
from typing import Any

import pandas as pd

from tiktok_coach.analysis.rewards import AGE, COUNTRY, FOLLOWERS, TYPE, VIEWS, Bar, Rewards
from tiktok_coach.core.translation import N_, _, format_value, plural
from tiktok_coach.render import labels
from tiktok_coach.render.escaping import markdown, one_line
from tiktok_coach.render.pages.page import Facts, Inline, Part, Words
from tiktok_coach.render.values import facts_of, json_cell
from tiktok_coach.stats.rewards import Programme

MARKS = {True: N_("met"), False: N_("not met"), None: N_("not known")}
# Letters of a post's name.
LABEL = 44
STYLES = {True: "green", False: "red", None: "dim"}


def rewards_parts(result: Rewards, posts: pd.DataFrame) -> Iterator[Part]:
    """What the programme asks for with whether it is met, and at most how many views it counts."""
    from rich.text import Text

    rows: list[Sequence[Inline]] = [
        [Text(_(MARKS[bar.is_met]), style=STYLES[bar.is_met]), bar_text(bar, result.programme)] for bar in result.bars
    ]
    items = [markdown(f"{_(MARKS[bar.is_met])}: {bar_text(bar, result.programme)}") for bar in result.bars]
    yield Facts(rewards_heading(result), rows, items)
    for text in views_texts(result, posts):
        yield Words(text, tight=True)


def rewards_heading(result: Rewards) -> str:
    """How many of the conditions are not met, and of when these are."""
    failing = sum(bar.is_met is False for bar in result.bars)
    some = N_("Creator Rewards: {unmet} of {bars} conditions not met (reported in {as_of})")
    none = N_("Creator Rewards: no condition is known not to be met (reported in {as_of})")
    return _(some if failing else none, unmet=failing, bars=len(result.bars), as_of=result.programme.as_of)


def bar_text(bar: Bar, programme: Programme) -> str:
    """One condition, and how far the account is."""
    needed = format_value(bar.needed, ",") if isinstance(bar.needed, (int, float)) else bar.needed
    if bar.name == TYPE:
        text = N_("Personal account: yours is a {value} account") if bar.value else N_("Personal account")
        return _(text, value=_(str(bar.value)))
    if bar.name == AGE:
        text = (
            N_("{needed} or older: you are {value}")
            if bar.value
            else N_("{needed} or older: not said in the config file")
        )
        return _(text, needed=needed, value=bar.value)
    if bar.name == COUNTRY:
        if bar.value is None:
            return _("Open in your country: reported for {needed}", needed=needed)
        text = N_("Open in your country: {value} is among those reported")
        other = N_("Open in your country: reported for {needed}; for {value} TikTok Studio tells")
        return _(text if bar.is_met else other, value=one_line(str(bar.value)), needed=needed)
    terms = {"needed": needed, "span": programme.days, "value": "", "day": bar.as_of}
    if isinstance(bar.value, (int, float)):
        terms["value"] = format_value(round(bar.value), ",")
    texts = {
        FOLLOWERS: N_("{needed} followers: {value} of {needed} on {day:%Y-%m-%d}"),
        VIEWS: N_("{needed} views in {span} days: {value} of {needed} up to {day:%Y-%m-%d}"),
    }
    least = N_("{needed} views in {span} days: at least {value} of {needed} up to {day:%Y-%m-%d}")
    unknown = {FOLLOWERS: N_("{needed} followers"), VIEWS: N_("{needed} views in {span} days")}
    if bar.value is None:
        return _(unknown[bar.name], **terms)
    return _(least if bar.is_least else texts[bar.name], **terms)


def views_texts(result: Rewards, posts: pd.DataFrame) -> Iterator[str]:
    """Which posts may count, and at most how many of their views; why no more is said."""
    count, seconds = len(result.rows), round(result.programme.least_length_s)
    yield plural(
        "{count:,} of your {all:,} posts may count: an original video of {seconds} s or longer, and no sponsored one.",
        "{count:,} of your {all:,} posts may count: original videos of {seconds} s or longer, and no sponsored ones.",
        count,
        all=result.posts,
        seconds=seconds,
    )
    if unknown := result.unknown_length:
        yield plural(
            "Of {count:,} post the length is not known: it may count too.",
            "Of {count:,} posts the length is not known: they may count too.",
            unknown,
        )
    if not count:
        return
    if not (measured := result.measured):
        yield _("Their qualified views need TikTok Studio's pages of the posts: tiktok-coach capture guide.")
        return
    ends = {name: format_value(round(result.total(name)), ",") for name in ("qualified", "low", "high", "ceiling")}
    yield plural(
        "At most about {qualified} qualified views on {count:,} of them ({low}–{high} by rounding).",
        "At most about {qualified} qualified views on {count:,} of them ({low}–{high} by rounding).",
        measured,
        **ends,
    )
    best = next(result.counting())
    yield _(
        "Most: {post}, at most about {qualified} of {seen} views.",
        post=shorten(labels.label_of(posts, best.row), LABEL, placeholder=" …"),
        qualified=format_value(round(best.qualified or 0.0), ","),
        seen=format_value(round(best.views or 0.0), ","),
    )
    yield _(
        "At most: no file tells which views are repeated, paid or disliked, and For You viewers are taken to stay as "
        "long as all do (else at most {ceiling}). What a view earns is not public.",
        **ends,
    )


def rewards_facts(result: Rewards, posts: pd.DataFrame) -> dict[str, Any]:
    """The same for JSON, with every post that may count."""
    ids = posts["post_id"]
    return {
        "reported": result.programme.as_of,
        "conditions": [
            {**facts_of(bar, "name needed value is_met is_least"), "as_of": json_cell(bar.as_of)} for bar in result.bars
        ],
        "posts": result.posts,
        "unknown_length": result.unknown_length,
        "qualified_views": {
            "posts": measured,
            "at_most": result.total("qualified"),
            "interval": [result.total("low"), result.total("high")],
            "ceiling": result.total("ceiling"),
        }
        if (measured := result.measured)
        else None,
        "counting": [
            {
                "post_id": str(ids.iloc[one.row]),
                "views": one.views,
                "at_most": one.qualified,
                "interval": None if one.low is None else [one.low, one.high],
                "ceiling": one.ceiling,
            }
            for one in result.counting()
        ],
        "sources": [claim.model_dump() for claim in result.programme.sources],
    }
