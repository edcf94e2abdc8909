"""An audit: how each tip stands, what to change first, the best and the worst posts; as a page and as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

import pandas as pd
from rich.text import Text

from tiktok_coach.analysis.audit import SCHEMA_VERSION, Audit
from tiktok_coach.analysis.overview import Overview
from tiktok_coach.core.account import Account
from tiktok_coach.core.notices import Source
from tiktok_coach.core.schema import column
from tiktok_coach.core.translation import N_, _, format_value, plural
from tiktok_coach.render import advice, labels
from tiktok_coach.render.escaping import attributes, markdown, one_line
from tiktok_coach.render.follow_up import follow_up_facts, opening_texts
from tiktok_coach.render.moments import experiment_text
from tiktok_coach.render.output import RenderOptions
from tiktok_coach.render.pages.charts import retention_of, retention_picture, small_multiples
from tiktok_coach.render.pages.page import (
    ByMedium,
    Column,
    Facts,
    Inline,
    Page,
    Part,
    Picture,
    Step,
    Steps,
    Table,
    TextColumn,
    Words,
    line,
)
from tiktok_coach.render.retention_advice import cause_text, later_texts
from tiktok_coach.render.rewards import rewards_facts, rewards_parts
from tiktok_coach.render.search_words import search_facts, search_parts
from tiktok_coach.render.table import with_sources
from tiktok_coach.render.values import facts_of, json_cell, json_object, views_text
from tiktok_coach.rules.findings import MissingInput, TipScore, finding_of, findings
from tiktok_coach.rules.kind import FAIL, NAMES, PASS, STATUS, UNKNOWN
from tiktok_coach.rules.model import translate_claim
from tiktok_coach.stats.account_effects import Change
from tiktok_coach.stats.advice import Advice
from tiktok_coach.stats.benchmarks import RatePlace
from tiktok_coach.stats.retention_advice import AnyAdvice, RetentionAdvice

BAR = 16
# The parts of the whole page by name, in their order.
PARTS = ("changes", "posts", "tips", "search", "rewards", "missing")
# Shown to who is after it, or asks for it.
OF_GOALS = {"rewards": "rewards"}
# How many posts are drawn at each end, how many examples a change has, and how many codes of a missing input are named.
SMALL_CURVES, EXAMPLES, CODES = 5, 3, 9
# Columns of a post as JSON shows it.
POST_COLUMNS = (
    "post_id account link status caption kind uploaded_at posted_at posted_at_precision duration_s views reach likes "
    "comments shares saves completion_rate average_watch_time_s metrics_at sources"
)


def audit_page(audit: Audit, options: RenderOptions) -> Page:
    """The audit of an account, with its `options.top` changes and, if `options.every_post`, every post."""
    account = audit.account
    facts = [_(account.type) if account.type else "", account.category, account.country, account.timezone]
    name = one_line(f"@{account.handle}" if account.handle else _("Account without a name"))
    details = ", ".join(one_line(fact) for fact in facts if fact)
    title = Text.assemble((name, "bold"), (f"  {details}" if details else "", "dim"))
    scores = N_("score: share of checks passed, by importance; known: share of checks that your files can answer")
    parts: dict[str, Iterable[Part]] = {
        "changes": _changes(audit, options),
        "posts": _posts_parts(audit, every=options.every_post),
        "tips": [_tips(audit), Words(_(scores), faint=True, only="terminal"), *_rates(audit)],
        "search": _search(audit),
        "rewards": _rewards(audit),
        "missing": _missing(audit),
    }
    head: list[Part] = [*map(line, opening_texts(audit.follow_up)), line(labels.period_text(audit)), _sources(audit)]
    names = options.parts or [name for name in PARTS if OF_GOALS.get(name) in (None, *account.goals)]
    shown = [part for name in names for part in parts[name]]
    heading = ByMedium(title, _("Audit of {account}", account=account.handle or _("account")))
    return Page(heading, shown if options.parts else [*head, *shown])


def _search(audit: Audit) -> Iterator[Part]:
    yield from search_parts(audit.search)


def _rewards(audit: Audit) -> Iterator[Part]:
    if audit.rewards is not None:
        yield from rewards_parts(audit.rewards, audit.posts)


def _changes(audit: Audit, options: RenderOptions) -> Iterator[Part]:
    """What to change, and what a tip asks for that costs views."""
    yield _advice(audit, options)
    yield from islice(later_texts(audit.advice, options.top), 1)
    yield from map(advice.contradicted_text, audit.contradicted)
    if hurting := labels.hurting_text(audit):
        yield hurting


def _posts_parts(audit: Audit, *, every: bool) -> Iterator[Part]:
    """The most viewed posts and those with least views, or every post; and how long viewers stay."""
    if every:
        ranked = labels.ranked_posts(audit, len(audit.posts))[0]
        unscored = sorted(set(range(len(audit.posts))) - set(ranked))
        yield _posts_table(audit, _("Every post"), ranked + unscored)
    else:
        best, worst = labels.posts_by_views(audit)
        yield from (
            _posts_table(audit, title, rows)
            for title, rows in ((_("Most viewed"), best), (_("Least viewed"), worst))
            if rows
        )
    yield from _retention(audit)


def post_page(audit: Audit, row: int) -> Page:
    """One post: what every rule says of it, what fails first, and how long viewers stay."""
    score, coverage, _failed = audit.scores.iloc[row]
    views = column(audit.posts, "views").iloc[row]
    summary = _(
        "score {score} ({coverage} known), {views}",
        score=_score(score),
        coverage=labels.coverage_text(coverage),
        views=_("views not known") if pd.isna(views) else views_text(views),
    )
    rows: list[Sequence[Inline]] = [
        [evaluation.code, Text(_(NAMES[status]), style=style), str(finding_of(evaluation, row)["message"])]
        for status, style in ((FAIL, "red"), (PASS, "green"), (UNKNOWN, "dim"))
        for evaluation in audit.evaluations
        if evaluation.compiled.rule.scope == "post" and evaluation.status[row] == status
    ]
    heads = (TextColumn(N_("rule")), TextColumn(N_("answer")), TextColumn(N_("says"), fills=True, wraps=True))
    retention = retention_picture(audit.posts, audit.export.retention, row)
    title = Text(labels.label_of(audit.posts, row), style="bold")
    return Page(title, [Words(summary, tight=True), Table("", heads, rows), *retention])


def _sources(audit: Audit) -> Facts:
    """The files that were read, those of one format on one line."""
    by_format: dict[str, list[Source]] = {}
    for source in audit.export.sources:
        by_format.setdefault(source.format, []).append(source)
    lines: list[Sequence[Inline]] = []
    for name, files in by_format.items():
        rows = sum(source.rows for source in files)
        file = one_line(files[0].name, 56) if len(files) == 1 else plural("{count} file", "{count} files", len(files))
        counted = plural("{count:,} row", "{count:,} rows", rows)
        state = Text(counted, style="dim") if rows else Text(_("header only"), style="yellow")
        lines.append([_(name), Text(file, style="dim"), state])
    return Facts("", lines, only="terminal")


def _tips(audit: Audit) -> Table:
    needs = {N_("known"): 0, N_("pass"): 96, N_("fail"): 0, N_("unknown"): 96}
    heads = (
        TextColumn(N_("tip"), wraps=True),
        Column(N_("score"), least=max(len(_("score")), 5)),
        TextColumn("", needs=76, least=BAR, is_chart=True),
        *(Column(name, needs=width, least=max(len(_(name)), 5)) for name, width in needs.items()),
    )
    rows: list[Sequence[Inline]] = [
        [
            ByMedium(Text(f"{tip.tip or ' '}  {tip.title}"), f"{tip.tip}. {tip.title}" if tip.tip else tip.title),
            Text(_("not known"), "dim") if tip.score is None else Text(format_value(tip.score, ".0f"), "bold"),
            _bar(tip),
            Text(labels.coverage_text(tip.coverage), style="" if tip.coverage >= 0.5 else "dim"),
            tip.counts["pass"],
            tip.counts["fail"],
            ByMedium(Text(format_value(tip.counts["unknown"], ","), style="dim"), str(tip.counts["unknown"])),
        ]
        for tip in audit.tips
    ]
    return Table(_("The nine tips"), heads, rows)


def _bar(tip: TipScore) -> Text:
    """A bar of the score, hatched where none is known."""
    if tip.score is None:
        return Text("░" * BAR, style="dim")
    length = round(tip.score / 100 * BAR)
    style = "green" if tip.score >= 75 else "yellow" if tip.score >= 50 else "red"
    return Text("█" * length, style=style) + Text("─" * (BAR - length), style="dim")


def _rates(audit: Audit) -> Iterator[Part]:
    """How likes, comments, shares and saves per view compare with public posts, a line each of what is known."""
    if texts := labels.rate_texts(audit.rates):
        yield Facts(_("Beside public posts"), [[text] for text in texts], texts)
        yield Words(" ".join([labels.public_posts_text(), *labels.limits_texts(audit.account)]), faint=True)


def _advice(audit: Audit, options: RenderOptions) -> Steps:
    inputs = options.inputs or "EXPORTS"
    if options.of_several and audit.account.handle:
        inputs += f" --account {shlex.quote(one_line(audit.account.handle))}"
    inputs = f"{inputs} {options.media}".rstrip()
    steps = [_step(audit, one, inputs) for one in audit.advice[: options.top]]
    return Steps(advice.heading(audit.account, audit.advice), steps, labels.nothing_to_change(audit))


def _step(audit: Audit, one: AnyAdvice, inputs: str) -> Step:
    do, code = advice.do_text(one), advice.code_of(one)
    title = Text.assemble((do, "bold"), (f"  {code}" if code else "", "dim"))
    heading = ByMedium(title, f"**{markdown(do)}** ({code})" if code else f"**{markdown(do)}**")
    worth = f"{advice.lacking_text(one)} {advice.worth_text(one)}"
    remarks = advice.remark_texts(one, audit.evaluations, audit.account)
    if isinstance(one, RetentionAdvice):
        remarks.append(f"{cause_text(one, audit.advice)} {experiment_text(one.id, inputs)}".lstrip())
        claims = labels.claims_text([translate_claim(claim) for claim in one.tip.sources], None)
        return Step(heading, [worth, *remarks], [], _source(claims) if claims else None)
    if isinstance(one, Advice):
        why = advice.agreement_text(one, audit.evaluations)
        return Step(heading, [*filter(None, (worth, why)), *remarks])
    rule = one.evaluation.compiled.rule
    source = _source(labels.sources_text(rule))
    examples = [] if advice.says_standing(one) else labels.example_posts(audit, one, EXAMPLES)
    return Step(heading, [worth, rule.why, *remarks], examples, source)


def _source(sources: str) -> ByMedium:
    return ByMedium(_("source: {sources}", sources=sources), _("Source: {sources}", sources=sources))


def _posts_table(audit: Audit, title: str, rows: Sequence[int]) -> Table:
    numbers = (N_("score"), N_("known"), N_("failed"), N_("views"))
    heads = [Column(name, least=max(len(_(name)), 6)) for name in numbers]
    all_views = column(audit.posts, "views")
    cells: list[Sequence[Inline]] = []
    for row in rows:
        (score, coverage, failed), views = audit.scores.iloc[row], all_views.iloc[row]
        known_share = Text(labels.coverage_text(coverage))
        count = "–" if pd.isna(views) else int(views)
        cells.append([labels.label_of(audit.posts, row), _score(score), known_share, int(failed), count])
    return Table(title, [TextColumn(N_("post"), fills=True, cut=70), *heads], cells)


def _score(score: float) -> str:
    return "–" if score != score else format_value(score, ".0f")


def _retention(audit: Audit) -> Iterator[Picture]:
    """Small curves of the posts that are watched longest and shortest, by who still watches at half of the length."""
    half = column(audit.posts, "retention_half").reset_index(drop=True).dropna()
    if len(half) < 2 * SMALL_CURVES:
        return
    ranked = half.sort_values(ascending=False, kind="stable").index
    for title, rows in ((_("Watched longest"), ranked), (_("Watched shortest"), ranked[::-1])):
        ids = {row: str(audit.posts["post_id"].iloc[row]) for row in rows[:SMALL_CURVES]}
        curves = [(labels.label_of(audit.posts, row), retention_of(audit.export.retention, ids[row])) for row in ids]
        if known := [(label, curve) for label, curve in curves if curve is not None]:
            yield Picture("", partial(small_multiples, title, known), only="terminal")


def _missing(audit: Audit) -> Iterator[Part]:
    if audit.missing:
        rows, items = [], []
        for missing in audit.missing:
            rest = len(missing.codes) - CODES
            codes = ", ".join(missing.codes[:CODES]) + (_(" and {count} more", count=rest) if rest > 0 else "")
            rows.append([Text(missing.provided_by), Text(codes, style="dim")])
            items.append(_("{source} would answer {codes}", source=missing.provided_by, codes=", ".join(missing.codes)))
        yield Facts(_("What more would tell"), rows, items)
    if empty := audit.export.header_only:
        names = ", ".join(one_line(name) for name in empty)
        text = _("Empty files: {names}. TikTok fills them from 100 followers on.", names=names)
        yield line(text, "yellow")


def audit_json(
    audit: Audit, options: RenderOptions, accounts: Sequence[Mapping[str, Any]] | None = None
) -> Iterator[str]:
    """The audit as pieces of one JSON text, with findings of `options.statuses`, and `accounts` beside each other."""
    statuses = [STATUS[name] for name in options.statuses or STATUS]
    head = {
        "schema_version": SCHEMA_VERSION,
        "account": account_facts(audit.account),
        "accounts": [account_facts(a) for a in audit.export.accounts] if accounts is None else list(accounts),
        "sources": [s.as_dict() for s in audit.export.sources],
        "notices": [n.as_dict() for n in audit.export.all_notices],
        "tips": [tip_facts(t) for t in audit.tips if t.tip is not None],
        "groups": [tip_facts(t) for t in audit.tips if t.tip is None],
        "changes": [change_facts(c) for c in audit.changes],
        "rates": [rate_facts(r) for r in audit.rates],
        "hurting": [change_facts(c) for c in audit.hurting],
        "contradicted": [change_facts(c) for c in audit.contradicted],
        "missing": [missing_facts(m) for m in audit.missing],
        "as_of": json_cell(audit.as_of),
        "advice": [advice.advice_facts(one) for one in audit.advice],
        "overview": overview_facts(audit.overview),
        "follow_up": follow_up_facts(audit.follow_up) if audit.follow_up else None,
        "search": search_facts(audit.search),
        "rewards": None if audit.rewards is None else rewards_facts(audit.rewards, audit.posts),
    }
    answers = (finding for evaluation in audit.evaluations for finding in findings(evaluation, statuses))
    return json_object(head, findings=answers, posts=_posts(audit))


def overview_facts(numbers: Overview) -> dict[str, Any]:
    """The numbers of a period, each with that of the period before, and the interval of what is a sample's change."""
    days = {name: [str(one.since), str(one.until)] for name in ("period", "before") for one in [getattr(numbers, name)]}
    figures = ["posts", "views", "likes", "followers", "daily_views", "daily_viewers", "daily_profile_views"]
    return {**days, **{name: facts_of(getattr(numbers, name), "value before change interval") for name in figures}}


