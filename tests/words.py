"""Words that no default output has: those of statistics and of the tool's inside, in English and in Danish."""

from __future__ import annotations

import re

WORDS = {
    "en": "coverage|shrunk|drawn|Benjamini.Hochberg|rank correlation|posterior|sidecar|arms?|pools?|signal score|subculture|"
    "outlook|told|foretold|known of|holds|stands|beyond chance|horizon",
    "da": "fund|følgefilen|tendensfil|gør Slut med|forventet|trukket mod|dom|arme|sidecar",
}
BANNED = {language: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for language, words in WORDS.items()}


def banned_words(text: str, language: str) -> list[str]:
    """The banned words of a text that is printed, but for names of files, hashtags and keys of a config file."""
    named = re.sub(r"`[^`]*`|#\w+|\b[\w/.-]*sidecar\.csv|[\w./-]+\.ya?ml", "", text)
    return BANNED[language].findall(named)
