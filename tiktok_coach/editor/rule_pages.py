"""The page of a rule as a file, which an editor opens from a diagnostic; nothing of it is read from elsewhere."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from tiktok_coach.core.translation import language
from tiktok_coach.render.rule import print_rule
from tiktok_coach.rules.load import CompiledRule


class RulePages:
    """Pages of rules in a folder of the system's own for what is soon gone, each written when it is first linked."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._pages: dict[tuple[str, str], tuple[CompiledRule, str]] = {}

    def links(self, rules: Iterable[CompiledRule]) -> dict[str, str]:
        """The address of each rule's page, by its code."""
        return {rule.code: self._link(rule) for rule in rules}

    def _link(self, rule: CompiledRule) -> str:
        key = (rule.code, language())
        known = self._pages.get(key)
        # A config that changes a rule changes its page.
        if known is None or known[0] != rule:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="tiktok-coach-rules-", ignore_cleanup_errors=True)
            path = Path(self._folder.name) / f"{rule.code}-{language()}.txt"
            print_rule(rule, path)
            known = self._pages[key] = rule, path.as_uri()
        return known[1]