def account_facts(account: Account) -> dict[str, Any]:
    """Who an account is."""
    names = "handle type category timezone timezone_source language country subcultures small_business"
    return {**attributes(account, names), "goal": list(account.goals)}


def missing_facts(lack: MissingInput) -> dict[str, Any]:
    """What would answer the unknown."""
    return {"supplied_by": lack.provided_by, "codes": list(lack.codes)}


def tip_facts(tip: TipScore) -> dict[str, Any]:
    """How a tip, or another group of rules, stands."""
    return {
        "tip": tip.tip if tip.tip is not None else tip.group,
        "title": tip.title,
        "score": None if tip.score is None else round(tip.score, 1),
        "coverage": round(tip.coverage, 4),
        "counts": tip.counts,
    }


def rate_facts(place: RatePlace) -> dict[str, Any]:
    """A rate per view beside public posts of like reach."""
    return facts_of(place, "rate value above posts")


def change_facts(change: Change) -> dict[str, Any]:
    """A change, what mending is expected to do, on what that rests, and what the account's own posts say of it."""
    rule, expected = change.evaluation.compiled.rule, change.expected
    return {
        "code": rule.code,
        **attributes(rule, "name title do"),
        "tip": change.evaluation.compiled.tip,
        "severity": rule.severity,
        "gain": round(change.gain, 2),
        **attributes(change, "failing known"),
        "expected": {
            **facts_of(expected, "basis outcome effect interval chance total"),
            "own_posts": expected.posts,
            "verdict": expected.verdict,
        },
        "why": rule.why,
        "sources": [c.model_dump() for c in rule.sources],
    }


def _posts(audit: Audit) -> Iterator[dict[str, Any]]:
    posts = with_sources(audit.export)
    columns = [c for c in POST_COLUMNS.split() if c in posts.columns]
    scores = audit.scores.itertuples(index=False)
    for values, (score, coverage, failed) in zip(posts[columns].itertuples(index=False), scores, strict=True):
        post = {name: json_cell(value) for name, value in zip(columns, values, strict=True)}
        if "posted_at" in post and post.get("posted_at_precision") == "day":
            post["posted_at"] = str(post["posted_at"])[:10]
        yield {**post, "score": json_cell(round(score, 1)), "coverage": round(coverage, 4), "failed": int(failed)}
