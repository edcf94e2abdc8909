"""Words that promote something: seen in every language that the data has, and not in ordinary captions."""

from __future__ import annotations

from typing import Any, get_args

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tiktok_coach.core.account import Account
from tiktok_coach.rules.checks import says
from tiktok_coach.rules.checks.listed import Listed
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.examples import example_posts
from tiktok_coach.rules.findings import finding_of
from tiktok_coach.rules.kind import FAIL, NAMES
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.promotion import NAMES as SIGNS
from tiktok_coach.rules.promotion import SignName, Words, load_signs
from tiktok_coach.rules.subjects import Context

RULES = {rule.code: rule for rule in load_rules([rulebook()])}
LANGUAGES = {"en", "da", "de", "fr", "es", "it", "pt", "nl", "sv", "no", "pl", "ja", "ko", "id"}
PARTS = {"bio", "buying", "website", "ai"}


def answers(code: str, rows: list[dict[str, Any]], account: Account | None = None) -> list[tuple[str, str]]:
    """What a rule says of planned posts, and in which words where they fail."""
    posts = example_posts([{"status": "planned", **row} for row in rows])
    [evaluation] = evaluate([RULES[code]], posts, Context((account or Account(),)))
    return [
        (NAMES[status], finding_of(evaluation, row)["message"] if status == FAIL else "")
        for row, status in enumerate(evaluation.status.tolist())
    ]


def answer(code: str, account: Account | None = None, **post: Any) -> tuple[str, str]:
    [one] = answers(code, [post], account)
    return one


PROMOTIONAL = [
    ("Try the new loaf #ad", "“#ad”"),
    ("AD: the new loaf", "“AD”"),
    ("(sponsored) the new loaf", "“sponsored”"),
    ("Use code BREAD10 today", "“Use code BREAD10”"),
    ("Use code RYE10", "“Use code RYE10”"),
    ("code RYE10 for 10% off", "“code RYE10 for 10% off”"),
    ("My code is RYE10", "“My code is RYE10”"),
    ("Just use code “crumb” today", "“use code “crumb”"),
    ("My code crumbs for a discount", "“code crumbs for a discount”"),
    ("-20% with BREAD20", "“-20% with BREAD20”"),
    ("Buy now at https://bakery.example/rye", "“Buy now”, “https://bakery.example/rye”"),
    ("Link in bio to order", "“Link in bio”, “to order”"),
    ("Rye bread in paid partnership with @mill", "“in paid partnership”"),
    ("Reklame: nyt rugbrød", "“Reklame”"),
    ("10 % rabat med koden RUG10", "“10 % rabat”, “med koden RUG10”"),
    ("rabatkode RYE10", "“rabatkode”"),
    ("Bestil nu, link i bio", "“Bestil nu”, “link i bio”"),
    ("Werbung | Mein Roggenbrot", "“Werbung”"),
    ("[Anzeige] Mein Roggenbrot", "“Anzeige”"),
    ("Jetzt bestellen und sparen", "“Jetzt bestellen”"),
    ("Avec le code PAIN10", "“Avec le code PAIN10”"),
    ("Collaboration commerciale", "“Collaboration commerciale”"),
    ("Nuestro pan #publi", "“#publi”"),
    ("Usa mi código en la web", "“Usa mi código”"),
    ("Codice sconto in arrivo", "“Codice sconto”"),
    ("Em parceria com @moinho", "“Em parceria com @moinho”"),
    ("Met kortingscode BROOD10", "“kortingscode”"),
    ("Annons: nytt rågbröd", "“Annons”"),
    ("Bestill nå på nett", "“Bestill nå”"),
    ("Współpraca reklamowa z młynem", "“Współpraca reklamowa”"),
    ("新しいパンです。ご購入はこちら", "“ご購入は”"),
    ("호밀빵 할인코드 있어요", "“할인코드”"),
    ("Gratis ongkir hari ini", "“Gratis ongkir”"),
]


def test_what_promotes_something_is_named_in_its_own_words() -> None:
    captions = [caption for caption, _words in PROMOTIONAL]
    found = answers("D003", [{"caption": caption, "disclosure": "none"} for caption in captions])
    named = {
        caption: message.partition("(")[2].partition("),")[0]
        for caption, (_s, message) in zip(captions, found, strict=True)
    }
    assert named == dict(PROMOTIONAL)
    assert {status for status, _m in answers("D004", [{"caption": caption} for caption in captions])} == {"fail"}
    disclosed = answers("D003", [{"caption": caption, "disclosure": "own"} for caption in captions])
    assert {status for status, _m in disclosed} == {"pass"}


ORDINARY = [
    "Which of these four loaves would you carry home? #bread #foodtok",
    "In order to rise, the dough must rest. Recipe: link in bio",
    "I added bread to the basket, glad you like it",
    "Dress code: black. Error 404",
    "Dress code: BLACK",
    "Learn to code Python3",
    "Zip code: A1000",
    "Cheat code: IDDQD",
    "How I book now vs then",
    "Law and order here",
    "Lær at kode Python3 hjemmefra",
    "Dress code : NOIR",
    "ドレスコードBLACK",
    "Mijn boek nu en toen",
    "I use code to time the oven, and you can use code from me",
    "Thanks to @sister for the idea, in collaboration with my mum",
    "Our bread shop opens at 7",
    "80% hydration and 20% rye",
    "Write me at hello@bakery.com",
    "@shop.dk was here",
    "We shop for flour with grandma",
    "The ad industry and the loaf",
    "Advent begins #advent #adventure",
    "Nu skal der bages, og så bestiller vi kaffe",
    "Er brødet godt? Ja.No",
    "Wir kaufen Mehl beim Bauern",
    "La pub du village ferme",
    "Un anuncio importante: nos mudamos",
    "ライ麦パンを焼きました",
    "호밀빵을 구웠어요",
    "Roti gandum hari ini",
    "",
]


