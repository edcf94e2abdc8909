"""Several accounts beside each other: a table, each as JSON has it, and the answers for each in one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
from rich.console import RenderableType
from rich.text import Text

from tiktok_coach.analysis.audit import is_about_data
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.ranking.outlook import GROWS
from tiktok_coach.render.audit import account_facts, change_facts, missing_facts, rate_facts, tip_facts
from tiktok_coach.render.escaping import json_text, one_line
from tiktok_coach.render.labels import coverage_text
from tiktok_coach.render.pages.page import Column, Inline, Medium, Page, Part, Picture, Table, TextColumn, Words
from tiktok_coach.render.period import days_before
from tiktok_coach.render.values import facts_of, number
from tiktok_coach.rules.model import Rule
from tiktok_coach.stats.account_summaries import AccountSummary, PeriodBefore

SCHEMA_VERSION = "1"
# Columns, and how wide a terminal each needs.
COLUMNS = {
    N_("posts"): 0,
    N_("views"): 0,
    N_("last post"): 0,
    N_("score"): 100,
    N_("90%"): 110,
    N_("rank"): 120,
    N_("to gain"): 120,
    N_("known"): 130,
    N_("growing"): 140,
    N_("period"): 150,
    **{f"T{tip}": 190 for tip in range(1, 10)},
    N_("do first"): 0,
}
# Accounts with fewer posts come last by default: what they have to gain rests on little.
FEW = 5
MARKS = {1: "▲", 0: "", -1: "▼"}
# How to read the columns that do not say it themselves.
READINGS = {
    "views": N_("views: of a usual post"),
    "score": N_(
        "score: how far posts follow the tips, of 100, pulled towards the average where posts are few; ▲ ▼ clearly "
        "above or below the others"
    ),
    "to gain": N_("to gain: points that the tips lack of 100"),
    "known": N_("known: share of the checks that the files can answer"),
    "growing": N_("growing: posts expected to grow more than usual in two weeks, of those that can be said of"),
    "T1": N_("T1 to T9: the nine tips"),
}
IN_PERIOD = N_(
    "{since:%Y-%m-%d} to {until:%Y-%m-%d}; in brackets posts in {before}, and clear changes of views since then."
)


def in_order(summaries: Sequence[AccountSummary], sort: str) -> list[AccountSummary]:
    """The accounts by what is to be gained, by score, median views or posts (the most first), or by name.

    By what is to be gained, accounts with few posts are last.
    """

    def place(one: AccountSummary) -> tuple[bool, float, str]:
        return sort == "gain" and one.posts < FEW, _place(one, sort), (one.account.handle or "").casefold()

    return sorted(summaries, key=place)


def _place(one: AccountSummary, sort: str) -> float:
    value = {"gain": one.to_gain, "score": one.score, "views": one.views, "posts": float(one.posts), "name": 0.0}[sort]
    return -value if value == value else 1.0


def accounts_page(summaries: Sequence[AccountSummary], medium: Medium, *, most: int | None = None) -> Page:
    """The accounts as a table: the first `most` on a terminal, with the columns that fit, and all as Markdown."""
    title = plural("{count:,} account", "{count:,} accounts", len(summaries))
    numbers = [Column(name, needs=needs) for name, needs in COLUMNS.items()][:-1]
    heads = [TextColumn(N_("account"), least=12), *numbers, TextColumn(N_("do first"), fills=True)]
    if medium == "markdown":
        table = Table("", heads, [[name_of(one), *cells_of(one)] for one in summaries])
        return Page(title, [table, Words(reading_of(COLUMNS) + period_reading(summaries))])

    def legend(width: int) -> list[RenderableType]:
        text = reading_of(name for name, needs in COLUMNS.items() if width >= needs)
        return [Text(text + period_reading(summaries), style="dim")]

    rows: list[list[Inline]] = []
    for one in summaries[:most]:
        cells, style = _cells(one), {1: "green", 0: "", -1: "red"}[one.significant]
        rows.append([name_of(one), *(Text(cells[name], style=style if name == "score" else "") for name in COLUMNS)])
    parts: list[Part] = [Table("", heads, rows)]
    if most is not None and (rest := len(summaries) - most) > 0:
        more = _("and {rest:,} more; --limit {count} lists them all", rest=rest, count=len(summaries))
        parts.append(Words(more, faint=True, tight=True))
    return Page(title, [*parts, Picture("", legend)])


def each_as_json(key: str, summaries: Sequence[AccountSummary], answers: Iterable[Iterator[str]]) -> Iterator[str]:
    """The answers for several accounts, each whole, as pieces of one JSON text: the list stands under `key`."""
    head = {"schema_version": SCHEMA_VERSION, "by": "account", "accounts": [summary_facts(one) for one in summaries]}
    yield json_text(head)[:-1] + f', "{key}": [\n'
    for place, answer in enumerate(answers):
        if place:
            yield ",\n"
        yield from answer
    yield "]}\n"


def summary_facts(one: AccountSummary) -> dict[str, Any]:
    """An account as JSON shows it: who it is, its place among the others, its tips, changes and missing inputs."""
    return {
        **account_facts(one.account),
        "posts": one.posts,
        **{name: at.isoformat() if at is not None else None for name, at in (("first", one.first), ("last", one.last))},
        "median_views": number(one.views),
        **({"before": _before_facts(one.before)} if one.before else {}),
        "outlook": one.outlook,
        "rates": [rate_facts(place) for place in one.rates],
        **facts_of(one, "score interval"),
        "coverage": round(one.coverage, 4),
        "rank": one.rank,
        "rank_interval": list(one.ranks) if one.ranks else None,
        "beyond_chance": one.significant,
        "to_gain": round(one.to_gain, 2),
        "tips": [tip_facts(tip) for tip in one.tips if tip.tip is not None],
        "groups": [tip_facts(tip) for tip in one.tips if tip.tip is None],
        "changes": [change_facts(change) for change in one.changes],
        "missing": [missing_facts(lack) for lack in one.missing],
    }


def _before_facts(before: PeriodBefore) -> dict[str, Any]:
    earlier = before.period.before
    days = {"since": str(earlier.since), "until": str(earlier.until)}
    return {**days, "posts": before.posts, "views_change": number(before.views_change)}


def name_of(one: AccountSummary) -> str:
    """What an account is called."""
    return f"@{one_line(one.account.handle)}" if one.account.handle else _("Account without a name")


def first_rule(one: AccountSummary) -> Rule | None:
    """The rule by which to change something first."""
    changes = (change.evaluation for change in one.changes if not is_about_data(change.evaluation))
    return next((evaluation.compiled.rule for evaluation in changes), None)


def reading_of(names: Iterable[str]) -> str:
    """How to read these columns."""
    return "; ".join(_(READINGS[name]) for name in names if name in READINGS) + "."


def period_reading(summaries: Sequence[AccountSummary]) -> str:
    """Which period is shown, and what stands in brackets; nothing where none is chosen."""
    if not summaries or summaries[0].before is None:
        return ""
    period = summaries[0].before.period
    terms = {"since": period.since, "until": period.until, "before": days_before(period.before.days)}
    return " " + _(IN_PERIOD, **terms)


def posts_text(one: AccountSummary) -> str:
    """How many posts an account has, with those of the period before in brackets."""
    posts, before = format_value(one.posts, ","), one.before
    return posts if before is None or before.posts is None else f"{posts} ({format_value(before.posts, ',')})"


def views_text(one: AccountSummary) -> str:
    """The views of an account's usual post, with their clear change since the period before in brackets."""
    views = "–" if pd.isna(one.views) else format_value(one.views, ",.0f")
    change = None if one.before is None else one.before.views_change
    return views if change is None else f"{views} ({format_value(change, '+.0%')})"


