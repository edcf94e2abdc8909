"""Whether a text says what people search for, in any language."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tiktok_coach.core.search_words import (
    SaidWords,
    pool_searches,
    split_list,
    split_terms,
    split_words,
    without_handle,
)

LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Nd"], exclude_characters="\u00aa\u00ba")
WORDS = st.text(LETTERS, min_size=3, max_size=12)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Rye bread in three days", "rye bread"),
        ("RYE BREAD", "Rye Bread"),
        ("bread of rye", "rye bread"),
        ("New today #ryebread", "rye bread"),
        ("New today #RyeBread", "bread"),
        ("New today #bestryebreadever", "rye bread"),
        ("Rye bread", "#ryebread"),
        ("New today #rye_bread", "rye bread"),
        ("The bun", "buns"),
        ("Berries!", "berry"),
        ("Kagerne kommer", "kage"),
        ("Rezepte", "rezept"),
        ("Ricette", "ricetta"),
        ("рецепт хлеба", "хлеб"),
        ("jalapeno", "jalapeño"),
        ("Jalapeño", "jalapeno"),
        ("#koebenhavn", "København"),
        ("Köln", "koeln"),
        ("STRASSE", "straße"),
        ("İstanbul", "istanbul"),
        ("今日のパン作り", "パン"),
        ("ขนมปังวันนี้", "ขนมปัง"),
        ("빵을 굽다", "빵"),
        ("الخبز", "خبز"),
        ("रोटी बनाना", "रोटी"),
        ("Bageri i Odense", "bageri odense"),
        ("Q&A with the baker", "q&a"),
        ("Rye❤️bread👩‍🍳", "rye bread"),
        ("نان می‌پزیم", "می‌پزیم"),
    ],
)
def test_what_is_said(text: str, phrase: str) -> None:
    assert SaidWords(text).says(phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Fryer and smart phone", "rye"),
        ("Smart phone", "art"),
        ("Rye today", "rye bread"),
        ("in the past", "pasta"),
        ("part", "party"),
        ("rugbrød", "brød"),
        ("rye and bread", "ryebread"),
        ("今日", "明日"),
        ("", "rye"),
        ("rye", ""),
        ("rye", "!"),
        ("Rye 👩‍🍳", "👨‍🍳"),
        ("Take a question", "q&a"),
    ],
)
def test_what_is_not_said(text: str, phrase: str) -> None:
    assert not SaidWords(text).says(phrase)


def test_texts_of_a_post_are_read_together_but_not_across_their_ends() -> None:
    assert SaidWords("Rye today", "#bread").says("rye bread")
    assert not SaidWords("I like rug", "brød er godt").says("rugbrød")


@given(st.lists(WORDS, min_size=1, max_size=4), WORDS)
def test_a_text_says_itself_and_each_of_its_words_in_any_case_and_form(words: list[str], other: str) -> None:
    text = " ".join(words)
    assume(all(split_words(word) for word in words))
    for form in ("NFC", "NFD"):
        for variant in (text, text.upper(), text.lower(), f"{other}, {text}!"):
            said = SaidWords(unicodedata.normalize(form, variant))
            assert said.says(text)
            assert all(said.says(word) for word in words)


@given(st.lists(st.text("abcdefgø", min_size=3, max_size=8), min_size=2, max_size=3))
def test_a_hashtag_says_the_words_that_it_is_made_of(words: list[str]) -> None:
    assert SaidWords("#" + "".join(words)).says(" ".join(words))


@given(WORDS, st.lists(WORDS, max_size=3), st.text(max_size=30))
def test_more_text_never_says_less(word: str, words: list[str], more: str) -> None:
    phrase = " ".join([word, *words])
    if SaidWords(phrase).says(word):
        assert SaidWords(phrase, more).says(word)


@given(st.lists(st.lists(WORDS, max_size=3), min_size=1, max_size=4), WORDS)
def test_what_several_texts_together_do_not_say_none_of_them_says(texts: list[list[str]], word: str) -> None:
    parts = [SaidWords(" ".join(words)) for words in texts]
    together = SaidWords.together(parts)
    for phrase in (word, *(" ".join(words) for words in texts)):
        assert together.says(phrase) or not any(one.says(phrase) for one in parts)


@given(st.text("abcdefghijkl", min_size=3, max_size=10), st.text("mnopqrtuvwz", min_size=3, max_size=10))
def test_words_that_share_no_letter_are_different_words(one: str, other: str) -> None:
    assert not SaidWords(one, f"#{one}").says(other)


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_can_be_asked(text: str, phrase: str) -> None:
    SaidWords(text).says(phrase)
    split_list(text)
    split_terms(text)


def test_lists_and_shares() -> None:
    assert split_list(" rye  bread;; Rye Bread ;buns") == ["rye bread", "buns"]
    assert split_list(None) == []
    assert split_terms("rye bread 24%; 100% rye 9%; buns") == [("rye bread", 0.24), ("100% rye", 0.09), ("buns", None)]


@pytest.mark.parametrize(
    ("handle", "searches", "kept"),
    [
        ("bread", "bread; rye bread; breadmaker", ["rye bread", "breadmaker"]),
        ("a", "a; bananas", ["bananas"]),
        ("anna.bakes", "anna bakes; annabakes; anna bakes rye; anna", ["anna"]),
        ("sourdough", "sourdough starter; sour dough", ["sourdough starter"]),
        (None, "rye", ["rye"]),
    ],
)
def test_only_searches_for_the_account_itself_are_left_out(handle: str | None, searches: str, kept: list[str]) -> None:
    assert [term for term, _share in without_handle(split_terms(searches), handle)] == kept


def test_searches_of_several_posts_are_put_together_without_the_own_name() -> None:
    searches = [(0, "rye bread 20%; ovn krogen 40%"), (3, "Rye Bread 10%; buns 25%"), (5, None)]
    pooled = pool_searches(searches, "ovnkrogen")
    assert [(one.words, one.rows) for one in pooled] == [("rye bread", (0, 3)), ("buns", (3,))]
    assert pooled[0].share == pytest.approx(0.15)
