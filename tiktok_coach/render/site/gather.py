"""Everything that the report shows, from one reading of the exports: the studies side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tiktok_coach.analysis.audit import Audit, audit_account
from tiktok_coach.analysis.compare import Comparison, compare_inputs
from tiktok_coach.analysis.evidence import Evidence, evidence_of_account
from tiktok_coach.analysis.exports import load_export
from tiktok_coach.analysis.session import Accounts, Analysis, by_account, open_analysis
from tiktok_coach.analysis.settings import AnalysisOptions, Progress
from tiktok_coach.analysis.simulate import Question, Simulation, simulate_account
from tiktok_coach.analysis.times import Times, times_of_account
from tiktok_coach.core.translation import N_
from tiktok_coach.linter.check import LintResult
from tiktok_coach.linter.run import LintOptions, run_lint


@dataclass(frozen=True)
class Planned:
    """What is planned: lint's findings, and the posts scored against the account's history."""

    linted: LintResult
    simulation: Simulation


@dataclass(frozen=True)
class Studies:
    """The studies of one account."""

    audit: Audit
    simulation: Simulation
    evidence: Evidence
    times: Times
    planned: Planned | None
    comparison: Comparison | None


def run_studies(
    options: AnalysisOptions,
    *,
    plans: Sequence[Path] = (),
    earlier: Sequence[Path] = (),
    seed: int = 7,
    progress: Progress | None = None,
) -> Accounts[Studies]:
    """The studies of each account that the inputs hold; of `plans` and of an `earlier` export where they are given."""
    analysis = open_analysis(options, progress)
    settings = analysis.settings
    before = Analysis(load_export(earlier, settings, progress), settings) if earlier else None

    def study(one: Analysis) -> Studies:
        return Studies(
            audit_account(one),
            simulate_account(one, Question(viewers=0, seed=seed)),
            evidence_of_account(one, seed=seed),
            times_of_account(one, seed=seed),
            _planned(one, plans, seed, progress) if plans else None,
            _compared(before, one) if before is not None else None,
        )

    return by_account(analysis, study)


def _compared(before: Analysis, now: Analysis) -> Comparison | None:
    """What changed of an account; None where the earlier export does not hold it."""
    handle = now.account.handle
    if len(before.export.accounts) > 1:
        if all(account.handle != handle for account in before.export.accounts):
            return None
        before = before.for_account(handle)
    return compare_inputs(before, now, (N_("earlier"), N_("now")))


def _planned(history: Analysis, plans: Sequence[Path], seed: int, progress: Progress | None) -> Planned:
    settings = history.settings
    options = replace(settings.options, inputs=tuple(plans), history=())
    planned = Analysis(load_export(plans, settings, progress), settings)
    simulation = simulate_account(planned, Question(viewers=0, seed=seed), history.export)
    return Planned(run_lint(options, LintOptions(), progress, history=history.export).linted, simulation)
