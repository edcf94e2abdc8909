"""Holds evidence against worlds whose truth is known, against public accounts, and against the clock.

Worlds: accounts of 60 posts without any effect, with one of 1.5 times the views (at several spreads of the posts), with three, and with
hooks that come on weekends, which are better by themselves. Printed are the false verdicts among all on what does nothing, the share of the
planted effects that is found, beside that which one least-squares test at 5% finds that knows which question to ask, and how often the 90%
intervals hold the truth.

Run from the project's root: python -m benchmarks.evidence [--worlds 1000] [--accounts ACCOUNTS.csv] [--sheet SHEET.csv --column account=HEADING]
"""

from __future__ import annotations

import argparse
import datetime as dt
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from tests.analyses import analysis_of
from tests.stats.worlds import RULE_OF, World, accounts_of, evidence_of
from tiktok_coach.analysis.backtest import backtest_of_account
from tiktok_coach.analysis.evidence import evidence_of_account
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.settings import AnalysisOptions, resolve_settings
from tiktok_coach.core.account import Account
from tiktok_coach.core.schema import conform
from tiktok_coach.io.reading import Export
from tiktok_coach.render.table import to_csv
from tiktok_coach.stats.account_effects import HELPS, HURTS, NOT_ENOUGH, UNCLEAR
from tiktok_coach.stats.effects import last_coefficient, t_test_p_value

ONE = {"hook": np.log(1.5)}
THREE = {"hook": np.log(1.5), "emotion": np.log(1.5), "light": np.log(1.5)}


def world(name: str, given: World, count: int, rng: np.random.Generator) -> None:
    """One kind of world: what is claimed falsely, found, and held."""
    posts = accounts_of(rng, [given] * count)
    table = evidence_of(posts)
    tested = table[~table["code"].str.fullmatch(r"T\d") & table["p"].notna()]
    planted = {RULE_OF[fact]: effect for fact, effect in given.effects.items()}
    idle = tested[~tested["code"].isin(planted)]
    false = idle["verdict"].isin([HELPS, HURTS]).mean()
    held = ((idle["low"] <= 1) & (idle["high"] >= 1)).mean()
    mine = tested[tested["code"].isin(planted)]
    told = ""
    if len(mine):
        truth = np.exp(mine["code"].map(planted).to_numpy(dtype="float64"))
        right = mine["verdict"].isin([HELPS]).mean()
        told = f"found {right:6.1%} (one test {one_test(posts, given.effects):6.1%})   intervals hold it {((mine['low'] <= truth) & (mine['high'] >= truth)).mean():6.1%}"
    hooks = ""
    if given.hooks_on_weekends:
        mine = tested[tested["code"] == "T301"]
        hooks = f"on the confounded tip itself: false {mine['verdict'].isin([HELPS, HURTS]).mean():5.1%}"
    print(f"{name:34} false {false:6.2%}   intervals hold no effect {held:6.1%}   {told}{hooks}")


def one_test(posts: pd.DataFrame, effects: Mapping[str, float]) -> float:
    """The share of planted effects that least squares beside the post's age find in each account at 5%, asking for them alone."""
    facts = {
        "hook": posts["hook_s"] < 3,
        "emotion": posts["opening_emotion"] == "surprise",
        "light": posts["good_light"],
    }
    views = np.log1p(posts["views"].to_numpy(dtype="float64"))
    age = np.log1p((posts["metrics_at"] - posts["posted_at"]).dt.total_seconds().to_numpy() / 86400)
    design = np.column_stack([np.ones(len(posts)), age, *(facts[name].to_numpy(dtype="float64") for name in effects)])
    significant = []
    for rows in posts.groupby("account").indices.values():
        # Each fact last, since the last coefficient is given.
        for place in range(2, design.shape[1]):
            order = [*(n for n in range(design.shape[1]) if n != place), place]
            significant.append(t_test_p_value(*last_coefficient(design[rows][:, order], views[rows])) <= 0.05)
    return float(np.mean(significant))


def public_accounts(path: Path) -> Export:
    """The posts of public accounts, their captions made up to the length, hashtags and question that are known of them."""
    given = pd.read_csv(path)
    tags = given["hashtags"].fillna(0).astype(int)
    question = np.where(given["asks_question"].fillna(0) > 0, "?", ".")
    captions = [
        ("x" * max(int(n) - 4 * t - 1, 1)) + q + "".join(f" #t{k}" for k in range(t))
        for n, t, q in zip(given["caption_chars"].fillna(0), tags, question, strict=True)
    ]
    table = pd.DataFrame(
        {
            "post_id": [f"p{n}" for n in range(len(given))],
            "account": [f"a{n:03d}" for n in given["account"]],
            "caption": captions,
            "posted_at": pd.to_datetime(given["uploaded_at"], utc=True).astype("datetime64[us, UTC]"),
            "posted_at_precision": "second",
            "metrics_at": pd.to_datetime(given["counted_on"], utc=True).astype("datetime64[us, UTC]"),
            **{name: given[name].round().astype("Int64") for name in ("views", "likes", "comments", "shares", "saves")},
        }
    )
    names = table["account"].value_counts().index
    return Export(conform(table), pd.DataFrame(), tuple(Account(handle=n, timezone="Europe/Copenhagen") for n in names))


