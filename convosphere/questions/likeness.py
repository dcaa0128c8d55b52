"""Which questions are alike, and what counts as one.

Two questions are alike where at least half of all words that either has, besides stop words and whatever only makes a
question, have the same stem: the Jaccard coefficient (Manning, Raghavan, Schütze: Introduction to Information
Retrieval, 2008, section 3.3.4). Anybody can see by the words why two stand together.
"""

import re
from typing import Final

from convosphere.knowledge.search.terms import is_asking_word, is_stop_word, main_language, stem, words_of

LEAST_LIKENESS: Final = 0.5
MOST_STEMS: Final = 40
_ASKS: Final = re.compile(
    r"\?\s*$|^\W*(who|whom|whose|what|when|where|which|why|how|is|are|do|does|did|can|could|may|must|should|will"
    r"|wer|wem|wen|wessen|was|wann|wo|wohin|woher|welche[rsnm]?|warum|wieso|weshalb|wie|ist|sind|gibt|hat|haben|kann"
    r"|können|darf|dürfen|muss|müssen|soll|sollen|wird)\b",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """Whether a text asks, rather than telling somebody to write a poem."""
    return _ASKS.search(text) is not None


def stems_of(text: str) -> list[str]:
    """The stems of the words that a question is about, each once and in the order of letters."""
    forms = [word.form for word in words_of(text)]
    language = main_language(forms)
    about = [form for form in forms if not is_stop_word(form, language) and not is_asking_word(form, language)]
    return sorted({stem(form, language or "simple") for form in about})[:MOST_STEMS]
