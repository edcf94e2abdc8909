"""What a message or a fix can name of the very post or account that fails, by the field that its rule reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from tiktok_coach.core.facts import known_mask, text_at
from tiktok_coach.core.safe_zones import caption_lines, safe_zone
from tiktok_coach.core.translation import N_, _
from tiktok_coach.rules.kind import Params
from tiktok_coach.rules.subjects import Subjects

# Hashtags are named where so many posts have their views, from the quarter of them with the most.
FEWEST_POSTS, TOP, FEWEST_TAGGED, MOST_NAMED = 12, 0.75, 2, 3
# Hashtags that say nothing of what a post is about, as the facts of the public record name them.
GENERAL = {"fyp", "fypシ", "foryou", "foryoupage", "fy", "viral", "viralvideo", "trending", "xyzbca", "tiktok"}
GENERAL |= {"parati", "pourtoi", "xuhuong"}
SHAPES = {16 / 9: N_("horizontal (16:9)"), 4 / 3: N_("horizontal (4:3)"), 1: N_("square (1:1)")}
SHAPES |= {4 / 5: N_("upright, but too wide (4:5)"), 3 / 4: N_("upright, but too wide (3:4)")}
LIKE = 0.02
# What may end a sentence: a full stop of Asia anywhere, any other mark before white space, with quotes that it closes.
_MARK = re.compile(r"(?:[。！？]+|[.!?…؟।]+[\"'”’»)\]]*(?=\s|$))")
# A dot after these, after one letter, or after the number of a day, is no end of a sentence.
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:\w|\d{1,2}|(?:\w{1,2}\.)+\w{0,3}|approx|bzw|bl|ca|cf|dr|dvs|eks|ekskl|etc|evt|feat|ft|fx|gl|hr|hrs"
    r"|inc|inkl|jr|kl|kr|max|min|mr|mrs|ms|mt|no|nr|osv|pp|prof|red|sek|sr|srta|st|stk|str|tel|tlf|usw|vol|vs)\.$",
    re.IGNORECASE,
)
# What an ellipsis takes the place of.
_DANGLING = re.compile(r"(?:(?:^|\s+)[–—-]+|[\s,;:.!?…])+$")
_WORD = re.compile(r"\S+")


def own_hashtags(subjects: Subjects, row: int, params: Params) -> str:  # noqa: ARG001 - as all suggestions
    """Hashtags of the account's most viewed posts as an addition to a text; empty where there are none."""
    tags = best_hashtags(subjects.posts, int(subjects.account_index()[row]))
    return _(", such as {hashtags}", hashtags=", ".join(f"#{tag}" for tag in tags)) if tags else ""


def best_hashtags(posts: Subjects, account: int) -> tuple[str, ...]:
    """The hashtags that an account's most viewed posts have more often than its others, the most typical first.

    Where they are on fewer than two of those posts, or the views of fewer than twelve posts are known, there are none.
    """
    return posts.cached(("best hashtags", account), lambda: _best_hashtags(posts, account))


def _best_hashtags(posts: Subjects, account: int) -> tuple[str, ...]:
    views = posts.column_or_null("views")
    all_rows = posts.cached("rows of accounts", posts.account_rows)
    rows = all_rows[account][known_mask(views)[all_rows[account]]] if account >= 0 else np.zeros(0, dtype=np.int64)
    if len(rows) < FEWEST_POSTS:
        return ()
    is_top = views[rows] >= np.quantile(views[rows], TOP)
    tags = posts.hashtags()

    def count(of: np.ndarray) -> np.ndarray:
        return np.bincount(tags.code[np.isin(tags.row, of)], minlength=len(tags.words))

    top, others = count(rows[is_top]), count(rows[~is_top])
    lead = top / is_top.sum() - others / max((~is_top).sum(), 1)
    order = np.lexsort((-top, -lead))
    usable = [tags.words[code] for code in order.tolist() if top[code] >= FEWEST_TAGGED and lead[code] > 0]
    return tuple([tag for tag in usable if tag not in GENERAL][:MOST_NAMED])


