"""Loads what a command was pointed at, with progress and notices on stderr."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktok_coach.account import Notice
    from tiktok_coach.config import Config
    from tiktok_coach.ingest.loading import Export
    from tiktok_coach.ingest.reading import Options
    from tiktok_coach.rules.load import CompiledRule

NAMED = 15


def load_export(paths: Sequence[Path], options: Options, *, progress: bool) -> Export:
    """The inputs as an export, with the name of the file being read on stderr where that is a terminal."""
    from tiktok_coach.ingest.loading import load

    if not (progress and sys.stderr.isatty()):
        return load(paths, options)
    from rich.console import Console
    from rich.text import Text

    from tiktok_coach.report.escaping import one_line

    with Console(stderr=True).status("reading") as status:
        return load(paths, options, progress=lambda name: status.update(Text(f"reading {one_line(name, 60)}")))


def load_settled(
    paths: Sequence[Path],
    options: Options,
    config: Config,
    timezone: str | None,
    account: str | None,
    *,
    progress: bool,
) -> Export:
    """The inputs as an export with what config and options say of its account; of one account alone where it is named."""
    from tiktok_coach import auditing

    export = auditing.settled(load_export(paths, options, progress=progress), config.account.account(), timezone)
    return auditing.of_account(export, account) if account else export


def load_rulebook(
    config: Config, packs: Sequence[Path], select: Sequence[str], ignore: Sequence[str]
) -> list[CompiledRule]:
    """The rules of the package and of every pack, with the config's changes, those chosen."""
    from tiktok_coach.rules.load import changed, chosen, load_rules, rulebook

    rules = load_rules([rulebook(), *config.paths(config.rule_packs), *packs])
    rules = changed(rules, config.rules, config.where or "the config file")
    return chosen(rules, list(select) or config.select, [*config.ignore, *ignore])


def say_notices(notices: Sequence[Notice], *, quiet: bool, verbose: bool) -> None:
    """Notices on stderr, warnings first; without `verbose` only warnings, and no more than can be read."""
    from tiktok_coach.report.escaping import one_line

    if quiet:
        return
    shown = [n for n in notices if verbose or n.level == "warning"]
    cut = shown if verbose else shown[:NAMED]
    for notice in cut:
        label = "note" if notice.level == "info" else "warning"
        print(f"{label}: {one_line(notice.where)}: {one_line(notice.text)}", file=sys.stderr)  # noqa: T201
    if len(shown) > len(cut):
        print(f"and {len(shown) - len(cut)} more warnings; --verbose shows them", file=sys.stderr)  # noqa: T201
    chosen = len(notices) - len(shown)
    if chosen:
        print(f"{chosen} notes on how the files were read; --verbose shows them", file=sys.stderr)  # noqa: T201
