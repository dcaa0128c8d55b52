"""Embedding models that need no download, to measure search by meaning with: a good one, a weak one, a useless one.

`Latent` is latent semantic analysis (Deerwester et al., 1990) of the collection itself, so it knows which words stand
together there; a random direction for each word keeps words apart that the collection does not know. `Hashed` counts
words and pieces of words in few dimensions, so that many collide. `Chance` gives each text a random direction.
"""

import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from convosphere.core.permissions import Actor
from convosphere.core.unit_of_work import UnitOfWork
from convosphere.knowledge.search.terms import IndexLanguage, term_of, words_of
from convosphere.llm.schemas import EmbeddingKind, EmbeddingModel

Matrix = NDArray[np.float64]
LATENT_SHARE = 8
"""One latent dimension for so many texts, from 20 to 150."""
OWN_DIMENSIONS = 256
OWN_WEIGHT = 0.6


class Texts:
    """What all have in common; `make` gives one row for each text."""

    def __init__(self, name: str) -> None:
        self.embedding_model = EmbeddingModel(name, "bench", source=name)

    async def embedder(self, actor: Actor, *, anew: bool = False, named: str | None = None) -> Self:  # noqa: ARG002
        """Itself, for everybody."""
        return self

    async def makes_vectors(self, uow: UnitOfWork) -> bool:  # noqa: ARG002
        """It does."""
        return True

    async def find_model(self, source: str) -> EmbeddingModel:  # noqa: ARG002
        """It is the only one."""
        return self.embedding_model

    async def embed(
        self,
        texts: Sequence[str],
        kind: EmbeddingKind = "passage",  # noqa: ARG002  # It makes the same of both.
        source: str = "",  # noqa: ARG002  # It is the only one.
    ) -> list[list[float]]:
        """Vectors of unit length; a text without any word gets the first direction."""
        made = np.stack([self.make(text) for text in texts])
        made[~made.any(axis=1), 0] = 1.0
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).tolist()

    def make(self, text: str) -> Matrix:
        """One text."""
        raise NotImplementedError


class Latent(Texts):
    """A good model, for one language."""

    def __init__(self, texts: Sequence[str], language: IndexLanguage) -> None:
        super().__init__("latent")
        self._language: IndexLanguage = language
        counted = [self._count(text) for text in texts]
        frequencies = Counter(lexeme for counts in counted for lexeme in counts)
        self._rarities = {lexeme: math.log(1 + len(texts) / frequency) for lexeme, frequency in frequencies.items()}
        places = {lexeme: place for place, lexeme in enumerate(frequencies)}
        matrix = np.zeros((len(texts), len(places)))
        for row, counts in enumerate(counted):
            for lexeme, count in counts.items():
                matrix[row, places[lexeme]] = (1 + math.log(count)) * self._rarities[lexeme]
        kept = min(max(20, len(texts) // LATENT_SHARE), 150, len(texts))
        latent = np.linalg.svd(matrix, full_matrices=False)[2][:kept].T
        scaled = latent * np.array([self._rarities[lexeme] for lexeme in places])[:, None]
        lengths = np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-9)
        self._latent = dict(zip(places, scaled / lengths, strict=True))
        self._kept = kept

    def make(self, text: str) -> Matrix:
        """The weighted sum of its words."""
        made = np.zeros(self._kept + OWN_DIMENSIONS)
        for lexeme, count in self._count(text).items():
            weight = (1 + math.log(count)) * self._rarities.get(lexeme, max(self._rarities.values()))
            own = direction(lexeme, OWN_DIMENSIONS) * weight
            if lexeme in self._latent:
                made[: self._kept] += weight * self._latent[lexeme]
                own *= OWN_WEIGHT
            made[self._kept :] += own
        return made

    def _count(self, text: str) -> Counter[str]:
        return Counter(term.lexeme for word in words_of(text) if (term := term_of(word.form, self._language)))


class Hashed(Texts):
    """A weak model."""

    def __init__(self, dimension: int) -> None:
        super().__init__(f"hashed-{dimension}")
        self._dimension = dimension

    def make(self, text: str) -> Matrix:
        """Counts of words and of their parts of 3 to 5 letters, with signs."""
        made = np.zeros(self._dimension)
        for word in re.findall(r"\w+", text.lower()):
            whole = f"<{word}>"
            parts = [whole[at : at + size] for size in (3, 4, 5) for at in range(len(whole) - size + 1)]
            for part in [word, *parts]:
                code = zlib.crc32(part.encode())
                made[code % self._dimension] += 1 if code & 0x10000 else -1
        return made


class Chance(Texts):
    """A useless model."""

    def __init__(self) -> None:
        super().__init__("chance")

    def make(self, text: str) -> Matrix:
        """A direction that says nothing."""
        return direction(text, OWN_DIMENSIONS)


def direction(text: str, dimension: int) -> Matrix:
    """A random vector of about unit length, always the same for a text."""
    return np.random.default_rng(zlib.crc32(text.encode())).normal(size=dimension) / math.sqrt(dimension)
