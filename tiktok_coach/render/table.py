"""The posts table as a file: CSV, Parquet or JSON, which the tool reads back without loss."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import quote

import numpy as np
import pandas as pd

from tiktok_coach.core.captions import derived_columns
from tiktok_coach.core.notices import IN_FULL_LIST, PROVENANCE
from tiktok_coach.core.schema import COLUMNS, column, escape_formulas, schema_order
from tiktok_coach.io.reading import Export
from tiktok_coach.render.escaping import json_text
from tiktok_coach.render.output import atomic_file
from tiktok_coach.render.values import json_cell

# How Hive, Spark and Arrow name the part of a dataset that holds one account, and its value where there is none.
PARTITION = "account="
NO_ACCOUNT = "__HIVE_DEFAULT_PARTITION__"


def table_of(export: Export, *, snapshots: bool) -> pd.DataFrame:
    """The posts of an export with what follows from them, or every dated measurement of theirs."""
    return export.snapshots if snapshots else with_derived(with_sources(export))


def with_derived(posts: pd.DataFrame) -> pd.DataFrame:
    """The posts with the columns that follow from their captions, in the order of the schema."""
    derived = derived_columns(posts)
    table = posts.assign(**{str(name): values for name, values in derived.items() if values.notna().any()})
    return table[schema_order(table.columns)]


def with_sources(export: Export) -> pd.DataFrame:
    """The posts with a sentence on where their facts are from, in the place of what says so in memory."""
    posts = export.posts.drop(columns=[PROVENANCE, IN_FULL_LIST], errors="ignore")
    if PROVENANCE not in export.posts.columns:
        return posts
    codes, sentences = pd.factorize(np.array(export.provenance.sentences(), dtype="object"))
    of_posts = np.append(codes, -1)[export.posts[PROVENANCE].to_numpy()]
    return posts.assign(sources=pd.Categorical.from_codes(of_posts, pd.Index(sentences, dtype="str")))


def write(table: pd.DataFrame, path: Path, output_format: str) -> None:
    """Write a table of posts as csv, json or parquet; a file is replaced whole or not at all."""
    with atomic_file(path) as partial:
        if output_format == "parquet":
            table.to_parquet(partial, index=False)
        elif output_format == "json":
            partial.write_text(to_json(table), "utf-8")
        else:
            partial.write_text(to_csv(table), "utf-8", newline="")


def write_parts(table: pd.DataFrame, folder: Path) -> None:
    """Write a table of posts as a dataset of Parquet, in a new folder `account=…` for each account."""
    accounts = column(table, "account").astype("str").fillna(NO_ACCOUNT)
    for handle, part in table.groupby(accounts.to_numpy(), sort=True):
        place = folder / f"{PARTITION}{quote(str(handle), safe='@')}"
        place.mkdir()
        write(part, place / "posts.parquet", "parquet")


def texts(table: pd.DataFrame) -> pd.DataFrame:
    """Every column as texts: times as ISO in UTC, a bare date where only the day is known; missing stays missing."""
    cells: dict[str, pd.Series] = {}
    for name in table.columns:
        series, kind = table[name], COLUMNS[name].kind if name in COLUMNS else ""
        if kind == "time":
            cells[name] = iso(series)
        elif kind == "flag":
            cells[name] = series.map({True: "true", False: "false"})
        elif str(series.dtype) in {"str", "category", "object", "string"}:
            cells[name] = escape_formulas(series.astype("str"))
        else:
            cells[name] = series
    if "posted_at" in cells and "posted_at_precision" in table.columns:
        cells["posted_at"] = cells["posted_at"].mask(table["posted_at_precision"] == "day", cells["posted_at"].str[:10])
    return pd.DataFrame(cells)


def iso(times: pd.Series) -> pd.Series:
    """Times as `2026-06-13T16:42:48Z`, with a fraction only where there is one."""
    whole = times.dt.strftime("%Y-%m-%dT%H:%M:%S").astype("str")
    fraction = times.dt.microsecond
    parted: pd.Series = whole.mask(fraction > 0, whole + "." + fraction.astype("Int64").astype("str").str.zfill(6))
    return parted.add("Z").where(times.notna())


def to_csv(table: pd.DataFrame) -> str:
    """The table as CSV: UTF-8, comma, a text that a spreadsheet would take for a formula behind an apostrophe."""
    cells = texts(table)
    # Python's csv leaves a bare carriage return unquoted, which would end the row for whoever reads it.
    returns = any(cells[c].str.contains("\r", regex=False).any() for c in cells.columns if str(cells[c].dtype) == "str")
    quoting: Literal[0, 2] = 2 if returns else 0  # csv.QUOTE_NONNUMERIC, csv.QUOTE_MINIMAL
    return str(cells.to_csv(index=False, lineterminator="\n", quoting=quoting))


def to_json(table: pd.DataFrame) -> str:
    """The table as JSON: `{"schema_version", "posts": [...]}`, missing values left out."""
    names, rows = list(table.columns), []
    for values in table.itertuples(index=False):
        post = {n: c for n, v in zip(names, values, strict=True) if (c := json_cell(v)) is not None}
        if post.get("posted_at_precision") == "day" and "posted_at" in post:
            post["posted_at"] = post["posted_at"][:10]
        rows.append(post)
    body = ",\n  ".join(json_text(row) for row in rows)
    return '{"schema_version": "1", "posts": [\n  ' + body + "\n]}\n"
