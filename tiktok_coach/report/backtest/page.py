"""A backtest as people read it: how each number ranked what came, beside plain baselines, and plain words where it is no better."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tiktok_coach.evidence.backtesting import FEWEST, Judged
from tiktok_coach.report.pages.numbers import share
from tiktok_coach.report.pages.page import Page, Picture, Table, Words
from tiktok_coach.report.pages.pictures import interval_bar
from tiktok_coach.studies.backtest import Backtest

SCALE = 21
READING = (
    "rank correlation (Spearman) with what came, 90% interval from drawing posts or accounts anew; top quarter: the share of the best quarter foretold that came in the best "
    "quarter (chance: 25%); intervals hold: the share of 90% intervals that held what came. Views: learnt on the posts before each of {origins} origins, foretold for those up to "
    "the next; counts are those of the export, since the past's own are not kept."
)
TITLES = {"views": "Views of the next posts", "growth": "Further growth between two counts"}


def backtest_page(found: Backtest) -> Page:
    """The report."""
    parts: list[Words | Table | Picture] = []
    scopes = list(dict.fromkeys((one.outcome, one.within) for one in found.judged))
    for outcome, within in scopes:
        mine = [one for one in found.judged if (one.outcome, one.within) == (outcome, within)]
        parts += [_table(mine, outcome, within=within, several=found.accounts > 1), *_words(mine)]
    if not any(one.outcome == "views" for one in found.judged):
        parts.append(
            Words(f"Views: not enough data. It takes {2 * FEWEST} posts with views, of accounts with 12 earlier posts.")
        )
    if not any(one.outcome == "growth" for one in found.judged):
        parts.append(
            Words("Further growth: not known. It takes two exports that count the same posts 8 to 22 days apart.")
        )
    if found.judged:
        if found.ridge == float("inf"):
            parts.append(
                Words(
                    "Length, hour, caption, hashtags and sound did not foretell views here: what is expected rests on the account's level and a post's age."
                )
            )
        parts.append(Words(READING.format(origins=found.origins), faint=True))
    return Page(f"The coach held against reality{_whose(found)}", parts)


def _whose(found: Backtest) -> str:
    if found.accounts > 1:
        return f", {found.accounts:,} accounts"
    return f", @{found.account.handle}" if found.account.handle else ""


def _table(mine: Sequence[Judged], outcome: str, *, within: bool, several: bool) -> Table:
    scope = (", within each account" if within else ", over all accounts") if several else ""
    rows = [
        [
            one.name + (" (baseline)" if one.baseline else ""),
            f"{one.spearman:+.2f}",
            f"{one.low:+.2f} to {one.high:+.2f}",
            _bar(one),
            share(one.top),
            share(one.coverage),
            f"{one.posts:,}",
        ]
        for one in sorted(mine, key=lambda one: (-one.spearman, one.name))
    ]
    scale = f"-1{'0':^{SCALE - 4}}+1"
    head = ("predictor", "rank", "90%", scale, "top quarter", "intervals hold", "posts")
    return Table(
        f"{TITLES[outcome]}{scope}",
        head,
        rows,
        frozenset({"predictor", scale}),
        frozenset({"posts", "intervals hold"}),
        frozenset({scale}),
    )


def _bar(one: Judged) -> str:
    if not np.isfinite([one.low, one.high]).all():
        return " " * (SCALE // 2) + "│"
    return interval_bar(one.low, one.spearman, one.high, SCALE)


def _words(mine: Sequence[Judged]) -> list[Words]:
    """For each of the tool's own numbers whether it is better than the best baseline."""
    better = [one.name for one in mine if one.better]
    worse = [
        f"{one.name} ({one.over[1]:+.2f} to {one.over[2]:+.2f})"
        for one in mine
        if one.over is not None and not one.better
    ]
    against = next((one.over[0] for one in mine if one.over is not None), "")
    said = [Words(f"Better than every baseline: {', '.join(better)}.")] if better else []
    if worse:
        said.append(
            Words(
                f"No better than {against} alone: {', '.join(worse)}; in brackets, how far the rank correlation lies above it (90%)."
            )
        )
    return said