def test_an_ordinary_caption_promotes_nothing() -> None:
    for code, said in (("D003", {"disclosure": "none"}), ("D004", {})):
        found = answers(code, [{"caption": caption, **said} for caption in ORDINARY])
        assert dict(zip(ORDINARY, found, strict=True)) == dict.fromkeys(ORDINARY, ("pass", ""))


def test_a_word_that_means_something_else_elsewhere_counts_in_its_language_alone() -> None:
    assert answer("D004", caption="Down the #pub")[0] == "pass"
    assert answer("D004", caption="Mon pain #pub", language="fr")[0] == "fail"
    assert answer("D004", Account(language="fr"), caption="Mon pain #pub")[0] == "fail"
    assert answer("D004", Account(language="fr"), caption="Down the #pub", language="en")[0] == "pass"
    assert answer("D004", Account(language="fr-CA"), caption="Mon pain #pub")[0] == "fail"


def test_an_address_alone_is_asked_about_and_no_fault_where_the_plan_says_that_it_promotes_nothing() -> None:
    story = {"caption": "The whole story is on mybakery.com"}
    assert "(“mybakery.com”)" in answer("D004", **story)[1]
    assert answer("D003", disclosure="none", **story)[0] == "pass"
    assert answer("D003", disclosure="none", caption="Buy it on mybakery.com")[0] == "fail"


def test_each_of_very_many_posts_has_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(says, "AT_ONCE", 2)
    monkeypatch.setattr(says, "MOST_TIMES", 2)
    captions = [f"Use code RYE{n}" if n % 2 else "Rye" for n in range(14)]
    [evaluation] = evaluate([RULES["D003"]], example_posts([{"caption": c, "disclosure": "none"} for c in captions]))
    words = evaluation.outcome.terms["words"]
    order = [9, 1, 0, 13, 3, 5, 11, 12, 7]
    assert [words(row) for row in order] == [f"“Use code RYE{row}”" if row % 2 else "" for row in order]


PHRASES = [word for sign in load_signs().values() for listed in sign.words.values() for word in listed]


@settings(max_examples=10)
@given(
    st.lists(st.tuples(st.sampled_from(PHRASES), st.sampled_from(["", " ", "KI10", "x", ". ", "ß", "\n"])), max_size=4)
)
def test_of_a_few_texts_the_same_phrases_are_found_as_of_many(pieces: list[tuple[str, str]]) -> None:
    caption = "".join(phrase.removeprefix("^").upper() + between for phrase, between in pieces)
    for name in ("advert", "discount", "order", "buying", "ai"):
        words = Words(word for listed in load_signs()[name].words.values() for word in listed)
        few, many = (
            any(bool(pc.match_substring_regex(pa.array([caption]), pattern)[0]) for pattern in patterns)
            for patterns in (words.patterns_for([caption]), words.patterns)
        )
        assert few == many


@pytest.mark.parametrize(
    ("caption", "status"),
    [
        ("Made with AI #bread", "pass"),
        ("I made this little film with AI.", "pass"),
        ("Unser Ofen um 1900, mit KI erstellt", "pass"),
        ("Notre four, généré par l’IA", "pass"),
        ("AIで作った昔のパン屋", "pass"),
        ("Rye bread #aigenerated", "pass"),
        ("Aida made rye with airy crumbs", "fail"),
        ("What do you think of AI?", "fail"),
    ],
)
def test_a_caption_may_say_instead_of_the_label_that_ai_was_used(caption: str, status: str) -> None:
    assert answer("D001", ai_generated=True, ai_label=False, caption=caption)[0] == status


def test_a_hashtag_beside_the_caption_counts_too() -> None:
    assert answer("D004", caption="Rye", hashtags="#bread #sponsored")[1].count("“#sponsored”") == 1


@pytest.mark.parametrize(
    ("country", "region", "status"),
    [("US", None, "fail"), ("us", None, "fail"), ("DK", None, "pass"), (None, None, "unknown"), ("DK", "GB", "fail")],
)
def test_selling_elsewhere_matters_where_tiktok_shop_is(country: str | None, region: str | None, status: str) -> None:
    post = {"caption": "Order online today", **({"region": region} if region else {})}
    assert answer("D011", Account(country=country), **post)[0] == status
    assert answer("D011", Account(country=country), caption="Rye bread")[0] == "pass"


def test_the_signs_are_those_that_rules_may_name_and_each_has_every_language() -> None:
    signs = load_signs()
    assert set(signs) == set(SIGNS) == {*get_args(SignName), *PARTS}
    for sign in signs.values():
        assert set(sign.all_of) <= set(signs)
        assert sign.all_of or sign.sign == "link" or set(sign.words) >= LANGUAGES, sign.sign


@pytest.mark.parametrize("params", [{"names": ["rye"]}, {"subcultures": True}, {"trends": ["sound"], "regional": True}])
def test_that_nothing_of_a_list_is_used_is_asked_of_trends_alone(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="lists of trends"):
        Listed(expect="no_match", **params)
