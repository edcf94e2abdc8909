"""Fits what public posts say of how facts move views, and holds expected views against posts of accounts left out.

Slopes are weighted least squares of the logarithm of views beside the recent level, accounts weighed alike; how far accounts
lie apart is one share of what each feature usually does. Printed is, over accounts of 100 posts or more that are left out,
the rank correlation with the later half of each one's posts (models fitted before each of five origins, levels moving on from
post to post), against the recent level and the median of earlier posts, and how many posts the 90% intervals hold.

Run from the project's root: python -m benchmarks.foretold accounts/posts.parquet news_posts.csv outcomes/accounts.csv [-o rules/views.yaml]
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from benchmarks.public_posts import data_arguments, read_sets, yaml_text
from tests.analyses import analysis_of
from tiktok_coach.analysis.backtest import rolling_origins
from tiktok_coach.ranking.baseline import ages
from tiktok_coach.stats.account import Posts
from tiktok_coach.stats.views_model import (
    AGE_DOUBT,
    FEATURES,
    START,
    ViewsDesign,
    ViewsRecord,
    fit_views_model,
    views_design,
)

FOLDS = 5
FEWEST_POSTS = 100
# How far accounts' slopes lie apart: so much of the logarithm of views for a feature's usual deviation (by trial).
APART = 0.06
# Of features that hardly any post has, no further than this.
FARTHEST_APART = 0.5
RESAMPLES = 2000


def fit_record(design: ViewsDesign, mask: np.ndarray, name: str) -> ViewsRecord:
    """The slopes of FEATURES over accounts, from the posts in a mask that have views and a level."""
    rows = (mask & np.isfinite(design.value) & (design.earlier >= START)).nonzero()[0]
    account = design.account[rows]
    weight = 1 / np.bincount(account, minlength=design.accounts)[account]
    features, away = design.features[rows], design.value[rows] - design.level[rows]
    sd = np.sqrt(np.average(np.square(features), axis=0, weights=weight))
    # How views grow with age is known from posts that were counted twice, and stands in the level.
    scaled = (features / np.maximum(sd, 1e-9))[:, 1:]
    gram = scaled.T @ (scaled * weight[:, None]) + 1e-3 * weight.sum() * np.eye(scaled.shape[1])
    slopes = np.linalg.solve(gram, scaled.T @ (away * weight)) / np.maximum(sd[1:], 1e-9)
    missed = pd.Series(np.square(away - features[:, 1:] @ slopes)).groupby(account).mean()
    doubts = [AGE_DOUBT, *np.minimum(APART / np.maximum(sd[1:], 1e-9), FARTHEST_APART)]
    return ViewsRecord(
        source={"name": name, "as_of": "2026-11"},
        fitted=dt.datetime.now(dt.UTC).date().isoformat(),
        slopes={name: float(f"{value:.4g}") for name, value in zip(FEATURES, [0.0, *slopes], strict=True)},
        doubts={name: float(f"{value:.4g}") for name, value in zip(FEATURES, doubts, strict=True)},
        spread=float(f"{np.sqrt(missed.median()):.4g}"),
    )


def foretell(design: ViewsDesign, posted: np.ndarray, number: int, record: ViewsRecord) -> pd.DataFrame:
    """What was expected of the later half of an account's posts, with what they got and the plain baselines."""
    parts = []
    is_own = (design.account == number) & np.isfinite(design.value)
    for before, after in rolling_origins(np.where(is_own, posted, np.nan)):
        model = fit_views_model(design, before, record)
        middle, low, high = model.predict(design, after)
        median = np.median(design.value[before])
        columns = {"expected": middle, "low": low, "high": high, "recent": design.recent[after]}
        parts.append(pd.DataFrame({**columns, "value": np.expm1(design.value[after]), "median": median}))
    return pd.concat(parts, ignore_index=True).dropna()


def measures(one: pd.DataFrame) -> dict[str, float]:
    """The rank correlation of each predictor with the views of an account's later posts, and the share within 90%."""
    ranks = {name: _spearman(one[name], one["value"]) for name in ("expected", "recent", "median")}
    return {**ranks, "within": float(((one["low"] <= one["value"]) & (one["value"] <= one["high"])).mean())}


def _spearman(predicted: pd.Series, value: pd.Series) -> float:
    return float(spearmanr(predicted, value).statistic) if predicted.nunique() > 1 else 0.0


def show(results: pd.DataFrame, posts: int) -> None:
    """The means over accounts, and how far expected views lie above the recent level."""
    rng = np.random.default_rng(1)
    means = results[["expected", "recent", "median", "within"]].mean()
    gain = (results["expected"] - results["recent"]).to_numpy()
    low, high = np.quantile(gain[rng.integers(0, len(gain), (RESAMPLES, len(gain)))].mean(axis=1), [0.05, 0.95])
    print(f"{len(results)} accounts left out, {posts:,} later posts")
    print("rank correlation: " + ", ".join(f"{name} {means[name]:+.3f}" for name in ("expected", "recent", "median")))
    print(
        f"above the recent level: {gain.mean():+.3f} ({low:+.3f} to {high:+.3f}), on {(gain > 0).mean():.0%} of accounts"
    )
    print(f"90% intervals hold {means['within']:.1%} of posts, accounts weighed alike")
    print(results.groupby("set")[["expected", "recent", "within"]].mean().round(3).to_string())


def design_of(posts: Posts) -> ViewsDesign:
    """The design of published posts; where a set does not say when it was read, all its posts are of like age."""
    return views_design(posts, np.nan_to_num(ages(posts.table)), posts.out)


def main() -> None:
    given = data_arguments(__doc__, "the slopes")
    export = read_sets(given.data)
    posts = analysis_of(export).posts
    design = design_of(posts)
    name = f"{len(export.posts):,} public posts of {len(posts.names):,} accounts"
    fold = np.random.default_rng(7).permutation(design.accounts) % FOLDS
    large = np.bincount(design.account[np.isfinite(design.value)], minlength=design.accounts) >= FEWEST_POSTS
    sets = export.posts["set"].groupby(design.account).first()
    rows, tested = [], 0
    for number in range(FOLDS):
        record = fit_record(design, (fold != number)[design.account], name)
        for account in np.flatnonzero(large & (fold == number)).tolist():
            one = foretell(design, posts.at.posted, account, record)
            rows.append({"set": sets[account], **measures(one)})
            tested += len(one)
    show(pd.DataFrame(rows), tested)
    record = fit_record(design, np.ones(len(design.value), dtype=bool), name)
    print(
        "\n" + "\n".join(f"{key:24} {value:+.3f} +- {record.doubts[key]:.3f}" for key, value in record.slopes.items())
    )
    if given.output:
        comment = "How facts move the logarithm of views beside the recent level. Written by benchmarks/foretold.py; aggregates alone."
        given.output.write_text(yaml_text(record, comment), "utf-8")


if __name__ == "__main__":
    main()
