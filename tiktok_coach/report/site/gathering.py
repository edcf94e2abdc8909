"""Everything that the report shows, from one reading of the exports: the studies side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tiktok_coach.evidence.outcomes import OUTCOMES
from tiktok_coach.ingest.export import Export
from tiktok_coach.language.words import N_
from tiktok_coach.lint.check import Linted
from tiktok_coach.lint.study import Wishes
from tiktok_coach.lint.study import study as lint_study
from tiktok_coach.request.asked import Asked, Progress
from tiktok_coach.request.exports import load_settled, of_account
from tiktok_coach.request.setting import Setting, settle
from tiktok_coach.rules.load import rulebook
from tiktok_coach.signals.catalogue import load_signals
from tiktok_coach.studies import audit, compare, evidence, simulate, times


@dataclass(frozen=True)
class Planned:
    """What is planned: lint's findings, and the posts scored against the account's history."""

    linted: Linted
    simulation: simulate.Simulation


@dataclass(frozen=True)
class Gathered:
    """The studies of one account. `others` are the handles of further accounts in the files, of which nothing is shown."""

    audit: audit.Audit
    simulation: simulate.Simulation
    evidence: evidence.Evidence
    times: times.Times
    planned: Planned | None
    comparison: compare.Comparison | None
    others: tuple[str, ...]


def gathered(
    asked: Asked,
    *,
    plans: Sequence[Path] = (),
    earlier: Sequence[Path] = (),
    seed: int = 7,
    progress: Progress | None = None,
) -> Gathered:
    """The studies of the account that a user names, or of the one with most posts; of `plans` and of an `earlier` export where they are given."""
    setting = settle(asked)
    whole = load_settled(asked.inputs, setting, progress)
    main = whole.accounts[0].handle
    others = tuple(str(account.handle) for account in whole.accounts[1:])
    export = of_account(whole, main) if others and main is not None else whole
    catalogue = load_signals(rulebook(), setting.config.signal_values)
    before = load_settled(earlier, setting, progress) if earlier else None
    return Gathered(
        audit.audited(export, setting.rules),
        simulate.scored(export, setting.every_rule, catalogue, np.random.default_rng(seed)),
        evidence.found(export, setting.rules, outcomes=OUTCOMES, rng=np.random.default_rng(seed)),
        times.found(export, setting.rules, None, np.random.default_rng(seed)),
        _planned(asked, setting, plans, whole, seed, progress) if plans else None,
        compare.sides(before, export, (N_("earlier"), N_("now")), setting.rules) if before is not None else None,
        others,
    )


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
