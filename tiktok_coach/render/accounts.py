"""Several accounts beside each other: a table on the terminal and as Markdown, each as JSON has it, and the answers for
each in one file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tiktok_coach.core.translation import N_, _, fill, format_value
from tiktok_coach.ranking.outlook import GROWS
from tiktok_coach.render.audit import account_facts, change_facts, missing_facts, tip_facts
from tiktok_coach.render.escaping import json_text, markdown, one_line
from tiktok_coach.render.json_csv import number, pair
from tiktok_coach.render.labels import coverage_text
from tiktok_coach.rules.scores import TipScore
from tiktok_coach.stats.account_summaries import AccountSummary

SCHEMA_VERSION = "1"
# Columns, and how wide a terminal each needs.
COLUMNS = {
    N_("posts"): 0,
    N_("period"): 120,
    N_("views"): 0,
    N_("grow on"): 130,
    N_("score"): 0,
    N_("90%"): 60,
    N_("rank"): 100,
    N_("coverage"): 90,
    N_("to gain"): 0,
    N_("first"): 0,
    **{f"T{tip}": 160 for tip in range(1, 10)},
}
BEYOND = {1: "▲", 0: "", -1: "▼"}
# How to read the columns that do not say it themselves.
READINGS = {
    "views": N_("views: median"),
    "grow on": N_(
        "grow on: posts that the outlook takes to grow more than is usual over a fortnight, of those it speaks of"
    ),
    "score": N_(
        "score: mean score of the posts, drawn towards that of all accounts as far as its posts are few, with "
        "its 90% interval; ▲ ▼ better or worse than "
        "the others beyond chance"
    ),
    "to gain": N_("to gain: points that the tips lack of 100 in the mean, by what is known"),
    "first": N_("first: the rule to mend first"),
}


def in_order(standings: Sequence[AccountSummary], sort: str) -> list[AccountSummary]:
    """The accounts by what is to be gained, by score, median views or posts (the most first), or by name."""
    return sorted(standings, key=lambda one: (_place(one, sort), (one.account.handle or "").casefold()))


def _place(one: AccountSummary, sort: str) -> float:
    held = {"gain": one.to_gain, "score": one.score, "views": one.views, "posts": float(one.posts), "name": 0.0}[sort]
    return -held if held == held else 1.0


def print_accounts(standings: Sequence[AccountSummary], console: Console, *, most: int) -> None:
    """Print the accounts, `most` of them."""
    table = Table(
        box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title=title_of(standings), title_justify="left", title_style="bold"
    )
    table.add_column(_("account"), ratio=1, no_wrap=True, overflow="ellipsis", min_width=12)
    names = [name for name, least in COLUMNS.items() if console.width >= least]
    for name in names:
        table.add_column(_(name), justify="right", no_wrap=True)
    for one in standings[:most]:
        cells = _cells(one)
        table.add_row(Text(name_of(one)), *(Text(cells[name], style=_style(name, one)) for name in names))
    console.print(table)
    if len(standings) > most:
        left = len(standings) - most
        console.print(
            Text(
                _("and {rest:,} more; --accounts {count} lists them all", rest=left, count=len(standings)), style="dim"
            )
        )
    console.print(Text(reading_of(names), style="dim"))
    console.print()


def accounts_markdown(standings: Sequence[AccountSummary]) -> Iterator[str]:
    """The accounts as a Markdown table, in pieces."""
    yield f"# {title_of(standings)}\n\n"
    yield f"| {' | '.join(heads())} |\n| --- |{' ---: |' * len(COLUMNS)}\n"
    for one in standings:
        yield f"| {' | '.join([markdown(name_of(one)), *cells_of(one)])} |\n"
    yield f"\n{markdown(reading_of(COLUMNS))}\n\n"


def each_as_json(named: str, standings: Sequence[AccountSummary], answers: Iterable[Iterator[str]]) -> Iterator[str]:
    """The answers for several accounts, each whole, as pieces of one JSON text: `named` is the key under which they
    stand.
    """
    head = {"schema_version": SCHEMA_VERSION, "by": "account", "accounts": [standing_facts(one) for one in standings]}
    yield json_text(head)[:-1] + f', "{named}": [\n'
    for place, answer in enumerate(answers):
        if place:
            yield ",\n"
        yield from answer
    yield "]}\n"


def standing_facts(one: AccountSummary) -> dict[str, Any]:
    """An account as JSON shows it: who it is, how it stands among the others, and its own tips, changes and what it
    lacks.
    """
    return {
        **account_facts(one.account),
        "posts": one.posts,
        "first": one.first.isoformat() if one.first is not None else None,
        "last": one.last.isoformat() if one.last is not None else None,
        "median_views": number(one.views),
        "outlook": one.outlook,
        "score": number(one.score),
        "interval": pair(one.low, one.high),
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


def title_of(standings: Sequence[AccountSummary]) -> str:
    """What a table of accounts is called."""
    return _("{count:,} accounts", count=len(standings))


def name_of(one: AccountSummary) -> str:
    """What an account is called."""
    return f"@{one_line(one.account.handle)}" if one.account.handle else _("Account without a name")


def reading_of(names: Iterable[str]) -> str:
    """How to read these columns."""
    return "; ".join(_(READINGS[name]) for name in names if name in READINGS)


def heads() -> list[str]:
    """The heads of the whole table."""
    return [_("account"), *map(_, COLUMNS)]


def cells_of(one: AccountSummary) -> list[str]:
    """The cells of an account under the heads after its name; tips have their coverage beside their score."""
    cells = _cells(one) | {f"T{tip.tip}": _with_coverage(tip) for tip in one.tips if tip.tip is not None}
    return [cells[name] for name in COLUMNS]


def _with_coverage(tip: TipScore) -> str:
    score = "–" if tip.score is None else format_value(tip.score, ".0f")
    return f"{score} ({coverage_text(tip.coverage)})"


def _cells(one: AccountSummary) -> dict[str, str]:
    scored = one.score == one.score
    tips = {
        f"T{tip.tip}": "–" if tip.score is None else format_value(tip.score, ".0f")
        for tip in one.tips
        if tip.tip is not None
    }
    return {
        "posts": format_value(one.posts, ","),
        "period": "–" if one.first is None else fill("{first:%Y-%m}–{last:%Y-%m}", first=one.first, last=one.last),
        "grow on": f"{one.outlook[GROWS]}/{spoken}" if (spoken := sum(one.outlook.values())) else "–",
        "views": "–" if pd.isna(one.views) else format_value(one.views, ",.0f"),
        "score": f"{BEYOND[one.significant]}{format_value(one.score, '.0f')}" if scored else "–",
        "90%": fill("{low:.0f}–{high:.0f}", low=one.low, high=one.high) if one.low == one.low else "–",
        "rank": f"{one.rank} ({one.ranks[0]}–{one.ranks[1]})" if one.rank is not None and one.ranks else "–",
        "coverage": coverage_text(one.coverage),
        "to gain": format_value(one.to_gain, ".0f"),
        "first": one.changes[0].evaluation.code if one.changes else "–",
        **{f"T{tip}": tips.get(f"T{tip}", "–") for tip in range(1, 10)},
    }


def _style(name: str, one: AccountSummary) -> str:
    return {1: "green", 0: "", -1: "red"}[one.significant] if name == "score" else ""
