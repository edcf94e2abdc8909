"""What works for an account: effects of tips and rules, and curves; as a page, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, cast

import numpy as np
import pandas as pd

from tiktok_coach.analysis.evidence import SCHEMA_VERSION, Evidence
from tiktok_coach.core.translation import N_, _, fill, format_value, plural
from tiktok_coach.render.pages.charts import curve_lines, effect_bar, effect_columns
from tiktok_coach.render.pages.page import Column, Page, Part, Picture, Table, TextColumn, columns, line
from tiktok_coach.render.values import (
    between,
    factor,
    facts_of,
    json_object,
    number,
    pair,
    rows_csv,
    share,
    upper_first,
    views_change,
)
from tiktok_coach.stats.account_effects import HELPS, HURTS, NOT_ENOUGH, UNCLEAR
from tiktok_coach.stats.curves import FACTS, Curve
from tiktok_coach.stats.effects import FALSE_SHARE
from tiktok_coach.stats.outcomes import COMPLETION, ENGAGEMENT, VIEWS

OUTCOMES = {VIEWS: N_("views"), COMPLETION: N_("completion"), ENGAGEMENT: N_("engagement per view")}
SHORT = {VIEWS: N_("views"), COMPLETION: N_("completion"), ENGAGEMENT: N_("engagement")}
NO_RESULTS = N_("Not enough data: no post has views, completion or interactions beside an age of a day or more.")
NOTHING = N_("Not enough data yet: too few posts do what a tip says, or too few don't.")
UNCLEAR_ALL = N_("No tip has a clear effect on your posts yet.")
# What a tip asks for gets so many characters at the least; how wide a terminal shows a third result, bars, all numbers.
POST, THREE, BARS, EVERY = 24, 76, 110, 140
PUBLIC = N_("`tiktok-coach tips` shows what public posts say of each tip.")
MORE = N_("{share:.0%} more {outcome} ({least:.0f}–{most:.0%})")
LESS = N_("{share:.0%} less {outcome} ({least:.0f}–{most:.0%})")
READING = N_(
    "Effects compare posts that do it with your others of the same recent level, age, time, weekday, hour and length, "
    "pulled towards what public posts show; in brackets their 90% range. At most {false:.0%} of the verdicts on the "
    "rules of one tip are wrong."
)


def evidence_page(result: Evidence, *, every: bool = False) -> Page:
    """The report: what clearly helps or hurts, the best first. `every` lists each account, tip, rule and curve too."""
    whose = f"@{result.account.handle}" if result.account.handle else _("this account")
    title = _("What works for {account}", account=whose)
    if not result.outcomes:
        return Page(title, [_(NO_RESULTS)])
    accounts = list(dict.fromkeys(result.effects["account"].dropna()))
    handles: list[str | None] = [result.handle]
    if is_pooled := len(accounts) > 1:
        handles = [None, *accounts] if every else [None, *handles]
    parts: list[Part] = []
    for handle in handles:
        if is_pooled:
            parts.append(line(f"@{handle}" if handle else _("All accounts together"), "bold"))
        parts += _clear_effects(result, handle)
    if is_pooled:
        parts.append(_verdicts(result))
    if every:
        for outcome, handle in product(result.outcomes, handles):
            of_account = (f", @{handle}" if handle else _(", all accounts together")) if is_pooled else ""
            parts.append(
                _table(result, f"{upper_first(_(OUTCOMES[outcome]))}{of_account}", result.effects_on(outcome, handle))
            )
        parts += [_picture(curve) for curve in result.curves if curve.best is not None]
        parts.append(line(_(READING, false=FALSE_SHARE), "dim"))
    elif values := _best_values(result.curves):
        parts.append(line(values))
    has_clear = result.effects["verdict"].isin([HELPS, HURTS]).any()
    parts += [line(text, "dim") for text in (_basis(result), *map(_, caveats(result) if every or has_clear else ()))]
    return Page(title, parts)


def _basis(result: Evidence) -> str:
    basis = plural("From {count:,} published post", "From {count:,} published posts", result.posts)
    if result.left_out:
        basis += _("; {left_out:,} planned or younger than a day are left out", left_out=result.left_out)
    return f"{basis}."


def _clear_effects(result: Evidence, handle: str | None) -> Iterator[Part]:
    """What helps most in a sentence, the rules that clearly help or hurt, and how many do not."""
    table = result.effects[~result.effects["tip"]]
    table = table[table["account"].isna() if handle is None else table["account"] == handle]
    clear = table[table["verdict"].isin([HELPS, HURTS])]
    if not len(clear):
        has_nothing = bool((table["verdict"] == NOT_ENOUGH).all())
        yield line(_(NOTHING if has_nothing else UNCLEAR_ALL))
        yield line(_(PUBLIC))
        return
    # What moves views goes first, by its effect, then what moves the other results.
    place = clear["outcome"].map(result.outcomes.index)
    clear = clear.assign(place=place).sort_values(["place", "effect"], ascending=[True, False], kind="stable")
    first = next(clear.itertuples(index=False))
    yield line(effect_sentence(result, first))
    outcomes = [outcome for outcome in result.outcomes if (clear["outcome"] == outcome).any()]
    codes, cells = list(dict.fromkeys(clear["code"])), clear.set_index(["code", "outcome"])
    rows = [
        [
            f"{result.actions[code]} ({code})",
            *(_change(cells.loc[(code, outcome)]) if (code, outcome) in cells.index else "–" for outcome in outcomes),
        ]
        for code in codes
    ]
    heads = (TextColumn(SHORT[outcome], needs=THREE if n > 1 else 0) for n, outcome in enumerate(outcomes))
    yield Table("", columns(TextColumn(N_("posts that do this"), wraps=True, least=POST), *heads), rows)
    others = table[~table["code"].isin(codes)]
    unclear = others.loc[others["verdict"] == UNCLEAR, "code"].nunique()
    few = others["code"].nunique() - unclear
    none = plural("{count} has no clear effect", "{count} have no clear effect", unclear)
    posts = plural("{count} has too few posts", "{count} have too few posts", few)
    if parts := [text for count, text in ((unclear, none), (few, posts)) if count]:
        yield line(_("Of the other tips {parts} (--full lists them).", parts=", ".join(parts)), "dim")


def effect_sentence(result: Evidence, effect: Any) -> str:
    """What posts that do something got, as a sentence, of a row of the effects that helps or hurts."""
    terms = {"do": result.actions[str(effect.code)], "worth": _worth(effect)}
    helps, hurts = N_("{do}: your posts that do this got {worth}."), N_("{do}? Your posts that do this got {worth}.")
    return _(helps if effect.verdict == HELPS else hurts, **terms)


def _worth(effect: Any) -> str:
    """An effect on a result in words."""
    if effect.outcome == VIEWS:
        return views_change(effect.effect, effect.low, effect.high)
    ends = sorted((abs(effect.low - 1), abs(effect.high - 1)))
    if not 0.5 < effect.effect < 2 or effect.low < 1 < effect.high:
        return f"{_change(effect)} {_(OUTCOMES[effect.outcome])}"
    return _(
        MORE if effect.effect > 1 else LESS,
        share=abs(effect.effect - 1),
        outcome=_(OUTCOMES[effect.outcome]),
        least=100 * ends[0],
        most=ends[1],
    )


def _change(effect: Any) -> str:
    """An effect as a change in percent with its range, or as a factor where it is large."""
    if not 0.5 < effect.effect < 2:
        return f"{factor(effect.effect)} ({between(effect.low, effect.high)})"
    at, low, high = effect.effect - 1, effect.low - 1, effect.high - 1
    if low * high < 0:
        return fill("{at:+.0%} ({low:+.0f}–{high:+.0f})", at=at, low=100 * low, high=100 * high)
    least, most = sorted((abs(low), abs(high)))
    return fill("{at:+.0%} ({least:.0f}–{most:.0f})", at=at, least=100 * least, most=100 * most)


def _best_values(curves: Iterable[Curve]) -> str:
    """The values at which results are best; the hours of the day have a command of their own."""
    values = [
        " ".join([*dict.fromkeys((_(curve.fact), _best(curve), _(curve.unit))), f"({_(SHORT[curve.outcome])})"])
        for curve in curves
        if curve.best is not None and curve.fact != "hour"
    ]
    return _("Best values: {values}.", values="; ".join(values)) if values else ""


def _table(result: Evidence, title: str, table: pd.DataFrame) -> Table:
    rows = [
        [
            f"{result.actions[row.code]} ({row.code})",
            _change(row) if np.isfinite(row.effect) else "–",
            effect_bar(row.effect, row.low, row.high),
            share(row.followed),
            format_value(row.posts, ","),
            factor(row.prior) if row.prior != 1.0 else "–",
            row.verdict,
        ]
        for row in cast("Iterable[Any]", table.itertuples(index=False))
    ]
    *_numbers, bar = effect_columns()
    heads = columns(
        TextColumn(N_("posts that do this"), wraps=True, least=POST),
        TextColumn(N_("effect")),
        bar if isinstance(bar, str) else replace(bar, needs=BARS),
        *(Column(name, needs=EVERY) for name in (N_("do it"), N_("posts"), N_("public"))),
        TextColumn(N_("verdict"), needs=THREE),
    )
    return Table(title, heads, rows)


def _verdicts(result: Evidence) -> Table:
    """How many verdicts of each kind the accounts got, rules alone."""
    own = result.effects[result.effects["account"].notna() & ~result.effects["tip"]]
    kinds = (HELPS, HURTS, UNCLEAR, NOT_ENOUGH)
    rows = []
    for name in result.outcomes:
        verdicts = own.loc[own["outcome"] == name, "verdict"]
        rows.append([_(OUTCOMES[name]), *(format_value((verdicts == kind).sum(), ",") for kind in kinds)])
    return Table(_("Verdicts on rules, account by account"), columns(TextColumn(N_("outcome")), *kinds), rows)


def _best(curve: Curve) -> str:
    """The values of a curve's fact at which results are best."""
    low, high = curve.best or (np.nan, np.nan)
    return fill("{low:.3g}" if f"{low:.3g}" == f"{high:.3g}" else "{low:.3g}–{high:.3g}", low=low, high=high)


