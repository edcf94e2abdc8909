"""The words with which videos open: greetings, requests and curiosity are seen in 14 languages, and not elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from tiktok_coach.core.account import Account
from tiktok_coach.core.arrays import text_array
from tiktok_coach.rules.evaluate import evaluate
from tiktok_coach.rules.examples import example_posts
from tiktok_coach.rules.findings import finding_of, missing_inputs
from tiktok_coach.rules.kind import NAMES
from tiktok_coach.rules.load import load_rules, rulebook
from tiktok_coach.rules.opening_words import NAMES as KINDS
from tiktok_coach.rules.opening_words import languages_of, match_words, words_of_texts
from tiktok_coach.rules.subjects import Context

RULES = {rule.code: rule for rule in load_rules([rulebook()])}
LANGUAGES = {"en", "da", "de", "fr", "es", "it", "pt", "nl", "sv", "no", "pl", "ja", "ko", "id"}
# As automatic captions write the first three seconds; whether they greet or ask for something, and raise curiosity.
OPENINGS = """\
en|Hey guys, so today I'm going to show you|1|0
en|hi everyone welcome back to another video|1|0
en|okay so um hello everybody my name is Sara|1|0
en|what's up guys it's your boy Mike|1|0
en|good morning everyone let's make|1|0
en|don't forget to like and follow|1|0
en|before we start make sure to|1|0
en|in today's video I'm gonna|1|0
en|my name is Anna and I run a bakery|1|0
en|hey, stop throwing away your old bread|0|1
en|hi, this bread took me 36 hours|0|0
en|hello kitty cakes are back this week|0|0
en|this is the smallest bakery in Denmark|0|0
en|I left my job to bake bread|0|0
en|three things I wish I knew before|0|1
en|you've been storing your bread wrong|0|1
en|did you know that sourdough|0|1
en|nobody tells you this about baking|0|1
en|stop putting your bread in the fridge|0|1
en|have you ever seen a crust like this|0|1
en|here's how to make rye bread|0|0
en|so I quit my job last week|0|1
en|POV you are a baker at 3 a.m.|0|1
en|welcome to the smallest bakery in the world|0|0
en|follow the crust with your knife|0|0
en|I'm back at the bakery and the oven is on fire|1|0
en|how many eggs are in this cake|0|1
en|let me show you my morning routine|0|0
en|like this if you love bread|0|0
en|what I eat in a day as a baker|0|0
en|this went so wrong|0|1
en|the secret to a good crust is steam|0|1
en|wait for it|0|1
en|my name tag fell into the dough|0|0
en|is this the best cinnamon bun in town|0|1
en|mix the flour and the water|0|0
en|before we had the shop we baked at home|0|0
da|Hej alle sammen og velkommen tilbage|1|0
da|Hej venner, i dag skal vi bage rugbrød|1|0
da|ja, hej med jer, jeg hedder Mette|1|0
da|Hej, det her er mit første rugbrød|0|0
da|Goddag og velkommen til min kanal|1|0
da|I dagens video skal vi|1|0
da|husk at følge med|1|0
da|inden vi går i gang så husk lige|1|0
da|Velkommen til verdens mindste bageri|0|0
da|Vidste du at rugbrød kan holde sig|0|1
da|Hvorfor revner dit rugbrød|0|1
da|Du bager dit rugbrød forkert|0|1
da|Jeg står op klokken tre hver nat|0|0
da|Så vi har fået en ny ovn|0|0
da|Det her må du aldrig gøre med surdej|0|1
da|Har du prøvet at bage med|0|1
da|Ingen fortæller dig det her om surdej|0|1
da|Sådan laver du et rugbrød|0|0
da|Alle hej-skiltene er væk|0|0
da|Hejs flaget, bageren fylder år|0|0
da|Mit navneskilt faldt i dejen|0|0
da|Tre fejl du laver med surdej|0|1
da|Jeg tog fejl om surdej|0|1
da|I dag bager jeg kanelsnegle|0|0
de|Hallo Leute und willkommen zurück|1|0
de|Hallo ihr Lieben, heute backen wir|1|0
de|Hi Leute, ich bin's wieder|1|0
de|Moin moin aus der Backstube|1|0
de|Mein Name ist Jonas und ich bin Bäcker|1|0
de|vergesst nicht zu liken|1|0
de|In diesem Video zeige ich euch|1|0
de|Guten Tag, ich hätte gern ein Brot|1|0
de|Heute backen wir ein Roggenbrot|0|0
de|Wusstest du, dass Roggenbrot|0|1
de|Warum reißt dein Brot auf|0|1
de|Das machst du falsch mit deinem Brot|0|1
de|Ich stehe jeden Tag um drei Uhr auf|0|0
de|Hallo Welt Brot backen wir seit 1900|0|0
de|So backst du ein Brot ohne Hefe|0|0
de|Niemand spricht darüber|0|1
de|Drei Fehler beim Brotbacken|0|1
de|Stell dir vor, dein Ofen fällt aus|0|1
de|Wir haben eine neue Maschine|0|0
de|Was kostet dieses Brot?|0|1
es|Hola a todos, bienvenidos a mi canal|1|0
es|Hola chicos, ¿cómo están?|1|1
es|Hola, me llamo Ana y soy panadera|1|0
es|Buenas a todos, hoy vamos a|1|0
es|bueno pues hola gente|1|0
es|No olvides seguirme para más recetas|1|0
es|En el video de hoy les voy a enseñar|1|0
es|¿Sabías que el pan de centeno|0|1
es|Por qué tu pan no sube|0|1
es|Nunca guardes el pan en la nevera|0|1
es|Este pan lleva 36 horas|0|0
es|Hoy vamos a hacer pan de centeno|0|0
es|Así se hace una buena corteza|0|0
es|Nadie te dice esto sobre la masa madre|0|1
es|Me levanto a las tres de la mañana|0|0
es|Bienvenidos a la panadería más pequeña|0|0
es|Tres errores que cometes con la masa|0|1
es|Llevo diez años haciendo pan|0|0
fr|Salut tout le monde, aujourd'hui on va|1|0
fr|Coucou les filles, j'espère que|1|0
fr|Bonjour à tous et bienvenue sur ma chaîne|1|0
fr|Alors bonjour, moi c'est Julie|1|0
fr|N’oubliez pas de vous abonner|1|0
fr|Dans cette vidéo je vais vous montrer|1|0
fr|Pourquoi ton pain ne lève pas|0|1
fr|Est-ce que tu savais que le levain|0|1
fr|Tu savais que le pain de seigle|0|1
fr|Ne mets jamais ton pain au frigo|0|1
fr|Arrête de jeter ton vieux pain|0|1
fr|Ce pain a mis 36 heures|0|0
fr|Aujourd'hui on fait un pain de seigle|0|0
fr|Voici comment faire une bonne croûte|0|0
fr|Personne n'en parle mais le levain|0|1
fr|Je me lève à trois heures du matin|0|0
fr|Trois erreurs que tu fais|0|1
it|Ciao a tutti e benvenuti nel mio canale|1|0
it|Ciao ragazzi, oggi facciamo il pane|1|0
it|Allora ciao, mi chiamo Luca|1|0
it|Perché il tuo pane non lievita|0|1
it|Lo sapevi che il pane di segale|0|1
it|Questo pane ha lievitato 36 ore|0|0
it|Oggi facciamo il pane|0|0
it|Nessuno ti dice questo|0|1
it|Non ho mai visto una crosta così|0|1
pt|Oi gente, tudo bem com vocês?|1|1
pt|Fala galera, no vídeo de hoje|1|0
pt|Olá pessoal, sejam bem-vindos|1|0
pt|Você sabia que o pão de centeio|0|1
pt|Por que o seu pão não cresce|0|1
pt|Esse pão levou 36 horas|0|0
pt|Hoje vamos fazer pão|0|0
pt|Já fiz mais de mil pães|0|0
pt|Ninguém te conta isso|0|1
nl|Hoi allemaal, welkom terug|1|0
nl|Hallo iedereen, vandaag gaan we|1|0
nl|Wist je dat roggebrood|0|1
nl|Waarom scheurt je brood|0|1
nl|Vandaag bak ik een roggebrood|0|0
nl|Dit brood duurde 36 uur|0|0
nl|Stop met brood in de koelkast|0|1
sv|Hej alla och välkomna tillbaka|1|0
sv|Hejsan, idag ska vi baka|1|0
sv|Visste du att rågbröd|0|1
sv|Varför spricker ditt bröd|0|1
sv|Idag bakar jag bröd|0|0
sv|Det här brödet tog 36 timmar|0|0
no|Hei alle sammen og velkommen|1|0
no|Hei på dere, i dag skal vi bake|1|0
no|Visste du at rugbrød|0|1
no|I dag baker jeg brød|0|0
no|Dette brødet tok 36 timer|0|0
pl|Cześć wszystkim, dzisiaj pieczemy|1|0
pl|Siema, witam was w kolejnym|1|0
pl|Czy wiedziałeś, że chleb|0|1
pl|Dlaczego twój chleb pęka|0|1
pl|Dzisiaj pieczemy chleb|0|0
pl|Ten chleb rósł 36 godzin|0|0
ja|みなさん、こんにちは。今日は|1|0
ja|はいどうも、パン屋の|1|0
ja|なぜパンは膨らまないのか|0|1
ja|パンを冷蔵庫に入れないで|0|1
ja|今日はパンを焼きます|0|0
ja|知ってましたか？|0|1
ja|実はこれ、間違いです|0|1
ko|안녕하세요 여러분 오늘은|1|0
ko|여러분 안녕하세요 빵집입니다|1|0
ko|왜 빵이 안 부풀까요|0|1
ko|오늘은 빵을 구워요|0|0
ko|이거 알고 계셨나요|0|1
id|Halo semuanya, balik lagi sama aku|1|0
id|Hai guys, hari ini aku mau|1|0
id|Tahukah kamu kalau roti|0|1
id|Kenapa roti kamu bantat|0|1
id|Hari ini aku bikin roti|0|0
id|Roti ini butuh 36 jam|0|0
en|Hi everyone welcome to my channel today I|1|0
en|So today I want to talk about|0|0
en|Today I'm going to share my experience|0|0
en|Let me show you my new kitchen|0|0
en|This is my morning routine|0|0
en|We went to the market yesterday|0|0
en|I'm making a chocolate cake|0|0
en|Get ready with me for work|0|0
en|Come with me to the farmers market|0|0
en|Day in my life as a nurse|0|0
en|Here are my favourite lipsticks|0|0
en|First you mix the flour and water|0|0
en|I love this jacket so much|0|0
en|My name is Tom and I'm a coach|1|0
en|Okay guys the new menu is here|0|0
en|We just opened our second shop|0|0
en|Packing an order for Sarah|0|0
en|Cooking dinner for my family|0|0
da|I dag skal jeg vise jer min nye ovn|0|0
da|Kom med mig på arbejde|0|0
da|Vi har lige åbnet en ny butik|0|0
da|Jeg pakker en ordre til Maria|0|0
da|Først blander du mel og vand|0|0
da|Nu skal I se hvordan vi laver|0|0
da|Jeg elsker den her jakke|0|0
da|En dag i mit liv som bager|0|0
da|Så er der friske boller igen|0|0
da|Det er lørdag og vi bager|0|0
de|Heute zeige ich euch meine neue Küche|0|0
de|Kommt mit mir zur Arbeit|0|0
de|Wir haben einen neuen Laden eröffnet|0|0
de|Zuerst mischst du Mehl und Wasser|0|0
de|Ein Tag in meinem Leben|0|0
de|Ich liebe diese Jacke|0|0
de|Es ist Samstag und wir backen|0|0
de|Das ist meine Morgenroutine|0|0
fr|Aujourd'hui je vous montre ma cuisine|0|0
fr|Viens avec moi au marché|0|0
fr|On vient d'ouvrir une boutique|0|0
fr|D'abord on mélange la farine et l'eau|0|0
fr|Une journée dans ma vie|0|0
fr|J'adore cette veste|0|0
fr|C'est samedi et on fait du pain|0|0
es|Hoy les muestro mi cocina nueva|0|0
es|Acompáñame al mercado|0|0
es|Acabamos de abrir una tienda|0|0
es|Primero mezclas la harina y el agua|0|0
es|Un día en mi vida|0|0
es|Me encanta esta chaqueta|0|0
es|Es sábado y hacemos pan|0|0
"""
ROWS = [line.split("|") for line in OPENINGS.strip().splitlines()]


def evaluated(code: str, rows: list[dict[str, Any]], account: Account | None = None) -> Any:
    [evaluation] = evaluate([RULES[code]], example_posts(rows), Context((account or Account(),)))
    return evaluation


def answer(code: str, account: Account | None = None, **post: Any) -> str:
    return NAMES[evaluated(code, [post], account).status[0]]


def test_each_kind_has_words_of_every_language() -> None:
    assert all(languages_of((kind,)) == LANGUAGES for kind in KINDS)
    assert {row[0] for row in ROWS} == LANGUAGES


@pytest.mark.parametrize(
    ("kinds", "column"), [(["greeting", "request"], 2), (["curiosity"], 3)], ids=["greeting", "curiosity"]
)
def test_openings_as_people_say_them(kinds: Any, column: int) -> None:
    has_words, is_certain = match_words(text_array(row[1] for row in ROWS), text_array(row[0] for row in ROWS), kinds)
    assert is_certain.all()
    wrong = [(row[0], row[1]) for row, has in zip(ROWS, has_words, strict=True) if has != (row[column] == "1")]
    assert wrong == []


def test_greetings_are_known_where_the_language_is_not() -> None:
    nothing = text_array([None] * len(ROWS))
    has_words, is_certain = match_words(text_array(row[1] for row in ROWS), nothing, ["greeting", "request"])
    assert not is_certain.any()
    assert [row[1] for row, has in zip(ROWS, has_words, strict=True) if has != (row[2] == "1")] == []


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Okay so, HEY Everyone — today", "en", "HEY Everyone"),
        ("N’oubliez pas de vous abonner", "fr", "N’oubliez pas de vous abonner"),
        ("はい、みなさん、こんにちは！", "ja", "こんにちは"),
        ("This is rye", "en", ""),
    ],
)
def test_the_words_are_named_as_they_are_said(text: str, language: str, words: str) -> None:
    assert words_of_texts(text_array([text]), text_array([language]), ["greeting", "request"]) == [words]


def test_the_language_is_that_of_the_words_then_of_the_post_then_of_the_account() -> None:
    hook = {"spoken_hook": "I dag bager jeg rugbrød"}
    assert answer("T311", **hook) == "unknown"
    assert answer("T311", Account(language="da"), **hook) == "fail"
    assert answer("T311", Account(language="hu"), **hook, language="da") == "fail"
    assert answer("T311", Account(language="da"), **hook, spoken_language="hu") == "unknown"
    assert answer("T311", Account(language="nb-NO"), spoken_hook="I dag baker jeg brød") == "fail"


def test_words_on_the_screen_stand_in_where_nothing_is_known_of_what_is_said() -> None:
    english = Account(language="en")
    assert answer("T310", english, opening_text="Hi guys") == "fail"
    assert answer("T310", english, opening_text="Rye bread") == "unknown"
    assert answer("T310", english, opening_text="Hi guys", spoken_hook="This loaf is burnt") == "pass"
    assert answer("T311", english, opening_text="Why does it crack?") == "pass"
    assert answer("T311", english, opening_text="none") == "unknown"
    assert answer("T311", english, opening_text="Why does it crack?", spoken_hook="none") == "not_applicable"


def test_findings_name_the_words() -> None:
    evaluation = evaluated("T310", [{"spoken_hook": "Hi, guys! Today", "measured": "spoken_hook"}])
    assert finding_of(evaluation, 0)["message"] == (
        "opens with “Hi, guys”, and only then comes to the point (measured: subtitles)"
    )


def test_what_is_missing_is_the_language_where_the_words_are_known() -> None:
    missing = missing_inputs([evaluated("T310", [{"spoken_hook": "This loaf is burnt"}])])
    assert [one.provided_by for one in missing] == ["`account.language` in the config file"]
    missing = missing_inputs([evaluated("T310", [{}])])
    assert [one.provided_by for one in missing] == [
        "subtitles beside the video (`--media`), a plan or a file of your own notes"
    ]


@pytest.mark.parametrize(
    "words",
    ["so " * 5_000, "hey " * 5_000, "? " * 5_000, "|" * 9_000, "\u202e" * 9_000, "'" * 9_000],
    ids=["fillers", "greetings", "questions", "bars", "overrides", "quotes"],
)
def test_long_and_odd_words_are_answered(words: str) -> None:
    for code in ("T310", "T311"):
        assert answer(code, Account(language="en"), spoken_hook=words) in {"pass", "fail"}
