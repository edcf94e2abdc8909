"""Keeps texts from being taken for formulas when a CSV is opened in a spreadsheet, and takes that back.

The same apostrophe tells an empty text from a missing one, which CSV cannot.
"""

from __future__ import annotations

import pandas as pd

_RISKY = r"^'*(?:[=+\-@\t\r]|$)"
_MARKED = r"^''*(?:[=+\-@\t\r]|$)"


def escape_formulas(texts: pd.Series) -> pd.Series:
    """Texts that no spreadsheet takes for a formula: one that begins like one, or is empty, gets an apostrophe.

    >>> escape_formulas(pd.Series(["=1+1", "rye", ""])).tolist()
    ["'=1+1", 'rye', "'"]
    """
    return texts.mask(_contains(texts, _RISKY), "'" + texts)


def unescape_formulas(texts: pd.Series) -> pd.Series:
    """The texts that `escape_formulas` took."""
    return texts.mask(_contains(texts, _MARKED), texts.str[1:])


def _contains(texts: pd.Series, pattern: str) -> pd.Series:
    return texts.str.contains(pattern, regex=True).fillna(value=False).astype(bool)
