"""In which language a question is asked."""

import re

from convosphere.llm.reader.words import ENGLISH_STOP_WORDS, GERMAN_STOP_WORDS, split_words
from convosphere.llm.schemas import CompletionRequest

LONG_ENOUGH = 20
LANGUAGES = frozenset({"de", "en"})
_GERMAN_SIGNS = re.compile(r"[äöüß]", re.IGNORECASE)
# Words of both languages say nothing about which it is.
_SHARED = GERMAN_STOP_WORDS & ENGLISH_STOP_WORDS | {"so", "in", "an", "am", "die", "man", "war", "was", "will", "hat"}


def detect_language(request: CompletionRequest) -> str:
    """`de` or `en`: by function words and umlauts, else by the passage that has its words, else the person's own.

    A language model (py3langid) would take 73 MB for the few questions that have neither, measured as PSS.
    """
    words = [word for word in split_words(request.question) if word not in _SHARED]
    german = sum(word in GERMAN_STOP_WORDS for word in words) + len(_GERMAN_SIGNS.findall(request.question))
    english = sum(word in ENGLISH_STOP_WORDS for word in words)
    if german != english:
        return "de" if german > english else "en"
    best = max(request.passages, key=lambda passage: passage.score, default=None)
    if best and best.language in LANGUAGES and len(request.question.strip()) >= LONG_ENOUGH:
        return best.language
    return request.locale if request.locale in LANGUAGES else "en"
