"""Reads the sets of public posts from which the public record is fitted, each as an export of many accounts."""

from __future__ import annotations

import argparse
import ast
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from pydantic import BaseModel

from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import SNAPSHOT_COLUMNS, conform
from tiktok_coach.io.reading import Export
from tiktok_coach.stats.public_record import SetOfPosts

COUNTS = ("views", "likes", "comments", "shares", "saves", "followers")
# Where most of a set's accounts post from; those of the others are spread over the world.
TIMEZONES = {
    "vietnam-food-2025": "Asia/Ho_Chi_Minh",
    "us-2021": "America/New_York",
    "indonesia-2025": "Asia/Jakarta",
    "news-2023": "Europe/Berlin",
    "denmark-2026": "Europe/Copenhagen",
    "vietnam-2025": "Asia/Ho_Chi_Minh",
}
# How the accounts of each set were picked.
SELECTIONS = {
    "world-2020": "well-known creators of many countries, their latest 10-50 posts",
    "vietnam-food-2025": "Vietnamese food creators, all posts",
    "us-2021": "US creators and athletes, long histories",
    "indonesia-2025": "small Indonesian accounts",
    "news-2023": "news outlets",
    "denmark-2026": "Danish politicians and parties",
    "vietnam-2025": "Vietnamese accounts, one or two posts each",
}
# From this day on the news outlets' views stand in no column: that of views holds the comments, that of comments the shares.
DISPLACED = pd.Timestamp("2023-07-18", tz="UTC")
# The words with which TikTok begins captions of posts that answer others, in the sets' languages.
KINDS = {
    "duet": r"#duet with\b",
    "stitch": r"#stitch with\b|#ghépnối với\b",
    "video_reply": r"^(?:repl(?:y|ying) to|trả lời|membalas) @",
}


