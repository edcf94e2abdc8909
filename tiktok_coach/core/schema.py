"""The posts table: the one schema that every reader fills and every later stage reads.

A post is a row. Every column may be absent or hold missing values, and a missing value is never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tiktok_coach.core.translation import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

DTYPES = {
    "text": "str",
    "count": "Int64",
    "number": "float64",
    "share": "float64",
    "flag": "boolean",
    "time": "datetime64[us, UTC]",
    "label": "category",
}
# What a cell of a column of each kind holds, as messages say it.
CELL_KINDS = {
    "count": N_("a count"),
    "number": N_("a number"),
    "share": N_("a share"),
    "flag": N_("yes or no"),
    "time": N_("a time"),
}


@dataclass(frozen=True)
class Column:
    """One column of the posts table.

    `kind` is a key of DTYPES; `low` and `high` are the inclusive range of a sensible value, in `unit`;
    `supplied_by` names what a creator can add to fill the column.
    """

    name: str
    kind: str
    group: str
    meaning: str
    supplied_by: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        """The pandas dtype of the column."""
        return DTYPES[self.kind]


ANY = N_("any export")
STUDIO = N_("a TikTok Studio download (Content.csv)")
ARCHIVE = N_("the account archive (user_data_tiktok.json)")
VIDEO_FACTS = N_("the TikTok API, yt-dlp or a scraper export, or the sidecar")
LENGTH = N_("TikTok Studio's own pages (`capture guide`), the TikTok API, yt-dlp or a scraper export, or the sidecar")
SIDECAR = N_("the sidecar file")
MEASURED = N_("the video file itself (`probe`, or `--media`), or the sidecar file")
PROBE = N_("the video file itself (`probe`, or `--media`)")
STUDIO_PAGE = N_("TikTok Studio's own pages (`capture guide`)")
BUSINESS = N_("TikTok Studio's own pages (`capture guide`), the Business API, Metricool or a hand-kept sheet")
PLAN = N_("a plan with a publish time")
TRIAL = N_("a plan that `experiment design` draws")
SCRAPER = N_("a scraper export or the sidecar")
TAGS = N_("a scraper export or the TikTok API")
TRACK = N_("the account archive, the TikTok API or a scraper export")
SAVES = N_("TikTok Studio's own pages (`capture guide`), Business Suite, a scraper export or a hand-kept sheet")

CLOCKS, ARMS = ("none", "gap", "overlap"), ("follow", "leave")
POST_KINDS = ("original", "duet", "stitch", "video_reply", "photo")
EMOTIONS = ("surprise", "joy", "amusement", "awe", "curiosity", "anger", "fear", "sadness", "disgust", "neutral")


def _count(name: str, meaning: str, supplied_by: str, group: str = "metrics") -> Column:
    return Column(name, "count", group, meaning, supplied_by, low=0)


def _time(name: str, group: str, meaning: str) -> Column:
    return Column(name, "time", group, meaning, STUDIO, unit="UTC")


def _share(name: str, meaning: str, supplied_by: str) -> Column:
    return Column(name, "share", "metrics", meaning, supplied_by, unit="0-1", low=0.0, high=1.0)


def _flag(name: str, group: str, meaning: str, supplied_by: str = SIDECAR) -> Column:
    return Column(name, "flag", group, meaning, supplied_by)


def _text(name: str, group: str, meaning: str, supplied_by: str, choices: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", group, meaning, supplied_by, choices=choices)


def _number(name: str, unit: str, high: float, group: str, meaning: str, supplied_by: str) -> Column:
    return Column(name, "number", group, meaning, supplied_by, unit=unit, low=0.0, high=high)


SCHEMA: tuple[Column, ...] = (
    _text(
        "post_id", "identity", N_("TikTok's id of the post; `at-<time>` or `row-<hash>` where a source has none"), ANY
    ),
    _text("account", "identity", N_("handle of the account, without @"), ANY),
    _text("link", "identity", N_("address of the post"), STUDIO),
    _text("status", "identity", N_("whether the post is out"), ANY, ("published", "planned")),
    _time("uploaded_at", "time", N_("when the video was uploaded; the id's own time")),
    _time("posted_at", "time", N_("when the post went out; only its day counts at `day` precision")),
    _text("posted_at_precision", "time", N_("how far posted_at can be trusted"), STUDIO, ("second", "day")),
    _text("clock_change", "time", N_("whether a change of the clocks skips or repeats the written time"), PLAN, CLOCKS),
    _text("caption", "caption", N_("the caption with its hashtags"), STUDIO),
    _text("title", "caption", N_("the separate title of a photo post"), N_("the plan or the sidecar file")),
    _text("hashtags", "caption", N_("hashtags given beside the caption, `#a #b`"), TAGS),
    _flag("raises_curiosity", "caption", N_("whether the caption makes people want to know more")),
    _flag("tells_why", "caption", N_("whether the caption tells why to watch")),
    _text("kind", "video", N_("what kind of post it is"), SIDECAR, POST_KINDS),
    _number("duration_s", "s", 36_000, "video", N_("length of the video"), LENGTH),
    _number("width", "px", 20_000, "video", N_("width of the picture"), VIDEO_FACTS),
    _number("height", "px", 20_000, "video", N_("height of the picture"), VIDEO_FACTS),
    _number("fps", "1/s", 1_000, "video", N_("frames per second"), MEASURED),
    _number("file_size_mb", "MB", 1_000_000, "video", N_("size of the video file"), MEASURED),
    _text("container", "video", N_("file format of the video: mp4, mov, webm"), MEASURED),
    _text("codec", "video", N_("picture codec of the video: h264, h265, vp8, vp9"), MEASURED),
    _count("photos", N_("how many photos a photo post has"), SIDECAR, "video"),
    _text("video_file", "video", N_("name or fingerprint of the video file"), SIDECAR),
    _text("picture_hash", "video", N_("print of the pictures of the video, by which copies of it are told"), PROBE),
    _text("sound_hash", "video", N_("print of the sound of the video, by which copies of it are told"), PROBE),
    _text("measured", "video", N_("which columns were measured from the video file, separated by `;`"), PROBE),
    _flag("text_covered", "video", N_("whether text lies where TikTok shows its own words and buttons"), PROBE),
    _number("hook_s", "s", 36_000, "video", N_("second at which the hook has been delivered"), MEASURED),
    _number("value_shown_s", "s", 36_000, "video", N_("second at which the value of the video is clear"), SIDECAR),
    _flag("intro", "video", N_("whether an intro stands before the content"), MEASURED),
    _text("opening_emotion", "video", N_("emotion on which the video opens"), SIDECAR, EMOTIONS),
    _flag("has_audio", "video", N_("whether the video has sound"), MEASURED),
    _flag("clear_audio", "video", N_("whether a good microphone was used"), MEASURED),
    _flag("good_light", "video", N_("whether the video is well lit"), MEASURED),
    _flag("quick_cuts", "video", N_("whether the video is cut quickly"), MEASURED),
    _number("bpm", "1/min", 400, "video", N_("tempo of the track"), MEASURED),
    _text("effects", "video", N_("TikTok's own effects in use, separated by `;`, or `none`"), SIDECAR),
    _flag("native_text", "video", N_("whether text was added with TikTok's own editor")),
    _flag("repost", "video", N_("whether the video was seen before, here or with another app's watermark")),
    _flag("graphic", "video", N_("whether it shows graphic content, such as medical procedures")),
    _flag("regulated_goods", "video", N_("whether it shows regulated goods, such as alcohol or tobacco")),
    _flag("flagged_spam", "video", N_("whether TikTok flagged the post as spam")),
    _flag("ad", "video", N_("whether the post runs as an in-feed ad")),
    _text("sound", "sound", N_("title of the sound"), TRACK),
    _text("sound_artist", "sound", N_("artist of the sound"), TRACK),
    _flag("sound_original", "sound", N_("whether the sound is the creator's own"), SCRAPER),
    _flag("sound_trending", "sound", N_("whether the sound was trending when the post went out")),
    _flag("allow_comments", "permissions", N_("whether comments are allowed"), ARCHIVE),
    _flag("allow_duet", "permissions", N_("whether Duet is allowed"), ARCHIVE),
    _flag("allow_stitch", "permissions", N_("whether Stitch is allowed"), ARCHIVE),
    _flag("reply_to_comments", "permissions", N_("whether answering the comments is planned"), PLAN),
    _text("trial_rule", "trial", N_("code of the rule that an experiment with the post is about"), TRIAL),
    _text("trial_arm", "trial", N_("whether the post is to follow that rule, or to leave it"), TRIAL, ARMS),
    _count("trial_pair", N_("which pair of the experiment the post is in"), TRIAL, "trial"),
    _number("trial_effect", "factor", 100, "trial", N_("the effect that the experiment is to find"), TRIAL),
    _number(
        "trial_spread",
        "log",
        100,
        "trial",
        N_("how far the account's posts lie apart, as the standard deviation of the logarithm of views"),
        TRIAL,
    ),
    _count("views", N_("video views"), ANY),
    _count("reach", N_("people reached"), BUSINESS),
    _count("likes", N_("likes"), ANY),
    _count("comments", N_("comments"), ANY),
    _count("shares", N_("shares"), ANY),
    _count("saves", N_("times saved to favourites"), SAVES),
    _count("followers", N_("followers of the account when the counts were taken"), N_("a sheet that counts them")),
    _count("new_followers", N_("followers won by the post"), BUSINESS),
    _count("replied_comments", N_("comments that the creator answered"), SIDECAR),
    _count("not_interested", N_("times marked not interested"), SIDECAR),
    _count("reports", N_("times reported"), SIDECAR),
    _number("average_watch_time_s", "s", 36_000, "metrics", N_("average watch time"), BUSINESS),
    _number("total_watch_time_s", "s", 1e13, "metrics", N_("total watch time"), BUSINESS),
    _share("completion_rate", N_("share of views that watched to the end"), BUSINESS),
    _share("traffic_for_you", N_("share of views from For You"), BUSINESS),
    _share("traffic_following", N_("share of views from Following"), BUSINESS),
    _share("traffic_hashtag", N_("share of views from hashtag pages"), BUSINESS),
    _share("traffic_sound", N_("share of views from sound pages"), BUSINESS),
    _share("traffic_profile", N_("share of views from the profile"), BUSINESS),
    _share("traffic_search", N_("share of views from search"), BUSINESS),
    _share("retention_1s", N_("share that still watches at second 1"), STUDIO_PAGE),
    _share("retention_3s", N_("share that still watches at second 3"), STUDIO_PAGE),
    _share("retention_5s", N_("share that still watches at second 5"), STUDIO_PAGE),
    _share("retention_half", N_("share that still watches at half of the length"), STUDIO_PAGE),
    _number(
        "largest_drop_s",
        "s",
        36_000,
        "metrics",
        N_("second at which the steepest fall of watching beyond second 1 begins"),
        STUDIO_PAGE,
    ),
    _share("largest_drop", N_("share of those watching then who leave within two seconds"), STUDIO_PAGE),
    _number("likes_peak_s", "s", 36_000, "metrics", N_("second at which most likes come"), STUDIO_PAGE),
    _count("first_48h_views", N_("views in the first 48 hours of the clock, from that of posting on"), STUDIO_PAGE),
    _count("views_hour_1", N_("views in the first whole hour after the post went out"), STUDIO_PAGE),
    _share("viewers_following", N_("share of viewers that follow the account"), STUDIO_PAGE),
    _share("viewers_new", N_("share of viewers that are new"), STUDIO_PAGE),
    _share("viewers_returning", N_("share of viewers that return"), STUDIO_PAGE),
    _share("viewers_female", N_("share of viewers that are women"), STUDIO_PAGE),
    _share("viewers_male", N_("share of viewers that are men"), STUDIO_PAGE),
    _share("viewers_18_24", N_("share of viewers aged 18 to 24"), STUDIO_PAGE),
    _share("viewers_25_34", N_("share of viewers aged 25 to 34"), STUDIO_PAGE),
    _share("viewers_35_44", N_("share of viewers aged 35 to 44"), STUDIO_PAGE),
    _share("viewers_45_54", N_("share of viewers aged 45 to 54"), STUDIO_PAGE),
    _share("viewers_55", N_("share of viewers aged 55 or more"), STUDIO_PAGE),
    _text(
        "search_terms",
        "metrics",
        N_("what people searched for before they met the post, with the share of each: `rye bread 24%; buns 9%`"),
        STUDIO_PAGE,
    ),
    _flag("counts_rounded", "metrics", N_("whether the source rounds its counts (1.2K)"), ANY),
    _time("metrics_at", "metrics", N_("when the metrics were taken")),
    _text("language", "place", N_("language of the post, ISO 639"), N_("the config file or the sidecar")),
    _text("region", "place", N_("country of the post, ISO 3166"), N_("the TikTok API or the sidecar")),
    Column("sources", "label", "identity", N_("which source gave which columns"), ANY),
)

COLUMNS: dict[str, Column] = {column.name: column for column in SCHEMA}

# Columns that follow from the caption: written for readers of the table, and computed afresh when it is read.
DERIVED = frozenset({"caption_utf16", "hashtag_count", "mention_count", "asks_question"})
METRICS: tuple[str, ...] = tuple(
    c.name for c in SCHEMA if c.group == "metrics" and c.name not in {"metrics_at", "counts_rounded"}
)
# The share of viewers that still watch, as a table of its own: a row a post and second.
RETENTION_COLUMNS: tuple[str, ...] = ("post_id", "account", "second", "share", "metrics_at", "source")
SNAPSHOT_COLUMNS: tuple[str, ...] = ("post_id", "account", "metrics_at", *METRICS, "source")


def schema_order(names: Iterable[str]) -> list[str]:
    """`names` in the order of the schema, unknown ones last as they come.

    >>> schema_order(["mine", "views", "post_id"])
    ['post_id', 'views', 'mine']
    """
    columns = dict.fromkeys(names)
    return [c for c in COLUMNS if c in columns] + [c for c in columns if c not in COLUMNS]


def empty_column(name: str, index: pd.Index) -> pd.Series:
    """A wholly missing column of the schema, for rows `index`."""
    import pandas as pd

    dtype = COLUMNS[name].dtype
    missing = pd.NaT if COLUMNS[name].kind == "time" else (pd.NA if dtype in {"Int64", "boolean"} else None)
    if dtype == "category":
        return pd.Series(pd.Categorical([None] * len(index)), index=index, name=name)
    return pd.Series(missing, index=index, name=name, dtype=dtype)


def column(posts: pd.DataFrame, name: str) -> pd.Series:
    """Column `name` of `posts`, wholly missing where the table does not hold it."""
    return posts[name] if name in posts.columns else empty_column(name, posts.index)


def conform(posts: pd.DataFrame) -> pd.DataFrame:
    """`posts` with the schema's columns in its order and dtypes, and the extra columns behind them.

    Wholly missing columns are left out. Raises ValueError or TypeError where a column cannot take its dtype.
    """
    typed: dict[str, pd.Series] = {}
    for name in schema_order(posts.columns):
        series = posts[name]
        dtype = COLUMNS[name].dtype if name in COLUMNS else None
        if dtype is not None and str(series.dtype) != dtype:
            series = series.astype(dtype)  # type: ignore[call-overload]
        if dtype is None or name == "post_id" or not series.array.isna().all():
            typed[name] = series
    import pandas as pd

    # A copy would be made for nothing: pandas makes one of a column that is written to.
    return pd.DataFrame(typed, index=posts.index, copy=False)


def out_of_range(series: pd.Series) -> pd.Series:
    """Where a column of the schema holds a value outside its sensible range: a boolean mask, missing is False."""
    spec = COLUMNS[str(series.name)]
    wrong = series.isna() & False
    if spec.low is not None:
        wrong |= (series < spec.low).fillna(value=False).astype(bool)
    if spec.high is not None:
        wrong |= (series > spec.high).fillna(value=False).astype(bool)
    if spec.choices:
        wrong |= series.notna() & ~series.isin(spec.choices)
    return wrong
