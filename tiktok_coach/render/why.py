"""What happened to posts: as a page that answers first, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from tiktok_coach.analysis.overview import Silence
from tiktok_coach.analysis.why import (
    COUNTED,
    EARLIER,
    ENOUGH_OTHERS,
    EXCLUDED,
    FEWER,
    FOR_YOU,
    LATER_COUNT,
    LEVEL,
    LEVEL_FELL,
    LEVEL_ROSE,
    MORE,
    NEWEST,
    NO_NEW_POSTS,
    NOTHING,
    POST_FEWER,
    POST_MORE,
    POSTED,
    SCHEMA_VERSION,
    STOPPED,
    TOO_FEW,
    TOO_NEW,
    VIEWS,
    AccountWhy,
    Control,
    Hours,
    Insight,
    LevelMove,
    PostPlace,
    Reason,
    Sign,
    Why,
)
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.render.advice import do_text
from tiktok_coach.render.escaping import one_line
from tiktok_coach.render.moments import place_text
from tiktok_coach.render.pages.charts import spark
from tiktok_coach.render.pages.page import Inline, Page, Part, Table, TextColumn, Words, columns, line
from tiktok_coach.render.values import facts_of, json_cell, json_object, number, pair, views_change, views_text

if TYPE_CHECKING:
    from tiktok_coach.analysis.retention import Fall

# So many accounts, and so many posts and facts of one, fit on a screen.
ACCOUNTS, POSTS, FACTS = 10, 2, 3
# Of one in more than so many posts nothing more exact is known.
RAREST = 1000
# Viewers left sooner where fewer than this share of the usual still watches.
SOONER = 0.8
# Where posts lie about the middle (a share that gets fewer), no side is said.
MIDDLE = (0.4, 0.6)
# Views are not as expected where fewer than this share of such posts lie further out, to one side; of several posts
# where so few accounts have such a post among their newest.
NOT_AS_EXPECTED, SELDOM = 0.25, 0.5
SHORT = 44
SHORT_CAUSES = {
    LEVEL_FELL: N_("gets fewer views"),
    LEVEL_ROSE: N_("gets more views"),
    POST_FEWER: N_("a post got far fewer views"),
    POST_MORE: N_("a post got far more views"),
}
OF_ONE_POST = {
    LEVEL_FELL: N_("Your posts in general get fewer views, not this one alone."),
    LEVEL_ROSE: N_("Your posts in general get more views, not this one alone."),
    POST_FEWER: N_("This post got clearly fewer views than expected; your posts in general did not."),
    POST_MORE: N_("This post got clearly more views than expected; your posts in general did not."),
    NOTHING: N_("Nothing unusual: this post got about as many views as expected."),
}
# Of a post that went out between two changes of the level.
OF_ONE_POST_THEN = {
    LEVEL_FELL: N_("Your posts in general got fewer views then, not this one alone."),
    LEVEL_ROSE: N_("Your posts in general got more views then, not this one alone."),
}
MISSING = {
    VIEWS: N_("Cannot tell: the views of this post are not known."),
    POSTED: N_("Cannot tell: the date of this post is not known."),
    COUNTED: N_("Cannot tell: it is not known when the views of this post were counted."),
    LATER_COUNT: N_("Cannot tell: the views of this post were counted before its date."),
    EARLIER: N_("Cannot tell: too few posts came before this one."),
}
OF_NEWEST = {
    LEVEL_FELL: N_("Your posts in general get fewer views."),
    LEVEL_ROSE: N_("Your posts in general get more views."),
}
INSIGHTS = {
    "traffic_for_you": N_("From For You: {value:.0%} of the views (usually {usual:.0%})"),
    "retention_3s": N_("Still watching at 3 seconds: {value:.0%} (usually {usual:.0%})"),
    "retention_half": N_("Still watching halfway: {value:.0%} (usually {usual:.0%})"),
    "completion_rate": N_("Watched to the end: {value:.0%} (usually {usual:.0%})"),
}
WATCHING = ("retention_3s", "retention_half", "completion_rate")
# Of each sign what would show, and what is not known of it.
SIGNS = {
    FOR_YOU: (N_("For You brings far fewer of the views than usual"), N_("What share of the views For You brings")),
    STOPPED: (N_("Views stop much sooner than usual"), N_("Whether views stopped sooner than usual")),
    LEVEL: (N_("Your usual views fell by more than half"), N_("Whether your usual views fell")),
    EXCLUDED: (
        N_("A post breaks a rule on what TikTok never recommends"),
        N_("Whether TikTok marked a post: Account Check in the app says so"),
    ),
}
MARKS = {True: N_("yes"), False: N_("no"), None: "?"}
CAPTURE = N_("A capture of TikTok Studio would tell more: tiktok-coach capture guide.")


def why_page(result: Why) -> Page:
    """The accounts where there are several, then the one where most happened."""
    first = result.accounts[0]
    title = _("What happened to this post?") if result.post_id else _("What happened to your posts?")
    parts: list[Part] = []
    if len(result.accounts) > 1:
        parts += [*_accounts(result.accounts), line(_name(first), style="bold")]
    elif first.account.handle:
        title += f" {_name(first)}"
    is_one = result.post_id is not None
    parts.append(_headline(first, is_one=is_one))
    if first.missing and first.causes == (TOO_FEW,):
        return Page(one_line(title), parts)
    parts.append(Words(level_text(first, first.reasons[0].place.posted_at if is_one else None)))
    if first.silence is not None:
        parts.append(Words(silence_text(first.silence, is_first=first.causes[0] == NO_NEW_POSTS)))
    if is_one or first.reasons:
        for reason in first.reasons[:POSTS]:
            parts += _post(first, reason, is_one=is_one)
    else:
        parts += _newest(first.newest)
    if is_one or first.causes[0] not in {POST_MORE, LEVEL_ROSE}:
        parts += _shadowban(first)
    return Page(one_line(title), parts)


def _accounts(accounts: Sequence[AccountWhy]) -> list[Part]:
    """The accounts where something happened as a table, and how many others there are."""
    odd = [one for one in accounts if one.causes[0] in {*SHORT_CAUSES, NO_NEW_POSTS}]
    heads = columns(TextColumn(N_("account")), TextColumn(N_("what happened"), wraps=True), N_("posts"))
    rows: list[list[Inline]] = [[_name(one), _cause_in_short(one), one.posts] for one in odd[:ACCOUNTS]]
    parts: list[Part] = []
    if rows:
        parts.append(Table(plural("{count:,} account", "{count:,} accounts", len(accounts)), heads, rows))
    if (rest := len(odd) - ACCOUNTS) > 0:
        parts.append(line(_("and {count} more; --format json has all", count=rest)))
    few = sum(one.causes[0] == TOO_FEW for one in accounts)
    if calm := len(accounts) - len(odd) - few:
        text = plural("Nothing unusual on {count:,} account.", "Nothing unusual on {count:,} accounts.", calm)
        parts.append(line(text))
    if few:
        text = plural(
            "Too few posts to tell on {count:,} account.", "Too few posts to tell on {count:,} accounts.", few
        )
        parts.append(line(text))
    return [*parts, line("")]


def _name(one: AccountWhy) -> str:
    return f"@{one_line(one.account.handle)}" if one.account.handle else _("Account without a name")


def _cause_in_short(one: AccountWhy) -> str:
    if one.silence is not None and one.causes[0] == NO_NEW_POSTS:
        return _("no new post since {since:%Y-%m-%d}", since=one.silence.since)
    text = _(SHORT_CAUSES[one.causes[0]])
    if one.recent is None or one.causes[0] not in {LEVEL_FELL, LEVEL_ROSE}:
        return text
    effect = one.recent.change.effect - 1
    return _("{change:+.0%} views since {since:%Y-%m-%d}", change=effect, since=one.recent.since)


def _headline(one: AccountWhy, *, is_one: bool) -> Words:
    return line(headline_text(one, is_one=is_one), style="bold")


def headline_text(one: AccountWhy, *, is_one: bool) -> str:
    """The answer in one sentence."""
    cause, count = one.causes[0], len(one.newest)
    if cause == TOO_FEW and one.missing:
        text = plural(
            "Cannot tell yet: it takes {count} more post with a date and at least 1 view.",
            "Cannot tell yet: it takes {count} more posts with a date and at least 1 view.",
            one.missing,
        )
    elif is_one and one.reasons[0].place.word == TOO_NEW:
        text = _("Too early: this post is less than a day old.")
    elif cause == TOO_FEW:
        text = _(_missing_text(one, is_one=is_one))
    elif is_one:
        text = _(_one_post_text(one))
    elif cause in OF_NEWEST:
        text = _(OF_NEWEST[cause])
    elif cause == NO_NEW_POSTS and one.silence is not None:
        text = _("No new post since {since:%Y-%m-%d}.", since=one.silence.since)
    elif cause == NOTHING and one.by_chance < SELDOM:
        text = _(
            "Nothing clearly unusual: one post is far from expected, which by chance alone happens on {chance:.0%} of "
            "accounts.",
            chance=one.by_chance,
        )
    elif cause == NOTHING:
        text = plural(
            "Nothing unusual: your newest post got about as many views as expected.",
            "Nothing unusual: your {count} newest posts got about as many views as expected.",
            count,
        )
    else:
        word = FEWER if cause == POST_FEWER else MORE
        fewer = N_("{count} of your {newest} newest posts got far fewer views than expected.")
        more = N_("{count} of your {newest} newest posts got far more views than expected.")
        odd = sum(place.word == word for place in one.newest)
        text = _(fewer if word == FEWER else more, count=odd, newest=count)
    return text


def _one_post_text(one: AccountWhy) -> str:
    """What happened to the post that is asked about."""
    cause, place = one.causes[0], one.reasons[0].place
    if cause in OF_ONE_POST_THEN and one.recent != one.moves[-1]:
        return OF_ONE_POST_THEN[cause]
    if cause == NOTHING and place.rarity < NOT_AS_EXPECTED:
        fewer = N_("Nothing clearly unusual: this post got fewer views than expected, which could be chance.")
        more = N_("Nothing clearly unusual: this post got more views than expected, which could be chance.")
        return fewer if place.below < 0.5 else more
    return OF_ONE_POST[cause]


def _missing_text(one: AccountWhy, *, is_one: bool) -> str:
    """Why the newest posts, or the one that is asked about, have no place."""
    if is_one:
        return MISSING[one.reasons[0].place.missing or EARLIER]
    if not one.newest:
        return N_("Cannot tell: no post of this period has views and date.")
    if one.newest[-1].word == TOO_NEW:
        return N_("Too early: your newest posts are less than a day old.")
    return N_("Cannot tell: too few posts came before your newest ones.")


def level_text(one: AccountWhy, posted_at: pd.Timestamp | None) -> str:
    """Whether the account's usual views moved, since when, how far, and whether those of other accounts did too.

    Of a post that is asked about, which went out at `posted_at`, it is what they were then.
    """
    later = [move for move in one.moves if posted_at is not None and move.earliest > posted_at]
    if one.recent is None:
        return _steady_text(one, later)
    move, change = one.recent, one.recent.change
    began = _("about {since:%Y-%m-%d}", since=move.since)
    if move.earliest != move.latest:
        began += " " + _(
            "(between {earliest:%Y-%m-%d} and {latest:%Y-%m-%d})", earliest=move.earliest, latest=move.latest
        )
    terms = {
        "began": began,
        "change": views_change(change.effect, change.low, change.high),
        "now": views_text(move.now),
        "before": round(move.before),
    }
    text = _(
        "Since {began} your posts get {change}: usually {now} in their first week, before that {before:,}.", **terms
    )
    if later:
        text = _(
            "From {began} to about {until:%Y-%m-%d} your posts got {change}: usually {now} in their first week, before "
            "that {before:,}.",
            until=later[0].since,
            **terms,
        )
    if one.control is not None:
        text += f" {_control_text(one.control)}"
    return text + " " + _("How likely the move is: {chance:.0%}.", chance=min(change.chance, 0.99))


def silence_text(silence: Silence, *, is_first: bool) -> str:
    """How often posts usually come, and up to when none did; since when too, unless the headline says so."""
    text = plural(
        "You usually post every day, and your files go up to {until:%Y-%m-%d}. Did you post since? Download anew.",
        "You usually post every {count} days, and your files go up to {until:%Y-%m-%d}. Did you post since? Download "
        "anew.",
        max(round(silence.usual), 1),
        until=silence.until,
    )
    return text if is_first else _("No new post since {since:%Y-%m-%d}.", since=silence.since) + f" {text}"


def _steady_text(one: AccountWhy, later: Sequence[LevelMove]) -> str:
    """Since when the account's usual views did not move, and until when; `later` are the changes after that."""
    earlier = one.moves[: len(one.moves) - len(later)]
    if earlier and later:
        return _(
            "Your usual views did not clearly move from about {since:%Y-%m-%d} to about {until:%Y-%m-%d}.",
            since=earlier[-1].since,
            until=later[0].since,
        )
    if later:
        return _("Your usual views only moved later, about {since:%Y-%m-%d}.", since=later[0].since)
    if earlier:
        return _("Your usual views did not clearly move since about {since:%Y-%m-%d}.", since=earlier[-1].since)
    return plural(
        "Your usual views did not clearly move within your {count} newest post.",
        "Your usual views did not clearly move within your {count} newest posts.",
        one.compared,
    )


