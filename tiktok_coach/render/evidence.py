"""What works for an account: effects of tips and rules, and curves; as a page, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.evidence import SCHEMA_VERSION, Evidence
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.render.pages.charts import curve_lines, effect_cells, effect_columns
from tiktok_coach.render.pages.page import WIDE, Column, Page, Part, Picture, Table, TextColumn, Words, columns
from tiktok_coach.render.values import factor, facts_of, json_object, number, pair, rows_csv, share
from tiktok_coach.stats.account_effects import HELPS, HURTS, NOT_ENOUGH, UNCLEAR
from tiktok_coach.stats.curves import FACTS, Curve
from tiktok_coach.stats.effects import FALSE_SHARE
from tiktok_coach.stats.outcomes import COMPLETION, ENGAGEMENT, VIEWS

OUTCOMES = {VIEWS: N_("views"), COMPLETION: N_("completion"), ENGAGEMENT: N_("engagement per view")}
# So many rules without a clear effect are named.
FIRST = 6
READING = N_(
    "effect: how many times the {outcome} of posts that do it, beside your others of the same recent level, age, time, "
    "weekday, hour and length; with its 90% range, pulled towards what public posts show (said). helps or hurts: "
    "hardly chance; of such verdicts on the rules of one tip, at most {false:.0%} are wrong."
)


def evidence_page(result: Evidence, *, every: bool = False) -> Page:
    """The report. `every` names each account, and each rule of which the data says nothing."""
    basis = plural("{count:,} published post", "{count:,} published posts", result.posts)
    if result.left_out:
        basis += _("; {left_out:,} planned or younger than a day are left out", left_out=result.left_out)
    parts: list[Part] = [f"{basis}."]
    if not result.outcomes:
        nothing = N_("Not enough data: no post has views, completion or interactions beside an age of a day or more.")
        parts.append(_(nothing))
    accounts = list(dict.fromkeys(result.effects["account"].dropna()))
    handles: list[str | None] = [result.handle]
    if len(accounts) > 1:
        handles = [None, *accounts] if every else [None, *handles]
    for outcome in result.outcomes:
        for handle in handles:
            parts += _outcome(result, outcome, handle, several=len(accounts) > 1, every=every)
        parts.append(Words(_(READING, outcome=_(OUTCOMES[outcome]), false=FALSE_SHARE), faint=True))
    if len(accounts) > 1:
        parts.append(_verdicts(result))
    parts += [_picture(curve) for curve in result.curves if curve.best is not None]
    if flat := [curve for curve in result.curves if curve.best is None]:
        names = ", ".join(
            plural(
                "{fact} ({outcome}, {count} post)",
                "{fact} ({outcome}, {count} posts)",
                c.posts,
                fact=_(c.fact),
                outcome=_(OUTCOMES[c.outcome]),
            )
            for c in flat
        )
        parts.append(_("No best value told from chance: {named}.", named=names))
    parts += [Words(_(text), faint=True) for text in caveats(result)]
    whose = f"@{result.account.handle}" if result.account.handle else _("this account")
    return Page(_("What works for {account}", account=whose), parts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outcome(result: Evidence, outcome: str, handle: str | None, *, several: bool, every: bool) -> list[Part]:
    table = result.effects_on(outcome, handle)
    whose = (_("all accounts together") if handle is None else f"@{handle}") if several else ""
    title = f"{_capital(_(OUTCOMES[outcome]))}{f', {whose}' if whose else ''}"
    known = table[table["verdict"] != NOT_ENOUGH]
    unclear = (known["verdict"] == UNCLEAR) & ~known["tip"]
    listed = table if every else known[~unclear | (unclear.cumsum() <= FIRST)]
    nothing = N_("{title}: not enough data to speak of any tip.")
    parts: list[Part] = [_table(result, title, listed) if len(listed) else _(nothing, title=title)]
    if (rest := len(known) - len(listed)) > 0:
        more = plural(
            "and {count} more rule without a clear effect; --all lists it",
            "and {count} more rules without a clear effect; --all lists them",
            rest,
        )
        parts.append(Words(more, faint=True))
    silent = table[table["verdict"] == NOT_ENOUGH]
    if len(silent) and not every:
        all_codes = silent["code"].tolist()
        codes = ", ".join(all_codes[:12])
        if len(all_codes) > 12:
            codes += _(" and {count} more", count=len(all_codes) - 12)
        text = N_("Not enough data on {codes}: few posts tell, or nearly all follow, or nearly none; --all lists them.")
        parts.append(_(text, codes=codes))
    return parts


def _table(result: Evidence, title: str, table: pd.DataFrame) -> Table:
    rows = [
        [
            str(row.code),
            *effect_cells(row.effect, row.low, row.high),
            share(row.followed),
            format_value(row.posts, ","),
            factor(row.prior) if row.prior != 1.0 else "–",
            str(row.verdict),
            result.names[str(row.code)],
        ]
        for row in table.itertuples(index=False)
    ]
    head = columns(
        TextColumn(N_("tip")),
        *effect_columns(),
        *(Column(name, needs=WIDE) for name in (N_("follow"), N_("posts"), N_("said"))),
        *map(TextColumn, (N_("verdict"), N_("name"))),
    )
    return Table(title, head, rows)


def _verdicts(result: Evidence) -> Table:
    """How many verdicts of each kind the accounts got, rules alone."""
    own = result.effects[result.effects["account"].notna() & ~result.effects["tip"]]
    kinds = (HELPS, HURTS, UNCLEAR, NOT_ENOUGH)
    rows = []
    for name in result.outcomes:
        verdicts = own.loc[own["outcome"] == name, "verdict"]
        rows.append([_(OUTCOMES[name]), *(format_value((verdicts == kind).sum(), ",") for kind in kinds)])
    return Table(_("Verdicts on rules, account by account"), columns(TextColumn(N_("outcome")), *kinds), rows)


def _picture(curve: Curve) -> Picture:
    fact = next(f for f in FACTS if f.name == curve.fact)
    low, high = curve.best or (np.nan, np.nan)
    best = fill("{low:.3g}" if f"{low:.3g}" == f"{high:.3g}" else "{low:.3g}–{high:.3g}", low=low, high=high)
    tip = ""
    if curve.tip is not None:
        code, least, most = curve.tip
        asks = fill("{least:g}–{most:g}", least=least, most=most) if least and most is not None else ""
        bound = _("{least:g} or more", least=least) if most is None else _("at most {most:g}", most=most)
        tip = _("; {code} asks for {asks}", code=code, asks=asks or bound)
    title = _(
        "{outcome} by {fact}: best at {best} {unit} (90%){tip}; {posts}",
        outcome=_capital(_(OUTCOMES[curve.outcome])),
        fact=_(curve.fact),
        best=best,
        unit=_(curve.unit),
        tip=tip,
        posts=plural("{count} post", "{count} posts", curve.posts),
    )
    return Picture(title, curve_lines(curve.x, curve.effect, curve.low, curve.high, _(curve.unit), log=fact.log))


COLUMNS = "account outcome code name effect interval estimate followed posts verdict prior p q"
CAVEATS = (
    N_(
        "What goes along with better results need not cause them: posts that follow a tip may differ in more than "
        "that. An experiment tells."
    ),
    N_(
        "Posts picked because they did very well or very badly come nearer to the usual by themselves (regression to "
        "the mean)."
    ),
)
SELECTED = N_(
    "All posts come from Studio's lists of the most seen: winners are over-represented, and what sets them apart "
    "from the others is not in the data."
)


def caveats(result: Evidence) -> list[str]:
    """What must be kept in mind of these effects."""
    counted = [source for source in result.export.sources if source.rows and "views" in source.supplies]
    return [*CAVEATS, *([SELECTED] if counted and all(source.lists_most_viewed for source in counted) else [])]


def evidence_json(result: Evidence, accounts: Sequence[Mapping[str, Any]] | None = None) -> Iterator[str]:
    """Evidence as pieces of one JSON text. `accounts` is how several stand beside each other."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "account": result.account.handle,
        **({"accounts": list(accounts)} if accounts is not None else {}),
        "posts": result.posts,
        "left_out": result.left_out,
        "caveats": caveats(result),
    }
    return json_object(head, effects=_effects(result), curves=map(_curve, result.curves))


def evidence_csv(result: Iterable[Evidence]) -> Iterator[str]:
    """The effects as CSV, a row an account, outcome and code."""
    return rows_csv(COLUMNS, (row for one in result for row in _effects(one)))


def _effects(result: Evidence) -> Iterator[dict[str, Any]]:
    for row in result.effects.itertuples(index=False):
        yield {
            "code": row.code,
            "name": result.names[str(row.code)],
            "account": row.account if isinstance(row.account, str) else None,
            **facts_of(row, "outcome effect interval estimate followed posts verdict prior p q"),
        }


def _curve(curve: Curve) -> dict[str, Any]:
    return {
        **facts_of(curve, "fact unit outcome posts"),
        "x": [number(v) for v in curve.x],
        "effect": [number(v) for v in curve.effect],
        "interval": [pair(a, b) for a, b in zip(curve.low, curve.high, strict=True)],
        "best": None if curve.best is None else pair(*curve.best),
        **facts_of(curve, "p q"),
        "tip": None if curve.tip is None else {"code": curve.tip[0], "min": curve.tip[1], "max": curve.tip[2]},
    }
