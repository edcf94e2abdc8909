"""What a shell completes: values of options, codes of rules, columns of the posts table, and accounts of exports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any


def of(values: Sequence[str]) -> Callable[[str], list[str]]:
    """What completes the values of an option, each of several with commas between them, and none twice."""

    def complete(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        named = before.split(",")
        return [f"{before}{comma}{value}" for value in values if value.startswith(last) and value not in named]

    return complete


def codes(incomplete: str) -> list[tuple[str, str]]:
    """The codes of the rules that come with the program, with what each says to do."""
    from tiktok_coach.rules.load import load_rules, rulebook

    rules = load_rules([rulebook()])
    return [(rule.code, rule.rule.do) for rule in rules if rule.code.startswith(incomplete.upper())]


def columns(incomplete: str) -> list[tuple[str, str]]:
    """The columns of the posts table, each with what it means."""
    from tiktok_coach.core.schema import SCHEMA
    from tiktok_coach.core.translation import _

    return [(f"{spec.name}=", _(spec.meaning)) for spec in SCHEMA if spec.name.startswith(incomplete)]


def accounts(ctx: Any, incomplete: str) -> list[str]:
    """The accounts of the exports that are typed already; none where they cannot be read."""
    import datetime as dt
    from pathlib import Path

    from tiktok_coach.core.errors import CoachError
    from tiktok_coach.io.cache import export_cache, load_cached
    from tiktok_coach.io.files.source_files import STDIN
    from tiktok_coach.io.reading import ReadOptions

    with suppress(CoachError, TypeError):
        options = ReadOptions(today=dt.datetime.now(dt.UTC).date())
        # Of a line that ends with an option, the parser leaves the exports apart.
        paths = [Path(path) for path in ctx.params.get("inputs") or ctx.args]
        # Nobody has typed what would come on stdin.
        export = load_cached(export_cache(), [path for path in paths if path != STDIN], options)
        at = "@" if incomplete.startswith("@") else ""
        handles = [f"{at}{account.handle}" for account in export.accounts if account.handle is not None]
        return [handle for handle in handles if handle.startswith(incomplete)]
    return []