def _control_text(control: Control) -> str:
    """Whether other accounts moved at the same time: then the reason is likelier one that they share."""
    if control.accounts == 1 and control.moved:
        return _("Your other account moved too: a shared reason is likelier, such as the season.")
    if control.moved == control.accounts:
        text = N_("All {accounts} of your other accounts moved too: a shared reason is likelier, such as the season.")
    elif control.moved:
        text = N_("Of your other accounts, {moved} of {accounts} moved too: the reason may be a shared one.")
    elif control.accounts == 1:
        return _("Your other account did not move then: the reason is likelier on this one.")
    else:
        text = N_("None of your other accounts ({accounts}) moved then: the reason is likelier on this one.")
    return _(text, moved=control.moved, accounts=control.accounts)


def _place_text(place: PostPlace, fewer: tuple[str, str], more: tuple[str, str]) -> str:
    """How usual it is to get so many views, by the texts for each side: one in so many posts, and almost none."""
    if place.word == TOO_NEW:
        return _("too early to tell")
    if math.isnan(place.below):
        return _("cannot tell yet")
    if MIDDLE[0] <= place.below <= MIDDLE[1]:
        return _("about the middle")
    usual, rare = fewer if place.below < 0.5 else more
    return _(rare) if place.rarity < 1 / RAREST else _(usual, one_in=round(1 / place.rarity))


