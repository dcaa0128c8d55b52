"""In which language a question is asked."""

import re
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from convosphere.llm.reader.words import ENGLISH_STOP_WORDS, GERMAN_STOP_WORDS, split_words

SHORTEST_FOR_MODEL = 20
_GERMAN_SIGNS = re.compile(r"[äöüß]", re.IGNORECASE)
# Words of both languages say nothing about which it is.
_SHARED = GERMAN_STOP_WORDS & ENGLISH_STOP_WORDS | {"so", "in", "an", "am", "die", "man", "war", "was", "will", "hat"}


def detect_language(text: str, locale: str) -> str:
    """`de` or `en`: by function words and umlauts, then by py3langid if it is long enough, else the reader's own."""
    words = [word for word in split_words(text) if word not in _SHARED]
    german = sum(word in GERMAN_STOP_WORDS for word in words) + len(_GERMAN_SIGNS.findall(text))
    english = sum(word in ENGLISH_STOP_WORDS for word in words)
    if german != english:
        return "de" if german > english else "en"
    if len(text.strip()) < SHORTEST_FOR_MODEL:
        return locale if locale in {"de", "en"} else "en"
    return str(_identifier().classify(text)[0])


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["de", "en"])
    return identifier