def data_arguments(doc: str | None, written: str | None = None) -> argparse.Namespace:
    """The files of posts that a benchmark is given, as `data`, and as `output` where it writes what is `written`."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="+")
    if written is not None:
        parser.add_argument("-o", "--output", type=Path, help=f"where to write {written}")
    return parser.parse_args()


def read_sets(paths: list[Path]) -> Export:
    """The posts of every set in some files, their accounts named by set, with a column `set`.

    A file is a Parquet table as `accounts/posts.parquet` is, a CSV of numbered accounts with one count or with two, or a CSV of posts
    of news outlets.
    """
    tables = [_read(path) for path in paths]
    posts = pd.concat(tables, ignore_index=True).sort_values(["account", "posted_at"], kind="stable", ignore_index=True)
    sets = posts.groupby("account")["set"].first()
    accounts = tuple(
        Account(handle=name, timezone=TIMEZONES.get(sets[name]))
        for name in posts["account"].value_counts(sort=True).index
    )
    posts["post_id"] = [f"p{n}" for n in range(len(posts))]
    return Export(conform(posts), pd.DataFrame(columns=list(SNAPSHOT_COLUMNS)), accounts)


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return _numbered(pd.read_parquet(path))
    given = pd.read_csv(path)
    if "views_later" in given:
        return _two_counts(given)
    return _outlets(given) if "V3_news_outlet" in given else _one_count(given)


def _counts(given: pd.DataFrame) -> dict[str, pd.Series]:
    return {name: given[name].round().astype("Int64") for name in COUNTS if name in given}


def _numbered(given: pd.DataFrame) -> pd.DataFrame:
    tags = given["hashtags"].str.split().str.join(" ")
    return pd.DataFrame(
        {
            "set": given["set"],
            "account": given["set"] + "/" + given["account"].astype("str"),
            "caption": given["caption"].astype("str").where(given["caption"].notna()),
            # Captions hold their hashtags where there are captions.
            "hashtags": tags.where(given["caption"].isna()).fillna(
                pd.Series("", index=given.index).where(given["set"] == "world-2020")
            ),
            "posted_at": pd.to_datetime(given["posted_at"], utc=True).astype("datetime64[us, UTC]"),
            "posted_at_precision": "second",
            "metrics_at": pd.to_datetime(given["counted_at"], utc=True).astype("datetime64[us, UTC]"),
            "duration_s": given["duration_s"],
            "kind": _kinds(given),
            "width": given["width"],
            "height": given["height"],
            "sound": given["sound"].astype("str").where(given["sound"].notna()),
            "sound_original": given["original_sound"].astype("boolean"),
            **_counts(given),
        }
    )


def _kinds(given: pd.DataFrame) -> pd.Series:
    """What kind of post each is, as far as the words that TikTok puts before a caption, and a missing length, tell."""
    captions, kind = given["caption"], pd.Series(None, index=given.index, dtype=object)
    kind = kind.mask(captions.notna(), "original")
    for name, words in KINDS.items():
        kind = kind.mask(captions.str.contains(words, case=False, regex=True).fillna(value=False).astype(bool), name)
    return kind.mask(given["duration_s"].isna() & given["set"].isin(["vietnam-food-2025", "indonesia-2025"]), "photo")


def _outlets(given: pd.DataFrame) -> pd.DataFrame:
    renamed = given.rename(
        columns={
            f"M{n}_{name}_count": f"{name}s"
            for n, name in zip((4, 5, 6, 7), ("like", "view", "comment", "share"), strict=True)
        }
    )
    uploaded = pd.to_datetime(given["M1_video_id"].astype("int64") // 2**32, unit="s", utc=True)
    in_place = (uploaded < DISPLACED).to_numpy()
    renamed, uploaded = renamed[in_place], uploaded[in_place]
    tags = [
        " ".join(f"#{tag}" for tag in ast.literal_eval(text)) if isinstance(text, str) else None
        for text in renamed["M8_hashtags"]
    ]
    return pd.DataFrame(
        {
            "set": "news-2023",
            "account": "news-2023/" + renamed["V3_news_outlet"].astype("str"),
            "hashtags": tags,
            "posted_at": uploaded.astype("datetime64[us, UTC]"),
            "posted_at_precision": "second",
            **_counts(renamed),
        }
    )


def _two_counts(given: pd.DataFrame) -> pd.DataFrame:
    """The first count of posts whose ages are known, but not the day: the set was published that spring."""
    counted = pd.Timestamp("2025-04-01", tz="UTC").as_unit("us")
    return pd.DataFrame(
        {
            "set": "vietnam-2025",
            "account": "vietnam-2025/" + given["account"].astype("str"),
            "posted_at": (counted - pd.to_timedelta(given["age_days"], unit="D")).astype("datetime64[us, UTC]"),
            "posted_at_precision": "day",
            "metrics_at": counted,
            "duration_s": given["duration_s"].astype("float64"),
            **_counts(given),
        }
    )


def _one_count(given: pd.DataFrame) -> pd.DataFrame:
    tags = given["hashtags"].fillna(0).astype(int)
    question = np.where(given["asks_question"].fillna(0) > 0, "?", ".")
    # Captions of the length, hashtags and question that are known of them.
    captions = [
        ("x" * max(int(n) - 4 * t - 1, 1)) + q + "".join(f" #t{k}" for k in range(t))
        for n, t, q in zip(given["caption_chars"].fillna(0), tags, question, strict=True)
    ]
    return pd.DataFrame(
        {
            "set": "denmark-2026",
            "account": "denmark-2026/" + given["account"].astype("str"),
            "caption": captions,
            "posted_at": pd.to_datetime(given["uploaded_at"], utc=True).astype("datetime64[us, UTC]"),
            "posted_at_precision": "second",
            "metrics_at": pd.to_datetime(given["counted_on"], utc=True).astype("datetime64[us, UTC]"),
            **_counts(given),
        }
    )


def sets_of(posts: pd.DataFrame) -> tuple[SetOfPosts, ...]:
    """What each set of some posts is, as a record names it."""
    return tuple(
        SetOfPosts(
            name=str(name),
            accounts=int(part["account"].nunique()),
            posts=len(part),
            years=(int(part["posted_at"].dt.year.min()), int(part["posted_at"].dt.year.max())),
            selection=SELECTIONS[str(name)],
        )
        for name, part in posts.groupby("set", sort=False)
    )


def yaml_text(record: BaseModel, comment: str) -> str:
    """What was fitted as YAML, an entry of a list a line."""
    lines = [f"# {comment}"]
    for key, value in record.model_dump(mode="json", exclude_defaults=True).items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{key}:", *(f"  - {_flow(one)}" for one in value)]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:
    """A value as YAML on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return text.removesuffix("...\n").strip()