def rounded(value: float) -> int:
    """A number of views to two digits."""
    return int(float(f"{value:.2g}"))


def _label(place: PostPlace) -> str:
    words = one_line(place.caption or place.post_id, SHORT)
    if place.posted_at is None:
        return words
    return fill("{posted_at:%Y-%m-%d} {words}", posted_at=place.posted_at, words=words)


def _newest(newest: Sequence[PostPlace]) -> list[Part]:
    heads = columns(
        *(N_("views"), N_("expected"), TextColumn(N_("how usual"))),
        *(TextColumn("--post"), TextColumn(N_("post"), fills=True)),
    )
    fewer = N_("1 in {one_in:,} has fewer"), N_("almost none has fewer")
    more = N_("1 in {one_in:,} has more"), N_("almost none has more")
    rows = [
        [
            format_value(round(one.views), ","),
            "–" if math.isnan(one.expected) else format_value(rounded(one.expected), ","),
            _place_text(one, fewer, more),
            one_line(one.short_id),
            _label(one),
        ]
        for one in newest[:NEWEST]
    ]
    table = Table(_("Your newest posts, beside the views to expect by your recent posts"), heads, rows)
    rest = _("and {count} more; --format json has all", count=len(newest) - NEWEST)
    return [table, rest] if len(newest) > NEWEST else [table]


