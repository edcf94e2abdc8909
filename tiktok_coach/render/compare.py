"""Two periods or two accounts side by side; as a page, JSON and CSV."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from tiktok_coach.analysis.compare import FACTOR, POINTS, SCHEMA_VERSION, SHARE, Comparison, Side
from tiktok_coach.analysis.overview import FEWEST
from tiktok_coach.core.translation import N_, _, format_value, plural
from tiktok_coach.render.escaping import json_text, one_line
from tiktok_coach.render.pages.charts import distribution, spark
from tiktok_coach.render.pages.page import Page, Part, Picture, Table, TextColumn, Words, columns
from tiktok_coach.render.values import facts_of, json_cell, rows_csv

SPARKS = 60
WHOLE, RISE = "whole", "rise"
# So many clear changes are named in the answer.
NAMED = 3
# What some quantities are called.
NAMES = {
    "completion": N_("watched to the end"),
    "engagement per view": N_("interactions per view"),
    "score of the signals": N_("simulated score"),
}
# Results that are numbers of people or views; the others are shares of them.
WHOLES = ("views", "people reached")
# A side of more characters is called by its place in heads of columns.
LONGEST_HEAD = 12
LEGEND = N_("In brackets where a change could lie (90%).")
POINTS_LEGEND = N_("pp: percentage points.")
AGE_LEGEND = N_("At the same age: as if all posts had been out equally long (per view also at the same views).")
TOO_FEW = N_("Cannot tell yet: it takes {count} posts on each side.")
CAUSE = N_("What differs need not come from what you changed.")


def compare_page(result: Comparison, *, full: bool = False) -> Page:
    """The report, the answer first; `full` lists what does not clearly differ too, and shows the posts' views."""
    table, heads = result.differences, _heads(result)
    clear = table["beyond_chance"].to_numpy(dtype=bool)
    known = table["p"].notna().to_numpy()
    factors = (table["kind"] == FACTOR).to_numpy()
    fewest = min(result.before.posts, result.after.posts)
    answer = _(TOO_FEW, count=FEWEST) if fewest < FEWEST else _answer(table[clear])
    parts: list[Part] = [answer, Words(_sides(result, heads), tight=True)]
    if result.left_out:
        other = plural(
            "{count} other account is left out; --account shows one.",
            "{count} other accounts are left out; --account shows one.",
            result.left_out,
        )
        parts.append(Words(other, faint=True, tight=True))
    if factors.any():
        parts.append(_results(table[factors], heads))
    others = ~factors & clear
    if others.any():
        parts.append(_others(_("Clear changes") if full else "", table[others], heads))
    unclear = ~factors & known & ~clear
    if full and unclear.any():
        parts.append(_others(_("No clear change"), table[unclear], heads))
    if full and (silent := table.loc[~known & ~factors, "what"].tolist()):
        parts.append(_("Too few posts, or all alike: {names}.", names=", ".join(map(_name, silent))))
    if not full and unclear.any():
        text = plural(
            "No clear change in {count} more; --full lists it.",
            "No clear change in {count} more; --full lists them.",
            int(unclear.sum()),
        )
        parts.append(Words(text, tight=True))
    if full:
        parts += _pictures(result)
    shown = table[factors | others | (unclear & full)]
    if legends := " ".join(_legends(shown)):
        parts.append(Words(legends, faint=True))
    return Page(_("What changed") + (f", @{one_line(result.handle)}" if result.handle else ""), parts)


def _answer(clear: pd.DataFrame) -> str:
    """What clearly differs and by how much, or that nothing does."""
    if clear.empty:
        return _("No clear change.")
    rows = clear.head(NAMED).to_dict("records")
    names = ", ".join(f"{_name(row['what'])} {_counted(row)}" for row in rows)
    more = len(clear) - NAMED
    text = (
        _("Clearly different: {names} and {count} more.", names=names, count=more)
        if more > 0
        else _("Clearly different: {names}.", names=names)
    )
    if adjusted := ", ".join(f"{_name(row['what'])} {_at_same_age(row)}" for row in rows if row["kind"] == FACTOR):
        text += " " + _("At the same age: {names}.", names=adjusted)
    return text


def _counted(row: Mapping[Hashable, Any]) -> str:
    """A change as counted, of shares in percentage points."""
    if row["kind"] != FACTOR:
        return _signed(float(row["difference"]), str(row["kind"]))
    change = float(row["change"])
    return _signed(change if row["what"] in WHOLES else change * float(row["before"]), _unit(row))


def _at_same_age(row: Mapping[Hashable, Any]) -> str:
    """The change of a result at the same age, of shares in percentage points."""
    return _signed(_adjusted(row, "difference"), _unit(row))


def _adjusted(row: Mapping[Hashable, Any], name: str) -> float:
    """The change of a result at the same age, or an end of its interval: a share of what it was, or a gap of shares."""
    rise = float(row[name]) - 1
    return rise if row["what"] in WHOLES else rise * float(row["before"])


def _unit(row: Mapping[Hashable, Any]) -> str:
    """How a change of a result is shown."""
    return RISE if row["what"] in WHOLES else SHARE


def _signed(gap: float, kind: str) -> str:
    """A change with its sign, of shares in percentage points."""
    return _amount(gap, kind, sign=True) + (_(" pp") if kind == SHARE and np.isfinite(gap) else "")


