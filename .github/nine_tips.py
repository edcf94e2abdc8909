"""Writes what the page "Do the nine tips work?" shows of rules/public.yaml: its pictures, and the tables in its text.

    python .github/nine_tips.py

A test proves that both are those of the record.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from tiktok_coach.core.translation import set_language
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.stats.bands import load_bands
from tiktok_coach.stats.public_record import (
    CONTRADICTED,
    DIFFERS,
    NO_EFFECT,
    NOT_TESTED,
    SUPPORTED,
    Bin,
    PublicCurve,
    PublicEffect,
    load_public_record,
)

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "methods" / "nine-tips.md"
OUTCOMES = {"views": "views", "comments": "comments per view"}
# What the record has curves along, with its unit.
CURVES = {
    "duration_s": ("Length", " s"),
    "caption_utf16": ("Caption", " characters"),
    "hashtag_count": ("Hashtags", ""),
    "hour": ("Hour", ":00"),
    "posts_a_week": ("Posts a week", ""),
}
COLOURS = {SUPPORTED: "#1a7f37", CONTRADICTED: "#cf222e", NO_EFFECT: "#57606a", DIFFERS: "#9a6700"}
BLUE = "#0969da"
# The axis of factors, its marks, and where things stand, in pixels.
LOW, HIGH, MARKS = 0.5, 2.0, (0.5, 0.75, 1.0, 1.33, 2.0)
WIDTH, LEFT, RIGHT, ROW, TOP = 860, 330, 650, 22, 58
STYLE = "text{font:13px system-ui,sans-serif;fill:#1f2328}.s{font-size:11px;fill:#57606a}.h{font-weight:600}"


@dataclass(frozen=True)
class Line:
    """A row of a picture or a table: what is asked of posts, and its effect on the outcomes; `code` for a tip's rule."""

    tip: int
    title: str
    words: str
    code: str | None
    effects: dict[str, PublicEffect]


def lines() -> list[Line]:
    """Of each tip its rules that the record tests, then the facts that no rule asks for."""
    set_language("en")
    folder = rulebook()
    record, bands, rules = load_public_record(folder), load_bands(folder), load_rules([folder])
    titles = {rule.tip: rule.title for rule in rules if rule.tip is not None}
    rows = []
    for tip, title in sorted(titles.items()):
        asked: list[tuple[str, str | None, str]] = [
            (rule.rule.do, rule.code, rule.code) for rule in rules if rule.tip == tip
        ]
        asked += [(band.do, None, band.id) for band in bands if band.tip == tip and band.code is None]
        for words, code, subject in asked:
            known = {outcome: record.rule_effect(subject, outcome, bands) for outcome in OUTCOMES}
            tested = {name: one for name, one in known.items() if one is not None and one.grade != NOT_TESTED}
            if tested:
                rows.append(Line(tip, title, words[0].upper() + words[1:], code, tested))
    return rows


def place(factor: float) -> float:
    """Where a factor stands from the left; what lies beyond the ends stands at them."""
    share = math.log(min(max(factor, LOW), HIGH) / LOW) / math.log(HIGH / LOW)
    return round(LEFT + share * (RIGHT - LEFT), 1)


def percent(factor: float) -> str:
    """A factor as a change in percent."""
    return f"{round(factor - 1, 2):+.0%}".replace("-", "−") if round(factor - 1, 2) else "0%"


def forest(outcome: str) -> str:
    """A forest plot: of each row the mean effect with its interval, and where nine of ten accounts lie."""
    shapes: list[str] = []
    y = TOP
    for (_tip, title), group in groupby(lines(), key=lambda line: (line.tip, f"{line.tip}. {line.title}")):
        tested = [(line, line.effects[outcome]) for line in group if outcome in line.effects]
        if not tested:
            continue
        y += 6
        shapes.append(f'<text class="h" x="12" y="{y + 4}">{escape(title)}</text>')
        y += ROW
        for line, effect in tested:
            shapes += _row(line, effect, y)
            y += ROW
    bottom = y - 8
    heads = f'<text class="h" x="12" y="22">Effect on {OUTCOMES[outcome]} of posts that do this</text>'
    heads += f'<text class="s" x="{RIGHT + 20}" y="22">mean, its 90% range</text>'
    heads += f'<text class="s" x="{WIDTH - 12}" y="22" text-anchor="end">accounts</text>'
    grades = (SUPPORTED, CONTRADICTED, DIFFERS, NO_EFFECT)
    for number, grade in enumerate(grades):
        x = 20 + number * 190
        heads += f'<circle cx="{x}" cy="{bottom + 22}" r="5" fill="{COLOURS[grade]}"/>'
        heads += f'<text class="s" x="{x + 12}" y="{bottom + 26}">{grade}</text>'
    return drawing(f"Effects on {OUTCOMES[outcome]}, by tip", heads, shapes, bottom, 40)


