"""Why viewers leave: what stands in the seconds in which they do; as a page, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from rich.text import Text

from tiktok_coach.analysis.exports import short_ids
from tiktok_coach.analysis.retention import LEAST_COST, SCHEMA_VERSION, Fall, PostRetention, Retention, usual_leaving
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.expected_curve import cut_facts
from tiktok_coach.render.labels import label_of
from tiktok_coach.render.moments import event_name, experiment_text, leaving_sentence, place_text
from tiktok_coach.render.pages.page import Inline, Page, Part, Table, TextColumn, Words, columns, line
from tiktok_coach.render.retention_advice import worth_text
from tiktok_coach.render.retention_rows import BRIEFLY, LISTED, spans_of
from tiktok_coach.render.values import (
    between,
    factor,
    facts_of,
    json_cell,
    json_object,
    number,
    pair,
    rows_csv,
    share,
    upper_first,
)
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.account_effects import HELPS, HURTS, UNCLEAR
from tiktok_coach.stats.event_tips import EventTip, load_event_tips
from tiktok_coach.stats.expected_curve import Cut
from tiktok_coach.stats.leaving import FEWEST_POSTS, SHORTEST_S, TIME, EventEffect, watch_time_of
from tiktok_coach.stats.leaving_worth import Worth
from tiktok_coach.stats.moments import EVENTS

# So many effects are shown with what to do about them.
MOST = 3
# A gain of fewer seconds is not worth a line.
LEAST_GAIN_S = 0.1
# A share of viewers in the table of all seconds.
DECIMALS = 4
# So much of a post's label stands in a table.
SHORT = 40
NO_CURVE = N_("No file here says how long viewers stay, second by second. A capture of TikTok Studio does:")
GUIDE = "tiktok-coach capture guide"
NAME_VIDEOS = N_("Name your videos to see what is in the seconds in which viewers leave: --media VIDEOS.")
MORE_VIDEOS = N_("Name the videos of the others too: --media VIDEOS.")
NOTHING_CLEAR = N_("Nothing that was looked at clearly goes along with leaving or with staying.")
CAVEAT = N_("What goes along with leaving need not be the reason for it.")
COMPARED = N_("Each is compared with other seconds of the same videos.")


def retention_page(result: Retention, *, top: int = 5, full: bool = False, inputs: str = "EXPORTS") -> Page:
    """What viewers of an account leave at and stay for, what it rests on, and the posts with the steepest falls.

    `full` has every event with its interval; `inputs` are what a command that comes next is to read.
    """
    clear = clear_effects(result)
    title = event_heading(clear[0]) if clear else _("Why viewers leave")
    if result.account.handle:
        title += f", @{one_line(result.account.handle)}"
    if not result.posts:
        return Page(title, [line(_(NO_CURVE)), line(f"  {GUIDE}")])
    parts: list[Part] = [_effect_words(result, effect) for effect in clear[:MOST]]
    parts += [line(leaving_sentence(effect)) for effect in clear[MOST:]]
    parts += [line("", only="terminal")] if len(clear) > MOST else []
    parts += [line(text) for text in basis_texts(result)]
    parts += [line(experiment_text(_tip_code(clear[0]), inputs))] if clear else []
    if full and result.effects:
        parts.append(_effects_table(result))
    return Page(title, [*parts, line("", only="terminal"), *_falls(result, top)])


def clear_effects(result: Retention) -> list[EventEffect]:
    """What clearly goes along with leaving or staying, the most worth first."""
    worth = list(result.worth)
    clear = [one for one in result.effects if one.verdict in (HURTS, HELPS)]
    return sorted(clear, key=lambda one: worth.index(one.event) if one.event in worth else len(worth))


def event_heading(effect: EventEffect) -> str:
    """What viewers do in seconds with an event."""
    place = place_text(effect.event)
    leave = effect.verdict == HURTS
    return _("Viewers leave {place}", place=place) if leave else _("Viewers stay {place}", place=place)


def effect_do(effect: EventEffect) -> str:
    """What to do about an event that goes along with leaving, or with staying."""
    return _(_tip(effect).do(has=effect.verdict == HELPS))


def _tip(effect: EventEffect) -> EventTip:
    return next(tip for tip in load_event_tips(rulebook()) if tip.event == effect.event)


def _tip_code(effect: EventEffect) -> str:
    """What an experiment on an event tries: more of it where viewers stay, less where they leave."""
    return _tip(effect).code(has=effect.verdict == HELPS)


def _effect_words(result: Retention, effect: EventEffect) -> Words:
    """What to do about an event, how many leave in its seconds, and what less or more of it might be worth."""
    texts = [leaving_sentence(effect), *worth_texts(result, effect)]
    return Words(Text.assemble((effect_do(effect), "bold"), ". ", " ".join(texts)))


def worth_texts(result: Retention, effect: EventEffect) -> Iterator[str]:
    """What less or more of an event might be worth, where that is worth a sentence."""
    worth = result.worth.get(effect.event)
    if worth is not None and worth.watch_time_gain[0] >= LEAST_GAIN_S:
        yield worth_text(worth, has=effect.verdict == HELPS)


def basis_texts(result: Retention) -> Iterator[str]:
    """What has no clear effect, on how many posts the answer rests, and what more would tell."""
    unclear = [one for one in _in_order(result.effects) if one.verdict == UNCLEAR and np.isfinite(one.effect)]
    clear = clear_effects(result)
    if result.model is None or (result.with_video and not (clear or unclear)):
        yield _too_few_text(result)
    elif not clear and result.with_video:
        yield _(NOTHING_CLEAR)
    if unclear:
        yield _("No clear effect: {names}.", names=", ".join(event_name(one.event) for one in unclear))
    if clear or unclear:
        few = [one for one in _in_order(result.effects) if one not in clear and one not in unclear]
        if names := [event_name(one.event) for one in few if one.alike is None]:
            yield _("Too few to tell: {names}.", names=", ".join(names))
        yield from (_alike_text(one) for one in few if one.alike is not None)
    if clear:
        yield _(CAVEAT) + " " + _(COMPARED)
    if result.with_video < len(result.posts):
        if result.with_video:
            share = plural(
                "{count} of your {posts} posts with a curve has its video.",
                "{count} of your {posts} posts with a curve have their video.",
                result.with_video,
                posts=len(result.posts),
            )
            yield share + " " + _(MORE_VIDEOS)
        else:
            yield _(NAME_VIDEOS)


def _too_few_text(result: Retention) -> str:
    """What there is too little of: posts with a curve, long enough ones, videos of them, or what they have."""
    count, model = len(result.posts), result.model
    if model is None and count >= FEWEST_POSTS:
        return _("Not enough data: too few of your curves are {seconds} s or longer.", seconds=SHORTEST_S)
    if model is None:
        return plural(
            "Not enough data: {count} post with a curve, {needed} needed.",
            "Not enough data: {count} posts with a curve, {needed} needed.",
            count,
            needed=FEWEST_POSTS,
        )
    videos = sum(bool(np.isfinite(one.events).any()) for one in model.watched)
    if videos >= FEWEST_POSTS:
        return _("Not enough data: all that was looked at is in too few of your videos, or in all of their seconds.")
    return plural(
        "Not enough data: {count} post with a curve and a video, {needed} needed.",
        "Not enough data: {count} posts with a curve and a video, {needed} needed.",
        videos,
        needed=FEWEST_POSTS,
    )


def _alike_text(effect: EventEffect) -> str:
    """Why nothing is known of an event that always comes with another, or at one time of a video."""
    name = upper_first(event_name(effect.event))
    if effect.alike == TIME or effect.alike is None:
        return _("{name}: cannot tell, since it always comes at the same time of a video.", name=name)
    return _("{name}: cannot tell, since it comes with {other}.", name=name, other=event_name(effect.alike))


def _in_order(effects: Iterable[EventEffect]) -> list[EventEffect]:
    return sorted(effects, key=lambda one: LISTED.index(one.event))


def _effects_table(result: Retention) -> Table:
    heads = columns(
        TextColumn(N_("in a second with")),
        N_("leaving"),
        N_("90%"),
        N_("videos"),
        N_("seconds"),
        TextColumn(N_("verdict")),
    )
    rows: list[list[Inline]] = [
        [event_name(one.event), factor(one.effect), between(one.low, one.high), one.posts, one.seconds, one.verdict]
        for one in _in_order(result.effects)
    ]
    return Table("", heads, rows)


def _falls(result: Retention, top: int) -> list[Part]:
    """The posts in which a second costs most viewers, each with its costliest."""
    steepest = steepest_falls(result)
    if not steepest:
        return [line(_("No second of any post stands out."))]
    ids, posts = short_ids(result.export.posts), result.export.posts
    has_videos = steepest[0][0].has_video
    rows: list[list[Inline]] = []
    for post, fall in steepest[:top]:
        facts: list[Inline] = [f"{fall.second}", share(fall.left), share(fall.usual)]
        if has_videos:
            facts.append(_there_text(fall))
        rows.append([*facts, one_line(str(ids[post.row])), one_line(label_of(posts, post.row), SHORT)])
    there_column = [TextColumn(N_("what is there"))] if has_videos else []
    heads = columns(
        N_("second"),
        N_("leaving"),
        N_("usually"),
        *there_column,
        TextColumn("--post"),
        TextColumn(N_("post"), fills=True),
    )
    title = _("Where most viewers leave, in posts with their video") if has_videos else _("Where most viewers leave")
    rest = len(steepest) - top
    parts: list[Part] = [Table(title, heads, rows)]
    if any(set(fall.events) - set(fall.hurting) for _post, fall in steepest[:top]):
        parts.append(line(_("In brackets: there too, but your viewers don't clearly leave at it.")))
    return [*parts, line(_("and {count} more; --format json has all", count=rest))] if rest > 0 else parts


def _there_text(fall: Fall) -> str:
    """What is in the second of a fall: first what viewers clearly leave at, in brackets what else is there."""
    hurting, others = (
        ", ".join(
            _(BRIEFLY[event]) for event in LISTED if event in fall.events and (event in fall.hurting) == is_hurting
        )
        for is_hurting in (True, False)
    )
    return " ".join(filter(None, (hurting, f"({others})" if others else ""))) or _("none of these")


def steepest_falls(result: Retention) -> list[tuple[PostRetention, Fall]]:
    """Of each post the fall that costs most viewers, the costliest first; of posts with a video alone, if any has one.

    One that costs hardly any more than usual stands out in its own post, and not here.
    """
    falls = [(post, post.falls[0]) for post in result.posts if post.falls and post.falls[0].cost >= LEAST_COST]
    of_videos = [one for one in falls if one[0].has_video]
    return sorted(of_videos or falls, key=lambda one: -one[1].cost)


def retention_json(
    result: Retention,
    accounts: Sequence[Mapping[str, Any]] | None = None,
    *,
    row: int | None = None,
    cut: Cut | None = None,
) -> Iterator[str]:
    """Why viewers leave as JSON, with the post at a `row` alone where one is given.

    `accounts` is how several stand beside each other; `cut` is what a cut would change in that post.
    """
    head = {
        "schema_version": SCHEMA_VERSION,
        "account": result.account.handle,
        **({"accounts": list(accounts)} if accounts is not None else {}),
        "counts": {"curves": len(result.posts), "videos": result.with_video, "needed": FEWEST_POSTS},
    }
    effects, worth = map(_effect_facts, _in_order(result.effects)), map(_worth_facts, result.worth.values())
    more = {} if cut is None else {"cut": cut_facts(cut)}
    posts = ({**_post_facts(result, post), **more} for post in result.posts if row in (None, post.row))
    return json_object(head, effects=effects, worth=worth, posts=posts)


def _effect_facts(effect: EventEffect) -> dict[str, Any]:
    return {**facts_of(effect, "event effect interval posts seconds verdict alike"), "q": number(effect.q)}


def _worth_facts(worth: Worth) -> dict[str, Any]:
    def gain(values: tuple[float, float, float]) -> dict[str, Any]:
        return {"gain": number(values[0]), "interval": pair(*values[1:])}

    return {
        **facts_of(worth, "event share_now share_then"),
        "completion": {"now": number(worth.completion_now), **gain(worth.completion_gain)},
        "watch_time_s": {"now": number(worth.watch_time_now_s), **gain(worth.watch_time_gain)},
    }


def _post_facts(result: Retention, post: PostRetention) -> dict[str, Any]:
    posts, watching = result.export.posts, post.watching
    caption = column(posts, "caption").iloc[post.row]
    return {
        "post_id": post.post_id,
        "posted_at": json_cell(column(posts, "posted_at").iloc[post.row]),
        "caption": json_cell(caption),
        "duration_s": number(watching.length_s),
        "has_video": post.has_video,
        "completion": number(watching.shares[-1]) if watching.reaches_end else None,
        "watch_time_s": number(watch_time_of(watching.shares, watching.length_s)) if watching.reaches_end else None,
        "falls": [{**facts_of(fall, "second left usual"), "events": _listed(fall.events)} for fall in post.falls],
        "shares": [number(value) for value in watching.shares],
        "usual": [number(value) for value in usual_leaving(watching, result.model)],
        "events": {event: _spans(watching.events[:, EVENTS.index(event)]) for event in LISTED},
    }


def _listed(events: Iterable[str]) -> list[str]:
    present = set(events)
    return [event for event in LISTED if event in present]


def _spans(values: np.ndarray) -> list[list[int]] | None:
    """From which second to which an event stands; None where that is not known."""
    return None if np.isnan(values).all() else [list(span) for span in spans_of(values)]


def retention_csv(results: Iterable[Retention], *, several: bool = False, row: int | None = None) -> Iterator[str]:
    """The seconds of posts as CSV, a row each; with a column of accounts where there are `several`.

    Where a `row` is given it is that post alone. An event has a column where it is known of any of the posts.
    """
    posts = [(result, post) for result in results for post in result.posts if row in (None, post.row)]
    known = [event for event in LISTED if any(_is_known(post, event) for _result, post in posts)]
    names = ["post_id", "second", "share", "left", "usual", *(event.replace(" ", "_") for event in known)]
    seconds = (second for result, post in posts for second in _second_rows(result, post))
    return rows_csv(" ".join(["account", *names] if several else names), seconds)


def _is_known(post: PostRetention, event: str) -> bool:
    """Whether it was measured in any second of the post's video whether an event stands there."""
    return bool(np.isfinite(post.watching.events[:, EVENTS.index(event)]).any())


def _second_rows(result: Retention, post: PostRetention) -> Iterator[dict[str, Any]]:
    watching, usual = post.watching, usual_leaving(post.watching, result.model)
    for second, left in enumerate(watching.left):
        values = dict(zip(EVENTS, watching.events[second].tolist(), strict=True))
        yield {
            "account": result.account.handle,
            "post_id": post.post_id,
            "second": second,
            # As TikTok Studio has them.
            "share": round(float(watching.shares[second]), DECIMALS),
            "left": round(float(left), DECIMALS),
            "usual": round(float(usual[second]), DECIMALS),
            **{event.replace(" ", "_"): None if np.isnan(values[event]) else int(values[event]) for event in LISTED},
        }
