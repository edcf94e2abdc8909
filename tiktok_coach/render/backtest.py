"""How good the forecasts were, beside plain baselines; as a page, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tiktok_coach.analysis.backtest import FEWEST, SCHEMA_VERSION, Accuracy, Backtest
from tiktok_coach.core.translation import N_, _, format_value, plural
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.pages.charts import interval_bar
from tiktok_coach.render.pages.page import WIDE, Column, Page, Part, Table, TextColumn, Words, columns
from tiktok_coach.render.values import facts_of, number, pair, rows_csv, share

SCALE = 21
READING = N_(
    "rank: how well the order of the posts was foretold (+1 perfectly, 0 as chance would), with its 90% range; top "
    "quarter: of the posts expected to do best, the share that did (chance: 25%); intervals hold: the share of results "
    "within their 90% range. Views are expected from the posts before each of {origins} days, and from the recent "
    "level before each post. Counts are those of the export: those of the past are not kept."
)
FINAL_COUNTS = N_(
    "Final counts: this number reads the counts that the export has today. Nobody had them when a post went out, so "
    "that it ranks posts better than it could have beforehand."
)
NO_FACTS = N_(
    "Length, hour, caption, hashtags and sound did not foretell views here: the recent level alone ranks posts as well."
)
TITLES = {"views": N_("Views of the next posts"), "growth": N_("Further growth between two counts")}


def backtest_page(result: Backtest) -> Page:
    """The report."""
    parts: list[Part] = []
    scopes = list(dict.fromkeys((one.outcome, one.within) for one in result.accuracies))
    for outcome, within in scopes:
        accuracies = [one for one in result.accuracies if (one.outcome, one.within) == (outcome, within)]
        parts += [_table(accuracies, outcome, within=within, several=result.accounts > 1), *_words(accuracies)]
    outcomes = {one.outcome for one in result.accuracies}
    if "views" not in outcomes:
        needed = N_("Views: not enough data. It takes {posts} posts with views, of accounts with 12 earlier posts.")
        parts.append(_(needed, posts=2 * FEWEST))
    if "growth" not in outcomes:
        parts.append(_("Further growth: not known. It takes two exports that count the same posts 8 to 22 days apart."))
    if result.accuracies:
        if "views" in outcomes and not result.facts_foretell_views:
            parts.append(_(NO_FACTS))
        if any(one.uses_final_counts for one in result.accuracies):
            parts.append(Words(_(FINAL_COUNTS), faint=True))
        parts.append(Words(_(READING, origins=result.origins), faint=True))
    return Page(_("The coach held against reality{whose}", whose=_whose(result)), parts)


def _whose(result: Backtest) -> str:
    if result.accounts > 1:
        return plural(", {count:,} account", ", {count:,} accounts", result.accounts)
    return f", @{result.account.handle}" if result.account.handle else ""


def _table(accuracies: Sequence[Accuracy], outcome: str, *, within: bool, several: bool) -> Table:
    scope = (_(", within each account") if within else _(", over all accounts")) if several else ""
    rows = [
        [
            _label(one),
            format_value(one.spearman, "+.2f"),
            _("{low:+.2f} to {high:+.2f}", low=one.low, high=one.high),
            _bar(one),
            share(one.top),
            share(one.coverage),
            format_value(one.posts, ","),
        ]
        for one in sorted(accuracies, key=lambda one: (-one.spearman, one.name))
    ]
    scale = f"-1{'0':^{SCALE - 4}}+1"
    head = columns(
        TextColumn(N_("predictor")),
        N_("rank"),
        N_("90%"),
        TextColumn(scale, is_chart=True),
        *(Column(name, needs=WIDE) for name in (N_("top quarter"), N_("intervals hold"), N_("posts"))),
    )
    return Table(f"{_(TITLES[outcome])}{scope}", head, rows)


def _label(one: Accuracy) -> str:
    name = _(one.name)
    if one.uses_final_counts:
        template = N_("{name} (baseline, final counts)") if one.baseline else N_("{name} (final counts)")
        return _(template, name=name)
    return _("{name} (baseline)", name=name) if one.baseline else name


def _bar(one: Accuracy) -> str:
    if not np.isfinite([one.low, one.high]).all():
        return " " * (SCALE // 2) + "│"
    return interval_bar(one.low, one.spearman, one.high, SCALE)


def _words(accuracies: Sequence[Accuracy]) -> Iterator[str]:
    """For each of the tool's own numbers whether it is better than the best baseline."""
    if better := [_(one.name) for one in accuracies if one.better]:
        yield _("Better than every baseline: {names}.", names=", ".join(better))
    margins = [(one, one.margin) for one in accuracies if one.margin is not None]
    worse = [
        _("{name} ({low:+.2f} to {high:+.2f})", name=_(one.name), low=low, high=high)
        for one, (_baseline, low, high) in margins
        if not one.better
    ]
    if worse:
        yield _(
            "No better than {against} alone: {names}; in brackets, how far the rank correlation lies above it (90%).",
            against=_(margins[0][1][0]),
            names=", ".join(worse),
        )


COLUMNS = (
    "name outcome scope baseline uses_final_counts spearman interval top_quartile_precision coverage posts "
    "best_baseline above_interval better"
)


def backtest_json(result: Backtest, accounts: Sequence[Mapping[str, Any]] | None = None) -> Iterator[str]:
    """A backtest as JSON. `accounts` are the summaries of several; else the key has the number of those tested."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "account": result.account.handle if result.accounts < 2 else None,
        "accounts": result.accounts if accounts is None else list(accounts),
        "accounts_tested": result.accounts,
        "origins": result.origins,
        "facts_foretell_views": result.facts_foretell_views,
        "predictors": [_row(one) for one in result.accuracies],
    }
    yield json_text(head, indent=1) + "\n"


def backtest_csv(result: Iterable[Backtest], *, several: bool = False) -> Iterator[str]:
    """A backtest as CSV, a row a predictor, outcome and scope; with a column of accounts where there are `several`."""
    rows = ({"account": one.account.handle, **_row(accuracy)} for one in result for accuracy in one.accuracies)
    return rows_csv(f"account {COLUMNS}" if several else COLUMNS, rows)


def _row(one: Accuracy) -> dict[str, Any]:
    margin = one.margin
    return {
        **facts_of(one, "name outcome"),
        "scope": N_("within accounts") if one.within else N_("all posts"),
        **facts_of(one, "baseline uses_final_counts spearman interval"),
        "top_quartile_precision": number(one.top),
        **facts_of(one, "coverage posts"),
        "best_baseline": None if margin is None else margin[0],
        "above_interval": None if margin is None else pair(*margin[1:]),
        "better": one.better,
    }
