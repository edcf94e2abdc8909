"""What follows from a caption alone: its length as TikTok counts it, its hashtags, mentions and questions.

All functions take captions as a column of text and work on the whole column at once; patterns run on RE2,
whose time is linear in the text, so that no caption can hang the tool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable

# Letters, marks and digits of every script, with the joiners that Persian and Indic words need inside.
WORD = r"[\p{L}\p{M}\p{N}_\x{200C}\x{200D}]"
# `;` is the question mark of Greek, and a semicolon elsewhere.
QUESTION = r"[?？؟⸮՞፧]|\p{Greek}\s*[;\x{037E}]"


def arrow_text(texts: pd.Series) -> pa.Array:
    """A text column as an Arrow array, missing values as null."""
    array = pa.array(texts, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array if pa.types.is_large_string(array.type) else array.cast(pa.large_string())


def _numbers(array: pa.Array, like: pd.Series, name: str) -> pd.Series:
    return pd.Series(array.to_numpy(zero_copy_only=False), index=like.index, name=name, dtype="float64")


def matches(texts: pd.Series, pattern: str) -> pd.Series:
    """Whether each text contains RE2 `pattern`: nullable booleans, missing for a missing text."""
    found = pc.match_substring_regex(arrow_text(texts), pattern)
    missing = found.is_null().to_numpy(zero_copy_only=False)
    values = pc.fill_null(found, False).to_numpy(zero_copy_only=False)  # noqa: FBT003
    return pd.Series(pd.arrays.BooleanArray(values, missing), index=texts.index)


def utf16_length(texts: pd.Series) -> pd.Series:
    """Length in UTF-16 code units, the measure of TikTok's own limits (an emoji counts two or more).

    Source: developers.tiktok.com, Content Posting API.

    >>> utf16_length(pd.Series(["æble", "🍞", None])).tolist()
    [4.0, 2.0, nan]
    """
    array = arrow_text(texts)
    astral = pc.count_substring_regex(array, r"[\x{10000}-\x{10FFFF}]")
    return _numbers(pc.add(pc.utf8_length(array).cast(pa.int64()), astral.cast(pa.int64())), texts, "caption_utf16")


def character_length(texts: pd.Series) -> pd.Series:
    """Length in Unicode code points."""
    return _numbers(pc.utf8_length(arrow_text(texts)), texts, "characters")


def mention_count(texts: pd.Series) -> pd.Series:
    """How many accounts each caption mentions."""
    return _numbers(pc.count_substring_regex(arrow_text(texts), r"(?:^|[^\w.])@[\w.]+"), texts, "mention_count")


def asks_question(texts: pd.Series) -> pd.Series:
    """Whether each caption asks a question, in any script."""
    return matches(texts, QUESTION).rename("asks_question")


def hashtag_table(texts: pd.Series) -> pd.DataFrame:
    """Every hashtag of every caption, in order: columns `row` (position in `texts`) and `tag` (category; lower case, no #).

    Hashtags glued together (`#a#b`) are parted, the full-width ＃ and an escaped `%23` count as #.

    >>> hashtag_table(pd.Series(["Ny #Brød#Kage!", "none", "%23rugbrød"])).to_dict("list")
    {'row': [0, 0, 2], 'tag': ['brød', 'kage', 'rugbrød']}
    """
    array = arrow_text(texts)
    marked = pc.match_substring_regex(array, "[#＃]|%23")
    if not pc.any(marked).as_py():
        return pd.DataFrame({"row": np.array([], dtype=np.int64), "tag": pd.Categorical([])})
    array = pc.replace_substring(pc.replace_substring(array, "＃", "#"), "%23", "#")
    parts = pc.split_pattern(array, "#")
    row = pc.list_parent_indices(parts).to_numpy(zero_copy_only=False).astype(np.int64)
    after_hash = np.r_[False, row[1:] == row[:-1]] if len(row) else np.array([], dtype=bool)
    tails = pc.list_flatten(parts).filter(pa.array(after_hash))
    tag = pc.struct_field(pc.extract_regex(tails, f"^(?P<tag>{WORD}+)"), "tag")
    held = tag.is_valid().to_numpy(zero_copy_only=False)
    coded = pc.utf8_lower(tag.filter(pa.array(held))).dictionary_encode()
    codes = coded.indices.to_numpy(zero_copy_only=False)
    return pd.DataFrame(
        {"row": row[after_hash][held], "tag": pd.Categorical.from_codes(codes, coded.dictionary.to_pylist())}
    )


def repeats(tags: pd.DataFrame) -> np.ndarray:
    """Which rows of a table of hashtags repeat an earlier one of the same post."""
    codes = tags["tag"].cat.codes.to_numpy().astype(np.int64)
    keys = tags["row"].to_numpy(dtype=np.int64) * max(len(tags["tag"].cat.categories), 1) + codes
    return pd.Series(keys).duplicated().to_numpy()


def post_hashtags(posts: pd.DataFrame, in_captions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every hashtag of every post, from the caption and from those given beside it, each counted once.

    Columns `row` (position in `posts`) and `tag`. `in_captions` is the hashtag_table of the captions, where it is known.
    """
    tables = [] if in_captions is None else [in_captions]
    names = ("caption", "hashtags") if in_captions is None else ("hashtags",)
    tables += [hashtag_table(posts[name]) for name in names if name in posts.columns]
    tables = [t for t in tables if len(t)]
    if not tables:
        return hashtag_table(pd.Series([], dtype="str"))
    if len(tables) == 1:
        return tables[0][~repeats(tables[0])].reset_index(drop=True)
    together = pd.concat([t.astype({"tag": "str"}) for t in tables]).drop_duplicates()
    return together.sort_values("row", kind="stable", ignore_index=True).astype({"tag": "category"})


def caption_with_hashtags(posts: pd.DataFrame) -> pd.Series:
    """The caption followed by those hashtags given beside it that it does not hold: what the post will show."""
    from tiktok_coach.posts import column

    caption = column(posts, "caption")
    if "hashtags" not in posts.columns or not posts["hashtags"].notna().any():
        return caption
    inside = hashtag_table(caption).astype({"tag": "str"})
    beside = hashtag_table(posts["hashtags"]).astype({"tag": "str"}).drop_duplicates()
    seen = pd.MultiIndex.from_frame(inside)
    beside = beside[~pd.MultiIndex.from_frame(beside).isin(seen)] if len(inside) else beside
    added = beside.assign(tag=" #" + beside["tag"]).groupby("row")["tag"].agg("".join)
    tail = pd.Series("", index=range(len(posts)), dtype="str")
    tail.loc[added.index] = added
    return caption + tail.set_axis(posts.index)


def join_tags(tags: Iterable[str]) -> str:
    """Tags as one text, `#a #b`."""
    return " ".join(f"#{tag.lstrip('#')}" for tag in tags)


def derive(posts: pd.DataFrame) -> pd.DataFrame:
    """The derived text columns: caption_utf16, hashtags (all of them), hashtag_count, mention_count, asks_question."""
    from tiktok_coach.posts import column

    caption = column(posts, "caption")
    tags = post_hashtags(posts)
    joined = tags.astype({"tag": "str"}).groupby("row")["tag"].agg(join_tags) if len(tags) else pd.Series(dtype="str")
    count = tags.groupby("row").size()
    known = caption.notna() | column(posts, "hashtags").notna()
    every = range(len(posts))
    return pd.DataFrame(
        {
            "caption_utf16": utf16_length(caption_with_hashtags(posts)).array,
            "hashtags": joined.reindex(every).astype("str").array,
            "hashtag_count": count.reindex(every).fillna(0).where(known.to_numpy()).astype("Int64").array,
            "mention_count": mention_count(caption).astype("Int64").array,
            "asks_question": asks_question(caption).array,
        },
        index=posts.index,
    )
