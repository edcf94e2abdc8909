"""How good the forecasts were, beside plain baselines; as a page, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tiktok_coach.analysis.backtest import FEWEST, SCHEMA_VERSION, Accuracy, Backtest
from tiktok_coach.core.translation import N_, _, format_value, plural
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.pages.charts import interval_bar
from tiktok_coach.render.pages.page import Column, Page, Part, Table, TextColumn, columns, line
from tiktok_coach.render.values import facts_of, number, pair, rows_csv, share, upper_first

SCALE = 21
# A terminal as wide shows the numbers beside the order too.
EVERY = 110
LEGEND = N_("order: +1 has all posts in the right order, 0 is chance; with its 90% range.")
FINAL = N_("* reads today's counts, which nobody had beforehand: it looks too good.")
NAMES = {"outlook": N_("still growing?"), "score": N_("simulated score")}
READING = N_(
    "in top quarter: of the posts expected to do best, the share that did (chance: 25%); in range: the share of "
    "results within their 90% range. Views are expected from the posts before each of {origins} days, and from the "
    "recent level before each post. Counts are those of the export: those of the past are not kept."
)
NO_FACTS = N_(
    "Length, hour, caption, hashtags and sound add nothing here: the recent level alone orders posts as well."
)
TITLES = {"views": N_("Views of the next posts"), "growth": N_("Further growth between two counts")}
BETTER = {
    "views": N_("Clearly better than any simple guess of views: {names}."),
    "growth": N_("Clearly better than any simple guess of growth: {names}."),
}
NO_BETTER = {
    "views": N_("No forecast of views is clearly better than a simple guess: {against}."),
    "growth": N_("No forecast of growth is clearly better than a simple guess: {against}."),
}


def backtest_page(result: Backtest, *, full: bool = False) -> Page:
    """The report: whether the forecasts are better than simple guesses; `full` shows all of these, and margins."""
    scopes = list(dict.fromkeys((one.outcome, one.within) for one in result.accuracies))
    outcomes = {outcome for outcome, _within in scopes}
    sentences: list[str] = []
    tables: list[Part] = []
    for outcome, within in scopes:
        accuracies = [one for one in result.accuracies if (one.outcome, one.within) == (outcome, within)]
        title, answer = _(TITLES[outcome]), _answer(accuracies, outcome)
        if result.accounts > 1:
            scope = _("within each account") if within else _("over all accounts")
            title, answer = f"{title}, {scope}", f"{upper_first(scope)}: {answer}"
        sentences.append(answer)
        tables.append(_table(accuracies, title, full=full))
        tables += [line(text, "dim") for text in _margins(accuracies) if full]
    if "views" not in outcomes:
        needed = N_("Not enough data: it takes {posts} posts with views, each after 12 others.")
        sentences.append(_(needed, posts=2 * FEWEST))
    if "growth" not in outcomes:
        sentences.append(_("Growth: two exports that count the same posts, 8 to 22 days apart, would tell."))
    parts: list[Part] = [*map(line, sentences), *tables]
    if result.accuracies:
        if full and "views" in outcomes and not result.facts_foretell_views:
            parts.append(line(_(NO_FACTS)))
        parts.append(line(_(LEGEND), "dim"))
        if any(one.uses_final_counts for one in result.accuracies):
            parts.append(line(_(FINAL), "dim"))
        if full:
            parts.append(line(_(READING, origins=result.origins), "dim"))
    return Page(_("How good were the forecasts{whose}?", whose=_whose(result)), parts)


def _whose(result: Backtest) -> str:
    if result.accounts > 1:
        return plural(", {count:,} account", ", {count:,} accounts", result.accounts)
    return f", @{result.account.handle}" if result.account.handle else ""


def _answer(accuracies: Sequence[Accuracy], outcome: str) -> str:
    """Whether any forecast is better than the best simple guess."""
    if better := [_name(one) for one in accuracies if one.better]:
        return _(BETTER[outcome], names=", ".join(better))
    against = next((one.margin[0] for one in accuracies if one.margin is not None), "")
    return _(NO_BETTER[outcome], against=_(against))


def _table(accuracies: Sequence[Accuracy], title: str, *, full: bool) -> Table:
    ranked = sorted(accuracies, key=lambda one: (-one.spearman, one.name))
    best = next((one for one in ranked if one.baseline), None)
    rows = [
        [
            _("guess: {name}", name=_name(one)) if one.baseline else _name(one),
            format_value(one.spearman, "+.2f"),
            _("{low:+.2f} to {high:+.2f}", low=one.low, high=one.high),
            _bar(one),
            share(one.top),
            share(one.coverage),
            format_value(one.posts, ","),
        ]
        for one in ranked
        if full or not one.baseline or one is best
    ]
    scale = f"-1{'0':^{SCALE - 4}}+1"
    head = columns(
        TextColumn(N_("forecast"), least=30),
        N_("order"),
        N_("90%"),
        TextColumn(scale, needs=76, is_chart=True),
        *(Column(name, needs=EVERY) for name in (N_("in top quarter"), N_("in range"), N_("posts"))),
    )
    return Table(title, head, rows)


def _name(one: Accuracy) -> str:
    """A forecast's name, with a mark where it reads today's counts."""
    return _(NAMES.get(one.name, one.name)) + ("*" if one.uses_final_counts else "")


def _bar(one: Accuracy) -> str:
    if not np.isfinite([one.low, one.high]).all():
        return " " * (SCALE // 2) + "│"
    return interval_bar(one.low, one.spearman, one.high, SCALE)


def _margins(accuracies: Sequence[Accuracy]) -> Iterator[str]:
    """How far each forecast is above the best simple guess."""
    for one in accuracies:
        if one.margin is not None:
            baseline, low, high = one.margin
            margin = N_("{name} above {against}: {low:+.2f} to {high:+.2f} (90%)")
            yield _(margin, name=_name(one), against=_(baseline), low=low, high=high)


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
