"""Fits the outlook on public posts that were counted twice, and holds the score and the outlook against what became of them.

Every number is cross-validated by account, with a 90% interval from resampling accounts. `partial` is the rank correlation with the
further growth in views, given the post's age.

Run: python benchmarks/outcomes.py GROWTH.csv ACCOUNTS.csv [--write rules/outlook.yaml]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata, spearmanr

from tiktok_coach.core.schema import conform
from tiktok_coach.ranking.baseline import fit_baseline
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.ranking.outlook import outlook_terms
from tiktok_coach.ranking.scoring import score
from tiktok_coach.rules.load import rulebook

OFFSET = 0.05
RIDGE = 5.0
FOLDS, REPEATS, RESAMPLES = 10, 3, 400
FULL = ("age", "horizon", "likes", "comments", "shares", "saves")
ALONE = ("age", "horizon")
NOW = pd.Timestamp("2026-01-01", tz="UTC").as_unit("us")


def partial(one: np.ndarray, other: np.ndarray, given: np.ndarray) -> float:
    """Spearman's correlation of two things, with what both owe to a third taken out."""
    ranks = [rankdata(values) for values in (one, other, given)]
    design = np.column_stack([np.ones(len(given)), ranks[2]])
    left, right = (r - design @ np.linalg.lstsq(design, r, rcond=None)[0] for r in ranks[:2])
    return float(np.corrcoef(left, right)[0, 1])


def posts_of(growth: pd.DataFrame) -> pd.DataFrame:
    """The posts as the tool has them, as of their first count."""
    table = pd.DataFrame(
        {
            "post_id": [f"p{n}" for n in range(len(growth))],
            "account": growth["account"].astype("str"),
            "metrics_at": NOW,
        }
    )
    table["posted_at"] = (NOW - pd.to_timedelta(growth["age_days"], unit="D")).astype("datetime64[us, UTC]")
    for name in ("views", "likes", "comments", "shares", "saves"):
        table[name] = growth[name].round().astype("Int64")
    return conform(table.assign(duration_s=growth["duration_s"].astype("float64")))


def design(growth: pd.DataFrame, names: tuple[str, ...]) -> np.ndarray:
    terms = outlook_terms(
        growth, growth["age_days"].to_numpy(dtype="float64"), growth["gap_days"].to_numpy(dtype="float64")
    )
    return np.column_stack([terms[name] for name in names])