def _picture(curve: Curve) -> Picture:
    tip = ""
    if curve.tip is not None:
        code, least, most = curve.tip
        asks = fill("{least:g}–{most:g}", least=least, most=most) if least and most is not None else ""
        bound = _("{least:g} or more", least=least) if most is None else _("at most {most:g}", most=most)
        tip = _("; {code} asks for {asks}", code=code, asks=asks or bound)
    title = _(
        "{outcome} by {fact}: best at {best} {unit} (90%){tip}; {posts}",
        outcome=upper_first(_(OUTCOMES[curve.outcome])),
        fact=_(curve.fact),
        best=_best(curve),
        unit=_(curve.unit),
        tip=tip,
        posts=plural("{count} post", "{count} posts", curve.posts),
    )
    fact = next(one for one in FACTS if one.name == curve.fact)
    return Picture(title, curve_lines(curve.x, curve.effect, curve.low, curve.high, _(curve.unit), log=fact.log))


COLUMNS = "account outcome code name effect interval estimate followed posts verdict prior p q"
CAUSE = N_("Going along is not causing: `tiktok-coach experiment` finds out which it is.")
SELECTED = N_("All posts come from Studio's lists of the most seen: winners are over-represented.")


def caveats(result: Evidence) -> list[str]:
    """What must be kept in mind of these effects."""
    counted = [source for source in result.export.sources if source.rows and "views" in source.supplies]
    return [CAUSE, *([SELECTED] if counted and all(source.lists_most_viewed for source in counted) else [])]


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
