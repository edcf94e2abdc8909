"""Headings of TikTok's own exports in other interface languages, to their English names.

Studio's headings were English in every file seen. The translated ones in headings.json are known from other programs'
readers and from the interface, so that a file may use one that is not there: the error then names what is missing.
"""

from __future__ import annotations

import json
from pathlib import Path

_TRANSLATIONS: dict[str, list[str]] = json.loads(Path(__file__).with_name("headings.json").read_text("utf-8"))
ENGLISH = {translation: english for english, translations in _TRANSLATIONS.items() for translation in translations}
