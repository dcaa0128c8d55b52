"""The language of a text: German, English, or something else."""

from copy import copy

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from convosphere.knowledge.parsing.properties import UNKNOWN_LANGUAGE as UNKNOWN

_SAMPLE = 6_000
_LEAST_LETTERS = 20
_LEAST_CONFIDENCE = 0.5
_TOLD_AS = {"yue": "zh", "zxx": UNKNOWN}
"""Cantonese is written Chinese for whoever looks for it; the other code is of texts that no language has."""

_any_language = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
_german_or_english = copy(_any_language)
_german_or_english.set_languages(["de", "en"])


def document_language(text: str) -> str:
    """ISO 639-1 code of a whole text, "und" if it has hardly any words.

    German or English unless a longer text is surely something else: short or technical texts look like any language.
    """
    sample = text if len(text) <= _SAMPLE else text[: _SAMPLE // 2] + " " + _middle(text)
    if _letters(sample) < _LEAST_LETTERS:
        return UNKNOWN
    language, confidence = _any_language.classify(sample)
    if language in {"de", "en"}:
        return language
    if confidence < _LEAST_CONFIDENCE or _letters(sample) < 5 * _LEAST_LETTERS:
        return _german_or_english.classify(sample)[0]
    return _TOLD_AS.get(language, language)


def passage_language(text: str, document: str) -> str:
    """The language of a passage in a document of that language."""
    if document not in {"de", "en", UNKNOWN} or _letters(text[:200]) < _LEAST_LETTERS:
        return document
    language, confidence = _german_or_english.classify(text)
    return language if document == UNKNOWN or confidence > 0.8 else document


def _middle(text: str) -> str:
    start = len(text) // 2
    return text[start : start + _SAMPLE // 2]


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
