"""Stands in for `unstructured.nlp.tokenize`: words, sentences and a guess at verbs without a model."""

import re

from convosphere.knowledge.parsing.sentences import sentence_ends

_WORD = re.compile(r"\w+|[^\w\s]")
# unstructured calls a text with a verb narrative, one without it a possible title.
_VERBS = frozenset(
    "is are was were be been has have had do does did can could may might must shall should will would "
    "ist sind war waren sein wird werden wurde wurden hat haben hatte kann können darf dürfen muss müssen soll sollen "
    "gilt gelten erfolgt".split()
)


def word_tokenize(text: str) -> list[str]:
    """Words and marks."""
    return _WORD.findall(text)


def sent_tokenize(text: str) -> list[str]:
    """Sentences."""
    start, sentences = 0, []
    for end in sentence_ends(text):
        sentences.append(text[start:end].strip())
        start = end
    return sentences


def pos_tag(text: str) -> list[tuple[str, str]]:
    """Words with "VB" for common verbs, else "NN" (Penn Treebank)."""
    return [(word, "VB" if word.lower() in _VERBS else "NN") for word in word_tokenize(text)]