def _post(one: AccountWhy, reason: Reason, *, is_one: bool) -> list[Part]:
    """One post: its place, what is known to be worth less, what is never recommended, and what Studio's page says."""
    place = reason.place
    label = _label(place) if is_one else f"{_label(place)}  --post {one_line(place.short_id)}"
    parts: list[Part] = [line(label, style="bold"), line(views_sentence(place))]
    if place.word in {FEWER, MORE} and place in one.newest:
        chance = one.by_chance
        share = _("By chance alone, {chance:.0%} of accounts have such a post among their newest.", chance=chance)
        few = _("By chance alone, fewer than 1% of accounts have such a post among their newest.")
        parts.append(line(few if chance < 0.01 else share))
    parts += [line(text) for text in advice_texts(reason)]
    for failing in reason.exclusions:
        text = _("Never recommended: {message} ({code}).", message=failing["message"], code=failing["code"])
        parts.append(line(one_line(text)))
    parts += [line(text) for text in insight_texts(reason.insights)]
    if reason.fall is not None:
        parts.append(line(_fall_text(reason.fall)))
    if reason.hours is not None:
        parts += _hours(reason.hours)
    parts.append(line(""))
    return parts


def views_sentence(place: PostPlace) -> str:
    """How many views a post got, beside those to expect of it and how usual that is."""
    if math.isnan(place.views):
        return _("Its views are not known.")
    got = views_text(place.views)
    if place.days > 0:
        age = plural("{count} day", "{count} days", max(round(place.days), 1))
        got = _("{views} after {age}", views=got, age=age)
    if math.isnan(place.expected):
        return f"{got}."
    low, expected, high = (rounded(value) for value in (place.low, place.expected, place.high))
    fewer = N_("1 in {one_in:,} of your posts gets fewer"), N_("almost none of your posts gets fewer")
    more = N_("1 in {one_in:,} of your posts gets more"), N_("almost none of your posts gets more")
    return _(
        "{views}; expected {expected:,} ({low:,}–{high:,}): {place}.",
        views=got,
        expected=expected,
        low=low,
        high=high,
        place=_place_text(place, fewer, more),
    )