def real(name: str, export: Export) -> None:
    """What evidence and backtest say of real accounts."""
    analysis = analysis_of(export)
    held = evidence_of_account(analysis)
    rules = held.effects[~held.effects["code"].str.fullmatch(r"T\d")]
    own = rules[rules["account"].notna()] if rules["account"].notna().any() else rules
    print(f"\n{name}: {len(export.posts):,} posts of {len(export.accounts)} accounts")
    for outcome in held.outcomes:
        mine = own[own["outcome"] == outcome]
        counts = ", ".join(
            f"{kind} {(mine['verdict'] == kind).sum():,}" for kind in (HELPS, HURTS, UNCLEAR, NOT_ENOUGH)
        )
        print(f"  {outcome:12} {counts}")
        joint = rules[rules["account"].isna() & (rules["outcome"] == outcome) & rules["verdict"].isin([HELPS, HURTS])]
        for row in joint.itertuples(index=False):
            print(f"    all together: {row.code} {row.verdict}, {row.effect:.2f} ({row.low:.2f} to {row.high:.2f})")
        for code, part in mine[mine["verdict"].isin([HELPS, HURTS])].groupby("code"):
            print(
                f"    {code} {held.names[str(code)]}: {(part['verdict'] == HELPS).sum()} helps, {(part['verdict'] == HURTS).sum()} hurts"
            )
    for one in backtest_of_account(analysis).accuracies:
        scope = "within accounts" if one.within else "all posts"
        cover = "" if np.isnan(one.coverage) else f" intervals hold {one.coverage:.0%}"
        print(
            f"  {one.outcome:7} {scope:16} {one.name:30} {one.spearman:+.2f} ({one.low:+.2f} to {one.high:+.2f}) top quarter {one.top:.0%}{cover} {one.posts:,} posts"
        )


def timed() -> None:
    """How long whole commands take."""
    rng = np.random.default_rng(5)
    with tempfile.TemporaryDirectory() as folder:
        files: Mapping[str, tuple[int, int]] = {
            "200 posts": (1, 200),
            "10,000 posts": (1, 10_000),
            "1,000 accounts of 50 posts": (1000, 50),
        }
        for name, (accounts, posts) in files.items():
            path = Path(folder) / f"{accounts}-{posts}.csv"
            path.write_text(to_csv(accounts_of(rng, [World(posts=posts)] * accounts)), "utf-8")
            commands = ("evidence", "times") if accounts == 1 else ("evidence",)
            for command in commands:
                took = []
                for _ in range(3):
                    start = time.perf_counter()
                    subprocess.run(
                        [
                            sys.executable,
                            "-m",
                            "tiktok_coach",
                            command,
                            str(path),
                            "--no-cache",
                            "--timezone",
                            "UTC",
                            "-q",
                        ],
                        check=True,
                        capture_output=True,
                    )
                    took.append(time.perf_counter() - start)
                print(f"{command:10} {name:28} {sorted(took)[1]:6.2f} s (median of 3)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=1000, help="accounts of each kind; 0 leaves them out")
    parser.add_argument("--accounts", type=Path, help="public accounts, one count each")
    parser.add_argument("--sheet", type=Path, help="a sheet of posts of several accounts")
    parser.add_argument("--column", action="append", default=[], help="FACT=HEADING of the sheet")
    parser.add_argument("--no-clock", action="store_true", help="leave the clock out")
    given = parser.parse_args()
    rng = np.random.default_rng(3)
    if given.worlds:
        print(f"{given.worlds:,} accounts of 60 posts each; verdicts on views")
        world("no effect", World(), given.worlds, rng)
        for spread in (0.4, 0.5, 0.65, 0.8):
            world(
                f"one of x1.5, posts x/÷ {np.exp(spread):.2f} apart",
                World(effects=ONE, spread=spread),
                given.worlds,
                rng,
            )
        world("three of x1.5, posts x/÷ 1.49 apart", World(effects=THREE, spread=0.4), given.worlds, rng)
        world(
            "no effect, hooks on better weekends", World(weekend=np.log(1.6), hooks_on_weekends=True), given.worlds, rng
        )
    if given.accounts:
        real(given.accounts.name, public_accounts(given.accounts))
    if given.sheet:
        asked = AnalysisOptions(now=dt.datetime.now(dt.UTC), inputs=(given.sheet,), columns=tuple(given.column))
        real(given.sheet.name, load_export(asked.inputs, resolve_settings(asked), None))
    if not given.no_clock:
        timed()


if __name__ == "__main__":
    main()