def drawing(title: str, heads: str, shapes: Sequence[str], bottom: int, below: int) -> str:
    """A picture with the axis of factors down to `bottom`, and room below it."""
    axis = []
    for mark in MARKS:
        x, dash = place(mark), "" if mark == 1 else ' stroke-dasharray="2 4"'
        axis.append(f'<line x1="{x}" x2="{x}" y1="{TOP - 12}" y2="{bottom}" stroke="#8c959f"{dash}/>')
        label = "no effect" if mark == 1 else percent(mark)
        axis.append(f'<text class="s" x="{x}" y="{TOP - 18}" text-anchor="middle">{label}</text>')
    body = "\n".join([heads, *axis, *shapes])
    height = bottom + below
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n"
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


def _row(line: Line, effect: PublicEffect, y: int) -> Iterator[str]:
    colour, (least, most) = COLOURS[effect.grade], effect.account_range
    yield f'<line x1="{place(least)}" x2="{place(most)}" y1="{y}" y2="{y}" stroke="{colour}" stroke-opacity="0.45"/>'
    words = f"{line.words} ({line.code})" if line.code else line.words
    # What no rule asks for is hollow.
    yield from interval(words, effect, y, colour, colour if line.code else "#ffffff", effect.accounts)


def interval(words: str, one: PublicEffect | Bin, y: int, colour: str, fill: str, count: int) -> Iterator[str]:
    """A row: what it is of, the effect as a dot on its 90% interval, both as text, and of how many."""
    low, high = map(place, one.interval)
    yield f'<text x="24" y="{y + 4}">{escape(words)}</text>'
    yield f'<line x1="{low}" x2="{high}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="5"/>'
    yield f'<circle cx="{place(one.effect)}" cy="{y}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2"/>'
    yield f'<text class="s" x="{RIGHT + 20}" y="{y + 4}">{change(one)}</text>'
    yield f'<text class="s" x="{WIDTH - 12}" y="{y + 4}" text-anchor="end">{count:,}</text>'


def change(effect: PublicEffect | Bin) -> str:
    """A mean effect with its interval, in percent."""
    low, high = effect.interval
    return f"{percent(effect.effect)} ({percent(low)} to {percent(high)})"


def bin_text(one: Bin, unit: str) -> str:
    """The range of a bin: `under 8 s`, `8 to 12 s`, `300 s or more`; of whole numbers `2 to 3`, of hours `6:00 to 9:00`."""
    low, high = one.low or 0, one.high
    if unit == ":00":
        return f"{low:g}:00 to {high or 24:g}:00"
    if high is None:
        return f"{low:g}{unit} or more"
    if not low and high > 1:
        return f"under {high:g}{unit}"
    if unit:
        return f"{low:g} to {high:g}{unit}"
    return f"{low:g}" if high == low + 1 else f"{low:g} to {high - 1:g}"


def curves_of(outcome: str) -> dict[str, PublicCurve]:
    """The curves of an outcome by their facts, in the order of the page."""
    known = {one.fact: one for one in load_public_record(rulebook()).curves if one.outcome == outcome}
    return {fact: known[fact] for fact in CURVES if fact in known}


