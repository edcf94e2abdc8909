"""What the page says, section by section, in words and numbers that its template sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from tiktok_coach.analysis.audit import Audit
from tiktok_coach.analysis.compare import Comparison
from tiktok_coach.analysis.groups import Group, PostGroups
from tiktok_coach.analysis.start import DOWNLOADS
from tiktok_coach.analysis.times import Times
from tiktok_coach.analysis.tips import Subject, Tip
from tiktok_coach.core.notices import PROVENANCE, Source
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, fill, format_value, plural, weekday_names
from tiktok_coach.render import accounts, advice, labels
from tiktok_coach.render.compare import compare_page
from tiktok_coach.render.evidence import SELECTED, caveats
from tiktok_coach.render.pages.page import Table, Words
from tiktok_coach.render.retention_advice import short_worth_text
from tiktok_coach.render.rewards import MARKS, bar_text, rewards_heading, views_texts
from tiktok_coach.render.search_words import search_texts
from tiktok_coach.render.simulation.data import expected_of
from tiktok_coach.render.site.charts import Axis, shades, timeline
from tiktok_coach.render.site.numbers import figures, period_text, summary_text
from tiktok_coach.render.site.posts import cards
from tiktok_coach.render.site.retention import retention_content
from tiktok_coach.render.times import NO_CLEAR_HOUR, NO_HOUR_KNOWN, answers, hour_text, tried_text
from tiktok_coach.render.values import views_change
from tiktok_coach.rules.findings import TipScore
from tiktok_coach.stats.account_effects import HELPS, HURTS, Change
from tiktok_coach.stats.account_summaries import AccountSummary
from tiktok_coach.stats.posting_times import HOURS
from tiktok_coach.stats.public_record import (
    CONTRADICTED,
    DIFFERS,
    MIXED,
    NO_EFFECT,
    NOT_TESTED,
    PARTLY_CONTRADICTED,
    PARTLY_SUPPORTED,
    SUPPORTED,
)
from tiktok_coach.stats.retention_advice import AnyAdvice, RetentionAdvice

if TYPE_CHECKING:
    from tiktok_coach.render.site.report import Planned, Studies

# How many are shown: what to do next, what else, posts that show it, what works, the best hours.
NEXT, MORE, EXAMPLES, EFFECTS, BEST = 3, 5, 2, 8, 5
# Effects are shown between half and twice.
EFFECT_AXIS = Axis(0.5, 2.0)
GRADES = {
    SUPPORTED: N_("Public posts agree"),
    NO_EFFECT: N_("Public posts show no effect"),
    CONTRADICTED: N_("Public posts say the opposite"),
    DIFFERS: N_("Differs between public accounts"),
    NOT_TESTED: N_("Not tested on public posts"),
    PARTLY_SUPPORTED: N_("Public posts agree in part"),
    PARTLY_CONTRADICTED: N_("Public posts say the opposite in part"),
    MIXED: N_("Public posts agree in part, and in part not"),
}
HOW_SURE = (
    N_("What goes along with more views need not be the reason for them: change one thing at a time, and compare."),
    N_("A range in brackets leaves room for chance: in nine of ten cases the true number lies within it."),
    N_("A tip's number counts only what the files show; a pale bar rests on little."),
    N_(
        "The simulated score of a post uses weights that TikTok never published: some are assumed, some are those of "
        "another platform."
    ),
)
# A factor on views with the ends of its interval.
Effect: TypeAlias = tuple[float, float, float]
NOTES = N_("your own notes")
# Kinds of post as they are called, for the catalogue.
KINDS = (N_("original"), N_("duet"), N_("stitch"), N_("video reply"), N_("photo"))


def content_of(studies: Studies) -> dict[str, Any]:
    """The sections of the page."""
    audit = studies.audit
    post_labels = [labels.label_of(audit.posts, row) for row in range(len(audit.posts))]
    ids, views = [str(value) for value in audit.posts["post_id"]], column(audit.posts, "views").astype("float64")
    todo = [_advice(audit, one) for one in audit.advice[: NEXT + MORE]]
    return {
        "handle": audit.account.handle,
        "account": {"type": audit.account.type, "country": audit.account.country},
        "posts_text": labels.period_text(audit),
        "summary": summary_text(audit.overview, int(audit.is_out.sum()), studies.groups.views),
        # Posts without a day lie in no period.
        "period": period_text(audit.overview) if audit.period() else "",
        "figures": list(figures(audit.overview)) if audit.period() else [],
        "heading": advice.heading(audit.account, audit.advice),
        "next": todo[:NEXT],
        "then": todo[NEXT:],
        "nothing": labels.nothing_to_change(audit),
        **_works(studies.tips),
        "rates": labels.rate_texts(audit.rates),
        "zone": audit.account.timezone or "UTC",
        "times": (times := _times(studies.times)),
        "no_hour": "" if times else _(NO_CLEAR_HOUR if studies.times.slots is not None else NO_HOUR_KNOWN),
        "stay": retention_content(studies.retention, studies.moments),
        "cards": cards(studies),
        "shared": "" if audit.shared is None else advice.do_text(audit.shared),
        "groups": list(_groups(studies.groups)),
        "timeline": timeline(column(audit.posts, "posted_at"), views, ids, post_labels),
        "tips": [_tip(score, tip) for score, tip in _graded(audit.tips, studies.tips)],
        "search": [] if audit.search is None else list(search_texts(audit.search)),
        "rewards": _rewards(audit) if "rewards" in audit.account.goals else None,
        "more": list(_more(audit)),
        "planned": _planned(studies.planned) if studies.planned else None,
        "compared": _compared(studies.comparison) if studies.comparison else None,
        "sure": [
            *map(_, HOW_SURE),
            *([_(SELECTED)] if SELECTED in caveats(studies.evidence) else []),
            labels.public_posts_text(),
            *labels.limits_texts(audit.account),
        ],
        "sources": "; ".join(_sources(audit)),
    }


def accounts_content(summaries: Sequence[AccountSummary], pages: Mapping[str | None, str]) -> dict[str, Any] | None:
    """The table of several accounts, None where there is one; `pages` are their own files by handle.

    Tips that nothing is known of are left out.
    """
    if not summaries:
        return None
    known = {tip.tip for one in summaries for tip in one.tips if tip.tip is not None and tip.score is not None}
    return {
        "period": accounts.period_reading(summaries),
        "rows": [
            {
                "name": accounts.name_of(one),
                "page": pages.get(one.account.handle),
                "posts": accounts.posts_text(one),
                "views": accounts.views_text(one),
                "score": "–" if one.score != one.score else format_value(one.score, ".0f"),
                "mark": accounts.MARKS[one.significant],
                "beside": {1: _("above the others"), -1: _("below the others")}.get(one.significant, ""),
                "first": "–" if (rule := accounts.first_rule(one)) is None else rule.do,
                "tips": [_tip(tip, None) for tip in one.tips if tip.tip in known],
            }
            for one in summaries
        ],
    }


def _advice(audit: Audit, one: AnyAdvice) -> dict[str, Any]:
    if not isinstance(one, Change):
        why, lead = advice.agreement_text(one, audit.evaluations), _("As here:")
        rows = [audit.examples[one.id]] if one.id in audit.examples else []
    else:
        rule, lead = one.evaluation.compiled.rule, _("For instance:")
        why, rows = rule.why, labels.worst_rows(audit, one)[:EXAMPLES] if rule.scope == "post" else []
    is_on_watching, ids = isinstance(one, RetentionAdvice), audit.posts["post_id"]
    return {
        "do": advice.do_text(one),
        # The section on why viewers leave says the rest.
        "where": short_worth_text(one) if isinstance(one, RetentionAdvice) else advice.lacking_text(one),
        "worth": "" if is_on_watching else advice.worth_text(one),
        "section": "leave" if is_on_watching else "",
        "why": " ".join(filter(None, [why, *advice.remark_texts(one, audit.evaluations, audit.account)])),
        "lead": lead,
        "posts": [{"id": str(ids.iloc[row]), "label": labels.label_of(audit.posts, row)[:70]} for row in rows],
    }


def _works(tips: Sequence[Tip]) -> dict[str, Any]:
    """What own posts or public ones clearly show, own first, then the largest effects; and of how many neither do."""
    rules = [rule for tip in tips for rule in tip.rules]
    clear = []
    for rule in rules:
        own, public = _own(rule), _public(rule)
        if effect := own or public:
            clear.append((own is None, -abs(np.log(effect[0])), rule.words, own, public))
    shown = sorted(clear, key=lambda one: one[:2])[:EFFECTS]
    works = [_effects(words, own, public) for _is_public, _size, words, own, public in shown]
    return {"works": works, "unclear": len(rules) - len(clear)}


def _effects(words: str, own: Effect | None, public: Effect | None) -> dict[str, Any]:
    """A thing to do with its effects in words and as marks, of which two stand one below the other."""
    known = [("own", N_("Your posts: {change}"), own), ("public", N_("Public posts: {change}"), public)]
    rows = [(of, _(text, change=views_change(*effect)), effect) for of, text, effect in known if effect]
    heights = (9, 23) if len(rows) > 1 else (16,)
    return {
        "do": words,
        "says": [says for _of, says, _effect in rows],
        "marks": [
            dict(zip(("of", "down", "at", "low", "high"), (of, down, *map(EFFECT_AXIS.at, effect)), strict=True))
            for (of, _says, effect), down in zip(rows, heights, strict=True)
        ],
    }


def _own(rule: Subject) -> Effect | None:
    one = rule.account
    return (one.effect, one.low, one.high) if one is not None and one.verdict in (HELPS, HURTS) else None


def _public(rule: Subject) -> Effect | None:
    one = rule.public
    return (one.effect, *one.interval) if one is not None and one.grade in (SUPPORTED, CONTRADICTED) else None


def _graded(scores: Sequence[TipScore], tips: Sequence[Tip]) -> Iterator[tuple[TipScore, Tip | None]]:
    by_number = {tip.number: tip for tip in tips}
    return ((score, by_number.get(score.tip)) for score in scores if score.tip is not None)


def _tip(score: TipScore, tip: Tip | None) -> dict[str, Any]:
    """A tip's score, a bar that is as pale as little is known, and the grade of the public record."""
    return {
        "number": score.tip,
        "title": score.title,
        "summary": "" if tip is None else tip.summary,
        "score": None if score.score is None else round(score.score),
        "known": "" if score.coverage == 1 else _("{share} of it known", share=labels.coverage_text(score.coverage)),
        "fade": round(0.25 + 0.75 * score.coverage, 2),
        "grade": "" if tip is None else _(GRADES[tip.grade]),
    }