def advice_texts(reason: Reason) -> Iterator[str]:
    """What of the post is known to move views, and how much of the difference it explains."""
    shown, better = reason.advice[:FACTS], reason.place.below > 0.5
    if not shown:
        return
    yield (_("It has what goes along with more views:") if better else _("It lacks what goes along with more views:"))
    for advice in shown:
        yield f"  {do_text(advice)}: {views_change(advice.effect, advice.low, advice.high)}"
    place = reason.place
    if place.word in {FEWER, MORE}:
        whole = abs(math.log1p(place.views) - math.log1p(place.expected))
        part = sum(math.log(advice.effect) for advice in reason.advice)
        yield _("If that is the reason, it makes up about {share:.0%} of the difference.", share=min(part / whole, 1.0))


def insight_texts(insights: Sequence[Insight]) -> Iterator[str]:
    """What Studio's page says of a post beside the usual, a sentence each."""
    for one in insights:
        yield _(INSIGHTS[one.name], value=one.value, usual=one.usual)
    watching = [one for one in insights if one.name in WATCHING]
    if watching and all(one.value < SOONER * one.usual for one in watching):
        yield _("Viewers left sooner than usual, which by itself makes a video spread less.")


def _fall_text(fall: Fall) -> str:
    """The second in which most viewers left, and what is there of that in which they clearly leave."""
    text = N_("Many left in second {second}: {left:.0%} of all viewers ({usual:.0%} would usually).")
    if fall.hurting:
        text = N_("Many left in second {second}, {place}: {left:.0%} of all viewers ({usual:.0%} would usually).")
    terms = facts_of(fall, "second left usual")
    return _(text, place=place_text(fall.hurting[0]) if fall.hurting else "", **terms)


def _hours(hours: Hours) -> list[Part]:
    """The views of the first two days as a row of bars, and where they stopped."""
    stop = plural("{count} hour", "{count} hours", round(hours.stop))
    text = _("Most views were there after {stop}.", stop=stop)
    if hours.posts >= ENOUGH_OTHERS:
        usual = round(hours.usual_stop)
        text = _("Most views were there after {stop} (usually {usual_stop}).", stop=stop, usual_stop=usual)
        if not math.isnan(hours.first) and not math.isnan(hours.usual_first):
            first, usual = views_text(hours.first), round(hours.usual_first)
            text = _("First 3 hours: {first} (usually {usual_first:,}).", first=first, usual_first=usual) + f" {text}"
    bars = _("{bars}  views hour by hour", bars=spark(hours.added))
    return [line(text), line(bars)]


def _of_capture(one: AccountWhy) -> list[bool | None]:
    return [sign.is_shown for sign in one.signs if sign.name in {FOR_YOU, STOPPED}]