def curves() -> str:
    """Views along each fact: of each bin the effect with its interval."""
    shapes: list[str] = []
    y = TOP
    for fact, curve in curves_of("views").items():
        name, unit = CURVES[fact]
        y += 6
        shapes.append(f'<text class="h" x="12" y="{y + 4}">{name}</text>')
        shapes.append(
            f'<text class="s" x="{WIDTH - 12}" y="{y + 4}" text-anchor="end">{curve.accounts:,} accounts</text>'
        )
        y += ROW
        steps = [(place(one.effect), y + ROW * number) for number, one in enumerate(curve.bins)]
        points = " ".join(f"{x},{at}" for x, at in steps)
        shapes.append(f'<polyline points="{points}" fill="none" stroke="{BLUE}" stroke-opacity="0.35"/>')
        for one, (_x, at) in zip(curve.bins, steps, strict=True):
            shapes += interval(bin_text(one, unit), one, at, BLUE, BLUE, one.posts)
        y += ROW * len(curve.bins)
    heads = '<text class="h" x="12" y="22">Views beside those of the account\'s usual post</text>'
    heads += f'<text class="s" x="{RIGHT + 20}" y="22">mean, its 90% range</text>'
    heads += f'<text class="s" x="{WIDTH - 12}" y="22" text-anchor="end">posts</text>'
    return drawing("Views along length, caption, hashtags, hour and posts a week", heads, shapes, y - 8, 16)


def pictures() -> dict[str, str]:
    """The forest plots and the curves by their file names."""
    return {f"tips-{outcome}.svg": forest(outcome) for outcome in OUTCOMES} | {"tips-curves.svg": curves()}


def tables() -> dict[str, str]:
    """The tables of the page by their names."""
    record = load_public_record(rulebook())
    tested = [(line, line.effects["views"]) for line in lines() if "views" in line.effects]
    by_grade = []
    for grade in (SUPPORTED, CONTRADICTED, DIFFERS, NO_EFFECT):
        names = [
            f"{line.words[0].lower()}{line.words[1:]} ({line.code})"
            for line, one in tested
            if one.grade == grade and line.code
        ]
        by_grade.append(f"- **{grade[0].upper()}{grade[1:]}**: {', '.join(names) or 'none'}.")
    rows = [
        (
            line.words,
            f"[{line.code}](../reference/rules/{line.code}.md)" if line.code else "",
            one.grade,
            change(one),
            " to ".join(map(percent, one.account_range)),
            f"{one.accounts:,}",
            f"{one.posts:,}",
            {True: "yes", False: "no", None: ""}[one.sets_agree],
        )
        for line, one in tested
    ]
    heads = ("posts that do this", "rule", "grade", "views", "nine of ten accounts", "accounts", "posts", "sets agree")
    sets = [
        (one.selection, "–".join(map(str, one.years)), f"{one.accounts:,}", f"{one.posts:,}") for one in record.sets
    ]
    views, engagement = curves_of("views"), curves_of("engagement")
    along = [
        (f"{CURVES[fact][0]}: {bin_text(one, CURVES[fact][1])}", change(one), change(other), f"{one.posts:,}")
        for fact, curve in views.items()
        for one, other in zip(curve.bins, engagement[fact].bins, strict=True)
    ]
    words = {band.id: band.do[0].lower() + band.do[1:] for band in load_bands(rulebook())}
    together = [
        (
            " and ".join(words.get(fact, fact) for fact in one.facts),
            percent(one.factor),
            " to ".join(map(percent, one.interval)),
            f"{one.accounts:,}",
        )
        for one in load_public_record(rulebook()).combinations
        if one.outcome == "views"
    ]
    return {
        "grades": "\n".join(by_grade) + "\n",
        "combinations": table(("both", "views beside what each foretells", "90% range", "accounts"), together),
        "curves": table(("posts", "views", "likes, comments and shares per view", "posts in all"), along),
        "effects": table(heads, rows),
        "sets": table(("accounts that were picked", "years", "accounts", "posts"), sets),
    }


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (heads, ["---"] * len(heads), *rows))


def page(text: str) -> str:
    """The page with its tables as the record has them, each between the marks of its name."""
    for name, content in tables().items():
        marks = rf"(<!-- {name} -->\n).*?(<!-- end -->)"
        text = re.sub(marks, lambda match, content=content: f"{match[1]}\n{content}\n{match[2]}", text, flags=re.DOTALL)
    return text


if __name__ == "__main__":
    for name, picture in pictures().items():
        (DOCS / "pictures" / name).write_text(picture, "utf-8")
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