def cells_of(one: AccountSummary) -> list[str]:
    """The cells of an account under the heads after its name; tips have their coverage beside their score."""
    cells = _cells(one)
    for tip in one.tips:
        if tip.tip is not None:
            cells[f"T{tip.tip}"] += f" ({coverage_text(tip.coverage)})"
    return [cells[name] for name in COLUMNS]


def _cells(one: AccountSummary) -> dict[str, str]:
    scored, tips, first = one.score == one.score, {tip.tip: tip.score for tip in one.tips}, first_rule(one)
    return {
        "posts": posts_text(one),
        "period": "–" if one.first is None else fill("{first:%Y-%m}–{last:%Y-%m}", first=one.first, last=one.last),
        "growing": f"{one.outlook[GROWS]}/{count}" if (count := sum(one.outlook.values())) else "–",
        "views": views_text(one),
        "last post": "–" if one.last is None else fill("{last:%Y-%m-%d}", last=one.last),
        "score": f"{MARKS[one.significant]}{format_value(one.score, '.0f')}" if scored else "–",
        "90%": fill("{low:.0f}–{high:.0f}", low=one.low, high=one.high) if one.low == one.low else "–",
        "rank": f"{one.rank} ({one.ranks[0]}–{one.ranks[1]})" if one.rank is not None and one.ranks else "–",
        "known": coverage_text(one.coverage),
        "to gain": format_value(one.to_gain, ".0f"),
        "do first": "–" if first is None else f"{first.do} ({first.code})",
        **{f"T{n}": "–" if (score := tips.get(n)) is None else format_value(score, ".0f") for n in range(1, 10)},
    }