def _times(times: Times) -> dict[str, Any] | None:
    """The hours of the week; None where no hour is clearly better or worse, since what differs then may be noise."""
    slots = times.slots
    if slots is None or not times.is_clear:
        return None
    best = times.best(BEST)
    says = [views_change(*ends) for ends in zip(slots.effect, slots.low, slots.high, strict=True)]
    shade, unknown = shades(np.where(slots.known_mask, np.log(slots.effect), np.nan)), _("not known")
    cells = [
        {
            "shade": int(shade[slot]),
            "says": f"{hour_text(slot)}: {says[slot] if shade[slot] else unknown}",
            "best": slot in best,
        }
        for slot in range(len(shade))
    ]
    days = [{"name": name, "cells": cells[HOURS * day : HOURS * (day + 1)]} for day, name in enumerate(weekday_names())]
    return {
        "answers": list(answers(times)),
        "days": days,
        "best": [{"hour": hour_text(slot), "says": f"{says[slot]}. {tried_text(slots, slot)}"} for slot in best],
    }


def _groups(groups: PostGroups) -> Iterator[dict[str, Any]]:
    """The kinds, lengths and hashtags of posts with their medians, beside that of all posts."""
    for title, members in (
        (_("Kinds of post"), [(_(one.name.replace("_", " ")), one) for one in groups.kinds]),
        (_("Lengths"), [(_(one.name), one) for one in groups.lengths]),
        (_("Hashtags"), [(f"#{one.name}", one) for one in groups.hashtags]),
    ):
        most = max((one.views for _name, one in members), default=0.0)
        if most > 0 and len(members) > 1:
            yield {"title": title, "rows": [_group(name, one, most) for name, one in members]}


