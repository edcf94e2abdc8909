"""Everything that the report shows, from one reading of the exports: the studies side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tiktok_coach.analysis import audit, compare, evidence, simulate, times
from tiktok_coach.analysis.accounts import Accounts, by_account
from tiktok_coach.analysis.exports import load_export, of_account
from tiktok_coach.analysis.options import AnalysisOptions, Progress
from tiktok_coach.analysis.settings import Settings, resolve_settings
from tiktok_coach.core.translation import N_
from tiktok_coach.io.export import Export
from tiktok_coach.lint.check import LintResult
from tiktok_coach.lint.run import LintOptions, run_lint
from tiktok_coach.ranking.catalogue import load_signals
from tiktok_coach.rules.load import rulebook
from tiktok_coach.stats.outcomes import OUTCOMES


@dataclass(frozen=True)
class Planned:
    """What is planned: lint's findings, and the posts scored against the account's history."""

    linted: LintResult
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
    options: AnalysisOptions,
    *,
    plans: Sequence[Path] = (),
    earlier: Sequence[Path] = (),
    seed: int = 7,
    progress: Progress | None = None,
) -> Accounts[Gathered]:
    """The studies of each account that the inputs hold; of `plans` and of an `earlier` export where they are given."""
    settings = resolve_settings(options)
    whole = load_export(options.inputs, settings, progress)
    catalogue = load_signals(rulebook(), settings.config.signal_values)
    before = load_export(earlier, settings, progress) if earlier else None

    def ask(export: Export) -> Gathered:
        return Gathered(
            audit.audited(export, settings.rules),
            simulate.scored(export, settings.every_rule, catalogue, np.random.default_rng(seed)),
            evidence.found(export, settings.rules, outcomes=OUTCOMES, rng=np.random.default_rng(seed)),
            times.found(export, settings.rules, None, np.random.default_rng(seed)),
            _planned(options, settings, plans, export, seed, progress) if plans else None,
            _compared(before, export, settings) if before is not None else None,
        )

    return by_account(whole, settings.rules, ask)


def _compared(before: Export, now: Export, settings: Settings) -> compare.Comparison | None:
    """What changed of an account; None where the earlier export does not hold it."""
    handle = now.accounts[0].handle
    if len(before.accounts) > 1:
        if all(account.handle != handle for account in before.accounts):
            return None
        before = of_account(before, handle)
    return compare.sides(before, now, (N_("earlier"), N_("now")), settings.rules)


def _planned(
    options: AnalysisOptions,
    settings: Settings,
    plans: Sequence[Path],
    history: Export,
    seed: int,
    progress: Progress | None,
) -> Planned:
    wanted = replace(options, inputs=tuple(plans), history=options.inputs)
    catalogue = load_signals(rulebook(), settings.config.signal_values)
    scored = simulate.scored(
        load_export(plans, settings, progress),
        settings.every_rule,
        catalogue,
        np.random.default_rng(seed),
        history=history,
    )
    return Planned(run_lint(wanted, LintOptions(), progress).linted, scored)
