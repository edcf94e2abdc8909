"""The vocabulary of headings in plain words is what its readable form says; UPDATE_GOLDEN=1 makes it anew."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tiktok_coach.core.documents.document import read_yaml
from tiktok_coach.io.columns.names import PLAIN_VOCABULARY, joined_words, meanings, words


def plain(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: plain(value) for key, value in content.items()}
    if isinstance(content, list):
        return [plain(value) for value in content]
    return ", ".join(filter(None, (" ".join(words(name)) for name in content.split(", "))))


def test_the_plain_vocabulary_is_that_which_people_keep() -> None:
    source = PLAIN_VOCABULARY.with_suffix(".yaml")
    text = json.dumps(plain(read_yaml(source.read_text("utf-8"), source.name).value), ensure_ascii=False, indent=1)
    if os.environ.get("UPDATE_GOLDEN"):
        PLAIN_VOCABULARY.write_text(text + "\n", "utf-8")
    assert PLAIN_VOCABULARY.read_text("utf-8") == text + "\n", "UPDATE_GOLDEN=1 pytest tests/io/test_vocabulary.py"


def test_texts_are_joined_together_as_they_are_one_by_one() -> None:
    texts = ["Publish Date", "ＩＤ", "Größe", "видео-ролик", "영상 길이", "stats.playCount"]
    assert joined_words(texts) == ["".join(words(text)) for text in texts]


@pytest.mark.parametrize("heading", ["Keskimäärin katselut", "Tỷ lệ lượt thích", "Average views"])
def test_an_average_or_a_rate_of_counts_is_no_count_whatever_its_script(heading: str) -> None:
    assert not {meaning.fact for meaning in meanings(heading)} & {"views", "likes"}
