"""What a draw is: posts whose facts are known, the columns and rows that tell them, and the files that hold those."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from tests.io.sheets import HEADINGS

TODAY = dt.date(2026, 11, 23)
COUNTS = ("views", "likes", "comments", "shares", "saves")
ZONES = (
    "Europe/Copenhagen",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/Istanbul",
)
WORDS = (
    "Rye bread at dawn",
    "Kan du gætte det?",
    "Was knackt hier",
    "Pan de hoy, ¿sí o no?",
    "今日のパン",
    'He said "rise", so it did',
    "Rye, wheat; or spelt",
    "Нове тісто",
)
TAGS = ("#rye", "#bageri #brød", "#foodtok", "", "#ベーカリー", "#pan #panadería")


@dataclass(frozen=True)
class Post:
    """A post as it truly is; `facts` are its numbers by column of the posts table."""

    post_id: str
    handle: str
    caption: str
    at: dt.datetime
    facts: Mapping[str, float]
    sound: str = "Dough Song"
    status: str = "published"
    platform: str = "TikTok"

    @property
    def link(self) -> str:
        """Where the post stands."""
        site = {
            "TikTok": f"https://www.tiktok.com/@{self.handle}/video/{self.post_id}",
            "Instagram": f"https://www.instagram.com/reel/D{self.post_id[-9:]}/",
            "YouTube": f"https://www.youtube.com/shorts/a{self.post_id[-9:]}",
        }
        return site[self.platform]


@dataclass(frozen=True)
class Says:
    """What a cell says: how it is written, and what may be read.

    `value` is None where nothing may be read. A reading may lie `within` that distance of it; a time is in seconds of
    Unix, and as the `day` alone where the hour cannot be known. An `is_rounded` one must be marked so.
    """

    cell: Any
    value: Any = None
    within: float = 0.0
    is_rounded: bool = False
    day: dt.date | None = None


@dataclass(frozen=True)
class Column:
    """A column: what it says of a post, and the `kind` of difficulty that it stands for."""

    fact: str | None
    heading: str
    say: Callable[[Post], Says]
    kind: str = "plain"


@dataclass
class Row:
    """A row: of a post, or of something else, which `kind` names; `words` tell it in a notice."""

    cells: dict[str, Any]
    post: Post | None = None
    kind: str = "post"
    words: str = ""
    says: dict[str, Says] = field(default_factory=dict)


@dataclass
class Draw:
    """Everything drawn: `kinds` are the difficulties of the whole.

    `secrets` are cells of columns that are no facts, which no table, notice or error may hold; `unseen` stand outside
    the table, and no output at all may hold them. A notice must hold each word of `left`, by the name of a tab or file.
    """

    random: random.Random
    seed: str
    language: str
    zone: ZoneInfo
    posts: list[Post] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    timezone: str | None = None
    is_plan: bool = False
    unseen: list[str] = field(default_factory=list)
    looks_at_columns: bool = False
    left: dict[str, str] = field(default_factory=dict)

    def chance(self, share: float) -> bool:
        """True in this share of the draws."""
        return self.random.random() < share

    def heading(self, fact: str) -> str:
        """A heading of a fact in the language of the sheet, spelt as people and tools do."""
        names = HEADINGS[self.language].get(fact) or HEADINGS["en"].get(fact) or MORE[fact]
        if self.language == "en" and fact in OF_TOOLS and self.chance(0.5):
            names = OF_TOOLS[fact]
        return respelt(self.random.choice(list(names)), self.random)

    def add(self, fact: str | None, heading: str, say: Callable[[Post], Says], kind: str = "plain") -> None:
        """One more column, under a heading that no other has."""
        while heading.strip() in {column.heading.strip() for column in self.columns}:
            heading += " 2"
        self.columns.append(Column(fact, heading, say, kind))

    def change(self, post: Post, **facts: Any) -> Post:
        """A post with other facts, in place of itself."""
        other = replace(post, **facts)
        self.posts[self.posts.index(post)] = other
        return other

    def all_kinds(self) -> list[str]:
        """The kinds of difficulty in it."""
        return sorted({*self.kinds, *(c.kind for c in self.columns), *(r.kind for r in self.rows)} - {"post", "plain"})


# Headings of facts for which HEADINGS has no word.
MORE = {
    "hashtags": ("Hashtags", "hashtag_names", "Tags"),
    "reach": ("Reach", "Reached audience", "People reached"),
    "average_watch_time_s": ("Average watch time", "Avg. watch time", "average_view_duration"),
    "total_watch_time_s": ("Total watch time", "Total play time"),
    "completion_rate": ("Completion rate", "Watched full video", "Full video watched rate"),
    "new_followers": ("New followers", "Followers gained"),
}
# Headings that tools write, apart from those of people.
OF_TOOLS = {
    "post_id": ("aweme_id", "item_id", "videoId", "Post ID", "Media ID"),
    "link": ("share_url", "permalink", "Post URL", "Permalink", "webVideoUrl", "Post link"),
    "account": ("author.uniqueId", "Profile", "channel", "creator_username", "Account name"),
    "caption": ("desc", "Post text", "video_description", "Message", "Content", "Title", "Post"),
    "posted_at": ("create_time", "Publish time", "Post date", "Date", "Created", "upload_date", "Published", "Time"),
    "views": ("stats.playCount", "Video views", "view_count", "Plays", "playCount", "Total Views", "# Views"),
    "likes": ("stats.diggCount", "like_count", "Total likes", "digg_count", "Hearts"),
    "comments": ("commentCount", "comment_count", "Total comments", "Replies"),
    "shares": ("shareCount", "share_count", "Total shares", "num_shares"),
    "saves": ("collectCount", "favourites", "Bookmarks", "Saved", "Add to Favorites", "collect_count"),
}


def respelt(name: str, draw: random.Random) -> str:
    """A heading as people and tools spell it."""
    snake = name.lower().replace(" ", "_").replace("-", "_")
    ways = (name, name, name, snake, name.upper(), f" {name} ", f"{name} (TikTok)", f"TikTok {name}", f"{name}:")
    return draw.choice(ways)


def post_id(at: dt.datetime, low: int) -> str:
    """The id of a video that was uploaded at a moment."""
    return str((int(at.timestamp()) << 32) | low)


def odd_captions(draw: Draw) -> None:
    """Captions that look like something else."""
    draw.kinds.add("odd captions")
    odd = ["Total", "2026", "=SUM(A1)", "Draft", "12:30", "Instagram", "1.234", "Average of what?", "#total", "-"]
    for caption in draw.random.sample(odd, k=2):
        draw.change(draw.random.choice([p for p in draw.posts if p.caption not in odd]), caption=caption)


def no_counts_yet(draw: Draw) -> None:
    """A post that nobody has seen: its counts are 0, which is no missing count."""
    draw.kinds.add("counts of 0")
    post = draw.random.choice(draw.posts)
    draw.change(post, facts={n: 0 if n in COUNTS else v for n, v in post.facts.items()})


def draw_posts(draw: Draw) -> None:
    """Between 4 and 24 posts of one account; the videos of some accounts are uploaded long before they go out."""
    r = draw.random
    handle = r.choice(["ovnkrogen", "rye.and.co", "brodhaus_24", "pan2026", "bageren7"])
    scheduled = draw.chance(0.15)
    if scheduled:
        draw.kinds.add("scheduled")
    at = dt.datetime(2026, 1, 5, 6, tzinfo=dt.UTC) + dt.timedelta(hours=r.randint(0, 3000))
    loops, several = draw.chance(0.3), draw.chance(0.15)
    for number in range(r.randint(4, 24)):
        at += dt.timedelta(hours=r.randint(5, 60), seconds=r.randint(0, 3599))
        ahead = dt.timedelta(hours=r.randint(1, 300)) if scheduled else dt.timedelta(seconds=r.randint(0, 4))
        views = int(10 ** r.uniform(2, 6.5))
        facts: dict[str, float] = {"views": views, "reach": int(views * r.uniform(0.6, 0.95))}
        facts |= {
            n: int(views * s * r.uniform(0.3, 2)) for n, s in zip(COUNTS[1:], (0.07, 0.004, 0.006, 0.01), strict=True)
        }
        facts["duration_s"] = r.randint(6, 180)
        facts["completion_rate"] = round(r.uniform(0.05, 0.9) if not loops else r.uniform(0.3, 1.0), 4)
        # Who watches to the end watches all of it.
        watched = facts["completion_rate"] + (1 - facts["completion_rate"]) * r.uniform(0.05, 0.6)
        facts["average_watch_time_s"] = round(facts["duration_s"] * watched, 1)
        facts["total_watch_time_s"] = round(views * facts["average_watch_time_s"])
        facts["new_followers"] = r.randint(0, 200)
        facts["followers"] = 12_000 + 7 * number
        caption = f"{r.choice(WORDS)} nr {number + 1} {r.choice(TAGS)}".strip()
        if several:
            handle = r.choice(["ovnkrogen", "brodhaus_24", "pan2026"])
        draw.posts.append(Post(post_id(at - ahead, r.randint(1, 2**31)), handle, caption, at, facts))


def draw_rows(draw: Draw) -> None:
    """A row for each post, newest first or last; of columns that say one fact, the most exact tells it."""
    for post in draw.posts[:: draw.random.choice([1, -1])]:
        cells, says = {}, dict[str, Says]()
        for column in draw.columns:
            said = column.say(post)
            cells[column.heading] = said.cell
            if column.fact is not None and (
                column.fact not in says or says[column.fact].value is None
                or (said.value is not None and said.within < says[column.fact].within)
            ):  # fmt: skip
                says[column.fact] = said
        draw.rows.append(Row(cells, post, says=says))
