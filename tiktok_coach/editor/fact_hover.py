"""The facts of a planned post as an editor explains them: its hour, its caption, a hashtag, its length, any key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from tiktok_coach.core.account import Account
from tiktok_coach.core.captions import caption_with_hashtags, character_length, utf16_length
from tiktok_coach.core.schema import CELL_KINDS, Column
from tiktok_coach.core.translation import N_, _, format_value, plural
from tiktok_coach.editor.key_help import ACCOUNT, PLAN, POST, UNITS, Key, key_named
from tiktok_coach.editor.keys import Entry
from tiktok_coach.editor.markdown import code
from tiktok_coach.editor.own_posts import OwnPosts
from tiktok_coach.editor.project import Linted
from tiktok_coach.editor.rule_hover import rule_of
from tiktok_coach.plans.plan import LISTS, groups, key_of
from tiktok_coach.render.advice import do_text, worth_text
from tiktok_coach.render.times import NO_CLEAR_HOUR, NO_HOUR_KNOWN, hour_text, tried_text
from tiktok_coach.render.values import share, upper_first, views_change, views_text
from tiktok_coach.rules.checks.length import Length
from tiktok_coach.rules.checks.listed import Listed
from tiktok_coach.rules.suggestions import GENERAL
from tiktok_coach.stats.account_effects import CLEAR
from tiktok_coach.stats.advice import Advice
from tiktok_coach.stats.effects import FEWEST_A_SIDE
from tiktok_coach.stats.posting_times import HOURS, Slots

CAPTION_RULE, COMMUNITY_RULE = "T401", "T204"
# Of a caption so many characters show before "more" on any screen, as the sources of its rule say.
SURE_TO_SHOW = 80
# Gaps of fewer hours are said in hours.
HOURS_SAID = 48
BEST_HOURS = 3


def key_lines(entry: Entry) -> Iterator[str]:
    """What a key of a plan is: its meaning, unit, range and choices; nothing for a key that no plan has."""
    path = entry.path[1:] if entry.path[0] == "defaults" and len(entry.path) > 1 else entry.path
    key = _key_of(entry, path)
    if key is not None:
        yield f"{code('.'.join(path))}: {_(key.meaning)}"
        if key.column is not None:
            yield from _kind_lines(key.column)


def _key_of(entry: Entry, path: tuple[str, ...]) -> Key | None:
    """The key at a path, by its column where a plan may call it otherwise; None for one that no plan has."""
    if entry.column is not None:
        group, _dot, name = key_of(entry.column).rpartition(".")
        return key_named(group or POST, name)
    if len(path) == 1:
        return next(filter(None, (key_named(part, path[0]) for part in (PLAN, POST))), None)
    part = ACCOUNT if path[0] == "account" and entry.row is None else path[0]
    return key_named(part, path[1]) if len(path) == 2 and part in {ACCOUNT, *groups()} else None


def _kind_lines(spec: Column) -> Iterator[str]:
    if spec.choices:
        yield _("One of {names}", names=", ".join(map(code, spec.choices)))
    elif spec.kind == "time":
        yield _("A day and a time, such as {example}", example=code("2026-12-01 18:30"))
    elif spec.name in LISTS:
        yield _("A list, such as {example}", example=code("[one, two]"))
    elif spec.kind in CELL_KINDS:
        unit = f", {_(UNITS[spec.unit])}" if spec.unit in UNITS else ""
        most = _(", {most:,} at most", most=spec.high) if spec.high is not None else ""
        yield upper_first(_(CELL_KINDS[spec.kind])) + unit + most


def caption_lines(linted: Linted, row: int) -> Iterator[str]:
    """How long a post's caption is of what shows of it, and how it begins for those who scroll.

    Nothing where its rule is left out, or there is no caption.
    """
    size = caption_size(linted, row)
    if size is None:
        return
    count, most, caption = size
    if count > most:
        rest = plural("{count} too many", "{count} too many", count - most)
    else:
        rest = plural("{count} left", "{count} left", most - count)
    text = _("{length} of {most} characters, hashtags included: {rest}", length=count, most=most, rest=rest)
    yield f"**{text}**"
    if count > SURE_TO_SHOW:
        yield _("What surely shows before “more”: {text}", text=code(f"{_first(caption, SURE_TO_SHOW)}…"))


def caption_size(linted: Linted, row: int) -> tuple[int, int, str] | None:
    """The length of a caption with the hashtags beside it, the most that its rule takes, and the caption as it shows.

    None where there is no caption, or the rule is left out.
    """
    compiled = next((rule for rule in linted.run.linted.rules if rule.code == CAPTION_RULE), None)
    if compiled is None or not isinstance(compiled.params, Length) or compiled.params.max is None:
        return None
    if "captions" not in linted.learned:
        posts = linted.run.linted.calendar.posts
        shown = caption_with_hashtags(posts.column_or_null("caption"), posts.column_or_null("hashtags"))
        measure = utf16_length if compiled.params.unit == "utf16" else character_length
        linted.learned["captions"] = shown.to_pylist(), measure(shown).tolist()
    captions, lengths = linted.learned["captions"]
    return (int(lengths[row]), compiled.params.max, captions[row]) if captions[row] else None


def _first(text: str, units: int) -> str:
    """The beginning of a text, of so many UTF-16 code units at most."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore").rstrip()


