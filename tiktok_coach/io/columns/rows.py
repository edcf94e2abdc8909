"""What the cells of a row say of it: on which platform it is, how far it has come, and whether it sums up others."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from tiktok_coach.io.columns.names import joined_words, words

TIKTOK = "TikTok"
Status = Literal["idea", "draft", "planned", "published", "called off"]
# `platforms` by what they are called: `names` count within a text too, `words` alone; `shared hosts` hold links to
# anything. Of a status the longest words that are known count, unless one of `denials` stands beside them; a sum has
# nothing beside its words but those of `beside`, and numbers.
_ROWS: dict[str, Any] = json.loads(Path(__file__).with_name("rows.json").read_text("utf-8"))
PLATFORMS = frozenset(_ROWS["platforms"])
# Whether a text may hold the word of a sum at all.
SUM_WORDS = "(?i)" + "|".join(re.escape(word).replace("\\ ", r"[\s_-]*") for word in _ROWS["sums"]["words"])
_MOST_WORDS = 6
_HOST = re.compile(r"(?i)^\s*(?:https?:)?//(?:[^/\s@]*@)?([\w.-]+)|^\s*((?:[\w-]+\.)+[a-z]{2,})/\S")
# Scripts that part no words; compiled where it is needed, since ranges as wide as these take milliseconds.
_SPACELESS = r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"


@lru_cache(maxsize=4096)
def is_doubtful_platform(heading: str) -> bool:
    """Whether a heading may stand over platforms as well as over other things, such as `Channel` or `Source`."""
    return "".join(words(heading)) in _phrases("doubtful platform headings")


@lru_cache(maxsize=4096)
def is_of_accounts(heading: str) -> bool:
    """Whether a heading speaks of an account rather than of its posts, such as `Biography` or `Following`."""
    return "".join(words(heading.rpartition(".")[2])) in _phrases("account headings")


@lru_cache(maxsize=4096)
def is_of_comments(heading: str) -> bool:
    """Whether a heading speaks of a comment on a post, such as `cid` or `replyCommentTotal`."""
    return "".join(words(heading.rpartition(".")[2])) in _phrases("comment headings")


@lru_cache(maxsize=4096)
def platform_of(text: str) -> str | None:
    """The platform that a text names: TIKTOK where it is among several or all are meant, None where none is named.

    >>> [platform_of(t) for t in ("tt", "Facebook, TikTok", "All channels", "IG Reels", "YouTube Shorts", "organic")]
    ['TikTok', 'TikTok', 'TikTok', 'Instagram', 'YouTube', None]
    """
    parts = words(text)
    joined = "".join(parts)
    if joined in _phrases("every platform"):
        return TIKTOK
    short, names = _by_name("words"), _by_name("names")
    known = [name for key, name in names.items() if key in joined] + [short[part] for part in parts if part in short]
    return TIKTOK if TIKTOK in known else next(iter(known), None)


def platform_in_name(name: str) -> str | None:
    """The platform after which a file or a tab is named in full; None for none, and for names that are words too.

    >>> [platform_in_name(n) for n in ("Instagram 2026", "youtube_export", "tiktok vs instagram", "x", "threads")]
    ['Instagram', 'YouTube', None, None, None]
    """
    platform = platform_of(name)
    if platform in {None, TIKTOK, *_ROWS["platforms with names of words"]}:
        return None
    return platform if str(platform).casefold() in "".join(words(name)) else None


@lru_cache(maxsize=4096)
def site_of(link: str) -> str | None:
    """The platform that an address leads to, else its host; None for no address, and where the host tells nothing.

    >>> [site_of(link) for link in ("https://vm.tiktok.com/ZM/", "https://youtu.be/x", "ovn.dk/blog", "bit.ly/x", "x")]
    ['TikTok', 'YouTube', 'ovn.dk', None, None]
    """
    match = _HOST.match(link)
    if match is None:
        return None
    host = (match[1] or match[2]).casefold().strip(".").removeprefix("www.")
    labels = host.split(".")
    domains = [".".join(labels[i:]) for i in range(len(labels) - 1)]
    if not domains or not _shared_hosts().isdisjoint(domains):
        return None
    return next((_hosts()[domain] for domain in domains if domain in _hosts()), host)


@lru_cache(maxsize=4096)
def status_of(text: str) -> Status | None:
    """How far a post has come by its status in any language; None where the text says nothing of it.

    >>> [status_of(t) for t in ("✅ Posted", "Klar til opslag", "Entwurf", "annulé", "nicht veröffentlicht", "7")]
    ['published', 'planned', 'draft', 'called off', 'planned', None]
    """
    parts = words(text)
    whole, phrases = "".join(parts), _status_by_phrase()
    if whole in phrases:
        return phrases[whole]
    runs = {"".join(parts[i:j]): parts[i:j] for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}
    if not whole.isascii() and re.search(_SPACELESS, whole):
        runs |= {whole[i:j]: () for i in range(len(whole)) for j in range(i + 2, min(len(whole), i + 8) + 1)}
    longest = max((run for run in runs if run in phrases), key=len, default="")
    rest = {*parts} - {*runs.get(longest, ())}
    if not longest or len(parts) > _MOST_WORDS or not rest.isdisjoint(_phrases("denials")):
        return None
    return phrases[longest]


@lru_cache(maxsize=4096)
def is_sum(text: str) -> bool:
    """Whether a text stands before sums or averages of other rows.

    >>> [is_sum(t) for t in ("TOTAL:", "Average per post", "Gesamt (12)", "Total makeover", "#total", "")]
    [True, True, True, False, False, False]
    """
    # A hashtag is a caption.
    parts = [] if re.match(r"\s*#\w", text) else [part for part in words(text) if not part.isdigit()]
    if "".join(parts) in _phrases("sums", "words"):
        return True
    known = [p for p in parts if p in _phrases("sums", "words")]
    return bool(known) and {*parts}.issubset({*known, *_phrases("sums", "beside")})


@cache
def _phrases(key: str, part: str | None = None) -> frozenset[str]:
    """The texts under a key of `rows.json`, or under a part of it, each as its words joined."""
    return frozenset(joined_words(_ROWS[key] if part is None else _ROWS[key][part]))


@cache
def _by_name(key: str) -> dict[str, str]:
    platforms = _ROWS["platforms"].items()
    return {text: name for name, entry in platforms for text in joined_words(entry.get(key, ())) if text}


@cache
def _hosts() -> dict[str, str]:
    return {host: name for name, entry in _ROWS["platforms"].items() for host in entry.get("hosts", ())}


@cache
def _shared_hosts() -> frozenset[str]:
    return frozenset(_ROWS["shared hosts"])


@cache
def _status_by_phrase() -> dict[str, Status]:
    return {phrase: status for status, texts in _ROWS["status"].items() for phrase in joined_words(texts)}
