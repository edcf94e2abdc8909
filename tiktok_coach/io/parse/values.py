"""A column of texts as what a column of the posts table holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tiktok_coach.core.schema import Column
from tiktok_coach.io.parse.numbers import (
    missing,
    parse_counts,
    parse_durations,
    parse_flags,
    parse_numbers,
    parse_shares,
)

if TYPE_CHECKING:
    import pandas as pd

LITERAL_TEXTS = {"caption", "title"}


def parse_column(
    texts: pd.Series, spec: Column, *, percent: bool | None
) -> tuple[pd.Series, pd.Series, pd.Series | None]:
    """A column's values, where a text could not be read, and where a count is rounded."""
    if spec.kind == "count":
        parsed = parse_counts(texts)
        return parsed.values.round().astype("Int64"), parsed.bad, parsed.rounded
    if spec.kind == "share":
        parsed = parse_shares(texts, percent=percent)
        return parsed.values, parsed.bad, None
    if spec.kind == "number":
        parsed = parse_durations(texts) if spec.unit == "s" else parse_numbers(texts)
        return parsed.values, parsed.bad, None
    if spec.kind == "flag":
        flags, bad = parse_flags(texts)
        return flags, bad, None
    if spec.name in LITERAL_TEXTS:
        return texts, texts.isna() & False, None
    if spec.choices:
        plain = texts.str.strip().str.casefold().str.replace(r"[\s-]+", "_", regex=True)
        bad = ~missing(texts) & ~plain.isin(spec.choices)
        return plain.where(plain.isin(spec.choices)), bad, None
    absent = missing(texts)
    if spec.kind == "label":
        return texts.where(~absent).astype("category"), absent & False, None
    if spec.name == "effects":
        absent &= texts.fillna("").str.strip().str.casefold() != "none"
    return texts.str.strip().where(~absent), absent & False, None