def shadowban_text(one: AccountWhy) -> str:
    """Whether anything points to posts that are restricted."""
    # Views fall for many reasons: that alone points to nothing.
    if any(sign.is_shown for sign in one.signs if sign.name != LEVEL):
        return _("Are you shadowbanned? Some signs show; other reasons can show them too.")
    if all(sign is None for sign in _of_capture(one)):
        return _("Are you shadowbanned? These files cannot tell.")
    return _("Are you shadowbanned? Nothing points to it.")


def _shadowban(one: AccountWhy) -> list[Part]:
    """What restricted posts would show, and whether these do."""
    parts: list[Part] = [line(shadowban_text(one), style="bold")]
    width = max(len(_(mark)) for mark in MARKS.values())
    parts += [line(f"  {_(MARKS[sign.is_shown]):<{width}}  {sign_text(sign)}") for sign in one.signs]
    if all(sign is None for sign in _of_capture(one)):
        parts.append(Words(_(CAPTURE), faint=True, tight=True))
    return parts


def sign_text(sign: Sign) -> str:
    """What would show, which a mark says to be so or not, or what is not known of it."""
    shows, unknown = SIGNS[sign.name]
    return _(unknown if sign.is_shown is None else shows)


def why_json(result: Why) -> Iterator[str]:
    """The answer for each account as JSON."""
    head = {"schema_version": SCHEMA_VERSION, "post_id": result.post_id}
    return json_object(head, accounts=map(account_facts, result.accounts))


def account_facts(one: AccountWhy) -> dict[str, Any]:
    """What happened on an account as JSON has it."""
    return {
        "account": one.account.handle,
        "posts": one.posts,
        "missing": one.missing,
        "by_chance": number(one.by_chance),
        "causes": list(one.causes),
        "level": {
            "posts": one.compared,
            "recent": None if one.recent is None else _move_facts(one.recent),
            "moves": [_move_facts(move) for move in one.moves],
            "control": None if one.control is None else facts_of(one.control, "accounts moved effect interval"),
        },
        "silence": None if one.silence is None else _silence_facts(one.silence),
        "newest": [_place_facts(place) for place in one.newest],
        "explained": [_reason_facts(reason) for reason in one.reasons],
        "signs": [{"sign": s.name, "shown": s.is_shown, "posts": s.posts, "known": s.known} for s in one.signs],
    }


def _silence_facts(silence: Silence) -> dict[str, Any]:
    return {"since": silence.since.isoformat(), "until": silence.until.isoformat(), "usual_days": number(silence.usual)}


def _move_facts(move: LevelMove) -> dict[str, Any]:
    change = move.change
    return {
        "since": json_cell(move.since),
        "between": [json_cell(move.earliest), json_cell(move.latest)],
        **facts_of(change, "effect interval chance posts"),
        "usual_before": number(move.before),
        "usual_now": number(move.now),
    }


def _place_facts(place: PostPlace) -> dict[str, Any]:
    return {
        "post_id": place.post_id,
        "posted_at": json_cell(place.posted_at),
        "caption": place.caption,
        "age_days": number(place.days),
        "views": number(place.views),
        "expected": number(place.expected),
        "interval": pair(place.low, place.high),
        "share_below": number(place.below),
        "place": place.word,
        "missing": place.missing,
    }


def _reason_facts(reason: Reason) -> dict[str, Any]:
    return {
        **_place_facts(reason.place),
        "advice": [{"id": a.id, "do": do_text(a), **facts_of(a, "effect interval basis")} for a in reason.advice],
        "never_recommended": [{name: failing[name] for name in ("code", "message")} for failing in reason.exclusions],
        "never_recommended_unknown": reason.unknown_exclusions,
        "insights": [facts_of(one, "name value usual posts") for one in reason.insights],
        "hours": None if reason.hours is None else _hours_facts(reason.hours),
        "fall": None if reason.fall is None else facts_of(reason.fall, "second left usual events"),
    }


def _hours_facts(hours: Hours) -> dict[str, Any]:
    return {
        "added": [json_cell(one) for one in hours.added],
        **facts_of(hours, "first usual_first stop usual_stop posts"),
    }
