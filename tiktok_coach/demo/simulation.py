"""A year of the fictional bakery's posts, drawn from a known truth.

Some tips help in this world and some do nothing, so that a method which looks for effects can be held against TRUTH.
"""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import yaml

HANDLE = "ovnkrogen"
ZONE = "Europe/Copenhagen"
DAYS = [dt.date(2025, 11, 1) + dt.timedelta(days=n) for n in range(365)]
EXPORTED = dt.datetime(2026, 11, 1, 9, 0, tzinfo=dt.UTC)
# What the bakery writes: captions, hashtags, sounds, and the words of the files that hold them.
WORDS: dict[str, Any] = yaml.safe_load((files("tiktok_coach.demo") / "bakery.yaml").read_text("utf-8"))

# Effects on the logarithm of views; 0 is a tip that does nothing in this world.
TRUTH: dict[str, float] = {
    "hook_within_3_s": 0.45,
    "strong_opening_emotion": 0.35,
    "evening_hour": 0.40,
    "community_hashtag": 0.25,
    "length_12_15_s": 0.15,
    "asks_question": 0.0,
    "caption_within_150": 0.0,
    "trending_sound": 0.0,
    "bpm_120": 0.0,
}
# Effect of a question on the rate of comments, as a factor.
QUESTION_COMMENT_LIFT = 1.8
HOURS = np.array([6, 7, 8, 11, 12, 15, 16, 17, 18, 19, 20, 21])
HOUR_WEIGHTS = np.array([3, 4, 3, 2, 3, 2, 3, 4, 4, 4, 3, 2], dtype=float)
EVENING = range(17, 22)
# The share of posts that are recorded, or posted, so.
RECORDING = {"native_text": 0.6, "good_light": 0.85, "clear_audio": 0.8, "quick_cuts": 0.5}
SETTINGS = {"allow_duet": 0.9, "allow_stitch": 0.85, "scheduled": 0.25}


def simulate(rng: np.random.Generator) -> pd.DataFrame:
    """The posts, oldest first: everything that any of the account's exports tells of them.

    `posted` and `uploaded` are UTC; they differ for scheduled posts.
    """
    posts = pd.DataFrame([_post(rng, moment, number) for number, moment in enumerate(_schedule(rng))])
    posts = _uploads(rng, posts)
    # Ids as TikTok makes them: the second of the upload in the upper 32 bits.
    posts["post_id"] = [
        str((int(moment.timestamp()) << 32) | int(rng.integers(1 << 20, 1 << 32))) for moment in posts["uploaded"]
    ]
    return _results(rng, posts)


def _schedule(rng: np.random.Generator) -> list[dt.datetime]:
    local = ZoneInfo(ZONE)
    moments = []
    for day in DAYS:
        for _ in range(int(rng.choice([0, 1, 1, 2], p=[0.6, 0.3, 0.05, 0.05]))):
            hour = int(rng.choice(HOURS, p=HOUR_WEIGHTS / HOUR_WEIGHTS.sum()))
            time = dt.time(hour, int(rng.integers(0, 60)), int(rng.integers(0, 60)), tzinfo=local)
            moments.append(dt.datetime.combine(day, time).astimezone(dt.UTC))
    # One busy day, as every bakery has: more posts than the tip allows.
    carnival = dt.datetime(2026, 2, 15, 7, 0, tzinfo=local)
    moments += [(carnival + dt.timedelta(hours=2 * n, minutes=7 * n)).astimezone(dt.UTC) for n in range(5)]
    return sorted(moments)


