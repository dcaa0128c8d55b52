"""From text to terms, the same way for passages and for questions.

A term is a lexeme in a language: a word as Snowball's stemmer of that language leaves it. "Art" in a German and in an
English passage are two terms, so each is weighed by how rare it is in its own language. Stemming is done here and not
by PostgreSQL, so that an index means the same after an upgrade of the server.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Literal, NamedTuple, get_args

from Stemmer import Stemmer

from convosphere.knowledge.search.stop_words import ENGLISH, ENGLISH_ASKING, GERMAN, GERMAN_ASKING

IndexLanguage = Literal["de", "en", "simple"]
INDEX_LANGUAGES: tuple[IndexLanguage, ...] = get_args(IndexLanguage)
"""How passages are indexed; all languages but German and English are "simple": words as they are."""

DIMENSIONS = 1_000_000_000
"""Of a term vector: the most that pgvector's `sparsevec` has, so that hashed terms hardly ever meet."""

_LONGEST_WORD = 64
_CACHED_WORDS = 32_768
_WORD = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?!\d)|[^\W_]+(?:['’][^\W_]+)*")
_STOP_WORDS: dict[IndexLanguage, frozenset[str]] = {"de": GERMAN, "en": ENGLISH, "simple": frozenset()}
_ASKING_WORDS: dict[IndexLanguage, frozenset[str]] = {"de": GERMAN_ASKING, "en": ENGLISH_ASKING, "simple": frozenset()}
_KEPT_MARKS = {"\u0308"}  # The umlaut's dots make another word: "schon", "schön".


class Word(NamedTuple):
    """A word of a text: `form` as it is compared, `start` and `end` where it stands, `position` counted in words."""

    form: str
    position: int
    start: int
    end: int


class Term(NamedTuple):
    """A lexeme in a language, and its place in a term vector: from 0 to `DIMENSIONS` - 1."""

    language: IndexLanguage
    lexeme: str
    dimension: int


def index_language(language: str) -> IndexLanguage:
    """How a passage of a language (ISO 639-1) is indexed."""
    return "de" if language == "de" else "en" if language == "en" else "simple"


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in order. Grouped digits are one number: "1.250" is "1250"."""
    for position, match in enumerate(_WORD.finditer(text)):
        yield Word(fold(match.group()), position, match.start(), match.end())


def distinct_words(text: str) -> list[str]:
    """The words of a text as they are written, each once and in order."""
    return list(dict.fromkeys(_WORD.findall(text)))


@lru_cache(maxsize=_CACHED_WORDS)
def dimension_of(written: str, language: IndexLanguage) -> int | None:
    """The dimension of a word as it is written, None for a stop word."""
    term = term_of(fold(written), language)
    return term.dimension if term else None


@lru_cache(maxsize=_CACHED_WORDS)
def term_of(form: str, language: IndexLanguage) -> Term | None:
    """The term of a folded word in a language, None for a stop word."""
    return None if form in _STOP_WORDS[language] else make_term(stem(form, language), language)


def make_term(lexeme: str, language: IndexLanguage) -> Term:
    """The term of a word that is stemmed already."""
    digest = blake2b(f"{language}:{lexeme}".encode(), digest_size=8).digest()
    return Term(language, lexeme, int.from_bytes(digest, "big") % DIMENSIONS)


@lru_cache(maxsize=_CACHED_WORDS)
def fold(word: str) -> str:
    """A word in lower case without accents, but with German umlauts; digits without separators."""
    if word[0].isdigit() and not word.isdigit():
        word = word.replace(".", "").replace(",", "")
    folded = word.casefold().replace("’", "'")
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        kept = "".join(sign for sign in parts if not unicodedata.combining(sign) or sign in _KEPT_MARKS)
        folded = unicodedata.normalize("NFKC", kept)
    return folded[:_LONGEST_WORD]


def stem(form: str, language: IndexLanguage) -> str:
    """What Snowball leaves of a folded word."""
    if language == "simple":
        return form
    # A stemmer keeps state while it works. To make one takes 0.3 µs, so each call has its own and threads never meet.
    return Stemmer("german" if language == "de" else "english", 0).stemWord(form)


def main_language(forms: list[str]) -> IndexLanguage | None:
    """The language of a question, told by its stop words; None if they do not tell."""
    german = sum(form in GERMAN and form not in ENGLISH for form in forms)
    english = sum(form in ENGLISH and form not in GERMAN for form in forms)
    return None if german == english else "de" if german > english else "en"


def is_stop_word(form: str, language: IndexLanguage | None) -> bool:
    """Whether a word of a question is a stop word: in its language, in any if that is not known."""
    return any(form in _STOP_WORDS[spoken] for spoken in _spoken(language))


def is_asking_word(form: str, language: IndexLanguage | None) -> bool:
    """Whether a word only makes a question, such as "long" in "how long"."""
    return any(form in _ASKING_WORDS[spoken] for spoken in _spoken(language))


def _spoken(language: IndexLanguage | None) -> tuple[IndexLanguage, ...]:
    return (language,) if language else ("de", "en")
