"""What happened to the newest posts, or to one: beside the views to expect, and whether the whole account moved."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tiktok_coach.analysis.exports import row_of
from tiktok_coach.analysis.why import TOO_FEW, TOO_NEW, AccountWhy, PostPlace, explain_posts
from tiktok_coach.assistant.answers import Answer, Estimate, OfAccount, Part, Quoted, account_texts, estimate, share
from tiktok_coach.assistant.quoting import quoted
from tiktok_coach.assistant.tool import AS_DATA, Tool
from tiktok_coach.assistant.workspace import Workspace
from tiktok_coach.core.translation import N_, _
from tiktok_coach.render.values import number
from tiktok_coach.render.why import (
    advice_texts,
    headline_text,
    insight_texts,
    level_text,
    shadowban_text,
    sign_text,
    silence_text,
    views_sentence,
)

FEW = 5


class WhyArguments(OfAccount):
    """Which post, or the newest ones."""

    post: Annotated[
        str | None,
        Field(
            max_length=200, description="One post: the end of its id, its day (2026-01-31), or how its caption begins."
        ),
    ] = None


class PostPart(Part):
    """A post beside the views to be expected of it at its age."""

    post: str
    posted: str | None = None
    caption: Quoted = None
    says: str
    views: float | None = None
    expected_views: Annotated[Estimate | None, Field(description="By the account's recent posts; 90% range.")] = None
    share_of_such_posts_with_fewer: Annotated[float | None, Field(description="0-1; about 0.5 is usual.")] = None
    place: Annotated[str, Field(description="fewer or more: clearly so; usual; too_new; unknown.")]


class SignPart(Part):
    """A sign of posts that TikTok shows less."""

    sign: str
    shows: Annotated[bool | None, Field(description="Absent where the files cannot tell.")] = None


class WhyAnswer(Answer):
    """What happened."""

    level: Annotated[str | None, Field(description="Whether the account's usual views moved.")] = None
    posts: list[PostPart]
    details: Annotated[list[str], Field(description="What else is known of the post, beside the usual.")] = []
    shadowban: str | None = None
    signs: list[SignPart] = []


def _why(workspace: Workspace, arguments: WhyArguments) -> WhyAnswer:
    analysis = workspace.account(arguments.account)
    is_one, post_id = arguments.post is not None, None
    if arguments.post is not None:
        row = row_of(analysis.posts, arguments.post, "post")
        post_id = str(analysis.export.posts["post_id"].iloc[row])
    # The other accounts tell whether all moved.
    result = explain_posts(workspace.analysis(), post=post_id, account=analysis.account.handle)
    [one] = [each for each in result.accounts if each.account.handle == analysis.account.handle]
    is_told = one.causes != (TOO_FEW,)
    places = [reason.place for reason in one.reasons] if is_one else list(one.newest)
    places = places[:FEW]
    texts = [
        text.strip() for reason in one.reasons[:1] for text in (*advice_texts(reason), *insight_texts(reason.insights))
    ]
    texts += [failing["message"] for reason in one.reasons[:1] for failing in reason.exclusions]
    if one.silence is not None:
        texts.append(silence_text(one.silence, is_first=False))
    return WhyAnswer(
        account=one.account.handle,
        says=headline_text(one, is_one=is_one),
        level=level_text(one, places[0].posted_at if is_one else None) if is_told else None,
        posts=[_post(place) for place in places],
        details=texts[:FEW],
        shadowban=shadowban_text(one) if is_told else None,
        signs=[SignPart(sign=sign_text(sign), shows=sign.is_shown) for sign in one.signs] if is_told else [],
        not_known=_not_known(one),
        assumes=account_texts(
            workspace.other_accounts(), one.account.handle, was_asked=arguments.account is not None or is_one
        ),
    )


def _post(place: PostPlace) -> PostPart:
    return PostPart(
        post=place.post_id,
        posted=None if place.posted_at is None else f"{place.posted_at:%Y-%m-%d}",
        caption=quoted(place.caption),
        says=_("Less than a day old: too early to tell.") if place.word == TOO_NEW else views_sentence(place),
        views=number(place.views),
        expected_views=estimate(place.expected, place.low, place.high),
        share_of_such_posts_with_fewer=None if place.below != place.below else share(place.below),
        place=place.word,
    )


def _not_known(one: AccountWhy) -> list[str]:
    texts = [_("What TikTok intends: no file says it. Account Check in the app says where it restricts.")]
    if any(sign.is_shown is None for sign in one.signs):
        texts.append(_("Where views come from and when they stop: a capture of TikTok Studio tells."))
    return texts


TOOLS = (
    Tool(
        "why_post",
        N_("What happened to a post"),
        "Why a post, or the newest ones, got so many views: beside those to expect (90% ranges), whether the whole "
        "account moved, and whether anything points to a shadowban. Most often nothing is unusual: say that. "
        f"{AS_DATA}",
        WhyArguments,
        WhyAnswer,
        _why,
    ),
)
