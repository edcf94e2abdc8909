"""Runs the examples that stand in rule files: what a rule says of them is its test, and its manual."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from tiktok_coach.core.account import LISTS, Account, Audience, Trends, parse_goals
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.notices import IN_FULL_LIST
from tiktok_coach.core.schema import COLUMNS, conform
from tiktok_coach.core.translation import _
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.kind import NAMES
from tiktok_coach.rules.load import CompiledRule
from tiktok_coach.rules.subjects import Context

CONTEXT_KEYS = {
    "post",
    "posts",
    "posts_repeated",
    "account",
    "trends",
    "activity",
    "gender",
    "followers",
    "overview",
    "today",
}


def example_posts(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Example posts as a posts table. A `posted_at` without a time has the precision of a day.

    `caption_repeated: {text, times}` writes a long caption shortly; `in_full_list: false` is a post of a list that
    leaves some out.
    """
    posts = []
    for row in rows:
        post = dict(row)
        if repeated := post.pop("caption_repeated", None):
            post["caption"] = repeated["text"] * repeated["times"]
        if "posted_at" in post:
            text = str(post["posted_at"])
            post.setdefault("posted_at_precision", "day" if len(text) == 10 else "second")
            post["posted_at"] = pd.to_datetime(text, utc=True)
        unknown = set(post) - {*COLUMNS, IN_FULL_LIST}
        if unknown:
            raise CoachError(_("an example has no column {name!r} to fill", name=min(unknown)))
        posts.append(post)
    table = pd.DataFrame(posts)
    if "post_id" not in table.columns:
        table["post_id"] = [f"example-{n}" for n in range(1, len(table) + 1)]
    table["post_id"] = table["post_id"].astype("str")
    return conform(table)


def example_parts(example: dict[str, Any]) -> tuple[pd.DataFrame, Context]:
    """An example as posts and what is known beside them; `overview` is so many days of the same views."""
    is_post = not (set(example) & (CONTEXT_KEYS - {"account"})) and not isinstance(example.get("account"), dict)
    parts: dict[str, Any] = {"post": example} if is_post else example
    rows: list[dict[str, Any]] = list(parts.get("posts", ()))
    rows += [parts["post"]] if "post" in parts else []
    if repeated := parts.get("posts_repeated"):
        # The same post again and again, so many minutes apart.
        first, apart = pd.Timestamp(repeated["post"]["posted_at"]), pd.Timedelta(minutes=repeated["minutes"])
        times = (str(first + number * apart) for number in range(repeated["times"]))
        rows += [{**repeated["post"], "posted_at": time} for time in times]
    settings = dict(parts.get("account") or {})
    settings["subcultures"] = tuple(settings.get("subcultures") or ())
    goal = settings.pop("goal", ())
    settings["goals"] = parse_goals([goal] if isinstance(goal, str) else goal)
    columns = {"activity": ["hour", "active_followers"], "gender": ["gender", "share"]}
    columns["followers"] = ["date", "followers"]
    tables = {name: pd.DataFrame(parts[name], columns=columns[name]) for name in columns if name in parts}
    if "followers" in tables:
        tables["followers"]["date"] = pd.to_datetime(tables["followers"]["date"])
    if "overview" in parts:
        days = pd.date_range("2026-01-01", periods=parts["overview"]["days"])
        tables["overview"] = pd.DataFrame({"date": days, "views": float(parts["overview"]["views"])})
    now = pd.Timestamp(parts["today"], tz="UTC") if "today" in parts else None
    trends = None
    if "trends" in parts:
        lists = parts["trends"]
        names = [(kind, str(name)) for plural, kind in LISTS.items() for name in lists.get(plural, [])]
        table = pd.DataFrame([(k, n.removeprefix("#").casefold()) for k, n in names], columns=["kind", "name"])
        as_of, window_days = pd.Timestamp(lists["as_of"], tz="UTC"), lists.get("window_days", 7)
        trends = Trends(table.assign(region=lists.get("region"), as_of=as_of, window_days=window_days))
    context = Context((Account(**settings),), {"": Audience(**tables)}, trends, now)
    return example_posts(rows) if rows else conform(pd.DataFrame({"post_id": pd.Series(dtype="str")})), context


def failures(compiled: CompiledRule) -> list[str]:
    """What the rule's own examples show to be wrong with it; empty where each gets the answer it stands under."""
    wrong = []
    where, code, examples = compiled.where, compiled.code, compiled.rule.examples
    for status in NAMES:
        for number, example in enumerate(examples.of(status), 1):
            terms = {"where": where, "code": code, "wanted": status, "number": number}
            try:
                posts, context = example_parts(example)
            except (CoachError, TypeError, ValueError, KeyError) as error:
                terms["error"] = error
                wrong.append(_("{where}: {code} {wanted} example {number} cannot be read: {error}", **terms))
                continue
            [evaluation] = evaluate([compiled], posts, context)
            answers = [NAMES[s] for s in evaluation.status]
            if not ("fail" in answers if status == "fail" else set(answers) == {status}):
                got = ", ".join(answers) or _("nothing")
                wrong.append(_("{where}: {code} {wanted} example {number} gives {got}", **terms, got=got))
    return wrong
