"""Everything that the report shows, from one reading of the exports: the studies side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tiktok_coach.analysis import audit, compare, evidence, simulate, times
from tiktok_coach.analysis.accounts import Accounts, by_account
from tiktok_coach.analysis.exports import load_settled, of_account
from tiktok_coach.analysis.options import Asked, Progress
from tiktok_coach.analysis.settings import Setting, settle
from tiktok_coach.core.translation import N_
from tiktok_coach.io.export import Export
from tiktok_coach.lint.check import Linted
from tiktok_coach.lint.run import Wishes
from tiktok_coach.lint.run import study as lint_study
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.outcomes import OUTCOMES


@dataclass(frozen=True)
class Planned:
    """What is planned: lint's findings, and the posts scored against the account's history."""

    linted: Linted
    simulation: simulate.Simulation


@dataclass(frozen=True)
class Gathered:
    """The studies of one account."""

    audit: audit.Audit
    simulation: simulate.Simulation
    evidence: evidence.Evidence
    times: times.Times
    planned: Planned | None
    comparison: compare.Comparison | None


def gathered(
    asked: Asked,
    *,
    plans: Sequence[Path] = (),
    earlier: Sequence[Path] = (),
    seed: int = 7,
    progress: Progress | None = None,
) -> Accounts[Gathered]:
    """The studies of each account that the inputs hold; of `plans` and of an `earlier` export where they are given."""
    setting = settle(asked)
    whole = load_settled(asked.inputs, setting, progress)
    catalogue = load_signals(rulebook(), setting.config.signal_values)
    before = load_settled(earlier, setting, progress) if earlier else None

    def ask(export: Export) -> Gathered:
        return Gathered(
            audit.audited(export, setting.rules),
            simulate.scored(export, setting.every_rule, catalogue, np.random.default_rng(seed)),
            evidence.found(export, setting.rules, outcomes=OUTCOMES, rng=np.random.default_rng(seed)),
            times.found(export, setting.rules, None, np.random.default_rng(seed)),
            _planned(asked, setting, plans, export, seed, progress) if plans else None,
            _compared(before, export, setting) if before is not None else None,
        )

    return by_account(whole, setting.rules, ask)


def _compared(before: Export, now: Export, setting: Setting) -> compare.Comparison | None:
    """What changed of an account; None where the earlier export does not hold it."""
    handle = now.accounts[0].handle
    if len(before.accounts) > 1:
        if all(account.handle != handle for account in before.accounts):
            return None
        before = of_account(before, handle)
    return compare.sides(before, now, (N_("earlier"), N_("now")), setting.rules)


def _planned(
    asked: Asked, setting: Setting, plans: Sequence[Path], history: Export, seed: int, progress: Progress | None
) -> Planned:
    wanted = replace(asked, inputs=tuple(plans), history=asked.inputs)
    catalogue = load_signals(rulebook(), setting.config.signal_values)
    scored = simulate.scored(
        load_settled(plans, setting, progress),
        setting.every_rule,
        catalogue,
        np.random.default_rng(seed),
        history=history,
    )
    return Planned(lint_study(wanted, Wishes(), progress).linted, scored)