def _name(what: str) -> str:
    return _(NAMES.get(what, what))


def _heads(result: Comparison) -> tuple[str, str]:
    """What the two sides are called in heads of columns."""
    names = (result.before.name, result.after.name)
    if max(len(_(name)) for name in names) <= LONGEST_HEAD:
        return names
    return (N_("before"), N_("after")) if len(result.exports) == 1 else (N_("first input"), N_("second input"))


def _sides(result: Comparison, heads: tuple[str, str]) -> str:
    """Which posts the two sides have."""
    return "; ".join(
        f"{_(head)}: {_side(side, with_name=_(head) != _(side.name))}"
        for head, side in zip(heads, (result.before, result.after), strict=True)
    )


def _side(side: Side, *, with_name: bool) -> str:
    posts = plural("{count:,} post", "{count:,} posts", side.posts)
    if with_name:
        return f"{posts} ({_(side.name)})"
    if side.first is None or side.last is None:
        return posts
    return _("{posts} from {first:%Y-%m-%d} to {last:%Y-%m-%d}", posts=posts, first=side.first, last=side.last)


def _results(table: pd.DataFrame, heads: tuple[str, str]) -> Table:
    """Results as counted, and apart from that their change at the same age."""
    rows = []
    for row in table.to_dict("records"):
        adjusted = "–"
        if np.isfinite(row["difference"]):
            low, high = (_amount(_adjusted(row, end), _unit(row), sign=True) for end in ("low", "high"))
            adjusted = _("{change} ({low} to {high})", change=_at_same_age(row), low=low, high=high)
        counts = (_amount(row[name], WHOLE if row["what"] in WHOLES else SHARE) for name in ("before", "after"))
        rows.append([_name(row["what"]), *counts, _counted(row), adjusted])
    names = columns(TextColumn(N_("result"), wraps=True), *heads, N_("change"), N_("at the same age"))
    return Table("", names, rows)


def _others(title: str, table: pd.DataFrame, heads: tuple[str, str]) -> Table:
    """Means of other quantities, with their change and where it could lie."""
    rows = []
    for row in table.to_dict("records"):
        kind, unit = str(row["kind"]), row["unit"]
        low, high = (_amount(row[name], kind, sign=True) for name in ("low", "high"))
        name = f"{_name(row['what'])}, {_(unit)}" if unit else _name(row["what"])
        could_be = _("{change} ({low} to {high})", change=_counted(row), low=low, high=high)
        rows.append([name, *(_amount(row[side], kind) for side in ("before", "after")), could_be])
    return Table(title, columns(TextColumn(N_("posts"), wraps=True), *heads, N_("change")), rows)


def _pictures(result: Comparison) -> Iterator[Part]:
    """The views of both sides' posts, and the simulated scores in order of time."""
    for side, views in zip((result.before, result.after), result.views, strict=True):
        if lines := distribution(views, _("views")):
            yield Picture(_("Views of the posts, {name}", name=_(side.name)), lines)
    score = result.scores[np.isfinite(result.scores)]
    if len(score) >= 2:
        chunks = np.array_split(score, min(SPARKS, len(score)))
        yield Picture(_("Simulated score, oldest to newest"), [spark([float(c.mean()) for c in chunks])])


def _legends(table: pd.DataFrame) -> Iterator[str]:
    """How to read what is shown."""
    if table["low"].notna().any():
        yield _(LEGEND)
    if ((table["kind"] == FACTOR) & table["difference"].notna()).any():
        yield _(AGE_LEGEND)
    if (table["kind"].isin((SHARE, FACTOR)) & ~table["what"].isin(WHOLES) & table["change"].notna()).any():
        yield _(POINTS_LEGEND)
    if table["beyond_chance"].any():
        yield _(CAUSE)


def _amount(value: Any, kind: str, *, sign: bool = False) -> str:
    """A number as its kind is shown; a `sign` marks a change, which of a share is in percentage points."""
    size = float(value)
    if not np.isfinite(size):
        return "–"
    plus = "+z" if sign else ""
    if kind == SHARE:
        return format_value(100 * size, "+z.1f") if sign else format_value(size, ".1%")
    if kind == RISE:
        return format_value(size, "+.0%")
    if kind == WHOLE:
        return format_value(size, ",.0f")
    return format_value(size, f"{plus}.0f" if kind == POINTS else f"{plus}.1f")


COLUMNS = "what kind unit before after change difference interval p q beyond_chance posts_before posts_after"


def compare_json(result: Comparison) -> Iterator[str]:
    """A comparison as JSON."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "before": _side_json(result.before),
        "after": _side_json(result.after),
        "differences": list(_rows(result)),
    }
    yield json_text(content, indent=1) + "\n"


def compare_csv(result: Comparison) -> Iterator[str]:
    """A comparison as CSV, a row a quantity."""
    return rows_csv(COLUMNS, _rows(result))


def _side_json(side: Side) -> dict[str, Any]:
    return {"name": side.name, "posts": side.posts, "from": json_cell(side.first), "to": json_cell(side.last)}


def _rows(result: Comparison) -> Iterator[dict[str, Any]]:
    return (facts_of(row, COLUMNS) for row in result.differences.itertuples(index=False))