def hashtag_lines(tag: str, own: OwnPosts | None, account: Account, linted: Linted) -> Iterator[str]:
    """A hashtag's record: in how many posts, with what views beside the others', and what kind of hashtag it is."""
    heading, kind = f"**{code(f'#{tag}')}**", _kind_of(tag, account, linted)
    record = own.hashtag(tag) if own is not None else None
    if record is None:
        yield heading + (f": {kind}" if kind else "")
        return
    if not record.posts:
        yield _("{hashtag}: not in your posts yet", hashtag=heading)
        yield upper_first(kind)
        return
    used = plural("in {count} of your {of:,} posts", "in {count:,} of your {of:,} posts", record.posts, of=record.of)
    last = _(", last on {day:%Y-%m-%d}", day=record.last) if record.last is not None else ""
    yield f"{heading}: {used}{last}"
    yield upper_first(kind)
    if record.typical is not None and record.typical_others is not None:
        terms = {"views": views_text(record.typical), "others": format_value(round(record.typical_others), ",")}
        yield _("Typically {views} with it, {others} without", **terms)
    if record.effect is None:
        yield _("Too few posts to compare: it takes {count} with it and {count} without", count=FEWEST_A_SIDE)
        return
    _middle, low, high = record.effect
    change = views_change(*record.effect)
    is_clear = low >= CLEAR or high <= 1 / CLEAR
    clear, unclear = N_("Against like posts without it: {change}"), N_("No clear effect against like posts: {change}")
    yield _(clear if is_clear else unclear, change=change)


def _kind_of(tag: str, account: Account, linted: Linted) -> str:
    """What kind of hashtag it is; empty for one of which nothing is known."""
    if tag in account.subcultures:
        return _("one of your communities")
    if tag in GENERAL:
        return _("a general hashtag, which says nothing of the topic")
    compiled = rule_of(COMMUNITY_RULE, linted)
    if compiled is not None and isinstance(compiled.params, Listed) and tag in compiled.params.names:
        return _("a well-known community")
    return ""


def time_lines(
    moment: dt.datetime,
    own: OwnPosts | None,
    around: tuple[dt.timedelta | None, dt.timedelta | None],
    *,
    has_hour: bool,
) -> Iterator[str]:
    """When a post goes out, what its hour is worth, and how far it is from the posts `around` it."""
    day = format_value(moment, "%a %Y-%m-%d %H:%M" if has_hour else "%a %Y-%m-%d")
    yield f"**{day}**"
    if not has_hour:
        yield _("No hour is known: write it with the day, and name the account's timezone.")
        return
    if own is not None:
        yield from _hour_lines(moment.weekday() * HOURS + moment.hour, own)
    before, after = around
    gaps = [_("{gap} after the post before", gap=_gap(before)) if before is not None else ""]
    gaps += [_("{gap} before the next", gap=_gap(after)) if after is not None else ""]
    yield ", ".join(filter(None, gaps))


def _hour_lines(slot: int, own: OwnPosts) -> Iterator[str]:
    week, active = own.week, own.analysis.activity(None)
    if week is None:
        yield _(NO_HOUR_KNOWN)
    elif not week.is_clear:
        yield _(NO_CLEAR_HOUR)
    else:
        yield _worth_of(slot, week)
        others = [one for one in week.best_slots(BEST_HOURS + 1) if one != slot][:BEST_HOURS]
        if others:
            yield _("Clearly good hours: {hours}", hours=", ".join(map(hour_text, others)))
    if np.isfinite(active[slot]):
        yield _("Followers active then: {share} of those at the busiest hour", share=share(active[slot]))


def _worth_of(slot: int, week: Slots) -> str:
    """What an hour is worth on weeks of which some hours differ clearly."""
    if not week.is_tried[slot]:
        return _("Too few of your posts went out at this hour of the week to tell.")
    is_clear = bool(week.is_better[slot] or week.is_worse[slot])
    clear = N_("At this hour of the week: {change}, against your usual post.")
    unclear = N_("No clear difference at this hour of the week: {change}.")
    change = views_change(week.effect[slot], week.low[slot], week.high[slot])
    return f"{_(clear if is_clear else unclear, change=change)} {tried_text(week, slot)}"


def _gap(gap: dt.timedelta) -> str:
    hours = gap / dt.timedelta(hours=1)
    if hours < HOURS_SAID:
        return plural("{count} hour", "{count} hours", round(hours))
    return plural("{count} day", "{count} days", round(hours / HOURS))


def length_lines(own: OwnPosts | None) -> Iterator[str]:
    """What length of videos the account's own posts speak for."""
    if own is None:
        return
    on_length = [one for one in own.analysis.advice if isinstance(one, Advice) and one.band.field == "duration_s"]
    for one in on_length[:1]:
        yield f"{do_text(one)}. {worth_text(one)}"
    seconds = own.analysis.posts.at.seconds[own.analysis.posts.out]
    known = seconds[np.isfinite(seconds)]
    if not len(known):
        return
    if not on_length:
        yield _("Your posts show no length that clearly does better.")
    low, middle, high = np.quantile(known, [0.1, 0.5, 0.9])
    yield _(
        "Your videos usually run {low:.0f}–{high:.0f} s, half of them {middle:.0f} s or more",
        low=low,
        high=high,
        middle=middle,
    )