def _group(name: str, one: Group, most: float) -> dict[str, Any]:
    return {
        "name": name,
        "posts": format_value(one.posts, ","),
        "views": format_value(one.views, ",.0f"),
        "wide": round(100 * one.views / most, 1),
        # Few posts tell little: their bar is pale.
        "fade": round(min(0.25 + one.posts / 20, 1.0), 2),
    }


def _rewards(audit: Audit) -> dict[str, Any] | None:
    """How far the Creator Rewards Program is: its conditions, and at most how many views count."""
    if (result := audit.rewards) is None:
        return None
    return {
        "heading": rewards_heading(result),
        "conditions": [f"{bar_text(bar, result.programme)} ({_(MARKS[bar.is_met])})" for bar in result.bars],
        "views": list(views_texts(result, audit.posts)),
    }


def _more(audit: Audit) -> Iterator[dict[str, str]]:
    """The files that would tell more, the best first, and what they tell."""
    kinds = {source.download for source in audit.export.sources if source.state == "read"}
    for one in DOWNLOADS:
        if one.kind not in kinds:
            yield {"source": _(one.name), "tells": _(one.tells)}
    titles = {e.code: e.compiled.title for e in audit.evaluations if e.compiled.tip is not None}
    of_videos = [code for one in audit.missing if "`probe`" in one.provided_by for code in one.codes if code in titles]
    if of_videos:
        yield {"source": _("the video files"), "tells": "; ".join(dict.fromkeys(titles[code] for code in of_videos))}


