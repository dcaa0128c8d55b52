"""Reads a question: its words, what each can mean in each language, and its phrases in quotes."""

import re
from collections import Counter
from dataclasses import dataclass

from convosphere.knowledge.search.entries import quote_lexeme
from convosphere.knowledge.search.terms import (
    INDEX_LANGUAGES,
    IndexLanguage,
    Term,
    Word,
    is_asking_word,
    is_stop_word,
    main_language,
    term_of,
    words_of,
)

_MOST_WORDS = 64
"""Longer questions are cut here: nobody asks with more, and a pasted page would only cost time."""
_PHRASE = re.compile(r'"([^"]+)"|„([^“”"]+)[“”"]|“([^”]+)”|»([^«]+)«|«([^»]+)»')


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question with its terms, one for each language in which it is not a stop word."""

    form: str
    count: int
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for. `phrases` are words that a passage must have in a row."""

    words: tuple[AskedWord, ...]
    phrases: tuple[tuple[Word, ...], ...]


def read_question(text: str) -> Question:
    """Take a question apart. The language is told by its stop words; without any, words count in all languages."""
    forms = [word.form for word in words_of(text)][:_MOST_WORDS]
    language = main_language(forms)
    telling = [form for form in forms if not is_stop_word(form, language)]
    counts = Counter([form for form in telling if not is_asking_word(form, language)] or telling)
    asked = (AskedWord(form, count, terms_in_all_languages(form)) for form, count in counts.items())
    quoted = (next(filter(None, match.groups())) for match in _PHRASE.finditer(text))
    phrases = tuple(tuple(words_of(phrase))[:_MOST_WORDS] for phrase in quoted)
    return Question(tuple(word for word in asked if word.terms), tuple(filter(None, phrases)))


def terms_in_all_languages(form: str) -> tuple[Term, ...]:
    """What a word can be in passages of each language; it is a stop word in the others."""
    return tuple(term for language in INDEX_LANGUAGES if (term := term_of(form, language)))


def phrase_query(phrases: tuple[tuple[Word, ...], ...]) -> str | None:
    """All phrases as a `tsquery`, each in any of the languages; None if there are none to look for."""
    parts: list[str] = []
    for phrase in phrases:
        versions = {version for language in INDEX_LANGUAGES if (version := _in_a_row(phrase, language))}
        if versions:
            parts.append("(" + " | ".join(sorted(versions)) + ")")
    return " & ".join(parts) or None


def _in_a_row(phrase: tuple[Word, ...], language: IndexLanguage) -> str:
    """Stop words are not in the index, but the words around them keep their distance."""
    query = ""
    before = 0
    for word in phrase:
        term = term_of(word.form, language)
        if term is None:
            continue
        query += f" <{word.position - before}> {quote_lexeme(term.lexeme)}" if query else quote_lexeme(term.lexeme)
        before = word.position
    return f"({query})" if query else ""
