"""What the fictional bakery Ovnkrogen writes: captions, hashtags, sounds. All of it is made up."""

from __future__ import annotations

QUESTIONS = (
    "Kan du gætte, hvad der er i dejen?",
    "Hvilken ville du vælge til morgenkaffen?",
    "Rugbrød med eller uden kerner?",
    "Hvad hedder den her hos jer?",
    "Skal vi bage den igen på lørdag?",
    "Hvor længe skal den hæve, tror du?",
    "Ved du, hvorfor skorpen synger?",
)
STATEMENTS = (
    "Sådan ruller vi kanelsnegle kl. 4 om morgenen",
    "Tre dage med surdej på et kvarter minus det meste",
    "Brunsviger lige ud af ovnen",
    "Det lyder sådan her, når rugbrødet er færdigt",
    "Vi prøvede at bage uden mel",
    'Farmors opskrift kalder det "en god håndfuld"',
    "Fra korn til krumme på en dag",
    "Fastelavnsboller, så langt øjet rækker 🥐",
    "Det vigtigste trick er at vente",
    "Lærlingen laver sit første wienerbrød 🙌",
)
LONG_TAIL = (
    "Vi fortæller hele historien om melet, møllen og de tre generationer, der har stået ved den samme ovn "
    "siden dengang,"
    " hvor gaden stadig var af grus, og hvor brødet blev bragt ud på cykel før skoletid."
)
COMMUNITY = ("bagedag", "foodtok")
COMMON = ("bageri", "brød", "surdej", "rugbrød", "kanelsnegle", "hygge", "danmark", "fyp", "foryou", "odense")
SEARCHED = ("brunsviger", "surdejsbrød", "fastelavnsboller")
CHALLENGE = "dejkast"
SOUNDS = (
    ("Morgenovn", "Nattog Nord", False),
    ("Kitchen Waltz", "Lune Hjem", False),
    ("originallyd", "Ovnkrogen", True),
    ("Regn på Ruden", "Stille Gade", False),
    ("Smørsang", "Kor fra Kælderen", False),
)
TRENDING_SOUNDS = ("Smørsang", "Morgenovn")
EMOTIONS = ("surprise", "joy", "neutral", "curiosity", "neutral", "neutral")
EFFECTS = ("none", "none", "green-screen", "zoom")