def shortened(subjects: Subjects, row: int, params: Params) -> str:
    """The caption of a post cut at its own words, as an addition to a text; empty where that leaves too little."""
    limit, text = params.all_values.get("max"), text_at(subjects.column_or_null("shown_caption"), row)
    if limit is None or not text:
        return ""
    short = shorten(text, int(limit), utf16=params.all_values.get("unit") == "utf16")
    return _(", for instance to “{caption}”", caption=short) if short else ""


def shorten(text: str, limit: int, *, utf16: bool = True) -> str:
    """A text within a limit, cut after a sentence or else a word, with those of its last hashtags that leave it half.

    Empty where no word fits.

    >>> shorten("We baked it slowly. Then it sang to us for an hour. #rye #bread", 40)
    'We baked it slowly. #rye #bread'
    """

    def size(part: str) -> int:
        return len(part.encode("utf-16-le")) // 2 if utf16 else len(part)

    # Of a text without end, what cannot fit is not looked at.
    body, tags = _without_last_tags(text)
    near, tags = body[: 2 * limit], tags[:limit]
    while tags and size(" ".join(tags)) + 1 > limit / 2:
        tags.pop()
    ending = "".join(f" {tag}" for tag in tags)
    room = limit - size(ending)
    if size(body) <= room:
        return body.rstrip() + ending
    sentences = [body[:end] for end in _sentence_ends(near) if end <= room]
    whole = [sentence for sentence in sentences if room / 2 <= size(sentence) <= room]
    if whole:
        return whole[-1] + ending
    ends = [match.start() for match in re.finditer(r"\s+", near)]
    parts = (_DANGLING.sub("", body[:end]) for end in reversed(ends))
    return next((f"{part}…{ending}" for part in parts if part and size(part) < room), "")


def _without_last_tags(text: str) -> tuple[str, list[str]]:
    """A text without the hashtags that stand behind all else, and these."""
    words = list(_WORD.finditer(text))
    first = len(words)
    while first and words[first - 1].start() and len(words[first - 1][0]) > 1 and words[first - 1][0][0] in "#＃":
        first -= 1
    if first == len(words):
        return text, []
    return text[: words[first - 1].end() if first else 0], [word[0] for word in words[first:]]


def _sentence_ends(text: str) -> Iterator[int]:
    """Where sentences end: never at an abbreviation, nor at a dot before a small letter or a number."""
    for match in _MARK.finditer(text):
        following = text[match.end() :].lstrip()[:1]
        goes_on = match[0][0] in ".…" and (following.islower() or following.isdigit())
        if not goes_on and not _ABBREVIATION.search(text[: match.end()]):
            yield match.end()


def shape(subjects: Subjects, row: int, params: Params) -> str:  # noqa: ARG001 - as all suggestions
    """The shape of a picture: horizontal, square, or upright but of another ratio than asked for."""
    ratio = float(subjects.column_or_null("aspect_ratio")[row])
    name = next((name for known, name in SHAPES.items() if abs(ratio / known - 1) <= LIKE), None)
    if name is not None:
        return _(name)
    if ratio > 1:
        return _("horizontal ({ratio:.2f}:1)", ratio=ratio)
    return _("upright, but not 9:16 ({ratio:.1f}:16)", ratio=16 * ratio)


def covered_zone(subjects: Subjects, row: int, params: Params) -> str:  # noqa: ARG001 - as all suggestions
    """Where TikTok covers a post's video, by its caption and whether it is an ad, as an addition to a text."""
    captions, is_ad = subjects.column("shown_caption"), subjects.column_or_null("ad")
    caption = None if captions is None else text_at(captions, row)
    zone = safe_zone(caption_lines(caption), is_ad=bool(is_ad[row] == 1))
    return _(", out of {zone}", zone=zone)


# By field the places that texts of its rules may have beside those of their checks.
Suggestion = Callable[[Subjects, int, Params], str]
SUGGESTIONS: Mapping[str, Mapping[str, Suggestion]] = {
    "aspect_ratio": {"shape": shape},
    "hashtag_count": {"own_hashtags": own_hashtags},
    "shown_caption": {"shortened": shortened},
    "text_covered": {"covered_zone": covered_zone},
    "top_hashtag_share": {"own_hashtags": own_hashtags},
}
