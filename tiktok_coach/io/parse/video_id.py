"""What a TikTok video id and link tell: the id, the handle, and the second of the upload."""

from __future__ import annotations

import numpy as np
import pandas as pd

LINK = r"(?i)/(?:video|photo|v|item)/(\d{15,20})"
HANDLE = r"(?i)tiktok\.com/@([^/?#\s]+)"
EXPONENT = r"(?i)^\s*\d(?:[.,]\d+)?e\+?\d+\s*$"
ROUNDED = r"^\d{15}0{3,5}$"
EARLIEST = pd.Timestamp("2014-01-01", tz="UTC")
LATEST = pd.Timestamp("2100-01-01", tz="UTC")


def ids_from_links(links: pd.Series) -> pd.Series:
    """The id in each link; missing for short links (`vm.tiktok.com/...`), which carry none."""
    return links.str.extract(LINK, expand=False).astype("str")


def handles_from_links(links: pd.Series) -> pd.Series:
    """The handle in each link, without @."""
    return links.str.extract(HANDLE, expand=False).astype("str")


def is_tiktok_id(ids: pd.Series) -> pd.Series:
    """Where an id has the form that TikTok gives."""
    return ids.fillna("").str.fullmatch(r"\d{15,20}")


def damaged_ids(ids: pd.Series) -> pd.Series:
    """Where a spreadsheet has turned an id into `7.65092E+18`, or has rounded it to 15 digits and zeros.

    One id in ten thousand ends in four zeros by itself, so zeros count only where most ids of the column end so.
    """
    texts = ids.fillna("")
    rounded = texts.str.contains(ROUNDED, regex=True)
    most = bool(rounded.sum() * 2 > (texts != "").sum())
    return texts.str.contains(EXPONENT, regex=True) | (rounded & most)


def upload_times(ids: pd.Series) -> pd.Series:
    """Time of the upload: the upper 32 bits of the 64-bit id are Unix seconds, UTC.

    Missing where the id is no TikTok id, or its time lies outside 2014-2100.

    >>> upload_times(pd.Series(["7650921463263792402", "at-1"])).dt.strftime("%F %T").tolist()
    ['2026-06-13 16:42:48', nan]
    """
    numeric = ids.fillna("").str.fullmatch(r"\d{15,19}").to_numpy(dtype=bool)
    values = ids.where(numeric, "0").astype("uint64").to_numpy()
    seconds = (values >> np.uint64(32)).astype("int64")
    times = pd.Series(pd.to_datetime(seconds, unit="s", utc=True).as_unit("us"), index=ids.index)
    return times.where(numeric & (times >= EARLIEST) & (times < LATEST)).astype("datetime64[us, UTC]")