def _sources(audit: Audit) -> Iterator[str]:
    """The files that were read, those of one format together; of several accounts, the files of this one's posts."""
    by_format: dict[str, list[int]] = {}
    for source in _sources_of_posts(audit):
        by_format.setdefault(NOTES if source.format == "sidecar" else source.format, []).append(source.rows)
    for name, rows in by_format.items():
        files = plural("{count:,} file", "{count:,} files", len(rows))
        counted = plural("{count:,} row", "{count:,} rows", sum(rows))
        yield f"{_(name)} ({files}, {counted})"


def _sources_of_posts(audit: Audit) -> Sequence[Source]:
    """All sources, or where some are of posts of other accounts, those alone that told of these posts."""
    provenance, posts = audit.export.provenance, audit.posts
    of_any = {source for pattern in provenance.patterns for source, _columns in pattern}
    codes = set(posts[PROVENANCE].tolist() if PROVENANCE in posts else ())
    of_these = {source for code in codes if code >= 0 for source, _columns in provenance.patterns[code]}
    if of_these == of_any:
        return audit.export.sources
    return [provenance.sources[source] for source in sorted(of_these)]


def _compared(comparison: Comparison) -> dict[str, Any]:
    """What changed: which posts are compared, how to read that, and tables.

    The answer is left out: the page opens with one, of views alone, which many quantities at once could contradict.
    """
    _answer, sides, *others = compare_page(comparison).parts
    # What else stands there names options of the command, which say nothing to who reads the page.
    readings = (part for part in others if isinstance(part, Words) and part.faint and not part.tight)
    words = [part.text for part in (sides, *readings) if isinstance(part, Words)]
    since = N_("Since the period before") if len(comparison.exports) == 1 else N_("Since the earlier export")
    return {"heading": _(since), "texts": words, "tables": [p for p in others if isinstance(p, Table)]}


def _planned(planned: Planned) -> dict[str, Any]:
    simulation = planned.simulation
    posts = []
    for row, (_index, post) in enumerate(simulation.posts.iterrows()):
        expected, at, caption = expected_of(simulation, row), post.get("posted_at"), post.get("caption")
        views = _("not enough data")
        if expected["views"] is not None:
            low, high = expected["interval"]
            views = fill("{views:,.0f} ({low:,.0f}–{high:,.0f})", views=expected["views"], low=low, high=high)
        posts.append(
            {
                "id": str(post["post_id"]),
                "when": "" if pd.isna(at) else fill("{at:%Y-%m-%d %H:%M}", at=at),
                "caption": caption if isinstance(caption, str) else "",
                "expected": views,
            }
        )
    return {"posts": posts, "findings": planned.linted.findings, "problems": planned.linted.problems}