def ridge(matrix: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """Intercept and coefficients, drawn a little towards 0 on the scale of each term's own spread."""
    mean, sd = matrix.mean(axis=0), matrix.std(axis=0)
    scaled = (matrix - mean) / sd
    held = (
        np.linalg.solve(scaled.T @ scaled + RIDGE * np.eye(scaled.shape[1]), scaled.T @ (target - target.mean())) / sd
    )
    return float(target.mean() - held @ mean), held


def folds(account: np.ndarray, seed: int) -> np.ndarray:
    names = np.unique(account)
    place = dict(zip(np.random.default_rng(seed).permutation(names), np.arange(len(names)) % FOLDS, strict=True))
    return np.array([place[name] for name in account])


def crossed(
    growth: pd.DataFrame, target: np.ndarray, names: tuple[str, ...], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """What each post is expected to do by the posts of other accounts, and whether it came within the 90% of that."""
    matrix, part = design(growth, names), folds(growth["account"].to_numpy(), seed)
    expected, inside = np.zeros(len(growth)), np.zeros(len(growth), dtype=bool)
    for number in range(FOLDS):
        taught = part != number
        intercept, held = ridge(matrix[taught], target[taught])
        low, high = np.quantile(target[taught] - intercept - matrix[taught] @ held, [0.05, 0.95])
        expected[~taught] = intercept + matrix[~taught] @ held
        off = target[~taught] - expected[~taught]
        inside[~taught] = (off >= low) & (off <= high)
    return expected, inside


def resampled(account: np.ndarray, statistic: Callable[[np.ndarray], float]) -> tuple[float, float]:
    """A 90% interval of a statistic of rows, from resampling accounts."""
    rng = np.random.default_rng(0)
    by_account = list(pd.Series(np.arange(len(account))).groupby(account).indices.values())
    found = [
        statistic(np.concatenate([by_account[i] for i in rng.integers(0, len(by_account), len(by_account))]))
        for _ in range(RESAMPLES)
    ]
    low, high = np.quantile(found, [0.05, 0.95])
    return float(low), float(high)


def between(account: np.ndarray, residual: np.ndarray) -> float:
    """The standard deviation of accounts' own shifts, from the products of the residuals of two posts of one account."""
    table = pd.DataFrame({"account": account, "r": residual})
    sums = table.groupby("account")["r"].agg(["sum", "count", lambda r: float((r**2).sum())])
    pairs = (sums["sum"] ** 2 - sums.iloc[:, 2]).sum() / (sums["count"] * (sums["count"] - 1)).sum()
    return float(np.sqrt(max(pairs, 0.0)))


def model_text(
    growth: pd.DataFrame, target: np.ndarray, names: tuple[str, ...], needs: list[str]
) -> tuple[str, np.ndarray]:
    """A model as it stands in outlook.yaml, and its residuals."""
    matrix, account = design(growth, names), growth["account"].to_numpy()
    intercept, held = ridge(matrix, target)
    residual = target - intercept - matrix @ held
    low, high = np.quantile(residual, [0.05, 0.95])
    lines = [
        f"  - needs: [{', '.join(needs)}]",
        f"    posts: {len(growth)}",
        f"    intercept: {intercept:.4f}",
        "    terms:",
    ]
    for place, name in enumerate(names):
        least, most = resampled(account, lambda rows, place=place: float(ridge(matrix[rows], target[rows])[1][place]))
        lines.append(
            f"      - {{term: {name}, coefficient: {held[place]:.4f}, interval: [{least:.4f}, {most:.4f}], usual: {matrix[:, place].mean():.4f}}}"
        )
    lines += [f"    spread: {residual.std():.4f}", f"    residuals: [{low:.4f}, {high:.4f}]"]
    return "\n".join(lines), residual


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("growth", type=Path)
    parser.add_argument("accounts", type=Path)
    parser.add_argument("--write", type=Path, help="the file whose models are to be those fitted here")
    given = parser.parse_args()
    growth = pd.read_csv(given.growth).dropna().reset_index(drop=True)
    account, age = growth["account"].to_numpy(), growth["age_days"].to_numpy(dtype="float64")
    log = np.log(growth["views_later"] / growth["views"]).to_numpy(dtype="float64")
    target = np.log(log + OFFSET)
    catalogue = load_signals(rulebook())
    posts = posts_of(growth)
    runs = {
        name: [crossed(growth, target, names, seed) for seed in range(REPEATS)]
        for name, names in (("outlook", FULL), ("outlook, age alone", ALONE))
    }
    held = {
        "score": score(posts, catalogue, fit_baseline(posts, catalogue)).table["signal_score"].to_numpy(),
        "outlook": np.mean([e for e, _ in runs["outlook"]], axis=0),
        "outlook, age alone": np.mean([e for e, _ in runs["outlook, age alone"]], axis=0),
        "raw engagement": (growth[["likes", "comments", "shares", "saves"]].sum(axis=1) / growth["views"]).to_numpy(
            dtype="float64"
        ),
        "saves": (growth["saves"] / growth["views"]).to_numpy(dtype="float64"),
        "age only": -age,
    }
    print(
        f"{len(growth):,} posts of {len(np.unique(account)):,} accounts, counted twice; cross-validated by account, 90% intervals over accounts"
    )
    print(f"{'':20} {'partial, given age':>26} {'Spearman':>26} {'within 90%':>12}")
    for name, values in held.items():
        given_age = partial(values, log, age) if name != "age only" else float("nan")
        low, high = (
            resampled(account, lambda rows, v=values: partial(v[rows], log[rows], age[rows]))
            if name != "age only"
            else (float("nan"),) * 2
        )
        whole = float(spearmanr(values, log)[0])
        least, most = resampled(account, lambda rows, v=values: float(spearmanr(v[rows], log[rows])[0]))
        inside = f"{np.mean([i.mean() for _, i in runs[name]]):12.1%}" if name in runs else f"{'':>12}"
        print(
            f"{name:20} {given_age:+8.3f} ({low:+.3f} to {high:+.3f}) {whole:+8.3f} ({least:+.3f} to {most:+.3f}) {inside}"
        )
    once = pd.read_csv(given.accounts)
    counted = pd.DataFrame({"post_id": [f"p{n}" for n in range(len(once))], "account": once["account"].astype("str")})
    counted["posted_at"] = pd.to_datetime(once["uploaded_at"], utc=True).astype("datetime64[us, UTC]")
    counted["metrics_at"] = pd.to_datetime(once["counted_on"], utc=True).astype("datetime64[us, UTC]")
    for name in ("views", "likes", "comments", "shares", "saves"):
        counted[name] = once[name].round().astype("Int64")
    counted = conform(counted)
    rows = {
        "score": score(counted, catalogue, fit_baseline(counted, catalogue)).table["signal_score"].to_numpy(),
        **{
            name: (once[name] / once["views"]).to_numpy(dtype="float64")
            for name in ("likes", "comments", "shares", "saves")
        },
    }
    print(
        f"\n{len(once):,} posts of {once['account'].nunique()} accounts, one count each: mean Spearman with views within an account (views divide every rate)"
    )
    for name, values in rows.items():
        each = [
            spearmanr(values[i], once["views"].to_numpy()[i], nan_policy="omit")[0]
            for i in once.groupby("account").indices.values()
            if len(i) >= 10
        ]
        print(f"{name:20} {np.nanmean(each):+8.3f}")
    whole, residual = model_text(growth, target, FULL, ["likes", "comments", "shares", "saves"])
    alone, _ = model_text(growth, target, ALONE, [])
    fitted_on = f"fitted_on: {{age_days: [1, 90], views: [100, {growth['views'].max():.0f}], horizon_days: [8, 22]}}"
    text = f"{fitted_on}\nmodels:\n{whole}\n{alone}\n"
    print(f"\naccounts lie {between(account, residual):.3f} from each other beyond their posts\n\n{text}")
    if given.write:
        kept = given.write.read_text("utf-8")
        given.write.write_text(kept[: kept.index("fitted_on:")] + text + kept[kept.index("account:") :], "utf-8")


if __name__ == "__main__":
    main()