def _post(rng: np.random.Generator, moment: dt.datetime, number: int) -> dict[str, object]:
    question = rng.random() < 0.35
    sentence = str(rng.choice(WORDS["questions" if question else "statements"]))
    long = rng.random() < 0.12
    community = rng.random() < 0.5
    tags = [str(t) for t in rng.choice(WORDS["common"], size=int(rng.integers(1, 5)), replace=False)]
    tags += [str(rng.choice(WORDS["community"]))] if community else []
    tags += [str(rng.choice(WORDS["searched"]))] if rng.random() < 0.25 else []
    tags += [WORDS["challenge"]] if rng.random() < 0.06 else []
    text = f"{sentence}\n{WORDS['long_tail']}" if long else sentence
    sound, artist, original = WORDS["sounds"][int(rng.integers(0, len(WORDS["sounds"])))]
    lengths = [rng.normal(13.5, 1.0), rng.normal(27, 8), rng.normal(58, 15)]
    duration = round(float(np.clip(rng.choice(lengths, p=[0.35, 0.45, 0.2]), 4, 175)), 1)
    emotion = str(rng.choice(WORDS["emotions"]))
    hook = round(float(rng.choice([rng.uniform(0.4, 2.9), rng.uniform(3.2, 9)], p=[0.55, 0.45])), 1)
    vertical = rng.random() < 0.93
    return {
        "posted": moment,
        "caption": f"{text} {' '.join('#' + t for t in tags)}",
        "asks_question": question,
        "community": community,
        "duration_s": duration,
        "hook_s": hook,
        "opening_emotion": emotion,
        "intro": bool(hook > 3 and rng.random() < 0.6),
        "width": 1080 if vertical else 1920,
        "height": 1920 if vertical else 1080,
        "bpm": int(rng.integers(84, 150)),
        "effects": str(rng.choice(WORDS["effects"])),
        **{name: bool(rng.random() < share) for name, share in RECORDING.items()},
        "kind": str(rng.choice(["original", "video_reply", "stitch", "duet"], p=[0.88, 0.07, 0.03, 0.02])),
        "sound": sound,
        "sound_artist": artist,
        "sound_original": original,
        "sound_trending": sound in WORDS["trending_sounds"],
        **{name: bool(rng.random() < share) for name, share in SETTINGS.items()},
        "video_file": f"ovn_{number:03d}.mp4",
    }


def _uploads(rng: np.random.Generator, posts: pd.DataFrame) -> pd.DataFrame:
    """Upload times: a second before posting, or for a scheduled post one sitting on the Sunday before."""
    uploaded = []
    for row in posts.itertuples():
        moment = pd.Timestamp(row.posted).to_pydatetime()  # type: ignore[arg-type]
        if row.scheduled:
            sunday = moment - dt.timedelta(days=(moment.weekday() + 1) % 7 or 7)
            sitting = sunday.replace(hour=13, minute=5, second=0)
            uploaded.append(sitting + dt.timedelta(seconds=int(rng.integers(30, 3000))))
        else:
            uploaded.append(moment - dt.timedelta(seconds=int(rng.integers(2, 9))))
    return posts.assign(uploaded=pd.to_datetime(uploaded, utc=True))


def _results(rng: np.random.Generator, posts: pd.DataFrame) -> pd.DataFrame:
    """Counts as of the export, from TRUTH, the age of a post and chance."""
    hour = posts["posted"].dt.tz_convert(ZONE).dt.hour
    present = {
        "hook_within_3_s": posts["hook_s"] <= 3,
        "strong_opening_emotion": posts["opening_emotion"] != "neutral",
        "evening_hour": hour.isin(list(EVENING)),
        "community_hashtag": posts["community"],
        "length_12_15_s": posts["duration_s"].between(12, 15),
    }
    lift = sum(TRUTH[name] * there.astype(float) for name, there in present.items())
    age = (pd.Timestamp(EXPORTED) - posts["posted"]).dt.total_seconds() / 86400
    views = np.exp(6.6 + lift + 0.35 * np.log1p(age.clip(upper=120) / 7) + rng.normal(0, 0.45, len(posts)))
    views = views.round().astype("int64")
    comment_rate = 0.006 * np.where(posts["asks_question"], QUESTION_COMMENT_LIFT, 1.0)
    rates: dict[str, Any] = {"likes": 0.07, "comments": comment_rate, "shares": 0.008, "saves": 0.012}
    posts = posts.assign(views=views, **{name: rng.binomial(views, rate) for name, rate in rates.items()})
    return posts.assign(replied_comments=rng.binomial(posts["comments"].to_numpy(), 0.45))
