"""Whether earlier advice worked: as a page, as JSON, and as the lines that open a later audit."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiktok_coach.analysis.follow_up import (
    DROP,
    EXPERIMENT,
    KEEP,
    MEMORY,
    SCHEMA_VERSION,
    AccountFollowUp,
    AdviceFollowUp,
    EarlierAudit,
    FollowUp,
    memory_of,
    memory_path,
    read_memory,
    remembered_audit,
    with_newest_posts,
)
from tiktok_coach.analysis.session import Accounts
from tiktok_coach.core.errors import CoachError
from tiktok_coach.core.translation import N_, _, plural
from tiktok_coach.render.advice import advice_facts
from tiktok_coach.render.escaping import json_text, one_line
from tiktok_coach.render.output import write_pieces
from tiktok_coach.render.pages.page import Page, Part, Table, TextColumn, Words, line
from tiktok_coach.render.values import facts_of, json_cell, json_object, number, views_change
from tiktok_coach.stats.follow_up import CANNOT_TELL, HELPED, HURT, NO_CLEAR_EFFECT

if TYPE_CHECKING:
    from tiktok_coach.analysis.audit import Audit

# What to do with an advice, as people read it; for some an experiment has no rule.
ACTIONS = {KEEP: N_("keep it"), DROP: N_("drop it"), EXPERIMENT: N_("try it as an experiment")}
GO_ON = N_("go on: some posts with it, some without")
# So many pieces of advice are listed, so that they fit on a screen, and so many of a kind open an audit.
LISTED, NAMED = 8, 2
# What opens a later audit.
CLEAR = {
    HELPED: N_("Worked since {since:%Y-%m-%d}, keep it: {advice}."),
    HURT: N_("Cost you views since {since:%Y-%m-%d}, drop it: {advice}."),
}
CAUTION = N_(
    "Posts since the audit are compared at the same age, and with what the account usually got at the time. Something "
    "else that you changed may be the reason; an experiment rules that out."
)


def follow_up_page(result: FollowUp) -> Page:
    """What became of the advice, account by account, and the commands of the experiments that would tell."""
    parts: list[Part] = []
    for account in result.accounts:
        posts = plural("{count:,} post", "{count:,} posts", account.posts)
        title = _("{posts} since the audit of {since:%Y-%m-%d}", posts=posts, since=account.since)
        if len(result.accounts) > 1 and account.handle:
            title = f"@{account.handle}: {title}"
        heads = (
            TextColumn(N_("advice"), wraps=True),
            TextColumn(N_("followed by")),
            TextColumn(N_("result"), wraps=True),
            TextColumn(N_("what to do"), wraps=True),
        )
        listed = _listed(account)
        rows = [[one.advice.do, share_text(one), result_text(one), action_text(one)] for one in listed]
        parts.append(Table(one_line(title), heads, rows))
        if rest := len(account.advice) - len(listed):
            parts.append(_("and {count} more; --format json has all", count=rest))
    if result.absent:
        parts.append(_("No posts in these exports: {names}.", names=", ".join(result.absent)))
    parts.append(Words(_(CAUTION), faint=True))
    pairs = ((account, one) for account in result.accounts for one in _listed(account))
    if commands := [command for pair in pairs if (command := experiment_command(result, *pair))]:
        parts += [Words(_("To try one as an experiment:"), tight=True), *map(line, commands)]
    return Page(_("Did the advice work?"), parts)


def _listed(account: AccountFollowUp) -> list[AdviceFollowUp]:
    """The advice that a page lists: first what is clear, then what was followed, each as it was given."""

    def place(one: AdviceFollowUp) -> tuple[bool, bool, bool]:
        return one.verdict.word not in CLEAR, not one.followed, one.action is None

    return sorted(account.advice, key=place)[:LISTED]


def share_text(one: AdviceFollowUp) -> str:
    """How many of the posts since followed an advice, of those of which it is known."""
    known = len(one.followed) + len(one.not_followed)
    return _("{count:,} of {known:,}", count=len(one.followed), known=known) if known else _("not known")


def result_text(one: AdviceFollowUp) -> str:
    """How the posts that followed did beside the others, or how many posts lack."""
    if one.action is None:
        return _("these exports do not show who followed it")
    verdict, span = one.verdict, (one.verdict.effect, one.verdict.low, one.verdict.high)
    if verdict.word == NO_CLEAR_EFFECT:
        return _("no clear effect: {change}", change=views_change(*span))
    if verdict.word != CANNOT_TELL:
        return views_change(*span)
    some = plural("{count:,} more post with it", "{count:,} more posts with it", verdict.missing_followed)
    others = plural("{count:,} more post without it", "{count:,} more posts without it", verdict.missing_others)
    counts = (verdict.missing_followed, some), (verdict.missing_others, others)
    missing = ", ".join(text for count, text in counts if count)
    return _("cannot tell yet: it takes {posts}", posts=missing) if missing else _("cannot tell yet")


def action_text(one: AdviceFollowUp) -> str:
    """What to do with an advice now."""
    if one.action is None:
        return "–"
    return _(GO_ON if one.action == EXPERIMENT and one.rule is None else ACTIONS[one.action])


def experiment_command(result: FollowUp, account: AccountFollowUp, one: AdviceFollowUp) -> str | None:
    """The command that draws an experiment on an advice; None where none is needed, or no rule stands for it."""
    if one.action != EXPERIMENT or one.rule is None:
        return None
    several = ["--account", account.handle] if account.handle and len(result.export.accounts) > 1 else []
    return shlex.join(["tiktok-coach", "experiment", "design", *map(str, result.inputs), "--rule", one.rule, *several])


def follow_up_json(result: FollowUp) -> Iterator[str]:
    """The follow-up as JSON, account by account."""

    def facts(account: AccountFollowUp) -> dict[str, Any]:
        each = ({**_advice_facts(one), "command": experiment_command(result, account, one)} for one in account.advice)
        return {**follow_up_facts(account), "advice": list(each)}

    head = {"schema_version": SCHEMA_VERSION, "absent": list(result.absent)}
    return json_object(head, accounts=map(facts, result.accounts))


def opening_texts(account: AccountFollowUp | None) -> list[str]:
    """What opens an audit after one whose advice was kept: what worked, what did not, where to see more."""
    if account is None:
        return []
    texts = []
    for word, text in CLEAR.items():
        each = [one for one in account.advice if one.verdict.word == word]
        if each:
            listed = "; ".join(one_line(f"{one.advice.do}: {result_text(one)}") for one in each[:NAMED])
            texts.append(_(text, since=min(one.since for one in each), advice=listed))
    shown = [one for one in account.advice if one.action is not None]
    if unclear := [one for one in shown if one.verdict.word == NO_CLEAR_EFFECT]:
        rest = plural(
            "No clear effect since {since:%Y-%m-%d} of {count} piece of advice.",
            "No clear effect since {since:%Y-%m-%d} of {count} pieces of advice.",
            len(unclear),
            since=min(one.since for one in unclear),
        )
        texts.append(rest)
    if unknown := sum(one.verdict.word == CANNOT_TELL for one in shown):
        rest = plural(
            "Too few posts yet to judge {count} piece of advice.",
            "Too few posts yet to judge {count} pieces of advice.",
            unknown,
        )
        texts.append(rest)
    if not texts:
        return []
    texts[-1] += " " + _("More: tiktok-coach follow-up {file} EXPORTS", file=MEMORY)
    return texts


def remember(result: Accounts[Audit]) -> Path:
    """Keep the advice of an audit beside the config file, each account's; gives the file.

    Raises CoachError without a config file, and for a file there that something else wrote.
    """
    path = memory_path(result.analysis.settings)
    if path is None:
        problem = _("--remember keeps the advice beside the config file, and there is none")
        raise CoachError(problem, hint=_("`tiktok-coach start DIR` writes one"))
    audits = read_memory(path)
    for one in result.answers(result.summaries):
        handle = one.account.handle
        audits[handle] = remembered_audit(one, list(map(advice_facts, one.advice)), audits.get(handle))
    _keep(result, audits, path)
    return path


def remember_start(result: Accounts[Audit]) -> None:
    """Keep which posts there were, so that the next start knows what is new, and the advice of an account alone.

    Without a config file nothing is kept.
    """
    path = memory_path(result.analysis.settings)
    if path is None:
        return
    if not result.summaries and result.answer.period() is not None:
        remember(result)
    else:
        # To audit each of many accounts takes long.
        _keep(result, read_memory(path), path)


def _keep(result: Accounts[Audit], audits: dict[str | None, EarlierAudit], path: Path) -> None:
    kept = with_newest_posts(result.export, audits)
    write_pieces([json_text(memory_of(kept.values()), indent=1) + "\n"], path, private=True, is_answer=False)


def follow_up_facts(account: AccountFollowUp) -> dict[str, Any]:
    """What became of the advice to an account as JSON has it."""
    head = {"account": account.handle, "since": json_cell(account.since), "posts": account.posts}
    return head | {"advice": [_advice_facts(one) for one in account.advice]}


def _advice_facts(one: AdviceFollowUp) -> dict[str, Any]:
    """What became of one advice as JSON has it; `lacking` counts the posts that it takes to tell."""
    return {
        "id": one.advice.id,
        "do": one.advice.do,
        "since": json_cell(one.since),
        **{name: list(getattr(one, name)) for name in ("followed", "not_followed", "unknown")},
        "verdict": one.verdict.word,
        **facts_of(one.verdict, "effect interval"),
        "expected": number(one.advice.effect),
        "lacking": {"followed": one.verdict.missing_followed, "not_followed": one.verdict.missing_others},
        "action": one.action,
    }
